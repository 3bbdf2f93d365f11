"""Times without a year: the file's last change tells it, or the user; over the turn of a year; and what was taken is said."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from conftest import batch_of
from vigie.engines.year import begins_in, ends_in
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

PACKET = "fw1 kernel: [UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0.2.7 DST=198.51.100.10 LEN=44 TTL=43 ID=1 PROTO=TCP SPT=1 DPT=5432 WINDOW=1024 RES=0x00 SYN URGP=0"


def log_of(*days):
    return "".join(f"{day} 10:00:00 {PACKET}\n" for day in days)


def moment(*date):
    return datetime(*date, tzinfo=UTC).timestamp()


def days(facts):
    return [json.loads(facts)["period"][name][:10] for name in ("from", "to")]


def test_the_files_last_change_tells_the_year(vigie, tmp_path):
    log = tmp_path / "kern.log"
    log.write_text(log_of("Dec 30", "Dec 31", "Jan  1", "Jan  2"))
    os.utime(log, (moment(2018, 1, 2, 11), moment(2018, 1, 2, 11)))
    found = days(vigie("read", "--json", log))
    assert "times carry no year; that of the file's last change was taken (2018)" in vigie.err
    assert "times carry no zone" in vigie.err
    assert found == ["2017-12-30", "2018-01-02"]


def test_the_user_tells_the_year_of_the_first_line(vigie, tmp_path):
    log = tmp_path / "kern.log"
    log.write_text(log_of("Dec 30", "Dec 31", "Jan  1", "Jan  2"))
    found = days(vigie("read", "--json", "--year", "2014", log))
    assert "times carry no year; the first is of 2014, as you said" in vigie.err
    assert found == ["2014-12-30", "2015-01-02"]


def test_a_log_with_years_says_nothing_of_it(vigie, tmp_path):
    log = tmp_path / "kern.log"
    log.write_text(f"2017-01-15T10:00:00.5+01:00 {PACKET}\n")
    found = days(vigie("read", "--json", "--year", "2014", log))
    assert "no year" not in vigie.err and found == ["2017-01-15", "2017-01-15"]


@pytest.mark.parametrize(
    ("written", "day", "year"),
    [
        ((2018, 6, 15), "Jun 15", 2018), ((2018, 6, 15), "Jun 17", 2018), ((2018, 6, 15), "Jun 18", 2017), ((2018, 12, 31), "Dec 31", 2018),
        ((2018, 12, 31), "Jan  1", 2019), ((2018, 1, 1), "Dec 31", 2017), ((2018, 12, 31), "Jan 15", 2018),
    ],
)  # fmt: skip
def test_days_shortly_behind_the_last_change_may_be_of_another_zone_later_ones_are_of_the_year_before(written, day, year):
    reading = ends_in(Reading(), moment(*written, 12))
    verdict = recognise([log_of(day).strip().encode()], "", reading)
    (row,) = verdict.source.read(batch_of([log_of(day).encode()]), verdict.reading).to_pylist()
    assert row["seen_at"].year == year


def test_a_log_that_begins_on_the_first_of_january_stays_in_its_year():
    sample = [line.encode() for line in log_of("Jan  1", "Dec 31").splitlines()]
    verdict = begins_in(recognise(sample, "", Reading(year=2016)), sample)
    assert (verdict.reading.year, verdict.reading.year_from) == (2016, 101)
