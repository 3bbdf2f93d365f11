"""Lines with a syslog head: when, which host, which program, which process, and what it said.

One file may hold the lines of several programs, so a source that reads them looks at the head itself instead of having it taken
off. Read are RFC 3164 as rsyslog, syslog-ng, busybox and macOS write it (without a host, with a year, with fractions, with `<13>`),
the same with ISO 8601 times (`journalctl -o short-iso`, rsyslog's file format of today), RFC 5424, journald's JSON export
(`MESSAGE` as text or as a list of bytes), and any of them in the JSON of Docker (`log`) or of a platform (`message`).

References:
    - RFC 3164; RFC 5424.
    - https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html
    - https://docs.docker.com/engine/logging/drivers/json-file/
    - https://www.rsyslog.com/doc/configuration/action/rsconf1_repeatedmsgreduction.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.sources.json_fields import fields_of
from vigie.sources.rows import nulls, text_of
from vigie.sources.source import Reading, Recognition
from vigie.sources.times import civil, epoch_times, iso_times, with_year

NO_HEAD: Final = "no syslog line"
"""Why a line without a head is unread."""
OTHER_PROGRAM: Final = "another program's line"
"""Why a line is unread that none of the programs wrote which a source reads."""
NO_YEAR: Final = "time has no year; --year names it"
FOLDED: Final = "stands for lines that the log left out, and does not say which"
"""Why `last message repeated 3 times` is unread: what was repeated may stand in another file."""

BEGINS: Final = r"(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)?) "
"""How lines of syslog begin, for samples: priority and time."""
_ISO: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?: ?Z| ?[+-][0-9]{2}:?[0-9]{2})?"
_OLD: Final = r"[A-Z][a-z]{2} {1,2}[0-9]{1,2} (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
_SAID: Final = r'(?P<program>[^ :\[\]()<>{}"]+(?:\([^ ()]*\))?)(?:<[^ <>]*>)*(?:\[(?P<process>[0-9]+)\])?:(?: (?P<message>.*))?$'
_HOST: Final = r"(?P<host>[^ :\[\]]+) "
_IPV6: Final = r"(?P<host>[0-9A-Fa-f:.]+) "
_BARE: Final = r"\[(?P<program>[A-Za-z0-9_-]+)\]:? (?P<message>.*)$"
_HEADS: Final = tuple(rf"^(?:<[0-9]{{1,3}}>)?(?P<stamp>{stamp}) {rest}" for rest in (_HOST + _SAID, _SAID, _IPV6 + _SAID, _BARE) for stamp in (_OLD, _ISO))
"""Each a one-pass pattern, that is an order of magnitude faster than one pattern for all: the commonest first."""
_RFC5424: Final = (
    r"^<\d{1,3}>[1-9]\d? (?P<stamp>[^ ]+) (?P<host>[^ ]{1,255}) (?P<program>[^ ]{1,255}) (?P<process>[^ ]{1,128}) [^ ]{1,255} "
    r'(?:-|(?:\[(?:[^\]\\"]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: (?:\x{FEFF})?(?P<message>.*))?$'
)
_STAMP: Final = (
    r"^(?P<name>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?:(?P<year>\d{4}) )?(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?$"
)
_LAST: Final = r"^last message repeated \d{1,9} times?$"
_LAST_HEAD: Final = rf"^(?:<\d{{1,3}}>)?(?:{_OLD}|{_ISO}) (?:[^ ]{{1,255}} )?(last message repeated \d{{1,9}} times?)$"
_REPEATED: Final = r"^message repeated (?P<times>\d{1,9}) times: \[ ?(?P<message>.*)\]$"
_SOLARIS: Final = r"^\[ID \d{1,10} [a-z0-9.]{1,40}\] "
_ZONED: Final = r"^(?:[0-9]{1,3}>)?(?:[1-9][0-9]? )?[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]{8,18} ?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_MOST: Final = 0.8
"""Part of a sample that must have heads for a few lines to be enough."""
_ENOUGH: Final = 0.5
"""What a claim on few lines is worth: just as much as a source must claim to be believed."""
_MOST_REPEATS: Final = 1_000_000
_JOURNAL: Final = ("/__REALTIME_TIMESTAMP", "/_SOURCE_REALTIME_TIMESTAMP", "/_HOSTNAME", "/SYSLOG_IDENTIFIER", "/_COMM", "/_PID", "/SYSLOG_PID", "/MESSAGE", "/log", "/message")  # fmt: skip
_SAMPLE: Final = re.compile(r'(?:<\d{1,3}>(?:[1-9]\d? )?)?(?:[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)|\{.*"(?:MESSAGE|log|message)" ?:')


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands before messages, one row a line.

    Attributes:
        seen_at: microseconds of UTC; null where the time is no date, or has no year and none is known.
        host: as logged.
        program: its name without the path, the process number and what else was in brackets; null where a line has no head.
        process: number of the process, as text.
        message: what the program said; where syslog folded equal messages, the message once.
        repeats: how many times it said so again; null where nothing was folded.
        yearless: the time has no year, and none is known.
        folded: the line only says that one before it was repeated.
    """

    seen_at: pl.Series
    host: pl.Series
    program: pl.Series
    process: pl.Series
    message: pl.Series
    repeats: pl.Series
    yearless: npt.NDArray[np.bool_]
    folded: npt.NDArray[np.bool_]


def heads(text: pl.Series, reading: Reading) -> Heads:
    """Take lines apart.

    Args:
        text: lines, terminators off.
        reading: `timezone` for times that carry none, `year`, `year_from` and `year_until` for those without a year.
    """
    plain, exact = _opened(text)
    frame = _split(plain)
    if exact is not None:
        told = exact["program"].is_not_null() | exact["message"].is_not_null()
        frame = frame.select(pl.when(told).then(exact[name]).otherwise(frame[name]).alias(name) for name in frame.columns)
    seen, yearless = _times(frame["stamp"], reading)
    if exact is not None:
        seen = seen.fill_null(epoch_times(exact["epoch"], 1_000_000))
    message = frame["message"]
    solaris = message.str.starts_with("[ID ").fill_null(value=False)
    if solaris.any():
        message = message.str.replace(_SOLARIS, "")
    message, repeats = _unfolded(message)
    folded = (plain.str.contains(_LAST_HEAD) | message.str.contains(_LAST).fill_null(value=False)).to_numpy()
    return Heads(seen, _told(frame["host"]), frame["program"], _told(frame["process"]), message.fill_null("").set(frame["program"].is_null(), None), repeats, yearless, folded)


def recognise_programs(sample: Sequence[bytes], wanted: Callable[[Heads], npt.NDArray[np.bool_]], title: str) -> Recognition | None:
    """Claim lines with syslog heads of which some are of wanted programs, however few: other programs share their file.

    Where another source reads more of the same file, it wins; where none does, few lines are enough.

    Args:
        sample: lines without terminators.
        wanted: which lines are of programs that the source reads.
        title: what to call the format.
    """
    if not any(_SAMPLE.match(line[:512].decode("utf-8", "replace")) or b'"MESSAGE"' in line for line in sample):
        return None
    text = text_of(pa.array(sample, pa.binary()))
    found = heads(text, Reading(year=2000))
    headed = int(found.program.is_not_null().sum()) + int(found.folded.sum())
    mine = int(wanted(found).sum())
    if not mine:
        return None
    share = max(mine / len(sample), _ENOUGH if headed >= _MOST * len(sample) else 0.0)
    written = text.str.strip_prefix("<").filter(found.program.is_not_null())
    zoned = written.str.contains(_ZONED) | written.str.starts_with("{")
    yearless = found.program.is_not_null().to_numpy() & heads(text, Reading()).yearless
    return Recognition(share, title, doubt="" if zoned.all() else "times carry no zone; --tz names it", yearless=bool(yearless.any()))


def _split(text: pl.Series) -> pl.DataFrame:
    """`stamp`, `host`, `program`, `process`, `message` of lines in text; each pattern is asked of the lines that none before it fits."""
    names = ("stamp", "host", "program", "process", "message")
    whole = pl.DataFrame({name: nulls(len(text)) for name in names})
    left, places = text, np.arange(len(text))
    for pattern in (*_HEADS, _RFC5424):
        found = left.str.extract_groups(pattern).struct.unnest()
        fits = found["stamp"].is_not_null()
        if not fits.any():
            continue
        if len(left) == len(text):
            whole = pl.DataFrame([found[name] if name in found.columns else whole[name] for name in names])
        else:
            rows = places[fits.to_numpy()]
            whole = pl.DataFrame([whole[name].clone().scatter(rows, found[name].filter(fits)) if name in found.columns else whole[name] for name in names])
        left, places = left.filter(~fits), places[~fits.to_numpy()]
        if not len(left):
            break
    # /usr/sbin/sshd is sshd; postfix/smtpd stays what it is
    path = whole["program"].str.starts_with("/").fill_null(value=False)
    return whole if not path.any() else whole.with_columns(whole["program"].str.replace(r"^/(?:[^/]*/)*", ""))


def _times(stamp: pl.Series, reading: Reading) -> tuple[pl.Series, npt.NDArray[np.bool_]]:
    """Times, and which have no year that is known; equal ones (a flood has many in a second) are looked at once."""
    encoded = stamp.to_arrow().cast(pa.string()).dictionary_encode()
    distinct = pl.Series(encoded.dictionary, dtype=pl.String)
    parts = distinct.str.extract_groups(_STAMP).struct.unnest()
    bare = parts["name"].is_not_null() & parts["year"].is_null() & (not reading.year)
    seen = civil(with_year(parts, reading), reading.timezone)
    seen = seen.fill_null(iso_times(distinct.str.replace(",", ".", literal=True), reading.timezone))
    rows = pl.Series(encoded.indices)
    return seen.gather(rows), bare.gather(rows).fill_null(value=False).to_numpy()


def _unfolded(message: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Messages that rsyslog folded, and how often each was said again."""
    none = pl.Series("repeats", [None], dtype=pl.Int32).new_from_index(0, len(message))
    rows = message.str.starts_with("message repeated ").fill_null(value=False)
    if not rows.any():
        return message, none
    parts = message.filter(rows).str.extract_groups(_REPEATED).struct.unnest()
    times = parts["times"].cast(pl.Int32, strict=False)
    times = times.set(~times.is_between(1, _MOST_REPEATS), None)
    places = rows.arg_true()
    return message.clone().scatter(places, parts["message"].fill_null(message.filter(rows))), none.scatter(places, times)


def _told(values: pl.Series) -> pl.Series:
    """Without the ways in which syslog says "nothing"."""
    return values.set(values.is_in(["-", ""]), None)


def _opened(text: pl.Series) -> tuple[pl.Series, pl.DataFrame | None]:
    """Lines within JSON opened, and what journald's objects hold (null for every other line; None where there are none)."""
    objects = text.str.starts_with("{")
    if not objects.any():
        return text, None
    found = fields_of(text.filter(objects), _JOURNAL, ["/MESSAGE"])
    value = {name: pl.Series(found.values[name]) for name in _JOURNAL}
    listed = pl.Series(found.lists["/MESSAGE"])
    message = value["/MESSAGE"].fill_null(_of_bytes(listed.set(~listed.str.starts_with("["), None)))
    places = objects.arg_true()
    nothing = nulls(len(text))
    journal = message.is_not_null()
    columns = {
        "stamp": nothing,
        "epoch": value["/_SOURCE_REALTIME_TIMESTAMP"].fill_null(value["/__REALTIME_TIMESTAMP"]),
        "host": value["/_HOSTNAME"],
        "program": value["/SYSLOG_IDENTIFIER"].fill_null(value["/_COMM"]).fill_null(""),
        "process": value["/SYSLOG_PID"].fill_null(value["/_PID"]),
        "message": message,
    }
    exact = pl.DataFrame({name: (column if name == "stamp" else nothing.clone().scatter(places, column.set(~journal, None))).alias(name) for name, column in columns.items()})
    carried = value["/log"].fill_null(value["/message"]).str.replace(r"\r?\n$", "").set(journal, None)
    return text.clone().scatter(places, carried.fill_null("")), exact


def _of_bytes(lists: pl.Series) -> pl.Series:
    """Texts that journald writes as lists of bytes, since they hold some that are no text; distinct ones are looked at one by one."""
    distinct = lists.unique().drop_nulls()
    if not len(distinct):
        return lists
    made = pl.Series([_decoded(value) for value in distinct.to_list()], dtype=pl.String)
    return lists.replace_strict(distinct, made, default=None, return_dtype=pl.String)


def _decoded(value: str) -> str | None:
    try:
        raw = bytes(json.loads(value))
    except (ValueError, TypeError, RecursionError):
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
