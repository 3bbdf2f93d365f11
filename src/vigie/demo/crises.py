"""Days on which a great many came at once: three floods, one of which takes the site down, and a rush of readers.

A flood is one attack from many sources. What visitors got is told by their own requests: `in_outage` says what became of whatever
was asked while the site was down.

References:
    - CAPEC-469 (HTTP DoS), CAPEC-495; ATT&CK T1499.002 and T1499.003.
    - https://nginx.org/en/docs/http/ngx_http_core_module.html (client_header_timeout: 60 s, then 408)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from vigie.demo.addresses import FLOODERS, visitor
from vigie.demo.kind import PlannedAttack, PlannedCrowd, moment
from vigie.demo.month import SITE, Month, Publication
from vigie.demo.nginx_lines import is_file, part
from vigie.demo.request import Request
from vigie.demo.site import BROWSERS, PICTURES, STYLE, path_of, size_of
from vigie.demo.visitors import visit

FAMILY: Final = "denial_of_service"
ONSET: Final = 40
"""Seconds that the site holds out before it is down."""

_CROWD_DAY, _CROWD_AFTER, _CROWD_VISITORS = 19, 6_000, 700
_CROWD_SECONDS: Final = 720
_LINKING: Final = (
    "https://www.journal.example/politique/2017/les-comptes-publies.html", "https://radio.example/direct/", "https://forum.example/t/48213",
    "https://www.quotidien.example/a-la-une/", "https://reseau.example/l/9xQ2",
)  # fmt: skip
"""Pages of large sites that link to the new page."""

_HEADER_WAIT: Final = 60.0
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Crisis(NamedTuple):
    """A flood: when, from whom, what it did, and how many readers were there.

    Attributes:
        name: purpose of its dice.
        day: counted from 0.
        second: of the day, at which it begins.
        seconds: how long it lasts.
        impact: what visitors got.
        sources: whose requests they are.
        pace: requests a minute.
        readers: visitors a minute, from a quarter of an hour before to a quarter of an hour after.
        ask: (dice, site is down) → request line, status, bytes, seconds that the request took.
    """

    name: str
    day: int
    second: int
    seconds: int
    impact: str
    sources: tuple[str, ...]
    pace: int
    readers: float
    ask: Callable[[random.Random, bool], tuple[str, int, int, float]]

    def start(self, month: Month) -> int:
        """Second of the epoch at which it begins."""
        return month.midnight(self.day) + self.second

    def outage(self, month: Month) -> tuple[int, int]:
        """Seconds between which the site is down."""
        start = self.start(month)
        return start + ONSET, start + self.seconds


def _past_the_cache(dice: random.Random, _: bool) -> tuple[str, int, int, float]:
    return f"GET /?{dice.randrange(10**8, 10**9)} HTTP/1.1", 200, size_of("/"), dice.uniform(0.08, 0.6)


def _searches(dice: random.Random, down: bool) -> tuple[str, int, int, float]:
    line = f"GET /?s={''.join(dice.choices(_LETTERS, k=8))} HTTP/1.1"
    if not down:
        return line, 200, 9_120, dice.uniform(0.6, 6.0)
    drawn = dice.random()
    if drawn < 0.1:
        return line, 200, 9_120, dice.uniform(9.0, 19.0)
    return (line, 499, 0, dice.uniform(8.0, 12.0)) if drawn < 0.3 else (line, 504, 176, dice.uniform(20.0, 30.0))


def _slow_headers(dice: random.Random, _: bool) -> tuple[str, int, int, float]:
    return f"GET /?{dice.randrange(10_000)} HTTP/1.1", 408, 0, _HEADER_WAIT + dice.uniform(0.0, 0.9)


CRISES: Final = (
    Crisis("past the cache", 18, 18 * 3600 + 12 * 60, 240, "absorbed", FLOODERS[:40], 500, 11, _past_the_cache),
    Crisis("slow headers", 23, 18 * 3600 + 20 * 60, 1_200, "absorbed", FLOODERS[40:100], 50, 4, _slow_headers),
    Crisis("searches", 29, 9 * 3600 + 10 * 60, 900, "unavailable", FLOODERS[100:250], 350, 4.5, _searches),
)
"""Every flood of the month."""


def floods(month: Month) -> Iterator[tuple[PlannedAttack, list[Request]]]:
    """Each flood and its requests, which stand in the log where they ended."""
    for crisis in CRISES:
        if crisis.day >= month.days:
            continue
        dice = month.dice("flood", crisis.name)
        agents = dice.sample(BROWSERS, 3)
        start, (down, up) = crisis.start(month), crisis.outage(month)
        requests = []
        for number in range(crisis.pace * crisis.seconds // 60):
            begun = start + dice.random() * crisis.seconds
            line, status, size, took = crisis.ask(dice, crisis.impact == "unavailable" and down <= begun < up)
            source, agent = crisis.sources[number % len(crisis.sources)], dice.choice(agents)
            agent = "" if status == 408 else agent
            requests.append(Request(int(begun + took), SITE, source, line, status, size, "", agent, took))
        seconds = [request.second for request in requests]
        yield (
            PlannedAttack(
                moment(min(seconds)),
                moment(max(seconds)),
                FAMILY,
                SITE,
                crisis.sources,
                "tool",
                "",
                len(requests),
                crisis.impact,
            ),
            requests,
        )


def outages(month: Month) -> list[tuple[int, int]]:
    """Seconds between which the site is down."""
    return [crisis.outage(month) for crisis in CRISES if crisis.impact == "unavailable" and crisis.day < month.days]


def in_outage(requests: Iterable[Request], month: Month) -> Iterator[Request]:
    """What becomes of visitors' requests: while the site is down, nearly all pages fail, and nobody fetches parts of a page that failed."""
    spans = outages(month)
    for request in requests:
        down = (
            request.site == SITE
            and request.status != 400
            and any(start <= request.second < end for start, end in spans)
        )
        if not down:
            yield request
        elif not is_file(request.line):
            yield _failed(request)


def _failed(request: Request) -> Request:
    drawn, long = part(request, "fate"), part(request, "patience")
    if drawn < 0.08:
        took, status, size = 8 + 11 * long, request.status, request.size
    elif drawn < 0.4:
        took, status, size = 3 + 14 * long, 499, 0
    else:
        took, status, size = 20 + 10 * long, 504, 176
    return request._replace(second=request.second + round(took), status=status, size=size, took=took)


def readers(month: Month) -> Iterator[Request]:
    """Visitors who happen to be there: a letter to supporters went out, or somebody speaks on the radio."""
    for crisis in CRISES:
        if crisis.day >= month.days:
            continue
        dice = month.dice("readers", crisis.name)
        start, length = crisis.start(month) - 900, crisis.seconds + 1_800
        for _ in range(round(crisis.readers * length / 60)):
            yield from visit(dice, month, start + dice.randrange(length))


def crowd(month: Month) -> tuple[list[Request], list[PlannedCrowd]]:
    """A new page to which large sites link: hundreds of readers within minutes, and no attack."""
    page = next((page for page in month.publications if (page.second - month.start) // 86_400 == _CROWD_DAY), None)
    if page is None:
        return [], []
    dice = month.dice("crowd of readers")
    start = page.second + _CROWD_AFTER
    requests: list[Request] = []
    views: list[int] = []
    for _ in range(_CROWD_VISITORS):
        # most come in the second and third minute after the link went out
        second = start + int(dice.triangular(0, _CROWD_SECONDS, 110))
        views.append(second)
        requests += _reader(dice, page, second)
    origins = tuple(sorted({origin.split("/")[2] for origin in _LINKING}))
    return requests, [PlannedCrowd(moment(min(views)), moment(max(views)), SITE, _CROWD_VISITORS, origins)]


def _reader(dice: random.Random, page: Publication, second: int) -> Iterator[Request]:
    """One member of the crowd: the page with its parts, some of which are in the browser already."""
    address, agent, referrer = visitor(dice), dice.choice(BROWSERS), dice.choice(_LINKING)
    path = path_of(page)
    here = f"https://{SITE}{path}"
    again = dice.random() < 0.12
    yield Request(
        second,
        SITE,
        address,
        f"GET {path} HTTP/1.1",
        304 if again else 200,
        0 if again else size_of(path),
        referrer,
        agent,
    )
    for piece in (*STYLE, dice.choice(PICTURES)):
        cached = again or dice.random() < 0.25
        yield Request(
            second + dice.randrange(2),
            SITE,
            address,
            f"GET {piece} HTTP/1.1",
            304 if cached else 200,
            0 if cached else size_of(piece),
            here,
            agent,
        )
    if dice.random() < 0.3:
        yield Request(
            second + dice.randrange(20, 200),
            SITE,
            address,
            "GET /programme/ HTTP/1.1",
            200,
            size_of("/programme/"),
            here,
            agent,
        )
