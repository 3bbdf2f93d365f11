"""Bluesky's stream of what happens (Jetstream), one JSON event a line: posts, reposts, and what became of them.

The time of a post is that at which the stream saw it (`time_us`); `createdAt` is the client's own word, may be years off, and is kept beside it.
A post is known by its address (`at://` account, collection, key), an account by its DID: no event of a post holds the name. The form of 2024
(`type` in place of `kind` and `operation`) is read too.

References:
    - https://github.com/bluesky-social/jetstream
    - https://docs.bsky.app/docs/advanced-guides/post-richtext; https://atproto.com/specs/at-uri-scheme
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import POST
from vigie.records.post import DELETED, EDITED, POSTED, QUOTED, REPLIED, REPOSTED
from vigie.sources.json_fields import NO_OBJECT, shaped
from vigie.sources.post_rows import EMPTY, instants, post_rows
from vigie.sources.rows import reasons, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_EVENT: Final = "no Jetstream event"

_OTHERS: Final = {
    "app.bsky.feed.like": "not a post: a like", "app.bsky.graph.follow": "not a post: a follow", "app.bsky.graph.block": "not a post: a block",
    "app.bsky.actor.profile": "not a post: a profile", "identity": "not a post: an account's name", "account": "not a post: an account's state",
}  # fmt: skip
"""What other events are, by their collection or kind."""
NO_POST: Final = "not a post: another kind of record"
_BLOB: Final[dict[str, Any]] = {"ref": {"$link": "VARCHAR"}, "cid": "VARCHAR"}
_MEDIA: Final[dict[str, Any]] = {"external": {"uri": "VARCHAR"}, "images": [{"image": _BLOB}], "video": _BLOB}
_EVENT: Final = json.dumps(
    {
        "did": "VARCHAR", "time_us": "BIGINT", "kind": "VARCHAR", "type": "VARCHAR",
        "commit": {
            "operation": "VARCHAR", "type": "VARCHAR", "collection": "VARCHAR", "rkey": "VARCHAR",
            "record": {
                "text": "VARCHAR", "createdAt": "VARCHAR", "langs": ["VARCHAR"], "tags": ["VARCHAR"], "subject": {"uri": "VARCHAR"},
                "reply": {"parent": {"uri": "VARCHAR"}}, "facets": [{"features": [{"uri": "VARCHAR", "did": "VARCHAR", "tag": "VARCHAR"}]}],
                "embed": {**_MEDIA, "record": {"uri": "VARCHAR", "record": {"uri": "VARCHAR"}}, "media": _MEDIA},
            },
        },
    }
)  # fmt: skip
_POSTS: Final = "app.bsky.feed.post"
_REPOSTS: Final = "app.bsky.feed.repost"
_KINDS: Final = {"com": "commit", "id": "identity", "acc": "account"}
_OPERATIONS: Final = {"c": "create", "u": "update", "d": "delete"}
_TO_POST: Final = r"^at://[^/]+/app\.bsky\.feed\.post/"
_LATEST: Final = 4_102_444_800_000_000
"""The year 2100, in microseconds."""
_SAMPLE: Final = re.compile(rb'\s*\{(?=.{0,200}?"did"\s*:\s*"did:)(?=.{0,400}?"time_us"\s*:\s*\d)', re.DOTALL)


def read(batch: pa.RecordBatch, _: Reading) -> pa.RecordBatch:
    """Read a batch of events.

    Args:
        batch: rows of `LINE`.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    found, fields = shaped(text, _EVENT)
    events = _events(fields)
    collection = events["collection"]
    ours = collection.is_in([_POSTS, _REPOSTS]).fill_null(value=False) & events["kind"].is_not_null()
    other = collection.fill_null(events["event"]).replace_strict(_OTHERS, default=NO_POST, return_dtype=pl.String)
    why = reasons(
        ((text.str.strip_chars() == "").to_numpy(), EMPTY), (~found, NO_OBJECT), ((events["did"].is_null() | events["event"].is_null()).to_numpy(), NO_EVENT),
    )  # fmt: skip
    why = np.where((why == "") & ~ours.to_numpy(), other.to_numpy(), why)
    return post_rows(batch, _columns(events), why.astype(np.str_), "bluesky", "us")


def _events(fields: pl.DataFrame) -> pl.DataFrame:
    """One row an event: who, when, what was done to which record, and what the record holds."""
    commit = pl.col("commit").struct
    told = fields.select(
        "did",
        pl.when(pl.col("time_us").is_between(1, _LATEST)).then("time_us").cast(pl.Datetime("us", "UTC")).alias("seen_at"),
        pl.coalesce("kind", pl.col("type").replace(_KINDS)).alias("event"),
        pl.coalesce(commit.field("operation"), commit.field("type").replace(_OPERATIONS)).alias("operation"),
        commit.field("collection"),
        pl.format("at://{}/{}/{}", "did", commit.field("collection"), commit.field("rkey")).alias("post_id"),
        commit.field("record").alias("record"),
    )
    told = told.with_columns(pl.when(pl.col("record").struct.field("createdAt").is_not_null()).then("record"))
    record, embed = pl.col("record").struct, pl.col("record").struct.field("embed").struct
    quoted = pl.coalesce(embed.field("record").struct.field("uri"), embed.field("record").struct.field("record").struct.field("uri"))
    told = told.with_columns(
        pl.when(quoted.str.contains(_TO_POST)).then(quoted).alias("quoted"),
        record.field("reply").struct.field("parent").struct.field("uri").alias("answered"),
        record.field("subject").struct.field("uri").alias("reposted"),
    )
    return told.with_columns(
        pl.when((pl.col("operation") == "delete") & pl.col("post_id").is_not_null()).then(pl.lit(DELETED))
        .when(pl.col("record").struct.field("createdAt").is_null() | pl.col("post_id").is_null()).then(None)
        .when(pl.col("operation") == "update").then(pl.lit(EDITED))
        .when((pl.col("collection") == _REPOSTS) & pl.col("reposted").is_not_null()).then(pl.lit(REPOSTED))
        .when(pl.col("collection") == _REPOSTS).then(None)
        .when(pl.col("quoted").is_not_null()).then(pl.lit(QUOTED))
        .when(pl.col("answered").is_not_null()).then(pl.lit(REPLIED))
        .when(pl.col("operation") == "create").then(pl.lit(POSTED))
        .alias("kind")
    )  # fmt: skip


def _columns(events: pl.DataFrame) -> dict[str, pl.Series]:
    """Columns of `POST`. A post that is there says by what it lacks that there is none; a repost and a deletion say nothing of it."""
    record = pl.col("record").struct
    embed = record.field("embed").struct
    features = record.field("facets").list.eval(pl.element().struct.field("features").list.explode(keep_nulls=False, empty_as_null=False))
    whole = pl.col("record").is_not_null() & (pl.col("collection") == _POSTS)
    made = events.select(
        whole.alias("whole"),
        record.field("text").alias("text"),
        record.field("createdAt").alias("client_at"),
        record.field("langs").list.first().alias("language"),
        pl.coalesce(pl.when(pl.col("collection") == _REPOSTS).then("reposted"), "quoted", "answered").alias("of"),
        _joined(
            features.list.eval(pl.element().struct.field("uri")),
            pl.concat_list(embed.field("external").struct.field("uri"), embed.field("media").struct.field("external").struct.field("uri")),
        ).alias("links"),
        _joined(features.list.eval(pl.element().struct.field("tag")), record.field("tags")).alias("hashtags"),
        features.list.eval(pl.element().struct.field("did")).alias("mentions"),
        _joined(_pictures(embed), _pictures(embed.field("media").struct), pl.concat_list(_blob(embed.field("video")), _blob(embed.field("media").struct.field("video")))).alias("media"),
    )
    lists = made.select(
        pl.when("whole").then(pl.col(name).fill_null(pl.lit([], pl.List(pl.String))).list.drop_nulls()).alias(name) for name in ("links", "hashtags", "mentions", "media")
    )
    return {
        "seen_at": events["seen_at"], "client_at": instants(made["client_at"]),
        "edited_at": events["seen_at"].set((events["kind"] != EDITED).fill_null(value=True), None),
        "post_id": events["post_id"], "account_id": events["did"], "kind": events["kind"],
        "ref_post_id": made["of"], "ref_account_id": made["of"].str.extract(r"^at://(did:[a-z0-9]{1,16}:[^/]{1,256})/"),
        "text": made["text"], "language": made["language"], **{name: lists[name] for name in lists.columns},
    }  # fmt: skip


def _joined(*lists: pl.Expr) -> pl.Expr:
    return pl.concat_list(*(one.fill_null(pl.lit([], pl.List(pl.String))) for one in lists))


def _blob(blob: pl.Expr) -> pl.Expr:
    return pl.coalesce(blob.struct.field("ref").struct.field("$link"), blob.struct.field("cid"))


def _pictures(embed: Any) -> pl.Expr:
    made: pl.Expr = embed.field("images").list.eval(_blob(pl.element().struct.field("image")))
    return made


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as events of the stream do."""
    share = sum(_SAMPLE.match(line[:1024]) is not None for line in sample) / len(sample)
    return Recognition(share, "Bluesky Jetstream") if share else None


SOURCE = Source(
    "bluesky_jetstream", POST, recognise, read, specific=4,
    references=("https://github.com/bluesky-social/jetstream", "https://atproto.com/specs/at-uri-scheme"),
)  # fmt: skip
"""One row an event."""
