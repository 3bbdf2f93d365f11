"""A table that the user brings: CSV, Parquet or `.mmdb`, of countries, networks or both.

CSV has one range a line, by its first and last address or as a network (`203.0.113.0/24`); a first line of names says which column is which:
`start`, `end` or `network`, then any of `country`, `asn`, `network_name`, `kind`, `relay`. Without names the columns are start, end, country, or
start, end, number and name of the network, as ip-location-db publishes them. Lines that cannot be used are counted.

References:
    - RFC 4180; https://maxmind.github.io/MaxMind-DB/; ISO 3166-1 alpha-2
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import ipaddress
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.origins.addresses import halves_of, packed
from vigie.origins.mmdb import networks
from vigie.origins.origin import NETWORK_KINDS, RELAYS
from vigie.origins.ranges import ranges
from vigie.origins.table import COLUMNS, COUNTRY, Half, Table, TableError, half_of

if TYPE_CHECKING:
    import polars as pl

MAX_BYTES: Final = 600_000_000
"""Bytes of a table, unpacked."""
MAX_NAME: Final = 120
"""Characters of a network's name."""

_NAMES: Final[Mapping[str, str]] = {
    "start": "start", "range_start": "start", "ip_range_start": "start", "first": "start", "end": "end", "range_end": "end", "ip_range_end": "end",
    "last": "end", "network": "cidr", "cidr": "cidr", "prefix": "cidr", "range": "cidr", "country": "country", "country_code": "country", "cc": "country",
    "country_iso_code": "country", "asn": "asn", "autonomous_system_number": "asn", "as_number": "asn", "network_name": "network", "org": "network",
    "as_name": "network", "autonomous_system_organization": "network", "kind": "kind", "relay": "relay",
}  # fmt: skip
"""Names of columns that are understood, in lower case."""

_SCHEMA: Final = pa.schema(
    [
        ("family", pa.uint8()), ("start_hi", pa.uint64()), ("start_lo", pa.uint64()), ("end_hi", pa.uint64()), ("end_lo", pa.uint64()),
        ("country", pa.string()), ("asn", pa.uint32()), ("network", pa.string()), ("kind", pa.string()), ("relay", pa.string()),
    ]
)  # fmt: skip
"""How a table is kept."""


def geo_table(path: Path, date: dt.date | None = None, name: str = "") -> Table:
    """A table from a file.

    Args:
        path: `.csv`, `.parquet` or `.mmdb`, perhaps with `.gz`.
        date: of its data, where the file does not tell it (default: the file's last change).
        name: what it is called (default: the file's).

    Raises:
        TableError: the file cannot be read, or nothing in it can be used.
    """
    try:
        data = unpacked(path.read_bytes(), path.name)
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
    except OSError as error:
        raise TableError(f"{path}: {error.strerror or error}") from None
    try:
        return table_of(data, name or path.name.removesuffix(".gz").rpartition(".")[0] or path.name, date, changed)
    except TableError as error:
        raise TableError(f"{path}: {error}") from None


def unpacked(data: bytes, name: str) -> bytes:
    """Bytes without gzip around them.

    Raises:
        TableError: they are damaged, or too many.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as handle:
                data = handle.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise TableError(f"{name}: damaged ({error})") from None
    if len(data) > MAX_BYTES:
        raise TableError(f"{name}: more than {MAX_BYTES:,} bytes")
    return data


def table_of(data: bytes, name: str, date: dt.date | None, changed: dt.date) -> Table:
    """A table from bytes; the format is told by them.

    Args:
        data: of the file.
        name: what it is called.
        date: of the data, as the user says.
        changed: taken for the date where neither user nor file tells.

    Raises:
        TableError: nothing in them can be used.
    """
    if data[:4] == b"PAR1":
        return _parquet(data, name, date or changed)
    if b"\xab\xcd\xefMaxMind.com" in data[-131_072:]:
        return _mmdb(data, name, date)
    return _csv(data, name, date or changed)


def _made(columns: dict[str, Any], high: tuple[Any, Any], low: tuple[Any, Any], family: npt.NDArray[np.uint8], name: str, date: dt.date | None, skipped: int, licence: str = "") -> Table:
    rows = len(family)
    if not rows:
        raise TableError(f"no range that can be used ({skipped:,} lines are not understood). See docs/origins.md for the columns")
    table = pa.table({
        "family": family, "start_hi": low[0], "start_lo": low[1], "end_hi": high[0], "end_lo": high[1],
        **{one: pa.array(columns[one], _SCHEMA.field(one).type) if one in columns else pa.nulls(rows, _SCHEMA.field(one).type) for one in COLUMNS},
    }, schema=_SCHEMA)  # fmt: skip
    return _from(table, name, date, licence, skipped)


def _from(table: pa.Table, name: str, date: dt.date | None, licence: str, skipped: int) -> Table:
    says = frozenset(one for one in COLUMNS if table.column(one).null_count < table.num_rows)
    return Table(name, date, licence, True, says, partial(_half, table), rows=table.num_rows, skipped=skipped)


def _half(table: pa.Table, family: int) -> Half | None:
    mine = table.filter(pa.array(table.column("family").to_numpy() == family))
    if not mine.num_rows:
        return None
    columns = {one: mine.column(one).combine_chunks() for one in COLUMNS if mine.column(one).null_count < mine.num_rows}
    columns = {one: column.dictionary_encode() if one != "asn" else column for one, column in columns.items()}
    if family == 6:
        return half_of(mine, 6, columns)
    low, high = (mine.column(f"{one}_lo").to_numpy().astype(np.uint32) for one in ("start", "end"))
    return Half(ranges(low, high), columns)


def as_parquet(table: Table) -> bytes:
    """A table that was read from a file, as it is kept.

    Raises:
        TableError: it is one that comes with vigie.
    """
    if not isinstance(table.load, partial):
        raise TableError(f"{table.name}: comes with vigie")
    about = {"vigie_name": table.name, "vigie_date": table.date.isoformat() if table.date else "", "vigie_licence": table.licence, "vigie_skipped": str(table.skipped)}
    out = io.BytesIO()
    pq.write_table(table.load.args[0].replace_schema_metadata(about), out, compression="zstd")
    return out.getvalue()


def _parquet(data: bytes, name: str, date: dt.date | None) -> Table:
    try:
        table = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TableError(f"damaged ({str(error).splitlines()[0][:200]})") from None
    if table.column_names == _SCHEMA.names:
        about = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in (table.schema.metadata or {}).items()}
        try:
            kept = table.cast(_SCHEMA)
            when = dt.date.fromisoformat(about["vigie_date"]) if about.get("vigie_date") else date
            return _from(kept, about.get("vigie_name", name), when, about.get("vigie_licence", ""), int(about.get("vigie_skipped", "0")))
        except (pa.ArrowException, ValueError) as error:
            raise TableError(f"damaged ({str(error)[:200]})") from None
    return _published(table, name, date)


def _published(table: pa.Table, name: str, date: dt.date | None) -> Table:
    """Columns start, end (or their halves), with a country or the number of a network."""
    names = set(table.column_names)
    six = {"start_hi", "start_lo", "end_hi", "end_lo"} <= names
    if not six and not {"start", "end"} <= names:
        raise TableError("no columns start and end, or start_hi, start_lo, end_hi and end_lo")
    try:
        low, high = (
            tuple(table.column(f"{one}_{half}").cast(pa.uint64()).to_numpy() for half in ("hi", "lo")) if six
            else (np.zeros(table.num_rows, np.uint64), table.column(one).cast(pa.uint32()).to_numpy().astype(np.uint64))
            for one in ("start", "end")
        )  # fmt: skip
    except (pa.ArrowException, NotImplementedError) as error:
        raise TableError(f"addresses are no numbers ({str(error)[:100]})") from None
    told = {_NAMES[column]: table.column(column).cast(pa.string()).to_pylist() for column in table.column_names if _NAMES.get(column, "") in COLUMNS}
    return _checked(told, low, high, np.full(table.num_rows, 6 if six else 4, np.uint8), name, date, 0)


def _checked(told: Mapping[str, Sequence[object]], low: tuple[Any, Any], high: tuple[Any, Any], family: npt.NDArray[np.uint8], name: str, date: dt.date | None, skipped: int, licence: str = "") -> Table:
    """Rows that say something of a range whose end is not before its start."""
    clean = {column: [_CLEAN[column](value) for value in values] for column, values in told.items()}
    says = np.zeros(len(family), bool)
    for values in clean.values():
        says |= np.array([value is not None for value in values], bool)
    good = says & ((high[0] > low[0]) | ((high[0] == low[0]) & (high[1] >= low[1])))
    rows = np.flatnonzero(good)
    kept = {column: [values[row] for row in rows.tolist()] for column, values in clean.items()}
    return _made(kept, (high[0][rows], high[1][rows]), (low[0][rows], low[1][rows]), family[rows], name, date, skipped + int((~good).sum()), licence)


def _country(value: object) -> str | None:
    text = str(value or "").strip().upper()
    return text if COUNTRY.match(text) else None


def _number(value: object) -> int | None:
    text = str(value if value is not None else "").strip().upper().removeprefix("AS")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < 2**32 else None


def _text(value: object) -> str | None:
    return str(value or "").strip()[:MAX_NAME] or None


def _one_of(words: tuple[str, ...], value: object) -> str | None:
    text = str(value or "").strip().lower().replace(" ", "_")
    return text if text in words else None


_CLEAN: Final[Mapping[str, Callable[[object], str | int | None]]] = {"country": _country, "asn": _number, "network": _text, "kind": partial(_one_of, NETWORK_KINDS), "relay": partial(_one_of, RELAYS)}
"""What a value must look like; everything else is not said."""


def _csv(data: bytes, name: str, date: dt.date | None) -> Table:
    import polars as pl

    lines = b"\n".join(line for line in data.split(b"\n") if line.strip() and not line.startswith(b"#"))
    try:
        rows = pl.read_csv(lines, has_header=False, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True, ignore_errors=True)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableError(f"no table ({str(error).splitlines()[0][:200]})") from None
    columns, rows = _headed(rows)
    text = {column: rows.to_series(at) for at, column in enumerate(columns) if column}
    told: dict[str, Sequence[object]] = {column: text[column].to_list() for column in COLUMNS if column in text}
    if not told:
        raise TableError("no column of countries or networks. See docs/origins.md for the columns")
    if "cidr" in text:
        start, end = _networks(text["cidr"])
    elif {"start", "end"} <= set(text):
        start, end = text["start"], text["end"]
    else:
        raise TableError("no columns start and end, and no column network. See docs/origins.md for the columns")
    low, low_family = _ends(start)
    high, high_family = _ends(end)
    good = (low_family == high_family) & (low_family > 0)
    at = np.flatnonzero(good)
    told = {column: [values[row] for row in at.tolist()] for column, values in told.items()}
    return _checked(told, (low[0][at], low[1][at]), (high[0][at], high[1][at]), low_family[at].astype(np.uint8), name, date, int((~good).sum()))


def _headed(rows: pl.DataFrame) -> tuple[list[str], pl.DataFrame]:
    """What each column is, and the rows below a line of names."""
    first = [str(value or "").strip().lower() for value in rows.row(0)] if rows.height else []
    if any(name in _NAMES for name in first):
        columns = [_NAMES.get(name, "") for name in first]
        return columns, rows.slice(1)
    if first and "/" in first[0]:
        return ["cidr", _third(first[1:2]), "network"][: rows.width], rows
    return ["start", "end", _third(first[2:3]), "network"][: rows.width], rows


def _third(value: list[str]) -> str:
    return "country" if not value or _country(value[0]) else "asn"


def _networks(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    import polars as pl

    first: list[str | None] = []
    last: list[str | None] = []
    for text in column.to_list():
        try:
            network = ipaddress.ip_network(str(text).strip()[:64], strict=False)
        except ValueError:
            first.append(None)
            last.append(None)
            continue
        first.append(str(network.network_address))
        last.append(str(network.broadcast_address))
    return pl.Series(first, dtype=pl.String), pl.Series(last, dtype=pl.String)


def _ends(column: pl.Series) -> tuple[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]], npt.NDArray[np.int8]]:
    """Addresses, as text or as decimal numbers, in halves, with their family (0 for none)."""
    column = column.str.strip_chars()
    digits = column.str.contains(r"^[0-9]{1,39}$").fill_null(False).to_numpy()
    found = packed(column.to_arrow().cast(pa.string()))
    high, low = np.zeros(len(column), np.uint64), found.four.astype(np.uint64)
    six = np.flatnonzero(found.family == 6)
    high[six], low[six] = halves_of(found.six)
    family = found.family.copy()
    for row in np.flatnonzero(digits).tolist():
        number = int(column[row])
        family[row] = 4 if number < 2**32 else 6 if number < 2**128 else 0
        high[row], low[row] = (number >> 64) % 2**64, number % 2**64
    return (high, low), family


def _mmdb(data: bytes, name: str, date: dt.date | None) -> Table:
    found = networks(data)
    built = found.about.get("build_epoch")
    when = date or (dt.datetime.fromtimestamp(built, dt.UTC).date() if isinstance(built, int) and 0 < built < 2**33 else None)
    told = [_said(record) for record in found.records]
    columns: dict[str, list[str | None]] = {}
    for column in ("country", "asn", "network"):
        if any(one.get(column) for one in told):
            values = [one.get(column) for one in told]
            columns[column] = [values[at] for at in found.record.tolist()]
    if not columns:
        raise TableError("its records name no country and no network")
    bits = np.where(found.four, 32, 128) - found.length
    fill_low = np.where(bits >= 64, np.uint64(2**64 - 1), (np.uint64(1) << np.minimum(bits, 63).astype(np.uint64)) - np.uint64(1))
    fill_high = np.where(bits > 64, (np.uint64(1) << np.clip(bits - 64, 0, 63).astype(np.uint64)) - np.uint64(1), np.uint64(0))
    high = np.where(found.four, np.uint64(0), found.high)
    return _checked(columns, (high, found.low), (high | fill_high, found.low | fill_low), np.where(found.four, 4, 6).astype(np.uint8), name, when, 0)


def _said(record: Any) -> dict[str, str | None]:
    """Country and network of one record, in the names that publishers use."""
    if not isinstance(record, dict):
        return {}
    country = record.get("country_code") or _code(record.get("country")) or _code(record.get("registered_country"))
    number = record.get("autonomous_system_number") or record.get("asn")
    network = record.get("autonomous_system_organization") or record.get("as_name") or record.get("as_org") or record.get("organization")
    return {"country": country if isinstance(country, str) else None, "asn": str(number) if number else None, "network": network if isinstance(network, str) else None}


def _code(value: Any) -> str | None:
    found = value.get("iso_code") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None

