"""What Zeeschuimer captured in a browser (NDJSON), as it exports it or as 4CAT keeps it: posts of X, Truth Social and TikTok.

Each line holds the object that the platform's own page was given, in `data` where Zeeschuimer wrote it, with a note in `__import_meta` where 4CAT
did. Objects of other platforms are unread and say so: 4CAT makes tables of them, which are read.

References:
    - https://github.com/digitalmethodsinitiative/zeeschuimer
    - https://github.com/digitalmethodsinitiative/4cat (datasources/twitter-import, datasources/tiktok, datasources/truth)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import POST
from vigie.sources import mastodon, x_web
from vigie.sources.json_fields import NO_OBJECT, shaped
from vigie.sources.post_rows import ADDRESS, MENTION, post_rows, told_or_seen
from vigie.sources.rows import in_order, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import epoch_times

NO_CAPTURE: Final = "no capture of Zeeschuimer"
NO_POST: Final = "captured, but no post"
OTHER_PLATFORM: Final = "captured from a platform that is not read here (export it from 4CAT as CSV)"

_META: Final[dict[str, Any]] = {"source_platform": "VARCHAR", "timestamp_collected": "VARCHAR", "item_id": "VARCHAR"}
_LINE: Final = json.dumps({**_META, "data": "JSON", "__import_meta": _META, "rest_id": "VARCHAR", "legacy": {"id_str": "VARCHAR"}})
_TIKTOK: Final[dict[str, Any]] = {
    "id": "VARCHAR", "desc": "VARCHAR", "createTime": "VARCHAR", "author": {"id": "VARCHAR", "uniqueId": "VARCHAR"}, "textLanguage": "VARCHAR",
    "textExtra": [{"hashtagName": "VARCHAR"}], "stats": dict.fromkeys(("diggCount", "shareCount", "commentCount", "playCount"), "VARCHAR"),
}  # fmt: skip
_PLATFORMS: Final = {"twitter.com": "x", "x.com": "x", "truthsocial.com": "truth", "tiktok.com": "tiktok"}
_SAMPLE: Final = (re.compile(rb'"source_platform"\s*:\s*"'), re.compile(rb'"(?:timestamp_collected|item_id)"\s*:'))
_NATIVE: Final = re.compile(rb'^\s*\{.{0,4000}?"rest_id"\s*:\s*"\d', re.DOTALL)


def read(batch: pa.RecordBatch, _: Reading) -> pa.RecordBatch:
    """Read a batch of captures.

    Args:
        batch: rows of `LINE`.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    found, lines = shaped(text, _LINE)
    meta = lines["__import_meta"].struct
    place = lines["source_platform"].fill_null(meta.field("source_platform"))
    host = place.str.to_lowercase().str.extract(r"^(?:https?://)?(?:www\.|m\.)?([a-z0-9.-]{1,64})")
    native = lines["rest_id"].is_not_null() | lines["legacy"].struct.field("id_str").is_not_null()
    platform = host.replace_strict(_PLATFORMS, default="other", return_dtype=pl.String)
    platform = platform.set(host.is_null(), "none").set(host.is_null() & native, "x")
    inner = text.set(lines["data"].str.starts_with("{").fill_null(value=False), None).fill_null(lines["data"])
    collected = epoch_times(lines["timestamp_collected"].fill_null(meta.field("timestamp_collected")), 1_000)
    why = reasons((~found, NO_OBJECT), ((platform == "none").to_numpy(), NO_CAPTURE), ((platform == "other").to_numpy(), OTHER_PLATFORM))
    names = np.where(why == "", platform.to_numpy(), "none")
    parts, places = [], []
    for name in np.unique(names).tolist():
        rows = np.flatnonzero(names == name)
        parts.append(_of_platform(name, batch.take(pa.array(rows)), inner.gather(rows), collected.gather(rows), why[rows]))
        places.append(rows)
    return in_order(parts, places) if parts else post_rows(batch, {"seen_at": collected}, why, "other", "s")


def _of_platform(name: str, batch: pa.RecordBatch, text: pl.Series, collected: pl.Series, why: npt.NDArray[np.str_]) -> pa.RecordBatch:
    """Rows of one platform."""
    if name == "none":
        return post_rows(batch, {"seen_at": collected}, why, "other", "s")
    shape, columns_of = _READERS[name]
    _, fields = shaped(text, shape)
    columns = columns_of(fields)
    lost = columns["post_id"].is_null() | columns["text"].is_null()
    hidden = fields["visibility"].is_in(["private", "direct"]).fill_null(value=False) if "visibility" in fields.columns else lost & False
    precision = columns.pop("time_precision", "s")
    columns.pop("platform", None)
    return post_rows(batch, {**columns, "collected_at": collected}, reasons((hidden.to_numpy(), mastodon.FOR_FOLLOWERS), (lost.to_numpy(), NO_POST)), name, precision)


def _of_tiktok(fields: pl.DataFrame) -> dict[str, Any]:
    author, stats = fields["author"].struct, fields["stats"].struct
    return {
        "seen_at": epoch_times(fields["createTime"], 1), "post_id": fields["id"], "account_id": author.field("id"), "account_name": author.field("uniqueId"),
        "text": fields["desc"], "language": fields["textLanguage"], "hashtags": fields["textExtra"].list.eval(pl.element().struct.field("hashtagName")),
        "links": told_or_seen(pl.Series([None] * len(fields), dtype=pl.List(pl.String)), fields["desc"], ADDRESS),
        "mentions": told_or_seen(pl.Series([None] * len(fields), dtype=pl.List(pl.String)), fields["desc"], MENTION),
        "likes": stats.field("diggCount"), "reposts": stats.field("shareCount"), "replies": stats.field("commentCount"), "views": stats.field("playCount"),
    }  # fmt: skip


_READERS: Final[dict[str, tuple[str, Callable[[pl.DataFrame], dict[str, Any]]]]] = {
    "x": (json.dumps(x_web.SHAPE), x_web.columns_of),
    "truth": (json.dumps(mastodon.SHAPE), mastodon.columns_of),
    "tiktok": (json.dumps(_TIKTOK), _of_tiktok),
}


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that say which platform they were captured from, or hold an object of X's pages."""
    lines = sample[:200]
    count = sum(line[:1] == b"{" and (all(one.search(line) for one in _SAMPLE) or (_NATIVE.match(line) is not None and b'"full_text"' in line)) for line in lines)
    return Recognition(count / len(lines), "Zeeschuimer captures") if count else None


SOURCE = Source(
    "zeeschuimer", POST, recognise, read, specific=5,
    references=("https://github.com/digitalmethodsinitiative/zeeschuimer", "https://github.com/digitalmethodsinitiative/4cat"),
)  # fmt: skip
"""One row a capture."""
