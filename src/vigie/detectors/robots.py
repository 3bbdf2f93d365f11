"""Clients that say that they are robots: search engines, feed readers, monitors. What a client says of itself proves nothing more."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

ROBOT_AGENT: Final = r"(?i)bot\b|bot[/;_-]|crawl|spider|slurp|archiver|facebookexternalhit|feed|rss|monitor|preview|validator|link ?check"
"""Agents of such clients."""
_FALSE: Final = pa.scalar(False)


def robots(agents: pa.Array) -> pa.Array:
    """Say of each agent text whether it is a robot's; equal ones are looked at once.

    Args:
        agents: texts; null is no robot's.

    Returns:
        one boolean each.
    """
    encoded = agents.dictionary_encode()
    return pc.fill_null(pc.match_substring_regex(encoded.dictionary, ROBOT_AGENT).take(encoded.indices), _FALSE)
