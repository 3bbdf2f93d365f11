"""Answers that were made once and are given again: a page of one state never changes."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

MOST: Final = 24 * 1024 * 1024
"""Bytes kept."""
WAITING: Final = 64
"""Different pages that may be in the making at a time."""


class TooMuchError(RuntimeError):
    """So many pages are in the making that another would only wait."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: packed, with its type and status."""

    packed: bytes
    kind: str
    status: int = 200

    def body(self, *, packed: bool) -> bytes:
        """Bytes for a browser that takes gzip, or does not."""
        return self.packed if packed else gzip.decompress(self.packed)


def packed(text: str, kind: str, status: int = 200) -> Answer:
    """An answer of a text."""
    return Answer(gzip.compress(text.encode("utf-8", "backslashreplace"), 6, mtime=0), kind, status)


class Answers:
    """The latest answers, up to `MOST` bytes. Whoever asks for what is in the making waits for it."""

    def __init__(self, most: int = MOST) -> None:
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._making: dict[tuple[object, ...], asyncio.Task[Answer]] = {}
        self._bytes, self._most = 0, most
        self._lock = threading.Lock()

    async def get(self, key: tuple[object, ...], make: Callable[[], Answer]) -> Answer:
        """The answer to a question.

        Args:
            key: state and question.
            make: called in a thread where there is none yet.

        Raises:
            TooMuchError: try again.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if key not in self._making:
            if len(self._making) >= WAITING:
                raise TooMuchError
            self._making[key] = asyncio.create_task(self._make(key, make))
        return await asyncio.shield(self._making[key])

    def keep(self, key: tuple[object, ...], made: Answer) -> None:
        """Keep an answer that is right; the oldest go when there is no room."""
        if made.status != 200 or len(made.packed) >= self._most // 4:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._bytes += len(made.packed)
            while self._bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.packed)

    async def _make(self, key: tuple[object, ...], make: Callable[[], Answer]) -> Answer:
        try:
            made = await run_in_threadpool(make)
            self.keep(key, made)
            return made
        finally:
            self._making.pop(key, None)
