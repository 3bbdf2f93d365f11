"""How quickly the dashboard answers: first page, bytes, many viewers at once, memory; on an archive, or on one generated for the purpose.

Run: python benchmarks/serve.py --archive demo/archive
     python benchmarks/serve.py --attacks 100000 --each 10 --into /tmp/large
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
VIEWERS = 200


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--archive", type=Path)
    asked.add_argument("--attacks", type=int, default=100_000)
    asked.add_argument("--each", type=int, default=50, help="signals of one attack")
    asked.add_argument("--into", type=Path, default=Path("/tmp/vigie-serve"))
    given = asked.parse_args()
    archive = given.archive or generated(given.into, given.attacks, given.each)
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "vigie.cli.main", "serve", "--archive", archive, "--port", "0", "--lang", "en"], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        link = re.search(r"http\S+", process.stdout.readline())[0]
        print(f"open after {time.perf_counter() - begun:.1f} s")
        measure(link, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def measure(link: str, pid: int) -> None:
    base = link.partition("/login")[0]
    with urllib.request.urlopen(link) as answer:
        cookie = answer.headers["set-cookie"].partition(";")[0]
    first, size = fetched(f"{base}/en/", cookie)
    again = statistics.median(fetched(f"{base}/en/", cookie)[0] for _ in range(20))
    rest = sum(fetched(f"{base}/static/{name}", cookie)[1] for name in ("vigie.css", "vigie.js", "icon.svg"))
    print(f"first page: {first:.0f} ms the first time, {again:.1f} ms after; {size / 1024:.1f} KB and {rest / 1024:.1f} KB of style and script, packed")
    for page in ("count", "days", "automation", "origins", "doors", "attacks", "hypotheses", "search?q=192.0.2.1", "attacks?family=sql_injection", "days?automation=tool", "count?since=2017-01-20"):
        took, bytes_ = fetched(f"{base}/en/{page}", cookie)
        print(f"  {page:<32} {took:>7.0f} ms  {bytes_ / 1024:>6.1f} KB")
    print(f"memory: {memory(pid, 'VmRSS'):.0f} MB, at most {memory(pid, 'VmHWM'):.0f} MB")
    alone = [asyncio.run(viewers(base, cookie, 1))[0] for _ in range(30)]
    crowd = sorted(asyncio.run(viewers(base, cookie, VIEWERS)))
    p99 = crowd[int(0.99 * len(crowd)) - 1]
    print(f"{VIEWERS} at once: median {1000 * statistics.median(crowd):.0f} ms, p99 {1000 * p99:.0f} ms, {p99 / statistics.median(alone):.0f} times one alone ({1000 * statistics.median(alone):.1f} ms)")
    print(f"memory: {memory(pid, 'VmRSS'):.0f} MB, at most {memory(pid, 'VmHWM'):.0f} MB")


def fetched(url: str, cookie: str) -> tuple[float, int]:
    request = urllib.request.Request(url, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    begun = time.perf_counter()
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
    return 1000 * (time.perf_counter() - begun), len(body)


async def viewers(base: str, cookie: str, count: int) -> list[float]:
    """Seconds that each of so many needs to get the first page, all asking at the same moment."""
    host, port = re.match(r"http://([\d.]+):(\d+)", base).groups()

    async def one() -> float:
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /en/ HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
        body = await reader.read(-1)
        assert body.startswith(b"HTTP/1.1 200"), body[:100]
        writer.close()
        return time.perf_counter() - begun

    return list(await asyncio.gather(*(one() for _ in range(count))))


def memory(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status")
    return int(re.search(rf"{name}:\s+(\d+)", status.read_text())[1]) / 1024 if status.exists() else float("nan")


def generated(folder: Path, attacks: int, each: int) -> Path:
    """An archive of so many attacks in a month, each of so many signals."""
    archive = folder / "archive"
    if archive.exists():
        return archive
    folder.mkdir(parents=True, exist_ok=True)
    rng, start, log = random.Random(7), datetime(2017, 1, 15, tzinfo=UTC), folder / "access.log"
    addresses = [f"{block}.{last}" for block in ("192.0.2", "198.51.100", "203.0.113") for last in range(1, 255)]
    begun = time.perf_counter()
    slots = 30 * 24 // 2
    with log.open("w") as file:
        done = 0
        for slot in range(slots):
            rows = []
            for address in rng.sample(addresses, min(len(addresses), attacks // slots + 1)):
                at = start + timedelta(hours=2 * slot, seconds=rng.randrange(1800))
                form = rng.choice(("union select {n},user_pass from wp_users-- ", "or {n}={n}-- ", "and sleep({n})-- "))
                rows += [(at + timedelta(seconds=2 * step), address, form.format(n=step)) for step in range(each)]
                done += 1
                if done >= attacks:
                    break
            rows.sort()
            file.writelines(f'{address} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "GET /page/?id=1%27%20{text.replace(" ", "%20")} HTTP/1.1" 403 162 "-" "{AGENT}"\n' for at, address, text in rows)
            if done >= attacks:
                break
    print(f"generated: {done:,} attacks, {done * each:,} lines in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "vigie.cli.main", "read", str(log), "--archive", str(archive), "--host", "www.campagne.example", "--json"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"read in {time.perf_counter() - begun:.0f} s")
    log.unlink()
    return archive


if __name__ == "__main__":
    main()
