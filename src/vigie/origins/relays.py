"""Lists of relays, each of one kind and one date, and which of them speaks for a time.

Who is a relay changes: of the Tor exits of one day, 30 % are left after twenty months. So a list speaks for a day to either side, for a week with
the distance said, and for longer only where networks are listed in place of machines; at other times it says nothing.

References:
    - https://metrics.torproject.org/collector.html#type-tordnsel (exit-addresses)
    - https://github.com/X4BNet/lists_vpn (networks of datacenters and VPNs, one a line)
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.origins.addresses import Packed, halves_of, packed, sixteen_of
from vigie.origins.origin import CDN, HOSTING, PRIVATE_RELAY, PUBLIC_PROXY, RELAYS, RESIDENTIAL, TOR, VPN
from vigie.origins.ranges import Ranges, ranges, rows_of
from vigie.origins.table import TableError

DAY: Final = 86_400_000_000
AT_THE_TIME: Final = 1
"""Days from the list's own within which it is of the time."""
SPEAKS: Final = {TOR: 7, PUBLIC_PROXY: 7, RESIDENTIAL: 7, VPN: 90, HOSTING: 90, CDN: 90, PRIVATE_RELAY: 90}
"""Days from a list's own for which it speaks: machines change within weeks, networks within a year."""
MAX_LINES: Final = 5_000_000
LISTED: Final = tuple(kind for kind in RELAYS if kind in SPEAKS)
"""Kinds of which there are lists."""

_FILE: Final = re.compile(r"([a-z_]+)@(\d{8}T\d{6})Z\.txt\Z")


@dataclass(frozen=True, slots=True)
class RelayList:
    """Who was a relay of one kind at one time.

    Attributes:
        kind: one of `LISTED`.
        at: microseconds of the epoch.
        four, six: its networks.
        numbers: AS numbers that are listed whole.
        entries: how many lines could be used.
        skipped: how many could not.
    """

    kind: str
    at: int
    four: Ranges
    six: Ranges
    numbers: frozenset[int]
    entries: int
    skipped: int = 0

    @property
    def label(self) -> str:
        """Kind and day, as they are shown."""
        return f"{self.kind} {day_of(self.at).isoformat()}"


def day_of(micros: int) -> dt.date:
    """The day (UTC) of a time."""
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)).date()


def relay_list(text: str, kind: str, at: int) -> RelayList:
    """A list from the text of its file, one entry a line.

    Entries are addresses, networks, numbers of networks (`AS64500`), Tor's `exit-addresses`, or the first column of a CSV. What stands behind `#`
    is left out.

    Args:
        text: of the file.
        kind: one of `LISTED`.
        at: microseconds of the epoch at which it was so.

    Raises:
        TableError: nothing in it can be used: a failed collection, not a world without relays.
    """
    words, numbers = _entries(text)
    base, _, length = _split(words)
    found = packed(pa.array(base, pa.string()))
    bits = _lengths(length, found.family)
    good = (found.family > 0) & (bits >= 0)
    skipped = int((~good).sum())
    if skipped == len(words) and not numbers:
        raise TableError(f"no address and no network in it ({skipped:,} lines are not understood): a list that was not collected, not a time without relays")
    is4 = good & (found.family == 4)
    rest4 = _below(32 - bits[is4])
    four = found.four[is4].astype(np.uint64) & ~rest4
    good6 = good[found.family == 6]
    high, low = (part[good6] for part in halves_of(found.six))
    bits6 = bits[(found.family == 6) & good]
    rest_high, rest_low = _below(np.clip(64 - bits6, 0, 64)), _below(np.clip(128 - bits6, 0, 64))
    high, low = high & ~rest_high, low & ~rest_low
    entries = int(good.sum()) + len(numbers)
    six = ranges(sixteen_of(high, low), sixteen_of(high | rest_high, low | rest_low))
    return RelayList(kind, at, ranges(four.astype(np.uint32), (four | rest4).astype(np.uint32)), six, frozenset(numbers), entries, skipped)


def _below(bits: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """Numbers of which these many lowest bits are set, 0 to 64."""
    one = np.uint64(1)
    return np.where(bits >= 64, np.uint64(2**64 - 1), (one << np.minimum(bits, 63).astype(np.uint64)) - one).astype(np.uint64)


def _split(words: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    parts = [word.partition("/") for word in words]
    return [one[0] for one in parts], [one[1] for one in parts], [one[2] for one in parts]


def _lengths(length: Sequence[str], family: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Bits of each prefix, all of them where none is given; -1 where it is none."""
    most = np.where(family == 4, 32, 128)
    bits = np.array([int(one) if one.isascii() and one.isdigit() and len(one) < 4 else (-1 if one else 999) for one in length], np.int64)
    bits = np.where(bits == 999, most, bits)
    return np.where(bits > most, -1, bits)


def _entries(text: str) -> tuple[list[str], set[int]]:
    """Addresses and networks as they stand there, each once, and numbers of networks."""
    words: dict[str, None] = {}
    numbers: set[int] = set()
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise TableError(f"more than {MAX_LINES:,} lines")
    for line in lines:
        parts = line.partition("#")[0].replace(",", " ").split(None, 2)
        if not parts or parts[0] in ("ExitNode", "Published", "LastStatus"):
            continue
        word = parts[1] if parts[0] == "ExitAddress" and len(parts) > 1 else parts[0]
        if word[:2].upper() == "AS" and word[2:].isascii() and word[2:].isdigit() and len(word) <= 12:
            numbers.add(int(word[2:]))
        else:
            words[word[:64]] = None
    return list(words), numbers


_EXIT: Final = re.compile(r"^ExitAddress \S{2,45} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)


def told_time(text: str) -> int | None:
    """Microseconds of the newest test that a list of Tor's form tells of; None for other lists."""
    newest = max((found[1] for found in _EXIT.finditer(text)), default=None)
    if newest is None:
        return None
    try:
        moment = dt.datetime.strptime(newest, "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def kept_text(one: RelayList) -> str:
    """A list as it is kept: one range or number a line."""
    out = [f"AS{number}" for number in sorted(one.numbers)]
    for low, high in ((one.four.start, one.four.end), (one.six.start, one.six.end)):
        for first, last in zip(low.tolist(), high.tolist(), strict=True):
            ends = (ipaddress.IPv4Address(end) if isinstance(end, int) else ipaddress.IPv6Address(end.ljust(16, b"\0")) for end in (first, last))
            out += [str(network) for network in ipaddress.summarize_address_range(*ends)]
    return "\n".join(out) + "\n"


def name_of(one: RelayList) -> str:
    """Name of the file that keeps a list."""
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=one.at)
    return f"{one.kind}@{moment:%Y%m%dT%H%M%S}Z.txt"


def parsed_name(name: str) -> tuple[str, int] | None:
    """Kind and time of a list by the name of its file; None when it is none."""
    found = _FILE.match(name)
    if not found or found[1] not in LISTED:
        return None
    try:
        moment = dt.datetime.strptime(found[2], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return found[1], (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """What the lists say of addresses at their times.

    Attributes:
        kind: of the relay, None for none; shape (n,).
        label: the list that says so, None for none; shape (n,).
        days: between the list and the time; shape (n,).
        checked: whether any list speaks for the time; shape (n,).
    """

    kind: npt.NDArray[np.object_]
    label: npt.NDArray[np.object_]
    days: npt.NDArray[np.float32]
    checked: npt.NDArray[np.bool_]


def listed(addresses: Packed, seen: npt.NDArray[np.int64], numbers: npt.NDArray[np.object_], lists: Sequence[RelayList]) -> Listed:
    """Whether addresses were relays when they were seen, by the nearest list of each kind.

    Args:
        addresses: n of them.
        seen: microseconds of the epoch; shape (n,).
        numbers: AS number of each, or None; shape (n,).
        lists: in any order.
    """
    count = len(addresses)
    out = Listed(np.full(count, None, object), np.full(count, None, object), np.full(count, np.nan, np.float32), np.zeros(count, bool))
    six_at = np.cumsum(addresses.family == 6) - 1
    for kind in LISTED[::-1]:  # the most telling last, so that it stands
        mine = sorted((one for one in lists if one.kind == kind), key=lambda one: one.at)
        if not mine:
            continue
        times = np.array([one.at for one in mine], np.int64)
        nearest = np.searchsorted((times[1:] + times[:-1]) // 2, seen)
        away = np.abs(seen - times[nearest]) / DAY
        speaks = away <= SPEAKS[kind]
        out.checked[speaks] = True
        for at in np.unique(nearest[speaks]).tolist():
            rows = np.flatnonzero(speaks & (nearest == at))
            part = Packed(addresses.family[rows], addresses.four[rows], addresses.six[six_at[rows[addresses.family[rows] == 6]]])
            held = rows_of(part, mine[at].four, mine[at].six) >= 0
            if mine[at].numbers:
                held |= np.array([number in mine[at].numbers for number in numbers[rows].tolist()], bool)
            there = rows[held]
            out.kind[there], out.label[there], out.days[there] = kind, mine[at].label, away[there]
    return out
