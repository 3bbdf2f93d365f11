"""People who only came to read: most of every log, and none of it an attack."""

from __future__ import annotations

import random
from collections.abc import Iterator

from vigie.demo.addresses import visitor
from vigie.demo.month import DAY, DONATIONS, PETITION, SITE, Month
from vigie.demo.request import Request
from vigie.demo.searches import hello
from vigie.demo.site import BROWSERS, GONE, ORIGINS, PICTURES, STYLE, pages_at, search, size_of

_HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 12, 12, 12, 13, 14, 12, 11, 11, 12, 14, 16, 17, 18, 15, 9, 4)
"""How busy each hour of the day is (UTC)."""

_DEBATE_VISITS = 420


def visits(month: Month) -> Iterator[Request]:
    """Every visit of the month, connections that came to nothing, and the rush after each debate on television."""
    for day in range(month.days):
        dice = month.dice("visitors", day)
        number = round((185 + 3.2 * day) * dice.uniform(0.9, 1.1))
        hours = dice.choices(range(24), _HOURS, k=number)
        for hour in hours:
            second = month.midnight(day) + hour * 3600 + dice.randrange(3600)
            yield from _elsewhere(dice, second) if dice.random() < 0.09 else visit(dice, month, second)
        for _ in range(dice.randrange(3, 8)):
            second = month.midnight(day) + dice.randrange(DAY)
            yield Request(second, SITE, visitor(dice), dice.choice(("", hello(dice), "GET", "GET /agenda/")), 400, 166)
    for start in month.debates:
        dice = month.dice("debate", start)
        for _ in range(_DEBATE_VISITS):
            yield from visit(dice, month, start + int(dice.expovariate(1 / 2600)), landing="/")


def visit(dice: random.Random, month: Month, second: int, landing: str = "") -> Iterator[Request]:
    """One visitor: a page with its parts, then a few more."""
    address, agent, referrer = visitor(dice), dice.choice(BROWSERS), dice.choice(ORIGINS)
    online = pages_at(month, second)
    target = landing or (
        dice.choice(online) if dice.random() < 0.8 else "/?utm_source=lettre&utm_medium=mail&utm_campaign=janvier-2017"
    )
    now = min(second, month.end - 600)
    if dice.random() < 0.01:
        yield Request(now, SITE, address, "", 400, 0)
    for step in range(dice.choice((1, 1, 2, 2, 3, 4))):
        here = f"https://{SITE}{target}"
        yield Request(now, SITE, address, f"GET {target} HTTP/1.1", 200, size_of(target), referrer, agent)
        if step == 0:
            for part in STYLE:
                cached = dice.random() < 0.2
                yield Request(
                    now,
                    SITE,
                    address,
                    f"GET {part} HTTP/1.1",
                    304 if cached else 200,
                    0 if cached else size_of(part),
                    here,
                    agent,
                )
        for part in dice.sample(PICTURES, dice.randrange(3)):
            yield Request(now + 1, SITE, address, f"GET {part} HTTP/1.1", 200, size_of(part), here, agent)
        if dice.random() < 0.04:
            yield Request(now + 1, SITE, address, f"GET {dice.choice(GONE)} HTTP/1.1", 404, 1254, here, agent)
        referrer = here
        target = search(dice) if dice.random() < 0.18 else dice.choice(online)
        now += dice.randrange(8, 150)
        if target == "/contact/" and dice.random() < 0.5:
            yield Request(now, SITE, address, "POST /contact/ HTTP/1.1", 200, 5120, f"https://{SITE}/contact/", agent)


def _elsewhere(dice: random.Random, second: int) -> Iterator[Request]:
    """A visitor of the donations or the petition site."""
    address, agent = visitor(dice), dice.choice(BROWSERS)
    site = dice.choice((DONATIONS, PETITION))
    now = second - second % DAY + min(second % DAY, DAY - 900)
    pages = ("/", "/merci/") if site == DONATIONS else ("/", "/signer/", "/merci/")
    referrer = f"https://{SITE}/nous-rejoindre/"
    for number, page in enumerate(pages):
        method = "POST" if page == "/merci/" else "GET"
        yield Request(now, site, address, f"{method} {page} HTTP/1.1", 200, size_of(site + page), referrer, agent)
        if number == 0:
            yield Request(now, site, address, "GET /css/page.css HTTP/1.1", 200, 3120, f"https://{site}/", agent)
        referrer = f"https://{site}{page}"
        now += dice.randrange(10, 200)
        if dice.random() < 0.35:
            return
