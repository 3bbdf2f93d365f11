"""The archive: a folder of immutable segments, read by DuckDB, written by one process at a time.

A segment holds what came of one byte range of one stream. It is written under a temporary name and renamed, so a
crash loses nothing and repeats nothing: the next reading finds the ranges that are there and goes on behind them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.records import LINE, SIGNAL, TALLY, UNREAD, Record

if TYPE_CHECKING:
    import duckdb

ARCHIVE_MARK = "vigie-archive"
"""A file of this name marks an archive, so that reading a folder that holds one leaves it out."""

LAYOUT = 1
"""Version of the folder layout."""

TABLES: tuple[tuple[str, Record], ...] = (("signals", SIGNAL), ("tallies", TALLY), ("evidence", LINE), ("unread", UNREAD))
"""Parquet files of a segment."""


class ArchiveError(Exception):
    """The archive cannot be used: says why and what to try."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What one byte range of one stream gave.

    Attributes:
        stream: identity of the stream: SHA-256 of its first committed bytes, 16 hex digits.
        start, end: bytes of the decompressed stream.
        prefix: SHA-256 of the stream from 0 to `end`.
        open_end: the range ends without a newline, so that its last line may still grow.
        first, last: earliest and latest time, microseconds of UTC; None without times.
    """

    stream: str
    file: str
    feed: str
    format: str
    start: int
    end: int
    prefix: str
    first_line: str
    open_end: bool
    lines: int
    read: int
    unread: int
    aside: int
    signals: int
    first: int | None
    last: int | None
    layout: str = ""
    addresses: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Folder name: stream and byte range."""
        return f"{self.stream}-{self.start:014d}-{self.end:014d}"


class Archive:
    """A folder of segments.

    Attributes:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._segments = folder / "segments"

    def open_for_writing(self) -> contextlib.AbstractContextManager[None]:
        """Take the writer's lock, make the folder, and sweep up what a crash left half-written.

        Raises:
            ArchiveError: another process writes, or the folder cannot be made.
        """
        return self._locked()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._segments.mkdir(parents=True, exist_ok=True)
            (self.folder / ARCHIVE_MARK).write_text(f"layout {LAYOUT}\n", "utf-8")
            handle = (self.folder / "lock").open("w")
        except OSError as error:
            raise ArchiveError(f"{self.folder}: {error.strerror or error}. Try another folder with --archive DIR.") from None
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ArchiveError(f"{self.folder}: another vigie is writing here. Wait for it, or use --archive DIR.") from None
            for leftover in self._segments.glob("*.tmp"):
                shutil.rmtree(leftover, ignore_errors=True)
            self._chain()
            yield

    def segments(self) -> list[Segment]:
        """Every committed segment, in order of stream and offset."""
        if not self._segments.is_dir():
            return []
        found = []
        for folder in sorted(self._segments.iterdir()):
            if folder.suffix == ".tmp":
                continue
            try:
                found.append(Segment(**json.loads((folder / "segment.json").read_text("utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                raise ArchiveError(
                    f"{folder}: unreadable segment ({error}). Move it away and read its log again; nothing else is affected."
                ) from None
        return _without_replaced(found)

    def commit(
        self, segment: Segment, tables: dict[str, pa.Table], prints: npt.NDArray[np.uint64], replaces: Segment | None = None
    ) -> None:
        """Write a segment whole, or not at all.

        Args:
            segment: its facts.
            tables: a table for each name of `TABLES`, and any records that are kept.
            prints: fingerprints of its lines.
            replaces: an earlier segment whose open last line this one holds in full.

        Raises:
            ArchiveError: the disk is full or the folder cannot be written; nothing is left behind.
        """
        final = self._segments / segment.name
        temporary = final.with_name(final.name + ".tmp")
        try:
            temporary.mkdir()
            for name, table in tables.items():
                if table.num_rows:
                    pq.write_table(table, temporary / f"{name}.parquet", compression="lz4")
            np.save(temporary / "fingerprints.npy", np.sort(prints))
            (temporary / "segment.json").write_text(json.dumps(asdict(segment), ensure_ascii=True, indent=1), "utf-8")
            _flush(temporary)
            temporary.rename(final)
            if replaces is not None:
                shutil.rmtree(self._segments / replaces.name, ignore_errors=True)
            _flush_folder(self._segments)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise ArchiveError(
                f"{self.folder}: {error.strerror or error}. What was committed before is safe; free some space and read again."
            ) from None
        self._chain()

    def fingerprints(self, segment: Segment) -> npt.NDArray[np.uint64]:
        """Sorted fingerprints of a segment's lines, mapped from disk."""
        path = self._segments / segment.name / "fingerprints.npy"
        mapped: npt.NDArray[np.uint64] = np.load(path, mmap_mode="r" if path.stat().st_size > 4096 else None)
        return mapped

    def _chain(self) -> None:
        """Append segments to the manifest, each line bound to the one before by its hash."""
        manifest = self.folder / "manifest.jsonl"
        lines = manifest.read_text("utf-8").splitlines() if manifest.exists() else []
        known = {json.loads(line)["segment"] for line in lines}
        previous = hashlib.sha256(lines[-1].encode()).hexdigest() if lines else ""
        fresh = [p for p in sorted(self._segments.iterdir()) if p.suffix != ".tmp" and p.name not in known]
        with manifest.open("a", encoding="utf-8") as out:
            for folder in fresh:
                digest = hashlib.sha256()
                for path in sorted(folder.iterdir()):
                    digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
                line = json.dumps({"segment": folder.name, "sha256": digest.hexdigest(), "previous": previous})
                out.write(line + "\n")
                previous = hashlib.sha256(line.encode()).hexdigest()

    def snapshot(self, settings: dict[str, float]) -> str:
        """An id of the state: the same segments, settings and version give the same id."""
        from vigie import __version__

        names = [segment.name for segment in self.segments()]
        text = json.dumps([names, sorted(settings.items()), __version__, LAYOUT])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def tables(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make a view of each kind of row on a connection: `raw_signals`, `tallies`, `evidence`, `unread_lines`."""
        folders = [self._segments / segment.name for segment in self.segments()]
        for name, record in TABLES:
            paths = [str(path) for folder in folders if (path := folder / f"{name}.parquet").exists()]
            view = {"signals": "raw_signals", "unread": "unread_lines"}.get(name, name)
            if paths:
                listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
                connection.execute(f"create or replace view {view} as select * from read_parquet([{listed}])")
            else:
                connection.register(f"_empty_{name}", pa.Table.from_batches([record.empty()]))
                connection.execute(f"create or replace table {view} as select * from _empty_{name}")
                connection.unregister(f"_empty_{name}")

    def write_derived(self, connection: duckdb.DuckDBPyConnection, snapshot: str) -> None:
        """Keep the derived tables of one snapshot (and forget those of others)."""
        final = self.folder / "derived" / snapshot
        if final.exists():
            return
        temporary = final.with_name(snapshot + f".{os.getpid()}.tmp")
        temporary.mkdir(parents=True, exist_ok=True)
        for table in ("signals", "attempts", "attacks"):
            target = str(temporary / f"{table}.parquet").replace("'", "''")
            connection.execute(f"copy {table} to '{target}' (format parquet, compression lz4)")
        for old in final.parent.iterdir():
            if old != temporary:
                shutil.rmtree(old, ignore_errors=True)
        with contextlib.suppress(OSError):
            temporary.rename(final)

    def derived(self, snapshot: str) -> Path | None:
        """Where the derived tables of a snapshot are kept, if they are."""
        path = self.folder / "derived" / snapshot
        return path if path.is_dir() else None


def _without_replaced(segments: list[Segment]) -> list[Segment]:
    """Of two segments that begin at the same byte of the same stream, a crash left the shorter: it is not looked at."""
    longest: dict[tuple[str, int], Segment] = {}
    for segment in segments:
        known = longest.get((segment.stream, segment.start))
        if known is None or segment.end > known.end:
            longest[segment.stream, segment.start] = segment
    return sorted(longest.values(), key=lambda s: s.name)


def _flush(folder: Path) -> None:
    for path in folder.iterdir():
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
