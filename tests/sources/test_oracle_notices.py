"""What another project's parsers found in the same JSON and error-log lines, wherever its test data lies beside ours.

Every value that they assert of a line of these formats must be ours too, and no such line may be unread.
"""

import ast
import re
from datetime import datetime

import pytest

from conftest import SHARED, batch_of
from vigie.engines.block import Task, read_lines
from vigie.records import NOTICE
from vigie.sources.registry import recognise, source_named
from vigie.sources.source import Reading
from vigie.sources.wrapping import recognise_wrapping

FOLDER = SHARED / "web" / "crowdsec_tests"
PARSED = re.compile(r'^results\["s01-parse"\]\["([^"]+)"\]\[(\d+)\]\.Evt\.Parsed\["([^"]+)"\] == (".*")$')
META = re.compile(r'^results\[(\d+)\]\.Overflow\.Alert\.Events\[(\d+)\]\.GetMeta\("([^"]+)"\) == (".*")$')

SAME = {
    "remote_addr": "source_address", "client": "source_address", "clientport": "source_port", "verb": "http_method", "request": "url_original",
    "http_version": "http_version", "status": "http_status", "body_bytes_sent": "http_response_bytes", "http_user_agent": "user_agent",
    "loglevel": "log_level", "log_level": "log_level", "pid": "process_id", "cid": "connection_id", "errorcode": "event_code",
    "target_uri": "url_original", "time": "seen_at", "timestamp": "seen_at", "request_addr": "url_domain",
    "request_duration_in_ms": "event_duration",
}  # fmt: skip
"""Their field → our column."""

FOLDERS = {
    "traefik_json": ("traefik", rb"^\{"), "modsecurity-logs-nginx": ("nginx_error", rb"^20"), "modsecurity-nginx": ("nginx_error", rb"^20"),
    "apache2-logs": ("apache_error", rb"^\["), "apache-cve-2021-41773": ("apache_error", rb"^\["), "nginx_req_limit_exceeded": ("nginx_error", rb"^20"),
    "nginx_http-logs": ("nginx_error", rb"^20\d\d/"), "nginx-http-generic-bf": ("nginx_error", rb"^20"), "pfsense-rfc5424-nginx": ("nginx_error", rb"."),
    "litespeed-logs": ("litespeed_error", rb"^20"), "litespeed-admin-bf": ("litespeed_error", rb"^20"), "envoy-http-bad-user-agent": ("envoy", rb"."),
    "envoy-http-crawl-non_statics": ("envoy", rb"."),
}  # fmt: skip
"""Folder → our source, and which of its lines are of that format (some folders hold access lines too)."""


def records(folder):
    """Our records of the folder's lines, by number of the line."""
    name, ours = FOLDERS[folder]
    lines = [line for line in (FOLDER / folder / f"{folder}.log").read_bytes().splitlines() if line.strip()]
    mine = [number for number, line in enumerate(lines) if re.match(ours, line)]
    batch = batch_of([lines[number] + b"\n" for number in mine])
    sample = [lines[number] for number in mine]
    task = Task("feed", "file", 0, name, Reading(), wrapped=not re.match(rb"[\[{]|20\d\d[-/]\d\d[-/]\d\d \d", sample[0]) and recognise_wrapping(sample))
    return dict(zip(mine, read_lines(batch, task).to_pylist(), strict=True))


def value(name, column, text):
    """Their text as our value."""
    if name == "request_duration_in_ms":  # so they call it; Traefik writes nanoseconds
        return round(int(text) / 1000)
    if name == "request" and text.startswith("//"):  # they cut the scheme off
        return "https:" + text
    if column in ("http_status", "http_response_bytes", "process_id", "connection_id", "source_port"):
        return int(text)
    if column == "log_level":
        return text.lower()
    if column == "seen_at":
        for shape in ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%a %b %d %H:%M:%S.%f %Y"):
            try:
                return datetime.strptime(text + " +0000", shape + " %z")
            except ValueError:
                continue
    return text or None


@pytest.mark.parametrize("folder", FOLDERS)
def test_their_values_are_ours(folder):
    if not FOLDER.exists():  # the development data is not part of the project
        return
    found = records(folder)
    assert all(row["unread"] is None for row in found.values()), [row["unread"] for row in found.values()]
    path = FOLDER / folder / "parser.assert"
    checked = 0
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        match = PARSED.match(line)
        if match and match[3] in SAME and int(match[2]) in found:
            row, column = found[int(match[2])], SAME[match[3]]
            if column not in row:
                continue
            assert row[column] == value(match[3], column, ast.literal_eval(match[4])), (folder, match[2], match[3])
            checked += 1
    print(f"\n{folder:<32} lines {len(found):>4}  values {checked:>4}", end="")
    assert checked or not path.exists() or not path.read_text("utf-8").strip()


@pytest.mark.parametrize("folder", ["modsecurity-nginx", "nginx-http-generic-bf", "litespeed-admin-bf", "envoy-http-bad-user-agent", "envoy-http-crawl-non_statics"])
def test_what_their_detections_quote_is_ours(folder):
    if not FOLDER.exists():
        return
    quoted = {"source_ip": "source_address", "http_verb": "http_method", "http_path": "url_original", "http_status": "http_status", "http_user_agent": "user_agent"}
    held = {}
    for row in records(folder).values():
        for column, fact in row.items():
            held.setdefault(column, set()).add(str(fact))
    others = b" ".join(line for line in (FOLDER / folder / f"{folder}.log").read_bytes().splitlines() if not re.match(FOLDERS[folder][1], line)).decode()
    checked = 0
    for line in (FOLDER / folder / "scenario.assert").read_text("utf-8").splitlines():
        match = META.match(line)
        if match and match[3] in quoted and quoted[match[3]] in held:
            text = ast.literal_eval(match[4])
            if text in held[quoted[match[3]]]:
                checked += 1
            else:  # quoted from a line of another format in the same folder
                assert re.search(rf"[ \"]{re.escape(text)} ", others), (folder, match[3], text)
    assert checked


def test_error_lines_are_recognised_by_themselves():
    if not FOLDER.exists():
        return
    for folder, (name, ours) in FOLDERS.items():
        if source_named(name).record is NOTICE and folder not in ("apache2-logs", "nginx_http-logs", "litespeed-logs", "apache-cve-2021-41773"):
            verdict = recognise([line for line in (FOLDER / folder / f"{folder}.log").read_bytes().splitlines() if re.match(ours, line)], "", Reading())
            assert verdict is not None and verdict.source.name == name, folder
