"""The batch kernel that finds attacks in a web server's error log: in its own words, and in the requests that it quotes.

A request that stands in the access log too gives the same family, source and target here, so that it stays one attack.
What ModSecurity says of a request is left to `modsecurity`, which puts the lines of one request together.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.detector import Detector
from vigie.detectors.requests import detect_requests
from vigie.records import ACCESS, NOTICE, SIGNAL

QUOTED_PLACES = (("url_original", "target"), ("http_referrer", "referrer"))
"""Columns of `NOTICE` that a visitor wrote, and the places that they are."""

OWN_PLACES = (("message", "message"),)
"""What the server says itself."""

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
    wide = pa.RecordBatch.from_arrays(columns, names=names)
    own = tuple(detector for detector in detectors if detector.reads is NOTICE)
    quoted = tuple(detector for detector in detectors if detector.reads is ACCESS)
    parts = [detect_requests(wide, quoted, QUOTED_PLACES), _by_nobody(detect_requests(wide, own, OWN_PLACES))]
    found = [part for part in parts if part.num_rows]
    if len(found) < 2:
        return found[0] if found else SIGNAL.empty()
    whole = pa.Table.from_batches(found).unify_dictionaries().combine_chunks()
    order = np.argsort(whole.column("byte_offset").to_numpy(), kind="stable")
    return whole.take(pa.array(order)).combine_chunks().to_batches()[0]


def _by_nobody(found: pa.RecordBatch) -> pa.RecordBatch:
    """Half the confidence for messages that name no client (PHP prints long ones over several lines, the client on the last).

    Whoever it was stands in the access log too: counted here as well, one attack would be two.
    """
    trust = found.column("confidence")
    halved = pc.if_else(pc.is_null(found.column("source_address")), pc.multiply(trust, pa.scalar(0.5, pa.float32())), trust)
    at = found.schema.get_field_index("confidence")
    return found.set_column(at, found.schema.field(at), halved)
