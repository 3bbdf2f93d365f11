"""What was observed beside what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.captions import colon, counted, known, number, word
from vigie.drawing.legend import Sample, legend, unknown_paint, unknown_pattern
from vigie.drawing.palette import COLOURS, FAINT, INK, MUTED, PAPER, SHADES
from vigie.drawing.scale import ticks
from vigie.drawing.svg import Frame, Svg, element, hit, line, mark, n, paragraph, rect, text, within
from vigie.drawing.texts import apart, wrapped

_ROW: Final = 30
_NARROW_ROW: Final = 46
_LINES: Final = 6
"""Lines that a label may take: what people must read is not cut."""
FEW: Final = 7
"""Days that are compared at least. With n of them one more lies outside of their range in 2 of n + 1 cases by chance alone: in 1 of 4 with seven, always with one."""
OUTSIDE: Final = COLOURS[1]


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
        compared: days that the usual rests on; with fewer than `FEW` it is not drawn, and nothing is outside of it. None: it rests on no days.
    """

    key: str
    label: str
    observed: float | None
    expected: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    compared: int | None = None

    @property
    def few(self) -> bool:
        """Whether too few days are there to compare."""
        return self.compared is not None and self.compared < FEW

    @property
    def wanted(self) -> float | None:
        """What is expected, when that may be said."""
        return None if self.few else known(self.expected)

    @property
    def usual(self) -> tuple[float, float] | None:
        """What is usual, when both ends are known and in order."""
        low, high = known(self.low), known(self.high)
        return None if self.few or low is None or high is None or low > high else (low, high)

    @property
    def outside(self) -> bool:
        """Whether what was observed lies outside of what is usual."""
        seen, usual = known(self.observed), self.usual
        return seen is not None and usual is not None and not usual[0] <= seen <= usual[1]


def observed_beside_expected(
    rows: Sequence[Beside], *, title: str, lang: str = "en", narrow: bool = False, name: str = "expected", unit: str = "", most: int = 40, chance: bool = False
) -> Svg:
    """Draw each row as a band of what is usual, a stroke where the expected lies, and a dot for what was observed (filled where it lies outside of the usual).

    Args:
        rows: in the order they are drawn.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        most: rows that are drawn; the number of those left out is said.
        chance: what is expected was worked out from chance; otherwise it is what is usual.
    """
    frame = Frame(title, lang, narrow, name, "expected")
    if not rows:
        return frame.empty(word("no data", lang))
    shown, wanted = rows[: max(1, most)], "expected" if chance else "usually"
    samples = [
        Sample(word("observed", lang), PAPER, INK, shape="dot"), Sample(word("observed outside", lang), OUTSIDE, OUTSIDE, shape="dot"),
        Sample(word(wanted, lang), "none", INK, shape="stroke"), Sample(word("usual", lang), SHADES[1], MUTED),
    ]  # fmt: skip
    absent = {"few compared" if one.few else "not compared" for one in shown if one.wanted is None and one.usual is None}
    samples += [Sample(word(why, lang), unknown_paint(name), MUTED) for why in sorted(absent)]
    key, top = legend(samples, 2, frame.width)
    values = [value for one in shown for value in (known(one.observed), one.wanted, *(one.usual or ())) if value is not None]
    scale = ticks(max(values, default=0.0))
    left, wide = (6.0, frame.width - 14.0) if narrow else (200.0, frame.width - 200.0 - 156)
    top += 18
    rows_, bottom = [], top
    for at, one in enumerate(shown):
        drawn, tall = _row(frame, at, one, bottom, (left, wide / scale[-1]), _says(one, lang, unit, wanted))
        rows_.append(drawn)
        bottom += tall
    body = [key]
    for value in scale:
        x = left + value / scale[-1] * wide
        body.append(line(x, top, x, bottom, stroke=FAINT, class_="grid"))
        body.append(text(y=top - 5, words=number(value, lang), **within(x, number(value, lang), frame.width, size=11, fill=MUTED)))
    body += rows_
    bottom += 4
    if len(rows) > len(shown):
        body.append(text(0, bottom + 12, word("left out", lang, rows=number(len(rows) - len(shown), lang)), fill=MUTED, room=frame.width))
        bottom += 18
    return frame.drawn(bottom, body, [_says(one, lang, unit, wanted) + "." for one in shown[:8]], defs=unknown_pattern(name), walked=True)


def _row(frame: Frame, at: int, one: Beside, y: float, axis: tuple[float, float], said: str) -> tuple[str, float]:
    """One row and its height."""
    left, scale = axis
    words = wrapped(one.label + (f" · {one.note}" if one.note else ""), 200 if frame.narrow else 190, 12, _LINES)
    numbers = [part for text_ in _numbers(one, frame.lang) for part in wrapped(text_, 132 if frame.narrow else 150, 12, 2)]
    deep = 13 * (max(len(words), len(numbers)) - 1)
    tall = _NARROW_ROW + deep if frame.narrow else max(_ROW, 17 + deep)
    middle = y + (tall - 14.0 if frame.narrow else tall / 2)
    seen, expected, usual = known(one.observed), one.wanted, one.usual
    drawn = [hit(0, y + 1, frame.width, tall - 2)]
    drawn.append(paragraph(0, y + 15 if frame.narrow else middle + 4 - 6.5 * (len(words) - 1), words, leading=13))
    drawn.append(paragraph(frame.width, y + 15 if frame.narrow else middle + 4 - 6.5 * (len(numbers) - 1), numbers, leading=13, text_anchor="end"))
    if usual:
        drawn.append(rect(left + usual[0] * scale, middle - 6, max(1.0, (usual[1] - usual[0]) * scale), 12, class_="usual", fill=SHADES[1], stroke=MUTED, stroke_width=0.6))
    elif expected is None:
        wide = frame.width - 14.0 if frame.narrow else frame.width - 200.0 - 156
        drawn.append(rect(left, middle - 6, wide, 12, class_="unknown", fill=unknown_paint(frame.name)))
    if expected is not None:
        drawn.append(element("path", d=f"M{n(left + expected * scale)} {n(middle - 9)}v18", stroke=INK, stroke_width=2.5, fill="none", class_="expected"))
    if seen is not None:
        fill, stroke = (OUTSIDE, OUTSIDE) if one.outside else (PAPER, INK)
        drawn.append(element("circle", cx=left + seen * scale, cy=middle, r=5, fill=fill, stroke=stroke, stroke_width=2, class_="observed"))
    return mark(at, one.key, said, "".join(drawn)), tall


def _numbers(one: Beside, lang: str) -> list[str]:
    """What stands at the right: observed, expected and what is usual; or that there are too few days."""
    if one.few:
        return [f"{number(one.observed, lang)} / ?", word("few", lang)]
    usual = f" ({number(one.usual[0], lang)}–{number(one.usual[1], lang)})" if one.usual else ""
    return [f"{number(one.observed, lang)} / {number(one.expected, lang)}{usual}"]


def _says(one: Beside, lang: str, unit: str, wanted: str) -> str:
    said = apart(one.label) + colon(lang) + f"{word('observed', lang)} {counted(one.observed, unit, lang)}, "
    if one.few:
        said += f"{word('few compared', lang)} ({word('compared', lang, count=number(one.compared, lang))})"
    else:
        said += word("not compared", lang) if one.wanted is None and one.usual is None else f"{word(wanted, lang)} {number(one.expected, lang)}"
    if one.usual:
        said += f", {word('usual', lang)} {number(one.usual[0], lang)} – {number(one.usual[1], lang)}"
    return said + (f"; {apart(one.note)}" if one.note else "")
