"""Techniques by id and name: ATT&CK for what logs show, DISARM for what posts show. Only what a family is by its definition; the rules of a family add theirs.

References:
    - https://attack.mitre.org/ (MITRE ATT&CK, ids and names)
    - https://www.disarm.foundation/framework (DISARM, ids and names)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vigie.social.disarm import TECHNIQUES

ATTACK: Final[Mapping[str, str]] = {
    "T1027": "Obfuscated Files or Information", "T1046": "Network Service Discovery", "T1059": "Command and Scripting Interpreter", "T1059.004": "Unix Shell",
    "T1078": "Valid Accounts", "T1083": "File and Directory Discovery", "T1090": "Proxy", "T1110": "Brute Force", "T1110.001": "Password Guessing",
    "T1110.003": "Password Spraying", "T1189": "Drive-by Compromise", "T1190": "Exploit Public-Facing Application", "T1498": "Network Denial of Service",
    "T1499": "Endpoint Denial of Service", "T1552.001": "Credentials In Files", "T1566": "Phishing", "T1589.003": "Employee Names",
    "T1592.002": "Software", "T1595": "Active Scanning", "T1595.001": "Scanning IP Blocks", "T1595.002": "Vulnerability Scanning", "T1595.003": "Wordlist Scanning",
}  # fmt: skip
"""Id → name."""

DISARM: Final[Mapping[str, str]] = TECHNIQUES
"""Id → name. Aims are intentions and are never told by a program."""

OF_FAMILY: Final[Mapping[str, tuple[str, ...]]] = {
    "sql_injection": ("T1190",), "cross_site_scripting": ("T1190",), "path_traversal": ("T1190", "T1083"), "file_inclusion": ("T1190",),
    "command_injection": ("T1190", "T1059"), "request_forgery": ("T1190",), "secret_probe": ("T1595.003", "T1552.001"), "cms_probe": ("T1595.002",),
    "login_guessing": ("T1110",), "content_discovery": ("T1595.003",), "proxy_probe": ("T1595", "T1090"), "protocol_abuse": ("T1595",),
    "denial_of_service": ("T1499",), "port_scan": ("T1595.001", "T1046"), "database_access": ("T1110",), "remote_login": ("T1110",), "phishing": ("T1566",),
}  # fmt: skip
"""What each family is by its definition; the first one is what its sources are said to indicate."""

OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "spraying": ("T1110.003",), "guessing": ("T1110.001",), "valid_credential": ("T1078",), "success_after_failures": ("T1078",),
}  # fmt: skip
"""What a kind adds."""


def techniques_of(family: str, kinds: tuple[str, ...] = (), ids: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Techniques of a family: its own, those of its kinds and those of rules that spoke, each known by name, in order and once."""
    found = dict.fromkeys((*OF_FAMILY.get(family, ()), *(one for kind in kinds for one in OF_KIND.get(kind, ())), *ids))
    return tuple(one for one in found if one in ATTACK or one in DISARM)


def name_of(technique: str) -> str:
    """Name of a technique.

    Raises:
        KeyError: nobody knows it.
    """
    return ATTACK[technique] if technique in ATTACK else DISARM[technique]
