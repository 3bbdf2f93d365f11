"""Zeek's `conn.log` as JSON, one object a line, with dots or underscores in the names, or nested.

References:
    - https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs
    - https://docs.zeek.org/en/master/logs/conn.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.sources.delimited import TEXT
from vigie.sources.flow_columns import instants, numbers
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.moment import moments
from vigie.sources.rows import absent, arrow, share_read, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.zeek_rows import FIELDS, rows_of

NO_CONNECTION: Final = "not an entry of conn.log"
"""Why an object of another of Zeek's logs that shares the file is unread."""

_SPELLINGS: Final = {
    name: (f"/{name}", f"/{name.replace('.', '_')}", f"/{name.replace('.', '/')}") if "." in name else (f"/{name}",) for name in (*FIELDS, "ts")
}
_POINTERS: Final = tuple(dict.fromkeys([pointer for several in _SPELLINGS.values() for pointer in several] + ["/_path"]))
_SECONDS: Final = r"^[0-9]{1,12}(?:\.[0-9]{1,12})?$"
_SAMPLE: Final = re.compile(rb'"id(?:[._]orig_h"|"\s*:\s*\{)')
_ENTRY: Final = re.compile(rb'"(?:conn_state|history|orig_pkts)"')
_MILLISECONDS: Final = 1e11
"""Times above this many seconds (the year 5138) are milliseconds."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    texts = {name: pc.coalesce(*(found.values[pointer] for pointer in several)) for name, several in _SPELLINGS.items()}
    entry = np.asarray(pc.fill_null(pc.equal(found.values["/_path"], "conn"), True))
    told = np.logical_or.reduce([np.asarray(pc.is_valid(found.values[mark])) for mark in ("/conn_state", "/history", "/orig_pkts", "/orig_bytes")])
    values = {name: absent(texts[name]).dictionary_encode() if kind == TEXT else numbers(texts[name], kind) for name, kind in FIELDS.items()}
    for whole, payload in (("orig_ip_bytes", "orig_bytes"), ("resp_ip_bytes", "resp_bytes")):
        values[whole] = pc.coalesce(values[whole], values[payload])
    return rows_of(batch, _seen(texts["ts"], reading.timezone), values, (~found.read, NO_OBJECT), (~(entry & told), NO_CONNECTION))


def _seen(texts: pa.Array, zone: str) -> pa.Array:
    """Moments: seconds with decimals, milliseconds or ISO 8601, as the writer is set."""
    series = pl.Series(texts)
    plain = series.str.contains(_SECONDS)
    number = pl.select(pl.when(plain).then(series)).to_series().cast(pl.Float64)
    number = pl.select(pl.when(number > _MILLISECONDS).then(number / 1000).otherwise(number)).to_series()
    seen = instants(arrow(number))
    return seen if plain.all() else pc.coalesce(seen, arrow(moments(series, zone)))


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines with the names of Zeek's connections."""
    if not any(_SAMPLE.search(line) and _ENTRY.search(line) for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Zeek conn JSON") if share else None


SOURCE = Source(
    "zeek_conn_json", FLOW, recognise, read,
    references=("https://docs.zeek.org/en/master/log-formats.html#zeek-json-format-logs", "https://docs.zeek.org/en/master/logs/conn.html"), specific=3,
)  # fmt: skip
"""One record a connection."""
