"""From the fields of Zeek's connections to rows of `FLOW`, however they were written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records.schema import same
from vigie.sources.delimited import DECIMAL, TEXT, WHOLE
from vigie.sources.flow_columns import (
    PINGS,
    Ints,
    Marks,
    counts,
    distinct_addresses,
    encode,
    flow_rows,
    in_words,
    labels,
    micros,
    ports,
    transports,
)
from vigie.sources.zeek_states import outcome

FIELDS: Final = {
    "id.orig_h": TEXT, "id.orig_p": WHOLE, "id.resp_h": TEXT, "id.resp_p": WHOLE, "proto": TEXT, "service": TEXT, "duration": DECIMAL, "orig_bytes": WHOLE,
    "resp_bytes": WHOLE, "conn_state": TEXT, "local_orig": TEXT, "local_resp": TEXT, "history": TEXT, "orig_pkts": WHOLE, "orig_ip_bytes": WHOLE,
    "resp_pkts": WHOLE, "resp_ip_bytes": WHOLE, "_system_name": TEXT,
}  # fmt: skip
"""Fields of a connection that are looked at, besides its time, and what they hold."""
_DIRECTIONS: Final = (None, "outbound", "inbound", "internal")


def rows_of(batch: pa.RecordBatch, seen: pa.Array, found: Mapping[str, pa.Array], *earlier: tuple[Marks, str]) -> pa.RecordBatch:
    """Rows of `FLOW`.

    Args:
        batch: the rows of `LINE` that were read, as many as there are connections.
        seen: when each began.
        found: name of `FIELDS` → values, null where unset; names that the log does not have are absent.
        earlier: reasons that come before those of `flow_rows`.
    """
    count = batch.num_rows
    field = {name: found[name] if name in found else pa.nulls(count, kind) for name, kind in FIELDS.items()}
    transport = transports(field["proto"])
    here, there = ports(field["id.orig_p"]), ports(field["id.resp_p"])
    sent, answered = counts(field["orig_pkts"]), counts(field["resp_pkts"])
    ping = in_words(transport, PINGS)
    kind = np.where(ping, np.asarray(pc.fill_null(here, -1)), -1) + 1
    outcomes, flags = _outcomes(transport, field["conn_state"], field["history"], _told(sent), _told(answered), kind, told="history" in found)
    columns = {
        "seen_at": seen,
        "event_duration": micros(field["duration"]),
        "source_address": distinct_addresses(field["id.orig_h"]),
        "source_port": pc.if_else(pa.array(ping), None, here) if ping.any() else here,  # a message type
        "destination_address": distinct_addresses(field["id.resp_h"]),
        "destination_port": pc.if_else(pa.array(ping), None, there) if ping.any() else there,
        "network_transport": transport,
        "network_protocol": encode(field["service"]),
        "flow_state": outcomes,
        "connection_state": encode(field["conn_state"]),
        "tcp_flags": flags,
        "source_packets": sent,
        "source_bytes": counts(field["orig_ip_bytes" if "orig_ip_bytes" in found else "orig_bytes"]),
        "destination_packets": answered,
        "destination_bytes": counts(field["resp_ip_bytes" if "resp_ip_bytes" in found else "resp_bytes"]),
        "event_kind": same("event", count),
        "observer_name": field["_system_name"].cast(pa.string()),
        "network_direction": _directions(field["local_orig"], field["local_resp"]),
    }
    return flow_rows(batch, columns, *earlier)


def _outcomes(
    transport: pa.DictionaryArray, state: pa.DictionaryArray, history: pa.DictionaryArray, sent: Ints, answered: Ints, kind: Ints, *, told: bool
) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """State and first flags; each combination of transport, state, history and answers is looked at once."""
    encoded = [encode(column) for column in (transport, state, history)]
    parts = [*(np.asarray(pc.fill_null(column.indices, -1)).astype(np.int64) + 1 for column in encoded), sent, answered, kind]
    key = np.zeros(len(kind), np.int64)
    for part in parts:
        key = key * (int(part.max(initial=0)) + 1) + part
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    words = [["", *("" if word is None else word for word in column.dictionary.to_pylist())] for column in encoded]
    made = []
    for row in first.tolist():
        protocol, name, letters = (word[int(part[row])] for word, part in zip(words, parts[:3], strict=True))
        asked, back = ({1: False, 2: True}.get(int(part[row])) for part in (sent, answered))
        made.append(outcome(protocol, name, letters if told else None, asked, back, int(kind[row]) - 1 if kind[row] else None))
    states, flags = [pa.array([one[place] for one in made], pa.string()).dictionary_encode() for place in (0, 1)]
    places = pa.array(inverse.reshape(-1))
    return states.take(places), flags.take(places)


def _told(packets: pa.Array) -> Ints:
    """0 where it is not told, 1 for none, 2 for some."""
    number = np.asarray(pc.fill_null(packets, -1))
    told: Ints = np.sign(number).astype(np.int64) + 1
    return told


def _directions(here: pa.Array, there: pa.Array) -> pa.DictionaryArray:
    mine, yours = encode(here), encode(there)
    ours = [in_words(column, ("T", "true")) for column in (mine, yours)]
    others = [in_words(column, ("F", "false")) for column in (mine, yours)]
    return labels(np.select([ours[0] & others[1], others[0] & ours[1], ours[0] & ours[1]], [1, 2, 3], 0), _DIRECTIONS)
