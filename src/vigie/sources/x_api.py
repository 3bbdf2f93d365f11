"""Posts of X as its API (version 2) answers and as twarc keeps them: an answer a line, a post a line, or one answer as a document.

An answer lists posts in `data` and keeps beside them (`includes`) who wrote them and what they pass on or answer. Each post of an answer is a piece;
what stands around them is the frame, from which the names and the whole text of what is passed on are taken. A post that was passed on is not
counted as posted where it only stands beside others; what of it is known is told with the post that passes it on.

References:
    - https://docs.x.com/x-api/fundamentals/data-dictionary
    - https://twarc-project.readthedocs.io/en/latest/twarc2_en_us/ (flatten)
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import POST
from vigie.records.post import EDITED, POSTED, QUOTED, REPLIED, REPOSTED
from vigie.sources.json_documents import cuts_of, items_of, last_line, line_ends
from vigie.sources.json_fields import NO_OBJECT, shaped
from vigie.sources.post_rows import (
    ADDRESS,
    EMPTY,
    HASHTAG,
    MENTION,
    clock_of_x,
    instants,
    own_words,
    post_rows,
    told_or_seen,
)
from vigie.sources.rows import reasons, text_of
from vigie.sources.source import FRAME, Ends, Reading, Recognition, Source

NO_POST: Final = "no post of X"
"""Why an object that is none is unread: an answer that found nothing, or something else."""
DOCUMENT: Final = "document"
"""Layout of a file that is one document, not one a line."""

_LARGEST: Final = 48 * 1024 * 1024
"""Bytes of one answer; of a larger one the posts are read without what stands behind them all."""
_ENTITIES: Final[dict[str, Any]] = {
    "urls": [{"url": "VARCHAR", "expanded_url": "VARCHAR", "unwound_url": "VARCHAR"}],
    "hashtags": [{"tag": "VARCHAR"}],
    "mentions": [{"username": "VARCHAR"}],
}
_BODY: Final[dict[str, Any]] = {
    "id": "VARCHAR", "author_id": "VARCHAR", "created_at": "VARCHAR", "text": "VARCHAR", "note_tweet": {"text": "VARCHAR", "entities": _ENTITIES},
    "entities": _ENTITIES, "author": {"username": "VARCHAR"}, "attachments": {"media_keys": ["VARCHAR"]},
}  # fmt: skip
_POST: Final = json.dumps(
    _BODY
    | {
        "author_user": {"username": "VARCHAR"}, "lang": "VARCHAR", "source": "VARCHAR", "in_reply_to_user_id": "VARCHAR",
        "in_reply_to_user": {"username": "VARCHAR"}, "edit_history_tweet_ids": ["VARCHAR"], "referenced_tweets": [{"type": "VARCHAR"} | _BODY],
        "public_metrics": dict.fromkeys(("retweet_count", "reply_count", "like_count", "quote_count", "impression_count"), "BIGINT"),
        "__twarc": {"retrieved_at": "VARCHAR"},
    }
)  # fmt: skip
_FRAME: Final = json.dumps(
    {"includes": {"users": [{"id": "VARCHAR", "username": "VARCHAR"}], "tweets": [_BODY]}, "__twarc": {"retrieved_at": "VARCHAR"}}
)
_RANKS: Final = {"retweeted": 0, "quoted": 1, "replied_to": 2}
_KINDS: Final = {"retweeted": REPOSTED, "quoted": QUOTED, "replied_to": REPLIED}
_HEAD: Final = r'"data"\s*:\s*\[\s*$'
_AROUND: Final = r"^\s*[\]},]"
_LISTED: Final = re.compile(rb'"data"\s*:\s*\[')
_ESCAPES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ANSWER: Final = re.compile(rb'[\s\[]*\{\s*"(?:data|includes|meta|errors|__twarc)"\s*:')
_OF_ANSWER: Final = re.compile(rb'"(?:edit_history_tweet_ids|author_id|public_metrics|conversation_id|newest_id|referenced_tweets)"\s*:')
_FLAT: Final = (b'"author_id"', b'"text"', b'"created_at"', b'"id"')


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where posts and frames of answers end; as long as more may come, where the last answer that is whole does."""
    lines = reading.layout != DOCUMENT
    if lines and not final:
        return last_line(data)
    if lines and not _LISTED.search(data) and data.lstrip()[:1] != b"[":
        return line_ends(data)
    items = items_of(data, ("data",), lines=lines)
    whole = items.outer[items.outer >= 0]
    if final:
        return cuts_of(items, data, line_ends(data) if lines else whole)
    if not len(whole) and len(items.begins) and (len(data) > _LARGEST or not _LISTED.search(data)):
        return items.begins[-1:]
    return whole[-1:]


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of posts and of what stands around them.

    Args:
        batch: rows of `LINE`.
        reading: `layout` says whether the file is one document; times are UTC.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    raw = text_of(batch.column("line"))
    text = raw.str.strip_chars(" \t\r\n,\ufeff")
    head = text.str.contains(_HEAD)
    frame = (head | (~text.str.starts_with("{") if reading.layout == DOCUMENT else raw.str.contains(_AROUND))).to_numpy()
    found, fields = shaped(text, _POST)
    posts = _with_references(_own(fields))
    if frame.any():
        posts = _with_frames(posts, _pages(head.to_numpy(), frame), raw, frame)
    why = reasons((frame, FRAME), ((text == "").to_numpy(), EMPTY), (~found, NO_OBJECT), ((posts["id"].is_null() | posts["text"].is_null()).to_numpy(), NO_POST))
    precision = posts.select(pl.when(pl.col("created_at").is_null()).then(pl.lit("ms")).otherwise(pl.lit("s"))).to_series()
    return post_rows(batch, _columns(posts), why, "x", precision)


def _own(fields: pl.DataFrame) -> pl.DataFrame:
    """What a post says of itself, one row each."""
    struct = pl.col
    return fields.select(
        *_body(),
        struct("author_user").struct.field("username").alias("other_name"),
        "lang", "source", "in_reply_to_user_id", "edit_history_tweet_ids", "referenced_tweets", "public_metrics",
        struct("in_reply_to_user").struct.field("username").alias("answered_name"),
        struct("__twarc").struct.field("retrieved_at").alias("retrieved_at"),
    ).with_columns(pl.coalesce("name", "other_name").alias("name")).drop("other_name").with_row_index("row")  # fmt: skip


def _body() -> list[pl.Expr]:
    """What the API tells of a post, whether it is in a list of its own or beside another."""
    note, entities = pl.col("note_tweet").struct.field("text"), pl.col("entities")
    long = pl.col("note_tweet").struct.field("entities")
    return [
        pl.col("id"), pl.col("author_id"), pl.col("created_at"), pl.coalesce(note, pl.col("text")).alias("text"),
        *(_list_of(long, entities, name, made).alias(name) for name, made in (("urls", _address()), ("hashtags", _of("tag")), ("mentions", _of("username")))),
        pl.col("attachments").struct.field("media_keys").alias("media_keys"),
        pl.col("author").struct.field("username").alias("name"),
    ]  # fmt: skip


def _list_of(long: pl.Expr, short: pl.Expr, name: str, made: pl.Expr) -> pl.Expr:
    """A list of the entities: those of the long text, else of the short one; empty where there are entities, but none of these."""
    told = pl.coalesce(long.struct.field(name), short.struct.field(name)).list.eval(made)
    return pl.when(told.is_null() & short.is_not_null()).then(pl.lit([], pl.List(pl.String))).otherwise(told)


def _of(name: str) -> pl.Expr:
    return pl.element().struct.field(name)


def _address() -> pl.Expr:
    return pl.coalesce(_of("unwound_url"), _of("expanded_url"), _of("url"))


def _with_references(posts: pl.DataFrame) -> pl.DataFrame:
    """The post that each passes on, quotes or answers, in columns that begin with `of_`."""
    told = posts.select("row", "referenced_tweets").filter(pl.col("referenced_tweets").list.len() > 0)
    flat = told.explode("referenced_tweets").unnest("referenced_tweets")
    flat = flat.select("row", pl.col("type").alias("relation"), pl.col("type").replace_strict(_RANKS, default=None, return_dtype=pl.Int8).alias("rank"), *_body())
    first = flat.drop_nulls(["rank", "id"]).sort("row", "rank", maintain_order=True).unique("row", keep="first", maintain_order=True).drop("rank")
    first = first.rename({name: f"of_{name}" for name in first.columns if name not in ("row", "relation")})
    return posts.drop("referenced_tweets").join(first, "row", "left", maintain_order="left")


def _pages(head: npt.NDArray[np.bool_], frame: npt.NDArray[np.bool_]) -> pl.Series:
    """The answer that each piece belongs to: one begins with its head, or behind the end of another."""
    new = head.copy()
    new[1:] |= frame[:-1] & ~head[:-1] & ~frame[1:]
    return pl.Series("page", np.cumsum(new))


def _with_frames(posts: pl.DataFrame, pages: pl.Series, text: pl.Series, frame: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Names, whole texts and times of collection from what stands around posts."""
    around = pl.DataFrame({"page": pages, "text": text}).filter(pl.Series(frame)).group_by("page", maintain_order=True).agg(pl.col("text").str.join())
    bare = around["text"].str.strip_chars_start(" \t\r\n,[\ufeff").str.strip_chars_end(" \t\r\n,]")
    whole = pl.select(pl.when(bare.str.starts_with("]")).then(pl.lit('{"data":[') + bare).otherwise(bare)).to_series()
    _, fields = shaped(whole, _FRAME)
    fields = fields.with_columns(around["page"])
    users = _beside(fields, "users").select("page", pl.col("id").alias("author_id"), pl.col("username").alias("told"))
    users = users.drop_nulls().unique(["page", "author_id"], keep="first", maintain_order=True)
    others = _beside(fields, "tweets").select("page", *_body()).drop_nulls("id").unique(["page", "id"], keep="first", maintain_order=True)
    others = others.join(users, ["page", "author_id"], "left", maintain_order="left").with_columns(pl.coalesce("name", "told").alias("name")).drop("told")
    names = [name for name in others.columns if name not in ("page", "id")]
    out = posts.with_columns(pages).join(users, ["page", "author_id"], "left", maintain_order="left").with_columns(pl.coalesce("name", "told")).drop("told")
    out = out.join(users.rename({"author_id": "in_reply_to_user_id"}), ["page", "in_reply_to_user_id"], "left", maintain_order="left")
    out = out.with_columns(pl.coalesce("answered_name", "told").alias("answered_name")).drop("told")
    out = out.join(others.rename({name: f"beside_{name}" for name in names} | {"id": "of_id"}), ["page", "of_id"], "left", maintain_order="left")
    out = out.with_columns(pl.coalesce(f"of_{name}", f"beside_{name}").alias(f"of_{name}") for name in names)
    times = fields.select("page", pl.col("__twarc").struct.field("retrieved_at").alias("told"))
    return out.join(times, "page", "left", maintain_order="left").with_columns(pl.coalesce("retrieved_at", "told").alias("retrieved_at"))


def _beside(fields: pl.DataFrame, name: str) -> pl.DataFrame:
    listed = fields.select("page", pl.col("includes").struct.field(name).alias("one")).filter(pl.col("one").list.len() > 0)
    return listed.explode("one").drop_nulls("one").unnest("one")


def _columns(posts: pl.DataFrame) -> dict[str, pl.Series]:
    """Columns of `POST`."""
    stripped, passed = own_words(posts["text"])
    posts = posts.with_columns(
        stripped.alias("stripped"),
        passed.alias("passed"),
        (pl.col("relation") == "retweeted").fill_null(value=False).alias("reposts"),
        (pl.col("edit_history_tweet_ids").list.len() > 1).fill_null(value=False).alias("edits"),
    ).with_columns((pl.col("relation").is_null() & passed.is_not_null()).alias("by_name"))
    whole = pl.col("reposts") & pl.col("of_text").is_not_null()
    later = pl.col("edits") & (pl.col("id") != pl.col("edit_history_tweet_ids").list.first())
    kind = (
        pl.when("by_name").then(pl.lit(REPOSTED))
        .when(later).then(pl.lit(EDITED))
        .when(pl.col("relation").is_not_null()).then(pl.col("relation").replace_strict(_KINDS, default=None, return_dtype=pl.String))
        .when(pl.col("in_reply_to_user_id").is_not_null()).then(pl.lit(REPLIED))
        .otherwise(pl.lit(POSTED))
    )  # fmt: skip
    answers = (pl.col("relation") == "replied_to").fill_null(value=False) | pl.col("relation").is_null()
    made = posts.select(
        kind.alias("kind"),
        pl.when(later).then(pl.col("edit_history_tweet_ids").list.first()).otherwise("id").alias("post_id"),
        pl.when(whole).then("of_text").when(pl.col("reposts") | pl.col("by_name")).then("stripped").otherwise("text").str.replace_many(_ESCAPES).alias("text"),
        *(pl.when(whole).then(f"of_{name}").otherwise(name).alias(name) for name in ("urls", "hashtags", "mentions")),
        pl.when(whole).then(pl.coalesce("of_media_keys", "media_keys")).otherwise("media_keys").alias("media"),
        pl.coalesce("of_author_id", pl.when(answers).then("in_reply_to_user_id")).alias("ref_account_id"),
        pl.coalesce("of_name", pl.when(answers).then("answered_name"), pl.when(pl.col("by_name") | pl.col("reposts")).then("passed")).alias("ref_account_name"),
        pl.col("edits"),
    )  # fmt: skip
    seen = instants(posts["created_at"])
    metrics = posts["public_metrics"].struct
    return {
        "seen_at": seen.fill_null(clock_of_x(posts["id"])) if seen.null_count() else seen,
        "edited_at": seen.set(made["kind"] != EDITED, None),
        "collected_at": instants(posts["retrieved_at"]),
        "post_id": made["post_id"], "account_id": posts["author_id"], "account_name": posts["name"], "kind": made["kind"],
        "ref_post_id": posts["of_id"], "ref_account_id": made["ref_account_id"], "ref_account_name": made["ref_account_name"],
        "ref_at": instants(posts["of_created_at"]),
        "text": made["text"], "language": posts["lang"], "client": posts["source"],
        "links": told_or_seen(made["urls"], made["text"], ADDRESS),
        "hashtags": told_or_seen(made["hashtags"], made["text"], HASHTAG),
        "mentions": told_or_seen(made["mentions"], made["text"], MENTION),
        "media": made["media"].list.eval(pl.when(pl.element().str.starts_with("{")).then(pl.element().str.extract(r'"media_key"\s*:\s*"([^"]{1,64})"')).otherwise(pl.element())),
        "likes": metrics.field("like_count"), "reposts": metrics.field("retweet_count"), "replies": metrics.field("reply_count"),
        "quotes": metrics.field("quote_count"), "views": metrics.field("impression_count"),
    }  # fmt: skip


def claims(head: bytes) -> Recognition | None:
    """Claim answers of the API, and posts a line, by what the first of them holds."""
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body[:1] not in (b"{", b"["):
        return None
    first, _, more = body[:262_144].partition(b"\n")
    answer = bool(_ANSWER.match(body) and _LISTED.search(first if more and first.rstrip()[-1:] == b"}" else body) and _OF_ANSWER.search(body[:262_144]))
    pretty = bool(more) and first.rstrip()[-1:] not in (b"}", b"]")
    if answer:
        return Recognition(1.0, "X API v2 answers", layout=DOCUMENT if pretty else "")
    start = body[:65_536] if pretty else first
    if all(re.search(name + rb"\s*:", start) for name in _FLAT) and b'"author_id"' in start and not _LISTED.search(start):
        return Recognition(1.0, "X API v2 posts", layout=DOCUMENT if pretty or body[:1] == b"[" else "")
    return None


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that are answers or posts of the API."""
    found = [claims(line[:262_144]) for line in sample[:200]]
    titles = [claim.title for claim in found if claim is not None and not claim.layout]
    return Recognition(len(titles) / len(found), titles[0]) if titles else None


SOURCE = Source(
    "x_api", POST, recognise, read, ends=ends, claims=claims, specific=4,
    references=("https://docs.x.com/x-api/fundamentals/data-dictionary", "https://twarc-project.readthedocs.io/"),
)  # fmt: skip
"""One row each post, and one for what stands around those of an answer."""
