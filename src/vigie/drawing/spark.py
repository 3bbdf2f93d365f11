"""A line of a few millimetres beside a number."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


def spark(values: Sequence[float | None], *, title: str, lang: str = "en", name: str = "spark", unit: str = "") -> Svg:
    """Draw a small line, 120 by 28 units, from zero to the largest value, its last point marked; gaps where a value is not known.

    Args:
        values: in order of time.
        title: what is drawn.
        lang: `fr` or `en`.
        name: begins every id.
        unit: what is counted, in the plural.
    """
    return Frame(title, lang, False, name, "spark").empty(word("no data", lang))
