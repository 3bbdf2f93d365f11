"""What of persons leaves the house: nothing that is nobody's business, unless somebody says why.

Addresses that are indicators may be told. Every other address, mail address and account becomes a pseudonym: the same one throughout a document, and
nobody without the key finds who it is.

References:
    - Regulation (EU) 2016/679, articles 4(5), 5(1)(c) and recital 26
    - https://www.rfc-editor.org/rfc/rfc2104 (HMAC)
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from base64 import b32encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from vigie.words.harmless import safe

SHOWN: Final = 240
"""Letters of a raw line that a report shows."""

ANYBODY: Final = frozenset(
    ("root", "admin", "administrator", "postgres", "mysql", "sa", "test", "guest", "oracle", "user", "ubuntu", "debian", "pi", "ftp", "git", "www-data", "nobody",
     "backup", "default", "anonymous", "mongodb", "redis", "mariadb", "dbadmin", "support", "info", "web")
)  # fmt: skip
"""Accounts that come with systems, and that everybody guesses."""

_ADDRESS: Final = re.compile(
    r"(?:(?<![\w.:])|(?<=[g-zG-Z]:))[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![\w:]|\.\d)"
    r"|(?:(?<![\d.])|(?<=%[0-9a-fA-F]{2}))\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)"
)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.IGNORECASE)
_USER: Final = re.compile(r"^(\S{1,80} (?:\S{1,80} )?\S{1,80} )(\S{1,200})( \[\d{1,2}/\w{3}/\d{4})")
_SECRET: Final = re.compile(r"((?:pass(?:word|wd)?|pwd|mdp|token|secret|session(?:id)?|sid|api_?key)(?:=|%3D|\"\s{0,2}:\s{0,2}\"))([^&\s\"';]{1,512})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Discretion:
    """What may be told.

    Attributes:
        key: of the pseudonyms; another key gives others.
        open: addresses that may be told.
        identified: everything may be told, since somebody said why.
    """

    key: bytes
    open: Collection[str] = ()
    identified: bool = False

    def pseudonym(self, kind: str, value: str) -> str:
        """`address_…` or `account_…`: 60 bits, the same for the same value under the same key."""
        digest = hmac.digest(self.key, f"{kind}:{value}".encode("utf-8", "surrogatepass"), "sha256")
        return f"{kind}_{b32encode(digest).decode()[:12].lower()}"

    def address(self, value: str) -> str:
        """An address as it may be told."""
        return value if self.identified or value in self.open else self.pseudonym("address", value)

    def account(self, value: str) -> str:
        """An account as it may be told; names that come with every system are nobody's."""
        return value if self.identified or value.lower() in ANYBODY else self.pseudonym("account", value)

    def line(self, raw: str, accounts: Sequence[str] = ()) -> str:
        """A raw line as it may be told: shortened, harmless, without what is nobody's business.

        Args:
            raw: as it stood in the log.
            accounts: names that are known to be accounts.
        """
        text = raw[:4096].rstrip("\r\n")
        if not self.identified:
            for name in accounts:
                if name.lower() not in ANYBODY:
                    text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.account(name), text)
            text = _USER.sub(lambda m: m[0] if m[2] == "-" else m[1] + self.account(m[2]) + m[3], text)
            text = _SECRET.sub(lambda m: m[1] + "…", text)
            text = _MAIL.sub(lambda m: self.account(m[0].lower()), text)
            text = _ADDRESS.sub(self._hidden, text)
        shown = safe(text, 1 << 20)
        return shown if len(shown) <= SHOWN else shown[: SHOWN - 2] + " …"

    def _hidden(self, found: re.Match[str]) -> str:
        try:
            return self.address(str(ipaddress.ip_address(found[0])))
        except ValueError:
            return found[0]
