"""One run of values dealt out over many addresses: the addresses act as one.

A tool behind a pool of addresses sends each value from another one. What stays the same is the place: many different values on one
parameter within minutes, none of the addresses with more than a small share of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from vigie.attacks.keys import Ints, Keys, codes, distinct

VALUES: Final = 20
"""Different values on one place within one window that convince."""
SOURCES: Final = 5
"""Sources that they must come from."""
SHARE: Final = 0.5
"""A source with more than this share of a window's values does not deal out: it is left out, and counted by itself."""


def dealt_out(place: Keys, value: Keys, source: Keys, seen: Ints, window: int) -> tuple[Ints, Ints]:
    """Pairs of rows that belong together because their sources share out the values of one place.

    Windows begin at every half of their length, on the clock, so that the answer does not depend on which row came first.

    Args:
        place: key of family, site, path and parameter.
        value: key of the text.
        source: key of the source.
        seen: time, microseconds.
        window: its length, microseconds.

    Returns:
        numbers of rows, one array for each end of a pair.
    """
    nothing = np.zeros(0, np.int64)
    rows = _crowded(place, source)
    if not len(rows) or window < 2:
        return nothing, nothing
    half = window // 2
    step = seen[rows] // half
    rows, step = np.concatenate([rows, rows]), np.concatenate([step, step - 1])  # each row lies in two windows
    cell = codes(place[rows], step)
    values = distinct(cell, value[rows])
    own = _distinct_pairs(cell, source[rows], value[rows])
    kept = own <= SHARE * values[cell]
    rows, cell = rows[kept], cell[kept]
    if not len(rows):
        return nothing, nothing
    values, sources = distinct(cell, value[rows]), distinct(cell, source[rows])
    good = (values[cell] >= VALUES) & (sources[cell] >= SOURCES)
    rows, cell = rows[good], cell[good]
    order = np.lexsort((rows, cell))
    rows, cell = rows[order], cell[order]
    same = cell[1:] == cell[:-1]
    return rows[:-1][same], rows[1:][same]


def _crowded(place: Keys, source: Keys) -> Ints:
    """Rows of places with enough rows and enough sources."""
    cell = codes(place)
    rows = np.flatnonzero(np.bincount(cell)[cell] >= VALUES)
    if not len(rows):
        return rows
    sources = distinct(cell[rows], source[rows])
    return rows[sources[cell[rows]] >= SOURCES]


def _distinct_pairs(cell: Ints, source: Keys, value: Keys) -> Ints:
    """For each row how many different values its source has in its cell."""
    mine = codes(source, cell)
    return distinct(mine, value)[mine]
