"""MySQL's error log as JSON (`log_error_services = 'log_sink_json'`, from version 8).

References:
    - https://dev.mysql.com/doc/refman/8.4/en/error-log-json.html
    - https://dev.mysql.com/doc/refman/8.4/en/error-log-format.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.moment import moments
from vigie.sources.mysql_error import login_columns
from vigie.sources.phrases import SILENT
from vigie.sources.rows import NO_DATE, assemble, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_MESSAGE: Final = "no message of MySQL"
_POINTERS: Final = ("/time", "/msg", "/err_code", "/thread", "/err_symbol", "/SQL_state", "/label")
_NAMES: Final = (b'"err_code"', b'"msg"', b'"time"')
_CODE_DIGITS: Final = 6


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order; `event_code` as the text form of the log writes it.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    value = {name: pl.Series(found.values[name]) for name in _POINTERS}
    number = value["/err_code"].str.extract(r"^(\d{1,6})$")
    code = pl.select(pl.when(number.is_not_null()).then(pl.lit("MY-") + number.str.zfill(_CODE_DIGITS))).to_series()
    columns = login_columns(value["/msg"], value["/thread"].str.extract(r"^(\d{1,20})$"), code)
    seen = moments(value["/time"], reading.timezone)
    why = reasons(
        (~found.read, NO_OBJECT),
        ((value["/msg"].is_null() | (number.is_null() & value["/label"].is_null())).to_numpy(), NO_MESSAGE),
        (columns["event_action"].is_null().to_numpy(), SILENT),
        (seen.is_null().to_numpy(), NO_DATE),
    )
    return assemble(batch, LOGIN, {"seen_at": seen, **columns}, why)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that are objects with the names of MySQL's JSON log."""
    share = sum(line.startswith(b"{") and all(name in line for name in _NAMES) for line in sample) / len(sample)
    return Recognition(share, "MySQL error log, JSON") if share else None


SOURCE = Source("mysql_error_json", LOGIN, recognise, read, references=("https://dev.mysql.com/doc/refman/8.4/en/error-log-json.html",), specific=2)
"""One record a line; what says nothing of connections is unread."""
