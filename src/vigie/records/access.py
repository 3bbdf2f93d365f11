"""A web request, as an access log tells it."""

from __future__ import annotations

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

ACCESS = record(
    "access",
    ("seen_at", TIME),  # UTC, microseconds; end of the request unless the format only has its start
    ("source_address", TEXT),  # canonical text of the client's address (last untrusted hop), null when it is not an address
    ("source_port", pa.int32()),
    ("peer_address", TEXT),  # the address that connected, when a trusted proxy stands before the client
    ("user_name", TEXT),
    ("url_domain", TEXT),  # virtual host, lower case, without port
    ("http_method", LABEL),  # null when the request is not a request line at all
    ("url_original", TEXT),  # request target exactly as logged; the whole request field when it is not a request line
    ("http_version", LABEL),  # "1.1", "2", null when the line had none
    ("http_status", pa.int16()),
    ("http_response_bytes", pa.int64()),
    ("http_request_bytes", pa.int64()),
    ("http_referrer", TEXT),
    ("user_agent", TEXT),
    ("http_request_body", TEXT),
    ("http_cookie", TEXT),
    ("forwarded_for", TEXT),  # X-Forwarded-For or the like, as logged
    ("event_duration", pa.int64()),  # microseconds from first byte of the request to the end of the answer
    ("upstream_duration", pa.int64()),  # microseconds
    ("upstream_status", pa.int16()),
    ("upstream_address", TEXT),
    ("connection_id", pa.int64()),
    ("connection_requests", pa.int64()),
    ("request_id", TEXT),
    ("tls_version", TEXT),
    ("tls_cipher", TEXT),
)
"""Every column but the provenance may be null: null says that the log does not hold it."""
