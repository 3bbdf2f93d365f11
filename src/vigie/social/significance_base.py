"""How often two accounts that met once land close to each other: the chance that a pair is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.coordination_windows import Ints, pairs_within
from vigie.social.significance_trials import Places

Floats = npt.NDArray[np.float64]

CLASSES: Final = 7
"""Classes of crowding: 1, 2 to 3, 4 to 7 … 64 and more shares of others within W."""
SHRUNK_BY: Final = 50
"""Pairs by which the rate of a class is drawn to that of all."""
ALL_WEIGH: Final = 100
"""Pairs by which the rate of one-off pairs is drawn to that of all pairs: where everybody meets again and again, as an audience does, there are hardly any strangers."""
SAMPLED: Final = 200
"""Shares of an object that are looked at, at most."""
_PAIRS: Final = 6_000_000
_UNSIGNED: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class BaseRate:
    """Rates of closeness by crowding.

    Attributes:
        pairs, close: one-off pairs of each class, and those of them that are close.
        rates: what is used, one a class.
        sampled: shares of an object that were looked at, at most.
    """

    pairs: Ints
    close: Ints
    rates: Floats
    sampled: int


def crowding_class(within: Ints) -> Ints:
    """Class of each share by the number of others' shares within W."""
    return np.minimum(np.log2(np.maximum(within, 1)).astype(np.int64), CLASSES - 1)


def base_rate(at: Places, within: Ints, tau: int, window: int, left: Ints, right: Ints, seed: int) -> BaseRate:
    """Measure it on pairs of accounts that share exactly one object within W.

    Args:
        at: the shares.
        within: number of others' shares within W, of each share.
        tau: microseconds that are close.
        window: microseconds of W.
        left: one account of each pair that is left out, because they are partners.
        right: the other.
        seed: of the sample.
    """
    chosen, sampled = _sample(at, window, seed)
    shares, size = at.shares, len(at.shares.account_names)
    classes = crowding_class(within)
    parts, trials, near_trials = [], 0, 0
    for i, j in pairs_within(at.keys[chosen], window):
        a, b = chosen[i], chosen[j]
        apart = (shares.accounts[a] != shares.accounts[b]) & (shares.posts[a] != shares.posts[b])
        a, b = a[apart], b[apart]
        x, y = shares.accounts[a], shares.accounts[b]
        trials += len(a)
        near_trials += int((shares.times[b] - shares.times[a] <= tau).sum())
        frame = pl.DataFrame({
            "pair": np.minimum(x, y) * size + np.maximum(x, y), "object": shares.objects[a],
            "nearest": (shares.times[b] - shares.times[a]) * CLASSES + np.maximum(classes[a], classes[b]),
        })  # fmt: skip
        parts.append(frame.group_by("pair", "object").agg(pl.col("nearest").min()))
    flat = min(tau / window, 1.0)
    if not parts:
        return BaseRate(np.zeros(CLASSES, np.int64), np.zeros(CLASSES, np.int64), np.full(CLASSES, flat), sampled)
    whole = pl.concat(parts).group_by("pair", "object").agg(pl.col("nearest").min())
    once = whole.filter(pl.len().over("pair") == 1)
    known = pl.Series(np.minimum(left, right) * size + np.maximum(left, right))
    once = once.filter(~pl.col("pair").is_in(known.implode())) if len(known) else once
    crowd, near = once["nearest"].to_numpy() % CLASSES, once["nearest"].to_numpy() // CLASSES <= tau
    pairs, close = np.bincount(crowd, minlength=CLASSES), np.bincount(crowd[near], minlength=CLASSES)
    every = near_trials / trials if trials else flat
    overall = (close.sum() + ALL_WEIGH * every) / (pairs.sum() + ALL_WEIGH)
    return BaseRate(pairs, close, np.maximum((close + SHRUNK_BY * overall) / (pairs + SHRUNK_BY), flat), sampled)


def _sample(at: Places, window: int, seed: int) -> tuple[Ints, int]:
    """Places of at most 200 shares of each object, fewer where their pairs would be too many; drawn by a seed, whatever the order of the rows."""
    objects = at.shares.objects
    drawn = mixed(np.arange(len(objects)).astype(np.uint64) + np.uint64(seed) * _UNSIGNED[0])
    order = np.lexsort((drawn, objects))
    starts = np.flatnonzero(np.diff(objects[order], prepend=-1))
    turn = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    most = SAMPLED
    while True:
        chosen = np.sort(order[turn < most])
        keys = at.keys[chosen]
        total = int((np.searchsorted(keys, keys + window, "right") - np.arange(len(keys)) - 1).sum())
        if total <= _PAIRS or most <= 10:
            return chosen, most
        most = most * 3 // 4


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64: numbers that look drawn."""
    z = values + _UNSIGNED[0]
    z = (z ^ (z >> np.uint64(30))) * _UNSIGNED[1]
    z = (z ^ (z >> np.uint64(27))) * _UNSIGNED[2]
    return z ^ (z >> np.uint64(31))
