"""A partial count per batch, merged by sum, min and max.

The thing to be counted distinctly stands in the key, so that merging is associative and any engine may do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records.schema import LABEL, TEXT, TIME, Record, record

TALLY = record(
    "tally",
    ("tally", LABEL),  # which tally this row belongs to
    ("asset", TEXT),
    ("source_address", TEXT),
    ("bucket", TIME),  # start of the interval
    ("key", TEXT),  # what is counted, in the tally's own words
    ("count", pa.int64()),
    ("first_seen", TIME),
    ("last_seen", TIME),
    ("evidence", TEXT),  # request of the first record counted, at most 512 characters
)
"""`file` and `byte_offset` are those of the first record counted (merge: those of the earliest)."""

MAX_KEY = 256


@dataclass(frozen=True, slots=True)
class Tally:
    """A tally kernel: `count` turns a batch of `reads` into a batch of `TALLY`, pure and picklable."""

    name: str
    reads: Record
    count: Callable[[pa.RecordBatch], pa.RecordBatch]


def counted(
    name: str, rows: pa.RecordBatch, key: pa.Array, minutes: int, *, evidence: pa.Array, by_source: bool = True
) -> pa.RecordBatch:
    """Count records by site, source, interval and key.

    Args:
        name: of the tally.
        rows: records to be counted, with the provenance, `seen_at`, `url_domain` and `source_address`.
        key: what is counted distinctly, one text per record (cut at 256 characters).
        minutes: length of an interval.
        evidence: text shown for a count, one per record (cut at 512 characters).
        by_source: False counts all sources together (`source_address` is then empty).

    Returns:
        rows of `TALLY`, one for each site, source, interval and key.
    """
    if not rows.num_rows:
        return TALLY.empty()
    length = minutes * 60_000_000
    seen = rows.column("seen_at").cast(pa.int64())
    blank = pa.array([""]).take(pa.array(np.zeros(rows.num_rows, np.int64)))
    table = pa.table(
        {
            "feed": rows.column("feed").cast(pa.string()), "file": rows.column("file").cast(pa.string()),
            "byte_offset": rows.column("byte_offset"), "asset": pc.fill_null(rows.column("url_domain"), ""),
            "source_address": pc.fill_null(rows.column("source_address"), "") if by_source else blank,
            "bucket": pc.subtract(seen, np.mod(seen.to_numpy(), length)), "key": pc.utf8_slice_codeunits(key, 0, MAX_KEY), "seen": seen,
            "evidence": pc.utf8_slice_codeunits(evidence, 0, 512),
        }
    )  # fmt: skip
    table = table.sort_by([("seen", "ascending"), ("byte_offset", "ascending")])
    merged = table.group_by(["asset", "source_address", "bucket", "key"], use_threads=False).aggregate(
        [("feed", "first"), ("file", "first"), ("byte_offset", "first"), ("evidence", "first"), ("seen", "min"), ("seen", "max"), ("seen", "count")]
    )
    columns = {
        "feed": merged.column("feed_first"), "file": merged.column("file_first"), "byte_offset": merged.column("byte_offset_first"),
        "tally": pa.array([name]).take(pa.array(np.zeros(merged.num_rows, np.int64))), "asset": merged.column("asset"),
        "source_address": merged.column("source_address"), "bucket": merged.column("bucket"), "key": merged.column("key"),
        "count": merged.column("seen_count"), "first_seen": merged.column("seen_min"), "last_seen": merged.column("seen_max"),
        "evidence": merged.column("evidence_first"),
    }  # fmt: skip
    parts = [_as(columns[field.name], field.type) for field in TALLY.schema]
    return pa.RecordBatch.from_arrays(parts, schema=TALLY.schema)


def _as(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(kind):
        return whole.dictionary_encode().cast(kind)
    return whole if whole.type == kind else whole.cast(kind)
