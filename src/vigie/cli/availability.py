"""What is said of floods, crowds and bad times: sentences with the numbers in them, and what to add to a log that holds no durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.attacks.availability import (
    ABSORBED,
    CANNOT_TELL,
    LINES,
    bound,
)
from vigie.attacks.impacts import FEW, SLOW_SECONDS, SLOWED, TIMES_USUAL, UNAVAILABLE
from vigie.cli.terminal import safe, say
from vigie.words.availability import COUNTED, KINDS_FR, PLACES_FR, SAID
from vigie.words.days import day
from vigie.words.numbers import number

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

Row = Mapping[str, object]


def print_availability(catalogue: Catalogue, lang: str, most: int) -> None:
    """Every period, and how it is decided."""
    words = SAID[lang]
    rows = periods(catalogue)
    say(words["head"] if rows else words["none"])
    for row in rows[:most]:
        say()
        print_period(row, lang)
    if not timed(catalogue):
        say()
        say(words["untimed"])
        print_lines()
    say()
    say(words["rules"])
    for rule in ("rule_flood", "rule_unavailable", "rule_slowed", "rule_absorbed"):
        say(f"  {words[rule].format(seconds=SLOW_SECONDS, times=TIMES_USUAL, few=FEW)}")


def periods(catalogue: Catalogue) -> list[dict[str, object]]:
    """Rows of the view `availability`, in order of time."""
    return catalogue.rows("select * from availability order by first_seen, period_id")


def timed(catalogue: Catalogue) -> bool:
    """Whether any log holds durations of page views."""
    found = catalogue.rows("select 1 as one from tallies where tally = 'traffic' and regexp_matches(key, ' (ok|bad) [0-9]') limit 1")
    return bool(found)


def print_period(row: Row, lang: str) -> None:
    """One period: what was asked, what visitors got, and what to do to know more."""
    words, what, word = SAID[lang], str(row["what"]), str(row["impact"])
    kind = str(row["kind"])
    title = words[what].format(kind=KINDS_FR.get(kind, kind) if lang == "fr" else kind.replace("_", " "))
    site = f"  {safe(row['asset'])}" if row["asset"] else ""
    say(f"{row['period_id']}  {_clock(row['first_seen'], lang)} – {_clock(row['last_seen'], lang)} UTC{site}")
    say(f"  {title}{' :' if lang == 'fr' else ':'} {words[word]}" if what != "crowd" or word != ABSORBED else f"  {title}")
    if row["requests"]:
        usual = words["unusual"] if row["usual"] is None else words["usual"].format(usual=number(round(_real(row["usual"])), lang))
        say("  " + words["asked"].format(
            requests=number(_whole(row["requests"]), lang), place=PLACES_FR.get(str(row["place"]), safe(row["place"])) if lang == "fr" else safe(row["place"]), sources=number(_whole(row["sources"]), lang),
            peak=number(round(_real(row["peak"])), lang), usual=usual, share=round(100 * _real(row["share"])),
        ))  # fmt: skip
    if row["views"] or row["failed"]:
        say("  " + words["got" if what == "flood" else "met"].format(
            views=number(_whole(row["views"]), lang), failed=number(_whole(row["failed"]), lang), timed=_durations(row, lang),
        ))  # fmt: skip
    if what in ("crowd", "unclear") and row["signs"]:
        say(f"  {safe(row['signs'], 400)}")
    if what == "silence":
        say(f"  {safe(row['numbers'], 400)}" if lang == "en" else f"  {words['silent']}")
    elif word == CANNOT_TELL and row["advice"]:
        say(f"  {words['no timing field']}")
        print_lines()
    elif word == CANNOT_TELL:
        say(f"  {words['few'].format(few=FEW)}")
    if row["attack_id"]:
        say(f"  {words['attack'].format(id=row['attack_id'])}")


def print_lines() -> None:
    """What to paste into the configuration of nginx or Apache."""
    for server, line in LINES.items():
        say(f"    {server}: {line}")


def print_summary(catalogue: Catalogue, lang: str) -> None:
    """One sentence on floods, crowds and bad times, when there were any."""
    text = summary(catalogue, lang)
    if text:
        say()
        say(text)


def summary(catalogue: Catalogue, lang: str) -> str:
    """One sentence for the end of the count; "" when there is nothing to say."""
    words = SAID[lang]
    rows = catalogue.rows("select what, impact, count(*) as n from availability group by all")
    if not rows:
        return ""
    parts = []
    for what, word in (("flood", "floods"), ("crowd", "crowds"), ("impact", "bad"), ("silence", "silences")):
        mine = [row for row in rows if row["what"] == what]
        count = sum(_whole(row["n"]) for row in mine)
        if not count:
            continue
        text = _counted(word, count, lang)
        hurt = [
            _counted(name, worst, lang)
            for impact, name in ((UNAVAILABLE, "down"), (SLOWED, "slow"))
            if what == "flood" and (worst := sum(_whole(row["n"]) for row in mine if row["impact"] == impact))
        ]
        parts.append(f"{text} ({', '.join(hurt)})" if hurt else text)
    return words["summary"].format(parts=", ".join(parts)) if parts else ""


def _counted(what: str, count: int, lang: str) -> str:
    one, more = COUNTED[lang][what]
    return one if count == 1 else more.format(count=number(count, lang))


def _durations(row: Row, lang: str) -> str:
    if row["p95"] is None:
        return ""
    usual = bound(_real(row["p95_usual"])) if row["p95_usual"] is not None else "?"
    text = SAID[lang]["timed"].format(p95=bound(_real(row["p95"])), usual=usual)
    return text.replace(".", ",") if lang == "fr" else text


def _clock(moment: object, lang: str) -> str:
    if not isinstance(moment, datetime):
        return "?"
    return f"{day(moment.date().isoformat(), lang)} {moment:%H:%M:%S}"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _real(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
