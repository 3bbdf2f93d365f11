"""What several pages say in the same way: an attack in a list, a day, a family, a country."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vigie.drawing import Series, Svg
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Link, Piece, Row, Table
from vigie.web.words import TEXT, outcome
from vigie.words.counting import column_name
from vigie.words.families import FAMILIES, family_plain
from vigie.words.numbers import number

Words = Mapping[str, Mapping[str, str]]


def family(name: str, lang: str) -> str:
    """A family in plain words, the first letter large."""
    text = family_plain(name, lang)
    return text[:1].upper() + text[1:]


def series(names: Sequence[str], lang: str) -> list[Series]:
    """Families as drawings want them, each always in the same look."""
    order = list(FAMILIES)
    return [Series(name, family_short(name, lang), order.index(name) if name in order else None) for name in names]


def family_short(name: str, lang: str) -> str:
    """A family in few words: what stands before the colon."""
    text = family(name, lang)
    return text.partition(" :" if lang == "fr" else ":")[0]


def spaced(text: str) -> str:
    """Columns of the archive as words."""
    return text.replace("_", " ")


def heading(column: str, lang: str) -> str:
    """Heading of a column."""
    text = column_name(column, lang)
    return text[:1].upper() + text[1:]


def columns(names: Sequence[str], lang: str, links: Mapping[str, Callable[[Row], str]] | None = None, kinds: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Columns under their usual headings; what ends in `_id` is an id, in `_seen` or `_at` a time."""
    out = []
    for name in names:
        kind = (kinds or {}).get(name) or ("id" if name.endswith("_id") else "time" if name.endswith(("_seen", "_at")) or name == "online" else "text")
        out.append(Column(name, heading(name, lang), kind, (links or {}).get(name)))
    return tuple(out)


NUMBERS = dict.fromkeys(("attacks", "signals", "attempts", "records", "danger", "sources", "guesses", "connections", "successes", "lines", "probes", "answered", "hosts", "ports", "packets"), "number")
CODES = dict.fromkeys(("target", "evidence", "source", "actor", "file", "tool", "asset", "source_address", "accounts", "databases", "page"), "code")
KINDS = {**NUMBERS, **CODES}


def attacks_table(rows: Sequence[dict[str, Any]], asked: Asked, caption: str, more: tuple[Piece, ...] = ()) -> Table:
    """Attacks as people read them, each leading to its page."""
    lang = asked.lang
    shown = [
        {
            **row, "kind_of": family(str(row["family"]), lang), "made": TEXT[lang].get(str(row["automation"]), "–"), "came": outcome(row["outcome"], lang),
        }
        for row in rows
    ]  # fmt: skip
    names = {"kind_of": "family", "made": "automation", "came": "outcome"}
    picked = ("first_seen", "kind_of", "actor", "records", "danger", "came", "made", "tool", "asset", "attack_id")
    made = [
        Column(name, heading(names.get(name, name), lang), "id" if name == "attack_id" else "time" if name == "first_seen" else KINDS.get(name, "text"),
               (lambda row: asked.bare("attack", str(row["attack_id"]))) if name in ("attack_id", "first_seen") else None)
        for name in picked
    ]  # fmt: skip
    return Table(caption, tuple(made), shown, more)


def parts(total: int, asked: Asked, page: str) -> tuple[Piece, ...]:
    """Where the list goes on, and of how many it is."""
    words, lang = TEXT[asked.lang], asked.lang
    first, last = (asked.nth - 1) * PER_PAGE + 1, min(total, asked.nth * PER_PAGE)
    if total <= PER_PAGE:
        return ()
    out: list[Piece] = [f"{number(first, lang)}–{number(max(first, last), lang)} / {number(total, lang)}"]
    if asked.nth > 1:
        out += [" · ", Link(words["previous"].format(n=PER_PAGE), asked.to(page, asked.item, q=asked.q, nth=asked.nth - 1))]
    if last < total:
        out += [" · ", Link(words["next"].format(n=min(PER_PAGE, total - last)), asked.to(page, asked.item, q=asked.q, nth=asked.nth + 1))]
    return tuple(out)


def both(draw: Callable[..., Svg], name: str, *given: Any, lang: str, **more: Any) -> tuple[Svg, Svg]:
    """A drawing wide and narrow."""
    wide = draw(*given, lang=lang, name=name, **more)
    return wide, draw(*given, lang=lang, narrow=True, name=f"{name}-n", **more)


def country(code: str, lang: str) -> str:
    """A country by its name, with its code where it is a private one."""
    from vigie.origins.countries import country_name, is_private

    if code == "-":
        return TEXT[lang]["nowhere"]
    name = country_name(code, lang)
    return f"{name} ({code})" if is_private(code) and name != code else name


def text_of(value: object) -> str | None:
    """A raw line as a text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace").rstrip("\r\n")
    return None if value is None else str(value)


def plural(count: int, one: str, many: str, lang: str) -> str:
    """One of them, or several."""
    return one if count == 1 else many.format(n=number(count, lang))
