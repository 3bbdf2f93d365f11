"""What is said of chains that people made by hand, and of small scripts: measured, with the shares that must be reached."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if not (ROOT / "tests" / "chains" / "chains.py").exists():
    pytest.skip("no chains here", allow_module_level=True)

from chains.chains import chains, log_of  # noqa: E402 - only where they are


@pytest.fixture(scope="module")
def verdicts():
    """Label and verdict of each chain."""
    spec = importlib.util.spec_from_file_location("automation", ROOT / "benchmarks" / "automation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = {}
    for chain in chains():
        mine = module.of_chain(module.judged(log_of(chain)), chain.address, chain.family)
        words = {attack["automation"] for attack in mine}
        found[chain.name] = (chain.label, next((word for word in ("tool", "bespoke", "undetermined") if word in words), "no attack"))
    return found


def test_most_chains_are_bespoke(verdicts):
    everything = [verdict for label, verdict in verdicts.values() if label == "bespoke"]
    assert everything.count("bespoke") >= 0.8 * len(everything), Counter(everything)


def test_few_chains_are_not_counted(verdicts):
    everything = [verdict for label, verdict in verdicts.values() if label == "bespoke"]
    assert everything.count("no attack") <= 0.1 * len(everything)


def test_nobody_who_works_by_hand_is_called_a_tool(verdicts):
    assert [name for name, (label, verdict) in verdicts.items() if label == "bespoke" and verdict == "tool"] == []


def test_scripts_with_a_list_are_tools(verdicts):
    assert [name for name, (label, verdict) in verdicts.items() if label == "tool" and verdict != "tool"] == []


def test_who_only_browses_is_not_called_bespoke(verdicts):
    assert [name for name, (label, verdict) in verdicts.items() if label == "nothing" and verdict in ("bespoke", "tool")] == []
