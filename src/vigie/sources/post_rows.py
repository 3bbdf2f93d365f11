"""From what an export of posts holds to rows of `POST`: what every source of posts needs, whatever it was written in.

A source finds columns (times, ids, lists of links as written); this module gives them the one spelling in which rooms compare them, and says why
a row without time or account is unread. All of it is columnar.

References:
    - RFC 5646 (language tags); https://developer.x.com/en/docs/x-api/enterprise/powertrack-api/guides/operators (`und`, `qme` and the like)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import POST
from vigie.records.post import POSTED
from vigie.records.schema import same
from vigie.sources.links import outward
from vigie.sources.rows import NO_DATE, Column, arrow, assemble, reasons
from vigie.sources.times import iso_times

NO_ACCOUNT: Final = "no account"
"""Why a post that nobody made is unread."""
EMPTY: Final = "empty line"
"""Why a line with nothing on it is unread."""
MOST: Final = 64
"""Hashtags, mentions and media of one post that are kept."""
HASHTAG: Final = r"[#＃][\p{N}_]*\p{L}[\p{L}\p{N}\p{M}_]*"
MENTION: Final = r"\B[@＠]\w{1,64}"
ADDRESS: Final = r"""(?i)\bhttps?://[^\s<>"«»“”‘’…]+"""
"""How hashtags, mentions and links look in a text."""
LONGEST: Final = 512
"""Characters kept of a hashtag, a mention, an id of media."""

_IDS: Final = ("post_id", "account_id", "account_name", "ref_post_id", "ref_account_id", "ref_account_name", "client", "declared")
_COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
_RENAMED: Final = {"in": "id", "iw": "he", "ji": "yi"}
"""Codes that ISO 639 withdrew and X still writes."""
_NO_LANGUAGE: Final = r"^(?:und|zxx|mul|mis|art|q[a-z]{2})$"
_AROUND: Final = r"^RT @([A-Za-z0-9_]{1,64}): ?"


def post_rows(
    batch: pa.RecordBatch, columns: Mapping[str, Column], why: npt.NDArray[np.str_], platform: str | Column, precision: str | Column,
) -> pa.RecordBatch:  # fmt: skip
    """Rows of `POST`, one for each piece.

    Args:
        batch: rows of `LINE`, the pieces.
        columns: some of the columns of `POST`, one value a row, null where the file does not hold it. `links`: lists of addresses as written, those of
            the platform itself included; `domains` follows from them. `hashtags` and `mentions` with or without their sign. `kind` is a post's own
            words where it is null, `account_id` the name where it is null.
        why: for each row "" or why it is unread; a row without time or account is unread too.
        platform: of all rows, or of each.
        precision: what the file tells `seen_at` to, of all rows or of each; one of `PRECISIONS`.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    count = batch.num_rows
    places, precise = _each(platform, count), _each(precision, count)
    found: dict[str, Column] = {name: arrow(column) for name, column in columns.items()}
    found.update({name: _told(found[name]) for name in _IDS if name in found})
    names = found.get("account_name")
    account = found.get("account_id", pa.nulls(count, pa.string()))
    found["account_id"] = account if names is None else pc.coalesce(account, names)
    kind = found.get("kind")
    found["kind"] = _each(POSTED, count) if kind is None else pc.fill_null(kind.cast(pa.string()), POSTED)
    if "links" in found:
        found["links"], found["domains"] = outward(found["links"], platform if isinstance(platform, str) else _series(places))
    for name, sign in (("hashtags", "#＃"), ("mentions", "@＠"), ("media", "")):
        if name in found:
            found[name] = _words(_series(found[name]), sign, lower=name == "hashtags")
    for name in _COUNTS:
        if name in found:
            found[name] = _count(_series(found[name]))
    if "language" in found:
        found["language"] = languages(_series(found["language"]))
    nobody = ~np.asarray(pc.is_valid(found["account_id"]))
    undated = ~np.asarray(pc.is_valid(found["seen_at"]))
    told = np.where(why != "", why, reasons((undated, NO_DATE), (nobody, NO_ACCOUNT)))
    return assemble(batch, POST, {**found, "platform": places, "time_precision": precise}, told)


def own_words(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Texts without the `RT @name: ` that X puts before a repost, and the name that stood there; null where none did."""
    begun = text.set(~text.str.starts_with("RT @"), None)
    if begun.null_count() == len(text):
        return text, begun
    name = begun.str.extract(_AROUND)
    return pl.select(pl.when(name.is_not_null()).then(begun.str.replace(_AROUND, "")).otherwise(text)).to_series(), name


def instants(texts: pl.Series) -> pl.Series:
    """Moments written as JSON is used to write them (`2017-05-05T18:41:00.000Z`), other ISO 8601 besides; UTC where no zone is named, null where it is none.

    Args:
        texts: of which most are written in one way.
    """
    usual = texts.str.len_bytes().is_in([20, 23, 24, 27]) & texts.str.contains(r"^[12]\d{3}-.*Z$")
    made = texts.set(~usual, None).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_unit="us", time_zone="UTC")
    made = made.set((made.dt.timestamp("us") < 0).fill_null(value=False), None)
    return made if made.null_count() == texts.null_count() else made.fill_null(iso_times(texts.set(made.is_not_null(), None), "UTC"))


def languages(codes: pl.Series) -> pl.Series:
    """Language codes in lower case, without region; null where the platform says that it does not know or that there is no language."""
    bare = codes.str.to_lowercase().str.extract(r"^([a-z]{2,3})(?:[-_][a-z0-9_-]{1,32})?$")
    return bare.set(bare.str.contains(_NO_LANGUAGE).fill_null(value=False), None).replace(_RENAMED)


def told_or_seen(lists: pl.Series, text: pl.Series, pattern: str) -> pl.Series:
    """Lists of words as a file tells them; where it does not, what the text itself shows: a text that shows none has none.

    Args:
        lists: texts; null where the file does not tell.
        text: of the posts.
        pattern: of one word in a text.
    """
    untold = lists.is_null()
    if not untold.any():
        return lists
    seen = text.set(~untold, None).str.extract_all(pattern)
    return pl.select(pl.when(untold).then(seen).otherwise(lists)).to_series()


def clock_of_x(ids: pl.Series) -> pl.Series:
    """When X made a post, by its id, in UTC to the millisecond; null for ids from before November 2010, which tell no time.

    References:
        - https://github.com/twitter-archive/snowflake/tree/snowflake-2010
    """
    number = ids.str.extract(r"^(\d{11,19})$").cast(pl.Int64, strict=False)
    made = (number // (1 << 22) + 1_288_834_974_657) * 1_000
    return made.set((number < 30_000_000_000).fill_null(value=False), None).cast(pl.Datetime("us", "UTC"))


def _each(value: str | Column, count: int) -> pa.Array:
    if isinstance(value, str):
        return same(value, count)
    return arrow(value)


def _series(column: Column) -> pl.Series:
    return column if isinstance(column, pl.Series) else pl.Series(pl.from_arrow(column))


def _told(column: pa.Array) -> pa.Array:
    """Texts, the empty one as null: an id that is empty is none."""
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def _words(lists: pl.Series, sign: str, *, lower: bool) -> pl.Series:
    """Lists of words, each once and without its sign, in the order of the file; a list that is not there stays null."""
    if not bool(lists.list.len().max()):
        return lists
    frame = pl.DataFrame({"row": np.arange(len(lists), dtype=np.int64), "word": lists.list.head(MOST)})
    word = pl.col("word").str.slice(0, LONGEST).str.strip_chars(" \t\r\n").str.strip_chars_start(sign)
    word = word.str.to_lowercase() if lower else word
    flat = frame.filter(pl.col("word").list.len() > 0).explode("word").with_columns(word.alias("word")).filter(pl.col("word") != "")
    grouped = flat.group_by("row", maintain_order=True).agg(pl.col("word").unique(maintain_order=True).alias("kept"))
    joined = frame.join(grouped, "row", "left", maintain_order="left")
    empty = pl.lit([], pl.List(pl.String))
    return joined.select(pl.when(pl.col("word").is_not_null()).then(pl.col("kept").fill_null(empty))).to_series()


def _count(values: pl.Series) -> pl.Series:
    """Whole numbers from 0; null for anything else."""
    number = values.cast(pl.Int64, strict=False)
    return number.set((number < 0).fill_null(value=False), None)
