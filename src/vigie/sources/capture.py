"""The frame of a capture: pcap and pcapng, which packets are where in it, when each was seen, and over which link.

A capture is written down for a kernel in one line (`spelled`), since what its head says holds for all packets that follow.

References:
    - https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/ and draft-ietf-opsawg-pcapng
    - https://www.tcpdump.org/linktypes.html
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

PCAP, PCAPNG = "pcap", "pcapng"
HEAD: Final = 24
"""Bytes of the header of a pcap file."""
RECORD: Final = 16
"""Bytes before a packet in a pcap file."""
BLOCK: Final = 12
"""Bytes of the smallest block of a pcapng file."""
MOST: Final = 262_144
"""Longest packet that libpcap writes; a record that claims more is damaged."""
SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 3, 6
"""Types of blocks of a pcapng file."""

_MAGIC: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000), b"\xa1\xb2\xc3\xd4": (">", 1_000_000), b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}  # fmt: skip
_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_TYPES: Final = frozenset((SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, 4, 5, PACKET))
_LARGEST_BLOCK: Final = 1 << 24
_MOST_INTERFACES: Final = 4096
_TRIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Interface:
    """What packets of one interface have in common.

    Attributes:
        link: number of the link type.
        ticks: of its clock in a second.
        offset: seconds to be added to its times.
    """

    link: int
    ticks: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Capture:
    """What a head says of the packets that follow.

    Attributes:
        kind: `PCAP` or `PCAPNG`.
        order: of bytes, as `struct` writes it.
        interfaces: one for pcap.
    """

    kind: str
    order: str
    interfaces: tuple[Interface, ...]

    def spelled(self) -> str:
        """This capture in one line."""
        return " ".join([self.kind, self.order, *(f"{one.link}/{one.ticks}/{one.offset}" for one in self.interfaces)])


def capture_of(layout: str) -> Capture | None:
    """The capture that a line spells; None when it spells none."""
    kind, *words = layout.split(" ") if layout else [""]
    if kind not in (PCAP, PCAPNG) or not words or words[0] not in ("<", ">") or (kind == PCAP and len(words) != 2):
        return None
    try:
        return Capture(kind, words[0], tuple(Interface(*(int(number) for number in word.split("/"))) for word in words[1:]))
    except (ValueError, TypeError):
        return None


def head_of(data: bytes) -> Capture | None:
    """The capture that some bytes begin; None when they begin none."""
    if data[:4] in _MAGIC and len(data) >= HEAD:
        order, ticks = _MAGIC[data[:4]]
        major, link = struct.unpack_from(order + "H", data, 4)[0], struct.unpack_from(order + "I", data, 20)[0]
        return Capture(PCAP, order, (Interface(link & 0xFFFF, ticks),)) if major == 2 else None
    order = section_order(data, 0)
    if not order:
        return None
    found: list[Interface] = []
    starts = [0, *block_ends(data, order).tolist()]
    for begin, end in itertools.pairwise(starts):
        if begin and section_order(data, begin):
            break
        if struct.unpack_from(order + "I", data, begin)[0] == INTERFACE and len(found) < _MOST_INTERFACES:
            found.append(interface_of(data[begin:end], order))
    return Capture(PCAPNG, order, tuple(found))


def section_order(data: bytes, at: int) -> str:
    """The order of bytes of the section that begins here; "" when none does."""
    return _ORDERS.get(data[at + 8 : at + 12], "") if data[at : at + 4] == b"\n\r\r\n" else ""


def begins_pcap(data: bytes, at: int) -> bool:
    """Whether the header of a pcap file stands here: captures are put one behind the other with `cat`."""
    return data[at : at + 4] in _MAGIC and data[at + 4 : at + 8] in (b"\x02\x00\x04\x00", b"\x00\x02\x00\x04")


def interface_of(block: bytes, order: str) -> Interface:
    """The interface that a block describes; a clock that makes no sense ticks in microseconds, as is usual."""
    link = struct.unpack_from(order + "H", block, 8)[0] if len(block) >= 20 else 0
    ticks, offset, at = 1_000_000, 0, 16
    while at + 4 <= len(block) - 4:
        code, length = struct.unpack_from(order + "HH", block, at)
        if code == 0:
            break
        if code == 9 and length == 1 and at + 5 <= len(block):
            power = block[at + 4]
            ticks = 2 ** (power & 127) if power & 128 else 10**power
        if code == 14 and length == 8 and at + 12 <= len(block):
            offset = struct.unpack_from(order + "q", block, at + 4)[0]
        at += 4 + (length + 3 & ~3)
    return Interface(link, ticks if 0 < ticks <= 2**40 else 1_000_000, offset if abs(offset) < 2**37 else 0)


def record_ends(data: bytes, capture: Capture, *, final: bool) -> Ints:
    """Where the pieces of a pcap file end: its header, and each packet with the 16 bytes before it.

    Lengths are a chain, each telling where the next one stands, so they are followed one by one; nothing else is done for each packet.
    Where the chain breaks, the bytes up to the next place where two records fit are one piece.
    """
    out, at, size, ticks = [], 0, len(data), capture.interfaces[0].ticks
    lengths = struct.Struct(capture.order + "II").unpack_from
    while at + RECORD <= size:
        fraction, length = lengths(data, at + 4)
        if begins_pcap(data, at):
            following = at + HEAD
        elif length <= MOST and fraction < ticks:
            following = at + RECORD + length
        else:
            following = _resumed(data, at, final, lambda low, high: _records(data, low, high, capture))
        if following > size or following == at:
            break
        at = following
        out.append(at)
    return np.array(out, np.int64)


def block_ends(data: bytes, order: str, *, final: bool = False) -> Ints:
    """Where the blocks of a pcapng file end; where the chain of their lengths breaks, up to the next block that fits is one piece."""
    out, at, size = [], 0, len(data)
    while at + BLOCK <= size:
        order = section_order(data, at) or order
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        following = at + length
        if not BLOCK <= length <= _LARGEST_BLOCK or length % 4 or (following <= size and data[following - 4 : following] != data[at + 4 : at + 8]):
            following = _resumed(data, at, final, lambda low, high, order=order: _blocks(data, low, high, order))  # type: ignore[misc]
        if following > size or following == at:
            break
        at = following
        out.append(at)
    return np.array(out, np.int64)


def _resumed(data: bytes, at: int, final: bool, places: Callable[[int, int], Iterator[int]]) -> int:
    """Where a broken chain goes on: the first place that fits, looked for ever further ahead; `at` when more must come before that is known."""
    low, step = at + 1, 1 << 12
    while low < len(data):
        for place in itertools.islice(places(low, min(low + step, len(data))), 1):
            return place
        low, step = low + step, step * 4
    if final:
        return len(data)
    return max(at, len(data) - 2 * MOST)  # what begins further back was seen with all that follows it


def _records(data: bytes, low: int, high: int, capture: Capture) -> Iterator[int]:
    """Places where two records fit one behind the other within a day."""
    head = struct.Struct(capture.order + "IIII").unpack_from
    ticks = capture.interfaces[0].ticks
    count = min(high, len(data) - RECORD) - low
    if count <= 0:
        return
    fraction, length, whole = (_words(data, low + place, count, capture.order) for place in (4, 8, 12))
    fits = (fraction < ticks) & (length > 0) & (length <= MOST) & (length <= whole) & (whole <= MOST)
    for at in itertools.islice((np.flatnonzero(fits) + low).tolist(), _TRIES):
        following = at + RECORD + int(length[at - low])
        if following + RECORD <= len(data):
            seconds, part, next_length, next_whole = head(data, following)
            if part < ticks and 0 < next_length <= next_whole <= MOST and abs(seconds - head(data, at)[0]) < 86_400:
                yield int(at)


def _blocks(data: bytes, low: int, high: int, order: str) -> Iterator[int]:
    """Places where a block of a known type stands whole."""
    count = min(high, len(data) - BLOCK) - low
    if count <= 0:
        return
    kinds, lengths = _words(data, low, count, order), _words(data, low + 4, count, order)
    fits = np.isin(kinds, list(_TYPES)) & (lengths >= BLOCK) & (lengths <= _LARGEST_BLOCK) & (lengths % 4 == 0)
    for at in itertools.islice((np.flatnonzero(fits) + low).tolist(), _TRIES):
        end = at + int(lengths[at - low])
        if end <= len(data) and data[end - 4 : end] == data[at + 4 : at + 8]:
            yield int(at)


def _words(data: bytes, at: int, count: int, order: str) -> Ints:
    """The numbers of four bytes that begin at each of some places in a row."""
    view = np.frombuffer(data, np.uint8, count + 3, at).astype(np.int64)
    parts = [view[place : place + count] << shift for place, shift in enumerate((0, 8, 16, 24) if order == "<" else (24, 16, 8, 0))]
    return parts[0] | parts[1] | parts[2] | parts[3]
