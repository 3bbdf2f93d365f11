"""Cloudflare Logpush, HTTP requests: JSON, one object a line, with the fields that the job was told to send.

References:
    - https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/
    - https://developers.cloudflare.com/logs/logpush/logpush-job/log-output-options/ (`timestamp_format`)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.json_mapping import mapping
from vigie.sources.json_rows import read_mapped
from vigie.sources.rows import share_read
from vigie.sources.source import Reading, Recognition, Source

MAPPING: Final = mapping(
    started_at="/EdgeStartTimestamp",
    seen_at="/EdgeEndTimestamp",
    source_address="/ClientIP",
    source_port="/ClientSrcPort",
    url_domain="/ClientRequestHost",
    http_method="/ClientRequestMethod",
    url_original="/ClientRequestURI",
    url_path="/ClientRequestPath",  # without the query: only when the job does not send the URI
    http_version="/ClientRequestProtocol",
    http_status="/EdgeResponseStatus",
    http_response_bytes=["/EdgeResponseBodyBytes", "/EdgeResponseBytes"],
    http_request_bytes="/ClientRequestBytes",
    http_referrer="/ClientRequestReferer",
    user_agent="/ClientRequestUserAgent",
    forwarded_for="/RequestHeaders/x-forwarded-for",
    upstream_status="/OriginResponseStatus",
    upstream_address="/OriginIP",
    upstream_duration=["/OriginResponseDurationMs ms", "/OriginResponseTime ns"],
    request_id="/RayID",
    tls_version="/ClientSSLProtocol",
    tls_cipher="/ClientSSLCipher",
)
"""Timestamps are nanoseconds, seconds or RFC 3339, as the job says; the duration is known with nanoseconds only."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: not used: every time carries its zone.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.
    """
    return read_mapped(batch, reading, MAPPING)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that hold Cloudflare's names."""
    if not any(b'"EdgeStartTimestamp"' in line or b'"EdgeEndTimestamp"' in line for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Cloudflare Logpush") if share else None


SOURCE = Source(
    "cloudflare", ACCESS, recognise, read, specific=2,
    references=("https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/zone/http_requests/",),
)  # fmt: skip
"""`ClientIP` is the visitor: Cloudflare is the edge."""
