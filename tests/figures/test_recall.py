"""The figures of the README, measured again on the development data where it lies beside the project."""

from __future__ import annotations

import importlib.util
import json
from collections import defaultdict
from pathlib import Path

import pytest

from conftest import SHARED

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def recall():
    spec = importlib.util.spec_from_file_location("recall", ROOT / "benchmarks" / "recall.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def measured(recall):
    return {name: recall.payloads(name, defaultdict(list)) for name in ("httpparams_train.jsonl", "libinjection_half.jsonl")}


@pytest.mark.parametrize(
    ("file", "kind", "least"),
    [
        ("httpparams_train.jsonl", "sqli", 99.4), ("httpparams_train.jsonl", "xss", 98), ("httpparams_train.jsonl", "path-traversal", 90),
        ("httpparams_train.jsonl", "cmdi", 85), ("libinjection_half.jsonl", "sqli", 99), ("libinjection_half.jsonl", "xss", 99),
    ],
)  # fmt: skip
def test_payloads_are_found_as_what_they_are(measured, file, kind, least):
    assert measured[file][kind] >= least


@pytest.mark.parametrize(("file", "most"), [("httpparams_train.jsonl", 0), ("libinjection_half.jsonl", 2)])
def test_ordinary_values_stay_quiet(measured, file, most):
    assert measured[file]["norm"] <= most


def test_prose_stays_quiet(recall):
    assert recall.sentences(defaultdict(list)) <= 0.1


def test_another_rule_set_s_own_tests(recall):
    assert recall.crs(defaultdict(list)) >= 90


def test_a_real_quiet_log_has_no_attack(vigie):
    vigie("read", SHARED / "web" / "elastic_apache_first5000.log")
    assert json.loads(vigie("count", "--json"))["attacks"] == 0


@pytest.mark.parametrize(
    ("log", "family", "tool"),
    [
        ("sqlmap_default", "sql_injection", "sqlmap"), ("sqlmap_randagent_notvuln", "sql_injection", "sqlmap"),
        ("wapiti", "cross_site_scripting", "wapiti"), ("ffuf_dirs", "content_discovery", "ffuf"),
    ],
)  # fmt: skip
def test_tool_captures_are_found(vigie, log, family, tool):
    vigie("read", SHARED / "web" / "lab" / f"{log}.log")
    found = {row["family"]: row for row in map(json.loads, vigie("show", "attacks", "--json").splitlines())}
    assert family in found
    assert found[family]["tool"] == tool
