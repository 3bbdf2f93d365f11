"""Attempts to use the server as an open proxy.

References:
    - CAPEC-219.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("proxy_probe.request", "proxy_probe", ACCESS, load_rules("proxy_probe"))
"""Rules decide alone."""
