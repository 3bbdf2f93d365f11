"""Times as PostgreSQL writes them into its logs: `2026-11-22 22:30:13.513 UTC`, the zone by its name or as hours.

References:
    - https://www.postgresql.org/docs/current/datetime-config-files.html
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.sources.source import Reading
from vigie.sources.times import civil, epoch_times

ZONES: Final = {
    "UTC": "+00:00", "GMT": "+00:00", "UCT": "+00:00", "Z": "+00:00", "WET": "+00:00", "WEST": "+01:00", "CET": "+01:00", "CEST": "+02:00", "MET": "+01:00",
    "MEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00", "MDT": "-06:00", "PST": "-08:00",
    "PDT": "-07:00", "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00", "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
"""Names of zones that mean one thing. Others (`CST`, `IST`, `BST`) are the zone of the reading."""

_PARTS: Final = (
    r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?"
    r"(?: (?:(?P<zone>[A-Za-z]{1,6})|(?P<sign>[+-])(?P<hours>\d{2})(?::?(?P<minutes>\d{2}))?(?::?\d{2})?))?$"
)


def moments(texts: pl.Series, epochs: pl.Series, reading: Reading) -> pl.Series:
    """Microseconds of UTC; null where there is no date.

    Args:
        texts: as `%m` and `%t` write them.
        epochs: as `%n` writes them, for rows that have no text.
        reading: `timezone`, for names of zones that may mean several.
    """
    parts = texts.str.extract_groups(_PARTS).struct.unnest()
    named = parts["zone"].str.to_uppercase().replace_strict(ZONES, default=None, return_dtype=pl.String)
    offset = parts.select(pl.when(pl.col("sign").is_not_null()).then(pl.format("{}{}:{}", "sign", "hours", pl.col("minutes").fill_null("00")))).to_series()
    dated = parts.select("year", "month", "day", "hour", "minute", "second", "fraction").with_columns(named.fill_null(offset).alias("offset"))
    seen = civil(dated, reading.timezone)
    return seen.fill_null(epoch_times(epochs, 1)) if epochs.null_count() < len(epochs) else seen


def unclear_zones(texts: pl.Series) -> list[str]:
    """What to say of zones whose names do not tell an offset."""
    zones = texts.str.extract(r" ([A-Za-z]{1,6})$").unique().drop_nulls().sort().to_list()
    return [f"the zone {name} is not told by its name; --tz says which" for name in zones if name.upper() not in ZONES][:2]
