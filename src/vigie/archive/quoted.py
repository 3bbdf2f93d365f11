"""Raw lines of posts: held until it is known which are evidence, then quoted or forgotten.

Whether a post is evidence shows only when all have been read: somebody else must have shared the same thing. So lines wait in `held/`, one file for
each segment, outside the manifest. When the posts have been weighed, those that are evidence go to `quoted/`, in a folder named by its content and
bound into the manifest, and the rest is deleted. A crash between leaves lines held, and the next reading settles them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from vigie.archive.segment import is_parquet
from vigie.archive.views import view_files
from vigie.records import LINE
from vigie.social.kept import HELD

if TYPE_CHECKING:
    import duckdb

_WANTED = """
select h.* from held_posts h semi join wanted w on h.feed::varchar = w.feed and h.file::varchar = w.file and h.byte_offset = w.byte_offset
anti join quoted_posts q on h.feed::varchar = q.feed::varchar and h.file::varchar = q.file::varchar and h.byte_offset = q.byte_offset
order by h.feed::varchar, h.file::varchar, h.byte_offset
"""


def hold(folder: Path, segment: str, lines: pa.Table) -> None:
    """Hold the lines of a segment, before it is there itself.

    Args:
        folder: of the archive.
        segment: name of the segment.
        lines: rows of `HELD`.

    Raises:
        OSError: they cannot be written.
    """
    place = folder / "held"
    place.mkdir(exist_ok=True)
    temporary = place / f"{segment}.tmp"
    pq.write_table(lines, temporary, compression="lz4")
    temporary.rename(place / f"{segment}.parquet")


def let_go(folder: Path, segment: str) -> None:
    """Forget what is held for a segment that another one takes the place of."""
    (folder / "held" / f"{segment}.parquet").unlink(missing_ok=True)


def sweep(folder: Path, segments: list[Path]) -> None:
    """Delete what is held for segments that a crash kept from being there.

    Raises:
        OSError: something cannot be deleted.
    """
    there = {segment.name for segment in segments}
    for path in (folder / "held").glob("*"):
        if path.suffix == ".tmp" or path.stem not in there:
            path.unlink(missing_ok=True)


def quoted_folders(folder: Path) -> list[Path]:
    """Folders of lines that are evidence, in order."""
    return sorted(path for path in (folder / "quoted").glob("[0-9a-f]*") if path.is_dir() and not path.suffix)


def view(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the views `held_posts` and `quoted_posts`, rows of `HELD`, and `evidence`: quoted lines and those of the relation `quoted_lines`."""
    places = {
        "held_posts": sorted((folder / "held").glob("*.parquet")),
        "quoted_posts": [one / "evidence.parquet" for one in quoted_folders(folder)],
    }
    for name, paths in places.items():
        view_files(connection, name, [path for path in paths if is_parquet(path)], HELD, older=True)
    lines = ", ".join(LINE.schema.names)
    more = f" union all select {lines} from quoted_posts" if places["quoted_posts"] else ""
    connection.execute(f"create or replace view evidence as select {lines} from quoted_lines{more}")


def settle(connection: duckdb.DuckDBPyConnection, folder: Path, weighed: set[str]) -> list[Path]:
    """Quote the held lines that the relation `wanted` (feed, file, byte_offset) names and forget the others.

    Args:
        connection: holds `held_posts`, `quoted_posts` and `wanted`.
        folder: of the archive.
        weighed: names of the segments whose posts were weighed; what another reading has come to hold meanwhile stays held for it.

    Returns:
        folders to be bound into the manifest.

    Raises:
        OSError: they cannot be written; then everything stays held.
    """
    held = [path for path in sorted((folder / "held").glob("*.parquet")) if path.stem in weighed]
    if not held:
        return []
    view(connection, folder)  # another reading may have settled its own meanwhile
    limit = connection.execute("select current_setting('memory_limit')").fetchall()[0][0]
    connection.execute("set memory_limit = '1GB'")  # lines are long, and tens of thousands may be evidence
    try:
        lines = connection.sql(_WANTED).to_arrow_table().cast(HELD)
    finally:
        connection.execute(f"set memory_limit = '{limit}'")
    fresh: list[Path] = []
    if lines.num_rows:
        temporary = folder / "quoted" / "fresh.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        pq.write_table(lines, temporary / "evidence.parquet", compression="lz4")
        name = hashlib.sha256((temporary / "evidence.parquet").read_bytes()).hexdigest()[:16]
        final = folder / "quoted" / name
        if final.exists():
            shutil.rmtree(temporary)
        else:
            temporary.rename(final)
        fresh.append(final)
    for path in held:
        path.unlink(missing_ok=True)
    return fresh
