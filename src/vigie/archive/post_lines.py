"""Posts behind a statement, with their lines; unless accounts are asked for, ids and names never leave.

References:
    - docs/posts.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from vigie.archive.account_names import Names, hidden, shown

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

Rows = list[dict[str, Any]]

_POSTS: Final = """
select w.row, w.platform, w.account_id, w.post_id, w.kind, w.seen_at, w.feed, w.file, w.byte_offset from social_posts w where w.row in (select unnest(?::bigint[])) order by w.seen_at, w.row
"""
_PLACES: Final = "with w as (select unnest(?::varchar[]) as feed, unnest(?::varchar[]) as file, unnest(?::bigint[]) as byte_offset) "
_AT: Final = "{0}.feed::varchar = w.feed and {0}.file::varchar = w.file and {0}.byte_offset = w.byte_offset"
_LINES: Final = _PLACES + f"select w.*, any_value(e.line) as line from w join evidence e on {_AT.format('e')} group by all"
_KNOWN: Final = _PLACES + f"""
select w.*, account_id, account_name, ref_account_id, ref_account_name, platform::varchar as platform, post_id, ref_post_id, mentions from w join posts p on {_AT.format('p')}
union all select w.*, null, account_name, null, ref_account_name, null, null, null, mentions from w join (select * from quoted_posts union all select * from held_posts) q on {_AT.format('q')}
"""
_Place = tuple[str, str, int]


def post_rows(catalogue: Catalogue, names: Names, rows: Sequence[int]) -> Rows:
    """Posts by their rows, in order of time: `row`, `account`, `platform`, `kind`, `seen_at`, `file`, `byte_offset`, `line` (null where it is no evidence), and `post_id` where accounts are identified.

    Unless accounts are identified the line is not as it stands: the ids and names that the archive knows of this post are replaced.
    """
    found = cast("Rows", catalogue.rows(_POSTS, [list(rows)]))
    lines = {_place(one): one["line"] for one in _at(catalogue, _LINES, found)}
    known = _by_place(catalogue, found) if not names.identified else {}
    out = []
    for row in found:
        line = lines.get(_place(row))
        text = line.decode("utf-8", "backslashreplace").rstrip() if isinstance(line, bytes) else None
        if text is not None and not names.identified:
            text = hidden(text, known.get(_place(row), []), names)
        told = shown({key: value for key, value in row.items() if key not in ("feed", "post_id")}, names)
        out.append({**told, "line": text, **({"post_id": row["post_id"]} if names.identified else {})})
    return out


def _place(row: Mapping[str, Any]) -> _Place:
    return str(row["feed"]), str(row["file"]), int(row["byte_offset"])


def _at(catalogue: Catalogue, query: str, rows: Sequence[Mapping[str, Any]]) -> Rows:
    """Rows of a query about the places of some posts."""
    places = sorted({_place(row) for row in rows})
    return catalogue.rows(query, [[place[at] for place in places] for at in range(3)])


def _by_place(catalogue: Catalogue, rows: Sequence[Mapping[str, Any]]) -> dict[_Place, Rows]:
    """What the archive knows of the ids and names of some posts."""
    known: dict[_Place, Rows] = {}
    for one in _at(catalogue, _KNOWN, rows):
        known.setdefault(_place(one), []).append(one)
    return known


def masked_lines(catalogue: Catalogue, names: Names, signals: list[dict[str, object]]) -> None:
    """Take ids and names out of the `line` of signals of posts, and out of their `evidence` where it is the id of a post."""
    known = _by_place(catalogue, signals)
    for row in signals:
        mine = known.get(_place(row), [])
        if isinstance(row.get("line"), bytes):
            row["line"] = hidden(cast("bytes", row["line"]).decode("utf-8", "backslashreplace"), mine, names).encode()
        row["evidence"] = hidden(str(row["evidence"]), mine, names)
