"""What the tables of posts say, ready to be shown: accounts, groups in concert, what was read of posts and what cannot be seen.

Accounts bear pseudonyms unless they are asked for; ids, texts and lines never leave by themselves.

References:
    - docs/posts.md, docs/accounts.md, docs/coordination.md
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue
    from vigie.social.disarm import Technique

Rows = list[dict[str, Any]]

RESULTS: Final = ("assisted", "undecided", "hand", "declared", "sampled", "coarse", "little")
"""Results of accounts, in the order of a list by result."""
SCORED: Final = ("assisted", "undecided", "hand")
BLOCK: Final = 300_000_000
"""Microseconds that are one moment of a group."""
SURE_ORDER: Final = 0.05
"""Corrected p under which one of two is first more often than chance explains."""


@dataclass(frozen=True, slots=True)
class Names:
    """Under which name an account is shown.

    Attributes:
        key: of the pseudonyms.
        identified: whether accounts are shown as they are: "platform:id".
    """

    key: bytes
    identified: bool = False

    def account(self, platform: str, account_id: str) -> str:
        """Of an account by its two parts."""
        from vigie.social.pseudonyms import pseudonym

        return f"{platform}:{account_id}" if self.identified else pseudonym(self.key, platform, account_id)

    def of(self, account: str) -> str:
        """Of an account written "platform:id"."""
        platform, _, account_id = account.partition(":")
        return self.account(platform, account_id)


# ------------------------------------------------------------------------------------------------ lists

_ACCOUNTS: Final = """
with member as (select account, list(distinct "group" order by "group") as groups from coordinated_members group by account)
select a.*, coalesce(m.groups, []) as groups from accounts a left join member m on m.account = a.platform || ':' || a.account_id
where {where} order by {order}, a.platform, a.account_id limit ?
"""
_ORDERS: Final = {
    "posts": "a.posts desc",
    "result": f"list_position({list(RESULTS)}, a.result), abs(coalesce(a.log10_lr, 0)) desc, a.posts desc",
}
"""What accounts are sorted by."""

_GROUPS: Final = f"""
with moments as (select "group", count(distinct t // {BLOCK}) as moments from coincidences group by 1),
counted as (select o.operation_id as "group", min(s.attack_id) as attack_id from operations o join signals s using (skeleton) where s.attack_id is not null group by 1)
select * from (
    select g.* exclude (first, last, coincidences), g.coincidences, coalesce(m.moments, 0) as moments, make_timestamptz(g.first) as first_seen, make_timestamptz(g.last) as last_seen, c.attack_id
    from coordinated_groups g left join moments m using ("group") left join counted c using ("group"))
where {{where}} order by accounts desc, coincidences desc, "group" limit ?
"""


def account_rows(
    catalogue: Catalogue, names: Names, *, platform: str | None = None, result: str | None = None, since: datetime | None = None, until: datetime | None = None,
    order: str = "posts", limit: int = 50,
) -> Rows:  # fmt: skip
    """Accounts with their results.

    Args:
        catalogue: an open state with posts.
        names: under which accounts are shown.
        platform: only this one.
        result: only this one of `RESULTS`.
        since: only accounts that posted then or later.
        until: only accounts that posted before.
        order: "posts" or "result".
        limit: rows.

    Returns:
        `account`, then the columns of `Accounts.accounts`, and `groups` (ids of the groups in concert that it belongs to).
    """
    parts, values = ["true"], list[object]()
    for condition, value in (("a.platform = ?", platform), ("a.result = ?", result), ("a.last_seen >= ?", since), ("a.first_seen < ?", until)):
        if value is not None:
            parts.append(condition)
            values.append(value)
    rows = catalogue.rows(_ACCOUNTS.format(where=" and ".join(parts), order=_ORDERS[order]), [*values, limit])
    return [_shown(row, names) for row in rows]


def _shown(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A row with the account's name in front, its id left out."""
    platform = str(row["platform"])
    return {"account": names.account(platform, str(row["account_id"])), **{name: value for name, value in row.items() if name not in ("account_id", "rows")}}


def group_rows(
    catalogue: Catalogue, *, platform: str | None = None, group: str | None = None, since: datetime | None = None, until: datetime | None = None, limit: int = 50
) -> Rows:
    """Groups in concert, the largest first.

    Args:
        catalogue: an open state with posts.
        platform: only groups with an account of it.
        group: only this one.
        since: only those whose first coincidence is then or later.
        until: only those whose first coincidence is before.
        limit: rows.

    Returns:
        Columns of `Coordination.groups`, and `moments` (distinct five minutes), `first_seen`, `last_seen`, `attack_id` (null where it is below the bar).
    """
    parts, values = ["true"], list[object]()
    if platform is not None:
        parts.append('"group" in (select "group" from coordinated_members where starts_with(account, ?))')
        values.append(f"{platform}:")
    for condition, value in (('"group" = ?', group), ("first_seen >= ?", since), ("first_seen < ?", until)):
        if value is not None:
            parts.append(condition)
            values.append(value)
    return catalogue.rows(_GROUPS.format(where=" and ".join(parts)), [*values, limit])


# ------------------------------------------------------------------------------------------------ ids


def accounts_called(catalogue: Catalogue, names: Names, what: str) -> list[tuple[str, str]]:
    """Accounts, as (platform, id), whose pseudonym is this or begins so; "platform:id" is understood too."""
    from vigie.social.pseudonyms import PREFIX, pseudonym

    if not what.startswith(PREFIX):
        platform, _, account = what.partition(":")
        found = catalogue.rows("select platform, account_id from accounts where platform = ? and account_id = ?", [platform, account])
        return [(str(row["platform"]), str(row["account_id"])) for row in found]
    every = ((str(row["platform"]), str(row["account_id"])) for row in catalogue.rows("select platform, account_id from accounts order by all"))
    return [one for one in every if pseudonym(names.key, *one).startswith(what)]


def operation_of(catalogue: Catalogue, attack: str) -> str | None:
    """Id of the group (g…) or wave (w…) that counts as an attack; None for attacks of other families."""
    found = catalogue.rows("select min(o.operation_id) as id from operations o join signals s using (skeleton) where s.attack_id = ?", [attack])
    return str(found[0]["id"]) if found and found[0]["id"] is not None else None


# ------------------------------------------------------------------------------------------------ posts and their lines

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
NO_NAME: Final = "[…]"
"""What stands in place of the id of a post, which would lead to its account."""


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
        shown = _shown({key: value for key, value in row.items() if key not in ("feed", "post_id")}, names)
        out.append({**shown, "line": text, **({"post_id": row["post_id"]} if names.identified else {})})
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


def hidden(line: str, known: Sequence[Mapping[str, Any]], names: Names) -> str:
    """A line without the ids and names of its post.

    Args:
        line: as it stands.
        known: rows with `platform`, `account_id`, `account_name`, `ref_account_id`, `ref_account_name`, `post_id`, `ref_post_id`, `mentions` (a list or null).
        names: under which accounts are shown.
    """
    from vigie.social.pseudonyms import without_handles

    platform = next((str(one["platform"]) for one in known if one["platform"]), "")
    author = next((names.account(platform, str(one["account_id"])) for one in known if one["account_id"]), NO_NAME)
    in_place: dict[str, str] = {}
    for one in known:
        other = names.account(platform, str(one["ref_account_id"])) if one["ref_account_id"] else NO_NAME
        said = [(one["account_id"], author), (one["account_name"], author), (one["ref_account_id"], other), *((one[name], NO_NAME) for name in ("ref_account_name", "post_id", "ref_post_id"))]
        for value, name in (*said, *((mention, NO_NAME) for mention in one["mentions"] or ())):
            if value:
                in_place.setdefault(str(value), name)
                in_place.setdefault(json.dumps(str(value))[1:-1], name)
    if in_place:
        longest = sorted(in_place, key=lambda text: (-len(text), text))
        line = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", lambda found: in_place[found[0]], line)
    return without_handles(line, names.key, platform, {})


# ------------------------------------------------------------------------------------------------ one account

_OF_ACCOUNT: Final = "platform = ? and account_id = ?"


def account_facts(catalogue: Catalogue, names: Names, platform: str, account_id: str, limit: int) -> dict[str, Any]:
    """All that is said of an account.

    Returns:
        The columns of `account_rows`; `contributions`, `marks`, `bounds`, `speech` as in `social.accounts.Accounts`; `hours` (posts by hour of the day, 24 numbers);
        `evidence` (rows of `post_rows`: those behind its bounds and its groups first, then its first posts), `techniques` and `trained` (the training set and its classes).
    """
    from vigie.social.account_likelihood import reference
    from vigie.social.disarm import of_accounts

    who: list[object] = [platform, account_id]
    row = catalogue.one(_ACCOUNTS.format(where=f"a.{_OF_ACCOUNT.replace('account_id', 'a.account_id')}", order="a.posts"), [*who, 1])
    facts = _shown(row, names)
    for name in ("contributions", "marks", "bounds", "speech"):
        table = catalogue.rows(f"select * exclude (platform, account_id) from account_{name} where {_OF_ACCOUNT}", who)
        facts[name] = [dict(one) for one in table]
    facts["contributions"].sort(key=lambda one: one["weighs"])
    facts["bounds"].sort(key=lambda one: one["rule"])
    facts["speech"].sort(key=lambda one: one["seen_at"])
    counted = {int(str(one["hour"])): int(str(one["posts"])) for one in catalogue.rows(f"select hour(seen_at) as hour, count(*) as posts from social_posts where {_OF_ACCOUNT} group by 1", who)}
    facts["hours"] = [counted.get(hour, 0) for hour in range(24)]
    trained = reference()
    facts["trained"] = {"name": trained.name, "made": trained.made, "classes": dict(trained.classes)}
    kept = f"select p.row, e.row is not null as quoted from social_posts p left join post_evidence e using (row) where p.{_OF_ACCOUNT.replace('account_id', 'p.account_id')}"
    behind = catalogue.rows(f"{kept} order by not quoted, p.row limit ?", [*who, limit])
    facts["evidence"] = post_rows(catalogue, names, [int(str(one["row"])) for one in behind])
    facts["techniques"] = [technique_row(one) for one in of_accounts([(facts["account"], facts["log10_lr"] or 0.0, ())])]
    return facts


def technique_row(one: Technique) -> dict[str, Any]:
    """A technique of DISARM as a row: `id`, `name`, `fact`, `subject`, `count`."""
    return {"id": one.id, "name": one.name, "fact": one.fact, "subject": one.subject, "count": one.count}


# ------------------------------------------------------------------------------------------------ one group

_MEMBERS: Final = """
select m.account, list(distinct m.kind order by m.kind) as kinds, case when bool_or(m."by" = 'pair') then 'pair' else 'group' end as "by", min(m.p) as p, min(m.community) as community,
       (select count(distinct row) from (select row_a as row, account_a as account from coincidences c where c."group" = m."group" union all
        select row_b, account_b from coincidences c where c."group" = m."group") x where x.account = m.account) as posts
from coordinated_members m where m."group" = ? group by m."group", m.account order by posts desc, m.account
"""
_RANK: Final = "list_position(['url', 'text', 'media', 'repost', 'quote', 'reply', 'domain', 'tag'], kind)"
"""Place of a kind of object, the one that says most first."""
_OBJECTS: Final = f"""
select object, any_value(kind) as kind, count(*) as coincidences, (select count(distinct a) from unnest(list(account_a) || list(account_b)) u(a)) as accounts, make_timestamptz(min(t)) as first_seen
from coincidences where "group" = ? group by object order by min({_RANK}), coincidences desc, object limit ?
"""
_EXPECTED: Final = """
select kind, count(*) filter ("by" = 'pair') as proved, count(*) as pairs, sum(objects) filter ("by" = 'pair') as found, sum(expected) filter ("by" = 'pair') as expected,
       sum(common_objects) filter ("by" = 'pair') as common
from coordinated_pairs where "group" = ? group by kind order by proved desc, kind
"""
_ORDER: Final = """
select kind, account_a, account_b, a_first, b_first, ties, days, direction_p, direction_q from coordinated_pairs where "group" = ? and direction_q <= ?
order by direction_q, direction_p, kind, account_a, account_b limit ?
"""
_PROOFS: Final = f"""
select * from (select *, row_number() over (partition by row_a, row_b order by {_RANK}, object) as nth from coincidences where "group" = ?) where nth = 1
order by not example, lag, t, object, account_a, account_b limit ?
"""
_PAIRS: Final = 'select kind, account_a, account_b, objects, common_objects, expected, tau, p, q from coordinated_pairs where "group" = ? and expected is not null and "by" = \'pair\''
_PROVEN: Final = 'select count(*) as n from (select distinct row_a, row_b from coincidences where "group" = ?)'


def group_facts(catalogue: Catalogue, names: Names, group: str, limit: int) -> dict[str, Any]:
    """All that is said of a group in concert.

    Returns:
        The columns of `group_rows`; `members` (`account`, `kinds`, `by`, `p`, `community`, `posts`); `on` (its objects, those with most coincidences first) and
        `on_all` (how many there are); `expected_by_kind` (of the pairs proved alone: `pairs`, `found`, `expected`, `common`); `order` (pairs of which one is first more often
        than chance explains); `proofs` (coincidences with both posts, as `post_rows`, and `pair`: the test of the pair where it is proved alone) and `proofs_all`; `tests` (what a reader needs to do it again, by kind);
        `techniques`.
    """
    from vigie.social.disarm import of_groups

    facts: dict[str, Any] = dict(group_rows(catalogue, group=group, limit=1)[0])
    facts["members"] = [{**row, "account": names.of(str(row["account"]))} for row in catalogue.rows(_MEMBERS, [group])]
    facts["on"] = [dict(row) for row in catalogue.rows(_OBJECTS, [group, limit])]
    facts["on_all"] = catalogue.one('select count(distinct object) as n from coincidences where "group" = ?', [group])["n"]
    facts["expected_by_kind"] = catalogue.rows(_EXPECTED, [group])
    facts["order"] = [_pair(row, names) for row in catalogue.rows(_ORDER, [group, SURE_ORDER, limit])]
    proofs = catalogue.rows(_PROOFS, [group, limit])
    posts = {row["row"]: row for row in post_rows(catalogue, names, sorted({int(str(one[side])) for one in proofs for side in ("row_a", "row_b")}))}
    pairs: dict[tuple[object, ...], dict[str, Any]] = {(row["kind"], row["account_a"], row["account_b"]): row for row in catalogue.rows(_PAIRS, [group])}
    facts["proofs"] = [
        {
            "pair": pairs.get((one["kind"], *sorted((str(one["account_a"]), str(one["account_b"]))))), "kind": one["kind"], "object": one["object"], "account_a": names.of(str(one["account_a"])), "account_b": names.of(str(one["account_b"])),
            "seen_at": posts[one["row_a"]]["seen_at"], "lag_seconds": int(str(one["lag"])) / 1e6, "a": posts[one["row_a"]], "b": posts[one["row_b"]],
        } for one in proofs
    ]  # fmt: skip
    for one in facts["proofs"]:
        one["pair"] = one["pair"] and {name: one["pair"][name] for name in ("objects", "common_objects", "expected", "tau", "p", "q")}
    facts["proofs_all"] = catalogue.one(_PROVEN, [group])["n"]
    kinds = {str(row["kind"]) for row in facts["expected_by_kind"]} & set(facts["kinds"])
    facts["tests"] = {kind: told for kind, told in tests_of(catalogue).items() if kind in kinds}
    found = {one.id: one for one in of_groups([(group, kind, facts["accounts"], ()) for kind in facts["kinds"]])}
    facts["techniques"] = [technique_row(one) for one in found.values()]
    return facts


def _pair(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A pair with the one that was first more often in front."""
    first, other = ("a", "b") if row["a_first"] >= row["b_first"] else ("b", "a")
    told = {name: row[name] for name in ("kind", "ties", "days", "direction_p", "direction_q")}
    return {"first": names.of(str(row[f"account_{first}"])), "other": names.of(str(row[f"account_{other}"])), "times": row[f"{first}_first"], "of": row["a_first"] + row["b_first"], **told}


def tests_of(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """What was tested of each kind of object: `social.coordination.Coordination.facts`, with `base` (how often strangers who met once were that close, by how crowded it was: `tau`, `class`, `pairs`, `close`, `rate_used`) and `apart` (accounts that share too much to be tested)."""
    told: dict[str, dict[str, Any]] = {str(row["kind"]): json.loads(str(row["facts"])) for row in catalogue.rows("select kind, facts from social_facts order by kind")}
    rates = catalogue.rows("select kind, tau, class, pairs, close, rate_used from stranger_rates order by kind, tau, class")
    apart = {str(row["kind"]): row["n"] for row in catalogue.rows("select kind, count(*) as n from set_apart group by 1")}
    for kind, tests in told.items():
        tests["base"] = [{name: value for name, value in row.items() if name != "kind"} for row in rates if row["kind"] == kind]
        tests["apart"] = apart.get(kind, 0)
    return told


# ------------------------------------------------------------------------------------------------ all of it

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
    facts["declared_groups"] = bool(catalogue.archive.groups())
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
