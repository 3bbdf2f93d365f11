"""The log of Redis and Valkey. It holds little of who came: a wrong password leaves no line at any level.

At its default level only an HTTP request (`Possible SECURITY ATTACK`) and commands that change the server are logged; `loglevel verbose` adds
connections. `REPLICAOF … enabled (user request from 'id=5 addr=…')` and a copy of all data asked for by a replica are log-ins that passed:
somebody gave an order and was obeyed.

References:
    - https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/ (`loglevel`)
    - https://github.com/redis/redis: src/server.c (`serverLogRaw`), src/networking.c, src/replication.c.
    - https://github.com/valkey-io/valkey: src/server.c (`log-format`, `log-timestamp-format`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.records.login import CONNECTED, ENDED, PASSED, PROBED, REFUSED
from vigie.sources.json_values import ports
from vigie.sources.phrases import SILENT, Phrase, tool_of, understand
from vigie.sources.rows import NO_DATE, addresses, assemble, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import NO_YEAR
from vigie.sources.times import civil, iso_times, with_year

NO_LINE: Final = "no Redis line"

_STAMP: Final = r"(?P<day>\d{1,2}) (?P<name>[A-Z][a-z]{2}) (?:(?P<year>\d{4}) )?(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?"
_ISO: Final = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:?\d{2})"
_HEAD: Final = rf"^(?:\[\d{{1,10}}\]|\d{{1,10}}:[XCSM]) (?:{_STAMP}|(?P<iso>{_ISO})) [.*#-] (?P<message>.*)$"
_SIGNAL: Final = r"^(?:\d{1,10}:signal-handler \(\d{1,11}\) |[ ]{6,}|\s*[|_.`'\\/,()-])"
_SAMPLE: Final = re.compile(
    r"(?:\[\d{1,10}\]|\d{1,10}:[XCSM]) (?:\d{1,2} [A-Z][a-z]{2} (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^ ]{0,12} [.*#-] |\d{1,10}:signal-handler \("
)

_PEER: Final = r"(?P<peer>[0-9a-fA-F:.\[\]]+:[0-9]{1,5})"
_CLIENT: Final = r"id=(?P<session>[0-9]{1,19}) addr=" + _PEER + r" .*"
PHRASES: Final = (
    Phrase("Accepted ", _PEER, CONNECTED),
    Phrase("Client closed connection", r"(?: " + _CLIENT + ")?", ENDED),
    Phrase("Possible SECURITY ATTACK detected. ", r"(?P<bytes>.*) Connection from " + _PEER + r" aborted\.", PROBED, "protocol"),
    Phrase("Possible SECURITY ATTACK detected. ", r"(?P<bytes>.*)", PROBED, "protocol"),
    Phrase("Protocol error ", r"\([^)]{0,200}\) from client: " + _CLIENT, PROBED, "protocol"),
    Phrase("Error accepting a client connection: ", r".*\(addr=" + _PEER + r"[ )].*", PROBED, "encryption"),
    Phrase("Error accepting a client connection: ", r".*", PROBED, "encryption"),
    Phrase("Rejecting client connection", r".*\(addr=" + _PEER + r"[ )].*", REFUSED, "source"),
    Phrase("REPLICAOF ", r"[^ ]{1,255} enabled \(user request from '" + _CLIENT, PASSED),
    Phrase("SLAVEOF ", r"[^ ]{1,255} enabled \(user request from '" + _CLIENT, PASSED),
    Phrase("SLAVE OF ", r"[^ ]{1,255} enabled \(user request from '" + _CLIENT, PASSED),
    Phrase("MASTER MODE enabled ", r"\(user request from '" + _CLIENT, PASSED),
    Phrase("Replica ", _PEER + r" asks for synchronization.*", PASSED),
    Phrase("Slave ", _PEER + r" asks for synchronization.*", PASSED),
)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none; `year` for logs of Redis before 5.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    head = text.str.extract_groups(_HEAD).struct.unnest()
    said = understand(head["message"], PHRASES)
    bare = (head["name"].is_not_null() & head["year"].is_null()).to_numpy()
    seen = civil(with_year(head.select("name", "day", "year", "hour", "minute", "second", "fraction"), reading), reading.timezone)
    seen = seen.fill_null(iso_times(head["iso"], reading.timezone))
    begun = head["message"].is_not_null()
    why = reasons(
        ((~begun & ~text.str.contains(_SIGNAL)).to_numpy(), NO_LINE), (said["action"].is_null().to_numpy(), SILENT),
        (bare & (not reading.year), NO_YEAR), (seen.is_null().to_numpy(), NO_DATE),
    )  # fmt: skip
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": seen,
            "service_type": pa.array(np.full(batch.num_rows, "redis")),
            "event_action": said["action"],
            "failure_reason": said["reason"],
            "source_address": addresses(said["peer"].str.replace(r":\d+$", "")),
            "source_port": ports(said["peer"].str.extract(r"(:\d+)$")),
            "user_name": head["message"].str.extract(r" user=([^ ']{1,255})"),
            "session_id": said["session"],
            "tool": tool_of(said),
            "message": head["message"],
        },
        why,
    )


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as Redis' do; the picture that it draws when it starts counts neither for nor against."""
    heads = [line[:160].decode("utf-8", "replace") for line in sample]
    count = sum(_SAMPLE.match(head) is not None for head in heads)
    if not count:
        return None
    drawn = int(pl.Series(heads, dtype=pl.String).str.contains(r"^\s*[|_.`'\\/,(-]|^ {6,}").sum())
    yearless = not any(re.match(r"\S+ (?:\d{1,2} [A-Z][a-z]{2} \d{4} |\d{4}-)", head) for head in heads)
    doubt = "times carry no zone; --tz names it"
    return Recognition(count / max(len(sample) - drawn, count), "Redis", doubt=doubt, yearless=yearless)


SOURCE = Source(
    "redis", LOGIN, recognise, read, references=("https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/", "https://github.com/redis/redis"), specific=1
)
"""One record a line about a client; `session_id` is the client's number."""
