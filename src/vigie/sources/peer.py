"""The other end of a log-in as logs name it: an address, a host name, or a pattern of a grant (`203.0.113.%`), which is neither."""

from __future__ import annotations

from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.sources.rows import Column, addresses, arrow, hosts

_PATTERN: Final = r"^[A-Za-z0-9_.:*%/-]*[%_][A-Za-z0-9_.:*%/-]*$"
_LONGEST: Final = 255
LOCAL: Final = "[local]"
"""What PostgreSQL writes for a client on the same machine, which came through no network."""


def peers(values: Column) -> tuple[pa.Array, pa.Array]:
    """Addresses, and the names of those that are none.

    Args:
        values: texts as logged, without ports.

    Returns:
        canonical addresses (null where there is none), and host names or patterns (null where there is an address, or nothing that is a name).
    """
    text = arrow(values).cast(pa.string())
    address = addresses(text)
    return address, pc.if_else(pc.is_valid(address), pa.scalar(None, pa.string()), _names(text))


def patterns(values: Column) -> pa.Array:
    """Names and patterns of grants as logged: what looks like an address is a rule here, and stays text."""
    text = arrow(values).cast(pa.string())
    return pc.coalesce(_wild(text), addresses(text), _names(text))


def _wild(text: pa.Array) -> pa.Array:
    series = pl.Series(text)
    return arrow(pl.select(pl.when(series.str.contains(_PATTERN) & (series.str.len_bytes() <= _LONGEST)).then(series)).to_series()).cast(pa.string())


def _names(text: pa.Array) -> pa.Array:
    series = pl.Series(text)
    named = hosts(pl.select(pl.when(~series.str.starts_with("[") | (series == LOCAL)).then(series)).to_series())
    return pc.coalesce(named, _wild(text))
