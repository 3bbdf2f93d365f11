"""The compiled patterns, kept between runs: compiling them takes seconds, loading them milliseconds.

What is kept is only ever a copy: it lies in the user's own cache folder, its name holds everything that it depends on, its
content is checked, and where it cannot be kept it is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hyperscan
    import re2

_DIGEST = 32


def database(expressions: list[bytes]) -> hyperscan.Database:
    """A database of these patterns, their numbers as ids, case-insensitive, `^` and `$` at line ends, each reported once a scan.

    Args:
        expressions: patterns in Hyperscan's syntax.

    Raises:
        hyperscan.error: a pattern cannot be compiled.
    """
    import hyperscan

    path = _kept(expressions, version("hyperscan"))
    loaded = _load(path)
    if loaded is not None:
        return loaded
    compiled = hyperscan.Database()
    flag = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_SINGLEMATCH
    numbers = list(range(len(expressions)))
    compiled.compile(expressions=expressions, ids=numbers, elements=len(expressions), flags=[flag] * len(expressions))
    _keep(path, bytes(hyperscan.dumpb(compiled)))
    return compiled


@cache
def exact(pattern: str) -> re2._Regexp:
    """A pattern compiled by RE2, case-insensitive: whatever the text, in linear time (compiled when first asked for)."""
    import re2

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return re2.compile(pattern, options)


def _kept(expressions: list[bytes], release: str) -> Path:
    from platformdirs import user_cache_path

    digest = hashlib.sha256(f"1 {release} {platform.machine()} {_processor()}".encode())
    for expression in expressions:
        digest.update(b"\0" + expression)
    return user_cache_path("vigie") / f"patterns-{digest.hexdigest()[:32]}.hs"


def _processor() -> str:
    """Flags of the processor: a database is compiled for the instructions that are there."""
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if line.startswith(("flags", "Features")):
                return line.strip()
    return platform.processor()


def _load(path: Path) -> hyperscan.Database | None:
    import hyperscan

    try:
        if path.stat().st_uid != os.getuid():
            return None
        content = path.read_bytes()
        if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        return hyperscan.loadb(content[_DIGEST:], hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        return None


def _keep(path: Path, content: bytes) -> None:
    """Written under another name and renamed, so that a reader never sees half of it; older ones go."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="patterns-", suffix=".tmp")
        with os.fdopen(handle, "wb") as out:
            out.write(hashlib.sha256(content).digest() + content)
        for old in sorted(path.parent.glob("patterns-*"), key=lambda p: p.stat().st_mtime)[:-8]:
            if old != Path(name):
                old.unlink(missing_ok=True)
        Path(name).rename(path)
