"""The figures of the score on the development accounts, where they lie beside the project: folds by account, as in the benchmark."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from conftest import SHARED

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "accounts.py"
pytestmark = pytest.mark.skipif(not (SHARED / "social" / "ira_tweets_dev.parquet").is_file(), reason="no development data")


@pytest.fixture(scope="module")
def folded():
    """Accounts, and scores by fits that did not see them."""
    spec = importlib.util.spec_from_file_location("accounts_benchmark", BENCHMARK)
    module = sys.modules["accounts_benchmark"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    seen = module.observed()
    return module, seen, module.out_of_fold(seen, module.invented(module.SEED), repeats=5)[0]


def test_accounts_are_told_apart_that_the_fit_had_not_seen(folded):
    module, seen, scores = folded
    assert np.mean([module.area(one, seen.assisted) for one in scores]) >= 0.97


def test_no_explanation_is_taken_for_the_other(folded):
    _, seen, scores = folded
    assisted, hand = scores[:, seen.assisted], scores[:, ~seen.assisted]
    assert (assisted >= 1).mean() >= 0.58 and (assisted <= -1).mean() == 0 and (hand >= 1).mean() <= 0.02
    assert 0.25 <= (np.abs(scores) < 1).mean() <= 0.40
