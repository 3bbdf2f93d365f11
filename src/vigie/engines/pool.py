"""Where blocks are done: in this process, or in others once the work is worth it."""

from __future__ import annotations

import hashlib
import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from vigie.engines.block import Done, Task, do_block
from vigie.engines.files import COMPRESSED, Input, InputError
from vigie.records import ACCESS

PARALLEL_FLOOR = 24 * 1024 * 1024
"""Bytes below which starting processes costs more than it saves."""


class Pool:
    """Where blocks are done: in this process, or in others once the work is worth it."""

    def __init__(self, workers: int) -> None:
        self.workers = workers or max(1, len(os.sched_getaffinity(0)))
        self._executor: ProcessPoolExecutor | None = None

    def start_early(self) -> None:
        """Start the workers as copies of this process, with all it has loaded.

        Only safe before anything has started threads: the first thing that a command does. Later, `submit` starts fresh ones.
        """
        if self.workers > 1:
            from vigie.detectors.patterns import patterns_of
            from vigie.detectors.registry import readers_of

            patterns_of(readers_of(ACCESS))
            self._executor = ProcessPoolExecutor(self.workers, mp_context=get_context("fork"), initializer=_uninterrupted)
            self._executor.submit(_ready).result()

    def submit(self, data: bytes, task: Task, path: Path | None, *, much: bool) -> Future[Done]:
        """Have a block done. `path`: the file to read it from, when its bytes are the file's own."""
        if self.workers > 1 and (much or self._executor is not None):
            if self._executor is None:
                self._executor = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_uninterrupted)
            if path is not None:
                return self._executor.submit(_from_file, str(path), len(data), hashlib.blake2b(data[-4096:]).digest(), task)
            return self._executor.submit(do_block, data, task)
        done: Future[Done] = Future()
        done.set_result(do_block(data, task))
        return done

    def close(self) -> None:
        """Let the processes go."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)


def worth_workers(inputs: list[Input]) -> bool:
    """Whether there is so much to do that other processes pay (compressed files are taken for ten times their size)."""
    size = 0
    for item in inputs:
        if item.path is not None and item.path.is_file():
            size += item.path.stat().st_size * (10 if item.path.suffix in COMPRESSED else 1)
    return size > PARALLEL_FLOOR


def _uninterrupted() -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the one that reads: it ends the others, each behind its block.

    A worker that is interrupted while it takes a task leaves half of the task to the next one.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ready() -> None:
    """Done as soon as a worker is there."""


def _from_file(path: str, length: int, tail: bytes, task: Task) -> Done:
    with Path(path).open("rb") as handle:
        data = os.pread(handle.fileno(), length, task.offset)
    if hashlib.blake2b(data[-4096:]).digest() != tail or len(data) != length:
        raise InputError(f"{path}: changed while it was read")
    return do_block(data, task)
