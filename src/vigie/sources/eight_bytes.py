"""Numbers and texts at places of a buffer, eight bytes at a time: no loop over digits, no object per line.

All of it expects a buffer that is readable for `PAD` bytes behind the last place.

References:
    - https://graphics.stanford.edu/~seander/bithacks.html (which bytes of a word are less than n)
    - D. Lemire, "Quickly parsing eight digits" (2018): https://lemire.me/blog/2018/10/03/quickly-parsing-eight-digits/
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]

PAD: Final = 256
"""Bytes that must be readable behind the last place."""
BEFORE: Final = 8
"""Bytes that must be readable before the first place, where words are looked at that end there."""

_MASKS: Final = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""By the number of bytes that count: which bits of eight bytes do."""
_ZEROS, _ABOVE_NINE, _HIGH = np.uint64(0x3030303030303030), np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_LOW: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
_ONE, _THREE, _WIDTH = np.uint64(1), np.uint64(3), np.uint64(64)
_STEPS: Final = (
    (np.uint64(10), np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(100), np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(10_000), np.uint64(32), np.uint64(0xFFFFFFFF)),
)
"""Digits to pairs, pairs to fours, fours to eight: the factor, the shift, and the bits that then hold the numbers."""


def padded(data: Bytes, starts: Ints, ends: Ints) -> tuple[Bytes, Ints, Ints]:
    """The bytes of lines with zeros before and behind them, and where the lines are in those.

    Args:
        data: bytes under the lines.
        starts: where lines begin, ascending.
        ends: where they end.
    """
    low, high = (int(starts[0]), int(ends[-1])) if len(starts) else (0, 0)
    moved = BEFORE - low
    return np.concatenate([np.zeros(BEFORE, np.uint8), data[low:high], np.zeros(PAD, np.uint8)]), starts + moved, ends + moved


def words_of(buffer: Bytes, kind: str) -> npt.NDArray[Any]:
    """The buffer as words of 4 (`<u4`) or 8 (`<u8`) bytes that begin at each of its bytes."""
    return np.ndarray((max(len(buffer) + 1 - int(kind[-1]), 0),), kind, buffer=buffer, strides=(1,))


def word(text: bytes) -> int:
    """A word as `words_of` gives it."""
    return int.from_bytes(text, "little")


def digit_counts(words: Words) -> npt.NDArray[np.uint8]:
    """With how many digits words begin, 0 to 8."""
    digit = words ^ _ZEROS
    stop = digit & _LOW
    stop += _ABOVE_NINE
    stop |= digit
    stop &= _HIGH
    below = stop - _ONE  # the bits under the lowest that is set; all of them where none is
    below &= ~stop
    count: npt.NDArray[np.uint8] = np.bitwise_count(below) >> np.uint8(3)
    return count


def leading_numbers(words: Words, count: npt.NDArray[np.uint8]) -> Ints:
    """The numbers that the first `count` digits of words write, one to eight of them."""
    value = words ^ _ZEROS
    value <<= _WIDTH - (count.astype(np.uint64) << _THREE)
    for ten, shift, mask in _STEPS:
        high = value >> shift
        value *= ten
        value += high
        value &= mask
    return value.view(np.int64)


def numbers_at(words: Words, place: Ints, longest: int = 5) -> list[Ints]:
    """Numbers of at most `longest` digits (7) with a space behind them; -1 where there is none, and where the place is negative.

    Args:
        words: the buffer as words of eight bytes.
        place: where the digits begin: a row for each line, a column for each field.
        longest: most digits.

    Returns:
        the numbers of each column.
    """
    found = np.ascontiguousarray(words[place].T)
    return [_numbers(column, there, longest) for column, there in zip(found, (place >= 0).T, strict=True)]


def _numbers(found: Words, there: npt.NDArray[np.bool_], longest: int) -> Ints:
    if not there.any():
        return np.full(len(found), -1)
    count = digit_counts(found)
    good = (count - np.uint8(1) < longest) & there
    count = np.where(good, count, np.uint8(1))
    bits = count.astype(np.uint64) << _THREE
    good &= (found >> bits).astype(np.uint8) == 32
    return np.where(good, leading_numbers(found, count), -1)


def texts_at(buffer: Bytes, place: Ints) -> pa.DictionaryArray:
    """Distinct texts; null where begin and end are 0. Texts that are not UTF-8 are read as Latin-1.

    Args:
        buffer: bytes, readable for `PAD` bytes behind the last text.
        place: begin and end of each text, two rows.
    """
    there = place[1] > 0
    length = place[1] - place[0]
    width = (max(int(length.max(initial=0)), 1) + 7) // 8
    eights = words_of(buffer, "<u8")
    window = np.zeros((len(length), width), np.uint64)
    for number in range(width):
        left = length - 8 * number if number else length
        rows = np.flatnonzero(left > 0)
        if len(rows) == len(length):
            window[:, number] = eights[place[0] + 8 * number] & _MASKS[np.minimum(left, 8)]
        else:
            window[rows, number] = eights[place[0][rows] + 8 * number] & _MASKS[np.minimum(left[rows], 8)]
    raw = pa.Array.from_buffers(pa.binary(8 * width), len(length), [None, pa.py_buffer(window)]).dictionary_encode()
    indices = raw.indices if there.all() else pa.array(np.asarray(raw.indices), mask=~there)
    return pa.DictionaryArray.from_arrays(indices, _unpadded(raw.dictionary, 8 * width))


def one_dictionary(parts: list[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Arrays behind each other, under one dictionary."""
    return parts[0] if len(parts) == 1 else pa.chunked_array(parts).unify_dictionaries().combine_chunks()


def _unpadded(values: pa.Array, width: int) -> pa.Array:
    """Texts of one width without the zeros behind them."""
    data = np.frombuffer(values.buffers()[1], np.uint8)[: len(values) * width].reshape(len(values), width)
    filled = np.where((data != 0).any(axis=1), width - (data[:, ::-1] != 0).argmax(axis=1), 0)
    kept = np.ascontiguousarray(data[np.arange(width) < filled[:, None]])
    edges = np.concatenate([np.zeros(1, np.int32), np.cumsum(filled, dtype=np.int32)])
    if not len(kept) or int(kept.max()) < 128:
        return pa.Array.from_buffers(pa.string(), len(values), [None, pa.py_buffer(edges), pa.py_buffer(kept)])
    binary = pa.Array.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(edges), pa.py_buffer(kept)])
    return pa.array([_decoded(value) for value in binary.to_pylist()], pa.string())


def _decoded(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
