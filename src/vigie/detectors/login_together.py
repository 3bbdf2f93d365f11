"""Guessed passwords dealt out over many sources, each with too few tries to be noticed alone.

On the worst morning these are hundreds of thousands of sources, so nothing here is done source by source.

References:
    - CAPEC-565, ATT&CK T1110.003, T1110.004.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.login_guessing import LOGINS, MINUTES, QUICK, SLOW
from vigie.detectors.window import PAUSE, Ints, Window, earliest, said
from vigie.records import SIGNAL, skeleton_of
from vigie.records.schema import same

SOURCES = {"editors": (10, 30), "readers": (40, 200)}
"""Failing sources that convince together: within one hour, within one day; for doors of editors and of readers."""

_MINUTE = 60_000_000
Flags = npt.NDArray[np.bool_]


def together(table: pa.Table) -> pa.RecordBatch:
    """Failed log-ins of many sources on one site within an hour, or within a day.

    Args:
        table: rows of `TALLY` of one site, sorted by first_seen.

    Returns:
        rows of `SIGNAL`, one for each source and interval of a convincing hour or day, all with one skeleton so that they make one attack.
    """
    key = table.column("key").combine_chunks()
    source = table.column("source_address").combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    bucket = table.column("bucket").cast(pa.int64()).to_numpy()
    spoken = _alone(table, np.asarray(pc.starts_with(key, "failed")), source, bucket)
    rows, doors, texts = [], [], []
    for door, (hourly, daily) in SOURCES.items():
        failed, passed = (np.asarray(pc.starts_with(key, f"{outcome} {door} ")) for outcome in ("failed", "passed"))
        for hours, least in ((1, hourly), (24, daily)):
            spell = bucket // (hours * 60 * _MINUTE)
            for one, sources in _convincing(spell, source, failed & ~spoken, passed, least):
                chosen = np.flatnonzero((spell == one) & failed & ~spoken)
                spoken[chosen] = True
                rows.append(chosen)
                doors += [door] * len(chosen)
                texts += [f"{sources:,} addresses failed to log in within {hours} hour{'s' if hours > 1 else ''}, few of any one"] * len(chosen)
    if not rows:
        return SIGNAL.empty()
    chosen = np.concatenate(rows)
    pairs = np.unique(np.stack([source[chosen], bucket[chosen]], axis=1), axis=0, return_inverse=True)[1].reshape(-1)
    firsts, records, until = earliest(table, chosen, pairs)
    at = np.empty(len(key), np.int64)
    at[chosen] = np.arange(len(chosen))
    picked = pa.array(at[firsts])
    asset = table.column("asset")[0].as_py()
    skeletons = {door: skeleton_of(f"login_guessing {asset} {door}") for door in SOURCES}
    count = len(firsts)
    target = pc.replace_substring_regex(key.take(pa.array(firsts)), r"^\S+ \S+ ", "")
    return said("login_guessing.together", "login_guessing", table, firsts, records, until, {
        "rule": same("login_guessing.distributed", count), "kind": same("distributed", count),
        "target": pc.if_else(pc.equal(target, ""), "/", target), "confidence": pa.array(np.full(count, 0.7, np.float32)),
        "reading": pa.array(texts, pa.string()).take(picked), "skeleton": pa.array([skeletons[door] for door in doors], pa.uint64()).take(picked),
    })  # fmt: skip


def _convincing(spell: Ints, source: Ints, failed: Flags, passed: Flags, least: int) -> list[tuple[int, int]]:
    """Spells in which enough different sources failed and few got in, with the number of those that failed."""
    failing, welcome = _sources_by(spell[failed], source[failed]), _sources_by(spell[passed], source[passed])
    return [(one, sources) for one, sources in failing.items() if sources >= least and 4 * welcome.get(one, 0) <= sources]


def _sources_by(spell: Ints, source: Ints) -> dict[int, int]:
    pairs = np.unique(np.stack([spell, source], axis=1), axis=0)
    found, counts = np.unique(pairs[:, 0], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def _alone(table: pa.Table, failed: Flags, source: Ints, bucket: Ints) -> Flags:
    """Rows of runs of one source that convince by themselves: `guessing` speaks of them."""
    first, last, count = (table.column(name).cast(pa.int64()).to_numpy() for name in ("first_seen", "last_seen", "count"))
    rows = np.flatnonzero(failed)
    alone = np.zeros(len(failed), bool)
    if not len(rows):
        return alone
    rows = rows[np.lexsort((first[rows], source[rows]))]
    other = np.diff(source[rows], prepend=-1) != 0
    pause = np.zeros(len(rows), bool)
    pause[1:] = first[rows][1:] - last[rows][:-1] > PAUSE * _MINUTE
    run = np.cumsum(other | pause) - 1
    starts = np.flatnonzero(np.diff(run, prepend=-1))
    tries = np.add.reduceat(count[rows], starts)
    parts = np.flatnonzero(np.diff(run, prepend=-1) | np.diff(bucket[rows], prepend=-1))
    sums, low, high = np.add.reduceat(count[rows], parts), np.minimum.reduceat(first[rows], parts), np.maximum.reduceat(last[rows], parts)
    near = np.zeros(len(parts), bool)
    near[:-1] = (run[parts][1:] == run[parts][:-1]) & (bucket[rows][parts][1:] - bucket[rows][parts][:-1] == MINUTES * _MINUTE)
    near[:-1] &= high[1:] - low[:-1] <= MINUTES * _MINUTE
    quickest = np.zeros(len(starts), np.int64)
    np.maximum.at(quickest, run[parts], sums + np.where(near, np.append(sums[1:], 0), 0))
    alone[rows] = ((quickest >= QUICK) | (tries >= SLOW))[run]
    return alone


TOGETHER = Window("login_guessing.together", "login_guessing", (LOGINS,), SOURCES["editors"][0], together, by=("asset",))
"""Many sources, few failures each."""
