"""Which pairs of accounts are worth a test, and every chance that they had to be close in time.

Pairs come from close shares, in batches of objects; a sketch of counters drops those that cannot reach the number of objects asked, so that memory does not
grow with the number of pairs. The chances of a pair are found by looking up one account's places among the other's, so that two busy accounts
on one hashtag cost their shares and not the product of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.coordination_windows import Bools, Ints, Shares, around, distinct, pairs_within, spans

Floats = npt.NDArray[np.float64]

LISTED: Final = 20_000_000
"""Close pairs of shares up to which all are compared at once."""
GENERATED: Final = 120_000_000
"""Close pairs of shares that are looked through at most; beyond that the crowding up to which a share brings pairs is lowered, and told."""
LOOKED_UP: Final = 60_000_000
"""Look-ups of a run; beyond that the busiest accounts are set apart, and told."""
_BINS: Final = 1 << 24
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Places:
    """Shares with what the test asks of them all the time.

    Attributes:
        shares: sorted by object and time.
        keys: monotone keys up to the widest window.
        low, high: for each share the places within W.
        order: places sorted by account, then place.
        ranks: account times number of shares plus place, sorted: where an account's shares lie.
        first: for each account its first place in `order`; one more at the end.
    """

    shares: Shares
    keys: Ints
    low: Ints
    high: Ints
    order: Ints
    ranks: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Trials:
    """Pairs of shares within W of each other, of pairs of accounts.

    Attributes:
        owners: index of the pair of accounts, sorted.
        left, right: places of the two shares.
    """

    owners: Ints
    left: Ints
    right: Ints


def places(shares: Shares, window: int) -> Places:
    """Shares ready to be looked up."""
    keys = shares.keys(window)
    low, high = around(keys, window)
    order = np.argsort(shares.accounts, kind="stable")
    ranks = shares.accounts[order] * len(shares) + order
    first = np.searchsorted(shares.accounts[order], np.arange(len(shares.account_names) + 1))
    return Places(shares, keys, low, high, order, ranks, first)


def eligible(shares: Shares, least: int) -> Bools:
    """Accounts with at least so many distinct objects and distinct posts."""
    count = len(shares.account_names)
    out = np.ones(count, bool)
    size = max(len(shares.object_names), 1)
    out &= np.bincount(distinct(shares.accounts * size + shares.objects) // size, minlength=count) >= least
    order = np.lexsort((shares.posts, shares.accounts))
    new = _changes(shares.accounts[order], shares.posts[order])
    return out & (np.bincount(shares.accounts[order][new], minlength=count) >= least)


def blocks_of(times: Ints, left: Ints, right: Ints, length: int) -> Ints:
    """Block of each pair of shares: that of the middle between them."""
    return (times[left] + times[right]) // 2 // length


def candidates(at: Places, may: Bools, tau: int, length: int, least: int) -> tuple[Ints, Ints]:
    """Pairs of accounts that are close on at least so many objects and in at least so many blocks.

    Args:
        at: the shares.
        may: shares that bring pairs.
        tau: microseconds that are close.
        length: of a block.
        least: objects and blocks.

    Returns:
        the smaller and the larger number of account, sorted.
    """
    shares = at.shares
    chosen = np.flatnonzero(may)
    keys, accounts, objects, posts, times = at.keys[chosen], shares.accounts[chosen], shares.objects[chosen], shares.posts[chosen], shares.times[chosen]
    size = len(shares.account_names)
    total = int((np.searchsorted(keys, keys + tau, "right") - np.arange(len(keys)) - 1).sum())

    def coded() -> Iterator[tuple[Ints, Ints, Ints]]:
        for left, right in pairs_within(keys, tau):
            a, b = accounts[left], accounts[right]
            apart = (a != b) & (posts[left] != posts[right])
            i, j, a, b = left[apart], right[apart], a[apart], b[apart]
            yield np.minimum(a, b) * size + np.maximum(a, b), objects[i], blocks_of(times, i, j, length)

    counters = _sketch(coded()) if total > LISTED else None
    parts = []
    for pair, thing, block in coded():
        kept = counters[_bins(pair)] >= least if counters is not None else np.ones(len(pair), bool)
        parts.append(pl.DataFrame({"pair": pair[kept], "object": thing[kept], "block": block[kept]}).unique())
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    close = pl.concat(parts).group_by("pair").agg(pl.col("object").n_unique(), pl.col("block").n_unique())
    pairs = np.sort(close.filter((pl.col("object") >= least) & (pl.col("block") >= least))["pair"].to_numpy())
    return pairs // size, pairs % size


def _bins(pairs: Ints) -> Ints:
    return ((pairs.astype(np.uint64) * _ODD) >> np.uint64(40)).astype(np.int64)


def _sketch(batches: Iterator[tuple[Ints, Ints, Ints]]) -> npt.NDArray[np.uint8]:
    """For each bin at least the number of objects of any pair in it, up to 200."""
    counters = np.zeros(_BINS, np.uint8)
    for pair, thing, _ in batches:
        once = pl.DataFrame({"pair": pair, "object": thing}).unique()["pair"].to_numpy()
        bins, counts = np.unique(_bins(once), return_counts=True)
        counters[bins] = np.minimum(counters[bins] + np.minimum(counts, 100), 200)
    return counters


def crowding_that_fits(at: Places, may: Bools, tau: int, ncap: int, within: Ints) -> int:
    """The crowding up to which shares bring pairs: `ncap`, or less where they would bring too many."""
    while True:
        keys = at.keys[may & (within <= ncap)]
        total = int((np.searchsorted(keys, keys + tau, "right") - np.arange(len(keys)) - 1).sum())
        if total <= GENERATED or ncap <= 1:
            return ncap
        ncap = ncap * 3 // 4


def busiest_apart(at: Places, left: Ints, right: Ints) -> tuple[Bools, Ints]:
    """Pairs that fit the budget of look-ups, and the accounts that are set apart for it, the busiest first."""
    sizes = np.diff(at.first)
    kept = np.ones(len(left), bool)
    apart: list[int] = []
    while True:
        costs = np.minimum(sizes[left], sizes[right]) * kept
        if int(costs.sum()) <= LOOKED_UP:
            return kept, np.asarray(sorted(apart), np.int64)
        load = np.bincount(left, costs, len(sizes)) + np.bincount(right, costs, len(sizes))
        heavy = np.flatnonzero(load >= 0.8 * load.max())
        apart += heavy.tolist()
        kept &= ~np.isin(left, heavy) & ~np.isin(right, heavy)


def trials(at: Places, left: Ints, right: Ints, most: int = 1_000_000) -> Iterator[Trials]:
    """All pairs of shares within W of pairs of accounts, in batches that never cut a pair of accounts.

    Args:
        at: the shares.
        left: one account of each pair.
        right: the other.
        most: shares that are looked up at once.

    Yields:
        trials sorted by pair, and within it by the object.
    """
    sizes, count = np.diff(at.first), len(at.shares)
    swapped = sizes[left] > sizes[right]
    few, many = np.where(swapped, right, left), np.where(swapped, left, right)
    batches = _whole(sizes[few], most)
    for begin, stop in batches:
        for line, place in spans(at.first[few[begin:stop]], sizes[few[begin:stop]], 1 << 62):
            mine, owner = at.order[place], line + begin
            base = many[owner] * count
            start = np.searchsorted(at.ranks, base + at.low[mine], "left")
            found = np.searchsorted(at.ranks, base + at.high[mine], "left") - start
            yield from _joined(at, owner, mine, start, found, most)


def _whole(costs: Ints, most: int) -> list[tuple[int, int]]:
    """Stretches of about `most` in all."""
    ends, out, begin = np.cumsum(costs), [], 0
    while begin < len(costs):
        before = int(ends[begin - 1]) if begin else 0
        stop = max(begin + 1, int(np.searchsorted(ends, before + most, "right")))
        out.append((begin, stop))
        begin = stop
    return out


def _joined(at: Places, owner: Ints, mine: Ints, start: Ints, found: Ints, most: int) -> Iterator[Trials]:
    edges = np.flatnonzero(np.diff(owner, prepend=-1))
    per_owner = np.add.reduceat(found, edges) if len(edges) else found
    bounds = np.append(edges, len(owner))
    for first, last in _whole(per_owner, 2 * most):
        some = slice(bounds[first], bounds[last])
        for line, place in spans(start[some], found[some], 1 << 62):
            theirs = at.order[place]
            ours = mine[some][line]
            apart = at.shares.posts[ours] != at.shares.posts[theirs]
            yield Trials(owner[some][line][apart], ours[apart], theirs[apart])


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close pairs of accounts were, one entry a pair.

    Attributes:
        common: objects that both shared within W.
        close: those on which they were close.
        blocks: blocks in which they were.
    """

    common: Ints
    close: Ints
    blocks: Ints


def closeness(at: Places, pairs: int, batches: Iterator[Trials], tau: int, length: int) -> Closeness:
    """Count common and close objects and close blocks.

    Args:
        at: the shares.
        pairs: number of pairs of accounts.
        batches: their trials.
        tau: microseconds that are close.
        length: of a block.
    """
    common, close, blocks = (np.zeros(pairs, np.int64) for _ in range(3))
    for some in batches:
        times = at.shares.times
        near = np.abs(times[some.left] - times[some.right]) <= tau
        thing = at.shares.objects[some.left]
        common += np.bincount(some.owners[_changes(some.owners, thing)], minlength=pairs)
        close += np.bincount(some.owners[near][_changes(some.owners[near], thing[near])], minlength=pairs)
        blocks += _distinct(some.owners[near], blocks_of(times, some.left[near], some.right[near], length), pairs)
    return Closeness(common, close, blocks)


def _distinct(owners: Ints, values: Ints, count: int) -> Ints:
    """Number of distinct values of each owner."""
    order = np.lexsort((values, owners))
    o, v = owners[order], values[order]
    return np.bincount(o[_changes(o, v)], minlength=count)


@dataclass(frozen=True, slots=True)
class Units:
    """What a pair is tallied by, sorted by owner: objects, or occasions.

    Attributes:
        owners: index of the pair of accounts.
        chances: that the unit is a hit by chance.
        hits: whether it is.
    """

    owners: Ints
    chances: Floats
    hits: Bools


def by_object(owners: Ints, objects: Ints, chances: Floats, hits: Bools) -> Units:
    """Units by object: a hit if any trial is, its chance 1 - prod(1 - p) over its trials.

    Args:
        owners: of each trial, in the order of `trials`, which keeps the trials of an object together.
        objects: of each trial.
        chances: of each trial.
        hits: whether it is close.
    """
    starts = np.flatnonzero(_changes(owners, objects))
    if not len(starts):
        return Units(np.empty(0, np.int64), np.empty(0), np.empty(0, bool))
    with np.errstate(divide="ignore"):
        logs = np.add.reduceat(np.log1p(-np.minimum(chances, 1.0)), starts)
    return Units(owners[starts], -np.expm1(logs), np.logical_or.reduceat(hits, starts))


def by_occasion(owners: Ints, objects: Ints, blocks: Ints, chances: Floats, hits: Bools) -> Units:
    """Units by block: a hit if any trial is; of each object in it only the largest chance counts, and over the objects 1 - prod(1 - p).

    Args:
        owners: of each trial.
        objects: of each trial.
        blocks: of each trial.
        chances: of each trial.
        hits: whether it is close.
    """
    frame = pl.DataFrame({"owner": owners, "block": blocks, "object": objects, "p": chances, "hit": hits})
    most = frame.group_by("owner", "block", "object").agg(pl.col("p").max(), pl.col("hit").any()).sort("owner", "block", "object")
    return by_object(*(most[name].to_numpy() for name in ("owner", "block", "p", "hit")))


def _changes(first: Ints, second: Ints) -> Bools:
    new = np.ones(len(first), bool)
    new[1:] = (np.diff(first) != 0) | (np.diff(second) != 0)
    return new
