"""Detectors of rates: what no single record shows.

A window detector sees the merged tallies of one source on one asset and says where the rate convinces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from vigie.records import Tally


@dataclass(frozen=True, slots=True)
class Window:
    """One way of finding an attack in a rate.

    Attributes:
        name: `family.window`.
        family: the attack family of the architecture.
        tally: what it counts.
        floor: sources whose summed count is below it are never asked.
        detect: group kernel, pure and picklable: merged rows of `TALLY` of one (asset, source address), sorted by
            bucket → rows of `SIGNAL`, at most one per window of activity.
    """

    name: str
    family: str
    tally: Tally
    floor: int
    detect: Callable[[pa.Table], pa.RecordBatch]
