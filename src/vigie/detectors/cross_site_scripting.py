"""Cross-site scripting.

References:
    -  values that bring script into the page:CAPEC-63, CWE-79.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("cross_site_scripting.request", "cross_site_scripting", ACCESS, load_rules("cross_site_scripting"))
"""Rules decide alone."""
