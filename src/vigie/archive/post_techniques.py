"""DISARM techniques that what came of posts shows, ready to be shown.

References:
    - docs/posts.md, vigie.social.disarm
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from vigie.social.disarm import Technique, of_accounts, of_groups, of_rumours

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.social.outlets import Group
    from vigie.social.rumours import Rumours


def technique_row(one: Technique) -> dict[str, Any]:
    """A technique of DISARM as a row: `id`, `name`, `fact`, `subject`, `count`."""
    return {"id": one.id, "name": one.name, "fact": one.fact, "subject": one.subject, "count": one.count}


def largest(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of rows of techniques those that are shown: of each technique and fact the one that counts most, in order of the rows."""
    most: dict[tuple[str, str], dict[str, Any]] = {}
    for one in rows:
        key = str(one["id"]), str(one["fact"])
        most[key] = dict(one) if key not in most or one["count"] > most[key]["count"] else most[key]
    return list(most.values())


def techniques_of_account(account: str, log10_lr: float | None) -> list[dict[str, Any]]:
    """Rows of techniques that the score of an account shows."""
    return [technique_row(one) for one in of_accounts([(account, log10_lr or 0.0, ())])]


def techniques_of_group(group: str, kinds: Sequence[str], accounts: int) -> list[dict[str, Any]]:
    """Rows of techniques that a group in concert shows, each once whatever the kinds of object it shares."""
    found = {one.id: one for one in of_groups([(group, kind, accounts, ()) for kind in kinds])}
    return [technique_row(one) for one in found.values()]


def techniques_of_claims(catalogue: Catalogue, claims: Sequence[str], groups: tuple[Group, ...]) -> tuple[Technique, ...]:
    """Techniques that the posts of some claims show."""

    def frame(query: str) -> pl.DataFrame:
        return pl.DataFrame(pl.from_arrow(catalogue.connection.sql(query, params=[list(claims)]).to_arrow_table()))

    touched = "select row from rumour_items where claim in (select unnest(?::varchar[]))"
    near = f"select distinct claim from rumour_items where row in ({touched})"
    found = SimpleNamespace(
        claims=frame(f"select * from rumours where claim in ({near})"), items=frame(f"select * from rumour_items where row in ({touched})"),
        relays=frame(f"select * from rumour_relays where claim in ({near})"),
        carried=frame(f"select origin, list(row order by row) as rows from rumours join rumour_items using (claim) where origin is not null and claim in ({near}) group by 1"),
        copies=SimpleNamespace(
            families=frame(f"select * from text_families where 'text:' || family in ({near})"),
            members=frame(f"select row, substr(claim, 6) as family from rumour_items where starts_with(claim, 'text:') and row in ({touched})"),
        ),
    )  # fmt: skip
    return of_rumours(cast("Rumours", found), groups)
