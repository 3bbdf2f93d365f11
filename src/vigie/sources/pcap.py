"""Captures: pcap and pcapng, as tcpdump, Wireshark and firewalls write them. One record a packet.

A packet tells no outcome by itself: SYN with ACK, RST and ICMP's errors are answers, all else is untold. Where contacts are counted, packets of
both directions are brought together by their addresses and ports.

The head of a capture (byte order, clock, link type of each interface) is read once and travels in `Reading.layout`. What a block changes later
holds for the packets of the same batch; a packet of an interface that was described nowhere near is unread.

References:
    - https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/
    - https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.records import FLOW
from vigie.records.schema import TIME, same
from vigie.sources.capture import (
    BLOCK,
    HEAD,
    INTERFACE,
    MOST,
    OLD_PACKET,
    PACKET,
    PCAP,
    PCAPNG,
    RECORD,
    SIMPLE_PACKET,
    Capture,
    Interface,
    block_ends,
    capture_of,
    head_of,
    interface_of,
    record_ends,
)
from vigie.sources.firewall_words import answering, answering_ping, fingerprints, flow_states
from vigie.sources.flow_columns import TRANSPORTS, flags_of, flow_rows, labels
from vigie.sources.frames import REASONS, packets_of
from vigie.sources.rows import assemble, in_order
from vigie.sources.source import Ends, Reading, Recognition, Source

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

NO_HEAD: Final = "no head of a capture before it"
FRAME: Final = "frame of the capture"
"""Why what only holds packets together is unread: the head, descriptions of interfaces, statistics."""
DAMAGED: Final = "damaged or cut off: its lengths do not fit"
NO_CLOCK: Final = "a packet without a time"
NO_INTERFACE: Final = "its interface is described neither at the beginning of the capture nor near this packet"
_WHY: Final = ("", FRAME, DAMAGED, NO_CLOCK, NO_INTERFACE)
_LATEST: Final = 253_370_764_800
_TCP: Final = 6
_FIRST_BYTES: Final = (0x0A, 0xA1, 0xD4, 0x4D)
_MAGIC: Final = (0xA1B2C3D4, 0xD4C3B2A1, 0xA1B23C4D, 0x4D3CB2A1)
_VERSION: Final = {"<": 0x00040002, ">": 0x04000200}
_INTERFACE, _PACKET = 20, 32
"""Bytes of the smallest block that describes an interface, and of one that holds an empty packet."""
_TRANSPORTS: Final = tuple(TRANSPORTS.get(number, str(number)) for number in range(256))


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where packets, and what holds them together, end; see `Source.ends`."""
    capture = capture_of(reading.layout) or head_of(data)
    if capture is None:
        return np.array([len(data)] if final and data else [], np.int64)
    if capture.kind == PCAP:
        return record_ends(data, capture, final=final)
    return block_ends(data, capture.order, final=final)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of packets.

    Args:
        batch: rows of `LINE`, each a packet or what holds packets together.
        reading: `layout` spells the capture.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order.
    """
    lines = batch.column("line")
    offsets = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1].astype(np.int64)
    held = np.frombuffer(lines.buffers()[2] or b"", np.uint8)
    pieces = _Pieces(held if len(held) else np.zeros(1, np.uint8), offsets[:-1], offsets[1:])
    parts, rows = [], []
    for capture, mine in _captures(pieces, capture_of(reading.layout)):
        part = batch if len(mine) == batch.num_rows else batch.slice(int(mine[0]), len(mine))
        parts.append(_read_by(capture, part, pieces.of(mine)) if capture else assemble(part, FLOW, {}, np.full(len(mine), NO_HEAD)))
        rows.append(mine)
    return in_order(parts, rows) if parts else assemble(batch, FLOW, {}, np.zeros(0, np.str_))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Where pieces stand in a buffer of at least one byte."""

    data: Bytes
    begin: Ints
    end: Ints

    def of(self, rows: Ints) -> _Pieces:
        return _Pieces(self.data, self.begin[rows], self.end[rows])

    def bytes_of(self, row: int) -> bytes:
        return self.data[self.begin[row] : self.end[row]].tobytes()

    def number(self, at: int, order: str, width: int = 4) -> Ints:
        """The number of some bytes at a place in every piece; what stands behind a piece's end means nothing."""
        places = range(width) if order == ">" else reversed(range(width))
        value = np.zeros(len(self.begin), np.int64)
        for place in places:
            value = value << 8 | self.data[np.minimum(self.begin + at + place, len(self.data) - 1)]
        return value


def _captures(pieces: _Pieces, capture: Capture | None) -> list[tuple[Capture | None, Ints]]:
    """Which rows each head explains: the last one before them, and in pcapng with the interfaces that are described among them."""
    lengths = pieces.end - pieces.begin
    first = pieces.data[np.minimum(pieces.begin, len(pieces.data) - 1)]
    maybe = np.flatnonzero(np.isin(first, _FIRST_BYTES) & ((lengths == HEAD) | (first == _FIRST_BYTES[0])) & (lengths >= HEAD))
    heads = [(row, head) for row, head in ((row, head_of(pieces.bytes_of(row))) for row in maybe.tolist()) if head is not None]
    bounds = [0, *(row for row, _ in heads), len(lengths)]
    out: list[tuple[Capture | None, Ints]] = []
    for number, current in enumerate([capture, *(head for _, head in heads)]):
        rows = np.arange(bounds[number], bounds[number + 1], dtype=np.int64)
        if len(rows):
            out.append((_described(current, capture, pieces.of(rows), fresh=number > 0), rows))
    return out


def _described(current: Capture | None, before: Capture | None, pieces: _Pieces, *, fresh: bool) -> Capture | None:
    """A section with all that is known of its interfaces: a new one (`fresh`) numbers them anew; those that a batch cuts off it are as before."""
    if current is None or current.kind == PCAP:
        return current
    blocks = np.flatnonzero((pieces.number(0, current.order) == INTERFACE) & (pieces.end - pieces.begin >= _INTERFACE))
    found = tuple(interface_of(pieces.bytes_of(row), current.order) for row in blocks.tolist())
    known = before.interfaces if before is not None and before.kind == PCAPNG else ()
    return Capture(PCAPNG, current.order, found + known[len(found) :] if fresh else known + found)


def _read_by(capture: Capture, batch: pa.RecordBatch, pieces: _Pieces) -> pa.RecordBatch:
    found = _records(capture, pieces) if capture.kind == PCAP else _blocks(capture, pieces)
    packets = packets_of(pieces.data, found.begin, found.end, found.link, found.whole)
    count = batch.num_rows
    tcp, flagged = packets.transport == _TCP, packets.flags >= 0
    bits = np.maximum(packets.flags, 0)
    replies = answering(bits, flagged) | answering_ping(packets.kind, packets.six) & (packets.kind >= 0)
    columns = {
        "seen_at": pa.array(found.seen, pa.int64(), mask=found.seen < 0).cast(TIME),
        "source_address": packets.source,
        "source_port": _known(packets.source_port, pa.int32()),
        "destination_address": packets.destination,
        "destination_port": _known(packets.destination_port, pa.int32()),
        "network_transport": labels(packets.transport, _TRANSPORTS),
        "flow_state": flow_states(np.zeros(count, bool), replies),
        "tcp_flags": flags_of(bits, flagged),
        "source_packets": pa.array(np.ones(count, np.int64)),
        "source_bytes": pa.array(packets.length),
        "packet_fingerprint": fingerprints(packets.length, np.where(tcp, packets.window, -1), packets.lifetime),
        "packet_id": _known(packets.identity, pa.int64()),
        "event_kind": same("event", count),
        "network_direction": labels(packets.direction, (None, "inbound", "outbound")),
    }
    outer = [(found.why == number, reason) for number, reason in enumerate(_WHY) if number]
    inner = [(packets.why == number, reason) for number, reason in enumerate(REASONS) if number]
    return flow_rows(batch, columns, *outer, *inner, ports_needed=False)


def _known(values: Ints, kind: pa.DataType) -> pa.Array:
    return pa.array(values, mask=values < 0).cast(kind)


@dataclass(frozen=True, slots=True)
class _Found:
    """Packets in their pieces: number of a reason in `_WHY` (0 for a packet), microseconds (-1 for no time), place, link type, bytes on the wire."""

    why: Ints
    seen: Ints
    begin: Ints
    end: Ints
    link: Ints
    whole: Ints


def _records(capture: Capture, pieces: _Pieces) -> _Found:
    second, fraction, length, whole = (pieces.number(at, capture.order) for at in (0, 4, 8, 12))
    (interface,) = capture.interfaces
    size = pieces.end - pieces.begin
    head = (size == HEAD) & (pieces.number(4, "<") == _VERSION[capture.order]) & np.isin(pieces.number(0, "<"), _MAGIC)
    fits = (size >= RECORD) & (size == RECORD + length) & (length <= np.minimum(whole, MOST)) & (fraction < interface.ticks)
    seen = second * 1_000_000 + fraction * 1_000_000 // interface.ticks
    link = np.full(len(size), interface.link)
    return _Found(np.select([head, ~fits], [1, 2], 0), np.where(fits, seen, -1), pieces.begin + RECORD, np.where(fits, pieces.end, pieces.begin), link, whole)


def _blocks(capture: Capture, pieces: _Pieces) -> _Found:
    order, size = capture.order, pieces.end - pieces.begin
    kind, total, high, low, length, whole = (pieces.number(at, order) for at in (0, 4, 12, 16, 20, 24))
    number = np.where(kind == OLD_PACKET, pieces.number(8, order, 2), pieces.number(8, order))
    packet = np.isin(kind, (PACKET, OLD_PACKET))
    damaged = (size < BLOCK) | (total != size) | (packet & ((size < _PACKET) | (length > size - _PACKET)))
    known = capture.interfaces or (Interface(0, 1_000_000),)
    table = np.array([(one.link, one.ticks, one.offset) for one in known], np.int64)[np.minimum(number, len(known) - 1)]
    stray = packet & (number >= len(capture.interfaces))
    why = np.select([damaged, kind == SIMPLE_PACKET, ~packet, stray], [2, 3, 1, 4], 0)
    clock = high.astype(np.uint64) << np.uint64(32) | low.astype(np.uint64)
    ticks = table[:, 1].astype(np.uint64)
    second = (clock // ticks).astype(np.int64) + table[:, 2]
    seen = np.clip(second, 0, _LATEST) * 1_000_000 + ((clock % ticks) * np.uint64(1_000_000) // ticks).astype(np.int64)
    good = (why == 0) & (second >= 0) & (second < _LATEST)
    begin = pieces.begin + _PACKET - 4
    return _Found(why, np.where(good, seen, -1), begin, np.where(why == 0, begin + length, begin), table[:, 0], whole)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """No line gives a capture away: `claims` knows it by its first bytes."""
    del sample
    return None


def claims(head: bytes) -> Recognition | None:
    """Claim a file that begins as a capture does."""
    capture = head_of(head)
    return Recognition(1.0, capture.kind, capture.spelled()) if capture else None


SOURCE = Source(
    name="pcap",
    record=FLOW,
    recognise=recognise,
    read=read,
    references=("https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/", "https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/"),
    specific=3,
    ends=ends,
    claims=claims,
)
"""One record a packet; link types 0, 1, 12, 14, 101, 108, 113, 228, 229, 276."""
