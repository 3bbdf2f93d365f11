"""Competing hypotheses about who made a set of attacks: the words of the method, and what they may hold.

A *hypothesis* is a full explanation of the whole set; they exclude each other. An *item of evidence* is one statement with a source, a grade
and references that open raw lines. A *rating* says how well an item fits a hypothesis, from -2 (very inconsistent) to +2 (very consistent):
"if this were true, how surprised would I be?" The program counts, proposes and checks; a person signs.

References:
    - R. J. Heuer, Psychology of Intelligence Analysis, 1999, chapter 8 (analysis of competing hypotheses)
    - NATO STANAG 2511 / AJP-2.1 (Admiralty grades: reliability of the source A-F, credibility of the statement 1-6)
    - Office of the Director of National Intelligence, ICD 203, Analytic Standards, 2015 (words of likelihood, and confidence apart)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

RELIABILITY: Final[Mapping[str, float]] = {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.35, "E": 0.1, "F": 0.0}
"""What a source's grade weighs; F, "cannot be judged", weighs nothing and is not "false"."""
CREDIBILITY: Final[Mapping[int, float]] = {1: 1.0, 2: 0.8, 3: 0.6, 4: 0.35, 5: 0.1, 6: 0.0}
"""What a statement's grade weighs; 6 is "cannot be judged"."""
WORST, BEST = -2, 2
"""Bounds of a rating."""

LIKELIHOODS: Final = ("almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain")
"""ICD 203, in order: 1-5, 5-20, 20-45, 45-55, 55-80, 80-95, 95-99 per cent."""
BOUNDS: Final = (0.05, 0.20, 0.45, 0.55, 0.80, 0.95)
CONFIDENCES: Final = ("low", "moderate", "high")

MANDATORY: Final = ("opportunistic", "unknown")
"""Hypotheses that every case holds."""
YARDSTICK: Final = "unknown"
"""Nothing speaks against it, so it never loses: it measures the others."""
ALIKE: Final = ("last_hop", "relays")
"""Kinds of evidence that fit every hypothesis alike, whatever anybody rates: anyone may use any machine as the last on the way."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation of the whole set.

    Attributes:
        id: a short word, unique in its case.
        text, text_fr: what it says.
        ours: one of vigie's own; the others are the team's words.
    """

    id: str
    text: str
    text_fr: str = ""
    ours: bool = False

    def said(self, lang: str) -> str:
        """Its text in a language; the other one where there is none."""
        return self.text_fr if lang == "fr" and self.text_fr else self.text


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement that can be true or false.

    Attributes:
        id: a short word, unique in its case.
        kind: what was computed (`tools`, `bespoke` …), or "other" for what a person adds.
        text, text_fr: the statement.
        source: what it comes from; items of one source are not independent.
        reliability: of the source, a key of `RELIABILITY`.
        credibility: of the statement, a key of `CREDIBILITY`.
        ratings: by hypothesis, -2 … 2; what is missing is 0.
        why, why_fr: the reason of the ratings.
        refs: ids that `vigie explain` leads to raw lines from.
        document: where it can be looked up when it is no line of a log.
        count, of: how many attacks of how many it speaks of; None where that means nothing.
        found_by: the query that gives every id.
        alone: options that choose its attacks alone, where they are too few to speak of the whole set.
        author, date: who entered it, and when.
    """

    id: str
    kind: str
    text: str
    source: str
    reliability: str
    credibility: int
    ratings: Mapping[str, int]
    text_fr: str = ""
    why: str = ""
    why_fr: str = ""
    refs: tuple[str, ...] = ()
    document: str = ""
    count: int | None = None
    of: int | None = None
    found_by: str = ""
    alone: str = ""
    author: str = ""
    date: str = ""

    def said(self, lang: str) -> str:
        """Its statement in a language; the other one where there is none."""
        return self.text_fr if lang == "fr" and self.text_fr else self.text

    def reason(self, lang: str) -> str:
        """Why it is rated as it is."""
        return self.why_fr if lang == "fr" and self.why_fr else self.why

    def rating(self, hypothesis: str) -> int:
        """What counts: 0 for what fits all alike."""
        return 0 if self.kind in ALIKE else self.ratings.get(hypothesis, 0)

    @property
    def weight(self) -> float:
        """Reliability times credibility, 0..1."""
        return RELIABILITY[self.reliability] * CREDIBILITY[self.credibility]


@dataclass(frozen=True, slots=True)
class Signature:
    """A person's judgement.

    Attributes:
        name: of the person.
        date: when, as a day.
        judgement: in the person's own words.
        evidence: ids of the items that it rests on.
        likelihood, confidence: the person's words, "" where they are not given.
        matrix: the state of the file that was signed (`Case.digest`), "" where it is not told.
    """

    name: str
    date: str
    judgement: str
    evidence: tuple[str, ...]
    likelihood: str = ""
    confidence: str = ""
    matrix: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which attacks.

    Attributes:
        attacks: how many.
        first, last: beginning of the first and of the last, UTC.
        addresses: different addresses that a log tells.
        asked: the options that chose them, as they were written.
        snapshot: state of the archive.
    """

    attacks: int
    first: datetime
    last: datetime
    addresses: int
    asked: str = ""
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Hypotheses against evidence for one set of attacks, and perhaps a person's judgement."""

    chosen: Chosen
    hypotheses: tuple[Hypothesis, ...]
    evidence: tuple[Evidence, ...]
    signature: Signature | None = None

    @property
    def digest(self) -> str:
        """Names the state of hypotheses, evidence and ratings, so that a signature can say what it is under."""
        rows = [asdict(self.chosen), *map(asdict, self.hypotheses), *map(asdict, self.evidence)]
        text = json.dumps(rows, sort_keys=True, ensure_ascii=True, default=_stamped)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _stamped(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


DEFAULTS: Final = (
    Hypothesis("opportunistic", "opportunistic background: programs and people who try every site and mean none in particular",
               "fond opportuniste : des programmes et des gens qui essaient tous les sites et n'en visent aucun", ours=True),
    Hypothesis("criminal", "criminal: somebody after this organisation's money or data to sell",
               "crapuleux : quelqu'un qui en veut à l'argent de cette organisation, ou à des données à vendre", ours=True),
    Hypothesis("activist", "activist: one or several actors with a political aim of their own",
               "militant : un ou plusieurs acteurs, avec un but politique qui leur est propre", ours=True),
    Hypothesis("state_linked", "state-linked actor: somebody who works for a state (the program never says which)",
               "acteur lié à un État : quelqu'un qui travaille pour un État (le programme ne dit jamais lequel)", ours=True),
    Hypothesis("unknown", "unknown: none of these", "inconnu : aucun de ceux-là", ours=True),
)  # fmt: skip
"""Hypotheses to begin with; the team adds its own in a file."""
