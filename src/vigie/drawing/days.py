"""Attacks by day, stacked by family, with the peak, the trend and what must not vanish in the stack."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from vigie.drawing.captions import colon, counted, day, known, number, total_of, word
from vigie.drawing.legend import Sample, legend, numbers_of, paint, patterns, unknown_paint, unknown_pattern
from vigie.drawing.palette import ALERT, FAINT, INK, MUTED, PAPER
from vigie.drawing.scale import ticks
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg, element, hit, line, mark, n, rect, text, within
from vigie.drawing.texts import apart as set_apart
from vigie.drawing.texts import said as shown_key

DAILY: Final = 124
"""Days beyond which weeks are drawn."""
OTHERS: Final = "others"
_LONGEST: Final = 4_000
_LEFT, _RIGHT, _PLOT, _LANE, _WIDEST = 46, 8, 190, 34, 56


@dataclass(frozen=True, slots=True)
class Day:
    """One day.

    Attributes:
        day: its date.
        counts: key of a family → how many; a family left out has none. None: nothing is known of this day (no log was read), which is not zero.
        partial: the logs cover only a part of it.
        notes: short texts of what happened (a publication, an outage); marked under the day.
    """

    day: date
    counts: Mapping[str, int] | None
    partial: bool = False
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class _Column:
    """A day or a week as it is drawn: `parts` holds key, number of style and count, from the bottom; None when nothing is known."""

    day: date
    parts: tuple[tuple[str, int, float], ...] | None
    partial: bool
    notes: tuple[str, ...]
    level: float | None
    total: float


def days(
    rows: Sequence[Day],
    families: Sequence[Series],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "days",
    apart: Collection[str] = (),
    peak: date | None = None,
    trend: Sequence[float | None] = (),
    unit: str = "",
) -> Svg:
    """Draw bars by day, stacked by family.

    Every day between the first and the last that is not given is drawn as not known. More than 124 days are drawn by week (from Monday), and the
    axis says so. The order of `rows` does not matter; the order of `families` is that of the stack, from the bottom. Counts under a key that is in no
    family are drawn as "others", so that a bar's height is always the sum of the day's counts.

    Args:
        rows: one per day, shape (days,); a date given twice is an error.
        families: what is told apart; at most eight read well.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        apart: keys of families that also get a line of their own under the days, since 17 of 4,000 cannot be seen in a stack.
        peak: the day to be named as the peak; None names none.
        trend: level of the trend line on each of `rows` after sorting by date (attacks a day), or () for none.
        unit: what is counted, in the plural ("attacks"), for the axis.

    Raises:
        ValueError: a date is given twice, there are more than 4,000 days from the first to the last, or `trend` has neither none nor one value a row.
    """
    frame = Frame(title, lang, narrow, name, "days")
    if not rows:
        return frame.empty(word("no data", lang))
    numbers = numbers_of(families)
    numbers.setdefault(OTHERS, max(numbers.values(), default=-1) + 1)
    daily = _filled(rows, trend, numbers)
    if all(one.parts is None for one in daily):
        return frame.empty(word("no data", lang), word("not read", lang))
    weekly = len(daily) > DAILY
    columns = _weeks(daily) if weekly else daily
    scale = ticks(max([one.total for one in columns] + [one.level for one in columns if one.level is not None]), 5)
    chart = _Chart(frame, columns, weekly, scale, unit, {one.key: one.label for one in families} | {OTHERS: word("others", lang)}, numbers)
    shown = [one for one in families if any(part[0] == one.key for column in columns for part in column.parts or ())]
    if any(part[0] == OTHERS for column in columns for part in column.parts or ()) and all(one.key != OTHERS for one in shown):
        shown.append(Series(OTHERS, word("others", lang), numbers[OTHERS]))
    key, top = legend(chart.samples(shown), 2, frame.width)
    top += 24
    body = [key, chart.axis(top), chart.bars(top), chart.trend(top), chart.peak(top, peak, daily)]
    lanes = [one for one in families if one.key in apart]
    bottom = top + _PLOT + (44 if lanes else 36)
    for one in lanes:
        body.append(chart.lane(one, bottom))
        bottom += _LANE
    defs = patterns(name, [numbers[one.key] for one in [*shown, *lanes]]) + unknown_pattern(name)
    return frame.drawn(bottom, body, chart.told(daily), defs=defs, walked=True)


def _filled(rows: Sequence[Day], trend: Sequence[float | None], numbers: Mapping[str, int]) -> list[_Column]:
    """Every day from the first to the last, in order."""
    ordered = sorted(rows, key=lambda one: one.day)
    if len({one.day for one in ordered}) < len(ordered):
        raise ValueError("a day is given twice")
    if trend and len(trend) != len(ordered):
        raise ValueError("the trend has one value a day, or none at all")
    first, length = ordered[0].day, (ordered[-1].day - ordered[0].day).days + 1
    if length > _LONGEST:
        raise ValueError(f"more than {_LONGEST} days")
    levels = {one.day: known(level) for one, level in zip(ordered, trend, strict=True)} if trend else {}
    given = {one.day: one for one in ordered}
    out = []
    for at in range(length):
        when = first + timedelta(days=at)
        one = given.get(when, Day(when, None))
        parts = _parts(one.counts, numbers)
        out.append(_Column(when, parts, one.partial, tuple(one.notes), levels.get(when), sum(part[2] for part in parts or ())))
    return out


def _parts(counts: Mapping[str, int] | None, numbers: Mapping[str, int]) -> tuple[tuple[str, int, float], ...] | None:
    """Counts in the order of the stack; None when one of them is not known."""
    if counts is None:
        return None
    found = {key: known(count) for key, count in counts.items()}
    if any(count is None for count in found.values()):
        return None
    rest = total_of(count for key, count in found.items() if key not in numbers or key == OTHERS)
    parts = [(key, numbers[key], found.get(key) or 0.0) for key in numbers if key != OTHERS] + [(OTHERS, numbers[OTHERS], rest)]
    return tuple(part for part in parts if part[2] > 0)


def _weeks(daily: Sequence[_Column]) -> list[_Column]:
    """Weeks from Monday: sums of the days that are known."""
    weeks: dict[date, list[_Column]] = {}
    for one in daily:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    out = []
    for monday, some in weeks.items():
        sums: dict[tuple[str, int], float] = {}
        for one in some:
            for key, style, count in one.parts or ():
                sums[key, style] = sums.get((key, style), 0.0) + count
        read = [one for one in some if one.parts is not None]
        order = sorted(sums.items(), key=lambda item: _place(item[0], some))
        levels = [one.level for one in some if one.level is not None]
        out.append(
            _Column(
                monday, tuple((key, style, count) for (key, style), count in order) if read else None,
                len(read) < 7 or any(one.partial for one in some), tuple(note for one in some for note in one.notes),
                sum(levels) if len(levels) == len(some) == 7 else None, sum(one.total for one in some),
            )
        )  # fmt: skip
    return out


def _place(wanted: tuple[str, int], some: Sequence[_Column]) -> tuple[int, int, str]:
    """A family's place in the stack: as on the days; by style between those that never met."""
    return (wanted[0] == OTHERS, wanted[1], wanted[0])


@dataclass(frozen=True, slots=True)
class _Chart:
    """The parts of the drawing, over the same columns and scales."""

    frame: Frame
    columns: Sequence[_Column]
    weekly: bool
    scale: Sequence[float]
    unit: str
    labels: Mapping[str, str]
    numbers: Mapping[str, int]

    @property
    def step(self) -> float:
        return (self.frame.width - _LEFT - _RIGHT) / len(self.columns)

    def left(self, at: int) -> float:
        return _LEFT + at * self.step

    def height(self, value: float) -> float:
        return value / self.scale[-1] * _PLOT

    def samples(self, shown: Sequence[Series]) -> list[Sample]:
        lang, name = self.frame.lang, self.frame.name
        out = [Sample(one.label, paint(name, self.numbers[one.key])) for one in shown]
        if any(one.level is not None for one in self.columns):
            out.append(Sample(word("trend", lang), "none", INK, dashed=True, shape="line"))
        if any(one.notes for one in self.columns):
            out.append(Sample(word("note", lang), INK, shape="triangle"))
        if any(one.partial and one.parts is not None for one in self.columns):
            out.append(Sample(word("partial week" if self.weekly else "partial", lang), "none", INK, dashed=True))
        if any(one.parts is None for one in self.columns):
            out.append(Sample(word("not read", lang), unknown_paint(name), MUTED))
        return out

    def axis(self, top: float) -> str:
        """Lines and numbers of the left, days beneath."""
        right, lang = self.frame.width - _RIGHT, self.frame.lang
        out = [text(0, top - 10, self.unit, fill=MUTED, size=11, room=120)] if self.unit else []
        for value in self.scale:
            y = top + _PLOT - self.height(value)
            out.append(line(_LEFT, y, right, y, stroke=MUTED if not value else FAINT, class_="grid"))
            out.append(text(_LEFT - 6, y + 4, number(value, lang), text_anchor="end", fill=MUTED, size=11, room=_LEFT - 8))
        room = 58.0
        every = next((one for one in (1, 2, 3, 5, 7, 14, 28, 56, 112) if one * self.step >= room), 112)
        for at in range((len(self.columns) - 1) % every, len(self.columns), every):
            shown = day(self.columns[at].day, lang)
            out.append(text(y=top + _PLOT + 30, words=shown, **within(self.left(at) + self.step / 2, shown, self.frame.width, size=11, fill=MUTED)))
        if self.weekly:
            out.append(text(right, top - 10, word("weekly", lang), text_anchor="end", fill=MUTED, size=11))
        return "".join(out)

    def bars(self, top: float) -> str:
        return "".join(self._bar(at, one, top) for at, one in enumerate(self.columns))

    def _bar(self, at: int, one: _Column, top: float) -> str:
        wide = min(_WIDEST, max(self.step * 0.8, min(self.step, 1.5)))
        x, floor = self.left(at) + (self.step - wide) / 2, top + _PLOT
        drawn = [hit(self.left(at), top, self.step, _PLOT + 16)]
        if one.parts is None:
            drawn.append(rect(x, top, wide, _PLOT, class_="unknown", fill=unknown_paint(self.frame.name), stroke=MUTED, stroke_width=0.5))
        below, stack = 0.0, []
        for key, style, count in one.parts or ():
            tall = self.height(count)
            y = floor - self.height(below) - tall
            thin = tall / 4 if tall < 2.4 else None  # the paper between two parts is not to hide a thin one
            stack.append(rect(x, y, wide, tall, data_part=shown_key(key), fill=paint(self.frame.name, style), stroke_width=thin))
            below += count
        drawn.append(element("g", "".join(stack), stroke=PAPER, stroke_width=0.6) if stack else "")
        if one.partial and one.parts is not None:
            drawn.append(rect(x - 1, floor - self.height(below) - 1, wide + 2, self.height(below) + 2, fill="none", stroke=INK, stroke_dasharray="3 2"))
        if one.notes:
            drawn.append(element("path", d=f"M{n(x + wide / 2)} {n(floor + 4)}l5 9h-10z", fill=INK, class_="note"))
        return mark(at, one.day.isoformat(), self.says(one), "".join(drawn))

    def says(self, one: _Column) -> str:
        """What the column of a day tells."""
        lang = self.frame.lang
        when = day(one.day, lang, year=True)
        head = word("week of", lang, day=when) if self.weekly else when
        if one.parts is None:
            return head + colon(lang) + word("not read", lang) + "".join(f"; {set_apart(note)}" for note in one.notes)
        parts = [f"{set_apart(self.labels[key])} {number(count, lang)}" for key, _, count in reversed(one.parts)]
        said = head + colon(lang) + counted(one.total, self.unit, lang) + (f" ({', '.join(parts)})" if parts else "")
        if one.partial:
            said += f"; {word('partial week' if self.weekly else 'partial', lang)}"
        return said + "".join(f"; {set_apart(note)}" for note in one.notes[:5])

    def trend(self, top: float) -> str:
        runs: list[list[str]] = [[]]
        for at, one in enumerate(self.columns):
            if one.level is None:
                runs.append([])
            else:
                runs[-1].append(f"{n(self.left(at) + self.step / 2)} {n(top + _PLOT - self.height(one.level))}")
        d = "".join("M" + "L".join(run) for run in runs if len(run) > 1)
        if not d:
            return ""
        return element("path", d=d, fill="none", stroke=PAPER, stroke_width=4.5) + element("path", d=d, fill="none", stroke=INK, stroke_width=2, stroke_dasharray="7 4", class_="trend")

    def peak(self, top: float, wanted: date | None, daily: Sequence[_Column]) -> str:
        found = next((one for one in daily if one.day == wanted and one.parts is not None), None)
        if found is None:
            return ""
        at = next(at for at in reversed(range(len(self.columns))) if self.columns[at].day <= found.day)
        shown = word("peak", self.frame.lang, count=number(found.total, self.frame.lang), day=day(found.day, self.frame.lang))
        place = within(self.left(at) + self.step / 2, shown, self.frame.width, fill=ALERT, font_weight="700", class_="peak", stroke=PAPER, stroke_width=3, paint_order="stroke")
        y = top + _PLOT - self.height(self.columns[at].total) - 6
        return text(y=y, words=shown, **place)

    def lane(self, one: Series, y: float) -> str:
        """A family's own line: a diamond with the number on each day that has any."""
        lang = self.frame.lang
        counts = [sum(part[2] for part in column.parts or () if part[0] == one.key) for column in self.columns]
        head = one.label + colon(lang) + number(sum(counts), lang)
        out = [text(0, y + 2, head, size=11, font_weight="600", room=self.frame.width), line(_LEFT, y + 17, self.frame.width - _RIGHT, y + 17, stroke=FAINT)]
        crowded = self.step < 15
        for at, count in enumerate(counts):
            x = self.left(at) + self.step / 2
            if self.columns[at].parts is None:
                out.append(rect(self.left(at), y + 12, self.step, 10, class_="unknown", fill=unknown_paint(self.frame.name)))
            if count:
                r = 5 if crowded else 9
                out.append(element("path", d=f"M{n(x)} {n(y + 17 - r)}l{r} {r}-{r} {r}-{r}-{r}z", fill=INK, class_="apart", data_key=self.columns[at].day.isoformat()))
                if not crowded:
                    shown = number(count, lang) if count < 100 else "99+"
                    out.append(text(x, y + 20.5, shown, text_anchor="middle", fill=PAPER, size=10 if count < 10 else 8, font_weight="700"))
        return "".join(out)

    def told(self, daily: Sequence[_Column]) -> list[str]:
        """What can be read off, in sentences."""
        lang = self.frame.lang
        read = [one for one in daily if one.parts is not None]
        out = [word("from to", lang, first=day(daily[0].day, lang, year=True), last=day(daily[-1].day, lang, year=True))]
        if read:
            most = max(read, key=lambda one: (one.total, one.day))
            out.append(word("in all", lang, count=counted(sum(one.total for one in read), self.unit, lang)))
            if most.total:
                out.append(word("most on", lang, day=day(most.day, lang), count=number(most.total, lang)))
        if len(read) < len(daily):
            out.append(word("days unknown", lang, count=number(len(daily) - len(read), lang)))
        return out
