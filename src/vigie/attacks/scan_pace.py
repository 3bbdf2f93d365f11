"""Port scans by how many doors they tried and how fast, and by what their packets look like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from vigie.attacks.keys import Ints, Keys
from vigie.attacks.pace import Shape, shape
from vigie.detectors.traffic import MINUTE

if TYPE_CHECKING:
    import duckdb

DOORS, QUICKLY = 30, 30.0
"""Doors that nobody tries by hand, and how many a minute where there are fewer."""
_SCANNED = """
select l.attack, arg_min(l.signal, (r.seen_at, l.signal)) as signal, any_value(s.probes)::double as doors, any_value(s.tool) is not null as marked,
       greatest(any_value(epoch_us(s.last_seen) - epoch_us(s.first_seen)), 1000000)::double as span
from raw_signals r join labels l on r.row = l.row join scans s on s.skeleton = r.skeleton where r.family = 'port_scan' and l.attack > 0 group by l.attack
"""


def scanned(connection: duckdb.DuckDBPyConnection, attacks: Keys, rows_of: Callable[[Keys], Ints]) -> dict[str, Shape]:
    """Grounds for "tool" of port scans.

    Args:
        connection: holds `raw_signals`, `labels` and `scans`.
        attacks: numbers of all attacks, in order.
        rows_of: signals → numbers of their rows.

    Returns:
        `scan_packets` and `scan_doors`.
    """
    found = connection.execute(_SCANNED).fetchnumpy()
    groups, shown = np.searchsorted(attacks, np.asarray(found["attack"], np.uint64)), rows_of(np.asarray(found["signal"], np.uint64))
    doors, marked = np.asarray(found["doors"], np.float64), np.asarray(found["marked"], bool)
    rate = doors * MINUTE / np.asarray(found["span"], np.float64)
    many = (doors >= DOORS) | (rate >= QUICKLY)
    return {"scan_packets": shape(groups[marked], shown[marked], doors[marked]), "scan_doors": shape(groups[many], shown[many], doors[many], rate[many])}
