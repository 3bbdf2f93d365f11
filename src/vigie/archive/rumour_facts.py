"""What the tables of rumours say, ready to be shown: one claim, one wave, and who carries what between declared groups.

References:
    - docs/posts.md, docs/rumours.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from vigie.archive.account_names import Names
from vigie.archive.claim_facts import card_rows, matched_by, proposal_rows, words_matched
from vigie.archive.post_lines import Rows, post_rows
from vigie.archive.views import conditions

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.social.outlets import Group
    from vigie.social.rumours import Scope

CAP: Final = 72 * 3_600_000_000
"""Longest lag, in microseconds, of the tables between groups that are shown."""

_RUMOURS: Final = """
with counted as (select c.rumour_id, list(distinct c.wave_id order by c.wave_id) as waves, min(s.attack_id) as attack_id
                 from rumour_wave_claims c left join operations o on o.operation_id = c.wave_id left join (select distinct skeleton, attack_id from signals where attack_id is not null) s using (skeleton) group by 1)
select r.*, coalesce(c.waves, []) as waves, c.attack_id from rumours r left join counted c using (rumour_id)
where {where} order by unit <> 'card', c.attack_id is null, accounts desc, posts desc, first_at, claim limit ?
"""


def declared_groups(catalogue: Catalogue) -> tuple[Group, ...]:
    """Groups that the user declares, () without a file."""
    from vigie.social.outlets import declared

    data = catalogue.archive.declared("groups")
    return declared(data) if data else ()


def rumour_rows(
    catalogue: Catalogue, names: Names, *, platform: str | None = None, rumour: str | None = None, since: datetime | None = None, until: datetime | None = None, limit: int = 50
) -> Rows:
    """Claims, those that a person declared first, then those that count as an attack, then those of most accounts.

    Args:
        catalogue: an open state with posts.
        names: under which accounts are shown.
        platform: only claims that an account of it posted.
        rumour: only this one.
        since: only those first seen in these data then or later.
        until: only those first seen before.
        limit: rows.

    Returns:
        `rumour` (its id), the columns of `Rumours.claims`, `waves` (ids of the counted waves that it belongs to) and `attack_id` (null where it counts for none).
    """
    of_platform = "claim in (select claim from rumour_items where starts_with(account, ? || ':'))"
    where, values = conditions((of_platform, platform), ("r.rumour_id = ?", rumour), ("first_at >= ?", since), ("first_at < ?", until))
    rows = catalogue.rows(_RUMOURS.format(where=where), [*values, limit])
    return [_shown(row, names) for row in rows]


def _shown(row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    from vigie.social.pseudonyms import without_handles

    text = row["text"]
    if text is not None and not names.identified:
        text = without_handles(str(text), names.key, str(row["first_account"]).partition(":")[0], {})
    front = {"rumour": row["rumour_id"]}
    rest = {name: value for name, value in row.items() if name not in ("rumour_id", "first_row")}
    return {**front, **rest, "text": text, "first_account": names.of(str(row["first_account"]))}


def rumour_facts(catalogue: Catalogue, names: Names, rumour: str, limit: int) -> dict[str, Any]:
    """All that is said of a claim.

    Returns:
        The columns of `rumour_rows`; `sentences_of` what `rumour_words` needs (`counter`, `matrix`, `precedence`, `symbiosis`, rows of those tables); `timeline` (`hour`, `group`,
        `posts`, `accounts`), `by_group` (`group`, `posts`, `accounts`, `first_at`), `relays` (explicit ones, with the pseudonyms of both), `evidence` (rows of `post_rows`, the first
        posts first), `also` (other claims of the same wave), `cards` (declared claims of the wave, rows of `card_rows` with `by_way`), `proposals` (rows of `proposal_rows`: what may be one with it) and `techniques`;
        posts of a declared claim have `matched`, the words of its card that they hold.
    """
    from vigie.archive.post_techniques import technique_row, techniques_of_claims

    facts = rumour_rows(catalogue, names, rumour=rumour, limit=1)[0]
    claim = facts["claim"]
    facts["counter"] = [{name: row[name] for name in ("code", "count")} for row in catalogue.rows("select code, count from rumour_counter where claim = ? order by code", [claim])]
    facts["timeline"] = catalogue.rows('select hour, "group", posts, accounts from rumour_timeline where claim = ? order by hour, "group" nulls last', [claim])
    facts["by_group"] = catalogue.rows(
        'select "group", count(*) as posts, count(distinct account) as accounts, min(seen_at) as first_at from rumour_items where claim = ? group by 1 order by first_at, "group" nulls last', [claim]
    )
    facts["relays"] = catalogue.rows(
        "select how, lag, parent_group, child_group, hops from rumour_relays where claim = ? order by lag, child_row limit ?", [claim, limit]
    )
    facts["also"] = [row["rumour_id"] for row in catalogue.rows("select rumour_id from rumours where wave = ? and claim <> ? order by first_at, claim limit ?", [facts["wave"], claim, limit])]
    rows = [int(str(row["row"])) for row in catalogue.rows("select row from rumour_items where claim = ? order by seen_at, account, row limit ?", [claim, limit])]
    facts["evidence"] = post_rows(catalogue, names, rows)
    facts["cards"] = [one | {"by_way": matched_by(catalogue, f"card:{one['name']}")} for one in _cards_of(catalogue, facts["wave"], claim)]
    if facts["unit"] == "card":
        matched = words_matched(catalogue, claim, rows)
        facts["evidence"] = [post | {"matched": matched.get(int(post["row"]))} for post in facts["evidence"]]
    facts["proposals"] = proposal_rows(catalogue, names, rumour, limit)
    facts |= between_groups(catalogue)
    groups = declared_groups(catalogue)
    facts["techniques"] = [technique_row(one) for one in techniques_of_claims(catalogue, [claim], groups)]
    return facts


def _cards_of(catalogue: Catalogue, wave: str, claim: str) -> Rows:
    """Declared claims of a wave, this one first."""
    names = [str(row["claim"]) for row in catalogue.rows("select claim from rumours where wave = ? and unit = 'card' order by claim <> ?, claim limit 20", [wave, claim])]
    return [row for name in names for row in card_rows(catalogue, name)]


def between_groups(catalogue: Catalogue) -> dict[str, Rows]:
    """Tables between declared groups, of all claims together and lags of 72 hours at most: `matrix`, `precedence`, `symbiosis`; lags as `timedelta`."""
    out: dict[str, Rows] = {}
    for name, table, order in (("matrix", "relay_matrix", "relayed desc, giver, taker, unit"), ("precedence", "precedence", "adjusted, a, b, unit"), ("symbiosis", "symbiosis", "verdict, a, b, unit")):
        rows = catalogue.rows(f"select * exclude (rows) from {table} where cap = ? order by {order}", [CAP])
        out[name] = [{key: timedelta(microseconds=value) if key in ("cap", "lag_median", "lag_low", "lag_high") else value for key, value in row.items()} for row in cast("Rows", rows)]
    return out


def scope_of(catalogue: Catalogue) -> Scope:
    """What "in our data" means for this archive."""
    from vigie.social.rumours import Scope

    told = json.loads(str(catalogue.one("select scope from rumour_scope")["scope"]))
    times = {name: datetime.fromisoformat(told[name]) if told[name] else None for name in ("begin", "end", "collected_begin", "collected_end")}
    lists = {name: tuple(tuple(one) if isinstance(one, list) else one for one in told[name]) for name in ("platforms", "unseen", "hidden", "lists")}
    known = {field.name for field in fields(Scope)}
    return Scope(**{name: value for name, value in {**told, **times, **lists}.items() if name in known})


def wave_facts(catalogue: Catalogue, names: Names, wave: str, limit: int) -> dict[str, Any]:
    """All that is said of a counted wave: the columns of `rumour_waves`, `attack_id`, `claims` (rows of `rumour_rows`) and `evidence` (its posts)."""
    facts: dict[str, Any] = dict(catalogue.one("select * from rumour_waves where wave_id = ?", [wave]))
    counted = catalogue.rows("select min(s.attack_id) as id from operations o join signals s using (skeleton) where o.operation_id = ?", [wave])
    facts["attack_id"] = counted[0]["id"]
    ids = [str(row["id"]) for row in catalogue.rows("select rumour_id as id from rumour_wave_claims where wave_id = ? group by 1 order by min(row), 1 limit ?", [wave, limit])]
    facts["claims"] = [rumour_rows(catalogue, names, rumour=one, limit=1)[0] for one in ids]
    rows = [int(str(row["row"])) for row in catalogue.rows("select distinct row from rumour_wave_claims where wave_id = ? order by row limit ?", [wave, limit])]
    facts["evidence"] = post_rows(catalogue, names, rows)
    facts["by_day"] = catalogue.rows(
        "select strftime(p.seen_at, '%Y-%m-%d') as day, count(distinct p.row) as posts from rumour_wave_claims c join social_posts p using (row) where c.wave_id = ? group by 1 order by 1", [wave]
    )
    return facts
