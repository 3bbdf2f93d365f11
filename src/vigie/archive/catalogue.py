"""The archive as tables: a DuckDB connection with a view for every kind of row, derived tables included.

References:
    - https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.archive.archive import DECLARED, DERIVED, Archive, Segment
from vigie.archive.origin_tables import EMPTY
from vigie.archive.post_tables import TABLES as POST_TABLES
from vigie.archive.post_tables import any_posts
from vigie.archive.quoted import view
from vigie.archive.views import copy_tables, literal, view_files
from vigie.attacks.derive import derive, view_signals
from vigie.attacks.settings import Settings
from vigie.records import SIGNAL, TALLY

if TYPE_CHECKING:
    import duckdb

    from vigie.origins.book import Book

_FILES = pa.schema(
    [
        ("file", pa.string()), ("feed", pa.string()), ("format", pa.string()), ("bytes", pa.int64()), ("lines", pa.int64()),
        ("read", pa.int64()), ("unread", pa.int64()), ("aside", pa.int64()), ("sha256", pa.string()),
        ("first_seen", pa.timestamp("us", "UTC")), ("last_seen", pa.timestamp("us", "UTC")),
    ]
)  # fmt: skip


_NUMBERED = ", ".join(["row", *SIGNAL.schema.names])
_MERGED = """
with asked as (select {by} from untaken where tally in ({names}) group by {by} having sum(count) >= {floor}),
merged as (
    select tally, asset, source_address, bucket, key, sum(count)::bigint as count, min(first_seen) as first_seen, max(last_seen) as last_seen,
           (min(epoch_us(first_seen)::hugeint * {rows} + row) % {rows})::bigint as row
    from untaken semi join asked using ({by}) where tally in ({names}) group by tally, asset, source_address, bucket, key)
select t.feed::varchar as feed, t.file::varchar as file, t.byte_offset, m.tally::varchar as tally, m.asset, m.source_address, m.bucket, m.key,
       m.count, m.first_seen, m.last_seen, t.evidence
from merged m join tallies t using (row)
order by m.tally, m.asset, m.source_address, m.bucket, m.key
"""
"""Merged tallies of the groups that a window asks about; those with too little are not even merged."""

_TRAFFIC = """
select asset, epoch_us(bucket) as bucket, key, sum(count)::bigint as count, min(epoch_us(first_seen)) as first_seen, max(epoch_us(last_seen)) as last_seen
from tallies where tally = 'traffic' group by asset, bucket, key order by asset, bucket, key
"""

_CLIENTS = """
with mine as (select * from tallies where tally = 'clients' and asset = $asset and bucket between make_timestamptz($first) and make_timestamptz($last)),
merged as (
    select source_address, bucket, key, sum(count)::bigint as count, min(first_seen) as first_seen, max(last_seen) as last_seen,
           arg_min(row, (evidence = '', first_seen, row)) as row
    from mine group by source_address, bucket, key)
select t.feed::varchar as feed, t.file::varchar as file, t.byte_offset, t.tally::varchar as tally, t.asset, m.source_address, m.bucket, m.key,
       m.count, m.first_seen, m.last_seen, t.evidence
from merged m join mine t using (row) order by m.first_seen, t.byte_offset, m.source_address, m.key
"""
"""Who asked for what in some ten minutes; of equal counts the one that quotes a request is shown."""

_SPREAD = """
select epoch_us(bucket) // 60000000 as minute, key, sum(count)::bigint as count from tallies
where tally = 'spread' and asset = $asset and bucket between make_timestamptz($first) and make_timestamptz($last + 599999999) group by 1, 2 order by 1, 2
"""

_CONTACTS = """
with merged as (
    select source_address, asset, key, sum(count)::bigint as count, min(epoch_us(first_seen)) as first_seen, max(epoch_us(last_seen)) as last_seen,
           (min((evidence = '')::hugeint * {late} + epoch_us(first_seen)::hugeint * {rows} + row) % {rows})::bigint as row
    from tallies where tally = 'contacts' group by source_address, asset, bucket, key)
select m.source_address, m.asset, m.key, m.count, m.first_seen, m.last_seen, t.byte_offset, m.row, t.evidence <> '' as quoted, t.feed::varchar as feed
from merged m join tallies t using (row)
"""
"""Merged contacts; of equal ones the one that quotes a line is shown."""

_QUOTED = """
select t.feed::varchar as feed, t.file::varchar as file, t.byte_offset, t.tally::varchar as tally, t.asset, t.source_address, t.bucket, t.key,
       t.count, t.first_seen, t.last_seen, t.evidence
from _rows r join tallies t on t.row = r.row order by r.at
"""

_FIREWALL_LINES = """
select feed::varchar as feed, key as rule, epoch_us(bucket) // 60000000 as minute, sum(count)::bigint as count from tallies
where tally = 'firewall_lines' group by 1, 2, 3
"""

_WINDOWS = 1 << 60
"""Number of the first signal of a window, behind those of all records."""


class Catalogue:
    """One state of an archive, opened for questions.

    Attributes:
        connection: DuckDB, in memory; views `files`, `unread`, `signals`, `attempts`, `attacks`, `doors`, `campaigns`, `origins`,
            `evidence`, `tallies`.
        snapshot: id of the state.
        has_posts: whether posts were read, so that the tables of `post_tables.TABLES` are there.
        settings: what the count depends on.
    """

    def __init__(self, archive: Archive, settings: Settings | None = None) -> None:
        import duckdb

        self.archive = archive
        self.settings = settings or Settings()
        self.segments = archive.segments()
        self.snapshot = archive.snapshot(self.settings.as_dict())
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:")
        self.connection.execute("set timezone = 'UTC'; set memory_limit = '160MB'; set threads = 2; set preserve_insertion_order = false")
        self.connection.execute(f"set temp_directory = {literal(archive.folder / 'spill')}")  # made only when the memory does not suffice
        archive.tables(self.connection)
        self._derived()
        self._plain()

    def __enter__(self) -> Catalogue:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.connection.close()

    def _derived(self) -> None:
        self.has_posts = any_posts(self.connection)
        tables = DERIVED + (POST_TABLES if self.has_posts else ())
        kept = self.archive.derived(self.snapshot, tables)
        if kept is not None:
            for table in tables:
                view_files(self.connection, table, [kept / f"{table}.parquet"])
        else:
            self._windows(self._doors(self._surges()) + self._posts())
        self.connection.execute(f"create view raw_signals as select {_NUMBERED} from record_signals union all select {_NUMBERED} from window_signals")
        if kept is not None:
            view_signals(self.connection)
        else:
            derive(self.connection, self.settings)
            self.archive.write_derived(self.connection, self.snapshot, tables)

    def _surges(self) -> list[pa.RecordBatch]:
        """Find floods, crowds and bad times: the table `periods`, the relation `untaken` of tallies that no flood explains, and signals."""
        import polars as pl

        from vigie.attacks.availability import weighed
        from vigie.detectors.floods import taken
        from vigie.detectors.traffic_frame import traffic_frame

        traffic = traffic_frame(self.connection.sql(_TRAFFIC).to_arrow_table())

        def look(asset: str, first: int, last: int) -> tuple[pa.Table, pl.DataFrame]:
            asked = {"asset": asset, "first": first * 600_000_000, "last": last * 600_000_000}
            clients = self.connection.sql(_CLIENTS, params=asked).to_arrow_table().cast(TALLY.schema)
            spread = pl.from_arrow(self.connection.sql(_SPREAD, params=asked).to_arrow_table())
            return clients, pl.DataFrame(spread)

        surges, periods = weighed(traffic, look, self._probes())
        explained = taken(surges)
        copy_tables(self.connection, periods=periods, taken=explained)
        self.connection.execute(
            "create view untaken as select * from tallies anti join taken on tallies.tally = taken.tally and tallies.asset = taken.asset "
            "and tallies.source_address = taken.source_address and epoch_us(tallies.bucket) = taken.bucket"
            if explained.num_rows else "create view untaken as select * from tallies"
        )  # fmt: skip
        return [one.signals for one in surges if one.signals.num_rows]

    def _probes(self) -> list[tuple[str, int, bool]]:
        """Site, time and success of every measurement from outside."""
        return self.connection.execute(
            "select coalesce(url_domain, ''), epoch_us(seen_at), event_outcome::varchar = 'success' from probes where seen_at is not null order by seen_at"
        ).fetchall()

    def _doors(self, parts: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
        """Find who tries the doors: the table `door_tries`, and signals behind those of `parts`."""
        from vigie.attacks.doors import found_at_doors

        signals, tries = found_at_doors(self.connection, _WINDOWS + sum(part.num_rows for part in parts), self.archive.ours())
        copy_tables(self.connection, door_tries=tries)
        return parts + signals

    def _posts(self) -> list[pa.RecordBatch]:
        """Weigh the posts: the tables of `post_tables.TABLES` where there are any, `operations` always, and signals."""
        from vigie.archive.post_tables import OPERATIONS

        if not self.has_posts:
            copy_tables(self.connection, operations=OPERATIONS.empty_table())
            return []
        from vigie.archive.post_weighing import found_in_posts

        found = found_in_posts(self.connection, {what: self.archive.declared(what) for what in DECLARED}, self.archive.model())
        copy_tables(self.connection, operations=found.operations, **found.tables)
        return [found.signals]

    def _scans(self) -> pa.RecordBatch:
        """Find port scans: the tables `scans`, `scan_sources`, `scan_background` and `limited_logs`, and signals."""
        import polars as pl

        from vigie.detectors.limited_logs import limited_logs
        from vigie.detectors.scans import find

        lines = pl.DataFrame(pl.from_arrow(self.connection.sql(_FIREWALL_LINES).to_arrow_table()))
        limited = limited_logs(lines)
        whole = [row["feed"] for row in limited.to_pylist() if row["whole"]]

        def quote(rows: npt.NDArray[np.int64]) -> pa.Table:
            self.connection.register("_rows", pa.table({"row": rows, "at": np.arange(len(rows))}))
            quoted = self.connection.sql(_QUOTED).to_arrow_table().cast(TALLY.schema)
            self.connection.unregister("_rows")
            return quoted

        found = find(self.connection.sql(_CONTACTS.format(rows=1 << 62, late=1 << 115)).to_arrow_table(), quote, tuple(whole))
        copy_tables(self.connection, scans=found.scans, scan_sources=found.sources, scan_background=found.background, limited_logs=limited)
        return found.signals

    def _windows(self, parts: list[pa.RecordBatch]) -> None:
        """Find what only rates show: the table `window_signals`.

        Args:
            parts: signals of floods, of doors and of posts.
        """
        from vigie.detectors.registry import WINDOWS, ask

        parts.append(self._scans())
        for window in WINDOWS:
            names = ", ".join(f"'{tally.name}'" for tally in window.tallies)
            query = _MERGED.format(names=names, by=", ".join(window.by), floor=window.floor, rows=1 << 62)
            parts += ask(window, self.connection.sql(query).to_arrow_table().cast(TALLY.schema))
        found = pa.Table.from_batches(parts, SIGNAL.schema)
        rows = pa.array(range(_WINDOWS, _WINDOWS + found.num_rows), pa.int64())
        copy_tables(self.connection, window_signals=found.append_column("row", rows))
        del found, parts
        pa.default_memory_pool().release_unused()  # what the windows took is not needed for counting

    def settle(self) -> None:
        """Quote the lines of posts that are evidence, forget the others. The archive is open for writing.

        Raises:
            ArchiveError: the disk is full or the folder cannot be written.
        """
        self.connection.execute("create or replace view wanted as select feed, file, byte_offset from post_evidence")
        self.archive.settle(self.connection, {segment.name for segment in self.segments})
        view(self.connection, self.archive.folder)

    def _plain(self) -> None:
        from vigie.attacks.doors import VIEW

        self.connection.execute(VIEW)
        self.connection.execute(
            """create view availability as select p.* exclude (skeleton), a.attack_id from periods p left join (
               select distinct skeleton, attack_id from signals where family = 'denial_of_service' and attack_id is not null) a
               on p.skeleton = a.skeleton and p.skeleton <> 0"""
        )
        copy_tables(self.connection, files=files_of(self.segments))
        self.connection.execute("create view unread as select file, byte_offset, reason, line from unread_lines")
        self.connection.execute(
            """create view campaigns as select null::varchar as campaign_id, 0::bigint as attacks where false"""
        )
        self.connection.execute(EMPTY)

    def place(self, geo: Sequence[Path] = ()) -> Book:
        """Fill `origins`, `attack_origins` and `attack_places`, which are empty until somebody asks where attacks come from.

        Args:
            geo: tables of the user, asked before those that are kept.

        Raises:
            TableError: a table or list cannot be used.
        """
        from vigie.archive.origin_tables import make_origins
        from vigie.origins.book import open_book

        first, last = self.connection.execute("select epoch_us(min(seen_at)), epoch_us(max(last_seen)) from signals").fetchone() or (None, None)
        between = (int(first or 0), int(last or 0))
        book = open_book(geo, (self.archive.folder / "origins",), self.archive.ours(), between)
        make_origins(self.connection, book)
        return book

    def rows(self, query: str, parameters: list[object] | None = None) -> list[dict[str, object]]:
        """Rows of a query, as plain dictionaries (for small results)."""
        return self.asked(query, parameters)[1]

    def asked(self, query: str, parameters: list[object] | None = None, most: int | None = None) -> tuple[list[str], list[dict[str, object]]]:
        """Columns and rows of a query.

        Args:
            query: one statement.
            parameters: its values.
            most: rows to fetch at most; None for all.

        Returns:
            column names, made different where the query gives one twice (`a`, `a_2`), and the rows.
        """
        cursor = self.connection.execute(query, parameters or [])
        names: list[str] = []
        for column in cursor.description or []:
            name, nth = str(column[0]), 2
            while name in names:
                name, nth = f"{column[0]}_{nth}", nth + 1
            names.append(name)
        found = cursor.fetchall() if most is None else cursor.fetchmany(most)
        return names, [dict(zip(names, row, strict=True)) for row in found]

    def one(self, query: str, parameters: list[object] | None = None) -> dict[str, object]:
        """The single row of a query that has exactly one."""
        return self.rows(query, parameters)[0]

    def lock(self) -> None:
        """Shut the connection off from everything but this archive, before a user's own SQL runs."""
        self.connection.execute(f"set allowed_directories = [{literal(self.archive.folder.resolve())}]")
        self.connection.execute("set enable_external_access = false; set lock_configuration = true")


def files_of(segments: list[Segment]) -> pa.Table:
    """One row per stream: what was read of each file."""
    from datetime import UTC, datetime, timedelta

    def moment(micros: int | None) -> datetime | None:
        return None if micros is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)

    streams: dict[str, list[Segment]] = {}
    for segment in segments:
        streams.setdefault(segment.stream, []).append(segment)
    rows = []
    for parts in streams.values():
        last = max(parts, key=lambda s: s.end)
        rows.append(
            {
                "file": last.file, "feed": last.feed, "format": last.format, "bytes": last.end,
                "lines": sum(s.lines for s in parts), "read": sum(s.read for s in parts), "unread": sum(s.unread for s in parts),
                "aside": sum(s.aside for s in parts), "sha256": last.prefix,
                "first_seen": moment(min((s.first for s in parts if s.first is not None), default=None)),
                "last_seen": moment(max((s.last for s in parts if s.last is not None), default=None)),
            }
        )  # fmt: skip
    return pa.Table.from_pylist(sorted(rows, key=lambda r: str(r["file"])), schema=_FILES)
