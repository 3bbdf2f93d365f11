"""Databases and log-ins in a lane of their own, the most dangerous first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vigie.drawing.captions import colon, counted, known, number, word
from vigie.drawing.legend import unknown_paint, unknown_pattern
from vigie.drawing.palette import ALERT, COLOURS, FAINT, INK, MUTED
from vigie.drawing.svg import BOLDER, Frame, Svg, hit, line, mark, paragraph, rect, text
from vigie.drawing.texts import apart, wrapped

WORST: Final = 7
GRAVE: Final = 6
"""Danger from which the colour is that of an alert."""
_ROW: Final = 46
_LINES: Final = 6
"""Lines that a label, or a note, may take: what people must read is not cut."""


@dataclass(frozen=True, slots=True)
class Door:
    """One rank of danger, or one attack.

    Attributes:
        key: what marks carry.
        label: what people read ("a valid credential used from outside").
        danger: 0 to 7, see `attacks/dangers.py`; None when it is not known.
        count: how many; None when not known.
        note: short text beneath (where, when, by what account).
    """

    key: str
    label: str
    danger: int | None
    count: int | None
    note: str = ""

    @property
    def rank(self) -> int | None:
        """Its danger when that is one of 0 to 7."""
        return self.danger if self.danger is not None and 0 <= self.danger <= WORST else None


def lane(rows: Sequence[Door], *, title: str, lang: str = "en", narrow: bool = False, name: str = "lane", unit: str = "", most: int = 20) -> Svg:
    """Draw doors by danger: a scale of seven steps, the words, the number. Never stacked, never averaged.

    Args:
        rows: in any order; the most dangerous are drawn first, then the most numerous, then by label. What is of unknown danger comes after 6 and 7, before all others.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        most: rows that are drawn; the number of those left out is said.
    """
    frame = Frame(title, lang, narrow, name, "lane")
    if not rows:
        return frame.empty(word("no data", lang))
    ordered = sorted(rows, key=lambda one: (-(GRAVE - 0.5 if one.rank is None else one.rank), -(known(one.count) or 0.0), one.label, one.key))
    shown = ordered[: max(1, most)]
    body, bottom = [], 2.0
    for at, one in enumerate(shown):
        drawn, tall = _row(frame, at, one, bottom, unit)
        body.append(drawn)
        bottom += tall
    if len(ordered) > len(shown):
        body.append(text(0, bottom + 13, word("left out", lang, rows=number(len(ordered) - len(shown), lang)), fill=MUTED, room=frame.width))
        bottom += 18
    return frame.drawn(bottom + 2, body, [_says(one, lang, unit) + "." for one in shown[:8]], defs=unknown_pattern(name), walked=True)


def _row(frame: Frame, at: int, one: Door, y: float, unit: str) -> tuple[str, float]:
    """One row and its height."""
    lang, rank = frame.lang, one.rank
    step = 10 if frame.narrow else 14
    left = WORST * step + (12 if frame.narrow else 66)
    colour = ALERT if rank is not None and rank >= GRAVE else COLOURS[0] if rank is not None else INK
    end = 70 if frame.narrow else 130
    lines = wrapped(one.label, (frame.width - left - end) / BOLDER, 13, _LINES)
    notes = wrapped(one.note, frame.width - left - (0 if frame.narrow else end), 12, _LINES)
    tall_row = max(_ROW, 16 + 16 * len(lines) + 15 * len(notes))
    drawn = [hit(0, y, frame.width, tall_row - 2)]
    for place in range(WORST):
        tall = 8 + place * 3.0
        filled = rank is not None and place < rank
        fill = unknown_paint(frame.name) if rank is None else colour if filled else "none"
        drawn.append(rect(place * step + 1, y + 34 - tall, step - 3, tall, class_="step filled" if filled else "step", fill=fill, stroke=colour if filled else MUTED, stroke_width=0.8))
    if not frame.narrow:
        drawn.append(text(WORST * step + 6, y + 34, f"{rank} / {WORST}" if rank is not None else "?", size=13, font_weight="700", fill=colour))
    drawn.append(paragraph(left, y + 17, lines, size=13, leading=16, font_weight="600"))
    drawn.append(paragraph(left, y + 18 + 16 * len(lines), notes, fill=MUTED))
    there = known(one.count) is not None
    drawn.append(text(frame.width, y + 19, number(one.count, lang), text_anchor="end", size=17 if there else 12, font_weight="700" if there else None, fill=colour if there else INK, room=end))
    if unit and there and not frame.narrow:
        drawn.append(text(frame.width, y + 34, unit, text_anchor="end", size=11, fill=MUTED, room=end))
    drawn.append(line(0, y + tall_row - 3, frame.width, y + tall_row - 3, stroke=FAINT))
    return mark(at, one.key, _says(one, lang, unit), "".join(drawn)), tall_row


def _says(one: Door, lang: str, unit: str) -> str:
    rank = word("danger unknown", lang) if one.rank is None else word("danger", lang, rank=str(one.rank))
    return apart(one.label) + colon(lang) + f"{counted(one.count, unit, lang)}, {rank}" + (f"; {apart(one.note)}" if one.note else "")
