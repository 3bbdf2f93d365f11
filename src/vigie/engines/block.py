"""What is done to one block of lines: read, detect, tally. Pure, picklable, the same on any engine.

The kernels see Arrow batches only; this module strings them together for one block and knows neither file system nor clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.log_ins import kept, quoted
from vigie.detectors.registry import detect, tallies
from vigie.records import ACCESS, FLOW, LINE, POST, PROBE, PUBLICATION, SIGNAL, TALLY, UNREAD, Record
from vigie.records.fingerprint import fingerprints
from vigie.sources.clients import real_clients
from vigie.sources.own_networks import directed
from vigie.sources.registry import source_named
from vigie.sources.source import Ends, Reading

MAX_LINE = 1 << 20
"""Longest line that is read, in bytes; a longer one is unread, and kept to this length."""

SHOWN = 4096
"""Bytes of an unread line that are kept. Of posts none are: what is unread there are private messages, profiles and frames, and the place in the file is told."""

ALWAYS_KEPT = (PROBE, PUBLICATION)
"""Records that are kept whatever the user says: few, about nobody, and asked again by every answer."""

ROWS = 65_536
"""Most lines handed to a kernel at once."""


@dataclass(frozen=True, slots=True)
class Task:
    """One block to do.

    Attributes:
        feed, file, offset: provenance of its first byte.
        source: name of the source that reads it.
        reading: how.
        wrapped: lines are carried by syslog, a container runtime or the like.
        aside: numbers of lines (in the block) that another file already gave; read, but neither detected in nor tallied.
        keep: whether records are wanted back.
    """

    feed: str
    file: str
    offset: int
    source: str
    reading: Reading
    wrapped: bool = False
    aside: tuple[int, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a block.

    Attributes:
        lines, unread: counts; `lines - unread` records were read.
        aside: how many of the records were set aside as already read.
        signals, unread_lines, tallies, evidence: rows of `SIGNAL`, `UNREAD`, `TALLY`, `LINE`.
        fingerprints: of every line, in order.
        first, last: earliest and latest time, microseconds; None without times, and for publications: an export that reaches back
            for years says nothing of how long the logs reach.
        addresses: the most frequent client addresses and their counts.
        records: rows of the source's record, when wanted or always kept (all of some kinds, of log-ins and flows what `log_ins.kept` says, of posts
            what `social.kept` says).
        held: of posts, raw lines with what they say (`social.kept.HELD`), until it is known which are evidence.
    """

    lines: int
    unread: int
    aside: int
    signals: pa.Table
    unread_lines: pa.Table
    tallies: pa.Table
    evidence: pa.Table
    fingerprints: npt.NDArray[np.uint64]
    first: int | None
    last: int | None
    addresses: tuple[tuple[str, int], ...]
    records: pa.Table | None
    held: pa.Table | None = None


def lines_of(data: bytes, feed: str, file: str, offset: int, ends: Ends | None = None) -> pa.RecordBatch:
    """Lay a block out as rows of `LINE`, without copying it.

    Args:
        data: the block.
        feed: log that it belongs to.
        file: file that it stands in.
        offset: of its first byte in the file.
        ends: where its pieces end; None for lines.
    """
    if ends is None:
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10) + 1
    bounds = np.concatenate([np.zeros(1, np.int32), ends.astype(np.int32)])
    if int(bounds[-1]) < len(data):
        bounds = np.append(bounds, np.int32(len(data)))
    count = len(bounds) - 1
    lines = pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data)])
    zeros = pa.array(np.zeros(count, np.int32))
    return pa.RecordBatch.from_arrays(
        [
            pa.DictionaryArray.from_arrays(zeros, pa.array([feed])),
            pa.DictionaryArray.from_arrays(zeros, pa.array([file])),
            pa.array(bounds[:-1].astype(np.int64) + offset),
            lines,
        ],
        schema=LINE.schema,
    )


def read_lines(batch: pa.RecordBatch, task: Task) -> pa.RecordBatch:
    """Read rows of `LINE` into records: over-long lines and binary zeros get their reason, wrappers are taken off."""
    source = source_named(task.source)
    lengths = pc.binary_length(batch.column("line"))
    long = np.asarray(pc.greater(lengths, MAX_LINE))
    if long.any():
        shortened = pc.if_else(pa.array(long), pa.scalar(b"\n", pa.binary()), batch.column("line"))
        batch = batch.set_column(3, LINE.schema.field("line"), shortened)
    if task.wrapped:
        from vigie.sources.wrapping import REST, unwrap_marked

        batch, rests = unwrap_marked(batch)
    records = source.read(batch, task.reading)
    if task.wrapped and rests.any():
        reasons = pc.if_else(pa.array(rests), REST, records.column("unread").cast(pa.string())).dictionary_encode()
        records = records.set_column(records.num_columns - 1, records.schema.field("unread"), reasons)
    if long.any():
        reason = pa.scalar(f"line longer than {MAX_LINE:,} bytes", pa.string())
        reasons = pc.if_else(pa.array(long), reason, records.column("unread").cast(pa.string())).dictionary_encode()
        records = records.set_column(records.num_columns - 1, records.schema.field("unread"), reasons)
    return records


def do_block(data: bytes, task: Task) -> Done:
    """Read, detect and tally one block."""
    pieces = None if task.wrapped else source_named(task.source).ends
    whole = lines_of(data, task.feed, task.file, task.offset, pieces(data, task.reading, True) if pieces else None)
    prints = fingerprints(whole.column("line"))
    aside = np.zeros(whole.num_rows, bool)
    aside[list(task.aside)] = True
    filled = whole
    keep = np.ones(whole.num_rows, bool)
    blank = np.asarray(pc.less_equal(pc.binary_length(whole.column("line")), 2))
    if pieces is None and blank.any():
        blank &= np.asarray(pc.is_in(whole.column("line"), pa.array([b"\n", b"\r\n", b"\r"], pa.binary())))
        keep = ~blank
        filled = whole.filter(pa.array(keep))
    empty = _blank_lines(whole.filter(pa.array(~keep)))
    parts = [
        _rows(filled.slice(low, ROWS), prints[keep][low : low + ROWS], aside[keep][low : low + ROWS], one)
        for low, one in _slices(filled, task)
    ]
    times = [(p.first, p.last) for p in parts if p.first is not None and p.last is not None]
    busiest: dict[str, int] = {}
    for part in parts:
        for address, count in part.addresses:
            busiest[address] = busiest.get(address, 0) + count
    return replace(
        parts[0],
        lines=whole.num_rows,
        unread=sum(p.unread for p in parts) + empty.num_rows,
        aside=sum(p.aside for p in parts),
        signals=pa.concat_tables([p.signals for p in parts]).unify_dictionaries(),
        unread_lines=pa.concat_tables([empty, *(p.unread_lines for p in parts)]),
        tallies=pa.concat_tables([p.tallies for p in parts]),
        evidence=pa.concat_tables([p.evidence for p in parts]),
        fingerprints=prints,
        first=min((t[0] for t in times), default=None),
        last=max((t[1] for t in times), default=None),
        addresses=tuple(sorted(busiest.items(), key=lambda item: -item[1])[:20]),
        records=pa.concat_tables([p.records for p in parts if p.records is not None]) if parts[0].records is not None else None,
        held=pa.concat_tables([p.held for p in parts if p.held is not None]) if parts[0].held is not None else None,
    )


def _slices(lines: pa.RecordBatch, task: Task) -> list[tuple[int, Task]]:
    """Where each slice begins, and its task: a header line holds for the slices behind it too."""
    starts = range(0, max(lines.num_rows, 1), ROWS)
    header = source_named(task.source).header
    if not header or len(starts) == 1:
        return [(low, task) for low in starts]
    column = lines.column("line")
    rows = np.flatnonzero(np.asarray(pc.equal(pc.binary_slice(column, 0, len(header)), header)))
    out = []
    for low in starts:
        last = int(np.searchsorted(rows, low)) - 1
        spelled = column[int(rows[last])].as_py()[:MAX_LINE].rstrip(b"\r\n").decode("utf-8", "replace") if last >= 0 else task.reading.layout
        out.append((low, replace(task, reading=replace(task.reading, layout=spelled))))
    return out


def _blank_lines(lines: pa.RecordBatch) -> pa.Table:
    """Lines with nothing on them: unread, and quickly so, since a small file can unpack to a great many."""
    reasons = pa.DictionaryArray.from_arrays(pa.array(np.zeros(lines.num_rows, np.int32)), pa.array(["empty line"]))
    columns = [lines.column(name) for name in ("feed", "file", "byte_offset")]
    return pa.Table.from_arrays([*columns, reasons, lines.column("line")], schema=UNREAD.schema)


def _rows(batch: pa.RecordBatch, prints: npt.NDArray[np.uint64], aside: npt.NDArray[np.bool_], task: Task) -> Done:
    read = read_lines(batch, task)
    lost = np.asarray(pc.is_valid(read.column("unread")))
    unread_lines = _unread(batch, read, lost, 0 if source_named(task.source).record is POST else SHOWN)
    good = read.select(range(read.num_columns - 1))
    if lost.any():
        good, prints_, aside_ = good.filter(pa.array(~lost)), prints[~lost], aside[~lost]
    else:
        prints_, aside_ = prints, aside
    kind = source_named(task.source).record
    seen = {"min": None, "max": None} if kind is PUBLICATION else pc.min_max(good.column("seen_at").cast(pa.int64())).as_py()
    if aside_.any():
        good, prints_ = good.filter(pa.array(~aside_)), prints_[~aside_]
    if kind is ACCESS:
        good = real_clients(good, task.reading)
    if kind is FLOW:
        good = directed(good, task.reading)
    good = good.append_column("fingerprint", pa.array(prints_))
    if kind is POST:
        good = _formed(good)
    signals = detect(kind, good)
    counted = tallies(kind, _with_lines(good, batch, lost, aside) if kind is FLOW else good, signals)
    evidence = _evidence(batch, signals, counted, quoted(kind, good))
    tops = _busiest(good) if kind is ACCESS else ()
    return Done(
        lines=batch.num_rows,
        unread=int(lost.sum()),
        aside=int((aside & ~lost).sum()),
        signals=pa.Table.from_batches([signals], SIGNAL.schema),
        unread_lines=unread_lines,
        tallies=pa.Table.from_batches([counted], TALLY.schema),
        evidence=evidence,
        fingerprints=prints,
        first=seen["min"],
        last=seen["max"],
        addresses=tops,
        records=_records(kind, good, task),
        held=_held(_with_lines(good, batch, lost, aside)) if kind is POST else None,
    )


def _records(kind: Record, good: pa.RecordBatch, task: Task) -> pa.Table | None:
    if kind is POST:
        from vigie.social.kept import kept as kept_of_posts

        return kept_of_posts(good, all_of_it=task.keep)
    rows = good if task.keep or kind in ALWAYS_KEPT else kept(kind, good)
    return None if rows is None else pa.Table.from_batches([rows])


def _formed(posts: pa.RecordBatch) -> pa.RecordBatch:
    from vigie.social.kept import formed

    return formed(posts)


def _held(posts: pa.RecordBatch) -> pa.Table:
    from vigie.social.kept import held

    return held(posts, posts.column("line"))


def _with_lines(good: pa.RecordBatch, batch: pa.RecordBatch, lost: npt.NDArray[np.bool_], aside: npt.NDArray[np.bool_]) -> pa.RecordBatch:
    """Records with the raw line of each, for tallies that quote it."""
    kept = ~(lost | aside)
    lines = batch.column("line")
    return good.append_column("line", lines if kept.all() else lines.filter(pa.array(kept)))


def _unread(batch: pa.RecordBatch, read: pa.RecordBatch, lost: npt.NDArray[np.bool_], shown: int) -> pa.Table:
    if not lost.any():
        return pa.Table.from_batches([UNREAD.empty()])
    mask = pa.array(lost)
    rows = batch.filter(mask)
    reasons = read.column("unread").filter(mask)
    kept = pc.binary_slice(rows.column("line"), 0, shown)
    return pa.Table.from_arrays([rows.column("feed"), rows.column("file"), rows.column("byte_offset"), reasons, kept], schema=UNREAD.schema)


def _evidence(batch: pa.RecordBatch, signals: pa.RecordBatch, counted: pa.RecordBatch, more: pa.Array | None) -> pa.Table:
    """The lines that signals stand in, those that a tally quotes, and more."""
    tallied = counted.filter(pc.not_equal(counted.column("evidence"), ""))
    columns = [signals.column("byte_offset"), tallied.column("byte_offset"), *([] if more is None else [more])]
    offsets = np.concatenate([column.to_numpy() for column in columns])
    if not len(offsets):
        return pa.Table.from_batches([LINE.empty()])
    rows = np.searchsorted(batch.column("byte_offset").to_numpy(), np.unique(offsets))
    return pa.Table.from_batches([batch.take(pa.array(rows))])


def _busiest(records: pa.RecordBatch) -> tuple[tuple[str, int], ...]:
    counts = records.column("source_address").value_counts()
    if not len(counts):
        return ()
    order = pc.array_sort_indices(counts.field("counts"), order="descending")[:20]
    tops = counts.take(order).to_pylist()
    return tuple((top["values"], top["counts"]) for top in tops if top["values"] is not None)
