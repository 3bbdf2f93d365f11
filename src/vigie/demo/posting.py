"""When the invented accounts post: schedules, days of work, sittings, and how late an audience comes to an article.

Seconds of the epoch; nothing here knows what is posted.

References:
    - R. D. Malmgren et al., A Poissonian explanation for heavy tails in e-mail communication, PNAS 105, 2008 (sittings within days)
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

from vigie.demo.month import Month

HOUR = 3_600


def scheduled(month: Month, days: Iterable[int], every: int, begin: int, hours: int, dice: random.Random) -> list[int]:
    """A schedule: always at the same minutes, a few slots left empty.

    Args:
        month: the story's frame.
        days: on which it runs.
        every: seconds between two slots.
        begin: second of the day of the first slot.
        hours: how long it runs each day.
        dice: draws which slots are empty.
    """
    return [month.midnight(day) + begin + slot + dice.randrange(3) for day in days for slot in range(0, hours * HOUR, every) if dice.random() < 0.95]


def sittings(month: Month, days: Iterable[int], rate: float, hours: tuple[float, float], size: float, pace: float, dice: random.Random) -> list[int]:
    """A person: sittings at random moments of a part of the day, in each some posts a few minutes apart.

    Args:
        month: the story's frame.
        days: on which they post.
        rate: sittings a day, about.
        hours: of the day, between which they begin.
        size: posts of a sitting, about.
        pace: seconds between two of them, the median.
        dice: draws all that.
    """
    found: list[int] = []
    for day in days:
        for _ in range(max(1, round(dice.gauss(rate, math.sqrt(rate))))):
            at = month.midnight(day) + dice.uniform(*hours) * HOUR
            for _ in range(1 + int(math.log(1 - dice.random()) / math.log(1 - 1 / size))):
                found.append(int(at))
                at += dice.lognormvariate(math.log(pace), 1.0)
    return found


def lags(many: int, median: float, dice: random.Random) -> list[int]:
    """How many seconds behind something each of an audience comes: most soon, some very late.

    Args:
        many: how many come.
        median: seconds of the one in the middle.
        dice: draws them.
    """
    return [int(dice.lognormvariate(math.log(median), 1.3)) for _ in range(many)]
