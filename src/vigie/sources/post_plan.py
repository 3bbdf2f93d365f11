"""Which column of a table of posts means what: as data that travels in the layout, found from known headers or told by the user.

A user's layout is a list of pairs, `account_id=screen_name seen_at=created_at text=text links=url`: left a field of `POST` or one of `MORE`, right the
name of a column (in quotes where it holds blanks), or several with commas between them, of which the first that holds a value counts; the lists of
several columns are joined.

References:
    - records/post.py
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final

from vigie.records import POST

MAX_LAYOUT: Final = 65_536
MORE: Final = {
    "url": "address of the post or of the article itself", "repost": "flag: somebody else's post", "quote": "flag", "reply": "flag",
    "repost_id": "post that is passed on", "quote_id": "post that is quoted", "reply_id": "post that is answered",
    "repost_account_id": "its account", "quote_account_id": "its account", "reply_account_id": "its account",
    "repost_account_name": "its account's name", "quote_account_name": "its account's name", "reply_account_name": "its account's name",
    "object": "what is shared: an address, or the id of a post", "thread": "chat, where numbers of posts hold in a chat only",
}  # fmt: skip
"""Fields from which those of `POST` are made, with what they hold."""
FIELDS: Final = frozenset([*POST.schema.names[3:], *MORE]) - {"time_precision", "domains"}
PLATFORMS: Final = ("x", "bluesky", "mastodon", "telegram", "truth", "tiktok", "facebook", "site", "other")
_PAIR: Final = re.compile(r"""\s*([A-Za-z_]\w{0,40})=("[^"]{1,200}"|'[^']{1,200}'|[^\s"']{1,400})(?=\s|\Z)""")


@dataclass(frozen=True, slots=True)
class Plan:
    """How the records of a table become posts.

    Attributes:
        columns: of the header, in order.
        head: the header line as it stands in the file, mark of Unicode and line end off.
        delimiter: between fields.
        fields: field → columns that hold it.
        platform: of all posts; "" where a column or nothing tells it.
        zone: of times that carry none; "" for the user's.
        order: of dates with slashes.
        precision: what times are told to at most, where the sample shows it.
        clock: ids of posts are X's, and tell the time better than the column where both agree but for a zone.
        html: texts are HTML.
        positions: columns count by their place, whatever the header calls them.
        lost: names of columns that the user named and the header does not hold.
    """

    columns: tuple[str, ...]
    head: str
    delimiter: str = ","
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    platform: str = "other"
    zone: str = ""
    order: str = "mdy"
    precision: str = ""
    clock: bool = False
    html: bool = False
    lost: tuple[str, ...] = ()

    @property
    def wanted(self) -> frozenset[str]:
        """Columns that are read."""
        return frozenset(column for columns in self.fields.values() for column in columns)

    def text(self) -> str:
        """The plan as a layout."""
        return json.dumps(asdict(self), ensure_ascii=False)


@lru_cache(maxsize=64)
def plan_of(layout: str) -> Plan | None:
    """The plan in a layout; None when there is none."""
    if not layout.startswith('{"columns"'):
        return None
    try:
        found = json.loads(layout)
    except (ValueError, RecursionError):
        return None
    found["fields"] = {name: tuple(columns) for name, columns in found["fields"].items()}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
    return Plan(**values)


def is_mapping(layout: str) -> bool:
    """Whether a user's layout is a list of pairs, and no server's."""
    return _PAIR.match(layout) is not None and not set("$%{") & set(layout)


@lru_cache(maxsize=64)
def mapping_of(layout: str) -> dict[str, tuple[str, ...]]:
    """Field → columns, from a user's layout.

    Raises:
        ValueError: a part is no pair, or no field has this name; the message names it.
    """
    if len(layout) > MAX_LAYOUT:
        raise ValueError(f"a layout of {len(layout):,} characters names no columns (longest: {MAX_LAYOUT:,})")
    out: dict[str, tuple[str, ...]] = {}
    at = 0
    while layout[at:].strip():
        found = _PAIR.match(layout, at)
        if found is None:
            raise ValueError(f"layout: {layout[at:].strip()[:40]!r} is no pair field=column; expected for instance account_id=screen_name seen_at=created_at text=text")
        if found[1] not in FIELDS:
            near = difflib.get_close_matches(found[1], FIELDS, 1)
            raise ValueError(f"layout: no field is called {found[1]!r}" + (f"; did you mean {near[0]!r}?" if near else f"; there are: {', '.join(sorted(FIELDS))}"))
        value = found[2]
        out[found[1]] = (value[1:-1],) if value[0] in "\"'" else tuple(part for part in value.split(",") if part)
        at = found.end()
    if "seen_at" not in out:
        raise ValueError("layout: no column is named for seen_at, the time of the post")
    if not {"account_id", "account_name", "url"} & set(out):
        raise ValueError("layout: no column is named for account_id, account_name, or url where the posts are articles of sites")
    return out
