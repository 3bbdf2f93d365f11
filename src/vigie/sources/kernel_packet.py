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
from typing import Final

import numpy as np
import numpy.typing as npt

from vigie.sources.eight_bytes import numbers_at, word, words_of

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

_MAX_ADDRESS: Final = 45
_MAX_FLAGS: Final = 60
_WORDS: Final = {"DST": b" DST", "LEN": b" LEN", "TTL": b" TTL", "SPT": b" SPT", "DPT": b" DPT", "WINDOW": b"NDOW", "TYPE": b"TYPE", "RES": b" RES", "URGP": b"URGP"}
"""Keys that the four bytes before their `=` tell; `HOPLIMIT` counts as `TTL`, and `IN`, `SRC`, `PROTO`, `ID` are looked at more closely."""
_ENDS: Final = ("IN", "OUT", "SRC", "DST", "LEN", "PROTO", "RES", "URGP")
_NUMBERS: Final = ("LEN", "TTL", "ID", "SPT", "DPT", "WINDOW", "TYPE")
_KEYS: Final = (*_ENDS, *_NUMBERS[1:])
_TWO_BYTES, _THREE_BYTES, _FOUR_BYTES, _SIX_BYTES = (np.uint64((1 << 64) - (1 << 64 - 8 * count)) for count in (2, 3, 4, 6))
_MOST_KEYS: Final = 40
_FEW: Final = 32
_CHUNK_ROWS: Final = 8192
_CHUNK_BYTES: Final = 2 << 20
_BROKEN_UP: Final = (b"FRAG", b"INCO")
"""`FRAG:185` and `INCOMPLETE [8 bytes]`: a later piece of a packet, and one that was cut on its way."""


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


def packets(buffer: Bytes, begin: Ints, ends: Ints) -> Packets:
    """Find the packet of each line.

    Args:
        buffer: bytes under the lines, as `eight_bytes.padded` gives them.
        begin: where the text of each line begins, behind its head; ascending.
        ends: where each line ends, its terminator left out.
    """
    low, high = (int(begin[0]), int(ends[-1])) if len(begin) else (0, 0)
    place, two = _places(buffer, np.flatnonzero(buffer[low:high] == 61) + low, begin, ends)
    into, out, source, destination, length, protocol, reserved, urgent = (place[name] for name in _ENDS)
    behind = np.stack([place[name] for name in _NUMBERS], axis=1)
    behind += behind >= 0
    size, lifetime, identity, source_port, destination_port, window, kind = numbers_at(words_of(buffer, "<u8"), behind)

    begun = (into >= 0) & (into - 2 - begin <= MAX_PREFIX)
    paired = begun & (out < source) & (source < destination) & (destination < length)
    paired &= (destination - source <= _MAX_ADDRESS + 5) & (length - destination <= _MAX_ADDRESS + 5)
    ported = (source_port >= 0) & (destination_port >= 0) & (source_port < 65_536) & (destination_port < 65_536)
    whole = (size >= 0) & (protocol > length) & (protocol + 1 < ends)
    whole &= _has_ports(buffer, begin, ends, np.where(whole, protocol, low), ported)
    flagged = (reserved > 0) & (urgent > reserved) & (urgent - reserved <= _MAX_FLAGS)
    good = paired & whole & ~two
    why = np.zeros(len(begin), np.int8)
    if not good.all():
        why = np.select([~begun, two, ~paired, ~whole], [1, 3, 2, 4], 0).astype(np.int8)
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


def _places(buffer: Bytes, marks: Ints, begin: Ints, ends: Ints) -> tuple[dict[str, Ints], Marks]:
    """Where the `=` of each key is in each line, -1 where it is not; and which lines name two packets.

    Most lines of a log have their keys in one of a few orders. So lines with the same number of `=` are compared with the first
    of them, all at once; only lines of another order are searched.
    """
    place = {name: np.full(len(begin), -1, np.int64) for name in _KEYS}
    two = np.zeros(len(begin), bool)
    first = np.searchsorted(marks, begin)
    count = np.diff(first, append=len(marks))
    left = np.ones(len(begin), bool)
    for number in np.flatnonzero(np.bincount(np.minimum(count, _MOST_KEYS + 1))[1 : _MOST_KEYS + 1] > _FEW) + 1:
        rows = np.flatnonzero(count == number)
        left[rows] = ~_same_order(buffer, marks, first, rows, int(number), place, ends)
    others = np.flatnonzero(left)
    if len(others):
        finds = _Finds(buffer, marks, begin[others], ends[others])
        for name, found in finds.places().items():
            place[name][others] = found
        two[others] = finds.two
    return place, two


def _same_order(buffer: Bytes, marks: Ints, first: Ints, rows: Ints, number: int, place: dict[str, Ints], ends: Ints) -> Marks:
    """Enter the places of those lines whose keys stand as in the first one, and say which they are."""
    model = rows[:1]
    finds = _Finds(buffer, marks[first[model[0]] : first[model[0]] + number], marks[first[model]] - 1, ends[model])
    order = finds.places()
    if finds.two[0] or finds.quotes or order["OUT"][0] < 0 or len(finds.marks) != number:
        return np.zeros(len(rows), bool)
    words, at = words_of(buffer, "<u8"), finds.marks
    bits = np.full(number, _FOUR_BYTES)
    for name, fewer in (("IN", _TWO_BYTES), ("ID", _THREE_BYTES), ("PROTO", _SIX_BYTES)):
        bits[at == order[name][0]] = fewer
    here = marks[first[rows][:, None] + np.arange(number)]  # line by line, so that the buffer is passed over once
    found = words[here - 8]
    found ^= words[at - 8]
    found &= bits
    same: Marks = np.logical_not(found.any(axis=1))
    same &= here[:, -1] < ends[rows]
    if not same.all():
        rows, here = rows[same], here[same]
    for name, column in ((name, int(np.searchsorted(at, places[0]))) for name, places in order.items() if places[0] >= 0):
        if len(rows) == len(first):
            place[name] = here[:, column].copy()
        else:
            place[name][rows] = here[:, column]
    return same


class _Finds:
    """Every `=` of lines with the four bytes before it, and from that the places of keys: the first in each line.

    Attributes:
        two: lines that name two packets, after `places`.
        quotes: whether any line quotes a packet, as the errors of ICMP do, after `places`.
    """

    __slots__ = ("buffer", "count", "ends", "marks", "quotes", "row", "two", "words")

    def __init__(self, buffer: Bytes, marks: Ints, begin: Ints, ends: Ints) -> None:
        first = np.searchsorted(marks, begin)
        past = np.searchsorted(marks, ends)
        inside = past - first
        if int(inside.sum()) != len(marks):  # some stand in heads, or in other lines
            steps = np.zeros(len(marks) + 1, np.int64)
            np.add.at(steps, first, 1)
            np.add.at(steps, past, -1)
            marks = marks[np.cumsum(steps)[:-1] > 0]
        self.buffer, self.marks, self.ends, self.count = buffer, marks, ends, len(begin)
        self.row = np.repeat(np.arange(len(begin)), inside)
        self.words = words_of(buffer, "<u4")[marks - 4]
        self.two, self.quotes = np.zeros(len(begin), bool), False

    def places(self) -> dict[str, Ints]:
        """Where the first `=` of each key is in each line."""
        into, out = self.way()
        limit = self.limit()
        source = self.within(self.of(b" SRC"), limit)
        self.two = self.several(b" SRC", limit) | self.several(b" DST", limit)
        found = {"IN": into, "OUT": out, "SRC": source, "PROTO": self.protocol(limit)}
        found |= {name: self.within(self.of(key), limit) for name, key in _WORDS.items()}
        hop = self.within(self.of(b"IMIT"), limit)
        ids = self.within(np.flatnonzero(self.words >> 8 == word(b" ID")), limit)
        return found | {"TTL": np.maximum(found["TTL"], hop), "ID": np.where(ids < found["PROTO"], ids, -1)}

    def limit(self) -> Ints:
        """Where the fields of each line's own packet end: where a quoted packet begins, else where the line does."""
        found = self.of(b"[SRC")
        self.quotes = len(found) > 0
        if not self.quotes:
            return self.ends
        quoted = self.first(found)
        return np.where(quoted >= 0, quoted, self.ends)

    def of(self, key: bytes) -> Ints:
        """Numbers of the marks behind a key of four bytes."""
        return np.flatnonzero(self.words == word(key))

    def first(self, found: Ints) -> Ints:
        """The first place in each line, -1 where there is none."""
        rows = self.row[found]
        if len(rows) == self.count and not (rows[1:] == rows[:-1]).any():
            return self.marks[found]
        place = np.full(self.count, -1, np.int64)
        place[rows[::-1]] = self.marks[found[::-1]]
        return place

    def within(self, found: Ints, limit: Ints) -> Ints:
        """The first place in each line that lies before the line's limit."""
        place = self.first(found)
        return np.where(place < limit, place, -1)

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
        outs = outs[(self.words[outs - 1] >> 16 == word(b"IN")) & (self.row[outs - 1] == self.row[outs])]
        return self.first(outs - 1), self.first(outs)

    def protocol(self, limit: Ints) -> Ints:
        """Places of ` PROTO=`, which other keys end like."""
        found = self.of(b"ROTO")
        before = self.marks[found]
        return self.within(found[(self.buffer[before - 5] == 80) & (self.buffer[before - 6] == 32)], limit)


def _has_ports(buffer: Bytes, begin: Ints, ends: Ints, protocol: Ints, ported: Marks) -> Marks:
    """Whether a packet of TCP or UDP has its ports, or is a piece that cannot have them."""
    words = words_of(buffer, "<u4")
    name = words[protocol + 1] & np.uint32(0xFFFFFF)
    lost = ~ported & ((name == word(b"TCP")) | (name == word(b"UDP")))
    if lost.any():
        low, high = int(begin[0]), int(ends[-1])
        for beginning in _BROKEN_UP:
            pieces = np.searchsorted(begin, np.flatnonzero(words[low:high] == word(beginning)) + low, side="right") - 1
            lost[pieces[pieces >= 0]] = False
    kept: Marks = ~lost
    return kept


def _span(begin: Ints, end: Ints, good: Marks) -> Ints:
    """Begin and end as two rows; both 0 where there is nothing."""
    return np.stack([np.where(good, begin, 0), np.where(good, end, 0)])
