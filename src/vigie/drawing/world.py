"""The world by the country of the last hop.

References:
    - docs/decisions/0031-the-maps-viewpoint-and-the-rules-of-drawings.md
    - Šavrič, Patterson and Jenny (2018), The Equal Earth map projection
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from vigie.drawing.captions import colon, counted, known, number, percent, total_of, word
from vigie.drawing.legend import Sample, legend, unknown_paint, unknown_pattern
from vigie.drawing.palette import INK, MUTED, PAPER, SHADES
from vigie.drawing.svg import Frame, Svg, element, mark, n, paragraph, rect, text
from vigie.drawing.texts import apart, wrapped

_FILE: Final = Path(__file__).parent / "world.txt"
_LAND: Final = "#f0f2f4"
_COAST: Final = "#aab2bb"
STEPS: Final = (0.01, 0.05, 0.10, 0.25)
"""Shares at which the next shade begins; the same every morning, so that two maps compare."""
_NUMBERED: Final = 5
"""Countries that get their rank written on them."""


_AROUND: Final = ((0, 0), *((round(r * math.cos(a * math.pi / 4)), round(r * math.sin(a * math.pi / 4))) for r in (20, 30, 42) for a in (5, 4, 3, 6, 7, 2, 1, 0)))
"""Where a rank may stand beside its country, in units."""
_NEAR: Final = (336.0, 20.0, 100.0, 72.0)
"""What is enlarged when there is something to be seen: Europe, left, top, width, height."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """One country.

    Attributes:
        code: two letters of ISO 3166-1.
        label: its name.
        value: last hops there; None when not known.
        low: at least so many are placed there, None for no bounds.
        high: at most so many can be there.
    """

    code: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class _Map:
    """The map as it is shipped: points and paths on a grid of `grid` steps a unit."""

    width: int
    height: int
    grid: int
    places: dict[str, tuple[int, int]]
    shapes: dict[str, str]


@lru_cache(maxsize=1)
def _map() -> _Map:
    head, *lines = _FILE.read_text("utf-8").splitlines()
    about = json.loads(head)
    rows = [line.split("\t") for line in lines]
    places = {row[0]: (int(row[1].split()[0]), int(row[1].split()[1])) for row in rows}
    return _Map(about["width"], about["height"], about["grid"], places, {row[0]: row[2] for row in rows if len(row) > 2})


def world(
    rows: Sequence[Country],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "world",
    total: float | None = None,
    nowhere: float | None = None,
    unit: str = "",
) -> Svg:
    """Draw the map: darker for a larger share of last hops; countries too small for a shape are circles. Under it stands what the map does not show.

    Args:
        rows: in any order; codes that are not on the map are named under it with their numbers.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        total: what shares are of; None takes the sum of the known values.
        nowhere: how many have no last hop in any country; None when not known.
        unit: what is counted, in the plural.

    Raises:
        ValueError: a code is given twice.
    """
    frame = Frame(title, lang, narrow, name, "world")
    if len({one.code for one in rows}) < len(rows):
        raise ValueError("a code is given twice")
    if not rows:
        return frame.empty(word("no data", lang))
    ordered = sorted(rows, key=lambda one: (known(one.value) is None, -(known(one.value) or 0.0), one.code))
    whole = known(total) or total_of(one.value for one in rows) or 1.0
    atlas = _map()
    here = [one for one in ordered if one.code in atlas.places and one.code != "-"]
    unlike = [one for one in ordered if one not in here]
    unread = any(known(one.value) is None for one in here)
    key, top = legend(_samples(frame, unread), 2, frame.width)
    scale = frame.width / atlas.width
    bottom = top + atlas.height * scale
    views = [_View(0, top, scale, (0, 0, atlas.width, atlas.height))]
    if any(known(one.value) and _inside(atlas.places[one.code], atlas.grid, _NEAR) for one in here):
        views.append(_enlargement(frame, atlas, here, bottom))
        bottom = max(bottom, views[1].y + views[1].scale * _NEAR[3] + 2)
    paints = {one.code: _paint(name, one, whole) for one in here}
    says = {one.code: _says(one, lang, whole, unit) for one in here}
    body = [key, _land(name, atlas, here, views[0], paints, says), *(_enlarged(name, atlas, view) for view in views[1:])]
    body += [_circles(atlas, here, views, paints, says), _ranks(atlas, here, views)]
    if not any(known(one.value) for one in here):
        looks = {"text_anchor": "middle", "font_weight": "600", "stroke": PAPER, "paint_order": "stroke"}
        body.append(text(frame.width / 2, top + atlas.height * scale / 2, word("nowhere drawn", lang), size=14, room=frame.width, stroke_width=4, **looks))
    foot, y = [word("viewpoint", lang)], bottom + 14
    if known(nowhere):
        foot.append(word("nowhere", lang, count=counted(nowhere, unit, lang)))
    if unlike:
        foot.append(word("off the map", lang, list=", ".join(f"{apart(one.label[:40])} {number(one.value, lang)}" for one in unlike[:12]) + (" …" if len(unlike) > 12 else "")))
    for at, one in enumerate(foot):
        lines = wrapped(one, frame.width - 4, 11, 3)
        body.append(paragraph(0, y, lines, size=11, leading=14, fill=MUTED if not at else INK))
        y += 14 * len(lines) + 2
    told = [_says(one, lang, whole, unit) + "." for one in ordered[:8]]
    return frame.drawn(y - 6, body, told + foot, defs=unknown_pattern(name), walked=bool(here))


def _samples(frame: Frame, unread: bool) -> list[Sample]:
    lang = frame.lang
    edges = ["0", *(percent(one, lang) for one in STEPS)]
    out = [Sample(word("no last hop", lang), _LAND, _COAST)]
    for at, low in enumerate(edges):
        label = f"< {percent(STEPS[0], lang)}" if not at else f"≥ {low}" if at == len(STEPS) else f"{low} – {edges[at + 1]}"
        out.append(Sample(label, SHADES[at + 1], INK))
    if unread:
        out.append(Sample(word("unknown", lang), unknown_paint(frame.name), MUTED))
    return out


def _paint(name: str, one: Country, whole: float) -> str:
    value = known(one.value)
    return unknown_paint(name) if value is None else _LAND if value == 0 else SHADES[level(value / whole)]


def _class(one: Country) -> str:
    return "unknown hit" if known(one.value) is None else "country hit"


def _land(name: str, atlas: _Map, here: Sequence[Country], view: _View, paints: Mapping[str, str], says: Mapping[str, str]) -> str:
    """Land without a last hop as one path, then each country that has any, the smallest share first."""
    given = {one.code for one in here if known(one.value) != 0}
    land = "".join(path for code, path in atlas.shapes.items() if code not in given)
    out = [element("path", d=land, fill=_LAND, stroke=_COAST, stroke_width=0.5, vector_effect="non-scaling-stroke", class_="land", fill_rule="evenodd")]
    for at, one in reversed(list(enumerate(here))):
        if one.code in atlas.shapes:
            looks = {"fill": paints[one.code], "stroke": MUTED if known(one.value) != 0 else _COAST, "vector_effect": "non-scaling-stroke", "fill_rule": "evenodd"}
            out.append(mark(at, one.code, says[one.code], element("path", d=atlas.shapes[one.code], stroke_width=0.7, class_=_class(one), **looks)))
    return element("g", element("g", "".join(out), id=f"{name}-land"), transform=f"translate(0 {n(view.y)}) scale({view.scale / atlas.grid:.5f})")


def _circles(atlas: _Map, here: Sequence[Country], views: Sequence[_View], paints: Mapping[str, str], says: Mapping[str, str]) -> str:
    """Countries too small for a shape, and once more where the map is enlarged."""
    out = []
    for at, one in reversed(list(enumerate(here))):
        if one.code in atlas.shapes:
            continue
        drawn = ""
        for view in views:
            if _inside(atlas.places[one.code], atlas.grid, view.box):
                x, y = view.at(atlas.places[one.code], atlas.grid)
                drawn += element("circle", cx=x, cy=y, r=4.2, fill=paints[one.code], stroke=INK, stroke_width=0.9, class_=_class(one))
        out.append(mark(at, one.code, says[one.code], drawn))
    return "".join(out)


@dataclass(frozen=True, slots=True)
class _View:
    """A part of the map (`box`: left, top, width, height in units of the map) and where it is drawn."""

    x: float
    y: float
    scale: float
    box: Box

    def at(self, place: tuple[int, int], grid: int) -> tuple[float, float]:
        return self.x + (place[0] / grid - self.box[0]) * self.scale, self.y + (place[1] / grid - self.box[1]) * self.scale


def _inside(place: tuple[int, int], grid: int, box: Box) -> bool:
    return box[0] <= place[0] / grid <= box[0] + box[2] and box[1] <= place[1] / grid <= box[1] + box[3]


def _enlargement(frame: Frame, atlas: _Map, here: Sequence[Country], bottom: float) -> _View:
    """Where the enlarged part stands: in the empty south-west of the map, or under it where that is narrow or not empty."""
    if frame.narrow:
        return _View(1, bottom + 6, (frame.width - 2) / _NEAR[2], _NEAR)
    wide, tall = 1.75 * _NEAR[2], 1.75 * _NEAR[3]
    corner = (0.0, atlas.height - tall - 6, wide + 6, tall + 6)
    hidden = any(_inside(atlas.places[one.code], atlas.grid, corner) for one in here)
    return _View(1, bottom + 6, 2.6, _NEAR) if hidden else _View(1, bottom - tall - 2, 1.75, _NEAR)


def _enlarged(name: str, atlas: _Map, view: _View) -> str:
    """A part of the map once more, larger."""
    wide, tall = view.box[2] * view.scale, view.box[3] * view.scale
    seen = " ".join(n(one * atlas.grid) for one in view.box)
    used = element("use", href=f"#{name}-land")
    return (
        rect(view.x, view.y, wide, tall, fill=PAPER)
        + element("svg", used, x=view.x, y=view.y, width=wide, height=tall, viewBox=seen, class_="enlarged", aria_hidden="true")
        + rect(view.x, view.y, wide, tall, fill="none", stroke=MUTED)
    )


def _ranks(atlas: _Map, here: Sequence[Country], views: Sequence[_View]) -> str:
    """The rank of the first few, so that the list beside the map is found again on it; in the enlarged part where they are there."""
    out: list[str] = []
    taken: list[tuple[float, float]] = []
    for at, one in enumerate([one for one in here if known(one.value)][:_NUMBERED]):
        place = atlas.places[one.code]
        x, y = next(view for view in reversed(views) if view is views[0] or _inside(place, atlas.grid, view.box)).at(place, atlas.grid)
        near = _AROUND if one.code in atlas.shapes else _AROUND[1:]
        u, v = next(((x + dx, y + dy) for dx, dy in near if all(abs(x + dx - a) > 13 or abs(y + dy - b) > 14 for a, b in taken)), (x, y))
        taken.append((u, v))
        if (u, v) != (x, y):
            drawn = f"M{n(x)} {n(y)}L{n(u)} {n(v)}"
            out.append(element("path", d=drawn, stroke=PAPER, stroke_width=3) + element("path", d=drawn, stroke=INK, stroke_width=1.2, class_="leader"))
        looks = {"text_anchor": "middle", "font_weight": "700", "stroke": PAPER, "paint_order": "stroke", "pointer_events": "none", "class_": "rank"}
        out.append(text(u, v + 4, str(at + 1), size=12, room=None, stroke_width=3.5, **looks))
    return "".join(out)


def level(share: float) -> int:
    """Number of the shade of a share, 1 to 5."""
    return 1 + sum(share >= one for one in STEPS)


def _says(one: Country, lang: str, whole: float, unit: str) -> str:
    value, low, high = known(one.value), known(one.low), known(one.high)
    said = apart(one.label) + colon(lang) + counted(value, unit, lang)
    if value is not None:
        said += f" ({percent(value / whole, lang)})"
    if low is not None and high is not None and low <= high:
        said += f", {word('between', lang, low=number(low, lang), high=number(high, lang))}"
    return said


def drawn_codes() -> frozenset[str]:
    """Codes that have a shape on the map."""
    return frozenset(_map().shapes) - {"-"}


def small_codes() -> frozenset[str]:
    """Codes that are too small for a shape (or, as Antarctica, left out), and drawn as a circle when there is something to say of them."""
    return frozenset(_map().places) - frozenset(_map().shapes)
