"""Where attacks come from, in numbers and in one sentence: last hops by country with their bounds, relays, and what the figures rest on.

An address is where traffic left the network, so no sentence here says that somebody somewhere did something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from vigie.words.numbers import number, percent
from vigie.words.origins import SAID

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

    from vigie.archive.catalogue import Catalogue
    from vigie.origins.book import Book
    from vigie.origins.shares import Shares


def label(country: str, lang: str) -> str:
    """A country as a table shows it: code and name."""
    from vigie.origins.countries import country_name, is_private

    name = country_name(country, lang)
    return country if name == country else f"{country} ({name})" if is_private(country) else f"{country} {name}"


def facts(catalogue: Catalogue, book: Book, pairs: pl.DataFrame) -> dict[str, object]:
    """The JSON shape of `explain origin`; the sentences are English."""
    from vigie.origins.agreement import agreement
    from vigie.origins.shares import UNITS, shares

    found = {unit: shares(pairs, unit) for unit in UNITS}
    agreed = agreement([one for one in book.countries if not one.own])
    shown = [one.country for one in found["attack"].countries]
    return {
        "snapshot": catalogue.snapshot,
        "sentence": sentence(found["attack"], "en"),
        "assumption": SAID["en"]["assumed"],
        "shares": {unit: _share_facts(one) for unit, one in found.items()},
        "relays": [{**row, "networks": [name for name, _ in row["networks"]]} for row in relays_of(pairs)],  # type: ignore[attr-defined]
        "agreement": {country: {"agreed": agreed[country].share, "space": agreed[country].space} for country in shown if country in agreed},
        "tables": [{"name": one.name, "date": one.date.isoformat() if one.date else None, "licence": one.licence, "own": one.own} for one in (*book.own, *book.voting)],
        "lists": [{"kind": one.kind, "list": one.label, "entries": one.entries} for one in book.lists],
        "checked": pairs.filter("relay_checked")["attack_id"].n_unique(),
    }


def _share_facts(one: Shares) -> dict[str, object]:
    total = one.total or 1
    return {
        "total": one.total, "nowhere": one.nowhere, "unplaced": dict(one.unplaced),
        "countries": [
            {"country": c.country, "last_hop": c.last_hop, "placed": c.placed, "most": c.most, "share": c.last_hop / total, "lower": c.placed / total, "upper": c.most / total}
            for c in one.countries
        ],
    }  # fmt: skip


def sentence(counted: Shares, lang: str) -> str:
    """What may be said of the country with most last hops."""
    words = SAID[lang]
    if not counted.total:
        return words["nothing"].format(filtered="")
    if not counted.countries:
        return words["placed_none"].format(total=number(counted.total, lang))
    from vigie.origins.countries import country_name, is_private

    first, total = counted.countries[0], counted.total
    return words["sentence"].format(
        country=label(first.country, lang) if is_private(first.country) else country_name(first.country, lang),
        hop=percent(first.last_hop, total, lang), total=number(total, lang), low=percent(first.placed, total, lang),
        high=percent(first.most, total, lang), unknown=percent(counted.unknown, total, lang),
    )  # fmt: skip


def relays_of(pairs: pl.DataFrame) -> list[dict[str, object]]:
    """By country of the last hop: attacks, how many of them came through relays, of which kinds, over which networks."""
    import polars as pl

    rows = pairs.filter(pl.col("verified") & pl.col("country").is_not_null())
    out: list[dict[str, object]] = []
    counts = rows.group_by("country").agg(pl.col("attack_id").n_unique().alias("attacks")).sort("attacks", "country", descending=[True, False])
    for country, attacks in counts.iter_rows():
        mine = rows.filter((pl.col("country") == country) & pl.col("relay").is_not_null())

        def by(column: str, mine: pl.DataFrame = mine) -> list[tuple[str, int]]:
            told = mine.filter(pl.col(column).is_not_null()).group_by(column).agg(pl.col("attack_id").n_unique().alias("n"))
            return [(str(name), int(count)) for name, count in told.sort("n", column, descending=[True, False]).iter_rows()]

        out.append({"country": country, "attacks": attacks, "relayed": mine["attack_id"].n_unique(), "kinds": dict(by("relay")), "networks": by("network")[:3]})
    return out


_SOURCES: Final = """
select address, country, countries, state, verified, asn, network, network_kind, relay, relay_list, relay_days, relay_checked, reserved, as_of, first_seen, signals
from attack_origins where attack_id = ? order by signals desc, address
"""


def sources_of(catalogue: Catalogue, attack: str) -> list[dict[str, object]]:
    """What is known of each source of one attack, as of its time; `state` is "unverified" where no handshake was seen."""
    rows = catalogue.rows(_SOURCES, [attack])
    return [{**row, "state": row["state"] if row["verified"] else "unverified"} for row in rows]


def condition(
    families: Sequence[str] = (), sources: Sequence[str] = (), automations: Sequence[str] = (), attack: str | None = None,
    since: datetime | None = None, until: datetime | None = None,
) -> tuple[str, list[object]]:  # fmt: skip
    """Which attacks are asked for, in SQL over the columns of `attacks`, with its values."""
    parts, values = ["true"], list[object]()
    for column, chosen in (("family", families), ("automation", automations), ("attack_id", [attack] if attack else [])):
        if chosen:
            parts.append(f"{column} in ({', '.join('?' for _ in chosen)})")
            values += chosen
    if sources:
        parts.append(f"attack_id in (select attack_id from signals where source_address in ({', '.join('?' for _ in sources)}))")
        values += sources
    for moment, sign in ((since, ">="), (until, "<")):
        if moment is not None:
            parts.append(f"first_seen {sign} ?")
            values.append(moment)
    return " and ".join(parts), values


def csv_facts(pairs: pl.DataFrame) -> list[dict[str, object]]:
    """A row for each unit and country, and one for each reason why something cannot be placed."""
    from vigie.origins.shares import UNITS, shares

    rows: list[dict[str, object]] = []
    for unit in UNITS:
        one = shares(pairs, unit)
        rows += [{"unit": unit, "country": c.country, "unplaced": "", "last_hop": c.last_hop, "at_least": c.placed, "at_most": c.most, "total": one.total} for c in one.countries]
        rows += [{"unit": unit, "country": "", "unplaced": reason, "last_hop": None, "at_least": None, "at_most": n, "total": one.total} for reason, n in one.unplaced.items()]
    return rows
