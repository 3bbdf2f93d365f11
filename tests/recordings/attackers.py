"""What is done to the site in each recording. Bounded: each ends by the clock, on loopback only."""

from __future__ import annotations

import asyncio
import contextlib
import random
import string
import time
from collections.abc import Callable, Sequence

from visitors import BROWSERS, SITE, Browser, Stage, look


def addresses(first: int, count: int) -> list[str]:
    """`count` addresses 127.0.first.1, at most four in each /24, so that they are spread over networks."""
    return [f"127.0.{first + n // 4}.{n % 4 + 1}" for n in range(count)]


async def saturate(stage: Stage, until: float, sources: Sequence[str], pause: float) -> int:
    """Each source searches for a random word, waits for the answer or 8 s, then pauses; gives the requests sent."""

    async def one(address: str) -> int:
        sent = 0
        browser = Browser(stage.port, address, random.choice(BROWSERS))
        await asyncio.sleep(random.uniform(0, pause))
        while time.time() < until:
            word = "".join(random.choices(string.ascii_lowercase, k=random.randint(5, 9)))
            await browser.get(f"/?s={word}", patience=random.uniform(5, 8))
            sent += 1
            await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
        browser.close()
        return sent

    return sum(await asyncio.gather(*(one(source) for source in sources)))


async def hold_headers(stage: Stage, until: float, sources: Sequence[str], each: int) -> int:
    """Each source keeps `each` connections open that send one header line every 3 s and never finish; gives the connections made."""

    async def one(address: str) -> int:
        made = 0
        await asyncio.sleep(random.uniform(0, 10))
        while time.time() < until:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", stage.port, local_addr=(address, 0))
                made += 1
                writer.write(b"GET / HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1)\r\n")
                while not reader.at_eof() and time.time() < until + 15:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(256), 3)
                    writer.write(f"X-{random.choice(string.ascii_lowercase)}: {random.randint(1, 5000)}\r\n".encode())
                    await writer.drain()
                writer.close()
            await asyncio.sleep(random.uniform(0.2, 2))
        return made

    return sum(await asyncio.gather(*(one(source) for source in sources for _ in range(each))))


async def ask_at_rate(stage: Stage, start: float, until: float, sources: Sequence[str], rate: Callable[[float], float], target: Callable[[], str], open_at_once: int) -> int:
    """Requests at a rate over time, each from a random source, never more than `open_at_once` waiting; gives the requests sent.

    Args:
        stage: the recording.
        start: seconds since the epoch.
        until: likewise.
        sources: addresses.
        rate: seconds since the start to requests per second.
        target: makes a request target.
        open_at_once: bound of the requests in flight.
    """
    agents = {source: random.choice(BROWSERS) for source in sources}
    flying: set[asyncio.Task[None]] = set()
    sent, due = 0, 0.0
    last = time.time()

    async def one() -> None:
        source = random.choice(sources)
        browser = Browser(stage.port, source, agents[source])
        await browser.get(target(), patience=15)
        browser.close()

    while time.time() < until:
        now = time.time()
        due = min(due + rate(now - start) * (now - last), 50.0)
        last = now
        while due >= 1 and len(flying) < open_at_once:
            due -= 1
            sent += 1
            task = asyncio.create_task(one())
            flying.add(task)
            task.add_done_callback(flying.discard)
        if len(flying) >= open_at_once:
            due = min(due, 1.0)
        await asyncio.sleep(0.05)
    await asyncio.gather(*flying)
    return sent


async def crowd(stage: Stage, start: float, until: float, sources: Sequence[str], new_page: str, referrers: Sequence[str]) -> int:
    """People who follow links to a new page, quickly many, then fewer; most read one page, some two or three; gives the visits."""

    async def one(address: str, arrives: float) -> None:
        await asyncio.sleep(max(0.0, arrives - time.time()))
        browser, seen, at, referrer = Browser(stage.port, address, random.choice(BROWSERS)), set[str](), new_page, random.choice(referrers)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
            await look(stage, browser, at, referrer, random.uniform(5, 15), seen)
            await asyncio.sleep(random.gammavariate(2, 6))
            if time.time() > until:
                break
            at, referrer = random.choice((new_page, "/about/", "/", "/contact/")), SITE + at
        browser.close()

    span = until - start
    arrivals = [start + span * random.betavariate(1.3, 2.2) for _ in sources]
    await asyncio.gather(*(one(source, at) for source, at in zip(sources, arrivals, strict=True)))
    return len(sources)


__all__ = ["addresses", "ask_at_rate", "crowd", "hold_headers", "saturate"]
