"""From blocks done to segments committed: in order, without what another file already gave, whole or not at all."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from vigie.archive.archive import Archive, Segment
from vigie.engines.block import Done, Task, do_block
from vigie.engines.files import Input, InputError, Stream
from vigie.engines.known import PIECE, Known
from vigie.engines.pool import Pool
from vigie.engines.report import FileReport, Options
from vigie.records import LINE, SIGNAL, TALLY, UNREAD
from vigie.sources.registry import Verdict

if TYPE_CHECKING:
    import numpy.typing as npt

SEGMENT_BLOCKS = 16
"""Blocks of one segment: the unit of commit."""


class Writer:
    """Sends blocks to the pool, takes what comes back in order, sets repeated lines aside, commits segments."""

    def __init__(
        self, item: Input, archive: Archive, verdict: Verdict, options: Options, pool: Pool, report: FileReport, first_line: str
    ) -> None:
        self.item, self.archive, self.verdict, self.options = item, archive, verdict, options
        self.pool, self.report, self.first_line = pool, report, first_line
        self.digest = hashlib.sha256()
        self.stream = ""
        self.others = archive.segments()
        self.matched: dict[int, int] = {}
        self.waiting: deque[tuple[Future[Done], bytes, Task]] = deque()
        self.ready: list[tuple[Done, int, int]] = []
        self.header = b""
        self.unended = False
        self.start = 0
        self.replaces: Segment | None = None
        self.own: list[Segment] = []

    def resume(self, known: Known, item: Input) -> None:
        """Go on behind what an earlier reading committed."""
        self.start = known.start
        self.replaces = known.open_last
        self.own = list(known.segments)
        for segment in known.segments:
            self.stream = segment.stream
            self.report.add(segment)
            self.report.known += segment.end - segment.start
        if known.open_last is not None:
            self.stream = known.open_last.stream
        elif known.diverges:
            self.stream = ""
        if known.start:
            with Stream(item) as again:
                left, unended = known.start, b""
                while left:
                    part = again.take(min(left, PIECE))
                    if not part:
                        break
                    self.digest.update(part)
                    left -= len(part)
                    if self.verdict.source.header:
                        lines = unended + part
                        self.header = _last_header(lines, self.verdict.source.header) or self.header
                        unended = lines[lines.rfind(b"\n") + 1 :]
        names = {s.name for s in known.segments} | ({known.open_last.name} if known.open_last else set())
        self.others = [s for s in self.others if s.name not in names]

    def add(self, offset: int, data: bytes, path: Path | None, *, much: bool) -> None:
        """Send a block off; take back those that are done when enough are under way."""
        reading = self.verdict.reading
        if self.verdict.source.header:
            if self.header:
                reading = replace(reading, layout=self.header.decode("utf-8", "replace"))
            self.header = _last_header(data, self.verdict.source.header) or self.header
        task = Task(
            self.item.feed, self.item.name, offset, self.verdict.source.name, reading,
            wrapped=self.verdict.wrapped, keep=self.options.keep == "all",
        )  # fmt: skip
        self.waiting.append((self.pool.submit(data, task, path, much=much), data, task))
        while len(self.waiting) > self.pool.workers + 1:
            self._take_back()

    def _take_back(self) -> None:
        future, data, task = self.waiting.popleft()
        try:
            done = future.result()
        except BrokenProcessPool:
            raise InputError(f"{self.item.name}: a worker process died (out of memory?). Try: vigie read --workers 1") from None
        done = self._set_aside(done, data, task)
        self.digest.update(data)
        self.ready.append((done, task.offset, task.offset + len(data)))
        self.unended = not data.endswith(b"\n")
        if (self.unended and self.verdict.source.ends is None) or len(self.ready) >= SEGMENT_BLOCKS:
            self._commit(open_end=self.unended)

    def _set_aside(self, done: Done, data: bytes, task: Task) -> Done:
        """Do the block again without the lines that another stream already gave; what has no times is compared with what has none."""
        near = [s for s in self.others if _near(s, done)]
        counts = np.zeros(len(done.fingerprints), np.int64)
        streams: dict[str, npt.NDArray[np.int64]] = {}
        for segment in near:
            prints = self.archive.fingerprints(segment)
            here = np.searchsorted(prints, done.fingerprints, "right") - np.searchsorted(prints, done.fingerprints, "left")
            streams[segment.stream] = streams.get(segment.stream, np.zeros(len(counts), np.int64)) + here
        for here in streams.values():
            counts = np.maximum(counts, here)
        aside: list[int] = []
        for row in np.flatnonzero(counts).tolist():
            key = int(done.fingerprints[row])
            seen = self.matched.get(key, 0)
            self.matched[key] = seen + 1
            if seen < counts[row]:
                aside.append(row)
        return do_block(data, replace(task, aside=tuple(aside))) if aside else done

    def _commit(self, *, open_end: bool) -> None:
        done = [d for d, _, _ in self.ready]
        end = self.ready[-1][2]
        prefix = self.digest.hexdigest()
        self.stream = self.stream or self._identity(prefix)
        firsts = [d.first for d in done if d.first is not None]
        lasts = [d.last for d in done if d.last is not None]
        busiest: dict[str, int] = {}
        for one in done:
            for address, count in one.addresses:
                busiest[address] = busiest.get(address, 0) + count
        lines, unread, aside = (sum(getattr(d, name) for d in done) for name in ("lines", "unread", "aside"))
        segment = Segment(
            stream=self.stream, file=self.item.name, feed=self.item.feed, format=self.verdict.title,
            start=self.start, end=end, prefix=prefix, first_line=self.first_line.lstrip("~"), open_end=open_end,
            lines=lines, read=lines - unread, unread=unread, aside=aside, signals=sum(d.signals.num_rows for d in done),
            first=min(firsts, default=None), last=max(lasts, default=None), layout=self.verdict.reading.layout,
            addresses=dict(sorted(busiest.items(), key=lambda pair: -pair[1])[:20]),
        )  # fmt: skip
        tables = {
            "signals": _joined([d.signals for d in done], SIGNAL.schema),
            "tallies": _joined([d.tallies for d in done], TALLY.schema),
            "evidence": _joined([d.evidence for d in done], LINE.schema),
            "unread": _joined([d.unread_lines for d in done], UNREAD.schema),
        }
        kept = [d.records for d in done if d.records is not None]
        if kept:
            tables[self.verdict.source.record.name] = pa.concat_tables(kept)
        prints = np.concatenate([d.fingerprints for d in done])
        held = [d.held for d in done if d.held is not None]
        self.archive.commit(segment, tables, prints, self.replaces, pa.concat_tables(held) if held else None)
        self.replaces = None
        self.report.add(segment)
        self.start = end
        self.ready = []

    def _identity(self, prefix: str) -> str:
        """A stream that cannot be compared with what was read before gets an identity of its own."""
        taken = {s.stream for s in self.archive.segments()}
        identity = prefix[:16]
        while identity in taken:
            identity = hashlib.sha256(identity.encode()).hexdigest()[:16]
        return identity

    def finish(self) -> None:
        """Take back what is under way and commit the rest."""
        while self.waiting:
            self._take_back()
        if self.ready:
            self._commit(open_end=self.unended)
        self.report.sha256 = self.digest.hexdigest()


def _near(segment: Segment, done: Done) -> bool:
    if segment.first is None or segment.last is None or done.first is None or done.last is None:
        return segment.first is None and done.first is None
    return segment.first <= done.last and segment.last >= done.first


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([t.cast(schema) for t in tables]).unify_dictionaries()


def _last_header(data: bytes, prefix: bytes) -> bytes:
    at = data.rfind(b"\n" + prefix)
    at = at + 1 if at >= 0 else (0 if data.startswith(prefix) else -1)
    if at < 0:
        return b""
    end = data.find(b"\n", at)
    return data[at : end if end >= 0 else len(data)].rstrip(b"\r")
