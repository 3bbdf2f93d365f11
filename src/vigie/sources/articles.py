"""Articles of other people's sites, as posts: RSS, Atom and sitemaps that were saved. `--format articles` says that they are not one's own.

The account is the host of the article's address, its post id and its first link the address itself, so that a post that shares the article and
the article meet in one link. What the text of the article links to follows.

References:
    - https://www.rssboard.org/rss-specification
    - RFC 4287
    - https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import POST
from vigie.sources import feed, sitemap
from vigie.sources.documents import Element, elements_of, no_line
from vigie.sources.links import canonical_links, hosts_of
from vigie.sources.post_html import links_of_html, text_of_html
from vigie.sources.post_rows import post_rows
from vigie.sources.post_times import post_times
from vigie.sources.publication_rows import NO_PAGE, Page
from vigie.sources.rows import reasons
from vigie.sources.sitemap import OF_SITEMAPS
from vigie.sources.source import FRAME, Reading, Recognition, Source
from vigie.sources.xml_items import NOT_WELL_FORMED, ends, first

_LONGEST: Final = 2_048
_LONGEST_TITLE: Final = 512
_WORDS: Final = ("content:encoded", ":encoded", "description", "summary", "content")
_LANGUAGE: Final = ("dc:language", ":language", "news:language")


@dataclass(frozen=True, slots=True)
class _Article:
    """What an item says; "" for what it does not."""

    page: Page
    words: str = ""
    language: str = ""
    why: str = ""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of items.

    Args:
        batch: rows of `LINE`, one item each.
        reading: `layout` holds the item's name and the encoding; `timezone` of times that name none.

    Returns:
        `POST` columns and `unread`, same rows in the same order.
    """
    item, _, encoding = reading.layout.partition(" ")
    found = [_article(piece, item, encoding) for piece in batch.column("line").to_pylist()]
    url = pl.Series([one.page.url.strip()[:_LONGEST] or None for one in found], dtype=pl.String)
    link, words = canonical_links(url), pl.Series([one.words for one in found], dtype=pl.String)
    seen, precision = post_times(pl.Series([_spelled(one.page.online) for one in found], dtype=pl.String), reading.timezone)
    edited, _ = post_times(pl.Series([_spelled(one.page.modified) for one in found], dtype=pl.String), reading.timezone)
    text = text_of_html(words).str.strip_chars(" \t\r\n")
    links = pl.DataFrame({"own": url, "others": links_of_html(words)}).select(pl.concat_list("own", "others").list.drop_nulls()).to_series()
    why = np.array([one.why for one in found], dtype=object)
    columns = {
        "seen_at": seen, "edited_at": edited, "post_id": link, "account_id": hosts_of(link), "links": links,
        "title": pl.Series([unescape(one.page.title[:_LONGEST_TITLE]) or None for one in found], dtype=pl.String),
        "text": text.set(text == "", None), "language": pl.Series([one.language or None for one in found], dtype=pl.String),
    }  # fmt: skip
    told = np.where(why != "", why, reasons((link.is_null().to_numpy(), NO_PAGE))).astype(np.str_)
    return post_rows(batch, columns, told, "site", precision)


def _article(piece: bytes, item: str, encoding: str) -> _Article:
    nothing = Page("")
    if not item or not piece.startswith(b"<" + item.encode()) or piece[len(item) + 1 : len(item) + 2].isalnum():
        return _Article(nothing, why=FRAME)
    elements = elements_of(piece, item, encoding or "utf-8")
    if elements is None:
        return _Article(nothing, why=NOT_WELL_FORMED)
    page = _page(elements, item.rpartition(":")[2])
    if isinstance(page, str):
        return _Article(nothing, why=page)
    return _Article(page, first(elements, *_WORDS, depth=1), first(elements, *_LANGUAGE)[:16])


def _page(elements: list[Element], name: str) -> Page | str:
    if name == "sitemap":
        return OF_SITEMAPS
    return sitemap.page_of(elements) if name == "url" else feed.page_of(elements)


def _spelled(text: str) -> str:
    """Dates of mail with any zone in the spelling of ISO; everything else as it stands."""
    text = text.strip()[:64]
    if not text or (text[:1].isdigit() and text[4:5] in "-/"):
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return text


def claims(head: bytes) -> Recognition | None:
    """Claim a feed or a sitemap; the sources of one's own pages come first, so this one is asked only by name."""
    return feed.claims(head) or sitemap.claims(head)


SOURCE = Source(
    "articles", POST, no_line, read, ends=ends, claims=claims, references=("https://www.rssboard.org/rss-specification", "https://www.sitemaps.org/protocol.html"),
)  # fmt: skip
"""One row each item that has an address and a time."""
