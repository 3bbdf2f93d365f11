"""Common, combined, vhost_combined: regular lines by structure, the others by an exact pattern, none lost."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import SHARED, batch_of, combined
from vigie.sources.combined import SOURCE, recognise
from vigie.sources.exact import read_exact
from vigie.sources.source import Reading


def read(*lines):
    return SOURCE.read(batch_of(list(lines)), Reading()).to_pylist()


def test_a_regular_line():
    (row,) = read(combined("/a?b=c", referrer="http://x.example/", agent="Mozilla/5.0 (X11)"))
    assert row["seen_at"] == datetime(2017, 1, 15, 9, tzinfo=UTC)
    assert (row["source_address"], row["http_method"], row["url_original"], row["http_version"]) == ("192.0.2.7", "GET", "/a?b=c", "1.1")
    assert (row["http_status"], row["http_response_bytes"], row["http_referrer"]) == (200, 512, "http://x.example/")
    assert row["user_agent"] == "Mozilla/5.0 (X11)"
    assert row["unread"] is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5\n', {"http_method": "GET", "user_agent": None}),
        (b'www.a.example:443 192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
         {"url_domain": "www.a.example", "source_address": "192.0.2.7"}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "\\x16\\x03\\x01\\x01 \\x02" 400 226 "-" "-"\n',
         {"http_method": None, "url_original": "\\x16\\x03\\x01\\x01 \\x02", "http_status": 400}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "" 400 0 "-" "-"\n', {"http_method": None, "url_original": None}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "-" 408 0 "-" "-"\n', {"url_original": None, "http_status": 408}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "HELP" 400 157 "-" "-"\n', {"http_method": None, "url_original": "HELP"}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "CONNECT a.example:25 HTTP/1.1" 400 166 "-" "-"\n',
         {"http_method": "CONNECT", "url_original": "a.example:25"}),
        (b'192.0.2.7 - jean paul [15/Jan/2017:10:00:00 +0100] "GET /a b c HTTP/1.1" 200 - "-" "-"\r\n',
         {"user_name": "jean paul", "url_original": "/a b c", "http_response_bytes": None}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /a\\"b HTTP/1.1" 200 5 "-" "a \\" b"\n',
         {"url_original": '/a\\"b', "user_agent": 'a \\" b'}),
        (b'2001:db8:0:0::1 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/2.0" 200 5 "-" "x"\n',
         {"source_address": "2001:db8::1", "http_version": "2.0"}),
        (b'host.example - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.0" 200 5 "-" "x"\n', {"source_address": None}),
        ('192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /é HTTP/1.1" 200 5 "-" "x"\n'.encode(), {"url_original": "/é"}),
        ('192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /é HTTP/1.1" 200 5 "-" "x"\n'.encode("latin-1"), {"url_original": "/é"}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x" "198.51.100.1"\n', {"user_agent": "x"}),
        (b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"', {"user_agent": "x"}),
    ],
)  # fmt: skip
def test_other_shapes_are_records_too(line, expected):
    before, row, after = read(combined("/before"), line + (b"" if line.endswith(b"\n") else b"\n"), combined("/after"))
    assert row["unread"] is None
    assert {name: row[name] for name in expected} == expected
    assert (before["url_original"], after["url_original"]) == ("/before", "/after")


@pytest.mark.parametrize("time", ["99/Jan/2017:10:00:00 +0100", "31/Foo/2017:10:00:00 +0100", "29/Feb/2017:10:00:00 +0100", "15/Jan/2017:25:00:00 +0100"])
def test_a_time_that_is_no_date_is_unread_with_its_reason(time):
    (row,) = read(combined(time=time))
    assert row["unread"] == "time is not a date"


def test_leap_days_and_zones():
    (row,) = read(combined(time="29/Feb/2016:23:30:00 -0130"))
    assert row["seen_at"] == datetime(2016, 3, 1, 1, 0, tzinfo=UTC)


PIECES = st.sampled_from([b'"', b" ", b"[", b"]", b"\\", b"-", b"GET", b"HTTP/1.1", b"200", b"\x00", b"\xff", b"1.2.3.4", b"/", b"\r", b"15/Jan/2017:10:00:00 +0100"])
NOISE = st.one_of(st.binary(max_size=120), st.lists(PIECES, max_size=25).map(b"".join)).map(lambda b: b.replace(b"\n", b"") + b"\n")


@given(st.lists(st.one_of(NOISE, st.just(combined("/good"))), min_size=1, max_size=12))
@example([b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "G HTTP/1.1" 200 5 "-" "x"\n'])
@example([b'" " " " " "\n'])
def test_any_bytes_no_line_lost_neighbours_unharmed(lines):
    rows = SOURCE.read(batch_of(lines), Reading())
    rows.validate(full=True)
    assert rows.num_rows == len(lines)
    for line, row in zip(lines, rows.to_pylist(), strict=True):
        if line == combined("/good"):
            assert (row["url_original"], row["unread"]) == ("/good", None)
        assert (row["unread"] is None) == (row["seen_at"] is not None)


TEXT = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"], exclude_characters='"\\ '), min_size=1, max_size=30)


@given(st.lists(st.tuples(TEXT, TEXT, st.integers(100, 599), st.sampled_from(["GET", "POST", "HEAD", "PROPFIND"])), min_size=1, max_size=20))
def test_the_structural_scan_agrees_with_the_exact_pattern(facts):
    lines = [combined("/" + target, agent=agent, status=status, method=method) for target, agent, status, method in facts]
    quick, slow = SOURCE.read(batch_of(lines), Reading()), read_exact(batch_of(lines), Reading())
    assert quick.to_pylist() == slow.to_pylist()


SPOILED = [
    b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "" ""\n',
    b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 9999999999999999999 "-" "x"\n',
    b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5x "-" "x"\n',
    b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 6 "-" "x"\n',
    b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/ .1" 200 5 "-" "x"\n',
    b'192.0.2.7 - - [15/Jan/2017:10[00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
    b'192.0.2.7 - - [31/Dec/9999:23:30:00 -0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
    b'192.0\t2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
    b'192.0\x0b2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
    b'host.example other 192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "x"\n',
]
SPOILERS = [b'"', b" ", b"-", b"\\", b'\\"', b"[", b"]", b"\0", b"\t", b"\r", b"\x0b", b"\x0c", b"\x1c", b"\x7f", b"\xff", b"9" * 18, b"9" * 19, b" HTTP/1.1", b"+", b"Feb", b"99", b""]
PLACES = st.lists(st.tuples(st.integers(0, 120), st.one_of(st.sampled_from(SPOILERS), st.binary(max_size=2)), st.sampled_from([0, 1, 2, 8])), min_size=1, max_size=3)


@given(st.lists(st.tuples(st.sampled_from([combined("/a?b=c"), combined("/a b", referrer="", agent=""), b"v.example:443 " + combined("/"), *SPOILED]), PLACES), min_size=1, max_size=20))
@example([(line, [(200, b"", 0)]) for line in SPOILED])
def test_a_spoiled_line_means_the_same_to_both_readers(lines):
    spoiled = []
    for line, places in lines:
        whole = line
        for at, piece, lost in places:
            whole = whole[:at] + piece + whole[at + lost :]
        spoiled.append(whole.replace(b"\n", b"") + b"\n")
    assert read(*spoiled) == read_exact(batch_of(spoiled), Reading()).to_pylist()


def test_a_size_of_too_many_digits_costs_the_size_only():
    assert [(row["unread"], row["http_response_bytes"], row["url_original"]) for row in read(SPOILED[1], SPOILED[1].replace(b"GET / ", b'GET /\\" '))] == [(None, None, "/"), (None, None, '/\\"')]


@pytest.mark.parametrize("year", [b"9999", b"+12017", b"0000", b"1969"])
def test_a_year_that_no_calendar_here_knows_is_no_date(year):
    lines = [combined("/a").replace(b"2017", year), combined('/\\"').replace(b"2017", year)]
    assert [row["unread"] for row in read(*lines)] == ["time is not a date"] * 2


def test_recognition_names_the_variant():
    assert recognise([combined().strip()]).title == "combined"
    assert recognise([b'192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 5']).title == "common"
    assert recognise([b"v.example " + combined().strip()]).title == "vhost_combined"
    assert recognise([b"hello"]) is None


@pytest.mark.parametrize("name", ["elastic_apache_first5000.log", "lab/ffuf_dirs.log", "lab/wapiti.log"])
def test_real_logs_are_read_whole(name):
    if not SHARED.exists():  # the development data is not part of the project
        return
    with (SHARED / "web" / name).open("rb") as log:
        lines = list(log)
    rows = pa.Table.from_batches([SOURCE.read(batch_of(lines), Reading())])
    assert rows.num_rows == len(lines)
    assert rows.column("unread").null_count == len(lines)
