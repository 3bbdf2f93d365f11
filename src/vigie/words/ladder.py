"""Rungs of the ladder, and why something went no further: French for what is English already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "no combined log line": "pas une ligne de journal",
    "does not fit the layout": "pas une ligne de ce journal",
    "time is not a date": "l'heure n'est pas une date",
    "frame of the document": "cadre d'un document",
    "already read in another file": "déjà lues dans un autre fichier",
    "no detector spoke": "aucun signe d'attaque",
    "evidence too weak to count alone": "signe trop faible pour compter seul",
    "a tool's name, in a run that is counted by what it did": "nom d'un outil, déjà compté par ses actes",
}
"""Reasons of the ladder in French; they are English already."""

STEPS: Final[Mapping[str, str]] = {
    "lines": "lignes", "records": "enregistrements", "suspicious records": "enregistrements suspects", "signals": "signaux",
    "attempts": "tentatives", "attacks": "attaques",
}  # fmt: skip

_MORE_STEPS_FR: Final[Mapping[str, str]] = {"attacks in the period asked for": "attaques dans la période demandée"}
_MORE_REASONS_FR: Final[Mapping[str, str]] = {"began outside the period asked for": "commencées hors de la période demandée", "empty line": "ligne vide"}

_UNREAD: Final = {"en": "unread: {reason}", "fr": "illisibles, {reason}"}


def step_name(step: str, lang: str) -> str:
    """A rung of the ladder in words."""
    return STEPS.get(step, _MORE_STEPS_FR.get(step, step)) if lang == "fr" else step


def reason_name(reason: str, lang: str) -> str:
    """Why something went no further; reasons that are not in the table stay as they are."""
    bare = reason.removeprefix("unread: ")
    words = REASONS.get(bare, _MORE_REASONS_FR.get(bare, bare)) if lang == "fr" else bare
    return _UNREAD[lang].format(reason=words) if bare != reason else words
