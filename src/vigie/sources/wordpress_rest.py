"""WordPress's own list of posts: `/wp-json/wp/v2/posts`, or `wp post list --format=json`, saved as one JSON document.

References:
    - https://developer.wordpress.org/rest-api/reference/posts/ (`date` is the site's clock, `date_gmt` is UTC, neither names a zone)
    - https://developer.wordpress.org/cli/commands/post/list/
"""

from __future__ import annotations

import json
import re
from typing import Final

import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.sources.documents import NO_ENDS, ends_of, json_items, no_line
from vigie.sources.publication_rows import ONLINE, Page, publication_rows
from vigie.sources.source import FRAME, Ends, Reading, Recognition, Source

NO_POST: Final = "no post of WordPress"
"""Why an object that is none is unread."""
_DATED: Final = re.compile(rb'"(?:post_)?date(?:_gmt)?"\s*:\s*"')
_POST: Final = re.compile(rb'"(?:date_gmt|modified_gmt|post_date|post_date_gmt|post_name|post_title)"\s*:')


def ends(data: bytes, _: Reading, final: bool) -> Ends:
    """Where the posts of a whole document stand; none before it is whole."""
    return ends_of(json_items(data), data) if final else NO_ENDS


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of posts.

    Args:
        batch: rows of `LINE`, one object each.
        reading: `timezone` of posts that only have the site's clock.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    return publication_rows(batch, [_page(piece) for piece in batch.column("line").to_pylist()], reading, "wordpress_rest")


def _page(piece: bytes) -> Page | str:
    body = piece.strip(b" \t\r\n,")
    if not body.startswith(b"{"):
        return FRAME
    try:
        post = json.loads(body)
    except (ValueError, RecursionError):
        return "no JSON object"
    if not isinstance(post, dict):
        return NO_POST

    def value(*names: str) -> str:
        for name in names:
            found = post.get(name)
            found = found.get("rendered") if isinstance(found, dict) else found
            if isinstance(found, str) and found and not found.startswith("0000-"):
                return found
        return ""

    gmt = value("date_gmt", "post_date_gmt")
    online = gmt or value("date", "post_date")
    if not online:
        return NO_POST
    status = value("status", "post_status")
    return Page(
        online, value("link", "url", "guid"), title=value("title", "post_title"), kind=value("type", "post_type"),
        status=ONLINE if status in ("publish", "") else status, modified=value("modified_gmt", "post_modified_gmt") if gmt else value("modified"),
        utc=bool(gmt),
    )  # fmt: skip


def claims(head: bytes) -> Recognition | None:
    """Claim a document that is an array of objects (or one object), the first of which is dated as WordPress dates."""
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:65_536]
    if not re.match(rb"\[\s*\{|\{", body) or not _POST.search(body) or not _DATED.search(body):
        return None
    if body[:1] == b"{" and re.search(rb"\}\s*\n\s*\{", body):
        return None  # one object a line: a log
    return Recognition(1.0, "WordPress posts")


SOURCE = Source(
    "wordpress_rest", PUBLICATION, no_line, read, ends=ends, claims=claims,
    references=("https://developer.wordpress.org/rest-api/reference/posts/",),
)  # fmt: skip
"""One row each post."""
