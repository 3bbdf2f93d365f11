"""Addresses that nobody owns, so that the story can accuse nobody.

References:
    - RFC 5737 and RFC 3849: documentation (attackers, and a part of 2001:db8::/32 for visitors).
    - RFC 2544: benchmarks, 198.18.0.0/15 (visitors).
"""

from __future__ import annotations

import random
from typing import Final

PEOPLE: Final = (
    "203.0.113.241",
    "203.0.113.242",
    "203.0.113.243",
    "203.0.113.244",
    "2001:db8:bad:f0::5",
    "203.0.113.246",
)
"""Patient people, kept apart from the crowd of tools."""

CROWD: Final = (
    *(f"{net}.{host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(1, 240)),
    *(f"2001:db8:bad:{network:x}::{host:x}" for network in range(1, 25) for host in (1, 9, 0x1F, 0x2A)),
)
"""Sources of tools and of unnamed attacks."""

FLOODERS: Final = tuple(f"2001:db8:b0b:{network:x}::{7 * network % 0xFFF + 1:x}" for network in range(1, 251))
"""Sources of floods, kept apart from the crowd of tools."""

SERVER: Final = "198.18.0.1"
MONITOR: Final = "198.18.0.20"
EDITORS: Final = ("198.18.1.11", "198.18.1.12", "198.18.1.13", "2001:db8:0:51::e4")
ROBOTS: Final = ("198.18.8.66", "198.18.8.67", "198.18.9.5", "198.18.10.31", "198.18.11.90")
READERS: Final = ("198.18.12.4", "198.18.13.77", "2001:db8:0:99::feed")


def visitor(dice: random.Random) -> str:
    """The address of one visitor; one in eight has IPv6."""
    if dice.random() < 0.12:
        return f"2001:db8:{dice.randrange(1, 0xFF):x}:{dice.randrange(0x10000):x}::{dice.randrange(1, 0x10000):x}"
    return f"198.{dice.choice((18, 19))}.{dice.randrange(16, 256)}.{dice.randrange(1, 255)}"
