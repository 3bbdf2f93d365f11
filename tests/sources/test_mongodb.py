"""MongoDB's log: what is counted of a log-in that began twice, names that imitate entries, and public entries when they are there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED, batch_of
from vigie.records.login import ACTIONS, WHY
from vigie.sources.mongodb import SOURCE
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

PUBLIC = SHARED / "network" / "public"
needs_data = pytest.mark.skipif(not PUBLIC.exists(), reason="development data is not here")


def read(*lines):
    return SOURCE.read(batch_of([line + b"\n" for line in lines]), Reading()).to_pylist()


def entry(number=20249, **attr):
    told = {"speculative": False, "principalName": "root", "authenticationDatabase": "admin", "remote": "203.0.113.5:4071", "error": "AuthenticationFailed: x"} | attr
    return json.dumps({"t": {"$date": "2025-11-16T10:00:00Z"}, "s": "I", "c": "ACCESS", "id": number, "ctx": "conn1", "msg": "m", "attr": told}).encode()


def test_a_failure_within_the_first_message_is_told_and_its_repetition_is_the_guess():
    rows = read(entry(speculative=True), entry(speculative=False))
    assert [row["event_action"] for row in rows] == ["told", "failed"]
    rows = read(entry(5286307, isSpeculative=True), entry(20250, speculative=True))
    assert [row["event_action"] for row in rows] == ["told", "passed"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("AuthenticationFailed: SCRAM authentication failed, storedKey mismatch", "password"),
        ('UserNotFound: Could not find user "x" for db "admin"', "account"),
        ("UserNotFound", "account"),
        ("MechanismUnavailable: Received authentication for mechanism X which is unknown or not enabled", "method"),
        ('AuthenticationFailed: UserNotFound: "x"', "password"),
    ],
)
def test_why(error, reason):
    assert read(entry(error=error))[0]["failure_reason"] == reason


@given(name=st.text(max_size=40))
def test_a_name_is_only_a_name(name):
    (row,) = read(entry(principalName=name))
    assert row["source_address"] == "203.0.113.5"
    assert row["event_action"] == "failed"


@given(lines=st.lists(st.one_of(st.binary(max_size=60), st.tuples(st.just(entry()), st.integers(0, 300)).map(lambda pair: pair[0][: pair[1]])), min_size=1, max_size=5))
def test_any_bytes_every_line_is_a_row(lines):
    rows = read(*[line.replace(b"\n", b" ") for line in lines])
    assert len(rows) == len(lines)
    for row in rows:
        assert (row["unread"] is None) == (row["event_action"] in ACTIONS)
        assert row["failure_reason"] is None or row["failure_reason"] in WHY


def test_a_log_with_hardly_a_log_in_is_recognised():
    other = json.dumps({"t": {"$date": "2025-11-16T10:00:00Z"}, "s": "I", "c": "STORAGE", "id": 22315, "ctx": "initandlisten", "msg": "Opening", "attr": {}}).encode()
    for lines in ([other] * 50 + [entry()], [other.replace(b'": ', b'":')] * 50):
        verdict = recognise(lines, "", Reading())
        assert (verdict.source.name, verdict.share, verdict.doubt) == ("mongodb", 1.0, "")


@needs_data
def test_public_entries():
    rows = read(*(PUBLIC / "beats" / "mongodb-access.json").read_bytes().splitlines())
    assert [(r["event_code"], r["event_action"], r["source_address"], r["session_id"]) for r in rows] == [
        ("20249", "told", "10.10.10.10", "conn351460"),
        ("20436", "started", None, "conn3137147"),
        ("20250", "passed", "172.18.0.7", "conn2181505"),
    ]
    rows = read(*(PUBLIC / "crowdsec-hub" / "mongodb-logs" / "mongodb-logs.log").read_bytes().splitlines())
    assert [(r["event_action"], r["source_address"], r["source_port"], r["user_name"]) for r in rows] == [("failed", "127.0.0.1", 4071, "root"), ("told", "::1", 1053, "root")]
