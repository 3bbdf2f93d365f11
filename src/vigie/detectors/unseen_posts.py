"""What an access log cannot show: requests whose payload travels in a body that the log does not hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS, TALLY, Tally

_DAY = 86_400_000_000
_METHODS = pa.array(["POST", "PUT", "PATCH"])


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Requests with a body that the log does not hold, by site and day.

    Args:
        batch: rows of `ACCESS`.

    Returns:
        rows of `TALLY`; `source_address` is empty, `key` is the method.
    """
    hidden = pc.and_(pc.is_in(batch.column("http_method").cast(pa.string()), _METHODS), pc.is_null(batch.column("http_request_body")))
    rows = batch.filter(hidden)
    if not rows.num_rows:
        return TALLY.empty()
    seen = rows.column("seen_at").cast(pa.int64())
    table = pa.table(
        {
            "feed": rows.column("feed").cast(pa.string()), "file": rows.column("file").cast(pa.string()),
            "byte_offset": rows.column("byte_offset"), "asset": pc.fill_null(rows.column("url_domain"), ""),
            "bucket": pc.multiply(pc.divide(seen, _DAY), _DAY), "key": rows.column("http_method").cast(pa.string()), "seen": seen,
        }
    )  # fmt: skip
    merged = table.group_by(["feed", "file", "asset", "bucket", "key"]).aggregate(
        [("byte_offset", "min"), ("seen", "min"), ("seen", "max"), ("seen", "count")]
    )
    number = merged.num_rows
    columns = {
        "feed": merged.column("feed"), "file": merged.column("file"), "byte_offset": merged.column("byte_offset_min"),
        "tally": pa.array(["posts_without_body"]).take(pa.array(np.zeros(number, np.int64))), "asset": merged.column("asset"),
        "source_address": pa.array([""]).take(pa.array(np.zeros(number, np.int64))), "bucket": merged.column("bucket"),
        "key": merged.column("key"), "count": merged.column("seen_count"), "first_seen": merged.column("seen_min"),
        "last_seen": merged.column("seen_max"), "evidence": merged.column("key"),
    }  # fmt: skip
    table = pa.table({field.name: columns[field.name] for field in TALLY.schema})
    return pa.RecordBatch.from_arrays(
        [_as(table.column(field.name).combine_chunks(), field.type) for field in TALLY.schema], schema=TALLY.schema
    )


def _as(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind) and not pa.types.is_dictionary(values.type):
        return values.dictionary_encode().cast(kind)
    return values if values.type == kind else values.cast(kind)


POSTS = Tally("posts_without_body", ACCESS, count)
"""Counted so that the headline can say how much of the traffic it could not look into."""
