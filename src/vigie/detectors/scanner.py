"""Tools that give their own name in the agent.

References:
    - CAPEC-310, T1595.002.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("content_discovery.scanner", "content_discovery", ACCESS, load_rules("scanner"))
"""Rules decide alone."""
