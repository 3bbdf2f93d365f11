"""Record what a real nginx logs while its site is attacked, or visited by a crowd: `python tests/recordings/record.py outage`.

The truth beside each recording comes from the clocks of the clients, never from the log. It needs `nginx` (nginx-light
is enough) and Linux, whose loopback answers on all of 127.0.0.0/8. It never leaves loopback and stops by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from attackers import addresses, ask_at_rate, crowd, hold_headers, saturate
from front_end import LAYOUT, Server, running
from impact import impact_of
from visitors import Stage, everyday

HERE = Path(__file__).parent
BEFORE = 250.0
"""Seconds of usual traffic before."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One recording.

    Attributes:
        kind: `dos` kinds as in the notes of the project (search, slow, page, home, cache-busting), or `crowd`.
        server: how large the site is.
        people: usual visitors, and `pause` their mean seconds between page views.
        lasts: seconds of the attack; `after` of usual traffic behind it.
        sources: of the attack, or of the crowd.
        said: what happens, in a sentence.
    """

    kind: str
    server: Server
    people: int
    pause: float
    lasts: float
    after: float
    sources: Sequence[str] = field(default_factory=tuple)
    said: str = ""


SCENES = {
    "outage": Scene(
        "search", Server(8110, workers=4, search=5.0), 40, 30, 240, 170, addresses(20, 24),
        "24 sources ask the slow search for random words, about 100 times a minute in all; four workers take 5 s for each, so pages fail.",
    ),
    "slow_headers": Scene(
        "slow", Server(8120), 30, 25, 210, 120, addresses(40, 15),
        "15 sources hold 20 connections each, send a header line every 3 s and never finish; nginx ends each after 12 s with 408.",
    ),
    "slow_ramp": Scene(
        "page", Server(8130, workers=3, page=0.3), 40, 20, 540, 75, addresses(50, 120),
        "120 sources ask for pages of the agenda, ever more often over nine minutes, until three workers cannot keep up.",
    ),
    "flash_crowd": Scene(
        "crowd", Server(8140, workers=8), 20, 30, 330, 120,
        [f"127.{random.Random(7 * n).randint(10, 220)}.{random.Random(n).randint(0, 255)}.{n % 250 + 1}" for n in range(700)],
        "700 people follow links of large sites to an article published minutes before. Nobody attacks.",
    ),
    "home_flood_slowed": Scene(
        "home", Server(8150, workers=4, home=0.12), 40, 30, 150, 120, addresses(100, 60),
        "60 sources ask for the home page without a pause, up to 240 requests at a time; pages take 6 s and more, and four of ten fail.",
    ),
    "home_flood_down": Scene(
        "home", Server(8170, workers=2, home=0.12), 40, 30, 130, 75, addresses(160, 60),
        "60 sources ask for the home page without a pause, up to 240 requests at a time; two workers cannot keep up, and most pages fail.",
    ),
    "flood_absorbed": Scene(
        "cache-busting", Server(8160, workers=8, home=0.03), 30, 25, 100, 90, addresses(130, 50),
        "50 sources ask for the home page with a new number behind the question mark each time, 60 a second; the site bears it.",
    ),
}  # fmt: skip

LARGE_SITES = (
    "https://www.google.com/", "https://news.ycombinator.com/", "https://www.reddit.com/", "https://t.co/Xb3kq91", "https://www.facebook.com/",
    "https://daily-paper.example.net/politics/", "https://radio.example.com/live", "https://social.example.com/@reporter/1", "https://duckduckgo.com/", "",
)  # fmt: skip


def growing(seconds: float) -> float:
    """Requests a second so that the root of the requests a minute grows by 2.6 a minute: no minute stands out of the last."""
    return max(0.0, ((15 + 2.6 * seconds / 60) ** 2 - 15**2) / 60)


async def attack(name: str, scene: Scene, stage: Stage, start: float) -> int:
    """Carry out the attack, or let the crowd come; gives requests, connections or visits."""
    until = start + scene.lasts
    if name == "outage":
        return await saturate(stage, until, scene.sources, 7)
    if name == "slow_headers":
        return await hold_headers(stage, until, scene.sources, 20)
    if name == "slow_ramp":
        return await ask_at_rate(stage, start, until, scene.sources, growing, lambda: f"/agenda/?day={random.randint(1, 365)}", 45)
    if name == "flash_crowd":
        return await crowd(stage, start, until, scene.sources, "/2026/11/what-the-minister-knew/", LARGE_SITES)
    if name in ("home_flood_slowed", "home_flood_down"):
        return await ask_at_rate(stage, start, until, scene.sources, lambda _: 80.0, lambda: "/", 240)
    return await ask_at_rate(stage, start, until, scene.sources, lambda _: 60.0, lambda: f"/?{random.randint(10**6, 10**10)}", 60)


async def play(name: str, scene: Scene) -> tuple[Stage, dict[str, float], int]:
    """Usual traffic, the attack in it, usual traffic again."""
    begun = time.time()
    stage = Stage(scene.server.port, begun + BEFORE + scene.lasts + scene.after)
    usual = asyncio.create_task(everyday(stage, scene.people, scene.pause))
    await asyncio.sleep(BEFORE)
    start = time.time()
    count = await attack(name, scene, stage, start)
    end = time.time()
    await usual
    return stage, {"begun": begun, "start": start, "end": end, "over": time.time()}, count


def moment(seconds: float) -> str:
    """UTC to the tenth of a second."""
    return datetime.fromtimestamp(round(seconds, 1), UTC).isoformat(timespec="milliseconds").replace("00+00:00", "Z")


def keep(path: Path, content: bytes) -> None:
    """Compress, with neither name nor time inside, so that the same content is the same file."""
    path.write_bytes(gzip.compress(content, 9, mtime=0))


def record(name: str) -> None:
    """Play one scene and write its folder."""
    scene = SCENES[name]
    with tempfile.TemporaryDirectory(prefix="recording-") as folder:
        home = Path(folder)
        with running(scene.server, home):
            stage, times, count = asyncio.run(play(name, scene))
        out = HERE / name
        out.mkdir(exist_ok=True)
        keep(out / "access.log.gz", (home / "access.log").read_bytes())
        keep(out / "error.log.gz", (home / "error.log").read_bytes())
    keep(out / "probe.jsonl.gz", "".join(row + "\n" for row in stage.probes).encode())
    unit = "connections" if scene.kind == "slow" else "visits" if scene.kind == "crowd" else "requests"
    crowded = scene.kind == "crowd"
    truth = {
        "name": name,
        "said": scene.said,
        "layout": LAYOUT,
        "period": {"start": moment(times["begun"]), "end": moment(times["over"])},
        "attack": None if crowded else {"start": moment(times["start"]), "end": moment(times["end"]), "kind": scene.kind, unit: count, "sources": list(scene.sources)},
        "crowd": {"start": moment(times["start"]), "end": moment(times["end"]), unit: count, "sources": list(scene.sources)} if crowded else None,
        "legitimate": [*(f"127.0.1.{n}" for n in range(1, scene.people + 1)), "127.0.1.240", "127.0.1.241", "127.0.1.250"],
        **impact_of(stage.views, times["start"]),
    }
    (out / "truth.yml").write_text(yaml.safe_dump(truth, sort_keys=False, allow_unicode=True, width=120))


def main() -> None:
    """Record the scenes that are named, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=sorted(SCENES))
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped, too
    for name in told.names:
        record(name)


if __name__ == "__main__":
    main()
