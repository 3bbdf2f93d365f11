"""Every kind of run, and how often it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vigie.demo import doors, injections, searches
from vigie.demo.runs import Run, Scene

WORDPRESS_ONLY: Final = (
    doors.wordpress,
    doors.remote_control,
    doors.remote_guessing,
    doors.guessing,
    doors.slow_guessing,
)
"""Runs that need a WordPress: they go to the campaign's own site."""

PROFILES: Final[tuple[tuple[Callable[[Scene], Run], float], ...]] = (
    (searches.secrets, 22),
    (injections.sqlmap, 6),
    (injections.sql_list, 8),
    (injections.scripting, 7),
    (injections.traversal, 7),
    (injections.inclusion, 4),
    (injections.commands, 5),
    (injections.header_commands, 4),
    (injections.forgery, 3),
    (searches.discovery, 4.5),
    (searches.discovery_with_secrets, 1),
    (doors.wordpress, 11),
    (doors.remote_control, 2),
    (doors.remote_guessing, 1),
    (doors.guessing, 6),
    (doors.slow_guessing, 0.4),
    (searches.banners, 7),
    (searches.proxies, 4),
    (searches.other_protocols, 6),
    (searches.nikto, 1),
    (searches.nuclei, 1.2),
)
"""Each kind of run, and its weight among the day's runs."""
