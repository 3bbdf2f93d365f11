"""Server-side request forgery: values that make the server fetch, and links that bring a session.

References:
    - CAPEC-664, CAPEC-61, CWE-918, CWE-384.
"""

from __future__ import annotations

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.rule import load_rules
from vigie.records import ACCESS

SEARCHES = frozenset(["s", "q", "query", "search", "recherche", "term", "keyword", "keywords", "k", "text", "mot", "mots", "searchword", "motcle", "p"])
"""Names of parameters into which visitors type and paste."""


def confirm(reading: str, place: Place) -> Finding | None:
    """Decide whether the address of a file server stands where a program, not a visitor, put it.

    Args:
        reading: one decoded reading of the value.
        place: where it stood; people paste addresses into search boxes.
    """
    if place.name.lower() in SEARCHES:
        return None
    return Finding("request_forgery.transfer", reading[:512], 0.35, kind="scheme")


DETECTOR = Detector("request_forgery.request", "request_forgery", ACCESS, load_rules("request_forgery"), confirm)
"""Addresses and sessions by their patterns; file servers by the parameter that they stand in."""
