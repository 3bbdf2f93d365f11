"""Posts as the web pages of X hold them, which is what a browser capture keeps: from fields to columns of `POST`.

References:
    - https://github.com/digitalmethodsinitiative/zeeschuimer
    - https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet (`legacy` is an object of version 1.1)
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from vigie.records.post import POSTED, QUOTED, REPLIED, REPOSTED
from vigie.sources.post_rows import ADDRESS, HASHTAG, MENTION, own_words, told_or_seen
from vigie.sources.times import LAST_YEAR

_URLS: Final[dict[str, Any]] = {"urls": [{"url": "VARCHAR", "expanded_url": "VARCHAR"}], "hashtags": [{"text": "VARCHAR"}], "user_mentions": [{"screen_name": "VARCHAR"}]}
_MEDIA: Final[dict[str, Any]] = {"media": [{"id_str": "VARCHAR"}]}
_LEGACY: Final[dict[str, Any]] = {
    **dict.fromkeys(("created_at", "full_text", "lang", "user_id_str", "id_str", "in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name",
                     "quoted_status_id_str"), "VARCHAR"),
    **dict.fromkeys(("favorite_count", "retweet_count", "reply_count", "quote_count"), "BIGINT"),
    "entities": {**_URLS, **_MEDIA}, "extended_entities": _MEDIA,
}  # fmt: skip
_USER: Final[dict[str, Any]] = {
    "rest_id": "VARCHAR", "legacy": {"screen_name": "VARCHAR"}, "core": {"screen_name": "VARCHAR"},
    "affiliates_highlighted_label": {"label": {"userLabelType": "VARCHAR"}},
}  # fmt: skip
_TWEET: Final[dict[str, Any]] = {
    "rest_id": "VARCHAR", "core": {"user_results": {"result": _USER}}, "legacy": _LEGACY, "source": "VARCHAR", "views": {"count": "VARCHAR"},
    "note_tweet": {"note_tweet_results": {"result": {"text": "VARCHAR", "entity_set": _URLS}}},
    "user": {"id_str": "VARCHAR", "screen_name": "VARCHAR"},
}  # fmt: skip
_WITHIN: Final[dict[str, Any]] = {**_TWEET, "tweet": _TWEET}
_WHOLE: Final[dict[str, Any]] = {**_TWEET, "legacy": {**_LEGACY, "retweeted_status_result": {"result": _WITHIN}}, "quoted_status_result": {"result": _WITHIN}}
SHAPE: Final[dict[str, Any]] = {**_WHOLE, "tweet": _WHOLE}
"""What is taken of a post; posts with a notice over them stand one level deeper."""
_MONTH_FIRST: Final = "%b %d %H:%M:%S %z %Y"
_ESCAPES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}

_OF_LEGACY: Final = (
    "lang", "in_reply_to_status_id_str", "in_reply_to_user_id_str", "in_reply_to_screen_name", "quoted_status_id_str", "favorite_count", "retweet_count", "reply_count",
    "quote_count",
)  # fmt: skip


def columns_of(fields: pl.DataFrame) -> dict[str, pl.Series]:
    """Columns of `POST` from columns of `SHAPE`."""
    posts = _uncovered(fields.to_struct("post")).struct.unnest()
    legacy = posts["legacy"].struct
    reposted, quoted = (_uncovered(one.struct.field("result")).struct.unnest() for one in (legacy.field("retweeted_status_result"), posts["quoted_status_result"]))
    parts = [part.select(one.name.prefix(mark) for one in _body()) for mark, part in (("", posts), ("re_", reposted), ("qu_", quoted))]
    rest = posts.select(pl.col("source").str.replace_all(r"<[^>]*>", "").alias("client"), pl.col("views").struct.field("count").alias("views"))
    told = pl.DataFrame([legacy.field(name) for name in _OF_LEGACY])
    frame = pl.concat([*parts, rest, told], how="horizontal")
    stripped, passed = own_words(frame["text"])
    frame = frame.with_columns(stripped.alias("stripped"), passed.alias("passed"))
    whole = pl.col("re_text").is_not_null()
    reposts = pl.col("re_id").is_not_null() | (pl.col("passed").is_not_null() & pl.col("quoted_status_id_str").is_null())
    quotes = pl.col("quoted_status_id_str").is_not_null() | pl.col("qu_id").is_not_null()
    answers = pl.col("in_reply_to_status_id_str").is_not_null() | pl.col("in_reply_to_user_id_str").is_not_null()

    def ref(of_repost: str, of_quote: str, of_answer: str) -> pl.Expr:
        return pl.when(reposts).then(of_repost).when(quotes).then(of_quote).when(answers).then(of_answer)

    made = frame.select(
        pl.when(reposts).then(pl.lit(REPOSTED)).when(quotes).then(pl.lit(QUOTED)).when(answers).then(pl.lit(REPLIED)).otherwise(pl.lit(POSTED)).alias("kind"),
        ref("re_id", "quoted_status_id_str", "in_reply_to_status_id_str").alias("ref_post_id"),
        ref("re_account", "qu_account", "in_reply_to_user_id_str").alias("ref_account_id"),
        pl.coalesce(ref("re_name", "qu_name", "in_reply_to_screen_name"), pl.when(reposts).then("passed")).alias("ref_account_name"),
        ref("re_created", "qu_created", "no_time").alias("ref_at"),
        pl.when(whole).then("re_text").when(reposts).then("stripped").otherwise("text").str.replace_many(_ESCAPES).alias("text"),
        *(pl.when(whole).then(f"re_{name}").otherwise(name).alias(name) for name in ("urls", "hashtags", "mentions", "media")),
        pl.when(pl.col("label") == "AutomatedLabel").then(pl.lit("account.label")).alias("declared"),
    )
    return {
        "seen_at": x_times(frame["created"]), "post_id": frame["id"], "account_id": frame["account"], "account_name": frame["name"],
        **{name: made[name] for name in ("kind", "ref_post_id", "ref_account_id", "ref_account_name", "text", "media", "declared")},
        "ref_at": x_times(made["ref_at"]), "language": frame["lang"], "client": frame["client"],
        "links": told_or_seen(made["urls"], made["text"], ADDRESS),
        "hashtags": told_or_seen(made["hashtags"], made["text"], HASHTAG),
        "mentions": told_or_seen(made["mentions"], made["text"], MENTION),
        "likes": frame["favorite_count"], "reposts": frame["retweet_count"], "replies": frame["reply_count"], "quotes": frame["quote_count"], "views": frame["views"],
    }  # fmt: skip


def x_times(texts: pl.Series) -> pl.Series:
    """Moments as X wrote them first (`Fri May 05 18:41:00 +0000 2017`); the day of the week is not looked at."""
    seen = texts.str.slice(4).str.to_datetime(_MONTH_FIRST, strict=False, time_unit="us", time_zone="UTC")
    return seen.set(~seen.dt.year().is_between(1970, LAST_YEAR, closed="left"), None)


def _uncovered(posts: pl.Series) -> pl.Series:
    """Posts, those with a notice over them taken from under it."""
    under = posts.struct.field("tweet")
    covered = under.struct.field("legacy").struct.field("full_text").is_not_null()
    if not covered.any():
        return posts
    places = np.arange(len(posts)) + np.where(covered.to_numpy(), len(posts), 0)
    names = [name for name in under.struct.fields if name in posts.struct.fields]
    both = [pl.DataFrame([one.struct.field(name) for name in names]) for one in (posts, under)]
    return pl.concat(both)[places].to_struct("post")


def _body() -> list[pl.Expr]:
    """What is told of a post by itself."""
    part = pl.col
    legacy, user, old = part("legacy").struct.field, part("core").struct.field("user_results").struct.field("result").struct, part("user").struct
    note = part("note_tweet").struct.field("note_tweet_results").struct.field("result").struct
    entities, long = legacy("entities"), note.field("entity_set")

    def told(name: str, made: pl.Expr) -> pl.Expr:
        return pl.coalesce(long.struct.field(name), entities.struct.field(name)).list.eval(made)

    one = pl.element().struct.field
    media = pl.coalesce(legacy("extended_entities").struct.field("media"), entities.struct.field("media"))
    return [
        pl.coalesce(part("rest_id"), legacy("id_str")).alias("id"),
        legacy("created_at").alias("created"),
        pl.lit(None, pl.String).alias("no_time"),
        pl.coalesce(note.field("text"), legacy("full_text")).alias("text"),
        told("urls", pl.coalesce(one("expanded_url"), one("url"))).alias("urls"),
        told("hashtags", one("text")).alias("hashtags"),
        told("user_mentions", one("screen_name")).alias("mentions"),
        pl.when(media.is_null() & entities.is_not_null()).then(pl.lit([], pl.List(pl.String))).otherwise(media.list.eval(one("id_str"))).alias("media"),
        pl.coalesce(legacy("user_id_str"), user.field("rest_id"), old.field("id_str")).alias("account"),
        pl.coalesce(user.field("core").struct.field("screen_name"), user.field("legacy").struct.field("screen_name"), old.field("screen_name")).alias("name"),
        user.field("affiliates_highlighted_label").struct.field("label").struct.field("userLabelType").alias("label"),
    ]
