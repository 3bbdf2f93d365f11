"""What is asked of a reading, and what became of each input."""

from __future__ import annotations

from dataclasses import dataclass, field

from vigie.archive.archive import Segment
from vigie.sources.source import Reading


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

    def add(self, segment: Segment) -> None:
        """Count a segment of this input in."""
        self.bytes = max(self.bytes, segment.end)
        for name in ("lines", "read", "unread", "aside", "signals"):
            setattr(self, name, getattr(self, name) + getattr(segment, name))
        self.first = min((t for t in (self.first, segment.first) if t is not None), default=None)
        self.last = max((t for t in (self.last, segment.last) if t is not None), default=None)
        for address, count in segment.addresses.items():
            self.addresses[address] = self.addresses.get(address, 0) + count
