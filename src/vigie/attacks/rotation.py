"""One run of values dealt out over many addresses: the addresses act as one.

A tool behind a pool of addresses sends each value from another one. What stays the same is the place: many different values on one
parameter within minutes, none of the addresses with more than a small share of them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]

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
    cell = _codes(place[rows].astype(np.int64), step)
    values = _distinct(cell, value[rows].astype(np.int64))
    own = _distinct_pairs(cell, source[rows].astype(np.int64), value[rows].astype(np.int64))
    kept = own <= SHARE * values[cell]
    rows, cell = rows[kept], cell[kept]
    if not len(rows):
        return nothing, nothing
    values, sources = _distinct(cell, value[rows].astype(np.int64)), _distinct(cell, source[rows].astype(np.int64))
    good = (values[cell] >= VALUES) & (sources[cell] >= SOURCES)
    rows, cell = rows[good], cell[good]
    order = np.lexsort((rows, cell))
    rows, cell = rows[order], cell[order]
    same = cell[1:] == cell[:-1]
    return rows[:-1][same], rows[1:][same]


def _crowded(place: Keys, source: Keys) -> Ints:
    """Rows of places with enough rows and enough sources."""
    _, codes, counts = np.unique(place, return_inverse=True, return_counts=True)
    rows = np.flatnonzero(counts[codes] >= VALUES)
    if not len(rows):
        return rows
    sources = _distinct(codes[rows], source[rows].astype(np.int64))
    return rows[sources[codes[rows]] >= SOURCES]


def _codes(*keys: Ints) -> Ints:
    """A number from 0 for each combination of keys."""
    order = np.lexsort(keys)
    new = np.zeros(len(order), bool)
    for key in keys:
        new[1:] |= key[order][1:] != key[order][:-1]
    out = np.empty(len(order), np.int64)
    out[order] = np.cumsum(new)
    return out


def _distinct(cell: Ints, key: Ints) -> Ints:
    """How many different keys each cell has."""
    order = np.lexsort((key, cell))
    new = np.ones(len(order), bool)
    new[1:] = (cell[order][1:] != cell[order][:-1]) | (key[order][1:] != key[order][:-1])
    return np.bincount(cell[order][new], minlength=int(cell.max(initial=-1)) + 1)


def _distinct_pairs(cell: Ints, source: Ints, value: Ints) -> Ints:
    """For each row how many different values its source has in its cell."""
    mine = _codes(source, cell)
    return _distinct(mine, value)[mine]
