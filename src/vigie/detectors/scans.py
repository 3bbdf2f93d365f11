"""Port scans: one source, or several that share the work, knock at doors that are closed.

Each source is put to a sequential test: a closed door speaks for a scanner, an answered one for a visitor, and the test decides as soon as
the evidence suffices, however slowly it comes. A scan is named from ten closed doors on. What one source does without a pause of half an hour
is one scan; what it does more slowly than a door in five seconds is one scan as long as no day passes without a new door.

References:
    - Jung, Paxson, Berger, Balakrishnan (2004), Fast portscan detection using sequential hypothesis testing (threshold random walk).
    - https://nmap.org/book/man-port-scanning-techniques.html, https://nmap.org/book/man-bypass-firewalls-ids.html (decoys)
    - ATT&CK T1595.001, T1046; RSIT information-gathering: scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.detectors.contact_frame import Contacts, contacts_of
from vigie.detectors.contacts import DAY, PAUSE
from vigie.detectors.scan_words import Scan, described, signals_of, tables_of
from vigie.detectors.scans_together import dealt_out, decoys, shared_out
from vigie.detectors.sequential_test import DECIDED, walked
from vigie.detectors.service_probes import service_probes

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NAMED, NAMED_LIMITED = 10, 5
"""Closed doors from which on a scan is named; in a log that is known to leave out most lines, fewer."""
SLOW: Final = 5_000_000
"""Microseconds between doors, on average, from which on a scan is slow."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in contacts.

    Attributes:
        signals: rows of `SIGNAL`, one for each source of each scan.
        scans: rows of `SCANS`, one a scan.
        sources: rows of `SCAN_SOURCES`, one for each source of each scan.
        background: rows of `BACKGROUND`, one for each day and reason: what was seen, and is no scan.
    """

    signals: pa.RecordBatch
    scans: pa.Table
    sources: pa.Table
    background: pa.Table


Quote = Callable[[Ints], pa.Table]
"""Numbers of rows of the tally → those rows of `TALLY`, in that order."""


def find(merged: pa.Table, quote: Quote, limited: tuple[str, ...] = ()) -> Found:
    """Find scans.

    Args:
        merged: rows of `contact_frame.MERGED`.
        quote: gives the rows that are quoted.
        limited: feeds that leave out lines when much happens.
    """
    contacts = contacts_of(merged)
    new = contacts.new.with_columns(pl.col("feed").is_in(list(limited)).alias("limited"))
    scans, rest = _alone(new)
    scans = decoys(shared_out(scans))
    together, rest = dealt_out(rest)
    scans += together
    probes, rest = service_probes(rest)
    scans = sorted(scans + probes, key=lambda one: (one.start, one.asset, one.kind, one.contacts["source"][0]))
    told = [described(one) for one in scans]
    return Found(signals_of(scans, told, quote), *tables_of(scans, told), _background(contacts, rest))


def _alone(new: pl.DataFrame) -> tuple[list[Scan], pl.DataFrame]:
    """Scans of one source each, and the contacts that are no part of them."""
    if new.is_empty():
        return [], new
    source = new["source"].rank("dense").to_numpy().astype(np.int64)
    seen, failed, limited = (new[name].to_numpy() for name in ("first_seen", "failed", "limited"))
    walk = walked(source, failed)
    run = runs_of(source, seen, PAUSE)
    quick = _convincing(run, seen, failed, limited, walk, slow=False)
    taken = quick[run]
    left = np.flatnonzero(~taken)
    spell = np.full(len(run), -1, np.int64)
    spell[left] = runs_of(source[left], seen[left], DAY)
    slow = _convincing(spell[left], seen[left], failed[left], limited[left], walk[left], slow=True) if len(left) else np.zeros(0, bool)
    group = np.where(taken, run, -1)
    group[left] = np.where(slow[spell[left]], spell[left] + len(quick), -1)
    named = new.with_columns(pl.Series("group", group), pl.Series("walk", walk)).with_row_index("at")
    parts = named.filter(pl.col("group") >= 0).partition_by("group", maintain_order=True)
    return [Scan.of(part) for part in parts], new.filter(pl.Series(group < 0))


def runs_of(source: Ints, seen: Ints, pause: int) -> Ints:
    """Number of the run of each contact: one source, no pause as long as this; contacts by source and time."""
    new = np.ones(len(source), bool)
    new[1:] = (np.diff(source) != 0) | (np.diff(seen) >= pause)
    return np.cumsum(new) - 1


def _convincing(run: Ints, seen: Ints, failed: Flags, limited: Flags, walk: npt.NDArray[np.float64], *, slow: bool) -> Flags:
    """Which runs are scans: enough closed doors, decided by the test, and at the pace that is asked for."""
    starts = np.flatnonzero(np.diff(run, prepend=-1))
    size = np.diff(np.append(starts, len(run)))
    closed = np.add.reduceat(failed.astype(np.int64), starts)
    least = np.where(np.logical_and.reduceat(limited, starts), NAMED_LIMITED, NAMED)
    good: Flags = (closed >= least) & (np.maximum.reduceat(walk, starts) >= DECIDED)
    if not slow:
        good &= seen[starts + size - 1] - seen[starts] <= SLOW * (size - 1)
    return good


def _background(contacts: Contacts, rest: pl.DataFrame) -> pa.Table:
    """By day: sources of one or two closed doors, others that are too few to be named, answers to nothing, and contacts of ours with others."""
    day = (pl.col("first_seen") // DAY * DAY).alias("day")
    closed = rest.filter("failed").with_columns((pl.len().over("source") <= 2).alias("few"))
    parts = [
        ("one or two doors", closed.filter("few")), ("too few to be named", closed.filter(~pl.col("few"))),
        ("answers to nothing", contacts.backscatter), ("from here to elsewhere", contacts.elsewhere),
    ]  # fmt: skip
    told = [
        rows.group_by(day).agg(pl.col("source").n_unique().cast(pl.Int64).alias("sources"), pl.len().cast(pl.Int64).alias("contacts"), pl.col("packets").sum().cast(pl.Int64))
        .with_columns(pl.lit(what).alias("what"))
        for what, rows in parts
    ]  # fmt: skip
    table = pl.concat(told).sort("day", "what").select("day", "what", "sources", "contacts", "packets")
    return table.to_arrow().cast(BACKGROUND)


BACKGROUND: Final = pa.schema(
    [("day", pa.timestamp("us", "UTC")), ("what", pa.string()), ("sources", pa.int64()), ("contacts", pa.int64()), ("packets", pa.int64())]
)
"""One row for each day and what it is that makes no scan."""
