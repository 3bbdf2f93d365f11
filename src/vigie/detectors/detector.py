"""The contract of a detector: what convinces it, and how it says so.

A detector of requests sees *places*: the path, each parameter, the agent, the referrer … each with its
raw text and its decoded readings. Rules (YAML in `vigie/rules`) find candidates; `confirm`, when there is one,
decides by structure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vigie.detectors.rule import Rule
from vigie.records import Record


@dataclass(frozen=True, slots=True)
class Place:
    """One spot of a request where an attacker can write.

    Attributes:
        where: `target` (path and query as one text), `path`, `query`, `name` (of a parameter), `body`, `agent`,
            `referrer`, `cookie`, `method`, `request` (the whole field when it is no request line).
        name: the parameter's name, else "".
        raw: the text exactly as logged.
        texts: readings of `raw`, least decoded first (percent, double percent, entities, escapes, base64 …), no duplicates,
            each at most 8,192 characters. `texts[0]` is `raw` unless raw is percent-encoded or `+`-encoded.
    """

    where: str
    name: str
    raw: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What convinced a detector in one place.

    Attributes:
        rule: id of the rule.
        text: the reading that convinced (a part of one of `Place.texts`), at most 512 characters.
        confidence: 0..1.
        kind: narrows the family; "" when it does not.
        tool: name of the tool when the text gives it away; "" otherwise.
        skeleton: the payload with numbers and random words abstracted, "" when sharing it proves nothing.
    """

    rule: str
    text: str
    confidence: float
    kind: str = ""
    tool: str = ""
    skeleton: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Detector:
    """One way of finding one family of attack.

    Compared by identity: compiled patterns are kept per detector.

    Attributes:
        name: `family.how`.
        family: the attack family of the architecture.
        reads: the kind of record.
        rules: the patterns, candidates or sufficient by themselves.
        confirm: (reading, place) → finding or None; asked for each reading in which a rule with `structure: true` matched
            (and once per reading, not once per rule). None when rules decide alone.
    """

    name: str
    family: str
    reads: Record
    rules: tuple[Rule, ...]
    confirm: Callable[[str, Place], Finding | None] | None = None
