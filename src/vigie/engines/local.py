"""The local engine: a plain loop for little, two or more processes for much, the same rows either way."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from vigie.archive.archive import Archive, Segment
from vigie.engines.block import Done, Task, do_block
from vigie.engines.files import COMPRESSED, Input, InputError, Stream, blocks, utf16
from vigie.records import ACCESS, LINE, SIGNAL, TALLY, UNREAD
from vigie.sources.registry import Verdict, recognise
from vigie.sources.source import Reading

if TYPE_CHECKING:
    import numpy.typing as npt

BLOCK = 8 * 1024 * 1024
"""Bytes of one block: the unit of work."""

SEGMENT_BLOCKS = 16
"""Blocks of one segment: the unit of commit."""

PARALLEL_FLOOR = 24 * 1024 * 1024
"""Bytes below which starting processes costs more than it saves."""

SAMPLE_BYTES = 1 << 20
SAMPLE_LINES = 1000


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of a reading.

    Attributes:
        format: name of a source, or "" to recognise.
        reading: time zone, host, trusted proxies, pasted layout.
        keep: `evidence` or `all`.
        workers: processes; 1 stays in this one.
    """

    format: str = ""
    reading: Reading = field(default_factory=Reading)
    keep: str = "evidence"
    workers: int = 0


@dataclass(slots=True)
class FileReport:
    """What became of one input.

    Attributes:
        failure: why it could not be read to its end, else "".
        known: bytes that an earlier reading had already given.
        skipped: a folder's entry of no known format: said, but no failure.
        doubt: what was assumed.
        sha256: of the decompressed bytes.
    """

    file: str
    feed: str
    format: str = ""
    bytes: int = 0
    lines: int = 0
    read: int = 0
    unread: int = 0
    aside: int = 0
    signals: int = 0
    sha256: str = ""
    failure: str = ""
    skipped: bool = False
    doubt: str = ""
    known: int = 0
    first: int | None = None
    last: int | None = None
    addresses: dict[str, int] = field(default_factory=dict)


Progress = Callable[[str, int], None]
"""Called with the file's name and the bytes just done."""


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
            self._executor = ProcessPoolExecutor(self.workers, mp_context=get_context("fork"))
            self._executor.submit(_ready).result()

    def submit(self, data: bytes, task: Task, path: Path | None, *, much: bool) -> Future[Done]:
        """Have a block done. `path`: the file to read it from, when its bytes are the file's own."""
        if self.workers > 1 and (much or self._executor is not None):
            if self._executor is None:
                self._executor = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"))
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


def _ready() -> None:
    """Done as soon as a worker is there."""


def _from_file(path: str, length: int, tail: bytes, task: Task) -> Done:
    with Path(path).open("rb") as handle:
        data = os.pread(handle.fileno(), length, task.offset)
    if hashlib.blake2b(data[-4096:]).digest() != tail or len(data) != length:
        raise InputError(f"{path}: changed while it was read")
    return do_block(data, task)


def read_input(item: Input, archive: Archive, options: Options, pool: Pool, progress: Progress) -> FileReport:
    """Read one input into the archive, from where an earlier reading stopped.

    Returns:
        a report; `failure` says what could not be read. Whatever was read before a failure is archived.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    report = FileReport(item.name, item.feed)
    try:
        stream = Stream(item)
    except InputError as error:
        report.failure = str(error)
        return report
    try:
        _read_stream(item, stream, archive, options, pool, progress, report)
    except InputError as error:
        report.failure = str(error)
    finally:
        stream.close()
    if stream.failure and not report.failure:
        report.failure = f"{item.name}: {stream.failure}"
    return report


class _Recoded:
    """A UTF-16 stream, given on as UTF-8."""

    def __init__(self, stream: Stream, codec: str, head: bytes) -> None:
        import codecs

        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._stream = stream
        self._head = head
        self._rest = b""
        self.failure = ""

    def take(self, size: int) -> bytes:
        while not self._rest:
            raw = self._head or self._stream.take(size)
            self._head = b""
            if not raw:
                self._rest = self._decoder.decode(b"", final=True).encode("utf-8", "replace")
                break
            self._rest = self._decoder.decode(raw).encode("utf-8", "replace")
        out, self._rest = self._rest[:size], self._rest[size:]
        self.failure = self._stream.failure
        return out


def _read_stream(
    item: Input, stream: Stream, archive: Archive, options: Options, pool: Pool, progress: Progress, report: FileReport
) -> None:
    head = stream.take(SAMPLE_BYTES)
    if not head:
        report.failure = stream.failure and f"{item.name}: {stream.failure}"
        report.format = "empty"
        report.sha256 = hashlib.sha256(b"").hexdigest()
        return
    codec = utf16(head)
    path = item.path if stream.plain and not codec else None
    body: Stream | _Recoded = _Recoded(stream, codec, head[2:]) if codec else stream
    if codec:
        head = body.take(SAMPLE_BYTES)
    verdict = _verdict(head, options, report, codec)
    if verdict is None:
        report.skipped = not item.named
        return
    repeatable = not codec and item.path is not None and item.path.is_file()
    known = _known_prefix(item, archive, head) if repeatable else _Known([], 0)
    _read_body(item, body, head, path, verdict, known, archive, options, pool, progress, report)


def _verdict(head: bytes, options: Options, report: FileReport, codec: str) -> Verdict | None:
    sample = [line.rstrip(b"\r") for line in head.split(b"\n")[:SAMPLE_LINES]]
    if len(sample) > 1 and len(head) == SAMPLE_BYTES:
        sample.pop()
    sample = [line for line in sample if line]
    verdict = recognise(sample, options.format, options.reading)
    if verdict is None:
        zeros = head.count(0)
        what = "a binary file" if zeros > len(head) // 50 and not codec else "no format that vigie reads"
        shown = sample[0][:120].decode("utf-8", "replace") if sample else ""
        report.failure = f"{report.file}: {what} (first line: {shown!r}). Try: vigie test --format NAME, or paste its log_format with --layout."
        return None
    report.format, report.doubt = verdict.title, verdict.doubt
    return verdict


@dataclass(slots=True)
class _Known:
    """Segments of an earlier reading that this stream repeats byte for byte, and where to go on."""

    segments: list[Segment]
    start: int
    open_last: Segment | None = None
    diverges: bool = False


def _candidates(archive: Archive, head: bytes) -> dict[str, list[Segment]]:
    first = _first_line(head)
    streams: dict[str, list[Segment]] = {}
    for segment in archive.segments():
        if segment.first_line == first or first.startswith("~"):
            streams.setdefault(segment.stream, []).append(segment)
    return streams


def _first_line(head: bytes) -> str:
    line, newline, _ = head[:65536].partition(b"\n")
    return ("" if newline or len(head) >= 65536 else "~") + hashlib.sha256(line.rstrip(b"\r")).hexdigest()[:16]


def _known_prefix(item: Input, archive: Archive, head: bytes) -> _Known:
    best = _Known([], 0)
    for segments in _candidates(archive, head).values():
        ordered = sorted(segments, key=lambda s: s.start)
        with Stream(item) as again:
            matched = _match(again, ordered)
        end = matched[-1].end if matched else 0
        if end > best.start:
            best = _Known(matched, end)
    if best.segments and best.segments[-1].open_end:
        size = item.path.stat().st_size if item.path else 0
        if size > best.start:
            best.open_last = best.segments.pop()
            best.start = best.open_last.start
    best.diverges = best.open_last is None and any(s.end > best.start for s in archive.segments() if best.segments and s.stream == best.segments[0].stream)
    return best


def _match(again: Stream, ordered: list[Segment]) -> list[Segment]:
    digest, at = hashlib.sha256(), 0
    matched: list[Segment] = []
    for segment in ordered:
        if segment.start != at:
            break
        wanted = segment.end - at
        while wanted:
            part = again.take(min(wanted, BLOCK))
            if not part:
                return matched
            digest.update(part)
            wanted -= len(part)
        if digest.hexdigest() != segment.prefix:
            break
        at = segment.end
        matched.append(segment)
    return matched


def _read_body(
    item: Input,
    body: Stream | _Recoded,
    head: bytes,
    path: Path | None,
    verdict: Verdict,
    known: _Known,
    archive: Archive,
    options: Options,
    pool: Pool,
    progress: Progress,
    report: FileReport,
) -> None:
    writer = _Writer(item, archive, verdict, options, pool, report, _first_line(head))
    writer.resume(known, item)
    source: Stream | _Taken
    if path is not None and isinstance(body, Stream):
        body.skip(known.start)
        source = body
        progress(item.name, known.start)
    else:
        source = _Taken(head, body)
        left = known.start
        while left:
            left -= len(source.take(left)) or left
    much = worth_workers([item])
    for offset, data in blocks(source, BLOCK, known.start):  # type: ignore[arg-type]
        writer.add(offset, data, path, much=much)
        progress(item.name, len(data) if path is not None else 0)
    writer.finish(closed_by=getattr(body, "failure", ""))


class _Taken:
    """A stream whose head was taken for recognition."""

    def __init__(self, head: bytes, rest: Stream | _Recoded) -> None:
        self._head = head
        self._rest = rest

    def take(self, size: int) -> bytes:
        if self._head:
            out, self._head = self._head[:size], self._head[size:]
            return out
        return self._rest.take(size)


class _Writer:
    """Sends blocks to the pool, takes what comes back in order, sets repeated lines aside, commits segments."""

    def __init__(
        self, item: Input, archive: Archive, verdict: Verdict, options: Options, pool: Pool, report: FileReport, first_line: str
    ) -> None:
        self.item, self.archive, self.verdict, self.options = item, archive, verdict, options
        self.pool, self.report, self.first_line = pool, report, first_line
        self.digest = hashlib.sha256()
        self.stream = ""
        self.others = [s for s in archive.segments() if s.first is not None]
        self.matched: dict[int, int] = {}
        self.waiting: deque[tuple[Future[Done], bytes, Task]] = deque()
        self.ready: list[tuple[Done, int, int]] = []
        self.header = b""
        self.start = 0
        self.replaces: Segment | None = None
        self.own: list[Segment] = []

    def resume(self, known: _Known, item: Input) -> None:
        """Go on behind what an earlier reading committed."""
        self.start = known.start
        self.replaces = known.open_last
        self.own = list(known.segments)
        for segment in known.segments:
            self.stream = segment.stream
            _add_segment(self.report, segment)
            self.report.known += segment.end - segment.start
        if known.open_last is not None:
            self.stream = known.open_last.stream
        elif known.diverges:
            self.stream = ""
        if known.start:
            with Stream(item) as again:
                left, unended = known.start, b""
                while left:
                    part = again.take(min(left, BLOCK))
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
        if not data.endswith(b"\n") or len(self.ready) >= SEGMENT_BLOCKS:
            self._commit(open_end=not data.endswith(b"\n"))

    def _set_aside(self, done: Done, data: bytes, task: Task) -> Done:
        """Do the block again without the lines that another stream already gave."""
        if done.first is None or done.last is None:
            return done
        near = [s for s in self.others if s.first is not None and s.last is not None and s.first <= done.last and s.last >= done.first]
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
        self.archive.commit(segment, tables, prints, self.replaces)
        self.replaces = None
        _add_segment(self.report, segment)
        self.start = end
        self.ready = []

    def _identity(self, prefix: str) -> str:
        """A stream that cannot be compared with what was read before gets an identity of its own."""
        taken = {s.stream for s in self.archive.segments()}
        identity = prefix[:16]
        while identity in taken:
            identity = hashlib.sha256(identity.encode()).hexdigest()[:16]
        return identity

    def finish(self, closed_by: str) -> None:
        """Take back what is under way and commit the rest."""
        del closed_by
        while self.waiting:
            self._take_back()
        if self.ready:
            self._commit(open_end=False)
        self.report.sha256 = self.digest.hexdigest()


def _joined(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables([t.cast(schema) for t in tables]).unify_dictionaries()


def _last_header(data: bytes, prefix: bytes) -> bytes:
    at = data.rfind(b"\n" + prefix)
    at = at + 1 if at >= 0 else (0 if data.startswith(prefix) else -1)
    if at < 0:
        return b""
    end = data.find(b"\n", at)
    return data[at : end if end >= 0 else len(data)].rstrip(b"\r")


def _add_segment(report: FileReport, segment: Segment) -> None:
    report.bytes = max(report.bytes, segment.end)
    for name in ("lines", "read", "unread", "aside", "signals"):
        setattr(report, name, getattr(report, name) + getattr(segment, name))
    report.first = min((t for t in (report.first, segment.first) if t is not None), default=None)
    report.last = max((t for t in (report.last, segment.last) if t is not None), default=None)
    for address, count in segment.addresses.items():
        report.addresses[address] = report.addresses.get(address, 0) + count
