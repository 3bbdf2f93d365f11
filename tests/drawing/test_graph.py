"""Graphs: the same picture whatever the order, nothing on top of each other, what is left out is said."""

import math
import random

import numpy as np
import pytest

from drawing.samples import marks, shapes, told, words
from vigie.drawing import Link, Node, Series, graph
from vigie.drawing.layout import placed

NODES = [Node(f"n{at:02}", f"account {at}", float(at), "ab"[at % 2]) for at in range(40)]
LINKS = [Link(f"n{at:02}", f"n{(at * 7 + 3) % 40:02}", 1.0 + at % 5, directed=at % 3 == 0) for at in range(40)]
GROUPS = [Series("a", "group A"), Series("b", "group B")]


def places(svg):
    return {one.get("data-key"): tuple(map(float, one.get("transform")[10:-1].split())) for one in marks(svg)}


@pytest.mark.parametrize("seed", range(3))
def test_the_order_does_not_matter(seed):
    order = random.Random(seed)
    turned = [Link(one.right, one.left, one.weight) if not one.directed else one for one in LINKS]
    assert graph(order.sample(NODES, 40), order.sample(turned, 40), GROUPS, title="t") == graph(NODES, LINKS, GROUPS, title="t")


@pytest.mark.parametrize("narrow", [False, True])
def test_accounts_stand_inside_and_apart(narrow):
    found = places(graph(NODES, LINKS, GROUPS, title="t", narrow=narrow))
    assert len(found) == 40
    assert all(0 < x < (340 if narrow else 760) for x, _ in found.values())
    gaps = [math.dist(a, b) for at, a in enumerate(found.values()) for b in list(found.values())[:at]]
    assert min(gaps) > 7


def test_linked_accounts_stand_nearer_than_others():
    found = places(graph(NODES[:20], [Link(f"n{at:02}", f"n{at + 1:02}") for at in (*range(9), *range(10, 19))], title="t"))
    near = np.mean([math.dist(found[f"n{at:02}"], found[f"n{at + 1:02}"]) for at in (*range(9), *range(10, 19))])
    far = np.mean([math.dist(found[f"n{at:02}"], found[f"n{at + 10:02}"]) for at in range(10)])
    assert near < far / 2


def test_what_is_left_out_is_said_and_the_strongest_stay():
    svg = graph(NODES, [Link("n03", "n04", 9), Link("n05", "n06", 5)], title="t", most=3)
    assert set(told(svg)) == {"n03", "n04", "n05"} or set(told(svg)) == {"n03", "n04", "n06"}
    assert "37 more are not drawn" in words(svg)


def test_links_to_nobody_and_to_oneself_are_left_out_and_parallel_ones_joined():
    svg = graph(NODES[:2], [Link("n00", "n00"), Link("n00", "n77"), Link("n00", "n01", 2), Link("n01", "n00", 3), Link("n00", "n01", 0)], title="t")
    assert len(shapes(svg, "link", "path")) == 1
    assert told(svg)["n00"] == "account 0: 0; linked to 1"


def test_an_account_of_unknown_size_is_no_account_of_size_zero():
    svg = graph([Node("a", "a", None), Node("b", "b", 0)], [], title="t")
    assert told(svg) == {"a": "a: not known; linked to 0", "b": "b: 0; linked to 0"}
    assert "how active: not known" in words(svg)
    assert "in no group" not in words(svg)
    assert "in no group" in words(graph([Node("a", "a", 1)], [], GROUPS, title="t"))


def test_a_layout_of_many_is_quick_enough_and_of_none_empty():
    none = np.zeros(0, np.int64)
    assert placed(np.zeros(0), none, none, np.zeros(0), 100, 100).shape == (0, 2)
    assert placed(np.ones(1), none, none, np.zeros(0), 100, 60).tolist() == [[50, 30]]
    at = np.arange(149)
    found = placed(np.full(150, 6.0), at, at + 1, np.ones(149), 760, 440)
    assert np.isfinite(found).all()
