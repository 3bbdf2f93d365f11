"""Texts that are cut from one template: numbers or names change, the rest stands.

Somebody may post a template a hundred thousand times, so no pairs of its texts are needed: those whose numbers alone differ are one group by their masked form, of which a
few stand for all; names in slots are found around the text that is most alike to others, in a sample of its neighbours, and every other text is held against what stands fast.

References:
    - Measured: of 669 pairs of similar texts in a sample of 20,000, one template made 528
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from vigie.social.copies_differences import COPY, Difference, Words

Whole = npt.NDArray[np.int64]
Compare = Callable[[int, int], Difference]

MEMBERS: Final = 5
"""Texts that make a template."""
FRAME, FRAME_WORDS = 0.5, 3
"""Share of a template's words, and how many of them, that must stand in every member."""
ROUNDS: Final = 30
"""Middles of one component that are tried."""
SAMPLED: Final = 200
"""Texts around a middle whose differences tell the slots."""
COMPARED: Final = 60_000
"""Texts that are compared with a middle word by word, in all."""
MASKED: Final = 50
"""Texts of one masked form from which a few stand for all."""
STANDING: Final = 25
"""Texts that stand for those of their masked form, evenly by time."""
SLOT: Final = 8
"""Words that a slot may hold."""
LONGEST: Final = 100
"""Words of a middle up to which other texts are held against what stands fast in it; around a longer one only the sample counts."""

_NUMBER: Final = r"[^ ]*\d[^ ]*"


@dataclass(frozen=True)
class Family:
    """Texts that are one, by index; `near` tells each member's similarity to `middle`."""

    kind: str
    middle: int
    near: Mapping[int, float]


def masked(forms: pl.Series) -> list[Whole]:
    """Groups of more than `MASKED` texts whose numbers alone differ, as indexes, in order of the first.

    Args:
        forms: distinct normal forms.
    """
    frame = pl.DataFrame({"form": forms, "index": np.arange(len(forms))}).filter(pl.col("form").str.contains(r"\d"))
    bare = frame.with_columns(mask=pl.col("form").str.replace_all(_NUMBER, "0"))
    groups = bare.group_by("mask").agg(pl.col("index").sort()).filter(pl.col("index").list.len() > MASKED)
    words = pl.col("mask").str.count_matches(" ", literal=True).cast(pl.Int64) + 1
    fast = words - pl.col("mask").str.count_matches(r"\b0\b").cast(pl.Int64)
    enough = groups.filter((fast >= FRAME * words) & (fast >= FRAME_WORDS))
    return sorted((one.to_numpy() for one in enough["index"]), key=lambda one: int(one[0]))


def standing(group: Whole) -> Whole:
    """Those of a group that stand for all."""
    return group[np.unique(np.linspace(0, len(group) - 1, STANDING).astype(np.int64))]


def filled(found: list[Family], groups: list[Whole], forms: pl.Series) -> list[Family]:
    """Templates with all texts of the masked forms whose standing texts they hold; a masked form of which none is held is a template of its own."""
    whole = [dict(family.near) for family in found]
    of = {one: at for at, near in reversed(list(enumerate(whole))) for one in near}
    more: list[Family] = []
    for group in groups:
        held = Counter(of[one] for one in standing(group).tolist() if one in of)
        at = min(held, key=lambda one: (-held[one], one)) if held else None
        middle = int(group[0]) if at is None else found[at].middle
        fresh = [one for one in group.tolist() if one not in of]
        near = _near(middle, fresh, forms)
        if at is None:
            more.append(Family("TEMPLATE", middle, near))
        else:
            whole[at] |= near
    return [Family(family.kind, family.middle, near) for family, near in zip(found, whole, strict=True)] + more


def templates(pairs: Iterable[tuple[int, int]], wider: Iterable[tuple[int, int]], forms: pl.Series, words: Callable[[int], Words], compare: Compare) -> tuple[list[Family], int]:
    """Families of at least `MEMBERS` texts whose differences from the middle one fall into the same places, and how many texts were left because there were too many.

    Args:
        pairs: texts that are alike, whatever their difference does.
        wider: texts that share enough to be looked at, so that a long name in a slot keeps nobody out.
        forms: normal form of each text.
        words: of a text.
        compare: the difference of two texts, by index.
    """
    found: list[Family] = []
    around = neighbours(wider)
    spent = left = 0
    for group in sorted(components(pairs), key=lambda one: -len(one)):
        rest = group
        more = {other for one in group for other in around.get(one, ())} - group.keys()
        for _ in range(ROUNDS):
            if len(rest) < MEMBERS:
                break
            if spent > COMPARED:
                left += len(rest)
                break
            middle = most_linked(rest)
            close = sorted(rest[middle])
            whole = [*_evenly(close), *sorted((rest.keys() | more) - set(_evenly(close)) - {middle})]
            spent += min(len(whole), SAMPLED)
            family = _template(middle, whole, forms, words, compare)
            gone = set(family.near) if family else {middle}
            if family:
                found.append(family)
            more -= gone
            rest = {one: links - gone for one, links in rest.items() if one not in gone}
    return found, left


def components(pairs: Iterable[tuple[int, int]]) -> list[dict[int, set[int]]]:
    """Neighbours of each text, by connected component, in order of the first text."""
    links = neighbours(pairs)
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


def neighbours(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """The other texts of each text's pairs."""
    links: dict[int, set[int]] = {}
    for a, b in pairs:
        links.setdefault(a, set()).add(b)
        links.setdefault(b, set()).add(a)
    return links


def most_linked(group: Mapping[int, set[int]]) -> int:
    """The text with most neighbours, the earliest of several."""
    return max(group, key=lambda one: (len(group[one]), -one))


def _evenly(texts: Sequence[int]) -> Sequence[int]:
    """At most `SAMPLED` of them, evenly."""
    return texts if len(texts) <= SAMPLED else [texts[at * len(texts) // SAMPLED] for at in range(SAMPLED)]


def _near(middle: int, texts: Sequence[int], forms: pl.Series) -> dict[int, float]:
    """Similarity of texts to a middle one, without blanks."""
    bare = forms.gather([middle, *texts]).str.replace_all(" ", "", literal=True).to_list()
    scores: Any = cdist(bare[:1], bare[1:], scorer=Levenshtein.normalized_similarity, dtype=np.float64)[0] if texts else ()
    return {one: float(score) for one, score in zip(texts, scores, strict=True)}


def _template(middle: int, group: list[int], forms: pl.Series, words: Callable[[int], Words], compare: Compare) -> Family | None:
    """The members of a group that differ from the middle text in the same places, if they are enough and really differ."""
    length = len(words(middle).words)
    places: dict[int, set[int]] = {}
    real = set()
    for one in group[:SAMPLED]:
        found = compare(middle, one)
        places[one] = {place for begin, end, _, _ in found.hunks for place in (range(2 * begin + 1, 2 * end, 2) if end > begin else (2 * begin,))}
        if found.type != COPY:
            real.add(one)
    support = Counter(place for one in places.values() for place in one)
    slots = {place for place, count in support.items() if count >= MEMBERS - 1}
    allowed = slots | {place + step for place in slots if place % 2 for step in (-1, 1)}
    inside = [one for one, some in places.items() if some <= allowed and some]
    frame = length - sum(place % 2 for place in slots)
    if len(inside) < MEMBERS - 1 or len(real.intersection(inside)) < MEMBERS - 1 or frame < max(FRAME * length, FRAME_WORDS):
        return None
    rest = group[SAMPLED:]
    if rest and length <= LONGEST:
        fits = (forms.gather(rest) + " ").str.contains(_frame(words(middle).words, allowed))
        inside += [one for one, fit in zip(rest, fits.to_list(), strict=True) if fit]
    return Family("TEMPLATE", middle, {middle: 1.0} | _near(middle, inside, forms))


def _frame(words: Sequence[str], allowed: set[int]) -> str:
    """What stands fast in a template, as a pattern over words that a blank follows each: place 2 n is before word n, place 2 n + 1 the word itself."""
    parts: list[str] = []
    any_words = rf"(?:[^ ]+ ){{0,{SLOT}}}"
    for place in range(2 * len(words) + 1):
        if place not in allowed:
            parts += [re.escape(words[place // 2]) + " "] if place % 2 else []
        elif not parts or parts[-1] != any_words:
            parts.append(any_words)
    return "^" + "".join(parts) + "$"
