"""Rows by columns: hypotheses and the evidence for and against them, or who relayed whom."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.captions import colon, known, number, word
from vigie.drawing.legend import Sample, legend, unknown_paint, unknown_pattern
from vigie.drawing.palette import FAINT, INK, MUTED, PAPER, SHADES, shade
from vigie.drawing.series import Series
from vigie.drawing.svg import BOLDER, Frame, Svg, element, hit, mark, paragraph, rect, text, title
from vigie.drawing.texts import apart, wrapped

ROWS, COLUMNS = 60, 14
"""Rows and columns that are drawn."""
_FOR: Final = {1: ("+", "#d5e5f4"), 2: ("+ +", "#9cc4e6")}
_AGAINST: Final = {1: ("−", "#efc19d"), 2: ("− −", "#dc8f5b")}  # darker than those for, so that grey paper tells them apart
_TALL: Final = 30
_NARROWEST: Final = 82
_LINES: Final = 12
"""Lines that a label may take: what people must read is not cut."""
"""Units of a column below which columns are numbered, and named underneath."""


def matrix(
    rows: Sequence[Series],
    columns: Sequence[Series],
    cells: Sequence[Sequence[float | None]],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "matrix",
    rated: bool = False,
) -> Svg:
    """Draw a matrix: counts as numbers on shades, or ratings as signs.

    Args:
        rows: names of the rows (evidence, or who carried), at most 60 are drawn.
        columns: names of the columns (hypotheses, or from whom), at most 14 are drawn; the number of those left out is said.
        cells: shape (rows, columns); None is not known (or not rated), drawn as such; where row and column
            have one key it is nothing, and grey. Counts are 0 or more; ratings lie between -2 and 2.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760; columns are numbered then, and named under the matrix.
        name: begins every id.
        rated: cells are ratings from -2 (strongly against) to 2 (strongly for).

    Raises:
        ValueError: the shape of `cells` is another.
    """
    if len(cells) != len(rows) or any(len(row) != len(columns) for row in cells):
        raise ValueError("the cells are not rows by columns")
    frame = Frame(title, lang, narrow, name, "matrix")
    if not rows or not columns:
        return frame.empty(word("no data", lang))
    shown = [list(row[:COLUMNS]) for row in cells[:ROWS]]
    board = _Board(frame, columns[:COLUMNS], rated, max((known(one) or 0.0 for row in shown for one in row), default=0.0) if not rated else 2.0)
    absent = any(_value(one, rated) is None and (rated or row.key != column.key) for row, values in zip(rows, shown, strict=False) for column, one in zip(columns, values, strict=False))
    key, top = legend(board.samples(absent), 2, frame.width)
    head, tall = board.head(top)
    body, y = [key, head], top + tall
    for at, (row, values) in enumerate(zip(rows, shown, strict=False)):
        drawn, tall = board.row(at, row, values, y)
        body.append(drawn)
        y += tall
    foot, tall = board.foot(y + 6, len(rows) - len(shown), len(columns) - len(board.columns))
    told = [board.says(row, values) + "." for row, values in list(zip(rows, shown, strict=False))[:10]]
    return frame.drawn(y + tall + 8, [*body, foot], told, defs=unknown_pattern(name), walked=True)


def _value(one: float | None, rated: bool) -> float | None:
    """A cell as it may be drawn."""
    if not rated:
        return known(one)
    if one is None or isinstance(one, bool) or not math.isfinite(one) or abs(one) > 2:
        return None
    return float(one)


@dataclass(frozen=True, slots=True)
class _Board:
    """What all rows share."""

    frame: Frame
    columns: Sequence[Series]
    rated: bool
    largest: float

    @property
    def left(self) -> float:
        return 4.0 if self.frame.narrow else 250.0

    @property
    def wide(self) -> float:
        return min(150.0, (self.frame.width - self.left - 2) / len(self.columns))

    @property
    def numbered(self) -> bool:
        return self.wide < _NARROWEST

    def samples(self, absent: bool) -> list[Sample]:
        lang = self.frame.lang
        out = []
        if self.rated:
            out = [
                Sample(f"{word('for', lang)} (+, + +)", _FOR[2][1], MUTED), Sample(f"{word('neutral', lang)} (0)", PAPER, MUTED),
                Sample(f"{word('against', lang)} (−, − −)", _AGAINST[2][1], MUTED),
            ]  # fmt: skip
        if absent:
            out.append(Sample(word("not rated" if self.rated else "unknown", lang), unknown_paint(self.frame.name), MUTED))
        return out

    def head(self, y: float) -> tuple[str, float]:
        """Names of the columns, or their numbers."""
        if self.numbered:
            out = [text(self.left + (at + 0.5) * self.wide, y + 12, str(at + 1), text_anchor="middle", size=11, font_weight="600") for at in range(len(self.columns))]
            return "".join(out), 18.0
        lines = [wrapped(one.label, (self.wide - 4) / BOLDER, 11, _LINES) for one in self.columns]
        deep = max((len(one) for one in lines), default=1)
        out = []
        for at, (one, words) in enumerate(zip(self.columns, lines, strict=True)):
            drawn = paragraph(self.left + (at + 0.5) * self.wide, y + 11 + (deep - len(words)) * 13, words, size=11, leading=13, text_anchor="middle", font_weight="600")
            out.append(element("g", title(one.label) + drawn))
        return "".join(out), deep * 13 + 6.0

    def row(self, at: int, row: Series, values: Sequence[float | None], y: float) -> tuple[str, float]:
        words = wrapped(row.label, self.frame.width - 8 if self.frame.narrow else self.left - 12, 12, _LINES)
        above = len(words) * 14 + 4 if self.frame.narrow else 0
        tall = max(_TALL, 0 if self.frame.narrow else len(words) * 14 + 4)
        drawn = [hit(0, y, self.left + self.wide * len(values), above + tall)]
        base = y + 13 if self.frame.narrow else y + tall / 2 + 4 - (len(words) - 1) * 7
        drawn.append(paragraph(self.left if self.frame.narrow else 0, base, words, size=12, leading=14))
        drawn += [self.cell(column, one, row.key == column.key, self.left + place * self.wide, y + above, tall) for place, (column, one) in enumerate(zip(self.columns, values, strict=True))]
        return mark(at, row.key, self.says(row, values), "".join(drawn)), above + tall + (4.0 if self.frame.narrow else 0.0)

    def cell(self, column: Series, one: float | None, itself: bool, x: float, y: float, tall: float) -> str:
        value = _value(one, self.rated)
        told = title(apart(column.label) + colon(self.frame.lang) + self.spoken(value))
        if value is None and itself and not self.rated:
            return rect(x + 1, y + 1, self.wide - 2, tall - 2, fill=FAINT, class_="cell itself")
        if value is None:
            return element("g", told + rect(x + 1, y + 1, self.wide - 2, tall - 2, fill=unknown_paint(self.frame.name), stroke=FAINT), class_="cell unknown")
        if self.rated:
            sign, ground = _rating(value)
            ink = INK
        else:
            level = shade(value, self.largest)
            sign, ground, ink = number(value, self.frame.lang), PAPER if not value else SHADES[level], INK if level < 3 or not value else PAPER
        drawn = rect(x + 1, y + 1, self.wide - 2, tall - 2, fill=ground, stroke=MUTED, stroke_width=0.5)
        drawn += text(x + self.wide / 2, y + tall / 2 + 4, sign, text_anchor="middle", fill=ink, room=self.wide - 3, size=13 if self.rated else 11, font_weight="700" if self.rated else None)
        return element("g", told + drawn, class_="cell")

    def foot(self, y: float, rows: int, columns: int) -> tuple[str, float]:
        """Names of numbered columns, and how many rows and columns are not drawn."""
        out, tall = [], 0.0
        across = 1 if self.frame.narrow else 3
        room = self.frame.width / across - 12
        names = [wrapped(f"{at + 1} · {one.label}", room, 11, _LINES) for at, one in enumerate(self.columns if self.numbered else ())]
        for first in range(0, len(names), across):
            some = names[first : first + across]
            out += [paragraph(4 + place * (room + 12), y + tall + 11, lines, size=11, leading=13) for place, lines in enumerate(some)]
            tall += 13 * max(len(lines) for lines in some) + 4
        if rows + columns:
            out.append(text(4, y + tall + 12, word("left out", self.frame.lang, rows=f"{rows} + {columns}" if rows and columns else str(rows + columns)), fill=MUTED, size=11, room=self.frame.width - 8))
            tall += 16
        return "".join(out), tall

    def spoken(self, value: float | None) -> str:
        lang = self.frame.lang
        if value is None:
            return word("not rated" if self.rated else "unknown", lang)
        return _rating(value)[0].replace(" ", "") if self.rated else number(value, lang)

    def says(self, row: Series, values: Sequence[float | None]) -> str:
        parts = [f"{apart(column.label[:60])} {self.spoken(_value(one, self.rated))}" for column, one in zip(self.columns, values, strict=True)]
        return apart(row.label[:120]) + colon(self.frame.lang) + "; ".join(parts)


def _rating(value: float) -> tuple[str, str]:
    """Sign and ground of a rating; a half counts for the nearer whole, away from zero."""
    step = math.floor(abs(value) + 0.5)
    return ("0", PAPER) if step == 0 else _FOR[step] if value > 0 else _AGAINST[step]
