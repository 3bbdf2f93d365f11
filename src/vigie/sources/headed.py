"""Files whose first line names the fields of the others, and which may have been put one behind the other.

References:
    - RFC 4180, section 2.3 (a header line; quotes are not looked at, logs of flows do not write them)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.sources.delimited import MOST_FIELDS, NO_FIT, sections, table_of
from vigie.sources.rows import assemble, in_order, share_read
from vigie.sources.source import HEADER_LINE, Reading

NO_HEADER: Final = "no header line before it"
"""Why a line is unread when nothing tells its fields."""

Names = Callable[[str], list[str]]
"""A header line → the names that a source knows its fields by; none when it is no header of that source."""
Rows = Callable[[pa.RecordBatch, dict[str, pa.Array], frozenset[str], Reading], pa.RecordBatch]
"""Rows of `LINE` whose fields were found, the fields, which of them the header names (the others are null), and how to read → rows of `FLOW`."""

_LONGEST: Final = 1 << 14
_NOTHING: Final = ("", "-")


def read_headed(
    batch: pa.RecordBatch, reading: Reading, head: str, names: Names, wanted: Mapping[str, pa.DataType], rows: Rows, separator: bytes = b","
) -> pa.RecordBatch:
    """Read a batch of lines, each by the last header line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row.
        head: pattern of the beginning of a header line (re2).
        names: what a header line names; "" when there is none.
        wanted: names whose values are needed, and what they hold (`table_of`).
        rows: makes rows of the lines that fit.
        separator: one byte between fields.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order; header lines are unread.
    """
    lines = batch.column("line")
    places = np.flatnonzero(np.asarray(pc.match_substring_regex(pc.binary_slice(lines, 0, 64), head)))
    spelled = [(int(place), bare(line)) for place, line in zip(places, lines.take(pa.array(places)).to_pylist(), strict=True)]
    headers = [(place, text) for place, text in spelled if names(text)]
    marks = np.zeros(batch.num_rows, bool)
    marks[[place for place, _ in headers]] = True
    parts, order = [_unread(batch.filter(pa.array(marks)), HEADER_LINE)], [np.flatnonzero(marks)]
    for header, mine in sections(batch.num_rows, reading.layout, headers):
        bodies = mine[~marks[mine]]
        if len(bodies):
            whole = len(bodies) == batch.num_rows
            mine_names = names(bare(header.encode()))
            parts.append(_read_by(mine_names, batch if whole else batch.take(pa.array(bodies)), reading, wanted, rows, separator))
            order.append(bodies)
            if whole:
                return parts[-1]
    return in_order(parts, order)


def _read_by(
    names: list[str], batch: pa.RecordBatch, reading: Reading, wanted: Mapping[str, pa.DataType], rows: Rows, separator: bytes
) -> pa.RecordBatch:
    if not names or len(names) >= MOST_FIELDS:
        return _unread(batch, NO_HEADER)
    table = table_of(batch.column("line"), separator, names, wanted, _NOTHING)
    whole = len(table.rows) == batch.num_rows
    found = {name: table.fields[name] if name in table.fields else pa.nulls(len(table.rows), kind) for name, kind in wanted.items()}
    read = rows(batch if whole else batch.take(pa.array(table.rows)), found, frozenset(table.fields), reading)
    if whole:
        return read
    others = np.setdiff1d(np.arange(batch.num_rows), table.rows)
    return in_order([read, _unread(batch.take(pa.array(others)), NO_FIT)], [table.rows, others])


def share_headed(sample: Sequence[bytes], names: Names, read: Callable[[pa.RecordBatch, Reading], pa.RecordBatch]) -> tuple[float, str]:
    """Part of a sample that is read by the first header line in it, and that line; 0 and "" when there is none."""
    header = next((text for text in (bare(line) for line in sample[:50]) if names(text)), "")
    if not header:
        return 0.0, ""
    return share_read(sample, read, Reading(layout=header)), header


def bare(line: bytes) -> str:
    """A header line as text: a mark of Unicode before it and its terminator off."""
    return line[:_LONGEST].decode("utf-8", "replace").removeprefix("\ufeff").strip()


def _unread(batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
    return assemble(batch, FLOW, {}, np.full(batch.num_rows, reason))
