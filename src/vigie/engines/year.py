"""The year of times that carry none: what the user says, else a log ends when its file was written.

A log of such times reaches over less than a year. So one date is enough to tell the years of all the others, wherever the turn
of the year lies in it: the date of the last line (the file's modification time), or that of the first one (with `--year`).

References:
    - RFC 3164, 4.1.2.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from vigie.engines.block import Task, lines_of, read_lines
from vigie.engines.files import Input
from vigie.sources.registry import Verdict
from vigie.sources.source import Reading

_SLACK: Final = timedelta(days=2)
"""Lines out of order, and zones between the clock of the log and that of the file."""


def ends_in(reading: Reading, moment: float) -> Reading:
    """A reading with the year of a log that ends at a moment; as it is where its year is known.

    Args:
        reading: what the user said.
        moment: seconds of the epoch.
    """
    if reading.year:
        return reading
    last = datetime.fromtimestamp(max(moment, 0), UTC).date() + _SLACK
    return replace(reading, year=last.year, year_until=_day(last))


def begins_in(verdict: Verdict, sample: Sequence[bytes]) -> Verdict:
    """A verdict whose reading has the year that the user says, the first time of the sample being in it.

    Args:
        verdict: on a log whose times carry no year.
        sample: its first lines.
    """
    plain = replace(verdict.reading, year_from=0, year_until=1231)
    task = Task("", "", 0, verdict.source.name, plain, wrapped=verdict.wrapped)
    seen = read_lines(lines_of(b"\n".join(sample) + b"\n", "", "", 0), task).column("seen_at").drop_null()
    if not len(seen):
        return replace(verdict, reading=plain)
    first = seen[0].as_py().date()
    before = first - _SLACK if (first - _SLACK).year == first.year else date(first.year, 1, 1)
    return replace(verdict, reading=replace(plain, year_from=_day(before)))


def written(item: Input) -> float:
    """When an input was last written, in seconds of the epoch; what is no file is written now."""
    try:
        facts = item.path.stat() if item.path is not None else os.fstat(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):
        return time.time()
    import stat

    return facts.st_mtime if stat.S_ISREG(facts.st_mode) else time.time()


def doubt_of(reading: Reading, *, told: bool) -> str:
    """What is said of the year that was taken."""
    if told:
        return f"times carry no year; the first is of {reading.year}, as you said"
    return f"times carry no year; that of the file's last change was taken ({reading.year}); --year names that of the first line"


def _day(one: date) -> int:
    return one.month * 100 + one.day
