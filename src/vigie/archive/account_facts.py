"""What the tables of accounts say, ready to be shown: lists, ids, one account.

Accounts bear pseudonyms unless they are asked for.

References:
    - docs/accounts.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vigie.archive.account_names import Names, shown
from vigie.archive.post_lines import Rows, post_rows
from vigie.archive.views import conditions

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue

RESULTS: Final = ("assisted", "undecided", "hand", "declared", "sampled", "coarse", "little")
"""Results of accounts, in the order of a list by result."""
SCORED: Final = ("assisted", "undecided", "hand")

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
_OF_ACCOUNT: Final = "platform = ? and account_id = ?"


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
    where, values = conditions(("a.platform = ?", platform), ("a.result = ?", result), ("a.last_seen >= ?", since), ("a.first_seen < ?", until))
    rows = catalogue.rows(_ACCOUNTS.format(where=where, order=_ORDERS[order]), [*values, limit])
    return [shown(row, names) for row in rows]


def accounts_called(catalogue: Catalogue, names: Names, what: str) -> list[tuple[str, str]]:
    """Accounts, as (platform, id), whose pseudonym is this or begins so; "platform:id" is understood too."""
    from vigie.social.pseudonyms import PREFIX, pseudonym

    if not what.startswith(PREFIX):
        platform, _, account = what.partition(":")
        found = catalogue.rows("select platform, account_id from accounts where platform = ? and account_id = ?", [platform, account])
        return [(str(row["platform"]), str(row["account_id"])) for row in found]
    every = ((str(row["platform"]), str(row["account_id"])) for row in catalogue.rows("select platform, account_id from accounts order by all"))
    return [one for one in every if pseudonym(names.key, *one).startswith(what)]


def account_facts(catalogue: Catalogue, names: Names, platform: str, account_id: str, limit: int) -> dict[str, Any]:
    """All that is said of an account.

    Returns:
        The columns of `account_rows`; `contributions`, `marks`, `bounds`, `speech` as in `social.accounts.Accounts`; `hours` (posts by hour of the day, 24 numbers);
        `evidence` (rows of `post_rows`: those behind its bounds and its groups first, then its first posts), `techniques` and `trained` (the training set and its classes).
    """
    from vigie.archive.post_techniques import techniques_of_account
    from vigie.social.account_likelihood import reference

    who: list[object] = [platform, account_id]
    row = catalogue.one(_ACCOUNTS.format(where=f"a.{_OF_ACCOUNT.replace('account_id', 'a.account_id')}", order="a.posts"), [*who, 1])
    facts = shown(row, names)
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
    facts["techniques"] = techniques_of_account(facts["account"], facts["log10_lr"])
    return facts
