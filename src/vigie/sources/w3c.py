"""W3C extended log files: IIS, CloudFront's standard logs, and whatever else declares its fields in `#Fields:` lines.

A header line holds for the lines that follow it until the next one; it may stand anywhere in a file. Times are UTC, as
the draft demands.

References:
    - https://www.w3.org/TR/WD-logfile.html
    - https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import unquote_to_bytes

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.layout import LayoutError
from vigie.sources.layout_columns import columns_of
from vigie.sources.rows import NO_DATE, assemble, in_order, reasons, share_read, text_of
from vigie.sources.source import HEADER_LINE, Reading, Recognition, Source
from vigie.sources.w3c_fields import CLOUDFRONT, HEADER, Fields, fields_of

NO_FIT: Final = "does not have the fields that its header names"
NO_HEADER: Final = "no #Fields line before it"
_TABS: Final = 22
"""Least number of tabs in a line of CloudFront's, over all its versions."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines, each by the last `#Fields:` line before it.

    Args:
        batch: rows of `LINE`.
        reading: `layout` is the header line in force before the first row; empty when none is known.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order; header lines are unread.
    """
    text = text_of(batch.column("line"))
    remarks = text.str.starts_with("#").to_numpy()
    headers = np.flatnonzero(text.str.starts_with(HEADER).to_numpy())
    named = np.searchsorted(headers, np.arange(len(text)), side="right")
    spelled = [reading.layout, *text.gather(headers).to_list()]
    by_header: dict[str, list[int]] = {}
    for number, header in enumerate(spelled):
        by_header.setdefault(header, []).append(number)
    parts, rows = [_unread(batch, np.flatnonzero(remarks), HEADER_LINE)], [np.flatnonzero(remarks)]
    for header, numbers in by_header.items():
        mine = np.flatnonzero(np.isin(named, numbers) & ~remarks)
        if len(mine):
            parts.append(_read_by(header, batch, text, mine, reading))
            rows.append(mine)
    return in_order(parts, rows)


def _read_by(
    header: str, batch: pa.RecordBatch, text: pl.Series, rows: npt.NDArray[np.int64], reading: Reading
) -> pa.RecordBatch:
    try:
        fields = fields_of(header or CLOUDFRONT)
    except LayoutError as error:
        return _unread(batch, rows, str(error))
    lines = text.gather(rows)
    groups = lines.str.extract_groups(fields.layout.strict).struct.unnest()
    missed = groups.to_series(0).is_null()
    if missed.any():
        again = lines.filter(missed).str.extract_groups(fields.layout.loose).struct.unnest()
        at = missed.arg_true()
        groups = pl.DataFrame([column.scatter(at, again[column.name]) for column in groups.get_columns()])
    found = columns_of(_decoded(groups, fields), fields.layout.fields, replace(reading, timezone="UTC"))
    lost = groups.to_series(0).is_null().to_numpy()
    why = reasons((lost, NO_FIT if header else NO_HEADER), (found["seen_at"].is_null().to_numpy(), NO_DATE))
    return assemble(batch.take(pa.array(rows)), ACCESS, found, why)


def _decoded(groups: pl.DataFrame, fields: Fields) -> pl.DataFrame:
    """Texts as the client sent them: one layer of percent encoding off (CloudFront), spaces for plus signs (IIS)."""
    columns = []
    for column, field in zip(groups.get_columns(), fields.layout.fields, strict=True):
        decoded = column
        if field.column in fields.encoded:
            decoded = _each_with(column, "%", _percent_decoded)
        elif field.column in fields.plus:
            decoded = column.str.replace_all("+", " ", literal=True)
        columns.append(decoded.alias(column.name))
    return pl.DataFrame(columns)


def _each_with(texts: pl.Series, mark: str, decode: Callable[[str], str]) -> pl.Series:
    """Decode the distinct texts that hold a mark."""
    marked = texts.str.contains(mark, literal=True).fill_null(value=False)
    if not marked.any():
        return texts
    distinct = texts.filter(marked).unique().to_list()
    decoded = [decode(text) for text in distinct]
    return texts.clone().scatter(marked.arg_true(), texts.filter(marked).replace_strict(distinct, decoded, return_dtype=pl.String))


def _percent_decoded(text: str) -> str:
    raw = unquote_to_bytes(text)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _unread(batch: pa.RecordBatch, rows: npt.NDArray[np.int64], reason: str) -> pa.RecordBatch:
    return assemble(batch.take(pa.array(rows)), ACCESS, {}, np.full(len(rows), reason))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that a `#Fields:` line in the sample explains, and lines of CloudFront whose header was cut away."""
    headers = [line.decode("utf-8", "replace").rstrip() for line in sample if line.startswith(HEADER.encode())]
    if not headers and not any(line.count(b"\t") >= _TABS for line in sample[:5]):
        return None
    header = headers[0] if headers else CLOUDFRONT
    try:
        writer = fields_of(header).writer
    except LayoutError:
        return None
    return Recognition(share_read(sample, read, Reading(layout=header)), writer, header)


SOURCE = Source(
    name="w3c",
    record=ACCESS,
    recognise=recognise,
    read=read,
    header=HEADER.encode(),
    references=("https://www.w3.org/TR/WD-logfile.html",),
    specific=1,
)
"""W3C extended log files."""
