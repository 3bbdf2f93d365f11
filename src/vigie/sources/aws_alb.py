"""Access logs of AWS Application Load Balancers.

The load balancer writes every target as an absolute URL (`https://site.example:443/path`), whatever the client sent; the
URL is taken apart again, so that a plain request does not look like one to an open proxy.

References:
    - https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-format
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa

from vigie.records import ACCESS
from vigie.sources.rows import NO_DATE, Column, absent, addresses, assemble, hosts, reasons, split_request, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import iso_times

NO_FIT: Final = "no ALB access log entry"
_QUOTED: Final = r'"(?P<{}>(?:[^"\\]|\\.)*)"'
_PATTERN: Final = (
    r"^(?:https?|h2|grpcs?|wss?) (?P<time>\S+) \S+ (?P<client>\S+) (?P<upstream>\S+) "
    r"(?P<before>-?[0-9]{1,9}(?:\.[0-9]{1,9})?) (?P<during>-?[0-9]{1,9}(?:\.[0-9]{1,9})?) (?P<after>-?[0-9]{1,9}(?:\.[0-9]{1,9})?) "
    r"(?P<status>[0-9]{1,3}|-) (?P<answer>[0-9]{1,3}|-) (?P<received>[0-9]{1,18}|-) (?P<sent>[0-9]{1,18}|-) "
    + _QUOTED.format("request")
    + " "
    + _QUOTED.format("agent")
    + r" (?P<cipher>\S+) (?P<tls>\S+) \S+"
    + f"(?: {_QUOTED.format('trace')})?(?: {_QUOTED.format('domain')})?(?: .*)?$"
)
_NO_REQUEST: Final = r"^- [a-z]{2,5}://\S*- -? ?$"
"""What stands in place of a request that could not be understood."""
_URL: Final = r"^[a-z]{2,5}://(?P<host>\[[^\]/]*\]|[^:/?]*)(?::[0-9]{0,5}-?)?(?P<rest>[/?].*)?$"


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: not used beyond its type; times carry their zone.

    Returns:
        `ACCESS` columns and `unread`. `seen_at` is the end of the answer; `event_duration` is the sum of the three times
        that the load balancer takes, null when the request never reached a target.
    """
    groups = text_of(batch.column("line")).str.extract_groups(_PATTERN).struct.unnest()
    seen = iso_times(groups["time"], reading.timezone)
    request = split_request(groups["request"].str.replace(_NO_REQUEST, "-"))
    url = request["target"].str.extract_groups(_URL).struct.unnest()
    target = url["rest"].str.replace(r"^\?", "/?").fill_null(pl.select(pl.when(url["host"].is_not_null()).then(pl.lit("/"))).to_series()).fill_null(request["target"])
    before, during, after = (_micros(groups[name]) for name in ("before", "during", "after"))
    columns: dict[str, Column] = {
        "seen_at": seen,
        "source_address": addresses(groups["client"]),
        "source_port": groups["client"].str.extract(r":([0-9]{1,5})$").cast(pl.Int32, strict=False),
        "url_domain": hosts(url["host"].fill_null(groups["domain"])),
        "http_method": request["method"],
        "url_original": target,
        "http_version": request["version"],
        "http_status": groups["status"].cast(pl.Int16, strict=False),
        "http_response_bytes": groups["sent"].cast(pl.Int64, strict=False),
        "http_request_bytes": groups["received"].cast(pl.Int64, strict=False),
        "user_agent": absent(groups["agent"]),
        "event_duration": before + during + after,
        "upstream_duration": during,
        "upstream_status": groups["answer"].cast(pl.Int16, strict=False),
        "upstream_address": absent(groups["upstream"]),
        "request_id": absent(groups["trace"]),
        "tls_version": absent(groups["tls"]),
        "tls_cipher": absent(groups["cipher"]),
    }
    return assemble(batch, ACCESS, columns, reasons((groups["time"].is_null().to_numpy(), NO_FIT), (seen.is_null().to_numpy(), NO_DATE)))


def _micros(seconds: pl.Series) -> pl.Series:
    """Seconds as microseconds; -1 says that there was no such time."""
    value = (seconds.cast(pl.Float64, strict=False) * 1_000_000).round().cast(pl.Int64, strict=False)
    return value.set(value < 0, None)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim the lines that look like entries of a load balancer."""
    lines = text_of(pa.array([line + b"\n" for line in sample], pa.binary()))
    share = lines.str.contains(_PATTERN).mean()
    return Recognition(float(share), "AWS ALB") if isinstance(share, float) and share else None


SOURCE = Source(
    name="aws_alb",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",),
    specific=1,
)
"""AWS Application Load Balancer."""
