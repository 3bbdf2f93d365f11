"""Caddy's log of everything that is not a request: errors of handlers, and Coraza's alerts (`http.handlers.waf`).

References:
    - https://caddyserver.com/docs/logging
    - https://github.com/corazawaf/coraza-caddy
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import NOTICE
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.json_values import ports, versions
from vigie.sources.moment import moments
from vigie.sources.notice_rows import WAF, bracket
from vigie.sources.rows import NO_DATE, absent, addresses, assemble, hosts, reasons, share_read, text_of
from vigie.sources.source import Reading, Recognition, Source

ACCESS_ENTRY: Final = "an access entry"
"""Why a request is unread here: `--format caddy` reads it."""
NO_MESSAGE: Final = "no message"

_POINTERS: Final = (
    "/ts", "/level", "/logger", "/msg", "/request/client_ip", "/request/remote_ip", "/request/remote_port", "/request/host", "/request/method",
    "/request/uri", "/request/proto", "/request/headers/Referer/0",
)  # fmt: skip


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `NOTICE` columns and `unread`, same rows in the same order.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    value = found.values
    message = pl.Series(value["/msg"]).str.strip_chars_end()
    waf = message.str.contains(WAF).fill_null(value=False)
    alerts = pl.select(pl.when(waf).then(message)).to_series()
    client = pc.coalesce(addresses(value["/request/client_ip"]), addresses(value["/request/remote_ip"]))
    seen = moments(pl.Series(value["/ts"]), reading.timezone)
    logger = value["/logger"]
    request = np.asarray(pc.fill_null(pc.starts_with(logger, "http.log.access"), False))
    why = reasons(
        (~found.read, NO_OBJECT), (request, ACCESS_ENTRY), (message.is_null().to_numpy(), NO_MESSAGE), (seen.is_null().to_numpy(), NO_DATE)
    )  # fmt: skip
    return assemble(
        batch,
        NOTICE,
        {
            "seen_at": seen,
            "log_level": value["/level"],
            "source_address": pc.coalesce(client, addresses(alerts.str.extract(r'^\[client "?([0-9A-Fa-f:.]{2,64})"?\]'))),
            "source_port": ports(pl.Series(value["/request/remote_port"])),
            "url_domain": hosts(value["/request/host"]),
            "http_method": absent(value["/request/method"]),
            "url_original": pc.coalesce(absent(value["/request/uri"]), absent(bracket(alerts, "uri"))),
            "http_version": versions(pl.Series(value["/request/proto"])),
            "http_referrer": absent(value["/request/headers/Referer/0"]),
            "event_code": pl.select(pl.when(waf).then(pl.lit("ModSecurity")).otherwise(pl.Series(logger))).to_series(),
            "message": message,
        },
        why,
    )


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim JSON lines with Caddy's names that are no access entries."""
    if not any(b'"logger"' in line and b'"ts"' in line and b'"msg"' in line for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "Caddy error") if share else None


SOURCE = Source("caddy_error", NOTICE, recognise, read, references=("https://caddyserver.com/docs/logging",), specific=1)
"""`event_code` is the logger, or `ModSecurity` for Coraza, which speaks the same words."""
