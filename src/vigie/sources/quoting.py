"""Texts as administrators paste them from a configuration: quotes, escapes, several pieces, whole statements."""

from __future__ import annotations

from typing import Final

from vigie.sources.layout import LayoutError

MAX_LAYOUT: Final = 16_384
"""Longest layout that is taken, in characters."""
_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r"}
_LEAST_QUOTED: Final = 2


def words_of(text: str) -> list[str]:
    """The words of a configuration text, quotes and escapes taken off; `;` is a word of its own, comments are left out.

    Raises:
        LayoutError: a quote is not closed, or the text is too long.
    """
    _bounded(text)
    words: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char == "#":
            newline = text.find("\n", at)
            at = len(text) if newline < 0 else newline
        elif char == ";":
            words.append(";")
            at += 1
        elif char in "'\"":
            end = closing(text, at)
            if end < 0:
                raise LayoutError(f"the quote {char} at character {at + 1} is not closed; paste the whole statement")
            words.append(unescaped(text[at + 1 : end]))
            at = end + 1
        else:
            end = at
            while end < len(text) and not text[end].isspace() and text[end] not in ";'\"":
                end += 1
            words.append(text[at:end])
            at = max(end, at + 1)
    return words


def closing(text: str, at: int) -> int:
    """Where the quote that opens at `at` is closed; -1 when it is not."""
    quote, place = text[at], at + 1
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] == quote:
            return place
        place += 1
    return -1


def bare(text: str) -> str:
    r"""The layout itself from a pasted string: `'a' 'b';`, `"%h \"%r\""` and unquoted texts.

    Outer quotes belong to the configuration when nothing but space stands between the quoted pieces; in
    `"$request" $status "$http_user_agent"` they belong to the layout.

    Raises:
        LayoutError: a quote is not closed, or the text is too long.
    """
    _bounded(text)
    stripped = text.strip().removesuffix(";").rstrip()
    if len(stripped) >= _LEAST_QUOTED and stripped[0] in "'\"" and _only_pieces(stripped):
        return "".join(words_of(stripped))
    return unescaped(stripped)


def unescaped(text: str) -> str:
    r"""Backslash escapes of a configuration taken off: `\"`, `\'`, `\\`, `\t`, `\n`; others stay."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and text[at + 1] in "\"'\\tnr":
            out.append(_ESCAPES.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _bounded(text: str) -> None:
    if len(text) > MAX_LAYOUT:
        raise LayoutError(f"this layout has {len(text):,} characters, {MAX_LAYOUT:,} at most are taken")


def _only_pieces(text: str) -> bool:
    """Whether the whole text is quoted pieces with nothing but space between them."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] not in "'\"" or (end := closing(text, at)) < 0:
            return False
        # `"a" "b"` in double quotes is two fields of a layout, not two pieces: only nginx's single quotes are joined.
        if text[at] == '"' and end != len(text) - 1:
            return False
        at = end + 1
    return True
