"""How much comes from where, said as far as it can be said: for each country the share of last hops, and between which bounds the true share lies.

Each attack is placed in one country (four of five of its sources are there, none of them a relay, none disputed, none that may be forged), or it
cannot be placed, for a reason. For country X: at least those that are placed in X; at most these and all that cannot be placed. The bounds say what
is not known; more data does not narrow them, better lists do. An address on no list is taken for a sender: without that assumption nothing can be
said at all.

References:
    - Manski (2003), Partial identification of probability distributions (bounds from missing data without assumptions on what is missing).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from vigie.origins.origin import DISPUTED, MIXED, PLACED, REASONS, RELAYED, UNLOCATED, UNVERIFIED

MOST: Final = 0.8
"""Share of an attack's sources that must be placed in one country."""

UNITS: Final = ("attack", "source", "signal")
"""What is counted, side by side."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """One country among n of a unit.

    Attributes:
        country: two letters.
        placed: how many are placed there: the lower bound.
        last_hop: how many have their last hop there, whatever is behind it.
        most: how many can be there: the upper bound.
    """

    country: str
    placed: int
    last_hop: int
    most: int


@dataclass(frozen=True, slots=True)
class Shares:
    """All countries, for one unit.

    Attributes:
        unit: one of `UNITS`.
        total: how many there are.
        countries: most last hops first.
        unplaced: reason → how many cannot be placed; with all that are placed this makes `total`.
        nowhere: how many have no last hop in any country; with all last hops this makes `total`.
    """

    unit: str
    total: int
    countries: tuple[Bounds, ...]
    unplaced: Mapping[str, int]
    nowhere: int

    @property
    def unknown(self) -> int:
        """How many cannot be placed."""
        return sum(self.unplaced.values())


def placed_attacks(pairs: pl.DataFrame) -> pl.DataFrame:
    """Where each attack is placed.

    Args:
        pairs: a row for each attack and source: `attack_id`, `address`, `country`, `state`, `verified`, `signals`.

    Returns:
        one row an attack: `attack_id`, `country` (of the last hop, null for none), `state` (`PLACED` or one of `REASONS`).
    """
    rows = _stated(pairs)
    sources = rows.group_by("attack_id").agg(pl.len().alias("sources"))
    here = rows.filter(pl.col("state") == PLACED).group_by("attack_id", "country").len("here").sort("here", "country", descending=[True, False])
    here = here.group_by("attack_id", maintain_order=True).first().rename({"country": "placed"})
    last = rows.filter(pl.col("country").is_not_null()).group_by("attack_id", "country").len("hops").sort("hops", "country", descending=[True, False])
    last = last.group_by("attack_id", maintain_order=True).first().select("attack_id", "country")
    why = rows.with_columns(pl.col("state").replace_strict(_RANK).alias("rank")).group_by("attack_id", "state", "rank").len("times")
    why = why.sort("times", "rank", descending=[True, False]).group_by("attack_id", maintain_order=True).first().select("attack_id", "state")
    joined = sources.join(here, on="attack_id", how="left").join(last, on="attack_id", how="left").join(why, on="attack_id", how="left")
    most = pl.col("here").fill_null(0) >= MOST * pl.col("sources")
    state = pl.when(most).then(pl.lit(PLACED)).when(pl.col("state") == PLACED).then(pl.lit(MIXED)).otherwise(pl.col("state"))
    return joined.with_columns(state.alias("state")).select("attack_id", "country", "state").sort("attack_id")


_RANK: Final = {RELAYED: 0, DISPUTED: 1, UNLOCATED: 2, UNVERIFIED: 3, MIXED: 4, PLACED: 5}


def _stated(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with what may be forged set apart: it has no last hop."""
    forged = ~pl.col("verified")
    return pairs.with_columns(
        pl.when(forged).then(pl.lit(UNVERIFIED)).otherwise(pl.col("state")).alias("state"),
        pl.when(forged).then(pl.lit(None, pl.String)).otherwise(pl.col("country")).alias("country"),
    )


def machine_of(address: str) -> str:
    """What is counted as one source: an IPv4 address, or the /64 of an IPv6 one, since its customer changes the rest at will."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    except ValueError:
        return address


def placed_sources(pairs: pl.DataFrame) -> pl.DataFrame:
    """Where each source is placed: where it is in all of its attacks; else the reason why not in one of them. One row a source (`machine_of`)."""
    distinct = pairs["address"].unique().to_list()
    machines = {address: machine_of(address) for address in distinct}
    pairs = pairs.with_columns(pl.col("address").replace_strict(machines, return_dtype=pl.String)) if machines else pairs
    rows = _stated(pairs).with_columns(pl.col("state").replace_strict(_RANK).alias("rank"))
    # what was ever verified has a last hop; the reason that weighs most is shown
    found = rows.sort("rank", "address").group_by("address", maintain_order=True).agg(
        pl.col("state").first(), pl.col("country").drop_nulls().unique().sort().alias("hops"),
    )  # fmt: skip
    several = (pl.col("state") == PLACED) & (pl.col("hops").list.len() > 1)
    state = pl.when(several).then(pl.lit(MIXED)).otherwise(pl.col("state"))
    return found.with_columns(state.alias("state"), pl.col("hops").list.first().alias("country")).select("address", "country", "state").sort("address")


def shares(pairs: pl.DataFrame, unit: str = "attack") -> Shares:
    """Every country's share, with its bounds.

    Args:
        pairs: see `placed_attacks`; shape (pairs,).
        unit: `attack`; `source`, each address once (IPv6 by its /64); `signal`, each signal by its own source.
    """
    if unit == "attack":
        rows = placed_attacks(pairs).with_columns(pl.lit(1, pl.Int64).alias("n"))
    elif unit == "source":
        rows = placed_sources(pairs).with_columns(pl.lit(1, pl.Int64).alias("n"))
    else:
        rows = _stated(pairs).select("country", "state", pl.col("signals").cast(pl.Int64).alias("n"))
    total = int(rows["n"].sum())
    unplaced = dict(rows.filter(pl.col("state") != PLACED).group_by("state").agg(pl.col("n").sum()).iter_rows())
    unknown = sum(unplaced.values())
    by = rows.filter(pl.col("country").is_not_null()).group_by("country").agg(
        pl.col("n").sum().alias("hops"), pl.col("n").filter(pl.col("state") == PLACED).sum().alias("placed")
    ).sort("hops", "country", descending=[True, False])  # fmt: skip
    countries = tuple(Bounds(str(one), int(placed), int(hops), int(placed) + unknown) for one, hops, placed in by.select("country", "hops", "placed").iter_rows())
    reasons = {reason: int(unplaced[reason]) for reason in REASONS if unplaced.get(reason)}
    return Shares(unit, total, countries, reasons, total - sum(one.last_hop for one in countries))
