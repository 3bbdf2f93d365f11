"""Path traversal.

References:
    -  values and paths that leave their folder:CAPEC-126, CWE-22.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

DETECTOR = Detector("path_traversal.request", "path_traversal", ACCESS, load_rules("path_traversal"))
"""Rules decide alone."""
