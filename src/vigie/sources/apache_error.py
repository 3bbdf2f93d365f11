"""Apache's error log, of 2.4 (module, microseconds, process) and before (`[error]` alone), ModSecurity's and PHP's messages included.

References:
    - https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat
    - https://httpd.apache.org/docs/2.2/logs.html#errorlog
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import NOTICE
from vigie.sources.json_values import ports
from vigie.sources.notice_rows import WAF, bracket, recognise_begun, why_unread
from vigie.sources.rows import absent, addresses, assemble, hosts, split_request, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import civil

NO_LINE: Final = "no Apache error line"
_HEAD: Final = (
    r"^\[(?:[A-Z][a-z]{2} )?(?P<name>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))? (?P<year>\d{4})\] "
    r"\[(?:(?P<module>[\w-]*):)?(?P<level>[a-z]{3,8}\d?)\] (?:\[pid (?P<process>\d{1,18})(?::tid \d{1,20})?\] )?(?P<rest>.*)$"
)
_CLIENT: Final = (
    r"^(?P<before>(?:[\w.-]{1,40}\.c\(\d{1,6}\): )?(?:\((?P<errno>-?\d{1,6})\)[^\[]{1,200}: )?)\[(?:client|remote) (?P<client>[^\]\s]{2,64})\] (?P<text>.*)$"
)
_REFERRER: Final = r"^(?P<said>.*), referer: (?P<referrer>[^\s,]*)$"
_REQUEST: Final = r"^(?:AH\d{5}: )?(?:Invalid (?:URI|method) in request|Cannot map|Invalid URI) (.*?)(?: to file)?$"
_PLACE: Final = (
    r"^(?:AH10244: invalid URI path \((?P<a>.*)\)|AH016\d\d: .*: (?P<b>/[^\s:]*)|AH01617: .* authentication failure for \"(?P<c>/[^\"]*)\": .*"
    r"|(?:AH01618: )?user .* not found: (?P<d>/\S*)|(?:AH\d{5}: )?user .*: authentication failure for \"(?P<e>/[^\"]*)\": .*)$"
)
_SAMPLE: Final = re.compile(r"\[(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}\] \[[\w:-]{3,40}\] ")


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
    rest = head["rest"]
    client = rest.str.extract_groups(_CLIENT).struct.unnest()
    # what stands before `[client …]` belongs to the message: there the message is the whole rest
    begun = client["before"].fill_null("") != ""
    message = pl.select(pl.when(begun | client["text"].is_null()).then(rest).otherwise(client["text"])).to_series()
    said = client["text"].fill_null(rest)
    tail = said.str.extract_groups(_REFERRER).struct.unnest()
    said = tail["said"].fill_null(said)
    target, method, version = _requests(said)
    # 2.4 writes a port behind every address, IPv6 without brackets; 2.2 writes none
    with_port = pl.select(pl.when(head["module"].is_not_null() | head["process"].is_not_null()).then(client["client"])).to_series()
    ended = with_port.str.extract_groups(r"^(?P<address>.+):(?P<port>\d{1,5})$").struct.unnest()
    address = pc.coalesce(addresses(ended["address"]), addresses(client["client"]))
    waf = said.str.contains(WAF)
    domain = pa.nulls(batch.num_rows, pa.string())
    if waf.any():
        brackets = pl.select(pl.when(waf).then(said)).to_series()
        target = target.fill_null(bracket(brackets, "uri"))
        domain = hosts(bracket(brackets, "hostname"))
    seen = civil(head.select("year", "name", "day", "hour", "minute", "second", "fraction"), reading.timezone)
    lost = rest.is_null()
    why = why_unread(text, lost, seen, NO_LINE)
    code = said.str.extract(r"^(AH\d{5}): ").fill_null(client["errno"]).fill_null(rest.str.extract(r"^\((-?\d{1,6})\)"))
    return assemble(
        batch,
        NOTICE,
        {
            "seen_at": seen,
            "log_level": head["level"],
            "source_address": address,
            "source_port": ports(ended["port"]),
            "url_domain": domain,
            "http_method": method,
            "url_original": absent(target),
            "http_version": version,
            "http_referrer": absent(tail["referrer"]),
            "process_id": head["process"].cast(pl.Int64, strict=False),
            "event_code": pl.select(pl.when(waf).then(pl.lit("ModSecurity")).otherwise(code)).to_series(),
            "message": message,
        },
        why,
    )


def _requests(said: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Target, method and version where a message quotes the request or its path."""
    request = split_request(said.str.extract(_REQUEST).str.strip_chars_end())
    places = said.str.extract_groups(_PLACE).struct.unnest()
    target = request["target"]
    for name in places.columns:
        target = target.fill_null(places[name])
    return target, request["method"], request["version"]


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as Apache's error log does; their zone is an assumption."""
    return recognise_begun(sample, _SAMPLE, "Apache error")


SOURCE = Source("apache_error", NOTICE, recognise, read, references=("https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat",), specific=1)
"""One record a line; the rest of a PHP stack trace is unread and says so."""
