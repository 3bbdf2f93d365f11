"""A line of a few millimetres beside a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vigie.drawing.captions import counted, known, word
from vigie.drawing.palette import COLOURS, MUTED, PAPER
from vigie.drawing.svg import Frame, Svg, element, n, text

_WIDE, _TALL = 120, 28
_MOST: Final = 400
"""Values that are drawn; of more, the last."""


def spark(values: Sequence[float | None], *, title: str, lang: str = "en", name: str = "spark", unit: str = "") -> Svg:
    """Draw a small line, 120 by 28 units, from zero to the largest value, its last point marked; gaps where a value is not known.

    Args:
        values: in order of time; of more than 400 the last.
        title: what is drawn.
        lang: `fr` or `en`.
        name: begins every id.
        unit: what is counted, in the plural.
    """
    frame = Frame(title, lang, False, name, "spark")
    found = [known(one) for one in values[-_MOST:]]
    read = [one for one in found if one is not None]
    if not read:
        return frame.drawn(_TALL, text(_WIDE / 2, 18, word("no data", lang), text_anchor="middle", fill=MUTED, size=11), [word("no data", lang)], width=_WIDE)
    largest = max(read) or 1.0
    step = (_WIDE - 10) / max(1, len(found) - 1)
    points = [None if one is None else (5 + at * step, _TALL - 4 - one / largest * (_TALL - 9)) for at, one in enumerate(found)]
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    body = element("path", d=f"M4 {_TALL - 4}H{_WIDE - 4}", stroke=MUTED, stroke_width=0.6, fill="none")
    for run in runs:
        if len(run) > 1:
            body += element("path", d="M" + "L".join(f"{n(x)} {n(y)}" for x, y in run), stroke=COLOURS[0], stroke_width=1.8, fill="none", stroke_linejoin="round")
        elif run:
            body += element("circle", cx=run[0][0], cy=run[0][1], r=1.5, fill=COLOURS[0])
    last = points[-1]
    if last is not None:
        body += element("circle", cx=last[0], cy=last[1], r=3, fill=COLOURS[0], stroke=PAPER, class_="last")
    told = [word("latest", lang, count=counted(found[-1], unit, lang)), word("largest", lang, count=counted(max(read), unit, lang))]
    return frame.drawn(_TALL, body, told, width=_WIDE)
