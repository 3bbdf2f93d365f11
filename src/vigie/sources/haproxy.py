"""HAProxy's HTTP logs: `option httplog`, `option httpslog` and `option httplog clf`, alone or carried by syslog.

Default HTTP logs hold the moment at which the request was accepted, in local time and without a zone: say which with
`--tz`. Of HTTP/2 requests HAProxy writes the absolute URL; it is taken apart again.

References:
    - https://docs.haproxy.org/3.0/configuration.html#8.2.3
    - https://docs.haproxy.org/3.0/configuration.html#8.6 (non-printable characters)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.known_layouts import HAPROXY_CLF
from vigie.sources.layout import Layout
from vigie.sources.layout_reader import matches, read_layouts
from vigie.sources.layout_source import apache_compiled
from vigie.sources.rows import NO_DATE, Column, addresses, assemble, hosts, in_order, reasons, split_request, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import civil

NO_FIT: Final = "no HAProxy HTTP log line"
CONNECTION: Final = "a connection without a request"
_HEAD: Final = (
    r"^(?P<client>\S+):(?P<port>[0-9]{1,5}) \[(?P<day>[0-9]{2})/(?P<name>[A-Za-z]{3})/(?P<year>[0-9]{4}):"
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?\] "
)
_PATTERN: Final = (
    _HEAD + r"\S+ [^\s/]+/\S+ [+-]?[0-9]{1,12}/[+-]?[0-9]{1,12}/[+-]?[0-9]{1,12}/(?P<answered>[+-]?[0-9]{1,12})/(?P<whole>[+-]?[0-9]{1,12}) "
    r"(?P<status>-?[0-9]{1,3}) \+?(?P<size>[0-9]{1,18}) \S+ \S+ \S{4} "
    r"[0-9]+/[0-9]+/[0-9]+/[0-9]+/\+?[0-9]+ [0-9]+/[0-9]+ (?:\{[^}]*\} ?){0,2} ?"
    r'"(?P<request>[^"]*)"?(?: .*)?$'
)
_ABSOLUTE: Final = r"^https?://(?P<host>\[[^\]/]*\]|[^:/?]*)(?::[0-9]{0,5})?(?P<rest>[/?].*)?$"


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` of the accept dates.

    Returns:
        `ACCESS` columns and `unread`. `seen_at` is the start of the request; `upstream_duration` the server's time to
        its first byte. Lines about connections (TCP logs, failed handshakes) are unread, and say so.
    """
    text = text_of(batch.column("line"))
    groups = text.str.extract_groups(_PATTERN).struct.unnest()
    other = groups["client"].is_null().to_numpy()
    clf = np.flatnonzero(other & text.str.contains(_clf().loose).to_numpy())
    rest = np.setdiff1d(np.arange(len(text)), clf)
    default = _default(batch.take(pa.array(rest)), text.gather(rest), groups[rest.tolist()] if len(clf) else groups, reading)
    if not len(clf):
        return default
    return in_order([default, read_layouts(batch.take(pa.array(clf)), reading, (_clf(),))], [rest, clf])


def _default(batch: pa.RecordBatch, text: pl.Series, groups: pl.DataFrame, reading: Reading) -> pa.RecordBatch:
    seen = civil(groups.select("day", "name", "year", "hour", "minute", "second", "fraction"), reading.timezone)
    request = split_request(groups["request"])
    modern = request["version"].is_in(["2", "2.0", "3", "3.0"]).fill_null(value=False)
    url = request["target"].set(~modern, None).str.extract_groups(_ABSOLUTE).struct.unnest()
    bare = pl.select(pl.when(url["host"].is_not_null()).then(pl.lit("/"))).to_series()
    status = groups["status"].cast(pl.Int16, strict=False)
    columns: dict[str, Column] = {
        "seen_at": seen,
        "source_address": addresses(groups["client"]),
        "source_port": groups["port"].cast(pl.Int32, strict=False),
        "url_domain": hosts(url["host"]),
        "http_method": request["method"],
        "url_original": url["rest"].str.replace(r"^\?", "/?").fill_null(bare).fill_null(request["target"]),
        "http_version": request["version"],
        "http_status": status.set(status < 0, None),
        "http_response_bytes": groups["size"].cast(pl.Int64, strict=False),
        "event_duration": _micros(groups["whole"]),
        "upstream_duration": _micros(groups["answered"]),
    }
    lost = groups["client"].is_null().to_numpy()
    connection = lost & text.str.contains(_HEAD).to_numpy()
    return assemble(batch, ACCESS, columns, reasons((connection, CONNECTION), (lost, NO_FIT), (seen.is_null().to_numpy(), NO_DATE)))


def _micros(milliseconds: pl.Series) -> pl.Series:
    """Milliseconds as microseconds; -1 says that the request did not come that far."""
    value = milliseconds.str.strip_chars_start("+").cast(pl.Int64, strict=False) * 1_000
    return value.set(value < 0, None)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim the lines that HAProxy's HTTP formats explain."""
    lines = text_of(pa.array([line + b"\n" for line in sample], pa.binary()))
    default, clf = matches(lines, _PATTERN), matches(lines, _clf().strict)
    share = float((default | clf).mean())
    if not share:
        return None
    if clf.sum() > default.sum():
        return Recognition(share, "HAProxy clf")
    return Recognition(share, "HAProxy", doubt="its times carry no zone and are taken as UTC unless you say --tz")


@cache
def _clf() -> Layout:
    """`option httplog clf`, compiled when it is asked for: that starts threads, which a process that copies itself must not have."""
    return apache_compiled(HAPROXY_CLF)[0]


SOURCE = Source(
    name="haproxy",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://docs.haproxy.org/3.0/configuration.html#8.2.3",),
    specific=2,
)
"""HAProxy's HTTP log formats."""
