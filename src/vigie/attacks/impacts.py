"""What visitors got, minute by minute: page views that were answered, how quickly, and those that failed; and the times in which it was bad."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.attacks.keys import Ints
from vigie.detectors.endpoints import VIEWS
from vigie.detectors.traffic import MINUTE, STEPS
from vigie.detectors.traffic_frame import dealt_out

Floats = npt.NDArray[np.float64]

SLOWED, UNAVAILABLE = "slowed", "unavailable"
SLOW_SECONDS, TIMES_USUAL = 2.0, 3.0
FEW: Final = 20
"""Page views below which durations say nothing (in one minute, or in five together)."""
_FAILED: Final = 5
"""Failed page views, in two minutes, below which nothing is called unavailable."""
_HALF: Final = 0.5
_EDGE: Final = 0.1
"""Part of the views of the minute before (or behind) that makes it the first (or last) of a bad time."""


@dataclass(frozen=True, slots=True)
class Views:
    """Page views of a site by minute.

    Attributes:
        minutes: minutes since the epoch, rising.
        steps: views that were answered, a row a minute, a column for each bin of the duration (0: not known).
        failed: views that were not.
        answered: the sum of `steps` by minute.
    """

    minutes: Ints
    steps: Floats
    failed: Floats
    answered: Floats

    def between(self, start: int, end: int) -> Views:
        """Those of some minutes, both included."""
        inside = slice(*np.searchsorted(self.minutes, (start, end + 1)))
        return Views(self.minutes[inside], self.steps[inside], self.failed[inside], self.answered[inside])


@dataclass(frozen=True, slots=True)
class Impact:
    """What visitors got for a while.

    Attributes:
        word: `slowed` or `unavailable`.
        start, end: first and last minute.
        begin, finish: first and last view that was served badly, microseconds.
        views, failed: page views, and those of them that failed.
        p95: seconds that 95 % of the answered views took less than, a lower bound; NaN when not known.
        usual: the same at other times.
    """

    word: str
    start: int
    end: int
    begin: int
    finish: int
    views: int
    failed: int
    p95: float
    usual: float


def views_of(site: pl.DataFrame, left_out: Iterable[tuple[int, int, int]]) -> tuple[Views, pl.DataFrame]:
    """Page views of a site by minute.

    Args:
        site: rows of a traffic frame.
        left_out: class of place, first and last minute of what is no visitor's view (a flood's).

    Returns:
        the views, and the rows they were counted from.
    """
    rows = site.filter(pl.col("place").is_in(VIEWS) & pl.col("outcome").is_in(["ok", "bad"]))
    for place, start, end in left_out:
        ten = pl.when(pl.col("coarse")).then(9).otherwise(0)
        rows = rows.filter((pl.col("place") != place) | (pl.col("minute") + ten < start) | (pl.col("minute") > end))
    if rows.is_empty():
        return Views(np.zeros(0, np.int64), np.zeros((0, len(STEPS) + 2)), np.zeros(0), np.zeros(0)), rows
    spread = dealt_out(rows)
    minutes, at = np.unique(spread["minute"].to_numpy(), return_inverse=True)
    steps, failed = np.zeros((len(minutes), len(STEPS) + 2)), np.zeros(len(minutes))
    good = (spread["outcome"] == "ok").to_numpy()
    count = spread["count"].to_numpy()
    np.add.at(steps, (at[good], spread["step"].to_numpy()[good]), count[good])
    np.add.at(failed, at[~good], count[~good])
    return Views(minutes, steps, failed, steps.sum(axis=1)), rows


def impacts(views: Views, rows: pl.DataFrame, usual: float) -> list[Impact]:
    """Times in which visitors were served badly.

    Args:
        views: page views by minute.
        rows: those they were counted from (`views_of`).
        usual: `usual_p95` of the views.
    """
    if not len(views.minutes):
        return []
    down = _unavailable(views)
    slow = [spell for spell in _slowed(views, usual) if not any(meets(spell, other) for other in down)]
    return sorted(
        (_impact(word, spell, views, rows, usual) for word, spells in ((UNAVAILABLE, down), (SLOWED, slow)) for spell in spells),
        key=lambda one: one.start,
    )


def _unavailable(views: Views) -> list[tuple[int, int]]:
    """First and last minute of the times in which at least half of the views failed for two minutes."""
    low, high = int(views.minutes[0]), int(views.minutes[-1])
    failing = np.flatnonzero((views.failed > 0) & (views.failed >= _HALF * (views.failed + views.answered)))
    spells: list[tuple[int, int]] = []
    for at in failing.tolist():
        minute = int(views.minutes[at])
        pair = views.between(minute, minute + 1)
        bad, good = float(pair.failed.sum()), float(pair.answered.sum())
        if bad < _FAILED or bad < _HALF * (bad + good) or (minute + 1 <= high and len(pair.minutes) > 1 and pair.failed[1] < pair.answered[1]):
            continue
        if spells and minute - spells[-1][1] <= 3:
            spells[-1] = (spells[-1][0], minute + 1)
        else:
            spells.append((minute, minute + 1))
    return [(max(start, low), _last_failing(views, start, min(end, high))) for start, end in spells]


def _last_failing(views: Views, start: int, end: int) -> int:
    inside = views.between(start, end)
    return int(inside.minutes[np.flatnonzero(inside.failed >= inside.answered)[-1]]) if (inside.failed >= inside.answered).any() else end


def _slowed(views: Views, usual: float) -> list[tuple[int, int]]:
    """First and last minute of the times in which views were slow in 3 of 5 minutes."""
    limit = max(SLOW_SECONDS, 0.0 if math.isnan(usual) else TIMES_USUAL * usual)
    slow = np.flatnonzero(p95s(views.steps) >= limit).tolist()
    spells: list[tuple[int, int]] = []
    for at in slow:
        minute = int(views.minutes[at])
        five = views.between(minute, minute + 4)
        whole = five.steps.sum(axis=0)
        busy = int(((five.steps[:, 1:].sum(axis=1) >= FEW) & (p95s(five.steps) >= limit)).sum())
        if busy >= 3 or (whole[1:].sum() >= FEW and p95(whole) >= limit):
            last = int(five.minutes[np.flatnonzero(p95s(five.steps) >= limit)[-1]])
            if spells and minute - spells[-1][1] <= 5:
                spells[-1] = (spells[-1][0], max(last, spells[-1][1]))
            else:
                spells.append((minute, last))
    return spells


def p95(steps: Floats) -> float:
    """Lower bound, in seconds, of the bin that holds the 95th percentile of durations; NaN without any.

    Args:
        steps: views by bin, bin 0 (not known) first.
    """
    return float(p95s(steps[None, :])[0])


def p95s(steps: Floats) -> Floats:
    """The same for each of several rows of bins."""
    known = np.cumsum(steps[:, 1:], axis=1)
    total = known[:, -1]
    at = (known < 0.95 * total[:, None] - 1e-9).sum(axis=1)
    bounds = np.concatenate([[0.0], STEPS])
    return np.where(total > 0, bounds[np.minimum(at, len(STEPS))], np.nan)


def usual_p95(views: Views) -> float:
    """The 95th percentile at usual times: the median of that of each ten minutes with enough views."""
    if not len(views.minutes):
        return float("nan")
    starts = np.flatnonzero(np.diff(views.minutes // 10, prepend=-1))
    steps = np.add.reduceat(views.steps, starts, axis=0)
    found = p95s(steps[steps[:, 1:].sum(axis=1) >= FEW]).tolist()
    if found:
        return float(sorted(found)[(len(found) - 1) // 2])
    return p95(views.steps.sum(axis=0)) if views.steps[:, 1:].sum() >= FEW else float("nan")


def _impact(word: str, spell: tuple[int, int], views: Views, rows: pl.DataFrame, usual: float) -> Impact:
    start, end = spell
    inside = views.between(start, end)
    slow = (pl.col("outcome") == "bad") if word == UNAVAILABLE else (pl.col("step") > STEPS.index(SLOW_SECONDS) + 1)
    low, high = (start - (_part(views, rows, slow, start - 1) >= _EDGE), end + (_part(views, rows, slow, end + 1) >= _EDGE))
    bad = rows.filter(slow & ~pl.col("coarse") & pl.col("minute").is_between(low, high))
    begin, finish = (bad["first_seen"].min(), bad["last_seen"].max()) if len(bad) else (start * MINUTE, end * MINUTE + MINUTE - 1)
    failed = int(inside.failed.sum())
    return Impact(
        word, start, end, int(begin), int(finish), round(float(inside.answered.sum())) + failed, failed,  # type: ignore[arg-type]
        p95(inside.steps.sum(axis=0)) if len(inside.minutes) else float("nan"), usual,
    )  # fmt: skip


def _part(views: Views, rows: pl.DataFrame, slow: pl.Expr, minute: int) -> float:
    """Which part of a minute's views were served badly: a bad time seldom begins with a minute of the clock."""
    inside = views.between(minute, minute)
    seen = float(inside.answered.sum() + inside.failed.sum())
    return float(rows.filter(slow & ~pl.col("coarse") & (pl.col("minute") == minute))["count"].to_numpy().sum()) / seen if seen else 0.0


def meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches of time touch."""
    return one[0] <= other[1] and other[0] <= one[1]
