"""What explanations of posts share on a terminal: posts with their lines, objects as people read them, techniques."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vigie.cli.terminal import cell, safe, say
from vigie.words.numbers import number
from vigie.words.posts import SAID, SHOWN_BY

if TYPE_CHECKING:
    from vigie.archive.account_names import Names


def print_line(post: Mapping[str, Any], lang: str, indent: str = "  ") -> None:
    """Where a post stands, and its line."""
    words = SAID[lang]
    place = words["post_at"].format(time=cell(post["seen_at"]), account=safe(post["account"], 80), file=safe(post["file"]), byte=number(post["byte_offset"], lang))
    say(indent + place.strip())
    say(f"{indent}  | {safe(post['line'], 1000) if post['line'] is not None else words['line_gone']}")
    if post.get("matched"):
        say(f"{indent}  {words['matched'].format(words=safe(post['matched'], 200))}")


def print_lines(posts: Sequence[Mapping[str, Any]], count: int, told: Names, lang: str) -> None:
    """Posts behind a statement."""
    words = SAID[lang]
    say()
    say(words["behind"].format(shown=number(len(posts), lang), count=number(count, lang)))
    for post in posts:
        print_line(post, lang)
    print_masked(told, lang)


def print_masked(told: Names, lang: str) -> None:
    """That ids and names are replaced, unless accounts are shown as they are."""
    if not told.identified:
        say()
        say(SAID[lang]["masked"])


def kind_said(kind: str, lang: str) -> str:
    """A kind of object that accounts share, in words."""
    from vigie.social.coordination_words import KINDS_SAID

    return KINDS_SAID[kind][1 if lang == "fr" else 0] if kind in KINDS_SAID else kind


def thing_said(thing: str, lang: str) -> str:
    """An object of posts as a person reads it."""
    kind, _, name = thing.partition(":")
    return safe(name, 120) if kind in ("url", "domain") else f"{kind_said(kind, lang)} {safe(name, 80)}"


def print_techniques(facts: Mapping[str, Any], lang: str) -> None:
    """Techniques of DISARM that facts show; nothing without any."""
    from vigie.archive.post_techniques import largest

    if facts["techniques"]:
        say()
        say(SAID[lang]["disarm"])
        for one in largest(facts["techniques"]):
            said = f"{SHOWN_BY[one['fact']][0]}: " if lang == "en" else f"{SHOWN_BY[one['fact']][1]} : "
            say(f"  {one['id']}  {one['name']}  ({said}{number(one['count'], lang)})")
