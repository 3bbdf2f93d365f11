"""How quickly the dashboard answers: first page, bytes, many viewers at once, memory; on an archive, or on one generated for the purpose.

Run: python benchmarks/serve.py --archive demo/archive
     python benchmarks/serve.py --attacks 100000 --each 50 --into /tmp/large
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import re
import resource
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.archive.archive import Archive, Segment
from vigie.archive.catalogue import Catalogue
from vigie.records import LINE, SIGNAL, TALLY
from vigie.records.fingerprint import fingerprints

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
VIEWERS = 200
START, DAYS = 1_484_438_400_000_000, 30  # 15 January 2017


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
    for page in ("home.json", "count", "days", "automation", "origins", "doors", "attacks", "hypotheses", "search?q=192.0.2.1", "attacks?family=sql_injection", "days?automation=tool", "count?since=2017-01-20"):
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
    """An archive of so many attacks in a month, each of so many signals: segments as `vigie read` commits them, a day each, written at once instead of read from a log."""
    archive = folder / "archive"
    if archive.exists():
        return archive
    begun, rng, kept = time.perf_counter(), np.random.default_rng(7), Archive(archive)
    stream, digest, end = "", hashlib.sha256(), 0
    with kept.open_for_writing():
        for day, number in enumerate(np.bincount(np.arange(attacks) % DAYS, minlength=DAYS).tolist()):
            rows = of_a_day(rng, START + day * 86_400_000_000, number, each)
            lines = rows.column("line")
            offsets = end + np.concatenate([[0], np.cumsum(pc.binary_length(lines).to_numpy())])
            digest.update(b"".join(lines.to_pylist()))
            stream, start, end = stream or digest.hexdigest()[:16], end, int(offsets[-1])
            tables = tables_of(rows, offsets[:-1], str(folder / "access.log"))
            seen = rows.column("at").to_numpy()
            segment = Segment(
                stream=stream, file=str(folder / "access.log"), feed="access.log", format="combined", start=start, end=end, prefix=digest.hexdigest(), first_line=stream, open_end=False,
                lines=len(seen), read=len(seen), unread=0, aside=0, signals=len(seen), first=int(seen[0]), last=int(seen[-1]),
            )  # fmt: skip
            kept.commit(segment, tables, tables["signals"].column("fingerprint").to_numpy())
    print(f"written: {attacks:,} attacks, {attacks * each:,} signals, {sum(one.stat().st_size for one in archive.rglob('*.parquet')) / 1e6:.0f} MB in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    with Catalogue(kept) as catalogue:
        found = catalogue.one("select (select count(*) from attacks) as attacks, (select count(*) from signals) as signals")
    print(f"counted in {time.perf_counter() - begun:.0f} s, at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB: {found}")
    assert found == {"attacks": attacks, "signals": attacks * each}
    return archive


def of_a_day(rng: np.random.Generator, midnight: int, attacks: int, each: int) -> pa.Table:
    """Requests of a day in order of time: `at` (microseconds), `address`, `form` (0, 1), `attack`, `sent`, `reading`, `line`.

    An address attacks every two hours at most, so that no two of its attacks run into one; all of two hours send the same ten values, so that none is linked to another.
    """
    addresses = np.array([f"{block}.{last}" for block in ("192.0.2", "198.51.100", "203.0.113") for last in range(1, 255)])
    slot = np.arange(attacks) % 12
    who = np.concatenate([rng.choice(len(addresses), int((slot == one).sum()), replace=False) for one in range(12)])
    slot = np.sort(slot)
    form = slot % 2
    begins = midnight + (slot * 7_200 + rng.integers(0, 1_800, attacks)) * 1_000_000
    at = (begins[:, None] + 2_000_000 * np.arange(each)).ravel()
    order = np.argsort(at, kind="stable")
    attack, step = np.divmod(order, each)
    numbers = pa.array(step % 10 + 100).cast(pa.string())  # below, some are a tool's own
    readings = [pc.binary_join_element_wise(*parts, "") for parts in (("1' or ", numbers, "=", numbers, "-- "), ("1' and sleep(", numbers, ")-- "))]
    reading = pc.choose(pa.array(form[attack]), *readings)
    sent = pc.replace_substring(pc.replace_substring(reading, "'", "%27"), " ", "%20")
    who_, seen = pa.array(addresses[who[attack]]), pa.array(at[order])
    times = pc.strftime(seen.cast(pa.timestamp("us")).cast(pa.timestamp("s")), "%d/%b/%Y:%H:%M:%S +0000")
    line = pc.binary_join_element_wise(who_, " - - [", times, '] "GET /page/?id=', sent, f' HTTP/1.1" 403 162 "-" "{AGENT}"\n', "")
    return pa.table({"at": seen, "address": who_, "form": form[attack], "attack": attack, "sent": sent, "reading": reading, "line": line.cast(pa.binary())})


def tables_of(rows: pa.Table, offsets: np.ndarray, file: str) -> dict[str, pa.Table]:
    """The tables of a segment."""
    count, form = rows.num_rows, rows.column("form")
    lines = rows.column("line").combine_chunks()

    def table(schema: pa.Schema, number: int, values: dict[str, object]) -> pa.Table:
        given = {**{name: pa.nulls(number) for name in schema.names}, **values}
        return pa.table({name: one if isinstance(one, pa.Array | pa.ChunkedArray) else pa.array(one) if isinstance(one, np.ndarray) else pa.repeat(one, number) for name, one in given.items()}).select(schema.names).cast(schema)

    at = rows.column("at").cast(pa.timestamp("us", "UTC"))
    here = {"feed": "access.log", "file": file}
    kinds, rules = (pc.choose(form, *(pa.repeat(word, count) for word in words)) for words in (("boolean", "blind"), ("sql_injection.boolean", "sql_injection.function")))
    signals = table(SIGNAL.schema, count, {
        **here, "byte_offset": offsets, "signal_id": "", "detector": "sql_injection.request", "family": "sql_injection", "kind": kinds, "rule": rules,
        "seen_at": at, "source_address": rows.column("address"), "asset": "www.campagne.example", "target": "/page ?id", "place": "query", "evidence": rows.column("sent"), "reading": rows.column("reading"),
        "skeleton": np.zeros(count, np.uint64), "confidence": np.full(count, 0.9, np.float32),
        "http_method": "GET", "http_status": 403, "http_response_bytes": 162, "user_agent": AGENT, "records": 1, "fingerprint": fingerprints(lines), "nth": 0,
    })  # fmt: skip
    seen = np.asarray(rows.column("at"))
    order = np.lexsort((seen, np.asarray(rows.column("attack"))))
    key = np.asarray(rows.column("attack"))[order] * (1 << 32) + seen[order] // 600_000_000
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    first, last, counts = order[starts], order[np.append(starts[1:], count) - 1], np.diff(np.append(starts, count))
    tallies = table(TALLY.schema, len(first), {
        **here, "byte_offset": offsets[first], "tally": "missing_paths", "asset": "www.campagne.example", "source_address": rows.column("address").take(first),
        "bucket": pa.array(seen[first] - seen[first] % 600_000_000).cast(pa.timestamp("us", "UTC")), "key": "client /page/", "count": counts, "first_seen": at.take(first), "last_seen": at.take(last),
        "evidence": pc.binary_join_element_wise("/page/?id=", rows.column("sent").take(first), ""),
    })  # fmt: skip
    return {"signals": signals, "tallies": tallies, "evidence": table(LINE.schema, count, {**here, "byte_offset": offsets, "line": lines})}


if __name__ == "__main__":
    main()
