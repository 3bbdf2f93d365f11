"""The local engine: a plain loop for little, two or more processes for much, the same rows either way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from vigie.archive.archive import Archive
from vigie.engines.files import Input, InputError, Stream, blocks, utf16
from vigie.engines.known import Known, first_line, known_prefix
from vigie.engines.pool import Pool, worth_workers
from vigie.engines.report import FileReport, Options
from vigie.engines.writer import Writer
from vigie.engines.year import begins_in, doubt_of, ends_in, written
from vigie.sources.registry import Verdict, recognise
from vigie.sources.source import Ends

__all__ = ["BLOCK", "FileReport", "Options", "Pool", "Progress", "read_input", "worth_workers"]

BLOCK = 8 * 1024 * 1024
"""Bytes of one block: the unit of work."""

SAMPLE_BYTES = 1 << 20
SAMPLE_LINES = 1000

Progress = Callable[[str, int], None]
"""Called with the file's name and the bytes just done."""


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
    verdict = _verdict(item, head, options, report, codec)
    if verdict is None:
        report.skipped = not item.named
        return
    repeatable = not codec and item.path is not None and item.path.is_file()
    known = known_prefix(item, archive, head) if repeatable else Known([], 0)
    _read_body(item, body, head, path, verdict, known, archive, options, pool, progress, report)


def _verdict(item: Input, head: bytes, options: Options, report: FileReport, codec: str) -> Verdict | None:
    sample = [line.rstrip(b"\r") for line in head.split(b"\n")[:SAMPLE_LINES]]
    if len(sample) > 1 and len(head) == SAMPLE_BYTES:
        sample.pop()
    sample = [line for line in sample if line]
    verdict = recognise(sample, options.format, ends_in(options.reading, written(item)), head)
    if verdict is None:
        zeros = head.count(0)
        what = "a binary file" if zeros > len(head) // 50 and not codec else "no format that vigie reads"
        shown = sample[0][:120].decode("utf-8", "replace") if sample else ""
        report.failure = f"{report.file}: {what} (first line: {shown!r}). Try: vigie test --format NAME, or paste its log_format with --layout."
        return None
    report.format, report.doubt = verdict.title, verdict.doubt
    if verdict.yearless:
        told = bool(options.reading.year)
        verdict = begins_in(verdict, sample) if told else verdict
        report.doubt = "; ".join(filter(None, (verdict.doubt, doubt_of(verdict.reading, told=told))))
    return verdict


def _read_body(
    item: Input,
    body: Stream | _Recoded,
    head: bytes,
    path: Path | None,
    verdict: Verdict,
    known: Known,
    archive: Archive,
    options: Options,
    pool: Pool,
    progress: Progress,
    report: FileReport,
) -> None:
    writer = Writer(item, archive, verdict, options, pool, report, first_line(head))
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
    try:
        for offset, data in blocks(source, BLOCK, known.start, _ends(verdict)):  # type: ignore[arg-type]
            writer.add(offset, data, path, much=much)
            progress(item.name, len(data) if path is not None else 0)
    except InputError as error:
        writer.finish()
        raise InputError(f"{item.name}: {error}") from None
    writer.finish()


def _ends(verdict: Verdict) -> Callable[[bytes], Ends] | None:
    """Where the pieces of bytes end, when more may come; None where lines are the pieces."""
    ends = verdict.source.ends
    if ends is None or verdict.wrapped:
        return None
    return lambda data: ends(data, verdict.reading, False)


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
