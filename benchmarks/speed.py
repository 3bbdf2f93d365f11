"""vigie beside GoAccess on the same log, in one run: wall time as a ratio, peak memory, growth with size, start-up.

A machine's seconds say little; the ratio of two programs that read the same file in turn says more. GoAccess only counts;
vigie reads, detects, keeps the evidence and counts attacks.

Run: python benchmarks/speed.py [--lines 2000000] [--runs 3] [--large] [--log FILE]
`--large` also reads a log ten times as long. Needs the Debian package goaccess for the ratio; says so when it is missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from logs import make


@dataclass(frozen=True)
class Run:
    """One run of a program: wall seconds, and peak memory of its largest process in MB."""

    seconds: float
    memory: float


def run(arguments: list[str], **options: object) -> Run:
    """Run a command to its end."""
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)}: exit {process.returncode}")
    return Run(time.perf_counter() - begin, usage.ru_maxrss / 1024)


def tree_memory(arguments: list[str]) -> float:
    """Peak of the summed proportional memory (PSS) of a command and its children, in MB, sampled."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_pss(pid) for pid in _family(process.pid)))
        time.sleep(0.05)
    return peak / 1024


def _family(pid: int) -> list[int]:
    found, fresh = [pid], [pid]
    while fresh:
        children = []
        for one in fresh:
            for path in Path(f"/proc/{one}/task").glob("*/children"):
                try:
                    children += [int(child) for child in path.read_text().split()]
                except OSError:
                    continue
        found += children
        fresh = children
    return found


def _pss(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    except OSError:
        pass
    return 0.0


def vigie(log: Path, archive: Path) -> list[str]:
    """The command that reads a log into a fresh archive and counts."""
    shutil.rmtree(archive, ignore_errors=True)
    return [sys.executable, "-m", "vigie.cli.main", "read", "--archive", str(archive), str(log)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--log", type=Path, help="a combined log to use instead of a made one")
    given = parser.parse_args()
    folder = Path(os.environ.get("VIGIE_BENCH", tempfile.gettempdir())) / "vigie-bench"
    folder.mkdir(parents=True, exist_ok=True)
    log = given.log or folder / f"{given.lines}.log"
    if given.log is None:
        make(log, given.lines)
    archive, goaccess = folder / "archive", shutil.which("goaccess")
    run(vigie(log, archive))  # compiles the patterns, warms the file cache
    ours, theirs, ratios = [], [], []
    for _ in range(given.runs):
        ours.append(run(vigie(log, archive)))
        if goaccess:
            theirs.append(run([goaccess, str(log), "--log-format=COMBINED", "-o", str(folder / "out.json"), "--no-progress"]))
            ratios.append(theirs[-1].seconds / ours[-1].seconds)
    print(f"vigie read, detect, archive, count: {given.lines:,} lines in {median(r.seconds for r in ours):.2f} s")
    if goaccess:
        print(f"goaccess, count only:               {given.lines:,} lines in {median(r.seconds for r in theirs):.2f} s")
        print(f"ratio goaccess / vigie: median {median(ratios):.1f}, from {min(ratios):.1f} to {max(ratios):.1f} ({len(ratios)} pairs)")
    else:
        print("goaccess is not installed: no ratio (apt-get install goaccess)")
    small = tree_memory(vigie(log, archive))
    print(f"peak memory, all processes: {small:.0f} MB")
    if given.large:
        large = folder / f"{10 * given.lines}.log"
        make(large, 10 * given.lines)
        big = run(vigie(large, archive))
        print(f"ten times the lines: {big.seconds:.2f} s, {big.seconds / median(r.seconds for r in ours):.2f} times as long")
        memory = tree_memory(vigie(large, archive))
        print(f"peak memory, all processes: {memory:.0f} MB, {memory / small:.2f} times as much")
    starts = [run([sys.executable, "-m", "vigie.cli.main", "--help"]).seconds for _ in range(5)]
    bare = [run([sys.executable, "-c", "import click"]).seconds for _ in range(5)]
    print(f"vigie --help: {median(starts):.2f} s, {median(starts) / median(bare):.1f} times an empty program")


if __name__ == "__main__":
    main()
