"""Flows of NetFlow and IPFIX as `nfdump -o csv` writes them.

Read are the long table of older versions, the short ones of newer versions, and the spelled-out names of its tables for people. Routers
count each direction as a flow of its own and add up the flags of all its packets. So most outcomes are untold; a single packet, or flags that
only one kind of packet bears, tell more.

References:
    - https://github.com/phaag/nfdump (nfdump(1), output formats csv and csv-fast)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.records.flow import ESTABLISHED, REPLY, UNTOLD
from vigie.records.schema import same
from vigie.sources.delimited import DECIMAL, TEXT, WHOLE
from vigie.sources.flow_columns import (
    ACK,
    BITS,
    FIN,
    PINGS,
    PSH,
    RST,
    SYN,
    Ints,
    Marks,
    counts,
    distinct_addresses,
    flags_of,
    flow_rows,
    in_words,
    labels,
    micros,
    numbers,
    ports,
    stripped,
    transports,
)
from vigie.sources.flow_outcomes import OUTCOMES, first_flags
from vigie.sources.headed import read_headed, share_headed
from vigie.sources.moment import moments
from vigie.sources.rows import arrow
from vigie.sources.source import Reading, Recognition, Source

_WANTED: Final = {
    "begin": TEXT, "end": TEXT, "lasted": DECIMAL, "transport": TEXT, "source": TEXT, "here": WHOLE, "destination": TEXT, "there": TEXT, "flags": TEXT,
    "sent": WHOLE, "gone": WHOLE, "back": WHOLE, "came": WHOLE,
}  # fmt: skip
_ALIASES: Final = {
    "begin": ("ts", "firstseen", "datefirstseen", "trfirstseen"),
    "end": ("te", "lastseen", "datelastseen"),
    "lasted": ("td", "duration"),
    "transport": ("pr", "proto", "protocol"),
    "source": ("sa", "srcaddr", "srcipaddr", "srcip"),
    "here": ("sp", "srcport", "srcpt"),
    "destination": ("da", "dstaddr", "dstipaddr", "dstip"),
    "there": ("dp", "dstport", "dstpt"),
    "flags": ("flg", "flags", "tcpflags"),
    "sent": ("ipkt", "packets", "inpackets", "pkt"),
    "gone": ("ibyt", "bytes", "inbytes", "byt"),
    "back": ("opkt", "outpackets"),
    "came": ("obyt", "outbytes"),
}
_MEANING: Final = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_NEEDED: Final = frozenset(("begin", "transport", "source", "destination", "there"))
_HEAD: Final = r'^(?:\xef\xbb\xbf)?[A-Za-z][A-Za-z ]*,[A-Za-z][A-Za-z ]*,'
_LETTERS: Final = re.compile(r"[.UAPRSFCE]{1,8}\Z")
_HEX: Final = re.compile(r"0x[0-9A-Fa-f]{1,2}\Z")


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines, each by the last header line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row; `timezone` of its times, which carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order; header lines are unread.
    """
    return read_headed(batch, reading, _HEAD, _names, _WANTED, _rows)


def _names(header: str) -> list[str]:
    names = [_MEANING.get(name.lower().replace(" ", ""), "") for name in header.split(",")]
    return names if set(names) >= _NEEDED else []


def _rows(batch: pa.RecordBatch, field: dict[str, pa.Array], named: frozenset[str], reading: Reading) -> pa.RecordBatch:
    del named
    transport = transports(field["transport"])
    ping, tcp = in_words(transport, PINGS), in_words(transport, ("tcp",))
    sent, back = counts(field["sent"]), counts(field["back"])
    bits = _flags(field["flags"])
    packets, returned = (np.asarray(pc.fill_null(count, -1)) for count in (sent, back))
    first, known = first_flags(tcp, bits, packets, np.full(len(bits), -1))
    begin, end = (moments(pl.Series(field[name].cast(pa.string())).str.strip_chars(), reading.timezone) for name in ("begin", "end"))
    between = arrow((end - begin).dt.total_microseconds())
    columns = {
        "seen_at": arrow(begin),
        "event_duration": pc.coalesce(micros(field["lasted"]), pc.if_else(pc.greater_equal(between, 0), between, None)),
        "source_address": distinct_addresses(stripped(field["source"])),
        "source_port": pc.if_else(pa.array(ping), None, ports(field["here"])),
        "destination_address": distinct_addresses(stripped(field["destination"])),
        "destination_port": pc.if_else(pa.array(ping), None, ports(numbers(stripped(field["there"]).cast(pa.string()), pa.int64()))),
        "network_transport": transport,
        "flow_state": labels(_outcomes(tcp, bits, packets, returned), OUTCOMES),
        "tcp_flags": flags_of(first, known),
        "source_packets": sent,
        "source_bytes": counts(field["gone"]),
        "destination_packets": back,
        "destination_bytes": counts(field["came"]),
        "event_kind": same("event", batch.num_rows),
    }
    return flow_rows(batch, columns)


def _flags(words: pa.DictionaryArray) -> Ints:
    """Bits of flags; -1 where the text is none."""
    made = []
    for text in (word.strip() for word in words.dictionary.to_pylist()):
        if _HEX.match(text):
            made.append(int(text, 16) & 63)
        else:
            made.append(int(np.bitwise_or.reduce([0, *(BITS.get(letter, 0) for letter in text)])) if _LETTERS.match(text) else -1)
    bits: Ints = np.array([*made, -1], np.int64)[np.asarray(pc.fill_null(words.indices, -1))]
    return bits


def _outcomes(tcp: Marks, bits: Ints, sent: Ints, back: Ints) -> Ints:
    """What became of flows: told where both directions were counted together, and where a flow can only be an answer."""
    flags = np.maximum(bits, 0)
    answer = (bits >= 0) & (((flags == (SYN | ACK)) & (sent == 1)) | (flags & (SYN | FIN | PSH | RST) == RST))
    talked = (bits >= 0) & (back > 0) & (flags & (SYN | ACK) == (SYN | ACK)) & (flags & (PSH | FIN) > 0)
    by_flags = np.select([talked, answer & (back <= 0)], [OUTCOMES.index(ESTABLISHED), OUTCOMES.index(REPLY)], OUTCOMES.index(UNTOLD))
    return np.where(tcp, by_flags, np.where(back > 0, OUTCOMES.index(ESTABLISHED), OUTCOMES.index(UNTOLD))).astype(np.int64)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a header of nfdump's in the sample explains."""
    share, header = share_headed(sample, _names, read)
    return Recognition(share, "nfdump", header, "times carry no zone: taken for UTC unless --tz says otherwise") if share else None


SOURCE = Source(
    name="nfdump",
    record=FLOW,
    recognise=recognise,
    read=read,
    header=b"ts,te,",
    references=("https://github.com/phaag/nfdump",),
    specific=2,
)
"""One record for each flow of a router."""
