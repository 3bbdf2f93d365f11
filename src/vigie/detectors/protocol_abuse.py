"""Requests that are no web requests, and methods browsers never use.

References:
    - CAPEC-272.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("protocol_abuse.request", "protocol_abuse", ACCESS, load_rules("protocol_abuse"))
"""Rules decide alone."""
