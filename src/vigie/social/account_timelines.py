"""Invented timelines of known truth: how tools and people post, so that an account's rhythm can be compared with both.

Each way of posting has its own function. A tool decides when: a schedule, a feed, a queue. A person decides when: in sittings with gaps of a
few minutes, by day, with pauses. A person who also uses a queue belongs where most of the posts come from. Nothing here is taken from a real account;
the ranges are what such tools offer and what such days hold, and the figures are always told apart from those of real accounts.

References:
    - A.-L. Barabasi, The origin of bursts and heavy tails in human dynamics, Nature 435, 2005 (people act in bursts)
    - R. D. Malmgren et al., A Poissonian explanation for heavy tails in e-mail communication, PNAS 105, 2008 (sittings within days and weeks)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Rng = np.random.Generator

DAY, HOUR = 86_400, 3600
SPAN: Final = (40, 240)
"""Days that an invented account posts over, least and most."""


def schedule(rng: Rng, days: int) -> Ints:
    """A schedule: every 15, 30 or 60 minutes of a part of the day, when there is something to post."""
    every = int(rng.choice((15, 30, 60)))
    begin, hours = int(rng.integers(0, 24)), int(rng.integers(12, 25))
    slots = np.arange(0, hours * 60, every) * 60 + begin * HOUR + int(rng.integers(0, every)) * 60
    at = (np.arange(days)[:, None] * DAY + slots[None, :]).ravel()
    return np.asarray(_some(rng, at, rng.uniform(0.3, 1.0)) + int(rng.integers(0, 5)), np.int64)


def feed(rng: Rng, days: int) -> Ints:
    """A feed: what a newsroom publishes is posted 0 to 120 seconds later, by day more than by night."""
    published = _strewn(rng, days, rng.uniform(8, 60), _newsroom(rng))
    whole = rng.random(len(published)) < rng.uniform(0, 0.5)
    published = np.where(whole, published // 300 * 300, published)
    return published + rng.integers(0, 121, len(published))


def queue(rng: Rng, days: int) -> Ints:
    """A queue: 4 to 24 slots a day between morning and evening, each give or take ten minutes; often not at the weekend."""
    slots: npt.NDArray[Any] = np.sort(rng.uniform(7, 22, int(rng.integers(4, 25)))) * HOUR
    working = np.arange(days) if rng.random() < 0.6 else np.flatnonzero(np.arange(days) % 7 < 5)
    at = (working[:, None] * DAY + slots[None, :]).ravel()
    at = _some(rng, at, rng.uniform(0.7, 1.0))
    return (at + rng.uniform(-600, 600, len(at))).astype(np.int64) + _zone(rng)


def rule(rng: Rng, days: int) -> Ints:
    """A rule: whatever others post with a word is passed on at once, 20 to 800 times a day, more in the hours when they talk of it."""
    weight = _newsroom(rng)
    talk = rng.gamma(2.0, 0.5, (days, 24)) * weight
    hours = rng.poisson(np.exp(rng.uniform(np.log(20), np.log(800))) * talk / talk.sum(1, keepdims=True))
    begin = (np.arange(days)[:, None] * DAY + np.arange(24)[None, :] * HOUR).ravel()
    at = np.repeat(begin, hours.ravel())
    return np.asarray(at + rng.integers(0, HOUR, len(at)), np.int64)


def queue_mostly(rng: Rng, days: int) -> Ints:
    """A person with a queue that posts seven of ten."""
    return _mixed(rng, days, 0.7)


def queue_partly(rng: Rng, days: int) -> Ints:
    """A person with a queue that posts three of ten."""
    return _mixed(rng, days, 0.3)


def ordinary(rng: Rng, days: int) -> Ints:
    """Someone who posts a lot: two to eight sittings on most days between waking and sleeping."""
    wake = rng.uniform(6, 10)
    return _sittings(rng, days, rate=rng.uniform(2, 8), hours=(wake, wake + rng.uniform(13, 17)), size=rng.uniform(1.5, 8), pace=rng.uniform(60, 300), present=rng.uniform(0.6, 1.0))


def far_away(rng: Rng, days: int) -> Ints:
    """The same, asleep when others are awake."""
    return ordinary(rng, days) + int(rng.integers(6, 13)) * HOUR


def full_time(rng: Rng, days: int) -> Ints:
    """Someone whose work it is: eight to ten hours on five or six days, with pauses."""
    begin = rng.uniform(6, 14)
    at = _sittings(rng, days, rate=rng.uniform(6, 16), hours=(begin, begin + rng.uniform(8, 10)), size=rng.uniform(2, 10), pace=rng.uniform(45, 300), present=1.0)
    return at[(at // DAY) % 7 < rng.integers(5, 7)] + _zone(rng)


def shifts(rng: Rng, days: int) -> Ints:
    """Three people, eight hours each, one after the other."""
    start = rng.uniform(0, 8)
    parts = [
        _sittings(rng, days, rate=rng.uniform(4, 14), hours=(start + 8 * turn, start + 8 * turn + 7.7), size=rng.uniform(2, 10), pace=rng.uniform(45, 300), present=0.95)
        for turn in range(3)
    ]
    return np.concatenate(parts)


ASSISTED: Final[Mapping[str, Callable[[Rng, int], Ints]]] = MappingProxyType(
    {"schedule": schedule, "feed": feed, "rule": rule, "queue": queue, "queue_mostly": queue_mostly}
)
"""Ways of posting in which a tool decides when most posts go out."""
HAND: Final[Mapping[str, Callable[[Rng, int], Ints]]] = MappingProxyType(
    {"ordinary": ordinary, "far_away": far_away, "full_time": full_time, "shifts": shifts, "queue_partly": queue_partly}
)
"""Ways of posting in which people decide when."""


def generated(rng: Rng, each: int) -> tuple[Ints, Ints, list[str]]:
    """Accounts of every way of posting.

    Args:
        rng: the source of chance; the same seed gives the same accounts.
        each: accounts of each way.

    Returns:
        Position of the account of each post, Unix seconds of each post, and the way of each account.
    """
    ways = [*ASSISTED.items(), *HAND.items()]
    owners: list[Ints] = []
    times: list[Ints] = []
    names: list[str] = []
    for name, way in ways:
        for _ in range(each):
            at = np.sort(way(rng, int(rng.integers(*SPAN))).astype(np.int64))
            owners.append(np.full(len(at), len(names), np.int64))
            times.append(at + 20_000 * DAY)
            names.append(name)
    return np.concatenate(owners), np.concatenate(times), names


def _some(rng: Rng, at: npt.NDArray[Any], share: float) -> npt.NDArray[Any]:
    """A part of the times, by chance."""
    return at[rng.random(len(at)) < share]


def _zone(rng: Rng) -> int:
    """Seconds between here and UTC."""
    return int(rng.integers(-11, 13)) * HOUR


def _newsroom(rng: Rng) -> npt.NDArray[np.float64]:
    """Weight of each hour of the day for a newsroom: full by day, thin by night."""
    night = rng.uniform(0.05, 0.9)
    weight = np.where((np.arange(24) >= 6) & (np.arange(24) < 23), 1.0, night)
    return np.asarray(np.roll(weight, int(rng.integers(0, 24))), np.float64)


def _strewn(rng: Rng, days: int, rate: float, weight: npt.NDArray[np.float64]) -> Ints:
    """So many times a day, each by itself, hours by their weight."""
    count = rng.poisson(rate, days)
    day = np.repeat(np.arange(days), count)
    hour = rng.choice(24, len(day), p=weight / weight.sum())
    return np.asarray(np.sort(day * DAY + hour * HOUR + rng.integers(0, HOUR, len(day))), np.int64)


def _sittings(rng: Rng, days: int, *, rate: float, hours: tuple[float, float], size: float, pace: float, present: float) -> Ints:
    """Sittings at random moments of a part of the day; in each some posts with gaps whose logarithm is normal (`pace`: their median in seconds)."""
    count = np.where(rng.random(days) < present, rng.poisson(rate, days), 0)
    day = np.repeat(np.arange(days), count)
    begin = day * DAY + (rng.uniform(*hours, len(day)) * HOUR).astype(np.int64)
    posts = rng.geometric(1 / size, len(begin))
    sitting = np.repeat(np.arange(len(begin)), posts)
    gap = np.exp(rng.normal(np.log(pace), 1.0, len(sitting)))
    first = np.cumsum(posts) - posts
    gap[first] = 0.0
    passed = np.cumsum(gap)
    return np.asarray(begin[sitting] + passed - passed[first][sitting], np.int64)


def _mixed(rng: Rng, days: int, share: float) -> Ints:
    """What a queue posts and what a person posts, so that the queue has this share."""
    tool, person = queue(rng, days), ordinary(rng, days)
    whole = min(len(tool) / share, len(person) / (1 - share))
    parts = [_some(rng, times, whole * part / max(len(times), 1)) for times, part in ((tool, share), (person, 1 - share))]
    return np.asarray(np.concatenate(parts), np.int64)
