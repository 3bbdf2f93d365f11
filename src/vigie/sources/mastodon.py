"""Posts of Mastodon as its API gives them: a list of statuses as a document, an answer or a status a line. Truth Social writes the same.

The number of a status holds on one server only, so a post is known by its `uri` and an account by its name with its server. On Truth Social, which
is one server, both are known by their numbers. What was written for followers or to single people is not read.

References:
    - https://docs.joinmastodon.org/entities/Status/
    - https://docs.joinmastodon.org/entities/Account/ (`acct`, `bot`)
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
from vigie.records.post import POSTED, QUOTED, REPLIED, REPOSTED
from vigie.sources.json_documents import cuts_of, items_of, last_line, line_ends
from vigie.sources.json_fields import NO_OBJECT, shaped
from vigie.sources.post_html import links_of_html, text_of_html
from vigie.sources.post_rows import EMPTY, instants, post_rows
from vigie.sources.rows import reasons, text_of
from vigie.sources.source import FRAME, Ends, Reading, Recognition, Source

NO_STATUS: Final = "no status of Mastodon"
FOR_FOLLOWERS: Final = "for followers only"
FOR_SOME: Final = "a message to single people"
"""Why statuses that are not public are not read."""
DOCUMENT: Final = "document"
"""Layout of a file that is one document, not one a line."""

_ACCOUNT: Final[dict[str, Any]] = {"id": "VARCHAR", "username": "VARCHAR", "acct": "VARCHAR", "url": "VARCHAR", "bot": "BOOLEAN"}
_BODY: Final[dict[str, Any]] = {
    "id": "VARCHAR", "uri": "VARCHAR", "url": "VARCHAR", "created_at": "VARCHAR", "content": "VARCHAR", "text": "VARCHAR", "language": "VARCHAR",
    "account": _ACCOUNT, "card": {"url": "VARCHAR"}, "media_attachments": [{"id": "VARCHAR"}], "tags": [{"name": "VARCHAR"}],
    "mentions": [{"acct": "VARCHAR", "url": "VARCHAR"}],
}  # fmt: skip
SHAPE: Final[dict[str, Any]] = {
    **_BODY,
    "edited_at": "VARCHAR", "visibility": "VARCHAR", "in_reply_to_id": "VARCHAR", "in_reply_to_account_id": "VARCHAR", "application": {"name": "VARCHAR"},
    "favourites_count": "BIGINT", "reblogs_count": "BIGINT", "replies_count": "BIGINT", "quotes_count": "BIGINT",
    "reblog": _BODY, "quote": {**_BODY, "quoted_status": _BODY},
}  # fmt: skip
"""What is taken of a status."""
_SHAPE: Final = json.dumps(SHAPE)
_HOST: Final = r"^(?i:https?)://([^/?#@]{1,253})/"
_STATUSES: Final = re.compile(rb'"statuses"\s*:\s*\[')
_HEAD: Final = r"\[\s*$"
_AROUND: Final = r"^\s*[\]},\[]"
_KEYS: Final = (rb'"account"\s*:\s*\{', rb'"content"\s*:\s*"', rb'"created_at"\s*:\s*"', rb'"(?:visibility|reblogs_count|favourites_count|in_reply_to_id)"\s*:')


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where statuses and what stands around them end."""
    lines = reading.layout != DOCUMENT
    if lines and not final:
        return last_line(data)
    if lines and not _STATUSES.search(data) and data[:1] != b"[" and b"\n[" not in data:
        return line_ends(data)
    items = items_of(data, ("statuses",), lines=lines)
    if final:
        return cuts_of(items, data, line_ends(data) if lines else None)
    return items.begins[items.begins > 0][-1:]


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of statuses.

    Args:
        batch: rows of `LINE`.
        reading: `layout` says whether the file is one document; times are UTC.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    raw = text_of(batch.column("line"))
    text = raw.str.strip_chars(" \t\r\n,\ufeff")
    around = ~text.str.starts_with("{") if reading.layout == DOCUMENT else raw.str.contains(_AROUND)
    found, fields = shaped(text, _SHAPE)
    why = reasons(
        ((around | text.str.contains(_HEAD)).to_numpy(), FRAME), ((text == "").to_numpy(), EMPTY), (~found, NO_OBJECT),
        (~is_status(fields).to_numpy(), NO_STATUS), *(((fields["visibility"] == name).fill_null(value=False).to_numpy(), reason)
                                                      for name, reason in (("private", FOR_FOLLOWERS), ("direct", FOR_SOME))),
    )  # fmt: skip
    columns = columns_of(fields)
    return post_rows(batch, columns, why, columns.pop("platform"), columns.pop("time_precision"))


def is_status(fields: pl.DataFrame) -> pl.Series:
    """Which rows of `SHAPE` are statuses."""
    account = pl.col("account").struct
    return fields.select(pl.col("id").is_not_null() & pl.col("created_at").is_not_null() & account.field("id").is_not_null()).to_series()


def columns_of(fields: pl.DataFrame) -> dict[str, pl.Series]:
    """Columns of `POST`, `platform` and `time_precision` among them, from columns of `SHAPE`."""
    own = fields.select(*_body(pl.col), "created_at", "edited_at", "in_reply_to_id", "in_reply_to_account_id", pl.col("application").struct.field("name").alias("client"))
    reposted = fields.select(*_body(pl.col("reblog").struct.field))
    quoted_one = _quoted(fields["quote"]).select(*_body(pl.col))
    frame = pl.concat([own, reposted.rename(lambda name: f"re_{name}"), quoted_one.rename(lambda name: f"qu_{name}")], how="horizontal")
    truth = (pl.col("host") == "truthsocial.com").fill_null(value=False)
    reposts, quotes = pl.col("re_id").is_not_null(), pl.col("qu_id").is_not_null()
    frame = frame.with_columns(truth.alias("truth"))
    made = frame.select(
        pl.when("truth").then(pl.lit("truth")).otherwise(pl.lit("mastodon")).alias("platform"),
        pl.when(pl.col("created_at").str.contains(r"\.\d*[1-9]\d*")).then(pl.lit("ms")).otherwise(pl.lit("s")).alias("time_precision"),
        *(pl.when("truth").then(f"{part}id").otherwise(pl.coalesce(f"{part}uri", f"{part}url", f"{part}id")).alias(f"{part}post") for part in ("", "re_", "qu_")),
        *(pl.when("truth").then(f"{part}account_id").otherwise(f"{part}full").alias(f"{part}account") for part in ("", "re_", "qu_")),
        "full", "client",
        pl.when(reposts).then(pl.lit(REPOSTED)).when(quotes).then(pl.lit(QUOTED)).when(pl.col("in_reply_to_id").is_not_null()).then(pl.lit(REPLIED))
        .otherwise(pl.lit(POSTED)).alias("kind"),
        *(pl.when(reposts).then(f"re_{name}").otherwise(name).alias(name) for name in ("html", "plain", "language", "card", "media", "hashtags", "mentions")),
        pl.when(pl.col("bot")).then(pl.lit("account.bot")).alias("declared"),
    )  # fmt: skip
    answered = frame["in_reply_to_id"].set(made["kind"] != REPLIED, None)
    asked = frame["in_reply_to_account_id"].set((made["kind"] != REPLIED) | ~frame["truth"], None)
    links = pl.DataFrame({"links": links_of_html(made["html"]), "card": made["card"]})
    empty = pl.lit([], pl.List(pl.String))
    links = links.select(
        pl.when((pl.col("links").fill_null(empty).list.len() == 0) & pl.col("card").is_not_null()).then(pl.concat_list("card")).otherwise("links").alias("links")
    )
    return {
        "platform": made["platform"], "time_precision": made["time_precision"],
        "seen_at": instants(frame["created_at"]), "edited_at": instants(frame["edited_at"]),
        "post_id": made["post"], "account_id": made["account"], "account_name": made["full"], "kind": made["kind"],
        "ref_post_id": made["re_post"].fill_null(made["qu_post"]).fill_null(answered),
        "ref_account_id": made["re_account"].fill_null(made["qu_account"]).fill_null(asked),
        "ref_at": instants(frame["re_created"].fill_null(frame["qu_created"])),
        "text": text_of_html(made["html"]).fill_null(made["plain"]), "language": made["language"], "client": made["client"], "declared": made["declared"],
        "links": links["links"], "hashtags": made["hashtags"], "mentions": made["mentions"], "media": made["media"],
        "likes": fields["favourites_count"], "reposts": fields["reblogs_count"], "replies": fields["replies_count"], "quotes": fields["quotes_count"],
    }  # fmt: skip


def _quoted(quotes: pl.Series) -> pl.DataFrame:
    """Statuses that are quoted: as they stand (Truth Social), or with what became of the quote around them (Mastodon)."""
    under = quotes.struct.field("quoted_status")
    told = under.struct.field("id").is_not_null().to_numpy()
    names = under.struct.fields
    both = [pl.DataFrame([one.struct.field(name) for name in names]) for one in (quotes, under)]
    return pl.concat(both)[np.arange(len(quotes)) + np.where(told, len(quotes), 0)] if told.any() else both[0]


def _body(column: Any) -> list[pl.Expr]:
    """What the API tells of a status, whether it stands by itself or in another.

    Args:
        column: name of a part of the status → expression.
    """
    account = column("account").struct
    host = account.field("url").str.extract(_HOST).str.to_lowercase()
    acct = account.field("acct")
    server = pl.element().struct.field("url").str.extract(_HOST).str.to_lowercase()
    mention = pl.element().struct.field("acct")
    return [
        column("id").alias("id"), column("uri").alias("uri"), column("url").alias("url"), column("created_at").alias("created"),
        column("content").alias("html"), column("text").alias("plain"), column("language").alias("language"), column("card").struct.field("url").alias("card"),
        column("media_attachments").list.eval(pl.element().struct.field("id")).alias("media"),
        column("tags").list.eval(pl.element().struct.field("name")).alias("hashtags"),
        column("mentions").list.eval(_full(mention, server)).alias("mentions"),
        account.field("id").alias("account_id"), host.alias("host"), _full(acct, host).alias("full"), account.field("bot").alias("bot"),
    ]  # fmt: skip


def _full(acct: pl.Expr, host: pl.Expr) -> pl.Expr:
    """The name of an account with its server; a server leaves its own name out."""
    return pl.when(acct.str.contains("@", literal=True) | host.is_null()).then(acct).otherwise(pl.concat_str(acct, pl.lit("@"), host))


def claims(head: bytes) -> Recognition | None:
    """Claim statuses by the keys of the first one."""
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body[:1] not in (b"{", b"["):
        return None
    first, _, more = body[:262_144].partition(b"\n")
    pretty = bool(more) and first.rstrip()[-1:] not in (b"}", b"]")
    start = body[:262_144] if pretty else first
    if not all(re.search(key, start) for key in _KEYS):
        return None
    whole = pretty or (body[:1] == b"[" and not more.lstrip()[:1])
    return Recognition(1.0, "Mastodon statuses", layout=DOCUMENT if whole else "")


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that are statuses."""
    count = sum(line[:1] == b"{" and all(re.search(key, line[:262_144]) for key in _KEYS) for line in sample[:200])
    return Recognition(count / len(sample[:200]), "Mastodon statuses") if count else None


SOURCE = Source(
    "mastodon", POST, recognise, read, ends=ends, claims=claims, specific=4,
    references=("https://docs.joinmastodon.org/entities/Status/",),
)  # fmt: skip
"""One row a status."""
