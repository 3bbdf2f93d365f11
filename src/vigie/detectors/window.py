"""Detectors of rates: what no single record shows.

A window detector sees the merged tallies of one group (one source on one site, or one whole site) and says where the
rate convinces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa

from vigie.records import SIGNAL, Tally

PAUSE = 60
"""Minutes without a counted record that end a run (the pause of the counted unit)."""


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
    rows = []
    for one in found:
        picked = table.take(pa.array(list(one.rows))).to_pylist()
        first = min(picked, key=lambda row: (row["first_seen"], row["byte_offset"]))
        rows.append(
            {
                "feed": first["feed"], "file": first["file"], "byte_offset": first["byte_offset"], "signal_id": "",
                "detector": window, "family": family, "kind": one.kind, "rule": one.rule, "tool": None,
                "seen_at": first["first_seen"], "source_address": first["source_address"], "asset": first["asset"], "target": one.target,
                "place": "window", "evidence": first["evidence"], "reading": one.reading, "skeleton": one.skeleton,
                "confidence": one.confidence, "http_method": None, "http_status": None, "user_agent": None,
                "records": sum(row["count"] for row in picked), "fingerprint": 0, "nth": 0,
            }
        )  # fmt: skip
    return pa.RecordBatch.from_pylist(rows, schema=SIGNAL.schema)
