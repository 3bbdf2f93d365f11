"""Logs that write only so many lines a minute, however much happens: what is counted in them is a lower bound.

A limit of the kernel's `limit` match is a bucket: a burst of lines at once, then so many a minute. A log obeys a bucket when no stretch of
minutes holds more than it lets through, and shows it when a burst is followed by minutes that are as full as the bucket allows.

References:
    - https://ipset.netfilter.org/iptables-extensions.man.html (limit)
    - https://wiki.nftables.org/wiki-nftables/index.php/Rate_limiting_matchings
    - https://manpages.debian.org/ufw (logging levels: low and medium are rate-limited)
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW, TALLY, Tally
from vigie.records.schema import same
from vigie.records.tally import EMPTY, grouped_rows

Ints = npt.NDArray[np.int64]

LIMITS: Final = ((3, 10), (5, 5), (10, 5))
"""Lines a minute and burst of rules that are in use: UFW's own, and those of the manuals of iptables and nftables."""
_MINUTE: Final = 60_000_000
_FULL, _SHARE, _AFTER, _ACTIVE, _STEADY = 0.6, 0.8, 10, 3, 5
"""How full a minute behind a burst is, on average; the share of active minutes that hold little more than the limit; minutes behind a burst that
are looked at, how many of them there must be, and how many where the burst is so small that chance makes it too: then each must be full."""

LIMITED: Final = pa.schema(
    [
        ("feed", pa.string()), ("rule", pa.string()), ("per_minute", pa.int64()), ("burst", pa.int64()), ("since", pa.timestamp("us", "UTC")),
        ("until", pa.timestamp("us", "UTC")), ("lines", pa.int64()), ("minutes", pa.int64()), ("most", pa.int64()), ("whole", pa.bool_()), ("signs", pa.string()),
    ]
)  # fmt: skip
"""One row a feed and rule; `whole` says that most of the feed's lines are of such rules, so that figures from it are lower bounds."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Packets that a firewall logged, by rule and minute.

    Args:
        batch: rows of `FLOW`.

    Returns:
        rows of `TALLY`; `key` is the rule.
    """
    packet = pc.and_(pc.less_equal(pc.fill_null(batch.column("source_packets"), 1), 1), pc.is_null(batch.column("destination_packets")))
    packet = pc.and_(packet, pc.is_valid(batch.column("rule_name")))
    event = pc.not_equal(pc.fill_null(batch.column("event_kind").cast(pa.string()), EMPTY), "alert")
    rows = np.flatnonzero(np.asarray(pc.and_(pc.and_(packet, event), pc.is_valid(batch.column("seen_at")))))
    if not len(rows):
        return TALLY.empty()
    part = batch.take(pa.array(rows))
    seen = part.column("seen_at").cast(pa.int64()).to_numpy()
    bucket = seen - np.mod(seen, _MINUTE)
    rules = pc.utf8_slice_codeunits(part.column("rule_name").cast(pa.string()), 0, 128).dictionary_encode()
    codes = (rules.indices.to_numpy().astype(np.int64), bucket)
    return grouped_rows("firewall_lines", part, codes, seen, bucket, rules, lambda firsts: same("", len(firsts)), same("", len(rows)), None)


LINES = Tally("firewall_lines", FLOW, count)
"""Lines of a firewall by rule and minute."""


def limited_logs(lines: pl.DataFrame) -> pa.Table:
    """Find the logs that are limited.

    Args:
        lines: `feed`, `rule`, `minute` (since the epoch) and `count`, one row each.

    Returns:
        rows of `LIMITED`.
    """
    found = []
    totals = dict(lines.group_by("feed").agg(pl.col("count").sum()).iter_rows())
    for (feed, rule), part in lines.sort("minute").group_by(["feed", "rule"], maintain_order=True):
        minutes, counts = (part[name].to_numpy().astype(np.int64) for name in ("minute", "count"))
        for per_minute, burst in LIMITS:
            at = shown(minutes, counts, per_minute, burst)
            if at >= 0:
                found.append(_row(str(feed), str(rule), minutes, counts, at, (per_minute, burst)))
                break
    for row in found:
        row["whole"] = 2 * sum(int(str(one["lines"])) for one in found if one["feed"] == row["feed"]) >= totals[row["feed"]]
    return pa.Table.from_pylist(sorted(found, key=lambda row: (str(row["feed"]), str(row["rule"]))), schema=LIMITED)


def shown(minutes: Ints, counts: Ints, per_minute: int, burst: int) -> int:
    """The place of the minute whose burst shows a limit; -1 where none does, or where more was written than the limit lets through.

    Args:
        minutes: since the epoch, rising.
        counts: lines in each, at least one.
        per_minute: lines a minute that the limit lets through.
        burst: lines that it lets through at once.
    """
    if len(minutes) < _ACTIVE or _overflows(minutes, counts, per_minute, burst):
        return -1
    little, peaks = counts <= per_minute + 1, np.flatnonzero(counts >= max(burst, per_minute + 2))
    if not len(peaks) or little.sum() < _SHARE * (len(counts) - len(peaks)):
        return -1
    for at in peaks.tolist():
        behind = np.flatnonzero((minutes > minutes[at]) & (minutes <= minutes[at] + _AFTER))
        gaps = np.flatnonzero(np.diff(minutes[behind], prepend=minutes[at]) > 1)
        behind = behind[: gaps[0]] if len(gaps) else behind
        full = counts[behind]
        steady = burst > 2 * per_minute or (len(full) >= _STEADY and bool((np.abs(full - per_minute) <= 1).all()))
        if len(full) >= _ACTIVE and steady and full.mean() >= _FULL * per_minute:
            return int(at)
    return -1


def _overflows(minutes: Ints, counts: Ints, per_minute: int, burst: int) -> bool:
    """Whether some stretch of minutes holds more lines than a full bucket and what flows into it while the stretch lasts."""
    before = np.concatenate([[0], np.cumsum(counts)])
    low = np.minimum.accumulate(before[:-1] - per_minute * minutes)
    return bool((before[1:] - per_minute * (minutes + 1) - low > burst + 1e-9).any())


def _row(feed: str, rule: str, minutes: Ints, counts: Ints, at: int, limit: tuple[int, int]) -> dict[str, object]:
    behind = counts[at + 1 : at + 6]
    signs = f"{counts[at]} lines in one minute, then {', '.join(map(str, behind.tolist()))}; never more than {limit[1]} at once and {limit[0]} a minute in {len(minutes)} minutes"
    return {
        "feed": feed, "rule": rule, "per_minute": limit[0], "burst": limit[1], "since": int(minutes[0]) * _MINUTE, "until": (int(minutes[-1]) + 1) * _MINUTE,
        "lines": int(counts.sum()), "minutes": len(minutes), "most": int(counts.max()), "whole": False, "signs": signs,
    }  # fmt: skip
