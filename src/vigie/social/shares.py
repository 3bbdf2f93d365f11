"""Who shared what and when: one row for each object that a post shares.

An object is a text with its kind in front: `url:` (canonical address), `domain:`, `tag:`, `repost:` (the post that is passed on), `reply:` (that is answered),
`quote:`, `media:` (hash or id of a picture or film), `text:` (hash of the normal form of the words). Ids of posts carry their platform, so that two platforms' numbers never meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import polars as pl

from vigie.records.post import DELETED, QUOTED, REPLIED, REPOSTED
from vigie.social.texts import SHORTEST, with_texts

KINDS: Final = ("url", "domain", "tag", "repost", "reply", "quote", "media", "text")
"""Kinds of object, as they stand in front of it."""

SHORTENERS: Final = (
    "t.co", "bit.ly", "tinyurl.com", "ow.ly", "goo.gl", "buff.ly", "dlvr.it", "is.gd", "ift.tt", "trib.al", "lnkd.in", "fb.me", "shorturl.at", "cutt.ly", "rebrand.ly", "t.ly",
)  # fmt: skip
"""Hosts of short links. One is often made for each share, so that it tells who reposts whom and not who shares the same page."""

RESOLUTIONS: Final = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "day": 86_400_000_000}
"""Microseconds of each `time_precision`."""

SHARES: Final = pl.Schema({
    "kind": pl.String, "object": pl.String, "account": pl.String, "post": pl.String, "t": pl.Int64, "row": pl.Int64, "resolution": pl.Int64, "short": pl.Boolean,
})  # fmt: skip
"""Columns of the share table: kind of the object; the object; `platform:account`; `platform:post`, or account, time and place where the file holds no id;
microseconds of UTC; row of the post; what its time is told to, in microseconds; whether the object is a short link that nothing resolves."""

_LISTS: Final = {"url": "links", "domain": "domains", "tag": "hashtags", "media": "media"}
_REFERENCES: Final = {"repost": REPOSTED, "reply": REPLIED, "quote": QUOTED}


def shares(posts: pl.DataFrame, *, kinds: Collection[str] = KINDS, without: Iterable[str] = ()) -> pl.DataFrame:
    """The share table of posts that are already counted once (`posts.once`).

    Args:
        posts: columns of `POST` and `row`; `text_hash` and `letters` too where the text itself is not kept, or all that `with_texts` gives.
        kinds: kinds of object that are wanted.
        without: objects that everybody in the collection shares because it was collected by them (`tag:vote`, `url:…`); plain words are taken for hashtags.

    Returns:
        Rows of `SHARES`, each object of a post once, sorted by object, time, account and post. Posts without time or account share nothing here. The words of a repost
        are another's and those under 30 letters and digits many people's, so they are no `text:` objects.
    """
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise ValueError(f"no kind of object: {', '.join(sorted(unknown))}. Try: {', '.join(KINDS)}")
    worded = "text" not in kinds or {"normalised", "text_hash", "letters"} <= set(posts.columns)
    named = _named(posts if worded else with_texts(posts))
    shut = [word.lower() if ":" in word else f"tag:{word.lstrip('#').lower()}" for word in without]
    parts = (_in_order(_of_kind(named, kind), shut) for kind in sorted(kinds))  # objects begin with their kind, so that the whole is in order too
    return pl.concat([pl.DataFrame(schema=SHARES), *parts])


def _of_kind(named: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Shares of one kind."""
    if kind in _LISTS:
        return _of_list(named, kind, _LISTS[kind])
    return _of_reference(named, kind, _REFERENCES[kind]) if kind in _REFERENCES else _of_text(named)


def _in_order(table: pl.DataFrame, shut: list[str]) -> pl.DataFrame:
    """Shares sorted, each object of a post once, without those that are shut out."""
    some = table.select(*SHARES)
    some = some.filter(~pl.col("object").str.to_lowercase().is_in(shut)) if shut else some
    return some.sort("object", "t", "account", "post", "row").unique(["object", "account", "post"], keep="first", maintain_order=True)


def share_table(table: pl.DataFrame) -> pl.DataFrame:
    """Rows of `SHARES` from a bare table of `object`, `account`, `post` and `t` (microseconds), each share once.

    `row` is made where it is missing: the place among the shares sorted by their content.
    """
    whole = table.sort("object", "t", "account", "post").unique(["object", "account", "post"], keep="first", maintain_order=True)
    more = {
        "kind": pl.col("object").str.extract("^([a-z]+):", 1).fill_null("object"), "row": pl.int_range(pl.len(), dtype=pl.Int64),
        "resolution": pl.lit(1_000_000, pl.Int64), "short": pl.lit(False),
    }  # fmt: skip
    return whole.with_columns(**{name: value for name, value in more.items() if name not in whole.columns}).select(*SHARES)


def _named(posts: pl.DataFrame) -> pl.DataFrame:
    """Posts that can share: names of account and post, time in microseconds, and what their time is told to."""
    text = {name: pl.col(name).cast(pl.String) for name in ("platform", "kind", "time_precision", "account_id", "account_name", "post_id", "ref_post_id")}
    words = text["platform"].fill_null("other")
    account = pl.coalesce(text["account_id"], text["account_name"])
    where = pl.concat_str(pl.col("feed").cast(pl.String), pl.lit("@"), pl.col("byte_offset").cast(pl.String), ignore_nulls=True)
    t = pl.col("seen_at").dt.epoch("us")
    post = pl.concat_str(words, pl.lit(":"), pl.coalesce(text["post_id"], pl.concat_str(account, pl.lit("@"), t.cast(pl.String), pl.lit("@"), where)))
    what = [name for name in (*_LISTS.values(), "text_hash", "letters") if name in posts.columns]
    return posts.select(
        *what, account=pl.concat_str(words, pl.lit(":"), account), post=post, t=t, posted=text["kind"], platform=words, ref_post_id=text["ref_post_id"],
        resolution=text["time_precision"].replace_strict(RESOLUTIONS, default=1_000_000, return_dtype=pl.Int64), row=pl.col("row").cast(pl.Int64),
    ).filter(pl.col("account").is_not_null() & pl.col("t").is_not_null() & (pl.col("posted") != DELETED))  # fmt: skip


def _of_list(named: pl.DataFrame, kind: str, column: str) -> pl.DataFrame:
    """Shares of a column of lists."""
    if named.schema[column] == pl.Null:
        return pl.DataFrame(schema=SHARES)
    flat = named.select("account", "post", "t", "row", "resolution", value=pl.col(column)).filter(pl.col("value").list.len() > 0)
    flat = flat.explode("value").filter(pl.col("value").is_not_null() & (pl.col("value") != ""))
    host = pl.col("value").str.extract(r"^([^/?#]+)", 1)
    short = host.is_in(SHORTENERS) if kind in ("url", "domain") else pl.lit(False)
    return flat.with_columns(kind=pl.lit(kind), object=pl.concat_str(pl.lit(f"{kind}:"), "value"), short=short)


def _of_reference(named: pl.DataFrame, kind: str, posted: str) -> pl.DataFrame:
    """Shares of the post that a post refers to."""
    chosen = named.filter((pl.col("posted") == posted) & pl.col("ref_post_id").is_not_null())
    return chosen.with_columns(kind=pl.lit(kind), object=pl.concat_str(pl.lit(f"{kind}:"), "platform", pl.lit(":"), "ref_post_id"), short=pl.lit(False))


def _of_text(named: pl.DataFrame) -> pl.DataFrame:
    """Shares of equal words."""
    chosen = named.filter((pl.col("posted") != REPOSTED) & pl.col("text_hash").is_not_null() & (pl.col("letters") >= SHORTEST))
    code = pl.col("text_hash").cast(pl.String).str.pad_start(20, "0")
    return chosen.with_columns(kind=pl.lit("text"), object=pl.concat_str(pl.lit("text:"), code), short=pl.lit(False))
