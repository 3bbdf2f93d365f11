"""Whether somebody changes what is sent by what came back: small edits of one payload, after answers that differ.

Tools go through lists; who looks at the answer sends the same thing again, changed a little. The measure is linear in the length of the
text, since the text is an attacker's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LOOKED_AT: Final = 200
"""Signals of one source on one place that are looked at closely, the earliest; what a person makes has seldom more."""
BACK: Final = 12
"""Earlier payloads of the same place that one is compared with."""
ALIKE: Final = 0.4
"""Share of their parts that two payloads have in common, from which on one is an edit of the other."""
LEAST: Final = 3
"""Different payloads on one place that are needed."""
_LONGEST: Final = 512
_PARTS: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Try:
    """One payload and what came back.

    Attributes:
        text: decoded payload.
        status: HTTP status, -1 for none.
        size: bytes of the answer, -1 for unknown.
    """

    text: str
    status: int
    size: int


@dataclass(frozen=True, slots=True)
class Adapted:
    """How a payload was adapted.

    Attributes:
        payloads: different payloads.
        edits: how many of them are an edit of an earlier one.
        answers: how often the answer changed and the next payload differed.
    """

    payloads: int
    edits: int
    answers: int


def adapted(tries: Sequence[Try]) -> Adapted | None:
    """Say whether payloads on one place follow the answers.

    Args:
        tries: those of one source on one place, in order of time; at most `LOOKED_AT` are looked at.

    Returns:
        None where fewer than `LEAST` payloads differ, fewer than two of them or fewer than half are small edits of an earlier one, or no
        answer changed before a payload did.
    """
    kept: list[Counter[str]] = []
    texts: set[str] = set()
    edits = 0
    for one in tries[:LOOKED_AT]:
        text = one.text[:_LONGEST].lower()
        if text in texts:
            continue
        parts = parts_of(text)
        if any(likeness(parts, earlier) >= ALIKE for earlier in kept[-BACK:]):
            edits += 1
        kept.append(parts)
        texts.add(text)
    if len(texts) < LEAST or edits < LEAST - 1 or 2 * edits < len(texts) - 1:
        return None
    answers = _answers(tries[:LOOKED_AT])
    return Adapted(len(texts), edits, answers) if answers else None


def _answers(tries: Sequence[Try]) -> int:
    """How often the answer to a payload differs from the one before, and another payload follows."""
    changed = 0
    for before, now, then in zip(tries, tries[1:], tries[2:], strict=False):
        differs = before.status != now.status or (before.size != now.size and min(before.size, now.size) >= 0)
        changed += differs and then.text != now.text
    return changed


def parts_of(text: str) -> Counter[str]:
    """Words, numbers and signs of a text, each with how often it stands there; white space is none."""
    return Counter(_PARTS.findall(text))


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Share (0..1) of the parts of two texts that both have (Dice)."""
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 1.0
