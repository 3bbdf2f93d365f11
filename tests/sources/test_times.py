"""Times of text logs: each notation, each zone, and clocks that are put forward or back."""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.sources.times import civil, clf_times, epoch_times, iso_times, strftime_pattern, zone_of


def iso(text, zone="UTC"):
    return iso_times(pl.Series([text]), zone)[0]


def strf(text, layout, zone="UTC"):
    return civil(pl.Series([text]).str.extract_groups(f"^{strftime_pattern(layout)}$").struct.unnest(), zone)[0]


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2024-07-01T12:00:00", "Europe/Paris", at(2024, 7, 1, 10)),
        ("2024-01-01 12:00:00", "Europe/Paris", at(2024, 1, 1, 11)),
        ("2024-07-01T12:00:00", "+05:30", at(2024, 7, 1, 6, 30)),
        ("2024-07-01T12:00:00", "-0330", at(2024, 7, 1, 15, 30)),
        ("2024-07-01T12:00:00Z", "Europe/Paris", at(2024, 7, 1, 12)),
        ("2024-07-01T12:00:00,5+0200", "America/New_York", at(2024, 7, 1, 10, 0, 0, 500_000)),
        ("2024-07-01T12:00:00.123456789Z", "UTC", at(2024, 7, 1, 12, 0, 0, 123_456)),
        ("2024-03-31T02:30:00", "Europe/Paris", at(2024, 3, 31, 1, 30)),  # the clock went from 2 to 3: read as if it had not
        ("2024-10-27T02:30:00", "Europe/Paris", at(2024, 10, 27, 0, 30)),  # happened twice: the first
        ("2024-10-06T02:15:00", "Australia/Lord_Howe", at(2024, 10, 5, 15, 45)),  # a gap of half an hour
        ("2011-12-30T12:00:00", "Pacific/Apia", at(2011, 12, 30, 22)),  # a day that was skipped
        ("2024-02-29T00:00:00", "UTC", at(2024, 2, 29)),
        ("2023-02-29T00:00:00", "UTC", None),
        ("2024-01-01T24:00:00", "UTC", None),
        ("2016-12-31T23:59:60Z", "UTC", at(2017, 1, 1)),  # a leap second
        ("9999-12-31T23:59:59-0100", "UTC", None),  # a day later nothing can tell
        ("2024-01-01", "UTC", None),
        ("", "UTC", None),
    ],
)
def test_iso(text, zone, expected):
    assert iso(text, zone) == expected


def test_rows_with_and_without_an_offset_side_by_side():
    found = iso_times(pl.Series(["2024-07-01T12:00:00", "2024-07-01T12:00:00Z", None, "2024-13-01T12:00:00", "2024-03-31T02:30:00"]), "Europe/Paris")
    assert found.to_list() == [at(2024, 7, 1, 10), at(2024, 7, 1, 12), None, None, at(2024, 3, 31, 1, 30)]


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        ("31/Dec/2024:23:59:59", "%d/%b/%Y:%H:%M:%S", at(2024, 12, 31, 23, 59, 59)),
        ("2024-07-01 12:00:00 +0200", "%F %T %z", at(2024, 7, 1, 10)),
        ("Mon Jul  1 12:00:00 2024", "%c", at(2024, 7, 1, 12)),
        ("07/01/24 12:05:00 AM", "%D %r", at(2024, 7, 1, 0, 5)),
        ("07/01/24 12:05:00 pm", "%D %r", at(2024, 7, 1, 12, 5)),
        ("1700000000", "%s", at(2023, 11, 14, 22, 13, 20)),
        ("1700000000.25", "%s.%f", at(2023, 11, 14, 22, 13, 20, 250_000)),
        ("Monday, 01-July-2024 12:00:00 CEST", "%A, %d-%B-%Y %H:%M:%S %Z", at(2024, 7, 1, 12)),
        ("01/Foo/2024", "%d/%b/%Y", None),
        ("12:00", "%H:%M", None),
    ],
)
def test_strftime(text, layout, expected):
    assert strf(text, layout) == expected


def test_a_strftime_directive_that_no_time_can_be_read_from():
    with pytest.raises(ValueError, match="%Q"):
        strftime_pattern("%Y-%Q")


@pytest.mark.parametrize(
    ("text", "per_second", "expected"),
    [
        ("1700000000", 1, at(2023, 11, 14, 22, 13, 20)),
        ("1700000000.123", 1, at(2023, 11, 14, 22, 13, 20, 123_000)),
        ("1700000000123", 1_000, at(2023, 11, 14, 22, 13, 20, 123_000)),
        ("1700000000123456", 1_000_000, at(2023, 11, 14, 22, 13, 20, 123_456)),
        ("99999999999999999", 1, None),
        ("-", 1, None),
        ("nan", 1, None),
    ],
)
def test_epochs(text, per_second, expected):
    assert epoch_times(pl.Series([text]), per_second)[0] == expected


@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC", "+01:00", "-0930"])
def test_zones_that_are_some(zone):
    assert zone_of(zone) == zone


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "CEST summer", "/etc/localtime", "+1"])
def test_zones_that_are_none(zone):
    with pytest.raises(ValueError, match="no time zone is called"):
        zone_of(zone)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_moment_is_read_back(moment, minutes):
    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert clf_times(pl.Series([None, there.strftime("%d/%b/%Y:%H:%M:%S %z"), "x"])).to_list() == [None, there, None]
    assert iso(there.isoformat()) == there


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_null(text):
    texts = pl.Series([text])
    for found in (clf_times(texts), iso_times(texts, "Europe/Paris"), epoch_times(texts, 1)):
        assert len(found) == 1
        assert found.dtype == pl.Datetime("us", "UTC")
