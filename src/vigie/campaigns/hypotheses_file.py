"""A case as a TOML file that a team edits and a person signs: written once by the program, then read, checked, and rendered as it stands.

References:
    - https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from vigie.campaigns.hypotheses import (
    ALIKE,
    BEST,
    CONFIDENCES,
    CREDIBILITY,
    DEFAULTS,
    LIKELIHOODS,
    MANDATORY,
    RELIABILITY,
    WORST,
    Case,
    Chosen,
    Evidence,
    Hypothesis,
    Signature,
)  # fmt: skip
from vigie.campaigns.hypotheses_ratings import KINDS
from vigie.social.declarations import DeclarationError, toml_of

LARGEST: Final = 1 << 20
"""Bytes that a file may have."""
ITEMS, COLUMNS, LETTERS, REFS = 400, 20, 2000, 200
"""Most items, hypotheses, letters of a text, and ids of an item."""
LONG: Final[Mapping[str, int]] = {"found_by": 100_000, "asked": 100_000}
"""Letters of what the program writes and nobody reads aloud."""

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_REF = re.compile(r"[astv][0-9a-f]{15,16}")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("set", "hypothesis", "evidence", "signature"),
    "set": ("attacks", "first", "last", "addresses", "asked", "snapshot"),
    "hypothesis": ("id", "text", "text_fr"),
    "evidence": ("id", "kind", "text", "text_fr", "source", "reliability", "credibility", "ratings", "why", "why_fr", "refs", "document", "count", "of", "found_by", "alone",
                 "author", "date"),
    "signature": ("name", "date", "judgement", "evidence", "likelihood", "confidence", "matrix"),
}  # fmt: skip
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class CaseFileError(ValueError):
    """A file that is no case: says where, what is wrong, and what to try."""


def read_case(path: Path) -> Case:
    """The case of a file.

    Raises:
        CaseFileError: it is too large, no TOML, or does not hold what a case must.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise CaseFileError("larger than 1 MiB. Try: fewer items, and long documents named instead of pasted")
    return parsed(data)


def parsed(data: bytes) -> Case:
    """The case that some bytes hold.

    Raises:
        CaseFileError: as above.
    """
    try:
        text, whole = toml_of(data, "docs/who.md")
    except DeclarationError as error:
        raise CaseFileError(str(error)) from None
    return _Checked(text, whole).case()


class _Checked:
    """The checks of one file, which know where each table begins."""

    def __init__(self, text: str, whole: dict[str, Any]) -> None:
        self.text, self.whole = text, whole

    def case(self) -> Case:
        """The whole case."""
        self._keys(self.whole, "", "")
        hypotheses = tuple(self._hypothesis(one, at) for at, one in enumerate(self._tables("hypothesis", COLUMNS)))
        names = [one.id for one in hypotheses]
        where = self._where("hypothesis", max(len(names) - 1, 0))
        self._unique(names, "hypothesis")
        for name in MANDATORY:
            if name not in names:
                raise CaseFileError(f'{where}: the hypothesis "{name}" is missing, and must always be weighed. Try: [[hypothesis]] and id = "{name}"')
        if len(names) < 3:
            raise CaseFileError(f'{where}: nothing competes. Try: a third [[hypothesis]], such as id = "criminal"')
        evidence = tuple(self._evidence(one, at, names) for at, one in enumerate(self._tables("evidence", ITEMS)))
        if not evidence:
            raise CaseFileError("no [[evidence]]. Try: vigie explain who --write FILE, which begins with what the archive tells")
        self._unique([one.id for one in evidence], "evidence")
        return Case(self._chosen(), hypotheses, evidence, self._signature({one.id for one in evidence}))

    def _where(self, table: str, at: int = 0) -> str:
        """`line N, [[table]] M`."""
        heads = [n for n, line in enumerate(_outside_texts(self.text), 1) if re.match(rf"\s*\[\[?\s*{table}\s*\]", line)] if table else []
        name = f"[[{table}]] {at + 1}" if table in ("hypothesis", "evidence") else f"[{table}]"
        return (f"line {heads[at]}, " if at < len(heads) else "") + name

    def _tables(self, name: str, most: int) -> list[dict[str, Any]]:
        found = self.whole.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise CaseFileError(f"{self._where(name)}: must be written [[{name}]], once for each")
        if len(found) > most:
            raise CaseFileError(f"{len(found)} [[{name}]]; {most} at most")
        return found

    def _keys(self, table: Mapping[str, Any], name: str, where: str) -> None:
        for key in table:
            if key not in _KEYS[name]:
                near = difflib.get_close_matches(key, _KEYS[name], 1)
                hint = f"Did you mean {near[0]}?" if near else f"Try: {', '.join(_KEYS[name])}"
                raise CaseFileError(f"{where + ': ' if where else ''}nothing is called {key[:60]!r} here. {hint}")

    def _text(self, table: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> str:
        value = table.get(key, "")
        if isinstance(value, date):
            value = value.isoformat()
        most = LONG.get(key, LETTERS)
        if not isinstance(value, str) or len(value) > most:
            raise CaseFileError(f"{where}: {key} must be a text of at most {most} letters")
        if needed and not value.strip():
            raise CaseFileError(f'{where}: {key} is missing. Try: {key} = "…"')
        return value.strip()

    def _id(self, table: Mapping[str, Any], where: str) -> str:
        value = self._text(table, "id", where, needed=True)
        if not _ID.fullmatch(value):
            raise CaseFileError(f"{where}: id {value[:60]!r} must begin with a letter and hold letters, digits, _ and - only")
        return value

    def _unique(self, names: Sequence[str], table: str) -> None:
        for at, name in enumerate(names):
            if name in names[:at]:
                raise CaseFileError(f"{self._where(table, at)}: the id {name!r} is there twice. Try: another id")

    def _hypothesis(self, table: Mapping[str, Any], at: int) -> Hypothesis:
        where = self._where("hypothesis", at)
        self._keys(table, "hypothesis", where)
        name = self._id(table, where)
        ours = {one.id: one for one in DEFAULTS}.get(name)
        text, french = (self._text(table, key, where, needed=ours is None and key == "text") for key in ("text", "text_fr"))
        if ours is not None and not text and not french:
            return ours
        return Hypothesis(name, text or french, french, ours=ours is not None and (text, french) == (ours.text, ours.text_fr))

    def _evidence(self, table: Mapping[str, Any], at: int, hypotheses: Sequence[str]) -> Evidence:
        where = self._where("evidence", at)
        self._keys(table, "evidence", where)
        name = self._id(table, where)
        where += f" ({name})"
        refs = self._refs(table, where)
        document = self._text(table, "document", where)
        if not refs and not document:
            raise CaseFileError(f'{where}: leads nowhere. Try: refs = ["a…"] with ids of vigie show attacks, or document = "…", where it can be looked up')
        kind = self._text(table, "kind", where) or "other"
        self._one_of(kind, (*KINDS, "other"), "kind", where)
        reliability = self._text(table, "reliability", where, needed=True)
        self._one_of(reliability, tuple(RELIABILITY), "reliability", where)
        credibility = table.get("credibility")
        if isinstance(credibility, bool) or not isinstance(credibility, int) or credibility not in CREDIBILITY:
            raise CaseFileError(f"{where}: credibility {str(credibility)[:60]!r} must be a whole number from 1 (confirmed) to 6 (cannot be judged)")
        texts = {key: self._text(table, key, where) for key in ("text_fr", "why", "why_fr", "found_by", "alone", "author", "date")}
        return Evidence(
            id=name, kind=kind, text=self._text(table, "text", where, needed=True), source=self._text(table, "source", where, needed=True), reliability=reliability,
            credibility=credibility, ratings=self._ratings(table, hypotheses, where), refs=refs, document=document,
            count=self._count(table, "count", where), of=self._count(table, "of", where), text_fr=texts["text_fr"], why=texts["why"], why_fr=texts["why_fr"],
            found_by=texts["found_by"], alone=texts["alone"], author=texts["author"], date=texts["date"],
        )  # fmt: skip

    def _ratings(self, table: Mapping[str, Any], hypotheses: Sequence[str], where: str) -> dict[str, int]:
        found = table.get("ratings", {})
        if not isinstance(found, dict):
            raise CaseFileError(f"{where}: ratings must be a table. Try: ratings = {{ opportunistic = -1, unknown = 0 }}")
        for name, value in found.items():
            if name not in hypotheses:
                raise CaseFileError(f"{where}: ratings name {name[:60]!r}, which is no hypothesis of this file. Try one of: {', '.join(hypotheses)}")
            if isinstance(value, bool) or not isinstance(value, int) or not WORST <= value <= BEST:
                raise CaseFileError(f"{where}: the rating of {name} must be -2, -1, 0, 1 or 2")
        return {name: int(found.get(name, 0)) for name in hypotheses}

    def _refs(self, table: Mapping[str, Any], where: str) -> tuple[str, ...]:
        found = table.get("refs", [])
        if not isinstance(found, list) or len(found) > REFS or not all(isinstance(one, str) and _REF.fullmatch(one) for one in found):
            raise CaseFileError(f"{where}: refs must be a list of at most {REFS} whole ids of vigie show attacks, attempts, signals or availability")
        return tuple(found)

    def _count(self, table: Mapping[str, Any], key: str, where: str) -> int | None:
        value = table.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 62):
            raise CaseFileError(f"{where}: {key} must be a whole number")
        return value

    def _one_of(self, value: str, allowed: Sequence[str], key: str, where: str) -> None:
        if value not in allowed:
            raise CaseFileError(f"{where}: {key} {value[:60]!r} is none of: {', '.join(allowed)}")

    def _chosen(self) -> Chosen:
        table = self.whole.get("set")
        where = self._where("set")
        if not isinstance(table, dict):
            raise CaseFileError("[set] is missing: which attacks are these? Try: vigie explain who --write FILE")
        self._keys(table, "set", where)
        moments = []
        for key in ("first", "last"):
            value = table.get(key)
            if not isinstance(value, datetime):
                raise CaseFileError(f"{where}: {key} must be a moment. Try: {key} = 2017-01-15T00:00:00Z")
            if not 1970 <= value.year < 9999:
                raise CaseFileError(f"{where}: {key} must be between 1970 and 9998")
            moments.append(value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))
        numbers = [self._count(table, key, where) or 0 for key in ("attacks", "addresses")]
        return Chosen(numbers[0], moments[0], moments[1], numbers[1], self._text(table, "asked", where), self._text(table, "snapshot", where))

    def _signature(self, items: set[str]) -> Signature | None:
        table, where = self.whole.get("signature", {}), self._where("signature")
        if not isinstance(table, dict):
            raise CaseFileError("signature must be written [signature], once")
        self._keys(table, "signature", where)
        texts = {key: self._text(table, key, where) for key in ("name", "date", "judgement", "likelihood", "confidence", "matrix")}
        named = table.get("evidence", [])
        if not any(texts[key] for key in ("name", "date", "judgement")) and not named:
            return None
        for key in ("name", "date", "judgement"):
            self._text(table, key, where, needed=True)
        try:
            texts["date"] = date.fromisoformat(texts["date"][:10]).isoformat()
        except ValueError:
            raise CaseFileError(f"{where}: date {texts['date'][:60]!r} is no day. Try: date = 2017-02-14") from None
        if not isinstance(named, list) or not named or not all(isinstance(one, str) and one in items for one in named):
            raise CaseFileError(f'{where}: evidence must name the items that the judgement rests on. Try: evidence = ["{min(items)}"]')
        for key, allowed in (("likelihood", LIKELIHOODS), ("confidence", CONFIDENCES)):
            if texts[key]:
                self._one_of(texts[key], allowed, key, where)
        return Signature(evidence=tuple(named), **texts)


def _outside_texts(text: str) -> Iterable[str]:
    """Lines, empty where they lie inside a text of several lines."""
    inside = ""
    for line in text.split("\n"):
        yield "" if inside else line
        for mark in ('"""', "'''"):
            if inside in ("", mark) and line.count(mark) % 2:
                inside = "" if inside else mark


_HEAD: Final = {
    "en": """\
# Who is it? Hypotheses against evidence, for people to judge. The program counts and weighs; it names no author. A person does, and signs below.
# Render it:  vigie explain who --file THIS-FILE
# Ratings: if this hypothesis were true, how well would this fit?  2 very well, 1 well, 0 neutral, -1 badly, -2 very badly. Fill row by row, not column by column.
# reliability of the source: A completely, B usually, C fairly, D not usually, E unreliable, F cannot be judged.
# credibility of the statement: 1 confirmed by others, 2 probably true, 3 possibly, 4 doubtful, 5 improbable, 6 cannot be judged.
# source: items that come from one origin (one log, one tip, one article and its copies) bear one name; they do not count as independent.
# The ratings below are proposals. Change them, delete items, add your own [[evidence]] (kind = "other") and [[hypothesis]].
# "opportunistic" and "unknown" must stay. Items of kind "last_hop" and "relays" move nothing, whatever they are rated.
""",
    "fr": """\
# Qui est-ce ? Des hypothèses face à des indices, à juger par des personnes. Le programme compte et pèse ; il ne nomme pas d'auteur. Une personne le fait, et signe en bas.
# Pour le rendu :  vigie explain who --file CE-FICHIER
# Notes : si cette hypothèse était vraie, à quel point ceci irait-il avec ?  2 très bien, 1 bien, 0 neutre, -1 mal, -2 très mal. Remplir ligne par ligne, non colonne par colonne.
# reliability, fiabilité de la source : A entière, B habituelle, C assez bonne, D rare, E nulle, F impossible à juger.
# credibility, crédibilité du fait : 1 confirmé par d'autres, 2 probablement vrai, 3 peut-être, 4 douteux, 5 improbable, 6 impossible à juger.
# source : ce qui vient d'une même origine (un journal, une confidence, un article et ses copies) porte un même nom, et ne compte pas comme indépendant.
# Les notes ci-dessous sont des propositions. Changez-les, supprimez des indices, ajoutez vos [[evidence]] (kind = "other") et vos [[hypothesis]].
# « opportunistic » et « unknown » doivent rester. Les indices « last_hop » et « relays » ne déplacent rien, quelles que soient leurs notes.
""",
}  # fmt: skip
_TAIL: Final = {
    "en": "# Whoever judges signs: name, date, the judgement in your words, and the items that it rests on. Until then it is a draft.\n# likelihood: "
    + ", ".join(LIKELIHOODS) + ".  confidence (say it in another sentence): " + ", ".join(CONFIDENCES) + ".\n",
    "fr": "# Qui juge signe : nom (name), date, le jugement dans vos mots, et les indices (evidence) sur lesquels il repose. D'ici là, c'est un brouillon.\n# likelihood (probabilité) : "
    + ", ".join(LIKELIHOODS) + ".  confidence (confiance, à dire dans une autre phrase) : " + ", ".join(CONFIDENCES) + ".\n",
}  # fmt: skip


def written(case: Case, lang: str) -> str:
    """A case as the text of a file, with what a person needs to know to edit it.

    Args:
        case: unsigned.
        lang: of the comments; the texts are in both languages.
    """
    chosen = case.chosen
    parts = [_HEAD[lang], _table("[set]", {
        "attacks": chosen.attacks, "first": chosen.first, "last": chosen.last, "addresses": chosen.addresses, "asked": chosen.asked, "snapshot": chosen.snapshot,
    })]  # fmt: skip
    parts += [_table("[[hypothesis]]", {"id": one.id, "text": one.text, "text_fr": one.text_fr}) for one in case.hypotheses]
    for one in case.evidence:
        values: dict[str, object] = {key: getattr(one, key) for key in _KEYS["evidence"]}
        parts.append(_table("[[evidence]]", {key: value for key, value in values.items() if value not in (None, "", ())}))
    parts.append(_TAIL[lang] + _table("[signature]", {"name": "", "date": "", "judgement": "", "evidence": (), "likelihood": "", "confidence": "", "matrix": ""}))
    return "\n".join(parts)


def _table(head: str, values: Mapping[str, object]) -> str:
    return head + "\n" + "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    """A TOML basic string, with whatever a screen would hide or obey escaped."""
    escaped = (
        f"\\{letter}" if letter in '"\\' else letter if unicodedata.category(letter) not in _HIDDEN else f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
        for letter in text
    )
    return '"' + "".join(escaped) + '"'


def weighs_nothing(item: Evidence) -> bool:
    """Whether a person rated unequally what fits all hypotheses alike by construction."""
    return item.kind in ALIKE and len(set(item.ratings.values()) | {0}) > 1
