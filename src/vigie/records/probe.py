"""What a monitor met when it asked for a page: one row for each time that it asked."""

from __future__ import annotations

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

PROBE = record(
    "probe",
    ("seen_at", TIME),  # the start of the request
    ("url_full", TEXT),
    ("url_domain", TEXT),
    ("event_outcome", LABEL),  # "success" (2xx, 3xx), "failure" (any other answer, or none)
    ("http_status", pa.int16()),  # null when nothing answered
    ("event_duration", pa.int64()),  # microseconds
    ("http_response_bytes", pa.int64()),
    ("error_message", TEXT),
    ("observer_name", TEXT),  # where the monitor stands
)
"""Time, URL and outcome are always there; every other column may be null: null says that the monitor did not write it."""
