"""A line of a web server's error log."""

from __future__ import annotations

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

NOTICE = record(
    "notice",
    ("seen_at", TIME),
    ("log_level", LABEL),
    ("source_address", TEXT),
    ("source_port", pa.int32()),
    ("url_domain", TEXT),
    ("http_method", LABEL),
    ("url_original", TEXT),
    ("http_version", LABEL),
    ("http_referrer", TEXT),
    ("connection_id", pa.int64()),
    ("process_id", pa.int64()),
    ("event_code", LABEL),  # "AH00126", "ModSecurity", "110" (errno) … null when the message has none
    ("message", TEXT),  # the whole message after the preamble, as logged
)
"""Every column but the provenance may be null: null says that the log does not hold it."""
