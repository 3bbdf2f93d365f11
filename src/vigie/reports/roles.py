"""What an address may be for others: to be looked for, only to be told, or neither.

An indicator is loaded into other people's firewalls and alarms. So what may be forged, what innocent people share, what is one's own, and what was only
one of many visitors in a flood never becomes one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Final

from vigie.reports.facts import INDICATOR, OBSERVED, WITHHELD

OWN, PARTNER, PRIVATE, FORGED, RELAY, FLOOD = "own", "partner", "private", "forged", "relay", "flood"
WHY: Final = (OWN, PARTNER, PRIVATE, FORGED, RELAY, FLOOD)
"""Why an address is no indicator, the weightiest reason first."""

_TELLING: Final = (None, "documentation", "benchmarks")
"""What the tables may say of an address that is told: nothing, or what nobody owns."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks of a list that holds only such."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address, those: Sequence[Network]) -> bool:
    """Whether an address is in one of some networks."""
    return any(address in one for one in those if one.version == address.version)


def role_of(row: Mapping[str, object], ours: Sequence[Network], partners: Sequence[Network], *, identified: bool = False) -> tuple[str, str]:
    """Role and reason of one source.

    Args:
        row: `address` (a valid one), `reserved`, `relay`, `verified` (a handshake was seen in some attack), `own` (a host that regularly gets in), `families`.
        ours: one's own networks.
        partners: of partners, monitors, search engines.
        identified: personal data were asked for, so that addresses of a flood, among which visitors may be, are told too.

    Returns:
        a role, and one of `WHY` or "".
    """
    address = ipaddress.ip_address(str(row["address"]))
    families = row["families"] if isinstance(row["families"], (list, tuple)) else ()
    if row["own"] or row["reserved"] == "own" or inside(address, ours):
        return WITHHELD, OWN
    if inside(address, partners):
        return WITHHELD, PARTNER
    if row["reserved"] not in _TELLING:
        return WITHHELD, PRIVATE
    if not row["verified"]:
        return WITHHELD, FORGED
    if row["relay"]:
        return OBSERVED, RELAY
    if set(families) == {"denial_of_service"}:
        return (OBSERVED if identified else WITHHELD), FLOOD
    return INDICATOR, ""
