"""Detection patterns, written as YAML with the texts that they must and must not match.

Patterns are in the syntax that Hyperscan and RE2 share: linear time, no look-around, no back-reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

PLACES = ("target", "path", "query", "name", "body", "agent", "referrer", "cookie", "request", "method", "message")


class RuleError(ValueError):
    """A rule file that cannot be used: names the file, the rule and what to change."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must, or must not, signal, and why."""

    text: str
    why: str
    method: str = "GET"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern.

    Attributes:
        id: `family.name`.
        title: one sentence a press officer understands, English; `title_fr` the same in French.
        places: where it looks.
        pattern: applied, without case, to each reading of the place.
        structure: True when the pattern only finds candidates that the detector's `confirm` must decide.
        confidence: of a signal that rests on this rule alone.
        kind: narrows the family; "" when it does not.
        tool: tool that the pattern names; "" otherwise.
        methods: HTTP methods for which the rule speaks; empty for all.
        statuses: HTTP statuses for which the rule speaks; empty for all.
        ids: CAPEC, CWE, ATT&CK identifiers.
        linking: True when two sources sending the same text in the same minutes are likely one actor.
        must: texts that signal. must_not: texts that stay silent.
    """

    id: str
    title: str
    title_fr: str
    places: tuple[str, ...]
    pattern: str
    structure: bool
    confidence: float
    kind: str
    tool: str
    methods: tuple[str, ...]
    statuses: tuple[int, ...]
    ids: tuple[str, ...]
    linking: bool
    must: tuple[Example, ...]
    must_not: tuple[Example, ...]


_KEYS = {
    "id", "title", "title_fr", "places", "pattern", "structure", "confidence", "kind", "tool",
    "methods", "statuses", "ids", "linking", "must", "must_not",
}  # fmt: skip


@cache
def load_rules(name: str) -> tuple[Rule, ...]:
    """Read the shipped file `rules/<name>.yml`.

    Raises:
        RuleError: a key is unknown or missing, a place is unknown, an id does not begin with its family.
    """
    import yaml

    text = resources.files("vigie.rules").joinpath(f"{name}.yml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return parse_rules(yaml.load(text, Loader=loader), name)  # noqa: S506 - a safe loader, C when there is one


def parse_rules(document: object, name: str) -> tuple[Rule, ...]:
    """Turn a loaded rule file into rules.

    Raises:
        RuleError: as `load_rules`.
    """
    if not isinstance(document, dict) or not isinstance(document.get("rules"), list):
        raise RuleError(f"rules/{name}.yml: expected a mapping with a list `rules`")
    return tuple(_rule(entry, name) for entry in document["rules"])


def _rule(entry: dict[str, Any], name: str) -> Rule:
    where = f"rules/{name}.yml, rule {entry.get('id', '?')!r}"
    unknown = set(entry) - _KEYS
    if unknown:
        raise RuleError(f"{where}: unknown key {sorted(unknown)[0]!r}; known: {', '.join(sorted(_KEYS))}")
    missing = {"id", "title", "title_fr", "places", "pattern", "must", "must_not"} - set(entry)
    if missing:
        raise RuleError(f"{where}: missing {', '.join(sorted(missing))}")
    places = tuple(entry["places"])
    if set(places) - set(PLACES):
        raise RuleError(f"{where}: unknown place in {places}; known: {', '.join(PLACES)}")
    return Rule(
        id=str(entry["id"]),
        title=str(entry["title"]),
        title_fr=str(entry["title_fr"]),
        places=places,
        pattern=str(entry["pattern"]),
        structure=bool(entry.get("structure", False)),
        confidence=float(entry.get("confidence", 0.8)),
        kind=str(entry.get("kind", "")),
        tool=str(entry.get("tool", "")),
        methods=tuple(entry.get("methods", ())),
        statuses=tuple(entry.get("statuses", ())),
        ids=tuple(entry.get("ids", ())),
        linking=bool(entry.get("linking", False)),
        must=tuple(Example(**e) for e in entry["must"]),
        must_not=tuple(Example(**e) for e in entry["must_not"]),
    )
