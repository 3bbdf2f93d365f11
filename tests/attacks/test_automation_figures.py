"""Runs of real tools are the tool's in all their attacks, also with every request from another address; a quiet log has none."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from conftest import SHARED

ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("automation_benchmark", ROOT / "benchmarks" / "automation.py")
MEASURE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(MEASURE)
CAPTURES = MEASURE.captures()

SILENT = {"arjun": "names of parameters, no payload", "slowhttptest": "62 requests held open, fewer than make a flood"}
"""Tools whose run is no attack that is counted."""
SILENT_ROTATED = {"apachebench": "load from many addresses is a crowd's", "siege": "load from many addresses is a crowd's"}
"""The same for the copy with many addresses."""


@pytest.mark.skipif(not CAPTURES, reason="no captures here")
@pytest.mark.parametrize("rotated", [False, True], ids=["one address", "many addresses"])
@pytest.mark.parametrize("name", CAPTURES)
def test_every_attack_of_a_tools_run_is_the_tools(name, rotated):
    lines = MEASURE.rotated(CAPTURES[name]) if rotated else CAPTURES[name]
    attacks = MEASURE.judged(b"".join(lines))
    silent = SILENT | (SILENT_ROTATED if rotated else {})
    assert attacks or name.split("-")[0] in silent
    assert [(a["attack_id"], a["family"], a["sources"], a["automation"], a["rules"]) for a in attacks if a["automation"] != "tool"] == []


@pytest.mark.skipif(not (SHARED / "web").is_dir(), reason="the development data is not here")
def test_a_quiet_log_stays_quiet():
    assert MEASURE.judged((SHARED / "web" / "elastic_apache_first5000.log").read_bytes()) == []
