"""Documents that list pages, cut into their items and the frame around them: one pass over the bytes, whatever they hold.

A piece begins where an item begins and goes on to the next one, separators included; what stands before the first item and behind the
last is the frame. Nothing is resolved: no DTD, no entity of one's own, no reference to another document.

References:
    - https://www.w3.org/TR/xml/ (CDATA sections, comments, encodings)
    - https://docs.python.org/3/library/pyexpat.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, Final
from xml.parsers import expat

import numpy as np

from vigie.sources.source import Ends, Recognition

NO_ENDS: Final[Ends] = np.zeros(0, np.int64)
"""What a source says of a document that is not whole yet."""
_SEPARATORS: Final = b" \t\r\n,"
_JSON: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["']""")
_MAX_TEXT: Final = 4096
"""Characters kept of an element's text: dates, titles and addresses are shorter; the page itself is not wanted."""
_MAX_ELEMENTS: Final = 2_000


def ends_of(spans: Sequence[tuple[int, int]], data: bytes) -> Ends:
    """Where pieces end, given where items stand.

    Args:
        spans: begin and end of each item, in order, not overlapping.
        data: the whole document.
    """
    cuts = [begin for begin, _ in spans if begin]
    for (_, end), after in zip(spans, [*(begin for begin, _ in spans), len(data)][1:], strict=True):
        if end < after and data[end:after].strip(_SEPARATORS):
            cuts.append(end)
    return np.unique(np.asarray([*cuts, len(data)], np.int64))


def no_line(_: Sequence[bytes]) -> Recognition | None:
    """No line gives a document away: its first bytes do."""
    return None


def json_items(data: bytes) -> list[tuple[int, int]]:
    """Where the objects of a JSON array stand (or the one object that the document is)."""
    spans, depth, begin = [], 0, -1
    listed = data.lstrip()[:1] == b"["
    for token in _JSON.finditer(data):
        mark = token[0][:1]
        if mark in b"{[":
            if depth == listed and mark == b"{":
                begin = token.start()
            depth += 1
        elif mark in b"}]":
            depth -= 1
            if depth == listed and begin >= 0:
                spans.append((begin, token.end()))
                begin = -1
    return spans


def xml_elements(data: bytes, name: str) -> list[tuple[int, int]]:
    """Where the elements of a name stand in an XML document; one that is never closed ends where the next one begins.

    Args:
        data: the document, in an encoding that writes ASCII as ASCII.
        name: with its prefix, if it has one.
    """
    spans, begin, at = [], -1, 0
    tokens = _tokens(name)
    while token := tokens.search(data, at):
        at = token.end()
        mark = token[0]
        if mark in (b"<![CDATA[", b"<!--"):
            found = data.find(b"]]>" if mark == b"<![CDATA[" else b"-->", at)
            at = found + 3 if found >= 0 else len(data)
        elif mark.startswith(b"</"):
            if begin >= 0:
                at = data.find(b">", at) + 1 or len(data)
                spans.append((begin, at))
                begin = -1
        else:
            if begin >= 0:
                spans.append((begin, token.start()))
            begin = token.start()
    if begin >= 0:
        spans.append((begin, len(data)))
    return spans


@lru_cache(maxsize=64)
def _tokens(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"<!\[CDATA\[|<!--|</?" + re.escape(name.encode()) + rb"(?=[\s/>])")


def encoding_of(head: bytes) -> str:
    """The encoding that an XML document declares, `utf-8` without one; UTF-16 is recoded before it comes here."""
    found = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    name = found[1].decode().lower() if found else "utf-8"
    return "utf-8" if name.startswith(("utf-16", "ucs", "utf-32", "utf8")) else name


@dataclass(slots=True)
class Element:
    """An element of XML.

    Attributes:
        name: without the prefix that the item itself has.
        depth: 1 for the children of the item.
        attributes: as written.
        text: the first 4,096 characters in it, white space at the ends off.
    """

    name: str
    depth: int
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def text(self) -> str:
        """The text directly in this element."""
        return "".join(self.parts)[:_MAX_TEXT].strip()


def elements_of(piece: bytes, item: str, encoding: str) -> list[Element] | None:
    """The elements inside one item; None when it is not well formed.

    Args:
        piece: bytes that begin with the item; what follows it is not looked at.
        item: name of the item, with its prefix.
        encoding: of the document.
    """
    end = piece.rfind(b"</" + item.encode())
    body = piece[: piece.find(b">", end) + 1] if end >= 0 else piece
    prefix = item.partition(":")[0] + ":" if ":" in item else ""
    found: list[Element] = []
    stack: list[Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name.removeprefix(prefix), len(stack), attributes)
        stack.append(element)
        if 0 < len(found) + 1 <= _MAX_ELEMENTS and element.depth:
            found.append(element)

    def stop(_: str) -> None:
        stack.pop()

    def text(part: str) -> None:
        if stack and stack[-1].size < _MAX_TEXT:
            stack[-1].parts.append(part)
            stack[-1].size += len(part)

    try:
        parser: Any = expat.ParserCreate(encoding)
        parser.UseForeignDTD(True)  # an entity that nobody declared is no error: HTML's names are common in feeds
        parser.SkippedEntityHandler = lambda name, _: text(unescape(f"&{name};"))
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, stop, text
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError, TypeError):
        return None
    return found
