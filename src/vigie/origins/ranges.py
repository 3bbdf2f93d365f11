"""Ranges of addresses, and which of them holds an address: a sorted range join.

References:
    - Where ranges overlap, the narrowest one speaks: a more specific entry is the better knowledge (RFC 4632, longest match).
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vigie.origins.addresses import Packed

Values = npt.NDArray[Any]
"""Addresses of one family: uint32, or sixteen bytes (`S16`)."""

_MANY: Final = 20_000
"""Look-ups from which on it pays to sort them first."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Disjoint ranges in order, ends included, of one family.

    Attributes:
        start, end: uint32 for IPv4, sixteen bytes (`S16`) for IPv6; shape (n,).
        row: which row of the table's columns speaks for the range; shape (n,).
    """

    start: Values
    end: Values
    row: npt.NDArray[np.int32]

    def find(self, values: Values) -> npt.NDArray[np.int32]:
        """The row of the range that holds each value, -1 where none does.

        Args:
            values: of the type of `start`; shape (m,).
        """
        if not len(self.start) or not len(values):
            return np.full(len(values), -1, np.int32)
        if len(values) < _MANY:
            return self._found(values)
        order = np.argsort(values, kind="stable")
        out = np.empty(len(values), np.int32)
        out[order] = self._found(values[order])
        return out

    def _found(self, values: Values) -> npt.NDArray[np.int32]:
        at = np.searchsorted(self.start, values, side="right") - 1
        held = (at >= 0) & (values <= self.end[at])
        return np.where(held, self.row[at], -1).astype(np.int32)


def ranges(start: Values, end: Values) -> Ranges:
    """Ranges of any order, that may overlap, made disjoint: the narrowest wins, of equally wide ones that which begins later, of equal ones the first.

    Args:
        start: first address of each row; shape (n,).
        end: last address of each row, not before the first; shape (n,).
    """
    if bool((start[1:] > end[:-1]).all()):
        return Ranges(start, end, np.arange(len(start), dtype=np.int32))
    order = np.argsort(start, kind="stable")
    low, high = start[order], end[order]
    if len(low) < 2 or bool((low[1:] > high[:-1]).all()):
        return Ranges(low, high, order.astype(np.int32))
    pieces = _pieces(*(_numbers(part) for part in (low, high)))
    six = low.dtype.kind == "S"
    starts, ends = ([one[at] for one in pieces] for at in (0, 1))
    return Ranges(_array(starts, six=six), _array(ends, six=six), order[np.array([one[2] for one in pieces], np.int64)].astype(np.int32))


def _numbers(values: Values) -> list[int]:
    if values.dtype.kind != "S":
        return [int(one) for one in values.tolist()]
    raw = values.tobytes()
    return [int.from_bytes(raw[at : at + 16], "big") for at in range(0, len(raw), 16)]


def _array(values: Sequence[int], *, six: bool) -> Values:
    if not six:
        return np.array(values, np.uint32)
    return np.frombuffer(b"".join(one.to_bytes(16, "big") for one in values), "S16")


def _pieces(low: list[int], high: list[int]) -> list[tuple[int, int, int]]:
    """Start, end and row of each piece between two edges; ranges by start."""
    edges = sorted({*low, *(one + 1 for one in high)})
    waiting: list[tuple[int, int, int]] = []  # width, minus the start, row
    out: list[tuple[int, int, int]] = []
    at = 0
    for edge, after in pairwise(edges):
        while at < len(low) and low[at] == edge:
            heapq.heappush(waiting, (high[at] - low[at], -low[at], at))
            at += 1
        while waiting and high[waiting[0][2]] < edge:
            heapq.heappop(waiting)
        if waiting:
            row = waiting[0][2]
            if out and out[-1][2] == row and out[-1][1] + 1 == edge:
                out[-1] = (out[-1][0], after - 1, row)
            else:
                out.append((edge, after - 1, row))
    return out


def rows_of(addresses: Packed, four: Ranges | None, six: Ranges | None) -> npt.NDArray[np.int32]:
    """The row that speaks for each address, -1 for none.

    Args:
        addresses: n of them.
        four: ranges of IPv4; None where there are none.
        six: ranges of IPv6; None where there are none.
    """
    out = np.full(len(addresses), -1, np.int32)
    is4 = addresses.family == 4
    if four is not None and is4.any():
        out[is4] = four.find(addresses.four[is4])
    if six is not None and len(addresses.six):
        out[addresses.family == 6] = six.find(addresses.six)
    return out
