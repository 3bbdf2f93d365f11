"""Packets that pf logged: filterlog of pfSense and OPNsense, in syslog's forms.

The packet stands in comma-separated fields whose places depend on the version of IP. Nothing in them is free text, so a field that is
no number, address or known word makes the line unread. A line that was cut off shows in the fields behind the ports, which are then missing.

References:
    - https://docs.netgate.com/pfsense/en/latest/monitoring/raw-filter-log-format.html
    - https://github.com/opnsense/ports/blob/master/opnsense/filterlog/files/description.txt
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import FLOW
from vigie.sources.firewall_words import answering, fingerprints, flow_states
from vigie.sources.flow_columns import (
    ACK,
    BITS,
    NO_ADDRESS,
    distinct_addresses,
    flags_of,
    labels,
    transports,
)
from vigie.sources.rows import NO_DATE, arrow, assemble, reasons, sample_rows, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import NO_YEAR, OTHER_PROGRAM, heads

NO_LINE: Final = "no line of filterlog"
DAMAGED: Final = "a field of the packet is cut off or no number"

_COMMON: Final = ("rule", "part", "anchor", "tracker", "interface", "reason", "action", "direction", "version")
_FOUR: Final = ("tos", "ecn", "lifetime", "identity", "offset", "pieces", "number", "protocol", "length", "source", "destination")
_SIX: Final = ("class", "label", "lifetime", "protocol", "number", "length", "source", "destination")
_REST: Final = ("source_port", "destination_port", "data", "flags", "sequence", "acknowledged", "window", "urgent")
_MOST: Final = 32
_HEADER_6: Final = 40
"""Bytes of IPv6's header, which its length leaves out and the length of IPv4 does not."""
_STOPPED: Final = ("block", "reject", "drop")
_ACTION: Final = r"^(block|pass|reject|match|rdr|nat|binat|scrub|synproxy|drop|unkn\(\d{1,3}\)|\d{1,3})$"
_NUMBER: Final = r"^\d{1,10}$"
_LETTERS: Final = {**BITS, ".": ACK, "E": 0, "W": 0, "C": 0, "e": 0}
_PING_ANSWERS: Final = r"^(?:reply|unreach\w{0,8}|timexceed|timeexceed|paramprob|needfrag|maskreply|tstampreply)$"

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` and `year` for times that carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    head = heads(text, reading)
    ours = (head.program == "filterlog").fill_null(value=False)
    field = _fields(head.message.set(~ours, None))
    transport = transports(arrow(field["protocol"].str.to_lowercase()))
    name = pl.Series(transport.cast(pa.string()))
    tcp = (name == "tcp").fill_null(value=False).to_numpy()
    ported = tcp | (name == "udp").fill_null(value=False).to_numpy()
    first = field["offset"].fill_null("0").is_in(["0"]).to_numpy()
    number = {key: _number(field[key]) for key in ("length", "lifetime", "identity", "source_port", "destination_port", "window")}
    ports = np.where(ported & first & field["data"].is_not_null().to_numpy(), 1, 0) > 0
    ports &= (number["source_port"] >= 0) & (number["source_port"] < 65_536) & (number["destination_port"] >= 0) & (number["destination_port"] < 65_536)
    bits = _bits(field["flags"])
    flagged = tcp & first & (bits >= 0) & field["sequence"].is_not_null().to_numpy()
    source, destination = distinct_addresses(field["source"]), distinct_addresses(field["destination"])
    length = np.where(number["length"] >= 0, number["length"] + _HEADER_6 * (field["version"] == "6").fill_null(value=False).to_numpy(), -1)
    pinged = (name == "icmp").fill_null(value=False) & field["source_port"].str.contains(_PING_ANSWERS).fill_null(value=False)
    stopped = field["action"].is_in(_STOPPED).fill_null(value=False).to_numpy()
    direction = field["direction"].replace_strict({"in": 1, "out": 2}, default=0, return_dtype=pl.Int64).to_numpy()
    ones = np.ones(batch.num_rows, np.int64)
    whole = field["action"].str.contains(_ACTION).fill_null(value=False).to_numpy() & (length >= 0) & (ports | ~(ported & first)) & name.is_not_null().to_numpy()
    return assemble(
        batch,
        FLOW,
        {
            "seen_at": head.seen_at,
            "source_address": source,
            "source_port": pa.array(number["source_port"].astype(np.int32), mask=~ports),
            "destination_address": destination,
            "destination_port": pa.array(number["destination_port"].astype(np.int32), mask=~ports),
            "network_transport": transport,
            "flow_state": flow_states(stopped, answering(bits, flagged) | pinged.to_numpy()),
            "connection_state": field["action"],
            "tcp_flags": flags_of(bits, flagged),
            "source_packets": pa.array(ones),
            "source_bytes": pa.array(length, mask=length < 0),
            "packet_fingerprint": fingerprints(length, np.where(flagged, number["window"], -1), number["lifetime"]),
            "packet_id": pa.array(number["identity"], mask=number["identity"] < 0),
            "rule_name": _rule(field),
            "event_kind": labels(ones, (None, "event")),
            "observer_name": head.host,
            "network_direction": labels(direction, (None, "inbound", "outbound")),
        },
        _why(head.program, head.yearless, head.seen_at, ours, whole, source, destination),
    )


def _why(
    program: pl.Series, yearless: Marks, seen: pl.Series, ours: pl.Series, whole: Marks, source: pa.Array, destination: pa.Array
) -> npt.NDArray[np.str_]:
    addressed = pl.Series(source).is_not_null().to_numpy() & pl.Series(destination).is_not_null().to_numpy()
    return reasons(
        (program.is_null().to_numpy(), NO_LINE), (~ours.to_numpy(), OTHER_PROGRAM), (~whole, DAMAGED), (~addressed, NO_ADDRESS),
        (yearless, NO_YEAR), (seen.is_null().to_numpy(), NO_DATE),
    )  # fmt: skip


def _fields(message: pl.Series) -> pl.DataFrame:
    """Fields by name, wherever the version of IP puts them; null where they are missing, and all of them in messages of another shape."""
    parts = message.str.splitn(",", _MOST).struct.unnest()
    columns = parts.columns
    version = parts[columns[8]]
    six = version == "6"
    frame = {name: parts[columns[at]] for at, name in enumerate(_COMMON)}
    four_at = {name: len(_COMMON) + at for at, name in enumerate((*_FOUR, *_REST))}
    six_at = {name: len(_COMMON) + at for at, name in enumerate((*_SIX, *_REST))}
    known = (version == "4") | six
    for name in ("lifetime", "identity", "offset", "protocol", "length", "source", "destination", *_REST):
        other = pl.col(columns[six_at[name]]) if name in six_at else pl.lit(None, pl.String)
        frame[name] = parts.select(pl.when(known).then(pl.when(six).then(other).otherwise(pl.col(columns[four_at[name]])))).to_series()
    return pl.DataFrame([column.alias(name) for name, column in frame.items()])


def _number(values: pl.Series) -> Ints:
    """Numbers, -1 where there is none."""
    number: Ints = values.set(~values.str.contains(_NUMBER), None).cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
    return number


def _bits(letters: pl.Series) -> Ints:
    """Bits of TCP flags written as letters (`SA`), -1 where they are none."""
    encoded = arrow(letters.fill_null("?")).dictionary_encode()
    bits = []
    for text in encoded.dictionary.to_pylist():
        found = [_LETTERS.get(letter, -1) for letter in text[:16]]
        bits.append(-1 if -1 in found else int(np.bitwise_or.reduce(found)) if found else 0)
    found_of: Ints = np.array(bits, np.int64)[np.asarray(encoded.indices)]
    return found_of


def _rule(field: pl.DataFrame) -> pl.Series:
    """The tracker, which names a rule for good, else the rule's number."""
    return field["tracker"].set(field["tracker"].is_in(["", "0", "(null)"]), None).fill_null(field["rule"]).str.slice(0, 64)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim the lines of filterlog."""
    if not any(b"filterlog" in line[:512] for line in sample):
        return None
    batch = sample_rows(sample)
    good = read(batch, Reading(year=2000)).column("unread").null_count
    if not good:
        return None
    yearless = read(batch, Reading()).column("unread").to_pylist().count(NO_YEAR) * 2 > good
    return Recognition(good / len(sample), "pf filterlog", doubt="times carry no zone; --tz names it" if yearless else "", yearless=yearless)


SOURCE = Source(
    name="pf",
    record=FLOW,
    recognise=recognise,
    read=read,
    references=("https://docs.netgate.com/pfsense/en/latest/monitoring/raw-filter-log-format.html",),
    specific=2,
)
"""One record a packet; what other programs say in the same log is unread."""
