"""From PostgreSQL's messages, however they were laid out, to rows of `LOGIN`: text, CSV and JSON of one server give the same rows.

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html
    - https://www.postgresql.org/docs/current/protocol-message-formats.html (StartupMessage: length, then the version as two numbers of 16 bits)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import LOGIN
from vigie.records.login import ENDED, FAILED, PASSED, PROBED, REFUSED, STARTED
from vigie.sources.peer import peers
from vigie.sources.phrases import FOUND, SILENT, Phrase, understand
from vigie.sources.postgresql_phrases import CODES, DETAILS, FATAL_SAID, MORE, NOBODY, SAID, SILENT_SEVERITIES
from vigie.sources.rows import NO_DATE, assemble, reasons

SERVICE: Final = "postgresql"

_FATAL: Final = ("FATAL", "ВАЖНО")
_SPOKEN: Final = ("LOG", "СООБЩЕНИЕ", *_FATAL)
_BEGUN: Final = 6
_WRAP: Final = r"\s*\n\t?"
_ENCRYPTED: Final = r"(?: SSL enabled \(protocol=.*\)| ?SSL (?:activé|an) \(.*\)| GSS \(.*(?:encrypted=yes|chiffré=oui|verschlüsselt=ja).*\))$"
_HBA_ENCRYPTED: Final = r", (?:SSL encryption|GSS encryption|SSL on|chiffrement (?:SSL|GSS)|SSL actif|(?:SSL|GSS)-Verschlüsselung|SSL an)$"
_HBA_PLAIN: Final = r", (?:no encryption|SSL off|(?:aucun|sans|pas de) chiffrement|SSL inactif|keine Verschlüsselung|SSL aus)$"
_APPLICATION: Final = r" application_name=(.*?)(?: SSL \S+ \(.*\)| GSS \(.*\))?$"
_TOOLS: Final = r"(?i)\b(nmap|sqlmap|hydra|metasploit|medusa|ncrack|patator|nessus|openvas|zgrab)\b"
_VERBS: Final = (b"GET ", b"POST", b"HEAD", b"PUT ", b"OPTI", b"HTTP", b"CONN", b"/ HT")


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of a server, one row a piece; texts unless said otherwise, null where there is nothing.

    Attributes:
        seen: microseconds of UTC.
        severity: the word before the message.
        code: SQLSTATE.
        message: as logged, continuation lines included.
        detail: what the DETAIL says.
        user, database: as logged, placeholders (`[unknown]`) included.
        host: name or address of the client.
        port: its port, `Int32`.
        session: process number or session id.
        application: name that the client gives itself.
        observer: host that wrote the line.
        names: whether the log says that nobody has been named yet by leaving `user` empty.
        doubtful: rows in which a client's own text looks like the head of another message.
    """

    seen: pl.Series
    severity: pl.Series
    code: pl.Series
    message: pl.Series
    detail: pl.Series
    user: pl.Series
    database: pl.Series
    host: pl.Series
    port: pl.Series
    session: pl.Series
    application: pl.Series
    observer: pl.Series
    names: bool
    doubtful: npt.NDArray[np.bool_]


def log_ins(batch: pa.RecordBatch, said: Messages, *checks: tuple[npt.NDArray[np.bool_], str]) -> pa.RecordBatch:
    """Rows of `LOGIN`.

    Args:
        batch: rows of `LINE`.
        said: what they say, same rows.
        checks: rows that are no messages, and why.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    nobody = (said.user.is_in(NOBODY) | (said.user.is_null() if said.names else False)).fill_null(value=False)
    meaning = _meaning(said, nobody)
    doubt = pl.Series(said.doubtful)
    # the message ends behind the name, so there it is whole; a head that has another was cut in the wrong place by that name
    own = _named(said.user)
    torn = ((own != meaning["user"]) & (not said.names)).fill_null(value=False)
    wrong = doubt | torn
    told = {name: meaning[name].set(doubt, None) for name in ("user", "database", "peer", "port")}
    address, domain = peers(said.host.set(wrong, None))
    other, name = peers(told["peer"])
    address = pc.coalesce(address, other)
    domain = pc.if_else(pc.is_valid(address), pa.scalar(None, pa.string()), pc.coalesce(domain, name))
    action = meaning["action"]
    application = _named(said.application).fill_null(said.message.str.extract(_APPLICATION).set(~(action == PASSED).fill_null(value=False), None))
    why = reasons(*checks, (action.is_null().to_numpy(), SILENT), (said.seen.is_null().to_numpy(), NO_DATE))
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": said.seen,
            "service_type": pl.repeat(SERVICE, len(action), dtype=pl.String, eager=True),
            "event_action": action,
            "failure_reason": meaning["reason"],
            "event_code": said.code.set(said.code == "00000", None),
            "source_address": address,
            "source_port": said.port.set(wrong, None).fill_null(told["port"].cast(pl.Int32, strict=False)).set(pl.Series(np.asarray(pc.is_null(pc.coalesce(address, domain)))), None),
            "source_domain": domain,
            "user_name": own.set(wrong, None).fill_null(told["user"]),
            "database_name": _named(said.database.set(wrong, None)).fill_null(told["database"]),
            "session_id": said.session,
            "connection_encrypted": _encrypted(said.message, action).set(doubt, None),
            "process_name": _named(application.set(wrong, None)),
            "tool": _tools(meaning["bytes"]).fill_null(application.str.extract(_TOOLS).str.to_lowercase()),
            "observer_name": said.observer,
            "message": said.message,
        },
        why,
    )


def _named(values: pl.Series) -> pl.Series:
    """Without what stands for nobody."""
    return values.set(values.is_in([*NOBODY, ""]).fill_null(value=False), None)


def _meaning(said: Messages, nobody: pl.Series) -> pl.DataFrame:
    """`action`, `reason` and the columns of `FOUND`; `action` is null where a message says nothing of connections."""
    flat = said.message.str.replace_all(_WRAP, " ")
    silent, more = said.severity.is_in(SILENT_SEVERITIES), said.severity.is_in(MORE)
    fatal = said.severity.is_in(_FATAL)
    plain = _understood(flat.set(silent | more, None), SAID)
    deadly = _understood(flat.set(~fatal | plain["action"].is_not_null(), None), FATAL_SAID)
    added = _understood(flat.set(~more, None), DETAILS)
    columns = {name: plain[name].fill_null(deadly[name]).fill_null(added[name]) for name in ("action", "reason", *FOUND)}
    _by_code(columns, said, flat)
    detail = _understood(said.detail.str.replace_all(_WRAP, " "), DETAILS)["reason"]
    better = (columns["action"] == FAILED) & (columns["reason"] == "password") & detail.is_not_null()
    columns["reason"] = columns["reason"].zip_with(~better.fill_null(value=False), detail)
    _before_any_name(columns, nobody)
    doubt = pl.Series(said.doubtful) & columns["action"].is_not_null()
    columns["action"] = columns["action"].set(doubt, PROBED)
    columns["reason"] = columns["reason"].set(doubt, "protocol")
    return pl.DataFrame({name: column.alias(name) for name, column in columns.items()})


def _understood(messages: pl.Series, phrases: Sequence[Phrase]) -> pl.DataFrame:
    """`understand`, asked only for phrases that begin as some message does: most are of a language that the server does not speak."""
    begun = set(messages.str.slice(0, _BEGUN).unique().drop_nulls().to_list())
    return understand(messages, [one for one in phrases if len(one.begins) < _BEGUN or one.begins[:_BEGUN] in begun])


def _by_code(columns: dict[str, pl.Series], said: Messages, flat: pl.Series) -> None:
    """Messages whose words are not understood, by their SQLSTATE."""
    left = columns["action"].is_null() & said.code.is_not_null() & said.severity.is_in(_SPOKEN).fill_null(value=False)
    if not left.any():
        return
    known = {code: (action, reason) for code, action, reason in CODES}
    action = said.code.replace_strict(list(known), [a for a, _ in known.values()], default=None, return_dtype=pl.String)
    reason = said.code.replace_strict(list(known), [r for _, r in known.values()], default=None, return_dtype=pl.String)
    hba = (said.code == "28000") & flat.str.contains("pg_hba.conf", literal=True)
    action, reason = action.set(hba, REFUSED), reason.set(hba, "source")
    reason = reason.set((said.code == "08P01") & flat.str.contains("SSL", literal=True), "encryption")
    columns["action"] = columns["action"].zip_with(~left, action)
    columns["reason"] = columns["reason"].zip_with(~left, reason)


def _before_any_name(columns: dict[str, pl.Series], nobody: pl.Series) -> None:
    """A connection that broke, or fell silent, before it named anybody was no session: something knocked and went."""
    broke = nobody & (columns["action"] == ENDED) & (columns["reason"] == "closed")
    idle = nobody & (columns["action"] == STARTED) & (columns["reason"] == "no_password")
    columns["action"] = columns["action"].set((broke | idle).fill_null(value=False), PROBED)
    columns["reason"] = columns["reason"].set(idle.fill_null(value=False), "closed")


def _encrypted(message: pl.Series, action: pl.Series) -> pl.Series:
    """Whether a connection is encrypted, where messages about it always tell: when it is let in, and when a rule refuses it."""
    passed, refused = action == PASSED, action == REFUSED
    authorized = passed & message.str.contains(r"[=:]")
    let_in = message.str.contains(_ENCRYPTED)
    by_rule = message.str.contains(_HBA_ENCRYPTED)
    plain = message.str.contains(_HBA_PLAIN)
    frame = pl.DataFrame({"a": authorized & message.str.contains("=", literal=True), "b": let_in, "c": refused & by_rule, "d": refused & plain})
    return frame.select(pl.when("a").then("b").when("c").then(pl.lit(value=True)).when("d").then(pl.lit(value=False)).otherwise(None)).to_series()


def _tools(numbers: pl.Series) -> pl.Series:
    """What the version numbers of a start-up packet give away, read as the four bytes that they are; distinct ones are looked at one by one."""
    distinct = numbers.unique().drop_nulls()
    if not len(distinct):
        return numbers
    made = pl.Series([tool_of_version(text) for text in distinct.to_list()], dtype=pl.String)
    return numbers.replace_strict(distinct, made, default=None, return_dtype=pl.String)


def tool_of_version(text: str) -> str | None:
    r"""Who speaks a protocol of this number: 65363.19778 is `\xffSMB`, with which nmap asks what listens; else a browser's or TLS's first bytes."""
    high, _, low = text.partition(".")
    if int(high) > 0xFFFF or int(low) > 0xFFFF:
        return None
    raw = int(high).to_bytes(2, "big") + int(low).to_bytes(2, "big")
    if raw in (b"\xffSMB", b"\xfeSMB"):
        return "nmap" if raw[0] == 0xFF else "smb"
    if raw in _VERBS:
        return "http"
    return "tls" if raw[0] == 0x16 and raw[1] == 3 else None
