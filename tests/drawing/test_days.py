"""Bars by day: heights, sums, what is not known, weeks, lanes, peak, trend."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing.samples import SVG, marks, read, shapes, told, words
from vigie.drawing import Day, Series, days

FIRST = date(2026, 1, 1)
FAMILIES = [Series("sql", "SQL"), Series("scan", "Scans"), Series("doors", "Databases")]
PLOT = 190


def drawn(rows, **given_):
    return days(rows, FAMILIES, title="Attacks", **given_)


def parts(svg):
    """Day → family → height."""
    return {
        one.get("data-key"): {r.get("data-part"): float(r.get("height")) for r in one.iter(f"{SVG}rect") if r.get("data-part")} for one in marks(svg)
    }


def top_of_axis(svg):
    grid = [float(one.get("y1")) for one in shapes(svg, "grid", "line")]
    numbers = [int(one.replace(",", "")) for one in words(svg) if one.replace(",", "").isdigit()]
    assert max(grid) - min(grid) == pytest.approx(PLOT, abs=0.02)
    return max(numbers)


@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 300), st.integers(0, 3)), min_size=1, max_size=30))
def test_a_bar_is_as_high_as_its_count(counts):
    rows = [Day(FIRST + timedelta(days=at), dict(zip(("sql", "scan", "doors"), some, strict=True))) for at, some in enumerate(counts)]
    svg = drawn(rows)
    most = top_of_axis(svg)
    assert most >= max(1, *map(sum, counts))
    for row in rows:
        heights = parts(svg)[row.day.isoformat()]
        assert set(heights) == {key for key, count in row.counts.items() if count}
        for key, height in heights.items():
            assert height == pytest.approx(row.counts[key] / most * PLOT, abs=0.011)


def test_the_parts_of_a_bar_stand_on_each_other():
    bar = [one for one in read(drawn([Day(FIRST, {"sql": 3, "scan": 2, "new": 5})])).iter(f"{SVG}rect") if one.get("data-part")]
    assert [one.get("data-part") for one in bar] == ["sql", "scan", "others"]
    for below, above in itertools.pairwise(bar):
        assert float(above.get("y")) + float(above.get("height")) == pytest.approx(float(below.get("y")), abs=0.02)


@given(st.permutations(range(6)))
def test_the_order_of_days_does_not_matter(order):
    rows = [Day(FIRST + timedelta(days=at), {"sql": at, "scan": 2}) for at in range(6)]
    assert drawn([rows[at] for at in order]) == drawn(rows)
    turned = [Day(one.day, dict(reversed(list(one.counts.items())))) for one in rows]
    assert drawn(turned) == drawn(rows)


def test_a_missing_day_is_not_known_and_a_day_without_attacks_is_zero():
    svg = drawn([Day(FIRST, {"sql": 4}), Day(FIRST + timedelta(days=1), {}), Day(FIRST + timedelta(days=3), {"sql": 2})])
    assert [key for key, text in told(svg).items() if "no log read" in text] == ["2026-01-03"]
    assert len(shapes(svg, "unknown")) == 1
    assert told(svg)["2026-01-02"] == "2 Jan 2026: 0"
    assert "Days without any log read: 1." in svg


def test_days_of_which_nothing_is_known_are_no_zero_bars():
    svg = drawn([Day(FIRST, None)])
    assert "no data" in words(svg)
    assert not marks(svg)
    assert "data-part" not in svg


def test_what_a_day_says_adds_up():
    svg = drawn([Day(FIRST, {"sql": 1_200, "scan": 30, "odd": 4}, partial=True, notes=["Publication: /a/"])], unit="attacks", lang="en")
    assert told(svg) == {"2026-01-01": "1 Jan 2026: 1,234 attacks (others 4, Scans 30, SQL 1,200); part of the day only; Publication: /a/"}
    assert "1\u202f234" in drawn([Day(FIRST, {"sql": 1_234})], lang="fr")


def test_many_days_are_drawn_by_week_and_the_sum_stays():
    rows = [Day(FIRST + timedelta(days=at), {"sql": 2, "scan": at % 2}) for at in range(200)]
    svg = drawn(rows)
    most = top_of_axis(svg)
    total = sum(height for some in parts(svg).values() for height in some.values()) / PLOT * most
    assert total == pytest.approx(2 * 200 + 100, rel=0.01)
    assert "by week, from Monday" in words(svg)
    assert all(date.fromisoformat(key).weekday() == 0 for key in told(svg))
    assert "part of the week only" in told(svg)["2025-12-29"]
    assert "500 in all." in svg


def test_a_family_in_a_lane_is_in_the_stack_too():
    svg = days([Day(FIRST, {"sql": 4_000, "doors": 17})], FAMILIES, title="t", apart=["doors"])
    assert parts(svg)["2026-01-01"].keys() == {"sql", "doors"}
    assert "Databases: 17" in words(svg)
    assert [one.get("data-key") for one in shapes(svg, "apart", "path")] == ["2026-01-01"]
    assert "17" in words(svg)


def test_the_peak_is_named_on_its_day():
    rows = [Day(FIRST + timedelta(days=at), {"sql": at}) for at in range(5)]
    assert "peak 4 · 5 Jan" in words(drawn(rows, peak=FIRST + timedelta(days=4)))
    assert "pic 4 · 5 janv." in words(drawn(rows, peak=FIRST + timedelta(days=4), lang="fr"))
    assert not shapes(drawn(rows), "peak", "text")
    assert not shapes(drawn(rows, peak=FIRST + timedelta(days=9)), "peak", "text")


def test_the_trend_breaks_where_it_is_not_known():
    rows = [Day(FIRST + timedelta(days=at), {"sql": 4}) for at in range(6)]
    line = shapes(drawn(rows, trend=[1, 2, None, 2, 3, 4]), "trend", "path")[0].get("d")
    assert line.count("M") == 2
    assert line.count("L") == 3
    assert not shapes(drawn(rows), "trend", "path")
    with pytest.raises(ValueError, match="one value a day"):
        drawn(rows, trend=[1])


def test_days_that_cannot_be():
    with pytest.raises(ValueError, match="twice"):
        drawn([Day(FIRST, {}), Day(FIRST, {})])
    with pytest.raises(ValueError, match="more than"):
        drawn([Day(date(1, 1, 1), {}), Day(date(9_999, 12, 31), {})])
