"""Which signals make one attack: sessions, links between sources, and the bar, on plain arrays.

Pure: the same arrays and settings give the same answer, whatever the order of the rows. Keys are hashes that only say which rows
belong together; nothing that is kept is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vigie.attacks.components import components
from vigie.attacks.keys import Flags, Ints, Keys, starts_of
from vigie.attacks.rotation import dealt_out
from vigie.attacks.settings import Settings

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Signs:
    """Signals as far as counting needs them, one array element each.

    Attributes:
        row: number of the signal in its relation.
        signal: number of the signal, a hash of its content.
        seen: time, microseconds.
        site: key of family, asset and source.
        spot: key of family, asset, source and target.
        pursuit: key of family and source, whatever the asset.
        visit: key of source and asset, whatever the family.
        sign: key of source, rule and target: what is one piece of evidence however often it is seen.
        payload: key of family, asset and skeleton; meaningless where `linking` is false.
        place: key of family, asset and target, whatever the source.
        value: key of the text that convinced; 0 where it stands for many (a window).
        linking: sharing the skeleton links sources.
        slow: the detector itself says that the sources act as one, however slowly.
        whole: the detector itself says which signals are one attack, those with one skeleton, however far apart.
        stretch: how many times the pause may pass without a signal: 1, or what the family and kind ask for (doors 1/2, slow guessing 24).
        unnamed: the log does not tell the asset.
        name_only: a tool's own name.
        confidence: 0..1.
    """

    row: Ints
    signal: Keys
    seen: Ints
    site: Keys
    spot: Keys
    pursuit: Keys
    visit: Keys
    sign: Keys
    payload: Keys
    place: Keys
    value: Keys
    linking: Flags
    slow: Flags
    whole: Flags
    stretch: npt.NDArray[np.float64]
    unnamed: Flags
    name_only: Flags
    confidence: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Labels:
    """The answer, one element per signal.

    Attributes:
        attempt: number of the attempt, -1 where the signal is a tool's name and set aside.
        attack: number of the attack (or of what is too weak to be one), -1 likewise.
        reaches: the evidence of that attack reaches the bar.
    """

    attempt: Ints
    attack: Ints
    reaches: Flags


@dataclass(frozen=True, slots=True)
class Orders:
    """Rows in the orders that every answer needs, whatever the settings: sorted once, asked several times."""

    site: Ints
    spot: Ints
    payload: Ints
    visit: Ints

    @classmethod
    def of(cls, signs: Signs) -> Orders:
        """Sort the rows by key, then by time."""
        linking = np.flatnonzero(signs.linking)
        return cls(
            np.lexsort((signs.seen, signs.site)),
            np.lexsort((signs.seen, signs.spot)),
            linking[np.lexsort((signs.seen[linking], signs.payload[linking]))],
            np.lexsort((signs.seen, signs.visit)) if signs.name_only.any() else np.zeros(0, np.int64),
        )


def label(signs: Signs, settings: Settings, orders: Orders | None = None) -> Labels:
    """Say of every signal to which attempt and attack it belongs.

    A tool's name is set aside where the same source's signals on the same asset, within a pause, make an attack without it.

    Args:
        signs: the signals.
        settings: pause, link window and bar.
        orders: `Orders.of(signs)`, when several settings are asked.
    """
    orders = orders or Orders.of(signs)
    kept, attack, reaches = _kept(signs, settings, orders)
    attempt = _runs(signs, signs.spot, orders.spot, kept, int(settings.pause * 60e6))
    return Labels(attempt, attack, reaches)


def beginnings(signs: Signs, settings: Settings, orders: Orders) -> Ints:
    """When each attack began (microseconds) that the signals make under some settings; as many as there are attacks."""
    _, attack, reaches = _kept(signs, settings, orders)
    counted = attack[reaches]
    first = np.full(int(counted.max(initial=-1)) + 1, _NEVER)
    np.minimum.at(first, counted, signs.seen[reaches])
    return first[first < _NEVER]


def _kept(signs: Signs, settings: Settings, orders: Orders) -> tuple[Flags, Ints, Flags]:
    """Which signals are counted, the attack of each, and whether it reaches the bar."""
    kept = ~signs.name_only
    attack, reaches = _attacks(signs, settings, orders, kept)
    if not kept.all():
        before, after = neighbours(signs, reaches, orders.visit, int(settings.pause * 60e6))
        kept |= (before < 0) & (after < 0)
        attack, reaches = _attacks(signs, settings, orders, kept)
    return kept, attack, reaches


def _attacks(signs: Signs, settings: Settings, orders: Orders, kept: Flags) -> tuple[Ints, Flags]:
    pause, link = int(settings.pause * 60e6), int(settings.link_window * 60e6)
    session = _runs(signs, signs.site, orders.site, kept, pause)
    sessions = int(session.max(initial=-1)) + 1
    left, right = _shared_payloads(signs, session, orders.payload, pause, link)
    more_left, more_right = _unnamed_assets(signs, session, sessions, kept, pause)
    dealt_left, dealt_right = _dealt_out(signs, session, link)
    labels = components(sessions, np.concatenate([left, more_left, dealt_left]), np.concatenate([right, more_right, dealt_right]))
    attack = np.where(kept, np.append(labels, -1)[session], -1)
    return attack, _reaching(signs, attack, kept, settings.bar)


def _runs(signs: Signs, key: Keys, order: Ints, kept: Flags, pause: int) -> Ints:
    """Number of the run that each kept row belongs to (rows of one key without a longer pause), -1 for the others."""
    order = order[kept[order]]
    new = np.ones(len(order), bool)
    stretch = signs.stretch[order]
    new[1:] = (key[order][1:] != key[order][:-1]) | (np.diff(signs.seen[order]) > pause * np.maximum(stretch[1:], stretch[:-1]))
    out = np.full(len(kept), -1, np.int64)
    out[order] = np.cumsum(new) - 1
    return out


def _shared_payloads(signs: Signs, session: Ints, order: Ints, pause: int, link: int) -> tuple[Ints, Ints]:
    rows = order[session[order] >= 0]
    before, after = rows[:-1], rows[1:]
    limit = np.where(signs.whole[after], _NEVER, np.where(signs.slow[after], pause * signs.stretch[after], link))
    near = (signs.payload[before] == signs.payload[after]) & (signs.seen[after] - signs.seen[before] <= limit)
    return session[before[near]], session[after[near]]


def _dealt_out(signs: Signs, session: Ints, link: int) -> tuple[Ints, Ints]:
    """Edges between the sessions of sources that share out the values of one place."""
    rows = np.flatnonzero((session >= 0) & (signs.value > 0))
    left, right = dealt_out(signs.place[rows], signs.value[rows], signs.visit[rows], signs.seen[rows], link)
    return session[rows[left]], session[rows[right]]


def _unnamed_assets(signs: Signs, session: Ints, sessions: int, kept: Flags, pause: int) -> tuple[Ints, Ints]:
    """Edges from each session without an asset to the nearest one in time, of the same source and family, that has one."""
    nothing = np.zeros(0, np.int64)
    if not signs.unnamed.any() or signs.unnamed.all():
        return nothing, nothing
    first, last = np.full(sessions, np.iinfo(np.int64).max), np.full(sessions, np.iinfo(np.int64).min)
    mine = session[kept]
    np.minimum.at(first, mine, signs.seen[kept])
    np.maximum.at(last, mine, signs.seen[kept])
    pursuit, unnamed = np.zeros(sessions, np.uint64), np.zeros(sessions, bool)
    pursuit[mine], unnamed[mine] = signs.pursuit[kept], signs.unnamed[kept]
    named = np.flatnonzero(~unnamed)
    named = named[np.lexsort((first[named], pursuit[named]))]
    left, right = [], []
    for one in np.flatnonzero(unnamed & np.isin(pursuit, pursuit[named])).tolist():
        low, high = np.searchsorted(pursuit[named], pursuit[one], "left"), np.searchsorted(pursuit[named], pursuit[one], "right")
        near = named[low:high]
        gap = np.maximum(np.maximum(first[near] - last[one], first[one] - last[near]), 0)
        best = int(np.argmin(gap))
        if gap[best] <= pause:
            left.append(one)
            right.append(int(near[best]))
    return np.asarray(left, np.int64), np.asarray(right, np.int64)


def _reaching(signs: Signs, attack: Ints, kept: Flags, bar: float) -> Flags:
    """Whether the different signs of each signal's attack, as if independent, make one at least as likely as the bar."""
    rows = np.flatnonzero(kept)
    reaches = np.zeros(len(kept), bool)
    if not len(rows):
        return reaches
    rows = rows[np.lexsort((signs.sign[rows], attack[rows]))]
    starts = np.flatnonzero(starts_of(attack[rows], signs.sign[rows]))
    sure = np.minimum(np.maximum.reduceat(signs.confidence[rows], starts), 0.999)
    doubt = np.bincount(attack[rows][starts], weights=np.log1p(-sure), minlength=int(attack.max()) + 1)
    reaches[rows] = (-np.expm1(doubt) >= bar - 1e-6)[attack[rows]]
    return reaches


def neighbours(signs: Signs, chosen: Flags, order: Ints, pause: int) -> tuple[Ints, Ints]:
    """For every row the last chosen one before it and the first one behind it, of the same visit and within a pause; -1 for none.

    Args:
        signs: the signals.
        chosen: the rows that may be named.
        order: `Orders.visit`.
        pause: microseconds.
    """
    count = len(order)
    before, after = np.full(len(signs.row), -1, np.int64), np.full(len(signs.row), -1, np.int64)
    if not count:
        return before, after
    visit, seen, marked = signs.visit[order], signs.seen[order], chosen[order]
    low = np.maximum.accumulate(np.where(marked, np.arange(count), -1))
    high = np.minimum.accumulate(np.where(marked, np.arange(count), count)[::-1])[::-1]
    for out, other, there in ((before, low, low >= 0), (after, high, high < count)):
        safe = np.clip(other, 0, count - 1)
        near = there & (visit[safe] == visit) & (np.abs(seen[safe] - seen) <= pause)
        out[order] = np.where(near, order[safe], -1)
    return before, after
