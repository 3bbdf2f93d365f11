"""When an account posts: hours, gaps, quiet runs and marks of the clock, one row an account.

Times count to the minute here, so that a file that tells seconds and one that does not give the same figures; only the share of the first
seconds of a minute needs more. What can be an effect of few posts alone is drawn towards the middle: an account with one post on most days
posts at no rhythm that could be told from another. Effects are told as shares and sizes, never as p-values: with thousands of posts every person
differs from evenness "significantly".

References:
    - Z. Chu, S. Gianvecchio, H. Wang, S. Jajodia, Detecting Automation of Twitter Accounts, IEEE TDSC 9(6), 2012 (entropy of gaps)
    - C. M. Zhang, V. Paxson, Detecting and Analyzing Automated Activity on Twitter, PAM 2011 (seconds and minutes of posting)
    - G. A. Miller, Note on the bias of information estimates, 1955 (entropy of few observations)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800
SESSION: Final = 720
"""Minutes: longer gaps are nights and days off, and say nothing of how one posts."""
BURST: Final = 3
"""Minutes: posts so close follow from one sitting."""
FEW: Final = 100
"""Gaps, or hours, that the middle counts for beside an account's own."""
FEW_PAIRS: Final = 1000
"""Pairs of posts on different days that chance counts for beside an account's own."""
FIRST_SECONDS: Final = 6
QUIET_WEEK: Final = 7
"""Posts in a week from which its longest gap is told."""

_BURST_MIDDLE, _EVEN_MIDDLE = 0.3, 0.6
_NIGHT_WEEK: Final = 14


@dataclass(frozen=True, slots=True)
class Timeline:
    """Posts in order of account and time.

    Attributes:
        account: position of the account of each post, 0 … `accounts` - 1, ascending.
        second: Unix seconds of each post, ascending within an account.
        accounts: how many there are, those without a post too.
    """

    account: Ints
    second: Ints
    accounts: int


def timeline(account: Ints, second: Ints, accounts: int) -> Timeline:
    """The same posts in order."""
    order = np.lexsort((second, account))
    return Timeline(account[order], second[order], accounts)


def rhythm(posts: Timeline, seconds_told: npt.NDArray[np.bool_] | None = None) -> pl.DataFrame:
    """Figures of each account's rhythm, one row an account, in the order of their positions.

    Args:
        posts: in order.
        seconds_told: for each post whether its time is told to the second; None when none is.

    Returns:
        - `posts`, `active_days` (UTC days with a post), `silent_days` (days without one between the first and the last)
        - `per_day`, `per_day_max`: posts on the median and on the fullest active day
        - `active_hours`: distinct hours with a post on the median active day
        - `quiet_hours`: longest gap that begins in a week, in hours, median over weeks with 7 posts or more; null without such a week
        - `night_hours`: longest run of hours of the day without a post in a week, median over weeks with 14 posts or more; null without
        - `gap_minutes`: median gap, of those under 12 hours; null without
        - `burst_share`: part of those gaps of at most 3 minutes
        - `bursts`: the same beyond what as many posts a day give when strewn at random, so that volume alone makes none; drawn to 0.3 as by 100 gaps more
        - `evenness`: distinct hours a day beyond the first, against as many posts strewn over the day at random; drawn to 0.6
        - `hour_entropy`, `minute_entropy`, `gap_entropy` (of round(log2(gap + 1)), gaps under 12 hours): nats, corrected for few observations
        - `minute_excess`: sqrt(60 x share of pairs of posts of different days that stand on the same minute of the hour - 1): 0 by chance, 7.7 always
        - `mark_share`: part of the posts on minutes 0, 5, 10 … (0.2 when even)
        - `same_gap`: part of the gaps under 12 hours and over 3 minutes that have the most frequent length; null under 20
        - `second_share`: part of the posts in seconds 0 to 5 of the minute (0.1 when even); null where seconds are not told
    """
    account, minute = posts.account, posts.second // MINUTE
    count = np.bincount(account, minlength=posts.accounts)
    hours = _shares(account, (minute // 60) % 24, 24, posts.accounts)
    minutes = _shares(account, minute % 60, 60, posts.accounts)
    figures = pl.DataFrame(
        {
            "account": np.arange(posts.accounts),
            "posts": count,
            "hour_entropy": _entropy(hours),
            "minute_entropy": _entropy(minutes),
            "mark_share": _ratio(minutes[:, ::5].sum(1), count),
            "second_share": _second_share(posts, seconds_told),
        }
    )
    for part in (_days(posts), _minute_excess(posts), _gaps(posts), _quiet(posts), _nights(posts)):
        figures = figures.join(part, on="account", how="left", maintain_order="left")
    gaps, strewn = pl.col("_gaps").fill_null(0), pl.min_horizontal(pl.col("_strewn"), pl.col("_gaps").fill_null(0))
    beyond = (pl.col("_close").fill_null(0) - strewn + FEW * _BURST_MIDDLE) / (gaps - strewn + FEW)
    return figures.with_columns(pl.col("second_share").fill_nan(None), bursts=beyond.clip(0)).drop("account", "_close", "_gaps", "_strewn")


def _ratio(part: npt.NDArray[np.generic], whole: npt.NDArray[np.generic]) -> Floats:
    """One by the other, 0 where there is nothing."""
    return np.asarray(part / np.maximum(whole, 1), np.float64)


def _shares(account: Ints, value: Ints, values: int, accounts: int) -> Ints:
    """How often each value occurs with each account: accounts x values."""
    return np.bincount(account * values + value, minlength=accounts * values).reshape(accounts, values)


def _entropy(counts: Ints) -> Floats:
    """Entropy of each row in nats, with Miller's correction, at most that of an even row."""
    total = counts.sum(1)
    share = counts / np.maximum(total, 1)[:, None]
    plain = -(share * np.log(np.where(share > 0, share, 1.0))).sum(1)
    more = np.maximum((counts > 0).sum(1) - 1, 0) / (2 * np.maximum(total, 1))
    return np.asarray(np.minimum(plain + more, np.log(counts.shape[1])), np.float64)


def _minute_excess(posts: Timeline) -> pl.DataFrame:
    """How much oftener than by chance two posts of different days stand on the same minute of the hour.

    Posts of one day are not compared: one sitting fills neighbouring minutes without any clock.
    """
    minute = posts.second // MINUTE
    cells = pl.DataFrame({"account": posts.account, "day": minute // 1440, "of_hour": minute % 60}).group_by("account", "day", "of_hour").len("posts").cast(pl.Int64)
    squares = pl.col("posts").pow(2).sum()
    within = cells.group_by("account").agg(squares.alias("same_here"))
    days = cells.group_by("account", "day").agg(pl.col("posts").sum()).group_by("account").agg(squares.alias("pairs_here"), pl.col("posts").sum().pow(2).alias("pairs"))
    hours = cells.group_by("account", "of_hour").agg(pl.col("posts").sum()).group_by("account").agg(squares.alias("same"))
    found = within.join(days, on="account").join(hours, on="account")
    share = (pl.col("same") - pl.col("same_here") + FEW_PAIRS / 60) / (pl.col("pairs") - pl.col("pairs_here") + FEW_PAIRS)
    return found.select("account", (60 * share - 1).clip(0).sqrt().alias("minute_excess")).sort("account")


def _second_share(posts: Timeline, told: npt.NDArray[np.bool_] | None) -> Floats:
    """Share of the first seconds of the minute, NaN where no second is told."""
    if told is None:
        return np.full(posts.accounts, np.nan)
    some = posts.account[told]
    early = np.bincount(some[posts.second[told] % MINUTE < FIRST_SECONDS], minlength=posts.accounts)
    count = np.bincount(some, minlength=posts.accounts)
    return np.where(count > 0, early / np.maximum(count, 1), np.nan)


def _days(posts: Timeline) -> pl.DataFrame:
    """Days, posts a day, hours a day, and how evenly the posts of a day are strewn."""
    hour = posts.second // HOUR
    hours = pl.DataFrame({"account": posts.account, "hour": hour}).group_by("account", "hour").len("posts")
    days = hours.group_by("account", pl.col("hour") // 24).agg(pl.len().alias("hours"), pl.col("posts").sum()).rename({"hour": "day"})
    by_chance = 24 * (1 - (23 / 24) ** pl.col("posts"))
    beyond = (pl.col("hours") - 1).sum()
    return (
        days.group_by("account")
        .agg(
            pl.len().cast(pl.Int64).alias("active_days"),
            (pl.col("day").max() - pl.col("day").min() + 1 - pl.len()).alias("silent_days"),
            pl.col("posts").median().alias("per_day"),
            pl.col("posts").max().cast(pl.Int64).alias("per_day_max"),
            pl.col("hours").median().alias("active_hours"),
            ((beyond + FEW * _EVEN_MIDDLE) / ((by_chance - 1).sum() + FEW)).alias("evenness"),
            ((pl.col("posts") - 1) * (1 - (-(BURST + 0.5) / 1440 * pl.col("posts")).exp())).sum().alias("_strewn"),
        )
        .sort("account")
    )


def _gaps(posts: Timeline) -> pl.DataFrame:
    """Gaps between one post and the next of the same account."""
    minute = posts.second // MINUTE
    same = posts.account[1:] == posts.account[:-1]
    gap = (minute[1:] - minute[:-1])[same]
    owner = posts.account[1:][same]
    short = gap < SESSION
    gap, owner = gap[short], owner[short]
    shape = _shares(owner, np.round(np.log2(gap + 1)).astype(np.int64), 11, posts.accounts)
    table = pl.DataFrame({"account": owner, "gap": gap})
    lengths = table.filter(pl.col("gap") > BURST).group_by("account", "gap").len("times")
    repeated = lengths.group_by("account").agg(pl.when(pl.col("times").sum() >= FEW).then(pl.col("times").max() / pl.col("times").sum()).alias("same_gap"))
    close = (pl.col("gap") <= BURST).sum()
    told = table.group_by("account").agg(pl.col("gap").median().alias("gap_minutes"), (close / pl.len()).alias("burst_share"), close.cast(pl.Int64).alias("_close"), pl.len().cast(pl.Int64).alias("_gaps"))
    every = pl.DataFrame({"account": np.arange(posts.accounts), "gap_entropy": _entropy(shape)})
    return every.join(told, on="account", how="left").join(repeated, on="account", how="left").sort("account")


def _quiet(posts: Timeline) -> pl.DataFrame:
    """Longest gap of a week, of the week in which it begins."""
    gap = np.zeros(len(posts.second))
    gap[:-1] = np.where(posts.account[1:] == posts.account[:-1], np.diff(posts.second), 0) / HOUR if len(gap) else 0
    table = pl.DataFrame({"account": posts.account, "week": _week(posts.second), "gap": gap})
    weeks = table.group_by("account", "week").agg(pl.col("gap").max(), pl.len().alias("posts")).filter(pl.col("posts") >= QUIET_WEEK)
    return weeks.group_by("account").agg(pl.col("gap").median().alias("quiet_hours")).sort("account")


def _nights(posts: Timeline) -> pl.DataFrame:
    """Longest run of hours of the day in which nothing was posted all week."""
    key = posts.account * 10_000 + _week(posts.second) % 10_000
    weeks, row, count = np.unique(key, return_inverse=True, return_counts=True)
    enough = count >= _NIGHT_WEEK
    kept = enough[row]
    place = np.cumsum(enough) - 1
    used = _shares(place[row[kept]], (posts.second[kept] // HOUR) % 24, 24, int(enough.sum())) > 0
    run = np.zeros(len(used), np.int64)
    longest = np.zeros(len(used), np.int64)
    for hour in range(48):
        run = np.where(used[:, hour % 24], 0, run + 1)
        longest = np.maximum(longest, run)
    table = pl.DataFrame({"account": weeks[enough] // 10_000, "run": np.minimum(longest, 24)})
    return table.group_by("account").agg(pl.col("run").median().alias("night_hours")).sort("account")


def _week(second: Ints) -> Ints:
    """Number of the week, which begins on Monday (the first of January 1970 was a Thursday)."""
    return (second // DAY + 3) // 7
