"""All attacks, the latest first, narrowed down by filters."""

from __future__ import annotations

from typing import Final

from vigie.web.asked import FILTERS, PER_PAGE, Asked
from vigie.web.page import Content, Page, Para, Section
from vigie.web.pages.pieces import attacks_table, parts
from vigie.web.state import State
from vigie.words.numbers import number

WORDS: Final = {
    "en": {"list": "The latest first", "some": "{n} attacks", "of": "{n} of {all} attacks fit the filters", "one": "One attack: one actor, one kind, one site, without a pause of {pause} minutes. Each leads on to its raw lines."},
    "fr": {"list": "Les plus récentes d'abord", "some": "{n} attaques", "of": "{n} des {all} attaques répondent aux filtres", "one": "Une attaque : un auteur, une sorte, un site, sans pause de {pause} minutes. Chacune mène à ses lignes brutes."},
}
MOST: Final = 20_000
"""Rows of JSON and CSV; `vigie show attacks --csv` gives all."""
COLUMNS: Final = (
    "attack_id", "first_seen", "last_seen", "family", "kind", "automation", "tool", "actor", "sources", "asset", "signals", "records", "attempts", "outcome", "danger", "confidence",
)  # fmt: skip


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang = WORDS[asked.lang], asked.lang
    condition, values = asked.condition()
    total = state.number(f"select count(*) from attacks where {condition}", values)
    rows = state.rows(f"select {', '.join(COLUMNS)} from attacks where {condition} order by first_seen desc, attack_id limit {PER_PAGE} offset {(asked.nth - 1) * PER_PAGE}", values)
    every = state.rows(f"select {', '.join(COLUMNS)} from attacks where {condition} order by first_seen desc, attack_id limit {MOST}", values) if asked.whole else rows
    said = words["of" if asked.filtered else "some"].format(n=number(total, lang), all=number(state.facts.count.attacks, lang))
    explained = Para((words["one"].format(pause=f"{state.facts.count.settings.pause:g}"),), "small")
    section = Section(words["list"], (explained, attacks_table(rows, asked, said, parts(total, asked, "attacks"))))
    return Content((section,), {"attacks": total, "of": state.facts.count.attacks, "shown": len(every), "list": every}, every, COLUMNS, (said + ".",))


PAGE: Final = Page("attacks", {"en": "List of attacks", "fr": "Liste des attaques"}, make, "attacks", filters=FILTERS, words=WORDS)
