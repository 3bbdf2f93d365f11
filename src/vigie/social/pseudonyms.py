"""Names under which accounts leave the house: the same account always has the same one, and nobody without the key finds the account.

A plain hash would be no pseudonym: ids can be counted through, millions a second. The key lies in the user's configuration folder, apart from archives, so that a
copy of an archive does not hold it; it is never exported. Another key gives other pseudonyms, so two recipients with a key each cannot join their copies.
Pseudonymous data are personal data all the same.

References:
    - https://www.rfc-editor.org/rfc/rfc2104 (HMAC)
    - https://www.rfc-editor.org/rfc/rfc4648 (base 32)
    - Regulation (EU) 2016/679, articles 4(5), 9, 32 and recital 26
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import stat
import tempfile
from base64 import b32encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

PREFIX: Final = "acc_"
LETTERS: Final = 20
"""Letters of base 32, 100 bits."""
KEY_BYTES: Final = 32
_HANDLE = re.compile(r"[\w.+-]{0,64}[@＠]+(\w{1,64}(?:[.-]\w{1,64}){0,8}(?:[@＠][\w.-]{1,253})?)")
"""A handle with or without its server, or a mail address; whatever stands before the sign without a blank goes with it."""


class KeyFileError(Exception):
    """The key cannot be used; the message says why and what to do."""


def pseudonym(key: bytes, platform: str, account_id: str) -> str:
    """The pseudonym of an account: `acc_` and 20 letters and digits.

    Args:
        key: the deployment's, or the recipient's.
        platform: of the account.
        account_id: its stable id, never its handle.
    """
    digest = hmac.digest(key, f"{platform}:{account_id}".encode("utf-8", "surrogatepass"), "sha256")
    return PREFIX + b32encode(digest).decode()[:LETTERS].lower()


def pseudonyms(key: bytes, accounts: pl.DataFrame) -> pl.DataFrame:
    """Accounts with `pseudonym`.

    Args:
        key: the deployment's, or the recipient's.
        accounts: columns `platform` and `account_id`; each distinct pair is computed once.
    """
    names = accounts.select(pl.col("platform", "account_id").cast(pl.String)).unique()
    told = [None if platform is None or account is None else pseudonym(key, platform, account) for platform, account in names.iter_rows()]
    known = names.with_columns(pseudonym=pl.Series(told, dtype=pl.String))
    plain = accounts.with_columns(pl.col("platform", "account_id").cast(pl.String))
    return plain.join(known, on=["platform", "account_id"], how="left", nulls_equal=True, maintain_order="left")


def without_handles(text: str, key: bytes, platform: str, ids: Mapping[str, str]) -> str:
    """A text whose handles and mail addresses are pseudonyms.

    Args:
        text: any text.
        key: the deployment's, or the recipient's.
        platform: of the post.
        ids: account id of each known handle, in lower case; an unknown handle has the pseudonym of "@handle".
    """

    def hidden(found: re.Match[str]) -> str:
        handle = found[1].lower()
        return pseudonym(key, platform, ids.get(handle, "@" + handle))

    return _HANDLE.sub(hidden, text)


def key_file() -> Path:
    """Where the key lies: `pseudonyms.key` in the XDG configuration folder."""
    from platformdirs import user_config_path

    return user_config_path("vigie") / "pseudonyms.key"


def kept_key(path: Path, chance: Callable[[int], bytes] = os.urandom) -> bytes:
    """The key of this deployment, made when there is none; nobody but its owner may read the file.

    Args:
        path: where it lies.
        chance: gives so many random bytes.

    Raises:
        KeyFileError: the file holds no key, others may read it, or it cannot be read or made.
    """
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                _written(path, chance(KEY_BYTES), replace=False)
        return _read(path)
    except OSError as error:
        message = f"{path}: {error.strerror}. Make the folder writable, or the file readable, for yourself."
        raise KeyFileError(message) from error


def rotated_key(path: Path, chance: Callable[[int], bytes] = os.urandom) -> bytes:
    """A new key in place of the old one: every pseudonym changes, and older exports cannot be joined with newer ones.

    Raises:
        KeyFileError: it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _written(path, chance(KEY_BYTES), replace=True)
        return _read(path)
    except OSError as error:
        message = f"{path}: {error.strerror}. Make the folder writable for yourself."
        raise KeyFileError(message) from error


def _written(path: Path, key: bytes, *, replace: bool) -> None:
    """The key in its file, whole or not at all.

    Raises:
        FileExistsError: somebody else made one at the same moment, and it is not to be replaced.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pseudonyms-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(key.hex().encode() + b"\n")
        if replace:
            Path(name).replace(path)
        else:
            path.hardlink_to(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    """The key, when it is one and only its owner may read it."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        text = file.read(4 * KEY_BYTES)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"{path}: others may read this key. Try: chmod 600 {path}; then make a new one if they have."
        raise KeyFileError(message)
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"{path}: holds no key of {KEY_BYTES} bytes. Bring back the copy that you kept, or remove the file: the next key gives other pseudonyms."
        raise KeyFileError(message)
    return key
