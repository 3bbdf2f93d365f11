"""File inclusion: values that make a page open a stream, or a program from another server.

References:
    - CAPEC-193, CAPEC-252, CAPEC-194, CWE-98, CWE-829, CWE-601.
    - RFC 3986, 3.2 Authority: what stands before `@` is user information, not the host.
"""

from __future__ import annotations

import re

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

_USER_INFORMATION = re.compile(r"^\s*(?:(?:https?|ftps?):)?[/\\]{2,3}([^/\\\s?#]{1,100}|[^/\s?#]{1,100}\\)@(?!$)[\w.\[-]", re.IGNORECASE)
_HIDDEN_SLASH = re.compile(r"//[^/\s?#]{1,100}%(?:25)?2f[^/\s]{0,40}@|%2f%2f(?:[^%\s]|%3a){1,100}%252f[^\s]{0,40}(?:@|%40)", re.IGNORECASE)


def confirm(reading: str, place: Place) -> Finding | None:
    """Decide whether an address hides its host behind an `@`.

    Args:
        reading: one decoded reading of the value.
        place: where it stood; its raw text shows a slash that was encoded to be taken for a part of the host.
    """
    if _USER_INFORMATION.match(reading) or _HIDDEN_SLASH.search(place.raw):
        return Finding("file_inclusion.disguise", reading[:512], 0.6, kind="remote")
    return None


DETECTOR = Detector("file_inclusion.request", "file_inclusion", ACCESS, load_rules("file_inclusion"), confirm)
"""Streams and programs by their patterns; addresses that hide their host by structure."""
