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
_SOME: Final = 5
"""Doors in a window that may be part of a longer stretch."""
_SHORT: Final = 3_600_000_000
"""Microseconds of a stretch that is believed where the log is too short to tell what is usual."""
_ALL: Final = 0.8
"""Share of the contacts that must be dealt out there."""
_MOST, _FAR = 0.6, 5
"""Share of the sources that have the same number of doors; times the usual gap that set a few contacts off at the ends."""
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
    extent = (int(rest["first_seen"].min()), int(rest["first_seen"].max())) if rest.height else (0, 0)  # type: ignore[arg-type]
    for grouping in _GROUPINGS:
        closed = rest.filter("failed")
        if closed["source"].n_unique() < SOURCES:
            break
        taken: list[pl.DataFrame] = []
        for group in _groups(closed, grouping):
            parts = _runs(group) if grouping == "network" else _bursts(group, extent, several=grouping in _SEVERAL)
            taken += [rows.select("source", "door", "first_seen") for rows in parts]
            found += [Scan.of(rows, DISTRIBUTED) for rows in parts]
        if taken:
            rest = rest.join(pl.concat(taken), on=("source", "door", "first_seen"), how="anti", maintain_order="left")
    return found, rest


_GROUPINGS: Final = ("network", "alike", "several", "print", "all")
"""How sources are brought together: one network; packets that look alike, of sources with several doors; sources with several doors; packets that
look alike; all."""
_SEVERAL: Final = ("alike", "several")


def _groups(closed: pl.DataFrame, grouping: str) -> list[pl.DataFrame]:
    """Closed doors of one host each, brought together, where there are enough sources and doors."""
    keys = ["host"]
    if grouping == "network":
        closed = closed.with_columns(network_of(closed["source"], 48).alias("wide"))
        keys.append("wide")
    if grouping in ("alike", "print"):
        closed = closed.filter(pl.col("print").fill_null("?") != "?")
        keys.append("print")
    if grouping in _SEVERAL:
        closed = closed.filter(pl.col("door").n_unique().over("source", "host") >= 2)
    big = (pl.col("source").n_unique().over(keys) >= SOURCES) & (pl.col("door").n_unique().over(keys) >= DOORS)
    told = pl.col("outcome") != CODE[UNTOLD]
    closed = closed.filter(told | (told.mean().over(keys) < OVERLAP))
    return closed.filter(big).sort("first_seen", "offset", "source", "door").partition_by(keys, maintain_order=True)


def _runs(group: pl.DataFrame) -> list[pl.DataFrame]:
    """Runs without a pause in which doors were dealt out."""
    seen = group["first_seen"].to_numpy()
    for pause in (PAUSE, DAY):
        bounds = [0, *(np.flatnonzero(np.diff(seen) >= pause) + 1).tolist(), len(seen)]
        parts = [group.slice(low, high - low) for low, high in pairwise(bounds)]
        out = [rows.filter(mine) for rows in parts if (mine := _sharing(rows)) is not None]
        if out:
            return out
    return []


def _bursts(group: pl.DataFrame, extent: tuple[int, int], *, several: bool) -> list[pl.DataFrame]:
    """Stretches of time with far more doors than at other times, in which they were dealt out; those near each other as one."""
    out: list[pl.DataFrame] = []
    while (best := _fullest(group, extent, several=several)) is not None:
        out.append(best)
        group = group.join(best.select("source", "door", "first_seen"), on=("source", "door", "first_seen"), how="anti", maintain_order="left")
    out.sort(key=lambda rows: int(rows["first_seen"][0]))
    near: list[pl.DataFrame] = []
    for rows in out:
        if near and int(rows["first_seen"][0]) - int(near[-1]["first_seen"].max()) < SPANS[-2]:  # type: ignore[arg-type]
            near[-1] = pl.concat([near[-1], rows])
        else:
            near.append(rows)
    return near


def _core(rows: pl.DataFrame) -> pl.DataFrame:
    """Without what a stretch only happens to hold: sources of another number of doors where most have the same, and a few far off at its ends."""
    doors = rows.group_by("source").agg(pl.len().alias("doors"))
    counts = doors.group_by("doors").len().sort("len", "doors", descending=True)
    if int(counts["len"][0]) >= _MOST * doors.height:
        rows = rows.join(doors.filter(pl.col("doors") == counts["doors"][0]), on="source", how="semi", maintain_order="left")
    firsts = rows.group_by("source").agg(pl.col("first_seen").min()).sort("first_seen", "source")
    gaps = np.diff(firsts["first_seen"].to_numpy())
    few = firsts.height // 10
    if not few:
        return rows
    wide = gaps > _FAR * max(float(gaps.mean()), 1.0)
    low = int(np.flatnonzero(wide[:few])[-1]) + 1 if wide[:few].any() else 0
    high = len(gaps) - few + int(np.flatnonzero(wide[-few:])[0]) + 1 if wide[-few:].any() else firsts.height
    core = rows.join(firsts.slice(low, high - low), on="source", how="semi")["first_seen"]
    near = firsts.filter(pl.col("first_seen").is_between(core.min(), core.max()))  # who comes late while the others go on is one of them
    return rows.join(near, on="source", how="semi", maintain_order="left")


def _fullest(group: pl.DataFrame, extent: tuple[int, int], *, several: bool) -> pl.DataFrame | None:
    """What was dealt out in the stretch that holds most doors beyond what is usual; None where there is none."""
    if group.height < DOORS:
        return None
    seen, door = group["first_seen"].to_numpy(), group["door"].rank("dense").to_numpy().astype(np.int64)
    once = np.bincount(door)[door] == 1
    best, most = None, 0.0
    for span in SPANS:
        for low, high in _stretches(seen, once, span, extent):
            inside, usual = _doors_in(seen, once, low, high, extent)
            part = group.slice(low, high - low)
            short = usual is None and several and int(seen[high - 1] - seen[low]) <= _SHORT
            beyond = inside - (usual or 0.0)
            if (usual is None and not short) or beyond <= most or inside < EXCESS * (usual or 0.0) or (mine := _sharing(part)) is None:
                continue
            if short and int(mine.sum()) < _ALL * len(mine):
                continue
            best, most = part.filter(mine), beyond
    core = None if best is None else _core(best)
    return core if core is not None and core["source"].n_unique() >= SOURCES and core["door"].n_unique() >= DOORS else None


def _stretches(seen: Ints, once: Flags, span: int, extent: tuple[int, int]) -> list[tuple[int, int]]:
    """Windows of this length with far more doors that are touched once than at other times, those that meet as one; half of each is shared."""
    edges = np.arange(int(seen[0]), int(seen[-1]) + 1, span // 2)
    lows, highs = np.searchsorted(seen, edges), np.searchsorted(seen, edges + span)
    before = np.concatenate([[0], np.cumsum(once)])
    inside = before[highs] - before[lows]
    usual = (before[-1] - inside) * span / max(extent[1] - extent[0] - span, span)
    out: list[tuple[int, int]] = []
    for low, high in np.stack([lows, highs], axis=1)[(inside >= _SOME) & (inside >= EXCESS * usual)].tolist():
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], high)
        else:
            out.append((low, high))
    return [(low, high) for low, high in out if before[high] - before[low] >= DOORS * OWN]


def _doors_in(seen: Ints, once: Flags, low: int, high: int, extent: tuple[int, int]) -> tuple[int, float | None]:
    """Doors touched once in a stretch, and how many are usual in as much time; None where there is not as much time outside it."""
    time = int(seen[high - 1] - seen[low])
    outside = extent[1] - extent[0] - time
    inside = int(once[low:high].sum())
    return inside, (int(once.sum()) - inside) * time / outside if outside >= max(time, SPANS[0]) else None
