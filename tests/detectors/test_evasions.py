"""Encodings, comments, quoting and wildcards do not hide a payload: each signals its family through the whole kernel."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from vigie.detectors.registry import detect
from vigie.records import ACCESS

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "detectors" / "evasions.yml").read_text("utf-8"))["cases"]


@pytest.fixture(scope="module")
def families() -> dict[int, set[str]]:
    """Families that each case signals, by its number."""
    blank = {field.name: None for field in ACCESS.schema} | {"feed": "f", "file": "f", "http_method": "GET", "http_status": 200}
    rows = [{**blank, "byte_offset": at, "url_original": f"/page?id={case['value']}"} for at, case in enumerate(CASES)]
    batch = pa.RecordBatch.from_pylist(rows, schema=ACCESS.schema).append_column("fingerprint", pa.array(range(len(rows)), pa.uint64()))
    signals = detect(ACCESS, batch)
    found: dict[int, set[str]] = {at: set() for at in range(len(CASES))}
    for at, family in zip(signals.column("byte_offset").to_pylist(), signals.column("family").to_pylist(), strict=True):
        found[at].add(family)
    return found


@pytest.mark.parametrize("at", range(len(CASES)))
def test_an_evasion_does_not_hide(at: int, families: dict[int, set[str]]) -> None:
    case = CASES[at]
    assert case["family"] in families[at], f"{case['value']}: {case['why']}; signalled {sorted(families[at])}"


def test_there_are_enough_of_each_family() -> None:
    assert len({case["value"] for case in CASES}) >= 300
    assert {case["family"] for case in CASES} == {"sql_injection", "cross_site_scripting", "path_traversal", "command_injection"}
