"""What lasted from when to when, one row a thing: bad times of a site, waves of a rumour and who carried them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from vigie.drawing.captions import colon, day, number, word
from vigie.drawing.legend import Sample, legend, numbers_of, paint, patterns, unknown_paint, unknown_pattern
from vigie.drawing.palette import FAINT, INK, MUTED, PAPER
from vigie.drawing.series import Series
from vigie.drawing.svg import BOLDER, Frame, Svg, element, hit, line, mark, n, paragraph, rect, text, title, within
from vigie.drawing.texts import apart, width_of, wrapped

_DEEP: Final = 8
"""Overlapping spans that are put under each other; the next share the last line."""
_MOST: Final = 400
"""Spans, and moments, of one row that are drawn."""
_TALL: Final = 17
_LINES: Final = 6
"""Lines that a label may take: what people must read is not cut."""
_LEAST: Final = 5.0
"""Units of the shortest span."""
_HOUR: Final = 3_600
_STEPS: Final = tuple(
    timedelta(seconds=one)
    for one in (900, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 48 * _HOUR, 168 * _HOUR, 336 * _HOUR, 720 * _HOUR, 2_160 * _HOUR, 8_760 * _HOUR, 87_600 * _HOUR)
)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted.

    Attributes:
        start: with a time zone.
        end: with a time zone; None when it goes on.
        kind: key of one of the kinds.
        label: what people read of it.
        key: what marks carry; the label when it is "".
    """

    start: datetime
    end: datetime | None
    kind: str
    label: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened once (first publisher, a publication).

    Attributes:
        at: with a time zone.
        label: what people read of it.
        kind: key of one of the kinds, or "" for none.
        key: what marks carry; the label when it is "".
    """

    at: datetime
    label: str
    kind: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a site, a rumour, a group.

    Attributes:
        label: what people read.
        spans: in any order; overlapping ones are put under each other.
        moments: in any order.
        watched: from when to when there is data, in any order; outside of these the row is hatched as not watched. None: all of it was watched.
    """

    label: str
    spans: Sequence[Span] = ()
    moments: Sequence[Moment] = ()
    watched: Sequence[tuple[datetime, datetime]] | None = None


def timeline(
    rows: Sequence[Row],
    kinds: Sequence[Series],
    start: datetime,
    end: datetime,
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "timeline",
    zone: tzinfo = UTC,
) -> Svg:
    """Draw rows of spans and moments between two times. What lies outside is left out, what reaches outside is cut at the edge, what is shorter than five units is drawn as long as that.

    Args:
        rows: in the order they are drawn.
        kinds: what is told apart; they make the legend.
        start: left edge.
        end: right edge, after it.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        zone: of the axis, which names it.

    Raises:
        ValueError: `end` is not after `start`, or a time has no zone.
    """
    frame = Frame(title, lang, narrow, name, "timeline")
    times = [start, end, *(time for row in rows for time in _times(row))]
    if any(time.utcoffset() is None for time in times):
        raise ValueError("a time has no zone")
    if end <= start:
        raise ValueError("the end is not after the start")
    if not rows:
        return frame.empty(word("no data", lang))
    picture = _Picture(frame, start, end, zone, numbers_of(kinds), {one.key: one.label for one in kinds})
    used = {one.kind for row in rows for one in row.spans} | {one.kind for row in rows for one in row.moments}
    samples = [Sample(one.label, paint(name, picture.numbers[one.key])) for one in kinds if one.key in used]
    if any(row.watched is not None for row in rows):
        samples.append(Sample(word("not watched", lang), unknown_paint(name), MUTED))
    if any(span.end is None for row in rows for span in row.spans):
        samples.append(Sample(word("going on", lang) + " ›", "none", MUTED, dashed=True))
    key, top = legend(samples, 2, frame.width)
    body, y, at = [], top + 24, 0
    for row in rows:
        drawn, tall, marks = picture.row(row, y, at)
        body.append(drawn)
        y, at = y + tall, at + marks
    zoned = start.astimezone(zone).tzname() or "UTC"
    told = [word("from to", lang, first=picture.moment(start), last=picture.moment(end)), word("time zone", lang, zone=apart(zoned))]
    told += [f"{apart(row.label)}{colon(lang)}{number(len(row.spans) + len(row.moments), lang)}." for row in rows[:20]]
    defs = patterns(name, picture.numbers.values()) + unknown_pattern(name)
    return frame.drawn(y + 4, [key, picture.axis(top + 12, y), *body], told, defs=defs, walked=at > 0)


def _times(row: Row) -> Iterator[datetime]:
    for span in row.spans:
        yield span.start
        if span.end is not None:
            yield span.end
    yield from (one.at for one in row.moments)
    for pair in row.watched or ():
        yield from pair


@dataclass(frozen=True, slots=True)
class _Picture:
    """What all rows share."""

    frame: Frame
    start: datetime
    end: datetime
    zone: tzinfo
    numbers: dict[str, int]
    labels: dict[str, str]

    @property
    def left(self) -> float:
        return 4.0 if self.frame.narrow else 160.0

    @property
    def wide(self) -> float:
        return self.frame.width - self.left - 12

    def x(self, time: datetime) -> float:
        share = (time - self.start) / (self.end - self.start)
        return self.left + min(1.0, max(0.0, share)) * self.wide

    def moment(self, time: datetime) -> str:
        """A time as it is read, in the zone of the axis."""
        local = _local(time, self.zone)
        return f"{day(local.date(), self.frame.lang, year=local.year != _local(self.end, self.zone).year)} {local:%H:%M}"

    def axis(self, y: float, bottom: float) -> str:
        lang = self.frame.lang
        room = 74.0
        step = next((one for one in _STEPS if (self.end - self.start) / one * room <= self.wide), _STEPS[-1])
        local = _local(self.start, self.zone)
        at = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if step > _DAY:
            at -= timedelta(days=at.toordinal() % step.days)
        out, placed = [], -1e9
        for _ in range(4_000):
            if at > self.end:
                break
            if at >= self.start:
                clock = step < _DAY and (at.hour or at.minute)
                shown = f"{at:%H:%M}" if clock else day(at.date(), lang, year=step.days >= 90)
                x, half = self.x(at), width_of(shown, 11) / 2
                out.append(line(x, y + 4, x, bottom, stroke=FAINT, class_="grid"))
                if max(x, half) - half > placed and x + half <= self.frame.width:
                    out.append(text(y=y, words=shown, **within(x, shown, self.frame.width, size=11, fill=MUTED, font_weight=None if clock else "600")))
                    placed = max(x, half) + half + 6
            try:
                at += step
            except OverflowError:
                break
        return "".join(out)

    def row(self, row: Row, y: float, at: int) -> tuple[str, float, int]:
        """SVG, height and number of marks."""
        narrow = self.frame.narrow
        words = wrapped(row.label, (self.wide if narrow else self.left - 12) / BOLDER, 12, _LINES)
        top = y + (4 + 14 * len(words) if narrow else 4)
        out = [paragraph(self.left if narrow else 0, y + (12 if narrow else 16), words, leading=14, font_weight="600")]
        inside = sorted((one for one in row.spans if one.start < self.end and (one.end or self.end) > self.start), key=_order)[:_MOST]
        moments = sorted((one for one in row.moments if self.start <= one.at <= self.end), key=lambda one: (one.at, one.label, one.key))[:_MOST]
        lines, deep = _lines([(one.start, one.end or self.end) for one in inside], self)
        base = top + (_TALL if moments else 0)
        tall = max(base - y + max(deep, 0 if moments else 1) * _TALL + 5, 0 if narrow else 10 + 14 * len(words))
        out.append(self._unwatched(row, top - 1, y + tall - 3))
        for number_, (one, depth) in enumerate(zip(inside, lines, strict=True)):
            out.append(self._span(one, base + depth * _TALL, at + number_, row.label))
        out.append(self._moments(moments, top, at + len(inside), row.label))
        out.append(line(0, y + tall - 1, self.frame.width, y + tall - 1, stroke=FAINT))
        return "".join(out), tall, len(inside) + len(moments)

    def _unwatched(self, row: Row, top: float, bottom: float) -> str:
        if row.watched is None:
            return ""
        out, since = [], self.start
        for begin, finish in [*sorted(row.watched), (self.end, self.end)]:
            if begin > since and since < self.end:
                left, right = self.x(since), self.x(begin)
                out.append(rect(left, top, right - left, bottom - top, title(word("not watched", self.frame.lang)), class_="unknown", fill=unknown_paint(self.frame.name)))
            since = max(since, finish)
        return "".join(out)

    def _span(self, one: Span, y: float, at: int, row: str) -> str:
        left, right = self.x(one.start), self.x(one.end or self.end)
        wide = max(_LEAST, right - left)
        left = min(left, self.left + self.wide - wide)
        drawn = rect(left, y, wide, _TALL - 4, class_="span", fill=paint(self.frame.name, self.numbers.get(one.kind, 2)), stroke=PAPER, stroke_width=0.6, rx=1.5)
        if one.end is None:
            drawn += element("path", d=f"M{n(self.left + self.wide + 1)} {n(y + 1)}l4 {n((_TALL - 6) / 2)}-4 {n((_TALL - 6) / 2)}", stroke=INK, stroke_width=2, fill="none", class_="goes-on")
        until = word("going on", self.frame.lang) if one.end is None else self.moment(one.end)
        kind = self.labels.get(one.kind, one.kind)
        said = f"{apart(row)}{colon(self.frame.lang)}{apart(kind)}, {self.moment(one.start)} – {until}" + (f"; {apart(one.label)}" if one.label else "")
        return mark(at, one.key or one.label, said, hit(left - 1, y - 1, wide + 2, _TALL - 2) + drawn)

    def _moments(self, moments: Sequence[Moment], y: float, at: int, row: str) -> str:
        out = []
        for number_, one in enumerate(moments):
            x = self.x(one.at)
            fill = paint(self.frame.name, self.numbers[one.kind]) if one.kind in self.numbers else INK
            drawn = hit(x - 7, y - 1, 14, 14) + element("path", d=f"M{n(x)} {n(y)}l6 6-6 6-6-6z", fill=fill, stroke=PAPER, class_="moment")
            free = (self.x(moments[number_ + 1].at) - 8 if number_ + 1 < len(moments) else self.left + self.wide) - x - 10
            if free >= 40:
                drawn += text(x + 9, y + 10, one.label, room=free, size=11, stroke=PAPER, stroke_width=3, paint_order="stroke")
            said = f"{apart(row)}{colon(self.frame.lang)}{self.moment(one.at)}, {apart(one.label)}"
            out.append(mark(at + number_, one.key or one.label, said, drawn))
        return "".join(out)


def _order(one: Span) -> tuple[datetime, bool, datetime, str, str, str]:
    return (one.start, one.end is None, one.end or one.start, one.kind, one.label, one.key)


def _local(time: datetime, zone: tzinfo) -> datetime:
    """A time in a zone; in UTC where the calendar ends."""
    try:
        return time.astimezone(zone)
    except OverflowError:
        return time.astimezone(UTC) if time.utcoffset() == timedelta(0) else time


def _lines(spans: Sequence[tuple[datetime, datetime]], picture: _Picture) -> tuple[list[int], int]:
    """The line of each span, so that none hides another as far as there are lines; and how many lines."""
    ends: list[float] = []
    out = []
    for begin, finish in spans:
        left, right = picture.x(begin), max(picture.x(finish), picture.x(begin) + _LEAST)
        found = next((at for at, end in enumerate(ends) if end <= left), None)
        if found is None:
            found = min(len(ends), _DEEP - 1)
            if found == len(ends):
                ends.append(0.0)
        ends[found] = max(ends[found], right)
        out.append(found)
    return out, len(ends)
