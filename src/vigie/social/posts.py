"""Each post counted once, in its latest wording, whatever number of exports hold it.

References:
    - docs/decisions/0027-rhythm-as-a-likelihood-ratio.md
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.post import DELETED, EDITED

_BY_ID: Final = ("platform", "post_id")
_BY_WORDS: Final = ("platform", "account_id", "seen_at", "kind", "text", "title", "ref_post_id")
_PLACE: Final = ("feed", "file", "byte_offset")
_LISTS: Final = ("links", "domains", "hashtags", "mentions", "media")
_WORDING: Final = ("title", "text", "language", "text_hash", "letters", "normalised", *_LISTS)
_MEASURES: Final = ("likes", "reposts", "replies", "quotes", "views")


def once(posts: pl.DataFrame) -> pl.DataFrame:
    """Every post once: when it was first seen, in its latest wording, and not at all where it was deleted.

    Two rows are one post when platform and id are the same; of rows without an id when platform, account, time, kind, text, title, links and
    what they refer to are the same; where the words were not kept, their hash stands for them, and where there is no hash, the fingerprint of the line. A row that tells of a deletion takes every row of its post with it. Of an edit whose post is not in the data
    the row stays, with `kind` = edit: its time is the edit's, not the post's. Where one wording lies in several rows (a table with a row per link)
    their lists are joined.

    Args:
        posts: columns of POST and `row` (int64, unique), in any order; of an archive also `text_hash`, `letters` and `fingerprint`.

    Returns:
        The same columns, and `latest_row` (int64: the row that wording and measures come from, `row` being the first), sorted by time, account
        and place in the files.
    """
    frame = posts.with_columns(pl.col(name).cast(pl.String) for name, kind in posts.schema.items() if kind == pl.Categorical or isinstance(kind, pl.Enum))
    told = frame.filter(pl.col("post_id").is_not_null())
    untold = frame.filter(pl.col("post_id").is_null() & (pl.col("kind") != DELETED))
    kept = pl.concat([_one_by_id(told), _first_of(untold, _BY_WORDS, _in_place_of_words(untold)).with_columns(latest_row=pl.col("row"))])
    return kept.sort("seen_at", "account_id", *_PLACE, "row", nulls_last=True)


def _in_place_of_words(frame: pl.DataFrame) -> list[pl.Expr]:
    """What else a post without id is known by: its links as one text, and what stands for words that were not kept."""
    known = [pl.col("links").cast(pl.List(pl.String)).list.join(" ", ignore_nulls=True).alias("_links")]
    if "text_hash" in frame.columns:
        known.append(pl.col("text_hash").alias("_hash"))
    if "fingerprint" in frame.columns:
        wordless = pl.all_horizontal(pl.col(name).is_null() for name in ("text", "title", "text_hash") if name in frame.columns)
        known.append(pl.when(wordless).then("fingerprint").alias("_line"))
    return known


def _first_of(frame: pl.DataFrame, key: tuple[str, ...], more: list[pl.Expr]) -> pl.DataFrame:
    """One row of each key, the first by its place in the files."""
    keyed = frame.with_columns(more)
    names = [*key, *(name for name in keyed.columns if name not in frame.columns)]
    twice = _may_be_twice(keyed, names)
    several = keyed.filter(twice).sort(*_PLACE, "row").unique(names, keep="first", maintain_order=True)
    return pl.concat([keyed.filter(~twice), several]).select(frame.columns)


def _may_be_twice(frame: pl.DataFrame, names: list[str]) -> pl.Series:
    """Rows whose key may stand in another row too: equal keys have equal hashes, and a hash that two keys share only costs time."""
    hashed = frame.select(pl.struct(names).hash(0)).to_series()
    return hashed.is_duplicated()


def _one_by_id(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with an id, one for each post that was not deleted."""
    twice = _may_be_twice(frame, [*_BY_ID])
    alone = frame.filter(~twice & (pl.col("kind") != DELETED)).with_columns(latest_row=pl.col("row"))
    several = frame.filter(twice)
    return pl.concat([alone, _editions(several).select(alone.columns)]) if several.height else alone


def _editions(frame: pl.DataFrame) -> pl.DataFrame:
    """Posts that lie in several rows: the first row, with wording and measures of the latest."""
    gone = frame.filter(pl.col("kind") == DELETED).select(_BY_ID).unique()
    living = frame.join(gone, on=_BY_ID, how="anti").with_columns(_edition=pl.coalesce("edited_at", "seen_at"), _is_edit=pl.col("kind") == EDITED)
    wording = [name for name in _WORDING if name in frame.columns]
    first = living.sort("_is_edit", "seen_at", "collected_at", *_PLACE, "row", nulls_last=True).unique(_BY_ID, keep="first", maintain_order=True)
    last = living.sort("_edition", "_is_edit", "collected_at", *_PLACE, "row", nulls_last=False)
    latest = last.unique(_BY_ID, keep="last", maintain_order=True).select(
        *_BY_ID, *wording, *_MEASURES, "_edition", pl.col("row").alias("latest_row"), pl.col("edited_at").alias("_edited_at")
    )
    edited = living.group_by(_BY_ID).agg(pl.when(pl.col("_is_edit")).then(pl.col("_edition")).otherwise(pl.col("edited_at")).max().alias("_changed"))
    whole = first.drop(*wording, *_MEASURES, "_edition", "_is_edit").join(latest, on=_BY_ID).join(edited, on=_BY_ID)
    return _lists_joined(whole.with_columns(edited_at=pl.col("_changed")), living).drop("_edited_at", "_changed", "_edition")


def _lists_joined(whole: pl.DataFrame, living: pl.DataFrame) -> pl.DataFrame:
    """Lists of all rows of the latest wording, each value once, in order."""
    same = living.join(whole.select(*_BY_ID, "_edition"), on=[*_BY_ID, "_edition"])
    for name in _LISTS:
        if whole.schema[name] == pl.Null:
            continue
        values = same.select(*_BY_ID, name).filter(pl.col(name).is_not_null()).explode(name, empty_as_null=True)
        joined = values.group_by(_BY_ID).agg(pl.col(name).drop_nulls().unique().sort().alias("_joined"))
        whole = whole.drop(name).join(joined, on=_BY_ID, how="left").rename({"_joined": name})
    return whole
