"""A connection, a packet that a firewall spoke of, or the flow of one conversation."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

ESTABLISHED, REFUSED, UNANSWERED, DROPPED, REPLY, UNTOLD = "established", "refused", "unanswered", "dropped", "reply", "untold"
STATES: Final = (ESTABLISHED, REFUSED, UNANSWERED, DROPPED, REPLY, UNTOLD)
"""What became of it: a service answered; the host said no; nobody answered; a firewall stopped it; it is itself an answer to something that
was not seen to begin (backscatter); the log does not tell."""

FLOW = record(
    "flow",
    ("seen_at", TIME),  # start of the connection, or the time of the packet
    ("event_duration", pa.int64()),  # microseconds
    ("source_address", TEXT),  # canonical text
    ("source_port", pa.int32()),
    ("destination_address", TEXT),
    ("destination_port", pa.int32()),
    ("network_transport", LABEL),  # tcp, udp, icmp, ipv6-icmp …, lower case; the protocol's number where it has no name here
    ("network_protocol", LABEL),  # http, ssh, dns … where the sensor recognised one
    ("flow_state", LABEL),  # one of `STATES`, never null
    ("connection_state", LABEL),  # in the log's own words: S0, REJ, ACCEPT, closed …
    ("tcp_flags", LABEL),  # of the first packet: letters of FSRPAU in this order, "" for none; null when the log does not tell
    ("source_packets", pa.int64()),
    ("source_bytes", pa.int64()),
    ("destination_packets", pa.int64()),
    ("destination_bytes", pa.int64()),
    ("packet_fingerprint", LABEL),  # "length window ttl", the ttl rounded up to 32, 64, 128 or 255; null when the log does not tell
    ("packet_id", pa.int64()),  # IP identification, by which one packet logged by two rules is known
    ("rule_name", LABEL),  # prefix of the firewall rule, or signature of an alert
    ("event_kind", LABEL),  # "event", or "alert" where a sensor judges
    ("observer_name", TEXT),  # host that wrote the line
    ("network_direction", LABEL),  # inbound, outbound, internal, where the log tells
)
"""Time, addresses and `flow_state` are always there; every other column may be null: null says that the log does not hold it."""
