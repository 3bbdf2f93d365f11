"""Redis' log: orders that were obeyed, what clients write into it, and the laboratory's log when it is there."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED, batch_of
from vigie.records.login import ACTIONS
from vigie.sources.redis import SOURCE
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

LAB = SHARED / "network" / "db_lab" / "logs" / "redis-7.0-default.log"
HEAD = "1:M 16 Nov 2025 10:00:00.521 "


def read(*lines):
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return SOURCE.read(batch_of([line + b"\n" for line in raw]), Reading()).to_pylist()


@given(text=st.sampled_from(["x", "'", " addr=198.51.100.6:1 ", ")", "id=9 addr=198.51.100.6:1 ", " Connection from 198.51.100.6:1 aborted."]))
def test_what_a_client_sent_never_makes_an_innocent_address_the_source(text):
    rows = read(
        f"{HEAD}- Protocol error (x) from client: id=7 addr=203.0.113.5:4 laddr=192.0.2.5:6379 name={text} . Query buffer during protocol error: '{text}'",
        f"{HEAD}* REPLICAOF 198.51.100.6:6379 enabled (user request from 'id=7 addr=203.0.113.5:4 name={text} user=default')",
    )
    assert {row["source_address"] for row in rows} <= {"203.0.113.5"}


def test_an_order_that_was_obeyed_is_a_log_in():
    (row,) = read(f"{HEAD}* REPLICAOF 198.51.100.6:6379 enabled (user request from 'id=7 addr=203.0.113.5:4 laddr=192.0.2.5:6379 fd=8 name= user=default')")
    assert (row["event_action"], row["source_address"], row["user_name"], row["session_id"]) == ("passed", "203.0.113.5", "default", "7")


@given(lines=st.lists(st.tuples(st.sampled_from([b"", HEAD.encode() + b"- ", b"1:signal-handler (1"]), st.binary(max_size=50)).map(b"".join), min_size=1, max_size=5))
def test_any_bytes_every_line_is_a_row(lines):
    rows = read(*[line.replace(b"\n", b" ") for line in lines])
    assert len(rows) == len(lines)
    assert all((row["unread"] is None) == (row["event_action"] in ACTIONS) for row in rows)


@pytest.mark.skipif(not LAB.exists(), reason="development data is not here")
def test_laboratory_log():
    lines = LAB.read_bytes().splitlines()
    rows = read(*lines)
    assert Counter(row["unread"] for row in rows) == {"says nothing of connections or log-ins": len(rows) - 2, None: 2}
    assert {(row["event_action"], row["failure_reason"]) for row in rows if not row["unread"]} == {("probed", "protocol")}
    verdict = recognise(lines, "", Reading())
    assert (verdict.source.name, verdict.share, verdict.yearless) == ("redis", 1.0, False)
