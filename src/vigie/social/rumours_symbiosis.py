"""Whether two groups carry each other's things, more than they carry those of comparable others of the same day: both ways, and beside a comparison.

Of the items that A brought up first, the share that B took up within the cap is set beside the share of items of other declared groups of the same day that B took up.
Labels are exchanged within days, days are flipped whole, and the weaker counts. One direction alone is a one-way relay.

References:
    - docs/rumours.md
    - Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", 3rd edition, 2005
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from vigie.social.rumours_precedence import LEVEL, SEED, flipped

RUNS: Final = 4_000
"""Exchanges of labels within days."""
LEAST: Final = 5
"""Items that must be taken up in each direction; never from one claim."""
COMPARED: Final = 20
"""Items of other declared groups below which everybody's items are what is compared with."""
ALIKE: Final = 5.0
"""Times that a comparison's output may be larger or smaller."""
TWO_WAY: Final = 0.5
"""Index from which both directions are of one size."""
_DAY: Final = 86_400_000_000

SYMBIOSIS, BOTH_WAYS, ONE_WAY, NOT_SHOWN = "symbiosis", "both_ways", "one_way", "not_shown"


@dataclass(frozen=True)
class Taken:
    """How one group takes up what another brings up.

    Attributes:
        items: that the first group brought up before anybody else in the data.
        taken: of them those that the second took up within the cap.
        expected: how many it would have taken up at the rate at which it takes up comparable items of the same days.
        rate: (taken - expected) / items; 0 without items.
        p: the weaker of the exchange of labels within days and the flip of whole days, one-sided.
        baseline: "groups" (items of other declared groups), "everyone" (too few of those), or "none" (nothing to compare with).
        rows: first posts of the items taken up.
    """

    items: int
    taken: int
    expected: float
    rate: float
    p: float
    baseline: str
    rows: tuple[int, ...]


def openings(first: pl.DataFrame) -> pl.DataFrame:
    """One row an item: `item`, `opener` (the group that had it first, null for no group or a tie between groups), `at`, `row`, `tick`.

    Args:
        first: `rumours_items.firsts` of one unit.
    """
    ordered = first.sort("item", "at", "group", nulls_last=True)
    seconds = ordered.group_by("item", maintain_order=True).agg(
        pl.col("group").first().alias("opener"), pl.col("at").first(), pl.col("row").first(), pl.col("tick").max(), pl.col("at").get(1, null_on_oob=True).alias("next")
    )
    tied = pl.col("next").is_not_null() & (pl.col("next") - pl.col("at") < pl.col("tick"))
    return seconds.select("item", "at", "row", "tick", opener=pl.when(~tied).then("opener"), tied=tied.fill_null(value=False))


def taken_up(opened: pl.DataFrame, first: pl.DataFrame, giver: str, taker: str, cap: int, seed: int = SEED) -> Taken:
    """How the taker takes up what the giver brings up.

    Args:
        opened: `openings`.
        first: `rumours_items.firsts` of the same unit.
        giver: name of a group.
        taker: name of another.
        cap: longest lag, microseconds.
        seed: of the exchanges.
    """
    others = opened.filter(~pl.col("tied") & (pl.col("opener").is_null() | (pl.col("opener") != taker)))
    declared = others.filter(pl.col("opener").is_not_null() & (pl.col("opener") != giver))
    baseline = "groups" if declared.height >= COMPARED else "everyone"
    pool = others.filter(pl.col("opener").is_not_null()) if baseline == "groups" else others
    reached = pool.join(first.filter(pl.col("group") == taker).select("item", at_b="at"), on="item", how="left", maintain_order="left")
    lag = reached["at_b"] - reached["at"]
    hit = ((lag >= 0) & (lag <= cap)).fill_null(value=False).to_numpy()
    mine = (reached["opener"] == giver).fill_null(value=False).to_numpy()
    _, day = np.unique(reached["at"].to_numpy() // _DAY, return_inverse=True)
    size = int(day.max()) + 1 if len(day) else 0
    every, hits, own, got = (np.bincount(day[mask], minlength=size) for mask in (np.ones(len(day), bool), hit, mine, hit & mine))
    telling = (own > 0) & (own < every)
    items, taken = int(mine.sum()), int(got.sum())
    rows = tuple(sorted(reached["row"].to_numpy()[hit & mine].tolist()))
    if not telling.any():
        return Taken(items, taken, float(taken), 0.0, 1.0, "none", rows)
    every, hits, own, got = (one[telling] for one in (every, hits, own, got))
    drawn_mean, others = own * hits / every, own * (hits - got) / (every - own)
    drawn = np.random.default_rng(seed).hypergeometric(hits, every - hits, own, (RUNS, len(own))).sum(axis=1)
    by_exchange = (int((drawn >= got.sum()).sum()) + 1) / (RUNS + 1)
    by_days = flipped(got - drawn_mean, seed, both=False)
    whole = float(others.sum()) + taken - int(got.sum())
    return Taken(items, taken, whole, (taken - whole) / items, max(by_exchange, by_days), baseline, rows)


def verdict(there: Taken, back: Taken, adjusted: tuple[float, float], compared: tuple[Taken, Taken] | None) -> tuple[str, float | None]:
    """The word for two directions, and the index (0 to 1, the smaller rate by the larger; null where a rate is not positive).

    Args:
        there: first group to second.
        back: second to first.
        adjusted: their p-values, corrected for all pairs looked at.
        compared: the same two directions with a comparison group in the first one's place.
    """
    shown = [one.rate > 0 and one.taken >= LEAST and p <= LEVEL for one, p in zip((there, back), adjusted, strict=True)]
    index = min(there.rate, back.rate) / max(there.rate, back.rate) if min(there.rate, back.rate) > 0 else None
    if not any(shown):
        return NOT_SHOWN, index
    if not all(shown):
        return ONE_WAY, index
    fair = there.baseline == back.baseline == "groups" and compared is not None and min(there.rate, back.rate) > min(compared[0].rate, compared[1].rate)
    return (SYMBIOSIS if fair and index is not None and index >= TWO_WAY else BOTH_WAYS), index


def holm(values: list[float]) -> list[float]:
    """P-values corrected for being many (Holm's steps), in the same order."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found, highest = [1.0] * len(values), 0.0
    for step, at in enumerate(order):
        highest = max(highest, min(1.0, values[at] * (len(values) - step)))
        found[at] = highest
    return found
