"""Textures, and the legend that says what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.palette import MUTED, PAPER, Style, style
from vigie.drawing.series import Series
from vigie.drawing.svg import element, rect, text
from vigie.drawing.texts import width_of

_LINES: Final = {
    "rising": "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "falling": "M-2 6l4 4M0 0l8 8M6-2l4 4",
    "level": "M0 2h8M0 6h8",
    "upright": "M2 0v8M6 0v8",
    "cross": "M0 0l8 8M8 0l-8 8",
    "broken": "M0 2h5M4 6h4M0 6h1",
}
_SIZE: Final = 11
UNKNOWN: Final = "unknown"
"""Name of the texture of what is not known."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry of a legend.

    Attributes:
        label: what it means.
        fill: a paint.
        stroke: of the outline, or "none".
        dashed: the outline is.
        shape: `box`, `dot`, `stroke` (a vertical one), `line`, `bracket`, `triangle` or `diamond`.
    """

    label: str
    fill: str
    stroke: str = "none"
    dashed: bool = False
    shape: str = "box"


def pattern(name: str, number: int) -> str:
    """The texture of a style, `name` begins its id; "" where it has none."""
    look = style(number)
    if look.texture == "plain":
        return ""
    drawn = element("rect", width=8, height=8, fill=look.colour)
    if look.texture == "dots":
        drawn += element("circle", cx=2, cy=2, r=1.1, fill=PAPER) + element("circle", cx=6, cy=6, r=1.1, fill=PAPER)
    else:
        drawn += element("path", d=_LINES[look.texture], stroke=PAPER, stroke_width=0.9, fill="none")
    return element("pattern", drawn, id=f"{name}-p{number}", width=8, height=8, patternUnits="userSpaceOnUse")


def unknown_pattern(name: str) -> str:
    """Thin grey strokes on paper: nothing is known here."""
    drawn = element("rect", width=6, height=6, fill=PAPER) + element("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", stroke=MUTED, stroke_width=1, fill="none")
    return element("pattern", drawn, id=f"{name}-{UNKNOWN}", width=6, height=6, patternUnits="userSpaceOnUse")


def paint(name: str, number: int) -> str:
    """What a shape of this style is filled with; its colour alone where patterns do not work."""
    look: Style = style(number)
    return look.colour if look.texture == "plain" else f"url(#{name}-p{number}) {look.colour}"


def unknown_paint(name: str) -> str:
    """What a shape is filled with of which nothing is known."""
    return f"url(#{name}-{UNKNOWN}) {PAPER}"


def numbers_of(series: Sequence[Series]) -> dict[str, int]:
    """Key → number of its style: the one given, else its place."""
    out: dict[str, int] = {}
    for at, one in enumerate(series):
        out.setdefault(one.key, one.style if one.style is not None and 0 <= one.style < 1_000 else at)
    return out


def patterns(name: str, numbers: Iterable[int]) -> str:
    """Each texture once."""
    return "".join(pattern(name, one) for one in sorted(set(numbers)))


def legend(samples: Sequence[Sample], y: float, width: float, x: float = 0.0) -> tuple[str, float]:
    """Draw samples side by side, on as many lines as they take.

    Args:
        samples: in order.
        y: top.
        width: units there are, from `x` on.
        x: left.

    Returns:
        SVG, and the height it takes.
    """
    out, left, top = [], x, y
    for one in samples:
        takes = min(width_of(one.label, _SIZE) + 38, width)
        if left > x and left + takes > x + width + 14:
            left, top = x, top + 20
        out.append(element("g", _sample(one, left, top), class_="sample") + text(left + 20, top + 11, one.label, room=width - 22, size=_SIZE))
        left += takes
    return "".join(out), (top - y + 22 if samples else 0.0)


def _sample(one: Sample, x: float, y: float) -> str:
    dash = "3 2" if one.dashed else None
    if one.shape == "dot":
        return element("circle", cx=x + 7, cy=y + 7, r=4.5, fill=one.fill, stroke=one.stroke, stroke_width=1.5)
    if one.shape == "stroke":
        return element("path", d=f"M{x + 7:.2f} {y:.2f}v14", stroke=one.stroke, stroke_width=2.5, fill="none")
    if one.shape == "line":
        return element("path", d=f"M{x:.2f} {y + 7:.2f}h15", stroke=one.stroke, stroke_width=2, stroke_dasharray="5 3" if one.dashed else None, fill="none")
    if one.shape == "bracket":
        return element("path", d=f"M{x:.2f} {y + 3:.2f}v8m0-4h14m0-4v8", stroke=one.stroke, stroke_width=1.5, fill="none")
    if one.shape == "triangle":
        return element("path", d=f"M{x + 7:.2f} {y + 2:.2f}l6 10h-12z", fill=one.fill)
    if one.shape == "diamond":
        return element("path", d=f"M{x + 7:.2f} {y:.2f}l7 7-7 7-7-7z", fill=one.fill)
    return rect(x + 0.5, y + 0.5, 14, 13, fill=one.fill, stroke=one.stroke, stroke_dasharray=dash, rx=2)
