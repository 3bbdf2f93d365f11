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
    cross_site_scripting,
    file_inclusion,
    path_traversal,
    protocol_abuse,
    proxy_probe,
    request_forgery,
    scanner,
    secret_probe,
    sql_injection,
)
from vigie.detectors.detector import Detector
from vigie.detectors.requests import detect_requests
from vigie.detectors.rule import Rule
from vigie.detectors.unseen_posts import POSTS
from vigie.detectors.window import Window
from vigie.records import ACCESS, SIGNAL, TALLY, Record, Tally

DETECTORS: tuple[Detector, ...] = (
    sql_injection.DETECTOR,
    cross_site_scripting.DETECTOR,
    path_traversal.DETECTOR,
    file_inclusion.DETECTOR,
    command_injection.DETECTOR,
    request_forgery.DETECTOR,
    secret_probe.DETECTOR,
    cms_probe.DETECTOR,
    scanner.DETECTOR,
    proxy_probe.DETECTOR,
    protocol_abuse.DETECTOR,
)

WINDOWS: tuple[Window, ...] = ()

TALLIES: tuple[Tally, ...] = (POSTS, *(window.tally for window in WINDOWS))


@cache
def all_detectors() -> tuple[Detector, ...]:
    """Detectors shipped, then those of other packages (entry point `vigie.detectors`)."""
    return DETECTORS + tuple(point.load() for point in entry_points(group="vigie.detectors"))


def detect(kind: Record, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Run every detector that reads this kind of record.

    Args:
        kind: what the rows are.
        batch: rows of it, with `fingerprint`.

    Returns:
        rows of `SIGNAL`.
    """
    if kind is ACCESS and batch.num_rows:
        return detect_requests(batch, all_detectors())
    return SIGNAL.empty()


def tallies(kind: Record, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Run every tally of this kind of record; rows of `TALLY`."""
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
    found = [signals for window in WINDOWS for signals in _asked(window, merged)]
    return pa.Table.from_batches(found, SIGNAL.schema) if found else pa.Table.from_batches([SIGNAL.empty()])


def _asked(window: Window, merged: pa.Table) -> Iterator[pa.RecordBatch]:
    mine = merged.filter(pc.equal(merged.column("tally").cast(pa.string()), window.tally.name))
    if not mine.num_rows:
        return
    sums = mine.group_by(["asset", "source_address"]).aggregate([("count", "sum")])
    busy = sums.filter(pc.greater_equal(sums.column("count_sum"), window.floor))
    kept = mine.join(busy.select(["asset", "source_address"]), ["asset", "source_address"], join_type="left semi")
    kept = kept.sort_by([("asset", "ascending"), ("source_address", "ascending"), ("bucket", "ascending"), ("byte_offset", "ascending")])
    asset, source = kept.column("asset").combine_chunks(), kept.column("source_address").combine_chunks()
    if not kept.num_rows:
        return
    keys = list(zip(asset.to_pylist(), source.to_pylist(), strict=True))
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    for low, high in zip(starts, [*starts[1:], kept.num_rows], strict=True):
        signals = window.detect(kept.slice(low, high - low))
        if signals.num_rows:
            yield signals


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for detector in all_detectors() for rule in detector.rules}


def rule_named(name: str) -> Rule | None:
    """The rule of this id, or None for windows and rules of older versions."""
    return _rules().get(name)
