"""Files in which the user declares something, as TOML: read within bounds, each error with its line, what is wrong and what to try.

References:
    - https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar

LARGEST: Final = 4 << 20
"""Bytes that a file may have."""
LETTERS: Final = 500
"""Letters of a text."""
NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")


PARTS: Final = 16
"""Points outside of texts that a line may have: the reader of TOML takes memory by the square of the parts of a key."""
_TEXTS: Final = re.compile(
    r'''"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3}|\\?\Z)|'{3}(?:[^']|'(?!''))*+(?:'{3}|\Z)|"(?:[^"\\\n]|\\[^\n])*+(?:"|\\?(?=\n|\Z))|'[^'\n]*+(?:'|(?=\n|\Z))|\#[^\n]*+''', re.DOTALL
)  # fmt: skip
"""Texts and remarks of TOML, to the end of the line or of the file where they are not closed."""

_Entry = TypeVar("_Entry")


class DeclarationError(ValueError):
    """A file that does not declare what it should: says where, what is wrong, and what to try."""


def toml_of(data: bytes, example: str) -> tuple[str, dict[str, Any]]:
    """A file as text and as what its TOML says.

    Args:
        data: the file, not too large.
        example: a file to look at.

    Raises:
        DeclarationError: it is no UTF-8 or no TOML, or a name in it has so many parts that reading it would take the memory.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DeclarationError(f"line {line}: byte {error.start} is no UTF-8. Try: save it again as UTF-8") from None
    bare = _TEXTS.sub(lambda found: "\n" * found.group().count("\n"), text)
    for number, points in enumerate((line.count(".") for line in bare.split("\n")), 1):
        if points > PARTS:
            raise DeclarationError(f"line {number}: {points} points outside of texts. Try: texts between double quotes, names as in {example}")
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise DeclarationError(f"no TOML: {str(error)[:200] or 'too deep'}. Try: texts between double quotes, lists between [ and ]") from None


def tables(data: bytes, key: str, most: int, example: str) -> list[tuple[str, dict[str, Any]]]:
    """The tables `[[key]]` of a file, each with where it stands.

    Args:
        data: the file.
        key: the only name that its top may hold.
        most: tables at most.
        example: a file to look at.

    Raises:
        DeclarationError: it is too large, no UTF-8, no TOML, or holds something else.
    """
    if len(data) > LARGEST:
        raise DeclarationError("larger than 4 MiB. Try: fewer entries; a parent domain stands for all its subdomains")
    text, whole = toml_of(data, example)
    for other in whole:
        if other != key:
            raise DeclarationError(f"nothing is called {other[:60]!r} here. Try: [[{key}]], once for each {key}")
    found = whole.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise DeclarationError(f"{key} must be written [[{key}]], once for each")
    if not found or len(found) > most:
        raise DeclarationError(f"{len(found)} [[{key}]]; from 1 to {most} are possible. See {example}")
    heads = [number for number, line in enumerate(text.split("\n"), 1) if re.match(rf"\s*\[\[\s*{key}\s*\]\]", line)]
    return [((f"line {heads[at]}, " if at < len(heads) else "") + f"[[{key}]] {at + 1}", one) for at, one in enumerate(found)]


def known(table: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    """Refuses a name that is none of `keys`.

    Raises:
        DeclarationError: says the nearest name.
    """
    for key in table:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, 1)
            raise DeclarationError(f"{where}: nothing is called {key[:60]!r} here. " + (f"Did you mean {near[0]}?" if near else f"Try: {', '.join(keys)}"))


def name_of(table: Mapping[str, Any], where: str) -> str:
    """The short name of a table.

    Raises:
        DeclarationError: it has none, or one of other letters.
    """
    name = text_of(table, "name", where)
    if not NAME.fullmatch(name):
        raise DeclarationError(f"{where}: name {name[:60]!r} must begin with a small letter and hold small letters, digits, _ and - only, 32 at most. Try: name = \"foreign_account\"")
    return name


def text_of(table: Mapping[str, Any], key: str, where: str) -> str:
    """A text of one line.

    Raises:
        DeclarationError: it is missing, empty, too long or no text.
    """
    value = table.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > LETTERS or not value.isprintable():
        raise DeclarationError(f'{where}: {key} must be a text of 1 to {LETTERS} letters on one line. Try: {key} = "…"')
    return value.strip()


def in_languages(table: Mapping[str, Any], key: str, where: str) -> dict[str, str]:
    """A text in French, in English, or both.

    Raises:
        DeclarationError: it tells no language.
    """
    texts = table.get(key, {})
    if not isinstance(texts, dict) or not set(texts) <= {"fr", "en"}:
        raise DeclarationError(f'{where}: {key} must tell a language. Try: {key}.fr = "…" and {key}.en = "…"')
    return {language: text_of(texts, language, where) for language in texts}


def day_of(table: Mapping[str, Any], key: str, where: str, why: str) -> date:
    """A day.

    Raises:
        DeclarationError: it is missing or no day.
    """
    value = table.get(key)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise DeclarationError(f"{where}: {key} must be {why}. Try: {key} = 2024-02-01")
    return value


def entries_of(table: Mapping[str, Any], key: str, where: str, checked: Callable[[Any, str], _Entry], most: int) -> tuple[_Entry, ...]:
    """A list of texts, each as `checked(value, where)` gives it, once.

    Raises:
        DeclarationError: it is no list, too long, or `checked` refuses an entry.
    """
    values = table.get(key, [])
    if not isinstance(values, list) or len(values) > most:
        raise DeclarationError(f"{where}: {key} must be a list of at most {most} texts")
    return tuple(dict.fromkeys(checked(value, f"{where}: {key} {at}") for at, value in enumerate(values, 1)))
