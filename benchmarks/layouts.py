"""How fast a pasted or recognised layout is read, beside plain combined, in one process.

    .venv/bin/python benchmarks/layouts.py [LINES]
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import pyarrow as pa

from vigie.engines.block import ROWS, lines_of
from vigie.sources import apache, combined, nginx, w3c
from vigie.sources.known_layouts import NGINX_LAYOUTS
from vigie.sources.source import Reading

TIMING = next(known.text for known in NGINX_LAYOUTS if known.title == "nginx timing")
MAIN = next(known.text for known in NGINX_LAYOUTS if known.title == "nginx main")
APACHE = '%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" %D %I %O'
IIS = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken"


def make(count: int) -> dict[str, bytes]:
    """The same invented traffic in each format."""
    rng = random.Random(7)
    out: dict[str, list[str]] = {"combined": [], "main": [], "timing": [], "apache": [], "iis": []}
    for number in range(count):
        second = number // 5
        clock = f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        address = f"198.51.{rng.randrange(256)}.{rng.randrange(256)}"
        target = f"/article/{rng.randrange(5000)}?page={rng.randrange(90)}&q={rng.random():.6f}"
        agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{rng.randrange(60, 140)}.0) Gecko/20100101 Firefox/115.0"
        size, took = rng.randrange(90_000), rng.random()
        line = f'{address} - - [22/Nov/2026:{clock} +0100] "GET {target} HTTP/1.1" 200 {size} "https://site.example/{rng.randrange(500)}" "{agent}"'
        out["combined"].append(line)
        out["main"].append(f'{line} "{address}"')
        out["timing"].append(f"{line} 431 {took:.3f} {took / 2:.3f} 200 {number} 1 {1795386059 + second}.{number % 1000:03d} -")
        out["apache"].append(f"{line} {int(took * 1e6)} 431 {size + 300}")
        path, _, query = target.partition("?")
        out["iis"].append(f"2026-11-22 {clock} 192.0.2.1 GET {path} {query} 443 - {address} {agent.replace(' ', '+')} https://site.example/ 200 0 0 {int(took * 1000)}")
    return {name: ("\n".join(lines) + "\n").encode() for name, lines in out.items()}


def seconds(read: Callable[[pa.RecordBatch, Reading], pa.RecordBatch], data: bytes, reading: Reading) -> float:
    """The best of five readings, in the batches that the engine makes."""
    whole = lines_of(data, "bench", "bench.log", 0)
    batches = [whole.slice(low, ROWS) for low in range(0, whole.num_rows, ROWS)]
    best = float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        unread = sum(batch.num_rows - read(batch, reading).column("unread").null_count for batch in batches)
        best = min(best, time.perf_counter() - begun)
        if unread:
            raise SystemExit(f"{unread} lines unread")
    return best


def main() -> None:
    """Print one line per format."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    data = make(count)
    base = seconds(combined.read, data["combined"], Reading())
    print(f"{'combined':<16} {base:6.3f} s  {count / base:>10,.0f} lines/s")
    for name, read, layout in (
        ("timing", nginx.read, TIMING), ("main", nginx.read, MAIN), ("apache", apache.read, APACHE), ("iis", w3c.read, IIS),
    ):  # fmt: skip
        took = seconds(read, data[name], Reading(layout=layout))
        print(f"{name:<16} {took:6.3f} s  {count / took:>10,.0f} lines/s  {took / base:4.1f} times combined")


if __name__ == "__main__":
    main()
