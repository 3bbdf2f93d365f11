"""SQL Server's ERRORLOG: both lines of one refusal, names that imitate lines, a file in UTF-16 read from the command line."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from conftest import batch_of
from vigie.records.login import ACTIONS, WHY
from vigie.sources.mssql import SOURCE
from vigie.sources.source import Reading

HEAD = "2025-11-16 10:00:00.12 Logon       "
LINES = [
    "2025-11-16 09:59:58.00 Server      Microsoft SQL Server 2022 (RTM) - 16.0.1000.6 (X64)",
    "\tCopyright (C) 2022 Microsoft Corporation",
    HEAD + "Error: 18456, Severity: 14, State: 8.",
    HEAD + "Login failed for user 'sa'. Reason: Password did not match that for the login provided. [CLIENT: 203.0.113.5]",
]


def read(*lines):
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return SOURCE.read(batch_of([line + b"\n" for line in raw]), Reading()).to_pylist()


def test_one_refusal_is_one_guess():
    rows = read(*LINES[2:])
    assert [(row["event_action"], row["failure_reason"]) for row in rows] == [("told", "password"), ("failed", "password")]


@given(name=st.lists(st.sampled_from(["sa", "'", "'. Reason: ", "[CLIENT: 198.51.100.6]", " because the account is currently locked out.", " ", "]"]), max_size=6).map("".join))
@example(name="sa'. Reason: x. [CLIENT: 198.51.100.6] ")
def test_no_name_makes_an_innocent_address_the_source(name):
    rows = read(
        f"{HEAD}Login failed for user '{name}'. Reason: Could not find a login matching the name provided. [CLIENT: 203.0.113.5]",
        f"{HEAD}Login failed for user '{name}'. Reason: Failed to open the explicitly specified database '{name}'. [CLIENT: 203.0.113.5]",
        f"{HEAD}Login succeeded for user '{name}'. Connection made using SQL Server authentication. [CLIENT: 203.0.113.5]",
    )
    assert {row["source_address"] for row in rows} == {"203.0.113.5"}


@given(lines=st.lists(st.tuples(st.sampled_from(["", HEAD, HEAD + "Login failed for user "]), st.text(max_size=50)).map("".join), min_size=1, max_size=5))
def test_any_text_every_line_is_a_row(lines):
    rows = read(*[line.encode("utf-8", "replace").replace(b"\n", b" ") for line in lines])
    assert len(rows) == len(lines)
    for row in rows:
        assert (row["unread"] is None) == (row["event_action"] in ACTIONS)
        assert row["failure_reason"] is None or row["failure_reason"] in WHY


def test_a_file_in_utf_16_is_read(vigie):
    path = vigie.folder / "ERRORLOG"
    path.write_bytes("\r\n".join([*LINES, ""]).encode("utf-16"))
    text = json.dumps(json.loads(vigie("read", path, "--json")))
    assert "SQL Server ERRORLOG" in text
    assert '"unread": 2' in text
