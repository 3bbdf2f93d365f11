"""What MySQL's and MariaDB's servers say of connections and log-ins, and what their error numbers mean.

A user's name is an attacker's text and may hold quotes, so the host that counts is the last one. Neither server tells a wrong password from an
account that is not there. In `Access denied … to database` the host is the pattern of the grant, not an address: the password was right.

References:
    - https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
    - https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html
    - https://github.com/MariaDB/server: sql/sql_acl.cc, sql/hostname.cc, sql/net_serv.cc, sql/share/errmsg-utf8.txt
"""

from __future__ import annotations

from typing import Final

from vigie.records.login import ENDED, FAILED, PASSED, PROBED, REFUSED, TOLD
from vigie.sources.phrases import Phrase

_AT: Final = r"(?P<user>.*)'@'@?(?P<peer>[^']{0,255})'"
_ABORTED: Final = r"(?P<session>\d{1,20}) to db: '(?P<database>.*)' user: '(?P<user>.*)' host: '(?P<peer>[^']{0,255})'(?: real ip: '[^']{0,64}')?"
_SERVER: Final = r"' is not allowed to connect to this (?:MariaDB|MySQL) server"
_NAMED: Final = r"(?P<name>[^']{1,255})'"

SAID: Final = (
    Phrase("Access denied for user '", _AT + r" \(using password: YES\)", FAILED, "password"),
    Phrase("Access denied for user '", _AT + r" \(using password: NO\)", FAILED, "no_password"),
    Phrase("Access denied for user '", _AT + r" to database '(?P<database>[^']{0,256})'", PASSED, "database"),
    Phrase("Access denied for user '", _AT + r"\. Account is (?:locked|blocked for .*)\.?", FAILED, "locked"),
    Phrase("Access denied for user '", _AT, FAILED, "unknown"),
    Phrase("Accès refusé pour l'utilisateur: '", _AT + r" \(mot de passe: (?:OUI|YES)\)", FAILED, "password"),
    Phrase("Accès refusé pour l'utilisateur: '", _AT + r" \(mot de passe: NON?\)", FAILED, "no_password"),
    Phrase("Accès refusé pour l'utilisateur: '", _AT + r"\. Base '(?P<database>[^']{0,256})'", PASSED, "database"),
    Phrase("Benutzer '", _AT + r" hat keine Zugriffsberechtigung \(verwendetes Passwort: (?:JA|YES)\)", FAILED, "password"),
    Phrase("Benutzer '", _AT + r" hat keine Zugriffsberechtigung \(verwendetes Passwort: (?:NEIN|NO)\)", FAILED, "no_password"),
    Phrase("Benutzer '", _AT + r" hat keine Zugriffsberechtigung für Datenbank '(?P<database>[^']{0,256})'", PASSED, "database"),
    Phrase("Host '", r"(?P<peer>[^']{0,255})" + _SERVER, REFUSED, "source"),
    Phrase("Host '", r"(?P<peer>[^']{0,255})' is blocked because of many connection errors.*", REFUSED, "source"),
    Phrase("Too many connections", "", REFUSED, "unknown"),
    Phrase("Aborted connection ", _ABORTED + r" \(.*\)\.?", ENDED, "closed"),
    Phrase("Got packets out of order", "", PROBED, "protocol"),
    Phrase("mariadbd: Got packets out of order", "", PROBED, "protocol"),
    Phrase("mysqld: Got packets out of order", "", PROBED, "protocol"),
    Phrase("Bad handshake", "", PROBED, "protocol"),
    Phrase("SSL error: ", r".*", PROBED, "encryption"),
    Phrase("IP address '", r"(?P<peer>[^']{2,64})' could not be resolved: .*", TOLD),
    Phrase("IP address '", r"(?P<peer>[^']{2,64})' has been resolved to the host name '" + _NAMED + ".*", TOLD),
    Phrase("Host name '", _NAMED + r" could not be resolved: .*", TOLD),
    Phrase("Hostname '", _NAMED + r" does not resolve to '(?P<peer>[^']{2,64})'\.", TOLD),
    Phrase("Could not read packet: ", r"fd: .*", TOLD),
)
"""In the order in which they are asked."""

NOBODY: Final = "unauthenticated"
"""What stands for the user of a connection that never logged in."""
NO_DATABASE: Final = ("unconnected", "")
"""What stands for no database."""

CODES: Final = {
    "1044": (PASSED, "database"), "1049": (PASSED, "database"), "1045": (FAILED, "password"), "1698": (FAILED, "unknown"), "1524": (FAILED, "method"),
    "1251": (FAILED, "method"), "2059": (FAILED, "method"), "1820": (FAILED, "locked"), "1862": (FAILED, "locked"), "3118": (FAILED, "locked"),
    "3955": (FAILED, "locked"), "4151": (FAILED, "locked"), "1130": (REFUSED, "source"), "1129": (REFUSED, "source"), "1040": (REFUSED, "unknown"),
    "1203": (PASSED, "unknown"), "1226": (PASSED, "unknown"), "1043": (PROBED, "protocol"), "1047": (PROBED, "protocol"), "1153": (PROBED, "protocol"),
    "1156": (PROBED, "protocol"), "1157": (PROBED, "protocol"), "1158": (PROBED, "closed"), "1159": (PROBED, "closed"), "1160": (PROBED, "closed"),
    "1161": (PROBED, "closed"), "1184": (PROBED, "closed"), "2026": (PROBED, "encryption"), "3159": (REFUSED, "encryption"),
}  # fmt: skip
"""Error numbers of a connection that failed: what they are, and why."""
IMPLIED: Final = (
    ("1044", PASSED, "database"), ("1045", FAILED, "password"), ("1045", FAILED, "no_password"), ("1698", FAILED, "unknown"), ("1130", REFUSED, "source"),
    ("1040", REFUSED, "unknown"), ("1156", PROBED, "protocol"),
)  # fmt: skip
"""Error numbers that sentences of the error log stand for, which does not write them."""
