"""Inputs: which files a user means, and their bytes, decompressed, bounded, hostile as they are."""

from __future__ import annotations

import bz2
import contextlib
import glob
import gzip
import io
import lzma
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from vigie.archive.archive import ARCHIVE_MARK
from vigie.sources.source import Ends

MAX_RATIO = 300
"""A compressed file that grows by more than this is taken for a bomb (real logs reach 10 to 60, bombs about 1,000)."""

BOMB_FLOOR = 64 * 1024 * 1024
"""Decompressed bytes below which the ratio is not looked at."""

_ROTATION = re.compile(r"(?:[.-](?:\d{1,3}|\d{8}(?:[-_]?\d{2,6})?|\d{4}-\d{2}-\d{2}))+$")
COMPRESSED = (".gz", ".xz", ".zst", ".bz2")
"""Suffixes of the compressions that are read (told by content, whatever the name)."""
_SKIPPED = (".swp", ".pid", ".lock")


class InputError(Exception):
    """An input that cannot be read: says what, where, and what to try. What was read before it stays read."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read.

    Attributes:
        path: where it is; None for standard input.
        name: how it is shown and stored.
        feed: the log it belongs to, whatever its rotation and compression (`access.log`).
        named: the user named it, rather than a folder that holds it; then an unknown format is a failure.
    """

    path: Path | None
    name: str
    feed: str
    named: bool = True


def feed_of(name: str) -> str:
    """The log that a file belongs to: its name without compression and rotation suffixes."""
    base = Path(name).name
    for suffix in COMPRESSED:
        base = base.removesuffix(suffix)
    return _ROTATION.sub("", base) or base


def expand(arguments: tuple[str, ...]) -> tuple[list[Input], list[str]]:
    """Files meant by paths, folders, globs and `-`, each once, oldest rotation first.

    Returns:
        inputs, and one sentence for each argument or folder entry that is no input.
    """
    found: dict[str, Input] = {}
    problems: list[str] = []
    for argument in arguments:
        if argument == "-":
            found["-"] = Input(None, "-", "stdin")
            continue
        if not argument or "\0" in argument:
            problems.append(f"{argument!r}: no name of a file. Give a log file, a folder of logs, or - for standard input.")
            continue
        names = [argument] if Path(argument).exists() or not glob.has_magic(argument) else sorted(glob.glob(argument, recursive=True))  # noqa: PTH207
        if not names:
            problems.append(f"{argument}: no file matches this pattern. Try: ls {argument}")
        for name in names:
            _add(Path(name), found, problems)
    return sorted(found.values(), key=_order), problems


def _order(item: Input) -> tuple[str, float]:
    try:
        return (item.feed, item.path.stat().st_mtime if item.path else 0.0)
    except OSError:
        return (item.feed, 0.0)


def _add(path: Path, found: dict[str, Input], problems: list[str]) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        problems.append(f"{path}: {error.strerror or error}. Try: ls -l {path}")
        return
    if stat.S_ISDIR(mode):
        any_file = False

        def unseen(error: OSError) -> None:
            problems.append(f"{error.filename}: {error.strerror or error}. Try: ls -ld {error.filename}")

        for folder, folders, names in os.walk(path, onerror=unseen, followlinks=False):
            folders.sort()
            if ARCHIVE_MARK in names:
                folders.clear()
                continue
            for name in sorted(names):
                entry = Path(folder) / name
                if not name.startswith(".") and entry.suffix not in _SKIPPED and entry.is_file():
                    _keep(entry, found, named=False)
                    any_file = True
        if not any_file:
            problems.append(f"{path}: no file in this folder. Try: ls -lR {path}")
    elif stat.S_ISREG(mode) or stat.S_ISFIFO(mode):
        _keep(path, found)
    else:
        problems.append(f"{path}: neither a file nor a folder. Give a log file, a folder of logs, or - for standard input.")


def _keep(path: Path, found: dict[str, Input], *, named: bool = True) -> None:
    try:
        key = str(path.resolve())
    except OSError:
        key = str(path)
    found.setdefault(key, Input(path, _shown(path), feed_of(_shown(path)), named))


def _shown(path: Path) -> str:
    """A name as text, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class Stream(io.RawIOBase):
    """Bytes of an input, decompressed, with what went wrong on the way.

    Attributes:
        plain: the bytes are the file's own, so that another process may read them by offset.
        failure: why reading ended before the end, else "".
        truncated: the failure is a compressed file that ends too early (what came before is good).
    """

    def __init__(self, item: Input) -> None:
        """Open an input.

        Raises:
            InputError: it cannot be opened.
        """
        super().__init__()
        self.failure = ""
        self.item = item
        self._out = 0
        if item.path is None:
            if sys.stdin is None:
                raise InputError(f"{item.name}: standard input is closed. Try: zcat FILE | vigie read -")
            self._raw: BinaryIO = sys.stdin.buffer
        else:
            try:
                self._raw = item.path.open("rb")
            except OSError as error:
                raise InputError(f"{item.name}: {error.strerror or error}. Try: sudo -u the log's owner, or chmod +r.") from None
        self._head = self._raw.read(6) if item.path is None else b""
        magic = self._head
        self.plain = False
        if item.path is not None:
            magic = self._raw.read(6)
            if stat.S_ISREG(os.fstat(self._raw.fileno()).st_mode):
                self._raw.seek(0)
            else:
                self._head = magic
        body: BinaryIO = cast("BinaryIO", _Prefixed(self._head, self._raw)) if self._head else self._raw
        self._body = self._decompressor(magic, body)
        self.plain = self._body is self._raw and item.path is not None
        self._read = self._body.read if self.plain else getattr(self._body, "read1", self._body.read)

    def _decompressor(self, magic: bytes, body: BinaryIO) -> BinaryIO:
        if magic[:2] == b"\x1f\x8b":
            return cast("BinaryIO", gzip.GzipFile(fileobj=body))
        if magic[:6] == b"\xfd7zXZ\x00":
            return cast("BinaryIO", lzma.LZMAFile(body))
        if magic[:3] == b"BZh":
            return cast("BinaryIO", bz2.BZ2File(body))
        if magic[:4] == b"\x28\xb5\x2f\xfd":
            import zstandard

            return cast("BinaryIO", zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(body, read_across_frames=True))
        return body

    def take(self, size: int) -> bytes:
        """Up to `size` bytes; fewer only at the end or at a failure (then `failure` says why)."""
        parts: list[bytes] = []
        wanted = size
        while wanted and not self.failure:
            try:
                part = self._read(wanted if self.plain else min(wanted, 1 << 22))
            except EOFError:
                self.failure = "the compressed file ends too early; what came before was read"
                break
            except (OSError, zlib.error, lzma.LZMAError, ValueError) as error:
                self.failure = f"cannot be decompressed or read further: {error}"
                break
            except Exception as error:
                if type(error).__name__ != "ZstdError":
                    raise
                self.failure = f"cannot be decompressed further: {error}"
                break
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
            self._out += len(part)
            self._guard()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _guard(self) -> None:
        if self.plain or self._out < BOMB_FLOOR or self.item.path is None:
            return
        with contextlib.suppress(OSError):
            if self._out > MAX_RATIO * max(self.item.path.stat().st_size, 1):
                self.failure = (
                    f"grows more than {MAX_RATIO}-fold when decompressed and was left after {self._out:,} bytes: "
                    "a decompression bomb? Decompress it by hand if you trust it"
                )

    def skip(self, size: int) -> None:
        """Move `size` bytes on from the beginning of the stream."""
        if self.plain:
            self._raw.seek(size)
            return
        while size > 0:
            part = self.take(min(size, 1 << 24))
            if not part:
                return
            size -= len(part)

    def close(self) -> None:
        """Close the file (not standard input)."""
        if self.item.path is not None:
            self._raw.close()
        super().close()


class _Prefixed(io.RawIOBase):
    """A stream whose first bytes were already taken."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._parts = head
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        if self._parts:
            if size < 0:
                head, self._parts = self._parts, b""
                return head + self._rest.read()
            head, self._parts = self._parts[:size], self._parts[size:]
            return head
        return self._rest.read(size)


def utf16(head: bytes) -> str:
    """The codec of a file that begins with a UTF-16 mark (SQL Server and some Windows exports), else ""."""
    if head[:2] == b"\xff\xfe":
        return "utf-16-le"
    if head[:2] == b"\xfe\xff":
        return "utf-16-be"
    return ""


MAX_PIECE = 64 * 1024 * 1024
"""Bytes that are held until a piece ends: a line that is longer is cut, a document that is larger is refused."""


def blocks(stream: Stream, size: int, start: int = 0, ends: Callable[[bytes], Ends] | None = None) -> Iterator[tuple[int, bytes]]:
    """Cut a stream where lines, or the pieces of a source, end into blocks of about `size` bytes.

    Args:
        stream: gives the bytes.
        size: of a block.
        start: offset of the first byte that the stream gives.
        ends: bytes that begin with a piece → where pieces in them end; None for lines.

    Yields:
        offset of the block's first byte, and its bytes; the last block may end without a newline. A line longer
        than a block makes that block as long as the line, up to `MAX_PIECE`, after which the line is cut.

    Raises:
        InputError: no piece ends within `MAX_PIECE`.
    """
    offset, rest = start, b""
    while True:
        part = stream.take(size)
        if not part:
            if rest:
                yield offset, rest
            return
        searched = len(rest)
        rest += part
        if ends is None:
            cut = rest.rfind(b"\n", searched) + 1
        else:
            found = ends(rest)
            cut = int(found[-1]) if len(found) else 0
        if not cut:
            if len(rest) < MAX_PIECE:
                continue
            if ends is not None:
                raise InputError(f"larger than {MAX_PIECE >> 20} MiB without an end that vigie could cut at. Try: export fewer months, or only the pages")
            cut = len(rest)
        yield offset, rest[:cut]
        offset += cut
        rest = rest[cut:]
