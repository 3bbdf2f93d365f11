"""What PAM modules say of log-ins, whatever program they work for, and what WordPress plugins write into the syslog.

A program that writes about its log-ins itself (sshd, Dovecot, Postfix) tells each failure once more: there PAM's line is told, not counted.
Where no other end is named (`su`, `sudo`, a screen) somebody is at the machine already, and the line is told as well.

References:
    - https://github.com/linux-pam/linux-pam: modules/pam_unix/support.c (`authentication failure; logname=…`, `N more authentication failures`).
    - https://docs.wp-fail2ban.com/ (events written by the plugin).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.records.login import ENDED, FAILED, PASSED, PROBED, REFUSED, STARTED, TOLD
from vigie.sources.phrases import Phrase, understand

TELL_THEMSELVES: Final = ("sshd", "dropbear", "dovecot", "smtp", "smtpd", "imap", "pop3", "pop", "sieve")
"""Services whose own lines tell every failed log-in too."""
AT_THE_MACHINE: Final = (
    "su", "su-l", "sudo", "sudo-i", "login", "cron", "crond", "atd", "runuser", "runuser-l", "systemd-user", "polkit-1", "gdm", "gdm-password", "gdm-launch-environment",
    "lightdm", "lightdm-greeter", "sddm", "sddm-greeter", "xdm", "kde", "xscreensaver", "vlock", "passwd", "chpasswd", "chsh", "chfn", "useradd", "newusers",
)  # fmt: skip
"""Services that nobody from outside talks to: what they say of sessions is no log-in."""
SERVICES: Final = {"sshd": "ssh", "dropbear": "ssh", "vsftpd": "ftp", "proftpd": "ftp", "pure-ftpd": "ftp", "ftp": "ftp", "smtpd": "smtp", "pop": "pop3", "dovecot": "pam"}
"""Names under which services are known to PAM, where the field has another word."""

_BY_MODULE: Final = r"^pam_[a-z0-9_]+\((?P<service>[A-Za-z0-9_.@-]+):(?P<phase>[a-z_]+)\): (?P<text>.*)$"
_MORE: Final = r"^PAM (?P<times>[0-9]{1,9}) more authentication failures?; (?P<text>.*)$"
_OF_PROGRAM: Final = r"^([A-Za-z0-9_.-]+)\(pam_[a-z0-9_]+\)$"
_FAILURE: Final = "authentication failure; "
_TWICE: Final = r" rhost=.* rhost="

MODULES: Final = (
    Phrase("authentication failure; ", r".* rhost=(?P<peer>[^ ]*)(?: +user=(?P<user>.*?))? *(?: \[preauth\])?", FAILED, "password"),
    Phrase("authentication failure; ", r".*", FAILED, "password"),
    Phrase("check pass; user unknown", r"", TOLD),
    Phrase("check pass; user ", r"\((?P<user>.*)\) unknown", TOLD),
    Phrase("bad username ", r"\[(?P<user>.*)\]", TOLD),
    Phrase("session opened for user ", r"(?P<user>.*?)(?:\(uid=[0-9]{1,10}\))? by .*", TOLD),
    Phrase("session closed for user ", r"(?P<user>.*)", ENDED),
    Phrase("account ", r"(?P<user>.*) has expired.*", TOLD, "locked"),
    Phrase("expired password for user ", r"(?P<user>.*?)(?: \(.*\))?", TOLD, "locked"),
    Phrase("Consecutive login failures for user ", r"(?P<user>.*) account temporarily locked", TOLD, "locked"),
    Phrase("user ", r"(?P<user>.*) \([0-9]{1,10}\) tally [0-9]{1,9}, deny [0-9]{1,9}", TOLD, "locked"),
    Phrase("received for user ", r"(?P<user>.*): [0-9]{1,3} \(.*\)", TOLD, "password"),
    Phrase("Invalid verification code for ", r"(?P<user>.*)", TOLD, "password"),
    Phrase("Access denied for user ", r"(?P<user>.*): [0-9]{1,3} \(.*\)", TOLD, "locked"),
)

WORDPRESS: Final = (
    Phrase("Authentication failure for ", r"(?P<user>.*) from (?P<peer>[^ ]+)", FAILED, "password"),
    Phrase("Authentication attempt for unknown user ", r"(?P<user>.*) from (?P<peer>[^ ]+)", FAILED, "account"),
    Phrase("Accepted password for ", r"(?P<user>.*) from (?P<peer>[^ ]+)", PASSED),
    Phrase("XML-RPC authentication failure", r"(?: for (?P<user>.*))? from (?P<peer>[^ ]+)", FAILED, "password"),
    Phrase("XML-RPC multicall authentication failure", r"(?: for (?P<user>.*))? from (?P<peer>[^ ]+)", FAILED, "password"),
    Phrase("REST authentication failure", r"(?: for (?P<user>.*))? from (?P<peer>[^ ]+)", FAILED, "password"),
    Phrase("Authentication failure", r" from (?P<peer>[^ ]+)", FAILED, "password"),
    Phrase("Empty username", r" from (?P<peer>[^ ]+)", STARTED, "no_password"),
    Phrase("Blocked authentication attempt for ", r"(?P<user>.*) from (?P<peer>[^ ]+)", REFUSED, "locked"),
    Phrase("Blocked username authentication attempt for ", r"(?P<user>.*) from (?P<peer>[^ ]+)", REFUSED, "locked"),
    Phrase("Blocked user enumeration attempt", r" from (?P<peer>[^ ]+)", PROBED, "protocol"),
    Phrase("Blocked access", r" from (?P<peer>[^ ]+)", REFUSED, "source"),
)


def begins_as_pam(program: pl.Series, message: pl.Series) -> pl.Series:
    """Which messages are a PAM module's, whatever program they came through."""
    found = message.str.starts_with("pam_") | (message.str.starts_with("PAM ") & message.str.contains(_MORE)) | program.str.contains("(pam_", literal=True)
    return found.fill_null(value=False)


def understand_pam(program: pl.Series, message: pl.Series) -> pl.DataFrame:
    """What PAM modules say.

    Args:
        program: who wrote the line.
        message: what was said.

    Returns:
        as `phrases.understand`, with one more column, `service`: PAM's name for what was logged in to.
    """
    head = message.str.extract_groups(_BY_MODULE).struct.unnest()
    more = message.str.extract_groups(_MORE).struct.unnest()
    text = head["text"].fill_null(_FAILURE + more["text"]).fill_null(message)
    service = head["service"].fill_null(program.str.extract(_OF_PROGRAM)).fill_null(program).str.to_lowercase()
    said = understand(text, MODULES)
    said = said.with_columns(times=said["times"].fill_null(more["times"]), service=service)
    # what stands before and behind the other end's address may be a name that imitates it
    twice = text.str.contains(_TWICE).fill_null(value=False)
    peer = pl.when(~pl.lit(twice) & (pl.col("peer") != "")).then("peer")
    failed = pl.col("action") == FAILED
    told = failed & (pl.col("service").is_in(TELL_THEMSELVES) | ((pl.col("peer") == "") & ~pl.lit(twice)))
    session = text.str.starts_with("session ").fill_null(value=False)
    nothing = pl.lit(session) & pl.col("service").is_in(AT_THE_MACHINE)
    action = pl.when(nothing).then(None).when(told).then(pl.lit(TOLD)).otherwise("action")
    return said.with_columns(action=action, peer=peer, user=pl.when(~pl.lit(twice)).then("user"))


def understand_wordpress(message: pl.Series) -> pl.DataFrame:
    """What WordPress plugins say."""
    return understand(message, WORDPRESS)
