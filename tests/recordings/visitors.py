"""People, a search robot, a feed reader and a probe, each from an address of its own on loopback."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from front_end import ASSETS

BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
)
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
FEED_READER = "FreshRSS/1.27.1 (Linux; https://freshrss.org)"
PROBE = "curl/8.14.1"
SITE = "https://www.example.org"
PAGES = ("/", "/agenda/", "/about/", "/contact/", *(f"/2026/11/article-{n}/" for n in range(1, 40)))
ELSEWHERE = ("https://www.google.com/", "https://duckduckgo.com/", "https://neighbours.example.net/links.html", "https://social.example.com/", "")


@dataclass(frozen=True, slots=True)
class View:
    """A page view as its visitor met it.

    Attributes:
        start: seconds since the epoch, on the visitor's clock.
        took: seconds until the answer, or until patience ended.
        status: 0 without an answer.
    """

    start: float
    took: float
    status: int


@dataclass(slots=True)
class Stage:
    """One recording in progress: where the site is, when it ends, and what visitors met."""

    port: int
    until: float
    views: list[View] = field(default_factory=list)
    probes: list[str] = field(default_factory=list)

    def over(self) -> bool:
        """Whether visitors should go home."""
        return time.time() >= self.until

    async def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        await asyncio.sleep(max(0.0, min(seconds, self.until - time.time())))


class Browser:
    """One kept-alive connection from one source address."""

    def __init__(self, port: int, address: str, agent: str) -> None:
        """Nothing is opened yet."""
        self.port, self.address, self.agent = port, address, agent
        self.tags: dict[str, str] = {}
        self._pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, target: str, referrer: str = "", patience: float = 30, method: str = "GET") -> tuple[int, int]:
        """Ask once; gives status and body bytes, (0, 0) when there was no answer in `patience` seconds."""
        try:
            return await asyncio.wait_for(self._ask(target, referrer, method), patience)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0, 0

    async def _ask(self, target: str, referrer: str, method: str) -> tuple[int, int]:
        if self._pipe is None or self._pipe[0].at_eof():
            self.close()
            self._pipe = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(self.address, 0))
        reader, writer = self._pipe
        lines = [f"{method} {target} HTTP/1.1", "Host: www.example.org", f"User-Agent: {self.agent}", "Accept: */*"]
        if referrer:
            lines.append(f"Referer: {referrer}")
        if target in self.tags:
            lines.append(f"If-None-Match: {self.tags[target]}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        names = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])}
        size = 0 if status == 304 else int(names.get("content-length", "0"))
        if size:
            await reader.readexactly(size)
        if status == 200 and "etag" in names:
            self.tags[target] = names["etag"]
        if names.get("connection") == "close" or (status != 304 and "content-length" not in names):
            self.close()
        return status, size

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None


async def look(stage: Stage, browser: Browser, target: str, referrer: str, patience: float, seen: set[str]) -> int:
    """A page, then the files that it needs, with the page as their referrer; gives the page's status."""
    start = time.time()
    status, _ = await browser.get(target, referrer, patience)
    stage.views.append(View(start, time.time() - start, status))
    if status in (200, 304):
        shown = random.Random(target)
        for asset in [*ASSETS[:3], *shown.sample(ASSETS[3:], shown.randint(0, 2))]:
            if asset not in seen or random.random() < 0.25:
                seen.add(asset)
                await browser.get(asset, SITE + target, 10)
    return status


async def visit(stage: Stage, address: str, pause: float) -> None:
    """A person who reads, comes back later, gives up after 4 to 12 s, and sometimes tries again.

    Args:
        stage: the recording.
        address: of this person.
        pause: mean seconds between two page views.
    """
    agent = random.choice(BROWSERS)
    await stage.pause(random.uniform(0, pause))
    browser, seen = Browser(stage.port, address, agent), set[str]()
    at, referrer = random.choice(PAGES), random.choice(ELSEWHERE)
    while not stage.over():
        status = await look(stage, browser, at, referrer, random.uniform(4, 12), seen)
        await stage.pause(max(1.0, random.gammavariate(2, pause / 2)))
        if status not in (200, 304) and random.random() < 0.4:
            continue
        if random.random() < 0.2:
            browser.close()
            at, referrer = random.choice(PAGES), random.choice(ELSEWHERE)
        else:
            at, referrer = (f"/?s={random.choice(('march', 'statutes', 'join', 'press'))}" if random.random() < 0.02 else random.choice(PAGES)), SITE + at
    browser.close()


async def crawl(stage: Stage, address: str) -> None:
    """A search robot: one page about every 12 s, no static files, robots.txt now and then."""
    browser = Browser(stage.port, address, ROBOT)
    while not stage.over():
        await browser.get("/robots.txt" if random.random() < 0.05 else random.choice(PAGES), patience=20)
        await stage.pause(random.uniform(8, 16))
    browser.close()


async def follow_feed(stage: Stage, address: str) -> None:
    """A feed reader: `/feed/` once a minute, conditional."""
    browser = Browser(stage.port, address, FEED_READER)
    while not stage.over():
        await browser.get("/feed/", patience=10)
        browser.close()
        await stage.pause(60)


async def probe(stage: Stage, address: str) -> None:
    """A monitor: one page every 30 s with 10 s of patience, written down as the `probe` source reads it."""
    while not stage.over():
        start = time.time()
        browser = Browser(stage.port, address, PROBE)
        status, size = await browser.get("/agenda/", patience=10)
        browser.close()
        took = time.time() - start
        row = {
            "seen_at": datetime.fromtimestamp(start, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), "url": SITE + "/agenda/",
            "status": status, "duration": round(took, 3), "bytes": size, "error": None if status else "no answer in 10 s", "from": "paris",
        }  # fmt: skip
        stage.probes.append(json.dumps(row, separators=(",", ":")))
        await stage.pause(max(0.0, 30 - took))


async def everyday(stage: Stage, people: int, pause: float) -> None:
    """The usual traffic until the stage is over: people 127.0.1.1 and up, robot .240, feed reader .241, probe .250."""
    each = [visit(stage, f"127.0.1.{n}", pause) for n in range(1, people + 1)]
    await asyncio.gather(*each, crawl(stage, "127.0.1.240"), follow_feed(stage, "127.0.1.241"), probe(stage, "127.0.1.250"))
