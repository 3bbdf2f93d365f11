"""Who had looked at which page before: what tells somebody who knows the site from somebody who only sends.

Whether an attacker had first looked at the page as a visitor does can only be asked once the attack is known, and by then the line is
gone. So each pair of a source and a page that was answered is counted by day, under a hash of both. No address is written down; but
whoever has the archive and a suspicion (this address, this page) can check it, so the hash is no anonymity.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.content_discovery import PARTS
from vigie.detectors.looked_at import PAGE, looked_at
from vigie.records import ACCESS, TALLY, Tally
from vigie.records.fingerprint import fingerprints
from vigie.records.schema import same
from vigie.records.tally import EMPTY, grouped_rows

Ints = npt.NDArray[np.int64]

DAY: Final = 86_400_000_000
"""Length of an interval, microseconds."""

_ZERO = pa.scalar(b"\0", pa.binary())
_DIGITS: Final = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), np.uint8).reshape(256, 2)


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Pages that were answered, by day and by the hash of who asked for them.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are left out.

    Returns:
        rows of `TALLY` without source and evidence, one for each day and pair; `key` is `visit_keys` of it. Only GET, 200, no parts of
        pages, no clients that say that they are robots.
    """
    batch = looked_at(batch)
    if not batch.num_rows:
        return TALLY.empty()
    paths = batch.column(PAGE)
    parts = np.append(np.asarray(pc.match_substring_regex(paths.dictionary, PARTS)), True)
    code = pc.fill_null(paths.indices, -1).to_numpy()
    chosen = np.flatnonzero(~parts[code] & np.asarray(pc.is_valid(batch.column("source_address"))))
    if not len(chosen):
        return TALLY.empty()
    rows = batch.select(["feed", "file", "byte_offset", "seen_at", "source_address", "url_domain"]).take(pa.array(chosen))
    path = code[chosen].astype(np.int64)
    assets, sources = (pc.fill_null(rows.column(column), EMPTY).dictionary_encode() for column in ("url_domain", "source_address"))
    asset, source = assets.indices.to_numpy().astype(np.int64), sources.indices.to_numpy().astype(np.int64)
    seen = rows.column("seen_at").cast(pa.int64()).to_numpy()
    bucket = seen - np.mod(seen, DAY)
    whole = grouped_rows("visits", rows, (asset, source, path, bucket), seen, bucket, _numbers(rows.num_rows), _nothing, assets, None)
    first = whole.column("key").cast(pa.int64()).to_numpy()
    keys = visit_keys(sources.take(pa.array(first)), paths.dictionary.take(pa.array(path[first])), assets.take(pa.array(first)))
    at = whole.schema.get_field_index("key")
    return whole.set_column(at, whole.schema.field(at), keys)


def visit_keys(sources: pa.Array, paths: pa.Array, assets: pa.Array) -> pa.Array:
    """A key for each pair of source and page.

    Args:
        sources: addresses, text.
        paths: normalised paths, as in a signal's target.
        assets: sites, "" where the log does not tell.

    Returns:
        16 hexadecimal digits each.
    """
    texts = [part.cast(pa.string()) for part in (sources, paths, assets)]
    hashed = fingerprints(pc.binary_join_element_wise(*(text.cast(pa.binary()) for text in texts), _ZERO))
    digits = _DIGITS[hashed.astype(">u8").view(np.uint8)].reshape(-1)
    bounds = np.arange(len(hashed) + 1, dtype=np.int32) * 16
    return pa.Array.from_buffers(pa.string(), len(hashed), [None, pa.py_buffer(bounds), pa.py_buffer(np.ascontiguousarray(digits))])


def _numbers(count_: int) -> pa.Array:
    return pa.array(np.arange(count_)).cast(pa.string())


def _nothing(rows: Ints) -> pa.Array:
    return same("", len(rows))


VISITS = Tally("visits", ACCESS, count)
"""Pages that each source had looked at, under a hash."""
