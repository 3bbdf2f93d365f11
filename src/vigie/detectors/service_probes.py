"""Service probes: one source asks several services of a host, again and again within minutes, what they are.

Nothing is dropped and nearly every door is open, so the sequential test sees a visitor. What gives the source away is that it opens several
connections to services that hardly anybody else uses. Visitors use a few services that many use; health checks and mail programs come back for
hours.

References:
    - https://nmap.org/book/vscan-technique.html
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.detectors.conversations import CODE
from vigie.detectors.scan_words import SERVICES, Scan
from vigie.records.flow import ESTABLISHED

DIFFERENT: Final = 4
"""Services of one host that one source contacts."""
AGAIN, TWICE = 3, 2
"""Connections to a service, and how many services have that many."""
USED: Final = 3
"""Sources, besides those of scans, that use a service which is nothing unusual."""
UNUSUAL: Final = 2
"""Services among them that are not used by as many, or not open at all."""
WITHIN: Final = 3_600_000_000
"""Microseconds within which it begins and ends."""


def service_probes(rest: pl.DataFrame) -> tuple[list[Scan], pl.DataFrame]:
    """Find service probes.

    Args:
        rest: rows of `Contacts.new` that are no part of a scan.

    Returns:
        scans, and the rows that are left.
    """
    if rest.is_empty():
        return [], rest
    good = pl.col("outcome") >= CODE[ESTABLISHED]
    users = pl.col("source").filter(good).n_unique().over("host", "transport", "port")
    rows = rest.with_columns(good.alias("good"), (users < USED).alias("unusual"))
    pairs = rows.group_by("source", "host").agg(
        pl.struct("transport", "port").n_unique().alias("services"), ((pl.col("connections") >= AGAIN) & pl.col("good")).sum().alias("again"),
        pl.col("good").sum().alias("open"), (pl.col("unusual") | ~pl.col("good")).sum().alias("odd"),
        (pl.col("last_seen").max() - pl.col("first_seen").min()).alias("span"), pl.col("quoted").any(),
    )  # fmt: skip
    found = pairs.filter(
        (pl.col("services") >= DIFFERENT) & (pl.col("again") >= TWICE) & (pl.col("odd") >= UNUSUAL) & (pl.col("span") <= WITHIN) & pl.col("quoted")
    )
    if found.is_empty():
        return [], rest
    mine = rows.join(found.select("source", "host"), on=("source", "host"), how="semi").drop("good", "unusual")
    left = rest.join(found.select("source", "host"), on=("source", "host"), how="anti", maintain_order="left")
    return [Scan.of(part, SERVICES) for part in mine.partition_by("source", "host", maintain_order=True)], left
