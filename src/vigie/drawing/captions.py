"""The few words, numbers and days that drawings say themselves, in French and English."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

_WORDS: Final = {
    "no data": ("no data", "aucune donnée"),
    "unknown": ("not known", "inconnu"),
}  # fmt: skip
_MONTHS: Final = (
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),
)


def word(key: str, lang: str) -> str:
    """A word of drawings in a language; other languages than French read English."""
    return _WORDS[key][lang == "fr"]


def known(value: float | None) -> float | None:
    """A count or a share as it may be drawn; None for what is not known: nothing, negative, or not finite."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def number(value: float | None, lang: str) -> str:
    """A number as it is written in the language: whole ones whole, others with one decimal (two below 10)."""
    found = known(value)
    if found is None:
        return word("unknown", lang)
    if found >= 1e15:
        shown = f"{found:.1e}"
    elif float(found).is_integer():
        shown = f"{int(found):,}"
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


def day(when: date, lang: str, *, year: bool = False) -> str:
    """A day in short: 14 Jan, 14 janv."""
    first = "1er" if lang == "fr" and when.day == 1 else str(when.day)
    return f"{first} {_MONTHS[lang == 'fr'][when.month - 1]}" + (f" {when.year}" if year else "")
