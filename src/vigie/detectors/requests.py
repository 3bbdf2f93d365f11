"""The batch kernel that finds attacks in web requests.

Equal texts repeat, so it works on the distinct targets, agents, referrers … of a batch: one Hyperscan pass finds
candidates, places of candidates are confirmed one by one, and what was found is joined back to the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.detector import Detector, Finding, Place
from vigie.detectors.patterns import Patterns, patterns_of
from vigie.detectors.places import place_of, places_of
from vigie.detectors.tool_marks import marks
from vigie.records import SIGNAL, skeleton_of
from vigie.records.place import normalised_path

MAX_EVIDENCE = 512

COLUMNS = (
    ("url_original", "target"),
    ("user_agent", "agent"),
    ("http_referrer", "referrer"),
    ("http_request_body", "body"),
    ("http_cookie", "cookie"),
    ("http_method", "method"),
)
"""Columns of `ACCESS` that are looked at, and the places that they are."""

_ABSOLUTE = r"^(?i:https?)://(?P<host>[^/?#:]+)(?::\d{1,5})?(?P<path>[/?].*)?$"


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in a text, with all that a signal needs of it."""

    rule: int
    target: str
    place: str
    evidence: str
    reading: str
    kind: str
    tool: str
    skeleton: int
    confidence: float


def detect_requests(
    batch: pa.RecordBatch, detectors: tuple[Detector, ...], columns: tuple[tuple[str, str], ...] = COLUMNS
) -> pa.RecordBatch:
    """Find attacks in requests.

    Args:
        batch: rows of `ACCESS`, optionally with `fingerprint` (uint64); `nth` is left 0 for the engine to number.
        detectors: those that read `ACCESS`.
        columns: name and place of each text that is looked at.

    Returns:
        rows of `SIGNAL`, at most one per record and place; `target` is empty for places other than the target,
        and is then filled with the record's path.
    """
    patterns = patterns_of(detectors)
    at = batch.schema.get_field_index("url_original")
    batch = batch.set_column(at, batch.schema.field(at), own_targets(batch.column(at), batch.column("url_domain")))
    parts = [part for column, where in columns for part in _column(batch, column, where, patterns)]
    return _signals(batch, parts, patterns)


def own_targets(targets: pa.Array, hosts: pa.Array) -> pa.Array:
    """Targets written with the site's own address in front (`POST https://site.example/a`), which is no probe for a proxy, as paths."""
    if hosts.null_count == len(hosts) or not pc.any(pc.match_substring_regex(targets, _ABSOLUTE)).as_py():
        return targets
    parts = pl.Series(targets).str.extract_groups(_ABSOLUTE).struct.unnest()
    own = (parts["host"].str.to_lowercase() == pl.Series(hosts)).fill_null(value=False)
    return pc.if_else(own.to_arrow(), parts["path"].fill_null("/").to_arrow().cast(pa.string()), targets)


@dataclass(frozen=True, slots=True)
class _Part:
    rows: npt.NDArray[np.int64]
    found: list[Found]
    which: npt.NDArray[np.int64]


def _column(batch: pa.RecordBatch, column: str, where: str, patterns: Patterns) -> Iterable[_Part]:
    values = batch.column(column)
    if values.null_count == len(values):
        return
    encoded = values.dictionary_encode() if not pa.types.is_dictionary(values.type) else values
    distinct = encoded.dictionary
    candidates = patterns.candidates(distinct, where).tolist()
    if not candidates:
        return
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    broken = _without_method(batch, codes, distinct) if where == "target" else set()
    found: list[Found] = []
    owner_of: list[int] = []
    for owner in candidates:
        for one in examine("request" if owner in broken else where, distinct[owner].as_py(), patterns.asked):
            found.append(one)
            owner_of.append(owner)
    if not found:
        return
    of = np.asarray(owner_of, np.int64)  # ascending, as candidates are
    first = np.searchsorted(of, np.arange(len(distinct) + 1))
    hit_rows = np.flatnonzero(np.append(np.diff(first) > 0, False)[codes])  # the last element answers for rows without a value
    low = first[codes[hit_rows]]
    times = first[codes[hit_rows] + 1] - low
    rows = np.repeat(hit_rows, times)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(times) - times, times)
    yield _Part(rows, found, np.repeat(low, times) + within)


def _without_method(batch: pa.RecordBatch, codes: npt.NDArray[np.int32], distinct: pa.StringArray) -> set[int]:
    """Values that are no request line (a path whose method the log does not tell is one)."""
    no_line = np.asarray(pc.is_null(batch.column("http_method"))) & (codes >= 0)
    return {code for code in np.unique(codes[no_line]).tolist() if not distinct[code].as_py().startswith("/")}


def _places(where: str, text: str) -> list[Place]:
    return places_of(text) if where == "target" else [place_of(where, text)]


def examine(where: str, text: str, detectors: tuple[Detector, ...]) -> tuple[Found, ...]:
    """`confirmed`, remembered for texts short enough to repeat."""
    return _remembered(where, text, detectors) if len(text) <= 1024 else confirmed(where, text, detectors)


@lru_cache(maxsize=16_384)
def _remembered(where: str, text: str, detectors: tuple[Detector, ...]) -> tuple[Found, ...]:
    return confirmed(where, text, detectors)


def confirmed(where: str, text: str, detectors: tuple[Detector, ...]) -> tuple[Found, ...]:
    """Confirm a candidate, place by place.

    Args:
        where: `target` for a request target, else the place's own name.
        text: as logged.
        detectors: those whose rules are asked.

    Returns:
        for each place and family the most convincing finding (one for each set of methods and statuses that rules ask for).
    """
    patterns = patterns_of(detectors)
    out: list[Found] = []
    path = normalised_path(text) if where == "target" else ""
    for place in _places(where, text):
        best: dict[tuple[str, tuple[str, ...], tuple[int, ...]], tuple[float, int, Finding | None, str]] = {}
        spoken: set[int] = set()
        for reading in place.texts:
            asked: set[str] = set()
            for number in patterns.matching(reading):
                rule, detector = patterns.rules[number], patterns.detectors[number]
                if number in spoken or place.where not in rule.places:
                    continue
                speaks, confidence, finding = number, rule.confidence, None
                if rule.structure and detector.confirm is not None:
                    if detector.name in asked:
                        continue
                    asked.add(detector.name)
                    finding = detector.confirm(reading, place)
                    if finding is None:
                        continue
                    speaks, confidence = patterns.numbers.get(finding.rule, number), finding.confidence
                else:
                    spoken.add(number)
                key = (detector.family, rule.methods, rule.statuses)
                known = best.get(key)
                if known is None or confidence > known[0]:
                    best[key] = (confidence, speaks, finding, reading)
        tool = next(filter(None, map(marks, place.texts)), "") if best else ""
        for confidence, number, finding, reading in best.values():
            convinced = finding or _plain(patterns, number, reading)
            out.append(_found(place, path, confidence, number, convinced, tool))
    return tuple(out)


def _plain(patterns: Patterns, number: int, reading: str) -> Finding:
    """The finding of a rule that needs no structure: the part of the reading that it matched."""
    rule = patterns.rules[number]
    text = patterns.evidence(number, reading)
    return Finding(rule.id, text[:MAX_EVIDENCE], rule.confidence, rule.kind, rule.tool, f"{rule.id} {text}" if rule.linking else "")


def _found(place: Place, path: str, confidence: float, number: int, finding: Finding, tool: str) -> Found:
    target = f"{path} ?{place.name}" if place.where in ("query", "name") and place.name else path
    evidence = place.raw[:MAX_EVIDENCE]
    reading = finding.text[:MAX_EVIDENCE].encode("utf-8", "replace").decode()
    return Found(
        rule=number,
        target=target,
        place=place.where,
        evidence=evidence,
        reading="" if reading == evidence else reading,
        kind=finding.kind,
        tool=finding.tool or tool,
        skeleton=skeleton_of(finding.skeleton),
        confidence=confidence,
    )


def _signals(batch: pa.RecordBatch, parts: list[_Part], patterns: Patterns) -> pa.RecordBatch:
    found: list[Found] = []
    rows_: list[npt.NDArray[np.int64]] = []
    which_: list[npt.NDArray[np.int64]] = []
    for part in parts:
        rows_.append(part.rows)
        which_.append(part.which + len(found))
        found.extend(part.found)
    if not found:
        return SIGNAL.empty()
    rows, which = np.concatenate(rows_), np.concatenate(which_)
    rows, which = _conditions(batch, rows, which, found, patterns)
    rows, which = _most_convincing(rows, which, found)
    if not len(rows):
        return SIGNAL.empty()
    take = pa.array(rows)
    pick = pa.array(which)
    record = batch.select(["feed", "file", "byte_offset", "seen_at", "source_address", "url_domain", "url_original",
                           "http_method", "http_status", "http_response_bytes", "event_duration", "user_agent"]).take(take)  # fmt: skip
    facts = {
        "detector": pa.array([patterns.detectors[f.rule].name for f in found]),
        "family": pa.array([patterns.detectors[f.rule].family for f in found]),
        "kind": pa.array([f.kind or None for f in found], pa.string()),
        "rule": pa.array([patterns.rules[f.rule].id for f in found]),
        "tool": pa.array([f.tool or None for f in found], pa.string()),
        "place": pa.array([f.place for f in found]),
        "evidence": pa.array([f.evidence for f in found]),
        "reading": pa.array([f.reading or None for f in found], pa.string()),
        "skeleton": pa.array([f.skeleton for f in found], pa.uint64()),
        "confidence": pa.array([f.confidence for f in found], pa.float32()),
    }
    columns: dict[str, pa.Array] = {name: values.take(pick) for name, values in facts.items()}
    targets = pa.array([f.target or None for f in found], pa.string()).take(pick)
    columns["target"] = _fill_targets(targets, record.column("url_original"))
    for name in ("feed", "file", "byte_offset", "seen_at", "source_address", "http_method", "http_status", "http_response_bytes",
                 "event_duration", "user_agent"):  # fmt: skip
        columns[name] = record.column(name)
    columns["last_seen"] = pa.nulls(len(rows), SIGNAL.schema.field("last_seen").type)
    columns["user_agent"] = pc.utf8_slice_codeunits(columns["user_agent"], 0, MAX_EVIDENCE)
    columns["asset"] = pc.fill_null(record.column("url_domain"), "")
    count = len(rows)
    columns["signal_id"] = pa.array([""] * 1).take(pa.array(np.zeros(count, np.int64)))
    columns["records"] = pa.array(np.ones(count, np.int64))
    columns["nth"] = pa.array(np.zeros(count, np.int32))
    if "fingerprint" in batch.schema.names:
        columns["fingerprint"] = batch.column("fingerprint").take(take)
    else:
        columns["fingerprint"] = pa.array(np.zeros(count, np.uint64))
    return pa.RecordBatch.from_arrays(
        [columns[field.name].cast(field.type) if columns[field.name].type != field.type else columns[field.name] for field in SIGNAL.schema],
        schema=SIGNAL.schema,
    )


def _fill_targets(targets: pa.Array, originals: pa.Array) -> pa.Array:
    """Agents, referrers and the like are written into a request: its path is the place."""
    missing = np.asarray(pc.is_null(targets))
    if not missing.any():
        return targets
    encoded = originals.filter(pa.array(missing)).dictionary_encode()
    paths = pa.array([normalised_path(text) for text in encoded.dictionary.to_pylist()], pa.string())
    filled = pc.fill_null(paths.take(encoded.indices), "-")
    return pc.replace_with_mask(targets, pa.array(missing), filled)


def _most_convincing(
    rows: npt.NDArray[np.int64], which: npt.NDArray[np.int64], found: list[Found]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """One finding per record and place, in the order of the records: a value is one thing, however many lists it is on.

    Equal confidences go to the detector that stands first in the registry.
    """
    spots: dict[tuple[str, str], int] = {}
    spot = np.asarray([spots.setdefault((f.place, f.target), len(spots)) for f in found], np.int64)
    trust = np.asarray([f.confidence for f in found])
    number = np.asarray([f.rule for f in found], np.int64)
    order = np.lexsort((number[which], -trust[which], spot[which], rows))
    rows, which = rows[order], which[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (spot[which[1:]] != spot[which[:-1]])
    return rows[first], which[first]


def _conditions(
    batch: pa.RecordBatch,
    rows: npt.NDArray[np.int64],
    which: npt.NDArray[np.int64],
    found: list[Found],
    patterns: Patterns,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Drop findings of rules that do not speak for the method or the status of the row."""
    keep = np.ones(len(rows), bool)
    conditional = {f.rule for f in found if patterns.rules[f.rule].methods or patterns.rules[f.rule].statuses}
    if not conditional:
        return rows, which
    rule_of = np.asarray([f.rule for f in found], np.int64)[which]
    methods = pc.cast(batch.column("http_method"), pa.string())
    statuses = pc.fill_null(batch.column("http_status"), -1).to_numpy(zero_copy_only=False)
    for number in conditional:
        rule = patterns.rules[number]
        mine = np.flatnonzero(rule_of == number)
        if rule.methods:
            allowed = pc.fill_null(pc.is_in(methods.take(pa.array(rows[mine])), pa.array(rule.methods)), False)
            keep[mine] &= np.asarray(allowed)
        if rule.statuses:
            keep[mine] &= np.isin(statuses[rows[mine]], rule.statuses)
    return rows[keep], which[keep]
