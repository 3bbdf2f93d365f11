"""The report for one's own house: one HTML file with drawings, that prints well and fetches nothing. The browser makes a PDF of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from vigie.drawing import Day, Door, Ranked, Rung, Series, days, interval, ladder, lane, ranked
from vigie.reports import cert
from vigie.reports.cert_words import SAID as CERT
from vigie.reports.document import Block, Document, Drawing, Facts, Heading, Listing, Paragraph, Raw, Table
from vigie.reports.facts import NOT_LOOKED, Report, Unknown
from vigie.reports.html_words import SAID
from vigie.reports.numbers import Ledger
from vigie.reports.press import DOORS, about, breakdown, label, stamp
from vigie.reports.report_words import WATCHED, capital, column, nothing, why_unknown
from vigie.words.days import day
from vigie.words.doors import DANGERS
from vigie.words.families import family_plain
from vigie.words.ladder import reason_name, step_name
from vigie.words.numbers import number
from vigie.words.origins import SAID as ORIGINS

TOLD_APART: Final = 7
"""Families with a colour of their own; the others share one."""
BOTH: Final = (0, 1)
"""A drawing for paper and screens, and one for phones."""
PAGES: Final = 40
"""Publications that are listed."""


def html(report: Report, lang: str) -> Document:
    """The report as a document.

    Args:
        report: the facts.
        lang: `fr` or `en`.
    """
    words = SAID[lang]
    blocks: list[Block] = [
        Heading(words["title"], 1), *_head(report, lang), *_up(report, lang), *_doors(report, lang), *_days(report, lang), *_kinds(report, lang), *_ladder(report, lang),
        *_origin(report, lang), *_publications(report, lang), *_watched(report, lang), *_lines(report, lang), Heading(words["unseen"]), Listing(cert.unseen(report, lang)),
        *_custody(report, lang), *cert.personal(report, lang, words["privacy"]), Paragraph(words["commands"]),
    ]  # fmt: skip
    return Document(words["title"], blocks, report.marking, lang, about=about(report))


def _head(report: Report, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    if not (count.first and count.last):
        return [Paragraph(words["none_read"])]
    if not count.attacks:
        return [Paragraph(capital(nothing(report, lang)) + ".")]
    when = {"first": stamp(count.first), "last": stamp(count.last)}
    total = words["headline"].format(attacks=number(count.attacks, lang), days=number(len(count.days), lang), **when)
    who = [Paragraph(report.organisation.name)] if report.organisation.name else []
    return [*who, Paragraph(breakdown(report, Ledger(lang)), total)]


def _up(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    if not report.visited and not report.disturbances:
        return [Heading(words["up"]), Paragraph(why_unknown(Unknown(NOT_LOOKED, "web"), lang))]
    if not report.disturbances:
        return [Heading(words["up"]), Paragraph(words["up_none"].format(timed="" if report.timed else words["untimed"]))]
    return [Heading(words["up"]), Listing([cert.disturbance(one, lang) for one in report.disturbances])]


def _doors(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    if isinstance(report.doors, Unknown):
        return [Heading(words["doors"]), Paragraph(why_unknown(report.doors, lang))]
    ranks = sorted(report.doors, key=lambda one: (-one.danger, one.family))
    rows = [Door(f"{one.family}-{one.danger}", DANGERS[lang][one.danger], one.danger, one.attacks, family_plain(one.family, lang)) for one in ranks]
    told = "; ".join(CERT[lang]["rank"].format(danger=one.danger, attacks=number(one.attacks, lang), family=one.family) for one in ranks)
    drawn = [lane(rows, title=words["doors_title"], lang=lang, name=f"doors{at}", unit=words["attacks"], narrow=bool(at)) for at in BOTH]
    return [Heading(words["doors"]), Drawing(drawn[0], "", drawn[1], told)]


def _days(report: Report, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    if not count.days or not count.attacks:
        return []
    by = _by_day(report)
    first, last = count.days[0][0], count.days[-1][0]
    rows = [Day(date.fromisoformat(iso), by.get(iso, {}), iso in (first, last)) for iso, _ in count.days]
    names = [one.name for one in report.families]
    apart = [name for name in names if name in DOORS]  # 17 of 3,000 vanish in a stack
    own = [Series(name, family_plain(name, lang)) for name in [*[name for name in names if name not in apart][: TOLD_APART - len(apart)], *apart]]
    peak = date.fromisoformat(count.peak[0]) if count.peak else None
    drawn = [days(rows, own, title=words["days_title"], lang=lang, name=f"days{at}", peak=peak, unit=words["attacks"], apart=apart, narrow=bool(at)) for at in BOTH]
    caption = words["peak"].format(day=day(count.peak[0], lang), count=number(count.peak[1], lang)) if count.peak else ""
    return [Heading(words["days"]), Drawing(drawn[0], caption, drawn[1])]


def _by_day(report: Report) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Counter[str]] = {}
    for one in report.attacks:
        found.setdefault(one.first.astimezone(UTC).date().isoformat(), Counter())[one.family] += 1
    return found


def _kinds(report: Report, lang: str) -> list[Block]:
    words, found = SAID[lang], report.count.automation
    if not report.families:
        return []
    head = CERT[lang]["head"].split("|")
    rows = [(f"{family_plain(one.name, lang)} ({one.name})", *(number(n, lang) for n in (one.attacks, one.attempts, one.signals, one.tool, one.bespoke, one.undetermined)), " ".join(one.techniques))
            for one in report.families]  # fmt: skip
    low, high = found.interval
    drawn = [interval(found.tool, found.bespoke, found.undetermined, title=words["tools_title"], lang=lang, name=f"tools{at}", unit=words["attacks"], narrow=bool(at)) for at in BOTH]
    told = words["tools_text"].format(tool=number(found.tool, lang), low=number(low, lang), high=number(high, lang))
    return [Heading(words["kinds"]), Table(head, rows, range(1, 7)), Heading(words["tools"]), Drawing(drawn[0], told, drawn[1])]


def _ladder(report: Report, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    rungs = [Rung(step_name(one.step, lang), one.count, [(reason_name(reason, lang), n) for reason, n in one.set_aside], one.grouped, one.step) for one in count.ladder]
    told = words["ladder_text"].format(pause=f"{count.settings.pause:g}", half=number(count.half, lang), double=number(count.double, lang))
    drawn = [ladder(rungs, title=words["ladder_title"], lang=lang, name=f"ladder{at}", narrow=bool(at)) for at in BOTH]
    return [Heading(words["ladder"]), Drawing(drawn[0], told, drawn[1])]


def _origin(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    if isinstance(report.origin, Unknown):
        return [Heading(words["origin"]), Paragraph(why_unknown(report.origin, lang))]
    found = report.origin.shares
    rows = [Ranked(one.country, label(one.country, lang), one.last_hop, one.placed, one.most) for one in found.countries]
    drawn = [ranked(rows, title=words["origin_title"], lang=lang, name=f"origin{at}", total=found.total, unit=words["attacks"], most=12, narrow=bool(at)) for at in BOTH]
    tables = ", ".join(f"{name} ({when or '?'})" for name, when in report.origin.tables) or "-"
    told = CERT[lang]["origin_text"].format(
        unknown=number(found.unknown, lang), total=number(found.total, lang), tables=tables, lists=", ".join(report.origin.lists) or CERT[lang]["lists_none"]
    )
    return [Heading(words["origin"]), Drawing(drawn[0], ORIGINS[lang]["caution"], drawn[1]), Paragraph(told)]


def _publications(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    if isinstance(report.coincidences, Unknown):
        return [Heading(words["publications"]), Paragraph(why_unknown(report.coincidences, lang))]
    rows = [
        (one.page, _minute(one.online), number(one.attacks, lang), "-" if one.usual is None else number(round(one.usual), lang), number(one.days, lang), number(one.on_page, lang))
        for one in report.coincidences[-PAGES:]
    ]
    return [Heading(words["publications"]), Table(words["pub_head"].split("|"), rows, range(2, 6))]


def _minute(moment: datetime) -> str:
    return stamp(moment)[:16]


def _watched(report: Report, lang: str) -> list[Block]:
    """What nobody gave vigie yet, never a zero."""
    at = column(lang)
    missing = [WATCHED[one.watched][at].strip(" ()") for one in (report.posture, report.campaigns, report.judgement, report.detected) if isinstance(one, Unknown) and one.watched in WATCHED]
    return [Heading(SAID[lang]["not_watched"]), Listing(missing)] if missing else []


def _lines(report: Report, lang: str) -> list[Block]:
    words, said = SAID[lang], CERT[lang]["example"]
    blocks: list[Block] = []
    for family in report.families:
        if family.examples:
            lines = [said.format(file=one.file, byte=one.byte_offset, attack=one.attack_id, text=one.text) for one in family.examples]
            blocks += [Heading(family_plain(family.name, lang), 3), Raw(lines)]
    return [Heading(words["evidence"]), *blocks] if blocks else []


def _custody(report: Report, lang: str) -> list[Block]:
    words, custody = CERT[lang], report.custody
    pairs = [(words["root"], custody.root or "-"), (words["segments"], number(custody.segments, lang)), (words["snapshot"], report.snapshot),
             (words["rules_version"], custody.rules), (words["software"], custody.software), (words["made"], stamp(report.made))]  # fmt: skip
    logs = [(one.feed or "-", one.format, number(one.lines, lang), number(one.read, lang), number(one.unread, lang)) for one in report.logs]
    head = ("log", "format", "lines", "read", "unread") if lang == "en" else ("journal", "format", "lignes", "lues", "illisibles")
    return [Heading(SAID[lang]["custody"]), Facts(pairs), *([Table(head, logs, (2, 3, 4))] if logs else [])]
