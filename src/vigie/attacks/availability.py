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
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.attacks.impacts import FEW, SLOWED, UNAVAILABLE, Impact, Views, impacts, meets, p95, usual_p95, views_of
from vigie.detectors.baseline import Series, clumped
from vigie.detectors.endpoints import CLASSES
from vigie.detectors.floods import Look, Surge, surges
from vigie.detectors.traffic import MINUTE, STEPS
from vigie.detectors.traffic_frame import dealt_out, series_of
from vigie.sources.known_layouts import RECOMMENDED

ABSORBED, CANNOT_TELL = "absorbed", "cannot tell"
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


def weighed(traffic: pl.DataFrame, look: Look, probes: Sequence[tuple[str, int, bool]]) -> tuple[list[Surge], pa.Table]:
    """Find surges and bad times, and say of each surge what it did to visitors.

    Args:
        traffic: `traffic_frame` of everything.
        look: gives details of ten minutes of a site.
        probes: site, time (microseconds) and success of each outside measurement, in order of time.

    Returns:
        the surges, and rows of `AVAILABILITY`.
    """
    sites = {str(asset): rows for (asset,), rows in traffic.group_by(["asset"], maintain_order=True)}
    first_look = {asset: _served(rows, []) for asset, rows in sites.items()}
    impaired = {asset: {m for one in found for m in range(one.start, one.end + 1)} for asset, (_, found, _) in first_look.items()}
    found = list(surges(traffic, look, impaired))
    rows: list[dict[str, object]] = []
    for asset, site in sites.items():
        mine = [one for one in found if one.asset == asset]
        views, bad, usual = _served(site, mine) if mine else first_look[asset]
        downs = _failed_probes([(at, good) for name, at, good in probes if name in (asset, "")])
        rows += [_of_surge(one, views, bad, usual, downs) for one in mine]
        rows += [_of_impact(asset, one, downs) for one in bad]
        silent = _silences(asset, site, downs)
        rows += silent
        told = [(one.begin, one.finish) for one in bad] + [(int(str(row["first_seen"])), int(str(row["last_seen"]))) for row in silent]
        rows += [_of_probes(asset, down) for down in downs if not any(meets(down, span) for span in told)]
    rows.sort(key=lambda row: (str(row["asset"]), row["first_seen"], str(row["what"])))
    return found, pa.Table.from_pylist(rows, schema=AVAILABILITY)


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


def _served(site: pl.DataFrame, floods: Sequence[Surge]) -> tuple[Views, list[Impact], float]:
    """Page views of a site outside what floods asked for, the times in which they were served badly, and what is usual."""
    views, rows = views_of(site, [(one.place, one.episode.start, one.episode.end) for one in floods if one.verdict != "crowd"])
    usual = usual_p95(views)
    return views, impacts(views, rows, usual), usual


def _of_surge(one: Surge, views: Views, bad: list[Impact], usual: float, downs: list[tuple[int, int]]) -> dict[str, object]:
    """A surge with what visitors got while it lasted."""
    start, end = one.episode.start, one.episode.end
    inside = views.between(start, end)
    steps = inside.steps.sum(axis=0)
    answered, failed = float(inside.answered.sum()), float(inside.failed.sum())
    seen = round(answered + failed)
    worst = [other for other in bad if other.start <= end + 1 and other.end >= start - 1]
    span = (one.start - MINUTE, one.end + MINUTE)
    at = p95(steps)
    advice = ""
    if any(other.word == UNAVAILABLE for other in worst) or any(meets(span, down) for down in downs):
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
    if any(meets(span, down) for down in downs):
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
        word = UNAVAILABLE if any(meets((begin, finish), down) for down in downs) else CANNOT_TELL
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
    if not math.isnan(at):
        text += f"; 95 % were answered within {bound(at)} s (usually {bound(usual)} s)"
    return text


def bound(seconds: float) -> str:
    """The bin of a lower bound, in words."""
    if math.isnan(seconds):
        return "?"
    at = 0 if seconds == 0 else STEPS.index(seconds) + 1
    return f"{STEPS[at]:g}" if at < len(STEPS) else f"more than {STEPS[-1]:g}"


_NOTHING: Final[dict[str, object]] = dict.fromkeys(AVAILABILITY.names) | {
    "skeleton": 0, "requests": 0, "sources": 0, "views": 0, "failed": 0, "signs": "", "numbers": "", "advice": "", "place": "", "baseline": "",
}  # fmt: skip


def _row(asset: str, what: str, impact: str, begin: int, finish: int, **more: object) -> dict[str, object]:
    name = hashlib.blake2b(f"{asset} {what} {more.get('kind')} {more.get('place')} {begin}".encode(), digest_size=8).hexdigest()[:15]
    clean = {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in more.items()}
    return _NOTHING | {"period_id": f"v{name}", "what": what, "impact": impact, "asset": asset, "first_seen": begin, "last_seen": finish} | clean


