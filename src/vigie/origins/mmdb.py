"""Reads a `.mmdb` file whole: every network in it and what is said of it. Any bytes at all end in a table or in a `TableError`.

The tree is walked a level at a time on arrays, so that a file of a million networks takes about a second. The copies of the IPv4 tree under
::ffff:0:0/96, 2001::/32 and 2002::/16 are left out: such addresses are made IPv4 or named tunnels before they are looked up.

References:
    - https://maxmind.github.io/MaxMind-DB/ (format 2.0)
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from vigie.origins.table import TableError

_MARK: Final = b"\xab\xcd\xefMaxMind.com"
_TAIL: Final = 131_072
MAX_NETWORKS: Final = 20_000_000
"""Networks in one file."""
MAX_DEPTH: Final = 16
"""Maps and lists inside each other."""
MAX_VALUES: Final = 4_096
"""Values of one record, those that are pointed at counted each time."""

Wide = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Networks:
    """What a file holds.

    Attributes:
        high, low: the network's first address in halves, IPv4 in the low 32 bits; shape (n,).
        length: bits of the prefix: of 32 where `four`, else of 128; shape (n,).
        four: whether it is IPv4; shape (n,).
        record: which of `records` is said of it; shape (n,).
        records: distinct values.
        about: the file's metadata.
    """

    high: Wide
    low: Wide
    length: npt.NDArray[np.int16]
    four: npt.NDArray[np.bool_]
    record: npt.NDArray[np.int64]
    records: list[Any]
    about: dict[str, Any]


def networks(data: bytes) -> Networks:
    """Every network of a file.

    Raises:
        TableError: the bytes are not such a file, or it is damaged.
    """
    try:
        return _networks(data)
    except (IndexError, ValueError, KeyError, TypeError, struct.error, RecursionError, OverflowError, MemoryError) as error:
        raise TableError(f"a damaged .mmdb file ({type(error).__name__})") from None


def _networks(data: bytes) -> Networks:
    at = data.rfind(_MARK, max(0, len(data) - _TAIL))
    if at < 0:
        raise TableError("no .mmdb file: its metadata is not there")
    about, _ = _value(data[at + len(_MARK) :], 0, 0, [MAX_VALUES])
    count, size, version = (int(about[name]) for name in ("node_count", "record_size", "ip_version"))
    if size not in (24, 28, 32) or version not in (4, 6) or not 0 < count <= len(data):
        raise TableError("a damaged .mmdb file (its tree)")
    left, right = _nodes(data[: count * size // 4], count, size)
    section = data[count * size // 4 + 16 : at]
    high, low, depth, pointer = _walk(left, right, count, 128 if version == 6 else 32)
    four = np.full(len(depth), version == 4) | ((high == 0) & (low < 2**32) & (depth >= 96))
    distinct, record = np.unique(pointer, return_inverse=True)
    records = [_value(section, int(one) - count - 16, 0, [MAX_VALUES])[0] for one in distinct]
    length = np.where(four & (version == 6), depth - 96, depth).astype(np.int16)
    return Networks(high, low, length, four, record.astype(np.int64), records, about)


def _nodes(raw: bytes, count: int, size: int) -> tuple[Wide, Wide]:
    if len(raw) != count * size // 4:
        raise TableError("a .mmdb file that is cut short")
    rows = np.frombuffer(raw, np.uint8).reshape(count, size // 4).astype(np.uint64)

    def number(*columns: int) -> Wide:
        out = np.zeros(count, np.uint64)
        for column in columns:
            out = (out << np.uint64(8)) | rows[:, column]
        return out

    if size == 24:
        return number(0, 1, 2), number(3, 4, 5)
    if size == 32:
        return number(0, 1, 2, 3), number(4, 5, 6, 7)
    return number(0, 1, 2) | ((rows[:, 3] >> np.uint64(4)) << np.uint64(24)), number(4, 5, 6) | ((rows[:, 3] & np.uint64(15)) << np.uint64(24))


def _walk(left: Wide, right: Wide, count: int, bits: int) -> tuple[Wide, Wide, npt.NDArray[np.int64], Wide]:
    """First address in halves, depth and data pointer of every network in the tree."""
    aliased = _four(left, count) if bits == 128 else -1
    node, high, low = np.zeros(1, np.uint64), np.zeros(1, np.uint64), np.zeros(1, np.uint64)
    found: list[tuple[Wide, Wide, npt.NDArray[np.int64], Wide]] = []
    total = 0
    for depth in range(1, bits + 1):
        sides = []
        place = bits - depth
        one = np.uint64(1 << (place % 64))
        for side, children in ((0, left), (1, right)):
            child = children[node.astype(np.int64)]
            up, down = high, low
            if side:
                up, down = (high | one, low) if place >= 64 else (high, low | one)
            keep = child != count
            if aliased >= 0:
                keep &= (child != aliased) | ((up == 0) & (down < 2**32))
            sides.append((child[keep], up[keep], down[keep]))
        child, up, down = (np.concatenate(parts) for parts in zip(*sides, strict=True))
        leaf = child > count
        found.append((up[leaf], down[leaf], np.full(int(leaf.sum()), depth, np.int64), child[leaf]))
        node, high, low = child[~leaf], up[~leaf], down[~leaf]
        total += int(leaf.sum())
        if total + len(node) > MAX_NETWORKS:
            raise TableError(f"a .mmdb file of more than {MAX_NETWORKS:,} networks")
        if not len(node):
            break
    else:
        if len(node):
            raise TableError("a damaged .mmdb file (its tree does not end)")
    high, low, depths, pointer = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return high, low, depths, pointer


def _four(left: Wide, count: int) -> int:
    """The node at which the IPv4 tree begins; -1 where there is none."""
    node = 0
    for _ in range(96):
        node = int(left[node])
        if node >= count:
            return -1
    return node


def _value(data: bytes, at: int, depth: int, left: list[int]) -> tuple[Any, int]:
    """A value of the data section and the place behind it; `left` holds how many values may still be read."""
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0 or not 0 <= at < len(data):
        raise ValueError("outside")
    control = data[at]
    kind, at = control >> 5, at + 1
    if kind == 1:
        return _pointed(data, control, at, depth, left)
    if kind == 0:
        kind, at = data[at] + 7, at + 1
    size, at = _size(data, control & 31, at)
    if kind in (7, 11):
        return _many(data, kind, size, at, depth, left)
    if kind == 14:
        return bool(size), at
    raw = data[at : at + size]
    if len(raw) != size or size > 65_536:
        raise ValueError("cut short")
    return _SCALARS[kind](raw), at + size


_SCALARS: Final[dict[int, Callable[[bytes], Any]]] = {
    2: lambda raw: raw.decode("utf-8", "replace"),
    3: lambda raw: struct.unpack(">d", raw)[0],
    4: bytes,
    5: lambda raw: int.from_bytes(raw, "big"),
    6: lambda raw: int.from_bytes(raw, "big"),
    8: lambda raw: int.from_bytes(raw, "big", signed=len(raw) == 4),
    9: lambda raw: int.from_bytes(raw, "big"),
    10: lambda raw: int.from_bytes(raw, "big"),
    15: lambda raw: struct.unpack(">f", raw)[0],
}
"""Types of the format by their numbers; the size of the text is known."""


def _pointed(data: bytes, control: int, at: int, depth: int, left: list[int]) -> tuple[Any, int]:
    size = (control >> 3) & 3
    raw = data[at : at + size + 1]
    if size == 3:
        place = int.from_bytes(raw, "big")
    else:
        place = ((control & 7) << (8 * (size + 1))) + int.from_bytes(raw, "big") + (0, 2048, 526_336)[size]
    if place < len(data) and data[place] >> 5 == 1:
        raise ValueError("a pointer to a pointer")
    return _value(data, place, depth + 1, left)[0], at + size + 1


def _size(data: bytes, size: int, at: int) -> tuple[int, int]:
    if size < 29:
        return size, at
    more = size - 28
    return (29, 285, 65_821)[more - 1] + int.from_bytes(data[at : at + more], "big"), at + more


def _many(data: bytes, kind: int, size: int, at: int, depth: int, left: list[int]) -> tuple[Any, int]:
    if kind == 11:
        items = []
        for _ in range(size):
            item, at = _value(data, at, depth + 1, left)
            items.append(item)
        return items, at
    pairs = {}
    for _ in range(size):
        key, at = _value(data, at, depth + 1, left)
        pairs[str(key)], at = _value(data, at, depth + 1, left)
    return pairs, at
