"""Every detector, in one tuple, and the kernels that run them over a batch."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors import (
    cms_probe,
    command_injection,
    content_discovery,
    cross_site_scripting,
    discovery_together,
    failed_basic_auth,
    file_inclusion,
    login_guessing,
    login_together,
    modsecurity,
    path_traversal,
    protocol_abuse,
    proxy_probe,
    request_forgery,
    scan_words,
    scanner,
    secret_probe,
    server_errors,
    server_limits,
    sql_injection,
)
from vigie.detectors.contacts import CONTACTS
from vigie.detectors.detector import Detector
from vigie.detectors.limited_logs import LINES
from vigie.detectors.log_ins import LOG_INS
from vigie.detectors.looked_at import SUSPICIOUS, looked_at
from vigie.detectors.notices import detect_notices
from vigie.detectors.pages import PAGES
from vigie.detectors.requests import detect_requests
from vigie.detectors.rule import Rule
from vigie.detectors.tool_openings import OPENINGS
from vigie.detectors.traffic import TRAFFIC
from vigie.detectors.unseen_posts import POSTS
from vigie.detectors.visits import VISITS
from vigie.detectors.window import Window
from vigie.records import ACCESS, NOTICE, SIGNAL, TALLY, Record, Tally

DETECTORS: tuple[Detector, ...] = (
    sql_injection.DETECTOR,
    command_injection.DETECTOR,
    cross_site_scripting.DETECTOR,
    file_inclusion.DETECTOR,
    path_traversal.DETECTOR,
    request_forgery.DETECTOR,
    cms_probe.DETECTOR,
    secret_probe.DETECTOR,
    scanner.DETECTOR,
    proxy_probe.DETECTOR,
    protocol_abuse.DETECTOR,
    *server_errors.DETECTORS,
)
"""In order of precedence: where two are as sure of the same place, the first speaks."""

WINDOWS: tuple[Window, ...] = (
    login_guessing.WINDOW,
    login_together.TOGETHER,
    content_discovery.WINDOW,
    content_discovery.ROBOTS,
    discovery_together.TOGETHER,
    failed_basic_auth.WINDOW,
    server_limits.WINDOW,
    modsecurity.WINDOW,
)
"""Each is asked about one group of tallies after the other."""

RATES: dict[str, str] = {**{window.name: window.family for window in WINDOWS}, scan_words.NAME: scan_words.FAMILY}
"""What finds attacks in tallies, and their family. Scans are no window: they are found in all contacts at once (`scans.find`), since whether a door is
offered, and who shares the work, is known only beside the others."""

TALLIES: tuple[Tally, ...] = (POSTS, TRAFFIC, VISITS, PAGES, OPENINGS, LOG_INS, LINES, *dict.fromkeys(tally for window in WINDOWS for tally in window.tallies), CONTACTS)


@cache
def all_detectors() -> tuple[Detector, ...]:
    """Detectors shipped, then those of other packages (entry point `vigie.detectors`)."""
    return DETECTORS + tuple(point.load() for point in entry_points(group="vigie.detectors"))


@cache
def readers_of(kind: Record) -> tuple[Detector, ...]:
    """The detectors that read this kind of record."""
    return tuple(detector for detector in all_detectors() if detector.reads is kind)


def detect(kind: Record, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Run every detector that reads this kind of record.

    Args:
        kind: what the rows are.
        batch: rows of it, with `fingerprint`.

    Returns:
        rows of `SIGNAL`.
    """
    if kind is ACCESS and batch.num_rows:
        return detect_requests(batch, readers_of(ACCESS))
    if kind is NOTICE and batch.num_rows:
        return detect_notices(batch, all_detectors())
    return SIGNAL.empty()


SURE = 0.5
"""Confidence of a signal from which on its record is no ordinary traffic."""


def tallies(kind: Record, batch: pa.RecordBatch, signals: pa.RecordBatch) -> pa.RecordBatch:
    """Run every tally of this kind of record.

    Args:
        kind: what the rows are.
        batch: rows of it.
        signals: what `detect` found in them; tallies see it as the column `suspicious`.

    Returns:
        rows of `TALLY`.
    """
    sure = signals.filter(pc.greater_equal(signals.column("confidence"), SURE)).column("byte_offset")
    batch = batch.append_column(SUSPICIOUS, pc.is_in(batch.column("byte_offset"), sure))
    if kind is ACCESS:
        batch = looked_at(batch)
    parts = [counted for tally in TALLIES if tally.reads is kind and (counted := tally.count(batch)).num_rows] if batch.num_rows else []
    if not parts:
        return TALLY.empty()
    return pa.Table.from_batches(parts, TALLY.schema).unify_dictionaries().combine_chunks().to_batches()[0]


def windows(merged: pa.Table) -> pa.Table:
    """Ask every window detector.

    Args:
        merged: rows of `TALLY`, merged over all batches, sorted by tally, asset, source, bucket, key.

    Returns:
        rows of `SIGNAL`.
    """
    found = [signals for window in WINDOWS for signals in ask(window, merged)]
    return pa.Table.from_batches(found, SIGNAL.schema) if found else pa.Table.from_batches([SIGNAL.empty()])


def ask(window: Window, merged: pa.Table) -> Iterator[pa.RecordBatch]:
    """Ask one window detector about each of its groups that has enough to be asked about.

    Args:
        window: the detector.
        merged: merged rows of `TALLY`; those of other tallies and of groups below the floor are passed over.

    Yields:
        rows of `SIGNAL`.
    """
    names = pa.array([tally.name for tally in window.tallies])
    kept = _where(merged, pc.is_in(merged.column("tally").cast(pa.string()), names))
    by = list(window.by)
    sums = kept.group_by(by).aggregate([("count", "sum")])
    busy = sums.filter(pc.greater_equal(sums.column("count_sum"), window.floor))
    if busy.num_rows < sums.num_rows:
        kept = kept.join(busy.select(by), by, join_type="left semi")
    if not kept.num_rows:
        return
    kept = kept.sort_by([*((name, "ascending") for name in by), ("first_seen", "ascending"), ("byte_offset", "ascending"), ("key", "ascending")])
    keys = list(zip(*(kept.column(name).to_pylist() for name in by), strict=True))
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    for low, high in zip(starts, [*starts[1:], kept.num_rows], strict=True):
        signals = window.detect(kept.slice(low, high - low))
        if signals.num_rows:
            yield signals


def _where(table: pa.Table, wanted: pa.ChunkedArray) -> pa.Table:
    return table if pc.all(wanted).as_py() in (True, None) else table.filter(wanted)


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for detector in all_detectors() for rule in detector.rules}


def rule_named(name: str) -> Rule | None:
    """The rule of this id, or None for windows and rules of older versions."""
    return _rules().get(name)
