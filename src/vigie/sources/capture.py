"""The frame of a capture: pcap and pcapng, which packets are where in it, when each was seen, and over which link.

A capture is written down for a kernel in one line (`spelled`), since what its head says holds for all packets that follow.

References:
    - https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/ and draft-ietf-opsawg-pcapng
    - https://www.tcpdump.org/linktypes.html
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
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
_MAGIC_WORDS: Final = frozenset(int.from_bytes(magic, "big") for magic in _MAGIC)
_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_TYPES: Final = frozenset((SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, 4, 5, PACKET))
_LARGEST_BLOCK: Final = 1 << 24
_MOST_INTERFACES: Final = 4096
_STRETCH: Final = 1 << 18
_DAY: Final = 86_400
_FASTEST, _FARTHEST = 2**40, 2**37


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
        interfaces = tuple(Interface(*(int(number) for number in word.split("/"))) for word in words[1:])
    except (ValueError, TypeError):
        return None
    possible = all(0 <= one.link < 65_536 and 0 < one.ticks <= _FASTEST and abs(one.offset) < _FARTHEST for one in interfaces)
    return Capture(kind, words[0], interfaces) if possible else None


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
    return Interface(link, ticks if 0 < ticks <= _FASTEST else 1_000_000, offset if abs(offset) < _FARTHEST else 0)


def record_ends(data: bytes, capture: Capture, *, final: bool) -> Ints:
    """Where the pieces of a pcap file end: its header, and each packet with the 16 bytes before it.

    Lengths are a chain, each telling where the next one stands, so they are followed one by one; nothing else is done for each packet.
    Where the chain breaks, the bytes up to the next place where two records fit are one piece. When that place lies inside the record before
    the break, it was that record's length that was wrong.
    """
    out: list[int] = []
    before, at, size, ticks = 0, 0, len(data), capture.interfaces[0].ticks
    lengths = struct.Struct(capture.order + "IIII").unpack_from
    ahead = _Ahead(size, lambda low, high: _records(data, low, high, capture))
    while at + RECORD <= size:
        second, fraction, length, whole = lengths(data, at)
        if second in _MAGIC_WORDS and begins_pcap(data, at):
            following = at + HEAD
        elif length <= MOST and length <= whole and fraction < ticks:
            following = at + RECORD + length
        else:
            following = ahead.behind(before)
            if following < 0:
                following = _given_up(at, size, final)
            elif following == at:
                following = ahead.behind(at)
                following = following if following > 0 else _given_up(at, size, final)
            elif following < at:
                out[-1] = at = following
                continue
        if following > size or following == at:
            break
        before, at = at, following
        out.append(at)
    return np.array(out, np.int64)


def block_ends(data: bytes, order: str, *, final: bool = False) -> Ints:
    """Where the blocks of a pcapng file end; where the chain of their lengths breaks, up to the next block that fits is one piece."""
    out, at, size = [], 0, len(data)
    ahead = {written: _Ahead(size, lambda low, high, written=written: _blocks(data, low, high, written)) for written in "<>"}  # type: ignore[misc]
    lengths = {written: struct.Struct(written + "I").unpack_from for written in "<>"}
    while at + BLOCK <= size:
        order = section_order(data, at) or order
        (length,) = lengths[order](data, at + 4)
        following = at + length
        if not BLOCK <= length <= _LARGEST_BLOCK or length % 4 or (following <= size and data[following - 4 : following] != data[at + 4 : at + 8]):
            following = ahead[order].behind(at)
            following = following if following > 0 else _given_up(at, size, final)
        if following > size or following == at:
            break
        at = following
        out.append(at)
    return np.array(out, np.int64)


def _given_up(at: int, size: int, final: bool) -> int:
    """Where a piece ends when its chain goes on nowhere: what begins further back than two packets was seen with all that follows it."""
    return size if final else max(at, size - 2 * MOST)


class _Ahead:
    """Where broken chains go on: places are looked for once, a stretch at a time, however often the chain breaks."""

    def __init__(self, size: int, places: Callable[[int, int], Ints]) -> None:
        self._size, self._places = size, places
        self._seen, self._found, self._next = 0, np.zeros(0, np.int64), 0

    def behind(self, at: int) -> int:
        """The first place behind `at` that fits, -1 when there is none; to be asked about ever later ones."""
        while True:
            self._next += int(np.searchsorted(self._found[self._next :], at, side="right"))
            if self._next < len(self._found):
                return int(self._found[self._next])
            if self._seen >= self._size:
                return -1
            low = max(self._seen, at + 1)
            self._seen = min(low + _STRETCH, self._size)
            self._found, self._next = self._places(low, self._seen), 0


def _records(data: bytes, low: int, high: int, capture: Capture) -> Ints:
    """Places where two records fit one behind the other within a day."""
    count = min(high, len(data) - RECORD) - low
    if count <= 0:
        return np.zeros(0, np.int64)
    view, ticks = np.frombuffer(data, np.uint8), capture.interfaces[0].ticks
    maybe = np.arange(low, low + count, dtype=np.int64)
    length = _words(view, maybe + 8, capture.order)
    maybe, length = (part[(length > 0) & (length <= MOST)] for part in (maybe, length))
    following = maybe + RECORD + length
    inside = following + RECORD <= len(data)
    maybe, following = maybe[inside], following[inside]
    fits = np.ones(len(maybe), bool)
    for at in (maybe, following):
        fraction, part, whole = (_words(view, at + place, capture.order) for place in (4, 8, 12))
        fits &= (fraction < ticks) & (part > 0) & (part <= whole) & (whole <= MOST)
    fits &= np.abs(_words(view, following, capture.order) - _words(view, maybe, capture.order)) < _DAY
    return maybe[fits]


def _blocks(data: bytes, low: int, high: int, order: str) -> Ints:
    """Places where a block of a known type stands whole."""
    count = min(high, len(data) - BLOCK) - low
    if count <= 0:
        return np.zeros(0, np.int64)
    view = np.frombuffer(data, np.uint8)
    maybe = np.arange(low, low + count, dtype=np.int64)
    maybe = maybe[np.isin(_words(view, maybe, order), list(_TYPES))]
    length = _words(view, maybe + 4, order)
    fits = (length >= BLOCK) & (length <= _LARGEST_BLOCK) & (length % 4 == 0) & (maybe + length <= len(data))
    whole: Ints = maybe[fits][_words(view, (maybe + length - 4)[fits], order) == length[fits]]
    return whole


def _words(view: npt.NDArray[np.uint8], at: Ints, order: str) -> Ints:
    """The numbers of four bytes at some places."""
    number: Ints = np.zeros(len(at), np.int64)
    for place, shift in zip(range(4), (0, 8, 16, 24) if order == "<" else (24, 16, 8, 0), strict=True):
        number |= view[at + place].astype(np.int64) << shift
    return number
