"""From fields that a flow log writes to columns of `FLOW`: transports by name, TCP flags by letter, times, ports, and the row itself.

References:
    - https://www.iana.org/assignments/protocol-numbers
    - RFC 9293, section 3.1 (control bits of TCP)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.records.schema import TIME
from vigie.sources.address import canonical_addresses
from vigie.sources.rows import NO_DATE, Column, arrow, assemble, reasons

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

NO_ADDRESS: Final = "no address of a source or a destination"
"""Why a flow without two addresses is unread."""
NO_PORT: Final = "no port, though its transport has ports"
"""Why a flow over TCP or UDP without two ports is unread."""

TRANSPORTS: Final = {
    0: "hopopt", 1: "icmp", 2: "igmp", 4: "ipv4", 6: "tcp", 8: "egp", 17: "udp", 33: "dccp", 41: "ipv6", 46: "rsvp", 47: "gre", 50: "esp",
    51: "ah", 58: "ipv6-icmp", 88: "eigrp", 89: "ospf", 94: "ipip", 103: "pim", 112: "vrrp", 115: "l2tp", 132: "sctp", 136: "udplite",
}  # fmt: skip
"""Names of transports by their number."""
_SPELLINGS: Final = {
    **{str(number): name for number, name in TRANSPORTS.items()},
    "icmp6": "ipv6-icmp", "icmpv6": "ipv6-icmp", "ipv6_icmp": "ipv6-icmp", "ospfigp": "ospf", "-": None, "": None,
}  # fmt: skip
WITH_PORTS: Final = ("tcp", "udp")
"""Transports of which every flow has ports."""
PINGS: Final = ("icmp", "ipv6-icmp")
"""Transports that have a type and a code where others have ports."""

_LETTERS: Final = "FSRPAU"
_LONGEST: Final = 32
_LATEST: Final = 253_370_764_800
_MOST: Final = 10**18 - 1
FLAGS: Final = tuple("".join(letter for bit, letter in enumerate(_LETTERS) if bits >> bit & 1) for bits in range(64))
"""Letters of TCP flags by the value of the six bits."""
FIN, SYN, RST, PSH, ACK, URG = (1 << bit for bit in range(6))
BITS: Final = {letter: 1 << bit for bit, letter in enumerate(_LETTERS)}
"""Value of each flag's letter."""


def transports(values: Column) -> pa.DictionaryArray:
    """Names of transports, from names in any spelling or from numbers; null where there is none. Distinct ones are looked at one by one."""
    encoded = encode(values)
    words = (str(value).strip().lower() if value is not None else "" for value in encoded.dictionary.to_pylist())
    return relabel(encoded, [_SPELLINGS.get(word, word[:_LONGEST]) for word in words])


def encode(values: Column) -> pa.DictionaryArray:
    """Texts by their place among the distinct ones."""
    array = arrow(values)
    return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()


def relabel(encoded: pa.DictionaryArray, words: Sequence[str | None]) -> pa.DictionaryArray:
    """Other words for the distinct values of a column: one for each of its dictionary, null for None."""
    place: dict[str, int] = {}
    places = [place.setdefault(word, len(place)) if word is not None else None for word in words]
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()).take(encoded.indices), pa.array(list(place), pa.string()))


def stripped(words: pa.DictionaryArray) -> pa.DictionaryArray:
    """Texts without blanks at their ends; null where nothing is left."""
    return relabel(words, [word.strip() or None if word is not None else None for word in words.dictionary.to_pylist()])


def flags_of(bits: npt.NDArray[np.integer], known: Marks) -> pa.DictionaryArray:
    """Letters of TCP flags.

    Args:
        bits: the flags' byte; only the six lowest count.
        known: where the log tells them; elsewhere null.
    """
    return pa.DictionaryArray.from_arrays(pa.array((bits & 63).astype(np.int32), mask=~known), pa.array(FLAGS))


def labels(codes: Ints, words: Sequence[str | None]) -> pa.DictionaryArray:
    """Words by their number, one per row; null for None."""
    kept = [word for word in words if word is not None]
    place = np.array([kept.index(word) if word is not None else -1 for word in words], np.int32)[codes]
    return pa.DictionaryArray.from_arrays(pa.array(place, mask=place < 0), pa.array(kept, pa.string()))


def micros(values: pa.Array) -> pa.Array:
    """Microseconds from seconds with decimals; null where that is negative or lies behind the year 9999."""
    number = np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    with np.errstate(invalid="ignore"):
        fine = (number >= 0) & (number < _LATEST)
    return pa.array(np.rint(np.where(fine, number, 0) * 1_000_000).astype(np.int64), mask=~fine)


def instants(values: pa.Array) -> pa.Array:
    """Moments from seconds since 1970 with decimals; null where there is none."""
    return micros(values).cast(TIME)


def ports(values: pa.Array) -> pa.Array:
    """Ports; null where there is none."""
    return _between(values, 65_535).cast(pa.int32())


def counts(values: pa.Array) -> pa.Array:
    """Numbers of packets or bytes; null where there is none."""
    return _between(values, _MOST)


def _between(values: pa.Array, most: int) -> pa.Array:
    bounds = pc.min_max(values).as_py()
    if bounds["min"] is None or (bounds["min"] >= 0 and bounds["max"] <= most):
        return values
    return pc.if_else(pc.and_(pc.greater_equal(values, 0), pc.less_equal(values, most)), values, None)


def numbers(values: Column, kind: pa.DataType) -> pa.Array:
    """Numbers from texts, null where a text is none.

    Args:
        values: texts.
        kind: type of the numbers.
    """
    return arrow(pl.Series(values).cast(pl.Float64 if pa.types.is_floating(kind) else pl.Int64, strict=False)).cast(kind)


def distinct_addresses(values: Column) -> pa.Array:
    """Canonical addresses, null where there is none; only distinct ones are looked at."""
    encoded = encode(values)
    return canonical_addresses(encoded.dictionary).take(encoded.indices)


def in_words(values: pa.DictionaryArray, words: Sequence[str]) -> Marks:
    """Where a column holds one of some words."""
    marks: Marks = np.append(np.asarray(pc.is_in(values.dictionary, pa.array(words, pa.string())), bool), False)
    out: Marks = marks[np.asarray(pc.fill_null(values.indices, -1))]
    return out


def flow_rows(batch: pa.RecordBatch, columns: Mapping[str, Column], *earlier: tuple[Marks, str], ports_needed: bool = True) -> pa.RecordBatch:
    """Rows of `FLOW` from the columns found; a row without a time, an address or a port is unread.

    Args:
        batch: the rows of `LINE` that were read.
        columns: name → values; `seen_at`, both addresses and ports, `network_transport` (encoded) and `flow_state` must be among them.
        earlier: reasons that come before those, as for `reasons`.
        ports_needed: whether TCP and UDP without ports are unread (fragments of packets have none).
    """
    addressed = _there(columns["source_address"]) & _there(columns["destination_address"])
    checks = [(~_there(columns["seen_at"]), NO_DATE), (~addressed, NO_ADDRESS)]
    if ports_needed:
        named = in_words(columns["network_transport"], WITH_PORTS)
        checks.append((named & ~(_there(columns["source_port"]) & _there(columns["destination_port"])), NO_PORT))
    return assemble(batch, FLOW, columns, reasons(*earlier, *checks))


def _there(values: Column) -> Marks:
    return np.asarray(pc.is_valid(arrow(values)))
