"""A line as it stood in the file, terminator included, and what became of it."""

from __future__ import annotations

import pyarrow as pa

from vigie.records.schema import BYTES, LABEL, record

LINE = record("line", ("line", BYTES))
"""Columns after the provenance: `line`, the exact bytes with their terminator (`\\n`, `\\r\\n` or none at the end of a file)."""

UNREAD_COLUMN = pa.field("unread", LABEL)
"""Last column of what a source kernel gives back: null where the line became a record, else the reason why not."""

UNREAD = record("unread", ("reason", LABEL), ("line", BYTES))
"""A line that no record came of, and why. Shown, counted, never dropped."""
