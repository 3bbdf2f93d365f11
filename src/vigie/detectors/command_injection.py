"""Command and code injection.

References:
    -  shells, PHP, templates, Java lookups, stored objects:CAPEC-88, CAPEC-242, CWE-78, CWE-94.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("command_injection.request", "command_injection", ACCESS, load_rules("command_injection"))
"""Rules decide alone."""
