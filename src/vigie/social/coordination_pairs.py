"""Coincidences: two accounts that share one object within a window, each down to its two posts.

How many there are is always counted, exactly and without listing them. Listing is what grows with the square, so an object with more than a stated number of them is capped: its pairs
are listed only between accounts that already meet on another object, and a sample shows the rest. Nothing is cut silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.social.coordination_windows import (
    SECOND,
    Bools,
    Ints,
    Shares,
    distinct,
    numbered,
    others_within,
    pairs_within,
)
from vigie.social.shares import share_table
from vigie.social.significance_base import mixed

PER_OBJECT: Final = 200_000
PER_RUN: Final = 5_000_000
"""Coincidences of one object, and of a run, that are listed."""
SHOWN: Final = 100
"""Coincidences that show a capped object."""
_TRIED: Final = 20_000_000
"""Pairs of known accounts that are looked through on capped objects."""

COINCIDENCES: Final = pl.Schema({
    "object": pl.String, "account_a": pl.String, "account_b": pl.String, "post_a": pl.String, "post_b": pl.String, "row_a": pl.Int64, "row_b": pl.Int64, "t": pl.Int64, "lag": pl.Int64,
})  # fmt: skip
"""Columns of coincidences: a is the earlier one (of equal times the smaller name), `t` its time, `lag` microseconds until b."""


@dataclass(frozen=True, slots=True)
class Coincidences:
    """What was found within a window.

    Attributes:
        window: seconds, inclusive.
        pairs: rows of `COINCIDENCES` and `sample` (true where it only shows a capped object), sorted by object, time and names.
        objects: one row for each object: `object`, `shares`, `accounts`, `pairs` (exact), `listed`, `capped`.
        total: exact number of coincidences of the run.
        listed: how many of them are in `pairs`.
        complete: whether pairs of known accounts on capped objects could all be looked through.
    """

    window: float
    pairs: pl.DataFrame
    objects: pl.DataFrame
    total: int
    listed: int
    complete: bool


def coincidences(table: pl.DataFrame, window: float, *, per_object: int = PER_OBJECT, per_run: int = PER_RUN) -> Coincidences:
    """All pairs of shares of one object by two accounts within the window.

    Args:
        table: rows of `SHARES`, each share once.
        window: seconds, inclusive.
        per_object: coincidences of one object that are listed; beyond, it is capped.
        per_run: of all; beyond, the largest objects are capped.
    """
    shares, width = numbered(table), int(window * SECOND)
    objects = _counted(shares, width, per_object, per_run)
    capped = objects["capped"].to_numpy()
    free = ~capped[shares.objects] if len(shares) else np.empty(0, bool)
    left, right = _listed(shares, free, width)
    known = distinct(_pair(shares, left, right))
    more_left, more_right, complete = _known_ones(shares, ~free, width, known)
    shown_left, shown_right = _sample(shares, ~free, width)
    given = np.unique(np.stack([more_left, more_right]), axis=1) if len(more_left) else np.empty((2, 0), np.int64)
    frames = [_named(shares, np.concatenate([left, given[0]]), np.concatenate([right, given[1]]), shown=False), _named(shares, shown_left, shown_right, shown=True)]
    pairs = pl.concat(frames).unique([*COINCIDENCES], keep="first", maintain_order=True).sort(*_ORDER)
    counts = pairs.group_by("object").agg(listed=pl.len().cast(pl.Int64))
    objects = objects.join(counts, on="object", how="left").with_columns(pl.col("listed").fill_null(0)).select("object", "shares", "accounts", "pairs", "listed", "capped")
    return Coincidences(window, pairs, objects, int(objects["pairs"].sum()), pairs.height, complete)


_ORDER: Final = ("object", "t", "lag", "account_a", "account_b", "post_a", "post_b", "row_a", "row_b")


def pairs_of_object(key: tuple[Any, ...], rows: pa.Table, window: float = 60.0) -> pa.Table:
    """Group kernel: coincidences of one object, pure and picklable.

    Args:
        key: the object.
        rows: its shares: `account`, `post`, `t`, `row`.
        window: seconds, inclusive; set it with `functools.partial`.

    Returns:
        columns of `COINCIDENCES` and `sample`.
    """
    frame = pl.DataFrame(pl.from_arrow(rows)).with_columns(object=pl.lit(str(key[0])))
    return coincidences(share_table(frame), window).pairs.to_arrow()


def _counted(shares: Shares, width: int, per_object: int, per_run: int) -> pl.DataFrame:
    """Every object with its exact number of coincidences, and whether it is capped."""
    count = len(shares.object_names)
    size = max(len(shares.account_names), 1)
    accounts = np.bincount(distinct(shares.objects * size + shares.accounts) // size, minlength=count)
    pairs = np.bincount(shares.objects, others_within(shares, width) if len(shares) else None, count).astype(np.int64) // 2
    capped = pairs > per_object
    order = np.lexsort((np.arange(count), -pairs))
    left = np.where(capped[order], 0, pairs[order])
    over = int(left.sum()) - per_run
    if over > 0:
        capped[order[: int(np.searchsorted(np.cumsum(left), over, "left")) + 1]] = True
    return pl.DataFrame({
        "object": shares.object_names, "shares": np.bincount(shares.objects, minlength=count), "accounts": accounts, "pairs": pairs, "capped": capped,
    }, schema={"object": pl.String, "shares": pl.Int64, "accounts": pl.Int64, "pairs": pl.Int64, "capped": pl.Boolean})  # fmt: skip


def _listed(shares: Shares, chosen: Bools, width: int) -> tuple[Ints, Ints]:
    """Places of all pairs of the chosen shares."""
    some = np.flatnonzero(chosen)
    keys = shares.keys(width)[some] if len(some) else np.empty(0, np.int64)
    parts = [(some[i], some[j]) for i, j in pairs_within(keys, width)]
    parts = [(i[apart], j[apart]) for i, j in parts if (apart := _apart(shares, i, j)).any()]
    empty = [np.empty(0, np.int64)]
    return np.concatenate(empty + [i for i, _ in parts]), np.concatenate(empty + [j for _, j in parts])


def _apart(shares: Shares, left: Ints, right: Ints) -> Bools:
    apart: Bools = (shares.accounts[left] != shares.accounts[right]) & (shares.posts[left] != shares.posts[right])
    return apart


def _pair(shares: Shares, left: Ints, right: Ints) -> Ints:
    a, b = shares.accounts[left], shares.accounts[right]
    return np.minimum(a, b) * len(shares.account_names) + np.maximum(a, b)


def _known_ones(shares: Shares, chosen: Bools, width: int, known: Ints) -> tuple[Ints, Ints, bool]:
    """Pairs on capped objects between accounts that meet elsewhere, and whether all could be looked through."""
    size = len(shares.account_names)
    met = np.zeros(size, bool)
    met[known // max(size, 1)] = True
    met[known % max(size, 1)] = True
    some = np.flatnonzero(chosen & met[shares.accounts]) if len(shares) else np.empty(0, np.int64)
    keys = shares.keys(width)[some] if len(some) else np.empty(0, np.int64)
    found, tried, total = [], 0, int((np.searchsorted(keys, keys + width, "right") - np.arange(len(keys)) - 1).sum())
    for i, j in pairs_within(keys, width):
        if tried >= _TRIED:
            break
        tried += len(i)
        left, right = some[i], some[j]
        kept = _apart(shares, left, right) & np.isin(_pair(shares, left, right), known)
        found.append((left[kept], right[kept]))
    empty = [np.empty(0, np.int64)]
    return np.concatenate(empty + [i for i, _ in found]), np.concatenate(empty + [j for _, j in found]), tried >= total


def _sample(shares: Shares, chosen: Bools, width: int) -> tuple[Ints, Ints]:
    """Some coincidences of each capped object: neighbours in time, drawn by a hash and not by their order."""
    places = np.flatnonzero(chosen)
    near = places[:-1][np.diff(places) == 1] if len(places) else places
    after = near + 1
    fits = (shares.objects[near] == shares.objects[after]) & (shares.times[after] - shares.times[near] <= width) & _apart(shares, near, after)
    near = near[fits]
    drawn = mixed(shares.posts[near].astype(np.uint64))
    order = np.lexsort((near, drawn, shares.objects[near]))
    things = shares.objects[near][order]
    first = np.flatnonzero(np.diff(things, prepend=-1))
    turn = np.arange(len(things)) - np.repeat(first, np.diff(np.append(first, len(things))))
    near = near[order[turn < SHOWN]]
    return near, near + 1


def _named(shares: Shares, left: Ints, right: Ints, *, shown: bool) -> pl.DataFrame:
    """Rows of `COINCIDENCES` of pairs of places; the sort by time and account has put the earlier first."""
    return pl.DataFrame({
        "object": shares.object_names.gather(shares.objects[left]), "account_a": shares.account_names.gather(shares.accounts[left]),
        "account_b": shares.account_names.gather(shares.accounts[right]), "post_a": shares.post_names.gather(left),
        "post_b": shares.post_names.gather(right), "row_a": shares.rows[left], "row_b": shares.rows[right], "t": shares.times[left],
        "lag": shares.times[right] - shares.times[left],
    }, schema=COINCIDENCES).with_columns(sample=pl.lit(shown))  # fmt: skip
