"""Path traversal: values and paths that leave their folder, or name a file of the system.

References:
    - CAPEC-126, CWE-22, CWE-36.
"""

from __future__ import annotations

import re

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

_WORD_BESIDE = re.compile(r"(?:^|\s)[(\"'«]?[^\W\d_]{2,}[\"'»)]?[.,;:!?]?(?=\s|$)")
_NOT_PROSE = re.compile(r"[<>|`${}\x00]|;\S|\.\.[/\\]|file:|=\s?/|^\W{0,2}(?:/|[a-z]:[/\\])[^\s]*\s?$", re.IGNORECASE)


def confirm(reading: str, place: Place) -> Finding | None:
    """Decide whether a file is named to be opened, and not to be talked about.

    A sentence that names `/etc/hosts` opens nothing; a program that is handed `/etc/hosts` does.

    Args:
        reading: one decoded reading of the value.
        place: where it stood.
    """
    if place.where in ("query", "body", "name") and _WORD_BESIDE.search(reading) and not _NOT_PROSE.search(reading):
        return None
    return Finding("path_traversal.system_file", reading[:512], 0.8)


DETECTOR = Detector("path_traversal.request", "path_traversal", ACCESS, load_rules("path_traversal"), confirm)
"""Climbs by their patterns; files of the system unless a sentence only speaks of them."""
