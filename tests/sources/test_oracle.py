"""What another project's parsers found in the same lines, wherever its test data lies beside ours.

Every access line of every folder that our sources read must give the same address, request, status, size, agent and time.
`pytest -s` prints the table of folders.
"""

import ast
import re
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from conftest import SHARED, batch_of
from vigie.engines.block import Task, do_block, read_lines
from vigie.records import ACCESS
from vigie.sources.registry import recognise
from vigie.sources.source import Reading
from vigie.sources.wrapping import unwrap

FOLDER = SHARED / "web" / "crowdsec_tests"
FOLDERS = sorted(one.name for one in FOLDER.iterdir() if one.is_dir()) if FOLDER.exists() else []
PARSED = re.compile(r'^results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.Parsed\["([^"]+)"\] == (".*")$')

EVENT = re.compile(r'^results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([^"]+)"\) == (".*")$')

SAME = {
    "remote_addr": "source_address", "clientip": "source_address", "verb": "http_method", "request": "url_original", "status": "http_status",
    "response": "http_status", "body_bytes_sent": "http_response_bytes", "bytes": "http_response_bytes", "http_user_agent": "user_agent", "agent": "user_agent",
    "http_referer": "http_referrer", "referrer": "http_referrer", "http_version": "http_version", "httpversion": "http_version", "remote_user": "user_name",
    "auth": "user_name", "time_local": "seen_at", "timestamp": "seen_at", "target_fqdn": "url_domain", "request_time": "event_duration",
}  # fmt: skip
"""Their field → our column."""
NOT_OURS = {
    "http-magento-bf": "an application's own log", "modsecurity-logs-nginx": "error log", "modsecurity-nginx": "error log", "nginx-http-generic-bf": "error log",
    "nginx_req_limit_exceeded": "error log", "pfsense-rfc5424-nginx": "error log", "litespeed-admin-bf": "error log", "sympa_ww-http-scan": "an application's own log",
    "tcpudp-flood-traefik": "a proxy's debug log", "traefik_json": "JSON, in a test of its own",
}  # fmt: skip
"""Folders without access lines in a text format."""


def lines_of(folder):
    return [line for path in sorted((FOLDER / folder).glob("*.log")) for line in path.read_bytes().split(b"\n") if line.strip()]


def expected(folder):
    """For each message that their parsers took for an access line, the fields they found."""
    found = {}
    path = FOLDER / folder / "parser.assert"
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        if match := PARSED.match(line):
            found.setdefault((match[1], int(match[2])), {})[match[3]] = go_text(match[4])
    return {one["message"]: one for one in found.values() if "message" in one and {"status", "response"} & set(one)}


def go_text(quoted):
    return ast.literal_eval(quoted)


def comparable(column, text):
    """Their text as our value."""
    if text in ("-", "", "_") and column not in ("http_method", "url_original"):
        return None
    if column in ("http_status", "http_response_bytes"):
        return int(text)
    if column == "event_duration":
        return round(float(text) * 1_000_000)
    if column == "seen_at":
        return datetime.fromisoformat(text) if text[4] == "-" else datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    return text


def whole_second(value):
    """Their times have seconds only."""
    return value.replace(microsecond=0) if isinstance(value, datetime) else value


def carried(lines):
    """Lines as their parsers see them: what syslog and the like carry."""
    return [line.decode("utf-8", "replace").strip() for line in unwrap(batch_of([line + b"\n" for line in lines])).column("line").to_pylist()]


def read(folder):
    lines = lines_of(folder)
    verdict = recognise(lines, "", Reading())
    if verdict is not None and verdict.source.record is not ACCESS:  # a folder of several kinds of lines: only those of access logs
        wanted = expected(folder)
        lines = [line for line, text in zip(lines, carried(lines), strict=True) if text in wanted]
        verdict = recognise(lines, "", Reading())
    assert verdict is not None, f"{folder}: no source reads it"
    task = Task("feed", "file", 0, verdict.source.name, verdict.reading, wrapped=verdict.wrapped)
    return verdict, lines, read_lines(batch_of([line + b"\n" for line in lines]), task).to_pylist()


@pytest.mark.parametrize("folder", [one for one in FOLDERS if one not in NOT_OURS])
def test_their_fields_are_ours(folder):
    verdict, lines, rows = read(folder)
    assert verdict.source.record is ACCESS
    wanted = expected(folder)
    checked = values = 0
    for text, row in zip(carried(lines), rows, strict=True):
        theirs = wanted.get(text)
        if theirs is None:
            continue
        assert row["unread"] is None, (row["unread"], text)
        checked += 1
        for name, value in theirs.items():
            if name in SAME:
                assert whole_second(row[SAME[name]]) == comparable(SAME[name], value), (name, text)
                values += 1
    read_rows = sum(row["unread"] is None for row in rows)
    print(f"\n{folder:<34} {verdict.title:<32} lines {len(rows):>5}  read {read_rows:>5}  checked {checked:>4}  values {values:>5}", end="")
    assert checked >= len(set(wanted)) or not wanted


def events(folder):
    """What their detections quote of the requests behind them."""
    found = {}
    path = FOLDER / folder / "scenario.assert"
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        if match := EVENT.match(line):
            found.setdefault((match[1], match[2]), {})[match[3]] = go_text(match[4])
    return [one for one in found.values() if {"http_path", "http_status", "source_ip", "timestamp"} <= set(one)]


@pytest.mark.parametrize("folder", [one for one in FOLDERS if one not in NOT_OURS])
def test_requests_that_their_detections_quote_are_among_our_records(folder):
    verdict, _, rows = read(folder)
    timed = verdict.title != "AWS ALB"  # they take the start of the request, which in their invented lines is years before its end
    ours = {
        (row["source_address"], row["http_status"], row["url_original"], whole_second(row["seen_at"]).astimezone(UTC) if timed else None)
        for row in rows if row["unread"] is None
    }  # fmt: skip
    for one in events(folder):
        seen = whole_second(datetime.fromisoformat(one["timestamp"])).astimezone(UTC) if timed else None
        assert (one["source_ip"], int(one["http_status"]), one["http_path"], seen) in ours, (verdict.title, one)
    print(f" events {len(events(folder)):>4}", end="")


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_line_of_theirs_is_lost(folder):
    lines = lines_of(folder)
    verdict = recognise(lines, "", Reading())
    if verdict is None:
        assert folder in NOT_OURS
        return
    data = b"".join(line + b"\n" for line in lines)
    done = do_block(data, Task("feed", "file", 0, verdict.source.name, verdict.reading, wrapped=verdict.wrapped, keep=True))
    assert done.lines == len(lines)
    assert done.records.num_rows + done.unread_lines.num_rows == len(lines)
    assert pa.compute.all(pa.compute.is_valid(done.unread_lines.column("reason"))).as_py() in (True, None)
