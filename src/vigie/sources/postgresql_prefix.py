"""PostgreSQL's `log_line_prefix`: compiled to a pattern, or found out from the lines themselves.

What stands before `LOG:  ` is whatever an administrator wrote. Well-known prefixes are tried first; then the pieces of a line's head tell what
they are by their shape (a time, a number in brackets, an address with a port, `user@database`, `name=value`), and the prefix made of them is
believed when it explains most lines.

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LINE-PREFIX
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import polars as pl

KNOWN: Final = (
    "%m [%p] %q%u@%d ",
    "%m [%p] ",
    "%t [%p] %q%u@%d ",
    "%t [%p]: ",
    "%t [%p] ",
    "%m [%p] %r %q%u@%d ",
    "%m [%p] %r %q%u@%d app=%a ",
    "%m [%p] %q%u@%d/%a ",
    "%m [%p] %h %q%u@%d ",
    "%m [%p] %h %u@%d ",
    "%t:%r:%u@%d:[%p]:",
    "%m:%r:%u@%d:[%p]:",
    "%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ",
    "%t [%p]: [%l-1] user=%u,db=%d ",
    "%t [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%m [%p]: user=%u,db=%d,app=%a,client=%h ",
    "%t-%c-%p-%r-%u-%d-%e: ",
    "%m [%p] [%c] [%l] [%v] [%e] %q%u@%d ",
    "< %m > ",
    "<%m>",
)
"""Prefixes that distributions, cloud services and manuals use."""
TIMELESS: Final = ("", "%q%u@%d ", "user=%u,db=%d,app=%a,client=%h ", "user=%u,db=%d ", "%h %q%u@%d ", "%r %q%u@%d ")
"""Prefixes of logs that go through syslog, which writes time and process itself."""

MOST: Final = 4
"""Prefixes that one file may have: a new one holds from the next start of the server."""

_TIME: Final = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})? (?:[A-Za-z]{1,6}|[+-]\d{2}(?::?\d{2}){0,2})"
_HOST: Final = (
    r"(?:\[local\]|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.]{0,15}(?:%[A-Za-z0-9]{1,15})?|\d{1,3}(?:\.\d{1,3}){3}|[A-Za-z0-9_][A-Za-z0-9_.-]*|)"
)
_NAME: Final = r"[^\n]*?"
_PLAIN: Final = {"u": r"(?:\[[a-z]{1,16}\]|[^\s@=\[\](),;:|/<>]*)", "d": r"(?:\[[a-z]{1,16}\]|[^\s@=\[\](),;:|/<>]*)",
                 "a": r"(?:\[[a-z]{1,16}\]|[^\n@=\[\](),;|<>]*?)"}  # fmt: skip
"""Names as people give them: what tells one prefix from another. Clients may give any."""
_PIECES: Final = {
    "m": ("time", _TIME), "t": ("time", _TIME), "n": ("epoch", r"\d{9,11}(?:\.\d{1,6})?"), "s": ("", _TIME), "p": ("pid", r"\d{1,10}"),
    "P": ("", r"\d{0,10}"), "r": ("host", _HOST), "h": ("host", _HOST), "L": ("", _HOST), "u": ("user", _NAME), "d": ("database", _NAME),
    "a": ("application", _NAME), "c": ("session", r"[0-9a-f]{1,16}\.[0-9a-f]{1,8}"), "l": ("", r"\d{1,20}"), "v": ("", r"(?:-?\d{1,10}/-?\d{1,10})?"),
    "x": ("", r"\d{1,20}"), "i": ("", r"[A-Za-z_ ()]*?"), "e": ("code", r"[0-9A-Z]{5}"), "b": ("", r"[A-Za-z ]*?"), "Q": ("", r"-?\d{1,20}"),
}  # fmt: skip
GROUPS: Final = ("time", "epoch", "pid", "host", "port", "user", "database", "application", "session", "code", "severity", "message", "rest")
"""Groups of a compiled prefix that may take part in a match."""
NAMED_BY_CLIENTS: Final = ("user", "database", "application")
"""Groups whose text clients choose."""
_SEVERITY: Final = r"(?P<severity>\p{Lu}{2,16}[1-5]?)[ \x{A0}]?:  "
MARK: Final = r"\p{Lu}{2,16}[1-5]?[ \x{A0}]?:  "
"""What stands between prefix and message."""
_MESSAGE: Final = r"(?P<message>[^\n]*(?:\n\t[^\n]*)*)(?:\n(?P<rest>[\s\S]*))?$"
_LONGEST: Final = 512
_TOKENS: Final = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        (_TIME, "%m"),
        (r"\d{10}\.\d{3}(?!\d)", "%n"),
        (r"(?:\[local\]|[0-9A-Fa-f:.]{2,45}|[A-Za-z0-9_.-]{1,255})\(\d{1,5}\)", "%r"),
        (r"\[local\]", "%r"),
        (r"[0-9a-f]{8}\.[0-9a-f]{1,8}(?![0-9A-Za-z.])", "%c"),
        (r"(?:\d{1,3}\.){3}\d{1,3}(?![0-9A-Za-z.])", "%r"),
        (r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![0-9A-Za-z.:])", "%r"),
        (r"(?i)(?:user(?:name)?|usr|u)=", "%u"),
        (r"(?i)(?:db(?:name)?|database|d)=", "%d"),
        (r"(?i)(?:app(?:lication)?(?:_?name)?|a)=", "%a"),
        (r"(?i)(?:client|host|remote(?:_?host)?|rhost|ip|addr(?:ess)?|from|h|r)=", "%r"),
        (r"(?i)(?:(?:sql)?state|code|err(?:code)?|e)=(?=[0-9A-Z]{5})", "%e"),
        (r"(?i)(?:cmd|command|tag|i)=", "%i"),
        (r"(?:[^\s@:,;=|\[\]()<>]{1,64}|\[unknown\])@(?:\[unknown\]|[^\s@:,;=|\[\]()<>]{0,64})", "%u@%d"),
        (r"-?\d{1,10}/-?\d{1,10}(?![0-9A-Za-z])", "%v"),
        (r"00000(?!\d)|(?=[0-9A-Z]{5}(?![0-9A-Za-z]))(?=[0-9]*[A-Z])[0-9][0-9A-Z]{4}", "%e"),
        (r"(?:client backend|walsender|postmaster|checkpointer|background writer|autovacuum (?:launcher|worker)|logical replication launcher|walwriter|startup)(?![a-z])", "%b"),
        (r"(?:authentication|startup|idle(?: in transaction)?|SELECT|INSERT|UPDATE|DELETE)(?![A-Za-z])", "%i"),
        (r"(?<=\[)\d{1,10}(?=\])", "%p"),
        (r"\d{1,20}(?=-1\])", "%l"),
        (r"\d{1,20}(?![0-9A-Za-z])", "%p"),
        (r"\[unknown\]|[A-Za-z_][A-Za-z0-9_.-]{0,63}(?![A-Za-z0-9_.=-])", "%u"),
    )
)
"""Shapes of the pieces of a head, in the order in which they are tried."""
_VALUE: Final = re.compile(r"\[[a-z]+\]|[^\s,;|\])(]*(?:\(\d{1,5}\))?")
_NAMED: Final = re.compile(r"(?i)(?:^|[^\w])(?:user(?:name)?|usr|u)=|[^\s@:,;=|\[\]()<>]@(?:\[unknown\]|[^\s@:,;=|\[\]()<>]|\s)|\[unknown\]@")
_NEXT: Final = {"%m": ("%m", "%s"), "%p": ("%p", "%l", "%x"), "%u": ("%u", "%d", "%a"), "%r": ("%r", "%h")}
"""What a second and a third piece of the same shape is."""


class PrefixError(ValueError):
    """A `log_line_prefix` that cannot be compiled: the message names the piece."""


def statement_of(layout: str) -> str:
    """The prefix itself, of a pasted statement (`log_line_prefix = '%m [%p] '`) or as it is."""
    found = re.match(r"\s*log_line_prefix\s*=?\s*'((?:[^']|'')*)'", layout)
    return found[1].replace("''", "'") if found else layout


@lru_cache(maxsize=512)
def compiled(prefix: str, *, plain: bool = False) -> str:
    """The pattern of a head and what follows it, with groups of `GROUPS`.

    Args:
        prefix: as in the configuration.
        plain: only lines whose names hold no blanks and no punctuation fit.

    Raises:
        PrefixError: it holds something that PostgreSQL does not know, or is too long.
    """
    return f"^{_head(prefix, plain)} ?{_SEVERITY}{_MESSAGE}".replace(r"\d", "[0-9]")


def _head(prefix: str, plain: bool) -> str:
    if len(prefix) > _LONGEST:
        raise PrefixError(f"a log_line_prefix of {len(prefix)} characters is none")
    out: list[str] = []
    seen: set[str] = set()
    optional = False
    for literal, padding, letter in re.findall(r"([^%]+)|%(-?\d{0,3})(.?)", prefix):
        if literal or letter == "%":
            out.append(re.escape(literal or "%"))
        elif letter == "q":
            out.append("(?:" if not optional else "")
            optional = True
        elif letter in _PIECES:
            out.append(_piece(letter, padding, seen, plain))
        else:
            raise PrefixError(f"log_line_prefix {prefix[:80]!r} holds %{letter}, which PostgreSQL does not know")
    return "".join(out) + (")?" if optional else "")


def _piece(letter: str, padding: str, seen: set[str], plain: bool) -> str:
    name, pattern = _PIECES[letter]
    if plain:
        pattern = _PLAIN.get(letter, pattern)
    made = f"(?P<{name}>{pattern})" if name and name not in seen else f"(?:{pattern})"
    if letter == "r":
        made += r"(?:\((?P<port>\d{1,5})\))?" if "port" not in seen else r"(?:\(\d{1,5}\))?"
        seen.add("port")
    seen.add(name)
    if not padding:
        return made
    return f"{made} *" if padding.startswith("-") else f" *{made}"


def found_prefixes(lines: Sequence[str], known: Sequence[str] = KNOWN) -> tuple[list[str], float]:
    """The prefixes of lines, most frequent first, and which part of the lines that continue none they explain.

    Args:
        lines: as logged, without terminators.
        known: prefixes that are tried first.
    """
    heads = pl.Series([line[:4096] for line in lines if not line.startswith("\t")], dtype=pl.String)
    begun = heads.filter(heads.str.contains(MARK))
    count, left = len(heads), begun
    out: list[str] = []
    while len(left) and len(out) < MOST:
        prefix, fits = _best(left, known)
        if not fits.any():
            break
        out.append(prefix)
        # a line with an odd name in it is no line of another prefix
        left = left.filter(~(fits | left.str.contains(compiled(prefix))))
    return out, (len(begun) - len(left)) / count if count else 0.0


def _best(lines: pl.Series, known: Sequence[str]) -> tuple[str, pl.Series]:
    """The prefix that explains most lines; of two that explain the same, the one that is known, and then the one that says more."""
    best, most = "", pl.Series([False]).new_from_index(0, len(lines))
    timed = "%m" in known[0]
    for prefix in (*known, *(prefix for prefix in guessed(lines.to_list()) if not timed or "%m" in prefix or "%n" in prefix)):
        fits = lines.str.contains(compiled(prefix, plain=True))
        if fits.sum() > most.sum():
            best, most = prefix, fits
        if most.all():
            break
    return best, most


def guessed(lines: Sequence[str]) -> Iterable[str]:
    """Prefixes that the shapes of heads suggest, the likeliest first; each also with `%q` before every piece, where background lines stop."""
    step = max(len(lines) // 64, 1)
    counts = Counter(made for line in lines[::step] if (made := _shape(line)))
    for prefix, _ in counts.most_common(3):
        yield prefix
        for place in [match.start() for match in re.finditer(r"%[a-zA-Z]", prefix)][1:]:
            yield prefix[:place] + "%q" + prefix[place:]
            if prefix[place - 1] == "(":
                yield prefix[: place - 1] + "%q" + prefix[place - 1 :]


def _shape(line: str) -> str:
    """The prefix of one line as its pieces look."""
    mark = re.search(r"(?:^|[^A-Z])([A-Z]{2,16}[1-5]?) ?:  ", line[:_LONGEST])
    if not mark:
        return ""
    head, out, at = line[: mark.start(1)], [], 0
    used: Counter[str] = Counter()
    if _NAMED.search(head):
        used["%u"] = 2  # where user and database are told apart, another bare word is the application
    while at < len(head):
        fresh = at == 0 or not head[at - 1].isalnum() or not head[at].isalnum()
        for pattern, piece in _TOKENS if fresh else ():
            match = pattern.match(head, at)
            if match and match.end() > at:
                made, at = _made(piece, match[0], head, match.end(), used)
                out.append(made)
                break
        else:
            out.append(head[at].replace("%", "%%"))
            at += 1
    return "".join(out)


def _made(piece: str, text: str, head: str, end: int, used: Counter[str]) -> tuple[str, int]:
    """What a piece is in a prefix, and where the next one begins."""
    if text.endswith("="):
        value = _VALUE.match(head, end)
        return text + piece, value.end() if value else end
    if piece == "%u@%d":
        return piece, end
    return _one(piece, used), end


def _one(piece: str, used: Counter[str]) -> str:
    several = _NEXT.get(piece, (piece,))
    used[piece] += 1
    return several[min(used[piece], len(several)) - 1]
