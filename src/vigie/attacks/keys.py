"""Rows that belong together by their keys: where runs of equal keys begin, a number for each combination, how many different ones there are.

Keys are hashes or numbers; what they stand for is looked up elsewhere.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def starts_of(*keys: Ints | Keys) -> Flags:
    """Where a row differs from the one before it in some key; rows of equal keys lie together."""
    new = np.zeros(len(keys[0]), bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return new


def codes(*keys: Ints | Keys) -> Ints:
    """A number from 0 for each combination of keys."""
    order = np.lexsort(keys)
    out = np.empty(len(order), np.int64)
    out[order] = np.cumsum(starts_of(*(key[order] for key in keys))) - 1
    return out


def distinct(cell: Ints, key: Ints | Keys) -> Ints:
    """How many different keys each cell has.

    Args:
        cell: number of each row's cell, from 0.
        key: what is counted distinctly.

    Returns:
        one count per cell.
    """
    order = np.lexsort((key, cell))
    new = starts_of(cell[order], key[order])
    return np.bincount(cell[order][new], minlength=int(cell.max(initial=-1)) + 1)
