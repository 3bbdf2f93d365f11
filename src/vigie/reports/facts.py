"""One report: every fact that leaves the house, taken once from one snapshot and checked; renderings only say it.

What is not known is a value too (`Unknown`), with its reason, so that a page never has a blank where a reader would put a zero. Renderings are modules
beside this one, each with a function from a `Report` to text; none of them counts anything.

References:
    - Directive (EU) 2022/2555 (NIS 2), article 23: what is told after 24 hours, 72 hours and one month
    - https://www.first.org/tlp/ (TLP 2.0)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from vigie.attacks.count import Count, Period
from vigie.campaigns.hypotheses import Signature
from vigie.origins.shares import Shares
from vigie.reports.marking import Marking
from vigie.reports.organisation import Incident, Organisation

NOT_LOOKED, NOTHING_SEEN, NOT_VISIBLE, NOT_ANSWERED = "not looked", "nothing seen", "not visible", "not answered"
REASONS: Final = (NOT_LOOKED, NOTHING_SEEN, NOT_VISIBLE, NOT_ANSWERED)
"""Why something is not known: nobody looked; it was looked for and nothing was seen, which is not "none"; the logs cannot show it; a person has not said."""

STAGES: Final = ("voluntary", "24h", "72h", "month")
"""Steps of a notification; the three last ones count from the moment at which somebody became aware, the month from the second."""

INDICATOR, OBSERVED, WITHHELD = "indicator", "observed", "withheld"
"""What an address may be for others: something to look for; something that was seen, and others use too; nothing that leaves the house."""


class FactsError(ValueError):
    """A report that contradicts itself; says what does not fit."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not known, and why.

    Attributes:
        reason: one of `REASONS`.
        watched: what was looked at where nothing was seen, or what to give vigie where nobody looked; a key of the words of reports.
    """

    reason: str
    watched: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A raw line that a reader may see.

    Attributes:
        text: shortened; addresses and names that are nobody's business are pseudonyms.
        file: name without its folder.
        byte_offset: where the line begins, counted in the decompressed file.
        attack_id: leads back to all of it.
    """

    text: str
    file: str
    byte_offset: int
    attack_id: str


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of attack.

    Attributes:
        name: one of the families.
        attacks, attempts, signals, records: how many; attempts, signals and records are those of its attacks.
        first, last: beginning of the first and end of the last.
        tool, bespoke, undetermined: of its attacks.
        danger: the highest.
        rules: rules that spoke, and how many signals each gave.
        tools: names of tools that were recognised, the most frequent first.
        techniques: ids of ATT&CK and DISARM.
        examples: at most three.
    """

    name: str
    attacks: int
    attempts: int
    signals: int
    records: int
    first: datetime
    last: datetime
    tool: int
    bespoke: int
    undetermined: int
    danger: int
    rules: tuple[tuple[str, int], ...] = ()
    tools: tuple[tuple[str, int], ...] = ()
    techniques: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One address that took part in attacks.

    Attributes:
        address: a valid one, in its canonical form.
        role: `INDICATOR`, `OBSERVED` or `WITHHELD`.
        why: reason of the role: "" for an indicator, else one of `roles.WHY`.
        families: what it took part in, in order.
        attacks, signals: how many.
        first, last: of its signals.
        country: of the last hop in the first table that answers, "" where none does.
        countries: what every table says.
        network, asn: "" and 0 where nobody knows.
        relay, relay_list: kind of relay and what says so, with its date; "" for none.
        confidence: 0..100, of what it is said to have done; never of who sits behind it.
    """

    address: str
    role: str
    why: str
    families: tuple[str, ...]
    attacks: int
    signals: int
    first: datetime
    last: datetime
    country: str = ""
    countries: str = ""
    network: str = ""
    asn: int = 0
    relay: str = ""
    relay_list: str = ""
    confidence: int = 0


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack, as events of other systems carry it; `sources` holds what may leave the house, an address or a pseudonym each."""

    attack_id: str
    family: str
    kind: str
    automation: str
    tool: str
    first: datetime
    last: datetime
    asset: str
    outcome: str
    danger: int
    signals: int
    attempts: int
    records: int
    confidence: float
    all_sources: int
    sources: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A flood, a crowd, a bad time for visitors or a silence: what, when, what visitors got."""

    period_id: str
    what: str
    kind: str
    impact: str
    asset: str
    first: datetime
    last: datetime
    requests: int
    sources: int
    views: int
    failed: int


@dataclass(frozen=True, slots=True)
class Rank:
    """One rank of danger at the doors: family, danger 0..7, attacks."""

    family: str
    danger: int
    attacks: int


@dataclass(frozen=True, slots=True)
class Log:
    """One log that was read: feed, format, lines, read, unread, first and last time in it."""

    feed: str
    format: str
    lines: int
    read: int
    unread: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Coincidence:
    """Attacks of a page's first 24 hours beside those of comparable days."""

    page: str
    online: datetime
    attacks: int
    usual: float | None
    days: int
    on_page: int


@dataclass(frozen=True, slots=True)
class Posture:
    """An installed part with a hole that is probed: name, version, id of the hole, attacks on it."""

    component: str
    version: str
    vulnerability: str
    attacks: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the last hops are: shares with bounds, tables and lists with their dates, kinds of relays with how many attacks."""

    shares: Shares
    tables: tuple[tuple[str, str], ...] = ()
    lists: tuple[str, ...] = ()
    relays: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Custody:
    """What the report rests on: root of the chained manifest, its number of segments, hash of the rules, software."""

    root: str
    segments: int
    rules: str
    software: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is said, from one snapshot.

    Attributes:
        snapshot: id of the state.
        made: when the report was made; the only thing that two reports of one state differ in.
        as_of: last moment that the logs tell of; `made` where there is none.
        period: what was asked for.
        marking, stage: of the document.
        identified: why personal data were asked for; "" when they are left out or pseudonyms.
        organisation, incident: what persons said.
        count: headline, ladder, sensitivity, peak, trend.
        families: most attacks first.
        sources: every valid address, in order; `role` says what of it may be told.
        unnamed: attacks without any valid address in the log.
        attacks: in order of time.
        logs: what was read, by feed; `files` is how many files that were.
        disturbances: floods, crowds, bad times, silences, in order of time.
        visited: whether any log of a site was read.
        timed: whether any log tells how long visitors waited.
        probed: whether the site was measured from outside.
        doors: ranks of danger, the highest first; Unknown when no log of a door was read.
        origin: Unknown when no attack has a source.
        campaigns: Unknown, while attacks are not joined to campaigns.
        coincidences: publications; Unknown when none is known.
        posture: Unknown while nobody gave what is installed.
        detected: when a rule first spoke; Unknown since an archive does not keep when it was read.
        gaps: what logs cannot show: feed ("" for one that was not read) and what.
        judgement: what a person signed; Unknown when nobody did.
        custody: what it rests on.
    """

    snapshot: str
    made: datetime
    as_of: datetime
    period: Period
    marking: Marking
    stage: str
    identified: str
    organisation: Organisation
    incident: Incident
    count: Count
    families: tuple[Family, ...]
    sources: tuple[Source, ...]
    unnamed: int
    attacks: tuple[Attack, ...]
    logs: tuple[Log, ...]
    files: int
    disturbances: tuple[Disturbance, ...]
    visited: bool
    timed: bool
    probed: bool
    doors: tuple[Rank, ...] | Unknown
    origin: Origin | Unknown
    campaigns: int | Unknown
    coincidences: tuple[Coincidence, ...] | Unknown
    posture: tuple[Posture, ...] | Unknown
    detected: datetime | Unknown
    gaps: tuple[tuple[str, str], ...]
    judgement: Signature | Unknown
    custody: Custody
    withheld: Mapping[str, int] = field(default_factory=dict)

    @property
    def indicators(self) -> tuple[Source, ...]:
        """Addresses that others may look for."""
        return tuple(one for one in self.sources if one.role == INDICATOR)

    @property
    def told(self) -> tuple[Source, ...]:
        """Addresses that leave the house: indicators and what was only observed."""
        return tuple(one for one in self.sources if one.role != WITHHELD)

    @property
    def totals(self) -> dict[str, int]:
        """What every rendering must agree on: attacks, attempts, signals, indicators, and the attacks of each family under its name."""
        return {
            "attacks": self.count.attacks, "attempts": sum(one.attempts for one in self.families), "signals": sum(one.signals for one in self.families),
            "indicators": len(self.indicators), **{one.name: one.attacks for one in self.families},
        }  # fmt: skip


def checked(report: Report) -> Report:
    """The report itself, when it does not contradict itself.

    Raises:
        FactsError: totals that do not add up, a step that loses something, an address that is none, a word that is not in its list.
    """
    attacks = report.count.attacks
    if sum(one.attacks for one in report.families) != attacks or len(report.attacks) != attacks:
        raise FactsError(f"{attacks} attacks, but the kinds make {sum(one.attacks for one in report.families)} and the list {len(report.attacks)}")
    for one in report.families:
        if one.tool + one.bespoke + one.undetermined != one.attacks:
            raise FactsError(f"{one.name}: tool, bespoke and undetermined do not make {one.attacks}")
        if one.first > one.last:
            raise FactsError(f"{one.name}: ends before it begins")
    for step, after in zip(report.count.ladder, report.count.ladder[1:], strict=False):
        if after.unit != "signal" and step.count - sum(n for _, n in step.set_aside) - step.grouped != after.count:  # one record gives many signals
            raise FactsError(f"the step {step.step!r} loses something")
    if report.stage not in STAGES:
        raise FactsError(f"no stage: {report.stage!r}")
    for source in report.sources:
        if str(ipaddress.ip_address(source.address)) != source.address or source.role not in (INDICATOR, OBSERVED, WITHHELD):
            raise FactsError(f"no address, or no role: {source.address!r}")
    return report
