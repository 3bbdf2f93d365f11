"""Reading on: which bytes of a stream an earlier reading has already given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from vigie.archive.archive import Archive, Segment
from vigie.engines.files import Input, Stream

PIECE = 8 * 1024 * 1024
"""Bytes compared at once."""


@dataclass(slots=True)
class Known:
    """Segments of an earlier reading that this stream repeats byte for byte, and where to go on."""

    segments: list[Segment]
    start: int
    open_last: Segment | None = None
    diverges: bool = False


def _candidates(archive: Archive, head: bytes) -> dict[str, list[Segment]]:
    first = first_line(head)
    streams: dict[str, list[Segment]] = {}
    for segment in archive.segments():
        if segment.first_line == first or first.startswith("~"):
            streams.setdefault(segment.stream, []).append(segment)
    return streams


def first_line(head: bytes) -> str:
    """A mark of a stream's first line, by which candidates for being the same stream are found; `~` when it may still grow."""
    line, newline, _ = head[:65536].partition(b"\n")
    return ("" if newline or len(head) >= 65536 else "~") + hashlib.sha256(line.rstrip(b"\r")).hexdigest()[:16]


def known_prefix(item: Input, archive: Archive, head: bytes) -> Known:
    """What of an input an earlier reading has already given, whatever the name, rotation or compression it had then.

    Args:
        item: a file that can be read again.
        archive: where earlier readings are kept.
        head: the first bytes of the decompressed stream.
    """
    best = Known([], 0)
    for segments in _candidates(archive, head).values():
        ordered = sorted(segments, key=lambda s: s.start)
        with Stream(item) as again:
            matched = _match(again, ordered)
        end = matched[-1].end if matched else 0
        if end > best.start:
            best = Known(matched, end)
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
            part = again.take(min(wanted, PIECE))
            if not part:
                return matched
            digest.update(part)
            wanted -= len(part)
        if digest.hexdigest() != segment.prefix:
            break
        at = segment.end
        matched.append(segment)
    return matched
