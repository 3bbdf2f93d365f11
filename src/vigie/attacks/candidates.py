"""Who may have been the source of a try whose log holds no address: those that knocked at the port just before.

A firewall that logs new connections tells who came, a database that logs no addresses tells that a password was wrong. Both write within
some tenths of a second of each other, and on a busy port several came: the answer is one of so many, never one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from vigie.attacks.guesses import SECOND
from vigie.detectors.log_ins import PORTS

BEFORE: Final = 6 * SECOND // 10
"""Microseconds by which a connection comes before the line that says that its password was wrong."""
MOST: Final = 20
"""Candidates that are listed for one row."""

QUERY: Final = "select epoch_us(seen_at) as seen, source_address as source, destination_port as port from flows where source_address is not null order by 1, 2"
"""Connections to database ports, of the archive's view."""


def candidates(tries: pl.DataFrame, flows: pl.DataFrame) -> pl.Series:
    """Sources that may stand behind each try.

    Args:
        tries: rows of `TRIES`.
        flows: rows of `QUERY`, in order of time.

    Returns:
        a list of at most 20 addresses for each try, in order; empty where the log tells the source, or no firewall log covers the time.
    """
    found: dict[int, list[str]] = {}
    unknown = np.flatnonzero((tries["source"] == "").to_numpy())
    if len(unknown) and flows.height:
        services, seen = tries["service"].to_list(), tries["seen"].to_numpy()
        knocks = {service: flows.filter(pl.col("port") == port) for port, service in PORTS.items()}
        for service in {services[row] for row in unknown.tolist()} & set(knocks):
            mine = knocks[service]
            times, sources = mine["seen"].to_numpy(), mine["source"].to_list()
            slack = SECOND if len(times) and not (times % SECOND).any() else 0  # a log in whole seconds writes earlier than it was
            asked = np.asarray([row for row in unknown.tolist() if services[row] == service], np.int64)
            low = np.searchsorted(times, seen[asked] - BEFORE - slack, "left")
            high = np.searchsorted(times, seen[asked], "right")
            for row, start, end in zip(asked.tolist(), low.tolist(), high.tolist(), strict=True):
                found[row] = sorted(set(sources[start:end]))[:MOST]
    listed = pl.DataFrame({"at": list(found), "candidates": list(found.values())}, schema={"at": pl.UInt32, "candidates": pl.List(pl.String)})
    rows = pl.DataFrame({"at": pl.int_range(tries.height, dtype=pl.UInt32, eager=True)}).join(listed, on="at", how="left", maintain_order="left")
    return rows["candidates"].fill_null([])
