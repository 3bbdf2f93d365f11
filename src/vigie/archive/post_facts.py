"""What was read of posts as a whole, what came of it, and what cannot be seen, ready to be shown.

References:
    - docs/posts.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vigie.archive.account_facts import RESULTS
from vigie.archive.group_facts import tests_of

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

_READ: Final = """
select (select count(*) from posts) as posts, count(*) as distinct_posts, count(*) filter (platform = 'site') as articles, min(seen_at) as first_seen, max(seen_at) as last_seen,
       list(distinct platform order by platform) as platforms, (select count(*) from accounts) as accounts
from social_posts
"""
_TOLD: Final = """
select count(*) as passed, count(*) filter (o.post_id is not null) as known, count(*) filter (p.ref_at is not null or o.post_id is not null) as timed,
       count(*) filter (p.ref_post_id is null and p.ref_account_id is null and p.ref_account_name is null) as untold
from posts p left join (select distinct platform, post_id from social_posts where post_id is not null) o on o.platform = p.platform::varchar and o.post_id = p.ref_post_id
where p.kind::varchar in ('repost', 'quote')
"""
_COLUMNS: Final = """
select count(*) filter (client is not null) as client, count(*) filter (links is not null) as links, count(*) filter (text is not null) as texts from posts
"""
AT_ONCE: Final = 3
"""Objects that many shared at once that are shown."""
_AT_ONCE: Final = """
select object, kind, accounts, make_timestamptz(start) as first_seen, (("end" - start) / 1000000)::double as seconds, expected, q from shared_at_once where significant
order by q, accounts desc, object limit ?
"""


def posts_facts(catalogue: Catalogue) -> dict[str, Any]:
    """What was read of posts, and what cannot be seen in them.

    Returns:
        `posts` (lines), `distinct_posts`, `accounts`, `articles`, `platforms`, `first_seen`, `last_seen`; `kinds` and `precision` (posts by each); `passed_on` (reposts and
        quotes), `original_known`, `original_timed`, `original_untold`; `client_told`, `links_told`, `texts_kept`, `lines_kept`; `declared_groups`; `tests`; `by_result`;
        `groups`, `in_groups` (accounts), `rumours` (links and texts of two accounts or more), `waves` (of them what counts as an attack), `at_once` (objects), `shared_at_once` (the most
        surprising of them).
    """
    facts: dict[str, Any] = dict(catalogue.one(_READ))
    for name, column in (("kinds", "kind"), ("precision", "time_precision")):
        counted = catalogue.rows(f"select {column}::varchar as what, count(*) as n from posts group by 1 order by n desc, what")
        facts[name] = {str(row["what"]): row["n"] for row in counted}
    told, columns = catalogue.one(_TOLD), catalogue.one(_COLUMNS)
    facts |= {"passed_on": told["passed"], "original_known": told["known"], "original_timed": told["timed"], "original_untold": told["untold"]}
    facts |= {"client_told": columns["client"], "links_told": columns["links"], "texts_kept": columns["texts"]}
    facts["lines_kept"] = catalogue.one("select count(*) as n from quoted_posts")["n"]
    facts["declared_groups"] = bool(catalogue.archive.declared("groups"))
    facts["tests"] = tests_of(catalogue)
    facts["shared_at_once"] = catalogue.rows(_AT_ONCE, [AT_ONCE])
    return facts | _weighed(catalogue, "true")


def lane(catalogue: Catalogue, asked: str = "true") -> dict[str, Any]:
    """Posts in a few numbers, for the end of a count; {} without posts.

    Args:
        catalogue: an open state.
        asked: a condition in SQL over `first_seen`, which chooses groups and rumours; accounts are those of all posts.
    """
    if not catalogue.has_posts:
        return {}
    read = catalogue.one(_READ)
    facts = {name: read[name] for name in ("posts", "distinct_posts", "accounts", "platforms", "first_seen", "last_seen")}
    return facts | _weighed(catalogue, asked)


def operation_of(catalogue: Catalogue, attack: str) -> str | None:
    """Id of the group (g…) or wave (w…) that counts as an attack; None for attacks of other families."""
    found = catalogue.rows("select min(o.operation_id) as id from operations o join signals s using (skeleton) where s.attack_id = ?", [attack])
    return str(found[0]["id"]) if found and found[0]["id"] is not None else None


def _weighed(catalogue: Catalogue, asked: str) -> dict[str, Any]:
    """What came of the weighing, counted."""
    results = {str(row["result"]): row["n"] for row in catalogue.rows("select result, count(*) as n from accounts group by 1 order by 1")}
    beyond = catalogue.one("select count(*) as n from accounts where bound")["n"]
    groups = catalogue.one(f'select count(*) as n, list("group") as ids from (select "group", make_timestamptz(first) as first_seen from coordinated_groups) where {asked}')
    members = catalogue.one('select count(distinct account) as n from coordinated_members where "group" in (select unnest(?::varchar[]))', [groups["ids"] or []])
    once = catalogue.one(f"select count(*) as n from (select significant, make_timestamptz(start) as first_seen from shared_at_once) where significant and {asked}")
    claims = catalogue.one(f"select count(*) as n from (select first_at as first_seen from rumours) where {asked}")
    waves = catalogue.one(f"select count(*) as n from rumour_waves where {asked}")
    return {
        "by_result": {name: results.get(name, 0) for name in RESULTS if results.get(name)}, "beyond": beyond, "groups": groups["n"], "in_groups": members["n"], "at_once": once["n"],
        "rumours": claims["n"], "waves": waves["n"],
    }  # fmt: skip
