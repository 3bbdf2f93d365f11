"""Who was first, class against class, as it was first measured on the development posts; in no other way than the benchmark does it."""

import importlib.util
import sys
from pathlib import Path

import pytest

from conftest import SHARED

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "rumours.py"
pytestmark = pytest.mark.skipif(not (SHARED / "social" / "ira_tweets_dev.parquet").is_file(), reason="no development data")

MEASURED = {
    ("NewsFeed", "RightTroll", 24): (22, 3, 11.8, "first before second"),
    ("NewsFeed", "LeftTroll", 24): (11, 2, 6.0, "first before second"),
    ("LeftTroll", "RightTroll", None): (549, 733, 556.1, "no direction shown"),
    ("LeftTroll", "RightTroll", 24): (154, 466, 236.0, "second before first"),
    ("HashtagGamer", "RightTroll", 24): (197, 105, 134.0, "no direction shown"),
}
"""Texts that the first class had first, the second, how many the first was to be expected, and what is said."""


@pytest.fixture(scope="module")
def told():
    """What the benchmark finds, and how it says so."""
    spec = importlib.util.spec_from_file_location("rumours_benchmark", BENCHMARK)
    module = sys.modules["rumours_benchmark"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {pair: (found, module.said(found)) for pair, found in module.directions(module.posts(), tags=True).items()}


@pytest.mark.parametrize("pair", MEASURED, ids=lambda pair: f"{pair[0]}-{pair[1]}-{pair[2]}")
def test_who_was_first_is_what_was_measured(told, pair):
    found, said = told[pair]
    *counts, words = MEASURED[pair]
    assert (found.first_a, found.first_b, found.expected_a) == tuple(pytest.approx(count, rel=0.02, abs=1) for count in counts)
    assert said == words


def test_class_size_alone_shows_no_direction_and_neither_does_one_evening(told):
    size, evening = told["LeftTroll", "RightTroll", None][0], told["HashtagGamer", "RightTroll", 24][0]
    assert size.p_exchange > 0.5 and evening.p_exchange < 1e-3 and evening.p_days > 0.05
