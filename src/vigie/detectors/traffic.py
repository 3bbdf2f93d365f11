"""Traffic as far as load and availability go: counts by minute and class of place, and who asked by ten minutes.

Nothing of an ordinary visitor's reading is kept: counts of minutes hold no addresses. Only where a class of place is busy is it kept how
often which address asked for it in ten minutes, with one request quoted, so that a flood can be shown. Quiet times are counted by ten
minutes, since a count of one by minute is no smaller than its line; what was slow or failed is always counted by minute.
Records in which a detector of requests found an attack are left out: a scanner's run is counted as what it is.

References:
    - https://nginx.org/en/docs/http/ngx_http_log_module.html (`$request_time`, and 499 for a client that went away)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.endpoints import (
    CLASSES,
    FORM,
    HOME,
    MISSING,
    PAGE,
    QUERY,
    STATIC,
    UNFINISHED,
    VIEWS,
    shape_name,
    shapes_of_paths,
)
from vigie.detectors.looked_at import CLASS, SHAPE, SUSPICIOUS, TARGET, looked_at
from vigie.detectors.looked_at import ROBOT as DECLARED
from vigie.records import ACCESS, TALLY, Tally
from vigie.records.fingerprint import fingerprints
from vigie.records.schema import same
from vigie.records.tally import EMPTY, MAX_TEXT, grouped_rows, joined, numbered, worded

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

MINUTE: Final = 60_000_000
TEN_MINUTES: Final = 10 * MINUTE
_ASKED: Final = (
    "feed", "file", "byte_offset", "seen_at", "source_address", "url_domain", "url_original", "http_method", "http_status", "http_referrer",
    "event_duration", TARGET, CLASS, SHAPE, DECLARED,
)  # fmt: skip
STEPS: Final = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0, 22.0, 32.0, 45.0, 64.0)
"""Upper bounds, in seconds, of the bins that durations of page views fall into; longer ones are in one more bin."""

OUTCOMES: Final = ("ok", "bad", "robot", "else")
"""`ok` a page view that was answered, `bad` one that was not (5xx, 499), `robot` what a declared robot asked for, `else` the rest."""
OK, BAD, ROBOT, ELSE = range(4)

SLOW_STEP: Final = STEPS.index(1.4) + 1
"""Bins above this one are counted by minute always."""
SEEN: Final = 20
"""Page views of a site in one minute of a batch from which on they are counted by minute."""
COARSE: Final = " ~"
"""Stands behind keys that count ten minutes instead of one."""

BUSY: Final = {STATIC: 300, HOME: 30, PAGE: 30, QUERY: 30}
"""Requests of one class in one minute of a batch from which on a count quotes a request; 20 for the other classes."""
_BUSY: Final = 20
_SPREAD: Final = 100
"""The same from which on it is counted how much targets and referrers differ."""
BINS: Final = 64
"""Bins of that count."""
_EDGE: Final = 5
"""The same in the first and the last minute of a batch, which may go on in another."""


_GOT: Final = pa.array(["GET", "HEAD"])
_GET, _FALSE = pa.scalar("GET"), pa.scalar(False)
_ZERO, _NONE = pa.scalar(0, pa.int16()), pa.scalar(-1, pa.int64())


@dataclass(frozen=True, slots=True)
class _Requests:
    """What is known of each request of a batch, as codes."""

    kind: Ints
    shape: Ints
    outcome: Ints
    step: Ints
    seen: Ints
    asset: Ints
    source: Ints


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Count requests by minute and place, and by source, ten minutes and place.

    Args:
        batch: rows of `ACCESS`; rows whose `suspicious` column (if there is one) is true are left out.

    Returns:
        rows of `TALLY` of three tallies: `traffic` (no source; one minute, or ten where ` ~` stands behind the key; `key` is
        `class outcome bin`, the bin of the duration empty when the log holds none or it is no page view), `clients` (busy minutes only; ten
        minutes; `key` is `class shape`, ` robot` behind it for declared robots) and `spread` (busy minutes only; one minute, no source;
        `key` is `class what bin`).
    """
    batch = looked_at(batch)
    if not batch.num_rows:
        return TALLY.empty()
    dated = pc.is_valid(batch.column("seen_at"))
    wanted = pc.and_(dated, pc.invert(batch.column(SUSPICIOUS))) if SUSPICIOUS in batch.schema.names else dated
    batch = batch.select(_ASKED).filter(wanted)
    if not batch.num_rows:
        return TALLY.empty()
    assets = pc.fill_null(batch.column("url_domain"), EMPTY).dictionary_encode()
    sources = pc.fill_null(batch.column("source_address"), EMPTY).dictionary_encode()
    targets = batch.column(TARGET)
    requests = _coded(batch, assets, sources, targets)
    minute, ten = requests.seen // MINUTE, requests.seen // TEN_MINUTES
    crowd = _crowd(requests, minute)
    busy = _busy(requests, minute, crowd)
    parts = [_traffic(batch, requests, busy, minute, ten, assets)]
    chosen = np.flatnonzero(_shown(requests, busy, ten))
    if len(chosen):
        parts.append(_clients(batch, requests, busy, chosen, ten, assets, sources))
        parts += _spread(batch, requests, np.flatnonzero(busy & (crowd >= _SPREAD)), minute, assets, targets)
    whole = pa.Table.from_batches([part for part in parts if part.num_rows], TALLY.schema)
    return whole.unify_dictionaries().combine_chunks().to_batches()[0]


def _traffic(batch: pa.RecordBatch, requests: _Requests, busy: Flags, minute: Ints, ten: Ints, assets: pa.DictionaryArray) -> pa.RecordBatch:
    """Counts by minute or ten minutes, class, outcome and duration."""
    view = requests.outcome <= BAD
    many = _together(np.where(view, minute, -1), requests.asset) >= SEEN
    fine = busy | (requests.outcome == BAD) | (requests.step > SLOW_STEP) | (view & many)
    code = (~fine).astype(np.int64) + 2 * (requests.step + 32 * (requests.outcome + 4 * requests.kind))
    word, key = worded(code, _line_name)
    bucket = np.where(fine, minute * MINUTE, ten * TEN_MINUTES)
    return grouped_rows("traffic", batch, (requests.asset, bucket, word), requests.seen, bucket, key, _nothing, assets, None)


def _clients(
    batch: pa.RecordBatch, requests: _Requests, busy: Flags, chosen: Ints, ten: Ints, assets: pa.DictionaryArray, sources: pa.DictionaryArray
) -> pa.RecordBatch:
    """Counts by source and ten minutes of the requests that are chosen."""
    taken = batch.select(["feed", "file", "byte_offset", "url_original"]).take(pa.array(chosen))
    code = (requests.outcome[chosen] == ROBOT) + 2 * (requests.shape[chosen] + 1024 * requests.kind[chosen])
    word, key = worded(code, _place_name)
    bucket = ten[chosen] * TEN_MINUTES
    quoting = busy[chosen]

    def quoted(rows: Ints) -> pa.Array:
        text = pc.utf8_slice_codeunits(pc.fill_null(taken.column("url_original").take(pa.array(rows)), "-"), 0, MAX_TEXT)
        return pc.if_else(pa.array(quoting[rows]), pc.if_else(pc.equal(text, ""), "-", text), "")

    codes = (requests.asset[chosen], requests.source[chosen], bucket, word)
    picked = pa.array(chosen)
    return grouped_rows("clients", taken, codes, requests.seen[chosen], bucket, key, quoted, assets.take(picked), sources.take(picked))


def _nothing(rows: Ints) -> pa.Array:
    return same("", len(rows))


def _together(*codes: Ints) -> Ints:
    """For each record how many of the batch have the same codes."""
    member, _ = numbered(joined(codes))
    return np.asarray(np.bincount(member)[member])


def _crowd(requests: _Requests, minute: Ints) -> Ints:
    """How many requests of the batch fall into the same minute, site and class as each."""
    return _together(minute, requests.kind, requests.asset)


def _busy(requests: _Requests, minute: Ints, crowd: Ints) -> Flags:
    """Whether each request falls into a minute in which its class of place was busy."""
    limit = np.full(len(CLASSES), _BUSY)
    limit[list(BUSY)] = list(BUSY.values())
    edge = (minute == minute.min()) | (minute == minute.max())
    needed = np.where(edge, np.minimum(limit[requests.kind], _EDGE), limit[requests.kind])
    return np.asarray(crowd >= needed)


def _shown(requests: _Requests, busy: Flags, ten: Ints) -> Flags:
    """The requests of busy minutes, and the parts of pages that the same sources asked for in the same ten minutes."""
    who = joined((requests.asset, requests.source, ten))
    static = requests.kind == STATIC
    shown: Flags = busy | (static & np.isin(who, np.unique(who[busy & ~static])))
    return shown


def _coded(batch: pa.RecordBatch, assets: pa.DictionaryArray, sources: pa.DictionaryArray, targets: pa.DictionaryArray) -> _Requests:
    codes = targets.indices.to_numpy()
    kind, shape = batch.column(CLASS).to_numpy().copy(), batch.column(SHAPE).to_numpy().copy()
    status = pc.fill_null(batch.column("http_status"), _ZERO).to_numpy(zero_copy_only=False)
    method = batch.column("http_method").cast(pa.string())
    got = np.asarray(pc.fill_null(pc.is_in(method, _GOT), _FALSE))
    kind[~got & np.isin(kind, (HOME, PAGE, QUERY))] = FORM
    gone = np.isin(status, (404, 410)) & np.isin(kind, (HOME, PAGE, QUERY))
    if gone.any():
        missing = np.unique(codes[gone])
        found = np.zeros(len(targets.dictionary), np.int64)
        found[missing] = shapes_of_paths(targets.dictionary.take(pa.array(missing)))
        kind[gone], shape[gone] = MISSING, found[codes[gone]]
    late = status == 408
    kind[late], shape[late] = UNFINISHED, 0
    duration = pc.fill_null(batch.column("event_duration"), _NONE).to_numpy(zero_copy_only=False)
    seen = batch.column("seen_at").cast(pa.int64()).to_numpy(zero_copy_only=False)
    # a line is written when the request ends; what the visitor met began earlier
    began = np.where(duration > 0, seen - duration, seen)
    robot = np.asarray(batch.column(DECLARED))
    view = np.asarray(pc.fill_null(pc.equal(method, _GET), _FALSE)) & np.isin(kind, VIEWS)
    bad = (status >= 500) | (status == 499)
    outcome = np.where(robot, ROBOT, np.where(view & bad, BAD, np.where(view & (status < 400) & (status > 0), OK, ELSE)))
    timed = (duration >= 0) & (outcome <= BAD)
    step = np.where(timed, np.searchsorted(np.asarray(STEPS) * 1e6, duration, side="left") + 1, 0)
    return _Requests(
        kind, shape, outcome.astype(np.int64), step.astype(np.int64), began, assets.indices.to_numpy().astype(np.int64),
        sources.indices.to_numpy().astype(np.int64),
    )  # fmt: skip


def _spread(
    batch: pa.RecordBatch, requests: _Requests, rows: Ints, minute: Ints, assets: pa.DictionaryArray, targets: pa.DictionaryArray
) -> list[pa.RecordBatch]:
    """How much targets and referrers differ within busy minutes: counts by bins of their hashes."""
    rows = rows[np.isin(requests.kind[rows], (*VIEWS, MISSING))]
    if not len(rows):
        return []
    picked = pa.array(rows)
    taken = batch.select(["feed", "file", "byte_offset"]).take(picked)
    site = pc.replace_substring_regex(pc.fill_null(batch.column("http_referrer").take(picked), ""), r"^https?://([^/?#]*).*$", r"\1")
    own = pc.fill_null(pc.equal(site, batch.column("url_domain").take(picked)), False)
    found = []
    for name, column in (("target", targets.take(picked)), ("referrer", pc.if_else(own, "", site))):
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        bins = _bins(encoded.dictionary)[encoded.indices.to_numpy()]
        word, key = worded(requests.kind[rows] * 128 + bins, partial(_bin_name, name))
        codes = (requests.asset[rows], minute[rows], word)
        found.append(grouped_rows("spread", taken, codes, requests.seen[rows], minute[rows] * MINUTE, key, _nothing, assets.take(picked), None))
    return found


def _bins(texts: pa.Array) -> Ints:
    """A bin of 1..64 for each text, by its hash; 0 for the empty text."""
    hashed = fingerprints(texts.cast(pa.binary()))
    return np.where(np.asarray(pc.equal(texts, "")), 0, (hashed >> np.uint64(40)).astype(np.int64) % BINS + 1)


def _line_name(code: int) -> str:
    coarse, step, outcome, kind = code % 2, code // 2 % 32, code // 64 % 4, code // 256
    return f"{CLASSES[kind]} {OUTCOMES[outcome]} {step or ''}{COARSE if coarse else ''}"


def _bin_name(what: str, code: int) -> str:
    return f"{CLASSES[code // 128]} {what} {code % 128}"


def _place_name(code: int) -> str:
    robot, shape, kind = code % 2, code // 2 % 1024, code // 2048
    return f"{CLASSES[kind]} {shape_name(shape)}" + (" robot" if robot else "")


TRAFFIC = Tally("traffic", ACCESS, count)
"""Requests by minute, and by source and ten minutes."""
