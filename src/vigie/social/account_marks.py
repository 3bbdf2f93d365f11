"""Single signs beside the likelihood ratio: each speaks for one explanation or for both, each is one sentence, none is added to the score.

The thresholds are effect sizes, chosen far from what evenness gives. Beside them stands the physical bound: a rate that one person does not hold by
hand, whatever the rhythm looks like otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from vigie.social.account_habits import OWN

FOR_ASSISTED, FOR_STAFF, FOR_BOTH = "assisted", "staff", "both"


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign.

    Attributes:
        name: of the sign.
        speaks_for: explanation that it fits better; "both" where it only says that it is not one person by hand, or nothing but volume.
        value: column that it looks at.
        least, most: bounds of the value where the sign is there; None where there is no bound.
        also: a second column that must lie within bounds too, its least and its most.
    """

    name: str
    speaks_for: str
    value: str
    least: float | None = None
    most: float | None = None
    also: tuple[str, float | None, float | None] | None = None


MARKS: Final = (
    Mark("planned_client", FOR_ASSISTED, "scheduler_share", least=0.5),
    Mark("first_seconds", FOR_ASSISTED, "second_share", least=0.3),
    Mark("round_minutes", FOR_ASSISTED, "mark_share", least=0.5),
    Mark("same_minute", FOR_ASSISTED, "minute_excess", least=1.0),
    Mark("same_gap", FOR_ASSISTED, "same_gap", least=0.3),
    Mark("feed_lag", FOR_ASSISTED, "lag_seconds", most=120, also=("lag_spread", None, 120)),
    Mark("turns", FOR_STAFF, "turn_contrast", least=0.2, also=("round_the_clock", 0.5, None)),
    Mark("speech", FOR_STAFF, "speech_bursts", least=3),
    Mark("sittings", FOR_STAFF, "burst_share", least=0.4),
    Mark("answers", FOR_STAFF, "reply_share", least=0.1),
    Mark("no_night", FOR_BOTH, "night_hours", most=2),
    Mark("many_articles", FOR_BOTH, "articles_per_day", least=100),
)
"""A sign holds, does not hold, or cannot be told (null) where the data do not show it."""

SECOND_POSTS, SECOND_DAYS = 3, 3
"""Own posts in one second, on so many days."""
HOUR_POSTS, HOURS, HOUR_DAYS = 60, 10, 3
"""Posts in one hour, hours of a day, on so many days."""
SAME_SECOND, FULL_HOURS = "same_second", "full_hours"
PROOF: Final = 1000
"""Rows of a bound that are given."""


def marks(accounts: pl.DataFrame) -> pl.DataFrame:
    """Every sign of every account.

    Args:
        accounts: `account` and the columns of rhythm and habits.

    Returns:
        `account`, `mark`, `speaks_for`, `value` (null where the data do not show it), `holds` (bool or null), `bound` (the least or most), ordered by account and
        the order of `MARKS`.
    """
    told = accounts.with_columns(reply_share=pl.col("replies") / pl.col("posts"))
    tables = []
    for place, mark in enumerate(MARKS):
        holds = _within(mark.value, mark.least, mark.most)
        if mark.also is not None:
            holds = holds & _within(*mark.also)
        tables.append(
            told.select(
                "account",
                pl.lit(mark.name).alias("mark"),
                pl.lit(mark.speaks_for).alias("speaks_for"),
                pl.col(mark.value).cast(pl.Float64).alias("value"),
                holds.alias("holds"),
                pl.lit(float(mark.least if mark.least is not None else mark.most or 0.0)).alias("bound"),
                pl.lit(place).alias("_place"),
            )
        )
    return pl.concat(tables).sort("account", "_place").drop("_place")


def _within(column: str, least: float | None, most: float | None) -> pl.Expr:
    """Whether a value lies within its bounds."""
    value = pl.col(column).cast(pl.Float64)
    return value >= least if least is not None else value <= (most or 0.0)


def bounds(posts: pl.DataFrame) -> pl.DataFrame:
    """Accounts that post at a rate no one person holds by hand.

    Args:
        posts: `account`, `second`, `exact` (whether the second is told), `kind` and `row`.

    Returns:
        `account`, `rule` (same_second: own posts in one second; full_hours: posts in an hour, ten hours of a day), `posts` (so many at least in each
        second or hour that counts), `days`, `count` (posts behind it) and `rows` (the first 1,000 of them in order of time); ordered by account and rule.
    """
    own = posts.filter(pl.col("exact") & pl.col("kind").is_in(OWN)).with_columns(unit=pl.col("second"), day=pl.col("second") // 86_400)
    seconds = own.filter(pl.len().over("account", "unit") >= SECOND_POSTS)
    every = posts.with_columns(unit=pl.col("second") // 3600, day=pl.col("second") // 86_400)
    full = every.filter(pl.len().over("account", "unit") >= HOUR_POSTS)
    hours = full.filter(pl.col("unit").n_unique().over("account", "day") >= HOURS)
    return pl.concat([_bound(seconds, SAME_SECOND, SECOND_DAYS), _bound(hours, FULL_HOURS, HOUR_DAYS)]).sort("account", "rule")


def _bound(found: pl.DataFrame, rule: str, days: int) -> pl.DataFrame:
    """Accounts for which it holds on enough days."""
    units = found.with_columns(size=pl.len().over("account", "unit")).sort("account", "second", "row")
    return (
        units.group_by("account")
        .agg(
            pl.lit(rule).alias("rule"),
            pl.col("size").min().cast(pl.Int64).alias("posts"),
            pl.col("day").n_unique().cast(pl.Int64).alias("days"),
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("row").head(PROOF).alias("rows"),
        )
        .filter(pl.col("days") >= days)
    )
