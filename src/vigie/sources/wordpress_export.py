"""WordPress's export of a site (WXR): RSS with more in it, one item for each post, page, attachment and menu entry.

References:
    - https://wordpress.org/documentation/article/tools-export-screen/
    - https://developer.wordpress.org/reference/functions/export_wp/ (`wp:post_date` is the site's clock, `wp:post_date_gmt` is UTC)
"""

from __future__ import annotations

import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.sources.documents import Element, no_line
from vigie.sources.publication_rows import ONLINE, Page
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.xml_items import claim, ends, first, read_items, root_of


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of items.

    Args:
        batch: rows of `LINE`, one item each.
        reading: `layout`; `timezone` of items that only have the site's clock.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    return read_items(batch, reading, "wordpress_export", _page)


def _page(elements: list[Element]) -> Page | str:
    gmt = first(elements, "wp:post_date_gmt", depth=1)
    gmt = "" if gmt.startswith("0000-") else gmt
    changed = first(elements, "wp:post_modified_gmt", depth=1)
    status = first(elements, "wp:status", depth=1)
    return Page(
        gmt or first(elements, "wp:post_date", depth=1), first(elements, "link", "guid", depth=1), title=first(elements, "title", depth=1),
        kind=first(elements, "wp:post_type", depth=1), status=ONLINE if status == "publish" else status,
        modified=changed if gmt else first(elements, "wp:post_modified", depth=1), utc=bool(gmt),
    )  # fmt: skip


def claims(head: bytes) -> Recognition | None:
    """Claim RSS that declares WordPress's own names."""
    if root_of(head)[1] != "rss" or b'xmlns:wp="http://wordpress.org/export/' not in head[:65_536]:
        return None
    return claim(head, "item", "WordPress export")


SOURCE = Source(
    "wordpress_export", PUBLICATION, no_line, read, ends=ends, claims=claims,
    references=("https://developer.wordpress.org/reference/functions/export_wp/",),
)  # fmt: skip
"""One row each item, those that are no page of a visitor included: `kind` and `status` say what they are."""
