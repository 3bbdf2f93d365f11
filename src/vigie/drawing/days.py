"""Attacks by day, stacked by family, with the peak, the trend and what must not vanish in the stack."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from vigie.drawing.captions import word
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg


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
        narrow: 360 units wide instead of 760.
        name: begins every id.
        apart: keys of families that also get a line of their own under the days, since 17 of 4,000 cannot be seen in a stack.
        peak: the day to be named as the peak; None names none.
        trend: level of the trend line on each of `rows` after sorting by date (attacks a day), or () for none.
        unit: what is counted, in the plural ("attacks"), for the axis.

    Raises:
        ValueError: a date is given twice, or `trend` has neither none nor one value a row.
    """
    return Frame(title, lang, narrow, name, "days").empty(word("no data", lang))
