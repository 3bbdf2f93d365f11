"""Suricata's EVE JSON: flows, alerts and anomalies. The other types of events (DNS, HTTP, TLS, statistics …) are not looked at.

A flow is seen when it began, an alert or an anomaly when it was raised: both are the sensor's judgement of a flow that has an event of its own.
Where an alert tells which side began the flow, its addresses stand in that order, whichever packet raised it.

References:
    - https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.records.flow import DROPPED, ESTABLISHED
from vigie.sources.flow_columns import (
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
    numbers,
    ports,
    transports,
)
from vigie.sources.flow_outcomes import OUTCOMES, conversations, first_flags
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.moment import moments
from vigie.sources.rows import absent, arrow, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_EVENT: Final = "no event of EVE"
"""Why an object without a type of event is unread."""
LOOKED_AT: Final = ("flow", "alert", "anomaly")
_FLOW: Final = tuple(
    f"/flow/{name}" for name in (
        "start", "end", "state", "action", "pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "src_ip", "src_port", "dest_ip", "dest_port",
    )
)  # fmt: skip
_POINTERS: Final = (
    "/timestamp", "/event_type", "/src_ip", "/src_port", "/dest_ip", "/dest_port", "/proto", "/app_proto", "/host", *_FLOW, "/tcp/tcp_flags_ts",
    "/tcp/tcp_flags_tc", "/alert/signature", "/alert/signature_id", "/alert/action", "/anomaly/event", "/anomaly/type",
)  # fmt: skip
_SAMPLE: Final = re.compile(rb'"event_type"\s*:\s*"')
_MARKS: Final = re.compile(rb'"(?:flow_id|src_ip|stats|in_iface|pcap_cnt|engine)"\s*:')
_HEX: Final = re.compile(r"[0-9A-Fa-f]{1,2}\Z")
_TYPE: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}\Z")
_MOST_TYPES: Final = 64


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    value = found.values
    kind = encode(pc.fill_null(value["/event_type"], ""))
    flow, judged = in_words(kind, ("flow",)), in_words(kind, ("alert", "anomaly"))
    transport = transports(value["/proto"])
    source, destination, here, there = _ends(value)
    ping = in_words(transport, PINGS)
    states, flags = _outcomes(value, transport, flow)
    columns = {
        "seen_at": _seen(value, flow, reading.timezone),
        "event_duration": _duration(value, flow, reading.timezone),
        "source_address": source,
        "source_port": pc.if_else(pa.array(ping), None, here),
        "destination_address": destination,
        "destination_port": pc.if_else(pa.array(ping), None, there),
        "network_transport": transport,
        "network_protocol": absent(value["/app_proto"]),
        "flow_state": states,
        "connection_state": pc.coalesce(value["/flow/state"], value["/alert/action"]),
        "tcp_flags": flags,
        "source_packets": _counted(value, "/flow/pkts_toserver"),
        "source_bytes": _counted(value, "/flow/bytes_toserver"),
        "destination_packets": _counted(value, "/flow/pkts_toclient"),
        "destination_bytes": _counted(value, "/flow/bytes_toclient"),
        "rule_name": pc.coalesce(value["/alert/signature"], value["/alert/signature_id"], value["/anomaly/event"]),
        "event_kind": labels(judged.astype(np.int64), ("event", "alert")),
        "observer_name": absent(value["/host"]),
    }
    return flow_rows(batch, columns, (~found.read, NO_OBJECT), *_unlooked(kind))


def _unlooked(kind: pa.DictionaryArray) -> list[tuple[Marks, str]]:
    """Why events of other types are unread; the reason names the type."""
    types = [word for word in kind.dictionary.to_pylist() if word not in LOOKED_AT and _TYPE.match(word)][:_MOST_TYPES]
    named = [(in_words(kind, (word,)), f"event type {word} is not looked at") for word in types]
    return [*named, (~in_words(kind, LOOKED_AT), NO_EVENT)]


def _ends(value: Mapping[str, pa.Array]) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Addresses and ports of source and destination: those of the flow where an alert tells them."""
    source, destination = (distinct_addresses(value[name]) for name in ("/src_ip", "/dest_ip"))
    here, there = (ports(numbers(value[name], pa.int64())) for name in ("/src_port", "/dest_port"))
    first, last = (distinct_addresses(value[name]) for name in ("/flow/src_ip", "/flow/dest_ip"))
    told = pc.and_(pc.is_valid(first), pc.is_valid(last))
    if not pc.any(told).as_py():
        return source, destination, here, there
    from_, to = (ports(numbers(value[name], pa.int64())) for name in ("/flow/src_port", "/flow/dest_port"))
    return pc.if_else(told, first, source), pc.if_else(told, last, destination), pc.if_else(told, from_, here), pc.if_else(told, to, there)


def _counted(value: Mapping[str, pa.Array], name: str) -> pa.Array:
    return counts(numbers(value[name], pa.int64()))


def _seen(value: Mapping[str, pa.Array], flow: Marks, zone: str) -> pa.Array:
    raised = arrow(moments(pl.Series(value["/timestamp"]), zone))
    return pc.if_else(pa.array(flow), pc.coalesce(arrow(moments(pl.Series(value["/flow/start"]), zone)), raised), raised)


def _duration(value: Mapping[str, pa.Array], flow: Marks, zone: str) -> pa.Array:
    begin, end = (moments(pl.Series(value[name]), zone).cast(pl.Int64) for name in ("/flow/start", "/flow/end"))
    lasted = arrow(end - begin)
    return pc.if_else(pc.and_(pa.array(flow), pc.greater_equal(lasted, 0)), lasted, None)


def _outcomes(value: Mapping[str, pa.Array], transport: pa.DictionaryArray, flow: Marks) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """What became of flows and with which flags they began; what became of an alert's flow is told by the flow's own event."""
    tcp = in_words(transport, ("tcp",))
    mine, yours = (_bits(value[name]) for name in ("/tcp/tcp_flags_ts", "/tcp/tcp_flags_tc"))
    sent, back = (np.asarray(pc.fill_null(_counted(value, name), -1)) for name in ("/flow/pkts_toserver", "/flow/pkts_toclient"))
    state = encode(value["/flow/state"])
    outcome = conversations(tcp, mine, yours, back)
    outcome[tcp & (mine < 0) & in_words(state, ("established",))] = OUTCOMES.index(ESTABLISHED)
    stopped = in_words(encode(value["/flow/action"]), ("drop",)) | in_words(encode(value["/alert/action"]), ("blocked",))
    words = (*OUTCOMES, DROPPED)
    bits, known = first_flags(tcp, mine, sent, yours)
    return labels(np.where(stopped, len(OUTCOMES), np.where(flow, outcome, 0)), words), flags_of(bits, known & flow)


def _bits(texts: pa.Array) -> Ints:
    """Flags in hexadecimal digits; -1 where there are none."""
    encoded = encode(texts)
    values = [int(text, 16) if _HEX.match(text) else -1 for text in encoded.dictionary.to_pylist()]
    bits: Ints = np.array([*values, -1], np.int64)[np.asarray(pc.fill_null(encoded.indices, -1))]
    return bits


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that are EVE's events, of whatever type: a sensor writes far more about DNS and TLS than about flows."""
    share = sum(line.lstrip()[:1] == b"{" and bool(_SAMPLE.search(line) and _MARKS.search(line)) for line in sample) / len(sample)
    return Recognition(share, "Suricata EVE") if share else None


SOURCE = Source(
    "suricata", FLOW, recognise, read, references=("https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",), specific=3
)
"""One record for each flow, alert or anomaly; events of other types are unread, each with its type."""
