"""LiteSpeed's and OpenLiteSpeed's error log. (Their access log is combined.)

References:
    - https://docs.openlitespeed.org/config/logs/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.records import NOTICE
from vigie.sources.notice_rows import recognise_begun, why_unread
from vigie.sources.rows import addresses, assemble, hosts, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import civil

NO_LINE: Final = "no LiteSpeed error line"
_HEAD: Final = (
    r"^(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))? \[(?P<level>[A-Z]{3,8})\] "
    r"(?:\[(?P<process>\d{1,18})\] )?(?:\[(?P<client>\[?[0-9A-Fa-f:.]{2,48}?\]?):(?P<port>\d{1,5})(?:[:-][\w.:-]{1,32})?(?:#(?P<host>[^\]\s]{0,256}))?\] )?(?P<message>.*)$"
)
_SAMPLE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9} \[(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRIT|ALERT|EMERG)\] ")


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none.

    Returns:
        `NOTICE` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    head = text.str.extract_groups(_HEAD).struct.unnest()
    seen = civil(head.select("year", "month", "day", "hour", "minute", "second", "fraction"), reading.timezone)
    lost = head["message"].is_null()
    why = why_unread(text, lost, seen, NO_LINE)
    port = head["port"].cast(pl.Int64, strict=False)
    vhost = head["host"].str.replace(r"^_AdminVHost$", "")
    return assemble(
        batch,
        NOTICE,
        {
            "seen_at": seen,
            "log_level": head["level"].str.to_lowercase(),
            "source_address": addresses(head["client"]),
            "source_port": pl.select(pl.when(port.is_between(1, 65_535)).then(port)).to_series(),
            # the virtual host's name in the configuration; it is a site's name only where it looks like one
            "url_domain": hosts(pl.select(pl.when(vhost.str.contains(r"\w\.\w")).then(vhost)).to_series()),
            "process_id": head["process"].cast(pl.Int64, strict=False),
            "message": head["message"],
        },
        why,
    )


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as LiteSpeed's error log does; their zone is an assumption."""
    return recognise_begun(sample, _SAMPLE, "LiteSpeed error")


SOURCE = Source("litespeed_error", NOTICE, recognise, read, references=("https://docs.openlitespeed.org/config/logs/",), specific=1)
"""One record a line."""
