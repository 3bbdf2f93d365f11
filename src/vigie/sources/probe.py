"""What a monitor wrote down, one JSON object for each time that it asked for a page (`docs/formats.md` says how to make one).

`seen_at`, `url`, `status` (0, "000" or null when nothing answered), `duration` in seconds, `bytes`, `error`, `from`.

References:
    - RFC 8259; RFC 3339.
    - https://curl.se/docs/manpage.html#-w (`http_code` is 000 without an answer)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.records import PROBE
from vigie.sources.json_fields import NO_OBJECT, fields_of
from vigie.sources.json_values import durations, integers
from vigie.sources.moment import moments
from vigie.sources.rows import NO_DATE, absent, assemble, hosts, reasons, share_read, text_of
from vigie.sources.source import Reading, Recognition, Source

NO_URL: Final = "no URL that was asked for"
"""Why an object without an absolute http or https URL is unread: a request of a visitor has only a path."""
NO_OUTCOME: Final = "no outcome"
"""Why an object that holds neither a status nor an error nor a duration is unread."""

_POINTERS: Final = ("/seen_at", "/url", "/status", "/duration", "/bytes", "/error", "/from")
_URL: Final = r"^(?i:https?)://(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.]+\](?::\d{1,5})?|[^/?#@\s]+)"
_OTHERS: Final = re.compile(rb'"(?:method|http_method|request_method|verb|ip|client_ip|clientip|remote_addr|remote_ip|source_ip|user_agent)"\s*:')
"""Names that logs of requests have and monitors have not."""
_BYTES: Final = 2**62


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` only for times that carry none.

    Returns:
        `PROBE` columns and `unread`, same rows in the same order.
    """
    found = fields_of(text_of(batch.column("line")), _POINTERS)
    value = {name: pl.Series(column) for name, column in found.values.items()}
    seen = moments(value["/seen_at"], reading.timezone)
    host = hosts(value["/url"].str.extract(_URL))
    status = integers(value["/status"], 100, 999)
    error = absent(value["/error"])
    told = value["/status"].is_not_null() | value["/duration"].is_not_null() | pl.Series(error).is_not_null()
    good = status.is_between(200, 399).fill_null(value=False)
    why = reasons(
        (~found.read, NO_OBJECT), (host.is_null().to_numpy(zero_copy_only=False), NO_URL), ((~told).to_numpy(), NO_OUTCOME),
        (seen.is_null().to_numpy(), NO_DATE),
    )  # fmt: skip
    return assemble(
        batch,
        PROBE,
        {
            "seen_at": seen,
            "url_full": value["/url"],
            "url_domain": host,
            "event_outcome": pl.select(pl.when(good).then(pl.lit("success")).otherwise(pl.lit("failure"))).to_series(),
            "http_status": status,
            "event_duration": durations(value["/duration"], "s"),
            "http_response_bytes": integers(value["/bytes"], 0, _BYTES),
            "error_message": error,
            "observer_name": absent(value["/from"]),
        },
        why,
    )


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines with a monitor's names, none of which holds a name that only requests of visitors have."""
    named = [b'"seen_at"' in line and b'"url"' in line for line in sample]
    if not any(named) or any(_OTHERS.search(line[:4096]) for line in sample):
        return None
    share = share_read(sample, read, Reading())
    return Recognition(share, "probe") if share else None


SOURCE = Source(
    "probe", PROBE, recognise, read,
    references=("https://www.rfc-editor.org/rfc/rfc8259", "https://www.rfc-editor.org/rfc/rfc3339", "https://curl.se/docs/manpage.html#-w"), specific=3,
)  # fmt: skip
"""One row each time that the page was asked for."""
