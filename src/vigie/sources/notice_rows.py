"""What the error logs of web servers share: request texts, ModSecurity's brackets, lines that continue a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.sources.rows import NO_DATE, reasons
from vigie.sources.source import Recognition

CONTINUES: Final = "continues the message of the line before"
"""Why a line of a stack trace or of a message with line breaks is unread by itself."""

_CONTINUED: Final = (
    r"^(?:[ \t]|Stack trace:|#\d{1,4} |PHP message: |PHP (?:Warning|Notice|Fatal|Parse|Deprecated|Stack trace|\s)|Next [A-Z]\w*|thrown in |"
    r'"? ?while (?:reading|sending|SSL|connecting)|\)|\}|Array$|\()'
)
WAF: Final = r"^(?:\[client \"?[^\]\s\"]{1,64}\"?\] ){0,2}(?:ModSecurity|Coraza): "
"""How a message of ModSecurity or Coraza begins."""
_NOT_PLAIN: Final = re.compile(r'[^\x20-\x7e]|["\\]')


def continued(text: pl.Series) -> pl.Series:
    """Which lines look like the rest of a message with line breaks (a PHP stack trace, a printed array)."""
    return text.str.contains(_CONTINUED)


def recognise_begun(sample: Sequence[bytes], begins: re.Pattern[str], title: str) -> Recognition | None:
    """Claim lines that begin as a pattern says, counted among those that begin a message: stack traces can be most of a log.

    Args:
        sample: lines without terminators.
        begins: anchored at the start, and bounded.
        title: what to call the format; its times carry no zone.
    """
    heads = [line[:160].decode("utf-8", "replace") for line in sample]
    count = sum(begins.match(head) is not None for head in heads)
    rest = int(continued(pl.Series(heads, dtype=pl.String)).sum()) if count else 0
    if not count:
        return None
    return Recognition(count / max(len(sample) - rest, count, 1), title, doubt="times carry no zone; --tz names it")


def why_unread(text: pl.Series, lost: pl.Series, seen: pl.Series, no_line: str) -> npt.NDArray[np.str_]:
    """Why each line is unread, "" where it is read: it continues a message, is none of this log, or has no date.

    Args:
        text: the lines.
        lost: those that do not begin a message of this log.
        seen: their times.
        no_line: what to say of those that are none of this log.
    """
    return reasons(((lost & continued(text)).to_numpy(), CONTINUES), (lost.to_numpy(), no_line), (seen.is_null().to_numpy(), NO_DATE))


def bracket(message: pl.Series, name: str) -> pl.Series:
    """The value of `[name "value"]` in messages of ModSecurity; the last, since attackers write into those before (`data`)."""
    return message.str.extract(rf'^.*\[{name} "([^"\]]*)"\]')


def as_access_logs_write(values: pl.Series) -> pl.Series:
    r"""Request texts as nginx writes them into access logs: quotes, backslashes and bytes beyond ASCII as `\\xHH`.

    nginx's error log has them raw; the same request must read the same in both logs to be counted once.
    """
    rows = values.str.contains(r'[^\x20-\x7e]|["\\]').fill_null(value=False)
    if not rows.any():
        return values
    encoded = values.to_arrow().cast(pa.string()).dictionary_encode()
    escaped = pa.array([_escaped(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pl.Series(escaped.take(encoded.indices))


@lru_cache(maxsize=65_536)
def _escaped(text: str) -> str:
    return _NOT_PLAIN.sub(lambda match: "".join(f"\\x{byte:02X}" for byte in match[0].encode("utf-8", "replace")), text)
