"""Times as tables of posts write them, and what each is told to: people export from everything, and spreadsheets write dates anew.

Distinct texts are read once; what a text means follows from its shape, apart from dates with slashes, whose order the caller knows.

References:
    - ISO 8601; RFC 5322, 3.3; https://developer.x.com/en/docs/x-api/v1/data-dictionary/object-model/tweet (`created_at`)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records.post import PRECISIONS
from vigie.sources.eight_bytes import PAD
from vigie.sources.moment import moments
from vigie.sources.rows import Column, arrow, nulls
from vigie.sources.times import civil, iso_micros, wall_times

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"

_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_OFFSET: Final = r" ?(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_ISO: Final = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:[T ]+{_CLOCK}{_OFFSET})?$"
_SLASHED: Final = {
    DAY_FIRST: rf"^(?P<day>\d{{1,2}})[/.-](?P<month>\d{{1,2}})[/.-](?P<any_year>\d{{4}}|\d{{2}})(?:[ ,T]+{_CLOCK}(?: ?(?P<half>[AaPp][Mm]))?)?$",
    MONTH_FIRST: rf"^(?P<month>\d{{1,2}})[/.-](?P<day>\d{{1,2}})[/.-](?P<any_year>\d{{4}}|\d{{2}})(?:[ ,T]+{_CLOCK}(?: ?(?P<half>[AaPp][Mm]))?)?$",
}
_OF_X: Final = rf"^[A-Z][a-z]{{2}} (?P<name>[A-Z][a-z]{{2}}) (?P<day>\d{{1,2}}) {_CLOCK} (?P<offset>[+-]\d{{4}}) (?P<year>\d{{4}})$"
_OF_MAIL: Final = rf"^(?:[A-Z][a-z]{{2}}, ?)?(?P<day>\d{{1,2}}) (?P<name>[A-Z][a-z]{{2}}) (?P<year>\d{{4}}) {_CLOCK}{_OFFSET}$"
_PARTS: Final = r"^(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?:[ ,T]|$)"
_NUMBER: Final = r"^\d{9,19}(?:\.\d{1,18})?$"
_LONGEST: Final = 64
_SECONDS_LONG: Final = 19
_ENOUGH: Final = 20


def post_times(texts: Column, zone: str, order: str = MONTH_FIRST) -> tuple[pl.Series, pl.Series]:
    """Times and what each is told to (one of `PRECISIONS`); both null where a text is no date.

    Args:
        texts: as written.
        zone: of times that name none.
        order: of dates such as 05/04/2017.
    """
    encoded = arrow(texts).cast(pa.string()).dictionary_encode()
    times, precisions = _distinct(pl.Series("time", pl.from_arrow(encoded.dictionary), dtype=pl.String), zone, order)
    places = pl.Series(pl.from_arrow(encoded.indices))
    return times.gather(places), precisions.gather(places)


def order_of(texts: pl.Series) -> str:
    """`DAY_FIRST` or `MONTH_FIRST` where some date with slashes can only be that, "" where all are open or there are none."""
    parts = texts.str.extract_groups(_PARTS).struct.unnest()
    first, second = (parts.to_series(n).cast(pl.Int64, strict=False).max() for n in (0, 1))
    if first is None or second is None or (int(str(first)) > 12) == (int(str(second)) > 12):
        return ""
    return DAY_FIRST if int(str(first)) > 12 else MONTH_FIRST


def slashed(texts: pl.Series) -> bool:
    """Whether some dates are written with the year last."""
    return bool(texts.str.contains(_PARTS).any())


def coarsest(times: pl.Series) -> str:
    """What a sample of times is told to at most: `min` where no second but 0 occurs in many different minutes, and so on; "" where it is too small."""
    known = times.drop_nulls().unique()
    if len(known) < _ENOUGH:
        return ""
    micros = known.cast(pl.Int64)
    for name, step in (("day", 86_400_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1_000)):
        if not (micros % step != 0).any():
            return name
    return "us"


def coarser(precisions: pl.Series, limit: str) -> pl.Series:
    """Precisions, none finer than the limit."""
    if not limit:
        return precisions
    finer = PRECISIONS[: PRECISIONS.index(limit)]
    return precisions.replace(dict.fromkeys(finer, limit))


def _distinct(texts: pl.Series, zone: str, order: str) -> tuple[pl.Series, pl.Series]:
    frame = pl.DataFrame({"text": texts.str.strip_chars(" \t\r\n")}).with_columns(
        pl.when(pl.col("text").str.len_bytes() <= _LONGEST).then("text").alias("text")
    )
    times, precisions = _plain(frame["text"], zone)
    for pattern in (_NUMBER, _ISO, _SLASHED[order], _OF_X, _OF_MAIL):
        if times.null_count() == frame["text"].null_count():
            break
        places = frame.select((pl.col("text").str.contains(pattern) & times.is_null()).fill_null(value=False).arg_true()).to_series()
        if len(places):
            some = frame["text"].gather(places)
            found, told = _numbers(some) if pattern == _NUMBER else _dates(some, pattern, zone)
            times, precisions = times.scatter(places, found), precisions.scatter(places, told)
    return times, precisions.set(times.is_null(), None)


def _plain(texts: pl.Series, zone: str) -> tuple[pl.Series, pl.Series]:
    """Times written `2017-05-06 18:00:05`, which most are."""
    values = arrow(texts).cast(pa.string())
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1].astype(np.int64)
    good = (np.diff(offsets) == _SECONDS_LONG) & texts.is_not_null().to_numpy()
    if not good.any():
        return nulls(len(texts), pl.Datetime("us", "UTC")), nulls(len(texts))
    data = np.concatenate([np.frombuffer(values.buffers()[2], np.uint8), np.zeros(_SECONDS_LONG + PAD, np.uint8)])
    micros, fine, _, stop = iso_micros(data, offsets[:-1])
    good &= fine & (stop == offsets[1:])
    told = pl.Series(["s"]).new_from_index(0, len(texts))
    return wall_times(micros, good, zone), told.set(pl.Series(~good), None)


def _numbers(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    whole = texts.str.extract(r"^(\d+)").str.len_bytes()
    part = texts.str.extract(r"\.(\d*[1-9])0*$").str.len_bytes().fill_null(0)
    frame = pl.DataFrame({"whole": whole, "part": part})
    told = pl.when(pl.col("whole") <= 10).then(pl.when(pl.col("part") == 0).then(pl.lit("s")).when(pl.col("part") <= 3).then(pl.lit("ms")).otherwise(pl.lit("us")))
    return moments(texts, "UTC"), frame.select(told.otherwise(pl.when(pl.col("whole") <= 13).then(pl.lit("ms")).otherwise(pl.lit("us")))).to_series()


def _dates(texts: pl.Series, pattern: str, zone: str) -> tuple[pl.Series, pl.Series]:
    parts = texts.str.extract_groups(pattern).struct.unnest()
    fraction = parts["fraction"].str.len_bytes().fill_null(0)
    told = pl.DataFrame({"hour": parts["hour"], "second": parts["second"], "fraction": fraction}).select(
        pl.when(pl.col("hour").is_null()).then(pl.lit("day")).when(pl.col("second").is_null()).then(pl.lit("min"))
        .when(pl.col("fraction") == 0).then(pl.lit("s")).when(pl.col("fraction") <= 3).then(pl.lit("ms")).otherwise(pl.lit("us"))
    ).to_series()  # fmt: skip
    parts = parts.with_columns(pl.col("hour", "minute", "second").fill_null("0"))
    if "any_year" in parts.columns:
        short = pl.col("any_year").str.len_bytes() == 2
        parts = parts.with_columns(pl.when(short).then("20" + pl.col("any_year")).otherwise("any_year").alias("year")).drop("any_year")
        hour, half = pl.col("hour").cast(pl.Int64), pl.col("half").str.to_lowercase()
        twelve = hour % 12 + (half == "pm").cast(pl.Int64) * 12
        parts = parts.with_columns(pl.when(half.is_null()).then(hour).otherwise(twelve).cast(pl.String).alias("hour")).drop("half")
    if "offset" in parts.columns:
        parts = parts.with_columns(pl.col("offset").replace({"UTC": "Z", "GMT": "Z"}))
        if parts["offset"].null_count() == len(parts):
            parts = parts.drop("offset")
    return civil(parts, zone), told
