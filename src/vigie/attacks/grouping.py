"""From labelled signals to attempts and attacks as numbers: first, last, how many of what, and which signal says the words.

Words (family, kind, tool, actor) are not carried along; each group names the row of the signal that has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.attacks.keys import Flags, Ints, Keys, distinct, starts_of
from vigie.attacks.sessions import Labels, Signs, neighbours

_IDS = np.uint64(2**60 - 1)
"""Ids are 15 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is grouped besides `Signs`, one array element per signal.

    Attributes:
        goal: key of the target.
        until: time of the last record behind the signal, microseconds.
        records: records behind the signal.
        status: HTTP status, -1 for none.
        has_kind, has_tool: the signal has a kind, names a tool.
        worked: the signal says that the attack may have worked.
    """

    goal: Keys
    until: Ints
    records: Ints
    status: npt.NDArray[np.int16]
    has_kind: Flags
    has_tool: Flags
    worked: Flags


def numbered(content: Keys, row: Ints) -> tuple[Keys, Ints]:
    """A number for every signal: the hash of its content; equal ones are told apart by how many come before them.

    Args:
        content: hashes of content.
        row: order in which equal ones are numbered.

    Returns:
        numbers of at most 60 bits, and for each signal how many equal ones come before it.
    """
    order = np.lexsort((row, content))
    same = np.zeros(len(order), bool)
    same[1:] = content[order][1:] == content[order][:-1]
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
    nth = np.empty(len(order), np.int64)
    nth[order] = np.arange(len(order)) - starts
    return np.where(nth > 0, mixed(content, nth.astype(np.uint64)), content & _IDS), nth


def mixed(numbers: Keys, salt: Keys | int) -> Keys:
    """Other numbers, as good as random, made of these (SplitMix64 finaliser), at most 60 bits."""
    state = numbers + np.uint64(0x9E3779B97F4A7C15) * (np.atleast_1d(np.asarray(salt, np.uint64)) + np.uint64(1))
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Keys = (state ^ (state >> np.uint64(31))) & _IDS
    return result


def grouped(signs: Signs, facts: Facts, labels: Labels, visit: Ints, pause: int) -> Iterator[tuple[str, pa.Table]]:
    """Signals, attempts and attacks as tables of numbers, one after the other so that only one is held.

    Args:
        signs: the signals.
        facts: more of them.
        labels: their attempts and attacks.
        visit: `Orders.visit`.
        pause: microseconds.

    Yields:
        `labels` of signals (`row`, `signal`, `attempt`, `attack`, `state`: 0 counted, 1 a tool's name, 2 too weak), `attempts`, `attacks`;
        0 stands for no attempt and no attack.
    """
    by_attempt = _sorted(signs, labels.attempt, labels.attempt >= 0)
    attempt = _named(signs, labels.attempt, by_attempt, 1)
    by_attack = _sorted(signs, labels.attack, labels.reaches)
    attack = _named(signs, labels.attack, by_attack, 2)
    state = np.where(labels.attempt < 0, 1, np.where(labels.reaches, 0, 2)).astype(np.int8)
    yield "labels", pa.table({"row": signs.row, "signal": signs.signal, "attempt": attempt, "attack": attack, "state": state})
    columns = _groups(signs, facts, labels.attempt, by_attempt)
    first, _ = columns.pop("first"), columns.pop("group")
    del by_attempt
    yield "attempts", pa.table({"attempt": attempt[first], "attack": attack[first], **columns})
    columns = _groups(signs, facts, labels.attack, by_attack)
    first, group = columns.pop("first"), columns.pop("group")
    del by_attack
    name = _lent_names(signs, facts, labels, visit, pause, group)
    columns["name_row"] = np.where(name >= 0, signs.row[name], -1) if len(signs.row) else name
    columns["name_signal"] = np.where(name >= 0, signs.signal[name], np.uint64(0)) if len(signs.row) else name.astype(np.uint64)
    yield "attacks", pa.table({"attack": attack[first], **columns, **_distinct(signs, facts, labels, attempt, group)})


def _sorted(signs: Signs, group: Ints, kept: Flags) -> Ints:
    """The kept rows by group, the earliest first."""
    rows = np.flatnonzero(kept)
    return rows[np.lexsort((signs.signal[rows], signs.seen[rows], group[rows]))]


def _named(signs: Signs, group: Ints, rows: Ints, salt: int) -> Keys:
    """The number of each row's group, made of its earliest signal's; 0 where it has none."""
    out = np.zeros(len(group), np.uint64)
    if len(rows):
        new = starts_of(group[rows])
        out[rows] = np.maximum(mixed(signs.signal[rows][new], salt), np.uint64(1))[np.cumsum(new) - 1]
    return out


def _groups(signs: Signs, facts: Facts, group: Ints, rows: Ints) -> dict[str, Any]:
    starts = np.flatnonzero(starts_of(group[rows])) if len(rows) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(rows)))
    first = rows[starts]
    return {
        "first": first, "group": group[first], "row": signs.row[first],
        "kind_row": _most_convincing(signs, rows, starts, facts.has_kind),
        "tool_row": _most_convincing(signs, rows, starts, facts.has_tool),
        "first_seen": signs.seen[first], "last_seen": _most(facts.until[rows], starts), "signals": sizes,
        "records": np.add.reduceat(facts.records[rows], starts) if len(rows) else sizes,
        "confidence": _most(signs.confidence[rows], starts).astype(np.float32),
        "named_row": signs.row[_first_where(rows, starts, ~signs.unnamed)],
        "worked": _most(facts.worked[rows].astype(np.int8), starts),
        "failed": _most((facts.status[rows] >= 500).astype(np.int8), starts),
        "answered": _most(((facts.status[rows] < 400) & (facts.status[rows] >= 200) | (facts.status[rows] < 0)).astype(np.int8), starts),
    }  # fmt: skip


def _most(values: npt.NDArray[Any], starts: Ints) -> npt.NDArray[Any]:
    return np.maximum.reduceat(values, starts) if len(values) else values


def _first_where(rows: Ints, starts: Ints, wanted: Flags) -> Ints:
    """In each group the first row that is wanted, else the first."""
    if not len(rows):
        return rows
    at = np.where(wanted[rows], np.arange(len(rows)), len(rows))
    best = np.minimum.reduceat(at, starts)
    return rows[np.where(best < len(rows), best, starts)]


def _most_convincing(signs: Signs, rows: Ints, starts: Ints, wanted: Flags) -> Ints:
    """In each group the row of the surest signal that is wanted (ties: the smallest number); -1 for none."""
    out = np.full(len(starts), -1, np.int64)
    number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    keep = wanted[rows]
    rows, number = rows[keep], number[keep]
    if len(rows):
        order = np.lexsort((signs.signal[rows], -signs.confidence[rows], number))
        new = starts_of(number[order])
        out[number[order][new]] = signs.row[rows[order][new]]
    return out


def _distinct(signs: Signs, facts: Facts, labels: Labels, attempt: Keys, groups: Ints) -> dict[str, Ints]:
    """How many different attempts, targets and sources each attack has."""
    rows = np.flatnonzero(labels.reaches)
    attack = labels.attack[rows]
    return {name: distinct(attack, key[rows])[groups] for name, key in (("attempts", attempt), ("targets", facts.goal), ("sources", signs.pursuit))}


def _lent_names(signs: Signs, facts: Facts, labels: Labels, visit: Ints, pause: int, groups: Ints) -> Ints:
    """For each attack the signal of a tool's name that was set aside beside it; -1 for none."""
    named = (labels.attempt < 0) & facts.has_tool
    if not named.any() or not len(groups):
        return np.full(len(groups), -1, np.int64)
    before, after = neighbours(signs, labels.reaches, visit, pause)
    pairs = [(near[named & (near >= 0)], np.flatnonzero(named & (near >= 0))) for near in (before, after)]
    beside, name = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    attack = labels.attack[beside]
    order = np.lexsort((signs.signal[name], signs.seen[name], attack))
    attack, name = attack[order], name[order]
    new = starts_of(attack)
    lent = np.full(int(labels.attack.max()) + 1, -1, np.int64)
    lent[attack[new]] = name[new]
    return lent[groups]
