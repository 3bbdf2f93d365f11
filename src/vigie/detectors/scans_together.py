"""Scans by several sources: decoys, and doors that were dealt out.

Decoys are forged sources beside the true one: all knock at the same doors in the same order at once. Where doors are dealt out, each source
knocks at doors that no other one touches, on one host, in one stretch of time. Background traffic concentrates on a few doors that everybody
tries, so it repeats itself; what is dealt out does not. Sources of one network are believed by that alone. Sources scattered over many are
believed only where there is far more of it than at other times, looked for in spans from two minutes to a day: first among those whose packets
look alike or that tried more than one door, at last among all.

References:
    - https://nmap.org/book/man-bypass-firewalls-ids.html (-D)
    - Dainotti, King, Claffy, Papale, Pescape (2015), Analysis of a "/0" stealth scan from a botnet (addresses coordinated without overlap).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from vigie.detectors.contact_frame import network_of
from vigie.detectors.contacts import DAY, PAUSE
from vigie.detectors.conversations import CODE
from vigie.detectors.scan_words import DECOYS, DISTRIBUTED, Scan
from vigie.records.flow import UNTOLD

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SAME, AT_ONCE = 10, 1_000_000
"""Doors that are the same in the same order, and microseconds between the first of each source, that make decoys."""
OVERLAP, MOVED = 0.9, 2
"""Where packets overtook each other: the share of doors that are the same, and how many places further on or back they stand, on average."""
_OPEN: Final = 50
"""Scans that began last, with which the next is compared."""
SOURCES, DOORS, REPEATED = 10, 30, 1.2
"""Sources, different doors, and contacts for each door at most, of a scan that was dealt out."""
OWN: Final = 0.6
"""Share of a source's doors that no other one touches."""
ALIKE: Final = 4
"""How many times the typical number of doors a source may have tried to be one of those that share the work."""
EXCESS: Final = 3
"""How many times more doors than at other times."""
SPANS: Final = (120_000_000, 600_000_000, 3_600_000_000, 6 * 3_600_000_000, DAY)
"""Microseconds of the stretches that are looked at."""


def decoys(scans: list[Scan]) -> list[Scan]:
    """Join scans whose doors, order, packets and times are the same: the true source of them is not known."""
    alone = [one for one in scans if not one.kind and one.sources == 1 and one.contacts.height >= SAME]
    out = [one for one in scans if one.kind or one.sources > 1 or one.contacts.height < SAME]
    groups: list[list[Scan]] = []
    for one in sorted(alone, key=lambda scan: (scan.start, scan.contacts["source"][0])):
        near = [group for group in groups[-_OPEN:] if one.start - group[0].start <= AT_ONCE and _alike(one, group[0])]
        if near:
            near[0].append(one)
        else:
            groups.append([one])
    return out + [group[0] if len(group) == 1 else _one_of(group, DECOYS) for group in groups]


def _alike(one: Scan, other: Scan) -> bool:
    """Whether two scans knocked at the same doors in nearly the same order, with the same flags, and ended together."""
    mine, yours = (scan.contacts["door"].to_list() for scan in (one, other))
    few = sorted((len(mine), len(yours)))
    if few[0] < OVERLAP * few[1] or abs(one.end - other.end) > 2 * AT_ONCE or one.contacts["flags"].mode()[0] != other.contacts["flags"].mode()[0]:
        return False
    if mine[:SAME] == yours[:SAME]:
        return True
    place = {door: at for at, door in enumerate(yours)}
    moved = [abs(at - place[door]) for at, door in enumerate(mine) if door in place]
    return len(moved) >= OVERLAP * few[1] and sum(moved) <= MOVED * len(moved)


def _one_of(scans: Sequence[Scan], kind: str) -> Scan:
    return Scan.of(pl.concat([one.contacts for one in scans]), kind)


def shared_out(scans: list[Scan]) -> list[Scan]:
    """Join scans of one host by sources each of which would be one alone, where the doors were dealt out among them."""
    by_host: dict[str, list[Scan]] = {}
    for one in scans:
        by_host.setdefault(one.asset if one.contacts["host"].n_unique() == 1 else "", []).append(one)
    out = by_host.pop("", [])
    for found in by_host.values():
        for run in _overlapping(found):
            rows = pl.concat([one.contacts.with_columns(pl.lit(at).alias("scan")) for at, one in enumerate(run)]) if len(run) >= SOURCES else None
            mine = _sharing(rows) if rows is not None else None
            if rows is None or mine is None:
                out += run
                continue
            taken = set(rows.filter(mine)["scan"].to_list())
            out += [one for at, one in enumerate(run) if at not in taken]
            out.append(_one_of([one for at, one in enumerate(run) if at in taken], DISTRIBUTED))
    return out


def _overlapping(scans: list[Scan]) -> list[list[Scan]]:
    """Scans in runs without a pause between one and the next."""
    runs: list[list[Scan]] = []
    until = 0
    for one in sorted(scans, key=lambda scan: (scan.start, scan.contacts["source"][0])):
        if runs and one.start - until < PAUSE:
            runs[-1].append(one)
        else:
            runs.append([one])
            until = one.end
        until = max(until, one.end)
    return runs


def _sharing(rows: pl.DataFrame) -> pl.Series | None:
    """Which contacts with one host are of sources that share the doors out; None where there are too few, or the doors repeat."""
    source, door = (rows[name].rank("dense").to_numpy().astype(np.int64) - 1 for name in ("source", "door"))
    pairs = np.unique(np.stack([source, door], axis=1), axis=0)
    by_door = np.bincount(pairs[:, 1])
    doors = np.bincount(pairs[:, 0])
    own = np.bincount(pairs[:, 0], weights=by_door[pairs[:, 1]] == 1)
    sharing = own >= OWN * doors
    if sharing.any():
        sharing &= doors <= ALIKE * np.median(doors[sharing])
    mine = sharing[source]
    inside = sharing[pairs[:, 0]]
    different = len(np.unique(pairs[inside, 1]))
    if sharing.sum() < SOURCES or different < DOORS or inside.sum() >= REPEATED * different:
        return None
    return pl.Series(mine)


def dealt_out(rest: pl.DataFrame) -> tuple[list[Scan], pl.DataFrame]:
    """Find scans whose doors were dealt out over sources that are too small to be found alone.

    Args:
        rest: rows of `Contacts.new` that are no part of a scan.

    Returns:
        scans, and the rows that are left.
    """
    found: list[Scan] = []
    for grouping in _GROUPINGS:
        closed = rest.filter("failed").with_row_index("at")
        if closed["source"].n_unique() < SOURCES:
            break
        taken: list[pl.DataFrame] = []
        for group in _groups(closed, grouping):
            for rows in _runs(group) if grouping == "network" else _bursts(group):
                taken.append(rows)
                found.append(Scan.of(rows.drop("at"), DISTRIBUTED))
        if taken:
            mine = pl.concat([rows.select("source", "door", "first_seen") for rows in taken])
            rest = rest.join(mine, on=("source", "door", "first_seen"), how="anti", maintain_order="left")
    return found, rest


_GROUPINGS: Final = ("network", "alike", "several", "print", "all")
"""How sources are brought together: one network; packets that look alike, of sources with several doors; sources with several doors; packets that
look alike; all."""


def _groups(closed: pl.DataFrame, grouping: str) -> list[pl.DataFrame]:
    """Closed doors of one host each, brought together, where there are enough sources and doors."""
    keys = ["host"]
    if grouping == "network":
        closed = closed.with_columns(network_of(closed["source"], 48).alias("wide"))
        keys.append("wide")
    if grouping in ("alike", "print"):
        closed = closed.filter(pl.col("print").fill_null("?") != "?")
        keys.append("print")
    if grouping in ("alike", "several"):
        closed = closed.filter(pl.col("door").n_unique().over("source", "host") >= 2)
    big = (pl.col("source").n_unique().over(keys) >= SOURCES) & (pl.col("door").n_unique().over(keys) >= DOORS)
    told = pl.col("outcome") != CODE[UNTOLD]
    closed = closed.filter(told | (told.mean().over(keys) < OVERLAP))
    return closed.filter(big).sort("first_seen", "offset", "source", "door").partition_by(keys, maintain_order=True)


def _runs(group: pl.DataFrame) -> list[pl.DataFrame]:
    """Runs without a pause in which doors were dealt out."""
    seen = group["first_seen"].to_numpy()
    out = []
    bounds = [0, *(np.flatnonzero(np.diff(seen) >= PAUSE) + 1).tolist(), len(seen)]
    for low, high in pairwise(bounds):
        rows = group.slice(low, high - low)
        mine = _sharing(rows)
        if mine is not None:
            out.append(rows.filter(mine))
    if not out and (mine := _sharing(group)) is not None and seen[-1] - seen[0] < 3 * DAY:
        out.append(group.filter(mine))
    return out


def _bursts(group: pl.DataFrame) -> list[pl.DataFrame]:
    """Stretches of time with far more doors than at other times, in which they were dealt out."""
    seen, door = group["first_seen"].to_numpy(), group["door"].to_numpy()
    free = np.ones(len(seen), bool)
    out = []
    for span in SPANS:
        for low, high in _full(seen, door, free, span):
            rows = np.flatnonzero(free[low:high]) + low
            part = group[rows.tolist()]
            mine = _sharing(part)
            if mine is None or not _unusual(seen, door, free, low, high):
                continue
            chosen = mine.to_numpy()
            out.append(part.filter(mine))
            free[rows[chosen]] = False
    return out


def _full(seen: Ints, door: Ints, free: Flags, span: int) -> list[tuple[int, int]]:
    """Stretches in which enough is free: windows of this length, half of each shared with the next, those that meet as one."""
    first = int(seen[0])
    out: list[tuple[int, int]] = []
    edges = np.arange(first, int(seen[-1]) + 1, span // 2)
    lows, highs = np.searchsorted(seen, edges), np.searchsorted(seen, edges + span)
    before = np.concatenate([[0], np.cumsum(free)])
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        count = int(before[high] - before[low])
        if count < DOORS:
            continue
        different = len(np.unique(door[low:high][free[low:high]]))
        if different < DOORS or count >= 2 * different:
            continue
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(high, out[-1][1]))
        else:
            out.append((low, high))
    return out


def _unusual(seen: Ints, door: Ints, free: Flags, low: int, high: int) -> bool:
    """Whether a stretch holds far more doors, each touched once, than as much time outside it."""
    inside = int(seen[high - 1] - seen[low])
    outside = np.concatenate([door[:low][free[:low]], door[high:][free[high:]]])
    time = max(int(seen[-1] - seen[0]) - inside, 0)
    if time < inside or time < SPANS[0]:
        return False
    usual = len(outside) * (inside + SPANS[0] // 2) / time
    return len(np.unique(door[low:high][free[low:high]])) >= EXCESS * max(usual, 1.0)
