"""The identity of a line: 64 bits of its content, terminator excluded.

Two files that overlap share lines; equal lines of one file are separate requests. So a record is known by
its fingerprint and by how many equal lines came before it in its file (`nth`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_FINAL: Final = np.uint64(0xBF58476D1CE4E5B9)
_CHUNK: Final = 8192
_WHOLE_WORDS: Final = 512


def line_bounds(lines: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    r"""The bytes under a binary array and where each line begins and ends in them.

    Args:
        lines: binary array without nulls, each value with its terminator.

    Returns:
        bytes (uint8), starts and ends (int64, one per line; the end leaves `\\n` and `\\r\\n` out).
    """
    offsets = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + len(lines) + 1].astype(np.int64)
    buffer = lines.buffers()[2]
    data = np.frombuffer(buffer, np.uint8) if buffer is not None else np.zeros(0, np.uint8)
    starts, ends = offsets[:-1], offsets[1:].copy()
    for terminator in (10, 13):
        longer = ends > starts
        last = np.where(longer, ends - 1, 0)
        if data.size:
            ends -= longer & (data[last] == terminator)
    return data, starts, ends


def fingerprints(lines: pa.Array) -> npt.NDArray[np.uint64]:
    """A 64-bit fingerprint of each line of a binary array (terminator left out).

    Lines longer than 4 KiB are told apart by their first 4 KiB, their last 8 bytes and their length.
    """
    data, starts, ends = line_bounds(lines)
    count = len(starts)
    out = np.zeros(count, np.uint64)
    if not count:
        return out
    padded = np.zeros((len(data) + 23) // 8 * 8, np.uint8)
    padded[: len(data)] = data
    words = padded.view("<u8")
    for low in range(0, count, _CHUNK):
        out[low : low + _CHUNK] = _hash(words, starts[low : low + _CHUNK], ends[low : low + _CHUNK])
    return out


def _hash(
    words: npt.NDArray[np.uint64], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    lengths = ends - starts
    order = np.argsort(-lengths, kind="stable")
    begin, length = starts[order], lengths[order]
    state = length.astype(np.uint64) * _PRIME + np.uint64(1)
    shift = ((begin & 7) << 3).astype(np.uint64)
    back = np.uint64(63) - shift
    index = begin >> 3
    full = length >> 3
    steps = int(min(full[0], _WHOLE_WORDS)) if len(full) else 0
    ascending = full[::-1]
    active = len(full)
    for step in range(steps):
        active = len(full) - int(np.searchsorted(ascending, step, side="right"))
        if not active:
            break
        state[:active] = _mix(state[:active], _word(words, index[:active] + step, shift[:active], back[:active]))
    rest = (length & 7).astype(np.uint64)
    tail = _word(words, index + full, shift, back) & ((np.uint64(1) << (rest << np.uint64(3))) - np.uint64(1))
    state = _mix(state, tail)
    long = full > _WHOLE_WORDS
    if long.any():
        last = begin[long] + length[long] - 8
        state[long] = _mix(
            state[long],
            _word(words, last >> 3, ((last & 7) << 3).astype(np.uint64), np.uint64(63) - ((last & 7) << 3).astype(np.uint64)),
        )
    state ^= state >> np.uint64(31)
    state *= _FINAL
    state ^= state >> np.uint64(29)
    out = np.empty_like(state)
    out[order] = state
    return out


def _word(
    words: npt.NDArray[np.uint64],
    index: npt.NDArray[np.int64],
    shift: npt.NDArray[np.uint64],
    back: npt.NDArray[np.uint64],
) -> npt.NDArray[np.uint64]:
    return (words[index] >> shift) | ((words[index + 1] << np.uint64(1)) << back)


def _mix(state: npt.NDArray[np.uint64], word: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = (state ^ word) * _PRIME
    return mixed ^ (mixed >> np.uint64(29))
