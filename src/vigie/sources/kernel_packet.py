"""The packet in a line of the kernel's LOG target: `IN=… OUT=… SRC=… DST=… LEN=… PROTO=…`, found by the places of its `=` signs.

No line is looked at alone. For each `=` the four bytes before it tell the key, so any order of the optional fields is read, and text in
front of `IN=` (the rule's prefix) cannot pretend to be a field without being noticed: a line that names two sources is not read. What stands
in brackets behind the addresses is the packet that an ICMP error quotes, not this one. A number counts only when a space follows it, since a
line that was cut in the middle of `DPT=5432` would otherwise tell of port 54.

References:
    - https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/ipv4/netfilter/nf_log_ipv4.c (until 5.12)
    - https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/netfilter/nf_log_syslog.c
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

NO_PACKET: Final = "no packet of a firewall"
NO_PAIR: Final = "names no source and destination: cut off, or no IP packet"
TWO_PACKETS: Final = "names two packets, and it is not certain which one is meant"
DAMAGED: Final = "a field of the packet is cut off or no number"
REASONS: Final = ("", NO_PACKET, NO_PAIR, TWO_PACKETS, DAMAGED)
"""Why a line holds no packet; `Packets.why` numbers them."""

MAX_PREFIX: Final = 256
"""Longest prefix: the kernel's longest is 127 bytes."""
PAD: Final = 256
"""Bytes that must be readable behind the last line."""

_MAX_ADDRESS: Final = 45
_MAX_FLAGS: Final = 60
_CHUNK_ROWS: Final = 8192
_CHUNK_BYTES: Final = 2 << 20
_PORTED: Final = (b"TCP", b"UDP")
_BROKEN_UP: Final = (b"FRAG", b"INCO")
"""`FRAG:185` and `INCOMPLETE [8 bytes]`: a later piece of a packet, and one that was cut on its way."""
_ZEROS, _ABOVE_NINE, _HIGH = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_ONE, _THREE, _WIDTH, _BYTE = np.uint64(1), np.uint64(3), np.uint64(64), np.uint64(0xFF)
_TEN, _HUNDRED, _MYRIAD = np.uint64(10), np.uint64(100), np.uint64(10_000)


def _word(text: bytes) -> int:
    return int.from_bytes(text, "little")


@dataclass(frozen=True, slots=True)
class Packets:
    """One packet a line. Places are offsets in the buffer, begin and end; numbers are -1 where the line does not tell them.

    Attributes:
        why: number of a reason in `REASONS`; 0 where a packet was found. The other attributes mean something only there.
        prefix: what stands between the place given and `IN=`.
        source, destination: addresses, as written.
        protocol: at most 8 bytes, beginning with the name or number.
        flags: words between `RES=` and `URGP=`; both 0 where there are none to be read.
        length, lifetime, identity, source_port, destination_port, window, kind: `LEN`, `TTL` or `HOPLIMIT`, `ID`, `SPT`, `DPT`, `WINDOW`, `TYPE`.
        inside, outside: whether `IN=` and `OUT=` name an interface.
    """

    why: npt.NDArray[np.int8]
    prefix: Ints
    source: Ints
    destination: Ints
    protocol: Ints
    flags: Ints
    length: Ints
    lifetime: Ints
    identity: Ints
    source_port: Ints
    destination_port: Ints
    window: Ints
    kind: Ints
    inside: Marks
    outside: Marks


def chunks(starts: Ints, ends: Ints) -> list[tuple[int, int]]:
    """Rows in pieces that stay in the processor's cache, and whose number of `=` is bounded.

    Args:
        starts: where lines begin, ascending.
        ends: where they end.
    """
    out, low = [], 0
    while low < len(starts):
        high = min(low + _CHUNK_ROWS, max(int(np.searchsorted(ends, starts[low] + _CHUNK_BYTES)), low + 1))
        out.append((low, high))
        low = high
    return out


def words_of(buffer: Bytes, kind: str) -> npt.NDArray[Any]:
    """The buffer as words of 4 (`<u4`) or 8 (`<u8`) bytes that begin at each of its bytes."""
    return np.ndarray((max(len(buffer) + 1 - int(kind[-1]), 0),), kind, buffer=buffer, strides=(1,))


def packets(buffer: Bytes, begin: Ints, ends: Ints) -> Packets:
    """Find the packet of each line.

    Args:
        buffer: bytes under the lines, with `PAD` bytes behind the last one.
        begin: where the text of each line begins, behind its head; ascending.
        ends: where each line ends, its terminator left out.
    """
    low, high = (int(begin[0]), int(ends[-1])) if len(begin) else (0, 0)
    finds = _Finds(buffer, np.flatnonzero(buffer[low:high] == 61) + low, begin, ends)
    into, out = finds.way()
    source = finds.first(finds.of(b" SRC"))
    limit = _limit(buffer, low, finds.again, source, ends)
    destination, length, protocol = finds.key(b" DST", limit), finds.key(b" LEN", limit), finds.protocol(limit)
    two = finds.several(b" SRC", limit) | finds.several(b" DST", limit)

    ids = finds.within(np.flatnonzero(finds.words >> 8 == _word(b" ID")), limit)
    lifetime = finds.key(b" TTL", limit)
    if (lifetime < 0).any():
        lifetime = np.maximum(lifetime, finds.key(b"IMIT", limit))
    places = (
        length, lifetime, np.where(ids < protocol, ids, -1), finds.key(b" SPT", limit), finds.key(b" DPT", limit),
        finds.key(b"NDOW", limit), finds.key(b"TYPE", limit),
    )  # fmt: skip
    size, lifetime, identity, source_port, destination_port, window, kind = _numbers(words_of(buffer, "<u8"), np.stack(places))
    reserved, urgent = finds.key(b" RES", limit), finds.key(b"URGP", limit)

    begun = (into >= 0) & (into - 2 - begin <= MAX_PREFIX)
    paired = begun & (out < source) & (source < destination) & (destination < length)
    paired &= (destination - source <= _MAX_ADDRESS + 5) & (length - destination <= _MAX_ADDRESS + 5)
    ported = (source_port >= 0) & (destination_port >= 0) & (source_port < 65_536) & (destination_port < 65_536)
    whole = (size >= 0) & (protocol > length) & (protocol + 1 < ends)
    whole &= _has_ports(buffer, low, high, begin, np.where(whole, protocol, low), ported)
    flagged = (reserved > 0) & (urgent > reserved) & (urgent - reserved <= _MAX_FLAGS)
    why = np.select([~begun, two, ~paired, ~whole], [1, 3, 2, 4], 0).astype(np.int8)
    good = why == 0
    return Packets(
        why=why,
        prefix=_span(begin, into - 2, good),
        source=_span(source + 1, destination - 4, good),
        destination=_span(destination + 1, length - 4, good),
        protocol=_span(protocol + 1, np.minimum(protocol + 9, ends), good),
        flags=_span(reserved + 6, np.maximum(urgent - 5, reserved + 6), good & flagged),
        length=size,
        lifetime=lifetime,
        identity=identity,
        source_port=np.where(ported, source_port, -1),
        destination_port=np.where(ported, destination_port, -1),
        window=window,
        kind=kind,
        inside=good & (buffer[into + 1] != 32),
        outside=good & (buffer[out + 1] != 32),
    )


class _Finds:
    """Every `=` of lines with the four bytes before it, and from that the places of keys: the first in each line."""

    __slots__ = ("again", "buffer", "count", "marks", "row", "words")

    def __init__(self, buffer: Bytes, marks: Ints, begin: Ints, ends: Ints) -> None:
        marks = marks[marks >= 4]
        first = np.searchsorted(marks, begin)
        past = np.searchsorted(marks, ends)
        inside = past - first
        if int(inside.sum()) != len(marks):  # some stand in heads
            keep = np.zeros(len(marks) + 1, np.int64)
            np.add.at(keep, first, 1)
            np.add.at(keep, past, -1)
            marks = marks[np.cumsum(keep)[:-1] > 0]
        self.buffer, self.marks, self.count = buffer, marks, len(begin)
        self.row = np.repeat(np.arange(len(begin)), inside)
        self.words = words_of(buffer, "<u4")[marks - 4]
        self.again = np.zeros(0, np.int64)

    def of(self, key: bytes) -> Ints:
        """Numbers of the marks behind a key of four bytes."""
        return np.flatnonzero(self.words == _word(key))

    def first(self, found: Ints) -> Ints:
        """The first place in each line, -1 where there is none; `again` holds the lines with several."""
        rows = self.row[found]
        twice = rows[1:] == rows[:-1]
        self.again = rows[1:][twice]
        if len(rows) == self.count and not len(self.again):
            return self.marks[found]
        place = np.full(self.count, -1, np.int64)
        place[rows[::-1]] = self.marks[found[::-1]]
        return place

    def within(self, found: Ints, limit: Ints) -> Ints:
        """The first place in each line that lies before the line's limit."""
        place = self.first(found)
        return np.where(place < limit, place, -1)

    def key(self, key: bytes, limit: Ints) -> Ints:
        """The first place of a key in each line."""
        return self.within(self.of(key), limit)

    def several(self, key: bytes, limit: Ints) -> Marks:
        """Lines that have a key twice before their limit."""
        found = self.of(key)
        rows = self.row[found]
        if not (rows[1:] == rows[:-1]).any():
            return np.zeros(self.count, bool)
        rows = rows[self.marks[found] < limit[rows]]
        return np.bincount(rows, minlength=self.count) > 1

    def way(self) -> tuple[Ints, Ints]:
        """Places of `IN=` and of the `OUT=` that follows it at once."""
        outs = self.of(b" OUT")
        outs = outs[outs > 0]
        outs = outs[(self.words[outs - 1] >> 16 == _word(b"IN")) & (self.row[outs - 1] == self.row[outs])]
        return self.first(outs - 1), self.first(outs)

    def protocol(self, limit: Ints) -> Ints:
        """Places of ` PROTO=`, which other keys end like."""
        found = self.of(b"ROTO")
        before = self.marks[found]
        return self.within(found[(self.buffer[before - 5] == 80) & (self.buffer[before - 6] == 32)], limit)


def _limit(buffer: Bytes, low: int, rows: Ints, source: Ints, ends: Ints) -> Ints:
    """Where the fields of each line's own packet end: where a quoted packet begins, else where the line does."""
    if not len(rows):
        return ends
    high = int(ends[-1])
    brackets = np.append(np.flatnonzero(buffer[low:high] == 91) + low, high)
    limit = ends.copy()
    limit[rows] = np.minimum(brackets[np.searchsorted(brackets, source[rows])], ends[rows])
    return limit


def _numbers(words: npt.NDArray[np.uint64], place: Ints) -> Ints:
    """The numbers behind `=` signs, at most five digits and a space; -1 where there is none. Eight bytes are looked at together.

    References:
        - https://graphics.stanford.edu/~seander/bithacks.html (bytes less than n)
    """
    word = words[place + 1]
    digit = word ^ _ZEROS
    stop = ((digit + _ABOVE_NINE) | digit) & _HIGH
    length = np.bitwise_count((stop & (~stop + _ONE)) - _ONE) >> 3
    good = (place >= 0) & (length > 0) & (length <= 5)
    bits = np.where(good, length, 1).astype(np.uint64) << _THREE
    good &= (word >> bits) & _BYTE == 32
    value = digit << (_WIDTH - bits)
    value = (value * _TEN + (value >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    value = (value * _HUNDRED + (value >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    value = (value * _MYRIAD + (value >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return np.where(good, value.astype(np.int64), -1)


def _has_ports(buffer: Bytes, low: int, high: int, begin: Ints, protocol: Ints, ported: Marks) -> Marks:
    """Whether a packet of TCP or UDP has its ports, or is a piece that cannot have them."""
    words = words_of(buffer, "<u4")
    lost = ~ported & np.isin(words[protocol + 1] & np.uint32(0xFFFFFF), [_word(name) for name in _PORTED])
    if lost.any():
        for word in _BROKEN_UP:
            pieces = np.searchsorted(begin, np.flatnonzero(words[low:high] == _word(word)) + low, side="right") - 1
            lost[pieces[pieces >= 0]] = False
    return ~lost


def _span(begin: Ints, end: Ints, good: Marks) -> Ints:
    """Begin and end as two rows; both 0 where there is nothing."""
    return np.stack([np.where(good, begin, 0), np.where(good, end, 0)])
