"""How far the tables agree, country by country, and how much of the address space each country holds: what a share must be read beside.

That tables agree does not make them right: all of them read the same registries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vigie.origins.ranges import Ranges
from vigie.origins.table import Table, code_of, letters_of


@dataclass(frozen=True, slots=True)
class Agreement:
    """IPv4 addresses of one country.

    Attributes:
        any_: addresses that at least one table places there.
        all_: addresses that all tables place there.
        space: share of all addresses that any table places somewhere, by the first table, 0..1.
    """

    any_: int
    all_: int
    space: float

    @property
    def share(self) -> float:
        """Of the addresses that any table places there, the share that all do, 0..1."""
        return self.all_ / self.any_ if self.any_ else 0.0


def agreement(tables: Sequence[Table]) -> dict[str, Agreement]:
    """Agreement of tables of countries over all IPv4 addresses, exactly.

    Args:
        tables: at least one; those without countries or without IPv4 are left out.

    Returns:
        country → agreement.
    """
    halves = [half for one in tables if (half := one.half(4)) is not None and "country" in half.columns]
    if not halves:
        return {}
    said = [(half.ranges, code_of(half.columns["country"])[half.ranges.row]) for half in halves]
    edges = np.unique(np.concatenate([[0, 2**32], *(part for found, _ in said for part in (found.start.astype(np.int64), found.end.astype(np.int64) + 1))]))
    width = np.diff(edges)
    codes = np.stack([_at(found, code, edges[:-1]) for found, code in said])
    placed = int(width[(codes != 0).any(axis=0)].sum())
    most = int(codes.max()) + 1

    def sums(code: npt.NDArray[np.int32], where: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(code[where], weights=width[where], minlength=most).astype(np.int64)

    fresh = [~(codes[:at] == codes[at]).any(axis=0) for at in range(len(codes))]
    any_ = np.sum([sums(code, new) for code, new in zip(codes, fresh, strict=True)], axis=0)
    all_, first = sums(codes[0], (codes == codes[0]).all(axis=0)), sums(codes[0], codes[0] != 0)
    return {letters_of(code): Agreement(int(any_[code]), int(all_[code]), int(first[code]) / placed) for code in np.flatnonzero(any_).tolist() if code}


def _at(found: Ranges, code: npt.NDArray[np.int32], edges: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    if not len(found.start):
        return np.zeros(len(edges), np.int32)
    at = np.searchsorted(found.start, edges.astype(np.uint32), side="right") - 1
    held = (at >= 0) & (edges <= found.end[at])
    return np.where(held, code[at], 0).astype(np.int32)
