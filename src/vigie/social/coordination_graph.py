"""Connected accounts, and communities inside large groups."""

from __future__ import annotations

from typing import Final

import numpy as np

from vigie.social.coordination_windows import Ints

LARGE: Final = 30
"""Accounts of a connected group beyond which communities are looked for inside it."""
SEED: Final = 1


def components(count: int, left: Ints, right: Ints) -> Ints:
    """The smallest number of each number's connected group.

    Args:
        count: of numbers.
        left: one end of each edge.
        right: the other.
    """
    labels = np.arange(count, dtype=np.int64)
    while True:
        before = labels.copy()
        low = np.minimum(labels[left], labels[right])
        np.minimum.at(labels, labels[left], low)
        np.minimum.at(labels, labels[right], low)
        while not np.array_equal(labels, jumped := labels[labels]):
            labels = jumped
        if np.array_equal(before, labels):
            return labels


def communities(names: list[str], left: list[str], right: list[str], weights: list[float]) -> dict[str, int]:
    """Number of each account's community, the largest first; one community up to 30 accounts. Louvain with a fixed seed, on nodes and edges in order of their names.

    Args:
        names: accounts.
        left: one end of each edge.
        right: the other.
        weights: of the edges, for instance independent coincidences.
    """
    if len(names) <= LARGE:
        return dict.fromkeys(names, 0)
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(names))
    graph.add_weighted_edges_from(sorted(zip(left, right, weights, strict=True)))
    found = networkx.community.louvain_communities(graph, seed=SEED)
    ranked = sorted((sorted(some) for some in found), key=lambda some: (-len(some), some[0]))
    return {name: number for number, some in enumerate(ranked) for name in some}
