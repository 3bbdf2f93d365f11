"""The batch kernel that finds attacks in a web server's error log: in its own words, and in the requests that it quotes.

A request that stands in the access log too gives the same family, source and target here, so that it stays one attack.
What ModSecurity says of a request is left to `modsecurity`, which puts the lines of one request together.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.detector import Detector
from vigie.detectors.requests import detect_requests
from vigie.records import ACCESS

PLACES = (("url_original", "target"), ("http_referrer", "referrer"), ("message", "message"))
"""Columns of `NOTICE` that are looked at, and the places that they are."""

_QUOTED = r"(, client: |, referer: ).*$"


def detect_notices(batch: pa.RecordBatch, detectors: tuple[Detector, ...]) -> pa.RecordBatch:
    """Find attacks in lines of error logs.

    Args:
        batch: rows of `NOTICE`, optionally with `fingerprint`.
        detectors: those that read `NOTICE` (place `message`) and those that read `ACCESS` (the quoted request).

    Returns:
        rows of `SIGNAL`, as `detect_requests`; `http_status` and `user_agent` are null.
    """
    firewall = pc.fill_null(pc.equal(batch.column("event_code").cast(pa.string()), "ModSecurity"), False)
    names, columns = list(batch.schema.names), list(batch.columns)
    for name in ("url_original", "http_referrer", "message"):
        at = names.index(name)
        columns[at] = pc.if_else(firewall, None, columns[at])
    at = names.index("message")
    # what stands behind is the request, which has its own columns; in the message it would be a visitor's text
    columns[at] = pc.replace_substring_regex(columns[at], _QUOTED, "")
    for field in ACCESS.schema:
        if field.name not in names:
            names.append(field.name)
            columns.append(pa.nulls(batch.num_rows, field.type))
    return detect_requests(pa.RecordBatch.from_arrays(columns, names=names), detectors, PLACES)
