r"""The error logs of MySQL and MariaDB: what they say of connections and log-ins, whatever the version wrote before it.

Read are `2026-11-22 22:30:13 29 [Warning] …` (MariaDB 10 and 11, MySQL 5.6; hours before ten with a blank), `2026-11-22T22:30:13.123456Z 29 [Note]
[MY-010926] [Server] …` (MySQL 5.7, 8 and later), `130324  8:24:09 [Warning] …` (before), and syslog's own head where the message has no date. MySQL
writes refused log-ins as notes: without `log_error_verbosity = 3` there are none.

References:
    - https://mariadb.com/docs/server/server-management/server-monitoring-logs/error-log
    - https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import LOGIN
from vigie.records.login import ENDED, PASSED, PROBED
from vigie.sources.mysql_phrases import IMPLIED, NO_DATABASE, NOBODY, SAID
from vigie.sources.notice_rows import CONTINUES
from vigie.sources.peer import patterns, peers
from vigie.sources.phrases import SILENT, understand
from vigie.sources.rows import NO_DATE, Column, assemble, nulls, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import BEGINS, NO_YEAR, heads
from vigie.sources.times import civil

SERVICE: Final = "mysql"
NO_LINE: Final = "no line of MySQL's or MariaDB's error log"

_STAMP: Final = (
    r"(?:(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:T| {1,2})|(?P<short_year>\d{2})(?P<short_month>\d{2})(?P<short_day>\d{2}) {1,2})"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?(?P<offset>Z|[+-]\d{2}:\d{2})?"
)
_LEVEL: Final = r"\[(?P<level>Note|Warning|ERROR|Error|System)\]"
_LINE: Final = rf"^{_STAMP} (?:(?P<session>\d{{1,20}}) )?{_LEVEL}(?: \[(?P<code>MY-\d{{4,6}})\] \[[A-Za-z_]{{1,32}}\])? (?P<message>.*)$"
_BANNER: Final = r"^(?:Version: '|InnoDB: |Tcp port: |Time +Id +Command|\d{6} {1,2}\d{1,2}:\d{2}:\d{2} |[A-Za-z0-9_/.-]+(?:mysqld|mariadbd)|[ \t])"
_CARRIED: Final = r"(?:mysqld?|mariadbd?)(?:\[\d{1,10}\])?: "
_UNTIMED: Final = rf"^(?:(?P<session>\d{{1,20}}) )?{_LEVEL}?(?: ?\[(?P<code>MY-\d{{4,6}})\] \[[A-Za-z_]{{1,32}}\])? ?(?P<message>\S.*)$"
_HEADLESS: Final = r"^(?:\d{1,20} )?\[(?:Note|Warning|ERROR|Error|System)\] "
_LONGEST_CONNECTION: Final = 1 << 32
"""Connections are numbered below it; MariaDB 10.1 wrote the address of a thread in their place."""
_MODERN: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)? \d{1,20} \[(?:Note|Warning|ERROR|System)\] ")
_SPACED: Final = re.compile(r"(?:\d{4}-\d\d-\d\d {1,2}\d{1,2}|\d{6} {1,2}\d{1,2}):\d\d:\d\d (?:\d{1,20} )?\[(?:Note|Warning|ERROR)\] ")
_SYSLOG: Final = re.compile(
    BEGINS + r"[^ ]{1,255} "
    r"(?:mysqld?|mariadbd?)(?:\[\d{1,10}\])?: (?:(?:\d{4}-\d\d-\d\d[T ] ?|\d{6} {1,2})[\d:. ]{7,16}Z? )?(?:\d{1,20} )?\[(?:Note|Warning|ERROR)\] "
)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, and `year` where only syslog tells the time.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    parts = text.str.extract_groups(_LINE).struct.unnest()
    seen = civil(_dated(parts), reading.timezone)
    message, session, code = parts["message"], parts["session"], parts["code"]
    observer = nulls(len(text))
    yearless = np.zeros(len(text), bool)
    carried = message.is_null() & text.str.contains(_CARRIED)
    if carried.any():
        head = heads(text.set(~carried, None).fill_null(""), reading)
        ours = carried & head.program.is_in(["mysqld", "mysql", "mariadbd", "mariadb"]).fill_null(value=False)
        timed = head.message.set(~ours, None).str.extract_groups(_LINE).struct.unnest()
        inner = head.message.set(~ours | timed["message"].is_not_null(), None).str.extract_groups(_UNTIMED).struct.unnest()
        message, session, code = (
            column.fill_null(timed[column.name]).fill_null(inner[column.name]) for column in (parts["message"], parts["session"], parts["code"])
        )
        # of two times the one that the server wrote itself has a year
        own = timed["message"].is_not_null()
        seen = seen.zip_with(~ours, civil(_dated(timed), reading.timezone).zip_with(own, head.seen_at))
        observer, yearless = head.host.set(~ours, None), head.yearless & (ours & ~own).to_numpy()
    columns = login_columns(message, session, code)
    lost = message.is_null()
    why = reasons(
        (lost.to_numpy() & text.str.contains(r"^[ \t]").to_numpy(), CONTINUES),
        (lost.to_numpy() & text.str.contains(_BANNER).to_numpy(), SILENT),
        (lost.to_numpy() & text.str.contains(_HEADLESS).to_numpy(), NO_DATE),
        (lost.to_numpy(), NO_LINE),
        (columns["event_action"].is_null().to_numpy(), SILENT),
        (yearless, NO_YEAR),
        (seen.is_null().to_numpy(), NO_DATE),
    )
    return assemble(batch, LOGIN, {"seen_at": seen, **columns, "observer_name": observer}, why)


def _dated(parts: pl.DataFrame) -> pl.DataFrame:
    """Components of times, of both ways to write a date."""
    return parts.select(
        pl.col("year").fill_null("20" + pl.col("short_year")), pl.col("month").fill_null(pl.col("short_month")),
        pl.col("day").fill_null(pl.col("short_day")), "hour", "minute", "second", "fraction", "offset",
    )  # fmt: skip


def login_columns(message: pl.Series, session: pl.Series, code: pl.Series) -> dict[str, Column]:
    """What messages of an error log say, as columns of `LOGIN`; `event_action` is null where they say nothing of connections.

    Args:
        message: as logged, null where there is none.
        session: number of the connection as the line's head has it.
        code: of the message, `MY-010926`, where the log writes one.
    """
    said = understand(message, SAID)
    action, reason = said["action"], said["reason"]
    knocked = ((said["user"] == NOBODY) & (action == ENDED)).fill_null(value=False)
    granted = ((action == PASSED) & (reason == "database")).fill_null(value=False)
    address, domain = peers(said["peer"].set(granted, None))
    pattern = patterns(said["peer"].set(~granted, None))
    named = peers(said["name"])[1]
    number = session.cast(pl.Int64, strict=False)
    told = session.set((number.is_null() | (number <= 0) | (number >= _LONGEST_CONNECTION)).fill_null(value=True), None)
    return {
        "service_type": pl.repeat(SERVICE, len(message), dtype=pl.String, eager=True),
        "event_action": action.set(knocked, PROBED),
        "failure_reason": reason,
        "event_code": code.fill_null(_implied(action, reason)),
        "source_address": address,
        "source_domain": pc.coalesce(domain, pattern, named),
        "user_name": said["user"].set(knocked | (said["user"] == "").fill_null(value=False), None),
        "database_name": said["database"].set(said["database"].is_in(NO_DATABASE).fill_null(value=False), None),
        "session_id": said["session"].fill_null(told),
        "message": message,
    }


def _implied(action: pl.Series, reason: pl.Series) -> pl.Series:
    """The error numbers that sentences stand for."""
    said = pl.DataFrame({"action": action, "reason": reason}).select(pl.concat_str("action", "reason", separator=" ")).to_series()
    return said.replace_strict([f"{a} {r}" for _, a, r in IMPLIED], [n for n, _, _ in IMPLIED], default=None, return_dtype=pl.String)


def claim(sample: Sequence[bytes], begins: Sequence[re.Pattern[str]], title: str) -> Recognition | None:
    """Claim lines that begin as a version of the log does, counted among those that have a date at all.

    Args:
        sample: lines without terminators.
        begins: how lines begin, the first of them without a zone.
        title: what to call the format.
    """
    lines = pl.Series([line[:512].decode("utf-8", "replace") for line in sample], dtype=pl.String)
    heads_ = [line[:400] for line in lines.to_list()]
    hits: npt.NDArray[np.bool_] = np.array([any(pattern.match(line) for pattern in begins) for line in heads_])
    if not hits.any():
        return None
    rest = (lines.str.contains(_BANNER).to_numpy() & ~hits).sum()
    return Recognition(float(hits.sum() / max(len(lines) - rest, hits.sum())), title)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as MySQL 5.7's and later do."""
    return claim(sample, (_MODERN,), "MySQL error log")


SOURCE = Source("mysql_error", LOGIN, recognise, read, references=("https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html",), specific=2)
"""One record a line; what says nothing of connections is unread."""
SPACED: Final = (_SPACED, _SYSLOG)
"""How lines of MariaDB and of old MySQL begin, and what syslog carries of theirs."""
