"""Each drawing called with the same few things: a text, numbers, a language; and how a drawing is read back."""

import math
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

from vigie import drawing as d

NOW = datetime(2026, 2, 12, 6, tzinfo=UTC)
START = date(2026, 1, 30)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script> "\' & \x00\x1b[31m \u202etxt.exe \ud800 \ufffe ]]> إشاعة ' + "x" * 5_000


def of_days(words, values, **looks):
    rows = [d.Day(START + timedelta(days=at), None if value is None else {words: value, "b": 1}, notes=[words]) for at, value in enumerate(values)]
    trend = list(values)
    return d.days(rows, [d.Series(words, words), d.Series("b", words)], title=words, unit=words, apart=[words], peak=START, trend=trend, **looks)


def of_ranked(words, values, **looks):
    rows = [d.Ranked(f"{words}{at}", words, value, value, values[0], words) for at, value in enumerate(values)]
    return d.ranked(rows, title=words, unit=words, total=values[-1] if values else None, most=4, **looks)


def of_interval(words, values, **looks):
    three = (*values, None, None, None)[:3]
    return d.interval(*three, title=words, unit=words, **looks)


def of_ladder(words, values, **looks):
    return d.ladder([d.Rung(words, value, [(words, values[0]), (words, 7)], values[0] or 0, words) for value in values], title=words, **looks)


def of_timeline(words, values, **looks):
    def at(value):
        return NOW + timedelta(hours=0 if value is None or math.isnan(value) else max(-1e4, min(1e4, value)))

    spans = [d.Span(at(value), None if value is None else at(value) + timedelta(hours=3), words, words, words) for value in values]
    rows = [d.Row(words, spans, [d.Moment(at(value), words, words) for value in values], watched=[(NOW, NOW + timedelta(hours=1))])] if values else []
    return d.timeline(rows, [d.Series(words, words)], NOW - timedelta(hours=30), NOW + timedelta(hours=20), title=words, **looks)


def of_expected(words, values, **looks):
    rows = [d.Beside(words, words, value, values[0], values[-1], value, words) for value in values]
    return d.observed_beside_expected(rows, title=words, unit=words, most=4, **looks)


def of_matrix(words, values, **looks):
    names = [d.Series(f"{words}{at}", words) for at in range(len(values))]
    return d.matrix(names, names, [values] * len(values), title=words, **looks)


def of_ratings(words, values, **looks):
    names = [d.Series(f"{words}{at}", words) for at in range(len(values))]
    return d.matrix(names, names[:3], [(*values, None, None)[: min(3, len(values))]] * len(values), title=words, rated=True, **looks)


def of_heat(words, values, **looks):
    cells = [[(*values, 0)[(at + hour) % (len(values) + 1)] for hour in range(24)] for at in range(7)] if values else []
    return d.heat(cells, title=words, unit=words, zone=words, **looks)


def of_graph(words, values, **looks):
    nodes = [d.Node(f"{words}{at}", words, value, words) for at, value in enumerate(values)]
    links = [d.Link(f"{words}{at}", f"{words}{at + 1}", 1.0 if value is None or math.isnan(value) else value, at % 2 == 0) for at, value in enumerate(values)]
    return d.graph(nodes, links, [d.Series(words, words)], title=words, most=6, **looks)


def of_world(words, values, **looks):
    codes = ("FR", "RU", "MT", "US", "PF", words + "?")
    rows = [d.Country(code, words, value, value, values[0]) for code, value in zip(codes, values, strict=False)]
    return d.world(rows, title=words, unit=words, nowhere=values[0] if values else None, **looks)


def of_lane(words, values, **looks):
    rows = [d.Door(words, words, at % 9 - 1 if at else None, value, words) for at, value in enumerate(values)]
    return d.lane(rows, title=words, unit=words, most=4, **looks)


def of_spark(words, values, **looks):
    looks.pop("narrow", None)
    return d.spark(values, title=words, unit=words, **looks)


DRAWN = {
    "days": of_days, "ranked": of_ranked, "interval": of_interval, "ladder": of_ladder, "timeline": of_timeline, "observed_beside_expected": of_expected,
    "matrix": of_matrix, "ratings": of_ratings, "heat": of_heat, "graph": of_graph, "world": of_world, "lane": of_lane, "spark": of_spark,
}  # fmt: skip


def read(svg):
    """The drawing as a tree; an error when it is not well-formed."""
    return ET.fromstring(svg.encode("utf-8"))


def marks(svg):
    return [one for one in read(svg).iter(f"{SVG}g") if one.get("class") == "mark"]


def told(svg):
    """What each mark says, by its key."""
    return {one.get("data-key"): one.get("data-text") for one in marks(svg)}


def shapes(svg, kind, tag="rect"):
    """Elements of a class."""
    return [one for one in read(svg).iter(SVG + tag) if kind in (one.get("class") or "").split()]


def words(svg):
    """Texts that are drawn."""
    return ["".join(part for part in (one.text,) if part) for one in read(svg).iter(f"{SVG}text")]
