"""Make `src/vigie/social/data/rhythm.json` and the plot of `docs/accounts.md` from observed and invented accounts.

    python benchmarks/fit_accounts.py DAY      (ISO date that the reference bears)

Needs the development data. Only numbers leave it: neutral values, widths, weights and quantiles of whole classes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from accounts import SEED, invented, observed, out_of_fold, svg

from vigie.social.account_likelihood import FEATURES, STEPS, Reference, fit, mixed_weights

ROOT = Path(__file__).resolve().parents[1]
DIGITS = 4


def made(day: str) -> Reference:
    """The reference, from every account."""
    seen, made_up = observed(), invented(SEED)
    figures = np.concatenate([seen.figures, made_up.figures])
    assisted = np.concatenate([seen.assisted, made_up.assisted])
    real = np.arange(len(assisted)) < len(seen.assisted)
    weights = mixed_weights(assisted, real)
    neutral, width, weight = fit(figures, assisted, weights)
    names = {True: "assisted", False: "hand"}
    quantiles = {
        names[kind]: {feature: numbers(steps(figures[assisted == kind, place], weights[assisted == kind])) for place, feature in enumerate(FEATURES)}
        for kind in (True, False)
    }
    classes = {f"{names[kind]}: {word}": int((some.assisted == kind).sum()) for kind in (True, False) for word, some in (("observed", seen), ("invented", made_up))}
    name = "accounts linked to one operator, 2012-2018, classes by content category, and invented timelines"
    return Reference(name, day, classes, FEATURES, numbers(neutral), numbers(width), numbers(weight), quantiles)


def steps(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted quantiles at even steps."""
    order = np.argsort(values)
    passed = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(np.linspace(0, 1, STEPS), passed / weights.sum(), values[order])


def numbers(values: np.ndarray) -> tuple[float, ...]:
    """Rounded, so that no single account can be read from them."""
    return tuple(round(float(value), DIGITS) for value in values)


if __name__ == "__main__":
    (ROOT / "src" / "vigie" / "social" / "data" / "rhythm.json").write_text(made(sys.argv[1]).text(), "utf-8")
    seen, made_up = observed(), invented(SEED)
    scores = out_of_fold(seen, made_up, repeats=5)
    (ROOT / "docs" / "accounts-calibration.svg").write_text(svg(seen, made_up, scores), "utf-8")
    print(pl.DataFrame({"accounts": [len(seen.assisted), len(made_up.assisted)]}))
