"""What went online when, as WordPress itself would answer `/wp-json/wp/v2/posts`: one JSON document, saved with a post on each line.

References:
    - https://developer.wordpress.org/rest-api/reference/posts/ (schema; `date` is local, `date_gmt` is UTC without a zone)
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from vigie.demo.kind import Kind, Truth, moment
from vigie.demo.month import SITE, Month, Publication
from vigie.demo.site import path_of
from vigie.sources.source import FRAME

_NAME: Final = "posts.json"
_PARIS_IN_WINTER: Final = 3_600


def post(number: int, page: Publication) -> dict[str, object]:
    """One publication as WordPress describes it.

    Args:
        number: of the post.
        page: what went online.
    """
    local, gmt = (moment(page.second + shift).isoformat().removesuffix("+00:00") for shift in (_PARIS_IN_WINTER, 0))
    title = page.slug.replace("-", " ").capitalize()
    return {
        "id": number, "date": local, "date_gmt": gmt, "guid": {"rendered": f"https://{SITE}/?p={number}"}, "modified": local, "modified_gmt": gmt,
        "slug": page.slug, "status": "publish", "type": "post", "link": f"https://{SITE}{path_of(page)}", "title": {"rendered": title},
        "excerpt": {"rendered": f"<p>{title}.</p>\n", "protected": False}, "author": 2, "comment_status": "closed", "sticky": False,
        "categories": [3], "tags": [],
    }  # fmt: skip


def write(folder: Path, month: Month) -> Truth:
    """Write `posts.json`, the newest first, as WordPress does.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    posts = [post(1_200 + 3 * number, page) for number, page in enumerate(month.publications)]
    path = folder / _NAME
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in posts[::-1])
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    os.utime(path, (month.end, month.end))
    return Truth(attacks=(), lines=len(posts) + 2, unread={FRAME: 2}, files=(_NAME,))


PUBLICATIONS = Kind("publications", write)
"""WordPress's own list of posts."""
