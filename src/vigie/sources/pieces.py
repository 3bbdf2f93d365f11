"""Where records over several lines end, when how long they may be is bounded: what never ends is cut, and every cut hangs on the bytes alone.

A piece that is longer than `LONGEST` ends at a line; the rest of it is a piece of its own, which no source reads. So nothing is held in memory
without end, and a file gives the same pieces however it was handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vigie.sources.source import Ends

LONGEST: Final = 1 << 20
"""Bytes of the longest piece of several lines."""
LONGEST_LINE: Final = 32 << 20
"""Bytes after which a piece ends even where no line does."""


def bounded(data: bytes, begins: Callable[[bytes], Ends]) -> Ends:
    """Where pieces end.

    Args:
        data: begins with a piece.
        begins: bytes that begin with a piece → offsets behind the first byte at which further pieces begin, ascending.

    Returns:
        ends of pieces; behind the last one stands a piece that may go on.
    """
    out: list[Ends] = []
    at = 0
    while True:
        rest = data[at:] if at else data
        starts = begins(rest)
        number, cut = _first_cut(rest, starts)
        out.append(starts[:number] + at)
        if not cut:
            return np.concatenate(out).astype(np.int64)
        out.append(np.array([at + cut], np.int64))
        at += cut


def line_starts(data: bytes) -> Ends:
    """Offsets behind newlines: where lines begin, apart from the first, and where the last one would that has not begun."""
    return (np.flatnonzero(np.frombuffer(data, np.uint8) == 10) + 1).astype(np.int64)


def _first_cut(data: bytes, starts: Ends) -> tuple[int, int]:
    """How many pieces begin before the first cut, and where it is; (all, 0) without one."""
    bounds = np.concatenate([np.zeros(1, np.int64), starts, np.array([len(data)], np.int64)])
    for number in np.flatnonzero(np.diff(bounds) > LONGEST).tolist():
        begin, end = int(bounds[number]), int(bounds[number + 1])
        cut = data.rfind(b"\n", begin, begin + LONGEST) + 1 or data.find(b"\n", begin + LONGEST, begin + LONGEST_LINE) + 1
        if not cut and end - begin > LONGEST_LINE:
            cut = begin + LONGEST_LINE
        if begin < cut < end:
            return number, cut
    return len(starts), 0
