"""File inclusion.

References:
    -  values that make a page open a stream or another server's file:CAPEC-193, CAPEC-252, CWE-98.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("file_inclusion.request", "file_inclusion", ACCESS, load_rules("file_inclusion"))
"""Rules decide alone."""
