"""Which language is spoken: French or English."""

from __future__ import annotations

import os


def language(asked: str | None) -> str:
    """`fr` or `en`: as asked, else from the environment's locale."""
    if asked:
        return asked
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
