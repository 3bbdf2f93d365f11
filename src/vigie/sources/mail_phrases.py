"""What Postfix, Dovecot and Cyrus' saslauthd say of log-ins to mailboxes.

Postfix tells each failed log-in; what its SASL library or Dovecot's `auth` process say of the same is told. Dovecot tells of all attempts of
one connection in one line when it ends (`auth failed, 3 attempts`): that line happened three times. Connections to Postfix that log nobody
in are mail from other servers, and no matter of log-ins.

References:
    - https://github.com/vdukhovni/postfix: postfix/src/smtpd/smtpd_sasl_glue.c, smtpd.c (`sasl_username`, `disconnect from … auth=0/1`).
    - https://doc.dovecot.org/2.3/admin_manual/logging/, https://github.com/dovecot/core: src/login-common/client-common.c.
    - https://github.com/cyrusimap/cyrus-sasl: saslauthd/saslauthd-main.c.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.login import ENDED, FAILED, PASSED, PROBED, REFUSED, STARTED, TOLD
from vigie.sources.phrases import Phrase, understand
from vigie.sources.rows import nulls

_CLIENT: Final = r"(?P<name>[^ \[\]]+)\[(?P<peer>[^\[\] ]+)\](?::(?P<port>[0-9]{1,5}))?"
_TRIED: Final = r"(?:, sasl_username=(?P<user>.*))?"
_SASL: Final = _CLIENT + r": SASL [A-Za-z0-9_-]{1,40} authentication failed: "

POSTFIX: Final = (
    Phrase("warning: ", _SASL + r"(?:Connection lost to authentication server|[Gg]eneric failure|[Tt]emporary authentication failure.*?|Connection reset.*?)" + _TRIED, TOLD, "unknown"),
    Phrase("warning: ", _SASL + r"(?:[Ii]nvalid authentication mechanism|[Nn]o mechanism available|Unsupported authentication mechanism)" + _TRIED, STARTED, "method"),
    Phrase("warning: ", _SASL + r".*?" + _TRIED, FAILED, "password"),
    Phrase("warning: SASL authentication failure: ", r".*", TOLD, "password"),
    Phrase("", r"[0-9A-Za-z]{5,32}: client=" + _CLIENT + r", sasl_method=[^, ]+, sasl_username=(?P<user>.*?)(?:, sasl_sender=.*)?", PASSED),
    Phrase("lost connection after AUTH", " from " + _CLIENT, STARTED, "closed"),
    Phrase("too many errors after AUTH", " from " + _CLIENT, TOLD),
    Phrase("disconnect from ", _CLIENT + r".* auth=0/(?P<times>[0-9]{1,6})(?: .*)?", TOLD, "password"),
)

_FIELDS: Final = r": user=<(?P<user>.*)>(?:, method=[^,]*)?, rip=(?P<peer>[^, ]+)(?:, rport=(?P<port>[0-9]{1,5}))?(?:, lip=[^, ]+)?(?:, .*)?"
_WHY: Final = r"[^<]*?"

DOVECOT_LOGIN: Final = (
    Phrase("Login", _FIELDS, PASSED),
    Phrase("Logged in", _FIELDS, PASSED),
    Phrase("", r"(?:Disconnected|Aborted login|Login aborted|Connection closed)" + _WHY + r"\(auth failed, (?P<times>[0-9]{1,6}) attempts[^)<]*\)[^<]*?" + _FIELDS, FAILED, "password"),
    Phrase("", r"(?:Disconnected|Aborted login|Login aborted|Connection closed)[^<]*: user=<>, .*rip=(?P<peer>[^, ]+).*TLS handshaking: .*", PROBED, "encryption"),
    Phrase("", r"(?:Disconnected|Aborted login|Login aborted|Connection closed)" + _WHY + r"\(tried to use (?:disabled|disallowed|unsupported) [^)<]*\)[^<]*?" + _FIELDS, STARTED, "method"),
    Phrase("", r"(?:Disconnected|Aborted login|Login aborted|Connection closed)" + _WHY + r"\((?:client didn't finish SASL auth|disconnected while authenticating|disconnected before auth)[^)<]*\)[^<]*?" + _FIELDS, STARTED, "closed"),
    Phrase("Maximum number of connections", r"[^<]*?" + _FIELDS, REFUSED, "unknown"),
    Phrase("", r"(?:Disconnected|Aborted login|Login aborted|Connection closed)[^<]*?" + _FIELDS, PROBED, "closed"),
)

_KEPT: Final = r"[a-z0-9_-]+\((?P<user>.*),(?P<peer>[0-9a-fA-F:.]+)(?:,<(?P<session>[^>]*)>)?\): "
DOVECOT: Final = (
    Phrase("auth", r"(?:-worker)?(?:\([^)]*\))?: (?:.*: )?" + _KEPT + r"(?:[Uu]nknown user|no such user|user doesn't exist).*", TOLD, "password"),
    Phrase("auth", r"(?:-worker)?(?:\([^)]*\))?: (?:.*: )?" + _KEPT + r"(?:[Pp]assword mismatch|pam_authenticate\(\) failed|[Ii]nvalid (?:password|credentials)|[Aa]uthentication failure|.*[Aa]uth failed).*", TOLD, "password"),
    Phrase("", r"(?:imap|pop3|managesieve|submission)\((?P<user>.*)\)(?:<[0-9]+><(?P<session>[^>]*)>)?: (?:Logged out|Disconnected|Connection closed).*", ENDED),
)

SASLAUTHD: Final = (Phrase("do_auth", r" *: auth failure: \[user=(?P<user>.*)\] \[service=[^\]]*\] .*", TOLD, "password"),)

PROTOCOLS: Final = {"imap": "imap", "pop3": "pop3", "managesieve": "sieve", "sieve": "sieve", "submission": "smtp"}
"""Dovecot's names of what is logged in to."""
_LEVEL: Final = r"^((?:[a-z0-9-]+(?:\([^)]*\))?(?:<[^>]*>)*: )?)(?:Info|Warning|Error|Notice|Fatal): "
_LOGIN: Final = r"^(?P<protocol>imap|pop3|managesieve|sieve|submission)-login: (?P<text>.*)$"
_SESSION: Final = r", session=<([^<>]{1,64})>[^<>]*$"


def understand_postfix(message: pl.Series) -> pl.DataFrame:
    """What Postfix's `smtpd` says."""
    return understand(message, POSTFIX)


def understand_dovecot(program: pl.Series, message: pl.Series) -> pl.DataFrame:
    """What Dovecot says, in the syslog (`dovecot: imap-login: Login: …`) or in a file of its own (`imap-login: Info: Login: …`).

    Returns:
        as `phrases.understand`, with `service` (of `PROTOCOLS`; null where the line does not say), and `session` taken from the end of the
        line; `encrypted` is true where the line says TLS, else null.
    """
    own = ~program.str.starts_with("dovecot")
    whole = pl.select(pl.when(own).then(program + ": " + message).otherwise(message)).to_series().str.replace(_LEVEL, "$1")
    parts = whole.str.extract_groups(_LOGIN).struct.unnest()
    text = parts["text"]
    said = understand(text, DOVECOT_LOGIN)
    rest = understand(whole.set(text.is_not_null(), None), DOVECOT)
    said = said.select(said[name].fill_null(rest[name]) for name in said.columns)
    secret = text.str.contains(r", TLS(?:, session=<[^<>]*>)?[^<>]*$").fill_null(value=False) & said["action"].is_in([PASSED, FAILED])
    return said.with_columns(
        service=parts["protocol"].replace_strict(PROTOCOLS, default=None, return_dtype=pl.String),
        session=text.str.extract(_SESSION).fill_null(said["session"]),
        encrypted=nulls(len(text), pl.Boolean).set(secret, True),
        user=pl.when(pl.col("user") != "").then("user"),
    )


def understand_saslauthd(message: pl.Series) -> pl.DataFrame:
    """What saslauthd says."""
    return understand(message, SASLAUTHD)
