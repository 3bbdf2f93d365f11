"""What kind of post a row of a table is, and which post and account it refers to: from flags, ids, names, and the `RT @name: ` in a text.

References:
    - records/post.py
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.post import DELETED, EDITED, KINDS, POSTED, QUOTED, REPLIED, REPOSTED

_RELATIONS: Final = (("repost", REPOSTED), ("quote", QUOTED), ("reply", REPLIED))
_TARGETS: Final = (("ref_post_id", "_id"), ("ref_account_id", "_account_id"), ("ref_account_name", "_account_name"))
_YES: Final = ("yes", "true", "1", "1.0", "y", "t")
_KINDS: Final = {
    **{kind: kind for kind in KINDS}, "r": REPOSTED, "rt": REPOSTED, "retweet": REPOSTED, "retweeted": REPOSTED, "share": REPOSTED, "forward": REPOSTED,
    "reblog": REPOSTED, "q": QUOTED, "quoted": QUOTED, "quote_tweet": QUOTED, "replied_to": REPLIED, "comment": REPLIED, "answer": REPLIED,
    "tweet": POSTED, "original": POSTED, "status": POSTED, "edited": EDITED, "deleted": DELETED,
}  # fmt: skip


def flag(name: str) -> pl.Expr:
    """Whether a column says yes."""
    return pl.col(name).str.to_lowercase().is_in(_YES).fill_null(value=False)


def relations(told: pl.DataFrame) -> pl.DataFrame:
    """Kinds of posts and what they refer to.

    Args:
        told: texts of fields as found: some of `kind`, `repost`, `quote`, `reply` with their `_id`, `_account_id`, `_account_name`, `ref_…`, `thread`
            (ids of answers are then numbers in it), and `around`: the account that the text names as the one it repeats.

    Returns:
        `kind`, and those of `ref_post_id`, `ref_account_id` and `ref_account_name` that the table can tell; same rows in the same order.
    """
    held = frozenset(told.columns)
    if {"thread", "reply_id"} <= held:
        number = pl.col("reply_id").str.contains(r"^\d+$")
        told = told.with_columns(pl.when(number).then(pl.col("thread") + "-" + pl.col("reply_id")).otherwise("reply_id").alias("reply_id"))
    kinds = told.with_columns(_kind(held).alias("found"))
    columns = [pl.col("found").alias("kind")]
    for target, part in _TARGETS:
        values = [pl.col(target)] if target in held else []
        values += [pl.when(pl.col("found") == kind).then(pl.col(name + part)) for name, kind in _RELATIONS if name + part in held]
        values += [pl.col("around")] if target == "ref_account_name" else []
        if values:
            columns.append(pl.coalesce(values).alias(target))
    return kinds.select(columns)


def _kind(held: frozenset[str]) -> pl.Expr:
    """What is told counts; a post that is only told to be one may still be a repost by its other fields."""
    repost = _sign("repost", held) | pl.col("around").is_not_null()
    quote, reply = _sign("quote", held), _sign("reply", held)
    found = pl.when(repost).then(pl.lit(REPOSTED)).when(quote).then(pl.lit(QUOTED)).when(reply).then(pl.lit(REPLIED)).otherwise(pl.lit(POSTED))
    if "kind" not in held:
        return found
    word = pl.col("kind").str.to_lowercase().replace_strict(_KINDS, default=None, return_dtype=pl.String)
    return pl.when(word != POSTED).then(word).otherwise(found)


def _sign(name: str, held: frozenset[str]) -> pl.Expr:
    """Whether a row is in this relation: its flag, or where there is none whatever it tells of the other post."""
    parts = ("_id",) if name in held else ("_id", "_account_id", "_account_name")
    signs = [pl.col(name + part).is_not_null() for part in parts if name + part in held]
    return pl.any_horizontal(pl.lit(False), *signs, *([flag(name)] if name in held else []))
