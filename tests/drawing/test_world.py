"""The map: whose land a point lies in, what is drawn, how shares are shaded."""

import csv
import json
import math
import re
from pathlib import Path

import pytest

import vigie.drawing
import vigie.origins
from drawing.samples import SVG, marks, read, shapes, told, words
from vigie.drawing import Country, drawn_codes, small_codes, world
from vigie.drawing.palette import SHADES

FILE = Path(vigie.drawing.__file__).parent / "world.txt"
ABOUT = json.loads(FILE.read_text("utf-8").splitlines()[0])
ROWS = [line.split("\t") for line in FILE.read_text("utf-8").splitlines()[1:]]
A = (1.340264, -0.081106, 0.000893, 0.003796)
"""Equal Earth, Šavrič, Patterson and Jenny (2018)."""


def projected(lon, lat):
    """Where a place stands on the map's grid."""
    turned = math.radians((lon - ABOUT["rotate"] + 180) % 360 - 180)
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    x = 2 * math.sqrt(3) * turned * math.cos(t) / (3 * (9 * A[3] * t**8 + 7 * A[2] * t**6 + 3 * A[1] * t**2 + A[0]))
    y = A[3] * t**9 + A[2] * t**7 + A[1] * t**3 + A[0] * t
    return (ABOUT["translate"][0] + ABOUT["scale"] * x) * ABOUT["grid"], (ABOUT["translate"][1] - ABOUT["scale"] * y) * ABOUT["grid"]


def rings(path):
    """Rings of a path of relative lines."""
    for one in re.findall(r"M(-?\d+) (-?\d+)l([^z]+)z", path):
        points = [(int(one[0]), int(one[1]))]
        steps = [int(step) for step in re.findall(r"-?\d+", one[2])]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        yield points


def holds(path, point):
    """Whether a point lies inside, counting crossings."""
    x, y = point
    inside = False
    for ring in rings(path):
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def owner(lon, lat):
    """Codes whose land holds a place."""
    return {row[0] for row in ROWS if len(row) > 2 and holds(row[2], projected(lon, lat))}


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [
        ("UA", 34.1, 45.3), ("UA", 33.6, 45.5), ("UA", 34.9, 45.2), ("UA", 30.5, 50.4), ("RU", 20.9, 54.6), ("RU", 37.6, 55.7), ("RU", 39.5, 45.0), ("RU", 176.0, 67.0),
        ("RU", -175.0, 66.5), ("US", -150.0, 65.0), ("GF", -53.2, 4.0), ("FR", 2.5, 46.6), ("FR", 9.1, 42.2), ("SJ", 16.0, 78.8), ("NO", 10.0, 61.5), ("SO", 44.0, 9.6), ("SO", 45.0, 4.0),
        ("EH", -13.5, 24.5), ("TW", 121.0, 23.8), ("GL", -42.0, 72.0), ("CD", 23.0, -2.0), ("LS", 28.3, -29.6), ("ZA", 24.0, -29.0), ("NZ", 171.0, -43.5), ("AU", 134.0, -25.0),
    ],
)  # fmt: skip
def test_a_place_lies_in_its_country(code, lon, lat):
    assert owner(lon, lat) == {code}


@pytest.mark.parametrize(("lon", "lat"), [(-30.0, 45.0), (170.0, 40.0), (-140.0, 0.0), (34.0, 43.3), (18.0, 40.5 - 3.0)])
def test_the_sea_is_nobodys(lon, lat):
    assert owner(lon, lat) == set()


def test_no_line_crosses_the_map():
    for row in ROWS:
        for ring in rings(row[2]) if len(row) > 2 else ():
            steps = [abs(b[0] - a[0]) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
            assert max(steps) < 60 * ABOUT["grid"], row[0]
            assert all(0 <= x <= ABOUT["width"] * ABOUT["grid"] for x, _ in ring)


def test_every_code_of_the_table_of_origins_has_its_place():
    table = Path(vigie.origins.__file__).parent / "data" / "countries.csv"
    codes = {row[0] for row in csv.reader(table.read_text("utf-8").splitlines()) if row}
    assert codes == drawn_codes() | small_codes()
    assert not drawn_codes() & small_codes()
    assert len(drawn_codes()) > 150
    assert {"FR", "UA", "RU", "US", "CN", "DE"} <= drawn_codes()
    assert {"MT", "SG", "MC", "GI", "AQ"} <= small_codes()


def test_the_map_is_small_and_says_where_it_comes_from():
    assert FILE.stat().st_size <= 120 * 1024
    assert "Natural Earth" in ABOUT["from"]
    assert "68/262" in ABOUT["from"]
    assert len(world([Country("FR", "France", 1)], title="t")) < 70_000


def fills(svg):
    return {one.get("data-key"): next(iter(one.iter(f"{SVG}path"))).get("fill") for one in marks(svg) if one.find(f"{SVG}path") is not None}


def test_darker_for_a_larger_share():
    rows = [Country("FR", "France", 30), Country("US", "United States", 12), Country("RU", "Russia", 6), Country("DE", "Germany", 2), Country("CN", "China", 0.5), Country("BR", "Brazil", None), Country("IN", "India", 0)]
    found = fills(world(rows, title="t", total=100))
    assert [found[code] for code in ("FR", "US", "RU", "DE", "CN")] == [SHADES[at] for at in (5, 4, 3, 2, 1)]
    assert found["BR"].startswith("url(#world-unknown)")
    assert found["IN"] not in SHADES


def test_what_the_map_does_not_show_stands_under_it():
    svg = world([Country("FR", "France", 30, 10, 60), Country("EU", "no country's", 6)], title="t", nowhere=12, unit="attacks")
    assert "no last hop in any country: 12 attacks" in words(svg)
    assert "not on the map: no country's 6" in words(svg)
    assert told(svg) == {"FR": "France: 30 attacks (83%), between 10 and 60"}
    assert any("Natural Earth" in one for one in words(svg))
    assert "Last hops, not authors." in svg
    assert "None of these codes is on the map." not in svg
    everything = world([Country("EU", "no country's", 6)], title="t")
    assert "None of these codes is on the map." in words(everything)
    assert read(everything).get("tabindex") is None


@pytest.mark.parametrize("narrow", [False, True])
def test_small_countries_are_circles_and_europe_is_enlarged(narrow):
    svg = world([Country("MT", "Malta", 3), Country("SG", "Singapore", 2)], title="t", narrow=narrow)
    assert len(shapes(svg, "country", "circle")) == 3
    assert len(list(read(svg).iter(f"{SVG}use"))) == 1
    assert not list(read(world([Country("SG", "Singapore", 2)], title="t", narrow=narrow)).iter(f"{SVG}use"))


def test_nothing_lies_hidden_under_what_is_enlarged():
    low, high = (float(read(world([Country("FR", "France", 3), *more], title="t")).get("height")) for more in ([], [Country("PF", "French Polynesia", 1)]))
    assert high > low + 100


def test_ranks_stand_apart():
    svg = world([Country(code, code, 50 - at) for at, code in enumerate(("BE", "NL", "DE", "FR", "CH"))], title="t")
    places = [(float(one.get("x")), float(one.get("y"))) for one in shapes(svg, "rank", "text")]
    assert len(places) == 5
    assert min(max(abs(a - c), abs(b - d)) for at, (a, b) in enumerate(places) for c, d in places[:at]) > 13


def test_the_order_of_countries_does_not_matter():
    rows = [Country("FR", "France", 3), Country("MT", "Malta", 3), Country("US", "United States", None), Country("DE", "Germany", 9)]
    assert world(rows[::-1], title="t") == world(rows, title="t")
    with pytest.raises(ValueError, match="twice"):
        world([rows[0], rows[0]], title="t")
