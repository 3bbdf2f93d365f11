"""The headline and how it came about: a ladder in which nothing disappears.

At every step what goes in is what is kept, plus what is set aside (with the reason), plus what is grouped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vigie.attacks.derive import NAMED_ONLY, OPERATIONS, TOO_WEAK, signs_of
from vigie.attacks.sessions import Orders, beginnings
from vigie.attacks.settings import Settings
from vigie.attacks.trend import Trend, trend

if TYPE_CHECKING:
    import duckdb

OUTSIDE = "began outside the period asked for"

BY = {
    "day": "strftime(first_seen, '%Y-%m-%d')",
    "hour": "strftime(first_seen, '%Y-%m-%d %H:00')",
    "family": "family",
    "automation": "automation",
    "tool": "coalesce(tool, '-')",
    "kind": "coalesce(kind, '-')",
    "asset": "asset",
    "source": "actor",
    "outcome": "outcome",
    "danger": "danger::varchar",
    "country": "coalesce((select p.country from attack_places p where p.attack_id = attacks.attack_id), '-')",
}
"""What `--by` accepts, and the SQL that gives it; `country` is that of the last hop, of the table `attack_places`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `count` of `unit`; of these `set_aside` go no further and `grouped` merge into others."""

    step: str
    unit: str
    count: int
    set_aside: tuple[tuple[str, int], ...] = ()
    grouped: int = 0


@dataclass(frozen=True, slots=True)
class Automation:
    """How many technical attacks were made by a tool, how many for this site by hand, and of how many it cannot be said."""

    tool: int
    bespoke: int
    undetermined: int

    @property
    def interval(self) -> tuple[int, int]:
        """Fewest and most attacks that may be bespoke."""
        return self.bespoke, self.bespoke + self.undetermined


@dataclass(frozen=True, slots=True)
class Count:
    """The answer to "how many, and how do you arrive at that number?". Of `attacks`, `operations` are no technical attacks: what posts show, in a lane of its own."""

    attacks: int
    first: datetime | None
    last: datetime | None
    ladder: tuple[Step, ...]
    half: int
    double: int
    peak: tuple[str, int] | None
    days: tuple[tuple[str, int], ...]
    trend: Trend
    by: tuple[tuple[str, int], ...] = ()
    hidden_posts: int = 0
    automation: Automation = field(default_factory=lambda: Automation(0, 0, 0))
    settings: Settings = field(default_factory=Settings)
    operations: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """The attacks that are asked for: those that began at `since` or later, and before `until`."""

    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> str:
        """In SQL, over the tables' `first_seen`."""
        parts = ["true"]
        if self.since:
            parts.append(f"first_seen >= make_timestamptz({_micros(self.since)})")
        if self.until:
            parts.append(f"first_seen < make_timestamptz({_micros(self.until)})")
        return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a count must look up in all signals and no period changes. Looked up once, a count of any period asks the table `attacks` alone.

    Attributes:
        ladder: of everything.
        half, double: when each attack would begin under half and double the pause, microseconds, shape (attacks,).
        hidden_posts: requests whose content no log holds.
    """

    ladder: tuple[Step, ...]
    half: npt.NDArray[np.int64]
    double: npt.NDArray[np.int64]
    hidden_posts: int


def fixed_of(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Fixed:
    """Look it up.

    Args:
        connection: a catalogue's connection.
        settings: those the tables were derived with.
    """
    signs = signs_of(connection)
    orders = Orders.of(signs)
    half, double = (beginnings(signs, settings.at(times), orders) for times in (0.5, 2.0))
    return Fixed(ladder(connection), half, double, _number(connection, "select coalesce(sum(count), 0)::bigint from tallies where tally = 'posts_without_body'"))


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def count(connection: duckdb.DuckDBPyConnection, settings: Settings, by: str = "family", during: Period | None = None, fixed: Fixed | None = None) -> Count:
    """Count what the tables `files`, `unread`, `raw_signals`, `labels`, `attempts`, `attacks`, `tallies` hold.

    Args:
        connection: a catalogue's connection.
        settings: those the tables were derived with.
        by: a key of `BY`.
        during: only attacks that began then; the ladder gets one more rung, since lines are not dated one by one.
        fixed: `fixed_of` the same state, where it is known already.

    Raises:
        KeyError: `by` is not a key of `BY`.
    """
    grouped = BY[by]
    during, fixed = during or Period(), fixed or fixed_of(connection, settings)
    asked = during.condition()
    attacks = _number(connection, f"select count(*) from attacks where {asked}")
    period = _within(connection.execute("select min(first_seen), max(last_seen) from files").fetchone(), during)
    days = _days(connection, period[0], period[1], asked)
    whole = [n for _, n in days[1:-1]] if len(days) > 2 else []
    rows = connection.execute(f"select {grouped} as label, count(*) from attacks where {asked} group by label order by 2 desc, 1").fetchall()
    if by in ("day", "hour"):
        rows = sorted(rows)
    peak = max(days, key=lambda d: (d[1], d[0])) if attacks and days else None
    return Count(
        attacks=attacks,
        first=period[0],
        last=period[1],
        ladder=_ladder_during(fixed.ladder, attacks, during),
        half=_begun(fixed.half, during),
        double=_begun(fixed.double, during),
        peak=peak,
        days=tuple(days),
        trend=trend(whole),
        by=tuple((str(label), int(n)) for label, n in rows),
        hidden_posts=fixed.hidden_posts,
        automation=_automation(connection, asked),
        settings=settings,
        operations=_number(connection, f"select count(*) from attacks where family = '{OPERATIONS}' and {asked}"),
    )


def _automation(connection: duckdb.DuckDBPyConnection, asked: str) -> Automation:
    found = dict(connection.execute(f"select automation, count(*) from attacks where family <> '{OPERATIONS}' and {asked} group by 1").fetchall())
    return Automation(*(int(found.get(word, 0)) for word in ("tool", "bespoke", "undetermined")))


def _begun(beginnings_: npt.NDArray[np.int64], during: Period) -> int:
    low = _micros(during.since) if during.since else -(2**62)
    high = _micros(during.until) if during.until else 2**62
    return int(((beginnings_ >= low) & (beginnings_ < high)).sum())


def _within(whole: tuple[datetime | None, ...] | None, during: Period) -> tuple[datetime | None, datetime | None]:
    first, last = whole or (None, None)
    if first is None or last is None:
        return None, None
    first = max(first, during.since) if during.since else first
    last = min(last, during.until - timedelta(microseconds=1)) if during.until else last
    return (first, last) if first <= last else (None, None)


def _ladder_during(whole: tuple[Step, ...], attacks: int, during: Period) -> tuple[Step, ...]:
    if during == Period():
        return whole
    outside = whole[-1].count - attacks
    return (*whole[:-1], replace(whole[-1], set_aside=((OUTSIDE, outside),) if outside else ()), Step("attacks in the period asked for", "attack", attacks))


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def ladder(connection: duckdb.DuckDBPyConnection) -> tuple[Step, ...]:
    """Lines → records → suspicious records → signals → attempts → attacks."""
    lines, read, _, aside = connection.execute(
        "select coalesce(sum(lines),0)::bigint, coalesce(sum(read),0)::bigint, coalesce(sum(unread),0)::bigint, coalesce(sum(aside),0)::bigint from files"
    ).fetchone() or (0, 0, 0, 0)
    reasons = connection.execute("select reason::varchar, count(*) from unread group by 1 order by 2 desc, 1").fetchall()
    suspicious = _number(connection, "select count(*) from (select distinct feed, file, byte_offset from raw_signals)")  # the view `signals` joins millions of rows for nothing here
    signals = _number(connection, "select count(*) from labels")
    named = _number(connection, "select count(*) from labels where attempt is null or attempt <= 0")
    attempts = _number(connection, "select count(*) from attempts")
    weak = _number(connection, "select count(*) from attempts where attack_id is null")
    attacks = _number(connection, "select count(*) from attacks")
    records = int(read) - int(aside)
    set_aside = tuple((f"unread: {reason}", int(n)) for reason, n in reasons)
    if aside:
        set_aside += (("already read in another file", int(aside)),)
    return (
        Step("lines", "line", int(lines), set_aside),
        Step("records", "record", records, (("no detector spoke", records - suspicious),)),
        Step("suspicious records", "record", suspicious),
        Step("signals", "signal", signals, ((NAMED_ONLY, named),) if named else (), signals - named - attempts),
        Step("attempts", "attempt", attempts, ((TOO_WEAK, weak),) if weak else (), attempts - weak - attacks),
        Step("attacks", "attack", attacks),
    )


def _days(connection: duckdb.DuckDBPyConnection, first: datetime | None, last: datetime | None, asked: str) -> list[tuple[str, int]]:
    """Attacks by the day (UTC) on which they began, days without any included."""
    if first is None or last is None:
        return []
    found = dict(connection.execute(f"select strftime(first_seen, '%Y-%m-%d'), count(*) from attacks where {asked} group by 1").fetchall())
    day, end = first.date(), last.date()
    if (end - day) > timedelta(days=4000):
        return sorted((str(d), int(n)) for d, n in found.items())
    out: list[tuple[str, int]] = []
    while day <= end:
        out.append((_iso(day), int(found.get(_iso(day), 0))))
        day += timedelta(days=1)
    return out


def _iso(day: date) -> str:
    return day.isoformat()
