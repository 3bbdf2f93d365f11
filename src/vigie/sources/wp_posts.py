r"""The table of posts in a dump of WordPress's database (mysqldump, mariadb-dump, phpMyAdmin, `wp db export`).

The dump does not hold the addresses of pages, only their last words (`post_name`): the path is a guess, and where logs know one page
with this last word that page is meant. Dumps write line breaks in texts as `\n`, so a statement ends where a line ends in `;`.

References:
    - https://developer.wordpress.org/reference/functions/wp_get_db_schema/ (order of the columns)
    - https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa

from vigie.records import PUBLICATION
from vigie.sources.documents import NO_ENDS, no_line
from vigie.sources.publication_rows import ONLINE, Page, publication_rows
from vigie.sources.source import Ends, Reading, Recognition, Source

NO_ROW: Final = "no row of the table of posts"
"""Why the other statements of a dump are unread."""
MISFIT: Final = "a row with other columns than WordPress's"
_INSERT: Final = re.compile(rb"^INSERT (?:IGNORE )?INTO [`\"]?\w{0,60}posts[`\"]?(?: *\([^()']{0,4000}\))? VALUES\s*", re.MULTILINE | re.IGNORECASE)
_TOKENS: Final = re.compile(rb"'(?:[^'\\]++|\\.|'')*+(?:'|\Z)|[();]", re.DOTALL)
_VALUES: Final = re.compile(r"\s*(?:'((?:[^'\\]++|\\.|'')*+)'|([^,'()]*))\s*(?:,|\Z)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)|''", re.DOTALL)
_COLUMNS: Final = (
    "ID", "post_author", "post_date", "post_date_gmt", "post_content", "post_title", "post_excerpt", "post_status", "comment_status", "ping_status",
    "post_password", "post_name", "to_ping", "pinged", "post_modified", "post_modified_gmt", "post_content_filtered", "post_parent", "guid",
    "menu_order", "post_type", "post_mime_type", "comment_count",
)  # fmt: skip
_SIGNS: Final = re.compile(rb"(?:INSERT INTO|CREATE TABLE(?: IF NOT EXISTS)?) [`\"]?\w{0,60}(?:posts|postmeta|commentmeta|comments|options|termmeta|usermeta)[`\"]?", re.IGNORECASE)


def ends(data: bytes, _: Reading, final: bool) -> Ends:
    """Where rows of the table of posts and lines of everything else end, up to the last whole statement."""
    if not final:
        data = data[: data.rfind(b";\n") + 2] if b";\n" in data else b""
    if not data:
        return NO_ENDS
    cuts: list[int] = []
    at = 0
    while insert := _INSERT.search(data, at):
        cuts += _lines(data, at, insert.start())
        cuts.append(insert.end())
        depth, begin, at = 0, insert.end(), len(data)
        for token in _TOKENS.finditer(data, insert.end()):
            mark = token[0]
            if mark == b"(":
                depth += 1
                if depth == 1 and token.start() > begin:
                    begin = token.start()
                    cuts.append(begin)
            elif mark == b")":
                depth -= 1
            elif mark == b";" and depth <= 0:
                at = token.end() + (data[token.end() : token.end() + 1] == b"\n")
                cuts.append(at)
                break
    cuts += _lines(data, at, len(data))
    return np.unique(np.asarray([*cuts, len(data)], np.int64))


def _lines(data: bytes, low: int, high: int) -> list[int]:
    """Line ends in a part of the dump, and the end of the part."""
    if low >= high:
        return []
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8, high - low, low) == 10) + low + 1
    return [*breaks.tolist(), high]


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of rows.

    Args:
        batch: rows of `LINE`, one row of the table or one line of the dump each.
        reading: `timezone` of posts that only have the site's clock.

    Returns:
        `PUBLICATION` columns and `unread`, same rows in the same order.
    """
    return publication_rows(batch, [_page(piece) for piece in batch.column("line").to_pylist()], reading, "wp_posts")


def _page(piece: bytes) -> Page | str:
    if not piece.startswith(b"("):
        return NO_ROW
    inner = piece.decode("utf-8", "replace").rstrip(" \t\r\n,;")[1:-1]
    values: list[str] = []
    at = 0
    while at < len(inner) and len(values) <= len(_COLUMNS):
        found = _VALUES.match(inner, at)
        if not found or found.end() == at:
            return MISFIT
        values.append(_ESCAPED.sub(_unescaped, found[1]) if found[1] is not None else found[2].strip())
        at = found.end()
    if len(values) != len(_COLUMNS):
        return MISFIT
    post = dict(zip(_COLUMNS, values, strict=True))
    gmt = "" if post["post_date_gmt"].startswith("0000-") else post["post_date_gmt"]
    return Page(
        gmt or post["post_date"], post["guid"], path=f"/{post['post_name']}" if post["post_name"] else "", title=post["post_title"],
        kind=post["post_type"], status=ONLINE if post["post_status"] == "publish" else post["post_status"],
        modified=post["post_modified_gmt"] if gmt else post["post_modified"], utc=bool(gmt),
    )  # fmt: skip


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}.get(found[1], found[1]) if found[1] is not None else "'"


def claims(head: bytes) -> Recognition | None:
    """Claim a dump with tables that are WordPress's."""
    if not re.match(rb"\s*(?:--|/\*|INSERT INTO|CREATE TABLE|SET |DROP TABLE)", head.removeprefix(b"\xef\xbb\xbf")) or not _SIGNS.search(head):
        return None
    return Recognition(1.0, "WordPress database dump", doubt="addresses of pages are not in the dump: their last words are compared with the logs")


SOURCE = Source(
    "wp_posts", PUBLICATION, no_line, read, ends=ends, claims=claims,
    references=("https://dev.mysql.com/doc/refman/8.4/en/mysqldump.html",),
)  # fmt: skip
"""One row each post, those that are no page of a visitor included: `kind` and `status` say what they are."""
