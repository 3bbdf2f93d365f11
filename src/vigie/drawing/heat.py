"""Hour by weekday."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vigie.drawing.captions import colon, counted, known, number, weekday, word
from vigie.drawing.legend import Sample, legend, unknown_paint, unknown_pattern
from vigie.drawing.palette import MUTED, PAPER, SHADES, shade
from vigie.drawing.svg import Frame, Svg, hit, mark, rect, text
from vigie.drawing.texts import apart

_HOURS: Final = 24


def heat(
    cells: Sequence[Sequence[float | None]], *, title: str, lang: str = "en", narrow: bool = False, name: str = "heat", unit: str = "", zone: str = "UTC"
) -> Svg:
    """Draw seven rows of 24 hours, darker for more.

    Args:
        cells: shape (7, 24), Monday first, midnight first; None: this hour was never watched.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        unit: what is counted, in the plural.
        zone: name of the time zone of the hours.

    Raises:
        ValueError: the shape of `cells` is another; an empty sequence is no data.
    """
    frame = Frame(title, lang, narrow, name, "heat")
    if cells and (len(cells) != 7 or any(len(row) != _HOURS for row in cells)):
        raise ValueError("the cells are not 7 days by 24 hours")
    values = [[known(one) for one in row] for row in cells]
    read = [one for row in values for one in row if one is not None]
    if not read:
        return frame.empty(word("no data", lang))
    largest = max(read)
    key, top = legend(_samples(frame, largest, len(read) < 7 * _HOURS), 2, frame.width)
    left, tall = (34.0, 22.0) if narrow else (46.0, 22.0)
    wide = (frame.width - left - 2) / _HOURS
    body = [key, text(0, top + 14, zone, fill=MUTED, size=11, room=left - 4)]
    hours = range(0, _HOURS, 6 if narrow else 3)
    body += [text(left + hour * wide, top + 14, f"{hour} h" if lang == "fr" else f"{hour:02d}:00", fill=MUTED, size=11) for hour in hours]
    top += 20
    for at, row in enumerate(values):
        body.append(text(0, top + at * tall + 15, weekday(at, lang), size=11, room=left - 4))
        for hour, one in enumerate(row):
            x, y = left + hour * wide, top + at * tall
            said = word("at hour", lang, day=weekday(at, lang), hour=f"{hour:02d}") + colon(lang) + counted(one, unit, lang)
            fill = unknown_paint(name) if one is None else PAPER if one == 0 else SHADES[shade(one, largest)]
            drawn = rect(x + 0.5, y + 0.5, wide - 1, tall - 1, class_="unknown" if one is None else "cell", fill=fill, stroke=MUTED, stroke_width=0.4)
            body.append(mark(at * _HOURS + hour, f"{at}-{hour}", said, drawn + hit(x + 0.5, y + 0.5, wide - 1, tall - 1)))
    at, most = divmod(max(range(7 * _HOURS), key=lambda one: (values[one // _HOURS][one % _HOURS] or 0.0, -one)), _HOURS)
    told = [word("most on", lang, day=word("at hour", lang, day=weekday(at, lang), hour=f"{most:02d}"), count=counted(largest, unit, lang)), word("time zone", lang, zone=apart(zone))]
    return frame.drawn(top + 7 * tall + 4, body, told, defs=unknown_pattern(name), walked=True)


def _samples(frame: Frame, largest: float, absent: bool) -> list[Sample]:
    """None, the shades with their ranges, not known."""
    lang = frame.lang
    out = [Sample("0", PAPER, MUTED)]
    for level in range(1, 6):
        low, high = largest * (level - 1) / 5, largest * level / 5
        if largest >= 5 and float(largest).is_integer():
            low, high = float(int(low) + 1), float(int(high))
            shown = number(low, lang) if low >= high else f"{number(low, lang)}–{number(high, lang)}"
        else:
            shown = f"≤ {number(high, lang)}"
        if largest > 0:
            out.append(Sample(shown, SHADES[level], MUTED))
    if absent:
        out.append(Sample(word("not watched", lang), unknown_paint(frame.name), MUTED))
    return out
