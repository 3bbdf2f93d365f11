"""Traefik's access log in JSON. Its start has nanoseconds, its end only seconds: a record is seen at start plus duration.

References:
    - https://doc.traefik.io/traefik/observe/logs-and-access-logs/
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
    started_at=["/StartUTC", "/StartLocal"],
    seen_at="/time",
    source_address=["/ClientHost", "/ClientAddr"],
    source_port=["/ClientPort", "/ClientAddr"],
    user_name="/ClientUsername",
    url_domain=["/RequestHost", "/RequestAddr"],
    http_method="/RequestMethod",
    url_original="/RequestPath",  # with its query
    http_version="/RequestProtocol",
    http_status="/DownstreamStatus",
    http_response_bytes="/DownstreamContentSize",
    http_request_bytes="/RequestContentSize",
    http_referrer="/request_Referer",
    user_agent="/request_User-Agent",
    http_cookie="/request_Cookie",
    forwarded_for="/request_X-Forwarded-For",
    event_duration="/Duration ns",
    upstream_duration="/OriginDuration ns",
    upstream_status="/OriginStatus",
    upstream_address="/ServiceAddr",
    request_id="/request_X-Request-Id",
    tls_version="/TLSVersion",
    tls_cipher="/TLSCipher",
)
"""Durations are nanoseconds; headers stand there only when the configuration keeps them."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.
    """
    return read_mapped(batch, reading, MAPPING)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that hold Traefik's names."""
    if not any(b'"RequestPath"' in line and b'"DownstreamStatus"' in line for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Traefik JSON") if share else None


SOURCE = Source("traefik", ACCESS, recognise, read, references=("https://doc.traefik.io/traefik/observe/logs-and-access-logs/",), specific=2)
"""Of a chain of addresses in `ClientHost` (a plugin writes those) the last counts: the others are what the client claims."""
