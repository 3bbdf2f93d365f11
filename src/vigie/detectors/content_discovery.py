"""Somebody goes through a list of names to see what the site has: many different paths that are not there, in one run.

Search robots follow dead links too, and pages may lack their pictures. So what counts is a path that was asked for
directly (no referrer), that is no part of a page (pictures, styles, scripts), by a client that does not call itself a robot; those that do
must be far quicker to be counted.

References:
    - CAPEC-87, ATT&CK T1595.003.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from vigie.detectors.window import Evidence, Window, runs, signals
from vigie.records import ACCESS, Tally
from vigie.records.tally import counted

MINUTES: Final = 10
QUICK, SLOW = 20, 40
"""Different missing paths that convince: within one interval, or within one run without a pause of an hour."""
ROBOT = 300
"""The same within one interval for a client that calls itself a robot."""

_MISSING = pa.array([400, 401, 403, 404, 405, 410, 444], pa.int16())
_PARTS = r"(?i)\.(css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|eot|otf|mp4|webm|mp3|m4[av])$"
_ROBOTS = r"(?i)bot\b|bot[/;_-]|crawl|spider|slurp|archiver|facebookexternalhit|feed|rss|monitor|preview|validator|link ?check"


def count(batch: pa.RecordBatch, *, robots: bool) -> pa.RecordBatch:
    """Paths that were asked for directly and are not there, by site, source and ten minutes.

    Args:
        batch: rows of `ACCESS`.
        robots: count clients that call themselves robots, or the others.

    Returns:
        rows of `TALLY`; `key` is the path.
    """
    name = "missing_paths_robots" if robots else "missing_paths"
    missing = pc.and_(pc.is_in(batch.column("http_status"), _MISSING), pc.is_null(batch.column("http_referrer")))
    rows = batch.filter(pc.and_(missing, pc.is_valid(batch.column("url_original"))))
    target = rows.column("url_original")
    path = pc.replace_substring_regex(pc.utf8_slice_codeunits(target, 0, 512), r"[?].*$", "")
    declared = pc.fill_null(pc.match_substring_regex(rows.column("user_agent"), _ROBOTS), False)
    wanted = pc.and_(pc.invert(pc.match_substring_regex(path, _PARTS)), declared if robots else pc.invert(declared))
    return counted(name, rows.filter(wanted), path.filter(wanted), MINUTES, evidence=target.filter(wanted))


MISSING = Tally("missing_paths", ACCESS, partial(count, robots=False))
"""Missing paths of each source that does not call itself a robot."""
MISSING_ROBOTS = Tally("missing_paths_robots", ACCESS, partial(count, robots=True))
"""Missing paths of each source that does."""


def discovery(table: pa.Table, *, quick: int, slow: int) -> pa.RecordBatch:
    """Runs of many missing paths by one source on one site.

    Args:
        table: rows of `TALLY` of one site and source, sorted by first_seen.
        quick: different paths within one interval that convince.
        slow: different paths within one run that convince.

    Returns:
        rows of `SIGNAL`, one for each interval of a convincing run.
    """
    found: list[Evidence] = []
    keys, buckets = table.column("key").to_pylist(), table.column("bucket").to_pylist()
    for run in runs(table):
        intervals: dict[object, list[int]] = {}
        for n in run:
            intervals.setdefault(buckets[n], []).append(n)
        paths = len({keys[n] for n in run})
        fastest = max(len(part) for part in intervals.values())
        if fastest < quick and paths < slow:
            continue
        text = f"{paths:,} different paths that are not there in one run, at most {fastest:,} in {MINUTES} minutes"
        found += [Evidence(part, "content_discovery.list", "/*", 0.8 if paths >= 50 else 0.6, "list", text) for part in intervals.values()]
    return signals("content_discovery.window", "content_discovery", table, found)


WINDOW = Window("content_discovery.window", "content_discovery", (MISSING,), QUICK, partial(discovery, quick=QUICK, slow=SLOW))
"""Clients that do not call themselves robots."""
ROBOTS = Window("content_discovery.robots", "content_discovery", (MISSING_ROBOTS,), ROBOT, partial(discovery, quick=ROBOT, slow=10 * ROBOT))
"""Clients that do: far more is asked for."""
