"""Moments whose writing is not known beforehand: what a text means is told by its shape alone, so it always means the same.

References:
    - ISO 8601, RFC 3339; https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (`%t`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.sources.times import clf_times, iso_times

_NUMBER: Final = r"^(?P<whole>\d{9,19})(?:\.(?P<part>\d{1,18}))?$"
_LONGEST: Final = 64


def moments(values: pl.Series, zone: str) -> pl.Series:
    """Moments of texts, microseconds of UTC; null where a text is no date.

    ISO 8601, the web servers' `08/Jun/2020:08:04:43 +0000`, or a number: of 9 or 10 digits it counts seconds since 1970, of 12
    or 13 milliseconds, of 15 or 16 microseconds, of 18 or 19 nanoseconds (for all moments from 1973 to 2286 these do not overlap).

    Args:
        values: texts.
        zone: of ISO texts that carry none.
    """
    short = pl.select(pl.when(values.str.len_bytes() <= _LONGEST).then(values)).to_series()
    missing = short.null_count()
    found = _epochs(short)
    if found.null_count() > missing:
        found = found.fill_null(iso_times(short, zone))
    if found.null_count() > missing:
        found = found.fill_null(clf_times(short.str.strip_chars("[]")))
    return found


def _epochs(values: pl.Series) -> pl.Series:
    frame = values.str.extract_groups(_NUMBER).struct.unnest()
    whole, digits = pl.col("whole").cast(pl.Int64, strict=False), pl.col("whole").str.len_bytes()
    part = pl.col("part").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False).fill_null(0)
    micros = (
        pl.when(digits <= 10)
        .then(whole * 1_000_000 + part)
        .when(digits.is_in([12, 13]))
        .then(whole * 1_000 + part // 1_000)
        .when(digits.is_in([15, 16]))
        .then(whole)
        .when(digits >= 18)
        .then(whole // 1_000)
    )
    return frame.select(micros.cast(pl.Datetime("us", "UTC"))).to_series()
