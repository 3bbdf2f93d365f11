"""Was the site slow or down, from when to when, and was it an attack: two facts that are kept apart.

What attackers did is a surge (a flood, a crowd, or one of the two); what visitors got is measured on page views outside the flood's own
class of place. The four words:

- *unavailable*: at least half of the page views failed (5xx, 499) during two minutes, or an outside probe failed twice in a row.
- *slowed*: the 95th percentile of page views took at least 2 s and three times the usual, in 3 of 5 minutes.
- *absorbed*: a flood, durations in the log, and neither of these.
- *cannot tell*: no durations in the log, or too few page views; it is said what to add.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html ($request_time)
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (%D)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.detectors.baseline import Series, clumped
from vigie.detectors.endpoints import CLASSES, VIEWS
from vigie.detectors.floods import Look, Surge, dealt_out, series_of, surges
from vigie.detectors.traffic import MINUTE, STEPS
from vigie.sources.known_layouts import RECOMMENDED

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ABSORBED, SLOWED, UNAVAILABLE, CANNOT_TELL = "absorbed", "slowed", "unavailable", "cannot tell"
SLOW_SECONDS, TIMES_USUAL = 2.0, 3.0
FEW: Final = 20
"""Page views below which durations say nothing (in one minute, or in five together)."""
_FAILED: Final = 5
"""Failed page views, in two minutes, below which nothing is called unavailable."""
_HALF: Final = 0.5
_EDGE: Final = 0.1
"""Part of the views of the minute before (or behind) that makes it the first (or last) of a bad time."""
_SILENCE: Final = 13.8
"""Expected requests, divided by their clump, at which none at all has a probability of one in a million."""
_QUIET_MINUTES: Final = 10
_LONGEST: Final = 7 * 24 * 60
"""Minutes of a silence for which it is worked out what was to be expected; that is enough to be sure."""

LINES: Final = {
    "nginx": f"log_format vigie '{RECOMMENDED['nginx']}';",
    "apache": "LogFormat \"" + RECOMMENDED["apache"].replace('"', '\\"') + "\" vigie",
}
"""What to paste into a server's configuration so that durations can be read."""

AVAILABILITY: Final = pa.schema(
    [
        ("period_id", pa.string()), ("what", pa.string()), ("impact", pa.string()), ("asset", pa.string()),
        ("first_seen", pa.timestamp("us", "UTC")), ("last_seen", pa.timestamp("us", "UTC")), ("skeleton", pa.uint64()), ("kind", pa.string()),
        ("place", pa.string()), ("requests", pa.int64()), ("sources", pa.int64()), ("peak", pa.float64()), ("usual", pa.float64()),
        ("baseline", pa.string()), ("share", pa.float64()), ("views", pa.int64()), ("failed", pa.int64()), ("p95", pa.float64()),
        ("p95_usual", pa.float64()), ("signs", pa.string()), ("numbers", pa.string()), ("advice", pa.string()),
    ]
)  # fmt: skip
"""One row a period: `what` is flood, crowd, unclear, impact (visitors were served badly) or silence; seconds are lower bounds."""


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

    @property
    def timed(self) -> bool:
        """Whether the log holds durations."""
        return bool(self.steps[:, 1:].any())

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


def weighed(traffic: pl.DataFrame, look: Look, probes: Sequence[tuple[str, int, bool]]) -> tuple[list[Surge], pa.Table]:
    """Find surges and bad times, and say of each surge what it did to visitors.

    Args:
        traffic: `floods.traffic_frame` of everything.
        look: gives details of ten minutes of a site.
        probes: site, time (microseconds) and success of each outside measurement, in order of time.

    Returns:
        the surges, and rows of `AVAILABILITY`.
    """
    sites = {str(asset): rows for (asset,), rows in traffic.group_by(["asset"], maintain_order=True)}
    first_look = {asset: impacts(rows, []) for asset, rows in sites.items()}
    impaired = {asset: {m for one in found for m in range(one.start, one.end + 1)} for asset, found in first_look.items()}
    found = list(surges(traffic, look, impaired))
    rows: list[dict[str, object]] = []
    for asset, site in sites.items():
        mine = [one for one in found if one.asset == asset]
        bad = impacts(site, mine) if mine else first_look[asset]
        downs = _failed_probes([(at, good) for name, at, good in probes if name in (asset, "")])
        rows += [_of_surge(one, site, bad, downs, mine) for one in mine]
        rows += [_of_impact(asset, one, downs) for one in bad]
        silent = _silences(asset, site, downs)
        rows += silent
        told = [(one.begin, one.finish) for one in bad] + [(int(str(row["first_seen"])), int(str(row["last_seen"]))) for row in silent]
        rows += [_of_probes(asset, down) for down in downs if not any(_meets(down, span) for span in told)]
    rows.sort(key=lambda row: (str(row["asset"]), row["first_seen"], str(row["what"])))
    return found, pa.Table.from_pylist(rows, schema=AVAILABILITY)


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


def impacts(site: pl.DataFrame, floods: Sequence[Surge]) -> list[Impact]:
    """Times in which visitors were served badly, outside what floods asked for."""
    left_out = [(one.place, one.episode.start, one.episode.end) for one in floods if one.verdict != "crowd"]
    views, rows = views_of(site, left_out)
    if not len(views.minutes):
        return []
    usual = _usual(views)
    down = _unavailable(views)
    slow = [spell for spell in _slowed(views, usual) if not any(_meets(spell, other) for other in down)]
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
    limit = max(SLOW_SECONDS, TIMES_USUAL * usual if usual == usual else 0.0)  # noqa: PLR0124 - NaN is not equal to itself
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


def _usual(views: Views) -> float:
    """The 95th percentile at usual times: the median of that of each ten minutes with enough views."""
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


def _failed_probes(probes: Sequence[tuple[int, bool]]) -> list[tuple[int, int]]:
    """First failed probe and the next that succeeded (the last failed one where none did), for failures twice in a row."""
    spells: list[tuple[int, int]] = []
    failing: list[int] = []
    for at, good in [*probes, (-1, True)]:
        if not good:
            failing.append(at)
            continue
        if len(failing) >= 2:
            spells.append((failing[0], at if at >= 0 else failing[-1]))
        failing = []
    return spells


def _meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _of_surge(one: Surge, site: pl.DataFrame, bad: list[Impact], downs: list[tuple[int, int]], others: list[Surge]) -> dict[str, object]:
    """A surge with what visitors got while it lasted."""
    left_out = [(other.place, other.episode.start, other.episode.end) for other in others if other.verdict != "crowd"]
    views, _ = views_of(site, left_out)
    start, end = one.episode.start, one.episode.end
    inside = views.between(start, end)
    steps = inside.steps.sum(axis=0)
    answered, failed = float(inside.answered.sum()), float(inside.failed.sum())
    seen, usual = round(answered + failed), _usual(views)
    worst = [other for other in bad if other.start <= end + 1 and other.end >= start - 1]
    span = (one.start - MINUTE, one.end + MINUTE)
    at = p95(steps)
    advice = ""
    if any(other.word == UNAVAILABLE for other in worst) or any(_meets(span, down) for down in downs):
        word = UNAVAILABLE
    elif worst:
        word = SLOWED
    elif seen < FEW:
        word = CANNOT_TELL
    elif not steps[1:].any():
        word, advice = CANNOT_TELL, "no timing field"
    else:
        word = ABSORBED
    numbers = _numbers(seen, round(failed), at, usual)
    if worst:
        hardest = min(worst, key=lambda other: (other.word != UNAVAILABLE, other.start))
        numbers = _numbers(hardest.views, hardest.failed, hardest.p95, hardest.usual)
    if word == CANNOT_TELL and not advice:
        numbers += f"; fewer than {FEW} page views outside the flood say nothing"
    return _row(
        one.asset, one.verdict, word, one.start, one.end, skeleton=one.skeleton, kind=one.kind, place=CLASSES[one.place], requests=one.requests,
        sources=one.sources, peak=one.episode.peak, usual=one.episode.usual, baseline=one.episode.basis, share=one.share, views=seen,
        failed=round(failed), p95=at, p95_usual=usual, signs=one.signs, numbers=numbers, advice=advice,
    )  # fmt: skip


def _of_impact(asset: str, one: Impact, downs: list[tuple[int, int]]) -> dict[str, object]:
    span = (one.begin, one.finish)
    numbers = _numbers(one.views, one.failed, one.p95, one.usual)
    word = one.word
    if any(_meets(span, down) for down in downs):
        word, numbers = UNAVAILABLE, numbers + "; outside probes failed too"
    return _row(
        asset, "impact", word, one.begin, one.finish, kind=word, views=one.views, failed=one.failed, p95=one.p95, p95_usual=one.usual, numbers=numbers
    )


def _of_probes(asset: str, down: tuple[int, int]) -> dict[str, object]:
    return _row(asset, "impact", UNAVAILABLE, *down, kind="probe", numbers="outside probes failed at least twice in a row")


def _silences(asset: str, site: pl.DataFrame, downs: list[tuple[int, int]]) -> list[dict[str, object]]:
    """Times in which nothing at all was logged although requests were to be expected."""
    rows = site.sort("first_seen")
    first, last = rows["first_seen"].to_numpy(), np.maximum.accumulate(rows["last_seen"].to_numpy())
    gaps = first[1:] - last[:-1]
    at = np.flatnonzero(gaps >= _QUIET_MINUTES * MINUTE)
    mean = float(rows["count"].sum()) / max(1.0, (int(last[-1]) - int(first[0])) / MINUTE) if len(rows) else 0.0
    at = at[gaps[at] / MINUTE * mean >= _SILENCE / 4][:1000]
    if not len(at):
        return []
    series = series_of(dealt_out(site), int(first[0]) // MINUTE, int(last[-1]) // MINUTE)
    out = []
    for row in at.tolist():
        begin, finish = int(last[row]), int(first[row + 1])
        expected, independent = _expected(series, begin, finish)
        if independent < _SILENCE:
            continue
        word = UNAVAILABLE if any(_meets((begin, finish), down) for down in downs) else CANNOT_TELL
        numbers = f"no request at all in {(finish - begin) / MINUTE:.0f} minutes, {expected:.0f} were to be expected"
        if word == CANNOT_TELL:
            numbers += "; the site, its network or its log stood still: nothing here says which"
        out.append(_row(asset, "silence", word, begin, finish, kind="missing_traffic", usual=expected * MINUTE / (finish - begin), numbers=numbers))
    return out


def _expected(series: Series, begin: int, finish: int) -> tuple[float, float]:
    """Requests to be expected between two times, hour by hour, and the same divided by how clumped they usually are."""
    low, high = begin // MINUTE + 1, finish // MINUTE
    silent = np.arange(low, high + 1)
    expected = independent = 0.0
    for start in range(low, min(high, low + _LONGEST) + 1, 60):
        usual, clump = clumped(series, start, silent)
        span = min(60, high - start)
        expected += usual * span
        independent += usual * span / clump if clump else 0.0
    return expected, independent


def _numbers(views: int, failed: int, at: float, usual: float) -> str:
    text = f"{views:,} page views, {failed:,} of them failed"
    if at == at:  # noqa: PLR0124 - NaN is not equal to itself
        text += f"; 95 % were answered within {bound(at)} s (usually {bound(usual)} s)"
    return text


def bound(seconds: float) -> str:
    """The bin of a lower bound, in words."""
    if seconds != seconds:  # noqa: PLR0124 - NaN is not equal to itself
        return "?"
    at = 0 if seconds == 0 else STEPS.index(seconds) + 1
    return f"{STEPS[at]:g}" if at < len(STEPS) else f"more than {STEPS[-1]:g}"


_NOTHING: Final[dict[str, object]] = dict.fromkeys(AVAILABILITY.names) | {
    "skeleton": 0, "requests": 0, "sources": 0, "views": 0, "failed": 0, "signs": "", "numbers": "", "advice": "", "place": "", "baseline": "",
}  # fmt: skip


def _row(asset: str, what: str, impact: str, begin: int, finish: int, **more: object) -> dict[str, object]:
    name = hashlib.blake2b(f"{asset} {what} {more.get('kind')} {more.get('place')} {begin}".encode(), digest_size=8).hexdigest()[:15]
    clean = {key: None if isinstance(value, float) and value != value else value for key, value in more.items()}  # noqa: PLR0124
    return _NOTHING | {"period_id": f"v{name}", "what": what, "impact": impact, "asset": asset, "first_seen": begin, "last_seen": finish} | clean


