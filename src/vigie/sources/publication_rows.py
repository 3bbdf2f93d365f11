"""From what a document says of its pages to rows of `PUBLICATION`: few rows, so each is looked at by itself.

References:
    - RFC 3986; RFC 5322 (dates of RSS); https://www.w3.org/TR/NOTE-datetime (dates of Atom and of sitemaps)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.records.place import normalised_path
from vigie.sources.address import domain
from vigie.sources.moment import moments
from vigie.sources.rows import NO_DATE, assemble
from vigie.sources.source import Reading

NO_PAGE: Final = "no address of a page"
"""Why an item without a web address, or with one that is none, is unread."""
ONLINE: Final = "online"
_URL: Final = re.compile(r"(?i:https?)://(?:[^/?#@]*@)?([^/?#\s]+)([^?#\s]*)(?:\?([^#\s]*))?")
_BY_NUMBER: Final = re.compile(r"(?:^|&)((?:p|page_id)=\d{1,18})(?:&|$)")
_DAY_ONLY: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?\Z")
_LONGEST_URL: Final = 2_048
_LONGEST_TITLE: Final = 512
_EARLIEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """What a document says of one page; "" for what it does not say.

    Attributes:
        online: when it went online, as written.
        url: its address.
        path: its path, where there is no address.
        modified: as written.
        utc: times without a zone are UTC, whatever zone the user named.
    """

    online: str
    url: str = ""
    path: str = ""
    title: str = ""
    kind: str = ""
    status: str = ONLINE
    modified: str = ""
    utc: bool = False


def publication_rows(batch: pa.RecordBatch, pages: Sequence[Page | str], reading: Reading, source: str) -> pa.RecordBatch:
    """Rows of `PUBLICATION`, one for each piece.

    Args:
        batch: rows of `LINE`, the pieces.
        pages: for each piece what it says, or why it is unread.
        reading: `timezone` of times that carry none.
        source: name of the kind of document.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    read = [page if isinstance(page, Page) else Page("") for page in pages]
    places = [_place(page) for page in read]
    seen, modified = (_times([(text, page.utc) for page, text in zip(read, texts, strict=True)], reading.timezone)
                      for texts in ([page.online for page in read], [page.modified for page in read]))  # fmt: skip
    dated = seen.is_not_null().to_list()
    why = [
        page if isinstance(page, str) else NO_PAGE if not place[2] else "" if good else NO_DATE
        for page, place, good in zip(pages, places, dated, strict=True)
    ]
    return assemble(
        batch,
        PUBLICATION,
        {
            "seen_at": seen, "modified_at": modified,
            "url_full": _text([place[0] for place in places]), "url_domain": _text([place[1] for place in places]),
            "url_path": _text([place[2] for place in places]), "title": _text([unescape(page.title[:_LONGEST_TITLE]) for page in read]),
            "kind": _text([page.kind[:64] for page in read]), "status": _text([page.status[:64] for page in read]),
            "publication_source": pa.array([source] * len(read), pa.string()),
        },
        np.asarray(why, np.str_),
    )  # fmt: skip


def _place(page: Page) -> tuple[str, str, str]:
    """Address, host and normalised path; a page that is only known by its number keeps that behind the path."""
    found = _URL.match(page.url[:_LONGEST_URL])
    host = domain(found[1].rpartition(":")[0] if found[1].rpartition(":")[2].isdigit() else found[1]) if found else None
    if found is None or host is None:
        return "", "", normalised_path(page.path) if page.path else ""
    number = _BY_NUMBER.search(found[3] or "")
    path = normalised_path(page.path or found[2] or "/")
    return page.url, host, f"{path}?{number[1]}" if number and not page.path else path


def _times(texts: Sequence[tuple[str, bool]], zone: str) -> pl.Series:
    """Moments of texts, each with whether it is UTC where it names no zone."""
    spelled = [_spelled(text) for text, _ in texts]
    utc = np.asarray([flag for _, flag in texts], bool)
    values = pl.Series(spelled, dtype=pl.String)
    if utc.all():
        return moments(values, "UTC")
    local = moments(values, zone)
    if not utc.any():
        return local
    return pl.select(pl.when(pl.Series(utc)).then(moments(values, "UTC")).otherwise(local)).to_series()


def _spelled(text: str) -> str | None:
    """A date in the one spelling that `moments` reads; None for none."""
    text = text.strip()[:64]
    if not text or text.startswith("0000-"):
        return None
    if _DAY_ONLY.match(text):
        return f"{text}-01T00:00:00"[:19] if len(text) == 7 else f"{text}T00:00:00"
    if text[:4].isdigit():
        return re.sub(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?=Z|[+-]\d|$)", r"\1:00", text)
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.isoformat() if found.year >= _EARLIEST else None


def _text(values: Sequence[str]) -> pa.Array:
    return pa.array([value or None for value in values], pa.string())
