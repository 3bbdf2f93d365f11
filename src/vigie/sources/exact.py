"""Combined lines of any shape: escaped quotes, user names, broken requests, extra fields, bytes that are no UTF-8.

Slower than the structural scan, still columnar and linear: one pattern over all lines, in Rust.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS, UNREAD_COLUMN
from vigie.sources.address import canonical, domain
from vigie.sources.source import Reading

_FIELD: Final = r'"(?P<{}>(?:[^"\\]|\\.)*)"'
_TEXT: Final = (
    r"^(?:(?P<vhost>[^\s\"\[]+) (?P<after>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)|(?P<address>[^\s\"\[]+)) "
    r"(?:(?P<ident>\S+) (?P<user>[^\[\"]*?) ?|- )\[(?P<time>[^\]]{1,64})\] "
    + _FIELD.format("request")
    + r" (?P<status>\d{3}|-) (?P<size>\d{1,18}|-)(?: "
    + _FIELD.format("referrer")
    + r" "
    + _FIELD.format("agent")
    + r")?(?P<rest>(?:\s.*)?)$"
)
PATTERN: Final = re.compile(_TEXT)
"""The whole family in one pattern, for samples (bounded) and single lines."""

_REQUEST: Final = r"^(?P<method>[A-Za-z][A-Za-z_-]{0,31}) (?P<target>.*?)(?: HTTP/(?P<version>\d(?:\.\d)?))$"
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


def split_request(request: pl.Series) -> pl.DataFrame:
    """Request fields as `method`, `target`, `version`; a field that is no request line keeps its text as target.

    The method is the first word, the version the last; what stands between is the target, raw spaces included.
    """
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


def read_exact(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read lines of the combined family, one at a time as it were.

    Args:
        batch: rows of `LINE`.
        reading: not used beyond its type; combined carries its own zone.

    Returns:
        `ACCESS` columns and `unread`.
    """
    del reading
    groups = text_of(batch.column("line")).str.extract_groups(_TEXT).struct.unnest()
    request = split_request(groups["request"])
    seen = groups["time"].str.to_datetime("%d/%b/%Y:%H:%M:%S %z", time_unit="us", time_zone="UTC", strict=False)
    matched = groups["status"].is_not_null().to_numpy()
    dated = seen.is_not_null().to_numpy()
    columns: dict[str, pa.Array] = {name: batch.column(name) for name in ("feed", "file", "byte_offset")}
    columns["seen_at"] = _arrow(seen)
    address = groups["after"].fill_null(groups["address"])
    for name, values, make in (("source_address", address, canonical), ("url_domain", groups["vhost"], domain)):
        encoded = _arrow(values).dictionary_encode()
        columns[name] = pa.array([make(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
    columns["user_name"] = _dash(groups["user"])
    columns["http_method"] = _arrow(request["method"]).dictionary_encode()
    columns["url_original"] = _arrow(request["target"])
    columns["http_version"] = _arrow(request["version"]).dictionary_encode()
    columns["http_status"] = _arrow(groups["status"].cast(pl.Int16, strict=False))
    columns["http_response_bytes"] = _arrow(groups["size"].cast(pl.Int64, strict=False))
    columns["http_referrer"] = _dash(groups["referrer"])
    columns["user_agent"] = _dash(groups["agent"])
    reason = np.where(~matched, "no combined log line", np.where(~dated, "time is not a date", ""))
    columns["unread"] = pa.array(reason, mask=matched & dated).dictionary_encode()
    gone = pa.array(~(matched & dated))
    schema = ACCESS.schema.append(UNREAD_COLUMN)
    out = []
    for field in schema:
        column = columns.get(field.name)
        if column is None:
            column = pa.nulls(batch.num_rows, field.type)
        elif column.type != field.type:
            column = column.cast(field.type)
        if field.name in ("feed", "file", "byte_offset", "unread"):
            out.append(column)
        else:
            out.append(_blank(column, gone, field.type))
    return pa.RecordBatch.from_arrays(out, schema=schema)


def _blank(column: pa.Array, gone: pa.Array, kind: pa.DataType) -> pa.Array:
    """An unread row holds no half-read values."""
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(pc.if_else(gone, None, column.indices), column.dictionary)
    return pc.if_else(gone, pa.scalar(None, kind), column)


def _arrow(series: pl.Series) -> pa.Array:
    array = series.to_arrow()
    return array.cast(pa.string()) if pa.types.is_large_string(array.type) or str(array.type) == "string_view" else array


def _dash(series: pl.Series) -> pa.Array:
    values = _arrow(series)
    return pc.if_else(pc.is_in(values, pa.array(["-", ""])), None, values)
