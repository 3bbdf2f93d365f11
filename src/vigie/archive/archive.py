"""The archive: a folder of immutable segments, read by DuckDB, written by one process at a time.

A segment holds what came of one byte range of one stream. It is written under a temporary name and renamed, so a
crash loses nothing and repeats nothing: the next reading finds the ranges that are there and goes on behind them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import ipaddress
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from vigie.archive import quoted
from vigie.archive.manifest import chain
from vigie.archive.segment import SEGMENT_NAME, ArchiveError, Segment, damaged, is_parquet, segment_of, without_replaced
from vigie.archive.views import view_files, write_table
from vigie.records import ACCESS, FLOW, LINE, LOGIN, NOTICE, PROBE, PUBLICATION, SIGNAL, TALLY, UNREAD, Record
from vigie.social.kept import KEPT as KEPT_OF_POSTS

if TYPE_CHECKING:
    import duckdb

ARCHIVE_MARK = "vigie-archive"
"""A file of this name marks an archive, so that reading a folder that holds one leaves it out."""

__all__ = ["ARCHIVE_MARK", "DERIVED", "LAYOUT", "TABLES", "Archive", "ArchiveError", "Segment"]

LAYOUT = 2
"""Version of the folder layout."""

TABLES: tuple[tuple[str, Record], ...] = (("signals", SIGNAL), ("tallies", TALLY), ("evidence", LINE), ("unread", UNREAD))
"""Parquet files of a segment."""

KEPT: tuple[tuple[str, str, pa.Schema], ...] = (
    ("access", "access", ACCESS.schema), ("notice", "notice", NOTICE.schema), ("probes", "probe", PROBE.schema), ("publications", "publication", PUBLICATION.schema),
    ("log_ins", "login", LOGIN.schema), ("flows", "flow", FLOW.schema), ("posts", "post", KEPT_OF_POSTS),
)  # fmt: skip
"""View, record and columns of records that are kept; those whose view has a name of its own are there even when empty."""

NUMBERED = frozenset({"signals", "tallies"})
"""Kinds of rows that are referred to by number."""

DERIVED = ("window_signals", "periods", "labels", "attempts", "attacks", "automation_grounds", "door_tries", "scans", "scan_sources", "scan_background", "limited_logs", "operations")
"""Tables that are derived, and kept for the next question."""


DECLARED = {"claims": "claims.toml", "groups": "groups.toml", "pairs": "pairs.csv"}
"""What the user declares or brings about posts, and the file in which it is kept: claims, groups of outlets and accounts, pairs that D3lta found."""


def checked(what: str) -> tuple[Callable[[bytes], object], int]:
    """What reads a file of `DECLARED`, and the bytes that it may have."""
    from vigie.social import claims, declarations, outlets, pairs_d3lta

    return {"claims": (claims.cards, declarations.LARGEST), "groups": (outlets.declared, declarations.LARGEST), "pairs": (pairs_d3lta.pairs, pairs_d3lta.MOST)}[what]


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
            handle = (self.folder / "lock").open("w")
        except OSError as error:
            raise ArchiveError(f"{self.folder}: {error.strerror or error}. Try another folder with --archive DIR.") from None
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ArchiveError(f"{self.folder}: another vigie is writing here. Wait for it, or use --archive DIR.") from None
            try:
                self._check_layout()
                self._mark()
                for leftover in self._segments.glob("*.tmp"):
                    if leftover.is_dir():
                        shutil.rmtree(leftover, ignore_errors=True)
                quoted.sweep(self.folder, self._folders())
                chain(self.folder, self._folders() + quoted.quoted_folders(self.folder))
            except OSError as error:
                raise ArchiveError(f"{self.folder}: {error.strerror or error}. Try another folder with --archive DIR.") from None
            yield

    def _mark(self) -> None:
        """Say whose folder this is, in one step, so that a crash leaves no half of a mark."""
        mark = self.folder / ARCHIVE_MARK
        if not mark.exists():
            fresh = mark.with_suffix(".tmp")
            fresh.write_text(f"layout {LAYOUT}\n", "utf-8")
            fresh.rename(mark)

    def _check_layout(self) -> None:
        try:
            found = (self.folder / ARCHIVE_MARK).read_text("utf-8", "replace").strip()[:40]
        except FileNotFoundError:
            return
        except OSError as error:
            raise ArchiveError(f"{self.folder / ARCHIVE_MARK}: {error.strerror or error}. Try: ls -l {self.folder}") from None
        if found != f"layout {LAYOUT}":
            raise ArchiveError(
                f"{self.folder}: an archive of another version of vigie ({found or 'no layout'}; this one writes layout {LAYOUT}). "
                "Use that version, or read the logs again into another folder with --archive DIR."
            )

    def _folders(self) -> list[Path]:
        """Folders of segments; what a file manager leaves beside them is none of ours."""
        try:
            entries = sorted(self._segments.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ArchiveError(f"{self._segments}: {error.strerror or error}. Try: ls -l {self.folder}") from None
        return [entry for entry in entries if SEGMENT_NAME.fullmatch(entry.name)]

    def segments(self) -> list[Segment]:
        """Every committed segment, in order of stream and offset.

        Raises:
            ArchiveError: one cannot be read, or the archive is of another layout.
        """
        self._check_layout()
        found = []
        for folder in self._folders():
            try:
                found.append(segment_of(json.loads((folder / "segment.json").read_text("utf-8"))))
            except (OSError, ValueError, TypeError) as error:
                raise damaged(folder, error) from None
        return without_replaced(found)

    def commit(
        self, segment: Segment, tables: dict[str, pa.Table], prints: npt.NDArray[np.uint64], replaces: Segment | None = None, held: pa.Table | None = None,
    ) -> None:
        """Write a segment whole, or not at all.

        Args:
            segment: its facts.
            tables: a table for each name of `TABLES`, and any records that are kept.
            prints: fingerprints of its lines.
            replaces: an earlier segment whose open last line this one holds in full.
            held: raw lines of posts, until it is known which are evidence.

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
            if held is not None and held.num_rows:
                quoted.hold(self.folder, segment.name, held)
            _flush(temporary)
            temporary.rename(final)
            if replaces is not None:
                shutil.rmtree(self._segments / replaces.name, ignore_errors=True)
                quoted.let_go(self.folder, replaces.name)
            _flush_folder(self._segments)
            chain(self.folder, self._folders())
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise ArchiveError(
                f"{self.folder}: {error.strerror or error}. What was committed before is safe; free some space and read again."
            ) from None

    def fingerprints(self, segment: Segment) -> npt.NDArray[np.uint64]:
        """Sorted fingerprints of a segment's lines, mapped from disk."""
        path = self._segments / segment.name / "fingerprints.npy"
        try:
            mapped: npt.NDArray[np.uint64] = np.load(path, mmap_mode="r" if path.stat().st_size > 4096 else None)
        except (OSError, ValueError, EOFError) as error:
            raise damaged(path.parent, error) from None
        if mapped.dtype != np.uint64 or mapped.ndim != 1:
            raise damaged(path.parent, ValueError("fingerprints.npy holds something else"))
        return mapped

    def name_ours(self, networks: tuple[str, ...]) -> None:
        """Keep the networks (CIDR) that the user says are his own, beside those that he named before.

        Raises:
            ArchiveError: they cannot be written.
        """
        known = self.ours()
        named = tuple(sorted({*known, *networks}))
        if named == known:
            return
        fresh = self.folder / "ours.tmp"
        try:
            fresh.write_text("".join(f"{network}\n" for network in named), "utf-8")
            fresh.rename(self.folder / "ours")
        except OSError as error:
            raise ArchiveError(f"{self.folder}: {error.strerror or error}. Try another folder with --archive DIR.") from None

    def ours(self) -> tuple[str, ...]:
        """Networks that the user named as his own, in order; what is no network is left out."""
        try:
            text = (self.folder / "ours").read_text("utf-8", "replace")[:65_536]
        except OSError:
            return ()
        return tuple(sorted({line for line in text.split() if is_network(line)}))

    def declare(self, what: str, path: Path) -> None:
        """Keep a file in which the user declares something, in place of the one before.

        Args:
            what: one of `DECLARED`.
            path: the file.

        Raises:
            DeclarationError: it does not declare what it should.
            ArchiveError: it cannot be read or written.
        """
        read, most = checked(what)
        try:
            with path.open("rb") as handle:
                data = handle.read(most + 1)
        except OSError as error:
            raise ArchiveError(f"{error.filename or path}: {error.strerror or error}. Try: ls -l {path}") from None
        read(data)
        self._put(DECLARED[what], data)

    def _put(self, name: str, data: bytes) -> None:
        """Write a small file of the archive whole, or leave the one before.

        Raises:
            ArchiveError: it cannot be written.
        """
        fresh = self.folder / f"{name.partition('.')[0]}.tmp"
        try:
            fresh.write_bytes(data)
            fresh.rename(self.folder / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise ArchiveError(f"{self.folder / name}: {error.strerror or error}. Try: df -h {self.folder}; ls -ld {self.folder}") from None

    def declared(self, what: str) -> bytes:
        """What the user declared, one of `DECLARED`; empty without a file."""
        try:
            return (self.folder / DECLARED[what]).read_bytes()
        except OSError:
            return b""

    def name_model(self, folder: Path) -> None:
        """Keep where a model of vectors is, in place of the one before; the model itself stays where it is.

        Raises:
            ModelError: there is none.
            ArchiveError: its name cannot be written.
        """
        from vigie.social.vectors import checked as model_of

        model_of(folder)
        self._put("model", os.fsencode(folder.resolve()))

    def model(self) -> Path | None:
        """The folder of the model of vectors that the user named, None without one."""
        try:
            return Path(os.fsdecode((self.folder / "model").read_bytes()[:4096]))
        except OSError:
            return None

    def snapshot(self, settings: dict[str, float]) -> str:
        """An id of the state: the same segments, networks of one's own, declarations, settings and version give the same id."""
        from vigie import __version__

        names = [segment.name for segment in self.segments()]
        declared = [hashlib.sha256(self.declared(what)).hexdigest() for what in DECLARED]
        text = json.dumps([names, self.ours(), declared, str(self.model()), sorted(settings.items()), __version__, LAYOUT])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def tables(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make a view of each kind of row on a connection: `record_signals`, `tallies`, `evidence`, `unread_lines`.

        Records that are kept get one too: `access` and `notice` where there are any, `probes`, `publications`, `log_ins` and `flows` always.

        Rows of `record_signals` and `tallies` have a number of their own, `row`, that stays the same as long as the segments do.

        Raises:
            ArchiveError: a file of a segment is damaged or not there.
        """
        segments = self.segments()
        folders = [self._segments / segment.name for segment in segments]
        for segment, folder in zip(segments, folders, strict=True):
            for name, rows in (("signals", segment.signals), ("unread", segment.unread)):
                if rows and not (folder / f"{name}.parquet").exists():
                    raise damaged(folder, ValueError(f"{name}.parquet is not there"))

        def files(name: str) -> list[Path]:
            return [path for folder in folders if (path := folder / f"{name}.parquet").exists() and is_parquet(path)]

        for name, record in TABLES:
            view = {"signals": "record_signals", "unread": "unread_lines", "evidence": "quoted_lines"}.get(name, name)
            view_files(connection, view, files(name), record.schema, numbered=name in NUMBERED)
        for view, name, schema in KEPT:
            view_files(connection, view, files(name), schema if view != name else None)
        quoted.view(connection, self.folder)

    def settle(self, connection: duckdb.DuckDBPyConnection, weighed: set[str]) -> None:
        """Keep of the lines of posts that are held those that the relation `wanted` names as evidence; forget the others. A writer's lock is held.

        Args:
            connection: a catalogue's.
            weighed: names of the segments that it holds.

        Raises:
            ArchiveError: the disk is full or the folder cannot be written; what is held stays so.
        """
        try:
            if quoted.settle(connection, self.folder, weighed):
                chain(self.folder, self._folders() + quoted.quoted_folders(self.folder))
        except OSError as error:
            raise ArchiveError(f"{self.folder}: {error.strerror or error}. Free some space and read again.") from None

    def write_derived(self, connection: duckdb.DuckDBPyConnection, snapshot: str, tables: Sequence[str] = DERIVED) -> None:
        """Keep the derived tables of one snapshot (and forget those of others); where they cannot be kept, they are derived again."""
        import duckdb

        final = self.folder / "derived" / snapshot
        temporary = final.with_name(snapshot + f".{os.getpid()}.tmp")
        try:
            if self.derived(snapshot, tables):
                return
            temporary.mkdir(parents=True, exist_ok=True)
            for table in tables:
                write_table(connection, table, temporary / f"{table}.parquet", "lz4")
            for old in final.parent.iterdir():
                if old != temporary:
                    shutil.rmtree(old, ignore_errors=True)
            temporary.rename(final)
        except (OSError, duckdb.Error):
            shutil.rmtree(temporary, ignore_errors=True)

    def derived(self, snapshot: str, tables: Sequence[str] = DERIVED) -> Path | None:
        """Where the derived tables of a snapshot are kept, if they are."""
        path = self.folder / "derived" / snapshot
        try:
            whole = all(is_parquet(path / f"{table}.parquet") for table in tables)
        except (OSError, ArchiveError):
            return None
        return path if whole else None


def is_network(text: str) -> bool:
    """Whether a text is an address or a network."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


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
