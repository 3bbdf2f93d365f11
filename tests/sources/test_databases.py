"""Logs of databases: pieces of several lines, prefixes that nobody told, and one server's logs in several forms."""

from __future__ import annotations

import json
import re

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import SHARED, batch_of
from vigie.engines.block import lines_of
from vigie.sources import mariadb_audit, mariadb_error, mysql_error, pieces, postgresql, postgresql_csv, postgresql_json
from vigie.sources.peer import peers
from vigie.sources.postgresql_prefix import PrefixError, compiled, found_prefixes, statement_of
from vigie.sources.postgresql_rows import tool_of_version
from vigie.sources.registry import format_of_layout
from vigie.sources.source import Reading

LAB = SHARED / "network" / "db_lab" / "logs"
PUBLIC = SHARED / "network" / "public"
lab = pytest.mark.skipif(not LAB.exists(), reason="development data is not here")
DEFAULT = Reading(layout="%m [%p] %q%u@%d ")

HEAD = "2026-11-22 22:30:13.513 UTC [{}] {}@shop "
FAILED = HEAD + 'FATAL:  password authentication failed for user "{}"\n'
DETAIL = HEAD + 'DETAIL:  Role "{}" does not exist.\n'
MATCHED = '\tConnection matched pg_hba.conf line 97: "host all all all md5"\n'
RECORD = (
    '2026-11-22 22:30:12.772 UTC,"{0}","shop",22548,"203.0.113.12:33241",6b036cf4.5814,2,"authentication",2026-11-22 22:30:12 UTC,3/17,0,FATAL,28P01,'
    '"password authentication failed for user ""{0}""","Role ""{0}"" does not exist.\nConnection matched",,,,,,,,"","client backend",,0\n'
)


def cut(source, data, reading, final=True):
    """The pieces of bytes."""
    return lines_of(data, "f", "f", 0, source.ends(data, reading, final)).column("line").to_pylist()


def in_steps(source, data, reading, sizes):
    """The pieces of a stream that gives so many bytes at a time, as the engine takes them."""
    held, out, at, turn = b"", [], 0, 0
    while at < len(data):
        step = sizes[turn % len(sizes)]
        held += data[at : at + step]
        at, turn = at + step, turn + 1
        found = source.ends(held, reading, False)
        if len(found):
            out += cut(source, held[: int(found[-1])], reading)
            held = held[int(found[-1]) :]
    return out + (cut(source, held, reading) if held else [])


def rows_of(source, data, reading=None):
    """Records of a file, as the engine would read it."""
    claim = source.recognise([line for line in data.split(b"\n")[:1000] if line])
    reading = reading or Reading(layout=claim.layout, year=2004)
    ends = source.ends(data, reading, True) if source.ends else None
    batch = lines_of(data, "f", "f", 0, ends)
    out = source.read(batch, reading)
    assert out.num_rows == batch.num_rows
    assert b"".join(batch.column("line").to_pylist()) == data
    return pl.from_arrow(out).with_columns(pl.col(pl.Categorical).cast(pl.String))


# --- PostgreSQL, text -------------------------------------------------------------------------------------------------


def test_a_message_its_detail_and_its_tab_lines_are_one_piece():
    data = (FAILED.format(1, "bob", "bob") + DETAIL.format(1, "bob", "bob") + MATCHED + FAILED.format(2, "eve", "eve")).encode()
    found = cut(postgresql.SOURCE, data, DEFAULT)
    assert [piece.count(b"\n") for piece in found] == [3, 1]
    rows = postgresql.read(batch_of(found), DEFAULT).to_pylist()
    assert [row["failure_reason"] for row in rows] == ["account", "password"]


def test_a_detail_that_another_process_parted_from_its_message_is_told_by_itself():
    data = (FAILED.format(1, "bob", "bob") + FAILED.format(2, "eve", "eve") + DETAIL.format(1, "bob", "bob") + MATCHED).encode()
    rows = rows_of(postgresql.SOURCE, data, DEFAULT)
    assert rows["event_action"].to_list() == ["failed", "failed", "told"]
    assert rows["failure_reason"].to_list() == ["password", "password", "account"]
    assert rows["session_id"].to_list() == ["1", "2", "1"]


def test_what_a_command_of_the_server_writes_does_not_swallow_the_detail():
    data = (FAILED.format(1, "bob", "bob") + "cp: cannot stat 'x'\n" + DETAIL.format(1, "bob", "bob")).encode()
    assert rows_of(postgresql.SOURCE, data, DEFAULT)["event_action"].to_list() == ["failed", None, "told"]


def test_syslog_tells_which_lines_are_one_message():
    head = "Nov 22 22:30:13 db1 postgres[7]: "
    lines = [
        f'{head}[3-1] bob@shop FATAL:  password authentication failed for user "bob"', f'{head}[3-2] bob@shop DETAIL:  Role "bob" does not exist.',
        f"{head}[3-3] #011Connection matched pg_hba.conf line 97", f'{head}[4-1] bob@shop FATAL:  password authentication failed for user "bob"',
    ]  # fmt: skip
    rows = rows_of(postgresql.SOURCE, "\n".join(lines).encode(), Reading(layout="%q%u@%d ", year=2026))
    assert rows["failure_reason"].to_list() == ["account", "password"]
    assert set(rows["observer_name"]) == {"db1"}


NAMES = st.sampled_from(["bob", "x y", 'a"b', "[unknown]", "LOG:  x", "", "é", "x@y FATAL:  z"])
PROCESSES = st.integers(1, 3)
LINES = st.one_of(
    st.builds(FAILED.format, PROCESSES, NAMES, NAMES), st.builds(DETAIL.format, PROCESSES, NAMES, NAMES), st.just(MATCHED), st.just("\t\n"),
    st.builds((HEAD + "STATEMENT:  select 1\n").format, PROCESSES, NAMES), st.just("stray\n"), st.just("\n"),
    st.binary(max_size=12).map(lambda raw: raw.decode("latin-1")),
)  # fmt: skip


@settings(max_examples=60)
@given(lines=st.lists(LINES, max_size=12), sizes=st.lists(st.integers(1, 200), min_size=1, max_size=4))
@example(lines=[FAILED.format(1, "b", "b"), DETAIL.format(1, "b", "b"), MATCHED], sizes=[7])
def test_messages_are_the_same_however_the_file_is_handed_over(lines, sizes):
    data = "".join(lines).encode("utf-8", "surrogateescape")
    whole = cut(postgresql.SOURCE, data, DEFAULT) if data else []
    assert b"".join(whole) == data
    assert in_steps(postgresql.SOURCE, data, DEFAULT, sizes) == whole
    if whole:
        rows = postgresql.read(batch_of(whole), DEFAULT).to_pylist()
        assert all((row["unread"] is None) == (row["event_action"] is not None) for row in rows)


@settings(max_examples=40)
@given(data=st.binary(max_size=300), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3))
@pytest.mark.parametrize("source", [postgresql.SOURCE, postgresql_csv.SOURCE], ids=lambda s: s.name)
def test_any_bytes_are_cut_into_pieces_that_are_the_file(source, data, sizes):
    whole = cut(source, data, DEFAULT) if data else []
    assert b"".join(whole) == data
    assert b"".join(in_steps(source, data, DEFAULT, sizes)) == data


def test_a_message_without_end_is_cut_and_costs_only_itself(monkeypatch):
    monkeypatch.setattr(pieces, "LONGEST", 400)
    monkeypatch.setattr(pieces, "LONGEST_LINE", 2000)
    long = (HEAD + "LOG:  statement: select\n").format(9, "bob") + "\t1,\n" * 300 + FAILED.format(1, "bob", "bob") + "x" * 5000 + "\n" + FAILED.format(2, "eve", "eve")
    found = cut(postgresql.SOURCE, long.encode(), DEFAULT)
    assert b"".join(found) == long.encode()
    assert max(map(len, found)) <= 2000
    rows = postgresql.read(batch_of(found), DEFAULT).to_pylist()
    assert [row["user_name"] for row in rows if row["event_action"] == "failed"] == ["bob", "eve"]
    assert in_steps(postgresql.SOURCE, long.encode(), DEFAULT, [333]) == found


@pytest.mark.parametrize(
    "prefix",
    ["%m [%p] %q%u@%d ", "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ", "%m:%r:%u@%d:[%p]:", "%n p=%p u=%u d=%d r=%r ", "%m %p %c %e %r %u %d %a ",
     "%r|%m|%u@%d|%p| ", "[%m] [%p] <%u@%d> (%r) ", "db=%d,user=%u %m [%p] ", "%c %m [%p] %q[%a] %u@%d/%h ", "%m [%p] %v %x %i %u@%d "],
)  # fmt: skip
def test_a_prefix_is_found_out_from_the_lines(prefix):
    values = {"m": "2026-11-22 22:30:13.513 UTC", "t": "2026-11-22 22:30:13 UTC", "n": "1795386613.513", "p": "22559", "l": "3", "c": "6b036cf4.5814", "e": "28P01",
              "r": "192.0.2.1(3344)", "h": "192.0.2.1", "v": "3/17", "x": "0", "i": "authentication"}  # fmt: skip
    lines = []
    for user, database in (("bob", "shop"), ("eve", "members"), ("[unknown]", "[unknown]"), ("root", "postgres")):
        told = {**values, "u": user, "d": database, "a": "psql"}
        head = re.sub(r"%(\w)", lambda match, told=told: "" if match[1] == "q" else told[match[1]], prefix)
        lines.append(f'{head}FATAL:  password authentication failed for user "{user}"')
    found, share = found_prefixes(lines)
    assert share == 1.0
    groups = pl.Series(lines[:1]).str.extract_groups(compiled(found[0])).struct.unnest().to_dicts()[0]
    assert (groups["user"], groups["database"]) == ("bob", "shop")
    assert ("time" in groups and groups["time"] is not None) or groups["epoch"] == "1795386613.513"
    assert ("%r" not in prefix and "%h" not in prefix) or groups["host"] == "192.0.2.1"
    row = postgresql.read(batch_of([line.encode() for line in lines]), Reading(layout="\n".join(found))).to_pylist()[0]
    assert (row["event_action"], row["user_name"], row["session_id"] is not None) == ("failed", "bob", "%p" in prefix or "%c" in prefix)


def test_a_pasted_prefix_is_used_and_a_wrong_one_named():
    assert statement_of("log_line_prefix = '%m [%p] it''s '") == "%m [%p] it's "
    line = b'2026-11-22 22:30:13.513 UTC <<bob>> FATAL:  password authentication failed for user "bob"'
    row = postgresql.read(batch_of([line]), Reading(layout="log_line_prefix = '%m <<%-3u>> '")).to_pylist()[0]
    assert (row["event_action"], row["user_name"], row["unread"]) == ("failed", "bob", None)
    assert format_of_layout("log_line_prefix = '%m [%p] '") == "postgresql"
    with pytest.raises(PrefixError, match="%y"):
        format_of_layout("log_line_prefix = '%m %y '")


def test_a_client_cannot_forge_a_message_with_its_name():
    """A name that closes the prefix and opens a message of its own accuses nobody and lets nobody in."""
    name = "x@y LOG:  connection authorized: user=postgres database=shop "
    line = f'2026-11-22 22:30:13.513 UTC [7] {name}@shop FATAL:  password authentication failed for user "{name}"'.encode()
    row = postgresql.read(batch_of([line]), DEFAULT).to_pylist()[0]
    assert (row["event_action"], row["failure_reason"], row["user_name"], row["database_name"]) == ("probed", "protocol", None, None)


@pytest.mark.parametrize("layout", ["%m [%p] %q%u@%d ", "%m [%p] %r %q%u@%d ", ""])
def test_a_client_cannot_accuse_an_address_with_its_name(layout):
    """Whatever prefix its names suggest: the message ends behind the name, and there it is whole."""
    line = b'2026-11-22 22:30:13.513 UTC [7] 192.0.2.1 bob@shop FATAL:  password authentication failed for user "192.0.2.1 bob"'
    row = postgresql.read(batch_of([line]), Reading(layout=layout)).to_pylist()[0]
    assert (row["event_action"], row["source_address"], row["user_name"]) == ("failed", None, "192.0.2.1 bob")


def test_lines_of_the_server_alone_do_not_settle_the_prefix_of_clients():
    begin = b"2026-11-22 22:30:05.022 UTC [22350]  LOG:  checkpoint starting: time\n" * 30
    late = b'2026-11-22 22:30:13.513 UTC [7] 203.0.113.7(44) bob@shop app=psql FATAL:  password authentication failed for user "bob"\n'
    layout = postgresql.recognise(begin.splitlines()).layout
    row = postgresql.read(batch_of([late]), Reading(layout=layout)).to_pylist()[0]
    assert (row["source_address"], row["database_name"], row["process_name"]) == ("203.0.113.7", "shop", "psql")


@pytest.mark.parametrize(("number", "tool"), [("65363.19778", "nmap"), ("65107.19778", "smb"), ("18245.21536", "http"), ("5635.769", "tls"), ("2.0", None), ("70000.1", None)])
def test_numbers_of_a_protocol_are_the_bytes_that_were_sent(number, tool):
    assert tool_of_version(number) == tool


# --- PostgreSQL, CSV --------------------------------------------------------------------------------------------------


def test_a_record_with_line_ends_in_it_is_one_piece():
    data = (RECORD.format("bob") + RECORD.format("eve")).encode()
    assert cut(postgresql_csv.SOURCE, data, Reading()) == [RECORD.format("bob").encode(), RECORD.format("eve").encode()]


def test_a_record_that_is_cut_off_takes_none_of_those_behind_it_with_it():
    data = (RECORD.format("bob")[:-60] + "\n" + RECORD.format("eve") + RECORD.format("dan")[:170] + "\n" + RECORD.format("kim")).encode()
    rows = rows_of(postgresql_csv.SOURCE, data)
    assert rows.filter(pl.col("event_action") == "failed")["user_name"].to_list() == ["eve", "kim"]
    assert set(rows.filter(pl.col("unread").is_not_null())["unread"]) <= {postgresql_csv.CUT_OFF, postgresql_csv.CONTINUES, postgresql_csv.NO_RECORD}


def test_a_client_cannot_forge_a_record_with_its_name():
    forged = RECORD.format("root").replace('"', '""')
    bare = "2026-11-22 22:30:12.772 UTC,,,1,,6b03.58,1,,2026-11-22 22:30:12 UTC,,0,LOG,00000,connection authorized: user=root database=shop,,,,,,,,,,client backend,,0"
    data = RECORD.replace("{0}", "bob\n" + forged + "\n" + bare + "\n").encode()
    rows = rows_of(postgresql_csv.SOURCE, data)
    assert len(rows) == 1
    assert rows["user_name"][0].startswith("bob\n")


@settings(max_examples=60)
@given(
    parts=st.lists(st.one_of(st.builds(RECORD.format, st.sampled_from(["bob", "a\nb", "a,b", ""])), st.just("stray\n"), st.just('x "y\n'), st.text('",\n a', max_size=9)), max_size=8),
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=4),
)  # fmt: skip
def test_records_are_the_same_however_the_file_is_handed_over(parts, sizes):
    data = "".join(parts).encode()
    whole = cut(postgresql_csv.SOURCE, data, Reading()) if data else []
    assert b"".join(whole) == data
    assert b"".join(in_steps(postgresql_csv.SOURCE, data, Reading(), sizes)) == data
    good = [piece for piece in in_steps(postgresql_csv.SOURCE, data, Reading(), sizes) if piece in [part.encode() for part in parts if part.startswith("2026")]]
    assert good == [piece for piece in whole if piece in [part.encode() for part in parts if part.startswith("2026")]]


# --- MySQL and MariaDB ------------------------------------------------------------------------------------------------


def test_a_pattern_of_a_grant_is_no_source():
    for host in ("203.0.113.%", "192.0.2.80", "%", "2001:db8::%"):
        line = f"2026-11-22 22:30:18 49 [Warning] Access denied for user 'webapp'@'{host}' to database 'nosuch'".encode()
        row = mariadb_error.read(batch_of([line]), Reading()).to_pylist()[0]
        assert (row["event_action"], row["source_address"], row["source_domain"]) == ("passed", None, host)


def test_a_user_cannot_accuse_another_address():
    line = b"2026-11-22 22:30:18 49 [Warning] Access denied for user 'a'@'192.0.2.1' (using password: YES)'@'203.0.113.7' (using password: YES)"
    assert mariadb_error.read(batch_of([line]), Reading()).to_pylist()[0]["source_address"] == "203.0.113.7"
    line = b"20261122 22:30:12,db1,x,192.0.2.1,5,0,CONNECT,shop,,0,203.0.113.7,35,0,FAILED_CONNECT,,,1045"
    row = mariadb_audit.read(batch_of([line]), Reading()).to_pylist()[0]
    assert (row["event_action"], row["source_address"]) == ("failed", "203.0.113.7")


@settings(max_examples=40)
@given(lines=st.lists(st.binary(max_size=200).map(lambda raw: raw.replace(b"\n", b"") + b"\n"), min_size=1, max_size=5))
@pytest.mark.parametrize("source", [mysql_error.SOURCE, mariadb_audit.SOURCE, postgresql.SOURCE, postgresql_csv.SOURCE, postgresql_json.SOURCE], ids=lambda s: s.name)
def test_any_bytes_leave_a_row(source, lines):
    rows = source.read(batch_of(lines), Reading(layout="%m [%p] ", year=2026)).to_pylist()
    assert len(rows) == len(lines)
    assert all((row["unread"] is None) == (row["seen_at"] is not None) for row in rows)


# --- the laboratory ---------------------------------------------------------------------------------------------------

SAME = ("seen_at", "event_action", "failure_reason", "source_address", "source_port", "user_name", "database_name", "connection_encrypted", "tool", "message")


def count(rows, action, reason=None):
    return rows.filter((pl.col("event_action") == action) & (pl.col("failure_reason").eq_missing(reason))).height


@lab
def test_three_logs_of_one_postgresql_tell_the_same():
    forms = {
        form: rows_of(source, (LAB / f"postgresql-15-verbose.{form}").read_bytes())
        for form, source in (("log", postgresql.SOURCE), ("csv", postgresql_csv.SOURCE), ("json", postgresql_json.SOURCE))
    }
    assert [rows.height for rows in forms.values()] == [554, 554, 554]
    told = [rows.filter(pl.col("unread").is_null()).select(SAME).sort(SAME) for rows in forms.values()]
    assert told[0].equals(told[1]) and told[1].equals(told[2])
    for rows in forms.values():
        assert count(rows, "connected") == 243
        assert count(rows, "passed") == 43  # two of them for a database that is not there, which two more rows say
        assert count(rows, "passed", "database") == 2
        assert count(rows, "failed", "password") + count(rows, "failed", "account") == 143
        assert count(rows, "failed", "account") == 10
        assert count(rows, "refused", "source") == 8
        assert rows.filter(pl.col("source_address").is_null() & pl.col("unread").is_null()).height == 0


@lab
def test_a_default_postgresql_log_has_failures_without_addresses():
    rows = rows_of(postgresql.SOURCE, (LAB / "postgresql-15-default.log").read_bytes())
    assert rows.filter(pl.col("event_action") == "failed").height == 143
    assert count(rows, "failed", "account") == 10
    assert rows.filter(pl.col("source_address").is_not_null())["event_action"].to_list() == ["refused"] * 8
    assert count(rows, "passed", "database") == 2
    assert rows.filter(pl.col("tool") == "nmap").height == 1


@lab
def test_mariadb_default_shows_names_for_addresses():
    rows = rows_of(mariadb_error.SOURCE, (LAB / "mariadb-10.11-default.err").read_bytes())
    denied = rows.filter(pl.col("message").str.starts_with("Access denied"))
    assert denied.height == 123
    assert denied["source_address"].is_not_null().sum() == 64
    assert denied["source_domain"].str.ends_with("%").sum() == 2
    assert denied["source_domain"].is_not_null().sum() == 59
    assert count(rows, "probed", "closed") == 42


@lab
def test_mariadb_audit_is_exact():
    rows = rows_of(mariadb_audit.SOURCE, (LAB / "mariadb-10.11-server_audit.log").read_bytes())
    codes = dict(rows.group_by("event_code").len().iter_rows())
    assert {code: codes[code] for code in ("1045", "1130", "1044", "1156", "1158")} == {"1045": 121, "1130": 6, "1044": 2, "1156": 26, "1158": 10}
    assert count(rows, "passed") == 41
    assert rows["source_address"].null_count() == 0 and rows["unread"].null_count() == rows.height


@pytest.mark.skipif(not (PUBLIC / "fail2ban" / "mysqld-auth").exists(), reason="development data is not here")
def test_lines_that_others_expect_to_be_refusals_are_read_with_their_host_and_time():
    expected, lines = [], []
    for line in (PUBLIC / "fail2ban" / "mysqld-auth").read_text("utf-8").splitlines():
        if line.startswith("# failJSON:"):
            expected.append(json.loads(line.partition(":")[2]))
        elif line and not line.startswith("#"):
            lines.append(line.encode())
    rows = mariadb_error.read(batch_of(lines), Reading(timezone="Europe/Zurich", year=2004)).to_pylist()
    met = 0
    for want, row in zip(expected, rows, strict=True):
        hit = row["event_action"] == "failed" and want["host"] in (row["source_address"], row["source_domain"])
        if "time" in want and hit:
            # where syslog has no year they made one up; the server's own time has the true one
            there = pl.Series([row["seen_at"]]).dt.convert_time_zone("Europe/Zurich").dt.strftime("%Y-%m-%dT%H:%M:%S")[0]
            hit = there == want["time"] or (want["time"][:4] == "2004" and there[4:] == want["time"][4:])
        met += hit == want["match"]
    assert met == len(expected) >= 17


@pytest.mark.parametrize(
    ("source", "path", "action"), [(postgresql.SOURCE, "pgsql-logs/pgsql-logs.log", 6), (mariadb_error.SOURCE, "mariadb-logs/mariadb-logs.log", 6)], ids=["pgsql", "mariadb"]
)
@pytest.mark.skipif(not (PUBLIC / "crowdsec-hub").exists(), reason="development data is not here")
def test_lines_of_other_servers_are_failures_with_their_addresses(source, path, action):
    rows = rows_of(source, (PUBLIC / "crowdsec-hub" / path).read_bytes())
    assert (rows["event_action"] == "failed").sum() == action
    assert rows["source_address"].null_count() == 0


def test_a_client_on_the_same_machine_is_named_as_such():
    address, name = peers(pa.array(["[local]", "[x]", "192.0.2.7", "app.site.example", "203.0.113.%", None]))
    assert address.to_pylist() == [None, None, "192.0.2.7", None, None, None]
    assert name.to_pylist() == ["[local]", None, None, "app.site.example", "203.0.113.%", None]
