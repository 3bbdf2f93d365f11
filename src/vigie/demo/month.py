"""What all kinds of input share: the days, what was published when, how hard each day was.

Everything is invented: the campaign, its site, its pages, its attackers. Only the calendar is real.
"""

from __future__ import annotations

import calendar
import random
from dataclasses import dataclass
from datetime import date, timedelta

SITE = "www.campagne.example"
DONATIONS = "don.campagne.example"
PETITION = "petition.campagne.example"
SEED = 2017
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Publication:
    """A page that went online.

    Attributes:
        second: of the epoch, UTC.
        slug: last part of its path.
        parameter: a parameter that its page reads.
    """

    second: int
    slug: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Month:
    """The frame of the story.

    Attributes:
        first: first day (UTC).
        days: how many.
        seed: of everything that is drawn.
        attacks: planned number of attacks on the web per day; other kinds of input take it for the intensity of the day.
        publications: in order of time.
        debates: seconds at which a debate on television begins (visitors flood in, innocently).
    """

    first: date
    days: int
    seed: int
    attacks: tuple[int, ...]
    publications: tuple[Publication, ...]
    debates: tuple[int, ...]

    @property
    def start(self) -> int:
        """First second, UTC."""
        return calendar.timegm(self.first.timetuple())

    @property
    def end(self) -> int:
        """Second after the last, UTC."""
        return self.start + self.days * DAY

    def midnight(self, day: int) -> int:
        """Second at which a day begins, counted from 0."""
        return self.start + day * DAY

    def dice(self, *purpose: object) -> random.Random:
        """A generator of its own for each purpose, so that a new purpose leaves the others as they were."""
        return random.Random("/".join(map(str, (self.seed, *purpose))))  # noqa: S311 - a story, not a secret


_PAGES = (
    (0, 9, "voeux-du-candidat", "p"), (2, 8, "programme-sante", "chapitre"), (4, 17, "reunion-publique-lyon", "ville"),
    (6, 9, "emploi-des-jeunes", "p"), (9, 8, "programme-ecole", "chapitre"), (11, 18, "reponse-a-la-presse", "ref"),
    (13, 9, "reunion-publique-lille", "ville"), (15, 21, "apres-le-debat", "p"), (17, 8, "programme-europe", "chapitre"),
    (19, 10, "comptes-de-campagne", "annee"), (21, 9, "programme-energie", "chapitre"), (23, 17, "reunion-publique-nantes", "ville"),
    (25, 8, "retraites-nos-reponses", "p"), (27, 9, "programme-complet", "chapitre"), (28, 18, "grande-reunion-paris", "ville"),
)  # fmt: skip
_DEBATES = ((15, 19, 55), (25, 19, 55))


def invented_month(seed: int = SEED, *, days: int = 30, attacks: int = 3_000) -> Month:
    """The month of the demo: 15 January to 13 February 2017, more attacks every day, a peak on the last days.

    Args:
        seed: another seed tells the same story with other dice.
        days: fewer for a short story (tests).
        attacks: planned in all, about.
    """
    first = date(2017, 1, 15)
    start = calendar.timegm(first.timetuple())
    dice = random.Random(f"{seed}/intensity")  # noqa: S311
    weights = []
    for day in range(days):
        weekend = 0.93 if (first + timedelta(days=day)).weekday() >= 5 else 1.0
        peak = {days - 3: 1.18, days - 2: 1.45, days - 1: 1.2}.get(day, 1.0)
        weights.append((0.4 + 1.35 * day / max(days - 1, 1)) * weekend * peak * dice.uniform(0.94, 1.06))
    return Month(
        first=first,
        days=days,
        seed=seed,
        attacks=tuple(round(attacks * weight / sum(weights)) for weight in weights),
        publications=tuple(
            Publication(start + day * DAY + hour * 3600 + dice.randrange(1800), slug, parameter)
            for day, hour, slug, parameter in _PAGES
            if day < days
        ),
        debates=tuple(start + day * DAY + hour * 3600 + minute * 60 for day, hour, minute in _DEBATES if day < days),
    )
