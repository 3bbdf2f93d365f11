"""How fast tables of posts are read: a generated table with quotes, line ends, links and hashtags; with a second argument a CSV of one's own.

Run: POLARS_MAX_THREADS=1 .venv/bin/python benchmarks/posts_csv.py [posts] [table.csv]
"""

from __future__ import annotations

import csv
import io
import random
import resource
import sys
import time
from pathlib import Path

from vigie.engines.block import lines_of
from vigie.sources.registry import recognise
from vigie.sources.source import Reading

BLOCK = 8 << 20
WORDS = "selon une source proche du dossier la campagne répond que rien ne le prouve et demande une enquête avant la fin du mois".split()


def made(count: int) -> bytes:
    """A table of posts of X; a third repeat others, half hold a link, a fifth a line end and quotes."""
    chance, out, begin = random.Random(1), io.StringIO(), 1_494_100_800_000
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["id", "created_at", "user_id", "screen_name", "text", "retweet_count", "like_count", "lang"])
    for number in range(count):
        at, user = begin + number * 300, chance.randrange(20_000)
        text = " ".join(chance.choices(WORDS, k=18))
        text = f"RT @compte{chance.randrange(20_000)}: {text}" if number % 3 == 0 else text
        text += f" https://gazette.example/{chance.randrange(30_000)}?utm_source=x&id={number}" if number % 4 == 0 else f" https://t.co/{number:08x}" if number % 4 == 1 else ""
        text += f' #sujet{number % 50}, "cité"\nsuite' if number % 5 == 0 else ""
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at // 1000))
        rows.writerow([(at - 1_288_834_974_657) << 22 | number & 0xFFFF, clock, 10**9 + user, f"compte{user}", text, number % 7, number % 11, "fr"])
    return out.getvalue().encode()


def main() -> None:
    """Print rows and bytes a second, of wall and of processor."""
    count = min(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, 1_000_000)
    data = Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else made(count)
    verdict = recognise([line for line in data[: 1 << 20].split(b"\n")[:1000] if line], "", Reading())
    assert verdict is not None
    assert verdict.source.ends is not None
    wall, processor, rows, unread, at = time.perf_counter(), time.process_time(), 0, 0, 0
    while at < len(data):
        block = data[at : at + BLOCK]
        last = at + len(block) == len(data)
        ends = verdict.source.ends(block, verdict.reading, last)
        block = block if last else block[: int(ends[-1])]
        found = verdict.source.read(lines_of(block, "f", "f", at, ends), verdict.reading)
        rows, unread, at = rows + found.num_rows, unread + found.num_rows - found.column("unread").null_count, at + len(block)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{verdict.source.name} ({verdict.title}): {rows:,} records, {unread:,} unread, {len(data) / 1e6:.0f} MB")
    print(f"{rows / wall:,.0f} records/s by the clock, {rows / processor:,.0f} a second of one processor, {len(data) / processor / 1e6:.0f} MB/s; peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
