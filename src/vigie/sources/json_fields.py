r"""The fields of lines that are JSON objects: every wanted path of a whole batch in one parse, no object per line.

A line that is no JSON object gives no field and harms no neighbour. What other writers get wrong in a known way is mended
first: `\x22` inside a text and a variable that was empty (`"took":,`), both of which an nginx `log_format` without
`escape=json` or without quotes produces, and exactly on the lines that an attacker wrote.

References:
    - RFC 8259; RFC 6901 (JSON Pointer).
    - https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

NO_OBJECT: Final = "no JSON object"
"""Why a line that does not hold one JSON object is unread."""

_ESCAPE: Final = r"\\x([0-9A-Fa-f]{2})"
_LONE: Final = r"\\u[dD][89abAB][0-9A-Fa-f]{2}(?:\\u[dD][c-fC-F][0-9A-Fa-f]{2})?|\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_OBJECT: Final = "line[1:64].ltrim().starts_with('{') and json_valid(line)"  # the brace first: `json_valid` also takes lists, texts and numbers
_EMPTY: Final = r'([^\\]"\s*:\s*)-?(\s*[,}])'


@dataclass(frozen=True, slots=True)
class Fields:
    """What lines hold.

    Attributes:
        read: which lines are JSON objects.
        values: pointer → text of the value, one per line: texts unescaped, numbers and truth values as written, null where
            there is none or where it is an object or a list.
        lists: the same for the pointers whose lists were wanted, as JSON.
    """

    read: npt.NDArray[np.bool_]
    values: Mapping[str, pa.StringArray]
    lists: Mapping[str, pa.StringArray]


def fields_of(text: pl.Series, pointers: Sequence[str], lists: Sequence[str] = ()) -> Fields:
    """Take fields out of lines. Where a key stands twice in an object the first counts.

    Args:
        text: lines, one JSON object each.
        pointers: JSON Pointers (RFC 6901) of plain values.
        lists: JSON Pointers of lists.
    """
    wanted = [*pointers, *lists]
    read, columns = _parse(text, wanted)
    broken = np.flatnonzero(~read)
    if len(broken):
        mended = _mend(text.gather(broken))
        fixed, more = _parse(mended, wanted)
        if fixed.any():
            mask = np.zeros(len(text), bool)
            mask[broken[fixed]] = True
            keep = pa.array(fixed)
            columns = [pc.replace_with_mask(old, pa.array(mask), new.filter(keep)) for old, new in zip(columns, more, strict=True)]
            read = read | mask
    cut = len(pointers)
    plain = _without_nested(text, list(pointers), columns[:cut])
    return Fields(read, dict(zip(pointers, plain, strict=True)), dict(zip(lists, columns[cut:], strict=True)))


def shaped(text: pl.Series, shape: str) -> tuple[npt.NDArray[np.bool_], pl.DataFrame]:
    """Take nested values out of lines, lists of objects included, in one parse. What has another type than the shape says is null.

    Args:
        text: lines, one JSON object each.
        shape: what is wanted, as DuckDB's `json_transform` takes it: `{"id": "VARCHAR", "tags": [{"name": "VARCHAR"}]}`.

    Returns:
        which lines are JSON objects, and a column for each name of the shape, one row per line.
    """
    bare = text.str.strip_prefix("\ufeff").str.strip_chars(" \t\r\n")
    objects = np.flatnonzero((bare.str.starts_with("{") & bare.str.ends_with("}")).to_numpy())
    read, column = _shape(bare.gather(objects), shape)
    broken = np.flatnonzero(~read)
    if len(broken):
        fixed, more = _shape(_mend(bare.gather(objects[broken])), shape)
        if fixed.any():
            places = np.arange(len(objects))
            places[broken[fixed]] = len(objects) + np.flatnonzero(fixed)
            column = pl.concat([column, more]).gather(places)
            read = np.concatenate([read, fixed])[places]
    if len(objects) == len(text):
        return read, column.struct.unnest()
    rows = np.full(len(text), -1, np.int64)
    rows[objects] = np.arange(len(objects))
    marks = np.zeros(len(text), bool)
    marks[objects] = read
    return marks, column.gather(pl.Series(pa.array(rows, mask=rows < 0))).struct.unnest()


def _shape(text: pl.Series, shape: str) -> tuple[npt.NDArray[np.bool_], pl.Series]:
    """Objects in a shape: unguarded, and only where that fails each looked at before, which takes longer."""
    from duckdb import Error

    try:
        table = _ask(text, f"json_transform(line, '{shape}') as v")
    except (Error, UnicodeDecodeError):  # its message quotes the line, and may cut it in the middle of a letter
        table = _ask(text, f"case when json_valid(line) then json_transform(line, '{shape}') end as v")
    found = table.column("v").combine_chunks()
    return np.asarray(pc.is_valid(found)), pl.Series("v", pl.from_arrow(found))


def first_of_lists(values: pa.StringArray, separator: str = ", ") -> pa.Array:
    """Lists of texts, as JSON, joined into one text each; distinct values are looked at one by one."""
    encoded = values.dictionary_encode()
    return pa.array([_joined(value, separator) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _joined(value: str, separator: str) -> str | None:
    try:
        items = json.loads(value) if value.startswith("[") else value
    except (ValueError, RecursionError):
        return None
    if isinstance(items, list):
        items = separator.join(item for item in items if isinstance(item, str))
    return items.encode("utf-8", "replace").decode() or None if isinstance(items, str) else None


def _mend(text: pl.Series) -> pl.Series:
    return text.str.strip_prefix("\ufeff").str.replace_all(_ESCAPE, r"\\x$1").str.replace_all(_LONE, "\\ufffd").str.replace_all(_EMPTY, "${1}null$2")


@cache
def _database(process: int) -> Any:
    """DuckDB's JSON parser, one per process: a connection does not survive a fork."""
    import duckdb

    del process
    settings: dict[str, str | bool | int | float | list[str]] = {"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(":memory:", config=settings)


def _ask(text: pl.Series, expression: str) -> pa.Table:
    table = pa.table({"line": text.to_arrow().cast(pa.string())})
    return _database(os.getpid()).cursor().from_arrow(table).project(expression).to_arrow_table()


def _literal(texts: Sequence[str]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def _parse(text: pl.Series, pointers: Sequence[str]) -> tuple[npt.NDArray[np.bool_], list[pa.Array]]:
    count = len(text)
    if not count:
        return np.zeros(0, bool), [pa.array([], pa.string()) for _ in pointers]
    table = _ask(text, f"case when {_OBJECT} then json_extract_string(line, {_literal(pointers)}) end as v")
    found = table.column("v").combine_chunks()
    read = np.asarray(pc.is_valid(found))
    flat = found.flatten().cast(pa.string())
    width, rows = len(pointers), int(read.sum())
    places = np.full(count, -1, np.int64)
    places[read] = np.arange(rows)
    columns = []
    for number in range(width):
        column = flat.take(pa.array(np.arange(rows, dtype=np.int64) * width + number))
        columns.append(column if rows == count else column.take(pa.array(places, mask=~read)))
    return read, columns


def _without_nested(text: pl.Series, pointers: Sequence[str], columns: Sequence[pa.Array]) -> list[pa.Array]:
    """Values that look like an object or a list are asked for their type: a text may begin with a bracket too."""
    suspects = [np.asarray(pc.fill_null(pc.match_substring_regex(column, r"^[\[{]"), False)) for column in columns]
    rows = np.flatnonzero(np.logical_or.reduce(suspects)) if suspects else np.zeros(0, np.int64)
    if not len(rows):
        return list(columns)
    lines = text.gather(rows)
    kinds = _ask(lines, f"case when json_valid(line) then json_type(line, {_literal(pointers)}) end as v").column("v").to_pylist()
    out = []
    for number, column in enumerate(columns):
        nested = [row for row, kind in zip(rows.tolist(), kinds, strict=True) if kind is not None and kind[number] in ("OBJECT", "ARRAY")]
        mask = np.zeros(len(text), bool)
        mask[nested] = True
        out.append(pc.if_else(pa.array(mask), None, column) if nested else column)
    return out
