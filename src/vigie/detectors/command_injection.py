"""Command and code injection: values that would run as a command, a program or a template of the page.

References:
    - CAPEC-88, CAPEC-242, CWE-78, CWE-94, CWE-502, CWE-917, CWE-1336.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.detectors.shell import command_in
from vigie.records import ACCESS


def confirm(reading: str, place: Place) -> Finding | None:
    """Decide whether a shell that read the value would run a command of the visitor's.

    Args:
        reading: one decoded reading of the value.
        place: where it stood; what programs write about themselves (agents, referrers) is full of semicolons, so more is asked of it.
    """
    found = command_in(reading, header=place.where in ("agent", "referrer", "path", "cookie"))
    if found is None:
        return None
    return Finding(f"command_injection.{found.shape}", found.text, found.confidence, kind="shell")


DETECTOR = Detector("command_injection.request", "command_injection", ACCESS, load_rules("command_injection"), confirm)
"""Commands are confirmed by what a shell would run; code, objects and templates by their patterns."""
