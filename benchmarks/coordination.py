"""Accounts that share in concert: recall on planted groups, worlds that hold none, parity with two reference programs, and what it costs.

    python benchmarks/coordination.py                    gates, parity and scale
    python benchmarks/coordination.py gates --seeds 5    the three gates, with more seeds
    python benchmarks/coordination.py parity
    python benchmarks/coordination.py scale              a million shares, in processes of their own
    python benchmarks/coordination.py toolkit            beside coordination-network-toolkit 1.5.2, which is installed into a throw-away environment

The data lies beside the project and is not part of it; without it the invented world of the tests takes its place.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from social.sharing_worlds import SECOND, audience, dealt, frame, jitter, labels, planted, recall, strangers  # noqa: E402
from vigie.social.coordination_parity import coortweet_edges, coortweet_pairs, toolkit_edges  # noqa: E402
from vigie.social.shares import share_table  # noqa: E402
from vigie.social.significance import SEVERAL, Settings, examined  # noqa: E402
from vigie.social.significance_groups import members  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "social"
THERE = (DATA / "coortweet_russian.parquet").is_file()
REFERENCE = {(10, 2): 11.9, (60, 2): 28.5}
"""Seconds that the R program takes on the same file on two cores, as measured once; it is not run here."""
HOUR = 3_600 * SECOND


def world() -> pl.DataFrame:
    """Shares that hold no group as far as anybody knows."""
    if not THERE:
        return strangers()
    data = pl.read_parquet(DATA / "coortweet_russian.parquet")
    return data.select(object="object_id", account="account_id", post="content_id", t=(pl.col("timestamp_share") * SECOND).cast(pl.Int64)).unique(maintain_order=True)


def event() -> pl.DataFrame:
    """Hashtags of an evening when thousands write at once."""
    if not THERE:
        rng = np.random.default_rng(4)
        return frame(rng.integers(0, 6, 12_000), rng.permutation(12_000) * 9 // 10, np.arange(12_000), np.sort(rng.integers(0, 4_200, 12_000)) * SECOND)
    told = pl.col("created_at").str.to_datetime("%Y-%m-%d %H:%M:%S").dt.replace_time_zone("UTC").dt.epoch("us")
    posts = pl.read_csv(DATA / "event_mayweather_mcgregor_tweets.csv").select(
        "text", account="screen_name", post=pl.col("id").cast(pl.String), t=told + 4 * HOUR,
    )  # fmt: skip
    tags = posts.with_columns(object=pl.col("text").str.to_lowercase().str.extract_all(r"#\w+")).explode("object").filter(pl.col("object").is_not_null())
    return tags.select("object", "account", "post", "t").unique(maintain_order=True)


def found(shares: pl.DataFrame, settings: Settings) -> tuple[list[tuple[str, str]], pl.DataFrame, int]:
    """Significant pairs, members of groups, and how many pairs were listed."""
    result, windows, numbers = examined(share_table(shares), settings)
    passed = result.pairs.filter("significant")
    return list(zip(passed["account_a"], passed["account_b"], strict=True)), members(result, windows, numbers, settings).members, result.pairs.height


def together(table: pl.DataFrame, group: list[str]) -> tuple[float, int]:
    """Share of a planted group's pairs that are in one group, and how many members are not of it."""
    mine, pairs, others = set(group), 0, 0
    for _, some in table.group_by("group"):
        inside = len(mine & set(some["account"]))
        pairs, others = pairs + inside * (inside - 1) // 2, others + len(some) - inside
    return pairs / (len(group) * (len(group) - 1) / 2), others


def print_gates(seeds: int, settings: Settings) -> None:
    """Planted groups, shuffled worlds, burst, dealt burst and audience."""
    base, mass = world(), event()
    print(f"windows {settings.taus}; real and new accounts in turn; {'development data' if THERE else 'invented world'}")
    print("1. planted groups: share of pairs found by pair, and in one group; strangers taken for members")
    for name, more in VARIANTS.items():
        by_pair, as_group, wrong, count = [], [], 0, 0
        few: list[float] = []
        for size in (5, 10, 20):
            for things in more.get("things", (5, 8, 10, 15)):
                for seed in range(seeds):
                    options = {key: value for key, value in more.items() if key != "things"}
                    shares, group = planted(base, size, things, seed=1_000 * size + 10 * things + seed, own=seed % 2 == 0, **options)
                    pairs, table, _ = found(shares, settings)
                    inside, others = together(table, group)
                    by_pair.append(recall(pairs, group)[0])
                    as_group.append(inside)
                    few += [inside] if things <= 5 else []
                    wrong, count = wrong + others, count + 1
        print(f"   {name:<34} {count:>4} plantings   by pair {np.mean(by_pair):.3f}   as a group {np.mean(as_group):.3f} (5 objects or fewer: {np.mean(few):.3f})   others {wrong}")
    print("2. worlds shuffled, with three groups of 5, 10 and 20 in them before")
    shares = base
    for turn, (size, things) in enumerate(((5, 8), (10, 8), (20, 10))):
        shares, _ = planted(shares, size, things, seed=50 + turn, own=False, name=f"n{turn}_")
    real = len(found(shares, settings)[0])
    for name, shuffle in NULLS.items():
        counts = [found(shuffle(shares, seed), settings) for seed in range(seeds)]
        edges, accounts = [len(one[0]) for one in counts], [one[1].height for one in counts]
        print(f"   {name:<34} edges {edges} of {real}: {max(edges) / max(real, 1):.1%}   members {accounts}")
    print("3. natural bursts")
    for name, shares in bursts(mass, base, seeds):
        pairs, table, listed = found(shares, settings)
        print(f"   {name:<34} edges {len(pairs)} of {listed} listed   members {table.height}")


VARIANTS: dict[str, dict[str, object]] = {
    "mixed": {}, "all popular": {"fresh": 0.0}, "all new": {"fresh": 1.0}, "raid of 3 hours": {"within": 3 * HOUR, "fresh": 1.0},
    "raid of 1 hour": {"within": HOUR, "fresh": 1.0}, "80 % take part": {"part": 0.8}, "3 and 4 objects": {"things": (3, 4)},
}  # fmt: skip
NULLS: dict[str, Callable[[pl.DataFrame, int], pl.DataFrame]] = {
    "labels": labels, "labels, hour by hour": lambda shares, seed: labels(shares, seed, 1), "jitter": jitter,
}  # fmt: skip


def bursts(mass: pl.DataFrame, base: pl.DataFrame, seeds: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """Worlds in which many do the same at once and nobody in concert."""
    yield "burst", mass
    for each in (5, 10, 30, 100):
        for seed in range(min(seeds, 2)):
            yield f"dealt burst, {each} posts an account", dealt(mass, each, seed)
    start = int(base["t"].min())  # type: ignore[arg-type] # a number
    for posts, fans, median in ((40, 60, 30), (40, 120, 60), (40, 200, 120), (300, 60, 30), (300, 100, 30), (300, 200, 60)):
        for seed in range(min(seeds, 2)):
            crowd = audience(posts, fans, median, seed)
            yield f"audience {posts} posts {fans} fans {median} s", crowd
            yield "   beside the world", pl.concat([base, crowd.with_columns(pl.col("t") + start).select(base.columns)])


def print_parity() -> None:
    """Pairs and edges beside the files that the reference program gave."""
    data = pl.read_parquet(DATA / "coortweet_russian.parquet")
    coortweet_edges(coortweet_pairs(data, 10, 2))
    for window in (10, 60):
        for least in (2, 5):
            begin = time.perf_counter()
            pairs = coortweet_pairs(data, window, least)
            edges = coortweet_edges(pairs)
            took = time.perf_counter() - begin
            name = DATA / "parity" / f"gt_russian_tw{window}_mp{least}"
            same = unordered(pairs).equals(unordered(pl.read_csv(f"{name}.csv.gz", infer_schema_length=None).select(pairs.columns)))
            alike = ends(edges).equals(ends(pl.read_csv(f"{name}_edges.csv", infer_schema_length=None).select(edges.columns)))
            faster = f"   {REFERENCE[window, least] / took:,.0f} x the R program's {REFERENCE[window, least]} s" if (window, least) in REFERENCE else ""
            print(f"   {window:>2} s, {least}: {pairs.height:>5} pairs equal {same}, {edges.height:>5} edges equal {alike}   {took:.3f} s{faster}")
        print(f"   {window:>2} s: {toolkit_edges(data, window).height} directed edges")


def unordered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with the order of equal times aside."""
    tie = (pl.col("time_delta") == 0) & (pl.col("content_id") > pl.col("content_id_y"))
    sides = [pl.when(tie).then(b).otherwise(a).alias(a) for a, b in (("content_id", "content_id_y"), ("content_id_y", "content_id"), ("account_id", "account_id_y"), ("account_id_y", "account_id"))]
    return pairs.with_columns(*sides).with_columns(pl.col("time_delta").cast(pl.Float64)).sort(pl.all())


def ends(edges: pl.DataFrame) -> pl.DataFrame:
    """Edges with their ends by name, numbers alike."""
    numbers = [pl.col(name).cast(pl.Float64).round(6) for name in edges.columns[2:]]
    return edges.with_columns(*numbers, **{"from": pl.min_horizontal("from", "to"), "to": pl.max_horizontal("from", "to")}).sort("from", "to")


LOADS: dict[str, str] = {
    "one link, pairs": "from vigie.social.coordination_pairs import coincidences; found = coincidences(table, 60); print(f'{found.total:,} coincidences, {found.listed:,} listed, capped', found.objects['capped'].sum())",
    "one link, test": "from vigie.social.significance import significance; found = significance(table); print(found.pairs.height, 'pairs listed', found.warnings)",
    "many links, test": "from vigie.social.significance import significance; found = significance(table); print(found.pairs.height, 'pairs listed', found.warnings)",
    "hyperactive, test": "from vigie.social.significance import significance; found = significance(table); print(found.pairs.height, 'pairs listed', found.facts['trial_pairs'], found.warnings)",
}
_MAKE = """
import time, resource, numpy as np, polars as pl
n, rng = 1_000_000, np.random.default_rng(1)
things = np.zeros(n, int) if {one} else rng.zipf(1.3, n) % 200_000
who = np.where(rng.random(n) < {heavy}, rng.integers(0, 20, n), rng.integers(0, 300_000, n))
things = np.where(who < 20, things % 10, things) if {heavy} else things
t = rng.integers(0, 3 * 86_400 if {one} else 60 * 86_400, n) * 1_000_000
table = pl.DataFrame({{"kind": "url", "object": pl.Series(things).cast(pl.String), "account": pl.Series(who).cast(pl.String), "post": pl.Series(np.arange(n)).cast(pl.String),
    "t": t, "row": np.arange(n), "resolution": 1_000_000, "short": False}}, schema_overrides={{"resolution": pl.Int64}})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begin, cpu = time.perf_counter(), time.process_time()
"""


def print_scale() -> None:
    """Time and memory of a million shares: of one link, of many, and with twenty accounts that make a third of them."""
    for name, what in LOADS.items():
        made = _MAKE.format(one=name.startswith("one"), heavy=0.3 if name.startswith("hyper") else 0.0)
        ended = "\nprint(f'{time.perf_counter() - begin:.1f} s ({time.process_time() - cpu:.1f} s of processor), {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB in all')"
        done = subprocess.run([sys.executable, "-c", made + what + ended], capture_output=True, text=True, timeout=600, check=False)
        print(f"   {name:<20} {' '.join(done.stdout.split()) or done.stderr[-300:]}")


def print_toolkit() -> None:
    """The same file and windows with the QUT toolkit, in the same run."""
    data = pl.read_parquet(DATA / "coortweet_russian.parquet")
    toolkit_edges(data.head(1_000), 10)  # what is loaded at the first call is loaded
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", "coordination-network-toolkit==1.5.2"], check=True, timeout=600, capture_output=True)
        table = Path(folder) / "posts.csv"
        with table.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"])
            writer.writerows([c, a, a, o, "", "", t, ""] for o, a, c, t in data.select("object_id", "account_id", "content_id", "timestamp_share").rows())
        for window in (10, 60):
            base = Path(folder) / f"{window}.db"
            code = (
                "import sys; from coordination_network_toolkit.preprocess import preprocess_csv_files; from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel as run\n"
                f"preprocess_csv_files({str(base)!r}, [{str(table)!r}])\nimport time; begin = time.perf_counter(); run({str(base)!r}, {window}, n_threads=2, min_edge_weight=1)\nprint(time.perf_counter() - begin)"
            )
            begin = time.perf_counter()
            done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=600, check=False)
            whole = time.perf_counter() - begin
            begin = time.perf_counter()
            edges = toolkit_edges(data, window).height
            ours = time.perf_counter() - begin
            alone = float(done.stdout.split()[-1]) if done.returncode == 0 else float("nan")
            print(f"   {window:>2} s: toolkit {whole:.1f} s, {alone:.1f} s of it without loading; here {ours:.3f} s ({edges} edges): {alone / ours:,.0f} x {done.stderr[-300:] if done.returncode else ''}")


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["gates", "parity", "scale"])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--several", action="store_true", help="10, 30 and 60 seconds together")
    asked = parser.parse_args()
    for what in asked.what:
        print(what)
        if what == "gates":
            print_gates(asked.seeds, Settings(taus=SEVERAL) if asked.several else Settings())
        elif what == "scale":
            print_scale()
        elif THERE:
            {"parity": print_parity, "toolkit": print_toolkit}[what]()
    print(f"largest process so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
