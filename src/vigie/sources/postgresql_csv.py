r"""PostgreSQL's CSV log (`log_destination = 'csvlog'`), 22 columns and more; a record may hold line ends inside its quotes.

PostgreSQL doubles every quote of a text, so a line in which a lone quote opens the message is the beginning of a record, whatever a client
wrote before it: a record that a crash or a full disk cut off takes none of those behind it with it.

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.sources.notice_rows import CONTINUES
from vigie.sources.pieces import bounded, line_starts
from vigie.sources.postgresql_rows import Messages, log_ins
from vigie.sources.postgresql_times import moments, unclear_zones
from vigie.sources.rows import nulls, text_of
from vigie.sources.source import Ends, Reading, Recognition, Source

NO_RECORD: Final = "no record of PostgreSQL's CSV log"
CUT_OFF: Final = "a record that is cut off"

_TIME: Final = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} [A-Za-z0-9+:-]{1,9}"
_FIELD: Final = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
_SHORT: Final = r'(?:"(?:[^"\n]|"")*"|[^",\n]*)'
_BEGINS: Final = rf"^{_TIME},(?:{_SHORT},){{10}}[^\",\n]{{2,32}},[0-9A-Z]{{5}},(?:\"(?:[^\"]|\"\")|,)"
_RECORD: Final = (
    rf"^(?P<time>{_TIME}),(?P<user>{_FIELD}),(?P<database>{_FIELD}),(?P<pid>\d{{1,10}}),(?P<peer>{_FIELD}),(?P<session>[0-9a-f.]{{0,32}}),\d{{0,20}},{_FIELD},"
    rf"{_FIELD},{_FIELD},\d{{0,20}},(?P<severity>[^\",\n]{{2,32}}),(?P<code>[0-9A-Z]{{5}}),(?P<message>{_FIELD}),(?P<detail>{_FIELD})(?:,{_FIELD}){{7}}"
    rf"(?:,(?P<application>{_FIELD})(?:,{_FIELD}){{0,8}})?$"
)
_SAMPLE: Final = re.compile(rf"{_TIME},(?:\"(?:[^\"\n]|\"\"){{0,128}}\"|[^\",\n]{{0,64}}),(?:\"(?:[^\"\n]|\"\"){{0,128}}\"|[^\",\n]{{0,64}}),\d{{1,10}},")
_PEER: Final = r"^(?P<host>.*?)(?::(?P<port>\d{1,5}))?$"


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where records end: at line ends outside quotes, and before every line that can only be the beginning of a record.

    Args:
        data: begins with a record.
        reading: not used.
        final: not used; a last record without a line end may go on.

    Returns:
        ends of records.
    """
    del reading, final
    return bounded(data, _begins)


def _begins(data: bytes) -> Ends:
    starts = line_starts(data)
    if not len(starts):
        return starts
    bounds = np.concatenate([np.zeros(1, np.int64), starts])
    raw = pa.Array.from_buffers(pa.binary(), len(starts), [None, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data)])
    sure = text_of(raw).str.contains(_BEGINS).to_numpy()
    quotes = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.frombuffer(data, np.uint8) == 34)])[bounds]
    # of each line: the last line before it, or itself, that surely begins a record
    last = np.maximum.accumulate(np.where(sure, np.arange(len(sure)), 0))
    closed = (quotes[1:] - quotes[last]) % 2 == 0
    begins = np.append(sure[1:], False) | closed
    ends_: Ends = starts[begins]
    return ends_


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of records.

    Args:
        batch: rows of `LINE`, one record each, line ends inside quotes included.
        reading: `timezone`, for zones whose names mean several.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    found = text.str.extract_groups(_RECORD).struct.unnest()
    value = {name: unquoted(found[name]) for name in found.columns}
    peer = value["peer"].str.extract_groups(_PEER).struct.unnest()
    lost = found["time"].is_null().to_numpy()
    begun = text.str.contains(f"^{_TIME},").to_numpy()
    said = Messages(
        seen=moments(found["time"], nulls(len(text)), reading), severity=value["severity"], code=value["code"], message=value["message"].fill_null(""),
        detail=value["detail"], user=value["user"], database=value["database"], host=peer["host"], port=peer["port"].cast(pl.Int32, strict=False),
        session=value["session"].fill_null(value["pid"]), application=value["application"], observer=nulls(len(text)), names=True,
        doubtful=np.zeros(len(text), bool),
    )  # fmt: skip
    return log_ins(batch, said, (lost & begun, CUT_OFF), (lost & text.str.contains('^[^"]*"', literal=False).to_numpy(), CONTINUES), (lost, NO_RECORD))


def unquoted(values: pl.Series) -> pl.Series:
    """Fields without their quotes, doubled ones single; null where they are empty."""
    inner = values.str.starts_with('"') & (values.str.len_bytes() > 1)
    bare = values.zip_with(~inner.fill_null(value=False), values.str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True))
    return bare.set((bare == "").fill_null(value=False), None)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as records do; lines inside a record's quotes do not count."""
    lines = [line[:4096].decode("utf-8", "replace") for line in sample]
    begun = [_SAMPLE.match(line) is not None for line in lines]
    if not any(begun):
        return None
    first = begun.index(True)
    inner, open_ = 0, False
    for line, begins in zip(lines[first:], begun[first:], strict=True):
        inner += open_ and not begins
        open_ = (line.count('"') % 2 == 1) != (open_ and not begins)
    share = sum(begun) / max(len(lines) - inner, sum(begun))
    zones = unclear_zones(pl.Series([line.partition(",")[0] for line, begins in zip(lines, begun, strict=True) if begins], dtype=pl.String))
    return Recognition(share, "PostgreSQL CSV", doubt="; ".join(zones))


SOURCE = Source(
    "postgresql_csv",
    LOGIN,
    recognise,
    read,
    references=("https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG",),
    specific=2,
    ends=ends,
)
"""One record a row; messages of statements and of the server itself are unread, and say so."""
