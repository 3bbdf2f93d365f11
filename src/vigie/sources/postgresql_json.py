"""PostgreSQL's JSON log (`log_destination = 'jsonlog'`, from version 15).

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-JSONLOG
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.json_values import integers
from vigie.sources.postgresql_rows import Messages, log_ins
from vigie.sources.postgresql_times import moments, unclear_zones
from vigie.sources.rows import nulls, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_MESSAGE: Final = "no message of PostgreSQL"

_POINTERS: Final = (
    "/timestamp", "/user", "/dbname", "/pid", "/remote_host", "/remote_port", "/session_id", "/error_severity", "/state_code", "/message", "/detail",
    "/application_name", "/backend_type",
)  # fmt: skip
_NAMES: Final = (b'"error_severity"', b'"timestamp"')


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, for zones whose names mean several.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    value = {name: pl.Series(found.values[name]) for name in _POINTERS}
    none = nulls(batch.num_rows)
    spoken = (value["/error_severity"].is_not_null() & value["/timestamp"].is_not_null()).to_numpy()
    said = Messages(
        seen=moments(value["/timestamp"], none, reading), severity=value["/error_severity"], code=value["/state_code"],
        message=value["/message"].fill_null(""), detail=value["/detail"], user=value["/user"], database=value["/dbname"], host=value["/remote_host"],
        port=integers(value["/remote_port"], 1, 65_535).cast(pl.Int32), session=value["/session_id"].fill_null(value["/pid"]),
        application=value["/application_name"], observer=none, names=True, doubtful=np.zeros(batch.num_rows, bool),
    )  # fmt: skip
    return log_ins(batch, said, (~found.read, NO_OBJECT), (~spoken, NO_MESSAGE))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that are objects with the names of PostgreSQL's JSON log."""
    share = sum(line.startswith(b"{") and all(name in line for name in _NAMES) for line in sample) / len(sample)
    if not share:
        return None
    times = pl.Series(fields_of(text_of(pa.array([line + b"\n" for line in sample], pa.binary())), ("/timestamp",)).values["/timestamp"])
    return Recognition(share, "PostgreSQL JSON", doubt="; ".join(unclear_zones(times)))


SOURCE = Source(
    "postgresql_json",
    LOGIN,
    recognise,
    read,
    references=("https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-JSONLOG",),
    specific=2,
)
"""One record a line; messages of statements and of the server itself are unread, and say so."""
