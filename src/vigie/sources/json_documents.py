"""Where the items of JSON documents stand: one pass over the bytes in columns, at any size, even where the beginning is already gone.

A document of several hundred megabytes is read in blocks, and a block may begin at any item. Depth is therefore counted from where the bytes
begin: what is open before them needs not be known, and items are told by the list that they stand in. A text cannot pretend to be a bracket, and
since JSON has no line break inside a text, a text that was cut off ends with its line.

References:
    - RFC 8259
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from vigie.sources.source import Ends

Places = npt.NDArray[np.int64]

LONGEST_FRAME: Final = 512 * 1024
"""Bytes of one piece of what stands around items; what is longer is several pieces, each of which begins behind a closing brace."""
_DEEPEST: Final = 12
"""How deep, counted from where the bytes begin, a list of items may stand."""
_SEPARATORS: Final = b" \t\r\n,"
_QUOTE, _BACKSLASH, _NEWLINE, _BRACE, _BRACKET, _CLOSED = 34, 92, 10, 123, 91, 125


@dataclass(frozen=True, slots=True)
class Items:
    """Where items stand.

    Attributes:
        begins, ends: of each, in order; one that is not closed has no end (-1).
        apart: whether anything but separators stands between an item and the next one, or the end.
        outer: where the objects end that hold a list of items directly (pages, chats); -1 while they are open.
        braces: where closing braces end.
    """

    begins: Places
    ends: Places
    apart: npt.NDArray[np.bool_]
    outer: Places
    braces: Places


@dataclass(frozen=True, slots=True)
class _Marks:
    """Brackets and braces outside of texts: their places, bytes, and the depth before and behind them."""

    at: Places
    mark: npt.NDArray[np.uint8]
    before: Places
    after: Places
    first: npt.NDArray[np.bool_]


def items_of(data: bytes, keys: Sequence[str], *, lines: bool) -> Items:
    """Where the objects stand that are elements of a list of one of these names, or of the list that the document is.

    Args:
        data: bytes that begin with an item, or with what stands before the first one or between two.
        keys: names of the lists. An object that holds such a list is no item itself.
        lines: each line is a document of its own, an object in it that is in no list is the line; else the bytes are one document.
    """
    marks = _marks(data, lines=lines)
    opened = _lists(data, keys, marks)
    found = [_level(marks, opened, int(depth), virtual=not lines) for depth in _depths(marks, opened, virtual=not lines)]
    begins, closes = (np.concatenate([one[part] for one in found]) if found else np.zeros(0, np.int64) for part in range(2))
    holds = np.searchsorted(opened, begins, "right") < np.searchsorted(opened, np.where(closes < 0, len(marks.at), closes))
    order = np.argsort(begins[~holds], kind="stable")
    begins, closes = begins[~holds][order], closes[~holds][order]
    following = np.append(begins[1:], len(marks.at))
    apart = (closes >= 0) & (following != closes + 1)
    at = marks.at
    ends = np.where(closes < 0, -1, at[np.maximum(closes, 0)] + 1) if len(at) else closes
    if len(ends) and ends[-1] >= 0 and not apart[-1]:
        apart[-1] = bool(data[ends[-1] :].strip(_SEPARATORS))
    places = at[begins] if len(at) else begins
    braces = at[marks.mark == _CLOSED] + 1
    return Items(places, ends, apart, np.zeros(0, np.int64) if lines else _outer(marks, opened), braces)


def cuts_of(items: Items, data: bytes, more: Ends | None = None) -> Ends:
    """Where pieces end: before and behind items, and where a frame would grow too long.

    Args:
        items: of `data`.
        data: all bytes of a block.
        more: ends that there are besides (those of lines).
    """
    cuts = np.unique(np.concatenate([items.begins, items.ends[items.apart], np.asarray([len(data)]), *([] if more is None else [more])]))
    cuts = cuts[cuts > 0]
    starts = np.append(0, cuts[:-1])
    long = np.flatnonzero((cuts - starts > LONGEST_FRAME) & ~np.isin(starts, items.begins))
    extra: list[int] = []
    for row in long.tolist():
        at, end = int(starts[row]), int(cuts[row])
        while end - at > LONGEST_FRAME:
            last = int(np.searchsorted(items.braces, at + LONGEST_FRAME, "right")) - 1
            if last < 0 or items.braces[last] <= at:
                break
            at = int(items.braces[last])
            extra.append(at)
    return np.unique(np.concatenate([cuts, np.asarray(extra, np.int64)])).astype(np.int64)


def line_ends(data: bytes) -> Ends:
    """Where lines end."""
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE).astype(np.int64) + 1


def last_line(data: bytes) -> Ends:
    """Where the last line ends that is whole; nothing where none is."""
    cut = data.rfind(b"\n") + 1
    return np.asarray([cut] if cut else [], np.int64)


@lru_cache(maxsize=16)
def _named(keys: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(rb'"(?:' + b"|".join(re.escape(key.encode()) for key in keys) + rb')"[ \t\r\n]{0,64}:[ \t\r\n]{0,64}\[')


def _marks(data: bytes, *, lines: bool) -> _Marks:
    array = np.frombuffer(data, np.uint8)
    folded = array | np.uint8(32)  # brackets fold into braces
    places = np.flatnonzero((array == _QUOTE) | (folded == _BRACE) | (folded == _CLOSED))
    places = places[~_escaped(array, places)]
    mark = array[places]
    quotes = (mark == _QUOTE).cumsum()
    newlines = np.flatnonzero(array == _NEWLINE)
    row = np.searchsorted(newlines, places)
    new = np.append(True, row[1:] != row[:-1])[: len(row)]
    start = np.maximum.accumulate(np.where(new, np.arange(len(row)), 0)) if len(row) else row
    inside = (quotes - (quotes - (mark == _QUOTE))[start]) & 1
    keep = (mark != _QUOTE) & (inside == 0)
    at, mark, row = places[keep], mark[keep], row[keep]
    step = np.where((mark == _BRACE) | (mark == _BRACKET), 1, -1).astype(np.int64)
    after = step.cumsum()
    before = after - step
    first = np.zeros(len(at), bool)
    first[:1] = True
    if lines and len(at):
        first[1:] = row[1:] != row[:-1]
        base = before[np.maximum.accumulate(np.where(first, np.arange(len(at)), 0))]
        before, after = before - base, after - base
    return _Marks(at, mark, before, after, first)


def _escaped(array: npt.NDArray[np.uint8], places: Places) -> npt.NDArray[np.bool_]:
    """Which quotes have an odd number of backslashes before them."""
    out = np.zeros(len(places), bool)
    suspects = np.flatnonzero((array[places] == _QUOTE) & (places > 0) & (array[np.maximum(places - 1, 0)] == _BACKSLASH))
    if not len(suspects):
        return out
    slashes = np.flatnonzero(array == _BACKSLASH)
    starts = np.append(True, slashes[1:] != slashes[:-1] + 1)
    begin = slashes[np.maximum.accumulate(np.where(starts, np.arange(len(slashes)), 0))]
    last = np.searchsorted(slashes, places[suspects] - 1)
    out[suspects] = (places[suspects] - begin[last]) % 2 == 1
    return out


def _lists(data: bytes, keys: Sequence[str], marks: _Marks) -> Places:
    """Which marks open a list of items."""
    named = np.asarray([found.end() - 1 for found in _named(tuple(keys)).finditer(data)], np.int64)
    rows = np.searchsorted(marks.at, named)
    rows = rows[(rows < len(marks.at)) & (marks.at[np.minimum(rows, max(len(marks.at) - 1, 0))] == named)] if len(marks.at) else rows[:0]
    root = np.flatnonzero(marks.first & (marks.mark == _BRACKET))
    return np.unique(np.concatenate([rows, root])).astype(np.int64)


def _depths(marks: _Marks, lists: Places, *, virtual: bool) -> Places:
    depths = np.append(marks.after[lists], 0) if virtual else marks.after[lists]
    return np.unique(depths[np.abs(depths) <= _DEEPEST])


def _level(marks: _Marks, lists: Places, depth: int, *, virtual: bool) -> tuple[Places, Places]:
    """Objects at one depth that stand in a list of items: marks that open and close them, -1 where none does."""
    opens = (marks.mark == _BRACE) | (marks.mark == _BRACKET)
    rows = np.flatnonzero((opens & ((marks.after == depth) | (marks.before == depth))) | (~opens & (marks.after == depth)) | marks.first)
    if not len(rows):
        return rows, rows
    parent = opens[rows] & (marks.after[rows] == depth)
    child = (marks.mark[rows] == _BRACE) & (marks.before[rows] == depth)
    close = ~opens[rows] & (marks.after[rows] == depth)
    count = np.arange(len(rows))
    opened = np.maximum.accumulate(np.where(parent, count, -1))
    begun = np.maximum.accumulate(np.where(marks.first[rows], count, 0))
    known = opened >= begun
    inside = np.where(known, np.isin(rows[np.maximum(opened, 0)], lists), virtual and depth == 0)
    picked = np.flatnonzero(child & inside)
    nearest = np.minimum.accumulate(np.where(close, count, len(rows))[::-1])[::-1]
    ending = nearest[picked]
    documents = np.append(np.flatnonzero(marks.first[rows])[1:], len(rows))
    closed = ending < documents[np.searchsorted(documents, picked, "right")]
    return rows[picked], np.where(closed, rows[np.minimum(ending, len(rows) - 1)], -1)


def _outer(marks: _Marks, lists: Places) -> Places:
    """Where the objects end that hold a list of items."""
    out = []
    for depth in np.unique(marks.after[lists][np.abs(marks.after[lists]) <= _DEEPEST]).tolist():
        closes = np.flatnonzero((marks.after == depth - 2) & (marks.mark == _CLOSED))
        mine = lists[marks.after[lists] == depth]
        following = np.searchsorted(closes, mine)
        ended = np.append(marks.at[closes] + 1 if len(closes) else closes, -1)
        out.append(ended[following])
    return np.sort(np.concatenate(out)) if out else np.zeros(0, np.int64)
