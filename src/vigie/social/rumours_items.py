"""What is passed on: links and texts, who touched each, and when each group first did.

An item is a canonical link, or a text with its copies. The post of an article and the posts that share it meet in the article's link.

References:
    - docs/rumours.md
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import polars as pl

from vigie.records import skeleton_of
from vigie.records.post import DELETED
from vigie.social.copies import Copies
from vigie.social.outlets import Group, group_of_hosts, group_of_posts
from vigie.social.rumours_precedence import UNITS
from vigie.social.texts import SHORTEST

URL, WORDS, CARD = "url", "text", "card"
"""An item is a link, a text with its copies, or what a person's card says is one claim."""
_HOST: Final = r"^(?:https?://)?([^/?#:@]{1,253})"  # canonical links have no scheme
LINKS: Final = 20
"""Links of one post that are followed."""


def prepared(posts: pl.DataFrame, groups: tuple[Group, ...]) -> pl.DataFrame:
    """Posts as rumours need them, in order of time.

    Columns: `row`, `at` (microseconds), `tick` (microseconds that the time tells), `account` ("platform:id"), `group` (null for none),
    `kind`, `platform`, `post_id`, `ref_post_id`, `ref_account` ("platform:id"), `names` (of the account and its id), `mentions`, `links`, `article` (its own address).
    """
    text = {name: pl.col(name).cast(pl.String) for name in ("platform", "account_id", "account_name", "kind", "post_id", "ref_post_id", "ref_account_id", "time_precision")}
    lists = {name: pl.col(name).cast(pl.List(pl.String)) for name in ("links", "mentions")}
    grouped = posts.with_columns(group=group_of_posts(posts, groups)).filter(text["kind"] != DELETED)
    return grouped.select(
        "row", "group",
        at=pl.col("seen_at").dt.cast_time_unit("us").to_physical(), tick=text["time_precision"].replace_strict(UNITS, default=UNITS["s"], return_dtype=pl.Int64),
        account=pl.concat_str(text["platform"], pl.lit(":"), text["account_id"]), kind=text["kind"], platform=text["platform"], post_id=text["post_id"],
        ref_post_id=text["ref_post_id"], ref_account=pl.concat_str(text["platform"], pl.lit(":"), text["ref_account_id"]),
        names=pl.concat_list(text["account_id"].str.to_lowercase(), text["account_name"].str.to_lowercase()).list.drop_nulls(),
        mentions=lists["mentions"].list.eval(pl.element().str.to_lowercase()), links=lists["links"].list.head(LINKS),
        article=pl.when(text["platform"] == "site").then(text["post_id"]),
    ).sort("at", "account", "post_id", "row", nulls_last=True)  # fmt: skip


def rumour_ids(claims: pl.Series) -> pl.Series:
    """A short name of each claim ("url:…", "text:…", "card:…"), the same whatever else was read; null for null."""
    once = claims.drop_nulls().unique()
    return claims.replace_strict(once, pl.Series([f"r{skeleton_of(one):016x}" for one in once.to_list()], dtype=pl.String), return_dtype=pl.String, default=None)


def with_cards(table: pl.DataFrame, posts: pl.DataFrame, of_cards: pl.DataFrame) -> pl.DataFrame:
    """Items and those of cards beside them.

    Args:
        table: of `touches`.
        posts: `prepared`.
        of_cards: `name` of the card, `row`.
    """
    if of_cards.is_empty():
        return table
    more = of_cards.select("row", what="name").join(posts.select("row", "at", "tick", "account", "group"), on="row").with_columns(unit=pl.lit(CARD))
    last = table.select(pl.col("item").max().fill_null(0)).item()
    numbered = more.with_columns(item=pl.col("what").rank("dense").cast(pl.Int64) + last)
    return pl.concat([table, numbered], how="diagonal").sort("item", "at", "account", "row")


def posts_of_rumours(table: pl.DataFrame, ids: Collection[str]) -> pl.DataFrame:
    """`rumour_id`, `row`: the posts of some rumours.

    Args:
        table: of `touches`.
        ids: of `rumour_ids`.
    """
    if not ids:
        return pl.DataFrame(schema={"rumour_id": pl.String, "row": pl.Int64})
    items = table.unique("item", keep="any").select("item", claim=pl.concat_str("unit", pl.lit(":"), "what"))
    named = items.select("item", rumour_id=rumour_ids(items["claim"])).filter(pl.col("rumour_id").is_in(list(ids)))
    return table.join(named, on="item").select("rumour_id", "row")


def touches(posts: pl.DataFrame, copies: Copies, groups: tuple[Group, ...] = ()) -> pl.DataFrame:
    """One row an item and post, in order of time within an item.

    Columns: `item` (int64), `unit` (url, text or card), `what` (the link, the family or hash of the text, the card's name), and of the post `row`, `at`, `tick`,
    `account`, `group`, and of a link `origin` (the group that declares its host).

    Args:
        posts: `prepared`.
        copies: of the same posts.
        groups: whose hosts name a link's origin.
    """
    head = ("row", "at", "tick", "account", "group")
    linked = posts.select(*head, what=pl.col("links").list.unique()).explode("what", empty_as_null=True).drop_nulls("what")
    urls = linked.with_columns(unit=pl.lit(URL), origin=group_of_hosts(linked["what"].str.extract(_HOST, 1), groups))
    said = copies.members.select("row", what="family").join(copies.families.filter(~pl.col("weak")).select(what="family"), on="what", how="semi")
    texts = said.join(posts.select(head), on="row").select(*head, "what").with_columns(unit=pl.lit(WORDS))
    alone = copies.texts.filter((pl.col("posts") == 1) & (pl.col("letters").fill_null(0) >= SHORTEST)).join(copies.members, on="text_hash", how="anti")
    single = alone.select(row="first_row", what=pl.concat_str(pl.lit("t"), pl.col("text_hash").cast(pl.String))).join(posts.select(head), on="row").select(*head, "what")
    whole = pl.concat([urls, texts, single.with_columns(unit=pl.lit(WORDS))], how="diagonal")
    return whole.with_columns(item=pl.struct("unit", "what").rank("dense").cast(pl.Int64)).sort("item", "at", "account", "row")


def firsts(table: pl.DataFrame) -> pl.DataFrame:
    """One row an item and group: `item`, `unit`, `group`, `origin`, `at` (its first post), `row` (that post), `tick`, `accounts`, `posts`; posts of no group as null."""
    return table.group_by("item", "unit", "group", maintain_order=True).agg(
        pl.col("at").first(), pl.col("row").first(), pl.col("tick").max(), pl.col("origin").first(), pl.col("account").n_unique().cast(pl.Int64).alias("accounts"), pl.len().cast(pl.Int64).alias("posts")
    )  # fmt: skip


def both(first: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """Items that two groups touched, as `precedence` takes them, with `item`, `origin`, `row_a`, `row_b`."""
    left, right = (first.filter(pl.col("group") == name) for name in (one, other))
    return left.join(right, on="item", suffix="_b").select(
        "item", "origin", first_a="at", first_b="at_b", accounts_a="accounts", accounts_b="accounts_b", unit=pl.max_horizontal("tick", "tick_b"), row_a="row", row_b="row_b"
    ).sort("item")  # fmt: skip
