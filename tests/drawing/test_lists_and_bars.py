"""Ranked lists, the interval, the ladder, the lane, observed beside expected, the matrix, the heat, the spark."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawing.samples import SVG, marks, read, shapes, told, words
from vigie.drawing import (
    Beside,
    Door,
    Ranked,
    Rung,
    Series,
    heat,
    interval,
    ladder,
    lane,
    matrix,
    observed_beside_expected,
    ranked,
    spark,
)

ROWS = [Ranked("FR", "France", 10, 2, 30), Ranked("US", "United States", 40, 12, 60), Ranked("??", "Elsewhere", None), Ranked("DE", "Germany", 10)]


def test_a_list_is_ranked_and_its_bars_are_to_scale():
    svg = ranked(ROWS, title="t", total=100, unit="attacks")
    assert list(told(svg)) == ["US", "FR", "DE", "??"]
    bars = [float(one.get("width")) for one in shapes(svg, "bar")]
    assert bars[0] / bars[1] == pytest.approx(4, abs=0.01)
    assert bars[0] == pytest.approx(394 * 40 / 60, abs=0.01)
    assert told(svg)["US"] == "United States: 40 attacks (40%), between 12 and 60"
    assert told(svg)["??"] == "Elsewhere: not known"
    assert "40 (12% – 60%)" in words(svg)
    assert len(shapes(svg, "bounds", "path")) == 2
    assert len(shapes(svg, "unknown")) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_of_a_list_does_not_matter(order):
    assert ranked([ROWS[at] for at in order], title="t") == ranked(ROWS, title="t")


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40), st.integers(1, 12))
def test_the_rest_of_a_list_is_summed(values, most):
    svg = ranked([Ranked(str(at), "x", value) for at, value in enumerate(values)], title="t", most=most)
    numbers = [int(one.get("data-text").split(": ")[1].replace(",", "")) for one in marks(svg)]
    assert sum(numbers) == sum(values)
    assert len(numbers) == min(len(values), most + (len(values) > most))


def test_bounds_that_contradict_each_other_are_not_drawn():
    assert not shapes(ranked([Ranked("a", "a", 3, 9, 2)], title="t"), "bounds", "path")


@given(st.tuples(*[st.integers(0, 10**7)] * 3).filter(any))
def test_the_interval_is_to_scale_and_holds_the_undetermined(counts):
    tool, bespoke, undetermined = counts
    svg = interval(*counts, title="t")
    widths = {one.get("data-part"): float(one.get("width")) for one in shapes(svg, "part")}
    assert sum(widths.values()) == pytest.approx(758, abs=0.03)
    for key, count in (("tool", tool), ("bespoke", bespoke), ("undetermined", undetermined)):
        assert widths[key] == pytest.approx(758 * count / sum(counts), abs=0.011)
    left, rest = shapes(svg, "bounds", "path")[0].get("d").removeprefix("M").split(" ", 1)
    right = rest.split("H")[1].split("m")[0]
    assert float(right) - float(left) == pytest.approx(widths["undetermined"], abs=0.03)
    assert float(left) == pytest.approx(1 + widths["bespoke"], abs=0.02)
    assert f"between {bespoke:,} (" in " ".join(words(svg))


def test_the_interval_is_said_whole_on_a_phone():
    said = " ".join(words(interval(12_345, 1_031, 1_420, title="t", lang="fr", narrow=True)))
    assert "entre 1\u202f031 (7\u202f%) et 2\u202f451 (17\u202f%)" in said
    assert "…" not in said


def test_an_interval_that_is_not_known_and_one_of_zero():
    assert "made by hand for this site: not known" in words(interval(3, None, 2, title="t"))
    assert not shapes(interval(3, None, 2, title="t"), "part")
    assert "made by a tool: 0" in words(interval(0, 0, 0, title="t"))
    assert "no data" not in words(interval(0, 0, 0, title="t"))


@given(st.integers(1, 10**9), st.lists(st.integers(0, 1_000), max_size=9), st.integers(0, 1_000))
def test_a_rung_is_kept_set_aside_and_grouped(kept, aside, grouped):
    count = kept + sum(aside) + grouped
    svg = ladder([Rung("lines", count, [(f"reason {at}", some) for at, some in enumerate(aside)], grouped), Rung("attacks", kept)], title="t")
    widths = {one.get("data-part"): float(one.get("width")) for one in shapes(svg, "part")[:3]}
    assert sum(widths.values()) == pytest.approx(628, abs=0.03)
    assert widths["kept"] == pytest.approx(628 * kept / count, abs=0.011)
    assert widths["grouped"] == pytest.approx(628 * grouped / count, abs=0.011)
    said = [int(one.split()[1].replace(",", "")) for one in words(svg) if one.startswith("− ")]
    assert sum(said) == sum(aside) + grouped


def test_rungs_stand_in_the_order_of_counting():
    svg = ladder([Rung("lines", 10, [("quiet", 7)], key="a"), Rung("attacks", 3, key="b"), Rung("campaigns", None, key="c")], title="t")
    assert told(svg) == {"a": "lines: 10; 7 set aside (quiet)", "b": "attacks: 3", "c": "campaigns: not known"}
    assert len(shapes(svg, "unknown")) == 1


DOORS = [Door("1", "reached", 1, 900), Door("7", "used", 7, 1), Door("?", "untold", None, 3), Door("5", "failed", 5, 12), Door("5b", "failed", 5, 40)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5)))[::17])
def test_the_most_dangerous_door_comes_first(order):
    svg = lane([DOORS[at] for at in order], title="t")
    assert list(told(svg)) == ["7", "?", "5b", "5", "1"]
    steps = [sum("filled" in one.get("class") for one in mark.iter(f"{SVG}rect") if "step" in one.get("class", "")) for mark in marks(svg)]
    assert steps == [7, 0, 5, 5, 1]
    assert told(svg)["?"] == "untold: 3, danger not known"
    assert "2 more are not drawn" in words(lane(DOORS, title="t", most=3))


def test_observed_stands_where_it_belongs_beside_what_is_usual():
    rows = [Beside("a", "/a/", 12, 4, 2, 7), Beside("b", "/b/", 5, 4.5, 2, 7), Beside("c", "/c/", 3, None), Beside("d", "/d/", None, 2, 1, 3)]
    svg = observed_beside_expected(rows, title="t", unit="attacks", chance=True)
    dots = shapes(svg, "observed", "circle")
    assert [float(one.get("cx")) for one in dots] == pytest.approx([200 + 404 * value / 15 for value in (12, 5, 3)], abs=0.01)
    assert "15" in words(svg)
    assert dots[0].get("fill") != dots[1].get("fill")
    assert told(svg)["a"] == "/a/: observed 12 attacks, expected by chance 4, usual range 2 – 7"
    assert told(observed_beside_expected(rows, title="t"))["a"] == "/a/: observed 12, usually 4, usual range 2 – 7"
    assert told(svg)["c"] == "/c/: observed 3 attacks, nothing to compare with"
    assert told(svg)["d"].startswith("/d/: observed not known, ")


HYPOTHESES = [Series("o", "opportunistic"), Series("u", "unknown")]


def test_ratings_are_signs_and_what_is_not_rated_is_none():
    svg = matrix([Series("e1", "scanners"), Series("e2", "forms")], HYPOTHESES, [[2, 0], [-1, None]], title="t", rated=True)
    assert told(svg) == {"e1": "scanners: opportunistic ++; unknown 0", "e2": "forms: opportunistic −; unknown not rated"}
    assert len(shapes(svg, "unknown", "g")) == 1
    assert "not rated" in told(matrix(HYPOTHESES[:1], HYPOTHESES[:1], [[7]], title="t", rated=True))["o"]


def test_counts_are_numbers_and_the_own_cell_is_grey():
    svg = matrix(HYPOTHESES, HYPOTHESES, [[None, 3], [0, None]], title="t")
    assert len(shapes(svg, "itself")) == 2
    assert told(svg)["u"] == "unknown: opportunistic 0; unknown not known"
    with pytest.raises(ValueError, match="rows by columns"):
        matrix(HYPOTHESES, HYPOTHESES, [[1]], title="t")


def test_what_a_matrix_leaves_out_is_said():
    rows, columns = [Series(str(at), "r") for at in range(70)], [Series(str(at), "c") for at in range(20)]
    svg = matrix(rows, columns, [[1] * 20] * 70, title="t")
    assert "10 + 6 more are not drawn" in words(svg)
    assert len(marks(svg)) == 60


def test_hours_are_darker_for_more_and_hatched_where_nobody_watched():
    cells = [[0.0] * 24 for _ in range(7)]
    cells[2][5], cells[2][6], cells[6][23] = 10, 1, None
    svg = heat(cells, title="t", unit="attacks")
    fills = {one.get("data-key"): one.find(f"{SVG}rect").get("fill") for one in marks(svg)}
    assert fills["2-5"] == "#083a6e"
    assert fills["2-6"] == "#b9d2ea"
    assert fills["0-0"] == "#ffffff"
    assert fills["6-23"].startswith("url(#heat-unknown)")
    assert told(svg)["2-5"] == "Wed 05:00: 10 attacks"
    assert told(heat(cells, title="t", lang="fr"))["6-23"] == "dim. 23 h\u202f: inconnu"
    with pytest.raises(ValueError, match="7 days"):
        heat([[1]], title="t")


def test_a_small_line_ends_at_its_last_value_and_breaks_where_it_is_not_known():
    svg = spark([0, 5, None, 10, 5], title="t")
    points = [one.get("d") for one in read(svg).iter(f"{SVG}path") if one.get("stroke-width") == "1.8"]
    assert points == ["M5 24L32.5 14.5", "M87.5 5L115 14.5"]
    assert (shapes(svg, "last", "circle")[0].get("cx"), shapes(svg, "last", "circle")[0].get("cy")) == ("115", "14.5")
    assert not shapes(spark([1, None], title="t"), "last", "circle")


def test_with_too_few_days_nothing_is_outside_of_the_usual_and_it_is_said():
    rows = [Beside("one", "One", 30, 50, 50, 50, compared=1), Beside("six", "Six", 30, 50, 45, 60, compared=6), Beside("seven", "Seven", 30, 50, 45, 60, compared=7), Beside("no", "No days", 30, 50, 45, 60)]
    svg = observed_beside_expected(rows, title="t", unit="attacks")
    ground = {mark.get("data-key"): next(one.get("fill") for one in mark.iter(f"{SVG}circle")) for mark in marks(svg)}
    assert ground["one"] == ground["six"] == "#ffffff"
    assert ground["seven"] == ground["no"] != "#ffffff"
    assert len(shapes(svg, "usual")) == len(shapes(svg, "expected", "path")) == 2
    assert len(shapes(svg, "unknown")) == 2
    assert told(svg)["one"] == "One: observed 30 attacks, too few days to compare (1 compared)"
    assert "too few days to compare" in words(svg)
    assert "trop peu de jours pour comparer" in words(observed_beside_expected(rows, title="t", lang="fr"))


LONG = "begun without a password, from a machine that nobody knows, at a time when nobody works"


@pytest.mark.parametrize("narrow", [False, True])
def test_no_label_of_ours_is_cut(narrow):
    names = [Series("a", LONG), Series("b", LONG + " too")]
    drawn = [
        lane([Door("a", LONG, 3, 7, LONG)], title="t", narrow=narrow), ranked([Ranked("a", LONG, 3, 1, 4)], title="t", narrow=narrow), ladder([Rung("a", 9, [(LONG, 3)])], title="t", narrow=narrow),
        matrix(names, names, [[1, 2], [2, 1]], title="t", narrow=narrow), observed_beside_expected([Beside("a", LONG, 3, 2, 1, 4)], title="t", narrow=narrow),
    ]  # fmt: skip
    for svg in drawn:
        assert "…" not in "".join(words(svg))
        assert "nobody works" in " ".join(words(svg))
