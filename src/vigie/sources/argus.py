"""Argus' flows as `ra` writes them between commas, `.binetflow` of the CTU collections included.

Argus writes what each side sent as letters (`S_RA`), or one word for it (`CON`, `REQ`, `INT`); tools that imitate it write Zeek's states. The
flow's direction as Argus understood it stands in `Dir`: with `<-` it took the second address for the one that began.

References:
    - https://openargus.org/using-argus (ra(1): fields, state and direction)
    - https://www.stratosphereips.org/datasets-ctu13
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
from vigie.records.flow import ESTABLISHED, REFUSED, UNANSWERED
from vigie.records.schema import same
from vigie.sources.delimited import DECIMAL, TEXT, WHOLE
from vigie.sources.flow_columns import (
    BITS,
    PINGS,
    Ints,
    Marks,
    counts,
    distinct_addresses,
    encode,
    flags_of,
    flow_rows,
    in_words,
    labels,
    micros,
    ports,
    stripped,
    transports,
)
from vigie.sources.flow_outcomes import OUTCOMES, conversations, first_flags
from vigie.sources.headed import read_headed, share_headed
from vigie.sources.moment import moments
from vigie.sources.rows import arrow
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.zeek_states import BY_STATE

HEADER: Final = "StartTime,"

_WANTED: Final = {
    "StartTime": TEXT, "Dur": DECIMAL, "Proto": TEXT, "SrcAddr": TEXT, "Sport": WHOLE, "Dir": TEXT, "DstAddr": TEXT, "Dport": WHOLE, "State": TEXT,
    "TotPkts": WHOLE, "TotBytes": WHOLE, "SrcBytes": WHOLE, "SrcPkts": WHOLE, "DstBytes": WHOLE, "DstPkts": WHOLE,
}  # fmt: skip
_NEEDED: Final = frozenset(("StartTime", "Proto", "SrcAddr", "DstAddr", "State"))
_BITS: Final = {**BITS, "E": 0, "C": 0}
_LETTERS: Final = re.compile(r"([FSRPAUEC]*)_([FSRPAUEC]*)\Z")
_WORDS: Final = {
    **BY_STATE, "REQ": UNANSWERED, "INT": UNANSWERED, "ACC": ESTABLISHED, "CON": ESTABLISHED, "EST": ESTABLISHED, "CLO": ESTABLISHED, "FIN": ESTABLISHED,
    "URP": REFUSED,
}  # fmt: skip
"""What one word for a state means; `URP`: ICMP says that there is no such port."""
_BACKWARD: Final = ("<-", "<?")


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines, each by the last header line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row; `timezone` of its times, which carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order; header lines are unread.
    """
    return read_headed(batch, reading, r"^(?:\xef\xbb\xbf)?StartTime,", _names, _WANTED, _rows)


def _names(header: str) -> list[str]:
    names = [name.strip() for name in header.split(",")]
    return names if set(names) >= _NEEDED else []


def _rows(batch: pa.RecordBatch, field: dict[str, pa.Array], named: frozenset[str], reading: Reading) -> pa.RecordBatch:
    del named
    transport = transports(field["Proto"])
    ping = in_words(transport, PINGS)
    here, there = (pc.if_else(pa.array(ping), None, ports(field[name])) for name in ("Sport", "Dport"))
    source, destination = (distinct_addresses(field[name]) for name in ("SrcAddr", "DstAddr"))
    sent, back = _both(field, "Pkts")
    gone, came = _both(field, "Bytes")
    mine, yours, word = _states(field["State"])
    turned = in_words(stripped(field["Dir"]), _BACKWARD)
    outcomes, flags = _outcomes(in_words(transport, ("tcp",)), turned, (mine, yours), word, (sent, back))
    pairs = {
        "source_address": (source, destination), "source_port": (here, there), "source_packets": (sent, back), "source_bytes": (gone, came),
    }  # fmt: skip
    columns = {name: _turn(turned, *pair) for name, pair in pairs.items()}
    columns |= {name.replace("source", "destination"): _turn(turned, *reversed(pair)) for name, pair in pairs.items()}
    columns |= {
        "seen_at": arrow(moments(pl.Series(field["StartTime"].cast(pa.string())).str.strip_chars().str.replace_all("/", "-", literal=True), reading.timezone)),
        "event_duration": micros(field["Dur"]),
        "network_transport": transport,
        "flow_state": outcomes,
        "connection_state": stripped(field["State"]),
        "tcp_flags": flags,
        "event_kind": same("event", batch.num_rows),
    }
    return flow_rows(batch, columns)


def _turn(turned: Marks, one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(turned), other, one) if turned.any() else one


def _both(field: dict[str, pa.Array], what: str) -> tuple[pa.Array, pa.Array]:
    """Packets or bytes of the source and of the destination; Argus writes one of them and the sum."""
    whole, mine, yours = (counts(field[f"{side}{what}"]) for side in ("Tot", "Src", "Dst"))
    rest = pc.subtract(whole, mine)
    return mine, pc.coalesce(yours, pc.if_else(pc.greater_equal(rest, 0), rest, None))


def _states(states: pa.DictionaryArray) -> tuple[Ints, Ints, Ints]:
    """Bits of what each side sent (-1 where the state is a word), and the number of a word's outcome (0 where it is none)."""
    made = []
    for text in stripped(states).dictionary.to_pylist():
        pair = _LETTERS.match(text)
        bits = [int(np.bitwise_or.reduce([0, *(_BITS[letter] for letter in side)])) for side in pair.groups()] if pair else [-1, -1]
        made.append((*bits, OUTCOMES.index(_WORDS[text]) if text in _WORDS else 0))
    table = np.array([*made, (-1, -1, 0)], np.int64)[np.asarray(pc.fill_null(encode(stripped(states)).indices, -1))]
    return table[:, 0], table[:, 1], table[:, 2]


def _outcomes(
    tcp: Marks, turned: Marks, sides: tuple[Ints, Ints], word: Ints, packets: tuple[pa.Array, pa.Array]
) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    mine, yours = (np.where(turned, other, one) for one, other in (sides, sides[::-1]))
    known = [np.asarray(pc.fill_null(count, -1)) for count in packets]
    sent, back = (np.where(turned, other, one) for one, other in (known, known[::-1]))
    outcome = np.where(word > 0, word, conversations(tcp, mine, yours, back))
    bits, told = first_flags(tcp, mine, sent, yours)
    return labels(outcome, OUTCOMES), flags_of(bits, told)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a header of Argus' in the sample explains."""
    share, header = share_headed(sample, _names, read)
    return Recognition(share, "Argus", header, "times carry no zone: taken for UTC unless --tz says otherwise") if share else None


SOURCE = Source(
    name="argus",
    record=FLOW,
    recognise=recognise,
    read=read,
    header=HEADER.encode(),
    references=("https://openargus.org/using-argus", "https://www.stratosphereips.org/datasets-ctu13"),
    specific=2,
)
"""One record a flow."""
