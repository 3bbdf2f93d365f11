"""Each recording is whole: every line is read, the truth lies inside its period, and the script of the documentation writes what `probe` reads."""

from __future__ import annotations

import contextlib
import gzip
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyarrow.compute as pc
import pytest
import yaml

from conftest import batch_of
from docs.documents import FORMATS, blocks
from vigie.sources.registry import recognise, source_named
from vigie.sources.source import Reading

HERE = Path(__file__).parent
NAMES = sorted(path.parent.name for path in HERE.glob("*/truth.yml"))
LINES = 20_000


def truth_of(name):
    return yaml.safe_load((HERE / name / "truth.yml").read_text("utf-8"))


def lines_of(name, file):
    return gzip.decompress((HERE / name / file).read_bytes()).splitlines(keepends=True)


def rows_of(name):
    return source_named("nginx").read(batch_of(lines_of(name, "access.log.gz")), Reading(layout=truth_of(name)["layout"]))


def moment(text):
    return datetime.fromisoformat(text)


def test_an_outage_held_headers_a_ramp_and_a_crowd_are_there():
    assert {"outage", "slow_headers", "slow_ramp", "flash_crowd"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_read_and_the_layout_is_recognised_without_being_told(name):
    lines = lines_of(name, "access.log.gz")
    assert 1_000 < len(lines) <= LINES
    assert rows_of(name).column("unread").null_count == len(lines)
    verdict = recognise([line.rstrip(b"\n") for line in lines[:1000]], "", Reading())
    assert (verdict.source.name, verdict.share) == ("nginx", 1.0)


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_lies_inside_the_period_that_the_log_covers(name):
    truth, seen = truth_of(name), pc.min_max(rows_of(name).column("seen_at")).as_py()
    period = [moment(truth["period"][end]) for end in ("start", "end")]
    done = truth["attack"] or truth["crowd"]
    assert (truth["attack"] is None) == (name == "flash_crowd")
    assert period[0] + timedelta(minutes=4) <= moment(done["start"]) < moment(done["end"]) < period[1]
    assert period[0] <= seen["min"] <= moment(done["start"]) and moment(done["end"]) <= seen["max"] <= period[1] + timedelta(seconds=30)
    assert truth["verdict"] in ("absorbed", "slowed", "unavailable", "cannot tell")
    assert (truth["impact"] is None) == (truth["verdict"] == "absorbed")
    if truth["impact"]:
        assert moment(done["start"]) <= moment(truth["impact"]["start"]) < moment(truth["impact"]["end"]) <= period[1]


@pytest.mark.parametrize("name", NAMES)
def test_addresses_of_the_log_are_those_of_the_truth(name):
    truth, rows = truth_of(name), rows_of(name)
    found, done = set(rows.column("source_address").to_pylist()), truth["attack"] or truth["crowd"]
    usual, others = set(truth["legitimate"]), set(done["sources"])
    assert usual & others == set()
    assert found <= usual | others
    assert usual <= found and len(found & others) >= 0.9 * len(others)


@pytest.mark.parametrize("name", NAMES)
def test_the_access_log_holds_what_the_verdict_says(name):
    truth, rows = truth_of(name), rows_of(name)
    usual, start = set(truth["legitimate"]), moment((truth["attack"] or truth["crowd"])["start"])
    failed = sum(
        row["http_status"] in (408, 499) or row["http_status"] >= 500 for row in rows.select(["source_address", "seen_at", "http_status"]).to_pylist()
        if row["source_address"] in usual and row["seen_at"] >= start
    )  # fmt: skip
    if truth["verdict"] == "unavailable":
        assert failed > 50
    if truth["verdict"] == "absorbed":
        assert failed == 0


def test_each_held_connection_is_one_line_of_408():
    truth = truth_of("slow_headers")
    held = sum(status == 408 for status in rows_of("slow_headers").column("http_status").to_pylist())
    assert abs(held - truth["attack"]["connections"]) <= 0.02 * held
    assert any(b"client timed out" in line for line in lines_of("slow_headers", "error.log.gz"))


@pytest.mark.parametrize("name", NAMES)
def test_what_the_monitor_wrote_is_read(name):
    lines = lines_of(name, "probe.jsonl.gz")
    verdict = recognise([line.rstrip(b"\n") for line in lines], "", Reading())
    assert verdict.source.name == "probe"
    rows = verdict.source.read(batch_of(lines), verdict.reading)
    assert rows.column("unread").null_count == len(lines) > 10
    outcomes = set(rows.column("event_outcome").to_pylist())
    assert "success" in outcomes
    assert ("failure" in outcomes) >= (truth_of(name)["verdict"] == "unavailable")


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if self.path == "/down" else 200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        """Nothing on standard error."""


@contextlib.contextmanager
def page():
    server = HTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_the_script_of_the_documentation_writes_what_the_probe_source_reads():
    script = next(block.text for block in blocks(FORMATS, "bash") if "curl" in block.text)
    with page() as site:
        asked = [f"{site}/up", f"{site}/down", "http://127.0.0.1:1/"]
        before = datetime.now(UTC)
        lines = [subprocess.run(["sh", "-c", script.replace("https://www.example.org/agenda/", url)], capture_output=True, check=True).stdout for url in asked]
    assert all(line.count(b"\n") == 1 for line in lines)
    verdict = recognise([line.rstrip(b"\n") for line in lines], "", Reading())
    assert verdict.source.name == "probe"
    up, down, dead = verdict.source.read(batch_of(lines), verdict.reading).to_pylist()
    assert (up["event_outcome"], up["http_status"], up["http_response_bytes"], up["error_message"]) == ("success", 200, 5, None)
    assert (down["event_outcome"], down["http_status"]) == ("failure", 503)
    assert (dead["event_outcome"], dead["http_status"], dead["error_message"]) == ("failure", None, "curl 7")
    assert all(row["unread"] is None and before - timedelta(seconds=1) <= row["seen_at"] <= datetime.now(UTC) for row in (up, down, dead))
    assert up["event_duration"] > 0 and up["observer_name"] == "paris"
