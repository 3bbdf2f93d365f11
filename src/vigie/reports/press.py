"""The press page: number, method and doubt on one page, so that a stranger can recompute it. Ten points, and the commands.

Numbers are written through a `Ledger` only; what it does not know cannot stand here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from vigie.attacks.derive import OPERATIONS
from vigie.origins.countries import country_name, is_private
from vigie.reports.document import Block, Document, Heading, Paragraph, Raw, Table
from vigie.reports.facts import NOT_LOOKED, Report, Unknown
from vigie.reports.numbers import Ledger, condition, options
from vigie.reports.press_words import SAID
from vigie.reports.report_words import capital, nothing, why_unknown
from vigie.words.days import day
from vigie.words.families import family_plain

GRAVE: Final = 5
"""Rank of danger from which on an account exists, or somebody got in."""
DOORS: Final = ("database_access", "remote_login")


def press(report: Report, lang: str) -> Document:
    """The page as a document.

    Args:
        report: the facts.
        lang: `fr` or `en`.
    """
    return page(report, lang)[0]


def page(report: Report, lang: str) -> tuple[Document, Ledger]:
    """The page, and its numbers with their commands."""
    words, ledger = SAID[lang], Ledger(lang)
    blocks: list[Block] = [*_head(report, ledger, lang), *_points(report, ledger, lang)]
    blocks += [Paragraph(words["personal"]), Paragraph("", words["commands"]), Raw([f"{command}  # {fields}" for command, fields in ledger.lines()])]
    title = words["title_none"] if not report.count.attacks else blocks[0].text if isinstance(blocks[0], Heading) else ""
    return Document(title, blocks, report.marking, lang, dense=True, about=about(report)), ledger


def about(report: Report) -> list[tuple[str, str]]:
    """Metadata of a document: what made it, from what."""
    return [("generator", report.custody.software), ("vigie.snapshot", report.snapshot), ("vigie.root", report.custody.root), ("vigie.made", stamp(report.made))]


def stamp(moment: datetime) -> str:
    """A moment of UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _head(report: Report, ledger: Ledger, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    if not count.attacks:
        return [Heading(words["title_none"], 1), Paragraph(capital(nothing(report, lang)) + ".")]
    asked = options(report.period)
    head = words["title_one" if count.attacks == 1 else "title"].format(
        attacks=ledger.write(count.attacks, f"vigie count --json{asked}", "attacks"), days=_days(report, ledger)
    )
    name = f"{report.organisation.name}. " if report.organisation.name else ""
    return [Heading(head, 1), Paragraph(name + breakdown(report, ledger))]


def breakdown(report: Report, ledger: Ledger) -> str:
    """What the total is made of, in one sentence: no total of scans and attempts at databases stands alone."""
    words, groups = SAID[ledger.lang], {"of_web": 0, "of_scans": 0, "of_doors": 0, "of_floods": 0, "of_operations": 0}
    for family in report.families:
        name = family.name
        key = "of_scans" if name == "port_scan" else "of_doors" if name in DOORS else "of_floods" if name == "denial_of_service" else "of_operations" if name == OPERATIONS else "of_web"
        groups[key] += family.attacks
    command = f'vigie sql --json "{_groups(report)}"'
    parts = [words[key].format(count=ledger.write(n, command, key.removeprefix("of_"))) for key, n in groups.items() if n]
    return words["by"].format(parts=(" ; " if ledger.lang == "fr" else "; ").join(parts))


def _groups(report: Report) -> str:
    doors = ", ".join(f"'{name}'" for name in DOORS)
    kinds = {"scans": "family = 'port_scan'", "doors": f"family in ({doors})", "floods": "family = 'denial_of_service'", "operations": f"family = '{OPERATIONS}'"}
    counted = [f"count(*) filter ({test}) as {name}" for name, test in kinds.items()]
    others = f"count(*) filter (family not in ('port_scan', 'denial_of_service', '{OPERATIONS}', {doors})) as web"
    return f"select {others}, {', '.join(counted)} from attacks{condition(report.period)}"


def _days(report: Report, ledger: Ledger) -> str:
    first, last = report.count.first, report.count.last
    days = (last.astimezone(UTC).date() - first.astimezone(UTC).date()).days + 1 if first and last else 0
    return ledger.write(days, f"vigie count --json{options(report.period)}", "period", "days")


def _points(report: Report, ledger: Ledger, lang: str) -> list[Block]:
    words, count = SAID[lang], report.count
    asked = f"vigie count --json{options(report.period)}"
    pause = ledger.write(count.settings.pause, asked, "sensitivity.pause_minutes")
    blocks: list[Block] = [
        Paragraph(words["unit_text"].format(pause=pause), words["unit"]),
        Paragraph(_period(report, ledger, lang), words["period"]),
        Paragraph(_read(report, ledger, lang), words["sources"]),
        *_kinds(report, ledger, lang),
    ]
    if count.attacks:
        half, double = ledger.write(count.half, asked, "sensitivity.half"), ledger.write(count.double, asked, "sensitivity.double")
        blocks.append(Paragraph(words["sensitivity_text"].format(half=half, double=double), words["sensitivity"]))
        told = _automation(report, ledger, lang) if count.attacks > count.operations else capital(why_unknown(Unknown(NOT_LOOKED, "logs"), lang)) + "."
        blocks.append(Paragraph(told, words["automation"]))
    blocks += [
        Paragraph(_origin(report, ledger, lang), words["origin"]),
        Paragraph(_unseen(report, ledger, lang), words["unseen"]),
        Paragraph(_coincidences(report, ledger, lang), words["coincidence"]),
        Paragraph(_made(report, lang), words["made"]),
    ]
    return blocks


def _period(report: Report, ledger: Ledger, lang: str) -> str:
    words, count = SAID[lang], report.count
    if not (count.first and count.last):
        return words["period_none"]
    asked = f"vigie count --json{options(report.period)}"
    parts = [words["period_text"].format(first=_clock(count.first, lang), last=_clock(count.last, lang), days=_days(report, ledger))]
    if count.peak and count.attacks:
        parts.append(words["peak"].format(day=day(count.peak[0], lang), count=ledger.write(count.peak[1], asked, "peak.attacks")))
    trend = count.trend
    if trend.slope is None or trend.p_value is None:
        return " ".join([*parts, words["few"]])
    told = {"p": ledger.write(trend.p_value, asked, "trend.p_value", "probability"), "days": ledger.write(trend.days, asked, "trend.days")}
    if trend.verdict in ("rising", "falling"):
        told["slope"] = ledger.write(trend.slope, asked, "trend.slope", "signed")
    return " ".join([*parts, words[trend.verdict if "slope" in told else "flat"].format(**told)])


def _clock(moment: datetime, lang: str) -> str:
    when = moment.astimezone(UTC)
    return f"{day(when.date().isoformat(), lang)}, {when:%H:%M:%S}"


def _read(report: Report, ledger: Ledger, lang: str) -> str:
    words = SAID[lang]
    command = 'vigie sql --json "select count(*) as files, sum(lines)::bigint as lines, sum(unread)::bigint as unread from files"'
    ladder = report.count.ladder
    unread = sum(n for reason, n in ladder[0].set_aside if reason.startswith("unread: "))
    silent = [one for one in report.disturbances if one.what == "silence"]
    hours = sum((one.last - one.first).total_seconds() for one in silent) / 3600
    after = condition(report.period)
    query = f"select coalesce(sum(epoch(last_seen - first_seen)), 0) / 3600 as hours from availability{after} {'and' if after else 'where'} what = 'silence'"
    said = words["silences"].format(hours=ledger.write(hours, f'vigie sql --json "{query}"', "hours", "hours")) if silent else words["no_silences"] if report.visited else words["no_site"]
    return words["sources_text"].format(
        files=ledger.write(report.files, command, "files"), lines=ledger.write(ladder[0].count, command, "lines"), unread=ledger.write(unread, command, "unread"), silences=said,
    )  # fmt: skip


def _kinds(report: Report, ledger: Ledger, lang: str) -> list[Block]:
    words = SAID[lang]
    if not report.families:
        return [Paragraph(words["kinds_none"], words["kinds"]), *_doors(report, ledger, lang)]
    query = f"select family, sum(signals)::bigint as signals, sum(attempts)::bigint as attempts, count(*) as attacks from attacks{condition(report.period)} group by family order by attacks desc, family"
    command = f'vigie sql --json "{query}"'
    joined = why_unknown(report.campaigns, lang) if isinstance(report.campaigns, Unknown) else ""
    rows = [
        (family_plain(one.name, lang), *(ledger.write(getattr(one, name), command, f"[family={one.name}].{name}") for name in ("signals", "attempts", "attacks")))
        for one in report.families
    ]
    signals = next(step.count for step in report.count.ladder if step.step == "signals")
    said = words["kinds_text"].format(signals=ledger.write(signals, f"vigie count --json{options(report.period)}", "ladder[step=signals].count"))
    head = tuple(words[name] for name in ("kind", "signals", "attempts", "attacks"))
    return [
        Paragraph(f"{said} {words['joined'].format(why=joined)}" if joined else said, words["kinds"]),
        Table(head, rows, (1, 2, 3)), *_doors(report, ledger, lang),
    ]  # fmt: skip


def _doors(report: Report, ledger: Ledger, lang: str) -> list[Block]:
    words = SAID[lang]
    if isinstance(report.doors, Unknown):
        return [Paragraph(words["doors_unknown"].format(why=why_unknown(report.doors, lang)))]
    after = condition(report.period)
    query = f"select count(*) as attacks, count(*) filter (danger >= {GRAVE}) as grave from doors{after} {'and' if after else 'where'} attack_id is not null"
    command = f'vigie sql --json "{query}"'
    attacks, grave = sum(one.attacks for one in report.doors), sum(one.attacks for one in report.doors if one.danger >= GRAVE)
    return [Paragraph(words["doors"].format(attacks=ledger.write(attacks, command, "attacks"), grave=ledger.write(grave, command, "grave")))]


def _automation(report: Report, ledger: Ledger, lang: str) -> str:
    found, asked = report.count.automation, f"vigie count --json{options(report.period)}"
    low, high = found.interval
    return SAID[lang]["automation_text"].format(
        tool=ledger.write(found.tool, asked, "automation.tool"), low=ledger.write(low, asked, "automation.bespoke_interval[0]"),
        high=ledger.write(high, asked, "automation.bespoke_interval[1]"), undetermined=ledger.write(found.undetermined, asked, "automation.undetermined"),
    )  # fmt: skip


def _origin(report: Report, ledger: Ledger, lang: str) -> str:
    words = SAID[lang]
    if isinstance(report.origin, Unknown):
        return capital(why_unknown(report.origin, lang)) + "."
    found, asked = report.origin.shares, f"vigie explain origin --json{options(report.period)}"
    total = ledger.write(found.total, asked, "shares.attack.total")
    if not found.countries:
        return words["origin_none"].format(total=total)
    first, whole = found.countries[0], found.total
    at = f"shares.attack.countries[country={first.country}]"
    return words["origin_text"].format(
        country=label(first.country, lang), total=total, tables=", ".join(f"{name} ({date or '?'})" for name, date in report.origin.tables),
        hop=ledger.write(first.last_hop / whole, asked, f"{at}.share", "percent"), low=ledger.write(first.placed / whole, asked, f"{at}.lower", "percent"),
        high=ledger.write(first.most / whole, asked, f"{at}.upper", "percent"),
        unknown=ledger.write(found.unknown / whole, asked, "shares.attack.unplaced.* / shares.attack.total", "percent"),
    )  # fmt: skip


def label(country: str, lang: str) -> str:
    """A country by its name; a code that nobody owns with the code, since the name says nothing."""
    name = country_name(country, lang)
    return f"{country} ({name})" if is_private(country) else name


def _unseen(report: Report, ledger: Ledger, lang: str) -> str:
    words = SAID[lang]
    posts = words["posts_none"]
    if report.visited:
        posts = words["posts"].format(count=ledger.write(report.count.hidden_posts, f"vigie count --json{options(report.period)}", "not_observable.posts_without_body"))
    gaps = words["gaps"].format(count=ledger.write(len(report.gaps), "vigie doctor --json", "gaps.#")) if report.gaps else words["gaps_none"]
    return words["unseen_text"].format(posts=posts, gaps=gaps).strip()


def _coincidences(report: Report, ledger: Ledger, lang: str) -> str:
    words = SAID[lang]
    if isinstance(report.coincidences, Unknown):
        return words["coincidence_none"]
    command = f"vigie show publications --json{options(report.period)} --limit 1000000"
    return words["coincidence_text"].format(pages=ledger.write(len(report.coincidences), command, "#"))


def _made(report: Report, lang: str) -> str:
    words, who = SAID[lang], report.organisation
    contact = who.email or who.telephone or who.contact or words["nobody"]
    root = report.custody.root or words["no_root"]
    return words["made_text"].format(
        software=report.custody.software, made=stamp(report.made), rules=report.custody.rules[:12], snapshot=report.snapshot, root=root, contact=contact,
    )  # fmt: skip
