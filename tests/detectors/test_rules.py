"""Every text that a rule says it must, or must not, signal goes through the whole kernel as a request would."""

from __future__ import annotations

from urllib.parse import quote

import pyarrow as pa
import pytest

from vigie.detectors.registry import all_detectors, detect
from vigie.records import ACCESS, NOTICE

_CASES = [
    (detector, rule, example, speaks)
    for detector in all_detectors()
    for rule in detector.rules
    for examples, speaks in ((rule.must, True), (rule.must_not, False))
    for example in examples
]


def notice(message: str) -> pa.RecordBatch:
    """One record of an error log."""
    row: dict[str, object] = {field.name: None for field in NOTICE.schema} | {"feed": "f", "file": "f", "byte_offset": 0, "message": message}
    return pa.RecordBatch.from_pylist([row], schema=NOTICE.schema).append_column("fingerprint", pa.array([1], pa.uint64()))


def request(where: str, text: str, method: str, status: int) -> pa.RecordBatch:
    """One access record with a text in one place."""
    row: dict[str, object] = {field.name: None for field in ACCESS.schema}
    row |= {"feed": "f", "file": "f", "byte_offset": 0, "http_method": method, "http_status": status, "url_original": "/page"}
    if where == "query":
        row["url_original"] = "/page?id=" + quote(text, safe="")
    elif where == "name":
        row["url_original"] = "/page?" + quote(text, safe="") + "=1"
    elif where == "target":
        row["url_original"] = text
    elif where == "path":
        row["url_original"] = text if text.startswith(("/", "http", "*")) or ":" in text else "/" + quote(text, safe="/;")
    elif where == "request":
        row |= {"url_original": text, "http_method": None}
    elif where == "message":
        return notice(text)
    elif where == "method":
        row["http_method"] = text
    else:
        row[{"agent": "user_agent", "referrer": "http_referrer", "body": "http_request_body", "cookie": "http_cookie"}[where]] = text
    batch = pa.RecordBatch.from_pylist([row], schema=ACCESS.schema)
    return batch.append_column("fingerprint", pa.array([1], pa.uint64()))


@pytest.mark.parametrize(
    ("detector", "rule", "example", "speaks"), _CASES, ids=[f"{r.id}-{'must' if s else 'must_not'}-{n}" for n, (_, r, _, s) in enumerate(_CASES)]
)
def test_example(detector, rule, example, speaks) -> None:  # type: ignore[no-untyped-def]
    signals = detect(detector.reads, request(rule.places[0], example.text, example.method, example.status))
    families = set(signals.column("family").to_pylist())
    assert (detector.family in families) is speaks, f"{example.text!r}: {example.why}; signalled: {signals.column('rule').to_pylist()}"
    if speaks:
        row = signals.to_pylist()[0]
        assert row["evidence"]


@pytest.mark.parametrize("detector", all_detectors(), ids=lambda d: d.name)
def test_a_detector_is_documented(detector) -> None:  # type: ignore[no-untyped-def]
    assert len([e for rule in detector.rules for e in rule.must]) >= 3
    assert len([e for rule in detector.rules for e in rule.must_not]) >= 3
    for rule in detector.rules:
        assert rule.id.startswith(detector.family + ".") or rule.id.startswith(detector.name.partition(".")[0] + "."), rule.id
        assert rule.title and rule.title_fr
        assert rule.must and rule.must_not
        assert all(example.why for example in rule.must + rule.must_not)


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for detector in all_detectors() for rule in detector.rules]
    assert len(ids) == len(set(ids))
