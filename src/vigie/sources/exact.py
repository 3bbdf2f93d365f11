"""Combined lines of any shape: escaped quotes, user names, broken requests, extra fields, bytes that are no UTF-8.

Slower than the structural scan, still columnar and linear: one pattern over all lines, in Rust.
"""

from __future__ import annotations

import re
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.rows import NO_DATE, Column, absent, addresses, assemble, hosts, reasons, split_request, text_of
from vigie.sources.source import Reading
from vigie.sources.times import LAST_YEAR

_FIELD: Final = r'"(?P<{}>(?:[^"\\]|\\.)*)"'
_TEXT: Final = (
    r"^(?:(?P<vhost>[^\s\"\[]+) (?P<after>\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)|(?P<address>[^\s\"\[]+)) "
    r"(?:(?P<ident>\S+) (?P<user>[^\[\"]*?) ?|- )\[(?P<time>[^\]]{1,64})\] "
    + _FIELD.format("request")
    + r" (?P<status>\d{3}|-) (?P<size>\d+|-)(?: "
    + _FIELD.format("referrer")
    + r" "
    + _FIELD.format("agent")
    + r")?(?P<rest>(?:\s.*)?)$"
)
NO_LINE: Final = "no combined log line"
PATTERN: Final = re.compile(_TEXT)
"""The whole family in one pattern, for samples (bounded) and single lines."""


def read_exact(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read lines of the combined family, one at a time as it were.

    Args:
        batch: rows of `LINE`.
        reading: not used beyond its type; combined carries its own zone.

    Returns:
        `ACCESS` columns and `unread`.
    """
    del reading
    groups = text_of(batch.column("line")).str.extract_groups(_TEXT).struct.unnest()
    request = split_request(groups["request"])
    seen = groups["time"].str.to_datetime("%d/%b/%Y:%H:%M:%S %z", time_unit="us", time_zone="UTC", strict=False)
    seen = seen.set(~seen.dt.year().is_between(1970, LAST_YEAR, closed="left"), None)
    why = reasons((groups["status"].is_null().to_numpy(), NO_LINE), (seen.is_null().to_numpy(), NO_DATE))
    columns: dict[str, Column] = {
        "seen_at": seen,
        "source_address": addresses(groups["after"].fill_null(groups["address"])),
        "url_domain": hosts(groups["vhost"]),
        "user_name": absent(groups["user"]),
        "http_method": request["method"],
        "url_original": request["target"],
        "http_version": request["version"],
        "http_status": groups["status"].cast(pl.Int16, strict=False),
        "http_response_bytes": groups["size"].str.extract(r"^(\d{1,18})$").cast(pl.Int64, strict=False),  # more digits are no size
        "http_referrer": absent(groups["referrer"]),
        "user_agent": absent(groups["agent"]),
    }
    return assemble(batch, ACCESS, columns, why)
