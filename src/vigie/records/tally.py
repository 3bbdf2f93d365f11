"""A partial count per batch, merged by sum, min and max.

The thing to be counted distinctly stands in the key, so that merging is associative and any engine may do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records.schema import LABEL, TEXT, TIME, Record, record, same

TALLY = record(
    "tally",
    ("tally", LABEL),  # which tally this row belongs to
    ("asset", TEXT),
    ("source_address", TEXT),
    ("bucket", TIME),  # start of the interval
    ("key", TEXT),  # what is counted, in the tally's own words
    ("count", pa.int64()),
    ("first_seen", TIME),
    ("last_seen", TIME),
    ("evidence", TEXT),  # request of the first record counted, at most 512 characters; "" when none is quoted
)
"""`file` and `byte_offset` are those of the first record counted (merge: those of the earliest)."""

Ints = npt.NDArray[np.int64]

EMPTY = pa.scalar("")
"""Scalars are made once: making one from a Python value takes longer than comparing a thousand rows with it."""

MAX_KEY = 256
MAX_TEXT = 512
"""Characters of a key and of a quoted text."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A tally kernel: `count` turns a batch of `reads` into a batch of `TALLY`, pure and picklable."""

    name: str
    reads: Record
    count: Callable[[pa.RecordBatch], pa.RecordBatch]


def counted(
    name: str, rows: pa.RecordBatch, key: pa.Array, minutes: int, *, evidence: pa.Array, by_source: bool = True
) -> pa.RecordBatch:
    """Count records by site, source, interval and key.

    Args:
        name: of the tally.
        rows: records to be counted, with the provenance, `seen_at`, `url_domain` and `source_address`.
        key: what is counted distinctly, one text per record (cut at 256 characters).
        minutes: length of an interval.
        evidence: text shown for a count, one per record (cut at 512 characters); where it is empty nothing is quoted, and no raw line kept.
        by_source: False counts all sources together (`source_address` is then empty).

    Returns:
        rows of `TALLY`, one for each site, source, interval and key.
    """
    if not rows.num_rows:
        return TALLY.empty()
    seen = rows.column("seen_at").cast(pa.int64()).to_numpy()
    bucket = seen - np.mod(seen, minutes * 60_000_000)
    assets, sources = (pc.fill_null(rows.column(column), EMPTY).dictionary_encode() for column in ("url_domain", "source_address"))
    keys = pc.utf8_slice_codeunits(key, 0, MAX_KEY).dictionary_encode()
    codes = [keys.indices.to_numpy(), bucket, assets.indices.to_numpy(), *([sources.indices.to_numpy()] if by_source else [])]

    def quoted(firsts: Ints) -> pa.Array:
        return pc.utf8_slice_codeunits(evidence.take(pa.array(firsts)), 0, MAX_TEXT)

    return grouped_rows(name, rows, tuple(codes), seen, bucket, keys, quoted, assets, sources if by_source else None)


def grouped_rows(
    name: str, rows: pa.RecordBatch, codes: tuple[Ints, ...], seen: Ints, bucket: Ints, key: pa.Array,
    evidence: Callable[[Ints], pa.Array], assets: pa.Array, sources: pa.Array | None,
) -> pa.RecordBatch:  # fmt: skip
    """Rows of `TALLY`, one for each combination of codes.

    Args:
        name: of the tally.
        rows: records, with the provenance.
        codes: integers, one array per thing that tells counts apart (site, source, interval, key).
        seen: times, microseconds.
        bucket: start of each record's interval, microseconds.
        key: text of the key of each record.
        evidence: numbers of records → the text that each quotes.
        assets: site of each record.
        sources: source of each record, None to count all together.
    """
    offset = rows.column("byte_offset").to_numpy()
    order = np.argsort(seen, kind="stable") if (offset[1:] >= offset[:-1]).all() else np.lexsort((offset, seen))
    group, groups = numbered(joined(codes))
    sizes = np.bincount(group, minlength=groups)
    firsts, lasts = np.empty(groups, np.int64), np.empty(groups, np.int64)
    lasts[group[order]] = order  # of several values for one place the last is kept
    firsts[group[order[::-1]]] = order[::-1]
    take = pa.array(firsts)
    columns = {
        "feed": rows.column("feed").take(take), "file": rows.column("file").take(take), "byte_offset": rows.column("byte_offset").take(take),
        "tally": same(name, len(firsts)), "asset": assets.take(take),
        "source_address": same("", len(firsts)) if sources is None else sources.take(take), "bucket": pa.array(bucket[firsts]), "key": key.take(take),
        "count": pa.array(sizes), "first_seen": pa.array(seen[firsts]), "last_seen": pa.array(seen[lasts]),
        "evidence": evidence(firsts),
    }  # fmt: skip
    return pa.RecordBatch.from_arrays([_as(columns[field.name], field.type) for field in TALLY.schema], schema=TALLY.schema)


def numbered(codes: Ints) -> tuple[Ints, int]:
    """A number for each different code, in the order in which they come, and how many there are."""
    encoded = pa.array(codes).dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), len(encoded.dictionary)


def worded(codes: Ints, word: Callable[[int], str]) -> tuple[Ints, pa.DictionaryArray]:
    """For each code a number that is the same for equal ones, and its text: each different code is put into words once."""
    encoded = pa.array(codes).dictionary_encode()
    words = pa.array([word(code) for code in encoded.dictionary.to_pylist()], pa.string())
    return encoded.indices.to_numpy().astype(np.int64), pa.DictionaryArray.from_arrays(encoded.indices, words)


def joined(codes: tuple[Ints, ...]) -> Ints:
    """One integer for each combination of codes."""
    whole = np.zeros(len(codes[0]), np.int64)
    for part in codes:
        low, high = int(part.min()), int(part.max())
        if int(whole.max()) >= (1 << 62) // (high - low + 1):
            whole = np.unique(whole, return_inverse=True)[1].reshape(-1)
        if high - low >= 1 << 30:
            part = np.unique(part, return_inverse=True)[1].reshape(-1)  # noqa: PLW2901 - the same codes, closer together
            low, high = 0, int(part.max())
        whole = whole * (high - low + 1) + (part.astype(np.int64) - low)
    return whole


def _as(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(kind):
        whole = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
        return whole.cast(kind)
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(whole.type.value_type)
    return whole if whole.type == kind else whole.cast(kind)
