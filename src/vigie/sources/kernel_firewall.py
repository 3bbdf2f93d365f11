"""Packets that a Linux firewall (iptables, nftables, UFW, firewalld) had the kernel log.

Read in whatever carries the kernel's messages: `kern.log` and `ufw.log` of syslog (RFC 3164, ISO 8601, RFC 5424), `journalctl` in its text forms
and as JSON, `dmesg -T` and `dmesg --time-format iso`. Of the first and of ISO times the head is found by its places like the packet itself; the
others go through patterns. A line that says `kernel:` came from the kernel's log; only there, and in what `dmesg` prints, is a packet believed,
since any program may write `SRC=` into its own lines.

What happened to the packet only the rule's prefix tells (`[UFW BLOCK]`); where it says nothing the packet's fate is untold. Times of the
first form carry neither year nor zone; times since the start of the machine (`[85959.413179]` alone) are no times.

References:
    - https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/netfilter/nf_log_syslog.c
    - RFC 3164; RFC 5424.
    - https://www.freedesktop.org/software/systemd/man/latest/journalctl.html (`-o`)
    - https://man7.org/linux/man-pages/man1/dmesg.1.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import FLOW
from vigie.records.fingerprint import line_bounds
from vigie.sources.address import canonical_addresses
from vigie.sources.eight_bytes import one_dictionary, padded, texts_at, word, words_of
from vigie.sources.firewall_words import answering, answering_ping, fingerprints, flag_bits, flow_states, verdict
from vigie.sources.flow_columns import NO_ADDRESS, flags_of, labels, transports
from vigie.sources.kernel_packet import DAMAGED, NO_PACKET, REASONS, chunks, packets
from vigie.sources.rows import NO_DATE, assemble, in_order, nulls, sample_rows, text_of
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.syslog import NO_YEAR, OTHER_PROGRAM, heads
from vigie.sources.times import civil, epoch_times, iso_micros, syslog_micros, wall_times

NO_LINE: Final = "no line of the kernel's log"
UPTIME: Final = "tells the time since the machine started only; dmesg --time-format iso, or journalctl, tells when"

_WHY: Final = (*REASONS, NO_ADDRESS, NO_DATE, NO_YEAR, UPTIME, NO_LINE, OTHER_PROGRAM)
_KERNEL: Final = int.from_bytes(b"kernel: ", "little")
_MAX_HOST: Final = 64
_NAMES: Final = ("TCP", "UDP", "UDPLITE", "ICMP", "ICMPv6", "ESP", "AH")
"""Protocols that the kernel names; it writes the number of every other."""
_UPTIME_LENGTHS: Final = range(9, 22)
_UPTIME: Final = r"^\[ {0,8}\d{1,10}\.\d{6}\] "
_DECODED: Final = r"^(?:[a-z]{3,8} {0,6}:[a-z]{4,6} {0,4}: |<\d{1,3}>)?"
_CLOCK: Final = r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
_DMESG: Final = _DECODED + rf"\[[^\W\d]{{2,12}}\.? (?P<name>[A-Z][a-z]{{2}}) {{1,2}}(?P<day>\d{{1,2}}) {_CLOCK} (?P<year>\d{{4}})\] (?P<message>.*)$"
_FULL: Final = rf"^[^\W\d]{{2,12}}\.? (?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}) {_CLOCK}(?:\.(?P<fraction>\d{{1,9}}))? (?P<zone>[A-Z]{{1,5}}|[+-]\d{{2,4}}) (?P<host>[^ ]{{1,255}}) kernel: (?P<message>.*)$"
_UNIX: Final = r"^(?P<epoch>\d{9,10}\.\d{1,9}) (?P<host>[^ ]{1,255}) kernel: (?P<message>.*)$"
_COMMA: Final = _DECODED + r"(?P<stamp>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2},\d{1,9}[+-]\d{2}:\d{2}) (?P<message>.*)$"
_SINCE_START: Final = _DECODED + r"(?:[a-z]+ *: *[a-z]+ *: *)?\[ {0,8}\d{1,10}\.\d{6}\]"
_KERNEL_SAYS: Final = b"SRC="
_FRACTION: Final = np.uint64(word(b".000000]"))
_ABOVE_NINE, _OTHERS = np.uint64(0x0076767676767600), np.uint64(0xFF808080808080FF)
"""What is added to the digits of a fraction to tell others from them, and the bits that must then be empty."""

Ints = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Met:
    """Packets, their texts taken out of the buffer while it is at hand; the rest as in `Packets`."""

    prefix: pa.DictionaryArray
    source: pa.DictionaryArray
    destination: pa.DictionaryArray
    protocol: pa.DictionaryArray
    flags: pa.DictionaryArray
    why: npt.NDArray[np.int8]
    length: Ints
    lifetime: Ints
    identity: Ints
    source_port: Ints
    destination_port: Ints
    window: Ints
    kind: Ints
    inside: Marks
    outside: Marks


@dataclass(frozen=True, slots=True)
class _Heads:
    """Heads found by their places: where the message begins, what the clock said, whether it is a time, whether it tells an offset, the host's place."""

    begin: Ints
    micros: Ints
    dated: Marks
    absolute: Marks
    host: Ints
    fits: Marks


Found = TypeVar("Found", _Heads, _Met)


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: `timezone` and `year` for times that carry none.

    Returns:
        `FLOW` columns and `unread`, same rows in the same order.
    """
    lines = batch.column("line")
    buffer, starts, ends = padded(*line_bounds(lines))
    heads_of, met_of, hosts = [], [], []
    for low, high in chunks(starts, ends) or [(0, 0)]:
        heads_of.append(_head(buffer, starts[low:high], ends[low:high], reading))
        met_of.append(_met(buffer, heads_of[-1].begin, ends[low:high]))
        hosts.append(texts_at(buffer, heads_of[-1].host))
    found, met, host = _behind(_Heads, heads_of), _behind(_Met, met_of), one_dictionary(hosts)
    rows = np.flatnonzero(found.fits)
    if len(rows) == len(lines):
        return _quick(batch, found, met, host, reading)
    others = np.flatnonzero(~found.fits)
    slow = _slow(batch.take(pa.array(others)), reading)
    if not len(rows):
        return slow
    return in_order([_quick(batch.take(pa.array(rows)), _of(found, rows), _of(met, rows), host.take(pa.array(rows)), reading), slow], [rows, others])


def _met(buffer: npt.NDArray[np.uint8], begin: Ints, ends: Ints) -> _Met:
    found = packets(buffer, begin, ends)
    prefix, source, destination, protocol, flags = (
        texts_at(buffer, place) for place in (found.prefix, found.source, found.destination, found.protocol, found.flags)
    )
    return _Met(
        prefix, source, destination, protocol, flags, found.why, found.length, found.lifetime, found.identity, found.source_port, found.destination_port, found.window, found.kind,
        found.inside, found.outside,
    )  # fmt: skip


def _behind(kind: type[Found], parts: list[Found]) -> Found:
    """What was found in pieces, as one."""
    if len(parts) == 1:
        return parts[0]
    columns = ([getattr(part, field.name) for part in parts] for field in fields(kind))
    return kind(*(one_dictionary(column) if isinstance(column[0], pa.Array) else np.concatenate(column, axis=-1) for column in columns))


def _of(found: Found, rows: Ints) -> Found:
    columns = (getattr(found, field.name) for field in fields(found))
    return type(found)(*(column.take(pa.array(rows)) if isinstance(column, pa.Array) else column[..., rows] for column in columns))


def _head(buffer: npt.NDArray[np.uint8], starts: Ints, ends: Ints, reading: Reading) -> _Heads:
    """The two forms that most files have: `Jan 15 10:00:00 fw1 kernel: `, and the same or dmesg's with ISO times."""
    eights = words_of(buffer, "<u8")
    old = (buffer[starts + 3] == 32) & (buffer[starts + 6] == 32) & (buffer[starts + 9] == 58) & (buffer[starts + 15] == 32)
    new = (buffer[starts + 4] == 45) & (buffer[starts + 10] == 84)
    micros, dated = np.zeros(len(starts), np.int64), np.zeros(len(starts), bool)
    absolute, stop = new.copy(), starts + 15
    micros[old], dated[old] = syslog_micros(buffer, starts[old], reading)
    if new.any():
        micros[new], dated[new], absolute[new], stop[new] = iso_micros(buffer, starts[new])
    host = stop + 1
    nameless = eights[host] == _KERNEL
    after = _next(buffer, host)
    named = (buffer[after] == 32) & (eights[after + 1] == _KERNEL)
    dmesg = new & (buffer[starts + 19] == 44) & ~named & ~nameless
    begin = np.select([nameless, named], [host + 8, after + 9], host)
    begin = _behind_uptime(buffer, begin)
    fits = (old | new) & (buffer[stop] == 32) & (nameless | named | dmesg) & (begin <= ends)
    begin = np.where(fits, begin, starts)
    told = fits & named & ~nameless
    return _Heads(begin, micros, dated, absolute, np.stack([np.where(told, host, 0), np.where(told, after, 0)]), fits)


def _next(buffer: npt.NDArray[np.uint8], at: Ints) -> Ints:
    """Where the next space is, at most `_MAX_HOST` bytes on."""
    stop, left = at.copy(), np.arange(len(at))
    for _ in range(_MAX_HOST):
        left = left[buffer[stop[left]] != 32]
        if not len(left):
            break
        stop[left] += 1
    return stop


def _behind_uptime(buffer: npt.NDArray[np.uint8], begin: Ints) -> Ints:
    """Where messages begin behind `[85959.413179] `, which not every log has."""
    out = begin.copy()
    after = buffer[begin + 1]
    left = np.flatnonzero((buffer[begin] == 91) & ((after - np.uint8(48) < 10) | (after == 32)))
    if not len(left):
        return out
    words = words_of(buffer, "<u8")
    first = buffer[begin[left[0]] :][: _UPTIME_LENGTHS[-1] + 1].tobytes().find(b"]")
    for length in (first, *_UPTIME_LENGTHS):  # neighbours have the same length
        at = begin[left]
        ending = words[at + length - 7] ^ _FRACTION
        fits = ((ending + _ABOVE_NINE | ending) & _OTHERS == 0) & (buffer[at + length + 1] == 32)
        out[left[fits]] = at[fits] + length + 2
        left = left[~fits]
        if not len(left):
            break
    return out


def _quick(batch: pa.RecordBatch, found: _Heads, met: _Met, host: pa.DictionaryArray, reading: Reading) -> pa.RecordBatch:
    """Rows of lines whose head was found by its places."""
    if found.absolute.all():
        seen = _instants(found.micros, found.dated)
    else:
        seen = wall_times(found.micros, found.dated & ~found.absolute, reading.timezone)
        if found.absolute.any():
            seen = _instants(found.micros, found.dated & found.absolute).fill_null(seen)
    undated = np.where(found.absolute | bool(reading.year), _WHY.index(NO_DATE), _WHY.index(NO_YEAR))
    return _rows(batch, met, seen, _plain(host), undated)


def _instants(micros: Ints, dated: Marks) -> pl.Series:
    return pl.Series(pa.array(micros, pa.int64(), mask=~dated)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _slow(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Rows of lines whose head other forms explain."""
    text = text_of(batch.column("line"))
    head = _other_heads(text, reading)
    why = head["why"].to_numpy()
    messages = pa.array(head["message"].fill_null("").to_arrow().cast(pa.string())).cast(pa.binary())
    buffer, starts, ends = padded(*line_bounds(messages))
    met = _behind(_Met, [_met(buffer, starts[low:high], ends[low:high]) for low, high in chunks(starts, ends) or [(0, 0)]])
    return _rows(batch, met, head["seen"], head["host"].to_arrow().cast(pa.string()), why, lost=why >= _WHY.index(UPTIME))


def _other_heads(text: pl.Series, reading: Reading) -> pl.DataFrame:
    """`seen`, `host`, `message` (behind any time since the start), and `why` there is no time or no message: a number in `_WHY`."""
    carried = heads(text, reading)
    ours = (carried.program == "kernel").fill_null(value=False)
    message, seen, host = carried.message.set(~ours, None), carried.seen_at.set(~ours, None), carried.host.set(~ours, None)
    yearless = carried.yearless & ours.to_numpy()
    for form in (_dmesg, _comma, _full, _unix):
        if not (rest := message.is_null()).any():
            break
        places = rest.arg_true()
        more = form(text.filter(rest), reading)
        message, seen, host = (old.clone().scatter(places, new) for old, new in zip((message, seen, host), more, strict=True))
    started = text.str.contains(_SINCE_START).to_numpy()
    other = carried.program.is_not_null().to_numpy() & ~ours.to_numpy()
    lost = message.is_null().to_numpy()
    why = np.select(
        [lost & started, lost & other, lost, yearless],
        [_WHY.index(UPTIME), _WHY.index(OTHER_PROGRAM), _WHY.index(NO_LINE), _WHY.index(NO_YEAR)],
        _WHY.index(NO_DATE),
    )
    return pl.DataFrame({"seen": seen, "host": host, "message": message.str.replace(_UPTIME, ""), "why": why})


def _dmesg(text: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series, pl.Series]:
    """What `dmesg -T` prints, in the machine's zone."""
    parts = text.str.extract_groups(_DMESG).struct.unnest()
    return parts["message"], civil(parts.drop("message"), reading.timezone), _nothing(text)


def _comma(text: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series, pl.Series]:
    """What `dmesg -x --time-format iso` prints."""
    from vigie.sources.times import iso_times

    parts = text.str.extract_groups(_COMMA).struct.unnest()
    return parts["message"], iso_times(parts["stamp"], reading.timezone), _nothing(text)


def _full(text: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series, pl.Series]:
    """What `journalctl -o short-full` prints; zones but UTC are names of the machine's own zone."""
    parts = text.str.extract_groups(_FULL).struct.unnest()
    clock = parts.select("year", "month", "day", "hour", "minute", "second", "fraction")
    universal = parts["zone"].is_in(["UTC", "GMT"]).fill_null(value=False)
    seen = civil(clock, reading.timezone)
    return parts["message"], seen.clone().scatter(universal.arg_true(), civil(clock.filter(universal), "UTC")), parts["host"]


def _unix(text: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series, pl.Series]:
    """What `journalctl -o short-unix` prints."""
    del reading
    parts = text.str.extract_groups(_UNIX).struct.unnest()
    return parts["message"], epoch_times(parts["epoch"], 1), parts["host"]


def _nothing(text: pl.Series) -> pl.Series:
    return nulls(len(text))


def _rows(batch: pa.RecordBatch, met: _Met, seen: pl.Series, host: pa.Array, undated: Ints, *, lost: Marks | None = None) -> pa.RecordBatch:
    """Rows of `FLOW` from packets, times and hosts.

    Args:
        batch: gives the provenance.
        met: the packets.
        seen: times.
        host: who wrote the lines.
        undated: why a row has no time, numbers in `_WHY`.
        lost: rows whose reason is `undated` before any other.
    """
    source, destination = (_addresses(texts) for texts in (met.source, met.destination))
    addressed = np.asarray(pc.and_(pc.is_valid(source), pc.is_valid(destination)))
    dated = seen.is_not_null().to_numpy()
    transport = _protocols(met.protocol)
    named = np.asarray(pc.is_valid(transport))
    if lost is None and not met.why.any() and (addressed & dated & named).all():
        why = met.why
    else:
        checks = [np.zeros(len(dated), bool) if lost is None else lost, met.why > 0, ~named, ~addressed, ~dated]
        why = np.select(checks, [undated, met.why, np.full_like(undated, _WHY.index(DAMAGED)), np.full_like(undated, _WHY.index(NO_ADDRESS)), undated], 0)
    prefix = _each(met.prefix, lambda text: text.strip(" \t:") or None)
    said = _each(prefix, verdict)
    bits = np.append(flag_bits(met.flags.dictionary.to_pylist()), -1)[np.asarray(pc.fill_null(met.flags.indices, len(met.flags.dictionary)))]
    tcp, six = (_is(transport, name) for name in ("tcp", "ipv6-icmp"))
    flagged = (bits >= 0) & tcp
    replies = answering(bits, flagged) | (~tcp & (met.kind >= 0) & answering_ping(met.kind, six))
    direction = np.where(met.inside & ~met.outside, 1, np.where(met.outside & ~met.inside, 2, 0))
    ones = np.ones(len(why), np.int64)
    return assemble(
        batch,
        FLOW,
        {
            "seen_at": seen,
            "source_address": source,
            "source_port": pa.array(met.source_port.astype(np.int32), mask=met.source_port < 0),
            "destination_address": destination,
            "destination_port": pa.array(met.destination_port.astype(np.int32), mask=met.destination_port < 0),
            "network_transport": transport,
            "flow_state": flow_states(np.asarray(pc.is_valid(said.indices)), replies),
            "connection_state": said,
            "tcp_flags": flags_of(bits, flagged),
            "source_packets": pa.array(ones),
            "source_bytes": pa.array(met.length, mask=met.length < 0),
            "packet_fingerprint": fingerprints(met.length, np.where(tcp, met.window, -1), met.lifetime),
            "packet_id": pa.array(met.identity, mask=met.identity < 0),
            "rule_name": prefix,
            "event_kind": labels(ones, (None, "event")),
            "observer_name": host,
            "network_direction": labels(direction, (None, "inbound", "outbound")),
        },
        np.array(_WHY)[why] if why.any() else np.zeros(len(why), "U1"),
    )


def _plain(texts: pa.DictionaryArray) -> pa.Array:
    return texts.dictionary.take(texts.indices)


def _each(texts: pa.DictionaryArray, make: Callable[[str], str | None]) -> pa.DictionaryArray:
    """Another text for each distinct one."""
    made = pa.array([make(text) for text in texts.dictionary.to_pylist()], pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(made.indices.take(texts.indices), made.dictionary)


def _is(texts: pa.DictionaryArray, word: str) -> Marks:
    return np.asarray(pc.fill_null(pc.equal(texts.indices, pc.index(texts.dictionary, word)), False))


def _addresses(texts: pa.DictionaryArray) -> pa.Array:
    return canonical_addresses(texts.dictionary).take(texts.indices)


def _protocols(found: pa.DictionaryArray) -> pa.DictionaryArray:
    """Names of transports, with which `found` begins; null where a name is cut off."""
    words = [text.partition(" ")[0] for text in found.dictionary.to_pylist()]
    named = transports(pa.array([word if word in _NAMES or word.isdecimal() else None for word in words], pa.string()))
    return pa.DictionaryArray.from_arrays(named.indices.take(found.indices), named.dictionary)


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim packets that the kernel logged; its other messages count neither for nor against."""
    if not any(_KERNEL_SAYS in line[:4096] for line in sample):
        return None
    batch = sample_rows(sample)
    found = read(batch, Reading(year=2000))
    reasons = found.column("unread").to_pylist()
    good, rest = reasons.count(None), reasons.count(NO_PACKET)
    if not good:
        return None
    yearless = read(batch, Reading()).column("unread").to_pylist().count(NO_YEAR) * 2 > good
    untold = np.asarray(pc.is_valid(found.column("connection_state"))).sum() * 2 < good
    doubts = ["times carry no zone; --tz names it"] if yearless else []
    doubts += ["the rules' prefixes do not say what became of the packets"] if untold else []
    return Recognition(good / max(len(sample) - rest, good, 1), "kernel firewall", doubt="; ".join(doubts), yearless=yearless)


SOURCE = Source(
    name="kernel_firewall",
    record=FLOW,
    recognise=recognise,
    read=read,
    references=("https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/net/netfilter/nf_log_syslog.c", "RFC 3164"),
    specific=2,
)
"""One record a packet; the kernel's other messages are unread and say so."""
