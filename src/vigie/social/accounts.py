"""Which of two explanations an account's rhythm fits better: people who do it full time, or people whom a tool assists; or neither.

In the order of certainty: what the account itself declares; a rate no person holds; the likelihood ratio of its rhythm; single signs for and against each
explanation. How much an account posts decides nothing. Assisted is not inauthentic: a newsroom's feed is assisted, and so is a party's press office.

References:
    - docs/accounts.md, docs/decisions/0027-rhythm-as-a-likelihood-ratio.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from vigie.records.post import DELETED, EDITED
from vigie.social.account_habits import habits, lags, speech
from vigie.social.account_likelihood import Reference, reference, scored
from vigie.social.account_marks import bounds, marks
from vigie.social.account_rhythm import Timeline, rhythm

DECLARED, SAMPLED, COARSE = "declared", "sampled", "coarse"
"""Results without a score: the account says it itself; the posts are a sample; their times are told to the day."""
ARTICLES: Final = "site"
"""Platform of the articles of sites, which are no accounts."""
KEY: Final = ("platform", "account_id")


@dataclass(frozen=True, slots=True)
class Accounts:
    """What is said of accounts. Every table bears `platform` and `account_id` first and is ordered by them.

    Attributes:
        accounts: one row an account. `first_seen`, `last_seen`, `posts`, `active_days` and all other columns of `account_rhythm.rhythm`,
            `account_habits.habits` and `account_habits.lags`; `declared` (how it declares itself, or null), `log10_lr` (null where there is no score),
            `result` (declared, sampled, coarse, little, assisted, undecided, hand), `bound` (bool: a rate that no person holds), `rows` (its posts in order of time).
        contributions: what each figure adds to the score (`account_likelihood.scored`), the heaviest first.
        marks: single signs for and against each explanation (`account_marks.marks`).
        bounds: rates that no person holds, with the posts behind them (`account_marks.bounds`).
        speech: bursts of own words between runs of links: `seen_at`, `until`, `posts`, `rows`.
        trained: what the scores were trained on.
    """

    accounts: pl.DataFrame
    contributions: pl.DataFrame
    marks: pl.DataFrame
    bounds: pl.DataFrame
    speech: pl.DataFrame
    trained: Reference


def accounts(posts: pl.DataFrame, *, sampled: bool = False, trained: Reference | None = None) -> Accounts:
    """Rhythm and habits of every account, and what they speak for.

    Args:
        posts: columns of POST and `row`, each post once (`posts.once`); articles of sites among them give the time that a lag is counted from.
            With `text_hash` and `letters` (`texts.with_texts`) equal texts are told by them, else by the text itself.
        sampled: whether the posts were chosen (by a search, say): then gaps and rates are bounds, and there is no score.
        trained: what to compare with; vigie's own when None.
    """
    trained = trained or reference()
    told = pl.col("account_id").is_not_null() & pl.col("seen_at").is_not_null()
    held = posts.filter(told & (pl.col("platform").cast(pl.String) != ARTICLES) & ~pl.col("kind").cast(pl.String).is_in([EDITED, DELETED]))
    names = held.select(pl.col(name).cast(pl.String) for name in KEY).unique().sort(KEY).with_row_index("account").with_columns(pl.col("account").cast(pl.Int64))
    ordered = _ordered(held, names)
    count = names.height
    kept = Timeline(ordered["account"].to_numpy(), ordered["second"].to_numpy(), count)
    followed = lags(_linked(held, names, articles := _articles(posts)), articles, count)
    figures = pl.concat([names, _window(ordered, names), rhythm(kept, ordered["exact"].to_numpy()), habits(ordered, count), followed], how="horizontal")
    scores, parts = scored(figures, trained)
    limits = bounds(ordered)
    judged = _results(figures, scores, sampled=sampled).with_columns(bound=pl.col("account").is_in(limits["account"].implode()))
    unscored = judged.filter(pl.col("log10_lr").is_null())["account"]
    parts = parts.filter(~pl.col("account").is_in(unscored.implode()))
    named = [_named(table, names) for table in (parts, marks(figures), limits, _bursts(ordered))]
    return Accounts(judged.drop("account", "coarse"), named[0], named[1], named[2], named[3], trained)


def _ordered(posts: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """What is looked at of each post, in order of account and time; equal times by what they hold."""
    text = pl.col("text").str.replace_all(r"https?://\S+", "")
    hashed = ("text_hash", "letters") if "text_hash" in posts.columns else (text.hash(0).alias("text_hash"), text.str.len_chars().alias("letters"))
    precision = pl.col("time_precision").cast(pl.String)
    narrow = posts.select(
        pl.col("platform").cast(pl.String),
        pl.col("account_id").cast(pl.String),
        pl.col("seen_at").dt.epoch("s").alias("second"),
        (precision.is_in(["s", "ms", "us"])).fill_null(value=False).alias("exact"),
        (precision == "day").fill_null(value=False).alias("coarse"),
        pl.col("kind").cast(pl.String),
        pl.col("client").cast(pl.String),
        pl.col("declared").cast(pl.String),
        (pl.col("links").list.len() > 0).alias("linked"),
        *hashed,
        pl.col("post_id").hash(0).alias("_id"),
        "row",
    )
    order = ("account", "second", "kind", "linked", "text_hash", "_id", "row")
    hour = pl.col("second") // 3600
    day = pl.col("second") // 86_400
    joined = narrow.join(names, on=KEY, maintain_order="left").drop(KEY).sort(order, nulls_last=True)
    return joined.with_columns(hour=hour % 24, day=day, week=(day + 3) // 7)


def _articles(posts: pl.DataFrame) -> pl.DataFrame:
    """Links of articles whose time is known, and that time."""
    told = posts.filter((pl.col("platform").cast(pl.String) == ARTICLES) & (pl.col("time_precision").cast(pl.String) != "day"))
    return told.select(pl.col("links").alias("link"), pl.col("seen_at").dt.epoch("s").alias("second")).explode("link", empty_as_null=True).drop_nulls()


def _linked(posts: pl.DataFrame, names: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Links of posts with their time; none where no article's time is known."""
    told = posts if articles.height else posts.clear()
    keyed = told.select(*(pl.col(name).cast(pl.String) for name in KEY), pl.col("seen_at").dt.epoch("s").alias("second"), pl.col("links").alias("link"))
    return keyed.explode("link", empty_as_null=True).drop_nulls("link").unique().join(names, on=KEY).select("account", "second", "link")


def _window(ordered: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """First and last post, what the account declares, whether times are coarse, and its posts."""
    time = (pl.col("second") * 1_000_000).cast(pl.Datetime("us", "UTC"))
    told = ordered.group_by("account").agg(
        time.min().alias("first_seen"), time.max().alias("last_seen"), pl.col("declared").drop_nulls().min(), pl.col("coarse").any(), pl.col("row").alias("rows")
    )
    return names.select("account").join(told, on="account", how="left", maintain_order="left").drop("account")


def _results(figures: pl.DataFrame, scores: pl.DataFrame, *, sampled: bool) -> pl.DataFrame:
    """Accounts with score and result; what is certain goes before."""
    said = (
        pl.when(pl.col("declared").is_not_null())
        .then(pl.lit(DECLARED))
        .when(pl.lit(sampled))
        .then(pl.lit(SAMPLED))
        .when(pl.col("coarse"))
        .then(pl.lit(COARSE))
        .otherwise(pl.col("result"))
    )
    judged = figures.join(scores, on="account", maintain_order="left").with_columns(result=said)
    unscored = pl.col("result").is_in([DECLARED, SAMPLED, COARSE])
    return judged.with_columns(log10_lr=pl.when(~unscored).then(pl.col("log10_lr")))


def _bursts(ordered: pl.DataFrame) -> pl.DataFrame:
    """Bursts of own words with their posts."""
    found = speech(ordered)
    rows = ordered["row"].to_numpy()
    time = pl.col("seen_at", "until") * 1_000_000
    spans = [rows[begin:end].tolist() for begin, end in found.select("begin", "end").iter_rows()]
    second = ordered["second"].to_numpy()
    return found.select(
        "account",
        pl.Series("seen_at", second[found["begin"].to_numpy()], dtype=pl.Int64),
        pl.Series("until", second[np.maximum(found["end"].to_numpy() - 1, 0)], dtype=pl.Int64),
        "posts",
        pl.Series("rows", spans, dtype=pl.List(pl.Int64)),
    ).with_columns(time.cast(pl.Datetime("us", "UTC")))


def _named(table: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """A table with platform and account in front, in place of the position."""
    return table.join(names, on="account", how="left", maintain_order="left").select(*KEY, pl.exclude("account", *KEY))
