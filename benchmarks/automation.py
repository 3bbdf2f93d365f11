"""Who made it: what is said of runs of real tools (from one address, and from many) and of chains that people made by hand.

    python benchmarks/automation.py            both tables
    python benchmarks/automation.py captures   runs of tools only
    python benchmarks/automation.py chains     chains only
"""

from __future__ import annotations

import contextlib
import gzip
import io
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.engines.files import expand
from vigie.engines.local import Options, Pool, read_input

ROOT = Path(__file__).resolve().parents[1]
LAB = ROOT.parent / "shared" / "data" / "web" / "lab"
CAPTURES = ROOT / "tests" / "captures"
ADDRESSES = 200
WORDS = ("tool", "bespoke", "undetermined")


def captures() -> dict[str, list[bytes]]:
    """Lines of each recorded run of a tool with 20 requests or more, by name."""
    found = {name: (LAB / f"{name}.log").read_bytes() for name in ("sqlmap_default", "sqlmap_randagent_notvuln", "wapiti", "ffuf_dirs")} if LAB.is_dir() else {}
    found |= {path.name.removesuffix(".log.gz"): gzip.decompress(path.read_bytes()) for path in sorted(CAPTURES.glob("*.log.gz"))}
    lines = {name: data.splitlines(keepends=True) for name, data in found.items()}
    return {name: some for name, some in lines.items() if len(some) >= 20}


def rotated(lines: list[bytes], seed: int = 7) -> list[bytes]:
    """The same lines, each from a random address of many."""
    rng = random.Random(seed)
    return [b"198.18.0.%d " % rng.randrange(ADDRESSES) + line.split(b" ", 1)[1] for line in lines]


def judged(log: bytes) -> list[dict[str, object]]:
    """Attacks in a log, each with `rules`, those that hold."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "access.log").write_bytes(log)
        archive = Archive(Path(folder) / "archive")
        with contextlib.redirect_stderr(io.StringIO()), archive.open_for_writing():
            pool = Pool(1)
            for item in expand((str(Path(folder) / "access.log"),))[0]:
                read_input(item, archive, Options(), pool, lambda _name, _done: None)
            pool.close()
        with Catalogue(archive) as catalogue:
            return catalogue.rows(
                """select a.*, (select coalesce(string_agg(distinct rule, ' ' order by rule), '') from automation_evidence e where e.attack_id = a.attack_id and holds) as rules,
                          (select list(distinct source_address) from signals s where s.attack_id = a.attack_id) as addresses
                   from attacks a order by first_seen, attack_id"""
            )


def of_chain(attacks: Iterable[dict[str, object]], address: str, family: str) -> list[dict[str, object]]:
    """The attacks of a chain's own family and address, else those of its address."""
    mine = [one for one in attacks if address in one["addresses"]]  # type: ignore[operator] # a list
    return [one for one in mine if one["family"] == family] or mine


def print_captures() -> None:
    """One line for each run: how many attacks of each verdict, from one address and from many."""
    print(f"{'run':<28} {'lines':>6}   one address: tool bespoke undet.   {ADDRESSES} addresses: tool bespoke undet.")
    for name, lines in captures().items():
        counts = [Counter(str(one["automation"]) for one in judged(b"".join(some))) for some in (lines, rotated(lines))]
        cells = "   ".join(" ".join(f"{count[word]:>9}" for word in WORDS) for count in counts)
        print(f"{name:<28} {len(lines):>6}   {cells}")


def print_chains() -> None:
    """One line for each chain: what it is, what is said of it, and by which rules."""
    sys.path.insert(0, str(ROOT / "tests"))
    from chains.chains import chains, log_of

    table: Counter[tuple[str, str]] = Counter()
    for chain in chains():
        attacks = judged(log_of(chain))
        found = of_chain(attacks, chain.address, chain.family)
        verdict = next((word for word in ("bespoke", "tool", "undetermined") if any(one["automation"] == word for one in found)), "no attack")
        table[chain.label, verdict] += 1
        said = "; ".join(f"{one['family']} {one['signals']} {one['automation']} {one['rules']}" for one in found)
        others = sum(chain.address not in one["addresses"] for one in attacks)  # type: ignore[operator] # a list
        print(f"{chain.name:<34} {chain.label:<9} {verdict:<13} {said}" + (f"  ({others} of others!)" if others else ""))
    print()
    for (label, verdict), count in sorted(table.items()):
        print(f"{label:<9} {verdict:<13} {count:>3}")


if __name__ == "__main__":
    asked = sys.argv[1:] or ["captures", "chains"]
    if "captures" in asked:
        print_captures()
    if "chains" in asked:
        print_chains()
