"""Who is first: for each pair the share of its independent coincidences, with an exact test, ties apart, blocked by day.

Being first leads nobody: one account may only hear of things sooner. So it is said who was first and how often, never who follows whom.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from vigie.social.significance_tails import binomial_two_sided, q_values

DAY = 86_400_000_000


def independent(pairs: pl.DataFrame) -> pl.DataFrame:
    """Coincidences between the same two posts once, each post in at most one of a pair of accounts: the closest first.

    Args:
        pairs: rows of `COINCIDENCES`.

    Returns:
        `first` and `second` (the two accounts by name), `t`, `lag` (of the second behind the first, negative where it was sooner), `objects` (that the two posts have in common).
    """
    ordered = pl.col("account_a") < pl.col("account_b")
    both = pairs.select(
        first=pl.when(ordered).then("account_a").otherwise("account_b"), second=pl.when(ordered).then("account_b").otherwise("account_a"),
        one=pl.when(ordered).then("post_a").otherwise("post_b"), other=pl.when(ordered).then("post_b").otherwise("post_a"),
        t="t", lag=pl.when(ordered).then("lag").otherwise(-pl.col("lag")),
    )  # fmt: skip
    posts = both.group_by("first", "second", "one", "other").agg(pl.col("t").min(), pl.col("lag").min(), objects=pl.len().cast(pl.Int64))
    ranked = posts.with_columns(size=pl.col("lag").abs()).sort("first", "second", "size", "t", "one", "other")
    return _once(ranked).select("first", "second", "t", "lag", "objects", "one", "other").sort("first", "second", "t", "one", "other")


def _once(ranked: pl.DataFrame) -> pl.DataFrame:
    """Each post of a pair of accounts once, the closest pairs of posts first."""
    alone = ranked.filter((pl.len().over("first", "second", "one") == 1) & (pl.len().over("first", "second", "other") == 1))
    rest = ranked.join(alone.select("first", "second", "one", "other"), on=["first", "second", "one", "other"], how="anti", maintain_order="left")
    used: set[tuple[str, str, str]] = set()
    kept = []
    for first, second, one, other in rest.select("first", "second", "one", "other").iter_rows():
        fresh = (first, second, "1" + one) not in used and (first, second, "2" + other) not in used
        kept.append(fresh)
        if fresh:
            used |= {(first, second, "1" + one), (first, second, "2" + other)}
    return pl.concat([alone, rest.filter(pl.Series(kept, dtype=pl.Boolean))])


def direction(pairs: pl.DataFrame) -> pl.DataFrame:
    """For each pair how often which account was first.

    Args:
        pairs: rows of `COINCIDENCES`.

    Returns:
        `account_a`, `account_b` (by name), `coincidences` (independent ones), `ties`, `a_first`, `b_first`, `share_a_first` (of those without ties, null without any), `median_lag`
        (microseconds of b behind a), `days`, `days_a_first`, `days_b_first` (days on which one was first more often), `p` (the larger of the exact two-sided ones by coincidence and by day), `q`; by name.
    """
    met = independent(pairs).with_columns(day=pl.col("t") // DAY, a=pl.col("lag") > 0, b=pl.col("lag") < 0)
    days = met.group_by("first", "second", "day").agg(pl.col("a").sum().cast(pl.Int64), pl.col("b").sum().cast(pl.Int64))
    by_day = days.group_by("first", "second").agg(
        days=pl.len().cast(pl.Int64), days_a_first=(pl.col("a") > pl.col("b")).sum().cast(pl.Int64), days_b_first=(pl.col("a") < pl.col("b")).sum().cast(pl.Int64)
    )
    whole = met.group_by("first", "second").agg(
        coincidences=pl.len().cast(pl.Int64), ties=(pl.col("lag") == 0).sum().cast(pl.Int64), a_first=pl.col("a").sum().cast(pl.Int64),
        b_first=pl.col("b").sum().cast(pl.Int64), median_lag=pl.col("lag").median(),
    ).join(by_day, on=["first", "second"]).sort("first", "second")  # fmt: skip
    tests = [
        binomial_two_sided(whole[a].to_numpy(), whole[a].to_numpy() + whole[b].to_numpy()) for a, b in (("a_first", "b_first"), ("days_a_first", "days_b_first"))
    ]
    p = np.maximum(*tests)
    told = pl.col("a_first") + pl.col("b_first")
    return whole.with_columns(
        share_a_first=pl.when(told > 0).then(pl.col("a_first") / told), p=pl.Series(p, dtype=pl.Float64), q=pl.Series(q_values(p, len(p)), dtype=pl.Float64)
    ).select(
        pl.col("first").alias("account_a"), pl.col("second").alias("account_b"), "coincidences", "ties", "a_first", "b_first", "share_a_first", "median_lag",
        "days", "days_a_first", "days_b_first", "p", "q",
    )  # fmt: skip
