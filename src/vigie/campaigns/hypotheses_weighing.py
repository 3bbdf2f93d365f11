"""The arithmetic of competing hypotheses: a pure function of the matrix.

- An item weighs reliability times credibility. Within one source the items are ordered by weight times spread (highest minus lowest
  rating), and the k-th keeps a quarter to the power of k; equal ones share what their places keep. So a source never says more than four
  thirds of the best thing it says, however often it says it.
- *Diagnosticity*: what is kept times spread. An item that fits all alike is worth nothing, however striking.
- *Inconsistency* of a hypothesis: the sum of what is kept times its negative ratings. What counts is evidence against.
- *Weight of evidence*: softmax of the sum of what is kept times rating times ln 3. The step of 3 is a convention, it is no probability that anybody has
  measured; so the ordered matrix is shown first.
- Every item, and every source, is left out in turn; a change of the first place is a *flip*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vigie.campaigns.hypotheses import BOUNDS, LIKELIHOODS, YARDSTICK, Case, Evidence, Hypothesis

Numbers = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COPY: Final = 0.25
"""What the next item of one source keeps of the one before."""
STEP: Final = float(np.log(3.0))
"""What one step of a rating moves the logarithm of the odds."""
EVEN: Final = BOUNDS[2]
"""Weight of evidence of a first place below which it has no word: with equal beginnings it would be called unlikely with nothing against it."""
SAME: Final = 1e-9
"""Differences below this are none."""
SOURCES, SURE, FEWEST = 4, 0.8, 2
"""Independent sources and weight of the first place for high confidence; sources below which it is low."""
GOOD: Final = ("A", "B")
"""Grades of a source, one of which is needed for more than low confidence."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a matrix comes to, arrays in the order of its items or of its hypotheses.

    Attributes:
        kept: weight of each item after the discount of its source.
        diagnosticity: of each item.
        inconsistency: of each hypothesis.
        shares: weight of evidence of each hypothesis, summing to 1.
        low, high: its range when any one item is left out.
        low_source, high_source: its range when any one source is left out.
        first: hypotheses in the first place; all of them where nothing tells them apart.
        flips: items without which the first place is another.
        source_flips: sources without which it is.
        sources: sources with an item that tells hypotheses apart.
        least: hypotheses, the yardstick apart, with the least inconsistency.
        confidence: `low`, `moderate` or `high`.
        because: why, as words of the table in `hypotheses_words`.
    """

    kept: Numbers
    diagnosticity: Numbers
    inconsistency: Numbers
    shares: Numbers
    low: Numbers
    high: Numbers
    low_source: Numbers
    high_source: Numbers
    first: tuple[int, ...]
    flips: tuple[int, ...]
    source_flips: tuple[str, ...]
    sources: tuple[str, ...]
    least: tuple[int, ...]
    confidence: str
    because: tuple[str, ...]

    @property
    def told_apart(self) -> bool:
        """Whether anything tells the first place from the others."""
        return len(self.first) < len(self.shares)

    @property
    def worded(self) -> bool:
        """Whether a word of likelihood means something: one hypothesis has the first place, and not merely because the others share the rest."""
        return len(self.first) == 1 and float(self.shares[self.first[0]]) >= EVEN


def weigh(case: Case) -> Weighed:
    """Weigh the evidence of a case.

    Args:
        case: with two hypotheses or more; no evidence is allowed, and tells nothing apart.
    """
    weights, ratings, source, names = _matrix(case.hypotheses, case.evidence)
    kept = discounted(weights, ratings, source)
    shares = _shares(kept @ ratings)
    spread = _spread(ratings)
    first = _first(shares)
    items, sources = _without(ratings, source, kept)
    ranged, ranged_sources = np.vstack([shares, items]), np.vstack([shares, sources])
    telling = sorted({names[source[at]] for at in np.flatnonzero(kept * spread > SAME)})
    against = np.asarray(kept @ np.maximum(-ratings, 0.0))
    named = [at for at, one in enumerate(case.hypotheses) if one.id != YARDSTICK]
    least = tuple(at for at in named if against[at] <= against[named].min() + SAME)
    flips = tuple(at for at, one in enumerate(items) if _first(one) != first)
    grades = {one.reliability for at, one in enumerate(case.evidence) if kept[at] * spread[at] > SAME}
    because = _doubts(first, len(shares), len(telling), bool(flips), bool(grades & set(GOOD)), against, named)
    sure = len(telling) >= SOURCES and len(first) == 1 and float(ranged[:, first[0]].min()) > SURE
    return Weighed(
        kept=kept, diagnosticity=kept * spread, inconsistency=against, shares=shares, low=ranged.min(axis=0), high=ranged.max(axis=0),
        low_source=ranged_sources.min(axis=0), high_source=ranged_sources.max(axis=0), first=first, flips=flips,
        source_flips=tuple(names[at] for at, one in enumerate(sources) if _first(one) != first), sources=tuple(telling), least=least,
        confidence="low" if because else "high" if sure else "moderate", because=because,
    )  # fmt: skip


def discounted(weights: Numbers, ratings: Numbers, source: Ints) -> Numbers:
    """What each item keeps beside the others of its source.

    Args:
        weights: of each item, 0..1.
        ratings: items by hypotheses.
        source: number of each item's source.
    """
    if not len(weights):
        return weights
    score = np.round(weights * _spread(ratings), 9)
    order = np.lexsort((-score, source))
    begins = np.append(True, np.diff(source[order]) != 0)
    at = np.arange(len(order))
    keep = COPY ** (at - np.maximum.accumulate(np.where(begins, at, 0))).astype(np.float64)
    runs = np.flatnonzero(begins | np.append(True, np.diff(score[order]) != 0))  # equal items share, so that no order among them matters
    lengths = np.diff(np.append(runs, len(order)))
    out = np.empty_like(weights)
    out[order] = np.repeat(np.add.reduceat(keep, runs) / lengths, lengths)
    return weights * out


def word(share: float) -> str:
    """The word of ICD 203 for a weight of evidence, 0..1; what lies beyond its table takes the outermost word."""
    return LIKELIHOODS[int(np.searchsorted(BOUNDS, round(share, 9), "right"))]


def enough_to_change(case: Case, weighed: Weighed) -> tuple[int, ...]:
    """Items that together must prove wrong before the first place is another, none of them needless, the most telling first; () where nothing tells anything."""
    _, ratings, _, _ = _matrix(case.hypotheses, case.evidence)
    said = weighed.kept[:, None] * ratings
    total = said.sum(axis=0)
    order = np.argsort(-np.round(weighed.diagnosticity, 9), kind="stable")
    left = _shares(total - np.cumsum(said[order], axis=0))
    last = next((at for at, one in enumerate(left) if _first(one) != weighed.first), None)
    gone = [] if last is None else order[: last + 1].tolist()
    for at in reversed(gone.copy()):
        rest = [one for one in gone if one != at]
        if rest and _first(_shares(total - said[rest].sum(axis=0))) != weighed.first:
            gone = rest
    return tuple(gone)


def new_item_decides(weighed: Weighed, strength: float) -> bool:
    """Whether one new independent item of this weight, clearly for the second place and against the first, would change the first place."""
    others = [at for at in range(len(weighed.shares)) if at not in weighed.first]
    if not others:
        return True
    lead = float(np.log(weighed.shares[weighed.first[0]]) - np.log(weighed.shares[others].max()))
    return lead < strength * STEP * 4


def _matrix(hypotheses: Sequence[Hypothesis], evidence: Sequence[Evidence]) -> tuple[Numbers, Numbers, Ints, list[str]]:
    """Weights, ratings (items by hypotheses), numbers of the sources, and their names."""
    ratings = np.asarray([[one.rating(h.id) for h in hypotheses] for one in evidence], np.float64).reshape(len(evidence), len(hypotheses))
    names, source = _sources([one.source for one in evidence])
    return np.asarray([one.weight for one in evidence], np.float64), ratings, source, names


def _without(ratings: Numbers, source: Ints, kept: Numbers) -> tuple[Numbers, Numbers]:
    """Weights of evidence without each item, and without each source.

    What a source says besides does not gain when its best item proves wrong: the others keep what they kept.
    """
    said = kept[:, None] * ratings
    total = said.sum(axis=0)
    by_source = np.stack([np.bincount(source, said[:, at], int(source.max(initial=-1)) + 1) for at in range(ratings.shape[1])], axis=1)
    return _shares(total - said), _shares(total - by_source)


def _sources(given: Sequence[str]) -> tuple[list[str], Ints]:
    names = list(dict.fromkeys(given))
    number = {name: at for at, name in enumerate(names)}
    return names, np.asarray([number[name] for name in given], np.int64)


def _spread(ratings: Numbers) -> Numbers:
    return np.asarray(ratings.max(axis=1) - ratings.min(axis=1)) if len(ratings) else np.zeros(0)


def _shares(level: Numbers) -> Numbers:
    odds = np.exp(STEP * (level - level.max(axis=-1, keepdims=True)))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def _first(shares: Numbers) -> tuple[int, ...]:
    return tuple(np.flatnonzero(shares >= shares.max() - SAME).tolist())


def _doubts(first: tuple[int, ...], size: int, sources: int, flipped: bool, good: bool, against: Numbers, named: list[int]) -> tuple[str, ...]:
    """Each reason why confidence is low."""
    least = against[named].min()
    reasons = {
        "nothing": len(first) == size,
        "tie": 1 < len(first) < size,
        "sources": sources < FEWEST,
        "flip": flipped,
        "grade": sources > 0 and not good,
        "against": bool(against[list(first)].min() > least + SAME),
    }
    return tuple(name for name, holds in reasons.items() if holds)
