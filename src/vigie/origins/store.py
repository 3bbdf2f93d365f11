"""Where tables and lists are kept that the user brought: in his data folder, and beside an archive for that archive alone.

`geo/NAME@YYYY-MM-DD.parquet` and `relays/KIND@YYYYMMDDTHHMMSSZ.txt`, each written under a temporary name and renamed.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vigie.origins.geo_file import MAX_BYTES, as_parquet, geo_table
from vigie.origins.relays import DAY, SPEAKS, RelayList, kept_text, name_of, parsed_name, relay_list
from vigie.origins.table import Table, TableError

_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


def user_folder() -> Path:
    """Where tables for every archive are: `VIGIE_ORIGINS`, else the XDG data folder."""
    if os.environ.get("VIGIE_ORIGINS"):
        return Path(os.environ["VIGIE_ORIGINS"])
    from platformdirs import user_data_path

    return user_data_path("vigie") / "origins"


def keep_table(folder: Path, table: Table) -> Path:
    """Keep a table.

    Raises:
        TableError: it cannot be written.
    """
    date = table.date.isoformat() if table.date else "undated"
    return _kept(folder / "geo" / f"{_NAME.sub('-', table.name)[:80] or 'table'}@{date}.parquet", as_parquet(table))


def keep_list(folder: Path, one: RelayList, *, force: bool = False) -> Path:
    """Keep a list.

    Raises:
        TableError: it cannot be written, or is less than half of the one before it and `force` is not set: most likely it was cut short.
    """
    before = [at for kind, at, _ in _listed(folder) if kind == one.kind and at < one.at]
    last = next(iter(known for known in relay_lists(folder, (max(before), max(before))) if (known.kind, known.at) == (one.kind, max(before)))) if before else None
    if last is not None and one.entries * 2 < last.entries and not force:
        raise TableError(f"{one.entries:,} entries, the one of {last.label} had {last.entries:,}: most likely cut short. If it is right: --force")
    return _kept(folder / "relays" / name_of(one), kept_text(one).encode())


def _kept(path: Path, data: bytes) -> Path:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.rename(path)
    except OSError as error:
        raise TableError(f"{path}: {error.strerror or error}. Try: another folder, by VIGIE_ORIGINS") from None
    return path


def tables(folder: Path) -> list[Table]:
    """Tables that are kept in a folder, the newest first.

    Raises:
        TableError: one is damaged.
    """
    found = [geo_table(path, name=path.name.partition("@")[0]) for path in _files(folder / "geo", ".parquet")]
    return sorted(found, key=lambda one: (-(one.date or dt.date.min).toordinal(), one.name))


def _listed(folder: Path) -> list[tuple[str, int, Path]]:
    """Kind, time and file of each list that is kept."""
    found = [(parsed_name(path.name), path) for path in _files(folder / "relays", ".txt")]
    return [(*parsed, path) for parsed, path in found if parsed is not None]


def relay_lists(folder: Path, between: tuple[int, int] | None = None) -> list[RelayList]:
    """Lists that are kept in a folder, by kind and time.

    Args:
        folder: that holds them.
        between: only those that speak for some time between these two (microseconds of the epoch).

    Raises:
        TableError: one is damaged.
    """
    out = []
    for kind, at, path in _listed(folder):
        if between is not None and not between[0] - SPEAKS[kind] * DAY <= at <= between[1] + SPEAKS[kind] * DAY:
            continue
        try:
            out.append(relay_list(path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace"), kind, at))
        except (OSError, TableError) as error:
            raise TableError(f"{path}: {error}. Try: rm {path}") from None
    return out


def _files(folder: Path, ending: str) -> Sequence[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending) and path.is_file())
    except OSError:
        return ()
