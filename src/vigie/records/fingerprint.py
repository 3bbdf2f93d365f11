"""The identity of a line: 64 bits of its content, terminator excluded.

Two files that overlap share lines; equal lines of one file are separate requests. So a record is known by
its fingerprint and by how many equal lines came before it in its file (`nth`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
_FINAL: Final = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(29)
_CHUNK: Final = 8192
_PADS: Final = pa.array([b"\0" * n for n in range(8)], pa.binary())
_NOTHING: Final = pa.scalar(b"", pa.binary())
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
    _, starts, ends = line_bounds(lines)
    count = len(starts)
    out = np.zeros(count, np.uint64)
    if not count:
        return out
    whole = np.frombuffer(lines.buffers()[1], np.int32)[lines.offset : lines.offset + count + 1].astype(np.int64)
    gaps = -np.diff(whole) & 7
    aligned = pc.binary_join_element_wise(lines, _PADS.take(pa.array(gaps)), _NOTHING)
    first = np.frombuffer(aligned.buffers()[1], np.int32)[:count].astype(np.int64) >> 3
    data = np.frombuffer(aligned.buffers()[2] or b"", np.uint8)
    words = np.zeros(len(data) // 8 + 1, np.uint64)
    words[:-1] = data[: len(data) // 8 * 8].view("<u8")
    lengths = ends - starts
    shortness = _WHOLE_WORDS + 1 - np.minimum(lengths >> 3, _WHOLE_WORDS + 1)
    order = np.argsort(shortness.astype(np.uint16), kind="stable")  # so that few steps are made for the few that are long
    for low in range(0, count, _CHUNK):
        rows = order[low : low + _CHUNK]
        out[rows] = _hash(words, first[rows], lengths[rows])
    return out


def _hash(words: npt.NDArray[np.uint64], first: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Hash lines that begin at whole words, the longest first so that those still going on are always the first ones."""
    state = length.astype(np.uint64) * _PRIME + np.uint64(1)
    full = length >> 3
    steps = np.minimum(full, _WHOLE_WORDS)
    at, space = first.copy(), np.empty_like(state)
    for going in np.searchsorted(-steps, -np.arange(int(steps[0])), side="left").tolist():
        here, mixed, place = state[:going], space[:going], at[:going]
        np.take(words, place, out=mixed, mode="clip")  # the mode that writes to `out` at once
        mixed ^= here
        mixed *= _PRIME
        np.right_shift(mixed, _SHIFT, out=here)
        here ^= mixed
        place += 1
    rest = (length & 7).astype(np.uint64)
    state = _mix(state, words[first + full] & ((np.uint64(1) << (rest << np.uint64(3))) - np.uint64(1)))
    long = full > _WHOLE_WORDS
    if long.any():
        back = (length[long] & 7).astype(np.uint64) << np.uint64(3)
        behind = first[long] + full[long]
        ahead = np.where(back > 0, words[behind] << (np.uint64(64) - np.maximum(back, np.uint64(1))), np.uint64(0))
        state[long] = _mix(state[long], (words[behind - 1] >> back) | ahead)
    state ^= state >> np.uint64(31)
    state *= _FINAL
    state ^= state >> _SHIFT
    return state


def _mix(state: npt.NDArray[np.uint64], word: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = (state ^ word) * _PRIME
    return mixed ^ (mixed >> _SHIFT)
