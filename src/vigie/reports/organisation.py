"""What only persons know, from a TOML file: who one is, when somebody became aware, what was done, what help is wanted. Every key may be left out.

References:
    - https://toml.io/en/v1.0.0
    - Directive (EU) 2022/2555 (NIS 2), article 23
"""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from vigie.social.declarations import DeclarationError, toml_of

LARGEST: Final = 1 << 18
"""Bytes that a file may have."""
LETTERS: Final = 2000
"""Letters of a text."""
MOST: Final = 200
"""Measures, services and networks of a file."""

YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS: Final = (YES, NO, UNKNOWN)
"""What may be answered to a question; "unknown" is an answer that agencies accept."""

QUESTIONS: Final = ("malicious", "cross_border", "confidentiality", "integrity", "availability", "personal_data")
"""Questions that a notification asks: is it malicious, can it reach beyond the border, what happened to data and service, are personal data affected."""

_TEXTS: Final = ("name", "kind", "role", "contact", "email", "telephone", "pgp")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("organisation", "incident", "measure"),
    "organisation": (*_TEXTS, "networks", "partners"),
    "incident": ("aware", "detected", "services", "help_wanted", "root_cause", *QUESTIONS),
    "measure": ("at", "text"),
}


class OrganisationError(ValueError):
    """A file that does not hold what it should: says where, what is wrong, and what to try."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who reports.

    Attributes:
        name, kind: of the organisation; kind is a word such as "campaign" or "newsroom".
        role, contact, email, telephone, pgp: of the person to be called at any hour; "" for what was not said.
        networks: one's own, never told as sources.
        partners: of partners, monitors and search engines, never told as indicators.
    """

    name: str = ""
    kind: str = ""
    role: str = ""
    contact: str = ""
    email: str = ""
    telephone: str = ""
    pgp: str = ""
    networks: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that was done: when, and what."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What persons know of what happened.

    Attributes:
        aware: when a person knew; legal clocks begin there.
        detected: when a rule or a person first noticed.
        services: what is slow or out of reach, in their words.
        help_wanted, root_cause: in their words, "" for not said.
        answers: question → one of `ANSWERS`; one that is missing was not answered.
        measures: in order of time.
    """

    aware: datetime | None = None
    detected: datetime | None = None
    services: tuple[str, ...] = ()
    help_wanted: str = ""
    root_cause: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    measures: tuple[Measure, ...] = ()


def read_organisation(path: Path) -> tuple[Organisation, Incident]:
    """What a file says.

    Raises:
        OrganisationError: it is too large, no TOML, or holds what it should not.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OrganisationError(f"larger than {LARGEST // 1024} KiB. Try: only [organisation], [incident] and [[measure]]")
    return parsed(data)


def parsed(data: bytes) -> tuple[Organisation, Incident]:
    """What some bytes say.

    Raises:
        OrganisationError: as above.
    """
    try:
        _, whole = toml_of(data, "examples/organisation.toml")
    except DeclarationError as error:
        raise OrganisationError(str(error)) from None
    _known(whole, "")
    who, what, done = _table(whole, "organisation"), _table(whole, "incident"), whole.get("measure", [])
    if not isinstance(done, list) or len(done) > MOST or not all(isinstance(one, dict) for one in done):
        raise OrganisationError(f"measure: at most {MOST} tables. Try: [[measure]], then at = 2017-02-13T10:00:00Z and text = \"…\"")
    for one in done:
        _known(one, "measure")
    networks, partners = (_networks(who, name) for name in ("networks", "partners"))
    texts = {name: _text(who, name, "organisation") for name in _TEXTS}
    organisation = Organisation(**texts, networks=networks, partners=partners)
    answers = tuple((name, _answer(what[name], name)) for name in QUESTIONS if name in what)
    measures = tuple(sorted((Measure(_moment(one, "at", "measure"), _text(one, "text", "measure")) for one in done), key=lambda m: (m.at, m.text)))
    incident = Incident(
        _moment(what, "aware", "incident") if "aware" in what else None, _moment(what, "detected", "incident") if "detected" in what else None,
        _texts(what, "services", "incident"), _text(what, "help_wanted", "incident"), _text(what, "root_cause", "incident"), answers, measures,
    )  # fmt: skip
    return organisation, incident


def _table(whole: dict[str, Any], name: str) -> dict[str, Any]:
    found = whole.get(name, {})
    if not isinstance(found, dict):
        raise OrganisationError(f"{name} is no table. Try: [{name}] on a line of its own")
    _known(found, name)
    return found


def _known(table: dict[str, Any], name: str) -> None:
    for key in table:
        if key not in _KEYS[name]:
            near = difflib.get_close_matches(key, _KEYS[name], 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(_KEYS[name])}"
            raise OrganisationError(f"{f'[{name}] ' if name else ''}no key {key[:60]!r}. {hint}")


def _text(table: dict[str, Any], key: str, name: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > LETTERS:
        raise OrganisationError(f"[{name}] {key}: a text of at most {LETTERS} letters. Try: {key} = \"…\"")
    return value.strip()


def _texts(table: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or len(value) > MOST or not all(isinstance(one, str) and len(one) <= LETTERS for one in value):
        raise OrganisationError(f"[{name}] {key}: a list of at most {MOST} texts. Try: {key} = [\"…\", \"…\"]")
    return tuple(value)


def _networks(table: dict[str, Any], key: str) -> tuple[str, ...]:
    found = []
    for one in _texts(table, key, "organisation"):
        try:
            found.append(str(ipaddress.ip_network(one, strict=False)))
        except ValueError:
            raise OrganisationError(f"[organisation] {key}: {one[:60]!r} is no network. Try: \"192.0.2.0/24\"") from None
    return tuple(found)


def _moment(table: dict[str, Any], key: str, name: str) -> datetime:
    value = table.get(key)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise OrganisationError(f"[{name}] {key}: no moment. Try: {key} = 2017-02-13T09:40:00Z")
    if value.tzinfo is None:
        raise OrganisationError(f"[{name}] {key}: a moment without its zone could be hours off. Try: {key} = 2017-02-13T09:40:00Z (or +01:00)")
    return value.astimezone(UTC)


def _answer(value: object, key: str) -> str:
    if value not in ANSWERS:
        raise OrganisationError(f"[incident] {key}: {str(value)[:60]!r} is no answer. Try: {key} = \"yes\", \"no\" or \"unknown\"")
    return str(value)
