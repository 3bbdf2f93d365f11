"""What is said of one address at one time, and the words for it.

An address is where the traffic left the network for us. It is not who sent it: behind a relay, somebody else did; where tables disagree, nobody
knows where it is; without a handshake, it may be forged.

References:
    - RFC 6890 (reserved space), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 (NAT64)
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

PLACED, RELAYED, DISPUTED, UNLOCATED, UNVERIFIED, MIXED = "placed", "relayed", "disputed", "unlocated", "unverified", "mixed"
REASONS: Final = (RELAYED, DISPUTED, UNLOCATED, UNVERIFIED, MIXED)
"""Why something cannot be placed: a relay; tables disagree, or only one knows it; no table knows it; no handshake, so that it may be forged; an
attack whose sources are in several places."""

TOR, VPN, PUBLIC_PROXY, RESIDENTIAL, PRIVATE_RELAY, TUNNEL, HOSTING, CDN = (
    "tor_exit", "vpn", "public_proxy", "residential_proxy", "private_relay", "tunnel", "hosting", "cdn",
)  # fmt: skip
RELAYS: Final = (TOR, VPN, PUBLIC_PROXY, RESIDENTIAL, PRIVATE_RELAY, TUNNEL, CDN, HOSTING)
"""Kinds of relay, the most telling first: where an address is several, the first one is shown."""

ACCESS, MOBILE, GOVERNMENT, EDUCATION = "access", "mobile", "government", "education"
NETWORK_KINDS: Final = (HOSTING, CDN, ACCESS, MOBILE, GOVERNMENT, EDUCATION)
"""What a network is for, where a table or its own name says so."""

ORIGIN: Final = pa.schema(
    [
        ("address", pa.string()),
        ("country", pa.string()),  # ISO 3166-1 alpha-2 in the first table that answers; null where none does
        ("countries", pa.string()),  # every country that a table says, the first table's first
        ("tables", pa.int8()),  # how many tables answered
        ("state", pa.string()),  # PLACED, RELAYED, DISPUTED or UNLOCATED
        ("disputed", pa.bool_()),  # tables that answer differ, or only one of the built-in ones answers
        ("asn", pa.uint32()),
        ("network", pa.string()),
        ("network_kind", pa.string()),  # one of NETWORK_KINDS; null when nothing says so
        ("relay", pa.string()),  # one of RELAYS; null when no list and no name says so
        ("relay_list", pa.string()),  # what says so: a list with its date, a table, or the network's name
        ("relay_days", pa.float32()),  # days between the list and the event; null where what says so has no date
        ("relay_checked", pa.bool_()),  # whether a dated list of relays covers the time
        ("reserved", pa.string()),  # why no table can know it: private, documentation, own …
        ("as_of", pa.date32()),  # date of the table that gives the country
    ]
)  # fmt: skip
"""One row for an address at a time."""
