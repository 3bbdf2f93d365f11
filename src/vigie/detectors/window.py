"""Detectors of rates: what no single record shows.

A window detector sees the merged tallies of one group (one source on one site, or one whole site) and says where the
rate convinces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.records import SIGNAL, Tally
from vigie.records.schema import same

Ints = npt.NDArray[np.int64]
PAUSE = 60
"""Minutes without a counted record that end a run (the pause of the counted unit)."""


_SAID = {
    "rule": pa.string(), "target": pa.string(), "confidence": pa.float32(), "kind": pa.string(), "reading": pa.string(), "skeleton": pa.uint64(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """One way of finding an attack in a rate.

    Attributes:
        name: `family.window`.
        family: the attack family of the architecture.
        tallies: what it counts, one tally or several.
        floor: groups whose summed count is below it are never asked.
        detect: group kernel, pure and picklable: merged rows of `TALLY` of one group, sorted by first_seen →
            rows of `SIGNAL`.
        by: columns of `TALLY` that make a group.
    """

    name: str
    family: str
    tallies: tuple[Tally, ...]
    floor: int
    detect: Callable[[pa.Table], pa.RecordBatch]
    by: tuple[str, ...] = ("asset", "source_address")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a window detector says of some rows of a tally.

    Attributes:
        rows: numbers of the tally's rows that carry it; the earliest is quoted.
        rule: id; `detector` of the signal is the window's name.
        target: the place.
        confidence: 0..1.
        kind: narrows the family.
        skeleton: what links sources into one actor, 0 for nothing.
        reading: one sentence with the numbers that convinced.
    """

    rows: Sequence[int]
    rule: str
    target: str
    confidence: float
    kind: str
    reading: str
    skeleton: int = 0


def runs(table: pa.Table, pause: int = PAUSE) -> list[range]:
    """Cut rows of `TALLY`, sorted by first_seen, into runs without a pause of more than `pause` minutes."""
    if not table.num_rows:
        return []
    first = table.column("first_seen").cast(pa.int64()).to_numpy()
    until = np.maximum.accumulate(table.column("last_seen").cast(pa.int64()).to_numpy())
    cuts = [0, *(np.flatnonzero(first[1:] - until[:-1] > pause * 60_000_000) + 1).tolist(), table.num_rows]
    return [range(low, high) for low, high in pairwise(cuts)]


def signals(window: str, family: str, table: pa.Table, found: Sequence[Evidence]) -> pa.RecordBatch:
    """Rows of `SIGNAL` for what a window detector found in rows of `TALLY`."""
    if not found:
        return SIGNAL.empty()
    rows = np.concatenate([np.asarray(one.rows, np.int64) for one in found])
    owner = np.repeat(np.arange(len(found)), [len(one.rows) for one in found])
    firsts, records, until = earliest(table, rows, owner)
    says = {name: pa.array([getattr(one, name) for one in found], kind) for name, kind in _SAID.items()}
    return said(window, family, table, firsts, records, until, says)


def earliest(table: pa.Table, rows: Ints, owner: Ints) -> tuple[Ints, Ints, Ints]:
    """For each owner of some rows of `TALLY` (numbered from 0, each with at least one) its earliest row, its sum of records, its last time."""
    first, last, offset, count = (table.column(name).cast(pa.int64()).to_numpy() for name in ("first_seen", "last_seen", "byte_offset", "count"))
    order = np.lexsort((offset[rows], first[rows], owner))
    starts = np.flatnonzero(np.diff(owner[order], prepend=-1))
    return rows[order][starts], np.add.reduceat(count[rows][order], starts), np.maximum.reduceat(last[rows][order], starts)


def said(window: str, family: str, table: pa.Table, firsts: Ints, records: Ints, until: Ints, says: dict[str, pa.Array]) -> pa.RecordBatch:
    """Rows of `SIGNAL`, one for each of some rows of `TALLY`.

    Args:
        window: name of the detector.
        family: of the attack.
        table: rows of `TALLY`.
        firsts: numbers of the rows that are quoted.
        records: how many records stand behind each.
        until: when the last of them was seen, microseconds.
        says: `rule`, `target`, `confidence`, `kind`, `reading` and `skeleton` of each.
    """
    quoted = table.take(pa.array(firsts))
    count = len(firsts)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        **says, "records": pa.array(records), "seen_at": quoted.column("first_seen"), "last_seen": pa.array(until),
        **{name: quoted.column(name) for name in ("feed", "file", "byte_offset", "source_address", "asset", "evidence")},
    }  # fmt: skip
    for name, value in (("signal_id", ""), ("detector", window), ("family", family), ("place", "window")):
        columns[name] = same(value, count)
    for name in ("fingerprint", "nth"):
        columns[name] = pa.array(np.zeros(count, np.int64))
    arrays = []
    for field in SIGNAL.schema:
        column = columns.get(field.name)
        if column is None:
            column = pa.nulls(count, field.type)
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_dictionary(field.type):
            whole = whole.cast(pa.string()).dictionary_encode()
        arrays.append(whole if whole.type == field.type else whole.cast(field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=SIGNAL.schema)
