"""Common, combined and vhost_combined access logs: what nginx and Apache write unless told otherwise.

Regular lines are read by a structural scan: the positions of quotes give every field, no line is looked at alone.
Lines of another shape (escaped quotes, user names, broken requests, bytes that are not ASCII), and those that hold a
field of another shape, go through an exact, linear pattern: a line means the same whichever of the two reads it.

References:
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples
    - https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS
from vigie.records.fingerprint import line_bounds
from vigie.records.tally import worded
from vigie.sources.address import canonical_addresses, domain
from vigie.sources.eight_bytes import digit_counts, leading_numbers, word, words_of
from vigie.sources.exact import PATTERN, read_exact
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import clf_micros, digits

_METHODS: Final = ("GET", "POST", "HEAD", "PUT")
"""Methods of regular lines; others are left to the exact pattern."""
_HEAD: Final = r"^(?:[^\s\v\"\[]+ (?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)|[^\s\v\"\[]+)$"
"""What stands before the dashes in lines that the exact pattern reads in the same way."""
_BEFORE_TIME, _BEHIND_TIME, _PROTOCOL = np.uint64(word(b" - - [")), np.uint16(word(b"] ")), np.uint64(word(b" HTTP/\0."))
_SIX, _NO_DIGIT = np.uint64((1 << 48) - 1), np.uint64(word(b"\xff\xff\xff\xff\xff\xff\0\xff"))
"""Bits of the six bytes before a time; of a protocol without the digit before its point."""
_STATUS: Final = np.uint64(word(b" 000 "))
_STATUS_LIMITS: Final = np.uint64(word(b"\x7f\x76\x76\x76\x7f"))
"""Added to the low bits of what differs from `_STATUS`, reaches the high bit where a separator differs or a digit is none."""
_LOW, _FIVE_HIGH = np.uint64(0x7F7F7F7F7F), np.uint64(0x8080808080)
_POWERS: Final = 10 ** np.arange(9)
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


def read(batch: pa.RecordBatch, reading: Reading) -> pa.RecordBatch:
    """Read a batch of lines.

    Args:
        batch: rows of `LINE`.
        reading: only `trusted` and `host` matter, and the engine applies those.

    Returns:
        `ACCESS` columns and `unread`, same rows in the same order.
    """
    lines = batch.column("line")
    data, starts, ends = line_bounds(lines)
    regular = _regular(data, starts, ends)
    quick, sure = _columns(batch, lines, data, regular)
    if not sure.all():
        quick, regular = quick.filter(pa.array(sure)), regular.only(sure)
    if len(regular.rows) == len(lines):
        return quick
    others = np.setdiff1d(np.arange(len(lines)), regular.rows, assume_unique=True)
    slow = read_exact(batch.take(pa.array(others)), reading)
    both = pa.Table.from_batches([quick, slow]).combine_chunks()
    order = np.empty(len(lines), np.int64)
    order[np.concatenate([regular.rows, others])] = np.arange(len(lines))
    return both.take(pa.array(order)).combine_chunks().to_batches()[0]


@dataclass(frozen=True, slots=True)
class _Regular:
    """Lines of the usual shape.

    Attributes:
        rows: their numbers.
        starts: where each begins.
        quotes: where its six quotes stand.
        method: number of its method.
        method_end: where that ends.
    """

    rows: Ints
    starts: Ints
    quotes: Ints
    method: Ints
    method_end: Ints

    def only(self, good: npt.NDArray[np.bool_]) -> _Regular:
        """Those that are good."""
        if good.all():
            return self
        return _Regular(self.rows[good], self.starts[good], self.quotes[:, good], self.method[good], self.method_end[good])


def _regular(data: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> _Regular:
    rows, quotes = _six_quotes(data, starts, ends)
    zero, one, two, three, four, five = quotes
    placed = (zero - starts[rows] >= 35) & (five == ends[rows] - 1) & (four == three + 2) & (two - one >= 7)
    placed &= two + 7 <= len(data)  # so that what stands before can be looked at eight bytes at a time
    if not placed.all():
        rows, quotes = rows[placed], quotes[:, placed]
    words = words_of(data, "<u8")
    method, method_end = _methods(words, quotes[0] + 1)
    good = _shape(data, words, quotes) & (method >= 0) & (quotes[1] - 9 > method_end)
    return _Regular(rows, starts[rows], quotes, method, method_end).only(good)


def _six_quotes(data: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Numbers of the lines that hold six quotes and no byte above 127, and where those quotes stand."""
    count = len(starts)
    low, high = (int(starts[0]), int(ends[-1])) if count else (0, 0)
    here = data[low:high]
    marks = np.flatnonzero(here == 34) + low
    if len(marks) == 6 * count and (marks[0::6] >= starts).all() and (marks[5::6] < ends).all():
        rows, quotes = np.arange(count), np.ascontiguousarray(marks.reshape(count, 6).T)
    else:
        first = np.searchsorted(marks, starts)
        rows = np.flatnonzero(np.searchsorted(marks, ends) - first == 6)
        quotes = marks[first[rows] + np.arange(6)[:, None]]
    if int(here.max(initial=0)) >= 128:
        plain = np.ones(count, bool)
        plain[np.unique(np.searchsorted(starts, np.flatnonzero(here >= 128) + low, side="right") - 1)] = False
        plain = plain[rows]
        rows, quotes = rows[plain], quotes[:, plain]
    return rows, quotes


def _shape(data: npt.NDArray[np.uint8], words: Words, quotes: Ints) -> npt.NDArray[np.bool_]:
    """Separators stand where combined has them, the status has three digits, and no quote is escaped."""
    zero, one, two, three, _, five = quotes
    good = (words[zero - 34] & _SIX) == _BEFORE_TIME
    good &= words_of(data, "<u2")[zero - 2] == _BEHIND_TIME
    good &= (words[one - 9] & _NO_DIGIT) == _PROTOCOL
    wrong = words[one + 1] ^ _STATUS
    good &= (((wrong & _LOW) + _STATUS_LIMITS | wrong) & _FIVE_HIGH) == 0
    good &= (data[two - 1] == 32) & (data[three + 1] == 32)
    for quote in (one, three, five):
        good &= data[quote - 1] != 92
    shaped: npt.NDArray[np.bool_] = good
    return shaped


def _methods(words: Words, first: Ints) -> tuple[Ints, Ints]:
    """Number of the method that is written at each place, -1 for another, and where it ends."""
    found = words[first]
    method, length = np.full(len(first), -1), np.zeros(len(first), np.int64)
    for number, name in enumerate(_METHODS):
        same = found & np.uint64((1 << 8 * len(name) + 8) - 1) == np.uint64(word(name.encode() + b" "))
        method[same], length[same] = number, len(name)
    return method, first + length


def _slices(lines: pa.Array, begin: Ints, end: Ints, absent: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Substrings of the batch's buffer, one per row, without a Python object: take every other gap of interleaved offsets."""
    if not len(begin):
        return pa.array([], pa.string())
    offsets = np.empty(2 * len(begin), np.int32)
    offsets[0::2], offsets[1::2] = begin, end
    gaps = pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), lines.buffers()[2]])
    return gaps.take(pa.array(np.arange(0, len(offsets) - 1, 2, dtype=np.int64), mask=absent))


def _columns(batch: pa.RecordBatch, lines: pa.Array, data: npt.NDArray[np.uint8], regular: _Regular) -> tuple[pa.RecordBatch, npt.NDArray[np.bool_]]:
    """Records of regular lines, and which of them hold nothing that the exact pattern might read in another way."""
    zero, one, two, three, four, five = regular.quotes
    words, count = words_of(data, "<u8"), len(zero)
    found: dict[str, pa.Array] = {
        name: batch.column(name) if count == batch.num_rows else batch.column(name).take(pa.array(regular.rows)) for name in ("feed", "file", "byte_offset")
    }
    times, sure = clf_micros(data, zero - 28)
    found["seen_at"] = pa.array(times, pa.int64()).cast(ACCESS.schema.field("seen_at").type)
    heads = _slices(lines, regular.starts, zero - 34).dictionary_encode()
    found["source_address"], found["url_domain"] = _heads(heads)
    sure &= _told(heads, pc.match_substring_regex(heads.dictionary, _HEAD))
    found["http_method"] = worded(regular.method, _METHODS.__getitem__)[1]
    found["url_original"] = _slices(lines, regular.method_end + 1, one - 9)
    found["http_version"] = versions = worded(words_of(data, "<u4")[one - 3] & np.uint32(0xFFFFFF), _version)[1]
    sure &= _told(versions, pc.match_substring_regex(versions.dictionary, r"^\d\.\d$"))
    found["http_status"] = pa.array(digits(data, one + 2, 3)[0].astype(np.int16))
    size, sized = _sizes(words, one + 6, two - 1)
    found["http_response_bytes"] = pa.array(size, mask=~sized)
    sure &= sized | ((two - one == 8) & (data[one + 6] == 45))
    for name, begin, end in (("http_referrer", two + 1, three), ("user_agent", four + 1, five)):
        found[name] = _slices(lines, begin, end, (end == begin) | (end - begin == 1) & (data[begin] == 45))
    schema = SOURCE.schema
    return pa.RecordBatch.from_arrays([found[f.name] if f.name in found else pa.nulls(count, f.type) for f in schema], schema=schema), sure


def _told(values: pa.DictionaryArray, good: pa.BooleanArray) -> npt.NDArray[np.bool_]:
    """Which rows have a distinct value that is good."""
    if pc.all(good).as_py() is not False:
        return np.ones(len(values), bool)
    return np.asarray(good.to_numpy(zero_copy_only=False)[values.indices.to_numpy()], bool)


def _version(code: int) -> str:
    return code.to_bytes(3, "little").decode("ascii")


def _heads(heads: pa.DictionaryArray) -> tuple[pa.Array, pa.Array]:
    """Distinct heads (`address`, or `vhost[:port] address`) to canonical addresses and hosts."""
    values, codes = heads.dictionary, heads.indices
    if not pc.any(pc.match_substring(values, " ")).as_py():
        return canonical_addresses(values).take(codes), pa.nulls(len(codes), pa.string())
    pairs = [head.rpartition(" ") for head in values.to_pylist()]
    addresses = canonical_addresses(pa.array([address for _, _, address in pairs], pa.string()))
    hosts = pa.array([domain(host) for host, _, _ in pairs], pa.string())
    return addresses.take(codes), hosts.take(codes)


def _sizes(words: Words, begin: Ints, end: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Numbers of 1 to 18 digits, and which are some."""
    length, value = end - begin, np.zeros(len(begin), np.int64)
    good = (length > 0) & (length <= 18)
    for read in range(0, 18, 8):
        rows = np.flatnonzero(good & (length > read))
        found, count = words[begin[rows] + read], np.minimum(length[rows] - read, 8).astype(np.uint8)
        good[rows] = digit_counts(found) >= count
        value[rows] = value[rows] * _POWERS[count] + leading_numbers(found, count)
    return value, good


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim the lines that common, combined or vhost_combined explain."""
    matches = [match for line in sample if (match := PATTERN.match(line.decode("utf-8", "replace"))) is not None]
    if not matches:
        return None
    vhost = sum(match["vhost"] is not None for match in matches) * 2 > len(matches)
    agent = sum(match["agent"] is not None for match in matches) * 2 > len(matches)
    title = ("vhost_combined" if vhost else "combined") if agent else "common"
    more = sum(bool(match["rest"].strip()) for match in matches) * 2 > len(matches)
    doubt = "fields behind those of this format are passed over; paste the log_format or LogFormat with --layout to have them" if more else ""
    return Recognition(len(matches) / len(sample), title, doubt=doubt)


SOURCE = Source(
    name="combined",
    record=ACCESS,
    recognise=recognise,
    read=read,
    references=("https://httpd.apache.org/docs/2.4/mod/mod_log_config.html",),
)
"""Common, combined and vhost_combined, told apart line by line."""

