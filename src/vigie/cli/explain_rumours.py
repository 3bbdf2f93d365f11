"""`vigie explain r…`: a rumour, who had it first in these data, who carried it when, what stands against it, and its posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from vigie.cli.post_lines import kind_said, print_lines, print_techniques
from vigie.cli.posts import bars
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import lasted, number
from vigie.words.posts import SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.social.outlets import Group
    from vigie.social.rumours import Scope

HOURLY: Final = timedelta(days=3)
"""Longest rumour that is drawn by the hour."""
MOST: Final = 8
"""Rows between declared groups that a terminal shows."""
LABEL: Final = 40
"""Letters of a group's title beside a bar."""

Facts = dict[str, Any]


def print_rumour(facts: Facts, scope: Scope, groups: tuple[Group, ...], told: Names, lang: str) -> None:
    """All that is said of a rumour (`rumour_facts`)."""
    from vigie.social.proposal_words import card_sentences
    from vigie.social.rumour_words import claim_sentences, scope_sentences, titles

    words, title = SAID[lang], titles(groups, lang)
    what = facts["what"] if facts["unit"] == "url" else None
    say(f"{facts['rumour']}  {safe(what, 200) if what else kind_said(facts['unit'], lang)}")
    for card in facts["cards"]:
        for text in card_sentences(card, card["by_way"], lang, own=card["name"] == facts["what"] and facts["unit"] == "card"):
            say(f"  {safe(text, 1000)}.")
    if facts["text"] and facts["unit"] != "card":
        say("  " + words["rumour_text"].format(text=safe(facts["text"], 400)))
    said = claim_sentences(facts, facts["counter"], groups, lang)
    for text in said[:2]:
        say(f"  {text}.")
    if facts["attack_id"]:
        say("  " + words["group_attack"].format(attack=facts["attack_id"]))
    say()
    for text in scope_sentences(scope, groups, lang):
        say(f"  {safe(text, 400)}.")
    _when(facts, title, lang)
    say()
    if not groups:
        say(words["rumour_undeclared"])
    elif facts["groups"]:
        say(words["rumour_groups"].format(groups=", ".join(safe(title.get(name, name), 80) for name in facts["groups"])))
    else:
        say(words["rumour_no_groups"])
    if facts["explicit"]:
        say(words["rumour_explicit"].format(count=number(facts["explicit"], lang), hops=facts["hops"]))
        for text, times in Counter(words["rumour_relay"].format(how=_how(one["how"], lang), lag=lasted(one["lag"] / 1e6), between=_between(one, title, lang)) for one in facts["relays"]).items():
            say(text + (f" (× {number(times, lang)})" if times > 1 else ""))
        if len(facts["relays"]) < facts["explicit"]:
            say("  " + words["rumour_relays"].format(shown=number(len(facts["relays"]), lang), count=number(facts["explicit"], lang)))
    _between_groups(facts, groups, lang)
    print_techniques(facts, lang)
    _proposals(facts, lang)
    say()
    say(words["against"])
    for text in said[2:]:
        say(f"  {text}.")
    if not said[2:]:
        say("  " + words["marks_none"])
    if facts["also"]:
        say(words["also"].format(claims=", ".join(facts["also"])))
    print_lines(facts["evidence"], facts["posts"], told, lang)


def _proposals(facts: Facts, lang: str) -> None:
    """What may be the same story, why, and how a person confirms it."""
    from vigie.archive.claim_facts import card_line
    from vigie.social.proposal_words import proposal_sentence

    words, rows = SAID[lang], facts["proposals"]
    if not rows:
        return
    say()
    every = rows[0]["every"]
    say(words["proposals" if len(rows) == every else "proposals_some"].format(shown=number(len(rows), lang), count=number(every, lang)))
    for row in rows:
        say(f"  {row['other'] or words['proposal_lone']}  {safe(proposal_sentence(row, lang), 600)}")
        say(f"    {safe(row['other_text'], 300)}")
    say(words["proposal_confirm"])
    say(f"  {card_line(facts['rumour'], rows)}")
    say("  vigie read --claims claims.toml")


def _when(facts: Facts, title: Mapping[str, str], lang: str) -> None:
    """The time line as a chart: by hour where it is short, else by day; groups behind the bars."""
    words = SAID[lang]
    hourly = facts["last_at"] - facts["first_at"] <= HOURLY
    counts: dict[str, dict[str | None, int]] = {}
    for one in facts["timeline"]:
        label = cell(one["hour"])[: 16 if hourly else 10]
        inside = counts.setdefault(label, {})
        inside[one["group"]] = inside.get(one["group"], 0) + one["posts"]
    rows = []
    for label, inside in counts.items():
        named = [f"{_cut(safe(title.get(group, group), 80))} {number(n, lang)}" for group, n in inside.items() if group is not None]
        rows.append((label, sum(inside.values()), ", ".join(named)))
    say()
    say(words["rumour_hours" if hourly else "rumour_wave"])
    bars(rows, lang)


def _cut(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def _between(one: Mapping[str, Any], title: Mapping[str, str], lang: str) -> str:
    words = SAID[lang]
    giver, taker = (safe(title.get(one[name], words["nobody"]), 60) for name in ("parent_group", "child_group"))
    return words["rumour_between"].format(giver=giver, taker=taker)


_HOW: Final = {
    "repost": ("reposted", "relayé"), "quote": ("quoted", "cité"), "link": ("linked", "par un lien"), "account": ("the original's account is told", "le compte d'origine est donné"),
    "name": ("named", "nommé"),
}  # fmt: skip


def _how(how: str, lang: str) -> str:
    return _HOW[how][1 if lang == "fr" else 0] if how in _HOW else safe(how, 30)


def _between_groups(facts: Facts, groups: tuple[Group, ...], lang: str) -> None:
    """Relays, precedence and symbiosis of all claims together."""
    from vigie.social.rumour_words import UNITS, direction_sentence, relay_sentence, symbiosis_sentences

    words = SAID[lang]
    told: tuple[tuple[str, Callable[[Mapping[str, Any]], list[str]]], ...] = (
        ("matrix", lambda row: [relay_sentence(row, groups, lang)]), ("precedence", lambda row: [direction_sentence(row, groups, lang)]),
        ("symbiosis", lambda row: symbiosis_sentences(row, groups, lang)),
    )  # fmt: skip
    for name, sentences in told:
        if facts[name]:
            say()
            say(words[name])
            for row in facts[name][:MOST]:
                for text in sentences(row):
                    say(f"  {UNITS[row['unit']][1 if lang == 'fr' else 0]}{':' if lang == 'en' else ' :'} {safe(text, 400)}.")
