"""How a place on a site is spelled, so that what was attacked and what was published can be compared."""

from __future__ import annotations

import re
from urllib.parse import unquote

_NUMBERS = re.compile(r"/(?:\d+|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})(?=/|$)")


def normalised_path(target: str) -> str:
    """The place of an attempt: percent-decoded once, `//` and `/./` collapsed, numbers and UUIDs as `{n}`.

    Case is kept; the trailing slash is dropped; at most 256 characters.
    """
    path = target.partition("?")[0][:1024]
    if "%" in path:
        path = unquote(path, errors="replace")
    while "/./" in path:
        path = path.replace("/./", "/")
    while "//" in path:
        path = path.replace("//", "/")
    path = _NUMBERS.sub("/{n}", path)
    return (path.rstrip("/") or "/")[:256]
