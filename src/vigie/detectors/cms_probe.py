"""Probes of content systems.

References:
    -  WordPress above all:CAPEC-541, T1592.002.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("cms_probe.request", "cms_probe", ACCESS, load_rules("cms_probe"))
"""Rules decide alone."""
