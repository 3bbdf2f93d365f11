"""Shares in order of object and time, and what lies within a window of each, by binary search.

One monotone key stands for object and time: times of an object follow each other, a gap longer than the widest window is cut to just more than it, and so is the way to
the next object. So every distance up to that window is kept, the key cannot overflow, and one `searchsorted` answers for all objects at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SECOND: Final = 1_000_000
_SALT: Final = 1
MOST_AT_ONCE: Final = 2_000_000
"""Pairs that are laid out at once."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A share table as numbers, sorted by object, time, account and post.

    Attributes:
        objects, accounts: numbers of the sorted distinct names.
        posts: hashes of their names.
        times: microseconds.
        rows: rows of the posts.
        object_names, account_names: the distinct names.
        post_names: the post of each share.
    """

    objects: Ints
    accounts: Ints
    posts: Ints
    times: Ints
    rows: Ints
    object_names: pl.Series
    account_names: pl.Series
    post_names: pl.Series

    def __len__(self) -> int:
        return len(self.objects)

    def keys(self, widest: int) -> Ints:
        """The monotone key of each share.

        Args:
            widest: microseconds up to which distances are kept.
        """
        return keys_of(self.objects, self.times, widest)


def numbered(table: pl.DataFrame) -> Shares:
    """Names as numbers, whatever the order of the rows.

    Args:
        table: rows of `SHARES`.
    """
    (objects, o), (accounts, a) = (_numbers(table[name]) for name in ("object", "account"))
    posts = table["post"].hash(_SALT).to_numpy().view(np.int64)
    times, rows = (table[name].to_numpy().astype(np.int64) for name in ("t", "row"))
    order = _in_order(objects, times, accounts, posts, rows)
    return Shares(objects[order], accounts[order], posts[order], times[order], rows[order], o, a, table["post"].gather(order))


def _in_order(objects: Ints, times: Ints, accounts: Ints, posts: Ints, rows: Ints) -> Ints:
    """Order by object and time, equal ones by account, post and row: one sort where both fit a number, and the ties by themselves."""
    if not len(objects):
        return np.empty(0, np.int64)
    since = times - times.min()
    span = int(since.max()) + 1
    if int(objects.max() + 1) * span >= 1 << 63:
        return np.lexsort((rows, posts, accounts, times, objects))
    key = objects * span + since
    order = np.argsort(key)
    placed = key[order]
    same = np.zeros(len(order) + 1, bool)
    same[1:-1] = np.diff(placed) == 0
    tied = np.flatnonzero(same[1:] | same[:-1])
    some = order[tied]
    order[tied] = some[np.lexsort((rows[some], posts[some], accounts[some], placed[tied]))]
    return order


def distinct(values: Ints) -> Ints:
    """Distinct values, sorted."""
    ordered = np.sort(values)
    new = np.ones(len(ordered), bool)
    new[1:] = np.diff(ordered) != 0
    return ordered[new]


def _numbers(names: pl.Series) -> tuple[Ints, pl.Series]:
    """The place of each name among the distinct ones, and these; a column that is sorted, as objects of a share table are, tells both at once."""
    if names.is_sorted():
        numbers = names.rle_id().to_numpy().astype(np.int64)
        return numbers, names.gather(np.flatnonzero(np.diff(numbers, prepend=-1)))
    distinct = names.unique().sort()
    return names.cast(pl.Enum(distinct)).to_physical().to_numpy().astype(np.int64), distinct


def keys_of(groups: Ints, times: Ints, widest: int) -> Ints:
    """Monotone keys of times within groups, both sorted."""
    if not len(times):
        return np.empty(0, np.int64)
    step = np.minimum(np.diff(times), widest + 1)
    step[np.diff(groups) != 0] = widest + 1
    return np.concatenate([[0], np.cumsum(step)])


def around(keys: Ints, window: int) -> tuple[Ints, Ints]:
    """For each share the first and the one past the last place within the window, both ways, itself included."""
    return np.searchsorted(keys, keys - window, "left"), np.searchsorted(keys, keys + window, "right")


def others_within(shares: Shares, window: int) -> Ints:
    """For each share how many shares of the same object by other accounts lie within the window, both ways."""
    low, high = around(shares.keys(window), window)
    group = shares.objects * (int(shares.accounts.max(initial=0)) + 1) + shares.accounts
    order = np.argsort(group, kind="stable")
    group = group[order]
    own_low, own_high = around(keys_of(group, shares.times[order], window), window)
    own = np.empty(len(order), np.int64)
    own[order] = own_high - own_low
    return high - low - own


def pairs_within(keys: Ints, window: int, most: int = MOST_AT_ONCE) -> Iterator[tuple[Ints, Ints]]:
    """Places of all pairs within the window, the earlier first, in batches of about `most`."""
    counts = np.searchsorted(keys, keys + window, "right") - np.arange(len(keys)) - 1
    yield from spans(np.arange(len(keys)) + 1, counts, most)


def spans(starts: Ints, counts: Ints, most: int = MOST_AT_ONCE) -> Iterator[tuple[Ints, Ints]]:
    """Each index repeated as often as its count, beside the running places from its start; in batches of about `most` pairs, an index never cut."""
    ends = np.cumsum(counts)
    begin = 0
    while begin < len(counts):
        before = int(ends[begin - 1]) if begin else 0
        stop = max(begin + 1, int(np.searchsorted(ends, before + most, "right")))
        here = counts[begin:stop]
        total = int(ends[stop - 1]) - before
        if total:
            left = np.repeat(np.arange(begin, stop), here)
            first = np.repeat(starts[begin:stop] - (ends[begin:stop] - here - before), here)
            yield left, first + np.arange(total)
        begin = stop
