"""Lines whose fields stand between separators, in an order that a header line names: what tables of flows have in common.

Arrow's reader splits and converts. Where it stumbles (a line with too many fields, a word in the place of a number, bytes that are not UTF-8) the
lines that fit are found first and their numbers are looked at one column at a time, so that one bad line costs no other.

References:
    - https://arrow.apache.org/docs/python/csv.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from vigie.records.fingerprint import line_bounds
from vigie.sources.rows import arrow, text_of

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

TEXT: Final = pa.dictionary(pa.int32(), pa.string())
WHOLE: Final = pa.int64()
DECIMAL: Final = pa.float64()
"""What a field holds; numbers that are none are null."""

NO_FIT: Final = "does not have the fields that its header names"
"""Why a line with more or fewer fields than its header is unread."""
MOST_FIELDS: Final = 512
"""A header that names more fields is none."""

_NEWLINE, _RETURN = 10, 13
_BOM: Final = b"\xef\xbb\xbf"
_NOTHING: Final = pa.scalar(b"", pa.binary())
_NUMBERS: Final = {
    WHOLE: r"^(?:-?[0-9]{1,18}|0[xX][0-9A-Fa-f]{1,15})$",
    DECIMAL: r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?$",
}
"""What Arrow reads as a number, so that a number means the same whether its neighbours are good or not."""


@dataclass(frozen=True, slots=True)
class Table:
    """The fields of the lines that fit.

    Attributes:
        rows: places of the lines that have as many fields as there are names.
        fields: name → values, one for each of `rows`, null where the log writes that there is nothing; only wanted names that the header holds.
    """

    rows: Ints
    fields: dict[str, pa.Array]


def sections(count: int, layout: str, headers: Sequence[tuple[int, str]]) -> list[tuple[str, Ints]]:
    """Which lines each header explains: the last one before a line counts.

    Args:
        count: of lines.
        layout: the header in force before the first of them.
        headers: place and text of header lines, in order.

    Returns:
        distinct headers, each with the places of its lines (the header lines themselves included).
    """
    bounds = [0, *(place for place, _ in headers), count]
    by_header: dict[str, list[Ints]] = {}
    for number, header in enumerate([layout, *(text for _, text in headers)]):
        by_header.setdefault(header, []).append(np.arange(bounds[number], bounds[number + 1], dtype=np.int64))
    return [(header, np.concatenate(parts)) for header, parts in by_header.items()]


def table_of(lines: pa.Array, separator: bytes, names: Sequence[str], wanted: Mapping[str, pa.DataType], nothing: Sequence[str]) -> Table:
    """Split lines at a separator.

    Args:
        lines: binary array, terminators included.
        separator: one byte of ASCII, neither a digit nor the end of a line.
        names: of the fields, in order; where a name stands twice the first counts.
        wanted: names whose values are needed, and what they hold: `TEXT`, `WHOLE` or `DECIMAL`.
        nothing: texts that say that there is nothing.
    """
    places = {name: number for number, name in reversed(list(enumerate(names))) if name in wanted}
    kinds = {str(place): wanted[name] for name, place in places.items()}
    if len(lines) and _plain(lines):
        try:
            found = _split(_buffer(lines), separator, len(names), kinds, nothing)
        except pa.ArrowInvalid:
            pass
        else:
            if found.num_rows == len(lines):
                return Table(np.arange(len(lines), dtype=np.int64), {name: _column(found, str(place)) for name, place in places.items()})
    rows = np.flatnonzero(_fitting(lines, separator, len(names) - 1))
    kept = lines.take(pa.array(rows))
    found = _careful(kept, separator, len(names), kinds, nothing)
    return Table(rows, {name: _column(found, str(place)) for name, place in places.items()})


def _plain(lines: pa.Array) -> bool:
    """Whether every line ends with a newline and holds no other end of a line."""
    bytes_ = np.frombuffer(_buffer(lines), np.uint8)
    return bool(
        np.count_nonzero(bytes_ == _NEWLINE) == len(lines)
        and not np.count_nonzero(bytes_ == _RETURN)
        and (bytes_[np.cumsum(np.asarray(pc.binary_length(lines)), dtype=np.int64) - 1] == _NEWLINE).all()
        and pc.min(pc.binary_length(lines)).as_py() > 1
    )


def _fitting(lines: pa.Array, separator: bytes, inner: int) -> Marks:
    """Which lines have so many separators and no end of a line inside."""
    data, starts, ends = line_bounds(lines)
    if not len(starts):
        return np.zeros(0, bool)
    low = int(starts[0])
    view, starts, ends = data[low : low + _buffer(lines).size], starts - low, ends - low
    marks = np.flatnonzero(view == separator[0])
    fits: Marks = (np.searchsorted(marks, ends) - np.searchsorted(marks, starts) == inner) & (ends > starts)
    breaks = np.flatnonzero((view == _NEWLINE) | (view == _RETURN))
    owner = np.searchsorted(starts, breaks, side="right") - 1
    fits[owner[breaks < ends[owner]]] = False
    return fits


def _careful(lines: pa.Array, separator: bytes, width: int, kinds: Mapping[str, pa.DataType], nothing: Sequence[str]) -> pa.Table:
    texts = dict.fromkeys(kinds, pa.string())
    if not len(lines):
        return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
    try:
        found = _split(_joined(lines), separator, width, texts, nothing)
    except pa.ArrowInvalid:  # bytes that are not UTF-8
        found = _split(_joined(arrow(text_of(lines)).cast(pa.string()).cast(pa.binary())), separator, width, texts, nothing)
    return pa.table({name: _typed(_column(found, name), kind) for name, kind in kinds.items()})


def _typed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if kind == TEXT:
        return values.dictionary_encode()
    trimmed = pc.ascii_trim_whitespace(values)
    good = pc.fill_null(pc.match_substring_regex(trimmed, _NUMBERS[kind]), False)
    return pc.if_else(good, trimmed, pa.scalar(None, pa.string())).cast(kind)


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name).unify_dictionaries() if pa.types.is_dictionary(table.schema.field(name).type) else table.column(name)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


def _buffer(lines: pa.Array) -> pa.Buffer:
    """The bytes of lines, as they stand one behind the other."""
    offsets = np.frombuffer(lines.buffers()[1], np.int32)
    low = int(offsets[lines.offset])
    data = lines.buffers()[2]
    return data.slice(low, int(offsets[lines.offset + len(lines)]) - low) if data is not None else pa.py_buffer(b"")


def _joined(lines: pa.Array) -> pa.Buffer:
    """Lines, each ended by a newline, in a buffer of their own."""
    ended = pc.if_else(pc.ends_with(lines, b"\n"), _NOTHING, pa.scalar(b"\n", pa.binary()))
    return _buffer(pc.binary_join_element_wise(lines, ended, _NOTHING))


def _split(buffer: pa.Buffer, separator: bytes, width: int, kinds: Mapping[str, pa.DataType], nothing: Sequence[str]) -> pa.Table:
    marked = buffer.slice(0, min(3, buffer.size)).to_pybytes() == _BOM  # which Arrow would take off the first line, and only there
    whole = pa.py_buffer(separator * (width - 1) + b"\n" + buffer.to_pybytes()) if marked else buffer
    return pa_csv.read_csv(
        pa.BufferReader(whole),
        read_options=pa_csv.ReadOptions(column_names=[str(n) for n in range(width)], use_threads=False, block_size=whole.size + 1, skip_rows=int(marked)),
        parse_options=pa_csv.ParseOptions(delimiter=separator.decode(), quote_char=False, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            include_columns=list(kinds), column_types=dict(kinds), null_values=list(nothing), strings_can_be_null=True
        ),
    )
