"""Pages as HTML, JSON and CSV, all three from the same content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from vigie.drawing import STYLESHEET
from vigie.web.asked import FILTERS, Asked, address
from vigie.web.page import Content, Link, Page
from vigie.web.words import TEXT
from vigie.words.days import day
from vigie.words.harmless import csv_text, plain, safe
from vigie.words.numbers import number

if TYPE_CHECKING:
    from vigie.web.state import State

GROUPS: Final = ("now", "attacks", "where", "opinion", "later")
RAW: Final = 4_000
"""Letters of a raw line."""
LONG: Final = 600
"""Letters of a cell."""


@cache
def environment() -> Environment:
    """Templates, every value escaped."""
    made = Environment(loader=PackageLoader("vigie.web"), autoescape=select_autoescape(default=True), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(harmless=harmless, raw=raw, cell=cell, is_link=lambda one: isinstance(one, Link))
    return made


def stylesheet() -> str:
    """The rules that drawings want besides."""
    return STYLESHEET


def harmless(value: object, most: int = LONG) -> str:
    """An attacker's text as text: what cannot be seen is made visible, what is too long is cut and says so."""
    return safe(value, most)


def raw(value: object) -> str:
    """A record as it stands: its lines under each other, its tabs as they are, everything else that cannot be seen made visible."""
    text = str(value)
    cut = [harmless(part, RAW).replace("\\x09", "\t") for part in text[:RAW].split("\n")]
    return "\n".join(cut) + (f"\n… ({len(text):,})" if len(text) > RAW else "")


def moment(value: object, lang: str) -> str:
    """A time as people write it: day in words, hours and minutes, UTC."""
    if not isinstance(value, datetime):
        return "–"
    at = value.astimezone(UTC)
    return f"{day(at.date().isoformat(), lang)}, {at:%H:%M}"


def cell(value: object, kind: str, lang: str) -> str:
    """A value of a table as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return TEXT[lang]["yes" if value else "no"]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",") if lang == "fr" else f"{value:.2f}"
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, list | tuple):
        return harmless(", ".join(str(one) for one in value))
    return harmless(value, 4_000 if kind == "code" else LONG)


def html(page: Page, content: Content, state: State, asked: Asked, pages: tuple[Page, ...], *, invented: bool = False, choices: Mapping[str, Any] | None = None) -> str:
    """A whole page."""
    words = TEXT[asked.lang]
    other = words["other_lang"]
    menu = [(group, [one for one in pages if one.group == group]) for group in GROUPS]
    here = asked.query(*FILTERS, "q", "nth")
    until = moment(state.facts.until, asked.lang)
    return environment().get_template("page.html").render(
        page=page, content=content, lang=asked.lang, words=words, asked=asked, menu=menu, invented=invented, choices=choices or {}, title=content.title or page.titles[asked.lang],
        other_href=address(other, page.name, asked.item) + here, json_href=address(asked.lang, page.name or "home", asked.item, ".json") + here,
        csv_href=address(asked.lang, page.name or "home", asked.item, ".csv") + here, to=lambda name: address(asked.lang, name) + (asked.query() if asked.filtered else ""),
        home=address(asked.lang, ""), here=address(asked.lang, page.name, asked.item), snapshot=state.snapshot, attacks=state.facts.count.attacks, until=until,
        stands=words["snapshot"].format(id=state.snapshot, until=until),
    )  # fmt: skip


def as_json(page: Page, content: Content, state: State, asked: Asked) -> str:
    """The facts of a page for programs, with the state that they are of."""
    given = {name: getattr(asked, name) for name in (*FILTERS, "q", "item") if getattr(asked, name)}
    return json.dumps(plain({"page": page.name or "home", "snapshot": state.snapshot, "asked": given, **content.data}), ensure_ascii=True, allow_nan=False) + "\n"


def as_csv(content: Content) -> str:
    """The rows of a page for a spreadsheet; no cell begins a formula."""
    return csv_text([dict(row) for row in content.rows], content.columns)


def message(name: str, lang: str, **given: object) -> str:
    """A page outside of the others: log-in, not found."""
    return environment().get_template(name).render(lang=lang, words=TEXT[lang], **given)
