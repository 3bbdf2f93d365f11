"""What an access log cannot show: requests whose payload travels in a body that the log does not hold."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS, Tally
from vigie.records.tally import counted

_METHODS = pa.array(["POST", "PUT", "PATCH"])
_DAY = 24 * 60


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Requests with a body that the log does not hold, by site and day.

    Args:
        batch: rows of `ACCESS`.

    Returns:
        rows of `TALLY`; `source_address` is empty, `key` is the method.
    """
    method = batch.column("http_method").cast(pa.string())
    hidden = pc.and_(pc.is_in(method, _METHODS), pc.is_null(batch.column("http_request_body")))
    rows, key = batch.filter(hidden), method.filter(hidden)
    return counted("posts_without_body", rows, key, _DAY, evidence=key, by_source=False)


POSTS = Tally("posts_without_body", ACCESS, count)
"""Counted so that the headline can say how much of the traffic it could not look into."""
