"""Common, combined and vhost_combined access logs: what nginx and Apache write unless told otherwise.

Regular lines are read by a structural scan: the positions of quotes give every field, no line is looked at alone.
Lines of another shape (escaped quotes, user names, broken requests, bytes that are not ASCII) go through an exact,
linear pattern.

References:
    - https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples
    - https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import ACCESS
from vigie.records.fingerprint import line_bounds
from vigie.sources.address import canonical_addresses, domain
from vigie.sources.exact import PATTERN, read_exact
from vigie.sources.source import Reading, Recognition, Source
from vigie.sources.times import clf_micros

_METHODS: Final = sorted((b"GET", b"POST", b"HEAD", b"PUT"), key=lambda m: m.ljust(4))
_METHOD_WORDS: Final = np.array([int.from_bytes(m.ljust(4), "big") for m in _METHODS], np.uint32)
_METHOD_LENGTHS: Final = np.array([len(m) for m in _METHODS])
_DASH: Final = pa.scalar("-")
_NONE: Final = pa.scalar(None, pa.string())
Ints = npt.NDArray[np.int64]


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
    rows = np.flatnonzero(regular.ok)
    quick = _columns(batch, lines, data, regular, rows)
    if len(rows) == len(lines):
        return quick
    others = np.flatnonzero(~regular.ok)
    slow = read_exact(batch.take(pa.array(others)), reading)
    both = pa.Table.from_batches([quick, slow]).combine_chunks()
    order = np.empty(len(lines), np.int64)
    order[rows] = np.arange(len(rows))
    order[others] = len(rows) + np.arange(len(others))
    return both.take(pa.array(order)).combine_chunks().to_batches()[0]


class _Fields:
    """Where each field of each line begins and ends; only rows with `ok` mean anything."""

    __slots__ = ("method_end", "ok", "quotes", "starts", "target_end")

    def __init__(self, ok: npt.NDArray[np.bool_], starts: Ints, quotes: Ints, method_end: Ints, target_end: Ints) -> None:
        self.ok, self.starts, self.quotes = ok, starts, quotes
        self.method_end, self.target_end = method_end, target_end


def _regular(data: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> _Fields:
    count = len(starts)
    marks = np.flatnonzero(data == 34)
    if len(marks) == 6 * count and count and (marks[0::6] > starts).all() and (marks[5::6] < ends).all():
        ok = np.ones(count, bool)
        quotes = np.ascontiguousarray(marks.reshape(count, 6).T)
    else:
        first = np.searchsorted(marks, starts)
        ok = (np.searchsorted(marks, ends) - first) == 6
        picked = np.flatnonzero(ok)
        quotes = np.zeros((6, count), np.int64)
        for number in range(6):
            quotes[number, picked] = marks[first[picked] + number]
    if len(data) and int(data.max(initial=0)) >= 128:
        high = np.flatnonzero(data >= 128)
        ok[np.unique(np.searchsorted(starts, high, side="right") - 1)] = False
    ok &= (quotes[0] - starts >= 35) & (quotes[5] == ends - 1) & (quotes[4] == quotes[3] + 2) & (quotes[2] - quotes[1] >= 7)
    picked = np.flatnonzero(ok)
    ok[picked] = _shape(data, quotes[:, picked])
    method_end, target_end = np.zeros(count, np.int64), np.zeros(count, np.int64)
    picked = np.flatnonzero(ok)
    ok[picked], method_end[picked], target_end[picked] = _request(data, quotes[0, picked], quotes[1, picked])
    return _Fields(ok, starts, quotes, method_end, target_end)


def _shape(data: npt.NDArray[np.uint8], quotes: Ints) -> npt.NDArray[np.bool_]:
    """Separators stand where combined has them, and no quote is escaped."""
    zero, one, two, three = quotes[0], quotes[1], quotes[2], quotes[3]
    good = (data[zero - 1] == 32) & (data[zero - 2] == 93) & (data[zero - 29] == 91)
    for back, byte in ((30, 32), (31, 45), (32, 32), (33, 45), (34, 32)):
        good &= data[zero - back] == byte
    good &= (data[one + 1] == 32) & (data[one + 5] == 32) & (data[two - 1] == 32) & (data[three + 1] == 32)
    for digit in (2, 3, 4):
        good &= data[one + digit] - np.uint8(48) < 10
    for quote in quotes:
        good &= data[quote - 1] != 92
    shaped: npt.NDArray[np.bool_] = good
    return shaped


def _request(data: npt.NDArray[np.uint8], begin: Ints, end: Ints) -> tuple[npt.NDArray[np.bool_], Ints, Ints]:
    """Method: one of the usual ones (others are left to the exact pattern); version: last word, `HTTP/d.d`."""
    if len(data) < 18:
        return np.zeros(len(begin), bool), begin, end
    target_end = end - 9
    safe = np.maximum(target_end, 0)
    good = data[safe] == 32
    for offset, byte in enumerate(b"HTTP/"):
        good &= data[safe + (offset + 1)] == byte
    good &= data[safe + 7] == 46
    first = begin + 1
    word = np.zeros(len(begin), np.uint32)
    for offset in range(4):
        word = (word << np.uint32(8)) | data[first + offset]
    slot = np.minimum(np.searchsorted(_METHOD_WORDS, word), len(_METHOD_WORDS) - 1)
    good &= _METHOD_WORDS[slot] == word
    method_end = first + _METHOD_LENGTHS[slot]
    good &= data[np.minimum(method_end, len(data) - 1)] == 32
    good &= target_end > method_end
    return good, method_end, target_end


def _slices(lines: pa.Array, begin: Ints, end: Ints, kind: pa.DataType) -> pa.Array:
    """Substrings of the batch's buffer, one per row, without a Python object: take every other gap of interleaved offsets."""
    if not len(begin):
        return pa.array([], kind)
    offsets = np.empty(2 * len(begin), np.int32)
    offsets[0::2], offsets[1::2] = begin, end
    gaps = pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), lines.buffers()[2]])
    taken = gaps.take(pa.array(np.arange(0, len(offsets) - 1, 2, dtype=np.int64)))
    return taken if kind == pa.string() else taken.cast(kind)


def _columns(
    batch: pa.RecordBatch, lines: pa.Array, data: npt.NDArray[np.uint8], fields: _Fields, rows: Ints
) -> pa.RecordBatch:
    quotes = fields.quotes[:, rows]
    count = len(rows)
    whole = count == batch.num_rows
    found: dict[str, pa.Array] = {
        name: batch.column(name) if whole else batch.column(name).take(pa.array(rows)) for name in ("feed", "file", "byte_offset")
    }
    times, dated = clf_micros(data, quotes[0] - 28)
    found["seen_at"] = pa.array(times, pa.int64(), mask=~dated).cast(ACCESS.schema.field("seen_at").type)
    heads = _slices(lines, fields.starts[rows], quotes[0] - 34, pa.string()).dictionary_encode()
    found["source_address"], found["url_domain"] = _heads(heads)
    method = _slices(lines, quotes[0] + 1, fields.method_end[rows], pa.string())
    found["http_method"] = method.dictionary_encode()
    found["url_original"] = _slices(lines, fields.method_end[rows] + 1, fields.target_end[rows], pa.string())
    found["http_version"] = _slices(lines, quotes[1] - 3, quotes[1], pa.string()).dictionary_encode()
    one = quotes[1]
    status = (data[one + 2].astype(np.int16) - 48) * 100 + (data[one + 3].astype(np.int16) - 48) * 10 + data[one + 4] - 48
    found["http_status"] = pa.array(status.astype(np.int16))
    size, sized = _sizes(data, one + 6, quotes[2] - 1)
    found["http_response_bytes"] = pa.array(size, mask=~sized)
    found["http_referrer"] = _dash(_slices(lines, quotes[2] + 1, quotes[3], pa.string()))
    found["user_agent"] = _dash(_slices(lines, quotes[4] + 1, quotes[5], pa.string()))
    reason = pa.array(["time is not a date"]).dictionary_encode()
    found["unread"] = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32), mask=dated), reason.dictionary)
    schema = SOURCE.schema
    return pa.RecordBatch.from_arrays(
        [found[f.name] if f.name in found else pa.nulls(count, f.type) for f in schema], schema=schema
    )


def _dash(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, _DASH), _NONE, values)


def _heads(heads: pa.DictionaryArray) -> tuple[pa.Array, pa.Array]:
    """Distinct heads (`address`, or `vhost[:port] address`) to canonical addresses and hosts."""
    values, codes = heads.dictionary, heads.indices
    if not pc.any(pc.match_substring(values, " ")).as_py():
        return canonical_addresses(values).take(codes), pa.nulls(len(codes), pa.string())
    pairs = [head.rpartition(" ") for head in values.to_pylist()]
    addresses = canonical_addresses(pa.array([address for _, _, address in pairs], pa.string()))
    hosts = pa.array([domain(host) for host, _, _ in pairs], pa.string())
    return addresses.take(codes), hosts.take(codes)


def _sizes(data: npt.NDArray[np.uint8], begin: Ints, end: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    value = np.zeros(len(begin), np.int64)
    length = end - begin
    good = (length > 0) & (length <= 18)
    for offset in range(int(min(length.max(initial=0), 18))):
        inside = offset < length
        digit = data[np.minimum(begin + offset, len(data) - 1)] - np.uint8(48)
        good &= ~inside | (digit < 10)
        value = np.where(inside, value * 10 + digit, value)
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

