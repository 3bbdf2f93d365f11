"""One state of an archive, as pages are made from it: facts computed before, and a connection for what is looked up.

The state does not change. Its derived tables are linked into a folder of the server's own, since whoever reads more logs replaces those of the archive.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vigie.web.facts import Facts, in_a_process

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.count import Count, Period

Row = dict[str, Any]
TRIES: Final = 3


class State:
    """A state of an archive.

    Attributes:
        snapshot: its id.
        facts: what was computed before.
        archive: folder of the archive.
    """

    def __init__(self, archive: Path, geo: Sequence[str] = ()) -> None:
        self.archive, self.folder = archive, Path(tempfile.mkdtemp(prefix="vigie-"))
        self._lock = threading.RLock()
        try:
            self._catalogue = self._made(geo)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _made(self, geo: Sequence[str]) -> Catalogue:
        """Facts and connection of the same state; while the archive is written to they may be of two, then both are made again."""
        from vigie.archive.archive import ArchiveError

        for _ in range(TRIES):
            self.facts: Facts = in_a_process(self.archive, geo, self.folder)
            self.snapshot = self.facts.snapshot
            catalogue = self._opened()
            if catalogue is not None:
                return catalogue
        raise ArchiveError(f"{self.archive}: it is being written to without a pause. Try again when the reading is done.")

    def _opened(self) -> Catalogue | None:
        """The catalogue of the same state, over files of one's own; None when the archive has moved on meanwhile."""
        from vigie.archive.archive import Archive
        from vigie.archive.catalogue import Catalogue
        from vigie.archive.views import view_files

        archive = Archive(self.archive)
        kept = archive.derived(self.snapshot)
        if kept is not None:
            try:
                for path in kept.glob("*.parquet"):
                    _take(path, self.folder / path.name)
            except OSError:
                return None
        catalogue = Catalogue(archive)
        if catalogue.snapshot != self.snapshot:
            catalogue.connection.close()
            return None
        for path in sorted(self.folder.glob("*.parquet")):
            view_files(catalogue.connection, path.stem, [path])
        return catalogue

    @property
    def catalogue(self) -> Catalogue:
        """The open catalogue; only to be used inside `with state.alone():`."""
        return self._catalogue

    def alone(self) -> threading.RLock:
        """Hold the connection for several questions."""
        return self._lock

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Row]:
        """Rows of a query."""
        with self._lock:
            return self._catalogue.rows(query, list(values))

    def number(self, query: str, values: Sequence[object] = ()) -> int:
        """The only number of a query."""
        return int(str(next(iter(self.rows(query, values)[0].values())) or 0))

    def count(self, during: Period) -> Count:
        """The count of a time, as `vigie count --since --until` gives it."""
        from vigie.attacks.count import Period, count

        if during == Period():
            return self.facts.count
        with self._lock:
            return count(self._catalogue.connection, self._catalogue.settings, during=during, fixed=self.facts.fixed)

    def close(self) -> None:
        """Close the connection and forget the folder."""
        with self._lock:
            self._catalogue.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _take(source: Path, target: Path) -> None:
    """A file of one's own: the same bytes, which stay when the other's name is gone."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)

