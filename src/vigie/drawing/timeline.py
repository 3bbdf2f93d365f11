"""What lasted from when to when, one row a thing: bad times of a site, waves of a rumour and who carried them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from vigie.drawing.captions import word
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg


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
    """Draw rows of spans and moments between two times. What lies outside is cut at the edge, what is shorter than a stroke is drawn as one.

    Args:
        rows: in the order they are drawn.
        kinds: what is told apart; they make the legend.
        start: left edge.
        end: right edge, after it.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        zone: of the axis, which names it.

    Raises:
        ValueError: `end` is not after `start`, or a time has no zone.
    """
    return Frame(title, lang, narrow, name, "timeline").empty(word("no data", lang))
