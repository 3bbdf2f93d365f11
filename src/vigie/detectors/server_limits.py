"""What a server says when it is held up on purpose: headers that never end, limits that clients run into, no connection left.

Where the access log shows the same flood, that is one attack, and what is counted here for its sources is left out.

References:
    - https://nginx.org/en/docs/http/ngx_http_limit_req_module.html, ngx_http_limit_conn_module.html, ngx_core_module.html#worker_connections
    - https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html (AH01382), mpm_common.html#maxrequestworkers (AH00161, AH00484, AH10159)
    - CAPEC-469, CAPEC-227, ATT&CK T1499.002.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from vigie.detectors.window import Evidence, Window, signals
from vigie.records import NOTICE, TALLY, Tally, skeleton_of
from vigie.records.tally import counted

MINUTES: Final = 10
"""Length of an interval."""
KINDS: Final = {
    "slow_headers": r"client timed out \(110: [^)]*\) while reading client request (?:headers|line)|AH01382: |Request header read timeout",
    "slow_body": r"client timed out \(110: [^)]*\) while reading client request body|AH01383: |Request body read timeout",
    "request_limit": r"limiting requests, excess: ",
    "connection_limit": r"limiting connections by zone ",
    "exhausted": r"worker_connections are not enough|\(24: Too many open files\)|AH00161: |AH00484: |AH10159: |reached MaxRequestWorkers",
}
"""What is said, by kind."""
EACH: Final = {"slow_headers": 5, "slow_body": 5, "request_limit": 20, "connection_limit": 20, "exhausted": 1}
"""Times in one interval that one source must be named to be counted."""
TOGETHER: Final = {"slow_headers": 60, "slow_body": 60, "request_limit": 20, "connection_limit": 20, "exhausted": 20}
"""Times that all those sources together must be named."""
NAMES: Final = {"request_limit": "request_flood", "connection_limit": "connection_flood", "exhausted": "connection_flood"}
"""How the attack is called where it is not called as what the server said."""
SURE: Final = {"slow_headers": 0.8, "slow_body": 0.8, "request_limit": 0.6, "connection_limit": 0.6, "exhausted": 0.45}
"""Confidence; a server that has no connection left may as well be a popular one."""


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """What the server says of being held up, by site, source, ten minutes and kind.

    Args:
        batch: rows of `NOTICE`.

    Returns:
        rows of `TALLY`; `key` is the kind, `evidence` the message.
    """
    message = pl.Series("message", batch.column("message"))
    kind = pl.DataFrame(message).select(
        pl.coalesce(*(pl.when(pl.col("message").str.contains(pattern)).then(pl.lit(name)) for name, pattern in KINDS.items()))
    ).to_series()
    hits = kind.is_not_null()
    if not hits.any():
        return TALLY.empty()
    rows = batch.filter(hits.to_arrow())
    key, said = (series.filter(hits).to_arrow().cast(pa.string()) for series in (kind, message))
    return counted("server_limits", rows, key, MINUTES, evidence=said)


LIMITS: Final = Tally("server_limits", NOTICE, count)
"""What an error log says of being held up."""


def held_up(table: pa.Table) -> pa.RecordBatch:
    """Intervals in which clients held the server up.

    Args:
        table: rows of `TALLY` of one site, sorted by first_seen.

    Returns:
        rows of `SIGNAL`, one for each source and interval, all of one kind with one skeleton so that they make one attack.
    """
    rows = table.select(["source_address", "bucket", "key", "count", "asset"]).to_pylist()
    parts: dict[tuple[object, str], list[int]] = {}
    for number, row in enumerate(rows):
        if row["count"] >= EACH[row["key"]]:
            parts.setdefault((row["bucket"], row["key"]), []).append(number)
    found = []
    for (_, key), numbers in parts.items():
        times = sum(rows[number]["count"] for number in numbers)
        if times < TOGETHER[key]:
            continue
        kind = NAMES.get(key, key)
        skeleton = skeleton_of(f"denial_of_service {rows[0]['asset']} {key}")
        text = f"the server said so {times:,} times in {MINUTES} minutes, of {len(numbers):,} address{'es' if len(numbers) > 1 else ''}"
        found += [Evidence([number], f"denial_of_service.{key}", "/*", SURE[key], kind, text, skeleton) for number in numbers]
    return signals("denial_of_service.limits", "denial_of_service", table, found)


WINDOW: Final = Window("denial_of_service.limits", "denial_of_service", (LIMITS,), min(TOGETHER.values()), held_up, by=("asset",))
"""A server held up by clients, in its own words."""
