"""A partial count per batch, merged by sum, min and max.

The thing to be counted distinctly stands in the key, so that merging is associative and any engine may do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

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
"""`byte_offset` is that of the first record counted (merge: min)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A tally kernel: `count` turns a batch of `reads` into a batch of `TALLY`, pure and picklable."""

    name: str
    reads: Record
    count: Callable[[pa.RecordBatch], pa.RecordBatch]
