"""Envoy's access log in JSON, with Envoy's usual names or those of Istio.

References:
    - https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
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
    started_at="/start_time",
    source_address="/downstream_remote_address",
    peer_address="/downstream_direct_remote_address",
    source_port="/downstream_remote_address",
    url_domain=["/:authority", "/authority", "/requested_server_name"],
    http_method=["/method", "/:method"],
    url_original=["/x-envoy-origin-path", "/x-envoy-original-path", "/path", "/:path"],
    http_version="/protocol",
    http_status="/response_code",
    http_response_bytes="/bytes_sent",
    http_request_bytes="/bytes_received",
    http_referrer=["/referer", "/http_referer"],
    user_agent=["/user-agent", "/user_agent"],
    forwarded_for=["/x-forwarded-for", "/x_forwarded_for"],
    event_duration="/duration ms",
    upstream_duration=["/upstream_service_time ms", "/x-envoy-upstream-service-time ms"],
    upstream_address="/upstream_host",
    request_id=["/request_id", "/x-request-id"],
    tls_version="/downstream_tls_version",
    tls_cipher="/downstream_tls_cipher",
)
"""`%DURATION%` and the upstream's service time are milliseconds; `%START_TIME%` is the start."""


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
    """Claim lines that hold Envoy's names."""
    if not any(b'"start_time"' in line and b'"response_code"' in line for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Envoy JSON") if share else None


SOURCE = Source(
    "envoy", ACCESS, recognise, read, specific=2,
    references=("https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage",),
)  # fmt: skip
"""The original path counts before the one that a route rewrote."""
