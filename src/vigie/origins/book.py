"""Everything that is known of addresses, opened for questions: tables, lists of relays, networks of one's own.

A table that the user brought is asked first and believed alone; the built-in ones confirm each other, and he who stands alone among them counts as
disputed. Where several dates of one table are kept, the nearest to the event speaks.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.origins.addresses import Packed, packed, reserved, tunnels
from vigie.origins.geo_file import geo_table
from vigie.origins.kinds import HIDES, kinds_of
from vigie.origins.origin import DISPUTED, ORIGIN, PLACED, RELAYED, RELAYS, TUNNEL, UNLOCATED
from vigie.origins.relays import RelayList, listed
from vigie.origins.store import relay_lists, tables, user_folder
from vigie.origins.table import Table, built_in, letters_of, network_names

OLD: Final = 90
"""Days after which a table is said to be old."""
STALE: Final = 180
"""Days by which a built-in table may be older than the user's own, and still be asked."""
_EPOCH: Final = dt.date(1970, 1, 1)
_DAY: Final = 86_400_000_000

Words = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Book:
    """What is asked.

    Attributes:
        own: tables of the user, the first one first; those of one name are dates of one table.
        built_in: tables that came with vigie.
        lists: of relays.
        ours: networks (CIDR) of one's own.
    """

    own: tuple[Table, ...] = ()
    built_in: tuple[Table, ...] = ()
    lists: tuple[RelayList, ...] = ()
    ours: tuple[str, ...] = ()

    @property
    def countries(self) -> tuple[Table, ...]:
        """Tables that say countries, in the order in which they are asked."""
        return tuple(one for one in (*self.own, *self.voting) if "country" in one.says)

    @property
    def voting(self) -> tuple[Table, ...]:
        """The built-in tables, less those of countries that are far older than the user's own."""
        newest = max((one.date for one in self.own if one.date and "country" in one.says), default=None)
        return tuple(one for one in self.built_in if "country" not in one.says or newest is None or one.date is None or (newest - one.date).days <= STALE)

    def old(self, today: dt.date) -> Table | None:
        """The table that gives the countries, if it is older than `OLD` days."""
        dated = [one for one in self.countries if one.date]
        newest = max(dated, key=lambda one: one.date or _EPOCH, default=None)
        return newest if newest is not None and newest.date is not None and (today - newest.date).days > OLD else None


def open_book(geo: Sequence[Path] = (), folders: Sequence[Path] = (), ours: tuple[str, ...] = (), between: tuple[int, int] | None = None, *, user: bool = True) -> Book:
    """Everything that is there.

    Args:
        geo: files of the user, asked first.
        folders: of tables and lists beside an archive, asked next.
        ours: networks of one's own.
        between: of lists of relays only those are opened that speak for some time between these two (microseconds of the epoch).
        user: whether the tables in the user's data folder are asked too.

    Raises:
        TableError: a file cannot be used.
    """
    folders = (*folders, *((user_folder(),) if user else ()))
    own = [*(geo_table(path) for path in geo), *(one for folder in folders for one in tables(folder))]
    lists = [one for folder in folders for one in relay_lists(folder, between)]
    return Book(tuple(own), built_in(), tuple(lists), ours)


def origins(addresses: pa.Array, seen: npt.NDArray[np.int64], book: Book) -> pa.Table:
    """What is known of addresses at their times.

    Args:
        addresses: canonical text, "" or null for none; shape (n,).
        seen: microseconds of the epoch; shape (n,).
        book: what is asked.

    Returns:
        rows of `ORIGIN`, one for each address, in the same order.
    """
    encoded = addresses.fill_null("").dictionary_encode()
    row = encoded.indices.to_numpy()
    distinct = packed(encoded.dictionary)
    editions = _editions(book, seen)
    out = [np.full(len(row), None, object) for _ in ORIGIN.names]
    for key in sorted(set(editions.tolist())):
        mine = np.flatnonzero(editions == key)
        used, back = np.unique(row[mine], return_inverse=True)
        part = _some(distinct, used)
        for column, values in zip(out, _known(part, seen[mine], back, _edition(book, key)), strict=True):
            column[mine] = values
    columns = [pa.array(column.tolist(), field.type) for column, field in zip(out, ORIGIN, strict=True)]
    return pa.table(columns, schema=ORIGIN).set_column(0, ORIGIN.field(0), addresses.fill_null("").cast(pa.string()))


def _some(addresses: Packed, rows: npt.NDArray[np.int64]) -> Packed:
    at = np.cumsum(addresses.family == 6) - 1
    family = addresses.family[rows]
    return Packed(family, addresses.four[rows], addresses.six[at[rows[family == 6]]])


def _editions(book: Book, seen: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each time a number that says which date of every table speaks; 0 where there is only one of each."""
    out = np.zeros(len(seen), np.int64)
    for dates in _dated(book).values():
        if len(dates) > 1:
            times = np.array([(date - _EPOCH).days * _DAY for date in dates], np.int64)
            out = out * len(dates) + np.searchsorted((times[1:] + times[:-1]) // 2, seen)
    return out


def _dated(book: Book) -> dict[str, list[dt.date]]:
    found: dict[str, set[dt.date]] = {}
    for one in book.own:
        found.setdefault(one.name, set()).add(one.date or _EPOCH)
    return {name: sorted(dates) for name, dates in found.items()}


def _edition(book: Book, key: int) -> Book:
    """The book with one date of each table."""
    chosen: dict[str, dt.date] = {}
    for name, dates in reversed(_dated(book).items()):
        at = 0
        if len(dates) > 1:
            key, at = divmod(key, len(dates))
        chosen[name] = dates[at]
    kept: dict[str, Table] = {}
    for one in book.own:
        if (one.date or _EPOCH) == chosen[one.name]:
            kept.setdefault(one.name, one)
    return replace(book, own=tuple(kept.values()))


def _known(addresses: Packed, seen: npt.NDArray[np.int64], back: npt.NDArray[np.int64], book: Book) -> list[Words]:
    """Columns of `ORIGIN` (the address left empty) for times `seen` of the addresses `back` points to."""
    special, tunnel = reserved(addresses, book.ours), tunnels(addresses)
    country, countries, answers, disputed, as_of = _voted(addresses, special, book)
    asn, network, kind, relay, ground = _network(addresses, book)
    through = tunnel != None  # noqa: E711 - each of an array of objects
    relay[through], ground[through] = TUNNEL, tunnel[through]
    found = listed(_some(addresses, back), seen, asn[back], book.lists)
    by_list = found.kind != None  # noqa: E711
    rank = {word: at for at, word in enumerate((*RELAYS, None))}
    better = by_list & np.array([rank[one] <= rank[other] for one, other in zip(found.kind.tolist(), relay[back].tolist(), strict=True)], bool)
    relays = np.where(better, found.kind, relay[back])
    grounds = np.where(better, found.label, ground[back])
    days = found.days.astype(object)
    days[~better] = None
    there = country != None  # noqa: E711
    hidden = relays != None  # noqa: E711
    state = np.where(~there[back], UNLOCATED, np.where(hidden, RELAYED, np.where(disputed[back], DISPUTED, PLACED)))
    empty = np.full(len(back), None, object)
    return [
        empty, country[back], countries[back], answers[back], state.astype(object), disputed[back].astype(object), asn[back], network[back], kind[back],
        relays, grounds, days, found.checked.astype(object), special[back], as_of[back],
    ]  # fmt: skip


def _voted(addresses: Packed, special: Words, book: Book) -> tuple[Words, Words, Words, npt.NDArray[np.bool_], Words]:
    """First country, all countries, how many tables answer, whether they dispute it, and the date of the first that answers."""
    count = len(addresses)
    country, countries, as_of = (np.full(count, None, object) for _ in range(3))
    answers, differ, own = np.zeros(count, np.int64), np.zeros(count, bool), np.zeros(count, bool)
    open_ = special == None  # noqa: E711
    asked = [(one, one.ask(addresses, "country")) for one in book.countries]
    for table, said in asked:
        says = (said != None) & (open_ | (table.own & (special != "own")))  # noqa: E711
        first = says & (answers == 0)
        country[first], countries[first], as_of[first] = said[first], said[first], table.date
        more = says & ~first
        for at in np.flatnonzero(more).tolist():
            if said[at] not in countries[at].split():
                countries[at] += f" {said[at]}"
                differ[at] = True
        answers[says] += 1
        own |= says & table.own
    alone = (answers == 1) & ~own & (sum(1 for one, _ in asked if not one.own) > 1)
    return country, countries, answers.astype(object), differ | alone, as_of


def _network(addresses: Packed, book: Book) -> tuple[Words, Words, Words, Words, Words]:
    """Number and name of each network, what it is for, the relay that this makes, and what says so."""
    count = len(addresses)
    asn, network, kind, relay, ground = (np.full(count, None, object) for _ in range(5))
    for table in (*book.own, *(one for one in book.built_in if "asn" in one.says)):
        said = table.asked(addresses, tuple(table.says - {"country"}))
        fresh = asn == None  # noqa: E711
        for column, into in (("asn", asn), ("network", network), ("kind", kind), ("relay", relay)):
            if column in said:
                new = (said[column] != None) & (fresh if column == "asn" else into == None)  # noqa: E711
                into[new] = said[column][new]
                if column == "relay":
                    ground[new] = f"{table.name} {table.date}" if table.date else table.name
    known = np.flatnonzero((asn != None) & (network == None))  # noqa: E711
    network[known] = network_names(asn[known].astype(np.uint32))
    by_name, says = kinds_of(asn, network)
    missing = kind == None  # noqa: E711
    kind[missing] = by_name[missing]
    for at in np.flatnonzero((relay == None) & (kind != None)).tolist():  # noqa: E711
        hides = HIDES.get(kind[at])
        if hides is not None:
            relay[at], ground[at] = hides, says[at] if missing[at] else "table"
        if kind[at] not in _PURPOSES:
            kind[at] = "hosting"
    return asn, network, kind, relay, ground


_PURPOSES: Final = frozenset({"hosting", "cdn", "access", "mobile", "government", "education"})


def countries(addresses: pa.Array | pa.ChunkedArray, book: Book) -> pa.Array:
    """The country of the last hop of every line, by the newest tables: the quick way, when nothing else is asked.

    Args:
        addresses: canonical text; shape (n,).
        book: what is asked.

    Returns:
        two letters each, null where no table knows; the same as `country` of `origins` where no table has several dates.
    """
    column = addresses.combine_chunks() if isinstance(addresses, pa.ChunkedArray) else addresses
    column = column.cast(pa.string()).fill_null("")
    step = max(_TOGETHER, -(-len(column) // _THREADS))
    parts = [column.slice(low, step) for low in range(0, len(column), step)]
    for table in book.countries:  # read before several ask at once
        table.half(4)
        table.half(6)
    with ThreadPoolExecutor(_THREADS) as pool:
        codes = np.concatenate([np.zeros(0, np.int32), *pool.map(lambda part: _codes_of(part, book), parts)])
    there = np.flatnonzero(np.bincount(codes, minlength=1))
    at = np.zeros(65_536, np.int32)
    at[there] = np.arange(len(there))
    return pa.DictionaryArray.from_arrays(pa.array(at[codes]), pa.array([letters_of(int(one)) or None for one in there], pa.string()))


_THREADS: Final = min(4, os.cpu_count() or 1)
_TOGETHER: Final = 250_000
"""Rows at least for a thread of their own."""
_SAMPLE: Final = 4_096


def _codes_of(column: pa.Array, book: Book) -> npt.NDArray[np.int32]:
    """The country of each address as a number (`table.code_of`); different texts are looked at once where a sample says that they repeat."""
    sample = pa.concat_arrays([column.slice(0, _SAMPLE), column.slice(max(0, len(column) - _SAMPLE))])
    if len(column) >= 2 * _SAMPLE and len(sample.unique()) > 0.96 * len(sample):
        return _codes(packed(column), book)
    encoded = column.dictionary_encode()
    return np.asarray(_codes(packed(encoded.dictionary), book)[encoded.indices.to_numpy()], np.int32)


def _codes(addresses: Packed, book: Book) -> npt.NDArray[np.int32]:
    codes = np.zeros(len(addresses), np.int32)
    special = reserved(addresses, book.ours)
    bound, own = special != None, special == "own"  # noqa: E711
    for table in book.countries:
        said = table.codes(addresses)
        said[own if table.own else bound] = 0
        codes = np.where(codes == 0, said, codes)
        if codes.all():
            break
    return codes
