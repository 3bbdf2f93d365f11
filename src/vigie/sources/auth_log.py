"""Log-ins in syslog: OpenSSH and Dropbear, PAM modules of any service, Postfix, Dovecot and saslauthd, WordPress plugins.

One source reads them all, since they share files (`auth.log`, `secure`, `mail.log`, `syslog`, an export of the journal): who wrote a line is
told by its head, and `service_type` says what was logged in to. Lines of other programs are unread and say so.

References:
    - RFC 3164; RFC 5424; https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
    - what each program writes: `ssh_phrases`, `pam_phrases`, `mail_phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import LOGIN
from vigie.sources.json_values import integers
from vigie.sources.mail_phrases import understand_dovecot, understand_postfix, understand_saslauthd
from vigie.sources.pam_phrases import SERVICES, begins_as_pam, understand_pam, understand_wordpress
from vigie.sources.phrases import SILENT, times_of, tool_of
from vigie.sources.rows import NO_DATE, addresses, assemble, hosts, nulls, reasons, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.ssh_phrases import understand_dropbear, understand_openssh
from vigie.sources.syslog import FOLDED, NO_HEAD, NO_YEAR, OTHER_PROGRAM, Heads, heads, recognise_programs

_OPENSSH, _DROPBEAR, _POSTFIX, _DOVECOT, _SASLAUTHD, _WORDPRESS, _PAM = "openssh", "dropbear", "postfix", "dovecot", "saslauthd", "wordpress", "pam"
_PROGRAMS: Final = (
    (re.compile(r"sshd(?:-session|-auth)?\Z"), _OPENSSH),
    (re.compile(r"dropbear\Z"), _DROPBEAR),
    (re.compile(r"postfix[^/]{0,32}/(?:[^/]{1,32}/)?smtpd\Z"), _POSTFIX),
    (re.compile(r"(?:dovecot|auth|auth-worker|(?:imap|pop3|managesieve|submission)(?:-login)?)(?:[(/].*)?\Z"), _DOVECOT),
    (re.compile(r"saslauthd\Z"), _SASLAUTHD),
    (re.compile(r"wordpress(?:\(.*\))?\Z"), _WORDPRESS),
)
_SERVICE: Final = {_OPENSSH: "ssh", _DROPBEAR: "ssh", _POSTFIX: "smtp", _SASLAUTHD: "smtp", _WORDPRESS: "wordpress"}
_SHARED_PROCESS: Final = (_DOVECOT, _SASLAUTHD, _WORDPRESS)
"""Programs whose process number is no number of a connection."""
_COLUMNS: Final = ("action", "reason", "user", "peer", "port", "session", "process", "service")
_LABEL: Final = r"^[a-z0-9_.@-]{1,32}$"


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` and `year` for times that carry none.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.
    """
    head = heads(text_of(batch.column("line")), reading)
    kinds = _kinds(head)
    said = _understood(head, kinds)
    peer = addresses(said["peer"])
    site = hosts(head.program.str.extract(r"^wordpress\((.*)\)$"))
    lost = said["action"].is_null().to_numpy()
    why = reasons(
        (head.folded, FOLDED), (head.program.is_null().to_numpy(), NO_HEAD), (kinds.is_null().to_numpy(), OTHER_PROGRAM), (lost, SILENT),
        (head.yearless, NO_YEAR), (head.seen_at.is_null().to_numpy(), NO_DATE),
    )  # fmt: skip
    return assemble(
        batch,
        LOGIN,
        {
            "seen_at": head.seen_at,
            "service_type": said["service"],
            "event_action": said["action"],
            "failure_reason": said["reason"],
            "source_address": peer,
            "source_port": integers(said["port"], 1, 65_535),
            "source_domain": _named(said["peer"], peer),
            "user_name": said["user"],
            "session_id": said["session"],
            "connection_encrypted": said["encrypted"],
            "tool": said["tool"],
            "observer_name": pc.coalesce(site, head.host.to_arrow().cast(pa.string())),
            "repeats": said["repeats"],
            "message": head.message,
        },
        why,
    )


def _named(peers: pl.Series, found: pa.Array) -> pa.Array:
    """Names in the place of addresses; programs write `unknown` where they have neither."""
    names = hosts(peers)
    nameless = pc.or_(pc.is_valid(found), pc.is_in(names, pa.array(["unknown", "localhost"])))
    return pc.if_else(pc.fill_null(nameless, True), None, names)


def _kinds(head: Heads) -> pl.Series:
    """Which of the programs wrote each line; null where none did. What a PAM module says is PAM's, whoever wrote it."""
    distinct = head.program.unique().drop_nulls()
    kinds = [next((kind for pattern, kind in _PROGRAMS if pattern.match(name)), None) for name in distinct.to_list()]
    found = head.program.replace_strict(distinct, pl.Series(kinds, dtype=pl.String), default=None, return_dtype=pl.String)
    return found.set(begins_as_pam(head.program, head.message), _PAM)


def _understood(head: Heads, kinds: pl.Series) -> pl.DataFrame:
    """What each line says, as `phrases.understand`, with `service`, `session`, `repeats` and `tool`."""
    readers: dict[str, Callable[[pl.Series, pl.Series], pl.DataFrame]] = {
        _PAM: understand_pam,
        _OPENSSH: lambda _, message: understand_openssh(message),
        _DROPBEAR: lambda _, message: understand_dropbear(message),
        _POSTFIX: lambda _, message: understand_postfix(message),
        _DOVECOT: understand_dovecot,
        _SASLAUTHD: lambda _, message: understand_saslauthd(message),
        _WORDPRESS: lambda _, message: understand_wordpress(message),
    }
    count = len(kinds)
    columns = {name: nulls(count) for name in (*_COLUMNS, "tool")}
    encrypted, times = (nulls(count, kind) for kind in (pl.Boolean, pl.Int32))
    for kind, understand in readers.items():
        mine = (kinds == kind).fill_null(value=False)
        if not mine.any():
            continue
        rows = mine.arg_true()
        process = head.process.filter(mine)
        said = _finished(kind, understand(head.program.filter(mine), head.message.filter(mine)), process)
        for name, column in columns.items():
            column.scatter(rows, said[name])
        encrypted.scatter(rows, said["encrypted"])
        times.scatter(rows, times_of(said))
    again = head.repeats.fill_null(1).cast(pl.Int64) * times.fill_null(1)
    repeats = again.set(head.repeats.is_null() & times.is_null(), None).clip(upper_bound=2**31 - 1).cast(pl.Int32)
    return pl.DataFrame({name: column.alias(name) for name, column in columns.items()} | {"encrypted": encrypted, "repeats": repeats})


def _finished(kind: str, said: pl.DataFrame, process: pl.Series) -> pl.DataFrame:
    """With the service's name in the field's words, what connects lines, and the tool that gives itself away."""
    if kind == _PAM:
        service = said["service"].replace(SERVICES)
        said = said.with_columns(service=service.set(~service.str.contains(_LABEL), "pam"))
    elif kind == _DOVECOT:
        said = said.with_columns(service=said["service"].fill_null("mail"))
    else:
        said = said.with_columns(service=pl.lit(_SERVICE[kind]))
    number = said["process"].fill_null(process).set(pl.Series([kind in _SHARED_PROCESS]).new_from_index(0, len(process)), None)
    return said.with_columns(session=said["session"].fill_null(number), tool=tool_of(said))


def _wanted(head: Heads) -> npt.NDArray[np.bool_]:
    return _kinds(head).is_not_null().to_numpy()


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines with syslog heads of which some are of these programs."""
    return recognise_programs(sample, _wanted, "log-ins in syslog")


SOURCE = Source(
    "auth_log", LOGIN, recognise, read,
    references=("RFC 3164", "RFC 5424", "https://github.com/openssh/openssh-portable", "https://github.com/linux-pam/linux-pam"), specific=2,
)  # fmt: skip
"""One record a line that says something of a connection or a log-in."""
