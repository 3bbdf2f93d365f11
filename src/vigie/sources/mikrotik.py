"""Packets that a MikroTik router's firewall logged: its own log (`/log print`, files on its disk) and what it sends to a syslog server.

The rule's prefix and its chain are free text and the only verdict. Other lines of the router quote what strangers typed (user names), so the
packet must reach from the chain to the end of the line, and where topics stand they must be the firewall's.

References:
    - https://help.mikrotik.com/docs/spaces/ROS/pages/328094/Log
    - https://help.mikrotik.com/docs/spaces/ROS/pages/48660574/Filter (log, log-prefix)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import FLOW
from vigie.sources.firewall_words import answering, answering_ping, flag_bits, flow_states, verdict
from vigie.sources.flow_columns import NO_ADDRESS, WITH_PORTS, distinct_addresses, flags_of, labels, transports
from vigie.sources.rows import NO_DATE, absent, arrow, assemble, reasons, sample_rows, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import NO_YEAR
from vigie.sources.times import civil, iso_times, with_year

NO_LINE: Final = "no line of a MikroTik firewall"
TIME_OF_DAY: Final = "tells the time of day, but no day; let the router log to a disk or a syslog server"
DAMAGED: Final = "a port is missing or no number"

_CLOCK: Final = r"\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?"
_ISO: Final = rf"\d{{4}}-\d{{2}}-\d{{2}}[T ]{_CLOCK}(?:Z|[+-]\d{{2}}:?\d{{2}})?"
_NAMED: Final = rf"[A-Za-z]{{3}}[ /]{{1,2}}\d{{1,2}}(?:/\d{{4}})? {_CLOCK}"
_WAY: Final = r"(?:\([a-z]+(?: \d+)?\)|[^ ,()]{1,64})"
_PLACE: Final = r"\[?[0-9A-Fa-f.:%]{2,64}\]?(?::\d{1,5})?"
_LINE: Final = (
    rf"^(?:<\d{{1,3}}>)?(?P<stamp>{_ISO}|{_NAMED}|{_CLOCK}) (?:(?:(?P<host>[^ ,]{{1,255}}) )?firewall(?:,[a-z]{{1,20}}){{0,4}}:? |(?P<sender>[^ ,]{{1,255}}) )"
    rf"(?P<prefix>.{{0,128}}?)(?P<chain>[A-Za-z][\w.-]{{0,63}}): in:(?P<inside>{_WAY}) out:(?P<outside>{_WAY}),?(?: [^>]{{0,200}}?)?,? ?"
    rf"proto (?P<protocol>[\w.-]{{1,20}})(?: \((?P<detail>[A-Za-z0-9, ]{{0,60}})\))?, (?P<source>{_PLACE})->(?P<destination>{_PLACE})"
    r"(?:, NAT [^ ]{1,200})?(?:, prio [^ ]{1,20})?, len (?P<length>\d{1,6})$"
)
_OTHER_TOPICS: Final = (
    rf"^(?:<\d{{1,3}}>)?(?:{_ISO}|{_NAMED}|{_CLOCK}) (?:[^ ,]{{1,255}} )?"
    r"(?:system|dhcp|interface|wireless|ipsec|pppoe|l2tp|account|script|dns)(?:,[a-z]{1,20}){1,4}:? "
)
_PORT: Final = r"^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$"
_STAMP: Final = (
    r"^(?P<name>[A-Za-z]{3})[ /]{1,2}(?P<day>\d{1,2})(?:/(?P<year>\d{4}))? (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?$"
)
_KIND: Final = r"^type (\d{1,3})\b"
_NOWHERE: Final = r"^\("

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
    parts = text_of(batch.column("line")).str.extract_groups(_LINE).struct.unnest()
    stamp = parts["stamp"].str.extract_groups(_STAMP).struct.unnest()
    bare = stamp["name"].is_not_null().to_numpy() & stamp["year"].is_null().to_numpy() & (not reading.year)
    seen = civil(with_year(stamp, reading), reading.timezone).fill_null(iso_times(parts["stamp"], reading.timezone))
    transport = transports(parts["protocol"])
    names = transport.cast(pa.string())
    source, destination = distinct_addresses(parts["source"]), distinct_addresses(parts["destination"])
    six = pl.Series(source).str.contains(":", literal=True).fill_null(value=False).to_numpy()
    name = pl.Series(names)
    tcp, ping = (name == "tcp").fill_null(value=False).to_numpy(), name.is_in(["icmp", "ipv6-icmp"]).fill_null(value=False).to_numpy()
    ports = [_port(parts[side], name) for side in ("source", "destination")]
    ported = name.is_in(list(WITH_PORTS)).fill_null(value=False).to_numpy()
    bits, flagged = _bits(parts["detail"], tcp)
    kind = parts["detail"].str.extract(_KIND).cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
    rule = parts["prefix"].str.strip_chars(" \t:")
    said = _verdicts(rule, parts["chain"])
    into, out = (~parts[way].str.contains(_NOWHERE).fill_null(value=True).to_numpy() for way in ("inside", "outside"))
    ones = np.ones(batch.num_rows, np.int64)
    lost = parts["chain"].is_null().to_numpy()
    addressed = pl.Series(source).is_not_null().to_numpy() & pl.Series(destination).is_not_null().to_numpy()
    portless = ported & (ports[0].is_null() | ports[1].is_null()).to_numpy()
    timeless = parts["stamp"].str.contains(rf"^{_CLOCK}$").fill_null(value=False).to_numpy()
    return assemble(
        batch,
        FLOW,
        {
            "seen_at": seen,
            "source_address": source,
            "source_port": ports[0],
            "destination_address": destination,
            "destination_port": ports[1],
            "network_transport": transport,
            "flow_state": flow_states(said.is_not_null().to_numpy(), answering(bits, flagged) | (ping & answering_ping(kind, six))),
            "connection_state": said,
            "tcp_flags": flags_of(bits, flagged),
            "source_packets": pa.array(ones),
            "source_bytes": parts["length"].cast(pl.Int64, strict=False),
            "rule_name": absent(rule),
            "event_kind": labels(ones, (None, "event")),
            "observer_name": parts["host"].fill_null(parts["sender"]),
            "network_direction": labels(np.where(into & ~out, 1, np.where(out & ~into, 2, 0)), (None, "inbound", "outbound")),
        },
        reasons(
            (lost, NO_LINE), (~addressed, NO_ADDRESS), (portless, DAMAGED), (timeless, TIME_OF_DAY), (bare, NO_YEAR),
            (seen.is_null().to_numpy(), NO_DATE),
        ),
    )


def _port(place: pl.Series, transport: pl.Series) -> pl.Series:
    """Ports of addresses with one; an IPv6 address without brackets has none."""
    number = place.str.extract(_PORT).cast(pl.Int32, strict=False)
    return number.set((number > 65_535).fill_null(value=False) | transport.is_in(["icmp", "ipv6-icmp"]), None)


def _bits(detail: pl.Series, tcp: Marks) -> tuple[Ints, Marks]:
    """Bits of TCP flags in what stands in brackets behind the protocol, and where they are told."""
    encoded = arrow(detail.fill_null("?")).dictionary_encode()
    bits = flag_bits([text.replace(",", " ") for text in encoded.dictionary.to_pylist()])[np.asarray(encoded.indices)]
    return bits, tcp & (bits >= 0)


def _verdicts(rule: pl.Series, chain: pl.Series) -> pl.Series:
    """Words of the prefix, else of the chain, that say that a packet was stopped; distinct ones are looked at one by one."""
    encoded = arrow(rule + " " + chain).dictionary_encode()
    words = pa.array([verdict(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pl.Series(words.take(encoded.indices))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim packets of a MikroTik's firewall; its lines of other topics count neither for nor against."""
    if not any(b": in:" in line[:1024] for line in sample):
        return None
    batch = sample_rows(sample)
    found = read(batch, Reading(year=2000))
    good = found.column("unread").null_count
    if not good:
        return None
    topics = text_of(batch.column("line")).str.contains(_OTHER_TOPICS)
    yearless = read(batch, Reading()).column("unread").to_pylist().count(NO_YEAR) * 2 > good
    zoneless = pl.Series([line[:64].decode("latin-1") for line in sample]).str.contains(rf"{_CLOCK}(?:Z|[+-]\d{{2}}:?\d{{2}})").sum() * 2 < good
    untold = (len(found) - found.column("connection_state").cast(pa.string()).null_count) * 2 < good
    doubts = ["times carry no zone; --tz names it"] if zoneless else []
    doubts += ["the rules' prefixes do not say what became of the packets"] if untold else []
    return Recognition(good / max(len(sample) - int(topics.sum()), good, 1), "MikroTik firewall", doubt="; ".join(doubts), yearless=yearless)


SOURCE = Source(
    name="mikrotik",
    record=FLOW,
    recognise=recognise,
    read=read,
    references=("https://help.mikrotik.com/docs/spaces/ROS/pages/328094/Log",),
    specific=2,
)
"""One record a packet; the router's lines of other topics are unread."""
