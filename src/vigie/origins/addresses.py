"""Addresses as numbers: IPv4 as 32 bits, IPv6 as sixteen bytes that sort like the number, and which of them no table can know.

References:
    - RFC 6890 and the IANA registries of special-purpose addresses
    - RFC 3056 (2002::/16), RFC 4380 (2001::/32), RFC 6052 (64:ff9b::/96)
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.bytes_]

_LONGEST: Final = len("255.255.255.255")
_BLOCK: Final = 32_768
"""Rows at a time, so that what is worked on stays near the processor."""
MAX_TEXT: Final = 64
"""Characters of the longest text that is looked at as an address."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Addresses as numbers.

    Attributes:
        family: 4, 6, or 0 where it is no address; shape (n,).
        four: IPv4 as a number, 0 elsewhere; shape (n,).
        six: the sixteen bytes of IPv6, of those rows only; shape (rows of family 6,).
    """

    family: npt.NDArray[np.int8]
    four: Numbers
    six: Bytes

    def __len__(self) -> int:
        """How many addresses."""
        return len(self.family)


def packed(texts: pa.Array) -> Packed:
    """Addresses of an array of texts; an IPv4 address mapped into IPv6 becomes IPv4, what is none has family 0.

    Args:
        texts: strings, best distinct ones.
    """
    column = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    column = column.cast(pa.string()).fill_null("")
    four, plain = _plain(column)
    family = np.where(plain, 4, 0).astype(np.int8)
    six: list[bytes] = []
    rest = np.flatnonzero(~plain)
    for row, text in zip(rest.tolist(), column.take(pa.array(rest)).to_pylist() if len(rest) else (), strict=True):
        raw = _sixteen(text)
        if raw is None:
            continue
        if raw[:12] == _MAPPED:
            family[row], four[row] = 4, int.from_bytes(raw[12:], "big")
        else:
            family[row] = 6
            six.append(raw)
    return Packed(family, four, np.frombuffer(b"".join(six), "S16"))


_MAPPED: Final = bytes(10) + b"\xff\xff"


def _plain(column: pa.Array) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """IPv4 in four decimal numbers: the number, and whether a text is that; a column of characters at a time.

    Args:
        column: strings, none null; shape (n,).
    """
    count = len(column)
    _, offsets, data = column.buffers()
    four, plain = np.zeros(count, np.uint32), np.zeros(count, bool)
    if not count or data is None or not data.size:
        return four, plain
    place = np.frombuffer(offsets, np.int32)[column.offset : column.offset + count + 1]
    letters = np.frombuffer(data, np.uint8)
    tail = max(0, len(letters) - 64)
    ending = np.concatenate([letters[tail:], np.zeros(16, np.uint8)])  # so that a text at the very end can be looked at whole
    for low in range(0, count, _BLOCK):
        part = slice(low, min(low + _BLOCK, count))
        four[part], plain[part] = _numbers(letters, (ending, tail), place[low : part.stop + 1])
    return four, plain


def _eights(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Eight bytes from each place on, as one number, without a copy."""
    return np.ndarray((max(len(letters) - 7, 0),), "<u8", letters, 0, (1,))


def _numbers(letters: npt.NDArray[np.uint8], ending: tuple[npt.NDArray[np.uint8], int], place: npt.NDArray[np.int32]) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    start, length = place[:-1].astype(np.int64), np.minimum(np.diff(place), 255).astype(np.uint8)
    good = (length >= 7) & (length <= _LONGEST)
    both = np.empty((len(start), 2), "<u8")
    near = start + 16 <= len(letters)
    within, last = _eights(letters), _eights(ending[0])
    for half in (0, 1):
        if near.all():
            both[:, half] = within[start + 8 * half]
        else:
            both[:, half] = last[np.clip(start - ending[1] + 8 * half, 0, len(last) - 1)]
            both[near, half] = within[start[near] + 8 * half]
    rows = np.ascontiguousarray(both.view(np.uint8).reshape(-1, 16).T)
    value, octet = np.zeros(len(start), np.uint32), np.zeros(len(start), np.uint16)
    digits, dots = np.zeros(len(start), np.uint8), np.zeros(len(start), np.uint8)
    for at in range(_LONGEST):
        live = length > at
        digit = rows[at] - np.uint8(48)
        number = (digit <= 9) & live
        dot = (rows[at] == 46) & live
        good &= (number | dot) == live
        np.copyto(octet, octet * np.uint16(10) + digit, where=number)
        digits += number
        good &= (digits <= 3) & (octet <= 255) & ~(dot & (digits == 0))
        ended = np.flatnonzero(dot)
        value[ended] = (value[ended] << 8) | octet[ended]
        octet[ended], digits[ended] = 0, 0
        dots += dot
    good &= (dots == 3) & (digits > 0)
    return np.where(good, (value << 8) | octet, 0).astype(np.uint32), good


def _sixteen(text: str | None) -> bytes | None:
    if not text or ":" not in text or len(text) > MAX_TEXT or "\x00" in text:
        return None
    try:
        return socket.inet_pton(socket.AF_INET6, text)
    except (OSError, UnicodeError):
        return None


def sixteen_of(high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> Bytes:
    """The sixteen bytes of numbers given in halves."""
    both = np.empty((len(high), 2), ">u8")
    both[:, 0], both[:, 1] = high, low
    return both.reshape(-1).view("S16")


def halves_of(six: Bytes) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """High and low half of sixteen bytes each."""
    both = np.ascontiguousarray(six).view(">u8").reshape(-1, 2)
    return both[:, 0].astype(np.uint64), both[:, 1].astype(np.uint64)


_RESERVED: Final = (
    ("0.0.0.0/8", "reserved"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "shared by a provider"), ("127.0.0.0/8", "this machine"),
    ("169.254.0.0/16", "link"), ("172.16.0.0/12", "private"), ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"),
    ("192.168.0.0/16", "private"), ("198.18.0.0/15", "benchmarks"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"), ("::/128", "reserved"), ("::1/128", "this machine"), ("100::/64", "reserved"),
    ("2001:2::/48", "benchmarks"), ("2001:db8::/32", "documentation"), ("3fff::/20", "documentation"), ("fc00::/7", "private"),
    ("fe80::/10", "link"), ("ff00::/8", "multicast"),
)  # fmt: skip
TUNNELS: Final = (("64:ff9b::/96", "NAT64"), ("2001::/32", "Teredo"), ("2002::/16", "6to4"))
"""Networks whose addresses carry an IPv4 address of somebody else inside."""


def members(addresses: Packed, networks: tuple[tuple[str, str], ...]) -> npt.NDArray[np.object_]:
    """The word of the network that holds each address; None for none. The first network that does is the one that is named."""
    out = np.full(len(addresses), None, object)
    rows6 = np.flatnonzero(addresses.family == 6)
    for text, word in networks[::-1]:
        network = ipaddress.ip_network(text, strict=False)
        low, high = network.network_address, network.broadcast_address
        if network.version == 4:
            out[(addresses.family == 4) & (addresses.four >= np.uint32(int(low))) & (addresses.four <= np.uint32(int(high)))] = word
        elif len(rows6):
            first, last = np.frombuffer(low.packed, "S16")[0], np.frombuffer(high.packed, "S16")[0]
            out[rows6[(addresses.six >= first) & (addresses.six <= last)]] = word
    return out


def reserved(addresses: Packed, ours: tuple[str, ...] = ()) -> npt.NDArray[np.object_]:
    """Why no table can know an address; None where one can.

    Args:
        addresses: n of them.
        ours: networks (CIDR) of one's own, which are `own`.
    """
    return members(addresses, (*((network, "own") for network in ours), *_RESERVED))


def tunnels(addresses: Packed) -> npt.NDArray[np.object_]:
    """Which way into IPv6 an address is; None for none."""
    return members(addresses, TUNNELS)
