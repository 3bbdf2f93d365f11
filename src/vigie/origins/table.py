"""A table of places: ranges of addresses, and for each what is said of it. The tables that come with vigie are read when they are first asked.

References:
    - `data/NOTICE` (what the tables are made of, their licences), `tools/build_origins.py` (how they are made)
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.origins.addresses import Packed, sixteen_of
from vigie.origins.ranges import Ranges, ranges

COLUMNS: Final = ("country", "asn", "network", "kind", "relay")
"""What a table may say of a range, as text; the number of a network without "AS"."""

COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")


class TableError(Exception):
    """A table or list cannot be used; the text says why, and what to try."""


@dataclass(frozen=True, slots=True)
class Half:
    """A table's ranges of one family, and its columns.

    Attributes:
        ranges: `row` points into the columns.
        columns: some of `COLUMNS`, text as dictionary-encoded or plain arrays (`asn` uint32); shape (rows,).
    """

    ranges: Ranges
    columns: Mapping[str, pa.Array]


@dataclass(frozen=True)
class Table:
    """Where addresses are, as of one date.

    Attributes:
        name: what it is called on screen.
        date: of its data; None when it is not known.
        licence: one line; "" when it is not known.
        own: whether the user brought it. His own table is believed alone; the built-in ones confirm each other.
        says: which of `COLUMNS` it has.
        load: family (4 or 6) → its half; asked once for each.
        rows: how many ranges; 0 when it is not known before loading.
        skipped: lines of the file that could not be used.
    """

    name: str
    date: dt.date | None
    licence: str
    own: bool
    says: frozenset[str]
    load: Callable[[int], Half | None] = field(repr=False)
    rows: int = 0
    skipped: int = 0
    halves: dict[int, Half | None] = field(default_factory=dict, repr=False, compare=False)

    def half(self, family: int) -> Half | None:
        """The half of one family; None when the table has none."""
        if family not in self.halves:
            self.halves[family] = self.load(family)
        return self.halves[family]

    def ask(self, addresses: Packed, column: str) -> npt.NDArray[np.object_]:
        """What a column says of each address; None where the table does not know."""
        return self.asked(addresses, (column,))[column]

    def asked(self, addresses: Packed, columns: tuple[str, ...]) -> dict[str, npt.NDArray[np.object_]]:
        """What some columns say of each address: one search for all of them."""
        out = {name: np.full(len(addresses), None, object) for name in columns}
        for family in (4, 6):
            mine = np.flatnonzero(addresses.family == family)
            half = self.half(family) if len(mine) else None
            if half is None:
                continue
            row = half.ranges.find(addresses.four[mine] if family == 4 else addresses.six)
            held = np.flatnonzero(row >= 0)
            for name in columns:
                if name in half.columns:
                    out[name][mine[held]] = _values(half.columns[name], row[held])
        return out

    def codes(self, addresses: Packed) -> npt.NDArray[np.int32]:
        """The country of each IPv4 and IPv6 address as two letters in one number (`code`), 0 where the table does not know: the quick way."""
        out = np.zeros(len(addresses), np.int32)
        for family in (4, 6):
            is_mine = addresses.family == family
            half = self.half(family) if is_mine.any() else None
            if half is None or "country" not in half.columns:
                continue
            codes = np.append(code_of(half.columns["country"]), 0)
            out[is_mine] = codes[half.ranges.find(addresses.four[is_mine] if family == 4 else addresses.six)]
        return out


def _values(column: pa.Array, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
    taken = column.take(pa.array(rows))
    if isinstance(taken, pa.DictionaryArray):
        words = np.array([*taken.dictionary.to_pylist(), None], object)
        return np.asarray(words[taken.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)], object)
    out = np.empty(len(rows), object)
    out[:] = taken.to_pylist()
    return out


def code_of(countries: pa.Array) -> npt.NDArray[np.int32]:
    """Two letters as one number, 0 for null, for arithmetic on countries."""
    encoded = countries if isinstance(countries, pa.DictionaryArray) else countries.dictionary_encode()
    words = [ord(word[0]) * 256 + ord(word[1]) if word else 0 for word in encoded.dictionary.to_pylist()]
    return np.asarray(np.array([*words, 0], np.int32)[encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)], np.int32)


def letters_of(code: int) -> str:
    """The country that a number of `code_of` stands for; "" for 0."""
    return chr(code // 256) + chr(code % 256) if code else ""


_DATA: Final = files("vigie.origins") / "data"
_BUILT_IN: Final = (("geo-whois-asn-country", "country"), ("asn-country", "country"), ("asn", "asn"))
"""Names of the tables that come with vigie, the first one first, and what each says."""


@lru_cache(maxsize=1)
def built_in() -> tuple[Table, ...]:
    """The tables that come with vigie: two of countries, one of networks. Where their files are missing there are none."""
    try:
        about: dict[str, Any] = json.loads((_DATA / "about.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    out = []
    for name, says in _BUILT_IN:
        one = about["tables"][name]
        out.append(Table(name, dt.date.fromisoformat(one["date"]), one["licence"], False, frozenset({says}), _Shipped(name, says), rows=one["ipv4"] + one["ipv6"]))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Shipped:
    name: str
    says: str

    def __call__(self, family: int) -> Half | None:
        try:
            with (_DATA / f"{self.name}-ipv{family}.parquet").open("rb") as handle:
                table = pq.read_table(handle, read_dictionary=["cc"] if self.says == "country" else None, use_threads=False)
        except OSError:
            return None
        return half_of(table, family, {self.says: table.column("cc" if self.says == "country" else "asn").combine_chunks()})


def half_of(table: pa.Table, family: int, columns: Mapping[str, pa.Array]) -> Half:
    """Ranges of a table with the columns `start`, `end` (IPv4) or `start_hi` … `end_lo` (IPv6), made disjoint where they are not."""

    def numbers(name: str) -> npt.NDArray[Any]:
        return np.asarray(table.column(name).to_numpy())

    low: npt.NDArray[Any]
    high: npt.NDArray[Any]
    if family == 4:
        low, high = (numbers(name).astype(np.uint32) for name in ("start", "end"))
    else:
        low, high = (sixteen_of(numbers(f"{name}_hi").astype(np.uint64), numbers(f"{name}_lo").astype(np.uint64)) for name in ("start", "end"))
    return Half(ranges(low, high), columns)


@lru_cache(maxsize=1)
def _names() -> tuple[npt.NDArray[np.uint32], pa.Array]:
    try:
        with (_DATA / "asn-names.parquet").open("rb") as handle:
            table = pq.read_table(handle, use_threads=False)
    except OSError:
        return np.zeros(0, np.uint32), pa.array([], pa.string())
    return table.column("asn").to_numpy(), table.column("org").combine_chunks()


def network_names(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.object_]:
    """Who runs each network, by its AS number; None where that is not known."""
    known, names = _names()
    out = np.full(len(numbers), None, object)
    if len(known):
        at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
        there = np.flatnonzero(known[at] == numbers)
        out[there] = np.array([*names.take(pa.array(at[there])).to_pylist(), None], object)[:-1]
    return out
