"""nginx's error log (OpenResty and Angie write the same), ModSecurity's and PHP's messages in it included.

The facts of the request stand behind the message: `, client: …, server: …, request: "…", host: "…"`. Paths in the message, the
request and the referrer are written by the client, raw, and may imitate that: where a line names two clients its address and request
stay empty rather than accuse an innocent one. (nginx writes decoded paths without escaping line breaks: whole lines of this log can be
forged. Apache escapes them.)

References:
    - https://nginx.org/en/docs/ngx_core_module.html#error_log
    - https://github.com/nginx/nginx/blob/master/src/http/ngx_http_request.c (`ngx_http_log_error_handler`)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import NOTICE
from vigie.sources.notice_rows import WAF, as_access_logs_write, recognise_begun, why_unread
from vigie.sources.rows import absent, addresses, assemble, hosts, split_request, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import civil

NO_LINE: Final = "no nginx error line"
_HEAD: Final = (
    r"^(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) \[(?P<level>[a-z]{3,8})\] "
    r"(?P<process>\d{1,18})#\d{1,18}: (?:\*(?P<connection>\d{1,18}) )?(?P<message>.*)$"
)
_CLIENT: Final = r", client: ([0-9A-Fa-f:.]{2,64}|unix:)"
_TAIL: Final = (
    r"^.*?, client: (?P<client>[0-9A-Fa-f:.]{2,64}|unix:)(?:, server: (?P<server>[^\s\",]*))?(?:, request: \"(?P<request>.*?)(?:\"|$))?"
    r"(?:, subrequest: \"[^\"]*\")?(?:, upstream: \"[^\"]*\")?(?:, host: \"(?P<host>[^\"\s]*)\")?(?:, referrer: \"(?P<referrer>.*?)\"?)?"
    r"(?:, (?:login|bytes from|udp client|SSL)\b.*)?$"
)
_SAMPLE: Final = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[[a-z]{3,8}\] \d{1,18}#\d{1,18}: ")


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none.

    Returns:
        `NOTICE` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    head = text.str.extract_groups(_HEAD).struct.unnest()
    message = head["message"]
    named = message.str.count_matches(_CLIENT)
    tail = _one_client(message, named).str.extract_groups(_TAIL).struct.unnest()
    client = addresses(tail["client"])
    waf = message.str.contains(WAF)
    if waf.any():
        client = pc.coalesce(addresses(message.str.extract(r"^\[client ([0-9A-Fa-f:.]{2,64})\]")), client)
    request = split_request(tail["request"])
    seen = civil(head.select("year", "month", "day", "hour", "minute", "second"), reading.timezone)
    lost = message.is_null()
    why = why_unread(text, lost, seen, NO_LINE)
    errno = message.str.extract(r"\((\d{1,5}): [A-Z][^()]{1,80}\)")
    return assemble(
        batch,
        NOTICE,
        {
            "seen_at": seen,
            "log_level": head["level"],
            "source_address": client,
            "url_domain": pc.coalesce(hosts(tail["host"]), hosts(tail["server"].str.extract(r"^([\w-]+(?:\.[\w-]+)*)$"))),
            "http_method": request["method"],
            "url_original": as_access_logs_write(request["target"]),
            "http_version": request["version"],
            "http_referrer": absent(tail["referrer"]),
            "connection_id": head["connection"].cast(pl.Int64, strict=False),
            "process_id": head["process"].cast(pl.Int64, strict=False),
            "event_code": pl.select(pl.when(waf).then(pl.lit("ModSecurity")).otherwise(errno)).to_series(),
            "message": message,
        },
        why,
    )


def _one_client(message: pl.Series, named: pl.Series) -> pl.Series:
    """Messages that name one client only; null where they name several."""
    if not (named > 1).any():
        return message
    several = message.str.extract_all(_CLIENT).list.n_unique() > 1
    return pl.select(pl.when(~several.fill_null(value=False)).then(message)).to_series()


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as nginx's error log does; their zone is an assumption."""
    return recognise_begun(sample, _SAMPLE, "nginx error")


SOURCE = Source("nginx_error", NOTICE, recognise, read, references=("https://nginx.org/en/docs/ngx_core_module.html#error_log",), specific=1)
"""One record a line; the rest of a PHP stack trace is unread and says so."""
