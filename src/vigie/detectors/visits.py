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
from vigie.detectors.robots import robots
from vigie.detectors.traffic import SUSPICIOUS
from vigie.records import ACCESS, TALLY, Tally
from vigie.records.fingerprint import fingerprints
from vigie.records.place import normalised_path
from vigie.records.tally import EMPTY, grouped_rows, same

Ints = npt.NDArray[np.int64]

DAY: Final = 86_400_000_000
"""Length of an interval, microseconds."""

_ODD: Final = r"%|//|/\.(/|$)|/\d+(/|\n?$)|/[0-9a-fA-F]{8}-|[^\x00-\x7f]"
_LONGEST: Final = 256
_FOUND, _GET, _FALSE, _ROOT, _ZERO = pa.scalar(200, pa.int16()), pa.scalar("GET"), pa.scalar(False), pa.scalar("/"), pa.scalar(b"\0", pa.binary())
_DIGITS: Final = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), np.uint8).reshape(256, 2)


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Pages that were answered, by day and by the hash of who asked for them.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are left out.

    Returns:
        rows of `TALLY` without source and evidence, one for each day and pair; `key` is `visit_keys` of it. Only GET, 200, no parts of
        pages, no clients that say that they are robots.
    """
    rows = page_views(batch)
    rows = rows.filter(pc.is_valid(rows.column("source_address")))
    targets = rows.column("url_original").dictionary_encode()
    paths = normalised_paths(targets.dictionary)
    pages = np.asarray(pc.invert(pc.match_substring_regex(paths, PARTS)))
    if not rows.num_rows:
        return TALLY.empty()
    rows = rows.filter(pa.array(pages[targets.indices.to_numpy()]))
    if not rows.num_rows:
        return TALLY.empty()
    targets = rows.column("url_original").dictionary_encode()
    paths = normalised_paths(targets.dictionary).dictionary_encode()
    path = paths.indices.to_numpy()[targets.indices.to_numpy()].astype(np.int64)
    assets, sources = (pc.fill_null(rows.column(column), EMPTY).dictionary_encode() for column in ("url_domain", "source_address"))
    asset, source = assets.indices.to_numpy().astype(np.int64), sources.indices.to_numpy().astype(np.int64)
    seen = rows.column("seen_at").cast(pa.int64()).to_numpy()
    bucket = seen - np.mod(seen, DAY)
    whole = grouped_rows("visits", rows, (asset, source, path, bucket), seen, bucket, _numbers(rows.num_rows), _nothing, assets, None)
    first = whole.column("key").cast(pa.int64()).to_numpy()
    keys = visit_keys(sources.take(pa.array(first)), paths.dictionary.take(pa.array(path[first])), assets.take(pa.array(first)))
    at = whole.schema.get_field_index("key")
    return whole.set_column(at, whole.schema.field(at), keys)


def page_views(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Requests that visitors got an answer to: GET, 200, no attack in them, by clients that do not say that they are robots.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are left out.
    """
    wanted = pc.and_(pc.equal(batch.column("http_status"), _FOUND), pc.equal(batch.column("http_method").cast(pa.string()), _GET))
    wanted = pc.and_(pc.fill_null(wanted, _FALSE), pc.is_valid(batch.column("url_original")))
    if SUSPICIOUS in batch.schema.names:
        wanted = pc.and_(wanted, pc.invert(batch.column(SUSPICIOUS)))
    wanted = pc.and_(wanted, pc.invert(robots(batch.column("user_agent"))))
    return batch.select(["feed", "file", "byte_offset", "seen_at", "source_address", "url_domain", "url_original"]).filter(wanted)


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


def normalised_paths(targets: pa.Array) -> pa.Array:
    """`normalised_path` of each text; only those that need more than cutting are looked at one by one."""
    cut = pc.utf8_slice_codeunits(targets.cast(pa.string()), 0, 1024)
    cut = pc.replace_substring_regex(cut, r"(?s)\?.*$", "")
    odd = np.flatnonzero(np.asarray(pc.match_substring_regex(cut, _ODD)))
    plain = pc.utf8_rtrim(cut, "/")
    plain = pc.utf8_slice_codeunits(pc.if_else(pc.equal(plain, EMPTY), _ROOT, plain), 0, _LONGEST)
    if not len(odd):
        return plain
    mask = np.zeros(len(targets), bool)
    mask[odd] = True
    return pc.replace_with_mask(plain, pa.array(mask), pa.array([normalised_path(text) for text in targets.take(pa.array(odd)).to_pylist()], pa.string()))


def _numbers(count_: int) -> pa.Array:
    return pa.array(np.arange(count_)).cast(pa.string())


def _nothing(rows: Ints) -> pa.Array:
    return same("", len(rows))


VISITS = Tally("visits", ACCESS, count)
"""Pages that each source had looked at, under a hash."""
