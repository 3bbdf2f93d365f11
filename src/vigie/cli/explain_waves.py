"""`vigie explain w…`: a wave that counts as an attack, its rumours and its posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vigie.cli.post_lines import print_lines
from vigie.cli.posts import bars
from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number
from vigie.words.posts import SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.social.outlets import Group


def print_wave(facts: dict[str, Any], groups: tuple[Group, ...], told: Names, lang: str) -> None:
    """All that is said of a counted wave (`wave_facts`)."""
    from vigie.social.rumour_words import titles

    words, title = SAID[lang], titles(groups, lang)
    carrier = facts["carrier"]
    named = title.get(carrier.removeprefix("s:"), carrier) if carrier.startswith("s:") else carrier
    say(f"{facts['wave_id']}")
    say("  " + words["wave_head"].format(
        origin=safe(title.get(facts["origin"], facts["origin"]), 80), carrier=safe(named, 80), accounts=number(facts["accounts"], lang), posts=number(facts["posts"], lang),
        rumours=number(facts["rumours"], lang), first=cell(facts["first_seen"])[:16], last=cell(facts["last_seen"])[:16],
    ))  # fmt: skip
    say("  " + (words["group_attack"].format(attack=facts["attack_id"]) if facts["attack_id"] else words["group_weak"]))
    say("  " + words["wave_not"])
    say()
    say(words["rumour_wave"])
    bars([(one["day"], one["posts"], "") for one in facts["by_day"]], lang)
    say()
    for one in facts["claims"]:
        say(f"  vigie explain {one['rumour']}   # {safe(one['what'] if one['unit'] == 'url' else one['text'] or one['what'], 100)}")
    if not carrier.startswith("s:"):
        say(f"  vigie explain {carrier}")
    print_lines(facts["evidence"], facts["posts"], told, lang)
