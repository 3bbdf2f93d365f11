"""Attacks by day and kind: the peak, and whether it grows."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from vigie.drawing import Day, days
from vigie.web.asked import FILTERS, Asked
from vigie.web.page import Column, Content, Page, Para, Picture, Section, Table
from vigie.web.pages.home import day_rows
from vigie.web.pages.pieces import both, family_short, series, trend_said
from vigie.web.state import State
from vigie.words.days import day
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "days": "By day", "title": "Attacks by day and kind, UTC", "unit": "attacks", "peak": "The peak: {day}, with {n}.", "day": "Day (UTC)", "all": "All", "trend_filtered": "The trend is that of all attacks, without filters.",
        "caption": "Attacks by day and kind", "apart": "The databases have a line of their own under the days, since a few among thousands cannot be seen in a bar.", "part": "Pale or marked days are covered in part only by the logs.", "none": "No attack fits the filters.",
    },
    "fr": {
        "days": "Par jour", "title": "Attaques par jour et par sorte, UTC", "unit": "attaques", "peak": "Le pic : le {day}, avec {n}.", "day": "Jour (UTC)", "all": "Toutes", "trend_filtered": "La tendance est celle de toutes les attaques, sans filtre.",
        "caption": "Attaques par jour et par sorte", "apart": "Les bases de données ont leur propre ligne sous les jours : quelques-unes parmi des milliers ne se voient pas dans une barre.", "part": "Les jours marqués ne sont couverts qu'en partie par les journaux.", "none": "Aucune attaque ne répond aux filtres.",
    },
}  # fmt: skip
APART: Final = ("database_access",)
TOLD_APART: Final = 6
_BY: Final = "select strftime(first_seen, '%Y-%m-%d') as day, family, count(*) as attacks from attacks where {condition} group by all order by all"


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang, facts = WORDS[asked.lang], asked.lang, state.facts
    condition, values = asked.condition()
    found: list[dict[str, Any]] = state.rows(_BY.format(condition=condition), values) if asked.filtered else [{"day": when, "family": name, "attacks": n} for when, name, n in facts.days]
    by: dict[str, dict[str, int]] = {}
    for row in found:
        by.setdefault(str(row["day"]), {})[str(row["family"])] = int(row["attacks"])
    since, until = asked.since[:10], asked.until[:10]
    rows = [Day(one.day, by.get(one.day.isoformat(), {}), one.partial) for one in day_rows(facts) if (not since or one.day.isoformat() >= since) and (not until or one.day.isoformat() <= until)]
    totals = Counter({name: sum(counts.get(name, 0) for counts in by.values()) for name in {str(row["family"]) for row in found}})
    names = [name for name, _ in sorted(totals.items(), key=lambda one: (-one[1], one[0]))]
    each = {one.day: sum((one.counts or {}).values()) for one in rows}
    peak = max(each, key=lambda one: (each[one], one)) if each and any(each.values()) else None
    said = words["peak"].format(day=day(peak.isoformat(), lang), n=number(each[peak], lang)) if peak else words["none"]
    wide, narrow = both(days, "days", rows, series(_told(names), lang), lang=lang, title=words["title"], unit=words["unit"], peak=peak, apart=[name for name in APART if name in names])
    blocks: list[Any] = [
        Para((said + " " + trend_said(facts.count, lang) + (" " + words["trend_filtered"] if asked.filtered else ""),)), Picture(wide, narrow, words["part"], _table(rows, names, asked)), Para((words["apart"],), "small"),
    ]  # fmt: skip
    out = [{"day": one.day.isoformat(), "attacks": each[one.day], **{name: (one.counts or {}).get(name, 0) for name in names}} for one in rows]
    trend = facts.count.trend
    data = {
        "attacks": sum(each.values()), "days": out, "peak": {"day": peak.isoformat(), "attacks": each[peak]} if peak else None,
        "trend": {"verdict": trend.verdict, "slope": trend.slope, "p_value": trend.p_value, "days": trend.days, "of": "all attacks"},
    }  # fmt: skip
    return Content((Section(words["days"], tuple(blocks)),), data, out, ("day", "attacks"))


def _told(names: list[str]) -> list[str]:
    """Kinds that the drawing tells apart: the most frequent, and those with a line of their own; the others are drawn as one."""
    return [*names[:TOLD_APART], *(name for name in APART if name in names[TOLD_APART:])]


def _table(rows: list[Day], names: list[str], asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    columns = (
        Column("day", words["day"], "time", lambda row: asked.to("attacks", since=str(row["iso"]), until=str(row["iso"]))), Column("all", words["all"], "number"),
        *(Column(name, family_short(name, lang), "number") for name in names),
    )  # fmt: skip
    shown = [{"iso": one.day.isoformat(), "day": one.day.isoformat(), "all": sum((one.counts or {}).values()), **{name: (one.counts or {}).get(name, 0) for name in names}} for one in rows]
    return Table(words["caption"], columns, shown)


PAGE: Final = Page("days", {"en": "Day by day", "fr": "Jour par jour"}, make, "attacks", filters=FILTERS, words=WORDS)
