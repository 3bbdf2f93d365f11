"""Which texts may be copies of each other: those that share enough runs of five letters within thirty days of each other.

A text is compared, run by run, with the next texts in time that hold the same run, up to a reach that a budget sets; so cost grows with the number of texts
and not with its square, and a campaign that is a tenth of all texts is still found. Where texts are many the runs are of ten letters, since five are then found everywhere;
where they are very many only every second, fourth, eighth run is looked at, the same ones in all texts (those whose hash ends so). What was cut is told.

References:
    - Broder, "On the resemblance and containment of documents", SEQUENCES 1997
    - Measured: of pairs whose Levenshtein similarity is over 0.693 a Jaccard index of 0.3 keeps 98.6 %, of 0.25 more than 99 %, of 0.6 only 62 %
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

Whole = npt.NDArray[np.int64]

WINDOW: Final = 30 * 86_400_000_000
"""Microseconds between the last use of one text and the first of the other."""
RUN: Final = 5
"""Letters of a run."""
MANY: Final = 6_000_000
"""Letters of all texts, beyond which runs are twice as long."""
LEAST: Final = 0.25
"""Jaccard index of a candidate."""
INSIDE: Final = 0.7
"""Share of the shorter text's runs that a candidate for being quoted holds."""
REACH: Final = 200
"""Following holders of a run that a text is compared with."""
SHARE: Final = 0.01
"""Share of texts from which a run counts as common: it joins, and divides by half only."""
BUDGET: Final = 24_000_000
"""Comparisons of one run in two texts; beyond it, and half of it where runs are long, the reach shrinks."""
SPOKEN: Final = 40
"""Holders of a long run beyond which it says little: only texts that hold little else are compared by it, as those cut from a template."""
ENTRIES: Final = 8_000_000
"""Runs of all texts; beyond it only some of them are looked at."""
FEWEST: Final = 3
"""Runs that a pair shares at least where only some are looked at."""
LETTERS: Final = 2_000
"""Letters of a text whose runs are looked at."""
NEIGHBOURS: Final = 25
"""Best later candidates that a text keeps."""
NEIGHBOURS_OF_MANY: Final = 15
"""The same where only some runs are looked at."""
PAIRS: Final = 500_000
"""Candidates in all: beyond it each text keeps fewer, its best."""

_BLOCK: Final = 1 << 20
_AT_ONCE: Final = 1 << 16
"""Letters whose runs are made at once: few enough for the processor's own memory."""
_BUCKETS: Final = 1 << 20
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_PRIME: Final = np.uint64(0x100000001B3)


@dataclass(frozen=True)
class Holders:
    """Who holds what, sorted by feature and then by time: `feature` and `text` are indexes, `end` is where the last comparison of an entry stops."""

    feature: Whole
    text: Whole
    end: Whole
    reach: int

    def blocks(self) -> Iterator[tuple[Whole, Whole, Whole]]:
        """Comparisons as (earlier text, later text, feature), a few million at a time, all of an earlier text in one block."""
        order = np.sort(self.text << 32 | np.arange(len(self.text))) & 0xFFFFFFFF  # many times as fast as a stable argsort
        many = (self.end - np.arange(len(self.text)) - 1)[order]
        text = self.text[order]
        last = np.flatnonzero(np.diff(text, append=-1))
        total = np.cumsum(many)[last]
        block = np.concatenate([[0], total[:-1]]) // _BLOCK if len(total) else total
        cuts = [0, *(last[np.flatnonzero(np.diff(block))] + 1).tolist(), len(text)]
        for begin, stop in itertools.pairwise(cuts):
            entries = order[begin:stop]
            count = many[begin:stop]
            if not (size := int(count.sum())):
                continue
            place = np.repeat(entries + 1 - np.cumsum(count) + count, count) + np.arange(size)
            yield np.repeat(text[begin:stop], count), self.text[place], self.feature[place]


def held(feature: Whole, text: Whole, first: Whole, last: Whole, window: int, budget: int = BUDGET, reach: int = REACH) -> Holders:
    """Entries in order with what each is compared with.

    Args:
        feature: of each entry, from 0, ascending.
        text: of each entry: index into `first`, ascending within a feature.
        first: first use of each text, microseconds, ascending.
        last: its last use.
        window: microseconds between two texts that are compared.
        budget: comparisons in all.
        reach: following holders of a feature at most.
    """
    within = np.searchsorted(first, last + window, side="right")
    last_of = np.flatnonzero(np.diff(feature, append=-1))
    end = np.repeat(last_of + 1, np.diff(last_of, prepend=-1))
    cut = np.flatnonzero(within[text] <= text[end - 1])
    key = feature * (len(first) + 1) + text
    end[cut] = np.searchsorted(key, feature[cut] * (len(first) + 1) + within[text[cut]])
    place = np.arange(len(text))
    while reach > 1 and int((np.minimum(end, place + 1 + reach) - place - 1).sum()) > budget:
        reach = reach * 3 // 4
    return Holders(feature, text, np.minimum(end, place + 1 + reach), reach)


@dataclass(frozen=True)
class Candidates:
    """Pairs of texts to look at.

    Attributes:
        pairs: `a`, `b` (int64, indexes into the texts, a used first), `jaccard` and `inside` (of the shorter text's runs the share that the other holds).
        reach: following holders of a run that each text was compared with; below `REACH` the budget cut something.
        every: of so many runs one was looked at; 1 for all.
        cut: pairs left out because a text had more than `NEIGHBOURS` later candidates, or all together more than `PAIRS`.
    """

    pairs: pl.DataFrame
    reach: int
    every: int
    cut: int


def candidates(compact: pl.Series, first: Whole, last: Whole, budget: int = BUDGET) -> Candidates:
    """Pairs of texts that share enough runs.

    Args:
        compact: normal forms without blanks, in the order of `first`.
        first: first use of each, microseconds, ascending.
        last: last use of each.
        budget: comparisons of one run in two texts.
    """
    letters = int(compact.str.slice(0, LETTERS).str.len_chars().sum() or 0)
    every = 1
    while letters > ENTRIES * every:
        every *= 2
    long = letters > MANY
    feature, text = runs(compact, every, RUN * (1 + long))
    size = np.bincount(text, minlength=len(compact))
    holding = np.bincount(feature)
    some, dropped = _telling(holding[feature], text, size) if long else (holding[feature] > 1, np.zeros(len(compact), np.int64))
    holders = held(feature[some], text[some], first, last, WINDOW, budget // (1 + long))
    often = (holding > max(SHARE * len(compact), REACH))[feature] & some
    common = np.bincount(text[often], minlength=len(compact))
    weight = size - dropped - common / 2
    fewest = FEWEST if long else 1
    found = [_enough(a, b, size, weight, fewest) for a, b, _feature in holders.blocks()]
    nobody = np.zeros(0, np.int64)
    table = pl.concat(found) if found else _enough(nobody, nobody, size, weight, fewest)
    kept = nearest(table, "jaccard", NEIGHBOURS if every == 1 else NEIGHBOURS_OF_MANY, PAIRS)
    return Candidates(kept, holders.reach, every, table.height - kept.height)


def _telling(holding: Whole, text: Whole, size: Whole) -> tuple[npt.NDArray[np.bool_], Whole]:
    """Which entries are compared, and how many each text leaves out: what only one text holds, and what very many hold unless it is most of the text."""
    common = holding > SPOKEN
    many = np.bincount(text[common], minlength=len(size))
    leaves = many * 2 < size
    out = common & leaves[text]
    return (holding > 1) & ~out, np.where(leaves, many, 0)


def nearest(pairs: pl.DataFrame, near: str, most: int, in_all: int) -> pl.DataFrame:
    """The best pairs of each text, in order: as many of each as leave no more than `in_all`, and `most` at most.

    Args:
        pairs: `a`, `b` and more.
        near: column that is the greater the better.
        most: of each `a`.
        in_all: together.
    """
    ranked = pairs.sort("a", near, "b", descending=[False, True, False]).with_columns(pl.int_range(pl.len()).over("a").alias("_rank")).filter(pl.col("_rank") < most)
    if ranked.height > in_all:
        upto = np.cumsum(np.bincount(ranked["_rank"].to_numpy()))
        ranked = ranked.filter(pl.col("_rank") < max(int(np.searchsorted(upto, in_all, side="right")), 1))
        ranked = ranked.sort(near, "a", "b", descending=[True, False, False]).head(in_all)
    return ranked.drop("_rank").sort("a", "b")


def runs(compact: pl.Series, every: int = 1, size: int = RUN) -> tuple[Whole, Whole]:
    """The distinct runs of each text, as (run, text) in order; runs that one text alone holds are kept, since they divide.

    Args:
        compact: texts without blanks.
        every: of so many runs one is looked at.
        size: letters of a run, `RUN` or twice as many.
    """
    texts = compact.str.slice(0, LETTERS)
    lengths = texts.str.len_chars().cast(pl.Int64).to_numpy()
    bits = max(len(lengths).bit_length(), 1)
    block = np.cumsum(lengths) // _AT_ONCE
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(lengths)]
    found = [_runs(texts[begin:end], lengths[begin:end], begin, every, size, bits) for begin, end in itertools.pairwise(cuts)]
    pair = np.sort(np.concatenate(found)).astype(np.int64)
    pair = pair[np.diff(pair, prepend=-1) != 0]  # sorting is fifty times as fast as numpy's unique
    return np.cumsum(np.diff(pair >> bits, prepend=pair[:1] >> bits) != 0), pair & ((1 << bits) - 1)


def _runs(texts: pl.Series, lengths: Whole, begin: int, every: int, size: int, bits: int) -> npt.NDArray[np.uint64]:
    """The runs of some texts, each as a number with that of its text, counted from `begin`, in the last `bits`."""
    letters = np.frombuffer("".join(texts.to_list()).encode("utf-32-le"), "<u4")
    if len(letters) < size:
        return np.zeros(0, np.uint64)
    one = ((letters * np.uint32(0x9E3779B1)) >> np.uint32(24)).astype(np.uint64)
    two = _beside(one, one, 1)
    four = _beside(two, two, 2)
    run = _beside(four, one, 4) if size == RUN else _beside(four, four, 4)
    run = run * _MIX
    if size > RUN:
        run = run[: len(letters) - size + 1] ^ two[8 : len(letters) - size + 9]
        run *= _PRIME
    run ^= run >> np.uint64(29)
    run *= _MIX
    of = np.repeat(np.arange(begin, begin + len(lengths)), lengths)
    whole = of[: len(run)] == of[size - 1 :]
    if every > 1:
        whole &= (run >> np.uint64(8)) % np.uint64(every) == 0
    mixed: npt.NDArray[np.uint64] = run[whole] >> np.uint64(bits + 1) << np.uint64(bits) | of[: len(run)][whole].astype(np.uint64)
    return mixed


def _beside(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64], letters: int) -> npt.NDArray[np.uint64]:
    """At each place what stands there, and so many letters further what stands there, as one number."""
    count = min(len(left), len(right) - letters)
    return left[:count] | (right[letters : letters + count] << np.uint64(8 * letters))


def _enough(a: Whole, b: Whole, size: Whole, weight: npt.NDArray[Any], fewest: int) -> pl.DataFrame:
    """Of one block of comparisons the pairs that share enough. Buckets are counted first, so that the few that may be enough are sorted alone."""
    key = a * len(size) + b
    bucket = ((key.astype(np.uint64) * _MIX) >> np.uint64(44)).astype(np.int64)
    load = np.bincount(bucket, minlength=_BUCKETS)
    smallest = float(weight.min()) if len(weight) else 0.0
    key, shared = np.unique(key[load[bucket] >= max(2 * LEAST / (1 + LEAST) * smallest, fewest)], return_counts=True)
    a, b = np.divmod(key, max(len(size), 1))
    jaccard = shared / np.maximum(weight[a] + weight[b] - shared, 1)
    inside = shared / np.maximum(np.minimum(weight[a], weight[b]), 1)
    good = ((jaccard >= LEAST) | (inside >= INSIDE)) & (shared >= fewest)
    return pl.DataFrame({"a": a[good], "b": b[good], "jaccard": np.minimum(jaccard[good], 1.0), "inside": np.minimum(inside[good], 1.0)})
