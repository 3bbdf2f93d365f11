"""Recognises known layouts in a sample, and reads by whatever layout was recognised or pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources import combined
from vigie.sources.address import canonical
from vigie.sources.apache_layout import apache_layouts
from vigie.sources.exact import NO_LINE, PATTERN
from vigie.sources.known_layouts import KnownLayout
from vigie.sources.layout import Layout, LayoutError, Token, compiled
from vigie.sources.layout_reader import NO_FIT, matches, read_layouts
from vigie.sources.nginx_layout import nginx_layouts
from vigie.sources.rows import in_order, text_of
from vigie.sources.source import Reading, Recognition

Compile = Callable[[str], tuple[Layout, ...]]
Parse = Callable[[str], tuple[tuple[Token, ...], ...]]
BETWEEN: Final = "\n\f\n"
"""Stands between the alternatives of a layout that recognition put together."""
OTHERWISE_COMBINED: Final = BETWEEN + "combined"
"""Ends a layout that recognition put together: what no layout fits is read as `combined.py` would read it."""
_LEAST: Final = 0.02
"""Part of a sample that an additional alternative must explain."""


@lru_cache(maxsize=64)
def nginx_compiled(text: str) -> tuple[Layout, ...]:
    """The layouts of a text in nginx's notation, compiled.

    Raises:
        LayoutError: it cannot be.
    """
    return _compiled(text, nginx_layouts)


@lru_cache(maxsize=64)
def apache_compiled(text: str) -> tuple[Layout, ...]:
    """The layouts of a text in Apache's notation, compiled.

    Raises:
        LayoutError: it cannot be.
    """
    return _compiled(text, apache_layouts)


def _compiled(text: str, parse: Parse) -> tuple[Layout, ...]:
    layouts = tuple(compiled(tokens) for part in text.removesuffix(OTHERWISE_COMBINED).split(BETWEEN) for tokens in parse(part))
    for layout in layouts:
        try:
            pl.Series([""]).str.contains(layout.loose)
            pl.Series([""]).str.contains(layout.strict)
        except pl.exceptions.ComputeError as error:
            raise LayoutError(f"this layout is too large to be compiled ({str(error)[-120:]}); paste only the statement that the access_log line names") from None
    return layouts


def recognise_known(
    sample: Sequence[bytes], known: Sequence[KnownLayout], compile_text: Compile, *, otherwise_combined: bool = True
) -> Recognition | None:
    """Claim a sample for the known layouts that explain it.

    The layout that explains most lines names the format; others of the list are added for lines that it leaves, and so
    is combined, since formats are changed in the middle of a log.
    """
    lines = text_of(pa.array([line + b"\n" for line in sample], pa.binary()))
    layouts = [compile_text(one.text)[0] for one in known]
    fits = [matches(lines, layout.strict) for layout in layouts]
    for number, layout in enumerate(layouts):
        if fits[number].any() and not _credible(layout, lines.filter(pl.Series(fits[number]))):
            fits[number] = np.zeros(len(lines), bool)
    best = max(range(len(known)), key=lambda number: int(fits[number].sum()))
    if not fits[best].any():
        return None
    chosen, left = [best], ~(fits[best] | matches(lines, layouts[best].loose))
    for number, fit in sorted(enumerate(fits), key=lambda pair: -int(pair[1].sum())):
        if number not in chosen and int((fit & left).sum()) >= max(1, int(_LEAST * len(lines))):
            chosen.append(number)
            left &= ~(fit | matches(lines, layouts[number].loose))
    layout_text = BETWEEN.join(known[number].text for number in chosen)
    if otherwise_combined:
        layout_text += OTHERWISE_COMBINED
        left &= ~matches(lines, PATTERN.pattern)
    if fits[best].sum() * 10 < (~left).sum():
        return None  # nearly all of it is plain combined, which its own source reads faster
    return Recognition(float((~left).mean()), known[best].title, layout_text, known[best].doubt)


def read_known(batch: pa.RecordBatch, reading: Reading, text: str, compile_text: Compile) -> pa.RecordBatch:
    """Read a batch by a layout that was pasted, or by what recognition put together.

    Args:
        batch: rows of `LINE`.
        reading: zone of times without one.
        text: the layout; when it ends with `OTHERWISE_COMBINED`, lines that it does not fit may be combined ones.
        compile_text: for its notation.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.

    Raises:
        LayoutError: the layout cannot be compiled.
    """
    rows = read_layouts(batch, reading, compile_text(text))
    if not text.endswith(OTHERWISE_COMBINED) or rows.column("unread").null_count == len(rows):
        return rows
    left = np.flatnonzero(np.asarray(pc.fill_null(pc.equal(rows.column("unread").cast(pa.string()), NO_FIT), False)))
    if not len(left):
        return rows
    others = combined.read(batch.take(pa.array(left)), reading)
    read = np.asarray(pc.fill_null(pc.not_equal(others.column("unread").cast(pa.string()), NO_LINE), True))
    taken = left[read]
    kept = np.setdiff1d(np.arange(len(rows)), taken)
    return in_order([rows.take(pa.array(kept)), others.filter(pa.array(read))], [kept, taken])


def _credible(layout: Layout, lines: pl.Series) -> bool:
    """Whether what the layout calls addresses are some, and answers with headers are longer than without."""
    groups = lines.str.extract_groups(layout.strict).struct.unnest()
    byte_counts: dict[str, pl.Series] = {}
    for number, field in enumerate(layout.fields):
        texts = groups.to_series(number)
        if field.column in {"source_address", "forwarded"}:
            held = texts.filter(~texts.is_in(["-", "", "unknown"])).value_counts(name="lines")
            good = sum(lines for text, lines in held.iter_rows() if canonical(text.split(",")[0].strip()) is not None)
            if good * 2 < held["lines"].sum():  # a header's text is the visitor's: some garbage must not change the verdict
                return False
        if field.token in {"%b", "%O"}:
            byte_counts[field.token] = texts.cast(pl.Int64, strict=False).fill_null(0)
    return not {"%b", "%O"} <= set(byte_counts) or bool((byte_counts["%O"] > byte_counts["%b"]).all())
