"""What a pair cannot show: many accounts at once on one object.

Ten accounts that share one link in the same second meet once, and no test of pairs can tell them from chance. So the object is tested: the most accounts within a window against the rate at which it
was shared around that moment, and, for words that are the same, against how many accounts say the same words at all. Breaking news and a button that fills in a headline do the same, so this names an object
to be looked at, never a group.

References:
    - J. Naus, Approximations for distributions of scan statistics, Journal of the American Statistical Association 77 (1982)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.social.coordination_windows import SECOND, Ints, Shares, around, numbered
from vigie.social.significance_tails import q_values

Floats = npt.NDArray[np.float64]

LEAST: Final = 3
"""Accounts within a window from which an object is tested."""
AROUND: Final = 60
"""How many windows around the moment, to each side, tell the rate of the object itself."""


@dataclass(frozen=True, slots=True)
class Bursts:
    """Objects that many accounts shared at once.

    Attributes:
        objects: one row for each tested object, sorted by p and name: `object`, `kind`, `accounts` (most within the window), `start` and `end` (microseconds), `shares` (of the object in all),
            `expected` (accounts within such a window, the larger of the object's own rate around and the rate of objects of its kind in that hour), `p` (Poisson, times the windows of the object that were looked at), `q`, `significant`, `borderline`,
            `explanations` (codes), `rows` (list: row of the first share of each account within the window), `members` (list of their names, in the same order).
        tests: objects that could have been.
        window: seconds.
    """

    objects: pl.DataFrame
    tests: int
    window: float


def bursts(table: pl.DataFrame, window: float = 10.0, *, alpha: float = 0.05, least: int = LEAST) -> Bursts:
    """Test the densest moment of every object.

    Args:
        table: rows of `SHARES`, each share once; shares whose time is told more coarsely than the window are left out.
        window: seconds, inclusive.
        alpha: false discovery rate over objects.
        least: accounts from which an object is tested.
    """
    fine, width = table.filter(pl.col("resolution") <= int(window * SECOND)), int(window * SECOND)
    shares = numbered(fine)
    kinds = shares.object_names.to_frame("object").join(fine.select("object", "kind").unique("object"), on="object", how="left", maintain_order="left")["kind"]
    once = _first_of_each(shares, width)
    keys = once.keys(AROUND * width)
    stop = np.searchsorted(keys, keys + width, "right") if len(once) else np.empty(0, np.int64)
    accounts = _distinct_accounts(once, keys, stop)
    best = _densest(once.objects, accounts)
    tested = best[accounts[best] >= least] if len(best) else best
    expected = _expected(once, keys, tested, width, kinds)
    windows = np.bincount(once.objects, minlength=len(shares.object_names))[once.objects[tested]]
    p = np.minimum(_poisson_tail(accounts[tested], expected) * windows, 1.0)
    tests = int((np.bincount(once.objects, minlength=len(shares.object_names)) >= least).sum())
    q = q_values(p, tests)
    frame = pl.DataFrame({
        "object": shares.object_names.gather(once.objects[tested]), "accounts": accounts[tested], "start": once.times[tested], "end": once.times[stop[tested] - 1] if len(tested) else tested,
        "shares": windows, "expected": expected, "p": p, "q": q, "significant": q <= alpha, "borderline": (q > alpha / 10) & (q <= alpha * 10),
    }, schema_overrides={"object": pl.String, "significant": pl.Boolean, "borderline": pl.Boolean})  # fmt: skip
    lists = [_members(once, int(place), int(stop[place])) for place in tested.tolist()]
    frame = frame.with_columns(
        kinds.gather(once.objects[tested]),
        pl.Series("rows", [rows for rows, _ in lists], dtype=pl.List(pl.Int64)), pl.Series("members", [names for _, names in lists], dtype=pl.List(pl.String)),
    ).with_columns(explanations=_explanations())  # fmt: skip
    return Bursts(frame.select(
        "object", "kind", "accounts", "start", "end", "shares", "expected", "p", "q", "significant", "borderline", "explanations", "rows", "members"
    ).sort("p", "object"), tests, window)  # fmt: skip


def _explanations() -> pl.Expr:
    """What else makes many accounts do the same at once, by kind of object."""
    prefilled = pl.lit(["news_or_event", "prefilled_share"])
    return (
        pl.when(pl.col("kind").is_in(["repost", "quote", "reply"])).then(pl.lit(["notification", "news_or_event"]))
        .when(pl.col("kind") == "tag").then(pl.lit(["news_or_event", "call_to_post"])).otherwise(prefilled)
    )  # fmt: skip


def _first_of_each(shares: Shares, width: int) -> Shares:
    """Shares without those that an account repeats on an object within the window."""
    whose = shares.objects * len(shares.account_names) + shares.accounts
    order = np.argsort(whose, kind="stable")
    again = np.zeros(len(order), bool)
    again[1:] = (np.diff(whose[order]) == 0) & (np.diff(shares.times[order]) <= width)
    kept = np.sort(order[~again])
    return Shares(
        shares.objects[kept], shares.accounts[kept], shares.posts[kept], shares.times[kept], shares.rows[kept], shares.object_names, shares.account_names, shares.post_names
    )


def _distinct_accounts(once: Shares, keys: Ints, stop: Ints) -> Ints:
    """Accounts in the window that each share opens; repeats within a window were taken out, so that shares are accounts but where one shares again just behind it."""
    return stop - np.arange(len(keys))


def _densest(objects: Ints, accounts: Ints) -> Ints:
    """Place of the fullest window of each object, the earliest of equals."""
    order = np.lexsort((np.arange(len(objects)), -accounts, objects))
    return order[np.flatnonzero(np.diff(objects[order], prepend=-1))] if len(objects) else order


def _expected(once: Shares, keys: Ints, tested: Ints, width: int, kinds: pl.Series) -> Floats:
    """Shares that a window would hold: by the object's own rate around the moment without the moment itself, and by that of all objects of the kind in the hour."""
    if not len(tested):
        return np.empty(0)
    low, high = around(keys, AROUND * width)
    inside = np.searchsorted(keys, keys + width, "right") - np.searchsorted(keys, keys - width, "left")
    beside = np.maximum(high - low - inside, 0)[tested]
    own = (beside + 1.0) / (2 * AROUND - 2)
    hour = once.times // 3_600_000_000
    new = (np.diff(once.objects, prepend=-1) != 0) | (np.diff(hour, prepend=-1) != 0)
    of = np.cumsum(new) - 1
    own_hour = np.bincount(of)[of[tested]]
    frame = pl.DataFrame({"kind": kinds.rank("dense").gather(once.objects), "hour": hour, "new": new})
    hourly = frame.group_by("kind", "hour").agg(shares=pl.len(), objects=pl.col("new").sum())
    joined = frame[tested].join(hourly, on=["kind", "hour"], how="left", maintain_order="left")
    others = np.maximum(joined["objects"].to_numpy().astype(np.int64) - 1, 1)
    usual = (joined["shares"].to_numpy().astype(np.int64) - own_hour) / others * (width / 3_600_000_000)
    return np.asarray(np.maximum(own, usual), np.float64)


def _poisson_tail(counts: Ints, means: Floats) -> Floats:
    """P(Poisson >= count - 1): the first share of a window opens it and is no evidence."""
    out = np.ones(len(counts))
    for index, (count, mean) in enumerate(zip(counts.tolist(), means.tolist(), strict=True)):
        steps = np.arange(count - 1, count + 200)
        logs = steps * np.log(mean) - mean - np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 200)))])[steps]
        out[index] = min(float(np.exp(logs).sum()), 1.0) if count > 1 else 1.0
    return out


def _members(once: Shares, begin: int, stop: int) -> tuple[list[int], list[str]]:
    """Rows and names of a window, each account once."""
    seen: dict[int, int] = {}
    for account, row in zip(once.accounts[begin:stop].tolist(), once.rows[begin:stop].tolist(), strict=True):
        seen.setdefault(account, row)
    return list(seen.values()), once.account_names.gather(list(seen)).to_list()
