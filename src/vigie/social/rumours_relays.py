"""Who passed on whose post in so many words, and how many hands lie between: links to an article, reposts, quotes, names.

References:
    - docs/rumours.md
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.post import REPLIED

LINK, NAME = "link", "name"
HOPS: Final = 20
"""Hands that are followed."""
HOLDERS: Final = 500
"""Earlier posts of an item whose authors may be named; a hostile crowd must not make pairs of all with all."""

_RANK: Final = {"repost": 0, "quote": 1, LINK: 2, "account": 3, NAME: 4}


def relays(posts: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Explicit relays: one row an item and post that passed on an earlier post of the same item.

    Args:
        posts: `rumours_items.prepared`.
        table: `rumours_items.touches`.

    Returns:
        `item`, `parent_row`, `child_row`, `how` (repost, quote, link, account: the original's account is told, or name), `lag` (microseconds), `parent_group`,
        `child_group`, `hops` (hands from the first of the chain, 1 for its direct relays).
    """
    touched = table.select("item", "row", "at", "account", "group")
    several = touched.filter(pl.len().over("item") > 1)
    details = posts.select("row", "kind", "platform", "post_id", "ref_post_id", "ref_account", "names", "mentions", "article")
    held = several.join(details, on="row")
    parent = held.select("item", "platform", "post_id", "article", "account", "names", parent_row="row", parent_at="at", parent_group="group")
    child = held.filter(pl.col("kind") != REPLIED)
    plain = ("item", "parent_row", "parent_at", "parent_group", "row", "at", "group", "how")
    referred = child.join(parent, left_on=["item", "platform", "ref_post_id"], right_on=["item", "platform", "post_id"]).with_columns(how="kind").select(plain)
    articles = parent.filter(pl.col("article").is_not_null()).join(table.filter(pl.col("unit") == "url").select("item", "what").unique(), on="item")
    linked = child.join(articles.filter(pl.col("article") == pl.col("what")), on="item").with_columns(how=pl.lit(LINK)).select(plain)
    told = child.filter(pl.col("ref_account").is_not_null()).join(parent, left_on=["item", "ref_account"], right_on=["item", "account"]).with_columns(how=pl.lit("account")).select(plain)
    early = parent.filter(pl.int_range(pl.len()).over("item") < HOLDERS).explode("names", empty_as_null=True).drop_nulls("names")
    mentioned = child.explode("mentions", empty_as_null=True).drop_nulls("mentions").drop("names")
    named = mentioned.join(early, left_on=["item", "mentions"], right_on=["item", "names"]).with_columns(how=pl.lit(NAME)).select(plain)
    whole = pl.concat([referred, linked, told, named]).filter((pl.col("row") != pl.col("parent_row")) & (pl.col("parent_at") <= pl.col("at")))
    best = (
        whole.with_columns(rank=pl.col("how").replace_strict(_RANK, default=3, return_dtype=pl.Int8))
        .sort("item", "row", "rank", pl.col("parent_at"), "parent_row", descending=[False, False, False, True, False])
        .unique(["item", "row"], keep="first", maintain_order=True)
    )
    edges = best.select("item", "parent_row", child_row="row", how="how", lag=pl.col("at") - pl.col("parent_at"), parent_group="parent_group", child_group="group")
    return _with_hops(edges).sort("item", "child_row")


def _with_hops(edges: pl.DataFrame) -> pl.DataFrame:
    """Edges with the number of hands from the beginning of their chain; a ring of equal times ends at `HOPS`."""
    known = edges.with_columns(hops=pl.lit(1, pl.Int64))
    for _ in range(HOPS):
        above = known.select("item", parent_row="child_row", above="hops")
        longer = known.join(above, on=["item", "parent_row"], how="left", maintain_order="left").with_columns(hops=pl.min_horizontal(pl.col("above").fill_null(0) + 1, pl.lit(HOPS)))
        if longer["hops"].equals(known["hops"]):
            break
        known = longer.drop("above")
    return known
