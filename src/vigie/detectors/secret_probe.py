"""Probes for secrets, backups, administration pages and publicly known holes.

References:
    - CAPEC-54, CAPEC-87.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("secret_probe.request", "secret_probe", ACCESS, load_rules("secret_probe"))
"""Rules decide alone."""
