"""What the tables of groups in concert say, ready to be shown: lists, one group, what was tested.

Accounts bear pseudonyms unless they are asked for.

References:
    - docs/coordination.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from vigie.archive.account_names import Names
from vigie.archive.post_lines import Rows, post_rows
from vigie.archive.views import conditions

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue

BLOCK: Final = 300_000_000
"""Microseconds that are one moment of a group."""
SURE_ORDER: Final = 0.05
"""Corrected p under which one of two is first more often than chance explains."""

_GROUPS: Final = f"""
with moments as (select "group", count(distinct t // {BLOCK}) as moments from coincidences group by 1),
counted as (select o.operation_id as "group", min(s.attack_id) as attack_id from operations o join signals s using (skeleton) where s.attack_id is not null group by 1)
select * from (
    select g.* exclude (first, last, coincidences), g.coincidences, coalesce(m.moments, 0) as moments, make_timestamptz(g.first) as first_seen, make_timestamptz(g.last) as last_seen, c.attack_id
    from coordinated_groups g left join moments m using ("group") left join counted c using ("group"))
where {{where}} order by accounts desc, coincidences desc, "group" limit ?
"""
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
    of_platform = '"group" in (select "group" from coordinated_members where starts_with(account, ? || \':\'))'
    where, values = conditions((of_platform, platform), ('"group" = ?', group), ("first_seen >= ?", since), ("first_seen < ?", until))
    return catalogue.rows(_GROUPS.format(where=where), [*values, limit])


def group_facts(catalogue: Catalogue, names: Names, group: str, limit: int) -> dict[str, Any]:
    """All that is said of a group in concert.

    Returns:
        The columns of `group_rows`; `members` (`account`, `kinds`, `by`, `p`, `community`, `posts`); `on` (its objects, those with most coincidences first) and
        `on_all` (how many there are); `expected_by_kind` (of the pairs proved alone: `pairs`, `found`, `expected`, `common`); `order` (pairs of which one is first more often
        than chance explains); `proofs` (coincidences with both posts, as `post_rows`, and `pair`: the test of the pair where it is proved alone) and `proofs_all`; `tests` (what a reader needs to do it again, by kind);
        `techniques`.
    """
    from vigie.archive.post_techniques import techniques_of_group

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
    facts["techniques"] = techniques_of_group(group, facts["kinds"], facts["accounts"])
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
