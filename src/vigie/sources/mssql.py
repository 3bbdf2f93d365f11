"""Microsoft SQL Server's ERRORLOG, as text (UTF-16 is made UTF-8 before it comes here).

A refused log-in leaves two lines: `Error: 18456, Severity: 14, State: 8.`, whose state tells why, and the sentence with the account and the
address. The sentence counts; the number is told. `Failed to open the explicitly specified database` is a log-in that passed: the
password was right, only the database was not. Successes are logged only where the server's audit level says so.

References:
    - https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error
    - https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors (17806-17836, 18452-18488)
    - https://learn.microsoft.com/sql/ssms/configure-login-auditing-sql-server-management-studio
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.records.login import FAILED, PASSED, PROBED, TOLD
from vigie.sources.notice_rows import recognise_begun, why_unread
from vigie.sources.phrases import SILENT, Phrase, understand
from vigie.sources.rows import addresses, assemble, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import civil

NO_LINE: Final = "no SQL Server line"

_HEAD: Final = (
    r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,7}))? +"
    r"(?P<who>[A-Za-z][A-Za-z0-9 ]{0,23}?) {1,}(?P<message>\S.*)$"
)
_SAMPLE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,7} +(?:Logon|Server|Backup|spid\d{1,6}s?) +\S")

_AT: Final = r" *\[[A-Z]{2,8} ?: ?(?P<peer>[^\]]*)\] *"
_USER: Final = r"""['"](?P<user>.*)['"]"""
_SAYS_WHY: Final = r"\. +[A-Z]\w{2,12} ?: "
_FAILS: Final = ("Login failed for user ", "Échec de la connexion de l'utilisateur ", "Échec de l'ouverture de session de l'utilisateur ", "Fehler bei der Anmeldung für den Benutzer ")

PHRASES: Final = (
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "Could not find a login matching the name provided.*" + _AT, FAILED, "account"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + r"Failed to open the (?:explicitly specified )?database (?:'(?P<database>[^']*)')?.*" + _AT, PASSED, "database"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "An attempt to login using SQL authentication failed.*" + _AT, FAILED, "method"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "(?:The account is disabled|The password of the account must be changed).*" + _AT, FAILED, "locked"),
    Phrase("Login failed for user ", _USER + " because the account is currently locked out.*" + _AT, FAILED, "locked"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "(?:Token-based|Login-based|.*) server access validation failed.*" + _AT, FAILED, "unknown"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "Attempting to use an NT account name with SQL Server Authentication.*" + _AT, FAILED, "account"),
    Phrase("Login failed for user ", _USER + _SAYS_WHY + "Password .*" + _AT, FAILED, "password"),
    Phrase("Login failed for user ", _USER + r"\. +Reason: .*" + _AT, FAILED, "unknown"),
    *(Phrase(begins, _USER + r"(?:\..*)?" + _AT, FAILED, "password") for begins in _FAILS),
    Phrase("Login failed. The login is from an untrusted domain", ".*" + _AT, FAILED, "method"),
    Phrase("Login failed", ".*" + _AT, FAILED, "unknown"),
    Phrase("Login succeeded for user ", _USER + r"\. .*?" + _AT, PASSED),
    Phrase("Error: ", r"(?P<times>1845[0-9]|184[6-8][0-9]), [^ ]{1,16}: [0-9]{1,3}, [^ ]{1,16}: (?P<session>[0-9]{1,3})\.?", TOLD, "unknown"),
    Phrase("SSPI handshake failed ", ".*" + _AT, TOLD, "password"),
    Phrase("The login packet used to open the connection is structurally invalid", ".*" + _AT, PROBED, "protocol"),
    Phrase("The prelogin packet used to open the connection is structurally invalid", ".*" + _AT, PROBED, "protocol"),
    Phrase("Length specified in network packet payload did not match", ".*" + _AT, PROBED, "protocol"),
    Phrase("A network error occurred while establishing a connection", ".*" + _AT, PROBED, "closed"),
    Phrase("Network error code ", ".* occurred while establishing a connection.*" + _AT, PROBED, "closed"),
    Phrase("Encryption is required to connect to this server", ".*" + _AT, PROBED, "encryption"),
)
_STATES: Final = {"2": "account", "5": "account", "7": "locked", "8": "password", "38": "database", "40": "database", "46": "database", "58": "method"}
"""Why error 18456 was raised, by its state."""


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone`, since times carry none.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    text = text_of(batch.column("line"))
    head = text.str.extract_groups(_HEAD).struct.unnest()
    said = understand(head["message"], PHRASES)
    number, state = said["times"], said["session"]
    numbered = number.is_not_null()
    reason = said["reason"].set(numbered, None).fill_null(state.replace_strict(_STATES, default="unknown", return_dtype=pl.String).set(~numbered, None))
    seen = civil(head.select("year", "month", "day", "hour", "minute", "second", "fraction"), reading.timezone)
    lost = head["message"].is_null()
    why = why_unread(text, lost, seen, NO_LINE)
    why = np.where((why == "") & said["action"].is_null().to_numpy(), SILENT, why)
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": seen,
            "service_type": pa.array(np.full(batch.num_rows, "mssql")),
            "event_action": said["action"],
            "failure_reason": reason,
            "event_code": number,
            "source_address": addresses(said["peer"]),
            "user_name": said["user"],
            "database_name": said["database"],
            "message": head["message"],
        },
        why,
    )


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines that begin as ERRORLOG's do; their zone is an assumption."""
    return recognise_begun(sample, _SAMPLE, "SQL Server ERRORLOG")


SOURCE = Source(
    "mssql", LOGIN, recognise, read,
    references=("https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-18456-database-engine-error",), specific=2,
)  # fmt: skip
"""One record a line about a log-in; `event_code` stands on the line that has the number."""
