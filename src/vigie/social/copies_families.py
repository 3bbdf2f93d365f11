"""Copies that are one family: all lie close to one of them.

A chain of small changes can lead from one story to another, so no family is a connected component: each member is compared with the family's middle text.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from vigie.social.copies_differences import COPY
from vigie.social.copies_templates import Compare, Family, components

NEAR: Final = 0.8
"""Similarity to the middle text that a member of a family has."""
LARGEST: Final = 20_000
"""Texts of one component that are compared with its middle; beyond, neighbours only."""
ROUNDS: Final = 30
"""Middles of one component that are compared with all that is left; beyond, neighbours only."""
COMPARED: Final = 60_000
"""Texts that are no neighbours of a middle and are compared with it word by word, in all; beyond, neighbours only."""

CELLS: Final = 50_000_000_000
"""Letters of a middle times letters of the texts that it is compared with, summed; beyond, neighbours only."""


def copies(pairs: Iterable[tuple[int, int]], compact: Sequence[str], compare: Compare) -> list[Family]:
    """Families of copies: every member is a copy of the middle text and within `NEAR` of it.

    Args:
        pairs: texts that are copies of each other and within `NEAR`.
        compact: each text without blanks.
        compare: the difference of two texts, by index.
    """
    found, spent, cells = [], 0, 0
    for group in components(pairs):
        rest = {one: set(links) for one, links in group.items()}
        for turn, middle in enumerate(_middles(rest)):
            near = {middle: 1.0} | {one: Levenshtein.normalized_similarity(compact[middle], compact[one]) for one in rest[middle]}
            if turn < ROUNDS and len(rest) <= LARGEST and spent <= COMPARED and cells <= CELLS:
                others = [one for one in rest if one not in near]
                cells += len(compact[middle]) * sum(len(compact[one]) for one in others)
                scores = cdist([compact[middle]], [compact[one] for one in others], scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR)[0] if others else []
                close = [(one, float(score)) for one, score in zip(others, scores, strict=True) if score >= NEAR]
                spent += len(close)
                near |= {one: score for one, score in close if compare(middle, one).type == COPY}
            if len(near) > 1:
                found.append(Family(COPY, middle, near))
            for one in near:
                for other in rest.pop(one):
                    if other in rest:
                        rest[other].discard(one)
    return found


def _middles(rest: dict[int, set[int]]) -> Iterator[int]:
    """The text with most neighbours of those that are left, the earliest of several, until none is left; whoever asks takes texts away between."""
    heap = [(-len(links), one) for one, links in rest.items()]
    heapq.heapify(heap)
    while heap:
        many, one = heapq.heappop(heap)
        if one not in rest:
            continue
        if len(rest[one]) != -many:
            heapq.heappush(heap, (-len(rest[one]), one))
            continue
        yield one
