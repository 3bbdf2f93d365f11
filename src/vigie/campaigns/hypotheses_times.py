"""Two questions of time about a set of attacks: do they keep a working week, and do they follow what went online?

Both are asked of beginnings of attacks, never of signals, which come in bursts and break every test. Neither says who it was: a rhythm can be kept on purpose,
and visitors have one too.

References:
    - E. S. Edgington, P. Onghena, Randomization Tests, 2007 (redrawing under the null, p = (1 + at least as many) / (1 + redraws))
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
MONDAY: Final = 4 * DAY
"""1 January 1970 was a Thursday: the first Monday, in microseconds."""
LENGTH, DAYS = 9, 5
"""Hours and days of a working week."""
STARTS: Final = range(-5, 22)
"""Monday, nine o'clock, in every zone of the world, as hours from Monday, 0:00 UTC."""
WHOLE_WEEKS, FEWEST = 2, 30
"""Weeks that attacks must cover, and how many different source days there must be, for anything to be said of a working week."""

WITHIN: Final = 2 * HOUR
"""How long after a page an attack is said to follow it."""
BIN: Final = 300_000_000
ROUND: Final = DAY // BIN
REDRAWS: Final = 499
SMOOTH: Final = 12
"""Five-minute bins to either side over which the time of day is averaged."""
SEED: Final = 20_260_101
MOST: Final = 200_000
"""Beginnings that are redrawn; of more, every n-th."""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """The nine hours of Monday to Friday, the same for all, that hold most beginnings.

    Attributes:
        begins: hours from Monday, 0:00 UTC, to the first of them; below 0 on Sunday.
        inside, of: source days inside them, and all.
        expected: share that chance would put inside, 0..1.
        p: probability of as many by chance, for the best of all such weeks.
    """

    begins: int
    inside: int
    of: int
    expected: float
    p: float


def working_week(days: Ints) -> WorkingWeek | None:
    """The working week that fits best.

    Args:
        days: first beginning of each source on each day of UTC, microseconds; one source that tries all day is one.

    Returns:
        None where there are too few, or where they cover less than two weeks.
    """
    if len(days) < FEWEST or int(days.max()) - int(days.min()) < WHOLE_WEEKS * WEEK:
        return None
    hour = (days - MONDAY) % WEEK // HOUR
    counts = np.bincount(hour, minlength=168)
    best, begins = max((int(sum(counts[(start + 24 * day + np.arange(LENGTH)) % 168].sum() for day in range(DAYS))), -start) for start in STARTS)
    expected = LENGTH * DAYS / 168
    z = (best - 0.5 - len(days) * expected) / sqrt(len(days) * expected * (1 - expected))
    return WorkingWeek(-begins, best, len(days), expected, min(1.0, len(STARTS) * erfc(z / sqrt(2)) / 2))


@dataclass(frozen=True, slots=True)
class Following:
    """Attacks that began within two hours after a page went online.

    Attributes:
        pages: how many pages.
        bins: the spans of five minutes in which they went online, numbered from 1970.
        found: beginnings within two hours after one of them.
        expected: mean of the same when each attack is drawn again within its day, by the hours that these attacks keep.
        p: share of redraws with as many.
    """

    pages: int
    bins: tuple[int, ...]
    found: int
    expected: float
    p: float


def following(starts: Ints, pages: Ints, redraws: int = REDRAWS) -> Following | None:
    """Whether attacks follow publications more than their own days and hours explain.

    The attacks are drawn again, not the pages, which have office hours. Pages before the first day of the attacks or behind the last one are left out.

    Args:
        starts: beginnings of attacks, microseconds of UTC.
        pages: when pages went online, the same.
        redraws: how many.

    Returns:
        None without attacks or without pages.
    """
    if not len(starts) or not len(pages):
        return None
    starts = np.sort(starts)[:: len(starts) // MOST + 1]
    first, size = int(starts[0]) // DAY, int(starts[-1]) // DAY - int(starts[0]) // DAY + 1
    inside = pages[(pages >= first * DAY) & (pages < (first + size) * DAY)]
    if not len(inside) or size > 4000:
        return None
    online = np.bincount(inside // BIN - first * ROUND, minlength=size * ROUND)
    total = np.append(0, np.cumsum(online))
    at = np.arange(size * ROUND)
    before = total[at + 1] - total[np.maximum(at + 1 - WITHIN // BIN, 0)]
    follows = before > 0
    bins = starts // BIN - first * ROUND
    profile = np.bincount(bins % ROUND, minlength=ROUND).astype(np.float64)
    wide = np.concatenate([profile[-SMOOTH:], profile, profile[:SMOOTH]])
    share = np.cumsum(np.maximum(np.convolve(wide, np.ones(2 * SMOOTH + 1), "valid"), 1e-3))
    found = int(follows[bins].sum())
    drawn = _redrawn(follows, bins // ROUND, share / share[-1], redraws)
    return Following(len(inside), tuple(np.unique(inside // BIN).tolist()), found, float(drawn.mean()), (1 + int((drawn >= found).sum())) / (1 + redraws))


def _redrawn(follows: npt.NDArray[np.bool_], day: Ints, share: Numbers, redraws: int) -> Numbers:
    """How many follow in each redraw: each attack has its day's chance, so a day's number is binomial."""
    step = np.diff(np.append(0.0, share))
    days, many = np.unique(day, return_counts=True)
    chance = follows.reshape(-1, ROUND)[days] @ step
    random = np.random.default_rng(SEED)
    return np.asarray(random.binomial(many, np.clip(chance, 0.0, 1.0), (redraws, len(days))).sum(axis=1), np.float64)
