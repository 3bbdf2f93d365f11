"""Whether a near copy says the same as its original: the words by which two texts differ, and what those words do.

A denial of a rumour shares all its words but one. So a pair is a copy only if what differs is put in front or behind, cut off, an inflection or a slip of the pen;
a word that denies, a number, a day, or another word in the same place makes it something else, however alike the texts are.

References:
    - Measured with D3lta 1.0.2: "Les chats sont gris" and "Les chats ne sont pas gris" came out as copies
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from vigie.social.copies_words import (
    ANTONYMS,
    DATES,
    DENIALS,
    DOUBTS,
    ENDINGS,
    FUNCTION,
    NEGATING,
    NUMBERS,
    ORNAMENTS,
    TURNS,
)
from vigie.social.texts import LONGEST

COPY, TEMPLATE, CONTRADICTS, REWORDED, SAME_ANCHORS, SAME_SUBJECT = "COPY", "TEMPLATE", "CONTRADICTS", "REWORDED", "SAME_ANCHORS", "SAME_SUBJECT"
TYPES: Final = (COPY, TEMPLATE, CONTRADICTS, REWORDED, SAME_ANCHORS, SAME_SUBJECT)
"""Of a pair of texts. Equal normal forms (EXACT) are one text and no pair. COPY is a fact; the others are proposals to a person."""

REASONS: Final = ("same_words", "added", "cut_off", "inflection", "denial", "turn", "opposite", "number", "date", "other_word", "order", "inside")
"""What the words that differ do, in the order in which they are weighed from the right for a pair that shows several."""

LONG: Final = 12
"""Words in common from which a word put into the middle leaves a copy a copy."""
SIDE: Final = 6
"""Words in common for each word put into the middle: who adds many tells more."""
TOO_MANY: Final = 2_500
"""Words that differ on one side times those on the other, beyond which nobody looks which stands for which: no copy."""


_CAPITAL = re.compile(r"(?<=[\w,;:’'\"«(@#-][ ’'])[A-ZÀ-ÖØ-Þ][\w-]*|(?<=[#@])[A-ZÀ-ÖØ-Þ]\w*")
_DOTS = re.compile(r"(?:…|\.\.\.)[\"»”’' ]{0,3}(?: ?https?://\S{1,100}){0,3}\s{0,3}$")


@dataclass(frozen=True)
class Difference:
    """What tells two texts apart.

    Attributes:
        type: COPY, TEMPLATE, CONTRADICTS or REWORDED, as far as words tell.
        reason: one of `REASONS`.
        only_a: words of the first text alone, with their places in it.
        only_b: words of the second alone.
        hunks: stretches that differ: (begin in a, end in a, begin in b, end in b), in words.
    """

    type: str
    reason: str
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    hunks: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True)
class Words:
    """A text as it is compared word by word.

    Attributes:
        words: of its normal form.
        names: those of them that the original writes with a capital letter inside a sentence: a name is never the slip of another name.
        cut: whether the original ends in dots, as where a platform cut it off.
    """

    words: tuple[str, ...]
    names: frozenset[str] = frozenset()
    cut: bool = False


def words_of(form: str, original: str | None = None) -> Words:
    """The words of a normal form, with what only the original shows."""
    original = (original or "")[:LONGEST]
    names = {plain for word in _CAPITAL.findall(original) for plain in _plain(word).split()}
    return Words(tuple(form.split()), frozenset(names), bool(_DOTS.search(original[-200:])))


def _plain(word: str) -> str:
    """A word in the spelling of normal forms."""
    return "".join(one if one.isalnum() else " " for one in unicodedata.normalize("NFD", word.lower()) if not "\u0300" <= one <= "\u036f")


def difference(first: Words, second: Words, *, inside: bool = False) -> Difference:
    """What differs between two texts, and what it does.

    Args:
        first: one text.
        second: the other.
        inside: one is quoted within the other, so of what stands around it only words that deny or doubt count.
    """
    if inside:
        return _quoted(first, second)
    a, b = first.words, second.words
    hunks = tuple((code.src_start, code.src_end, code.dest_start, code.dest_end) for code in Levenshtein.opcodes(a, b) if code.tag != "equal")
    joined = _joined(hunks)
    only_a, only_b = (tuple(word for hunk in joined for word in words[hunk[at] : hunk[at + 1]]) for words, at in ((a, 0), (b, 2)))
    cut = bool(joined) and _cut_off(first, second, joined[-1])
    kind, reason = _judged(a, b, joined, only_a, only_b, cut=cut, names=first.names | second.names)
    return Difference(kind, reason, only_a, only_b, joined)


def _quoted(first: Words, second: Words) -> Difference:
    """The difference of a text and a longer one that quotes it: within the quotation every word counts."""
    turned = len(first.words) > len(second.words)
    short, long = (second, first) if turned else (first, second)
    place = partial_ratio_alignment(short.words, long.words)
    begin, end = (place.dest_start, place.dest_end) if place else (0, len(long.words))
    found = difference(short, Words(long.words[begin:end], long.names))
    around = (*long.words[:begin], *long.words[end:])
    hunks = [(a, b, c + begin, d + begin) for a, b, c, d in found.hunks]
    whole = [(0, 0, 0, begin)] * (begin > 0) + hunks + [(len(short.words), len(short.words), end, len(long.words))] * (end < len(long.words))
    kind, reason = (COPY, "inside") if found.type in (COPY, REWORDED) else (found.type, found.reason)
    if set(around) & (DENIALS | DOUBTS):
        kind, reason = CONTRADICTS, "denial"
    elif kind == COPY and around and found.reason == "added" and _moved(found.only_a):
        kind, reason = TEMPLATE, "order" if set(found.only_a) & set(around) else "other_word"
    sides = (found.only_a, (*long.words[:begin], *found.only_b, *long.words[end:]))
    if turned:
        return Difference(kind, reason, sides[1], sides[0], _joined([(c, d, a, b) for a, b, c, d in whole]))
    return Difference(kind, reason, *sides, _joined(whole))


def aligned(first: Words, second: Words, found: Difference) -> str:
    """Both texts as one line: what differs stands as [of a → of b]."""
    a, b = first.words, second.words
    parts: list[str] = []
    at = 0
    for begin_a, end_a, begin_b, end_b in found.hunks:
        parts += a[at:begin_a]
        parts.append(f"[{' '.join(a[begin_a:end_a])} → {' '.join(b[begin_b:end_b])}]")
        at = end_a
    return " ".join([*parts, *a[at:]])


def _joined(hunks: Sequence[tuple[int, int, int, int]]) -> tuple[tuple[int, int, int, int], ...]:
    """Stretches that touch as one."""
    found: list[tuple[int, int, int, int]] = []
    for hunk in hunks:
        touches = bool(found) and found[-1][1] == hunk[0] and found[-1][3] == hunk[2]
        before = found.pop() if touches else hunk
        found.append((before[0], hunk[1], before[2], hunk[3]))
    return tuple(found)


def _judged(
    a: Sequence[str], b: Sequence[str], hunks: tuple[tuple[int, int, int, int], ...], only_a: tuple[str, ...], only_b: tuple[str, ...],
    *, cut: bool, names: frozenset[str],
) -> tuple[str, str]:  # fmt: skip
    """Type and reason."""
    if not hunks or "".join(only_a) == "".join(only_b):
        return (COPY, "same_words") if _figures(a) == _figures(b) else (CONTRADICTS, "number")
    extra_a, extra_b = Counter(only_a) - Counter(only_b), Counter(only_b) - Counter(only_a)
    left, right = (list(one.elements()) for one in (extra_a, extra_b))
    changed = {*left, *right}
    if changed & DENIALS:
        return CONTRADICTS, "denial"
    if len(left) * len(right) > TOO_MANY:
        return TEMPLATE, "other_word"
    if any(frozenset((x, y)) in ANTONYMS or _turned(x, y) for x in set(left) for y in set(right)):
        return CONTRADICTS, "opposite"
    if changed & TURNS and not cut:
        return CONTRADICTS, "turn"
    tail = {*a[hunks[-1][0] : hunks[-1][1]], *b[hunks[-1][2] : hunks[-1][3]]} if cut else set()
    if any(word in NUMBERS or any(letter.isdigit() for letter in word) for word in changed - tail):
        return CONTRADICTS, "number"
    if changed & DATES - tail:
        return CONTRADICTS, "date"
    left, right = _unpaired(left, right, names)
    left, right = ([word for word in one if word not in FUNCTION and word not in ORNAMENTS and len(word) > 1] for one in (left, right))
    if cut:
        left, right = ([word for word in one if word not in tail] for one in (left, right))
    if left and right:
        return TEMPLATE, "other_word"
    if not extra_a and not extra_b:
        return (TEMPLATE, "order") if _moved(only_a) else (COPY, "same_words")
    if _moved([word for word in only_a if word in only_b]):
        return TEMPLATE, "order"
    if cut and not left and not right:
        return COPY, "cut_off"
    if not left and not right:
        return COPY, "inflection"
    return _added(a, b, hunks)


def _figures(words: Sequence[str]) -> str:
    """The numbers of a text in their order: 4.5 and 5.4 have the same parts."""
    return "".join(word for word in words if any(letter.isdigit() for letter in word))


def _added(a: Sequence[str], b: Sequence[str], hunks: tuple[tuple[int, int, int, int], ...]) -> tuple[str, str]:
    """One text has more words than the other, none of which turns the sense."""
    middle = [hunk for hunk in hunks if not (hunk[0] == 0 and hunk[2] == 0) and not (hunk[1] == len(a) and hunk[3] == len(b))]
    common = min(len(a) - sum(hunk[1] - hunk[0] for hunk in hunks), len(b) - sum(hunk[3] - hunk[2] for hunk in hunks))
    heavy = [word for hunk in middle for word in (*a[hunk[0] : hunk[1]], *b[hunk[2] : hunk[3]]) if word not in FUNCTION and word not in ORNAMENTS]
    return (COPY, "added") if not heavy or common >= max(LONG, SIDE * len(heavy)) else (REWORDED, "added")


def _cut_off(first: Words, second: Words, hunk: tuple[int, int, int, int]) -> bool:
    """Whether the last difference is that a text that ends in dots stops where the other goes on, after a word or in the middle of one."""
    a, b = first.words, second.words
    begin_a, end_a, begin_b, end_b = hunk
    if end_a != len(a) or end_b != len(b) or min(begin_a, begin_b) < 4:
        return False
    return any(
        short.cut and len(rest) <= 1 and (not rest or (rest[0].isalpha() and bool(more) and more[0].startswith(rest[0])))
        for short, rest, more in ((first, a[begin_a:], b[begin_b:]), (second, b[begin_b:], a[begin_a:]))
    )


def _unpaired(left: list[str], right: list[str], names: frozenset[str]) -> tuple[list[str], list[str]]:
    """Words of both sides without those that are inflections or slips of each other."""
    right = list(right)
    alone = []
    for word in left:
        other = next((one for one in right if _same_word(word, one) and not (word in names and one in names)), None)
        if other is None:
            alone.append(word)
        else:
            right.remove(other)
    return alone, right


def _same_word(a: str, b: str) -> bool:
    """Whether two words are forms of one: the same beginning and endings of an inflection, or one slip within a long word."""
    same = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    longest = max(len(a), len(b))
    if same >= 3 and a[same:] in ENDINGS and b[same:] in ENDINGS:
        return True
    return same >= 3 and longest >= 7 and Levenshtein.distance(a, b, score_cutoff=1) <= 1


def _turned(a: str, b: str) -> bool:
    """Whether one word is the other with a beginning that turns it round."""
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and long.endswith(short[1:]) and any(long == head + short for head in NEGATING)


def _moved(words: Sequence[str]) -> bool:
    """Whether words that carry a fact stand elsewhere."""
    return any(word not in FUNCTION and word not in ORNAMENTS for word in words)
