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

from vigie.origins.addresses import Packed, packed
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
    networks, numbers, skipped = _entries(text)
    if not networks and not numbers:
        raise TableError(f"no address and no network in it ({skipped:,} lines are not understood): a list that was not collected, not a time without relays")
    found = packed(pa.array([pair[0] for pair in networks], pa.string())), packed(pa.array([pair[1] for pair in networks], pa.string()))
    is4 = found[0].family == 4
    return RelayList(kind, at, ranges(found[0].four[is4], found[1].four[is4]), ranges(found[0].six, found[1].six), frozenset(numbers), len(networks) + len(numbers), skipped)


def _entries(text: str) -> tuple[list[tuple[str, str]], set[int], int]:
    networks: dict[tuple[str, str], None] = {}
    numbers: set[int] = set()
    skipped = 0
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise TableError(f"more than {MAX_LINES:,} lines")
    for line in lines:
        words = line.partition("#")[0].replace(",", " ").split()
        if not words or words[0] in ("ExitNode", "Published", "LastStatus"):
            continue
        word = words[1] if words[0] == "ExitAddress" and len(words) > 1 else words[0]
        if word[:2].upper() == "AS" and word[2:].isascii() and word[2:].isdigit() and len(word) <= 12:
            numbers.add(int(word[2:]))
            continue
        try:
            network = ipaddress.ip_network(word[:64], strict=False)
        except ValueError:
            skipped += 1
            continue
        networks[str(network.network_address), str(network.broadcast_address)] = None
    return list(networks), numbers, skipped


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
