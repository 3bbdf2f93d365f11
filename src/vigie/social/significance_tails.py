"""Exact tails of sums of unlike coins, and false discoveries held down.

References:
    - Y. Hong, On computing the distribution function for the Poisson binomial distribution, Computational Statistics & Data Analysis 59 (2013)
    - Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B 57 (1995)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_CELLS: Final = 4_000_000
"""Cells of the table that are held at once."""


def tails(owners: Ints, chances: Floats, hits: Ints) -> Floats:
    """For each owner the chance that at least as many of its coins fall as fell: P(sum >= hits), by dynamic programming over `hits` + 1 cells.

    Args:
        owners: owner of each coin, sorted, 0 .. len(hits) - 1.
        chances: of each coin.
        hits: how many fell, of each owner.
    """
    out = np.ones(len(hits))
    counts = np.bincount(owners, minlength=len(hits))
    starts = np.cumsum(counts) - counts
    asked = np.flatnonzero(hits > 0)
    asked = asked[np.lexsort((asked, counts[asked], hits[asked]))]
    begin = 0
    while begin < len(asked):
        stop = begin + 1
        while stop < len(asked) and (stop - begin + 1) * (hits[asked[stop]] + 1) <= _CELLS and hits[asked[stop]] <= 2 * hits[asked[begin]] + 2:
            stop += 1
        some = asked[begin:stop]
        out[some] = _tail(starts[some], counts[some], chances, hits[some])
        begin = stop
    return out


def _tail(starts: Ints, counts: Ints, chances: Floats, hits: Ints) -> Floats:
    """Tails of some owners; the last cell of each takes in all that comes to it."""
    order = np.argsort(-counts, kind="stable")
    starts, counts, wanted = starts[order], counts[order], hits[order]
    cells = np.zeros((len(order), int(wanted.max()) + 1))
    cells[:, 0] = 1.0
    for turn in range(int(counts[0]) if len(counts) else 0):
        live = int(np.searchsorted(-counts, -turn, "left"))
        p = chances[starts[:live] + turn][:, None]
        moved = cells[:live] * p
        cells[:live] -= moved
        cells[:live, 1:] += moved[:, :-1]
        cells[:live, -1] += moved[:, -1]
    places = np.arange(cells.shape[1])[None, :]
    out = np.empty(len(order))
    out[order] = np.where(places >= wanted[:, None], cells, 0.0).sum(axis=1)
    return np.minimum(out, 1.0)


def q_values(p: Floats, tests: float) -> Floats:
    """Benjamini-Hochberg's q of each p, with a number of tests that may be larger than the number of p at hand (the others count as 1)."""
    if not len(p):
        return p.copy()
    order = np.argsort(p, kind="stable")
    raised = np.minimum(p[order] * max(tests, len(p)) / np.arange(1, len(p) + 1), 1.0)
    out = np.empty(len(p))
    out[order] = np.minimum.accumulate(raised[::-1])[::-1]
    return out


def binomial_two_sided(successes: Ints, trials: Ints) -> Floats:
    """Exact two-sided p of each number of successes against one half."""
    out = np.ones(len(trials))
    for n in np.unique(trials[trials > 0]).tolist():
        chosen = trials == n
        least = np.minimum(successes[chosen], n - successes[chosen])
        steps = np.arange(n)
        logs = np.concatenate([[0.0], np.cumsum(np.log((n - steps) / (steps + 1.0)))]) - n * np.log(2.0)
        out[chosen] = np.minimum(1.0, 2.0 * np.cumsum(np.exp(logs))[least])
    return out
