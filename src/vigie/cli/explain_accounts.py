"""`vigie explain acc_…`: an account, the figures of its score with both their readings, its signs, and its posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.cli.post_lines import print_lines, print_techniques
from vigie.cli.posts import date, decimal, strip
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number, percent
from vigie.words.posts import MARK_NAMES, SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names

Facts = dict[str, Any]


def print_account(facts: Facts, told: Names, lang: str) -> None:
    """All that is said of an account (`account_facts`)."""
    from vigie.social.account_likelihood import reference
    from vigie.social.account_words import bound_sentence, sentence, trained_on

    words = SAID[lang]

    def told_or_not(name: str) -> str:
        return "?" if facts[name] is None else number(int(facts[name]), lang)

    say(f"{safe(facts['account'], 80)}  ({safe(facts['platform'], 40)})")
    say("  " + sentence(facts, reference(), lang))
    for bound in facts["bounds"]:
        say("  " + bound_sentence(bound, lang))
    say()
    counted = {name: told_or_not(name) for name in ("posts", "own", "links", "reposts", "replies")}
    say(words["account_head"].format(active=facts["active_days"], silent=facts["silent_days"], first=date(facts["first_seen"], lang), last=date(facts["last_seen"], lang), **counted))
    say(words["account_pace"].format(
        day=decimal(facts["per_day"], lang), most=number(facts["per_day_max"], lang), articles="?" if facts["articles_per_day"] is None else decimal(facts["articles_per_day"], lang)
    ) + " " + words["volume"])  # fmt: skip
    if facts["quiet_hours"] is not None and facts["night_hours"] is not None:
        say(words["quiet"].format(quiet=decimal(facts["quiet_hours"], lang), night=decimal(facts["night_hours"], lang)))
    drawn, hours = strip(facts["hours"])
    say()
    say(words["hours"].format(count=number(max(facts["hours"]), lang)))
    say(f"  {drawn}")
    say(f"  {hours}")
    _score(facts, lang)
    if facts["contributions"]:
        say("  " + words["trained"].format(reference=trained_on(reference(), lang)))
    _marks(facts, lang)
    if facts["groups"]:
        say()
        say(words["in_groups"].format(groups=", ".join(facts["groups"])) + "  vigie explain " + facts["groups"][0])
    print_techniques(facts, lang)
    print_lines(facts["evidence"], facts["posts"], told, lang)
    say()
    say(words["account_not"])


def _score(facts: Facts, lang: str) -> None:
    """The sum that the score is, each figure with both its readings."""
    from vigie.social.account_words import readings

    words, parts = SAID[lang], facts["contributions"]
    say()
    if facts["log10_lr"] is None or not parts:
        say(words["no_score"])
        return
    say(words["score"].format(score=_signed(facts["log10_lr"], lang)))
    for (name, follows, other, contribution), part in zip(readings(parts, lang, len(parts)), parts, strict=True):
        below = {kind: percent(round(100 * part[f"quantile_{kind}"]), 100, lang) for kind in ("assisted", "hand")}
        say("  " + words["figure"].format(contribution=_signed(contribution, lang, 2), name=name, value=decimal(part["value"], lang, 2), **below))
        say(words["reading"].format(follows=follows))
        say(words["opposite"].format(other=other))
    say("  " + words["sums"].format(sum=_signed(sum(part["contribution"] for part in parts), lang, 2)))


def _signed(value: float, lang: str, digits: int = 1) -> str:
    text = f"{value:+.{digits}f}"
    return text.replace(".", ",") if lang == "fr" else text


def _marks(facts: Facts, lang: str) -> None:
    """Signs that hold, by what they fit, and those that these data do not show."""
    from vigie.social.account_words import mark_sentence

    words = SAID[lang]
    for side in ("assisted", "staff", "both"):
        held = [mark for mark in facts["marks"] if mark["speaks_for"] == side and mark["holds"]]
        say()
        say(words[f"marks_{side}"] + ("" if held else f" {words['marks_none']}"))
        for mark in held:
            say("  " + mark_sentence(mark, lang))
    untold = [MARK_NAMES[mark["mark"]][1 if lang == "fr" else 0] for mark in facts["marks"] if mark["holds"] is None]
    if untold:
        say()
        say(words["marks_untold"].format(names=", ".join(untold)))
    if facts["speech"]:
        say(words["speech"].format(count=number(len(facts["speech"]), lang)))
        for one in facts["speech"][:3]:
            say(words["speech_at"].format(begin=cell(one["seen_at"]), end=cell(one["until"]), posts=number(one["posts"], lang)))
    if not facts["bounds"]:
        say(words["rate_none"])
