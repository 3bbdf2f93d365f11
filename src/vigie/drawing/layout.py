"""Where the nodes of a graph stand: forces that push apart and pull together, from a fixed beginning, each connected part in a field of its own.

References:
    - Fruchterman and Reingold (1991), Graph drawing by force-directed placement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Field = tuple[float, float, float, float]
"""Left, top, width, height."""

ROUNDS: Final = 160
_GOLDEN: Final = float(np.pi * (3.0 - np.sqrt(5.0)))
_PASSES: Final = 60


def placed(radii: Numbers, left: Ints, right: Ints, weights: Numbers, width: float, height: float) -> Numbers:
    """Positions of nodes that hide each other as little as there is room; the same for the same numbers.

    Args:
        radii: of the nodes, units.
        left: one end of each edge, a number of a node.
        right: the other.
        weights: of the edges, more than 0; a heavier one is shorter.
        width: units there are.
        height: units there are.

    Returns:
        shape (nodes, 2), each inside of the width and the height by its radius. Time goes with the square of the nodes (150: about 0.1 s).
    """
    out = np.zeros((len(radii), 2))
    parts = _parts(len(radii), left, right)
    for part, (x, y, wide, tall) in zip(parts, _fields([len(one) for one in parts], (0.0, 0.0, width, height)), strict=True):
        within = np.isin(left, part)
        found = _spread(len(part), np.searchsorted(part, left[within]), np.searchsorted(part, right[within]), weights[within])
        margin = float(radii[part].max()) + 4
        out[part, 0] = x + wide / 2 + found[:, 0] * max(0.0, wide / 2 - margin)
        out[part, 1] = y + tall / 2 + found[:, 1] * max(0.0, tall / 2 - margin)
    return _apart(out, radii, width, height)


def _parts(count: int, left: Ints, right: Ints) -> list[Ints]:
    """Numbers of the nodes of each connected part, ascending; the largest part first."""
    label = np.arange(count)
    while True:
        before = label.copy()
        low = np.minimum(label[left], label[right])
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        if np.array_equal(before, label):
            break
    parts = [np.flatnonzero(label == one) for one in np.unique(label)]
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _fields(sizes: Sequence[int], field: Field) -> list[Field]:
    """A field cut into one for each size, in their order: halved across its longer side, by size."""
    if len(sizes) <= 1:
        return [field] * len(sizes)
    total, half, at = sum(sizes), 0, 0
    while at < len(sizes) - 1 and (at == 0 or half + sizes[at] <= total / 2):
        half += sizes[at]
        at += 1
    x, y, wide, tall = field
    share = half / total
    if wide >= tall:
        one, other = (x, y, wide * share, tall), (x + wide * share, y, wide * (1 - share), tall)
    else:
        one, other = (x, y, wide, tall * share), (x, y + tall * share, wide, tall * (1 - share))
    return _fields(sizes[:at], one) + _fields(sizes[at:], other)


def _spread(count: int, left: Ints, right: Ints, weights: Numbers) -> Numbers:
    """Positions of the nodes of one connected part, filling -1..1."""
    if count == 1:
        return np.zeros((1, 2))
    at = np.arange(count)
    places = np.sqrt((at + 0.5) / count)[:, None] * np.stack([np.cos(at * _GOLDEN), np.sin(at * _GOLDEN)], axis=1)
    ideal = 1.6 / np.sqrt(count)
    pull = 0.6 + 0.4 * weights / weights.max()
    for turn in range(ROUNDS):
        push = ideal**2 / np.maximum(_squares(places), 1e-6)
        force = places * push.sum(axis=1)[:, None] - push @ places
        along = places[right] - places[left]
        tension = along * (pull * np.sqrt((along**2).sum(axis=1)) / ideal)[:, None]
        np.add.at(force, left, tension)
        np.add.at(force, right, -tension)
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        limit = 0.15 * (1.0 - turn / ROUNDS) + 0.002
        places = places + force / length[:, None] * np.minimum(length, limit)[:, None]
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    spread = (places.max(axis=0) - places.min(axis=0)) / 2
    return np.asarray(np.clip((places - middle) / np.maximum(spread, 0.05), -1.0, 1.0))


def _squares(places: Numbers) -> Numbers:
    """Squares of the distances of all pairs."""
    x, y = places[:, 0], places[:, 1]
    return np.asarray((x[:, None] - x[None, :]) ** 2 + (y[:, None] - y[None, :]) ** 2)


def _apart(places: Numbers, radii: Numbers, width: float, height: float) -> Numbers:
    """Nodes pushed off each other, and back inside."""
    wanted = radii[:, None] + radii[None, :] + 3
    for _ in range(_PASSES):
        distance = np.sqrt(_squares(places))
        short = np.maximum(0.0, wanted - distance)
        np.fill_diagonal(short, 0.0)
        if not short.any():
            break
        push = short / 2.2 / np.maximum(distance, 1e-6)
        places = places + places * push.sum(axis=1)[:, None] - push @ places
        places[:, 0] = np.clip(places[:, 0], radii + 1, np.maximum(radii + 1, width - radii - 1))
        places[:, 1] = np.clip(places[:, 1], radii + 1, np.maximum(radii + 1, height - radii - 1))
    return places
