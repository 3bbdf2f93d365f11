"""Accounts and what links them, laid out here: the same picture for the same graph, whatever order it comes in."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vigie.drawing.captions import colon, known, number, word
from vigie.drawing.layout import placed
from vigie.drawing.legend import Sample, legend, numbers_of, paint, patterns
from vigie.drawing.palette import INK, MUTED, PAPER
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg, element, mark, n, text
from vigie.drawing.texts import apart, fitted, width_of

NODES, LINKS = 400, 1_500
"""Nodes that are drawn at most, and links, the heaviest."""
_CROWDED: Final = 200
_SHAPES: Final = (
    "", "M-.9-.9H.9V.9H-.9z", "M0-1.15L1.1.8H-1.1z", "M0-1.25L1.25 0 0 1.25-1.25 0z", "M0 1.15L1.1-.8H-1.1z", "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4z",
)  # fmt: skip
"""Of the groups, in order of their styles; all of radius 1, the first is a circle."""
_NUMBER: Final = re.compile(r"-?\d*\.?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Node:
    """One account.

    Attributes:
        key: its name in links; marks carry it.
        label: what people read.
        size: of its activity, 0 or more; None when not known.
        group: key of one of the groups, or "" for none.
    """

    key: str
    label: str
    size: float | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What two accounts share.

    Attributes:
        left: key of a node.
        right: key of another.
        weight: how often, 0 or more.
        directed: from left to right.
    """

    left: str
    right: str
    weight: float = 1.0
    directed: bool = False


def graph(
    nodes: Sequence[Node],
    links: Sequence[Link],
    groups: Sequence[Series] = (),
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "graph",
    most: int = 150,
) -> Svg:
    """Draw a graph by a force layout with a fixed beginning.

    Links to nodes that are not given, and of a node to itself, are left out. Labels are drawn for the largest nodes where there is room; every node says its
    label in its title.

    Args:
        nodes: in any order; of several with one key one is taken.
        links: in any order; of several between the same two the weights are added.
        groups: what is told apart by colour, shape and texture; they make the legend.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 340 units wide instead of 760.
        name: begins every id.
        most: nodes that are drawn, those with the heaviest links first, 400 at most; the number of those left out is said.
    """
    frame = Frame(title, lang, narrow, name, "graph")
    everyone = {one.key: one for one in sorted(nodes, key=_order, reverse=True)}
    if not everyone:
        return frame.empty(word("no data", lang))
    weights = _joined(links, everyone)
    strength = _strength(weights)
    chosen = sorted(everyone, key=lambda key: (-strength.get(key, 0.0), -(known(everyone[key].size) or 0.0), key))[: max(1, min(most, NODES))]
    drawn = {key: everyone[key] for key in sorted(chosen)}
    kept = sorted((pair for pair in weights if pair[0] in drawn and pair[1] in drawn), key=lambda pair: (-weights[pair], pair))[:LINKS]
    numbers = numbers_of(groups)
    used = {one.group for one in drawn.values()}
    samples = [Sample(one.label, paint(name, numbers[one.key])) for one in groups if one.key in used]
    if groups and used - numbers.keys():
        samples.append(Sample(word("no group", lang), PAPER, INK, shape="dot"))
    if any(known(one.size) is None for one in drawn.values()):
        samples.append(Sample(word("unsized", lang), PAPER, INK, dashed=True))
    key, top = legend(samples, 2, frame.width)
    tall = 330.0 if narrow else 440.0
    largest = max((known(one.size) or 0.0 for one in drawn.values()), default=0.0) or 1.0
    most_radius = 8.0 if len(drawn) > 60 or narrow else 12.0
    radii = {one.key: 4.0 + (most_radius - 4.0) * math.sqrt((known(one.size) or 0.0) / largest) for one in drawn.values()}
    places = _places(radii, {pair: weights[pair] for pair in kept}, frame.width, top, tall)
    neighbours = dict.fromkeys(drawn, 0)
    for left, right, _ in kept:
        neighbours[left] += 1
        neighbours[right] += 1
    body = [key, *(_link(places[left], places[right], weights[left, right, directed], max(weights.values()), directed, len(kept) > _CROWDED) for left, right, directed in reversed(kept))]
    labels = {one.key: one.label for one in groups}
    for at, one in enumerate(sorted(drawn.values(), key=lambda one: (-radii[one.key], one.key))):
        body.append(_node(frame, at, one, places[one.key], radii[one.key], numbers, _says(one, neighbours[one.key], labels, lang)))
    body.append(_labels(frame, drawn, places, radii))
    bottom = top + tall + 6
    if len(everyone) > len(drawn):
        body.append(text(0, bottom + 12, word("left out", lang, rows=number(len(everyone) - len(drawn), lang)), fill=MUTED, room=frame.width))
        bottom += 18
    told = word("accounts links", lang, nodes=word("nodes", lang, count=number(len(everyone), lang)), links=word("links", lang, count=number(len(weights), lang)))
    return frame.drawn(bottom, body, [told], defs=patterns(name, numbers.values()), walked=True)


def _order(one: Node) -> tuple[str, str, float, str]:
    return (one.key, one.label, known(one.size) or 0.0, one.group)


def _joined(links: Sequence[Link], nodes: Mapping[str, Node]) -> dict[tuple[str, str, bool], float]:
    """Ends and direction → weight, of links between two that are there."""
    out: dict[tuple[str, str, bool], list[float]] = {}
    for one in links:
        weight = known(one.weight)
        if weight and one.left != one.right and one.left in nodes and one.right in nodes:
            ends = (one.left, one.right) if one.directed or one.left < one.right else (one.right, one.left)
            out.setdefault((*ends, one.directed), []).append(weight)
    return {pair: math.fsum(some) for pair, some in sorted(out.items())}


def _strength(weights: Mapping[tuple[str, str, bool], float]) -> dict[str, float]:
    out: dict[str, float] = {}
    for (left, right, _), weight in weights.items():
        out[left] = out.get(left, 0.0) + weight
        out[right] = out.get(right, 0.0) + weight
    return out


def _places(radii: Mapping[str, float], weights: Mapping[tuple[str, str, bool], float], wide: float, top: float, tall: float) -> dict[str, tuple[float, float]]:
    """Where each node stands, in units."""
    keys = list(radii)
    at = {key: place for place, key in enumerate(keys)}
    pairs = sorted(weights)
    left = np.asarray([at[pair[0]] for pair in pairs], np.int64)
    right = np.asarray([at[pair[1]] for pair in pairs], np.int64)
    sizes = np.asarray([radii[key] for key in keys], np.float64)
    found = placed(sizes, left, right, np.asarray([weights[pair] for pair in pairs], np.float64), wide, tall)
    return {key: (float(x), top + float(y)) for key, (x, y) in zip(keys, found, strict=True)}


def _link(one: tuple[float, float], other: tuple[float, float], weight: float, most: float, directed: bool, crowded: bool) -> str:
    (x, y), (u, v) = one, other
    wide = 0.7 + (1.2 if crowded else 2.8) * math.sqrt(weight / most)
    drawn = f"M{n(x)} {n(y)}L{n(u)} {n(v)}"
    length = math.hypot(u - x, v - y)
    if directed and length > 20:
        # an arrow two thirds along: at the end it would lie under the node
        dx, dy = (u - x) / length, (v - y) / length
        a, b = x + (u - x) * 0.66, y + (v - y) * 0.66
        drawn += f"M{n(a - 7 * dx - 4 * dy)} {n(b - 7 * dy + 4 * dx)}L{n(a)} {n(b)}L{n(a - 7 * dx + 4 * dy)} {n(b - 7 * dy - 4 * dx)}"
    return element("path", d=drawn, stroke=MUTED, stroke_width=wide, stroke_opacity="0.3" if crowded else "0.55", fill="none", class_="link")


def _node(frame: Frame, at: int, one: Node, place: tuple[float, float], radius: float, numbers: Mapping[str, int], said: str) -> str:
    style = numbers.get(one.group)
    fill = paint(frame.name, style) if style is not None else PAPER
    x, y = place
    # the pattern is not to grow with the node, so the path is
    unsized = known(one.size) is None
    outline = _grown(_SHAPES[(style or 0) % len(_SHAPES)], radius)
    edge = INK if unsized or style is None else PAPER
    drawn = element("path", d=outline, fill=fill, stroke=edge, stroke_width=1.4, stroke_dasharray="2 2" if unsized else None, class_="node hit")
    return mark(at, one.key, said, drawn, transform=f"translate({n(x)} {n(y)})")


def _grown(path: str, by: float) -> str:
    """A path of radius 1 made larger."""
    if not path:
        r = n(by)
        return f"M0 -{r}A{r} {r} 0 1 1 0 {r}A{r} {r} 0 1 1 0 -{r}z"
    return _NUMBER.sub(lambda found: " " + n(float(found.group()) * by), path)


def _labels(frame: Frame, nodes: Mapping[str, Node], places: Mapping[str, tuple[float, float]], radii: Mapping[str, float]) -> str:
    """Names of the largest nodes, where they hide no other name and no node."""
    taken = [(x - radii[key], y - radii[key], x + radii[key], y + radii[key]) for key, (x, y) in places.items()]
    out: list[str] = []
    for key in sorted(nodes, key=lambda key: (-radii[key], key)):
        x, y = places[key]
        shown = fitted(nodes[key].label, 120, 11)
        wide = width_of(shown, 11)
        for left in (x + radii[key] + 3, x - radii[key] - 3 - wide):
            box = (left, y - 6.0, left + wide, y + 6.0)
            if box[0] >= 0 and box[2] <= frame.width and not any(box[0] < c and a < box[2] and box[1] < d and b < box[3] for a, b, c, d in taken):
                taken.append(box)
                out.append(text(left, y + 4, shown, size=11, stroke=PAPER, stroke_width=3, paint_order="stroke"))
                break
        if len(out) == (14 if frame.narrow else 40):
            break
    return "".join(out)


def _says(one: Node, neighbours: int, groups: Mapping[str, str], lang: str) -> str:
    said = apart(one.label) + (f" ({apart(groups[one.group])})" if one.group in groups else "")
    return said + colon(lang) + f"{number(one.size, lang)}; {word('linked to', lang, count=number(neighbours, lang))}"
