"""Where the nodes of a graph stand: forces that push apart and pull together, from a fixed beginning.

References:
    - Fruchterman and Reingold (1991), Graph drawing by force-directed placement.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS: Final = 240
_GOLDEN: Final = float(np.pi * (3.0 - np.sqrt(5.0)))
_GRAVITY: Final = 0.06


def placed(count: int, left: Ints, right: Ints, weights: Numbers, *, rounds: int = ROUNDS) -> Numbers:
    """Positions of nodes, in a square of -1..1 that they fill; the same for the same numbers.

    Args:
        count: of nodes; time goes with its square (150 nodes: about 0.1 s).
        left: one end of each edge, 0 .. count-1.
        right: the other.
        weights: of the edges, more than 0; a heavier one is shorter.
        rounds: of the layout.

    Returns:
        shape (count, 2).
    """
    if count == 0:
        return np.zeros((0, 2))
    at = np.arange(count)
    places = np.sqrt((at + 0.5) / count)[:, None] * np.stack([np.cos(at * _GOLDEN), np.sin(at * _GOLDEN)], axis=1)
    if count == 1:
        return np.zeros((1, 2))
    ideal = 1.4 / np.sqrt(count)
    pull = 0.5 + np.log1p(weights / max(float(np.median(weights)), 1e-300)) if len(weights) else weights
    for turn in range(rounds):
        apart = places[:, None, :] - places[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        force = (apart * (ideal**2 / distance**2)[:, :, None]).sum(axis=1) - _GRAVITY * places
        along = places[right] - places[left]
        tension = along * (pull * np.sqrt((along**2).sum(axis=1)) / ideal)[:, None]
        np.add.at(force, left, tension)
        np.add.at(force, right, -tension)
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        limit = 0.12 * (1.0 - turn / rounds) + 0.002
        places = places + force / length[:, None] * np.minimum(length, limit)[:, None]
    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    spread = np.maximum((places.max(axis=0) - places.min(axis=0)) / 2, 1e-6)
    return np.asarray(np.clip((places - middle) / spread, -1.0, 1.0))
