"""How fast addresses are placed, beside a reader of .mmdb on the same addresses in the same run.

Run: .venv/bin/python benchmarks/origin_speed.py [rows]

`maxminddb`, where it is installed, is asked as its users ask it: one address after the other, from a file of the same ranges.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from vigie.origins.addresses import packed
from vigie.origins.book import Book, countries
from vigie.origins.table import _DATA, built_in

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

FIRST = """
import time
import numpy, pyarrow
import pyarrow.parquet, pyarrow.compute
before = time.perf_counter(), time.process_time()
from vigie.origins.book import open_book, origins
import numpy as np, pyarrow as pa
table = origins(pa.array(["192.0.2.1", "8.8.8.8", "2001:4860:4860::8888"]), np.zeros(3, np.int64), open_book(user=False))
assert table.column("country").to_pylist()[1] == "US"
print(time.perf_counter() - before[0], time.process_time() - before[1])
"""


def texts(numbers: np.ndarray) -> pa.Array:
    """Addresses as text, without a Python object each."""
    import polars as pl

    parts = pl.DataFrame({name: (numbers >> shift) & 255 for name, shift in zip("abcd", (24, 16, 8, 0), strict=True)})
    return parts.select(pl.concat_str("a", "b", "c", "d", separator="."))["a"].to_arrow().cast(pa.string())


def best(work, times: int = 5, clock=time.perf_counter) -> float:
    """Seconds of the quickest of some runs."""
    found = []
    for _ in range(times):
        before = clock()
        work()
        found.append(clock() - before)
    return min(found)


def mmdb(path: Path) -> None:
    """A .mmdb of the first built-in table's IPv4."""
    import ipaddress

    from origins.mmdb_writer import written

    half = built_in()[0].half(4)
    values = half.columns["country"].to_pylist()
    networks = {}
    for start, end, row in zip(half.ranges.start.tolist(), half.ranges.end.tolist(), half.ranges.row.tolist(), strict=True):
        for network in ipaddress.summarize_address_range(ipaddress.IPv4Address(start), ipaddress.IPv4Address(end)):
            networks[network] = {"country": {"iso_code": values[row]}}
    path.write_bytes(written(networks, six=False))


def main() -> None:
    """Print every figure."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    rng = np.random.default_rng(1)
    size = sum(path.stat().st_size for path in Path(str(_DATA)).iterdir())
    print(f"built-in tables: {size:,} bytes")
    runs = [tuple(map(float, subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True).stdout.split())) for _ in range(3)]
    print(f"first look-up, IPv4 and IPv6: {min(one[0] for one in runs):.2f} s ({min(one[1] for one in runs):.2f} s of processor)")
    book = Book(built_in=built_in())
    few = texts(rng.integers(2**24, 2**32 - 2**29, 50_000))
    lines = few.take(pa.array(rng.integers(0, 50_000, rows)))
    seconds = best(lambda: countries(lines, book))
    spent = best(lambda: countries(lines, book), clock=time.process_time)
    print(f"{rows:,} lines of 50,000 addresses: {seconds:.2f} s, {rows / seconds / 1e6:.1f} M/s ({spent:.2f} s of processor)")
    many = texts(rng.choice(2**32 - 2**29 - 2**24, rows // 2, replace=False) + 2**24)
    other = best(lambda: countries(many, book))
    spent = best(lambda: countries(many, book), clock=time.process_time)
    print(f"{rows // 2:,} different addresses: {other:.2f} s, {rows / 2 / other / 1e6:.1f} M/s ({spent:.2f} s of processor)")
    half = built_in()[0].half(6).ranges
    six = np.repeat(half.start, -(-1_000_000 // len(half.start)))[:1_000_000]
    rng.shuffle(six)
    each = best(lambda: half.find(six))
    print(f"IPv6, 1,000,000 addresses as bytes: {each:.2f} s, {1 / each:.1f} M/s")
    try:
        import maxminddb
    except ImportError:
        print("maxminddb is not installed: no ratio")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "first.mmdb"
        mmdb(path)
        asked = few.take(pa.array(rng.integers(0, 50_000, 300_000))).to_pylist()
        with maxminddb.open_database(path) as reader:
            said = [reader.get(one) for one in asked]
            theirs, spent = (best(lambda: [reader.get(one) for one in asked], 3, clock) / len(asked) for clock in (time.perf_counter, time.process_time))
            kind = type(reader).__module__
        table = Book(built_in=built_in()[:1])
        mine, paid = (best(lambda: countries(lines, table), clock=clock) / rows for clock in (time.perf_counter, time.process_time))
        same = [(one or {}).get("country", {}).get("iso_code") for one in said]
        codes = built_in()[0].codes(packed(pa.array(asked)))
        assert [chr(code // 256) + chr(code % 256) if code else None for code in codes.tolist()] == same
    print(f"maxminddb ({kind}): {1 / theirs / 1e6:.2f} M/s; ratio {theirs / mine:.0f} by the clock, {spent / paid:.0f} by the processor's time")


if __name__ == "__main__":
    main()
