"""From texts found in JSON to typed columns. What cannot be understood is null: a wrong type never costs the row."""

from __future__ import annotations

from typing import Final

import polars as pl

SECOND: Final = 1_000_000
UNITS: Final = {"s": SECOND, "ms": 1_000, "us": 1, "ns": 0.001}
"""Units of durations, in microseconds."""

_LONGEST_DURATION: Final = 1e15
"""About 31 years: what is longer is no duration of a request."""

_TLS: Final = {"768": "SSLv3", "769": "TLSv1", "770": "TLSv1.1", "771": "TLSv1.2", "772": "TLSv1.3"}
_PIECES: Final = 32


def durations(values: pl.Series, unit: str) -> pl.Series:
    """Durations in microseconds.

    Args:
        values: numbers as text; `0.1, 0.2 : 0.3` (one for each server that was asked) is their sum.
        unit: of `UNITS`, from the format's specification.
    """
    if values.dtype == pl.String and bool(values.str.contains("[,:]").any()):
        values = _each(values, _sum)
    number = values.cast(pl.Float64, strict=False) * UNITS[unit]
    fine = number.is_finite() & number.is_between(0, _LONGEST_DURATION)
    return pl.select(pl.when(fine).then(number)).to_series().round().cast(pl.Int64, strict=False)


def integers(values: pl.Series, low: int, high: int) -> pl.Series:
    """Whole numbers between two bounds (`200`, `"200"`, `200.0`)."""
    number = values.cast(pl.Int64, strict=False)
    if number.null_count() > values.null_count():
        wide = values.cast(pl.Float64, strict=False)
        fine = wide.is_finite() & wide.is_between(low, min(high, 2**53)) & (wide.floor() == wide)
        number = number.fill_null(pl.select(pl.when(fine).then(wide)).to_series().cast(pl.Int64, strict=False))
    return pl.select(pl.when(number.is_between(low, high)).then(number)).to_series()


def last(values: pl.Series) -> pl.Series:
    """The last of `502, 200 : 200`: the server that gave the answer."""
    return values.str.extract(r"([^\s,]+)\s*$")


def ports(values: pl.Series) -> pl.Series:
    """The port behind an address (`192.0.2.7:59292`, `[2001:db8::1]:80`), or a port by itself."""
    return integers(values.str.extract(r"^(?:[^:]*:|\[[^\]]*\]:)?(\d{1,5})$"), 1, 65_535)


def versions(values: pl.Series) -> pl.Series:
    """`HTTP/1.1`, `h2`, `1.1` → `1.1`, `2`."""
    return values.str.extract(r"^(?i:http/|h)?(\d(?:\.\d)?)$")


def tls_versions(values: pl.Series) -> pl.Series:
    """Version numbers of the TLS hello (`772`) by name; names stay what they are."""
    return values.replace(_TLS)


def _each(values: pl.Series, make: object) -> pl.Series:
    distinct = values.unique().drop_nulls()
    made = pl.Series([make(value) for value in distinct.to_list()], dtype=pl.String)  # type: ignore[operator]
    return values.replace_strict(distinct, made, default=None, return_dtype=pl.String)


def _sum(value: str) -> str | None:
    try:
        pieces = value[:1024].replace(":", ",").split(",", _PIECES)
        return str(sum(float(piece) for piece in pieces if piece.strip() not in ("", "-")))
    except ValueError:
        return None
