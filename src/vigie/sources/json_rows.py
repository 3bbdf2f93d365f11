"""From lines that are JSON objects to rows of `ACCESS`, by a mapping of names. One parse of the whole batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS
from vigie.sources.json_fields import NO_OBJECT, Fields, fields_of, first_of_lists
from vigie.sources.json_mapping import Key, Mapping
from vigie.sources.json_values import UNITS, durations, integers, last, ports, tls_versions, versions
from vigie.sources.moment import moments
from vigie.sources.rows import NO_DATE, Column, absent, addresses, assemble, hosts, reasons, split_request, text_of
from vigie.sources.source import Reading

NO_REQUEST = "not an access entry"
"""Why a line of another logger that shares the file is unread."""

_REQUEST = ("request", "http_method", "url_original", "url_path", "http_status")
_NANOSECONDS = r"^\d{19}$"
_LARGEST = 2**62


def read_mapped(batch: pa.RecordBatch, reading: Reading, mapped: Mapping) -> pa.RecordBatch:
    """Read lines, one JSON object each.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` for times that carry none.
        mapped: which key means what.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.
    """
    keys = [key for _, several in mapped.fields for key in several]
    plain = list(dict.fromkeys([key.pointer for key in keys if key.how != "list"] + [p for p in mapped.entry[:1] if p]))
    found = fields_of(text_of(batch.column("line")), plain, list(dict.fromkeys(key.pointer for key in keys if key.how == "list")))
    columns = {name: _first([_column(found, key, reading) for key in several]) for name, several in mapped.fields}
    entry = _entries(found, mapped)
    _moments(columns, found, dict(mapped.fields))
    _requests(columns)
    if "peer_address" in columns and "source_address" in columns:
        peer, source = columns["peer_address"], columns["source_address"]
        columns["source_address"] = pc.coalesce(source, peer)
        columns["peer_address"] = pc.if_else(pc.fill_null(pc.equal(peer, source), True), None, peer)
    seen = columns.get("seen_at")
    dated = np.zeros(batch.num_rows, bool) if seen is None else seen.is_not_null().to_numpy()
    why = reasons((~found.read, NO_OBJECT), (~entry, NO_REQUEST), (~dated, NO_DATE))
    return assemble(batch, ACCESS, columns, why)


def _column(found: Fields, key: Key, reading: Reading) -> Column:
    if key.how == "list":
        return absent(first_of_lists(found.lists[key.pointer]))
    raw = found.values[key.pointer]
    if key.how == "address":
        return addresses(_last_hop(raw))
    if key.how == "host":
        return hosts(raw)
    if key.how == "text":
        return absent(raw)
    values = pl.Series(raw)
    if key.how in UNITS:
        return durations(values, key.how)
    if key.how == "status":
        return integers(values, 0, 999)
    if key.how == "origin":
        return integers(last(values), 100, 999)
    if key.how == "integer":
        return integers(values, 0, _LARGEST)
    if key.how == "time":
        return moments(values, reading.timezone)
    made = {"port": ports, "version": versions, "tls": tls_versions, "last": last}[key.how](values)
    return absent(made) if made.dtype == pl.String else made


def _last_hop(raw: pa.Array) -> pa.Array:
    """Of a chain of addresses (`claimed, proxy`) the last: the one before it is what the client says of itself."""
    if not pc.any(pc.match_substring(raw, ",")).as_py():
        return raw
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(raw, "^.*,", ""))


def _first(columns: Sequence[Column]) -> Column:
    if len(columns) == 1:
        return columns[0]
    if isinstance(columns[0], pl.Series):
        whole = columns[0]
        for column in columns[1:]:
            whole = whole.fill_null(column)
        return whole
    return pc.coalesce(*columns)


def _entries(found: Fields, mapped: Mapping) -> npt.NDArray[np.bool_]:
    pointer, prefix = mapped.entry
    if pointer:
        return np.asarray(pc.fill_null(pc.starts_with(found.values[pointer], prefix), False))
    held = np.zeros(len(found.read), bool)
    for name, keys in mapped.fields:
        if name in _REQUEST:
            for key in keys:
                held |= np.asarray(pc.is_valid(found.values[key.pointer]))
    return held


def _moments(columns: dict[str, Column], found: Fields, keys: dict[str, tuple[Key, ...]]) -> None:
    """A record is seen at the end of its request: its start and duration tell that most finely."""
    started = columns.pop("started_at", None)
    if started is None:
        return
    ended, took = columns.get("seen_at"), columns.get("event_duration")
    if took is None and ended is not None:
        exact = pl.Series(found.values[keys["started_at"][0].pointer]).str.contains(_NANOSECONDS).fill_null(value=False)
        passed = (ended - started).dt.total_microseconds()
        columns["event_duration"] = pl.select(pl.when(exact & (passed >= 0)).then(passed)).to_series()
    precise = started + took.cast(pl.Duration("us")) if took is not None else None
    seen = precise
    for moment in (ended, started):
        if moment is not None:
            seen = moment if seen is None else seen.fill_null(moment)
    columns["seen_at"] = seen


def _requests(columns: dict[str, Column]) -> None:
    """Method, target and version from a whole request line, or the target from path and query, where they have no field of their own."""
    made: dict[str, pa.Array] = {}
    path, query = columns.pop("url_path", None), columns.pop("url_query", None)
    if path is not None:
        tail = pa.nulls(len(path), pa.string()) if query is None else query
        whole = pc.binary_join_element_wise(path, pc.coalesce(pc.binary_join_element_wise("?", tail, ""), pa.scalar("")), "")
        made["url_original"] = whole
    line = columns.pop("request", None)
    if line is not None:
        parts = split_request(pl.Series(line))
        made["http_method"] = parts["method"].to_arrow().cast(pa.string())
        made["http_version"] = parts["version"].to_arrow().cast(pa.string())
        target = parts["target"].to_arrow().cast(pa.string())
        made["url_original"] = pc.coalesce(target, made["url_original"]) if "url_original" in made else target
    for name, column in made.items():
        known = columns.get(name)
        if known is None:
            columns[name] = column
        else:
            known = known.to_arrow().cast(pa.string()) if isinstance(known, pl.Series) else known
            columns[name] = pc.coalesce(known, column)
