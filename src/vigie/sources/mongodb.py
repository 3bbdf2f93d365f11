"""MongoDB's log of 4.4 and later: JSON, one entry a line. Connections, log-ins, and commands that were not allowed.

A driver begins the log-in within its first message already; where that fails it begins again, and the server logs both. A failure with
`speculative: true` is therefore told, not counted: it happened before anybody was refused. A success is one, however it began.
`Checking authorization failed` has no address; its connection (`ctx`, which is `session_id` here) was accepted on another line that has one.

References:
    - https://www.mongodb.com/docs/manual/reference/log-messages/
    - https://github.com/mongodb/mongo: src/mongo/db/auth/sasl_commands.cpp (20249, 20250, 5286306, 5286307), transport/ (22943, 22944, 22988).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import LOGIN
from vigie.records.login import CONNECTED, ENDED, FAILED, PASSED, PROBED, STARTED, TOLD
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.json_values import ports
from vigie.sources.moment import moments
from vigie.sources.phrases import SILENT
from vigie.sources.rows import NO_DATE, absent, addresses, assemble, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_ENTRY: Final = "no MongoDB entry"

_ACTIONS: Final = {
    "20249": FAILED, "5286307": FAILED, "20250": PASSED, "5286306": PASSED, "20436": STARTED, "22943": CONNECTED, "22944": ENDED, "51800": TOLD, "22988": PROBED,
}  # fmt: skip
"""What entries say, by their number."""
_POINTERS: Final = (
    "/t/$date", "/s", "/c", "/id", "/ctx", "/msg", "/attr/remote", "/attr/client", "/attr/principalName", "/attr/user", "/attr/authenticationDatabase",
    "/attr/db", "/attr/error", "/attr/result", "/attr/error/codeName", "/attr/error/errmsg", "/attr/speculative", "/attr/isSpeculative",
    "/attr/connectionId", "/attr/mechanism", "/attr/doc/driver/name", "/attr/doc/application/name",
)  # fmt: skip
_AWAY: Final = "HostUnreachable|Socket|Closed|Interrupted|Shutdown|NetworkTimeout"
_SAMPLE: Final = re.compile(rb'\s*\{ ?"t" ?: ?\{ ?"\$date" ?: ?"[^"]{10,40}" ?\}, ?"s" ?: ?"[A-Z][0-9]?",')


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    found = fields_of(text, _POINTERS)
    value = {name: pl.Series(found.values[name]) for name in _POINTERS}
    number = value["/id"]
    action = number.replace_strict(_ACTIONS, default=None, return_dtype=pl.String)
    speculative = (value["/attr/speculative"] == "true").fill_null(value=False) | (value["/attr/isSpeculative"] == "true").fill_null(value=False)
    action = action.set(speculative & (action == FAILED).fill_null(value=False), TOLD)
    # a client that went away in the middle is no probe, one that spoke something else is
    away = (number == "22988") & value["/attr/error/codeName"].str.contains(_AWAY)
    action = action.set(away.fill_null(value=False), ENDED)
    peer = value["/attr/remote"].fill_null(value["/attr/client"])
    seen = moments(value["/t/$date"], reading.timezone)
    error = value["/attr/error/errmsg"].fill_null(value["/attr/error"]).fill_null(value["/attr/result"])
    entry = (value["/t/$date"].is_not_null() & number.is_not_null() & value["/ctx"].is_not_null()).to_numpy()
    why = reasons(
        (~found.read, NO_OBJECT), (~entry, NO_ENTRY), (action.is_null().to_numpy(), SILENT), (seen.is_null().to_numpy(), NO_DATE),
    )  # fmt: skip
    ours = np.full(batch.num_rows, "mongodb")
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": seen,
            "service_type": pa.array(ours),
            "event_action": action,
            "failure_reason": _reasons(action, number, error, value["/attr/error/codeName"]),
            "event_code": number,
            "source_address": addresses(peer),
            "source_port": ports(peer),
            "user_name": absent(value["/attr/principalName"].fill_null(value["/attr/user"])),
            "database_name": absent(_databases(value, error)),
            "session_id": _sessions(value),
            "process_name": pc.coalesce(absent(value["/attr/doc/application/name"]), absent(value["/attr/doc/driver/name"])),
            "message": _messages(text, value["/msg"]),
        },
        why,
    )


def _reasons(action: pl.Series, number: pl.Series, error: pl.Series, code: pl.Series) -> pl.Series:
    """Why it failed. The error is the server's text; of a name that it quotes only its own beginning is asked."""
    frame = pl.DataFrame({"action": action, "number": number, "error": error.fill_null(""), "code": code.fill_null("")})
    says = pl.col("error").str.contains
    return frame.select(
        pl.when(pl.col("number").is_in(["20249", "5286307"]))
        .then(
            pl.when(says(r"^(?:UserNotFound|11$)"))
            .then(pl.lit("account"))
            .when(says(r"^(?:BadValue|MechanismUnavailable|334$|AuthenticationFailed: (?:SCRAM-SHA-\d+ authentication is disabled|Unsupported mechanism)|AuthMechanism)"))
            .then(pl.lit("method"))
            .when(says(r"^(?:AuthenticationAbandoned|CallbackCanceled)"))
            .then(pl.lit("closed"))
            .otherwise(pl.lit("password"))
        )
        .when(pl.col("number") == "20436")
        .then(pl.lit("unknown"))
        .when(pl.col("number") == "22988")
        .then(
            pl.when(pl.col("code").str.contains("SSL|TLS"))
            .then(pl.lit("encryption"))
            .when(pl.col("code").str.contains(_AWAY))
            .then(None)
            .otherwise(pl.lit("protocol"))
        )
    ).to_series()


def _databases(value: dict[str, pl.Series], error: pl.Series) -> pl.Series:
    """The database that keeps the account, or the one that a command was not allowed on."""
    refused = error.str.extract(r"^not authorized on ([^ ]{1,64}) to execute command")
    return value["/attr/authenticationDatabase"].fill_null(value["/attr/db"]).fill_null(refused)


def _sessions(value: dict[str, pl.Series]) -> pl.Series:
    """The connection: `conn12`, which the entry about its beginning writes as a number."""
    connection = value["/ctx"].str.extract(r"^(conn\d{1,19})$")
    return connection.fill_null("conn" + value["/attr/connectionId"].str.extract(r"^(\d{1,19})$"))


def _messages(text: pl.Series, message: pl.Series) -> pl.Series:
    """The sentence and what belongs to it, as logged."""
    told = text.str.extract(r'"attr" ?: ?(\{.*\})\s*\}\s*$')
    return (message + " " + told).fill_null(message)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim JSON lines with MongoDB's names, whatever they are about."""
    count = sum(_SAMPLE.match(line[:4096]) is not None for line in sample)
    return Recognition(count / len(sample), "MongoDB") if count else None


SOURCE = Source("mongodb", LOGIN, recognise, read, references=("https://www.mongodb.com/docs/manual/reference/log-messages/",), specific=2)
"""One record an entry about a connection or a log-in; `event_code` is the entry's number."""
