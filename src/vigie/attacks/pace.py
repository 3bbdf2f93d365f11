"""How fast, how much, how regular: what a run's shape says of who made it.

Pure functions on arrays, one element per signal. Each says of groups of signals (attacks, or visits) whether the shape is a program's,
with the numbers behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vigie.attacks.keys import Flags, Ints, Keys, starts_of
from vigie.detectors.traffic import MINUTE, TEN_MINUTES

Numbers = npt.NDArray[np.float64]

SECOND: Final = 1_000_000

VALUES: Final = 20
"""Different values on one place within ten minutes that no person types."""
REQUESTS, REFUSED, PATHS = 30, 0.5, 20
"""Requests of a run, the share of them that are refused or not found, and the different paths, that together are a list's."""
MANY, RATE = 60, 120.0
"""Requests, and how many a minute, that are a program's."""
TRIES, GUESSES = 10, 30.0
"""Passwords, and how many a minute, that are a program's."""
GAPS, SLOW, IRREGULAR = 3, 5.0, 0.5
"""Gaps between requests, their median in seconds, and their coefficient of variation, from which on the pace is a person's."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What some groups have in common.

    Attributes:
        groups: numbers of the groups of which it holds, ascending.
        a, b, c: the numbers that say so, one per group.
        rows: a signal of each that shows it.
    """

    groups: Ints
    a: Numbers
    b: Numbers
    c: Numbers
    rows: Ints


def shape(groups: Ints, rows: Ints, a: npt.ArrayLike, b: npt.ArrayLike = 0.0, c: npt.ArrayLike = 0.0) -> Shape:
    """A `Shape` whose numbers may be one for all; of a group that is named twice the first counts."""
    kept, at = np.unique(groups, return_index=True)
    first, second, third = (np.broadcast_to(np.asarray(one, np.float64), groups.shape)[at] for one in (a, b, c))
    return Shape(kept.astype(np.int64), first, second, third, rows[at])


def many_values(group: Ints, place: Keys, value: Keys, seen: Ints) -> Shape:
    """Groups with many different values on one place within ten minutes.

    Args:
        group: number of each signal's group.
        place: key of path and parameter.
        value: key of the text, 0 where the signal stands for many records.
        seen: microseconds.

    Returns:
        `a` is the most values within ten minutes.
    """
    rows = np.flatnonzero(value > 0)
    rows = rows[np.lexsort((seen[rows], value[rows], place[rows], group[rows]))]
    again = ~starts_of(group[rows], place[rows], value[rows])
    again[1:] &= np.diff(seen[rows]) <= TEN_MINUTES
    rows = rows[~again]
    rows = rows[np.lexsort((seen[rows], place[rows], group[rows]))]
    bounds = np.append(np.flatnonzero(starts_of(group[rows], place[rows])), len(rows))
    best: dict[int, tuple[int, int]] = {}
    enough = np.diff(bounds) >= VALUES
    for low, high in zip(bounds[:-1][enough].tolist(), bounds[1:][enough].tolist(), strict=True):
        times = seen[rows[low:high]]
        inside = np.searchsorted(times, times + TEN_MINUTES, "right") - np.arange(len(times))
        most = int(inside.max())
        owner = int(group[rows[low]])
        if most >= VALUES and most > best.get(owner, (0, 0))[0]:
            best[owner] = (most, int(rows[low + int(inside.argmax())]))
    owners = np.asarray(sorted(best), np.int64)
    return shape(owners, np.asarray([best[one][1] for one in owners.tolist()], np.int64), np.asarray([best[one][0] for one in owners.tolist()]))


def list_of_paths(group: Ints, line: Keys, path: Keys, status: npt.NDArray[np.int16], records: Ints) -> Shape:
    """Groups of many requests of which most were refused or not found, over many paths.

    Args:
        group: number of each signal's group.
        line: key of the log line.
        path: key of the path.
        status: HTTP status, -1 for none.
        records: records behind the signal; those that stand for many are left out.

    Returns:
        `a` requests, `b` of them refused or not found, `c` paths.
    """
    rows = np.flatnonzero(records == 1)
    rows = rows[np.lexsort((line[rows], group[rows]))]
    rows = rows[starts_of(group[rows], line[rows])]
    size = int(group.max(initial=-1)) + 1
    requests = np.bincount(group[rows], minlength=size)
    refused = np.bincount(group[rows], weights=(status[rows] >= 400) & (status[rows] < 500), minlength=size)
    rows = rows[np.lexsort((path[rows], group[rows]))]
    paths = np.bincount(group[rows][starts_of(group[rows], path[rows])], minlength=size)
    good = np.flatnonzero((requests >= REQUESTS) & (refused >= REFUSED * requests) & (paths >= PATHS))
    return shape(good, first_of(group, rows, good), requests[good], refused[good], paths[good])


def quick(group: Ints, line: Keys, seen: Ints, until: Ints, records: Ints) -> Shape:
    """Groups with many requests within half a minute, or a signal that stands for as many at that pace.

    Returns:
        `a` requests, `b` how many a minute.
    """
    span = np.maximum(until - seen, SECOND)
    dense = np.flatnonzero((records >= MANY) & (records * MINUTE >= RATE * span))
    dense = dense[np.lexsort((dense, -records[dense], group[dense]))]
    rows = np.flatnonzero(records == 1)
    rows = rows[np.lexsort((seen[rows], line[rows], group[rows]))]
    rows = rows[starts_of(group[rows], line[rows])]
    rows = rows[np.lexsort((seen[rows], group[rows]))]
    ahead = MANY - 1
    took = seen[rows][ahead:] - seen[rows][:-ahead]
    fast = np.flatnonzero((group[rows][ahead:] == group[rows][:-ahead]) & (took <= MANY * MINUTE / RATE))
    fast = fast[np.lexsort((fast, took[fast], group[rows[fast]]))]
    rate = MANY * MINUTE / np.maximum(took[fast], SECOND)
    return shape(
        np.concatenate([group[dense], group[rows[fast]]]), np.concatenate([dense, rows[fast]]),
        np.concatenate([records[dense], np.full(len(fast), MANY)]), np.concatenate([records[dense] * MINUTE / span[dense], rate]),
    )  # fmt: skip


def guessing(group: Ints, seen: Ints, until: Ints, records: Ints, guesses: Flags) -> Shape:
    """Groups that tried passwords faster than a person types them, in some ten minutes.

    Returns:
        `a` tries, `b` how many a minute.
    """
    rows = np.flatnonzero(guesses)
    ten = seen[rows] // TEN_MINUTES
    order = np.lexsort((seen[rows], ten, group[rows]))
    rows, ten = rows[order], ten[order]
    if not len(rows):
        return shape(rows, rows, 0.0)
    starts = np.flatnonzero(starts_of(group[rows], ten))
    tries = np.add.reduceat(records[rows], starts)
    span = np.maximum(np.maximum.reduceat(until[rows], starts) - seen[rows[starts]], SECOND)
    rate = tries * MINUTE / span
    good = np.flatnonzero((tries >= TRIES) & (rate > GUESSES))
    good = good[np.lexsort((good, -rate[good], group[rows[starts[good]]]))]
    first = rows[starts[good]]
    return shape(group[first], first, tries[good], rate[good])


def unhurried(group: Ints, line: Keys, seen: Ints) -> Shape:
    """Groups whose requests come as slowly and irregularly as a person's.

    Returns:
        `a` gaps, `b` their median in seconds, `c` their coefficient of variation.
    """
    rows = np.lexsort((seen, line, group))
    rows = rows[starts_of(group[rows], line[rows])]
    rows = rows[np.lexsort((seen[rows], group[rows]))]
    inner = ~starts_of(group[rows])[1:]
    owner, gap = group[rows][1:][inner], np.diff(seen[rows])[inner] / SECOND
    size = int(group.max(initial=-1)) + 1
    count = np.bincount(owner, minlength=size)
    safe = np.maximum(count, 1)
    mean = np.bincount(owner, weights=gap, minlength=size) / safe
    spread = np.sqrt(np.bincount(owner, weights=(gap - mean[owner]) ** 2, minlength=size) / safe)
    gap = gap[np.lexsort((gap, owner))]
    before = np.cumsum(count) - count
    low, high = (np.minimum(before + at, max(len(gap) - 1, 0)) for at in ((safe - 1) // 2, safe // 2))
    middle = (gap[low] + gap[high]) / 2 if len(gap) else np.zeros(size)
    variation = spread / np.maximum(mean, 1e-9)
    good = np.flatnonzero((count >= GAPS) & (middle >= SLOW) & (variation >= IRREGULAR))
    return shape(good, first_of(group, rows, good), count[good], middle[good], variation[good])


def first_of(group: Ints, rows: Ints, wanted: Ints) -> Ints:
    """For each wanted group the first of some rows that is of it."""
    first = np.full(int(group.max(initial=-1)) + 1, -1, np.int64)
    first[group[rows[::-1]]] = rows[::-1]
    return first[wanted]
