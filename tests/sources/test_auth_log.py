"""Log-ins in syslog: names that imitate lines, what one guess leaves behind, files of many programs, and public logs when they are there."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import SHARED, batch_of
from vigie.records.login import ACTIONS, WHY
from vigie.sources.auth_log import SOURCE, recognise
from vigie.sources.registry import recognise as verdict_of
from vigie.sources.source import Reading

READING = Reading(timezone="UTC", year=2025)
PUBLIC = SHARED / "network" / "public"
needs_data = pytest.mark.skipif(not PUBLIC.exists(), reason="development data is not here")
HEAD = "Nov 16 10:00:00 web1 sshd[4711]: "
TRUE = "203.0.113.5"
INNOCENT = "198.51.100.6"


def read(*lines, reading=READING):
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return SOURCE.read(batch_of([line + b"\n" for line in raw]), reading).to_pylist()


names = st.lists(
    st.sampled_from(
        ["root", " from ", INNOCENT, " port 22", " ssh2", ":", " ssh2: ", " ssh1: ", " [preauth]", "invalid user ", " via ", "x", " for ", "'", "user=", " rhost=", ">", ", rip="]
    ),
    max_size=9,
).map("".join)


@given(name=names)
@example(name=f"x from {INNOCENT} port 1 ssh2")
@example(name=f"x from {INNOCENT} port 1 ssh2: y")
@example(name=f"x from {INNOCENT} port 1 ssh2 [preauth]")
@example(name=f"root from {INNOCENT} not allowed because listed")
@pytest.mark.parametrize(
    "line",
    [
        HEAD + "Failed password for invalid user {} from " + TRUE + " port 22 ssh2",
        HEAD + "Failed password for invalid user {} from " + TRUE + " port 22 ssh2 [preauth]",
        HEAD + "Failed publickey for {} from " + TRUE + " port 22 ssh2: RSA SHA256:AAAA",
        HEAD + "Invalid user {} from " + TRUE + " port 22",
        HEAD + "Connection closed by invalid user {} " + TRUE + " port 22 [preauth]",
        HEAD + "Disconnected from authenticating user {} " + TRUE + " port 22 [preauth]",
        HEAD + "error: maximum authentication attempts exceeded for invalid user {} from " + TRUE + " port 22 ssh2 [preauth]",
        HEAD + "error: PAM: Authentication failure for illegal user {} from " + TRUE,
        HEAD + "User {} from " + TRUE + " not allowed because not listed in AllowUsers",
        "Nov 16 10:00:00 mx dovecot: imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<{}>, method=PLAIN, rip=" + TRUE + ", lip=192.0.2.1, session=<a>",
        "Nov 16 10:00:00 mx postfix/smtpd[7]: warning: unknown[" + TRUE + "]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username={}",
        "Nov 16 10:00:00 web1 wordpress(www.news.example)[7]: Authentication failure for {} from " + TRUE,
        "Nov 16 10:00:00 web1 vsftpd[7]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser={} rhost=" + TRUE,
        "Nov 16 10:00:00 web1 vsftpd[7]: pam_sss(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser= rhost=" + TRUE + " user={}",
    ],
)
def test_no_name_makes_an_innocent_address_the_source(line, name):
    (row,) = read(line.format(name))
    assert row["unread"] is None or row["source_address"] is None
    assert row["source_address"] in (TRUE, None), line.format(name)


@given(data=st.data())
def test_any_bytes_every_line_is_a_row_with_known_words(data):
    heads = st.sampled_from([b"", HEAD.encode(), b"Nov 16 10:00:00 mx dovecot: ", b"2025-11-16T10:00:00Z h postfix/smtpd[1]: ", b'{"MESSAGE":', b"<13>1 - - sshd - - - "])
    words = st.sampled_from([b"Failed password for ", b"Accepted publickey for ", b"pam_unix(sshd:auth): authentication failure; ", b"imap-login: Disconnected", b"message repeated 9 times: [ "])
    lines = data.draw(st.lists(st.tuples(heads, words, st.binary(max_size=60)).map(b"".join), min_size=1, max_size=6))
    lines = [line.replace(b"\n", b" ") for line in lines]
    rows = read(*lines)
    assert len(rows) == len(lines)
    for row in rows:
        assert (row["unread"] is None) == (row["event_action"] in ACTIONS)
        assert row["failure_reason"] is None or row["failure_reason"] in WHY


def test_one_guess_at_an_account_that_is_not_there_is_counted_once():
    rows = read(
        HEAD + f"Invalid user oracle from {TRUE} port 5",
        HEAD + "input_userauth_request: invalid user oracle [preauth]",
        HEAD + "pam_unix(sshd:auth): check pass; user unknown",
        HEAD + f"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={TRUE} ",
        HEAD + f"Failed password for invalid user oracle from {TRUE} port 5 ssh2",
        HEAD + f"Received disconnect from {TRUE} port 5:11: Bye Bye [preauth]",
        HEAD + f"Disconnected from invalid user oracle {TRUE} port 5 [preauth]",
    )
    assert Counter(row["event_action"] for row in rows) == {"told": 5, "failed": 1, "ended": 1}
    accounts = [row for row in rows if (row["event_action"], row["failure_reason"]) == ("told", "account")]
    assert [row["user_name"] for row in accounts] == ["oracle"]
    assert {row["session_id"] for row in rows} == {"4711"}


def test_one_guess_with_keyboard_interactive_is_counted_once():
    rows = read(
        HEAD + f"Invalid user oracle from {TRUE}",
        HEAD + f"error: PAM: authentication error for illegal user oracle from {TRUE}",
        HEAD + f"Failed keyboard-interactive/pam for invalid user oracle from {TRUE} port 5 ssh2",
    )
    assert [row["event_action"] for row in rows] == ["told", "failed", "told"]


def test_keys_that_do_not_fit_are_no_guesses():
    rows = read(
        HEAD + f"Failed publickey for marie from {TRUE} port 5 ssh2: RSA SHA256:A",
        HEAD + f"Failed none for marie from {TRUE} port 5 ssh2",
        HEAD + f"Accepted publickey for marie from {TRUE} port 5 ssh2: RSA SHA256:B",
    )
    assert [row["event_action"] for row in rows] == ["told", "told", "passed"]


def test_folded_lines_keep_how_often():
    line = HEAD + f"message repeated 7 times: [ Failed password for root from {TRUE} port 5 ssh2]"
    (row,) = read(line)
    assert (row["event_action"], row["repeats"], row["source_address"]) == ("failed", 7, TRUE)
    (row,) = read(HEAD + f"message repeated 99999999 times: [ Failed password for root from {TRUE} port 5 ssh2]")
    assert (row["event_action"], row["repeats"]) == ("failed", None)


def test_a_year_turns_within_a_log():
    lines = ["Dec 31 23:59:59 web1 sshd[1]: Connection from 203.0.113.5 port 1", "Jan  1 00:00:01 web1 sshd[1]: Connection from 203.0.113.5 port 2"]
    rows = read(*lines, reading=Reading(timezone="Europe/Paris", year=2026, year_until=103))
    assert [row["seen_at"].year for row in rows] == [2025, 2025]
    assert rows[1]["seen_at"] == datetime(2025, 12, 31, 23, 0, 1, tzinfo=UTC)
    assert [row["unread"] for row in read(*lines, reading=Reading())] == ["time has no year; --year names it"] * 2


def noise(count):
    return [f"Nov 16 10:{n // 60:02}:{n % 60:02} web1 systemd[1]: Started job {n}.".encode() for n in range(count)]


def test_few_log_ins_among_other_programs_are_enough():
    sample = [*noise(500), (HEAD + f"Failed password for root from {TRUE} port 5 ssh2").encode()]
    verdict = verdict_of(sample, "", READING)
    assert verdict is not None
    assert (verdict.source.name, verdict.wrapped, verdict.yearless) == ("auth_log", False, True)
    assert "zone" in verdict.doubt
    assert recognise(noise(500)) is None


def test_what_most_of_a_file_is_goes_before_a_few_log_ins():
    request = '203.0.113.9 - - [16/Nov/2025:10:00:00 +0100] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0"'
    lines = [f"Nov 16 10:00:00 web1 nginx: {request}".encode()] * 20
    lines.append((HEAD + f"Failed password for root from {TRUE} port 5 ssh2").encode())
    verdict = verdict_of(lines, "", READING)
    assert verdict is not None
    assert verdict.source.name != "auth_log"
    assert recognise(lines).share == 0.5


def test_a_mixed_log_is_read_from_the_command_line(vigie):
    lines = [*noise(30), *[(HEAD + f"Failed password for root from {TRUE} port {n} ssh2").encode() for n in range(12)]]
    path = vigie.folder / "syslog"
    path.write_bytes(b"\n".join(lines) + b"\n")
    out = json.loads(vigie("read", path, "--json", "--year", "2025"))
    text = json.dumps(out)
    assert '"lines": 42' in text
    assert '"unread": 30' in text


@needs_data
def test_public_attack_log_is_counted_exactly():
    lines = (PUBLIC / "loghub" / "OpenSSH_2k.log").read_bytes().splitlines()
    rows = read(*lines)
    assert len(rows) == 2000
    failed = [row for row in rows if row["event_action"] == "failed"]
    assert len(failed) == 520
    assert all(row["source_address"] for row in failed)
    assert sum(row["repeats"] or 1 for row in failed) == 528
    written = set(re.findall(rb"\b\d+\.\d+\.\d+\.\d+\b", b"\n".join(lines)))
    assert {row["source_address"].encode() for row in rows if row["source_address"]} == written
    tried = set(re.findall(rb"Failed password for .* from (\S+) port", b"\n".join(lines)))
    assert {row["source_address"].encode() for row in failed} == tried
    unread = Counter(row["unread"] for row in rows if row["unread"])
    assert set(unread) == {"says nothing of connections or log-ins"}
    assert sum(unread.values()) == 7
    verdict = verdict_of(lines[:1000], "", READING)
    assert (verdict.source.name, verdict.share > 0.99) == ("auth_log", True)


def expectations():
    """What fail2ban's own test file says of its lines: time, address, line."""
    out, told = [], None
    for line in (PUBLIC / "fail2ban" / "sshd").read_text("utf-8").splitlines():
        if found := re.match(r"# failJSON: (\{.*\})", line):
            told = json.loads(found[1])
        elif line and not line.startswith("#"):
            out.append((told, line))
    return out


@needs_data
def test_public_expectations_of_time_and_source():
    cases = expectations()
    rows = read(*(line for _, line in cases), reading=Reading(timezone="Europe/Zurich", year=2005, year_until=815))
    known, right, wanted = {}, 0, 0
    for (told, _), row in zip(cases, rows, strict=True):
        source = row["source_address"] or row["source_domain"]
        key = (row["observer_name"], row["session_id"])
        if source:
            known[key] = source  # lines of one connection share its process: what one says of the source the others may leave out
        if not told["match"]:
            continue
        wanted += 1
        at = datetime.fromisoformat(told["time"]).replace(tzinfo=ZoneInfo("Europe/Zurich")).astimezone(UTC)
        host = told.get("host")
        fine = row["unread"] is None and row["seen_at"].replace(microsecond=0) == at and (host is None or (source or known.get(key)) == host)
        right += fine
    assert wanted == 109
    assert right / wanted >= 0.95, right


@needs_data
def test_public_samples_of_two_alerts():
    rows = read(*(PUBLIC / "crowdsec-hub" / "ssh-bf" / "ssh-bf.log").read_bytes().split(b"\n")[:6])
    assert [(row["source_address"], row["user_name"]) for row in rows] == [("35.188.49.176", f"pascal{n or ''}") for n in range(6)]
    (row,) = read((PUBLIC / "crowdsec-hub" / "sshd-refused-conn" / "sshd-refused-conn.log").read_bytes().strip())
    assert (row["event_action"], row["source_address"]) == ("refused", "192.168.1.1")
