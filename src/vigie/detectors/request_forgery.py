"""Server-side request forgery.

References:
    -  values that make the server call an address:CAPEC-664, CWE-918.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("request_forgery.request", "request_forgery", ACCESS, load_rules("request_forgery"))
"""Rules decide alone."""
