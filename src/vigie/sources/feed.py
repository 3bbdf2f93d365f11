"""Feeds of a site: RSS 2.0, RSS 1.0 (RDF) and Atom. A feed holds the latest pages only; the time is the one that it tells readers.

References:
    - https://www.rssboard.org/rss-specification
    - https://web.resource.org/rss/1.0/spec
    - RFC 4287
"""

from __future__ import annotations

import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.sources.documents import Element, no_line
from vigie.sources.publication_rows import Page
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.xml_items import claim, ends, first, read_items, root_of


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of items.

    Args:
        batch: rows of `LINE`, one item each.
        reading: `layout`; `timezone` of times that name none.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    return read_items(batch, reading, "feed", page_of)


def page_of(elements: list[Element]) -> Page | str:
    """What an item of a feed says of its page, or why nothing."""
    online = first(elements, "published", "pubDate", "issued", "dc:date", ":date", "created", "updated", "modified", depth=1)
    return Page(online, _link(elements), title=first(elements, "title", depth=1), modified=first(elements, "updated", "modified", depth=1))


def _link(elements: list[Element]) -> str:
    """The page itself: Atom's alternate link, RSS's link, or a guid that is one."""
    links = [element for element in elements if element.depth == 1 and element.name == "link"]
    for link in links:
        if link.attributes.get("rel", "alternate") == "alternate" and link.attributes.get("href"):
            return link.attributes["href"].strip()
    for link in links:
        if link.text:
            return link.text
    for element in elements:
        if element.depth == 1 and element.name in ("guid", "id") and element.attributes.get("isPermaLink", "true") == "true":
            return element.text
    return ""


def claims(head: bytes) -> Recognition | None:
    """Claim a document whose root is a feed's."""
    prefix, root = root_of(head)
    if root == "rss":
        return claim(head, "item", "RSS feed")
    if root == "RDF" and b"http://purl.org/rss/1.0/" in head[:65_536]:
        return claim(head, "item", "RSS 1.0 feed")
    if root == "feed" and b"http://www.w3.org/2005/Atom" in head[:65_536]:
        return claim(head, f"{prefix}entry", "Atom feed")
    return None


SOURCE = Source(
    "feed", PUBLICATION, no_line, read, ends=ends, claims=claims,
    references=("https://www.rssboard.org/rss-specification", "https://www.rfc-editor.org/rfc/rfc4287"),
)  # fmt: skip
"""One row each item."""
