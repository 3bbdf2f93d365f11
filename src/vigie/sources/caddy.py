"""Caddy's access log: JSON, one object a line, in a file that other loggers may share.

References:
    - https://caddyserver.com/docs/caddyfile/directives/log
    - https://caddyserver.com/docs/logging
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

_HEADERS: Final = "/request/headers/"
MAPPING: Final = mapping(
    entry=("/logger", "http.log.access"),
    seen_at="/ts",
    source_address=["/request/client_ip", "/request/remote_ip", "/request/remote_addr"],  # remote_addr: before 2.5
    peer_address="/request/remote_ip",
    source_port=["/request/remote_port", "/request/remote_addr"],
    user_name="/user_id",
    url_domain="/request/host",
    http_method="/request/method",
    url_original="/request/uri",
    http_version="/request/proto",
    http_status="/status",  # 0: the connection was closed before an answer
    http_response_bytes="/size",
    http_request_bytes="/bytes_read",
    http_referrer=_HEADERS + "Referer/0",
    user_agent=_HEADERS + "User-Agent/0",
    http_cookie=_HEADERS + "Cookie/0",
    forwarded_for=_HEADERS + "X-Forwarded-For list",
    request_id=[_HEADERS + "X-Request-Id/0", "/uuid"],
    event_duration="/duration s",
    tls_version="/request/tls/version",
    tls_cipher="/request/tls/cipher_suite",
)
"""`duration` is in seconds unless `duration_format` says otherwise; each header is a list of values."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `ACCESS` columns and `unread`; lines of loggers other than `http.log.access…` are unread.
    """
    return read_mapped(batch, reading, MAPPING)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines whose logger is `http.log.access…`."""
    if not any(b'"http.log.access' in line for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Caddy") if share else None


SOURCE = Source("caddy", ACCESS, recognise, read, references=("https://caddyserver.com/docs/caddyfile/directives/log",), specific=2)
"""Requests only; what other loggers write into the file is unread."""
