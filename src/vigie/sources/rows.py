"""From the columns that a reader found to rows of a record: what every source that is not plain combined needs.

All of it is columnar; only distinct values (addresses, host names) are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import LINE, UNREAD_COLUMN, Record
from vigie.sources.address import canonical, domain
from vigie.sources.source import HEADER_LINE, Reading

Column = Any
"""A column as found: a Polars series or an Arrow array."""
NO_DATE: Final = "time is not a date"
"""Why a line whose time cannot be understood is unread."""

_REQUEST: Final = r"^(?P<method>[A-Za-z][A-Za-z_-]{0,31}) (?P<target>.*?)(?: HTTP/(?P<version>\d(?:\.\d)?))$"
_PLAIN_REQUEST: Final = r"^(?P<method>[A-Za-z][A-Za-z_-]{0,31}) (?P<target>[^ ]*) HTTP/(?P<version>\d(?:\.\d)?)$"
_OLD_REQUEST: Final = r"^(?P<method>GET|HEAD|POST|PUT|DELETE|OPTIONS) (?P<target>\S.*)$"


def text_of(lines: pa.Array) -> pl.Series:
    """Lines as text, terminators off; bytes that are not UTF-8 are read as Latin-1, so that nothing is lost."""
    try:
        text = lines.cast(pa.string())
    except pa.ArrowInvalid:
        text = pa.array([_decoded(line) for line in lines.to_pylist()], pa.string())
    return pl.Series("line", pl.from_arrow(text)).str.replace(r"\r?\n$", "")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def sample_rows(sample: Sequence[bytes]) -> pa.RecordBatch:
    """A sample of lines, without terminators, as rows of `LINE`."""
    rows = [{"feed": "", "file": "", "byte_offset": at, "line": line + b"\n"} for at, line in enumerate(sample)]
    return pa.RecordBatch.from_pylist(rows, schema=LINE.schema)


def share_of(records: pa.RecordBatch) -> float:
    """Part of the rows of a kernel that were read, header lines apart; 1 where there are only those."""
    bodies = [reason for reason in records.column("unread").to_pylist() if reason != HEADER_LINE]
    return bodies.count(None) / len(bodies) if bodies else 1.0


def share_read(sample: Sequence[bytes], read: Callable[[pa.RecordBatch, Reading], pa.RecordBatch], reading: Reading) -> float:
    """Part of a sample of lines that a kernel turns into records."""
    return share_of(read(sample_rows(sample), reading))


def nulls(count: int, kind: pl.DataType | type[pl.DataType] = pl.String) -> pl.Series:
    """Nulls, one per row."""
    return pl.Series([None], dtype=kind).new_from_index(0, count)


def split_request(request: pl.Series) -> pl.DataFrame:
    """Request fields as `method`, `target`, `version`; a field that is no request line keeps its text as target.

    The method is the first word, the version the last; what stands between is the target, raw spaces included.
    """
    plain = request.str.extract_groups(_PLAIN_REQUEST).struct.unnest()
    if not plain["method"].null_count():
        return plain
    rest = plain["method"].is_null()
    places = rest.arg_true()
    others = _split_any(request.filter(rest))
    return pl.DataFrame([column.clone().scatter(places, others[column.name]) for column in plain.get_columns()])


def _split_any(request: pl.Series) -> pl.DataFrame:
    """Requests whose targets hold spaces, old ones without a version, and what is no request at all."""
    first = request.str.extract_groups(_REQUEST).struct.unnest()
    old = request.str.extract_groups(_OLD_REQUEST).struct.unnest()
    frame = pl.DataFrame(
        {
            "request": request,
            "method": first["method"].fill_null(old["method"]),
            "target": first["target"].fill_null(old["target"]),
            "version": first["version"],
        }
    )
    empty = pl.col("request").is_in(["", "-"])
    return frame.select(
        "method",
        pl.when(pl.col("method").is_not_null()).then("target").when(empty).then(None).otherwise("request").alias("target"),
        "version",
    )


def addresses(values: Column) -> pa.Array:
    """Canonical addresses; null where there is none (`canonical` drops ports, brackets and zones)."""
    return _each_distinct(values, canonical)


def hosts(values: Column) -> pa.Array:
    """Host names in lower case, without port; null where there is none."""
    return _each_distinct(values, domain)


def absent(values: Column) -> pa.Array:
    """Text with `-` and the empty text as null: the ways in which logs write "nothing"."""
    text = arrow(values)
    return pc.if_else(pc.is_in(text, pa.array(["-", ""])), None, text)


def arrow(values: Column) -> pa.Array:
    """An Arrow array of plain string type where the values are text."""
    array = values.to_arrow() if isinstance(values, pl.Series) else values
    return array.cast(pa.string()) if pa.types.is_large_string(array.type) or str(array.type) == "string_view" else array


def reasons(*checks: tuple[npt.NDArray[np.bool_], str]) -> npt.NDArray[np.str_]:
    """Why each row is unread: the reason of the first check that is true for it, "" where none is."""
    text: npt.NDArray[np.str_] = np.select([check for check, _ in checks], [reason for _, reason in checks], default="")
    return text


def assemble(batch: pa.RecordBatch, record: Record, columns: Mapping[str, Column], why: npt.NDArray[np.str_]) -> pa.RecordBatch:
    """Rows of a record, one per line, from whatever columns were found.

    Args:
        batch: the rows of `LINE` that were read; gives the provenance.
        record: the kind of record.
        columns: name → values, one per line, castable to the record's type; columns not named are null.
        why: for each line "" when it was read, else the reason why not; an unread row holds no half-read values.

    Returns:
        `record.schema` plus `unread`.
    """
    lost = why != ""
    gone = pa.array(lost)
    out: list[pa.Array] = []
    for field in record.schema.append(UNREAD_COLUMN):
        if field.name in ("feed", "file", "byte_offset"):
            out.append(batch.column(field.name))
        elif field.name == "unread":
            out.append(pa.array(why, pa.string(), mask=~lost).dictionary_encode())
        elif field.name in columns:
            out.append(_blank(_typed(arrow(columns[field.name]), field.type), gone))
        else:
            out.append(pa.nulls(batch.num_rows, field.type))
    return pa.RecordBatch.from_arrays(out, schema=record.schema.append(UNREAD_COLUMN))


def in_order(parts: Sequence[pa.RecordBatch], rows: Sequence[npt.NDArray[np.int64]]) -> pa.RecordBatch:
    """Rows that were read apart, put back into the order of their lines.

    Args:
        parts: batches of one schema, at least one.
        rows: for each part the places of its rows; together every place from 0 exactly once.
    """
    if len(parts) == 1:
        return parts[0]
    both = pa.Table.from_batches(list(parts)).unify_dictionaries().combine_chunks()
    places = np.concatenate(rows)
    order = np.empty(len(places), np.int64)
    order[places] = np.arange(len(places))
    return both.take(pa.array(order)).combine_chunks().to_batches()[0]


def _typed(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if pa.types.is_dictionary(kind):
        return column.cast(pa.string()).dictionary_encode().cast(kind)
    return column.cast(kind)


def _blank(column: pa.Array, gone: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(pc.if_else(gone, None, column.indices), column.dictionary)
    return pc.if_else(gone, pa.scalar(None, column.type), column)


def _each_distinct(values: Column, make: Callable[[str | None], str | None]) -> pa.Array:
    encoded = arrow(values).cast(pa.string()).dictionary_encode()
    return pa.array([make(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
