"""Times of text logs as UTC microseconds: common log format, ISO 8601, epochs, strftime, with and without a zone.

A time that does not exist (a day that the month has not) is null. A local time that a change of clocks skipped is
read with the offset in force before the change, one that happened twice is taken as the first: no line is lost for it.

References:
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
    - https://www.iana.org/time-zones
    - RFC 3164, 4.1.2 (times without a year)
"""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.sources.eight_bytes import digit_counts, leading_numbers, word, words_of
from vigie.sources.rows import arrow, nulls
from vigie.sources.source import Reading

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

LAST_YEAR: Final = 9_999
"""Year from which no time is one: in another zone it might be in a year of five digits, which calendars do not know."""
_LAST_SECOND: Final = 253_370_764_799
"""The second before `LAST_YEAR`."""

_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name.capitalize().encode(): number for number, name in enumerate(_NAMES, 1)}
_MONTH_KEYS: Final = np.array(sorted(int.from_bytes(name, "big") for name in _MONTHS))
_MONTH_NUMBERS: Final = np.array([_MONTHS[int(key).to_bytes(3, "big")] for key in _MONTH_KEYS])
_DAYS_IN_MONTH: Final = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d{2})\Z")
_CLF: Final = "%d/%b/%Y:%H:%M:%S %z"
_CLF_LENGTH: Final = 26
_ISO: Final = (
    r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})[T ](?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))? ?(?P<offset>Z|[+-]\d{2}:?\d{2})?$"
)
_ALL, _ZONE = np.uint64((1 << 64) - 1), np.uint64((1 << 64) - (1 << 16))
"""Which bits of eight bytes tell runs of times apart: all, or those behind the seconds."""
_CLOCK: Final = np.uint64(word(b":00:00"))
_CLOCK_LIMITS: Final = np.uint64(word(b"\x7f\x7a\x76\x7f\x76\x76"))
"""Added to the low bits of what differs from `_CLOCK`, reaches the high bit where a colon or a digit is none, or minutes are sixty or more."""
_CLOCK_LOW, _CLOCK_HIGH = np.uint64(0x7F7F7F7F7F7F), np.uint64(0x808080808080)
_DAY: Final = 86_400_000_000
_POWERS: Final = 10 ** np.arange(6)
_SECONDS: Final = pl.Datetime("us", "UTC")

DIRECTIVES: Final = {
    "Y": r"(?P<year>\d{4})", "y": r"(?P<short_year>\d{2})", "m": r"(?P<month>\d{1,2})", "d": r"(?P<day>\d{1,2})",
    "e": r" ?(?P<day>\d{1,2})", "H": r"(?P<hour>\d{1,2})", "k": r" ?(?P<hour>\d{1,2})", "I": r"(?P<twelve>\d{1,2})",
    "l": r" ?(?P<twelve>\d{1,2})", "p": r"(?P<half>[AaPp][Mm])", "M": r"(?P<minute>\d{1,2})", "S": r"(?P<second>\d{1,2})",
    "b": r"(?P<name>[A-Za-z]{3,9})", "B": r"(?P<name>[A-Za-z]{3,9})", "h": r"(?P<name>[A-Za-z]{3,9})",
    "z": r"(?P<offset>[+-]\d{2}:?\d{2})", "s": r"(?P<epoch>\d{1,11})", "f": r"(?P<fraction>\d{1,9})",
    "Z": r"[A-Za-z+\-\d]{1,8}", "a": r"[^\W\d]{2,12}\.?", "A": r"[^\W\d]{2,12}", "j": r"\d{1,3}", "u": r"\d", "w": r"\d", "n": " ", "t": "\t", "%": "%",
}  # fmt: skip
"""strftime directives that can be read, as patterns with the component that each gives."""
_SPELLED: Final = {"T": "%H:%M:%S", "R": "%H:%M", "F": "%Y-%m-%d", "D": "%m/%d/%y", "c": "%a %b %e %H:%M:%S %Y", "r": "%I:%M:%S %p"}


def zone_of(text: str) -> str:
    """The name of a zone as given by `--tz`, checked.

    Raises:
        ValueError: neither an IANA name nor an offset.
    """
    if _OFFSET.match(text):
        return text
    try:
        ZoneInfo(text)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"no time zone is called {text!r}; use an IANA name (Europe/Paris) or an offset (+01:00)") from error
    return text


def micros_of(year: Ints, month: Ints, day: Ints, clock: Ints) -> tuple[Ints, Marks]:
    """Microseconds since 1970 of proleptic Gregorian dates, and which of them exist.

    Args:
        year: full years.
        month: 1..12; others do not exist.
        day: of the month, from 1.
        clock: seconds since midnight.

    Returns:
        microseconds (0 where the date does not exist), and the mask of those that do.

    References:
        - https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    """
    good = (month >= 1) & (month <= 12)
    month = np.where(good, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= (day >= 1) & (day <= _DAYS_IN_MONTH[month]) & ((month != 2) | (day < 29) | leap)
    shifted = year - (month <= 2)
    era_year = shifted % 400
    day_of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    days = (shifted // 400) * 146097 + era_year * 365 + era_year // 4 - era_year // 100 + day_of_year - 719468
    return np.where(good, (days * 86400 + clock) * 1_000_000, 0), good


def digits(data: npt.NDArray[np.uint8], at: Ints, count: int) -> tuple[Ints, Marks]:
    """The number that `count` digits write at each position of a buffer, and whether they are digits."""
    value = np.zeros(len(at), np.int64)
    good = np.ones(len(at), bool)
    for offset in range(count):
        digit = data[at + offset] - np.uint8(48)
        good &= digit < 10
        value = value * 10 + digit
    return value, good


def clf_micros(data: npt.NDArray[np.uint8], at: Ints) -> tuple[Ints, Marks]:
    """Times written `15/Jan/2017:10:00:00 +0100` at positions of a buffer: microseconds (UTC), and which are times."""
    if not len(at) or len(data) < _CLF_LENGTH:
        return np.zeros(len(at), np.int64), np.zeros(len(at), bool)
    words = words_of(data, "<u8")
    runs, run = _runs(words, at, (0, 6, 18), (_ALL, _ALL, _ZONE))
    value, good = _clf_hours(data, at[runs])
    clock = words[at + 14]
    wrong = clock ^ _CLOCK
    fine = (((wrong & _CLOCK_LOW) + _CLOCK_LIMITS | wrong) & _CLOCK_HIGH) == 0
    minute, second = (_two_digits(clock, shift) for shift in (8, 32))
    fine &= good[run] & (second < 61)
    return np.where(fine, value[run] + (minute * 60 + second) * 1_000_000, 0), fine


def _two_digits(words: npt.NDArray[np.uint64], shift: int) -> Ints:
    """The number that the two bytes from bit `shift` on write."""
    pair = words >> np.uint64(shift)
    ten, one = pair & np.uint64(15), pair >> np.uint64(8) & np.uint64(15)
    return (ten * np.uint64(10) + one).astype(np.int64)


def _clf_hours(data: npt.NDArray[np.uint8], at: Ints) -> tuple[Ints, Marks]:
    """The hour in which each time falls (zone taken into account), minutes and seconds left out."""
    key = (data[at + 3].astype(np.int64) << 16) | (data[at + 4].astype(np.int64) << 8) | data[at + 5]
    slot = np.minimum(np.searchsorted(_MONTH_KEYS, key), 11)
    good = _MONTH_KEYS[slot] == key
    numbers = []
    for offset, count, limit in ((0, 2, 32), (7, 4, 10_000), (12, 2, 24), (22, 2, 15), (24, 2, 60)):
        number, fine = digits(data, at + offset, count)
        good &= fine & (number < limit)
        numbers.append(number)
    day, year, hour, zone_hour, zone_minute = numbers
    sign = data[at + 21]
    good &= (sign == 43) | (sign == 45)
    for offset, byte in ((2, 47), (6, 47), (11, 58), (20, 32)):
        good &= data[at + offset] == byte
    away = (zone_hour * 60 + zone_minute) * np.where(sign == 45, -1, 1)
    value, exists = micros_of(year, _MONTH_NUMBERS[slot], day, hour * 3600 - away * 60)
    return value, good & exists & (year >= 1970) & (year < LAST_YEAR)


def clf_times(texts: pl.Series) -> pl.Series:
    """Times in common log format; null where the text is none."""
    values = arrow(texts).cast(pa.string())
    offsets = np.frombuffer(values.buffers()[1], np.int32)[values.offset : values.offset + len(values) + 1].astype(np.int64)
    buffer = values.buffers()[2]
    rows = np.flatnonzero(np.diff(offsets) == _CLF_LENGTH)
    found, good = np.zeros(len(values), np.int64), np.zeros(len(values), bool)
    if buffer is not None and len(rows):
        found[rows], good[rows] = clf_micros(np.frombuffer(buffer, np.uint8), offsets[:-1][rows])
    return _instants(found, good)


def iso_micros(data: npt.NDArray[np.uint8], at: Ints) -> tuple[Ints, Marks, Marks, Ints]:
    """Times written `2017-01-15T10:00:00.123456+01:00` at positions of a buffer; fraction and offset may be missing, a comma may stand for the point.

    Args:
        data: the buffer, readable for `eight_bytes.PAD` bytes behind the last position.
        at: positions.

    Returns:
        microseconds (of UTC where an offset is told, else of the clock on the wall), which are times, which tell an offset, where each ends.
    """
    words = words_of(data, "<u8")
    runs, run = _runs(words, at, (0, 8, 11))
    value, good = _iso_seconds(data, at[runs])
    value, good, stop = value[run], good[run], at + 19
    broken = (data[stop] == 46) | (data[stop] == 44)
    if broken.any():
        found = words[stop + 1]
        count = np.where(broken, digit_counts(found), np.uint8(0))
        six = np.clip(count, 1, 6)
        value = value + np.where(count > 0, leading_numbers(found, six) * _POWERS[6 - six], 0)
        stop = np.where(count > 0, stop + 1 + count, stop)
        stop += (count == 8) & (data[stop] - np.uint8(48) < 10)
    sign = data[stop]
    signed = (sign == 43) | (sign == 45)
    zulu = sign == 90
    if signed.any():
        colon = data[stop + 3] == 58
        hours, fine = digits(data, stop + 1, 2)
        minutes, also = digits(data, stop + 3 + colon, 2)
        good &= ~signed | (fine & also & (hours < 15) & (minutes < 60))
        value = value - np.where(signed, (hours * 60 + minutes) * np.where(sign == 45, -60_000_000, 60_000_000), 0)
        stop = stop + np.where(signed, 5 + colon, 0)
    return value, good, zulu | signed, stop + zulu


def _iso_seconds(data: npt.NDArray[np.uint8], at: Ints) -> tuple[Ints, Marks]:
    """Microseconds of `2017-01-15T10:00:00`, and which are times."""
    good = (data[at + 10] == 84) | (data[at + 10] == 32)
    for offset, byte in ((4, 45), (7, 45), (13, 58), (16, 58)):
        good &= data[at + offset] == byte
    numbers = []
    for offset, count, limit in ((0, 4, 10_000), (5, 2, 13), (8, 2, 32), (11, 2, 24), (14, 2, 60), (17, 2, 61)):
        number, fine = digits(data, at + offset, count)
        good &= fine & (number < limit)
        numbers.append(number)
    year, month, day, hour, minute, second = numbers
    value, exists = micros_of(year, month, day, hour * 3600 + minute * 60 + second)
    return value, good & exists & (year >= 1970) & (year < LAST_YEAR)


def _runs(words: npt.NDArray[np.uint64], at: Ints, offsets: tuple[int, ...], masks: tuple[np.uint64, ...] = ()) -> tuple[Ints, Ints]:
    """Positions whose text differs from that of the position before, and for each position which of them it equals: lines of one second are neighbours.

    Args:
        words: the buffer as words of eight bytes.
        at: positions.
        offsets: from a position to the words that are compared.
        masks: which of their bits count; all of them where none is given.
    """
    new = np.zeros(len(at), bool)
    new[:1] = True
    for offset, mask in zip(offsets, masks or (_ALL,) * len(offsets), strict=True):
        found = words[at + offset]
        new[1:] |= (found[1:] ^ found[:-1]) & mask != 0
    return np.flatnonzero(new), np.cumsum(new) - 1


def told_years(month: Ints, day: Ints, reading: Reading) -> Ints:
    """The years of dates that carry none.

    Args:
        month: 1..12.
        day: of the month.
        reading: `year`, `year_from` and `year_until`: a log that begins in December reaches into the next year.
    """
    date = month * 100 + day
    return reading.year + (date < reading.year_from).astype(np.int64) - (date > reading.year_until).astype(np.int64)


def syslog_micros(data: npt.NDArray[np.uint8], at: Ints, reading: Reading) -> tuple[Ints, Marks]:
    """Times written `Jan 15 10:00:00` or `Jan  5 10:00:00` at positions of a buffer: microseconds of the wall clock, and which are times.

    Args:
        data: the buffer, readable for `eight_bytes.PAD` bytes behind the last position.
        at: positions.
        reading: `year`, `year_from`, `year_until`; without a year no time is known.
    """
    if not len(at) or not reading.year:
        return np.zeros(len(at), np.int64), np.zeros(len(at), bool)
    runs, run = _runs(words_of(data, "<u8"), at, (0, 7))
    at = at[runs]
    key = (data[at].astype(np.int64) << 16) | (data[at + 1].astype(np.int64) << 8) | data[at + 2]
    slot = np.minimum(np.searchsorted(_MONTH_KEYS, key), 11)
    good = (_MONTH_KEYS[slot] == key) & (data[at + 3] == 32) & (data[at + 6] == 32) & (data[at + 9] == 58) & (data[at + 12] == 58)
    tens, ones = data[at + 4], data[at + 5] - np.uint8(48)
    tens = np.where(tens == 32, np.uint8(0), tens - np.uint8(48))
    good &= (tens < 10) & (ones < 10)
    day = tens.astype(np.int64) * 10 + ones
    clock = np.zeros(len(at), np.int64)
    for offset, limit in ((7, 24), (10, 60), (13, 61)):
        number, fine = digits(data, at + offset, 2)
        good &= fine & (number < limit)
        clock = clock * 60 + number
    month = _MONTH_NUMBERS[slot]
    value, exists = micros_of(told_years(month, day, reading), month, day, clock)
    return value[run], (good & exists)[run]


def with_year(parts: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    """Components of times, as `civil` takes them, with the year where it is not told and is known.

    Args:
        parts: `name` or `month`, `day`, and `year` where some have one.
        reading: `year`, `year_from`, `year_until`.
    """
    if not reading.year:
        return parts if "year" in parts.columns else parts.with_columns(pl.lit(None, pl.String).alias("year"))
    month = parts["month"].cast(pl.Int64, strict=False) if "month" in parts.columns else _named_month(parts["name"])
    day = parts["day"].str.strip_chars(" ").cast(pl.Int64, strict=False)
    years = pl.Series(told_years(month.fill_null(0).to_numpy(), day.fill_null(0).to_numpy(), reading)).cast(pl.String)
    years = years.set(month.is_null() | day.is_null(), None)
    return parts.with_columns((parts["year"].fill_null(years) if "year" in parts.columns else years).alias("year"))


def wall_times(value: Ints, good: Marks, zone: str) -> pl.Series:
    """Moments of clocks on a wall in a zone, as UTC; null where `good` is false.

    Args:
        value: microseconds since 1970 on the clock.
        good: which are times.
        zone: IANA name or offset.
    """
    return _local(value, good, zone)


def iso_times(texts: pl.Series, zone: str) -> pl.Series:
    """ISO 8601 times; those without an offset are in `zone`."""
    return civil(texts.str.extract_groups(_ISO).struct.unnest(), zone)


def epoch_times(texts: pl.Series, per_second: int) -> pl.Series:
    """Times in seconds (1), milliseconds (1,000) or microseconds (1,000,000) since 1970, decimals allowed."""
    parts = texts.str.extract_groups(r"^(?P<whole>\d{1,17})(?:\.(?P<fraction>\d{1,9}))?$").struct.unnest()
    scale = 1_000_000 // per_second
    whole = parts["whole"].cast(pl.Int64, strict=False)
    whole = whole.set(whole > _LAST_SECOND * per_second, None)
    part = parts["fraction"].fill_null("").str.pad_end(9, "0").cast(pl.Int64, strict=False).fill_null(0)
    return (whole * scale + part * scale // 1_000_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def strftime_pattern(text: str) -> str:
    """The pattern of a strftime format, one named group for each component.

    Raises:
        ValueError: a directive that no time can be read from.
    """
    out, seen = [], set()
    for literal, directive in re.findall(r"([^%]+)|%[-_0^#EO]?(.?)", _spelled(text)):
        if literal:
            out.append(re.escape(literal))
            continue
        if directive not in DIRECTIVES:
            raise ValueError(f"the time format {text!r} holds %{directive}, which vigie cannot read; use %d %m %b %Y %H %M %S %z and the like")
        pattern = DIRECTIVES[directive]
        name = re.search(r"\?P<(\w+)>", pattern)
        if name and name[1] in seen:
            pattern = pattern.replace(f"?P<{name[1]}>", "?:")
        elif name:
            seen.add(name[1])
        out.append(pattern)
    return "".join(out)


def civil(parts: pl.DataFrame, zone: str) -> pl.Series:
    """Times from their components, as text columns.

    Args:
        parts: some of `year`, `short_year`, `month` or `name`, `day`, `hour` or `twelve` and `half`, `minute`, `second`,
            `fraction`, `offset`, `epoch`.
        zone: for rows without `offset`.

    Returns:
        UTC microseconds; null where components are missing or no such moment exists.
    """
    number = {n: parts[n].cast(pl.Int64, strict=False) for n in parts.columns if n not in ("offset", "half", "name", "fraction")}
    zero = pl.Series(np.zeros(len(parts), np.int64))
    micro = parts["fraction"].fill_null("").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64, strict=False).fill_null(0) if "fraction" in parts.columns else zero
    if "epoch" in number:
        return (number["epoch"] * 1_000_000 + micro).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    missing = nulls(len(parts), pl.Int64)
    year = number.get("year", (number["short_year"] + 2000) if "short_year" in number else missing)
    month = number.get("month", _named_month(parts["name"]) if "name" in parts.columns else missing)
    hour = number.get("hour", _half_day(number["twelve"], parts["half"]) if {"twelve", "half"} <= set(parts.columns) else zero)
    minute, second, day = number.get("minute", zero), number.get("second", zero), number.get("day", missing)
    columns = [year, month, day, hour, minute, second]
    known = ~np.logical_or.reduce([column.is_null().to_numpy() for column in columns])
    years, months, days, hours, minutes, seconds = (column.fill_null(0).to_numpy() for column in columns)
    known &= (years >= 1970) & (years < LAST_YEAR) & (hours < 24) & (minutes < 60) & (seconds < 61)
    value, exists = micros_of(years, months, days, hours * 3600 + minutes * 60 + seconds)
    value += micro.to_numpy()
    good = known & exists
    if "offset" not in parts.columns:
        return _local(value, good, zone)
    away = parts["offset"].str.replace("^Z$", "+00:00").str.extract_groups(r"^(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})$").struct.unnest()
    shift = (away["hours"].cast(pl.Int64) * 60 + away["minutes"].cast(pl.Int64)) * pl.Series(np.where((away["sign"] == "-").fill_null(value=False).to_numpy(), -1, 1))
    told = shift.is_not_null().to_numpy()
    absolute = _instants(value - shift.fill_null(0).to_numpy() * 60_000_000, good & told)
    return absolute if (told | ~good).all() else absolute.fill_null(_local(value, good & ~told, zone))


def _spelled(text: str) -> str:
    return re.sub(r"%([TRFDcr])", lambda found: _SPELLED[found[1]], text)


def _named_month(names: pl.Series) -> pl.Series:
    return names.str.to_lowercase().str.slice(0, 3).replace_strict(_NAMES, range(1, 13), default=None, return_dtype=pl.Int64)


def _half_day(hours: pl.Series, halves: pl.Series) -> pl.Series:
    return hours % 12 + (halves.str.to_lowercase() == "pm").cast(pl.Int64) * 12


def _instants(value: Ints, good: Marks) -> pl.Series:
    return pl.Series(pa.array(value, pa.int64(), mask=~good)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _local(value: Ints, good: Marks, zone: str) -> pl.Series:
    """Moments of clocks on a wall."""
    if fixed := _OFFSET.match(zone):
        away = (int(fixed[2]) * 60 + int(fixed[3])) * (-1 if fixed[1] == "-" else 1)
        return _instants(value - away * 60_000_000, good)
    wall = pl.Series(pa.array(value, pa.int64(), mask=~good)).cast(pl.Datetime("us"))
    found = _on_clock(wall, zone)
    skipped = wall.is_not_null() & found.is_null()
    if not skipped.any():
        return found
    # The longest gap on record is a whole day (Samoa, 2011); the day before it has the offset in force before the change.
    earlier = (wall.cast(pl.Int64) - _DAY).cast(pl.Datetime("us"))
    return found.fill_null((_on_clock(earlier, zone).cast(pl.Int64) + _DAY).cast(_SECONDS))


def _on_clock(wall: pl.Series, zone: str) -> pl.Series:
    return wall.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
