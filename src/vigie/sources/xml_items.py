"""Documents of XML whose items are read alike: which element is an item and in which encoding stands in the layout."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pyarrow as pa

from vigie.sources.documents import NO_ENDS, Element, elements_of, encoding_of, ends_of, xml_elements
from vigie.sources.publication_rows import Page, publication_rows
from vigie.sources.source import FRAME, Ends, Reading, Recognition

NOT_WELL_FORMED: Final = "not well-formed XML"
"""Why an item that a strict reader of XML refuses is unread."""
_HEAD: Final = 65_536


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where the items of a whole document stand; none before it is whole."""
    return ends_of(xml_elements(data, reading.layout.partition(" ")[0]), data) if final else NO_ENDS


def read_items(batch: pa.RecordBatch, reading: Reading, source: str, page: Callable[[list[Element]], Page | str]) -> pa.RecordBatch:
    """Read a batch of items.

    Args:
        batch: rows of `LINE`, one item or a part of the frame each.
        reading: `layout` holds the item's name and the encoding.
        source: name of the kind of document.
        page: what the elements of an item say of a page, or why nothing.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    item, _, encoding = reading.layout.partition(" ")
    found = [_page(piece, item, encoding, page) for piece in batch.column("line").to_pylist()]
    return publication_rows(batch, found, reading, source)


def _page(piece: bytes, item: str, encoding: str, page: Callable[[list[Element]], Page | str]) -> Page | str:
    if not piece.startswith(b"<" + item.encode()) or piece[len(item) + 1 : len(item) + 2].isalnum():
        return FRAME
    elements = elements_of(piece, item, encoding or "utf-8")
    return NOT_WELL_FORMED if elements is None else page(elements)


def root_of(head: bytes) -> tuple[str, str]:
    """Prefix (with its colon, or "") and local name of the root element of an XML document, "" when these bytes begin none."""
    body = re.sub(rb"^\s*(?:<\?xml[^>]{0,400}>|<!--.{0,4000}?-->|<\?[^>]{0,400}>|<!DOCTYPE[^>\[]{0,400}>|\s){0,20}", b"",
                  head.removeprefix(b"\xef\xbb\xbf")[:_HEAD], flags=re.DOTALL)  # fmt: skip
    found = re.match(rb"<((?:[A-Za-z_][\w.-]{0,39}:)?)([A-Za-z_][\w.-]{0,39})[\s>]", body)
    return (found[1].decode(), found[2].decode()) if found else ("", "")


def claim(head: bytes, item: str, title: str) -> Recognition:
    """The claim on a document whose items have this name."""
    return Recognition(1.0, title, layout=f"{item} {encoding_of(head)}")


def first(elements: list[Element], *names: str, depth: int = 0) -> str:
    """The text of the first element of the first of some names that has one; a name that begins with `:` stands for any prefix."""
    for name in names:
        for element in elements:
            if (element.name == name or (name[0] == ":" and element.name.endswith(name))) and depth in (0, element.depth) and element.text:
                return element.text
    return ""
