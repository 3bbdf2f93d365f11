"""Failed log-ins that a web server checks itself (basic and digest authentication), from its error log.

References:
    - https://nginx.org/en/docs/http/ngx_http_auth_basic_module.html
    - https://httpd.apache.org/docs/2.4/mod/mod_auth_basic.html (AH01617, AH01618)
    - RFC 7617; CAPEC-49, ATT&CK T1110.
"""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa

from vigie.detectors.window import Evidence, Window, runs, signals
from vigie.records import NOTICE, TALLY, Tally
from vigie.records.place import normalised_path
from vigie.records.tally import counted

MINUTES: Final = 10
"""Length of an interval of the tally."""
QUICK, SLOW = 5, 8
"""Failures of one source that convince: within one interval, or within one run without a pause of an hour."""

_FAILED: Final = (
    r"^(?:user \"(?P<a>[^\"]*)\"(?: was not found in \"|: password mismatch)"
    r"|(?:AH\d{5}: )?user [`'](?P<b>[^']*)' in realm [`'][^']*'(?: \([^)]*\))? not found: "
    r"|(?:AH01618: )?user (?P<c>.*) not found: /|(?:AH01617: )?user (?P<d>.*): authentication failure for \"/.*\": Password Mismatch"
    r"|(?:AH01788: |AH01789: |AH01790: |AH01794: )?user [`']?(?P<e>[^:]*?)'?: password mismatch: "
    r"|User '(?P<f>[^']*)' failed to authenticate\.|\[STDERR\] \[WebAdmin Console\] Failed Login Attempt - username:(?P<g>\S*) ip:)"
)
_PLACE: Final = r"(?:, request: \"[A-Z]{3,16} | not found: | failure for \"|password mismatch: )(/[^\s\"]*)"


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Failed log-ins by site, source, ten minutes and user name.

    Args:
        batch: rows of `NOTICE`.

    Returns:
        rows of `TALLY`; `key` is the user name, `evidence` the message.
    """
    message = pl.Series(batch.column("message"))
    hits = message.str.contains(_FAILED).fill_null(value=False)
    if not hits.any():
        return TALLY.empty()
    mask = hits.to_arrow()
    said = message.filter(hits)
    groups = said.str.extract_groups(_FAILED).struct.unnest()
    names = groups.select(pl.coalesce(pl.all()).fill_null("")).to_series()
    return counted("failed_basic_auth", batch.filter(mask), names.to_arrow().cast(pa.string()), MINUTES, evidence=said.to_arrow().cast(pa.string()))


FAILED_BASIC_AUTH = Tally("failed_basic_auth", NOTICE, count)
"""Failed log-ins of each source at doors that the web server keeps."""


def guessing(table: pa.Table) -> pa.RecordBatch:
    """Runs of failed log-ins by one source on one site.

    Args:
        table: rows of `TALLY` of one site and source, sorted by first_seen.

    Returns:
        rows of `SIGNAL`: one for each interval of a convincing run.
    """
    rows = table.to_pylist()
    found: list[Evidence] = []
    for run in runs(table):
        intervals: dict[object, list[int]] = {}
        for number in run:
            intervals.setdefault(rows[number]["bucket"], []).append(number)
        tries = sum(rows[number]["count"] for number in run)
        fastest = max(sum(rows[number]["count"] for number in part) for part in intervals.values())
        if tries < SLOW and fastest < QUICK:
            continue
        users = len({rows[number]["key"] for number in run})
        sure = 0.9 if tries >= 20 else 0.7 if tries >= 10 else 0.5
        text = f"{tries:,} failed log-ins as {users:,} user{'s' if users > 1 else ''} in one run, at most {fastest:,} in {MINUTES} minutes"
        found += [
            Evidence(part, "login_guessing.basic_auth", _place(rows[part[0]]["evidence"]), sure, "basic_auth", text) for part in intervals.values()
        ]
    return signals("login_guessing.basic_auth", "login_guessing", table, found)


def _place(message: str) -> str:
    """The path of the door, as the access log's detectors name it."""
    found = pl.Series([message]).str.extract(_PLACE)[0]
    return normalised_path(found) if found else "-"


WINDOW = Window("login_guessing.basic_auth", "login_guessing", (FAILED_BASIC_AUTH,), QUICK, guessing)
"""One source, many failures."""
