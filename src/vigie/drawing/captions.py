"""The few words, numbers and days that drawings say themselves, in French and English."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Final

from vigie.drawing.texts import apart

LARGEST, SMALLEST = 1e15, 1e-9
_UNIT: Final = 40
_WORDS: Final = {
    "no data": ("no data", "aucune donnée"),
    "unknown": ("not known", "inconnu"),
    "others": ("others", "autres"),
    "peak": ("peak {count} · {day}", "pic {count} · {day}"),
    "trend": ("trend", "tendance"),
    "note": ("something happened (see the day)", "un événement (voir le jour)"),
    "partial": ("part of the day only", "une partie du jour seulement"),
    "partial week": ("part of the week only", "une partie de la semaine seulement"),
    "not read": ("no log read", "aucun journal lu"),
    "weekly": ("by week, from Monday", "par semaine, du lundi"),
    "week of": ("week of {day}", "semaine du {day}"),
    "from to": ("From {first} to {last}.", "Du {first} au {last}."),
    "in all": ("{count} in all.", "{count} au total."),
    "most on": ("Most on {day}: {count}.", "Maximum le {day}\u202f: {count}."),
    "days unknown": ("Days without any log read: {count}.", "Jours sans aucun journal lu\u202f: {count}."),
    "list rest": ("{rows} more", "{rows} autres"),
    "left out": ("{rows} more are not drawn", "{rows} autres ne sont pas dessinés"),
    "bounds": ("lies between these bounds", "se situe entre ces bornes"),
    "between": ("between {low} and {high}", "entre {low} et {high}"),
    "tool": ("made by a tool", "faites par un outil"),
    "bespoke": ("made by hand for this site", "faites à la main pour ce site"),
    "undetermined": ("cannot be said", "on ne peut le dire"),
    "bespoke between": ("made by hand for this site: between {low} and {high}", "faites à la main pour ce site\u202f: entre {low} et {high}"),
    "kept": ("goes on to the next step", "passent à l’étape suivante"),
    "aside": ("set aside", "à part"),
    "grouped": ("grouped into others", "rejoignent d’autres"),
    "further reasons": ("{rows} further reasons", "{rows} autres raisons"),
    "going on": ("still going on", "toujours en cours"),
    "not watched": ("not watched", "non surveillé"),
    "time zone": ("Times: {zone}.", "Heures\u202f: {zone}."),
    "observed": ("observed", "observé"),
    "observed outside": ("observed, outside of what is usual", "observé, hors de l’habituel"),
    "expected": ("expected by chance", "attendu par hasard"),
    "usually": ("usually", "d’ordinaire"),
    "nowhere drawn": ("None of these codes is on the map.", "Aucun de ces codes n’est sur la carte."),
    "usual": ("usual range", "plage habituelle"),
    "not compared": ("nothing to compare with", "rien à comparer"),
    "few compared": ("too few days to compare", "trop peu de jours pour comparer"),
    "few": ("too few days", "trop peu de jours"),
    "compared": ("{count} compared", "{count} comparés"),
    "for": ("for", "pour"),
    "against": ("against", "contre"),
    "neutral": ("fits as well as not", "ni pour ni contre"),
    "not rated": ("not rated", "non évalué"),
    "accounts links": ("{nodes} and {links}.", "{nodes} et {links}."),
    "nodes": ("Accounts: {count}", "Comptes\u202f: {count}"),
    "links": ("links: {count}", "liens\u202f: {count}"),
    "no group": ("in no group", "dans aucun groupe"),
    "unsized": ("how active: not known", "activité inconnue"),
    "linked to": ("linked to {count}", "relié à {count}"),
    "nowhere": ("no last hop in any country: {count}", "aucun dernier saut dans un pays\u202f: {count}"),
    "off the map": ("not on the map: {list}", "hors de la carte\u202f: {list}"),
    "no last hop": ("no last hop", "aucun dernier saut"),
    "viewpoint": (
        "Last hops, not authors. Map: Natural Earth, each place under its ISO 3166 code, Crimea in Ukraine, Western Sahara whole.",
        "Derniers sauts, pas des auteurs. Carte\u202f: Natural Earth, chaque lieu sous son code ISO 3166, la Crimée en Ukraine, le Sahara occidental entier.",
    ),
    "danger": ("danger {rank} of 7", "danger {rank} sur 7"),
    "danger unknown": ("danger not known", "danger inconnu"),
    "latest": ("Latest: {count}.", "Dernier\u202f: {count}."),
    "largest": ("Largest: {count}.", "Maximum\u202f: {count}."),
    "at hour": ("{day} {hour}:00", "{day} {hour} h"),
}  # fmt: skip
_MONTHS: Final = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
_WEEKDAYS: Final = (("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."))


def word(key: str, lang: str, /, **given: str) -> str:
    """A word or a sentence of drawings; other languages than French read English.

    Args:
        key: see `_WORDS`.
        lang: `fr` or `en`.
        **given: what stands in its places.
    """
    return _WORDS[key][lang == "fr"].format(**given)


def colon(lang: str) -> str:
    """A colon with the spaces of the language."""
    return "\u202f: " if lang == "fr" else ": "


def weekday(at: int, lang: str) -> str:
    """Name of a weekday, Monday is 0."""
    return _WEEKDAYS[lang == "fr"][at]


def known(value: float | None) -> float | None:
    """A count or a share as it may be drawn; None for what is not known: nothing, negative, not finite, or beyond what anybody counts."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    if not math.isfinite(found) or not 0 <= found <= LARGEST:
        return None
    return found if found >= SMALLEST else 0.0


def total_of(values: Iterable[float | None]) -> float:
    """Sum of what is known."""
    return math.fsum(found for found in map(known, values) if found is not None)


def number(value: float | None, lang: str) -> str:
    """A number as it is written in the language: whole ones whole, others with two decimals below 10 and one above."""
    found = known(value)
    if found is None:
        return word("unknown", lang)
    if found.is_integer():
        shown = f"{int(found):,}"
    elif found < 0.005:
        return "< 0,01" if lang == "fr" else "<0.01"
    else:
        shown = f"{found:,.2f}".rstrip("0").rstrip(".") if found < 10 else f"{found:,.1f}"
    return shown if lang != "fr" else shown.replace(",", "\u202f").replace(".", ",")


def percent(value: float | None, lang: str) -> str:
    """A share of 0..1 in percent; below one in a hundred, but not none, says so."""
    found = known(value)
    if found is None:
        return word("unknown", lang)
    shown = "<1" if 0 < found < 0.01 else ">99" if 0.99 < found < 1 else f"{found * 100:.0f}"
    return f"{shown}\u202f%" if lang == "fr" else f"{shown}%"


def counted(value: float | None, unit: str, lang: str) -> str:
    """A number with its unit, if there is one."""
    shown = number(value, lang)
    return f"{shown} {apart(unit[:_UNIT])}" if unit and known(value) is not None else shown


def day(when: date, lang: str, *, year: bool = False) -> str:
    """A day in short: 14 Jan, 14 janv."""
    first = "1er" if lang == "fr" and when.day == 1 else str(when.day)
    return f"{first} {_MONTHS[lang == 'fr'][when.month - 1]}" + (f" {when.year}" if year else "")
