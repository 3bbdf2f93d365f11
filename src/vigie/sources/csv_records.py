r"""Records of CSV whose fields may be quoted and hold line ends: where each ends, and the fields of a whole batch in columns.

A quote opens a field only where a field begins and closes it only where one ends. Where that is broken inside a record (a quote that nobody closed,
noticed when the next quoted field begins) the record ends with its first line, so that it takes none behind it with it.

References:
    - RFC 4180
    - https://arrow.apache.org/docs/python/csv.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from vigie.records.fingerprint import line_bounds
from vigie.sources.pieces import bounded
from vigie.sources.rows import arrow, text_of
from vigie.sources.source import Ends

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]

DELIMITERS: Final = (",", ";", "\t", "|")
NO_FIT: Final = "does not have the columns that its header names"
"""Why a record with more or fewer fields than its header is unread."""
NOT_CLOSED: Final = "a quote that is not closed"
EMPTY: Final = "an empty line"
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Records:
    """Fields of the records that fit.

    Attributes:
        rows: places of the records that have as many fields as there are columns, ascending.
        fields: column → texts, one for each of `rows`; null where a field is empty.
        why: for every record "" or why it does not fit.
    """

    rows: Ints
    fields: dict[str, pa.Array]
    why: npt.NDArray[np.str_]


def record_ends(data: bytes, delimiter: str, final: bool) -> Ends:
    """Where records end.

    Args:
        data: begins with a record.
        delimiter: one of `DELIMITERS`.
        final: nothing comes behind these bytes.
    """
    mark = ord(delimiter)
    return bounded(data, lambda rest: _begins(rest, mark, final))


def fields_of(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record without its line end; None where a quote is not closed."""
    pattern = _field(delimiter)
    out, at = [], 0
    while True:
        found = pattern.match(text, at)
        if found is None:
            return None
        out.append(found[1].replace('""', '"') if found[1] is not None else found[2])
        if found.end() == len(text) and found[3] == "":
            return out
        at = found.end()


def records_of(pieces: pa.Array, delimiter: str, columns: list[str], wanted: frozenset[str]) -> Records:
    """The fields of records.

    Args:
        pieces: binary array, line ends included.
        delimiter: one of `DELIMITERS`.
        columns: of the header, in order; where a name stands twice the first counts.
        wanted: columns whose values are needed.
    """
    places = {name: number for number, name in reversed(list(enumerate(columns))) if name in wanted}
    fits = _fitting(pieces, ord(delimiter), len(columns) - 1)
    regular = np.flatnonzero(fits)
    fields = _regular(pieces if len(regular) == len(pieces) else pieces.take(pa.array(regular)), delimiter, len(columns), places)
    if len(regular) == len(pieces):
        return Records(regular, fields, np.full(len(pieces), ""))
    why = np.full(len(pieces), NO_FIT, dtype=object)
    why[regular] = ""
    odd, values = [], []
    for place in np.flatnonzero(~fits).tolist():
        text = text_of(pieces.slice(place, 1))[0].removeprefix("\ufeff")
        found = fields_of(text, delimiter)
        if found is not None and len(found) == len(columns):
            why[place] = ""
            odd.append(place)
            values.append(found)
        else:
            why[place] = NOT_CLOSED if found is None else NO_FIT if text else EMPTY
    if odd:
        order = np.argsort(np.concatenate([regular, np.array(odd, np.int64)]), kind="stable")
        more = {name: pa.array([row[place] or None for row in values], pa.string()) for name, place in places.items()}
        fields = {name: pa.concat_arrays([column, more[name]]).take(pa.array(order)) for name, column in fields.items()}
        regular = np.sort(np.concatenate([regular, np.array(odd, np.int64)]))
    return Records(regular, fields, why.astype(np.str_))


def _begins(data: bytes, delimiter: int, final: bool) -> Ends:
    view = np.frombuffer(data, np.uint8)
    newlines = np.flatnonzero(view == _NEWLINE)
    quotes = np.flatnonzero(view == _QUOTE)
    good = _regular_until(view, quotes, delimiter)
    outside = (np.searchsorted(quotes, newlines) & 1) == 0
    if good < len(data):
        outside &= newlines < good
    ends: Ends = (newlines[outside] + 1).astype(np.int64)
    if good == len(data) and (len(quotes) % 2 == 0 or not final):
        return ends
    return np.concatenate([ends, _one_by_one(data, int(ends[-1]) if len(ends) else 0, delimiter, final)])


def _regular_until(view: npt.NDArray[np.uint8], quotes: Ints, delimiter: int) -> int:
    """Where the first quote stands that neither opens nor closes a field nor is doubled; the length of the data when there is none."""
    size = len(view)
    if not len(quotes):
        return size
    before = np.where(quotes > 0, view[np.maximum(quotes - 1, 0)], _NEWLINE)
    behind = np.where(quotes + 1 < size, view[np.minimum(quotes + 1, size - 1)], _NEWLINE)
    opens = (before == delimiter) | (before == _NEWLINE) | (before == _QUOTE)
    opens |= (quotes == len(_BOM)) & (bytes(view[:3]) == _BOM)
    closes = (behind == delimiter) | (behind == _NEWLINE) | (behind == _RETURN) | (behind == _QUOTE)
    fine = np.where(np.arange(len(quotes)) & 1, closes, opens)
    wrong = np.flatnonzero(~fine)
    return int(quotes[wrong[0]]) if len(wrong) else size


def _one_by_one(data: bytes, at: int, delimiter: int, final: bool) -> Ends:
    """Ends of records from `at` on, quote by quote."""
    view = np.frombuffer(data, np.uint8)
    newlines, quotes = np.flatnonzero(view == _NEWLINE).tolist(), np.flatnonzero(view == _QUOTE).tolist()
    ends: list[int] = []
    while (first := bisect_left(newlines, at)) < len(newlines):
        end = _end_of_one(data, at, newlines, quotes, delimiter)
        if end < 0 and not final:
            break
        at = end if end > 0 else newlines[first] + 1
        ends.append(at)
    return np.asarray(ends, np.int64)


def _end_of_one(data: bytes, at: int, newlines: list[int], quotes: list[int], delimiter: int) -> int:
    """Where the record that begins at `at` ends; 0 when it is broken, -1 when it may go on."""
    place = at
    while True:
        n, q = bisect_left(newlines, place), bisect_left(quotes, place)
        newline, quote = newlines[n] if n < len(newlines) else len(data), quotes[q] if q < len(quotes) else len(data)
        if newline <= quote:
            return newline + 1 if newline < len(data) else -1
        if quote != at and data[quote - 1] != delimiter and not (quote == at + 3 and data[at:quote] == _BOM):
            place = quote + 1
            continue
        place = _closed(data, quotes, q, delimiter)
        if place <= 0:
            return place


def _closed(data: bytes, quotes: list[int], opening: int, delimiter: int) -> int:
    """Behind the quote that closes a field; 0 when a quote stands in it that should not, -1 when none closes it."""
    at = opening + 1
    while at < len(quotes):
        place = quotes[at] + 1
        if place == len(data):
            return -1
        if data[place] == _QUOTE:
            at += 2
            continue
        return place if data[place] in (delimiter, _NEWLINE, _RETURN) else 0
    return -1


def _fitting(pieces: pa.Array, delimiter: int, inner: int) -> Marks:
    """Which records are regular and have so many delimiters outside quotes."""
    view, starts, ends = line_bounds(pieces)
    if not len(starts):
        return np.zeros(0, bool)
    low, high = int(starts[0]), int(starts[-1] + len(pieces[-1].as_buffer()))
    view, starts, ends = view[low:high], starts - low, ends - low
    fits: Marks = ends > starts
    if not len(view):
        return fits
    if fits[0] and bytes(view[:3]) == _BOM:
        fits[0] = False
    quotes = np.flatnonzero(view == _QUOTE)
    # whether so many quotes stand before a byte, itself included, that it lies in them; and whether a record begins so
    inside = np.cumsum(view == _QUOTE, dtype=np.uint8) & 1
    begun = np.where(starts > 0, inside[np.maximum(starts - 1, 0)], 0)
    fits &= inside[np.maximum(ends - 1, 0)] == begun

    def outside(places: Ints) -> Marks:
        marks: Marks = inside[places] == (begun[np.searchsorted(starts, places, "right") - 1] if begun.any() else 0)
        return marks

    marks = np.flatnonzero(view == delimiter)
    if len(quotes):
        first = np.searchsorted(quotes, starts)
        marks = marks[outside(marks)]
        owner = np.searchsorted(starts, quotes, "right") - 1
        before, behind = view[np.maximum(quotes - 1, 0)], view[np.minimum(quotes + 1, len(view) - 1)]
        opening = ((np.arange(len(quotes)) - first[owner]) & 1) == 0
        opens = (quotes == starts[owner]) | (before == delimiter) | ((before == _QUOTE) & (quotes - 1 > starts[owner]))
        closes = (quotes + 1 == ends[owner]) | (behind == delimiter) | (behind == _QUOTE)
        fits[owner[~np.where(opening, opens, closes)]] = False
    fits &= np.searchsorted(marks, ends) - np.searchsorted(marks, starts) == inner
    breaks = np.flatnonzero((view == _NEWLINE) | (view == _RETURN))
    breaks = breaks[breaks < ends[np.searchsorted(starts, breaks, "right") - 1]]
    fits[np.searchsorted(starts, breaks[outside(breaks)], "right") - 1] = False
    return fits


def _regular(pieces: pa.Array, delimiter: str, width: int, places: Mapping[str, int]) -> dict[str, pa.Array]:
    if not len(pieces) or not places:
        return {name: pa.nulls(len(pieces), pa.string()) for name in places}
    try:
        found = _split(_joined(pieces), delimiter, width, places)
    except pa.ArrowInvalid:  # bytes that are not UTF-8
        found = _split(_joined(arrow(text_of(pieces)).cast(pa.string()).cast(pa.binary())), delimiter, width, places)
    if found.num_rows != len(pieces):
        raise ValueError(f"{found.num_rows} records found in {len(pieces)}")
    return {name: found.column(str(place)).combine_chunks() for name, place in places.items()}


def _joined(pieces: pa.Array) -> bytes:
    """Records one behind the other, each ended."""
    offsets = np.frombuffer(pieces.buffers()[1], np.int32)[pieces.offset : pieces.offset + len(pieces) + 1]
    whole: bytes = pieces.buffers()[2].slice(int(offsets[0]), int(offsets[-1] - offsets[0])).to_pybytes()
    ends = offsets[1:] - offsets[0] - 1
    if (np.frombuffer(whole, np.uint8)[ends] == _NEWLINE).all():
        return whole
    return b"".join(piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces.to_pylist())


def _split(data: bytes, delimiter: str, width: int, places: Mapping[str, int]) -> pa.Table:
    names = [str(number) for number in range(width)]
    return pa_csv.read_csv(
        pa.BufferReader(data),
        read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
        parse_options=pa_csv.ParseOptions(delimiter=delimiter, quote_char='"', double_quote=True, newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa_csv.ConvertOptions(
            include_columns=[str(place) for place in places.values()], column_types={str(place): pa.string() for place in places.values()},
            null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True,
        ),
    )  # fmt: skip


@lru_cache(maxsize=8)
def _field(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"(?={mark}|\Z)|((?!"[^"]*\Z)[^{mark}]*+))({mark}|\Z)')
