"""Counts of traffic as frames of numbers, and as series by minute."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from vigie.detectors.baseline import Series
from vigie.detectors.endpoints import CLASSES, OTHER
from vigie.detectors.traffic import COARSE, MINUTE

PLACES: Final = {name: at for at, name in enumerate(CLASSES)}
"""Class of place → its number."""


def traffic_frame(merged: pa.Table) -> pl.DataFrame:
    """Merged rows of the tally `traffic` as numbers.

    Args:
        merged: `asset`, `bucket` (microseconds), `key`, `count`, `first_seen`, `last_seen` (microseconds).

    Returns:
        `asset`, `place`, `outcome`, `step` (0 for none), `coarse`, `minute` (of the start), `count`, `first_seen`, `last_seen`.
    """
    frame = pl.from_arrow(merged)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table makes a frame
    parts = pl.col("key").str.strip_suffix(COARSE).str.splitn(" ", 3)
    return frame.select(
        "asset", parts.struct[0].replace_strict(PLACES, default=OTHER, return_dtype=pl.Int64).alias("place"), parts.struct[1].alias("outcome"),
        parts.struct[2].cast(pl.Int64, strict=False).fill_null(0).alias("step"), pl.col("key").str.ends_with(COARSE).alias("coarse"),
        (pl.col("bucket") // MINUTE).alias("minute"), "count", "first_seen", "last_seen",
    )  # fmt: skip


def dealt_out(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a traffic frame with counts of ten minutes dealt out evenly over the minutes between their first and last record."""
    low, high = pl.col("first_seen") // MINUTE, pl.col("last_seen") // MINUTE
    fine = rows.filter(~pl.col("coarse")).with_columns(pl.col("count").cast(pl.Float64))
    coarse = rows.filter("coarse").with_columns(pl.int_ranges(low, high + 1).alias("minute"), (pl.col("count") / (high - low + 1)).alias("count"))
    return pl.concat([fine, coarse.explode("minute").select(fine.columns)])


def series_of(dealt: pl.DataFrame, first: int, last: int) -> Series:
    """Counts by minute of some rows of a traffic frame, dealt out."""
    by_minute = dealt.group_by("minute").agg(pl.col("count").sum()).sort("minute")
    return Series(by_minute["minute"].to_numpy(), by_minute["count"].to_numpy(), first, last)
