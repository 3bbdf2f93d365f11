"""Apache's `LogFormat` as layouts: which directive fills which column.

References:
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
    - https://httpd.apache.org/docs/2.4/mod/mod_logio.html
    - https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#logformats
"""

from __future__ import annotations

import re
from typing import Final

from vigie.sources.layout import Field, LayoutError, Token
from vigie.sources.quoting import bare, words_of
from vigie.sources.times import strftime_pattern

DIRECTIVES: Final[dict[str, tuple[str, str, int]]] = {
    "a": ("source_address", "address", 0),
    "{c}a": ("peer_address", "address", 0),
    "h": ("source_address", "address", 1),
    "{c}h": ("peer_address", "address", 1),
    "u": ("user_name", "text", 0),
    "{remote}p": ("source_port", "integer", 0),
    "r": ("request", "request", 0),
    "m": ("method", "method", 0),
    "U": ("path", "text", 0),
    "q": ("args", "text", 0),
    "H": ("version", "text", 0),
    ">s": ("http_status", "status", 0),
    "s": ("http_status", "status", 1),
    "<s": ("http_status", "status", 2),
    "B": ("http_response_bytes", "integer", 0),
    "b": ("http_response_bytes", "integer", 0),
    "O": ("http_response_bytes", "integer", 1),
    "I": ("http_request_bytes", "integer", 0),
    "D": ("event_duration", "microseconds", 0),
    "{us}T": ("event_duration", "microseconds", 1),
    "{ms}T": ("event_duration", "milliseconds", 2),
    "T": ("event_duration", "seconds", 3),
    "{s}T": ("event_duration", "seconds", 3),
    "V": ("url_domain", "host", 0),
    "v": ("url_domain", "host", 2),
    "k": ("connection_requests", "one_more", 0),
    "L": ("request_id", "text", 2),
}
"""Directive → column, kind, rank."""
HEADERS: Final[dict[str, tuple[str, str, int]]] = {
    "user-agent": ("user_agent", "text", 0),
    "referer": ("http_referrer", "text", 0),
    "cookie": ("http_cookie", "text", 0),
    "host": ("url_domain", "host", 1),
    "x-forwarded-for": ("forwarded", "text", 0),
    "cf-connecting-ip": ("forwarded", "text", 2),
    "true-client-ip": ("forwarded", "text", 3),
    "x-real-ip": ("forwarded", "text", 4),
    "x-request-id": ("request_id", "text", 1),
}
"""Request header of `%{…}i`, lower case → column, kind, rank."""
VALUES: Final[dict[str, tuple[str, str, int]]] = {
    "SSL_PROTOCOL": ("tls_version", "text", 0),
    "SSL_CIPHER": ("tls_cipher", "text", 0),
    "UNIQUE_ID": ("request_id", "text", 0),
    "REMOTE_PORT": ("source_port", "integer", 1),
}
"""Variable of `%{…}e` or `%{…}x` → column, kind, rank. `%{…}c` (mod_ssl's old way) likewise, by its short names."""
_OLD_TLS: Final = {"version": "SSL_PROTOCOL", "cipher": "SSL_CIPHER"}
_CLOCKS: Final[dict[str, tuple[str, int]]] = {
    "usec": ("epoch_us", 0), "msec": ("epoch_ms", 1), "sec": ("epoch_s", 3), "msec_frac": ("fraction_ms", 9), "usec_frac": ("fraction_us", 9),
}  # fmt: skip
_NUMBERS: Final = frozenset("fPpSlX")
_PASSED_OVER: Final = frozenset("AfIlLnoPpRSXxeiCFc^")

_DIRECTIVE: Final = re.compile(r"%(%|[!0-9,]*([<>]?)(?:\{([^}]*)\})?(\^?[A-Za-z]{1,2}))")
_TRAILERS: Final = frozenset({"^FB", "^FU", "^ti", "^to"})
_NICKNAME: Final = re.compile(r"[\w.-]{1,64}\Z")


def apache_layouts(text: str) -> tuple[tuple[Token, ...], ...]:
    """The layouts in a pasted text: one string, or `LogFormat` and `CustomLog` statements, one a line.

    Raises:
        LayoutError: a token that cannot be understood, or no directive at all.
    """
    if not re.search(r"(?im)^\s*(?:LogFormat|CustomLog|TransferLog|ErrorLogFormat)\s", text):
        return (apache_tokens(bare(text)),)
    found: list[tuple[Token, ...]] = []
    for line in text.replace("\\\n", "").splitlines():
        words = words_of(line)
        if not words or words[0].lower() not in {"logformat", "customlog", "errorlogformat"}:
            continue
        if words[0].lower() == "errorlogformat":
            raise LayoutError("ErrorLogFormat describes the error log, which is read without a layout; paste the LogFormat of the access log")
        formats = [word for word in words[1:] if "%" in word]
        found.extend(apache_tokens(word) for word in formats[:1] if not (words[0].lower() == "customlog" and word == words[1]))
    if not found:
        raise LayoutError("these statements hold no format string; paste the LogFormat line whose name the CustomLog line gives")
    return tuple(found)


def apache_tokens(layout: str) -> tuple[Token, ...]:
    """One format string as literals and fields.

    Raises:
        LayoutError: a directive that Apache does not know, or none at all.
    """
    tokens: list[Token] = []
    at = 0
    for match in _DIRECTIVE.finditer(layout):
        if match.start() < at:
            continue
        _literal(tokens, layout, at, match.start())
        end = match.end()
        if match[1] == "%":
            _append(tokens, "%")
        else:
            letter = match[4]
            if letter not in _TRAILERS and len(letter) > 1:  # `%bytes` is `%b` and the text `ytes`
                end -= len(letter) - 1
                letter = letter[0]
            _field(tokens, layout[match.start() : end], match[2], match[3], letter)
        at = end
    _literal(tokens, layout, at, len(layout))
    if not any(isinstance(token, Field) for token in tokens):
        raise LayoutError(f"no %directive in {layout[:60]!r}; paste the format string of LogFormat, for instance \"%h %l %u %t \\\"%r\\\" %>s %b\"")
    return tuple(tokens)


def _literal(tokens: list[Token], layout: str, start: int, end: int) -> None:
    literal = layout[start:end]
    if "%" in literal:
        at = start + literal.index("%")
        raise LayoutError(f"{layout[at : at + 12]!r} at character {at + 1} is no Apache directive; see mod_log_config, or write %% for a percent sign")
    if literal:
        _append(tokens, literal)


def _append(tokens: list[Token], literal: str) -> None:
    if tokens and isinstance(tokens[-1], str):
        tokens[-1] += literal
    else:
        tokens.append(literal)


def _field(tokens: list[Token], token: str, direction: str, argument: str | None, letter: str) -> None:
    if letter == "t":
        _time(tokens, token, argument)
        return
    if letter == "i" and argument is not None:
        column, kind, rank = HEADERS.get(argument.lower(), ("", "text", 0))
    elif letter in {"e", "x", "c"} and argument is not None:
        column, kind, rank = VALUES.get(_OLD_TLS.get(argument, argument) if letter == "c" else argument, ("", "text", 0))
    else:
        spelled = (direction if letter == "s" else "") + (f"{{{argument}}}" if argument is not None else "") + letter
        known = DIRECTIVES.get(spelled)
        if known is None and letter == "T":
            raise LayoutError(f"{token!r} is no duration; Apache knows %T, %{{ms}}T, %{{us}}T and %D")
        if known is None and letter not in _TRAILERS and letter not in _PASSED_OVER and letter not in DIRECTIVES:
            raise LayoutError(f"{token!r} is no Apache directive; see mod_log_config, or write %% for a percent sign")
        column, kind, rank = known or ("", "integer" if letter in _NUMBERS and letter not in "fXl" else "text", 0)
    tokens.append(Field(token, column, kind, rank))


def _time(tokens: list[Token], token: str, argument: str | None) -> None:
    """`%t` brings its own brackets; `%{…}t` may be cut into several directives that make one time together."""
    if argument is None:
        _append(tokens, "[")
        tokens.append(Field(token, "time", "clf", 2))
        tokens.append("]")
        return
    ending = argument.startswith("end:")
    spelled = argument.removeprefix("begin:").removeprefix("end:")
    if spelled in _CLOCKS:
        kind, rank = _CLOCKS[spelled]
        tokens.append(Field(token, "time", kind, rank - (10 if ending and rank < 9 else 0)))
        return
    if not spelled:
        raise LayoutError(f"{token!r} has no time format; Apache knows %t and for instance %{{%Y-%m-%dT%H:%M:%S%z}}t")
    try:
        strftime_pattern(spelled)
    except ValueError as error:
        raise LayoutError(f"{token!r}: {error}") from None
    tokens.append(Field(token, "time", f"strftime:{spelled}", 4 - (10 if ending else 0)))
