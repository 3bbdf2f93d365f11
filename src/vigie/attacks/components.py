"""Connected components of a graph given as edges, without a Python object per edge."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def components(count: int, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Label every node with the smallest node of its component.

    Args:
        count: number of nodes, 0 .. count-1.
        left: one end of each edge.
        right: the other end.

    Returns:
        labels, int64, one per node. Takes a logarithmic number of passes over the edges in practice.
    """
    labels = np.arange(count, dtype=np.int64)
    if not len(left):
        return labels
    while True:
        low = np.minimum(labels[left], labels[right])
        before = labels.copy()
        np.minimum.at(labels, labels[left], low)
        np.minimum.at(labels, labels[right], low)
        while True:
            jumped = labels[labels]
            if np.array_equal(jumped, labels):
                break
            labels = jumped
        if np.array_equal(before, labels):
            return labels
