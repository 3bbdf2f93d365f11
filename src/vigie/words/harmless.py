"""Texts of attackers made harmless, for terminals, pages, JSON and CSV alike.

Every text that came from a log was written by an attacker: control characters, bidirectional overrides and over-long lines
are shown as what they are, and a cell of a table never starts a formula.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

MAX_SHOWN = 400
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe(text: object, limit: int = MAX_SHOWN) -> str:
    """A text with its control, formatting and unassigned characters made visible, cut at `limit` characters."""
    raw = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else str(text)
    cut = raw[:limit]
    if not (cut.isascii() and cut.isprintable()):
        cut = "".join(c if unicodedata.category(c) not in _HIDDEN else _visible(c) for c in cut)
    return cut + (f" … ({len(raw):,} characters)" if len(raw) > limit else "")


def _visible(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def plain(value: Any) -> Any:
    """A value as JSON holds it: times as ISO 8601 UTC, bytes as text, what JSON has no word for as text or null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    return str(value)


def csv_text(rows: Sequence[dict[str, object]], columns: Sequence[str] = ()) -> str:
    """CSV with a header; cells that a spreadsheet would take for a formula are quoted with an apostrophe.

    Args:
        rows: all with the same columns.
        columns: the header when there is no row.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(rows[0]) if rows else list(columns)
    if names:
        writer.writerow([_harmless(name) for name in names])
    writer.writerows([_harmless(plain(value)) for value in row.values()] for row in rows)
    return out.getvalue()


_FORMULA = re.compile(r"(^|;)(?=[\s\"']*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a formula could begin: a cell, or what a spreadsheet that separates by semicolons would take for one."""


def _harmless(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=True)
    if isinstance(value, str):
        return _FORMULA.sub(r"\1'", safe(value, 32_000))
    return value
