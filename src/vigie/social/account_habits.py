"""What an account does with its posts: passes on, links, speaks in its own words, repeats itself; with which programs, and in whose hands by turns.

References:
    - H. Cramér, Mathematical Methods of Statistics, 1946, chapter 21; W. Bergsma, A bias-correction for Cramér's V, 2013
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.records.post import POSTED, QUOTED, REPLIED, REPOSTED

OWN: Final = (POSTED, REPLIED, QUOTED)
"""Kinds of post that hold words of one's own."""
SPOKEN: Final = 3
"""Posts of own words without a link, one after the other, from which they are a burst of speech."""
CARRIED: Final = 10
"""Links and reposts, one after the other, that lie before and after such a burst."""
LETTERS: Final = 30
"""Letters below which an equal text says nothing."""
TURNS, TURN = 3, 8
"""Blocks of a day, and their hours."""
WEEK_POSTS: Final = 30
"""Posts of a week from which its blocks are looked at."""
LEAST_OF_TURN: Final = 1 / 6
"""Part of a week's posts that each block has at least when a week goes round the clock."""
LINKED: Final = 20
"""Posts with a link whose article's time is known, from which the lag is told."""
LATEST: Final = 86_400
"""Seconds after an article: later posts do not follow from its appearance."""

SCHEDULERS: Final = (
    "buffer", "dlvr.it", "hootsuite", "ifttt", "later", "publer", "recurpost", "roundteam", "sendible", "social jukebox", "socialbee", "socialoomph", "sprout social",
    "tweetdeck", "twitterfeed", "twittbot.net", "wordpress", "zapier", "zoho social",
)  # fmt: skip
"""Names of programs that post from a plan or a feed, as platforms tell them; lower case, also as the beginning of a longer name. TweetDeck can do both."""


def habits(posts: pl.DataFrame, accounts: int) -> pl.DataFrame:
    """Figures of what each account does, one row an account, in the order of their positions.

    Args:
        posts: `account` (position), `second`, `hour`, `day`, `week` (int64), `kind`, `linked` (whether it holds a link outside; null where that is not told),
            `client`, `text_hash` (uint64) and `letters`, in order of account and time.
        accounts: how many there are.

    Returns:
        - `own`, `reposts`, `replies`: counts; `links` counts own posts with a link outside, `links_passed_on` reposts with one; null where links are not told
        - `articles_per_day`: both of them on the mean active day; `link_share`: part of the own posts with a link
        - `repeated_share`: part of the own posts with 30 letters or more whose text the account had posted before; `shared_text_share`: whose text
          another account posted too; null without such posts
        - `client`, `client_share`: the most frequent program and its part of the posts that name one; `scheduler_share`: part of them from `SCHEDULERS`
        - `speech_bursts`: how often 3 or more own posts without a link stand between runs of 10 or more links and reposts; `speech_posts` in them
        - `round_the_clock`: part of the weeks with 30 posts or more in which each of three blocks of eight hours has a sixth of the posts or more
        - `turn_start`, `turn_contrast`: the hour (UTC, 0 to 7) at which the blocks differ most in kind of post or program, and how much
          (Cramér's V less what chance gives: 0 alike, 1 wholly apart)
    """
    every = pl.DataFrame({"account": np.arange(accounts)})
    for part in (_kinds(posts), _texts(posts), _clients(posts), _speech(posts), _turns(posts, accounts)):
        every = every.join(part, on="account", how="left", maintain_order="left")
    return every.drop("account").with_columns(pl.col("speech_bursts", "speech_posts").fill_null(0))


def _kinds(posts: pl.DataFrame) -> pl.DataFrame:
    """Counts of kinds and links."""
    own, linked = pl.col("kind").is_in(OWN), pl.col("linked")
    told = linked.is_not_null().any()
    counts = posts.group_by("account").agg(
        own.sum().cast(pl.Int64).alias("own"),
        (pl.col("kind") == REPOSTED).sum().cast(pl.Int64).alias("reposts"),
        (pl.col("kind") == REPLIED).sum().cast(pl.Int64).alias("replies"),
        pl.when(told).then((own & linked).sum()).cast(pl.Int64).alias("links"),
        pl.when(told).then(((pl.col("kind") == REPOSTED) & linked).sum()).cast(pl.Int64).alias("links_passed_on"),
        pl.col("day").n_unique().alias("days"),
    )
    return counts.select(
        pl.exclude("days"),
        ((pl.col("links") + pl.col("links_passed_on")) / pl.col("days")).alias("articles_per_day"),
        pl.when(pl.col("own") > 0).then(pl.col("links") / pl.col("own")).alias("link_share"),
    )


def _texts(posts: pl.DataFrame) -> pl.DataFrame:
    """Own texts that come again."""
    long = posts.filter(pl.col("kind").is_in(OWN) & pl.col("text_hash").is_not_null() & (pl.col("letters") >= LETTERS)).select("account", "text_hash")
    owners = long.group_by("text_hash", "account").len("times")
    others = owners.group_by("text_hash").len("accounts")
    whole = owners.join(others, on="text_hash")
    times = pl.col("times").sum()
    return whole.group_by("account").agg(
        ((times - pl.len()) / times).alias("repeated_share"),
        (pl.col("times").filter(pl.col("accounts") > 1).sum() / times).alias("shared_text_share"),
    )


def _clients(posts: pl.DataFrame) -> pl.DataFrame:
    """Programs that post."""
    used = posts.filter(pl.col("client").is_not_null()).group_by("account", "client").len("times").sort("account", "times", "client", descending=[False, True, False])
    lower = pl.col("client").str.to_lowercase()
    planned = pl.any_horizontal(lower.str.starts_with(name) for name in SCHEDULERS)
    times = pl.col("times").sum()
    return used.group_by("account", maintain_order=True).agg(
        pl.col("client").first(),
        (pl.col("times").first() / times).alias("client_share"),
        (pl.col("times").filter(planned).sum() / times).alias("scheduler_share"),
    )


def speech(posts: pl.DataFrame) -> pl.DataFrame:
    """Bursts of own speech between long runs of links and reposts.

    Args:
        posts: as for `habits`, and `row`.

    Returns:
        `account`, `begin`, `end` (positions in `posts`, end excluded), `posts`, ordered by position.
    """
    if not posts.height:
        return pl.DataFrame(schema={"account": pl.Int64, "begin": pl.Int64, "end": pl.Int64, "posts": pl.Int64})
    account = posts["account"].to_numpy()
    spoken = posts.select((pl.col("kind").is_in(OWN) & ~pl.col("linked")).fill_null(value=False)).to_series().to_numpy()
    told = posts["linked"].is_not_null().to_numpy()
    state = np.where(spoken, 1, np.where(told | posts["kind"].eq(REPOSTED).to_numpy(), 0, 2))
    begin = np.flatnonzero(np.concatenate([[True], (account[1:] != account[:-1]) | (state[1:] != state[:-1])]))
    end = np.append(begin[1:], len(account))
    length, owner, what = end - begin, account[begin], state[begin]
    carried = (what == 0) & (length >= CARRIED)
    before = np.concatenate([[False], carried[:-1] & (owner[:-1] == owner[1:])])
    after = np.concatenate([carried[1:] & (owner[:-1] == owner[1:]), [False]])
    found = (what == 1) & (length >= SPOKEN) & before & after
    return pl.DataFrame({"account": owner[found], "begin": begin[found], "end": end[found], "posts": length[found]})


def _speech(posts: pl.DataFrame) -> pl.DataFrame:
    """How often, and how many posts."""
    return speech(posts).group_by("account").agg(pl.len().cast(pl.Int64).alias("speech_bursts"), pl.col("posts").sum().alias("speech_posts"))


def _turns(posts: pl.DataFrame, accounts: int) -> pl.DataFrame:
    """Three blocks of eight hours: whether all are worked in, and whether they differ."""
    account, hour = posts["account"].to_numpy(), posts["hour"].to_numpy()
    kind = np.where(posts["kind"].is_in(OWN).to_numpy(), np.where(posts["linked"].fill_null(value=False).to_numpy(), 1, 0), 2)
    contrast = np.zeros((accounts, TURN))
    ways = [(account, hour, kind, 3)]
    named = posts["client"].is_not_null().to_numpy()
    if named.any():
        ways.append((account[named], hour[named], _frequent(posts.filter(pl.col("client").is_not_null())), 4))
    for owner, at, what, values in ways:
        cells = np.bincount((owner * 24 + at) * values + what, minlength=accounts * 24 * values).reshape(accounts, 24, values)
        contrast = np.maximum(contrast, np.stack([_cramer(_blocks(cells, start)) for start in range(TURN)], 1))
    start = contrast.argmax(1)
    busy = posts.group_by("account", "week").len("posts").filter(pl.col("posts") >= WEEK_POSTS).with_row_index("place")
    inside = posts.select("account", "week", "hour").join(busy, on=["account", "week"], maintain_order="left").select("place", "hour", "account").to_numpy().astype(np.int64)
    turn = ((inside[:, 1] - start[inside[:, 2]]) % 24) // TURN
    weeks = np.bincount(inside[:, 0] * TURNS + turn, minlength=busy.height * TURNS).reshape(-1, TURNS)
    full = weeks.min(1) >= LEAST_OF_TURN * weeks.sum(1) if busy.height else np.zeros(0, np.bool_)
    clock = busy.with_columns(full=pl.Series(full, dtype=pl.Boolean)).group_by("account").agg(pl.col("full").mean().alias("round_the_clock"))
    told = pl.DataFrame({"account": np.arange(accounts), "turn_start": start, "turn_contrast": contrast.max(1)})
    return told.join(clock, on="account", how="left").sort("account")


def _frequent(posts: pl.DataFrame) -> npt.NDArray[np.int64]:
    """For each post 0, 1 or 2 for the first three programs of its account, 3 for any other."""
    used = posts.group_by("account", "client").len("times").sort("account", "times", "client", descending=[False, True, False])
    ranked = used.with_columns(rank=pl.int_range(pl.len()).over("account").clip(0, 3))
    return posts.select("account", "client").join(ranked, on=["account", "client"], maintain_order="left")["rank"].to_numpy().astype(np.int64)


def _blocks(cells: npt.NDArray[np.int64], start: int) -> npt.NDArray[np.int64]:
    """Accounts x blocks x values, the first block beginning at an hour."""
    turned = np.roll(cells, -start, axis=1)
    return np.asarray(turned.reshape(len(cells), TURNS, TURN, cells.shape[2]).sum(2))


def _cramer(table: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Cramér's V of each table of blocks and values, corrected for chance."""
    total = table.sum((1, 2)).astype(np.float64)
    expected = table.sum(2)[:, :, None] * table.sum(1)[:, None, :] / np.maximum(total, 1)[:, None, None]
    square = ((table - expected) ** 2 / np.maximum(expected, 1e-9)).sum((1, 2)) / np.maximum(total, 1)
    rows, values = (table.sum(2) > 0).sum(1), (table.sum(1) > 0).sum(1)
    free = (rows - 1) * (values - 1) / np.maximum(total - 1, 1)
    least = np.minimum(rows, values) - 1
    return np.asarray(np.where(least > 0, np.sqrt(np.maximum(square - free, 0) / np.maximum(least, 1)), 0.0))


def lags(posts: pl.DataFrame, articles: pl.DataFrame, accounts: int) -> pl.DataFrame:
    """How soon posts follow the articles that they link to.

    Args:
        posts: `account`, `second` and `link`, a row a link.
        articles: `link` and `second` of its publication.
        accounts: how many there are.

    Returns:
        One row an account: `lagged` (posts within a day of an article whose time is known), `lag_seconds` and `lag_spread` (median, and range of the middle half;
        null under 20).
    """
    every = pl.DataFrame({"account": np.arange(accounts)})
    first = articles.group_by("link").agg(pl.col("second").min().alias("published"))
    lag = pl.col("second") - pl.col("published")
    pairs = posts.join(first, on="link").select("account", lag.alias("lag")).filter(pl.col("lag").is_between(0, LATEST))
    enough = pl.len() >= LINKED
    told = pairs.group_by("account").agg(
        pl.len().cast(pl.Int64).alias("lagged"),
        pl.when(enough).then(pl.col("lag").median()).alias("lag_seconds"),
        pl.when(enough).then(pl.col("lag").quantile(0.75) - pl.col("lag").quantile(0.25)).alias("lag_spread"),
    )
    return every.join(told, on="account", how="left", maintain_order="left").drop("account").with_columns(pl.col("lagged").fill_null(0))
