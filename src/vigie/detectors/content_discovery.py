"""Somebody goes through a list of names to see what the site has: many different paths that are not there, in one run.

Search robots follow dead links too, and pages may lack their pictures. So what counts is a path that was asked for
directly (no referrer), that is no part of a page (pictures, styles, scripts), by a client that does not call itself a robot; those that do
must be far quicker to be counted.

References:
    - CAPEC-87, ATT&CK T1595.003.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.robots import robots
from vigie.detectors.window import Evidence, Window, runs, signals
from vigie.records import ACCESS, Tally
from vigie.records.tally import counted

MINUTES: Final = 10
QUICK, SLOW = 20, 40
"""Different missing paths that convince: within one interval, or within one run without a pause of an hour."""
ROBOT = 300
"""The same within one interval for a client that calls itself a robot."""

_MISSING = pa.array([400, 401, 403, 404, 405, 410, 444], pa.int16())
PARTS = r"(?i)\.(css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|eot|otf|mp4|webm|mp3|m4[av])$"
"""Paths of what pages are made of: pictures, styles, scripts."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Paths that were asked for directly and are not there, by site, source and ten minutes.

    Args:
        batch: rows of `ACCESS`.

    Returns:
        rows of `TALLY`; `key` is `robot ` or `client ` and the path.
    """
    missing = pc.and_(pc.is_in(batch.column("http_status"), _MISSING), pc.is_null(batch.column("http_referrer")))
    asked = batch.select(["feed", "file", "byte_offset", "seen_at", "source_address", "url_domain", "url_original", "user_agent"])
    rows = asked.filter(pc.and_(missing, pc.is_valid(batch.column("url_original"))))
    target = rows.column("url_original")
    path = pc.replace_substring_regex(pc.utf8_slice_codeunits(target, 0, 512), r"[?].*$", "")
    declared = robots(rows.column("user_agent"))
    wanted = pc.invert(pc.match_substring_regex(path, PARTS))
    key = pc.binary_join_element_wise(pc.if_else(declared, "robot", "client"), path, " ")
    return counted("missing_paths", rows.filter(wanted), key.filter(wanted), MINUTES, evidence=target.filter(wanted))


MISSING = Tally("missing_paths", ACCESS, count)
"""Missing paths of each source."""


def discovery(table: pa.Table, *, who: str, quick: int, slow: int) -> pa.RecordBatch:
    """Runs of many missing paths by one source on one site.

    Args:
        table: rows of `TALLY` of one site and source, sorted by first_seen.
        who: `client` or `robot`: whose paths.
        quick: different paths within one interval that convince.
        slow: different paths within one run that convince.

    Returns:
        rows of `SIGNAL`, one for each interval of a convincing run.
    """
    found: list[Evidence] = []
    table = table.filter(pc.starts_with(table.column("key"), f"{who} "))
    keys, buckets, first = (table.column(name).to_pylist() for name in ("key", "bucket", "first_seen"))
    for run in runs(table):
        intervals: dict[object, list[int]] = {}
        for n in run:
            intervals.setdefault(buckets[n], []).append(n)
        paths = len({keys[n] for n in run})
        fastest = _quickest(keys, first, run)
        if fastest < quick and paths < slow:
            continue
        text = f"{paths:,} different paths that are not there in one run, at most {fastest:,} in {MINUTES} minutes"
        found += [Evidence(part, "content_discovery.list", "/*", 0.8 if paths >= 50 else 0.6, "list", text) for part in intervals.values()]
    return signals("content_discovery.window", "content_discovery", table, found)


def _quickest(keys: list[str], first: list[datetime], run: range) -> int:
    """Most different paths first asked for within ten minutes, wherever these begin."""
    inside: Counter[str] = Counter()
    best, low = 0, run.start
    for n in run:
        inside[keys[n]] += 1
        while first[n] - first[low] > timedelta(minutes=MINUTES):
            inside[keys[low]] -= 1
            if not inside[keys[low]]:
                del inside[keys[low]]
            low += 1
        best = max(best, len(inside))
    return best


WINDOW = Window("content_discovery.window", "content_discovery", (MISSING,), QUICK, partial(discovery, who="client", quick=QUICK, slow=SLOW))
"""Clients that do not call themselves robots."""
ROBOTS = Window("content_discovery.robots", "content_discovery", (MISSING,), ROBOT, partial(discovery, who="robot", quick=ROBOT, slow=10 * ROBOT))
"""Clients that do: far more is asked for."""
