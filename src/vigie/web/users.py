"""Who may look, where a token on a terminal does not suffice: a file of names and scrypt hashes, one a line.

A line is `name:scrypt:N:r:p:salt:hash`, salt and hash in hexadecimal. Passwords stand nowhere.

References:
    - RFC 7914, The scrypt Password-Based Key Derivation Function
    - OWASP Password Storage Cheat Sheet (scrypt: N = 2^17, r = 8, p = 1)
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

COST: Final = (1 << 17, 8, 1)
_MEMORY: Final = 160 * 1024 * 1024
_NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_LINE: Final = re.compile(r"([A-Za-z0-9._@-]{1,64}):scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([0-9a-f]{32}):([0-9a-f]{64})")
SHORTEST: Final = 12
"""Letters of a password at least."""
LARGEST: Final = 1 << 20


class UsersFileError(ValueError):
    """The file of users cannot be used; says where and why."""


def hashed(name: str, password: str) -> str:
    """A line of the file.

    Raises:
        UsersFileError: the name or the password will not do.
    """
    if not _NAME.fullmatch(name):
        raise UsersFileError("a name has up to 64 letters, digits, dots, hyphens, underscores and @")
    if len(password) < SHORTEST:
        raise UsersFileError(f"a password has {SHORTEST} letters or more")
    salt = secrets.token_bytes(16)
    return f"{name}:scrypt:{COST[0]}:{COST[1]}:{COST[2]}:{salt.hex()}:{_scrypt(password, salt, *COST).hex()}"


def read_users(path: Path) -> dict[str, str]:
    """Name → line of the file.

    Raises:
        UsersFileError: a line is none of this kind, or others may read the file.
        OSError: it cannot be read.
    """
    if path.stat().st_mode & 0o077:
        raise UsersFileError(f"{path}: others may read it. Try: chmod 600 {path}")
    users: dict[str, str] = {}
    with path.open("rb") as file:
        text = file.read(LARGEST).decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if not found or int(found[2]) > COST[0] or int(found[3]) > 8 or int(found[4]) > 4:
            raise UsersFileError(f"{path}, line {number}: no line of a user. Try: vigie serve --users FILE --add-user NAME")
        users[found[1]] = line.strip()
    return users


def add_user(path: Path, name: str, password: str) -> None:
    """Write a user into the file, in place of one of the same name; the file is readable by its owner only.

    Raises:
        UsersFileError: the name, the password or the file will not do.
        OSError: it cannot be written.
    """
    users = read_users(path) if path.exists() else {}
    users[name] = hashed(name, password)
    fresh = path.with_name(path.name + ".tmp")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for _, line in sorted(users.items())))
    fresh.rename(path)


def fits(users: Mapping[str, str], name: str, password: str) -> bool:
    """Whether a password is the user's; a name that is not there takes as long as one that is."""
    line = users.get(name, f"nobody:scrypt:{COST[0]}:{COST[1]}:{COST[2]}:{'0' * 32}:{'0' * 64}")
    _, _, cost, block, lanes, salt, kept = line.split(":")
    made = _scrypt(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(made.hex(), kept) and name in users


def _scrypt(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32)
