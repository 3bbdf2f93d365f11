"""Texts that are one: templates whose changes fall into the same places, and copies that all lie close to one of them.

A chain of small changes can lead from one story to another, so no family is a connected component: each member is compared with the family's middle text.

References:
    - Measured: of 669 pairs of similar texts in a sample of 20,000, one template made 528
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from vigie.social.copies_differences import COPY, Difference, Words

MEMBERS: Final = 5
"""Texts that make a template."""
FRAME: Final = 0.5
"""Share of a template's words that must stand in every member."""
NEAR: Final = 0.8
"""Similarity to the middle text that a member of a family has."""
LARGEST: Final = 20_000
"""Texts of one component that are compared with its middle; beyond, neighbours only."""
ROUNDS: Final = 30
"""Middles of one component that are compared with all that is left; beyond, neighbours only."""


@dataclass(frozen=True)
class Family:
    """Texts that are one, by index; `near` tells each member's similarity to `middle`."""

    kind: str
    middle: int
    near: Mapping[int, float]


Compare = Callable[[int, int], Difference]


def templates(
    pairs: Iterable[tuple[int, int]], wider: Iterable[tuple[int, int]], words: Callable[[int], Words], compare: Compare
) -> list[Family]:  # fmt: skip
    """Families of at least `MEMBERS` texts whose differences from the middle one fall into the same places.

    Args:
        pairs: texts that are alike, whatever their difference does.
        wider: texts that share enough to be looked at, so that a long name in a slot keeps nobody out.
        words: of a text.
        compare: the difference of two texts, by index.
    """
    found = []
    around = _neighbours(wider)
    for group in _components(pairs):
        rest = group
        if len(rest) < MEMBERS:
            continue
        for _ in range(ROUNDS):
            if len(rest) < MEMBERS:
                break
            middle = _most_linked(rest)
            more = {other for one in rest for other in around.get(one, ())} - group.keys()
            family = _template(middle, [*rest, *sorted(more)][:LARGEST], words, compare)
            gone = set(family.near) if family else {middle}
            if family:
                found.append(family)
            rest = {one: links - gone for one, links in rest.items() if one not in gone}
    return found


def copies(pairs: Iterable[tuple[int, int]], compact: Sequence[str], compare: Compare) -> list[Family]:
    """Families of copies: every member is a copy of the middle text and within `NEAR` of it.

    Args:
        pairs: texts that are copies of each other and within `NEAR`.
        compact: each text without blanks.
        compare: the difference of two texts, by index.
    """
    found = []
    for group in _components(pairs):
        rest, turn = group, 0
        while rest:
            middle = _most_linked(rest)
            near = {middle: 1.0} | {one: Levenshtein.normalized_similarity(compact[middle], compact[one]) for one in rest[middle]}
            if turn < ROUNDS and len(rest) <= LARGEST:
                others = [one for one in rest if one not in near]
                scores = cdist([compact[middle]], [compact[one] for one in others], scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR)[0] if others else []
                near |= {one: float(score) for one, score in zip(others, scores, strict=True) if score >= NEAR and compare(middle, one).type == COPY}
            if len(near) > 1:
                found.append(Family(COPY, middle, near))
            rest = {one: links - near.keys() for one, links in rest.items() if one not in near}
            turn += 1
    return found


def _components(pairs: Iterable[tuple[int, int]]) -> list[dict[int, set[int]]]:
    """Neighbours of each text, by connected component, in order of the first text."""
    links = _neighbours(pairs)
    found: list[dict[int, set[int]]] = []
    seen: set[int] = set()
    for start in sorted(links):
        if start in seen:
            continue
        seen.add(start)
        stack, group = [start], {}
        while stack:
            one = stack.pop()
            group[one] = set(links[one])
            fresh = links[one] - seen
            seen |= fresh
            stack += fresh
        found.append(dict(sorted(group.items())))
    return found


def _neighbours(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """The other texts of each text's pairs."""
    links: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        links[a].add(b)
        links[b].add(a)
    return links


def _most_linked(group: Mapping[int, set[int]]) -> int:
    """The text with most neighbours, the earliest of several."""
    return max(group, key=lambda one: (len(group[one]), -one))


def _template(middle: int, group: Sequence[int], words: Callable[[int], Words], compare: Compare) -> Family | None:
    """The members of a group that differ from the middle text in the same places, if they are enough and really differ."""
    length = len(words(middle).words)
    places: dict[int, set[int]] = {}
    real = set()
    for one in group:
        if one != middle:
            found = compare(middle, one)
            places[one] = {place for begin, end, _, _ in found.hunks for place in (range(2 * begin + 1, 2 * end, 2) if end > begin else (2 * begin,))}
            if found.type != COPY:
                real.add(one)
    support = Counter(place for one in places.values() for place in one)
    slots = {place for place, count in support.items() if count >= MEMBERS - 1}
    allowed = slots | {place + step for place in slots if place % 2 for step in (-1, 1)}
    inside = [one for one, some in places.items() if some <= allowed and some]
    frame = length - sum(place % 2 for place in slots)
    if len(inside) < MEMBERS - 1 or len(real.intersection(inside)) < MEMBERS - 1 or frame < max(FRAME * length, 3):
        return None
    text = "".join(words(middle).words)
    return Family("TEMPLATE", middle, {middle: 1.0} | {one: Levenshtein.normalized_similarity(text, "".join(words(one).words)) for one in inside})
