"""Reads lines by layouts: the first whose pattern fits a line explains it, strict patterns before loose ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.layout import Layout
from vigie.sources.layout_columns import columns_of
from vigie.sources.rows import NO_DATE, assemble, in_order, reasons, text_of
from vigie.sources.source import Reading

NO_FIT = "does not fit the layout"
"""Why a line that no layout explains is unread."""


def read_layouts(batch: pa.RecordBatch, reading: Reading, layouts: Sequence[Layout]) -> pa.RecordBatch:
    """Read a batch by alternative layouts.

    Args:
        batch: rows of `LINE`.
        reading: zone of times without one.
        layouts: tried in this order on each line.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    parts: list[pa.RecordBatch] = []
    rows: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    left = np.arange(len(text), dtype=np.int64)
    tries = [(layout, layout.strict) for layout in layouts] + [(layout, layout.loose) for layout in layouts]
    for layout, pattern in tries:
        if not len(left):
            break
        lines = text if len(left) == len(text) else text.gather(left)
        groups = lines.str.extract_groups(pattern).struct.unnest()
        fits = groups.to_series(0).is_not_null().to_numpy()
        if not fits.any():
            continue
        taken = left if fits.all() else left[fits]
        found = groups if fits.all() else groups.filter(pl.Series(fits))
        parts.append(_rows(batch if len(taken) == len(text) else batch.take(pa.array(taken)), found, layout, reading))
        rows.append(taken)
        left = left[~fits]
    if len(left) or not parts:
        why = np.full(len(left), NO_FIT)
        parts.append(assemble(batch.take(pa.array(left)), ACCESS, {}, why))
        rows.append(left)
    return in_order(parts, rows)


def matches(sample: pl.Series, pattern: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which lines of a sample a pattern fits."""
    return sample.str.contains(pattern).fill_null(value=False).to_numpy()


def _rows(batch: pa.RecordBatch, groups: pl.DataFrame, layout: Layout, reading: Reading) -> pa.RecordBatch:
    columns = columns_of(groups, layout.fields, reading)
    return assemble(batch, ACCESS, columns, reasons((columns["seen_at"].is_null().to_numpy(), NO_DATE)))
