"""Which state is shown: the latest that is ready, and the one before it until nobody needs it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from vigie.web.state import State
from vigie.words.harmless import safe

SECONDS: Final = 5.0
"""Between two looks at the archive."""


class Watch:
    """Looks at an archive in a thread of its own; when it has changed and is quiet again, makes the new state and shows that from then on.

    Attributes:
        archive: its folder.
        ready: called with a new state before it is shown.
    """

    def __init__(self, archive: Path, geo: Sequence[str] = (), seconds: float = SECONDS) -> None:
        self.archive, self._geo, self._seconds = archive, geo, seconds
        self._state = State(archive, geo)
        self._before: State | None = None
        self.ready: Callable[[State], None] = lambda _: None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    @property
    def state(self) -> State:
        """The state that pages are made from."""
        return self._state

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Look no more, and close what is open."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self._seconds + 1)
        for state in (self._before, self._state):
            if state is not None:
                state.close()

    def _look(self) -> None:
        last = self._state.snapshot
        while not self._ended.wait(self._seconds):
            try:
                found = self._snapshot()
                if found == last and found != self._state.snapshot:  # the same twice: nobody is writing just now
                    self.renew()
                last = found
            except Exception as error:  # noqa: BLE001
                print(f"vigie: {safe(error, 1000)}. The pages show the state before.", file=sys.stderr)  # noqa: T201
                last = ""

    def _snapshot(self) -> str:
        from vigie.archive.archive import Archive
        from vigie.attacks.settings import Settings

        return Archive(self.archive).snapshot(Settings().as_dict())

    def renew(self) -> None:
        """Make the state of now, and show it."""
        fresh = State(self.archive, self._geo)
        self.ready(fresh)
        old, self._before, self._state = self._before, self._state, fresh
        if old is not None:
            old.close()
