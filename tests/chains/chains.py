"""Chains of requests that people made by hand, and the logs in which they would stand.

A chain is one YAML file beside this module: who did it, against which invented site, with which aim, and each request with the pause before it
and the answer. Sites and their ordinary pages are in `sites.yml`. A log is the chain among visits of other people, drawn from those pages
with a seed, from a day before the chain to its end.

What a browser sends is what the URL standard says: an address that is typed keeps brackets and commas, and in the query encodes space as `%20`,
`'` as `%27`, and `"`, `<`, `>`; a form encodes all but letters, digits and `*-._`, with `+` for a space. curl sends what was typed.

References:
    - https://url.spec.whatwg.org/#percent-encoded-bytes (special-query and application/x-www-form-urlencoded percent-encode sets)
    - https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
FAMILIES = frozenset(
    {
        "sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection", "request_forgery", "secret_probe", "cms_probe",
    }
)  # fmt: skip
LABELS = frozenset({"bespoke", "nothing", "tool"})
LAYOUT = (
    "'$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\" "
    "$request_length $request_time $upstream_response_time $upstream_status $connection $connection_requests $msec \"$host\"'"
)
ASSETS = "assets"
"""Item of a chain's requests: the browser loads the assets of the page before."""

_VISITORS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:136.0) Gecko/20100101 Firefox/136.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Mobile Safari/537.36",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the server saw it end.

    Attributes:
        at: when it was answered, UTC.
        address: the client.
        agent: its User-Agent.
        request: method and target.
        status: HTTP status of the answer.
        size: bytes of the body.
        seconds: how long it took.
        referrer: an address, or `-`.
        host: the site.
        connection: number of the connection.
        static: the web server answered by itself, no upstream was asked.
    """

    at: datetime
    address: str
    agent: str
    request: str
    status: int
    size: int
    seconds: float
    referrer: str
    host: str
    connection: int
    static: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """What one person, or one small script, did.

    Attributes:
        name: file name without suffix.
        who: the person, in a sentence.
        aim: what was wanted, in a sentence.
        site: key of `sites.yml`.
        family: one of `FAMILIES`.
        label: one of `LABELS`.
        agent: User-Agent.
        address: the client.
        begin: time of the first request, UTC.
        visits: the requests, in order of time.
    """

    name: str
    who: str
    aim: str
    site: str
    family: str
    label: str
    agent: str
    address: str
    begin: datetime
    visits: tuple[Visit, ...]


@cache
def sites() -> dict[str, dict]:
    """The invented sites, by name."""
    return yaml.safe_load((HERE / "sites.yml").read_text("utf-8"))


def chains() -> list[Chain]:
    """All chains, by name."""
    return [chain_of(path) for path in sorted(HERE.glob("[0-9][0-9]-*.yml"))]


def chain_of(path: Path) -> Chain:
    """One chain from its file.

    Args:
        path: a YAML file of this folder.

    Raises:
        KeyError: a field is missing, or the site is none of `sites.yml`.
        ValueError: a request has not its six fields.
    """
    told = yaml.safe_load(path.read_text("utf-8"))
    begin = told["begin"].astimezone(UTC)
    person = (told["address"], told["agent"], told["site"])
    return Chain(
        path.stem, told["who"], told["aim"], told["site"], told["family"], told["label"], told["agent"], told["address"], begin,
        tuple(_made(told["requests"], begin, person)),
    )  # fmt: skip


def log_of(chain: Chain, seed: int = 1) -> bytes:
    """The site's access log from a day before the chain to its end, in `LAYOUT`, sorted by time.

    Args:
        chain: the chain among the visits.
        seed: which other visits there are; the same seed draws the same.
    """
    end = chain.visits[-1].at
    others = background(chain.site, chain.begin - timedelta(days=1), end, random.Random(f"{chain.name} {seed}"))
    return b"".join(line_of(visit) for visit in sorted([*others, *chain.visits], key=lambda visit: visit.at))


def background(site: str, start: datetime, end: datetime, chance: random.Random) -> list[Visit]:
    """Visits of other people: 3 to 8 visitors an hour, each viewing 1 to 6 pages with their assets.

    Args:
        site: key of `sites.yml`.
        start: first hour, UTC.
        end: nothing is drawn after it.
        chance: where chance comes from.
    """
    pages, found, hour, connection = sites()[site]["pages"], [], start, 100_000
    while hour < end:
        for _ in range(chance.randint(3, 8)):
            connection += chance.randint(1, 9)
            person = (f"2001:db8:{chance.randrange(1, 65536):x}::{chance.randrange(1, 65536):x}", chance.choice(_VISITORS), site)
            at = hour + timedelta(seconds=chance.uniform(0, 3600))
            for view in range(chance.randint(1, 6)):
                target, status, size, seconds, referrers = chance.choice(pages) if view else pages[0]
                visit = _visit(at, person, f"GET {target}", status, size, seconds * chance.uniform(0.8, 1.6), chance.choice(referrers), connection)
                found += [visit, *(_assets(visit) if view == 0 else ())]
                at += timedelta(seconds=chance.uniform(6, 150))
        hour += timedelta(hours=1)
    return [visit for visit in found if visit.at <= end]


def line_of(visit: Visit) -> bytes:
    """One line of the log, as nginx writes it: in UTC, the body's bytes, an upstream only where one was asked."""
    upstream = "- -" if visit.static else f"{max(visit.seconds - 0.001, 0):.3f} {visit.status}"
    length = len(visit.request) + len(visit.host) + len(visit.agent) + len(visit.referrer) + 190
    return (
        f'{visit.address} - - [{visit.at:%d/%b/%Y:%H:%M:%S} +0000] "{visit.request} HTTP/1.1" {visit.status} {visit.size} "{visit.referrer}" "{visit.agent}" '
        f'{length} {visit.seconds:.3f} {upstream} {visit.connection} 1 {visit.at.timestamp():.3f} "{visit.host}"\n'
    ).encode("ascii")


def _made(requests: list, begin: datetime, person: tuple[str, str, str]) -> list[Visit]:
    found: list[Visit] = []
    at, connection, chance = begin, 90_000, random.Random(f"{person} {begin}")
    for told in requests:
        if told == ASSETS:
            found += _assets(found[-1])
            continue
        pause, request, status, size, seconds, referrer = told
        # Pauses of a person are told in whole seconds; times that all end in .000 would betray the chain. A script's short pauses stay exact.
        at += timedelta(seconds=pause + (chance.uniform(-0.5, 0.5) if pause >= 5 else 0))
        connection += pause > 60
        found.append(_visit(at, person, request, status, size, seconds, referrer, connection))
    return sorted(found, key=lambda visit: visit.at)


def _visit(at: datetime, person: tuple[str, str, str], request: str, status: int, size: int, seconds: float, referrer: str, connection: int) -> Visit:
    address, agent, host = person
    whole = f"https://{host}{referrer}" if referrer.startswith("/") else referrer
    return Visit(at, address, agent, request, status, size, seconds, whole, host, connection, _is_asset(request, host))


def _assets(page: Visit) -> list[Visit]:
    person, whole = (page.address, page.agent, page.host), f"https://{page.host}{page.request.split(' ', 1)[1]}"
    return [
        _visit(page.at + timedelta(milliseconds=120 + 35 * number), person, f"GET {target}", status, size, 0.0, whole, page.connection)
        for number, (target, status, size) in enumerate(sites()[page.host]["assets"])
    ]


def _is_asset(request: str, host: str) -> bool:
    return any(request == f"GET {target}" for target, _, _ in sites()[host]["assets"])
