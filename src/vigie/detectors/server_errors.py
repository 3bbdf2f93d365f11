"""Errors of databases, PHP and shells in a web server's error log that betray an injection: it reached what it was meant for.

The patterns begin where the message does: what a visitor writes into a path or a name stands behind other words.

References:
    - CWE-209; OWASP Web Security Testing Guide 4.2, WSTG-ERRH-01.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import Rule, load_rules
from vigie.records import NOTICE

_RULES = load_rules("server_errors")


def _of(family: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in _RULES if rule.id.startswith(family + "."))


DETECTORS = tuple(
    Detector(f"{family}.server_error", family, NOTICE, _of(family))
    for family in ("sql_injection", "path_traversal", "file_inclusion", "command_injection")
)
"""One for each family. An error is a hint, not a proof: a careless page makes some of these by itself."""
