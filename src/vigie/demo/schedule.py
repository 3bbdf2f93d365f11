"""Who attacks when: places runs in the month so that each planned attack is one under the definition of the unit.

The definition: one actor, one family, one asset, no pause of 60 minutes; sources that send the same payload template
within 10 minutes are one actor. So a source rests for more than two hours before it comes back to a site, and runs that
share templates without belonging together keep a quarter of an hour apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vigie.demo.addresses import CROWD, PEOPLE
from vigie.demo.crises import floods, outages
from vigie.demo.injections import sqlmap
from vigie.demo.kind import PlannedAttack, moment
from vigie.demo.month import DAY, DONATIONS, PETITION, SITE, Month
from vigie.demo.people import EVERYONE, readings, visits
from vigie.demo.profiles import PROFILES, WORDPRESS_ONLY
from vigie.demo.request import Request
from vigie.demo.runs import Run, Scene, Shot, ask
from vigie.demo.site import BROWSERS, pages_at, path_of

REST = 9_000
"""Seconds before a source comes back to the same site."""

BACK = (4_500, 6_600)
"""Seconds after which a few come back sooner: a second attack under a pause of 60 minutes, not under one of 120."""

APART = 900
"""Seconds between unrelated runs whose payloads look alike."""

LOOK_ALIKE = ("sql_injection", "login_guessing")
"""Families in which unrelated runs could be taken for one actor's."""

MARGIN = 1_200
"""Seconds around midnight in which nothing begins, so that the day of an attack is never in doubt."""

Span = tuple[int, int]


@dataclass(slots=True)
class Schedule:
    """Requests and the attacks that they make, as they are placed.

    Attributes:
        requests: of every attack, in no order.
        attacks: planned so far.
    """

    month: Month
    requests: list[Request] = field(default_factory=list)
    attacks: list[PlannedAttack] = field(default_factory=list)
    _seen: dict[tuple[str, str], list[Span]] = field(default_factory=dict)
    _alike: dict[tuple[str, str], list[Span]] = field(default_factory=dict)
    _per_day: dict[int, int] = field(default_factory=dict)

    def count(self, day: int) -> int:
        """Attacks planned on a day."""
        return self._per_day.get(day, 0)

    def place(
        self,
        shots: Sequence[Shot],
        site: str,
        sources: Sequence[str],
        start: int,
        *,
        automation: str,
        tool: str = "",
        rest: int = REST,
    ) -> bool:
        """Put a run into the month, its shots dealt out to the sources in turn.

        Returns:
            False, and nothing is placed, when it would touch another attack.
        """
        seconds = [start]
        for shot in shots[1:]:
            seconds.append(seconds[-1] + shot.wait)
        span = (seconds[0], seconds[-1])
        families = {family for shot in shots for family in shot.families}
        day = (start - self.month.start) // DAY
        if (
            not 0 <= day < self.month.days
            or start < self.month.midnight(day) + MARGIN
            or span[1] > self.month.midnight(day + 1) - MARGIN
        ):
            return False
        if site == SITE and not all(_clear((down,), span, MARGIN) for down in outages(self.month)):
            return False
        alike = [(site, family) for family in families if family in LOOK_ALIKE]
        if not all(_clear(self._seen.get((source, site), ()), span, rest) for source in sources):
            return False
        if not all(_clear(self._alike.get(key, ()), span, APART) for key in alike):
            return False
        for source in sources:
            self._seen.setdefault((source, site), []).append(span)
        for key in alike:
            self._alike.setdefault(key, []).append(span)
        for number, (second, shot) in enumerate(zip(seconds, shots, strict=True)):
            source = sources[number % len(sources)]
            self.requests.append(
                Request(second, site, source, shot.line, shot.status, shot.size, shot.referrer, shot.agent)
            )
        for family in sorted(families):
            mine = [second for second, shot in zip(seconds, shots, strict=True) if family in shot.families]
            self.attacks.append(
                PlannedAttack(
                    moment(mine[0]), moment(mine[-1]), family, site, tuple(sources), automation, tool, len(mine)
                )
            )
        self._per_day[day] = self.count(day) + len(families)
        return True

    def add(self, attack: PlannedAttack, requests: Sequence[Request]) -> None:
        """Put an attack into the month that was placed already, from sources of its own."""
        self.requests += requests
        self.attacks.append(attack)
        day = (int(attack.start.timestamp()) - self.month.start) // DAY
        self._per_day[day] = self.count(day) + 1


def _clear(spans: Sequence[Span], span: Span, gap: int) -> bool:
    return all(span[0] > end + gap or span[1] < start - gap for start, end in spans)


def planned(month: Month) -> Schedule:
    """The whole month: floods, people, groups, what follows publications, then tools until each day has its number."""
    schedule = Schedule(month)
    for attack, requests in floods(month):
        schedule.add(attack, requests)
    for person, address in zip(EVERYONE, PEOPLE, strict=False):
        schedule.requests += readings(person, address, month)
        for start, shots in visits(person, month):
            _must(schedule.place(shots, person.site, (address,), start, automation="bespoke"), person.name)
    for start, site, sources, run in _groups(month):
        _must(schedule.place(run.shots, site, sources, start, automation="tool", tool=run.tool), "group")
    for start, run, source in _after_publication(month):
        schedule.place(run.shots, SITE, (source,), start, automation="tool", tool=run.tool)
    for day in range(month.days):
        _fill(schedule, day)
    return schedule


def _must(placed: bool, what: str) -> None:
    if not placed:
        raise ValueError(f"the plan of the month contradicts itself: {what}")


def _groups(month: Month) -> Iterator[tuple[int, str, tuple[str, ...], Run]]:
    """Many sources, one hand: the same template from each of them within minutes."""
    for day in range(3, month.days, 3):
        dice = month.dice("group", day)
        sources = tuple(dice.sample(CROWD, dice.randrange(6, 15)))
        scene = Scene(dice, dice.choice(("/agenda/", "/programme/", "/presse/")), "id")
        number = dice.randrange(10, 99)
        texts = [
            f"{n} union select {number},concat(user_login,0x3a,user_pass),{number} from wp_users where id={n}-- "
            for n in range(1, 2 * len(sources) + 1)
        ]
        shots = [
            Shot(dice.randrange(8, 70), ask(scene, text), 200, 9_000, ("sql_injection",), dice.choice(BROWSERS))
            for text in texts
        ]
        yield month.midnight(day) + 3 * 3600 + dice.randrange(3600), SITE, sources, Run(shots)
    for day in range(10, month.days, 9):
        dice = month.dice("spray", day)
        sources = tuple(dice.sample(CROWD, 12))
        agent = dice.choice(BROWSERS)
        shots = [
            Shot(dice.randrange(10, 50), "POST /wp-login.php HTTP/1.1", 200, 3344, ("login_guessing",), agent)
            for _ in range(2 * len(sources))
        ]
        yield month.midnight(day) + 5 * 3600 + dice.randrange(300, 1500), SITE, sources, Run(shots)


def _after_publication(month: Month) -> Iterator[tuple[int, Run, str]]:
    """Within hours every new page is tried for injection."""
    for number, page in enumerate(month.publications):
        dice = month.dice("publication", page.slug)
        for _ in range(1 + number // 5):
            scene = Scene(dice, path_of(page), page.parameter)
            yield page.second + dice.randrange(900, 5 * 3600), sqlmap(scene), dice.choice(CROWD)


def _fill(schedule: Schedule, day: int) -> None:
    month = schedule.month
    dice = month.dice("crowd", day)
    profiles, weights = zip(*PROFILES, strict=True)
    for _ in range(20_000):
        wanted = month.attacks[day] - schedule.count(day)
        if wanted <= 0:
            return
        profile = dice.choices(profiles, weights)[0]
        site = SITE if profile in WORDPRESS_ONLY or dice.random() < 0.8 else dice.choice((DONATIONS, PETITION))
        start = month.midnight(day) + dice.randrange(DAY)
        path, parameter = (
            (dice.choice(pages_at(month, start)), dice.choice(("id", "p", "s", "cat"))) if site == SITE else ("/", "id")
        )
        run = profile(Scene(dice, path, parameter))
        if len({family for shot in run.shots for family in shot.families}) > wanted:
            continue
        automation, source = "tool" if run.tool else "undetermined", (dice.choice(CROWD),)
        if not schedule.place(run.shots, site, source, start, automation=automation, tool=run.tool):
            continue
        if dice.random() < 0.06 and schedule.count(day) < month.attacks[day]:
            again = start + sum(shot.wait for shot in run.shots[1:]) + dice.randrange(*BACK)
            more = [shot for shot in run.shots if shot.families == run.shots[0].families]
            if len(more[0].families) == 1:
                schedule.place(more, site, source, again, automation=automation, tool=run.tool, rest=BACK[0] - 100)
    raise ValueError(f"day {day} has no room for {month.attacks[day]} attacks")
