"""JSON access logs beyond the case files: hostile texts, one row a line, layouts, what is left open and said."""

import json

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import batch_of
from vigie.sources.json_access import SOURCE
from vigie.sources.json_fields import shaped
from vigie.sources.json_mapping import mapping_of_layout
from vigie.sources.registry import format_of_layout, recognise
from vigie.sources.source import Reading

GOOD = b'{"time_iso8601":"2025-09-16T07:20:00+02:00","remote_addr":"192.0.2.7","request":"GET /good HTTP/1.1","status":"200","http_user_agent":"x"}'
READING = recognise([GOOD], "", Reading()).reading


def read(*lines, reading=READING):
    return SOURCE.read(batch_of([line + b"\n" for line in lines]), reading).to_pylist()


def line(**fields):
    return json.dumps({"time_iso8601": "2025-09-16T07:20:00+02:00", "remote_addr": "192.0.2.7", "request": "GET / HTTP/1.1"} | fields).encode()


DEEP = b'{"time_iso8601":"2025-09-16T07:20:00+02:00","request":"GET /deep HTTP/1.1","x":' + b"[" * 200_000 + b"]" * 200_000 + b"}"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"{" * 100_000, "no JSON object"),
        (b'{"a":' * 100_000, "no JSON object"),
        (b"[" * 100_000 + b"]" * 100_000, "no JSON object"),
        (b'"' + b"x" * 100_000 + b'"', "no JSON object"),
        (GOOD + GOOD, "no JSON object"),
        (GOOD[:-1], "no JSON object"),
        (b"\x00" * 64, "no JSON object"),
        (b"{}", "not an access entry"),
        (b'{"request":null,"status":null,"time_iso8601":"2025-09-16T07:20:00+02:00"}', "not an access entry"),
        (b'{"time_iso8601":["2025-09-16T07:20:00+02:00"],"request":"GET / HTTP/1.1"}', "time is not a date"),
        (b'{"time_iso8601":1e309,"request":"GET / HTTP/1.1"}', "time is not a date"),
        (b'{"time_iso8601":-1758000000,"request":"GET / HTTP/1.1"}', "time is not a date"),
        (b'{"time_iso8601":true,"request":"GET / HTTP/1.1"}', "time is not a date"),
    ],
)
def test_a_broken_line_is_unread_and_harms_no_neighbour(broken, reason):
    before, row, after = read(GOOD, broken, GOOD)
    assert row["unread"] == reason
    assert before["url_original"] == after["url_original"] == "/good"
    assert {**before, "byte_offset": 0} == {**after, "byte_offset": 0}


@pytest.mark.parametrize("shift", range(4))
def test_a_letter_that_the_parser_s_own_message_cuts_harms_no_neighbour(shift):
    broken = '{"a":"' + "x" * shift + "é😀" * 200 + '\\q"}'
    found, fields = shaped(pl.Series([broken, '{"a":"b"}', '{"a":"\\ud83d"}', '{"a":"\\u0000"}']), '{"a":"VARCHAR"}')
    assert found.tolist() == [False, True, True, True]
    assert fields["a"].to_list() == [None, "b", "\ufffd", "\0"]


def test_a_byte_order_mark_does_not_cost_the_first_line():
    assert read(b"\xef\xbb\xbf" + GOOD)[0]["url_original"] == "/good"


def test_depth_costs_nothing():
    assert read(DEEP)[0]["url_original"] == "/deep"


def test_the_first_of_two_equal_keys_counts():
    assert read(GOOD[:-1] + b',"remote_addr":"203.0.113.9"}')[0]["source_address"] == "192.0.2.7"


@pytest.mark.parametrize(
    ("field", "value", "column", "expected"),
    [
        ("status", 200.0, "http_status", 200), ("status", "0200", "http_status", 200), ("status", 2.5, "http_status", None), ("status", -1, "http_status", None),
        ("status", 10**40, "http_status", None), ("status", float("nan"), "http_status", None), ("status", True, "http_status", None),
        ("status", {"code": 200}, "http_status", None), ("body_bytes_sent", 2**63, "http_response_bytes", None), ("body_bytes_sent", "-", "http_response_bytes", None),
        ("request_time", float("inf"), "event_duration", None), ("request_time", "-0.1", "event_duration", None), ("request_time", 1e300, "event_duration", None),
        ("request_time", "0.0015", "event_duration", 1500), ("upstream_response_time", "0.1, -", "upstream_duration", 100_000), ("upstream_response_time", "a, b", "upstream_duration", None),
        ("upstream_response_time", "0.1," * 5000, "upstream_duration", None), ("http_user_agent", ["a"], "user_agent", None), ("http_user_agent", "{", "user_agent", "{"),
        ("http_user_agent", "\ud800", "user_agent", "\ufffd"), ("http_user_agent", "a\u202eb\u0000\n", "user_agent", "a\u202eb\u0000\n"), ("remote_addr", "not an address", "source_address", None),
        ("remote_addr", "192.0.2.1, 198.51.100.7", "source_address", "198.51.100.7"), ("host", "SITE.example:443", "url_domain", "site.example"), ("host", {"name": "x"}, "url_domain", None),
        ("connection", "12", "connection_id", 12), ("upstream_status", "502, 200 : 404", "upstream_status", 404), ("upstream_status", 0, "upstream_status", None),
    ],
)  # fmt: skip
def test_a_wrong_value_is_null_and_costs_no_row(field, value, column, expected):
    reading = recognise([line(**dict.fromkeys(("status", "body_bytes_sent", "request_time", "upstream_response_time", "http_user_agent", "host", "connection", "upstream_status"), "1"))], "", Reading()).reading
    (row,) = read(line(**{field: value}), reading=reading)
    assert row["unread"] is None
    assert row[column] == expected


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(("time_iso8601", "remote_addr", "request", "status", "http_user_agent"), VALUES)), min_size=1, max_size=5))
@example([{"time_iso8601": "2025-09-16T07:20:00+02:00", "remote_addr": "\u0000", "request": "\ud800", "status": 10**400, "http_user_agent": [[]]}])
def test_any_json_gives_one_row_a_line(objects):
    lines = [line for one in objects for line in (json.dumps(one).encode(), GOOD)]
    rows = read(*lines)
    assert len(rows) == len(lines)
    assert all(row["url_original"] == "/good" for row in rows[1::2])
    assert all((row["unread"] is None) == (row["seen_at"] is not None) for row in rows)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"time":"2025-09-16T05:20:00Z","ip":"192.0.2.7","method":"GET","url":"/","status":200}', "ip"),
        ('{"time":"2025-09-16T05:20:00Z","client_ip":"192.0.2.7","method":"GET","url":"/","duration":3}', "duration"),
        ('{"time":"2025-09-16T05:20:00Z","client_ip":"192.0.2.7","method":"GET","url":"/","request_time":3}', "request_time"),
        ('{"time":"2025-09-16T05:20:00Z","client_ip":"192.0.2.7","method":"GET","url":"/","host":"web-1"}', "host"),
        ('{"time":"2025-09-16T05:20:00Z","client_ip":"192.0.2.7","method":"GET","path":"/"}', "path"),
    ],
)
def test_what_could_mean_several_things_is_left_open_and_said(text, field):
    verdict = recognise([text.encode()], "", Reading())
    assert verdict.source.name == "json"
    assert f"{field!r}" in verdict.doubt
    (row,) = read(text.encode(), reading=verdict.reading)
    assert row["event_duration"] is None and row["url_domain"] is None
    assert (row["source_address"] is None) is (field == "ip")
    if "--layout" in verdict.doubt:  # the command that it proposes works and answers the doubt
        layout = verdict.doubt.partition("for instance ")[2]
        assert format_of_layout(layout) == "json"
        (told,) = read(text.encode(), reading=Reading(layout=layout))
        assert told["unread"] is None
        assert {"ip": told["source_address"], "host": told["url_domain"]}.get(field, told["event_duration"]) == {"ip": "192.0.2.7", "host": "web-1"}.get(field, 3000)


@pytest.mark.parametrize("text", [
    '{"ts":1700828217.3,"uid":"C1","id.orig_h":"192.0.2.9","id.orig_p":50820,"proto":"tcp","conn_state":"REJ"}',
    '{"timestamp":"2025-09-16T05:20:00.378379+0000","event_type":"flow","src_ip":"192.0.2.6","dest_ip":"192.0.2.1","proto":"TCP"}',
    '{"t":{"$date":"2025-09-16T05:20:00.632+03:00"},"s":"I","c":"ACCESS","msg":"Authentication failed","attr":{"remote":"192.0.2.10:52088"}}',
    '{"timestamp":"2025-09-16 05:20:00.772 UTC","user":"admin","dbname":"postgres","remote_host":"192.0.2.12","message":"password authentication failed"}',
])  # fmt: skip
def test_json_of_other_kinds_is_not_claimed(text):
    assert SOURCE.recognise([text.encode()]) is None


@pytest.mark.parametrize(("layout", "said"), [
    ('{"sourceaddress":"ip"}', "did you mean 'source_address'"), ('{"event_duration":"took"}', "needs its unit"), ("{x", "no JSON object"), ('{"seen_at":5}', "name of a key"),
    ('log_format x escape=json \'{"a":"$nobody_knows"}\';', "no variable that vigie knows"), ('{"a":$status', "no JSON object"), ("{" * 70_000, "no log format"),
])  # fmt: skip
def test_a_layout_that_cannot_be_used_says_why(layout, said):
    with pytest.raises(ValueError, match=said):
        mapping_of_layout(layout)


def test_units_come_from_the_specification_not_from_the_value():
    for name, took in (("took s", 3_000_000), ("took ms", 3_000), ("took us", 3), ("took ns", 0)):
        reading = Reading(layout=json.dumps({"seen_at": "t", "http_method": "m", "event_duration": name}))
        assert read(b'{"t":1758000000,"m":"GET","took":3}', reading=reading)[0]["event_duration"] == took
