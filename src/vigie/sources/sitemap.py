"""Sitemaps: the pages of a site with the time of their last change, which is the time of publication only for pages that never changed.

A sitemap for news says when each article was published. An index of sitemaps lists files, not pages.

References:
    - https://www.sitemaps.org/protocol.html
    - https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.sources.documents import Element, no_line
from vigie.sources.publication_rows import Page
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.xml_items import claim, ends, first, read_items, root_of

NO_LASTMOD: Final = "no lastmod: the sitemap does not say when"
"""Why a page without a time is unread."""
OF_SITEMAPS: Final = "another sitemap: read that file too"
"""Why an entry of an index is unread."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of entries.

    Args:
        batch: rows of `LINE`, one entry each.
        reading: `layout`; `timezone` of days without a time.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    listed = reading.layout.partition(" ")[0].rpartition(":")[2] == "sitemap"
    return read_items(batch, reading, "sitemap", _index if listed else page_of)


def _index(_: list[Element]) -> Page | str:
    return OF_SITEMAPS


def page_of(elements: list[Element]) -> Page | str:
    """What an entry of a sitemap says of its page, or why nothing."""
    changed = first(elements, "lastmod", depth=1)
    published = first(elements, ":publication_date")
    if not changed and not published:
        return NO_LASTMOD
    return Page(published or changed, first(elements, "loc", depth=1), title=first(elements, "news:title", ":title"), modified=changed)


def claims(head: bytes) -> Recognition | None:
    """Claim a document whose root is a sitemap's."""
    prefix, root = root_of(head)
    if root == "urlset":
        return claim(head, f"{prefix}url", "sitemap")
    if root == "sitemapindex":
        return claim(head, f"{prefix}sitemap", "index of sitemaps")
    return None


SOURCE = Source(
    "sitemap", PUBLICATION, no_line, read, ends=ends, claims=claims, references=("https://www.sitemaps.org/protocol.html",),
)  # fmt: skip
"""One row each page that has a time."""
