"""Any text made fit to be drawn: harmless, bounded, and no wider than its room.

References:
    - XML 1.0 (5th edition), 2.2 Characters; Unicode UAX #9 (bidirectional), UAX #11 (width)
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

MOST: Final = 300
"""Characters of one text that are kept."""
_HIDDEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RIGHT: Final = {"R", "AL", "AN"}
_FIRST, _LAST = "\u2068", "\u2069"
_PLAIN: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_QUOTED: Final = _PLAIN | str.maketrans({'"': "&quot;", "'": "&#39;"})
_WIDTHS: Final = {
    **dict.fromkeys("ijl.,:;'|!`", 0.32), **dict.fromkeys(" ftrI()[]{}/\\-\u202f\u00a0", 0.41), **dict.fromkeys("mwMW@%", 1.02),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ&", 0.74),
}  # fmt: skip


@lru_cache(maxsize=8_192)
def said(words: str, most: int = MOST, *, composed: bool = False) -> str:
    """A text on one line: characters that cannot be seen are written out, and what is longer than `most` characters is cut.

    Args:
        words: any text.
        most: characters that are kept.
        composed: the text is made of parts that went through `apart`, whose isolates stay.
    """
    cut = words[:most]
    if not (cut.isascii() and cut.isprintable()):
        kept = (_FIRST, _LAST) if composed else ()
        cut = "".join(one if one in kept or unicodedata.category(one) not in _HIDDEN else _visible(one) for one in cut)
    return cut + "…" if len(words) > most else cut


def _visible(character: str) -> str:
    code = ord(character)
    return " " if character in "\t\n\r" else f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def clean(words: str, *, quote: bool = False) -> str:
    """A text as XML holds it."""
    if words.isalnum():
        return words
    return words.translate(_QUOTED if quote else _PLAIN)


def apart(words: str) -> str:
    """A text to be put into a sentence, kept in its own direction if it runs right to left."""
    shown = said(words)
    return f"{_FIRST}{shown}{_LAST}" if any(unicodedata.bidirectional(one) in _RIGHT for one in shown) else shown


@lru_cache(maxsize=8_192)
def width_of(words: str, size: float) -> float:
    """Units that a text takes at most, by rough widths of a sans-serif face."""
    return size * sum(_WIDTHS.get(one, 0.64) if one.isascii() or one in _WIDTHS else _wide(one) for one in words)


def _wide(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(character) in "WF" else 0.72


def fitted(words: str, room: float, size: float) -> str:
    """As much of a text as its room holds, with an ellipsis where that is not all; none where not even that fits."""
    whole = said(words)
    if width_of(whole, size) <= room:
        return whole
    taken = _taken(whole, room - 0.9 * size, size)
    return whole[:taken].rstrip() + "…" if taken else ""


def wrapped(words: str, room: float, size: float, lines: int) -> list[str]:
    """A text on as many lines as it takes, `lines` at most, broken at spaces or behind a slash, a hyphen or an underscore; the last one ends in an ellipsis where that is not all."""
    out: list[str] = []
    rest = said(words).strip()
    while rest and len(out) < lines - 1 and width_of(rest, size) > room:
        taken = _taken(rest, room, size)
        behind = 1 + max(rest.rfind(one, 1, taken) for one in "/-_")
        at = max(rest.rfind(" ", 0, taken + 1), behind)
        at = at if at > 0 else max(taken, 1)
        out.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*out, fitted(rest, room, size)] if rest else out


def _taken(words: str, room: float, size: float) -> int:
    """Characters that fit."""
    for at, one in enumerate(words):
        room -= width_of(one, size)
        if room < 0:
            return at
    return len(words)
