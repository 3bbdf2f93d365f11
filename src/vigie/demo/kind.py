"""The contract of a kind of input: it writes files, and returns what it planned.

The truth comes from the plan alone. It is never computed with what vigie detects, so that the two can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vigie.demo.month import Month


@dataclass(frozen=True, slots=True, order=True)
class PlannedAttack:
    """One attack as the definition of the counted unit sees it.

    Attributes:
        start, end: first and last attack-bearing line, UTC.
        family: family of attack.
        asset: the site.
        sources: addresses of the actor; several when a group of sources acts as one.
        automation: `tool`, `bespoke` or `undetermined`: what the author had in mind, whether or not a log can show it.
        tool: name of the tool, "" without one.
        lines: how many lines it left.
        impact: of a flood, what visitors got: `absorbed`, `slowed`, `unavailable` or `cannot tell`; "" for other attacks.
        kind: of an information operation, `coordinated_group` or `rumour_wave`; "" for other attacks.
        accounts: of an information operation, ids of those who take part; it has no sources.
    """

    start: datetime
    end: datetime
    family: str
    asset: str
    sources: tuple[str, ...]
    automation: str
    tool: str
    lines: int
    impact: str = ""
    kind: str = ""
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class PlannedBurst:
    """An evening on which very many post about one thing: no attack.

    Attributes:
        start, end: first and last post, UTC.
        tag: what they have in common.
        posts: how many.
        accounts: how many posted them.
    """

    start: datetime
    end: datetime
    tag: str
    posts: int
    accounts: int


@dataclass(frozen=True, slots=True, order=True)
class PlannedCrowd:
    """Many visitors at once who came to read: no attack.

    Attributes:
        start, end: first and last of their page views, UTC.
        asset: the site.
        visitors: how many came.
        origins: sites that sent them.
    """

    start: datetime
    end: datetime
    asset: str
    visitors: int
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What was written.

    Attributes:
        attacks: every planned attack, in order of time.
        lines: lines in all files, those written twice counted twice; a message over several lines is one.
        unread: reason → lines that nobody can read.
        repeated: lines that two files hold.
        continued: lines that only go on with the message of the line before.
        files: names, relative to the folder, oldest first.
        crowds: rushes of visitors that must not count.
        bursts: evenings of posts that must not count.
        rhythms: way of posting → ids of the accounts that post so.
    """

    attacks: tuple[PlannedAttack, ...]
    lines: int
    unread: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    continued: int = 0
    files: tuple[str, ...] = ()
    crowds: tuple[PlannedCrowd, ...] = ()
    bursts: tuple[PlannedBurst, ...] = ()
    rhythms: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def by_family(self) -> dict[str, int]:
        """Planned attacks per family."""
        return dict(Counter(attack.family for attack in self.attacks))

    def by_day(self) -> dict[str, int]:
        """Planned attacks per day (UTC) on which they began."""
        return dict(Counter(attack.start.strftime("%Y-%m-%d") for attack in self.attacks))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input.

    Attributes:
        name: of its folder under `logs`.
        write: (folder, month) → truth. Writes only below the folder; the same month gives the same bytes.
            Raises `OSError` as the file system does.
        format: name of the source that its files are read with, "" where they are recognised.
    """

    name: str
    write: Callable[[Path, Month], Truth]
    format: str = ""


def together(truths: Iterable[Truth]) -> Truth:
    """Several kinds' truths as one."""
    parts = list(truths)
    unread: Counter[str] = Counter()
    for part in parts:
        unread.update(part.unread)
    return Truth(
        attacks=tuple(sorted(attack for part in parts for attack in part.attacks)),
        lines=sum(part.lines for part in parts),
        unread=dict(unread),
        repeated=sum(part.repeated for part in parts),
        continued=sum(part.continued for part in parts),
        files=tuple(name for part in parts for name in part.files),
        crowds=tuple(sorted(crowd for part in parts for crowd in part.crowds)),
        bursts=tuple(sorted(burst for part in parts for burst in part.bursts)),
        rhythms={way: ids for part in parts for way, ids in part.rhythms.items()},
    )


def moment(second: int) -> datetime:
    """A second of the epoch as a time in UTC."""
    return datetime.fromtimestamp(second, UTC)
