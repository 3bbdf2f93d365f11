"""A ranked list with a lower and an upper bound beside each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the list.

    Attributes:
        key: what marks carry.
        label: what people read.
        value: how many; None when it is not known.
        low: at least so many, None for no bounds.
        high: at most so many.
        note: short text beside the label ("hosting", "relay").
    """

    key: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


def ranked(
    rows: Sequence[Ranked],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "ranked",
    total: float | None = None,
    most: int = 15,
    unit: str = "",
) -> Svg:
    """Draw a ranked list: label, bar, whisker from the lower to the upper bound, number, and share of the total.

    Rows are put in order: most first, then by label; what is not known comes last. Beyond `most` rows the rest is summed into one line that says of how many.

    Args:
        rows: in any order.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        total: what shares are of, in the unit of the values; None draws no shares.
        most: rows that are drawn.
        unit: what is counted, in the plural.
    """
    return Frame(title, lang, narrow, name, "ranked").empty(word("no data", lang))
