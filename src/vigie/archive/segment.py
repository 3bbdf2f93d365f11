"""A segment: what one byte range of one stream gave, and how it is known to be whole."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

SEGMENT_NAME = re.compile(r"[0-9a-f]{16}-[0-9]{14,20}-[0-9]{14,20}")
"""Name of a segment's folder: stream and byte range."""


class ArchiveError(Exception):
    """The archive cannot be used: says why and what to try."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What one byte range of one stream gave.

    Attributes:
        stream: identity of the stream: SHA-256 of its first committed bytes, 16 hex digits.
        start, end: bytes of the decompressed stream.
        prefix: SHA-256 of the stream from 0 to `end`.
        open_end: the range ends without a newline, so that its last line may still grow.
        first, last: earliest and latest time, microseconds of UTC; None without times.
    """

    stream: str
    file: str
    feed: str
    format: str
    start: int
    end: int
    prefix: str
    first_line: str
    open_end: bool
    lines: int
    read: int
    unread: int
    aside: int
    signals: int
    first: int | None
    last: int | None
    layout: str = ""
    addresses: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Folder name: stream and byte range."""
        return f"{self.stream}-{self.start:014d}-{self.end:014d}"


def without_replaced(segments: list[Segment]) -> list[Segment]:
    """Of two segments that begin at the same byte of the same stream, a crash left the shorter: it is not looked at."""
    longest: dict[tuple[str, int], Segment] = {}
    for segment in segments:
        known = longest.get((segment.stream, segment.start))
        if known is None or segment.end > known.end:
            longest[segment.stream, segment.start] = segment
    return sorted(longest.values(), key=lambda s: s.name)


def segment_of(facts: dict[str, object]) -> Segment:
    """A segment from its JSON, each field of the type it should have.

    Raises:
        TypeError: a field is missing, unknown or of another type.
    """
    segment = Segment(**facts)  # type: ignore[arg-type]  # each field is looked at below
    for name in ("start", "end", "lines", "read", "unread", "aside", "signals"):
        if type(getattr(segment, name)) is not int:
            raise TypeError(f"{name} is no number")
    for name in ("first", "last"):
        if type(getattr(segment, name)) not in (int, type(None)):
            raise TypeError(f"{name} is no time")
    for name in ("stream", "file", "feed", "format", "prefix", "first_line"):
        if not isinstance(getattr(segment, name), str):
            raise TypeError(f"{name} is no text")
    return segment


def is_parquet(path: Path) -> bool:
    """Whether a file is whole as far as its two marks tell.

    Raises:
        ArchiveError: it is not.
    """
    try:
        with path.open("rb") as handle:
            begins = handle.read(4)
            handle.seek(-4, os.SEEK_END)
            whole = begins == handle.read(4) == b"PAR1" and handle.tell() > 8
    except OSError as error:
        raise damaged(path.parent, error) from None
    if not whole:
        raise damaged(path.parent, ValueError(f"{path.name} is torn"))
    return True


def damaged(folder: Path, error: Exception) -> ArchiveError:
    """What is said of a segment that cannot be used."""
    return ArchiveError(f"{folder}: unreadable segment ({error}). Move it away and read its log again; nothing else is affected.")
