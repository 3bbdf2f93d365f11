"""From the texts that a layout's pattern found to the columns of `ACCESS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources.layout import Field
from vigie.sources.rows import Column, absent, addresses, arrow, hosts, split_request
from vigie.sources.source import Reading
from vigie.sources.times import civil, clf_times, epoch_times, iso_times, strftime_pattern

_EPOCHS: Final = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000}
_FRACTIONS: Final = {"fraction_ms": 3, "fraction_us": 6}
_MICROSECONDS: Final = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}
_REQUEST_PARTS: Final = frozenset({"request", "method", "target", "path", "args", "version"})


def columns_of(groups: pl.DataFrame, fields: Sequence[Field], reading: Reading) -> dict[str, Column]:
    """Columns of `ACCESS`, `seen_at` always among them, from the texts of a layout's fields.

    Args:
        groups: a text column per field, in their order; all null in a row that the pattern did not fit.
        fields: what each one is.
        reading: zone of times without one.
    """
    found: dict[str, list[tuple[int, Field, pl.Series]]] = {}
    for number, field in enumerate(fields):
        found.setdefault(field.column, []).append((field.rank, field, groups.to_series(number)))
    for candidates in found.values():
        candidates.sort(key=lambda candidate: candidate[0])
    columns: dict[str, Column] = {"seen_at": _time([(f, s) for _, f, s in found.pop("time")], reading.timezone)}
    columns.update(_request({name: found.pop(name)[0][2] for name in _REQUEST_PARTS & set(found)}))
    for column, candidates in found.items():
        name = "forwarded_for" if column == "forwarded" else column
        columns[name] = _first_held([_value(field.kind, texts) for _, field, texts in candidates])
    if "source_address" not in columns and "forwarded_for" in columns:
        # Whoever logs the header instead of the peer stands behind a proxy, which wrote the last address in it.
        last = pl.Series(pl.from_arrow(columns["forwarded_for"])).str.extract(r"([^,\s]+)\s*$")
        columns["source_address"] = addresses(last)
    if "peer_address" in columns and "source_address" in columns:
        same = pc.equal(columns["peer_address"], columns["source_address"])
        columns["peer_address"] = pc.if_else(pc.fill_null(same, False), None, columns["peer_address"])
    return columns


def _value(kind: str, texts: pl.Series) -> pa.Array:
    return _CONVERSIONS[kind](texts)


def _first_held(values: list[pa.Array]) -> pa.Array:
    return pc.coalesce(*values) if len(values) > 1 else values[0]


def _time(candidates: list[tuple[Field, pl.Series]], zone: str) -> pl.Series:
    """The most exact time that the layout holds; fractions are added to a time in whole seconds."""
    whole: list[pl.Series] = []
    pieces = [(field, texts) for field, texts in candidates if field.kind.startswith("strftime:")]
    for field, texts in candidates:
        if field.kind in _EPOCHS:
            whole.append(epoch_times(texts, _EPOCHS[field.kind]))
        elif field.kind == "clf":
            whole.append(clf_times(texts))
        elif field.kind == "iso":
            whole.append(iso_times(texts, zone))
        elif pieces and field is pieces[0][0]:
            whole.append(_pieced(pieces, zone))
    if not whole:
        return pl.Series(pa.nulls(len(candidates[0][1]), pa.int64())).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    seen = whole[0]
    for other in whole[1:]:
        if seen.null_count():
            seen = seen.fill_null(other)
    for field, texts in candidates:
        if field.kind in _FRACTIONS:
            part = texts.str.pad_end(6, "0") if field.kind == "fraction_us" else texts.str.pad_end(3, "0") + "000"
            whole_seconds = seen.cast(pl.Int64) // 1_000_000 * 1_000_000
            return (whole_seconds + part.cast(pl.Int64, strict=False).fill_null(0)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return seen


def _pieced(pieces: list[tuple[Field, pl.Series]], zone: str) -> pl.Series:
    """One time from several strftime texts (`%{%F %T}t.%{msec_frac}t %{%z}t`)."""
    parts: dict[str, pl.Series] = {}
    for field, texts in pieces:
        pattern = strftime_pattern(field.kind.partition(":")[2])
        if "?P<" not in pattern:
            continue
        for column in texts.str.extract_groups(f"^{pattern}$").struct.unnest().get_columns():
            parts.setdefault(column.name, column)
    if not parts:
        return pl.Series(pa.nulls(len(pieces[0][1]), pa.int64())).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return civil(pl.DataFrame(parts), zone)


def _request(parts: dict[str, pl.Series]) -> dict[str, Column]:
    """Method, target and version, whole or from their parts."""
    out: dict[str, Column] = {}
    if "request" in parts:
        split = split_request(parts["request"])
        out = {"http_method": split["method"], "url_original": split["target"], "http_version": split["version"]}
    if "method" in parts and "http_method" not in out:
        method = parts["method"]
        out["http_method"] = method.set(~method.str.contains(r"^[A-Za-z][A-Za-z_-]{0,31}$"), None)
    if "url_original" not in out and ("target" in parts or "path" in parts):
        target = parts.get("target", parts.get("path", pl.Series([], dtype=pl.String)))
        if "target" not in parts and "args" in parts:
            args = parts["args"].str.replace(r"^-?$", "")
            target = target + args.str.replace(r"^([^?])", "?$1")
        out["url_original"] = absent(target)
    if "version" in parts and "http_version" not in out:
        out["http_version"] = parts["version"].str.extract(r"^HTTP/(\d(?:\.\d)?)$")
    return out


def _whole(texts: pl.Series) -> pa.Array:
    return texts.cast(pl.Int64, strict=False).to_arrow()


def _status(texts: pl.Series) -> pa.Array:
    return texts.cast(pl.Int16, strict=False).to_arrow()


def _one_more(texts: pl.Series) -> pa.Array:
    """Apache counts the requests kept alive *after* the first one."""
    return (texts.cast(pl.Int64, strict=False) + 1).to_arrow()


def _duration(kind: str) -> Callable[[pl.Series], pa.Array]:
    per_unit = _MICROSECONDS[kind]

    def convert(texts: pl.Series) -> pa.Array:
        return (texts.cast(pl.Float64, strict=False) * per_unit).round().cast(pl.Int64, strict=False).to_arrow()

    return convert


def _summed_seconds(texts: pl.Series) -> pa.Array:
    """Every server that was asked, one after the other: `0.001, 0.002` took 0.003 s. `-` took none."""
    simple = texts.cast(pl.Float64, strict=False)
    several = texts.str.contains(r"[,:]").fill_null(value=False)
    if several.any():
        lists = texts.filter(several).str.extract_all(r"\d{1,12}(?:\.\d{1,9})?").list.eval(pl.element().cast(pl.Float64)).list
        sums = lists.sum().set(lists.len() == 0, None)
        simple = simple.scatter(several.arg_true(), sums)
    return (simple * 1_000_000).round().cast(pl.Int64, strict=False).to_arrow()


def _last_status(texts: pl.Series) -> pa.Array:
    """What the last server that was asked said."""
    return texts.str.extract(r"(\d{1,3})$").cast(pl.Int16, strict=False).to_arrow()


def _last_of_list(texts: pl.Series) -> pa.Array:
    return absent(texts.str.extract(r"(?:^|, | : )([^,\s]+)$"))


_CONVERSIONS: Final[dict[str, Callable[[pl.Series], pa.Array]]] = {
    "address": addresses,
    "host": hosts,
    "text": absent,
    "body": absent,
    "request": arrow,
    "integer": _whole,
    "status": _status,
    "one_more": _one_more,
    "seconds": _duration("seconds"),
    "milliseconds": _duration("milliseconds"),
    "microseconds": _duration("microseconds"),
    "seconds_list": _summed_seconds,
    "status_list": _last_status,
    "last_of_list": _last_of_list,
}
