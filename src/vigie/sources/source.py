"""The contract of a source: how lines of one format become records.

A source is total: one row out per line in, in the same order. A line that it cannot read is a row
whose `unread` column says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.records import UNREAD_COLUMN, Record

Ends = npt.NDArray[np.int64]
"""Where pieces end: offsets, ascending, each behind the last byte of a piece."""

HEADER_LINE = "header line"
"""Why a line that only says how others are to be read is unread."""

FRAME = "frame of the document"
"""Why a piece of a document that only holds others together is unread."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is to be read: what recognition found and what the user said.

    Attributes:
        layout: format string, header line or field list that the source compiles into a reader; empty for fixed formats.
        timezone: IANA name or `+HH:MM` for formats whose times carry no zone.
        host: name of the site when lines do not tell it.
        trusted: networks (CIDR) of proxies whose `X-Forwarded-For` is believed.
        ours: networks (CIDR) that are one's own: a flow to them comes in, one from them goes out.
        year: year for times that carry none; 0 when unknown. `times.with_year` and `times.told_years` apply it.
        year_from: month and day (MMDD); times without a year that lie before it are of the year after `year`: the log begins here.
        year_until: month and day (MMDD); times without a year that lie behind it are of the year before `year`: the log ends here.
    """

    layout: str = ""
    timezone: str = "UTC"
    host: str = ""
    trusted: tuple[str, ...] = ()
    year: int = 0
    year_from: int = 0
    year_until: int = 1231
    ours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """A source's claim on a sample of lines.

    Attributes:
        share: part of the sampled lines that would become records, 0..1.
        title: what to call the format on screen ("nginx combined").
        layout: to be put into `Reading.layout`.
        doubt: what was assumed, in one sentence; empty when nothing was.
        yearless: times carry no year, so that the engine says which one was taken.
    """

    share: float
    title: str
    layout: str = ""
    doubt: str = ""
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One input format.

    Attributes:
        name: what `--format` takes.
        record: the kind of record that it reads.
        recognise: sample of lines (bytes, without terminators, at least one) → claim, or None when it is not this format.
        read: batch of `LINE` → batch of `record.schema` plus the `unread` column, same rows in the same order.
        header: lines that begin with this prefix change the layout of those that follow (W3C `#Fields:`); the engine
            puts the last one before a batch into `Reading.layout`.
        references: specifications.
        specific: ties between equal shares go to the more specific source.
        ends: where a piece is not a line (a record over several lines, an item of a document, a packet): bytes that begin where a
            piece does, how they are read, and whether they are all that is left → where the pieces in them end. What follows the last
            end is held back until more has come; when nothing more comes the engine lets the last piece end with the bytes. The pieces
            are the rows that `read` is given. A source that gives no end before everything is there is given the whole document.
        claims: where a sample of lines tells nothing (documents, binary formats): the first bytes of a file, at most 1 MiB → claim.
        completes: where a user's layout lacks what only the file tells (the names and places of its columns): the layout and a sample of
            lines → claim, whose layout is then read by; None when the sample does not tell it either.
    """

    name: str
    record: Record
    recognise: Callable[[Sequence[bytes]], Recognition | None]
    read: Callable[[pa.RecordBatch, Reading], pa.RecordBatch]
    header: bytes = b""
    references: tuple[str, ...] = ()
    specific: int = 0
    ends: Callable[[bytes, Reading, bool], Ends] | None = None
    claims: Callable[[bytes], Recognition | None] | None = None
    completes: Callable[[str, Sequence[bytes]], Recognition | None] | None = None
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        """Derive the schema of what `read` gives back."""
        object.__setattr__(self, "schema", self.record.schema.append(UNREAD_COLUMN))
