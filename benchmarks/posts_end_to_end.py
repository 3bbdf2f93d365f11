"""Posts from the file to the count: `vigie read` of invented posts of X, and where the time goes.

Run: nice .venv/bin/python benchmarks/posts_end_to_end.py [--posts 200000] [--csv] [--template 0.02] [--keep FOLDER]

The posts: sentences of some thousand invented words, half of them with a link (log-normal: a few links are shared by very many), a quarter of them passed on,
some copies with a word more, one template with a name and a number in its slots, one link that everybody shares. The reading runs in a process of its own;
memory is that of the process and of its workers together, sampled. Seconds of wall and of processor are printed for reading and for weighing apart, then seconds
of wall for each step of the weighing (copies run beside accounts and coordination), and the load of the machine beside them.
"""

from __future__ import annotations

import argparse
import csv
import functools
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

BLOCK = 50_000
WORDS, PAGES, SITES = 8_000, 60_000, 400
BEGIN = 1_709_251_200
DAYS = 60
HUB = "https://partout.example/petition"
SYLLABLES = "ba co du fe gi jo ka lu me ni po qua ra si to vu xe ya zo blan cher dron fleur gran plis trou vrai sson tion ment".split()
STEPS = ("posts_of", "once", "with_texts", "accounts", "coordination", "rumours", "copies", "operations", "_evidence")


def vocabulary(chance: np.random.Generator) -> np.ndarray[Any, Any]:
    """Invented words, the frequent ones short."""
    made: dict[str, None] = {}
    while len(made) < WORDS:
        made["".join(chance.choice(SYLLABLES, 2 + (len(made) > 600)))] = None
    return np.array(list(made), dtype=object)


def posts(count: int, template: float, seed: int = 1) -> Iterator[list[tuple[str, str, int, str, str, str, str]]]:
    """Blocks of posts in order of time: id, account, second, text, link ("" for none), tag ("" for none), id of the post that is passed on ("" for none)."""
    chance = np.random.default_rng(seed)
    words = vocabulary(chance)
    weight = 1 / (np.arange(WORDS) + 8.0)
    weight /= weight.sum()
    shared = np.cumsum(chance.lognormal(0, 2.2, PAGES))
    shared /= shared[-1]
    people = max(count // 30, 50)
    busy = np.cumsum(chance.lognormal(0, 1.4, people))
    busy /= busy[-1]
    earlier: list[tuple[str, str, str, str]] = []
    for begin in range(0, count, BLOCK):
        size = min(BLOCK, count - begin)
        second = BEGIN + (np.sort(chance.random(size)) + begin / BLOCK) * (DAYS * 86_400 / max(count / BLOCK, 1))
        account = np.searchsorted(busy, chance.random(size)).tolist()
        lengths = chance.integers(8, 22, size)
        drawn = chance.choice(words, int(lengths.sum()), p=weight).tolist()
        ends = np.cumsum(lengths).tolist()
        what, which, page = chance.random(size).tolist(), chance.random(size).tolist(), np.searchsorted(shared, chance.random(size)).tolist()
        rows = []
        for at in range(size):
            number = begin + at
            kind, own = what[at], " ".join(drawn[ends[at] - lengths[at] : ends[at]])
            link, tag, of = "", f"sujet{int(which[at] * 900)}" if which[at] < 0.3 else "", ""
            if kind < template:
                text, link = f"{drawn[ends[at] - 1].capitalize()} rejoint la grande marche du jour avec {number % 9973} voisins pour la place publique", HUB
            elif kind < template + 0.25 and earlier:
                said, link, tag, of = earlier[int(which[at] ** 2 * len(earlier))]
                text = f"RT @nom{number % 9000}: {said}"
            elif kind < template + 0.31 and earlier:
                said, link, tag, _ = earlier[int(which[at] * len(earlier))]
                text = said if kind < template + 0.28 else f"{said} {drawn[ends[at] - 1]}"
            elif kind < template + 0.64:
                text, link = own, f"https://www.site{page[at] % SITES}.example/2024/{page[at]}.html?utm_source=x"
            elif kind < template + 0.65:
                text, link = own, HUB
            else:
                text = own
            rows.append((str(860_000_000_000_000_000 + number * 37), str(10_000 + account[at]), int(second[at]), text, link, tag, of))
            if not of and number % 23 == 0:
                earlier.append((text, link, tag, rows[-1][0]))
        del earlier[:-4000]
        yield rows


def as_json(rows: list[tuple[str, str, int, str, str, str, str]]) -> str:
    """Posts as X's API gives them, one a line."""
    clock = functools.lru_cache(4096)(lambda at: time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at)))
    lines = []
    for post, account, at, text, link, tag, of in rows:
        urls = f'{{"url":"https://t.co/{post[-8:]}","expanded_url":"{link}"}}' if link else ""
        tags = f'{{"tag":"{tag}"}}' if tag else ""
        passed = f',"referenced_tweets":[{{"type":"retweeted","id":"{of}"}}]' if of else ""
        lines.append(
            f'{{"id":"{post}","author_id":"{account}","created_at":"{clock(at)}","text":"{text}","lang":"fr","entities":{{"urls":[{urls}],"hashtags":[{tags}]}},'
            f'"public_metrics":{{"retweet_count":1,"reply_count":0,"like_count":2,"quote_count":0}}{passed}}}\n'
        )
    return "".join(lines)


def as_csv(rows: list[tuple[str, str, int, str, str, str, str]]) -> str:
    """Posts as a table."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    for post, account, at, text, link, tag, _ in rows:
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))
        table.writerow([post, clock, account, f"compte{account}", f"{text}{' #' + tag if tag else ''}{' ' + link if link else ''}", 1, 2, "fr"])
    return out.getvalue()


def write(path: Path, count: int, template: float, *, table: bool) -> None:
    """Write the file of posts."""
    with path.open("w", encoding="utf-8") as out:
        if table:
            out.write("id,created_at,user_id,screen_name,text,retweet_count,like_count,lang\n")
        for rows in posts(count, template):
            out.write(as_csv(rows) if table else as_json(rows))


def timed(told: dict[str, list[float]], name: str, step: Callable[..., Any]) -> Callable[..., Any]:
    """A step that notes its seconds of wall and of processor."""

    @functools.wraps(step)
    def run(*args: Any, **more: Any) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        try:
            return step(*args, **more)
        finally:
            spent = told.setdefault(name, [0.0, 0.0])
            spent[0] += time.perf_counter() - wall
            spent[1] += time.process_time() - processor

    return run


def child(arguments: list[str]) -> None:
    """`vigie read` with its steps timed; the last line on standard error is what they took."""
    from vigie.archive import catalogue, post_weighing
    from vigie.cli import verb_read
    from vigie.social import copies, rumours

    told: dict[str, list[float]] = {}
    for name in STEPS:
        for room in (post_weighing, rumours):
            if hasattr(room, name):
                setattr(room, name, timed(told, name, getattr(room, name)))
    for name in ("candidates", "families"):
        if hasattr(copies, name):
            setattr(copies, name, timed(told, f"copies.{name}", getattr(copies, name)))
    verb_read.state_of = timed(told, "weighing", verb_read.state_of)  # type: ignore[assignment]
    verb_read.settle = timed(told, "settling", verb_read.settle)  # type: ignore[assignment]
    catalogue.Catalogue._posts = timed(told, "posts in all", catalogue.Catalogue._posts)  # type: ignore[method-assign]
    began, cpu = time.perf_counter(), time.process_time()
    try:
        verb_read.command(arguments, standalone_mode=False)
    finally:
        told["whole"] = [time.perf_counter() - began, time.process_time() - cpu]
        workers = resource.getrusage(resource.RUSAGE_CHILDREN)
        told["workers"] = [0.0, workers.ru_utime + workers.ru_stime]
        sys.stderr.write("\n" + json.dumps(told) + "\n")


def memory(root: int) -> int:
    """Bytes that a process and all below it hold; pages that two of them share are counted twice."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents.setdefault(int((entry / "stat").read_text().rpartition(")")[2].split()[1]), []).append(int(entry.name))
            except (OSError, ValueError):
                continue
    whole, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        waiting += parents.get(one, [])
        try:
            whole += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError):
            continue
    return whole


def run(path: Path, archive: Path) -> tuple[dict[str, list[float]], int, str]:
    """Seconds of each step, peak of memory, and what was said."""
    command = [sys.executable, __file__, "--child", str(path), "--archive", str(archive)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            peak[0] = max(peak[0], memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, errors = process.communicate()
    over.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(out + errors)
    return json.loads(errors.strip().rpartition("\n")[2]), peak[0], out


def main() -> None:
    """Print the figures."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--posts", type=int, default=200_000)
    ask.add_argument("--template", type=float, default=0.02, help="share of posts that are cut from one template")
    ask.add_argument("--csv", action="store_true", help="a table in place of JSON lines")
    ask.add_argument("--keep", type=Path, default=None, help="folder for the file and the archive")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        path = folder / f"posts-{asked.posts}-{asked.template}.{'csv' if asked.csv else 'jsonl'}"
        if not path.is_file():
            write(path, asked.posts, asked.template, table=asked.csv)
        with tempfile.TemporaryDirectory(dir=folder) as archive:
            load = os.getloadavg()[0]
            told, peak, said = run(path, Path(archive) / "archive")
    whole, weighing, settling = (told.get(name, [0.0, 0.0]) for name in ("whole", "weighing", "settling"))
    reading = [whole[0] - weighing[0] - settling[0], whole[1] - weighing[1] - settling[1] + told["workers"][1]]
    print(said.strip())
    print(f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}; peak memory {peak / 1e9:.2f} GB")
    print(f"{asked.posts:,} posts in {whole[0]:.1f} s, {whole[1] + told['workers'][1]:.1f} s of processor: {asked.posts / whole[0]:,.0f} posts/s")
    for name, spent in (("reading", reading), ("weighing", weighing), ("settling", settling)):
        print(f"  {name:22} {spent[0]:7.1f} s, {spent[1]:7.1f} of processor")
    for name, (wall, _) in told.items():
        if name not in ("whole", "workers", "weighing", "settling"):
            print(f"    {name:20} {wall:7.1f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2:])
    else:
        main()
