"""What is usual for a minute, and how far from it a minute is: median and spread of the same hour, on paper.

References:
    - Leys et al. (2013), Detecting outliers: do not use standard deviation around the mean, use absolute deviation around the median.
    - Page (1954), Continuous inspection schemes (the cumulative sum that finds slow rises).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

OPEN, OPEN_AT_ONCE, CLOSE = 6.0, 20.0, 3.0
"""Spreads above the usual: in two minutes that follow each other, or in one, an episode opens; below the third it closes."""
ROSE, ROSE_SHARE = 3.0, 0.05
"""Spreads above the usual, and part of the peak, that belong to the beginning of an episode, once it is open."""
QUIET: Final = 5
"""Minutes below `CLOSE` that close an episode."""
GAP: Final = 10
"""Minutes between two episodes that make them one."""
DRIFT, DRIFTED = 1.5, 30.0
"""Slow rises: what lies above `DRIFT` spreads is summed up from minute to minute, and an episode opens at `DRIFTED`."""
UNKNOWN: Final = 300.0
"""Requests per minute from which on an episode opens where nothing is known of what is usual."""
_WEEK, _DAY, _HOUR = 168, 24, 60
_ENOUGH: Final = 3
"""Other weeks, or other days, that make a baseline."""
_PASSES: Final = 4
_LOOK_BACK: Final = 30
_BEFORE, _LEAST, _AT_LEAST = 120, 10, 3
"""Minutes before an episode that make one where there are not enough days, the fewest that do, and the fewest while visitors are served badly."""


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of one thing by minute.

    Attributes:
        minutes, counts: minutes since the epoch, rising, and what was counted in each.
        first, last: the minutes between which there is a log; what is not counted there is zero.
    """

    minutes: Ints
    counts: Floats
    first: int
    last: int

    def at(self, minutes: Ints) -> Floats:
        """The count of each minute."""
        return _looked_up(self.minutes, self.counts, minutes)


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which far more was counted than usual.

    Attributes:
        start, end: first and last minute (since the epoch).
        peak: highest count of a minute.
        usual, spread: median and spread of the baseline; NaN where nothing is known.
        basis: `week` (the same hour of other weeks), `day` (of other days), `before` (the two hours before) or `none`.
        excess: what was counted beyond the usual.
    """

    start: int
    end: int
    peak: float
    usual: float
    spread: float
    basis: str
    excess: float


def episodes(series: Series, floor: float) -> list[Episode]:
    """Times in which far more was counted than usual.

    The baseline of a minute leaves out minutes that are themselves found, so that a flood does not become the norm.

    Args:
        series: counts of one class of place on one site.
        floor: a minute below it opens nothing.
    """
    busy = series.minutes[series.counts >= min(floor, UNKNOWN)]
    if not len(busy):
        return []
    found: list[Episode] = []
    left_out = np.zeros(0, np.int64)
    for _ in range(_PASSES):
        found = _joined([one for run in _runs(busy, GAP) for one in _in_run(series, run, floor, left_out)])
        now = np.concatenate([np.arange(one.start, one.end + 1) for one in found]) if found else left_out[:0]
        if np.array_equal(now, left_out):
            break
        left_out = now
    return found


def risen(series: Series, start: int, end: int, floor: float) -> Episode | None:
    """What rose while visitors were served badly, however little: a slow place needs few requests to bring a site down.

    Args:
        series: counts of one class of place on one site.
        start: first minute of the bad time.
        end: last minute of it.
        floor: a minute below it does not count.
    """
    usual, spread, basis = baseline(series, start - 1, np.arange(start - 1, end + 2), least=_AT_LEAST)
    minutes = np.arange(start - QUIET, end + 3)
    counts = series.at(minutes)
    scores = (counts - usual) / spread
    high = np.flatnonzero((counts >= floor) & (scores >= OPEN) & (minutes >= start - 2))
    if basis == "none" or len(high) < 2:
        return None
    low = _beginning(counts, scores, int(high[0]), int(high[-1]))
    inside = slice(low, int(high[-1]) + 1)
    excess = float(np.maximum(counts[inside] - usual, 0).sum())
    return Episode(int(minutes[low]), int(minutes[high[-1]]), float(counts[inside].max()), usual, spread, basis, excess)


def clumped(series: Series, minute: int, left_out: Ints) -> tuple[float, float]:
    """Mean count of a minute in the hour of a minute, and how clumped counts are: variance over mean of ten minutes, at least 1.

    Visitors come with all that their pages need, so requests are not independent; counts divided by the clump about are.
    Both are 0 where nothing is known.
    """
    minutes, basis = _others(series, minute, left_out)
    if basis == "none" or len(minutes) < 10:
        return 0.0, 0.0
    tens = np.add.reduceat(series.at(minutes), np.arange(0, len(minutes), 10))
    mean = float(tens.mean())
    return mean / 10, max(1.0, float(tens.var()) / mean) if mean else 1.0


def baseline(series: Series, minute: int, left_out: Ints, *, least: int = _LEAST) -> tuple[float, float, str]:
    """Median, spread and basis of what is usual in the hour of a minute.

    The spread is 1.4826 times the median absolute deviation, at least the square root of the median and at least 1.

    Args:
        series: counts by minute.
        minute: the first one of its hour that matters; where there are too few days, what came before it is the baseline.
        left_out: minutes that are no part of what is usual, rising.
        least: minutes before that are enough.
    """
    minutes, basis = _others(series, minute, left_out, least)
    return (np.nan, np.nan, basis) if basis == "none" else (*_robust(series.at(minutes)), basis)


def _others(series: Series, minute: int, left_out: Ints, least: int = _LEAST) -> tuple[Ints, str]:
    """The minutes that say what is usual: of the same hour in other weeks, else on other days, else before."""
    hour = minute // _HOUR
    low, high = -(-series.first // _HOUR), (series.last + 1) // _HOUR - 1
    for step, basis in ((_WEEK, "week"), (_DAY, "day")):
        others = np.arange(hour - (hour - low) // step * step, high + 1, step) if high >= low else np.zeros(0, np.int64)
        others = others[others != hour]
        if len(others) >= _ENOUGH:
            return _without((others[:, None] * _HOUR + np.arange(_HOUR)).reshape(-1), left_out), basis
    before = _without(np.arange(max(minute - _BEFORE, series.first), minute), left_out)
    return before, "before" if len(before) >= least else "none"


def _without(minutes: Ints, left_out: Ints) -> Ints:
    kept: Ints = minutes[_looked_up(left_out, np.ones(len(left_out)), minutes) == 0]
    return kept


def _robust(values: Floats) -> tuple[float, float]:
    if not len(values):
        return 0.0, 1.0
    middle = float(np.median(values))
    return middle, max(1.4826 * float(np.median(np.abs(values - middle))), middle**0.5, 1.0)


def _looked_up(keys: Ints, values: Floats, wanted: Ints) -> Floats:
    if not len(keys):
        return np.zeros(len(wanted))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0.0)


def _runs(minutes: Ints, gap: int) -> list[Ints]:
    return np.split(minutes, np.flatnonzero(np.diff(minutes) > gap) + 1)


def _in_run(series: Series, run: Ints, floor: float, left_out: Ints) -> list[Episode]:
    """Episodes in a stretch of busy minutes."""
    low, high = max(int(run[0]) - _LOOK_BACK, series.first), int(run[-1]) + QUIET
    minutes = np.arange(low, high + 1)
    counts = series.at(minutes)
    hours, firsts = np.unique(run // _HOUR, return_index=True)
    known = [baseline(series, int(run[first]), left_out) for first in firsts]
    which = np.clip(np.searchsorted(hours, minutes // _HOUR), 0, len(hours) - 1)
    usual, spread = (np.asarray([one[part] for one in known], float)[which] for part in (0, 1))
    blind = np.isnan(usual)
    scores = np.where(blind, np.where(counts >= UNKNOWN, OPEN_AT_ONCE, 0.0), (counts - usual) / np.where(blind, 1.0, spread))
    heavy = counts >= floor
    opened = heavy & (scores >= OPEN_AT_ONCE)
    twice = heavy & (scores >= OPEN)
    opened[1:] |= twice[1:] & twice[:-1]
    opened |= heavy & _drifted(scores)
    found: list[Episode] = []
    for at in np.flatnonzero(opened).tolist():
        if found and minutes[at] <= found[-1].end:
            continue
        end = at
        while (scores[end + 1 : end + 1 + QUIET] >= CLOSE).any():
            end += 1 + int(np.flatnonzero(scores[end + 1 : end + 1 + QUIET] >= CLOSE)[-1])
        begin = _beginning(counts, scores, at, end)
        inside = slice(begin, end + 1)
        top = begin + int(np.argmax(counts[inside]))
        excess = float(np.maximum(counts[inside] - np.where(blind, 0.0, usual)[inside], 0).sum())
        found.append(Episode(int(minutes[begin]), int(minutes[end]), float(counts[top]), float(usual[top]), float(spread[top]), known[which[top]][2], excess))
    return found


def _beginning(counts: Floats, scores: Floats, at: int, end: int) -> int:
    """Where the rise began that led to a minute: back while it is above the usual, and no mere trifle of the peak."""
    trifle = ROSE_SHARE * float(counts[at : end + 1].max())
    while at and scores[at - 1] >= ROSE and counts[at - 1] >= trifle:
        at -= 1
    return at


def _drifted(scores: Floats) -> npt.NDArray[np.bool_]:
    total, out = 0.0, np.zeros(len(scores), bool)
    for at, score in enumerate(scores.tolist()):
        total = max(0.0, total + min(score, OPEN) - DRIFT)
        out[at] = total >= DRIFTED
    return out


def _joined(found: list[Episode]) -> list[Episode]:
    """Episodes that lie close together as one."""
    out: list[Episode] = []
    for one in sorted(found, key=lambda e: (e.start, e.end)):
        last = out[-1] if out else None
        if last is not None and one.start - last.end <= GAP:
            higher = max(last, one, key=lambda e: e.peak)
            out[-1] = replace(higher, start=last.start, end=max(last.end, one.end), excess=last.excess + one.excess)
        else:
            out.append(one)
    return out
