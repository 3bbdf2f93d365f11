r"""How nginx writes requests in the layout that vigie recommends: how long each took, to the millisecond, and over which connection.

A duration is drawn from a hash of the request, so that nothing else in the story changes with it.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html ($request_time, $msec; escaping as `\xXX`)
    - https://nginx.org/en/docs/http/ngx_http_upstream_module.html ($upstream_response_time and $upstream_status are `-` without one)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from vigie.demo.request import Request, nginx_combined

KEPT_OPEN: Final = 75
"""Seconds after which nginx closes an idle connection (`keepalive_timeout`)."""

_FILES: Final = (".css", ".js", ".png", ".jpg", ".woff2", ".txt", ".ico", ".pdf")
_NO_UPSTREAM: Final = (400, 405, 408, 413)
"""Answers that nginx gives by itself."""
_HEADERS: Final = 140
"""Bytes of the headers that no log shows."""


def is_file(line: str) -> bool:
    """Whether a request line asks for a file that nginx serves by itself."""
    path = line.split(" ")[1].partition("?")[0] if line.count(" ") >= 1 else ""
    return path.lower().endswith(_FILES)


def duration(request: Request) -> float:
    """Seconds that the server took: as the story says, else what such a request usually takes."""
    if request.took >= 0:
        return request.took
    if request.status in _NO_UPSTREAM:
        return 0.0
    if is_file(request.line):
        low, high = 0.001, 0.02
    elif request.status == 403:
        low, high = 0.001, 0.05
    elif "?s=" in request.line or "&s=" in request.line:
        low, high = 0.25, 1.3
    elif "/wp-admin/" in request.line:
        low, high = 0.1, 0.9
    else:
        low, high = 0.05, 0.5
    return low + (high - low) * part(request)


def part(request: Request, purpose: str = "") -> float:
    """A number from 0 up to 1 that belongs to a request."""
    text = f"{request.second} {request.address} {request.line} {purpose}"
    return zlib.crc32(text.encode("utf-8", "surrogateescape")) / 2**32


def lines(requests: Sequence[Request]) -> Iterator[tuple[int, str]]:
    """Each request's second and line, newline included.

    Args:
        requests: in order of time; those of one second are spread over it in their order.
    """
    connections: dict[str, tuple[int, int, int]] = {}
    opened = 0
    for second, group in groupby(requests, key=lambda request: request.second):
        together = list(group)
        for place, request in enumerate(together):
            number, asked, last = connections.get(request.address, (0, 0, 0))
            if not number or second - last > KEPT_OPEN or request.status in _NO_UPSTREAM:
                opened, asked = opened + 1, 0
                number = opened
            connections[request.address] = (number, asked + 1, second)
            millisecond = (2 * place + 1) * 500 // len(together)
            yield second, _line(request, f"{second}.{millisecond:03d}", number, asked + 1)


def _line(request: Request, written: str, connection: int, asked: int) -> str:
    took = f"{duration(request):.3f}"
    alone = request.status in _NO_UPSTREAM or is_file(request.line)
    upstream = "- -" if alone else f"{took} -" if request.status == 499 else f"{took} {request.status}"
    length = len(request.line) + len(request.agent) + len(request.referrer) + (_HEADERS if request.line else 0)
    return (
        f'{nginx_combined(request)[:-1]} {length} {took} {upstream} {connection} {asked} {written} "{request.site}"\n'
    )
