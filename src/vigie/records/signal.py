"""One detector's evidence in one record, or in one window for rates."""

from __future__ import annotations

import hashlib

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

SIGNAL = record(
    "signal",
    ("signal_id", TEXT),  # hash of content: record, detector and place; empty until the archive stamps it
    ("detector", LABEL),
    ("family", LABEL),
    ("kind", LABEL),  # narrows the family; null when it does not
    ("rule", LABEL),
    ("tool", LABEL),  # a tool that named itself or whose grammar this is; null otherwise
    ("seen_at", TIME),
    ("last_seen", TIME),  # of a window, its last record; null when the signal stands for one record
    ("source_address", TEXT),
    ("asset", TEXT),  # for the web: the host; empty when the log does not tell it
    ("target", TEXT),  # normalised place: path, plus " ?parameter" when the place is a parameter
    ("place", LABEL),  # path, query, body, agent, referrer, cookie, request
    ("evidence", TEXT),  # the exact text of the line that convinced, at most 512 characters
    ("reading", TEXT),  # the same text decoded, when decoding changed it
    ("skeleton", pa.uint64()),  # what another source's payload must share to be linked; 0 when it proves nothing
    ("confidence", pa.float32()),  # 0..1, the rule's own; never a probability of harm
    ("http_method", LABEL),
    ("http_status", pa.int16()),
    ("http_response_bytes", pa.int64()),
    ("event_duration", pa.int64()),  # microseconds from first byte of the request to the end of the answer
    ("user_agent", TEXT),
    ("records", pa.int64()),  # records behind this signal: 1, or the size of the window
    ("fingerprint", pa.uint64()),  # of the line; with `nth` the identity of the record
    ("nth", pa.int32()),  # 0 for the first line with this fingerprint in its file, 1 for the second …
)


def skeleton_of(text: str) -> int:
    """A number for what links sources into one actor; 0 for the empty text, which links nothing."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little") if text else 0
