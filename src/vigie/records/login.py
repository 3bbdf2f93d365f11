"""A contact with a service behind a password: connected, tried, refused, let in."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

CONNECTED, PROBED, STARTED, FAILED, REFUSED, PASSED, ENDED, TOLD = (
    "connected", "probed", "started", "failed", "refused", "passed", "ended", "told",
)  # fmt: skip
ACTIONS: Final = (CONNECTED, PROBED, STARTED, FAILED, REFUSED, PASSED, ENDED, TOLD)
"""What a line says: a connection was made; something was said that no client of this service says; a log-in was begun and left without a
credential; a credential was wrong; the source may not come in, whatever its credential; a credential was right; the connection ended; more
about another line of the same session (never counted by itself)."""

WHY: Final = (
    "password", "account", "no_password", "source", "database", "method", "protocol", "closed", "encryption", "locked", "unknown",
)  # fmt: skip
"""Values of `failure_reason`: wrong password (or the log does not tell it from an account that is not there), account that is not there, no
password sent, source not allowed, database that is not there or not allowed (after the password was accepted where `event_action` is
`passed`), method not allowed, no such protocol, connection cut before log-in, broken handshake of encryption, account locked, not told."""

LOGIN = record(
    "login",
    ("seen_at", TIME),
    ("service_type", LABEL),  # postgresql, mysql, mongodb, mssql, redis, ssh, smtp, imap, pop3, wordpress, pam …
    ("event_action", LABEL),  # one of `ACTIONS`, never null
    ("failure_reason", LABEL),  # one of `WHY`; null when nothing failed
    ("event_code", LABEL),  # SQLSTATE, error number, message id; null when the log has none
    ("source_address", TEXT),  # null when the log does not hold an address
    ("source_port", pa.int32()),
    ("source_domain", TEXT),  # a host name, or a pattern of a grant ("203.0.113.%"), where the log has that in place of an address
    ("user_name", TEXT),
    ("database_name", TEXT),
    ("session_id", TEXT),  # what lines of one connection share: process or connection number
    ("connection_encrypted", pa.bool_()),  # null when the log does not tell
    ("process_name", TEXT),  # name that the client gives itself
    ("tool", LABEL),  # a tool that its bytes or its name give away
    ("observer_name", TEXT),  # host that wrote the line
    ("repeats", pa.int32()),  # how many times what the line says happened ("message repeated 3 times", "3 attempts"); null is once
    ("message", TEXT),  # the whole message after the preamble, as logged
)
"""Time, service and action are always there; every other column may be null: null says that the log does not hold it."""
