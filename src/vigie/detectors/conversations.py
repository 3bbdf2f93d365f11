"""Question and answer: packets and flows between the same two addresses and ports, looked at together.

A log of packets, or of flows each way, tells no outcome by itself. Here the side that asked is told from the side that answered, the answer
becomes the outcome of the question, and what only goes on with a conversation is passed over.

References:
    - RFC 9293, section 3.5 (a SYN is answered by SYN and ACK, or by RST), section 3.10.7.1 (any segment to a closed port by RST).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records.flow import DROPPED, ESTABLISHED, REFUSED, REPLY, UNANSWERED, UNTOLD
from vigie.records.tally import joined, numbered

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

COMPLETED, RESET, SYN_ACK = "completed", "reset", "syn_ack"
OUTCOMES: Final = (UNTOLD, UNANSWERED, DROPPED, REFUSED, ESTABLISHED, COMPLETED, REPLY, RESET, SYN_ACK)
"""What became of a contact, the surest last; `completed` says that the source went on after the answer, so that its address is not forged.
The last three are answers by themselves."""
CODE: Final = {word: at for at, word in enumerate(OUTCOMES)}
WENT_ON, ANSWERED = 3, 2
"""Packets of the source, and of the host, in a connection that show that the source received the answer: a forged one that only repeats its
SYN, or resets, gets no more than one packet back."""
_BARE: Final = (40, 60)
"""Bytes of a packet that holds nothing but its headers, as a RST does: IPv4, IPv6."""


def outcomes(rows: pa.RecordBatch, source: Ints, host: Ints, ports: tuple[Ints, Ints], seen: Ints) -> tuple[Ints, Flags]:
    """What became of each flow or packet, and whether it is a contact or an answer by itself.

    Args:
        rows: of `FLOW`, all with ports.
        source: numbers of the addresses that sent.
        host: numbers of the addresses that were sent to, of the same numbering.
        ports: of the source and of the host.
        seen: microseconds.

    Returns:
        numbers of `OUTCOMES`, and False for what is told by another row: the answer to a question that is here, and what follows a SYN.
    """
    told = _told(rows)
    kept = np.ones(len(told), bool)
    talk = np.flatnonzero((told == CODE[UNTOLD]) | (told >= CODE[REPLY]))
    if len(talk):
        part = rows.take(pa.array(talk))
        ends = tuple(column[talk] for column in (source, ports[0], host, ports[1]))
        told[talk], kept[talk] = _joined(part, ends, told[talk], seen[talk])
    return told, kept


def looked_up(column: pa.Array, found: Callable[[str], Any], missing: Any) -> npt.NDArray[Any]:
    """What is found for the value of each row; each different value is looked at once.

    Args:
        column: texts.
        found: value → what it stands for.
        missing: what null stands for.
    """
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = [found(value) for value in encoded.dictionary.to_pylist()]
    told: npt.NDArray[Any] = np.array([*values, missing])[np.asarray(pc.fill_null(encoded.indices, len(values)))]
    return told


def _told(rows: pa.RecordBatch) -> Ints:
    """What a row says of itself."""
    told = looked_up(rows.column("flow_state"), lambda word: CODE.get(word, 0), 0)
    kind = looked_up(rows.column("tcp_flags"), lambda flags: CODE[RESET] if "R" in flags else CODE[SYN_ACK] if {"S", "A"} <= set(flags) else CODE[REPLY], CODE[REPLY])
    told = np.where(told == CODE[REPLY], kind, told)
    made = told == CODE[ESTABLISHED]
    if not made.any():
        return told
    sent, back = (np.asarray(pc.fill_null(rows.column(name), 0)) for name in ("source_packets", "destination_packets"))
    return np.where(made & _tcp(rows) & (sent >= WENT_ON) & (back >= ANSWERED), CODE[COMPLETED], told)


def _tcp(rows: pa.RecordBatch) -> Flags:
    return looked_up(rows.column("network_transport"), lambda name: name == "tcp", False)


def _joined(rows: pa.RecordBatch, ends: tuple[Ints, ...], told: Ints, seen: Ints) -> tuple[Ints, Flags]:
    """Outcomes of rows that tell none, by what was said in the other direction."""
    source, own, host, port = ends
    forth = (source < host) | ((source == host) & (own <= port))
    tcp = _tcp(rows)
    pair = (np.where(forth, source, host), np.where(forth, own, port), np.where(forth, host, source), np.where(forth, port, own), tcp.astype(np.int64))
    talk, size = numbered(joined(pair))
    flags = rows.column("tcp_flags")
    known = np.asarray(pc.is_valid(flags))
    syn = looked_up(flags, lambda text: "S" in text and "A" not in text, False)
    reset = looked_up(flags, lambda text: "R" in text, False) | (told == CODE[RESET])
    carried = looked_up(flags, lambda text: "A" in text and "S" not in text, False) & ~reset
    asked, answered = _asking(talk, size, forth, syn, told >= CODE[REPLY], own, port, seen)
    bare = ~known & _bare(rows)
    back = answered & ~asked
    said = _any(talk, size, back & ((told == CODE[SYN_ACK]) | carried | (~known & ~bare)))
    refused = _any(talk, size, back & (reset | bare)) & ~said
    sent = np.asarray(pc.fill_null(rows.column("source_packets"), 0))
    went_on = _any(talk, size, asked & answered & tcp & carried)
    went_on |= _any(talk, size, asked & answered & tcp & ~known & (sent >= WENT_ON)) & _any(talk, size, back & (sent >= ANSWERED))
    begun = _any(talk, size, syn & (asked | ~answered))
    outcome = np.where(said & went_on, CODE[COMPLETED], np.where(said, CODE[ESTABLISHED], np.where(refused, CODE[REFUSED], CODE[UNTOLD])))[talk]
    follows = begun[talk] & ~syn
    return np.where(asked & answered, outcome, told), ~back & ~follows


def _asking(talk: Ints, size: int, forth: Flags, syn: Flags, answer: Flags, own: Ints, port: Ints, seen: Ints) -> tuple[Flags, Flags]:
    """For each row whether its direction is the one that asked, and whether its conversation has both directions.

    The side that sent a SYN asked; else the side that was not answering by itself; else the one with the higher port; else the first to speak.
    """

    def each(marks: Flags) -> tuple[Flags, Flags]:
        return _any(talk, size, marks & forth), _any(talk, size, marks & ~forth)

    there, back = each(np.ones(len(talk), bool))
    first, second = np.full(size, np.iinfo(np.int64).max), np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(first, talk[forth], seen[forth])
    np.minimum.at(second, talk[~forth], seen[~forth])
    lower = np.zeros(size, np.int64)
    lower[talk] = np.sign(np.where(forth, own - port, port - own))
    opened, answering = each(syn), each(answer)
    by_port = np.where(lower == 0, first <= second, lower > 0)
    asks = np.select(
        [opened[0] & ~opened[1], opened[1] & ~opened[0], answering[1] & ~answering[0], answering[0] & ~answering[1]], [True, False, True, False], by_port
    ).astype(bool)
    return asks[talk] == forth, (there & back)[talk]


def _bare(rows: pa.RecordBatch) -> Flags:
    """Flows of TCP whose packets held nothing but headers."""
    packets, octets = (np.asarray(pc.fill_null(rows.column(name), 0)) for name in ("source_packets", "source_bytes"))
    newer = np.asarray(pc.match_substring(rows.column("source_address"), ":"))
    bare: Flags = _tcp(rows) & (packets > 0) & (octets <= np.where(newer, _BARE[1], _BARE[0]) * packets)
    return bare


def _any(group: Ints, size: int, marks: Flags) -> Flags:
    out = np.zeros(size, bool)
    out[group[marks]] = True
    return out
