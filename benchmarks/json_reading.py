"""How fast JSON access logs are read, beside the same requests as combined lines.

Run: .venv/bin/python benchmarks/json_reading.py [lines]
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from pathlib import Path

from logs import make

from vigie.engines.block import ROWS, lines_of
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

LINE = re.compile(r'(\S+) - - \[([^\]]+)\] "(\S+) (.*) (HTTP/[\d.]+)" (\d+) (\S+) "(.*?)" "(.*)"$')


def nginx(parts: tuple[str, ...]) -> dict[str, object]:
    address, at, method, target, version, status, size, referrer, agent = parts
    return {"time_local": at, "remote_addr": address, "request": f"{method} {target} {version}", "status": int(status), "body_bytes_sent": size,
            "http_referer": referrer, "http_user_agent": agent, "request_time": "0.012", "host": "site.example"}  # fmt: skip


def caddy(parts: tuple[str, ...]) -> dict[str, object]:
    address, _, method, target, version, status, size, referrer, agent = parts
    request = {"remote_ip": address, "remote_port": "4711", "client_ip": address, "proto": version, "method": method, "host": "site.example", "uri": target,
               "headers": {"User-Agent": [agent], "Referer": [referrer], "Accept": ["*/*"], "Accept-Language": ["fr"]}}  # fmt: skip
    return {"level": "info", "ts": 1758000000.25, "logger": "http.log.access", "msg": "handled request", "request": request, "bytes_read": 0, "user_id": "",
            "duration": 0.012, "size": int(size) if size.isdigit() else 0, "status": int(status), "resp_headers": {"Server": ["Caddy"]}}  # fmt: skip


def traefik(parts: tuple[str, ...]) -> dict[str, object]:
    address, _, method, target, version, status, size, _, agent = parts
    return {"ClientHost": address, "ClientPort": "4711", "ClientUsername": "-", "DownstreamContentSize": int(size) if size.isdigit() else 0, "DownstreamStatus": int(status),
            "Duration": 357313, "OriginDuration": 324669, "OriginStatus": 200, "Overhead": 32644, "RequestHost": "site.example", "RequestMethod": method, "RequestPath": target,
            "RequestProtocol": version, "RouterName": "web@docker", "StartUTC": "2025-09-16T05:20:00.587782192Z", "request_User-Agent": agent, "time": "2025-09-16T05:20:00Z"}  # fmt: skip


def seconds(data: bytes) -> tuple[float, int, str]:
    """Best of three readings of some lines; how many of them are unread; the source's name."""
    verdict = recognise(data.split(b"\n")[:250], "", Reading())
    assert verdict is not None
    batch = lines_of(data, "f", "f", 0)
    best, unread = float("inf"), 0
    for _ in range(3):
        before, unread = time.perf_counter(), 0
        for low in range(0, batch.num_rows, ROWS):
            rows = verdict.source.read(batch.slice(low, ROWS), verdict.reading)
            unread += rows.num_rows - rows.column("unread").null_count
        best = min(best, time.perf_counter() - before)
    return best, unread, verdict.source.name


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "access.log"
        make(path, lines)
        text = path.read_text("utf-8")
    parts = [match.groups() for line in text.splitlines() if (match := LINE.match(line))]
    base = None
    for make_line in (None, nginx, caddy, traefik):
        data = (text if make_line is None else "\n".join(json.dumps(make_line(p)) for p in parts) + "\n").encode()
        took, unread, name = seconds(data)
        count = data.count(b"\n")
        base = base or took / count
        print(f"{name:<10} {count:>9,} lines  {count / took / 1e6:6.2f} M lines/s  {len(data) / took / 1e6:6.0f} MB/s  {took / count / base:5.1f} x combined  {unread} unread")


if __name__ == "__main__":
    main()
