"""How much likelier a rhythm is where a tool chooses the time of most posts than where people do, as a sum that can be read.

A logistic regression on four figures of rhythm, drawn towards nothing (ridge) because few assisted accounts are known, its training prior taken
off: what stays is a likelihood ratio, which anybody may put his own prior to. Only rhythm enters. What an account says, shares or whom it reposts
would separate the classes of the training set better, because those classes were made from content; it would say nothing of who chooses the time.
The number of posts does not enter either.

References:
    - C. M. Bishop, Pattern Recognition and Machine Learning, 2006, 4.3.3 (iterative reweighted least squares)
    - I. J. Good, Weight of evidence: a brief survey, 1985 (log likelihood ratios as sums)
    - docs/decisions/0027-rhythm-as-a-likelihood-ratio.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

FEATURES: Final = ("bursts", "evenness", "hour_entropy", "minute_excess")
"""Columns of `account_rhythm.rhythm` that enter."""
CEILING: Final = 2.0
"""Of `minute_excess`: a schedule's is 2 to 7.7, and one figure shall not decide alone."""
POSTS, DAYS = 100, 14
"""Fewer posts, or fewer active days: no score."""
SURE: Final = 1.0
"""log10 of the likelihood ratio from which one explanation is called closer."""
RIDGE: Final = 3.0
STEPS: Final = 21
"""Quantiles kept of each figure in each class: 0, 5, … 100 per cent. No more: so few cannot be read back into accounts."""

LITTLE, ASSISTED, UNDECIDED, HAND = "little", "assisted", "undecided", "hand"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a score was trained on, and what makes it.

    Attributes:
        name: of the training set, printed beside every score.
        made: day of the fit, ISO.
        classes: accounts of each class by where they come from (`assisted: observed` …).
        features: names, in order.
        neutral: value of each figure that speaks for neither explanation: all of them together lie where the straight way from the mean of one class to
            that of the other crosses a score of 0.
        width: standard deviation of each figure.
        weight: log10 of the likelihood ratio for one width.
        quantiles: by class, then feature: its values at 0, 5 … 100 per cent of the class, as weighted in the fit.
    """

    name: str
    made: str
    classes: Mapping[str, int]
    features: tuple[str, ...]
    neutral: tuple[float, ...]
    width: tuple[float, ...]
    weight: tuple[float, ...]
    quantiles: Mapping[str, Mapping[str, tuple[float, ...]]]

    def text(self) -> str:
        """The reference as JSON, for its file."""
        return json.dumps(asdict(self), indent=1) + "\n"


@cache
def reference() -> Reference:
    """The reference that vigie comes with: `data/rhythm.json`, made by `benchmarks/fit_accounts.py`."""
    told = json.loads(files("vigie.social").joinpath("data", "rhythm.json").read_text("utf-8"))
    lists = {name: tuple(told[name]) for name in ("features", "neutral", "width", "weight")}
    return Reference(**{**told, **lists})


def matrix(rhythms: pl.DataFrame) -> Floats:
    """The figures that enter, accounts x features.

    Args:
        rhythms: columns `FEATURES`, as `account_rhythm.rhythm` gives them.
    """
    return rhythms.select(pl.col("minute_excess").clip(0, CEILING) if name == "minute_excess" else pl.col(name) for name in FEATURES).to_numpy().astype(np.float64)


def fit(figures: Floats, assisted: npt.NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Neutral value, width and weight of each figure, by Newton's method: the score is the sum of weight x (value - neutral) / width.

    Args:
        figures: accounts x features.
        assisted: for each account whether it is assisted.
        weights: how much each account counts for; one real account counts 1.
    """
    middle = np.average(figures, 0, weights)
    width = np.sqrt(np.average((figures - middle) ** 2, 0, weights)) + 1e-9
    design = np.column_stack([np.ones(len(figures)), (figures - middle) / width])
    ridge = np.diag([1e-9, *[RIDGE] * figures.shape[1]])
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        slope = design.T @ (weights * (assisted - chance)) - ridge @ beta
        step = np.linalg.solve(design.T @ (design * (weights * chance * (1 - chance))[:, None]) + ridge, slope)
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    prior = np.average(assisted, weights=weights)
    start = beta[0] - np.log(prior / (1 - prior))
    hand, tool = (np.average(design[assisted == kind, 1:], 0, weights[assisted == kind]) for kind in (False, True))
    way = -(start + hand @ beta[1:]) / ((tool - hand) @ beta[1:])
    return middle + (hand + way * (tool - hand)) * width, width, beta[1:] / np.log(10)


def mixed_weights(assisted: npt.NDArray[np.bool_], observed: npt.NDArray[np.bool_], share: float = 0.5) -> Floats:
    """Weights with which invented accounts of a class count together for a share of the observed ones of that class.

    Args:
        assisted: class of each account.
        observed: whether it is an observed one.
        share: of the observed ones' number.
    """
    weights = np.ones(len(assisted))
    for kind in (True, False):
        invented = (assisted == kind) & ~observed
        real = int(((assisted == kind) & observed).sum())
        weights[invented] = share * real / max(int(invented.sum()), 1)
    return weights


def scored(rhythms: pl.DataFrame, trained: Reference) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores of accounts, and what each figure contributes.

    Args:
        rhythms: columns `account`, `posts`, `active_days` and `FEATURES`.
        trained: what to compare with.

    Returns:
        - `account`, `log10_lr` (null where there is too little), `result` (little, assisted, undecided or hand)
        - `account`, `feature`, `value`, `contribution` (log10; those of an account sum to its score), `weighs` (its rank by size, from 1),
          `quantile_assisted`, `quantile_hand` (0 … 1: where the value stands among the accounts of each class)
    """
    figures = matrix(rhythms)
    parts = np.asarray(trained.weight) * (figures - np.asarray(trained.neutral)) / np.asarray(trained.width)
    score = parts.sum(1)
    enough = (rhythms["posts"] >= POSTS) & (rhythms["active_days"] >= DAYS)
    table = rhythms.select("account").with_columns(log10_lr=pl.Series(score)).with_columns(enough.alias("enough"))
    sure = pl.when(~pl.col("enough")).then(pl.lit(LITTLE)).when(pl.col("log10_lr") >= SURE).then(pl.lit(ASSISTED))
    said = sure.when(pl.col("log10_lr") <= -SURE).then(pl.lit(HAND)).otherwise(pl.lit(UNDECIDED))
    scores = table.select("account", pl.when("enough").then("log10_lr").alias("log10_lr"), said.alias("result"))
    return scores, _contributions(rhythms.filter(enough)["account"], figures[enough.to_numpy()], parts[enough.to_numpy()], trained)


def _contributions(account: pl.Series, figures: Floats, parts: Floats, trained: Reference) -> pl.DataFrame:
    """One row for each account and figure."""
    ranks = np.argsort(np.argsort(-np.abs(parts), 1, kind="stable"), 1, kind="stable") + 1
    tables = [
        pl.DataFrame(
            {
                "account": account,
                "feature": pl.Series([name] * len(account), dtype=pl.String),
                "value": figures[:, place],
                "contribution": parts[:, place],
                "weighs": ranks[:, place],
                "quantile_assisted": _quantile(figures[:, place], trained.quantiles["assisted"][name]),
                "quantile_hand": _quantile(figures[:, place], trained.quantiles["hand"][name]),
            }
        )
        for place, name in enumerate(trained.features)
    ]
    return pl.concat(tables).sort("account", "weighs")


def _quantile(values: Floats, steps: tuple[float, ...]) -> Floats:
    """Where values stand among those of a class: 0 under all of them, 1 over all."""
    return np.asarray(np.interp(values, np.asarray(steps), np.linspace(0, 1, len(steps))), np.float64)
