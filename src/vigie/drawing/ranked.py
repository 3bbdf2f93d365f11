"""A ranked list with a lower and an upper bound beside each bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.captions import colon, counted, known, number, percent, total_of, word
from vigie.drawing.legend import Sample, legend, unknown_paint, unknown_pattern
from vigie.drawing.palette import COLOURS, FAINT, INK, MUTED
from vigie.drawing.svg import Frame, Svg, element, hit, mark, n, paragraph, rect, text
from vigie.drawing.texts import apart, wrapped

_ROW: Final = 34
_NARROW_ROW: Final = 48
_LINES: Final = 6
"""Lines that a label may take: what people must read is not cut."""


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

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Lower and upper bound, when both are known and in order."""
        low, high = known(self.low), known(self.high)
        return None if low is None or high is None or low > high else (low, high)


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
        narrow: 340 units wide instead of 760.
        name: begins every id.
        total: what shares are of, in the unit of the values; None draws no shares.
        most: rows that are drawn.
        unit: what is counted, in the plural.
    """
    frame = Frame(title, lang, narrow, name, "ranked")
    if not rows:
        return frame.empty(word("no data", lang))
    ordered = sorted(rows, key=lambda one: (known(one.value) is None, -(known(one.value) or 0.0), one.label, one.key))
    shown, rest = ordered[: max(1, most)], ordered[max(1, most) :]
    if rest:
        shown.append(Ranked("", word("list rest", lang, rows=number(len(rest), lang)), total_of(one.value for one in rest)))
    largest = max([known(one.value) or 0.0 for one in shown] + [one.bounds[1] for one in shown if one.bounds]) or 1.0
    whole = known(total) or None
    samples = [Sample(unit, COLOURS[0])] if unit else []
    if any(one.bounds for one in shown):
        samples.append(Sample(word("bounds", lang), "none", INK, shape="bracket"))
    key, top = legend(samples, 2, frame.width)
    body = [key]
    for at, one in enumerate(shown):
        drawn, tall = _row(frame, at, one, top, largest, whole, unit)
        body.append(drawn)
        top += tall
    told = [_says(one, lang, whole, unit) + "." for one in shown[:5]]
    return frame.drawn(top + 2, body, told, defs=unknown_pattern(name), walked=True)


def _row(frame: Frame, at: int, one: Ranked, y: float, largest: float, whole: float | None, unit: str) -> tuple[str, float]:
    """One row and its height."""
    lang = frame.lang
    numbers = 0 if frame.narrow else 170
    left, wide = (0.0, float(frame.width)) if frame.narrow else (196.0, frame.width - 196.0 - numbers)
    value, bounds = known(one.value), one.bounds
    lines = wrapped(one.label + (f" · {one.note}" if one.note else ""), 190 if frame.narrow else 188, 12, _LINES)
    more = 14 * (len(lines) - 1)
    bar = y + (20 + more if frame.narrow else 5)
    tall = _NARROW_ROW + more if frame.narrow else max(_ROW, 16 + more)
    drawn = [hit(0, y, frame.width, tall - (4 if frame.narrow else 2))]
    drawn.append(paragraph(0, y + 15, lines, leading=14))
    drawn.append(text(frame.width, y + 15, _numbers(one, lang, whole), text_anchor="end", room=146 if frame.narrow else numbers - 8))
    if value is None:
        drawn.append(rect(left, bar, wide, 12, class_="unknown", fill=unknown_paint(frame.name), stroke=MUTED, stroke_width=0.5))
    else:
        drawn.append(rect(left, bar, wide, 12, fill="none", stroke=FAINT, stroke_width=0.5))
        drawn.append(rect(left, bar, value / largest * wide, 12, class_="bar", fill=COLOURS[0]))
    if bounds:
        low, high = (left + one / largest * wide for one in bounds)
        drawn.append(element("path", d=f"M{n(low)} {n(bar + 14)}v6m0-3H{n(high)}m0-3v6", stroke=INK, stroke_width=1.5, fill="none", class_="bounds"))
    return mark(at, one.key, _says(one, lang, whole, unit), "".join(drawn)), tall


def _numbers(one: Ranked, lang: str, whole: float | None) -> str:
    value, bounds = known(one.value), one.bounds
    if value is None or whole is None:
        return number(value, lang)
    if bounds:
        return f"{number(value, lang)} ({percent(bounds[0] / whole, lang)} – {percent(bounds[1] / whole, lang)})"
    return f"{number(value, lang)} ({percent(value / whole, lang)})"


def _says(one: Ranked, lang: str, whole: float | None, unit: str) -> str:
    value, bounds = known(one.value), one.bounds
    said = apart(one.label) + colon(lang) + counted(value, unit, lang)
    if value is not None and whole:
        said += f" ({percent(value / whole, lang)})"
    if bounds:
        said += f", {word('between', lang, low=number(bounds[0], lang), high=number(bounds[1], lang))}"
    return said + (f"; {apart(one.note)}" if one.note else "")
