"""Times: where spans begin and end, what was not watched, zones, edges."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest

from drawing.samples import marks, shapes, told, words
from vigie.drawing import Moment, Row, Series, Span, timeline

FROM = datetime(2026, 2, 12, tzinfo=UTC)
TO = FROM + timedelta(hours=24)
KINDS = [Series("down", "unavailable"), Series("slow", "slowed")]
LEFT, WIDE = 160, 588


def at(hours):
    return FROM + timedelta(hours=hours)


def drawn(rows, **given):
    return timeline(rows, KINDS, FROM, TO, title="t", **given)


def spans(svg):
    return [(float(one.get("x")), float(one.get("width")), float(one.get("y"))) for one in shapes(svg, "span")]


def test_a_span_stands_where_it_belongs():
    svg = drawn([Row("site", [Span(at(6), at(12), "down", "a reason", "k")])])
    assert spans(svg)[0][:2] == pytest.approx((LEFT + WIDE / 4, WIDE / 4), abs=0.01)
    assert told(svg) == {"k": "site: unavailable, 12 Feb 06:00 – 12 Feb 12:00; a reason"}


def test_what_reaches_outside_is_cut_and_what_lies_outside_is_left_out():
    svg = drawn([Row("site", [Span(at(-5), at(6), "down"), Span(at(30), at(31), "slow"), Span(at(-9), at(-8), "slow")])])
    assert [one[:2] for one in spans(svg)] == [pytest.approx((LEFT, WIDE / 4), abs=0.01)]


def test_what_is_short_is_still_seen_and_what_goes_on_says_so():
    svg = drawn([Row("site", [Span(at(3), at(3.0001), "down"), Span(at(20), None, "slow")])])
    assert spans(svg)[0][1] == 5
    assert "still going on" in told(svg)[""]
    assert len(shapes(svg, "goes-on", "path")) == 1


def test_overlapping_spans_do_not_hide_each_other():
    some = [Span(at(one), at(one + 4), "down", str(one)) for one in range(6)]
    places = [(one[0], one[0] + one[1], one[2]) for one in spans(drawn([Row("site", some)]))]
    for (a, b, y), (c, d, z) in itertools.combinations(places, 2):
        assert y != z or b <= c + 0.02 or d <= a + 0.02
    assert drawn([Row("site", some[::-1])]) == drawn([Row("site", some)])


def test_what_nobody_watched_is_hatched():
    svg = drawn([Row("site", watched=[(at(6), at(12)), (at(10), at(18))])])
    assert [(float(one.get("x")), float(one.get("width"))) for one in shapes(svg, "unknown")] == [
        pytest.approx((LEFT, WIDE / 4), abs=0.01), pytest.approx((LEFT + WIDE * 0.75, WIDE / 4), abs=0.01),
    ]  # fmt: skip
    assert not shapes(drawn([Row("site")]), "unknown")
    assert len(shapes(drawn([Row("site", watched=[])]), "unknown")) == 1


def test_the_axis_is_in_the_zone_that_is_asked_for():
    paris = timezone(timedelta(hours=1), "CET")
    svg = drawn([Row("site", moments=[Moment(at(5), "published")])], zone=paris)
    assert "Times: CET." in svg
    assert "12 Feb 06:00, published" in told(svg)["published"]
    assert "13 Feb" in words(svg)
    assert "published" in words(svg)
    assert len(marks(svg)) == 1


@pytest.mark.parametrize("hours", [0.5, 3, 24, 24 * 30, 24 * 400, 24 * 366 * 50])
@pytest.mark.parametrize("narrow", [False, True])
def test_an_axis_has_a_few_marks_whatever_it_covers(hours, narrow):
    svg = timeline([Row("site")], KINDS, FROM, FROM + timedelta(hours=hours), title="t", narrow=narrow)
    assert 1 <= len(shapes(svg, "grid", "line")) <= 10


def test_times_without_a_zone_and_ends_before_starts_are_errors():
    with pytest.raises(ValueError, match="zone"):
        drawn([Row("site", [Span(datetime(2026, 2, 12), None, "down")])])
    with pytest.raises(ValueError, match="after"):
        timeline([], KINDS, TO, FROM, title="t")
