"""MariaDB's error log, which is also that of MySQL up to 5.6: times of the server's own clock, without a zone.

References:
    - https://mariadb.com/docs/server/server-management/server-monitoring-logs/error-log
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from vigie.records import LOGIN
from vigie.sources import mysql_error
from vigie.sources.source import Reading, Recognition, Source


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none; `year` where only syslog tells the time.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    return mysql_error.read(batch, reading)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as MariaDB's do; their zone is an assumption."""
    found = mysql_error.claim(sample, mysql_error.SPACED, "MariaDB error log")
    return found and replace(found, doubt="times carry no zone; --tz names it")


SOURCE = Source(
    "mariadb_error", LOGIN, recognise, read, references=("https://mariadb.com/docs/server/server-management/server-monitoring-logs/error-log",), specific=2,
)  # fmt: skip
"""One record a line; what says nothing of connections is unread."""
