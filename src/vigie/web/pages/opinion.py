"""What the pages on posts share: what is said when none were read, numbers, lines under pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from vigie.social.coordination_words import KINDS_SAID
from vigie.web.asked import Asked
from vigie.web.page import Column as Col
from vigie.web.page import (
    Content,
    Details,
    Lines,
    Link,
    NotThereError,
    Para,
    Paste,
    Piece,
    RawLine,
    Section,
    Status,
    Table,
)
from vigie.web.state import State
from vigie.words.days import day
from vigie.words.numbers import number
from vigie.words.posts import SAID, SHOWN_BY

WORDS: Final = {
    "en": {
        "none": "Nothing of this kind was read", "none_why": "So nothing is known: neither that there was something, nor that there was nothing. Give vigie posts as a platform or a researcher's tool exports them (docs/posts.md):",
        "lane": "A lane of its own: what posts show is no technical attack. Nothing here says that an account is a machine, whose it is, or that it deceives. Accounts bear pseudonyms; who they are is shown by vigie on the machine itself: --identified.",
        "trouble": "Pseudonyms cannot be made", "technique": "Technique", "shown_by": "Shown by", "lines": "Posts, in order of time", "rest": "The next {n}", "at": "{file}, byte {byte}", "masked": "Ids and names that vigie knows are replaced in the lines; read a line before you show it.",
    },
    "fr": {
        "none": "Rien de tel n'a été lu", "none_why": "Donc rien n'est su : ni qu'il y a eu quelque chose, ni qu'il n'y a rien eu. Donnez à vigie des messages tels qu'une plateforme ou un outil de recherche les exporte (docs/posts.md) :",
        "lane": "Une voie à part : ce que montrent les messages n'est pas une attaque technique. Rien ici ne dit qu'un compte est une machine, à qui il est, ni qu'il trompe. Les comptes portent des pseudonymes ; vigie montre qui ils sont sur la machine même : --identified.",
        "trouble": "Impossible de faire des pseudonymes", "technique": "Technique", "shown_by": "Ce qui la montre", "lines": "Messages, dans l'ordre du temps", "rest": "Les {n} suivants", "at": "{file}, octet {byte}", "masked": "Dans les lignes, les identifiants et noms que vigie connaît sont remplacés ; relisez une ligne avant de la montrer.",
    },
}  # fmt: skip
COMMAND: Final = "vigie read posts.jsonl"
FIRST: Final = 3
"""Posts that are shown at once; the others unfold."""
LINES: Final = 20
"""Posts of an item that its page shows."""


def unread(state: State, asked: Asked, title: str) -> Content | None:
    """What is said where no posts were read; None where some were."""
    social = state.facts.social
    if "posts" in social:
        return None
    words = WORDS[asked.lang]
    said = Status("unknown", words["trouble"], (social["trouble"],)) if social else Status("unknown", words["none"], (words["none_why"],))
    section = Section(title, (said, Paste(COMMAND), Para((words["lane"],), "caution")))
    return Content((section,), {"watched": False, "posts": None}, ({"watched": False, "posts": None},), ("watched", "posts"))


def social_of(state: State) -> Mapping[str, Any]:
    """What posts show.

    Raises:
        NotThereError: none were read.
    """
    if "posts" not in state.facts.social:
        raise NotThereError("posts")
    return state.facts.social


def lane(asked: Asked) -> Para:
    """What none of this says."""
    return Para((WORDS[asked.lang]["lane"],), "caution")


def when(value: object, lang: str) -> str:
    """The day of a moment."""
    return day(value.date().isoformat(), lang) if isinstance(value, datetime) else "?"


def figure(value: float | None, lang: str, digits: int = 1) -> str:
    """A number with decimals."""
    if value is None:
        return "–"
    text = f"{value:,.{digits}f}".removesuffix(".0")
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def chance(value: float | None, lang: str) -> str:
    """A p-value."""
    return "–" if value is None else f"{value:.2g}".replace(".", "," if lang == "fr" else ".")


def kind(name: str, lang: str) -> str:
    """A kind of object that accounts share."""
    return KINDS_SAID[name][1 if lang == "fr" else 0] if name in KINDS_SAID else name


def thing(name: str, lang: str) -> str:
    """An object of posts as people read it."""
    sort, _, rest = name.partition(":")
    return rest if sort in ("url", "domain") else f"{kind(sort, lang)} {rest}"


def post_line(post: Mapping[str, Any], asked: Asked, head: str = "") -> RawLine:
    """A post as a raw line."""
    words, lang = WORDS[asked.lang], asked.lang
    at = post["seen_at"].strftime("%Y-%m-%d %H:%M:%S") if isinstance(post["seen_at"], datetime) else "–"
    return RawLine(f"{head}{at} UTC", words["at"].format(file=post["file"], byte=number(int(post["byte_offset"]), lang)), post["line"], "", Link(str(post["account"]), asked.bare("account", str(post["account"]))))


def post_lines(posts: Sequence[Mapping[str, Any]], count: int, asked: Asked) -> Section:
    """Posts behind a statement, each a card."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    head = said["behind"].format(shown=number(len(posts), lang), count=number(count, lang)).replace("; more with --limit", "").replace(" ; davantage avec --limit", "").replace(" ; plus avec --limit", "")
    rest = (Details(words["rest"].format(n=number(len(posts) - FIRST, lang)), (Lines(tuple(post_line(one, asked) for one in posts[FIRST:])),)),) if len(posts) > FIRST else ()
    return Section(words["lines"], (Para((head,)), Lines(tuple(post_line(one, asked) for one in posts[:FIRST])), *rest, Para((words["masked"],), "small")))


def plain_posts(posts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Posts without their lines, which lead to accounts."""
    return [{name: value for name, value in one.items() if name not in ("line", "text")} for one in posts]


def without_lines(value: Any) -> Any:
    """The same without raw lines and texts."""
    if isinstance(value, dict):
        return {name: without_lines(one) for name, one in value.items() if name not in ("line", "line_a", "line_b", "text", "other_text", "rows")}
    return [without_lines(one) for one in value] if isinstance(value, list | tuple) else value


def techniques(rows: Sequence[Mapping[str, Any]], asked: Asked) -> tuple[Table, ...]:
    """In DISARM's words, where there are any."""
    if not rows:
        return ()
    from vigie.archive.post_techniques import largest

    at = 1 if asked.lang == "fr" else 0
    shown = [one | {"shown": SHOWN_BY[one["fact"]][at]} for one in largest(rows)]
    columns = (Col("id", "DISARM", "code"), Col("name", WORDS[asked.lang]["technique"], "text"), Col("shown", WORDS[asked.lang]["shown_by"], "text"), Col("count", "n", "number"))
    return (Table(SAID[asked.lang]["disarm"], columns, shown),)


def linked(ids: Sequence[str], page: str, asked: Asked) -> tuple[Piece, ...]:
    """Ids, each leading to its page."""
    out: list[Piece] = []
    for one in ids:
        out += [", "] if out else []
        out.append(Link(one, asked.bare(page, one)))
    return tuple(out)
