"""Addresses and host names, made canonical: one machine, one spelling. Meant for distinct values."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_DOMAIN = re.compile(r"[a-z0-9_*](?:[a-z0-9_.-]{0,251}[a-z0-9_.-])?\Z")


_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_PLAIN_V4 = rf"^{_OCTET}(?:\.{_OCTET}){{3}}$"


def canonical_addresses(values: pa.Array) -> pa.Array:
    """`canonical` of each value of a string array; plain IPv4 text is kept as it is, only the rest is parsed."""
    plain = np.asarray(pc.fill_null(pc.match_substring_regex(values, _PLAIN_V4), False))
    if plain.all():
        return values
    others = np.flatnonzero(~plain)
    parsed = pa.array([canonical(text) for text in values.take(pa.array(others)).to_pylist()], pa.string())
    return pc.replace_with_mask(values, pa.array(~plain), parsed)


@lru_cache(maxsize=65_536)
def canonical(text: str | None) -> str | None:
    """The canonical text of an IP address, or None when it is not one.

    A port (`1.2.3.4:80`, `[::1]:80`), brackets and a zone are dropped; an IPv4 address mapped into IPv6 becomes IPv4.
    """
    if not text or len(text) > 80:
        return None
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def domain(text: str | None) -> str | None:
    """A host name in lower case without its port, or None when there is none."""
    if not text or text in ("-", "_"):
        return None
    bare = text.strip().lower()
    if bare.startswith("["):
        return bare.partition("]")[0] + "]"
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    bare = bare.rstrip(".")
    return bare if _DOMAIN.match(bare) else None
