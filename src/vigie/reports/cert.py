"""A notification to a CERT: voluntary, or the steps after 24 hours, 72 hours and one month. What is not known is said so; that is an answer they take.

References:
    - Directive (EU) 2022/2555 (NIS 2), article 23(4)
    - https://www.cert.ssi.gouv.fr/fiche/ (qualification: perimeter, impact, urgency)
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from vigie.reports.cert_words import GAPS, SAID
from vigie.reports.document import Block, Document, Facts, Heading, Listing, Paragraph, Raw, Table
from vigie.reports.facts import NOT_LOOKED, OBSERVED, Disturbance, Report, Source, Unknown
from vigie.reports.indicators import VALID
from vigie.reports.numbers import options
from vigie.reports.press import about, label, stamp
from vigie.reports.report_words import ANSWERS, IMPACTS, PRIVACY, ROLES, WHAT, capital, column, nothing, why_unknown
from vigie.words.families import family_plain
from vigie.words.numbers import number
from vigie.words.origins import RELAY_WORDS

SHOWN: Final = 40
"""Indicators that the document lists; the others are in the files to be loaded."""
COUNTRIES: Final = 8
_HOURS: Final = {"24h": 24, "72h": 72}
MONTH: Final = timedelta(days=30)
"""After the notification, which is due 72 hours after somebody became aware."""
REACTED: Final = ("server reacted", "possible success")


def cert(report: Report, lang: str) -> Document:
    """The notification of the report's stage.

    Args:
        report: the facts.
        lang: `fr` or `en`.
    """
    words = SAID[lang]
    title = words[report.stage]
    blocks: list[Block] = [Heading(title, 1), Paragraph(words["step"]), *_who(report, lang), *_times(report, lang), *_three(report, lang)]
    if report.stage == "24h":
        blocks += [Paragraph(_headline(report, lang))]
    else:
        blocks += [*_kinds(report, lang), *_examples(report, lang), *_indicators(report, lang), *_origin(report, lang), *_rest(report, lang)]
    blocks += [*_custody(report, lang), *personal(report, lang, words["privacy"])]
    return Document(title, blocks, report.marking, lang, about=[*about(report), ("vigie.stage", report.stage)])


def due(report: Report) -> datetime | None:
    """When the document is due; None for a voluntary one, or when nobody said when somebody became aware."""
    aware = report.incident.aware
    if aware is None or report.stage == "voluntary":
        return None
    return aware + timedelta(hours=_HOURS[report.stage]) if report.stage in _HOURS else aware + timedelta(hours=72) + MONTH


def _who(report: Report, lang: str) -> list[Block]:
    words, who = SAID[lang], report.organisation
    pairs = [(words[name], getattr(who, field) or words["none_said"]) for name, field in (
        ("organisation", "name"), ("kind", "kind"), ("role", "role"), ("contact", "contact"), ("email", "email"), ("telephone", "telephone"), ("pgp", "pgp"))]  # fmt: skip
    tlp, pap = report.marking.labels
    pairs.append((words["marking"], words["marking_text"].format(tlp=tlp, pap=pap)))
    return [Heading(words["who"]), Facts(pairs)]


def _times(report: Report, lang: str) -> list[Block]:
    words, said = SAID[lang], report.families
    none = nothing(report, lang)
    pairs = [
        (words["first"], stamp(min(one.first for one in said)) if said else none), (words["last"], stamp(max(one.last for one in said)) if said else none),
        (words["detected"], why_unknown(report.detected, lang) if isinstance(report.detected, Unknown) else stamp(report.detected)),
        (words["aware"], stamp(report.incident.aware) if report.incident.aware else words["none_said"]), (words["made"], stamp(report.made)),
    ]  # fmt: skip
    if report.stage != "voluntary":
        until = due(report)
        pairs.append((words["due"], words["due_text"].format(when=stamp(until), stage=words[report.stage]) if until else words["due_unknown"]))
    return [Heading(words["times"]), Facts(pairs), Paragraph(words["local"])]


def _three(report: Report, lang: str) -> list[Block]:
    words, at = SAID[lang], column(lang)
    sites = sorted({one.asset for one in report.attacks if one.asset})
    shown = ", ".join(sites[:20]) + (f" … ({number(len(sites), lang)})" if len(sites) > 20 else "")
    lines, unread = sum(one.lines for one in report.logs), sum(one.unread for one in report.logs)
    read = words["read_text"].format(logs=number(len(report.logs), lang), lines=number(lines, lang), unread=number(unread, lang))
    answers = dict(report.incident.answers)
    said = {name: ANSWERS[answers[name]][at] if name in answers else words["none_said"] for name in ("malicious", "cross_border", "confidentiality", "integrity", "availability", "personal_data")}
    reacted = sum(one.outcome in REACTED for one in report.attacks)
    return [
        Heading(words["perimeter"]), Facts([(words["sites"], shown or words["none_said"]), (words["read"], read), (words["services"], ", ".join(report.incident.services) or words["none_said"])]),
        Heading(words["impact"]), Facts([(words["visitors"], _hurt(report, lang) or _no_hurt(report, lang)), (words["probes"], words["yes" if report.probed else "no"]),
                                         *((words[name], said[name]) for name in ("availability", "confidentiality", "integrity", "personal_data"))]),
        Heading(words["urgency"]), Facts([(words["running"], _running(report, lang)), (words["doors"], _doors(report, lang)), (words["reacted"], number(reacted, lang) if report.attacks else nothing(report, lang)),
                                          (words["malicious"], said["malicious"]), (words["cross_border"], said["cross_border"]), (words["help"], report.incident.help_wanted or words["none_said"])]),
    ]  # fmt: skip


def _hurt(report: Report, lang: str) -> str:
    return "; ".join(disturbance(one, lang) for one in report.disturbances if one.what != "crowd")


def _no_hurt(report: Report, lang: str) -> str:
    if not report.visited:
        return why_unknown(Unknown(NOT_LOOKED, "web"), lang)
    return SAID[lang]["visitors_none"].format(timed="" if report.timed else SAID[lang]["untimed"])


def disturbance(one: Disturbance, lang: str) -> str:
    """A flood, crowd, bad time or silence in one line."""
    at = column(lang)
    what, impact = WHAT.get(one.what, (one.what, one.what))[at], IMPACTS.get(one.impact, (one.impact, one.impact))[at]
    colon = " : " if lang == "fr" else ": "
    return f"{stamp(one.first)} – {stamp(one.last)} UTC, {one.asset or '-'}{colon}{what}, {impact}"


def _running(report: Report, lang: str) -> str:
    if not report.attacks:
        return nothing(report, lang)
    last = max(one.last for one in report.attacks)
    hours = max(0.0, (report.as_of - last).total_seconds() / 3600)
    return SAID[lang]["running_text"].format(when=stamp(last), hours=f"{hours:.1f}".replace(".", "," if lang == "fr" else "."))


def _doors(report: Report, lang: str) -> str:
    if isinstance(report.doors, Unknown):
        return why_unknown(report.doors, lang)
    rows = sorted(report.doors, key=lambda one: (-one.danger, one.family))
    return "; ".join(SAID[lang]["rank"].format(danger=one.danger, attacks=number(one.attacks, lang), family=one.family) for one in rows)


def _headline(report: Report, lang: str) -> str:
    words = SAID[lang]
    if not report.families:
        return capital(nothing(report, lang)) + "."
    parts = ", ".join(f"{one.name}{' : ' if lang == 'fr' else ': '}{number(one.attacks, lang)}" for one in report.families)
    return words["headline"].format(attacks=number(report.count.attacks, lang), parts=parts)


def _kinds(report: Report, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    blocks: list[Block] = [Heading(words["kinds"]), Paragraph(_headline(report, lang))]
    if not report.families:
        return blocks
    rows = [
        (f"{family_plain(one.name, lang)} ({one.name})", *(number(n, lang) for n in (one.attacks, one.attempts, one.signals, one.tool, one.bespoke, one.undetermined)), " ".join(one.techniques))
        for one in report.families
    ]
    rules = "; ".join(f"{rule} {number(n, lang)}" for one in report.families for rule, n in one.rules)
    tools: dict[str, int] = {}
    for family in report.families:
        for tool, n in family.tools:
            tools[tool] = tools.get(tool, 0) + n
    named = ", ".join(f"{tool} ({number(n, lang)})" for tool, n in sorted(tools.items(), key=lambda pair: (-pair[1], pair[0]))[:30])
    return [
        *blocks, Table(words["head"].split("|"), rows, range(1, 7)),
        Paragraph(words["sensitivity"].format(half=number(count.half, lang), double=number(count.double, lang), pause=f"{count.settings.pause:g}")),
        Paragraph(words["rules"].format(rules=rules, version=report.custody.rules[:12])), Paragraph(words["tools"].format(tools=named) if named else words["tools_none"]),
    ]  # fmt: skip


def _examples(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    lines = [f"{family.name}{' : ' if lang == 'fr' else ': '}" + words["example"].format(file=one.file, byte=one.byte_offset, attack=one.attack_id, text=one.text) for family in report.families for one in family.examples]
    return [Heading(words["examples"]), Paragraph(words["examples_text"]), Raw(lines)] if lines else []


def defanged(address: str) -> str:
    """An address that no program takes for a link."""
    return address[::-1].replace(":" if ":" in address else ".", "]:[" if ":" in address else "].[", 1)[::-1]


def _indicators(report: Report, lang: str) -> list[Block]:
    words, found = SAID[lang], report.indicators
    blocks: list[Block] = [Heading(words["indicators"])]
    if found:
        until = stamp(max(one.last for one in found) + VALID)
        first = sorted(found, key=lambda one: (-one.attacks, -one.signals, one.address))[:SHOWN]
        blocks += [
            Paragraph(words["indicators_text"].format(count=number(len(found), lang), until=until, shown=number(len(first), lang))),
            Table(words["indicator_head"].split("|"), [_row(one, lang) for one in first], (3,)),
        ]
    else:
        blocks.append(Paragraph(words["indicators_none"]))
    seen = sum(one.role == OBSERVED for one in report.sources)
    return [*blocks, Paragraph(words["observed"].format(count=number(seen, lang)))] if seen else blocks


def _row(one: Source, lang: str) -> tuple[str, ...]:
    network = f"AS{one.asn} {one.network}".strip() if one.asn else one.network
    return defanged(one.address), stamp(one.first)[:16], stamp(one.last)[:16], number(one.attacks, lang), ", ".join(one.families), one.country or "-", network or "-"


def _origin(report: Report, lang: str) -> list[Block]:
    words, at = SAID[lang], column(lang)
    if isinstance(report.origin, Unknown):
        return [Heading(words["origin"]), Paragraph(why_unknown(report.origin, lang))]
    found = report.origin.shares
    tables = ", ".join(f"{name} ({date or '?'})" for name, date in report.origin.tables) or "-"
    rows = [(label(one.country, lang), number(one.last_hop, lang), number(one.placed, lang), number(one.most, lang)) for one in found.countries[:COUNTRIES]]
    text = words["origin_text"].format(unknown=number(found.unknown, lang), total=number(found.total, lang), tables=tables, lists=", ".join(report.origin.lists) or words["lists_none"])
    relays = ", ".join(f"{RELAY_WORDS[kind][at]} ({number(n, lang)})" for kind, n in report.origin.relays if kind in RELAY_WORDS)
    more: list[Block] = [Paragraph(words["relays"].format(parts=relays))] if relays else []
    return [Heading(words["origin"]), Paragraph(text), *([Table(words["origin_head"].split("|"), rows, (1, 2, 3))] if rows else []), *more]


def _rest(report: Report, lang: str) -> list[Block]:
    words = SAID[lang]
    measures = [f"{stamp(one.at)} UTC: {one.text}" for one in report.incident.measures]
    posture = why_unknown(report.posture, lang) if isinstance(report.posture, Unknown) else "; ".join(f"{one.component} {one.version}: {one.vulnerability} ({number(one.attacks, lang)})" for one in report.posture)
    if isinstance(report.coincidences, Unknown):
        published = why_unknown(report.coincidences, lang)
    else:
        published = words["coincidences_text"].format(pages=number(len(report.coincidences), lang), first=number(max(one.attacks for one in report.coincidences), lang))
    signed = report.judgement
    judged = why_unknown(signed, lang) if isinstance(signed, Unknown) else words["signed"].format(name=signed.name, date=signed.date, judgement=signed.judgement)
    campaigns = why_unknown(report.campaigns, lang) if isinstance(report.campaigns, Unknown) else number(report.campaigns, lang)
    return [
        Heading(words["posture"]), Paragraph(posture), Heading(words["coincidences"]), Paragraph(published), Paragraph(campaigns, words["campaigns"] + (" :" if lang == "fr" else ":")),
        Heading(words["measures"]), Listing(measures) if measures else Paragraph(words["measures_none"]),
        Facts([(words["cause"], report.incident.root_cause or words["none_said"])]), Heading(words["judgement"]), Paragraph(judged), Heading(words["unseen"]), Listing(unseen(report, lang)),
    ]  # fmt: skip


def unseen(report: Report, lang: str) -> list[str]:
    """What the logs cannot show, one item each."""
    words, at = SAID[lang], column(lang)
    items = words["unseen_items"].split("|")
    if report.visited:
        items.append(words["unseen_posts"].format(posts=number(report.count.hidden_posts, lang)))
    return items + [words["gap"].format(feed=feed or words["unread_log"], what=GAPS.get(what, (what, what))[at]) for feed, what in report.gaps]


def _custody(report: Report, lang: str) -> list[Block]:
    words, custody = SAID[lang], report.custody
    again = words["recount_text"].format(options=options(report.period), attacks=number(report.count.attacks, lang))
    return [
        Heading(words["custody"]),
        Facts([(words["root"], custody.root or "-"), (words["segments"], number(custody.segments, lang)), (words["snapshot"], report.snapshot),
               (words["rules_version"], custody.rules), (words["software"], custody.software), (words["recount"], again)]),
    ]  # fmt: skip


def personal(report: Report, lang: str, title: str) -> list[Block]:
    """What was done with personal data, and which addresses are not told."""
    words, at = PRIVACY[lang], column(lang)
    parts = "; ".join(f"{number(n, lang)} {ROLES[why][at]}" for why, n in report.withheld.items())
    said = words["identified"].format(why=report.identified) if report.identified else words["left"]
    return [Heading(title), Paragraph(said), Paragraph(words["held"].format(parts=parts) if parts else words["held_none"])]
