"""What packets say of themselves: addresses, ports, flags, from the bytes of their headers, all packets at once.

Every field is gathered at its offset for all packets together. Captures are often cut short behind the headers; a packet is read as far as its
bytes go. What is inside a tunnel is not looked at.

References:
    - https://www.tcpdump.org/linktypes.html
    - RFC 791, RFC 8200 (section 4, extension headers), RFC 9293, RFC 768, RFC 792, RFC 4443, RFC 2516; IEEE 802.1Q
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

NO_LINK: Final = "a link type that is not looked at"
NO_IP: Final = "no IP packet"
SHORT: Final = "cut off before its addresses"
REASONS: Final = ("", NO_LINK, NO_IP, SHORT)

ETHERNET, COOKED, COOKED_2 = 1, 113, 276
_BARE: Final = {0: 4, 108: 4, 12: 0, 14: 0, 101: 0, 228: 0, 229: 0}
"""Link types whose packets begin with IP, after so many bytes."""
_IP, _IP6, _PPPOE = 0x0800, 0x86DD, 0x8864
_TAGS: Final = (0x8100, 0x88A8, 0x9100)
_OPTIONS: Final = (0, 43, 60, 135, 139, 140)
_FRAGMENT, _AUTHENTICATION = 44, 51
_TCP, _UDP, _PORTED, _PINGS = 6, 17, (6, 17, 33, 132, 136), (1, 58)
_MOST_TAGS, _MOST_OPTIONS = 4, 8


@dataclass(frozen=True, slots=True)
class Packets:
    """One packet a row; numbers are -1 where they are not there.

    Attributes:
        why: number of a reason in `REASONS`, 0 where a packet was found; the other attributes mean something only there.
        source, destination: addresses, canonical text.
        six: whether it is IPv6.
        transport: number of the transport.
        source_port, destination_port, flags, window: of TCP; ports of UDP and the like too.
        kind: type of an ICMP message.
        length: of the IP packet, bytes.
        lifetime: time to live, or hop limit.
        identity: of IPv4.
        direction: 1 inbound, 2 outbound, 0 not told.
    """

    why: Ints
    source: pa.Array
    destination: pa.Array
    six: Marks
    transport: Ints
    source_port: Ints
    destination_port: Ints
    flags: Ints
    window: Ints
    kind: Ints
    length: Ints
    lifetime: Ints
    identity: Ints
    direction: Ints


class _Bytes:
    """Numbers at places of a buffer; places behind its end give what is nowhere used."""

    def __init__(self, data: npt.NDArray[np.uint8]) -> None:
        self._data, self._last = data, max(len(data) - 1, 0)

    def one(self, at: Ints) -> Ints:
        return self._data[np.minimum(at, self._last)].astype(np.int64)

    def two(self, at: Ints) -> Ints:
        return self.one(at) << 8 | self.one(at + 1)

    def four(self, at: Ints) -> Ints:
        return self.two(at) << 16 | self.two(at + 2)


def packets_of(data: npt.NDArray[np.uint8], begin: Ints, end: Ints, link: Ints, whole: Ints) -> Packets:
    """Read packets.

    Args:
        data: a buffer, at least one byte.
        begin: where each packet stands in it.
        end: where it ends.
        link: number of its link type.
        whole: bytes that it had on the wire.
    """
    read = _Bytes(data)
    kind, at, direction = _network(read, begin, link)
    nibble = read.one(at) >> 4
    four = np.where(kind < 0, nibble == 4, (kind == _IP) & (nibble == 4)) & (at < end)
    six = np.where(kind < 0, nibble == 6, (kind == _IP6) & (nibble == 6)) & (at < end)
    known = np.isin(link, [*_BARE, ETHERNET, COOKED, COOKED_2])
    short = (four & (at + 20 > end)) | (six & (at + 40 > end)) | (begin >= end)
    why = np.select([~known, short, ~(four | six)], [1, 3, 2], 0)
    inner = read.one(at) & 15
    transport = np.where(six, read.one(at + 6), read.one(at + 9))
    above = np.where(six, at + 40, at + np.maximum(inner, 5) * 4)
    part = ~six & (read.two(at + 6) & 0x1FFF > 0)
    if six.any():
        transport, above, later = _behind_options(read, six, transport, above, end)
        part |= later
    ported = np.isin(transport, _PORTED) & ~part & (above + 4 <= end)
    flagged = ported & (transport == _TCP) & (above + 14 <= end)
    told = np.where(six, read.two(at + 4) + 40, read.two(at + 2))
    length = np.where(~six & (told == 0), np.maximum(whole - (at - begin), 0), told)  # segments that the network card makes hold no length yet
    source, destination = _addresses(read, at, four & (why == 0), six & (why == 0))
    return Packets(
        why=why,
        source=source,
        destination=destination,
        six=six,
        transport=transport,
        source_port=np.where(ported, read.two(above), -1),
        destination_port=np.where(ported, read.two(above + 2), -1),
        flags=np.where(flagged, read.one(above + 13), -1),
        window=np.where(flagged & (above + 16 <= end), read.two(above + 14), -1),
        kind=np.where(np.isin(transport, _PINGS) & ~part & (above < end), read.one(above), -1),
        length=length,
        lifetime=np.where(six, read.one(at + 7), read.one(at + 8)),
        identity=np.where(six, -1, read.two(at + 4)),
        direction=direction,
    )


def _network(read: _Bytes, begin: Ints, link: Ints) -> tuple[Ints, Ints, Ints]:
    """The type of what the link carries (-1 where only the packet itself tells it), where that begins, and the direction."""
    bare = np.isin(link, list(_BARE))
    skipped = np.zeros(len(link), np.int64)
    for number, bytes_ in _BARE.items():
        skipped[link == number] = bytes_
    cooked, cooked_2 = link == COOKED, link == COOKED_2
    place = np.select([cooked, cooked_2], [begin + 14, begin], begin + 12)
    at = np.select([bare, cooked, cooked_2], [begin + skipped, begin + 16, begin + 20], begin + 14)
    kind = np.where(bare, -1, read.two(place))
    for _ in range(_MOST_TAGS):
        tagged = np.isin(kind, _TAGS)
        if not tagged.any():
            break
        kind = np.where(tagged, read.two(at + 2), kind)
        at = np.where(tagged, at + 4, at)
    session = kind == _PPPOE
    if session.any():
        inside = read.two(at + 6)
        kind = np.where(session, np.select([inside == 0x21, inside == 0x57], [_IP, _IP6], 0), kind)
        at = np.where(session, at + 8, at)
    said = np.select([cooked, cooked_2], [read.two(begin), read.one(begin + 10)], -1)
    return kind, at, np.select([said == 0, said == 4], [1, 2], 0)


def _behind_options(read: _Bytes, six: Marks, transport: Ints, above: Ints, end: Ints) -> tuple[Ints, Ints, Marks]:
    """The transport behind IPv6's extension headers, where it begins, and whether the packet is a later fragment."""
    later = np.zeros(len(six), bool)
    for _ in range(_MOST_OPTIONS):
        option, piece, proof = (six & np.isin(transport, codes) & (above + 8 <= end) for codes in (_OPTIONS, (_FRAGMENT,), (_AUTHENTICATION,)))
        moved = (option | piece | proof) & ~later
        if not moved.any():
            break
        later |= piece & (read.two(above + 2) >> 3 > 0)
        size = np.select([option, piece], [(read.one(above + 1) + 1) * 8, 8], (read.one(above + 1) + 2) * 4)
        transport = np.where(moved, read.one(above), transport)
        above = np.where(moved, above + size, above)
    return transport, above, later


def _addresses(read: _Bytes, at: Ints, four: Marks, six: Marks) -> tuple[pa.Array, pa.Array]:
    """Source and destination as text; distinct ones are written one by one."""
    texts: list[pa.Array] = []
    for old, new in ((12, 8), (16, 24)):
        codes = np.full(len(at), -1, np.int64)
        words: list[str] = []
        if four.any():
            values, inverse = np.unique(read.four(at[four] + old), return_inverse=True)
            codes[four] = inverse.reshape(-1)
            words += [f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}" for value in values.tolist()]
        if six.any():
            halves = [read.four(at[six] + new + step).astype(np.uint64) for step in (0, 4, 8, 12)]
            pairs = np.stack([halves[0] << np.uint64(32) | halves[1], halves[2] << np.uint64(32) | halves[3]], axis=1)
            values, inverse = np.unique(pairs, axis=0, return_inverse=True)
            codes[six] = inverse.reshape(-1) + len(words)
            words += [_text(int(high) << 64 | int(low)) for high, low in values.tolist()]
        texts.append(pa.array(words, pa.string()).take(pa.array(codes, mask=codes < 0)))
    return texts[0], texts[1]


def _text(value: int) -> str:
    address = ipaddress.IPv6Address(value)
    return str(address.ipv4_mapped or address)
