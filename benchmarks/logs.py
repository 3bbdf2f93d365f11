"""Makes large combined logs for the benchmarks: benign traffic of many visitors, a share of attacks, repeatable.

Uses the development samples when they lie beside the project; otherwise the demo month's own generators.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from urllib.parse import quote

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "web"
REQUEST = re.compile(r'"(?:GET|POST|HEAD) (\S+) HTTP/[\d.]+" (\d+) (\d+|-) "([^"]*)" "([^"]*)"')


def samples() -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Benign and attacking (target, status, size, referrer, agent)."""
    benign, attacks = [], []
    for line in (SHARED / "elastic_apache_first5000.log").read_text("utf-8", "replace").splitlines():
        if match := REQUEST.search(line):
            benign.append(match.groups())
    for name in ("sqlmap_default", "sqlmap_randagent_notvuln", "wapiti", "ffuf_dirs"):
        for line in (SHARED / "lab" / f"{name}.log").read_text("utf-8", "replace").splitlines():
            if match := REQUEST.search(line):
                attacks.append(match.groups())
    for line in (SHARED / "httpparams_train.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["cls"] != "norm":
            attacks.append((f"/index.php?id={quote(row['value'], safe='')}", "200", "512", "-", "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0"))
    return benign, attacks


def make(path: Path, lines: int, share: float = 0.05, addresses: int = 50_000, seed: int = 7) -> None:
    """Write a log of `lines` lines, in order of time over 30 days, unless it is there already."""
    if path.exists():
        return
    rng = random.Random(seed)
    benign, attacks = samples()
    pool = [f"{rng.randrange(1, 224)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}" for _ in range(addresses)]
    step = 30 * 86400 / lines
    with path.open("w", encoding="utf-8") as out:
        for number in range(lines):
            second = int(number * step)
            day, rest = divmod(second, 86400)
            stamp = f"{day + 1:02d}/Jan/2017:{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} +0100"
            target, status, size, referrer, agent = rng.choice(attacks if rng.random() < share else benign)
            out.write(f'{rng.choice(pool)} - - [{stamp}] "GET {target} HTTP/1.1" {status} {size} "{referrer}" "{agent}"\n')
