"""Flow logs of AWS VPCs: version 2 without a header, or fields of one's own choice as the header line of a file names them.

Each direction of a connection is a line of its own, and what a rule let pass may still have been refused by the host: `ACCEPT` is untold,
`REJECT` is dropped. Of the flags AWS notes SYN, SYN with ACK, FIN and RST, added up over up to ten minutes.

References:
    - https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
    - https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW, LINE
from vigie.records.flow import DROPPED, REPLY, UNTOLD
from vigie.records.schema import same
from vigie.sources.delimited import DECIMAL, TEXT, WHOLE
from vigie.sources.flow_columns import (
    ACK,
    PINGS,
    RST,
    SYN,
    Ints,
    Marks,
    counts,
    distinct_addresses,
    flags_of,
    flow_rows,
    in_words,
    instants,
    labels,
    micros,
    ports,
    relabel,
    transports,
)
from vigie.sources.headed import bare, read_headed
from vigie.sources.rows import sample_rows
from vigie.sources.source import HEADER_LINE, Reading, Recognition, Source

NO_TRAFFIC: Final = "NODATA: no traffic in this interval, so nothing to read"
SKIPPED: Final = "SKIPDATA: AWS skipped flows here, so this log is blind for an interval"
_FIELDS: Final = {
    "srcaddr": TEXT, "dstaddr": TEXT, "pkt-srcaddr": TEXT, "pkt-dstaddr": TEXT, "srcport": WHOLE, "dstport": WHOLE, "protocol": TEXT, "packets": WHOLE,
    "bytes": WHOLE, "start": DECIMAL, "end": DECIMAL, "action": TEXT, "log-status": TEXT, "tcp-flags": WHOLE, "flow-direction": TEXT,
}  # fmt: skip
_DEFAULT: Final = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
_HEADER: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?: [a-z][a-z0-9]*(?:-[a-z0-9]+)*){3,63}\Z")
_HEADER_LINE: Final = r"^[a-z][a-z0-9-]* [a-z][a-z0-9-]* [a-z]"
_EXPORTED: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z "
_DIRECTIONS: Final = {"ingress": "inbound", "egress": "outbound"}
_FIRST: Final = 50
"""Lines of a sample among which its header must be."""
_SPACES: Final = (13, 14)
"""Spaces in a line of the default fields, without and with CloudWatch's time."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines, each by the last header line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row; empty for the default fields.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order; header lines are unread.
    """
    return read_headed(_without_export_times(batch), reading, _HEADER_LINE, _names, _FIELDS, _rows, b" ")


def _rows(batch: pa.RecordBatch, field: dict[str, pa.Array], named: frozenset[str], reading: Reading) -> pa.RecordBatch:
    del reading  # times are seconds of the epoch
    transport = transports(field["protocol"])
    ping = in_words(transport, PINGS)
    here, there = (pc.if_else(pa.array(ping), None, ports(field[name])) for name in ("srcport", "dstport"))
    begin, end = micros(field["start"]), micros(field["end"])
    bits, known = _flags(field["tcp-flags"], in_words(transport, ("tcp",)))
    rejected = in_words(field["action"], ("REJECT",))
    columns = {
        "seen_at": instants(field["start"]),
        "event_duration": pc.if_else(pc.greater_equal(pc.subtract(end, begin), 0), pc.subtract(end, begin), None),
        "source_address": _addresses(field["pkt-srcaddr"], field["srcaddr"]),
        "source_port": here,
        "destination_address": _addresses(field["pkt-dstaddr"], field["dstaddr"]),
        "destination_port": there,
        "network_transport": transport,
        "flow_state": labels(np.select([rejected, _answers(bits, known)], [1, 2], 0), (UNTOLD, DROPPED, REPLY)),
        "connection_state": field["action"],
        "tcp_flags": flags_of(np.maximum(bits, 0), known),
        "source_packets": counts(field["packets"]),
        "source_bytes": counts(field["bytes"]),
        "event_kind": same("event", batch.num_rows),
        "network_direction": relabel(field["flow-direction"], [_DIRECTIONS.get(word) for word in field["flow-direction"].dictionary.to_pylist()]),
    }
    status = field["log-status"]
    blind = ((in_words(status, ("NODATA",)), NO_TRAFFIC), (in_words(status, ("SKIPDATA",)), SKIPPED))
    return flow_rows(batch, columns, *blind, ports_needed={"srcport", "dstport"} <= named)


def _addresses(packet: pa.Array, interface: pa.Array) -> pa.Array:
    """Addresses in the packet where the log has those: the interface's own may be a gateway's or a balancer's."""
    near = distinct_addresses(interface)
    return near if packet.null_count == len(packet) else pc.coalesce(distinct_addresses(packet), near)


def _flags(sums: pa.Array, tcp: Marks) -> tuple[Ints, Marks]:
    """Flags of the first packet: a SYN (with ACK or without) came first; a RST counts where it was alone; of others AWS tells too little."""
    bits = np.asarray(pc.fill_null(sums, -1))
    opened = (bits >= 0) & (bits & SYN > 0)
    return np.where(opened, bits & (SYN | ACK), bits), tcp & (opened | (bits == RST))


def _answers(bits: Ints, known: Marks) -> Marks:
    answers: Marks = known & ((bits == (SYN | ACK)) | (bits == RST))
    return answers


def _without_export_times(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lines without the time that CloudWatch puts before them when it exports."""
    lines = batch.column("line")
    dated = np.asarray(pc.match_substring_regex(pc.binary_slice(lines, 0, 40), _EXPORTED))
    if not dated.any():
        return batch
    bare = pc.replace_substring_regex(lines.filter(pa.array(dated)), _EXPORTED, "", max_replacements=1)
    return batch.set_column(3, LINE.schema.field("line"), pc.replace_with_mask(lines, pa.array(dated), bare))


def _names(header: str) -> list[str]:
    """Names of the fields of a header line, the default ones where there is none; none when it is no header of flows."""
    names = (header or _DEFAULT).split(" ") if not header or _HEADER.match(header) else []
    ends = {name.removeprefix("pkt-") for name in names}
    return names if {"srcaddr", "dstaddr", "start"} <= ends else []


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a header in the sample explains, and lines of the default fields."""
    header = next((text for text in (bare(line) for line in sample[:_FIRST]) if text and _names(text)), "")
    if not header and not any(line.count(b" ") in _SPACES for line in sample):
        return None
    found = read(sample_rows(sample), Reading(layout=header)).column("unread").to_pylist()
    bodies = [reason for reason in found if reason != HEADER_LINE]
    share = sum(reason in (None, NO_TRAFFIC, SKIPPED) for reason in bodies) / len(bodies) if bodies else 1.0
    return Recognition(share, "AWS VPC flow", header or _DEFAULT) if share else None


SOURCE = Source(
    name="aws_vpc_flow",
    record=FLOW,
    recognise=recognise,
    read=read,
    header=b"version ",
    references=(
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html",
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html",
    ),
    specific=2,
)
"""One record for each direction of a connection and interval."""
