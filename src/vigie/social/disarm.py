"""DISARM techniques that measured facts allow to name, each with the rows that show it. Intentions and objectives are never named.

Ids and names are facts; the framework's file, whose licence contradicts itself, is not shipped. What only a person can know (a translation, a link to an intrusion) is not
here.

References:
    - https://github.com/DISARMFoundation/DISARMframeworks (ids and names as of commit 49df5f6)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from vigie.social.outlets import Group
from vigie.social.rumours import Rumours

TECHNIQUES: Final[Mapping[str, str]] = {
    "T0049": "Flood Information Space",
    "T0049.002": "Flood Existing Hashtag",
    "T0049.007": "Inauthentic Sites Amplify News and Narratives",
    "T0060": "Continue to Amplify",
    "T0084.001": "Use Copypasta",
    "T0084.002": "Plagiarise Content",
    "T0118": "Amplify Existing Narrative",
    "T0119.002": "Post across Platform",
    "T0146.007": "Automated Account Asset",
    "T0149.003": "Lookalike Domain",
}
"""Names as the framework writes them; its words are not vigie's."""

COPIERS: Final = 3
"""Accounts that post one text as their own, for it to be called copied."""
LATER: Final = 14 * 86_400_000_000
"""Microseconds after which passing on is going on."""


@dataclass(frozen=True)
class Technique:
    """A technique that a fact shows.

    Attributes:
        id: of DISARM.
        name: as DISARM writes it.
        fact: what was measured, as a code.
        subject: what it was measured of: a family, a claim, an account, a group of accounts.
        count: how many (accounts, posts or sites, as the fact says).
        rows: of the posts that show it.
    """

    id: str
    name: str
    fact: str
    subject: str
    count: int
    rows: tuple[int, ...]


def of_rumours(found: Rumours, groups: tuple[Group, ...] = ()) -> tuple[Technique, ...]:
    """Techniques that claims and copies show, in order of id and subject."""
    kinds = {group.name: group.kind for group in groups}
    return tuple(sorted((*_copied(found), *_taken_from_articles(found), *_look_alikes(found, kinds), *_carried(found, kinds), *_across(found)), key=lambda one: (one.id, one.subject)))


def of_accounts(rhythm: Iterable[tuple[str, float, tuple[int, ...]]]) -> tuple[Technique, ...]:
    """Techniques that rhythms show: (account, log10 of the likelihood ratio, rows); below 1 nothing is said.

    T0049.003 is never named: its name calls accounts what no rhythm proves.
    """
    found = [_technique("T0146.007", "rhythm", account, len(rows), rows) for account, score, rows in rhythm if score >= 1]
    return tuple(sorted(found, key=lambda one: (one.id, one.subject)))


def of_groups(coordinated: Iterable[tuple[str, str, int, tuple[int, ...]]]) -> tuple[Technique, ...]:
    """Techniques that significant groups show: (group, kind of the shared object: url, tag …, accounts, rows)."""
    found = []
    for group, kind, accounts, rows in coordinated:
        found.append(_technique("T0049", "synchronised_sharing", group, accounts, rows))
        if kind == "tag":
            found.append(_technique("T0049.002", "synchronised_hashtag", group, accounts, rows))
    return tuple(sorted(found, key=lambda one: (one.id, one.subject)))


def _technique(name: str, fact: str, subject: str, count: int, rows: Iterable[int]) -> Technique:
    return Technique(name, TECHNIQUES[name], fact, subject, count, tuple(sorted(rows)))


def _copied(found: Rumours) -> list[Technique]:
    """The same text, not short and no repost, from several accounts."""
    many = found.copies.families.filter((pl.col("own_accounts") >= COPIERS) & ~pl.col("weak") & pl.col("kind").is_in(["EXACT", "COPY"]))
    rows = found.copies.members.join(many.select("family", "own_accounts"), on="family").group_by("family", "own_accounts").agg(pl.col("row"))
    return [_technique("T0084.001", "same_text", family, accounts, some) for family, accounts, some in rows.iter_rows()]


def _taken_from_articles(found: Rumours) -> list[Technique]:
    """The words of an article, later, by others that neither link to it nor repost it."""
    texts = found.claims.filter((pl.col("unit") == "text") & pl.col("first_account").str.starts_with("site:")).select("claim", "first_account", "first_row")
    told = found.relays.select("claim", row="child_row")
    linking = found.items.filter(pl.col("claim").str.starts_with("url:")).select("row", "claim")
    own = linking.join(texts.select(row="first_row", what="claim"), on="row").select("what", url="claim").unique()
    citing = own.join(linking.rename({"claim": "url"}), on="url").select("row", claim="what")
    silent = found.items.join(texts, on="claim").filter(pl.col("account") != pl.col("first_account")).join(pl.concat([told, citing.select("claim", "row")]), on=["claim", "row"], how="anti")
    rows = silent.group_by("claim").agg(pl.col("row"), pl.col("account").n_unique().alias("many"))
    return [_technique("T0084.002", "article_without_link", claim, many, some) for claim, some, many in rows.iter_rows()]


def _look_alikes(found: Rumours, kinds: Mapping[str, str]) -> list[Technique]:
    """Links to hosts that the user declares as look-alikes, and listed sites that pass on what others had first."""
    linked: dict[str, set[int]] = {}
    for origin, rows in found.carried.select("origin", "rows").iter_rows():
        if kinds.get(origin) == "look_alike":
            linked.setdefault(origin, set()).update(rows)
    techniques = [_technique("T0149.003", "declared_look_alike", origin, len(rows), rows) for origin, rows in linked.items()]
    listed = [name for name, kind in kinds.items() if kind in ("look_alike", "low_credibility", "state_media")]
    sites = found.items.filter(pl.col("account").str.starts_with("site:") & pl.col("group").is_in(listed))
    later = sites.join(found.claims.select("claim", "first_account", unit="unit"), on="claim").filter((pl.col("unit") == "text") & (pl.col("account") != pl.col("first_account")))
    repeated = later.group_by("claim").agg(pl.col("row"), pl.col("account").n_unique().alias("many"))
    return techniques + [_technique("T0049.007", "listed_sites_repeat", claim, many, rows) for claim, rows, many in repeated.iter_rows()]


def _carried(found: Rumours, kinds: Mapping[str, str]) -> list[Technique]:
    """A sphere passes on what somebody else had first; weeks later still."""
    spheres = [name for name, kind in kinds.items() if kind == "sphere"]
    start = found.claims.select("claim", "first_at", "first_group")
    later = found.items.filter(pl.col("group").is_in(spheres)).join(start, on="claim").filter(pl.col("group").ne_missing(pl.col("first_group")))
    techniques = []
    for name, fact, some in (("T0118", "sphere_passes_on", later), ("T0060", "weeks_later", later.filter((pl.col("seen_at") - pl.col("first_at")).dt.total_microseconds() >= LATER))):
        rows = some.group_by("claim").agg(pl.col("row"), pl.col("account").n_unique().alias("many"))
        techniques += [_technique(name, fact, claim, many, rows_) for claim, rows_, many in rows.iter_rows()]
    return techniques


def _across(found: Rumours) -> list[Technique]:
    """One claim on two platforms or more; the sites of articles are no platform."""
    placed = found.items.with_columns(platform=pl.col("account").str.extract(r"^([^:]*):", 1)).filter(pl.col("platform") != "site")
    rows = placed.group_by("claim").agg(pl.col("row"), pl.col("platform").n_unique().alias("many")).filter(pl.col("many") > 1)
    return [_technique("T0119.002", "several_platforms", claim, many, some) for claim, some, many in rows.iter_rows()]
