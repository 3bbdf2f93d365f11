r"""One request, and the lines that web servers write about it.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html (predefined format `combined`; escaping as `\xXX`)
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html (`vhost_combined`; escaping as `\"` and `\xhh`)
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import NamedTuple


class Request(NamedTuple):
    """What a server knows of one request.

    `line` is the request line as the client sent it, whatever it was; `took` the seconds that its answer needed, below 0 for
    whatever is usual. `second` is when the line is written: when the request ends.
    """

    second: int
    site: str
    address: str
    line: str
    status: int
    size: int
    referrer: str = ""
    agent: str = ""
    took: float = -1.0


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=4096)
def stamp(second: int, zone_hours: int = 0) -> str:
    """The time as both servers write it, whatever the locale."""
    year, month, day, hour, minute, second_, *_ = time.gmtime(second + zone_hours * 3600)
    return f"{day:02d}/{_MONTHS[month - 1]}/{year}:{hour:02d}:{minute:02d}:{second_:02d} +{zone_hours:02d}00"


def _escaped(text: str, quote: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    out = []
    for byte in text.encode("utf-8", "surrogateescape"):
        if byte == 0x22:
            out.append(quote)
        elif byte == 0x5C:
            out.append("\\x5C" if quote.startswith("\\x") else "\\\\")
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append(f"\\x{byte:02X}" if quote.startswith("\\x") else f"\\x{byte:02x}")
    return "".join(out)


def nginx_combined(request: Request) -> str:
    """The format `combined` of nginx, in UTC, newline included."""
    line, referrer, agent = (
        _escaped(text, "\\x22") for text in (request.line, request.referrer or "-", request.agent or "-")
    )
    return f'{request.address} - - [{stamp(request.second)}] "{line}" {request.status} {request.size} "{referrer}" "{agent}"\n'


def apache_vhost_combined(request: Request) -> str:
    """The format `vhost_combined` of Apache, in the winter time of Paris, newline included."""
    line, referrer, agent = (
        _escaped(text, '\\"') for text in (request.line, request.referrer or "-", request.agent or "-")
    )
    return (
        f"{request.site}:443 {request.address} - - [{stamp(request.second, 1)}] "
        f'"{line}" {request.status} {request.size} "{referrer}" "{agent}"\n'
    )
