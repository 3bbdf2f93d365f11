"""Attacks by day and kind: the peak, and whether it grows."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from vigie.drawing import Day, days
from vigie.web.asked import FILTERS, Asked
from vigie.web.page import Column, Content, Page, Para, Picture, Section, Table
from vigie.web.pages.home import day_rows, trend_line, unread_between
from vigie.web.pages.pieces import both, family_short, series, trend_said
from vigie.web.state import State
from vigie.words.days import day
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "days": "By day", "title": "Attacks by day and kind, UTC", "unit": "attacks", "peak": "The peak: {day}, with {n}.", "day": "Day (UTC)", "all": "All", "trend_filtered": "The trend is that of all attacks, without filters.",
        "caption": "Attacks by day and kind", "apart": "The databases have a line of their own under the days, since a few among thousands cannot be seen in a bar.", "part": "The logs cover only a part of these days, so that more may have happened: {days}.", "unread": "No log was read of {days}: that is not zero.", "and": "and {n} more", "covered": "Logs cover", "covered_whole": "the day", "covered_part": "a part", "covered_none": "nothing", "none": "No attack fits the filters.",
    },
    "fr": {
        "days": "Par jour", "title": "Attaques par jour et par sorte, UTC", "unit": "attaques", "peak": "Le pic : le {day}, avec {n}.", "day": "Jour (UTC)", "all": "Toutes", "trend_filtered": "La tendance est celle de toutes les attaques, sans filtre.",
        "caption": "Attaques par jour et par sorte", "apart": "Les bases de données ont leur propre ligne sous les jours : quelques-unes parmi des milliers ne se voient pas dans une barre.", "part": "Les journaux ne couvrent qu'une partie de ces jours, où il a pu se passer davantage : {days}.", "unread": "Aucun journal n'a été lu pour : {days}. Ce n'est pas zéro.", "and": "et {n} autres", "covered": "Couverture", "covered_whole": "le jour", "covered_part": "une partie", "covered_none": "rien", "none": "Aucune attaque ne répond aux filtres.",
    },
}  # fmt: skip
APART: Final = ("database_access",)
TOLD_APART: Final = 6
NAMED: Final = 6
"""Days that a sentence names."""
_BY: Final = "select strftime(first_seen, '%Y-%m-%d') as day, family, count(*) as attacks from attacks where {condition} group by all order by all"


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang, facts = WORDS[asked.lang], asked.lang, state.facts
    condition, values = asked.condition()
    found: list[dict[str, Any]] = state.rows(_BY.format(condition=condition), values) if asked.filtered else [{"day": when, "family": name, "attacks": n} for when, name, n in facts.days]
    by: dict[str, dict[str, int]] = {}
    for row in found:
        by.setdefault(str(row["day"]), {})[str(row["family"])] = int(row["attacks"])
    rows = [Day(one.day, by.get(one.day.isoformat(), None if one.counts is None else {}), one.partial or _cut(one, asked)) for one in day_rows(facts) if _asked(one, asked)]
    totals = Counter({name: sum(counts.get(name, 0) for counts in by.values()) for name in {str(row["family"]) for row in found}})
    names = [name for name, _ in sorted(totals.items(), key=lambda one: (-one[1], one[0]))]
    each = {one.day: sum(one.counts.values()) for one in rows if one.counts is not None}
    peak = max(each, key=lambda one: (each[one], one)) if each and any(each.values()) else None
    said = words["peak"].format(day=day(peak.isoformat(), lang), n=number(each[peak], lang)) if peak else words["none"]
    line = [] if asked.filtered else trend_line(facts, rows)
    wide, narrow = both(days, "days", rows, series(_told(names), lang), lang=lang, title=words["title"], unit=words["unit"], peak=peak, apart=[name for name in APART if name in names], trend=line)
    blocks: list[Any] = [
        Para((said + " " + trend_said(facts.count, lang, gap=unread_between(facts)) + (" " + words["trend_filtered"] if asked.filtered else ""),)),
        *(Para((words[key].format(days=_named(some, lang)),), "caution") for key, some in (("unread", [one for one in rows if one.counts is None]), ("part", [one for one in rows if one.partial and one.counts is not None])) if some),
        Picture(wide, narrow, table=_table(rows, names, asked)), *([Para((words["apart"],), "small")] if any(name in names for name in APART) else []),
    ]  # fmt: skip
    out = [{"day": one.day.isoformat(), "attacks": each.get(one.day), "covered": _covered(one), **{name: None if one.counts is None else one.counts.get(name, 0) for name in names}} for one in rows]
    trend = facts.count.trend
    data = {
        "attacks": sum(each.values()), "days": out, "peak": {"day": peak.isoformat(), "attacks": each[peak]} if peak else None,
        "trend": {"verdict": trend.verdict, "slope": trend.slope, "p_value": trend.p_value, "days": trend.days, "of": "all attacks"},
    }  # fmt: skip
    return Content((Section(words["days"], tuple(blocks)),), data, out, ("day", "attacks", "covered"))


def _asked(one: Day, asked: Asked) -> bool:
    """Whether a day lies within the time that is asked for, or a part of it."""
    since, until = asked.between()
    begins = datetime.combine(one.day, time(), UTC)
    return (since is None or begins + timedelta(days=1) > since) and (until is None or begins < until)


def _cut(one: Day, asked: Asked) -> bool:
    """Whether only a part of a day is asked for."""
    since, until = asked.between()
    begins = datetime.combine(one.day, time(), UTC)
    return (since is not None and begins < since < begins + timedelta(days=1)) or (until is not None and begins < until < begins + timedelta(days=1))


def _covered(one: Day) -> str:
    """How much of a day the logs cover."""
    return "none" if one.counts is None else "part" if one.partial else "whole"


def _named(rows: list[Day], lang: str) -> str:
    """Days by name, the first few."""
    told = ", ".join(day(one.day.isoformat(), lang) for one in rows[:NAMED])
    return told if len(rows) <= NAMED else f"{told} {WORDS[lang]['and'].format(n=number(len(rows) - NAMED, lang))}"


def _told(names: list[str]) -> list[str]:
    """Kinds that the drawing tells apart: the most frequent, and those with a line of their own; the others are drawn as one."""
    return [*names[:TOLD_APART], *(name for name in APART if name in names[TOLD_APART:])]


def _table(rows: list[Day], names: list[str], asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    columns = (
        Column("day", words["day"], "time", lambda row: asked.to("attacks", since=str(row["iso"]), until=str(row["iso"]))), Column("all", words["all"], "number"),
        *([Column("covered", words["covered"])] if any(_covered(one) != "whole" for one in rows) else []), *(Column(name, family_short(name, lang), "number") for name in names),
    )  # fmt: skip
    shown = [{"iso": one.day.isoformat(), "day": one.day.isoformat(), "all": None if one.counts is None else sum(one.counts.values()), "covered": words[f"covered_{_covered(one)}"], **{name: None if one.counts is None else one.counts.get(name, 0) for name in names}} for one in rows]
    return Table(words["caption"], columns, shown)


PAGE: Final = Page("days", {"en": "Day by day", "fr": "Jour par jour"}, make, "attacks", filters=FILTERS, words=WORDS)
