"""A layout: the literal texts and the fields of which each line of a log consists.

nginx's `log_format` and Apache's `LogFormat` are parsed into layouts (`nginx_layout.py`, `apache_layout.py`), and a
layout is compiled into two linear patterns: a strict one, in which a field ends where the text behind it begins, and a
loose one for lines whose fields hold spaces or quotes of their own.

References:
    - https://docs.rs/regex/latest/regex/#untrusted-input (patterns that run in linear time)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a layout.

    Attributes:
        token: as the administrator wrote it (`$status`, `%>s`).
        column: what it fills: a column of `ACCESS`, or `request`, `method`, `target`, `path`, `args`, `version`, `time`,
            `forwarded`; "" when it is only passed over.
        kind: how its text becomes a value (see `layout_columns.py`).
        rank: of several fields for one column the lowest that holds a value is taken.
    """

    token: str
    column: str = ""
    kind: str = "text"
    rank: int = 0


Token = str | Field
"""A literal text, or a field."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A compiled layout.

    Attributes:
        fields: those that fill something, in the order of the patterns' groups.
        strict: pattern of a regular line.
        loose: pattern of a line whose fields hold what usually ends them; tried on lines that `strict` does not fit.
    """

    fields: tuple[Field, ...]
    strict: str
    loose: str


_NUMBER: Final = "-|[0-9]+"
_DECIMAL: Final = r"-?[0-9]*(?:\.[0-9]+)?"
_LIST: Final = r"[0-9.\-]+(?:, [0-9.\-]+)*"
_LONG_LIST: Final = r"[0-9.\-]*(?:(?:, | : |,|:)[0-9.\-]+)*"
_CLF: Final = "[0-9]{2}/[A-Za-z]{3}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"
_ISO: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{5,18}(?:Z|[+-][0-9:]{4,5})?"

SHAPES: Final[dict[str, tuple[str, str]]] = {
    "integer": (_NUMBER, "-?[0-9]*"),
    "one_more": (_NUMBER, "-?[0-9]*"),
    "status": ("[0-9]{1,3}|-", "-?[0-9]{0,3}"),
    "seconds": (_DECIMAL, _DECIMAL),
    "milliseconds": (_DECIMAL, _DECIMAL),
    "microseconds": (_DECIMAL, _DECIMAL),
    "seconds_list": (_LIST, _LONG_LIST),
    "status_list": (_LIST, _LONG_LIST),
    "clf": (_CLF, r"[0-9A-Za-z/:+\- ]{0,40}?"),
    "iso": (_ISO, r"[0-9TZ:.,+\- ]{0,40}?"),
    "epoch_s": (_DECIMAL, _DECIMAL),
    "epoch_ms": (_DECIMAL, _DECIMAL),
    "epoch_us": (_DECIMAL, _DECIMAL),
    "fraction_ms": ("[0-9]{1,3}", "[0-9]{1,3}"),
    "fraction_us": ("[0-9]{1,6}", "[0-9]{1,6}"),
    "method": ("[A-Za-z][A-Za-z_-]{0,31}|-", r'[^ \t\]"]{0,64}?'),
    "question_mark": (r"\??", r"\??"),
}
"""Patterns of the kinds that look alike wherever they stand; strict and loose. All others are texts.

The strict ones never leave two ways to read a character: then the whole pattern runs as a one-pass automaton, which is
three times as fast (measured: 50 instead of 153 ms for 65,000 lines of 16 fields)."""

_JOINED: Final = {"path": r"[^ \t?]*", "url_domain": r"[^ \t/?]*"}
"""Fields that end by themselves when another follows without a text between (`$host$uri$is_args$args`, `%U%q`)."""
_ANYTHING: Final = ".*?"
_CLOSING: Final = {'"': '"', "'": "'", "[": "]", "(": ")", "{": "}", "<": ">", "|": "|"}
_TEXTS_WITH_SPACES: Final = frozenset({"text", "body"})


class LayoutError(ValueError):
    """A layout that cannot be compiled; the message names the token and what to try."""


def compiled(tokens: tuple[Token, ...]) -> Layout:
    """Compile a layout.

    Args:
        tokens: literals and fields, in order; adjacent literals are one.

    Raises:
        LayoutError: no field holds the time.
    """
    if not any(isinstance(token, Field) and token.column == "time" for token in tokens):
        raise LayoutError(
            "this layout holds no time, and a request without a time cannot be counted; paste the whole log_format or LogFormat, "
            "with $time_local, $time_iso8601 or $msec (nginx), or %t (Apache)"
        )
    fields = tuple(token for token in tokens if isinstance(token, Field) and token.column)
    strict, loose = zip(*pieces(tokens), strict=True)
    end = "$" if strict[-1].endswith(".*)") else r"\s*$"
    return Layout(fields, f"^{''.join(strict)}{end}", rf"^{''.join(loose)}\s*$")


def pieces(tokens: tuple[Token, ...]) -> list[tuple[str, str]]:
    """For each token its part of the strict and of the loose pattern; groups are named `g0`, `g1` … in order."""
    out: list[tuple[str, str]] = []
    groups = 0
    for number, token in enumerate(tokens):
        if isinstance(token, str):
            out.append((re.escape(token), re.escape(token)))
            continue
        before, after = _literal(tokens, number - 1), _literal(tokens, number + 1)
        name = f"?P<g{groups}>" if token.column else "?:"
        groups += bool(token.column)
        strict = _strict(token, before, after, last=number == len(tokens) - 1)
        out.append((f"({name}{strict})", f"({name}{_loose(token, after)})"))
    return out


def _literal(tokens: tuple[Token, ...], at: int) -> str | None:
    """The literal at this place; "" at either end, None when a field stands there."""
    if not 0 <= at < len(tokens):
        return ""
    token = tokens[at]
    return token if isinstance(token, str) else None


def _loose(field: Field, after: str | None) -> str:
    if field.kind.startswith("strftime:"):
        return _unnamed(field.kind)
    shape = SHAPES.get(field.kind)
    if shape:
        return shape[1]
    return _JOINED.get(field.column, _ANYTHING) if after is None else _ANYTHING


def _strict(field: Field, before: str | None, after: str | None, *, last: bool) -> str:
    if field.kind.startswith("strftime:"):
        return _unnamed(field.kind)
    shape = SHAPES.get(field.kind)
    if shape:
        return shape[0]
    if after is None:
        return _JOINED.get(field.column, r"[^ \t]*?")
    if before and after and (_CLOSING.get(before[-1]) == after[0] or _bracketed(before, after[0])):
        return r'(?:[^"\\]|\\.)*' if after[0] == '"' else f"[^{re.escape(after[0])}]*"
    if last:
        return ".*" if field.kind in _TEXTS_WITH_SPACES or field.column == "request" else r"[^ \t]*"
    if after[0] in " \t":
        return r"[^ \t]*" if after[0] == " " else r"[^\t]*"
    return f"[^ \\t{re.escape(after[0])}]*"


def _bracketed(before: str, closer: str) -> bool:
    """Whether the bracket that closes behind the field was opened in the text before it (`[client: $remote_addr]`)."""
    opener = {"]": "[", ")": "(", "}": "{", ">": "<"}.get(closer)
    return opener is not None and before.rfind(opener) > before.rfind(closer)


def _unnamed(kind: str) -> str:
    from vigie.sources.times import strftime_pattern

    return re.sub(r"\?P<\w+>", "?:", strftime_pattern(kind.partition(":")[2]))
