"""MariaDB's audit plugin (`server_audit`), as a file or carried by syslog: every connection, with its address, and how it ended.

`[timestamp],[serverhost],[user],[host],[connection],[query],[operation],[database],[object],[code]`, where syslog tells the time without the
first. A user's name may hold commas and all; of several readings of a line the one counts in which the name is longest, since what follows is the
server's own.

References:
    - https://mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin/mariadb-audit-plugin-log-format
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.records.login import ENDED, FAILED, PASSED
from vigie.sources.json_values import ports
from vigie.sources.mysql_error import SERVICE
from vigie.sources.mysql_phrases import CODES
from vigie.sources.peer import peers
from vigie.sources.phrases import SILENT
from vigie.sources.rows import NO_DATE, assemble, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import BEGINS, NO_YEAR, heads
from vigie.sources.times import civil

NO_LINE: Final = "no line of MariaDB's audit log"

_STAMP: Final = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2}),"
_BODY: Final = (
    r"(?P<server>[^,]{0,255}),(?P<user>.*),(?P<host>[^,]{0,255}),(?P<connection>\d{1,20}),\d{1,20},"
    r"(?P<operation>CONNECT|FAILED_CONNECT|DISCONNECT|CHANGEUSER),(?P<database>.*),[^,]*,(?P<code>-?\d{1,10})(?:,(?P<tls>[A-Za-z0-9.]{0,16}))?$"
)
_FILE: Final = f"^{_STAMP}{_BODY}"
_CARRIED: Final = f"^(?:[^,]{{0,255}} )?{_BODY}"
_OTHER: Final = r",\d{1,20},\d{1,20},(?:QUERY|QUERY_DDL|QUERY_DML|QUERY_DML_NO_SELECT|QUERY_DCL|READ|WRITE|CREATE|ALTER|RENAME|DROP|TABLE|PROXY_CONNECT|AUDIT_CONFIG),"
_IDENTS: Final = r"^(?:mysql|mariadb|server)[\w.-]{0,64}audit\w{0,16}$"
_SAMPLE: Final = re.compile(r"\d{8} \d\d:\d\d:\d\d,[^,]{0,255},.{0,512},\d{1,20},\d{1,20},[A-Z_]{4,24},")
_ZONED: Final = re.compile(r"(?:<\d{1,3}>)?\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d) ")
_SYSLOG: Final = re.compile(
    BEGINS + r"(?:[^ ]{1,255} )?"
    r"(?:mysql|mariadb|server)[\w.-]{0,64}audit\w{0,16}(?:\[\d{1,10}\])?: .{0,512},\d{1,20},\d{1,20},[A-Z_]{4,24},"
)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none, and `year` where syslog tells them.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    found = text.str.extract_groups(_FILE).struct.unnest()
    seen = civil(found.select("year", "month", "day", "hour", "minute", "second"), reading.timezone)
    value = found.select("server", "user", "host", "connection", "operation", "database", "code", "tls")
    yearless, other = np.zeros(len(text), bool), text.str.contains(r"^\d{8} \d\d:\d\d:\d\d,")
    carried = ~text.str.contains(r"^\d{8} ") & text.str.contains("audit", literal=True)
    if carried.any():
        head = heads(text.set(~carried, None).fill_null(""), reading)
        ours = carried & head.program.str.contains(_IDENTS).fill_null(value=False)
        inner = head.message.set(~ours, None).str.strip_chars_start(" ").str.extract_groups(_CARRIED).struct.unnest()
        value = value.select(pl.when(ours).then(inner[name]).otherwise(value[name]).alias(name) for name in value.columns)
        seen = seen.zip_with(~ours, head.seen_at)
        yearless = head.yearless & ours.to_numpy()
        other = other | ours
    operation, code = value["operation"], value["code"]
    action, reason = _meaning(operation, code)
    address, domain = peers(value["host"])
    encrypted = pl.select(pl.when(value["tls"].str.starts_with("TLS")).then(pl.lit(value=True)).when(value["tls"] == "").then(pl.lit(value=False))).to_series()
    lost = operation.is_null().to_numpy()
    why = reasons(
        (lost & (other & text.str.contains(_OTHER)).to_numpy(), SILENT), (lost, NO_LINE), (yearless, NO_YEAR), (seen.is_null().to_numpy(), NO_DATE)
    )  # fmt: skip
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": seen,
            "service_type": pl.repeat(SERVICE, len(text), dtype=pl.String, eager=True),
            "event_action": action,
            "failure_reason": reason,
            "event_code": code.set((code == "0").fill_null(value=False), None),
            "source_address": address,
            "source_port": ports(value["host"].str.extract(r"^[^:]*:(\d{1,5})$")),
            "source_domain": domain,
            "user_name": value["user"].set((value["user"] == "").fill_null(value=False), None),
            "database_name": value["database"].set((value["database"] == "").fill_null(value=False), None),
            "session_id": value["connection"],
            "connection_encrypted": encrypted.set((operation == "DISCONNECT").fill_null(value=False), None),
            "observer_name": value["server"].set((value["server"] == "").fill_null(value=False), None),
            "message": value.select(pl.concat_str("operation", "code", separator=" ")).to_series(),
        },
        why,
    )


def _meaning(operation: pl.Series, code: pl.Series) -> tuple[pl.Series, pl.Series]:
    """`event_action` and `failure_reason` of operations and their codes; a failure of a number that is not known is one."""
    meant = CODES
    action = code.replace_strict(list(meant), [a for a, _ in meant.values()], default=FAILED, return_dtype=pl.String)
    reason = code.replace_strict(list(meant), [r for _, r in meant.values()], default="unknown", return_dtype=pl.String)
    ended, good = operation == "DISCONNECT", code == "0"
    frame = pl.DataFrame({"action": action, "reason": reason, "ended": ended, "good": good, "operation": operation})
    out = frame.select(
        pl.when(pl.col("operation").is_null()).then(None).when("ended").then(pl.lit(ENDED)).when("good").then(pl.lit(PASSED)).otherwise("action").alias("action"),
        pl.when(pl.col("ended") | pl.col("good") | pl.col("operation").is_null()).then(None).otherwise("reason").alias("reason"),
    )
    return out["action"], out["reason"]


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines of the plugin, as a file or carried by syslog; their zone is an assumption."""
    lines = [line[:2048].decode("utf-8", "replace") for line in sample]
    share = sum(_SAMPLE.match(line) is not None for line in lines) / len(lines)
    carried = sum(_SYSLOG.match(line) is not None for line in lines) / len(lines)
    if not share and not carried:
        return None
    yearless = carried > share and any(re.match(r"(?:<\d{1,3}>)?[A-Z]", line) for line in lines[:1])
    zoned = carried > share and not yearless and any(_ZONED.match(line) for line in lines[:1])
    return Recognition(max(share, carried), "MariaDB audit log", doubt="" if zoned else "times carry no zone; --tz names it", yearless=yearless)


SOURCE = Source(
    "mariadb_audit",
    LOGIN,
    recognise,
    read,
    references=("https://mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin/mariadb-audit-plugin-log-format",),
    specific=2,
)
"""One record for each connection, failure and end; statements are unread."""
