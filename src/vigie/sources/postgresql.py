r"""PostgreSQL's log as text (`stderr`, or carried by syslog), whatever its `log_line_prefix`.

A message, its tab lines and the DETAIL, HINT and STATEMENT of the same process that follow it are one piece: only the DETAIL says whether the
account exists. A DETAIL that another process's line parts from its message is told by itself. How syslog numbers the lines of one message
(`[3-1]`, `[3-2]`) is believed too. The prefix is free text, and `%u`, `%d` and `%a` in it are a client's: where such a text looks like the
head of another message, nothing that follows is believed, and the line is a probe.

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html
    - https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.records import LOGIN
from vigie.sources.notice_rows import CONTINUES
from vigie.sources.pieces import bounded, line_starts
from vigie.sources.postgresql_phrases import MORE, NOBODY
from vigie.sources.postgresql_prefix import (
    GROUPS,
    KNOWN,
    MARK,
    NAMED_BY_CLIENTS,
    TIMELESS,
    compiled,
    found_prefixes,
    statement_of,
)
from vigie.sources.postgresql_rows import Messages, log_ins
from vigie.sources.postgresql_times import moments, unclear_zones
from vigie.sources.rows import nulls, text_of
from vigie.sources.source import Ends, Reading, Recognition, Source
from vigie.sources.syslog import NO_YEAR, heads

NO_LINE: Final = "no PostgreSQL line"
NO_PREFIX: Final = "log_line_prefix not understood; --layout names it"
"""Why a line is unread that ends its head as PostgreSQL does but begins it in a way that was not found out."""

_STAMP: Final = r"(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT[\d:.,]{8,18}(?:Z|[+-]\d\d:?\d\d)?)"
_PROGRAM: Final = r"(?:postgres(?:ql)?|postmaster)"
_NUMBERS: Final = r"(?:\[\d{1,10}-\d{1,10}\] )?"
_CARRIED: Final = (
    rf"(?:(?:<\d{{1,3}}>)?{_STAMP} (?:[^ \n]{{1,255}} )?{_PROGRAM}[^ \[\n]*\[\d{{1,10}}\]: "
    rf"|<\d{{1,3}}>1 {_STAMP} [^ \n]{{1,255}} {_PROGRAM}[^ \n]* \d{{1,10}} [^ \n]{{1,32}} (?:-|\[[^\]\n]*\]) (?:\x{{FEFF}})?){_NUMBERS}"
)
_NUMBERED: Final = r"^[^\n]*?(?:\[(?P<process>\d{1,10})\]: | (?P<number>\d{1,10}) [^ \n]{1,32} (?:-|\[[^\]\n]*\]) (?:\x{FEFF})?)(?:\[(?P<message>\d{1,10})-(?P<line>\d{1,10})\] )?"
_MORE_MARK: Final = rf"(?:{'|'.join(MORE)})[ \x{{A0}}]?:  "
_DATED: Final = r"^[^\n]{0,160}?[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:"
_DETAIL: Final = ("DETAIL", "DÉTAIL")
_SHORT: Final = 1 << 16
_SAMPLE: Final = re.compile(r"[A-ZÉÊÀ]{2,16}[1-5]?[ \xa0]?:  ")
_UNWRAPPED: Final = re.compile(r"\[\d{1,10}-\d{1,10}\] ")
_SYSLOG: Final = re.compile(_CARRIED.replace(r"\x{FEFF}", "\ufeff"))


def ends(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where messages end.

    Args:
        data: begins with a message.
        reading: `layout`.
        final: nothing more comes.

    Returns:
        ends of messages; the last one may go on.
    """
    return bounded(data, lambda rest: _begins(rest, reading, final))


def _begins(data: bytes, reading: Reading, final: bool) -> Ends:
    """Where a message begins, apart from the first: at every whole line that continues none."""
    # of a last line that is not whole only the beginning is known: it does not begin anything yet
    whole = data if final else data[: data.rfind(b"\n") + 1]
    return _begins_in(whole, reading) if len(whole) > _SHORT else _begins_in_short(whole, reading)


@lru_cache(maxsize=2)
def _begins_in_short(data: bytes, reading: Reading) -> Ends:
    """The same of a stream that comes in drops: the lines that are whole are looked at once."""
    return _begins_in(data, reading)


def _begins_in(data: bytes, reading: Reading) -> Ends:
    starts = line_starts(data)
    if not len(starts) or int(starts[-1]) < len(data):
        starts = np.append(starts, len(data))
    count = len(starts)
    if count < 2:
        return np.zeros(0, np.int64)
    bounds = np.concatenate([np.zeros(1, np.int64), starts])
    raw = pa.Array.from_buffers(pa.binary(), count, [None, pa.py_buffer(bounds.astype(np.int32)), pa.py_buffer(data)])
    return bounds[:count][_begin_rows(text_of(raw), reading)][1:]


def _begin_rows(lines: pl.Series, reading: Reading) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which lines begin a message; the first always does."""
    carried = _carried(lines)
    body = _bare(lines) if carried.any() else lines
    begins = ~body.str.starts_with("\t").to_numpy()
    if carried.any():
        begins &= ~_numbered_on(lines, carried)
    begins[:1] = True
    heading = np.flatnonzero(begins)
    more = np.flatnonzero(body.gather(heading).str.contains(_MORE_MARK).to_numpy())
    more = more[more > 0]
    if len(more):
        wanted = np.unique(np.concatenate([more, more - 1]))
        rows = heading[wanted]
        groups = matched(body.gather(rows), reading, carried.gather(rows))
        process = groups["pid"].fill_null(groups["session"])
        if carried.any():
            numbers = lines.gather(rows).str.extract_groups(_NUMBERED).struct.unnest()
            process = process.fill_null(numbers["process"]).fill_null(numbers["number"])
        severity, whose = groups["severity"], process.fill_null("").to_numpy()
        further, told = severity.is_in(MORE).fill_null(value=False).to_numpy(), severity.is_not_null().to_numpy()
        at = np.searchsorted(wanted, more)
        joined = further[at] & told[at - 1] & (whose[at] == whose[at - 1])
        begins[heading[more[joined]]] = False
    return begins


def _numbered_on(lines: pl.Series, carried: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Lines that syslog numbered as the second, third … of the message that the line before belongs to."""
    numbers = lines.set(~carried, None).str.extract_groups(_NUMBERED).struct.unnest()
    place, process = numbers["line"].cast(pl.Int64, strict=False), numbers["process"].fill_null(numbers["number"])
    follows = (place == place.shift() + 1) & (process == process.shift()) & (numbers["message"] == numbers["message"].shift())
    return follows.fill_null(value=False).to_numpy()


def _carried(text: pl.Series) -> pl.Series:
    """Which pieces begin with the head of syslog."""
    return text.str.contains(f"^{_CARRIED}")


def _bare(text: pl.Series) -> pl.Series:
    """Without the heads of syslog, and with tabs and line ends that it wrote as numbers."""
    return text.str.replace_all(f"(?m)^{_CARRIED}", "").str.replace_all("#012", "\n", literal=True).str.replace_all("(?m)^#011", "\t")


def prefixes_of(reading: Reading) -> list[str]:
    """The prefixes of a reading, in the order in which they are tried."""
    return [statement_of(prefix) for prefix in reading.layout.split("\n")] if reading.layout else []


def matched(text: pl.Series, reading: Reading, carried: pl.Series) -> pl.DataFrame:
    """Heads and messages of pieces, by the prefixes of the reading, names as people give them first; else by any that is well known.

    Args:
        text: pieces without the head of syslog.
        reading: `layout`, prefixes parted by line ends.
        carried: which pieces syslog carried: their prefix needs no time.

    Returns:
        text columns named as `GROUPS`; `severity` is null where no prefix fits.
    """
    told = prefixes_of(reading)
    marked = text.str.contains(MARK).to_numpy()
    carries = carried.to_numpy()
    left = np.flatnonzero(marked)
    tries = [(prefix, plain) for plain in (True, False) for prefix in told]
    others = [prefix for prefix in ((*KNOWN, *TIMELESS) if carries.any() else KNOWN) if prefix not in told]
    parts: list[pl.DataFrame] = []
    places: list[Ends] = []
    for prefix, plain in (*tries, *((prefix, True) for prefix in others)):
        if others and prefix == others[0] and len(left):
            left = left[carries[left] | text.gather(left).str.contains(_DATED).to_numpy()]
        rows = left[carries[left]] if prefix in TIMELESS and prefix not in told else left
        if not len(left):
            break
        if not len(rows):
            continue
        groups = text.gather(rows).str.extract_groups(compiled(prefix, plain=plain)).struct.unnest()
        hit = groups["severity"].is_not_null().to_numpy()
        if hit.any():
            parts.append(groups if hit.all() else groups.filter(hit))
            places.append(rows[hit])
            left = np.setdiff1d(left, rows[hit], assume_unique=True)
    return _in_places(parts, places, len(text))


def _in_places(parts: list[pl.DataFrame], places: list[Ends], count: int) -> pl.DataFrame:
    """Rows that were matched apart, at their places; rows that were not are null."""
    if len(parts) == 1 and len(places[0]) == count:
        return parts[0].select(pl.col(name) if name in parts[0].columns else pl.lit(None, pl.String).alias(name) for name in GROUPS)
    if not parts:
        return pl.DataFrame({name: [None] * count for name in GROUPS}, schema=dict.fromkeys(GROUPS, pl.String))
    order = np.full(count, -1, np.int64)
    order[np.concatenate(places)] = np.arange(sum(len(rows) for rows in places))
    whole = pl.concat([pl.DataFrame(schema=dict.fromkeys(GROUPS, pl.String)), *parts], how="diagonal")
    return whole.select(pl.all().gather(pl.Series(pa.array(order, mask=order < 0)).cast(pl.UInt32)))


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of messages.

    Args:
        batch: rows of `LINE`, one message each with its DETAIL and tab lines; or single lines.
        reading: `layout` (prefixes, parted by line ends), `timezone` and `year` for times that carry none.

    Returns:
        `LOGIN` columns and `unread`, same rows in the same order.

    Raises:
        PrefixError: the layout is no `log_line_prefix`.
    """
    text = text_of(batch.column("line"))
    if text.str.contains("\r\n", literal=True).any():
        text = text.str.replace_all("\r\n", "\n", literal=True)
    carried = _carried(text)
    body = _bare(text) if carried.any() else text
    groups = matched(body, reading, carried)
    detail = matched(groups["rest"].fill_null(""), reading, carried)
    seen = moments(groups["time"], groups["epoch"], reading)
    observer, process = nulls(len(text)), groups["pid"]
    yearless = np.zeros(len(text), bool)
    if carried.any():
        head = heads(text.str.extract(r"^([^\n]*)"), reading)
        timed = carried & groups["time"].is_null() & groups["epoch"].is_null()
        seen = seen.zip_with(~timed, head.seen_at)
        observer = head.host.set(~carried, None)
        process = process.fill_null(head.process.set(~carried, None))
        yearless = head.yearless & timed.to_numpy()
    named = [~_named(groups[name]) for name in NAMED_BY_CLIENTS]
    doubtful = ~(named[0] & named[1] & named[2]).to_numpy() & groups["message"].str.contains(MARK).fill_null(value=False).to_numpy()
    said = Messages(
        seen=seen, severity=groups["severity"], code=groups["code"], message=groups["message"],
        detail=detail["message"].set(~detail["severity"].is_in(_DETAIL).fill_null(value=False), None),
        user=groups["user"], database=groups["database"], host=groups["host"], port=groups["port"].cast(pl.Int32, strict=False),
        session=groups["session"].fill_null(process), application=groups["application"], observer=observer, names=False, doubtful=doubtful,
    )  # fmt: skip
    lost = groups["severity"].is_null().to_numpy()
    return log_ins(
        batch,
        said,
        (lost & body.str.starts_with("\t").to_numpy(), CONTINUES),
        (lost & body.str.contains(rf"^[^\n]{{0,512}}?{MARK}").to_numpy(), NO_PREFIX),
        (lost, NO_LINE),
        (yearless, NO_YEAR),
    )


def _named(values: pl.Series) -> pl.Series:
    """Which texts a client chose."""
    return (values.is_not_null() & ~values.is_in([*NOBODY, ""])).fill_null(value=False)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim lines whose heads a known prefix, or one that their shapes suggest, explains."""
    lines = [line for piece in sample for line in piece[: 1 << 16].decode("utf-8", "replace").split("\n")]
    begun = [line for line in lines if not line.startswith("\t")]
    if not begun or sum(_SAMPLE.search(line[:512]) is not None for line in begun) * 4 < len(begun):
        return None
    carried = sum(_SYSLOG.match(line) is not None for line in lines) * 2 > len(lines)
    if carried:
        lines = _bare(pl.Series(lines, dtype=pl.String)).str.split("\n").explode().to_list()
    elif sum(_UNWRAPPED.match(line) is not None for line in lines) * 2 > len(lines):
        return None  # syslog's own head tells time and process: with it the line is whole
    prefixes, share = found_prefixes(lines, (*TIMELESS, *KNOWN) if carried else KNOWN)
    if not prefixes:
        return None
    text = pl.Series(lines, dtype=pl.String)
    groups = matched(text, Reading(layout="\n".join(prefixes)), pl.Series([carried]).new_from_index(0, len(text)))
    if groups.select(pl.all_horizontal(pl.col(NAMED_BY_CLIENTS).is_null())).to_series().all():
        prefixes = [prefix for prefix in prefixes if "%q" not in prefix]  # lines of the server itself do not tell what stands before those of clients
    doubts = [f"log_line_prefix taken for {prefix!r}" for prefix in prefixes if prefix not in KNOWN and prefix not in TIMELESS]
    doubts += unclear_zones(groups["time"])
    old = carried and re.match(r"(?:<\d+>)?[A-Z]", sample[0][:64].decode("utf-8", "replace")) is not None
    return Recognition(share, "PostgreSQL", "\n".join(prefixes), "; ".join(doubts), yearless=old and groups["time"].null_count() == len(groups))


SOURCE = Source(
    "postgresql",
    LOGIN,
    recognise,
    read,
    references=("https://www.postgresql.org/docs/current/runtime-config-logging.html",),
    specific=2,
    ends=ends,
)
"""One record a message; messages of statements and of the server itself are unread, and say so."""
