"""STIX 2.1: what was counted as notes, what was seen as observed data, what others may look for as indicators, in one bundle that says who may read it.

Every id is derived from what the object is about, so that a later export updates and never doubles; times come from the logs, so that the same state
gives the same bytes. Ids of observables are of version 5, as the standard derives them; the others have the form of version 4, which is what it advises
and what a strict validator asks for, with the bits of a hash in place of chance.

References:
    - https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
    - https://github.com/oasis-open/cti-stix-common-objects (TLP 2.0 as an extension of marking definitions)
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vigie.reports.facts import INDICATOR, Family, Report, Source, Unknown
from vigie.reports.indicators import kind_of, network, valid_until
from vigie.reports.report_words import ROLES
from vigie.reports.techniques import ATTACK, name_of, techniques_of

OBSERVABLES: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Namespace that the standard gives for ids of observables."""

TLP_IDS: Final[Mapping[str, str]] = {
    "clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}  # fmt: skip
"""The objects of TLP 2.0, which have these ids everywhere."""
TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
SINCE: Final = "2022-10-01T00:00:00.000Z"
"""When the objects of TLP 2.0 were made; what has no time of its own has this one too, so that it never changes."""
CHECKED: Final = 20
"""Objects of each type that are parsed again before they leave."""
MOST: Final = 999_999_999
"""Largest count of an observation."""

_OPINIONS: Final[Mapping[str, str]] = {
    "almost no chance": "strongly-disagree", "very unlikely": "strongly-disagree", "unlikely": "disagree", "roughly even chance": "neutral", "likely": "agree",
    "very likely": "strongly-agree", "almost certain": "strongly-agree",
}  # fmt: skip

Object = dict[str, Any]


def stix(report: Report) -> str:
    """The bundle as JSON, a line for each object.

    Args:
        report: the facts.

    Raises:
        stix2.exceptions.STIXError: objects of a kind are none; nothing is exported that a consumer would refuse.
    """
    import stix2

    objects, seen = bundled(report), Counter[str]()
    ident = derived("bundle", report.snapshot, str(report.period), report.marking.line, report.organisation.name)
    for one in objects:  # objects of one kind are made alike, so that a few of each tell of all
        seen[one["type"]] += 1
        if seen[one["type"]] <= CHECKED:
            stix2.parse(one, allow_custom=False)
    lines = ",\n".join(json.dumps(one, ensure_ascii=True, sort_keys=True) for one in objects)
    return f'{{"type": "bundle", "id": "bundle--{ident}", "objects": [\n{lines}\n]}}\n'


def bundled(report: Report) -> list[Object]:
    """Every object of the bundle, each once, in a fixed order."""
    return list(_Bundle(report).objects())


def derived(*parts: str) -> uuid.UUID:
    """An id in the form of version 4 whose bits are those of a hash of some texts."""
    return uuid.UUID(bytes=hashlib.sha256(json.dumps(["vigie", *parts]).encode()).digest()[:16], version=4)


def observable_id(kind: str, contributing: Mapping[str, object]) -> str:
    """Id of an observable, as the standard derives it from the properties that make it what it is."""
    return f"{kind}--{uuid.uuid5(OBSERVABLES, json.dumps(contributing, sort_keys=True, separators=(',', ':'), ensure_ascii=False))}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Bundle:
    """Makes the objects of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        who = report.organisation.name
        self.who = who
        self.identity = self._id("identity")
        pap = f"marking-definition--{derived('marking', report.marking.labels[1])}"
        self.marks = [TLP_IDS[report.marking.tlp], pap]

    def _id(self, kind: str, *parts: str) -> str:
        return f"{kind}--{derived(kind, self.who, *parts)}"

    def _made(self, kind: str, ident: str, created: str, modified: str, **more: object) -> Object:
        return {
            "type": kind, "spec_version": "2.1", "id": ident, "created": created, "modified": max(created, modified), "created_by_ref": self.identity,
            "object_marking_refs": self.marks, **more,
        }  # fmt: skip

    def objects(self) -> Iterable[Object]:
        """Markings, who reports, techniques, observations, indicators, notes, incident, judgement, report."""
        yield from self._markings()
        said = [self._organisation(), *self._techniques(), *self._sources(), *self._notes(), self._incident(), *self._opinion()]
        yield from said
        yield self._report([str(one["id"]) for one in said])

    def _markings(self) -> Iterable[Object]:
        tlp, pap = self.report.marking.labels
        extension = {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": self.report.marking.tlp}}
        yield {"type": "marking-definition", "spec_version": "2.1", "id": self.marks[0], "created": SINCE, "name": tlp, "extensions": extension}
        yield {"type": "marking-definition", "spec_version": "2.1", "id": self.marks[1], "created": SINCE, "name": pap, "definition_type": "statement", "definition": {"statement": pap}}

    def _organisation(self) -> Object:
        who = self.report.organisation
        contact = "; ".join(one for one in (who.contact, who.email, who.telephone) if one)
        more = {"contact_information": contact} if contact else {}
        name = who.name or "not told who"
        return {
            "type": "identity", "spec_version": "2.1", "id": self.identity, "created": SINCE, "modified": SINCE, "name": name, "identity_class": "organization",
            "object_marking_refs": self.marks, **more,
        }  # fmt: skip

    def _techniques(self) -> Iterable[Object]:
        for technique in sorted({one for family in self.report.families for one in family.techniques}):
            attack = technique in ATTACK
            reference = {"source_name": "mitre-attack" if attack else "DISARM", "external_id": technique}
            yield self._made("attack-pattern", self._id("attack-pattern", technique), SINCE, SINCE, name=name_of(technique), external_references=[reference])

    def _sources(self) -> Iterable[Object]:
        networks: set[int] = set()
        for one in self.report.told:
            kind = kind_of(one.address)
            address: Object = {"type": kind, "spec_version": "2.1", "id": observable_id(kind, {"value": one.address}), "value": one.address, "object_marking_refs": self.marks}
            refs = [address["id"]]
            if one.asn:
                system = observable_id("autonomous-system", {"number": one.asn})
                if one.asn not in networks:
                    networks.add(one.asn)
                    named = {"name": one.network} if one.network else {}
                    yield {"type": "autonomous-system", "spec_version": "2.1", "id": system, "number": one.asn, "object_marking_refs": self.marks, **named}
                address["belongs_to_refs"] = [system]
                refs.append(system)
            yield address
            first, last = _time(one.first), _time(one.last)
            observed = self._id("observed-data", one.address)
            yield self._made(
                "observed-data", observed, first, last, first_observed=first, last_observed=max(first, last), number_observed=max(1, min(one.signals, MOST)), object_refs=refs
            )
            if one.role == INDICATOR:
                yield from self._indicator(one, observed, first, last)

    def _indicator(self, one: Source, observed: str, first: str, last: str) -> Iterable[Object]:
        ident = self._id("indicator", one.address)
        pattern = f"[{kind_of(one.address)}:value = '{one.address}']"
        told = f"Last hop of {one.attacks} attacks ({', '.join(one.families)}). Not who sent them. Network: {network(one) or 'not known'}."
        yield self._made(
            "indicator", ident, first, last, name=f"{one.address}, last hop of attacks", description=told, indicator_types=["malicious-activity"], pattern=pattern,
            pattern_type="stix", valid_from=first, valid_until=_time(valid_until(one.last)), confidence=one.confidence,
        )  # fmt: skip
        yield self._made("relationship", self._id("relationship", "based-on", one.address), first, last, relationship_type="based-on", source_ref=ident, target_ref=observed)
        for technique in dict.fromkeys(found[0] for family in one.families if (found := techniques_of(family))):
            yield self._made(
                "relationship", self._id("relationship", "indicates", one.address, technique), first, last, relationship_type="indicates", source_ref=ident,
                target_ref=self._id("attack-pattern", technique),
            )  # fmt: skip
        yield self._made(
            "sighting", self._id("sighting", one.address), first, last, first_seen=first, last_seen=max(first, last), count=one.attacks, sighting_of_ref=ident,
            observed_data_refs=[observed], where_sighted_refs=[self.identity],
        )  # fmt: skip

    def _notes(self) -> Iterable[Object]:
        report, count = self.report, self.report.count
        begin, end = _time(count.first or report.as_of), _time(report.as_of)
        asked = [str(report.period.since), str(report.period.until)]
        withheld = "; ".join(f"{why}: {n} ({ROLES[why][0]})" for why, n in report.withheld.items())
        totals = "\n".join(f"{name}: {n}" for name, n in report.totals.items())
        told = (
            f"{totals}\nhalf the pause: {count.half}\ndouble the pause: {count.double}\npause in minutes: {count.settings.pause:g}\nperiod: {begin} to {end}\n"
            f"not told as indicators: {withheld or 'none'}\nrules: {report.custody.rules}\nstate: {report.snapshot}\nroot of the evidence: {report.custody.root or 'nothing was read'}\n"
            f"personal data: {f'in clear, {report.identified}' if report.identified else 'left out'}\nsoftware: {report.custody.software}"
        )
        yield self._made("note", self._id("note", "totals", *asked), begin, end, abstract=_short(report), content=told, object_refs=[self.identity], authors=[report.custody.software])
        for family in report.families:
            refs = [self._id("attack-pattern", one) for one in family.techniques] or [self.identity]
            first, last = _time(family.first), _time(family.last)
            yield self._made(
                "note", self._id("note", family.name, *asked), first, last, abstract=f"{family.name}: {family.attacks} attacks", content=_family(family, report.custody.rules),
                object_refs=refs, authors=[report.custody.software],
            )  # fmt: skip

    def _incident(self) -> Object:
        report = self.report
        begin, end = _time(report.count.first or report.as_of), _time(report.as_of)
        return self._made("incident", self._id("incident", str(report.period.since), str(report.period.until)), begin, end, name=_short(report), description=_breakdown(report))

    def _opinion(self) -> Iterable[Object]:
        signed = self.report.judgement
        if isinstance(signed, Unknown):
            return
        incident = self._incident()
        yield self._made(
            "opinion", self._id("opinion", signed.name, signed.date), incident["created"], incident["modified"], opinion=_OPINIONS.get(signed.likelihood, "neutral"),
            explanation=signed.judgement, authors=[signed.name], object_refs=[incident["id"]],
        )  # fmt: skip

    def _report(self, refs: list[str]) -> Object:
        report = self.report
        begin, end = _time(report.count.first or report.as_of), _time(report.as_of)
        return self._made(
            "report", self._id("report", str(report.period.since), str(report.period.until)), begin, end, name=_short(report), description=_breakdown(report),
            report_types=["threat-report"], published=end, object_refs=refs,
        )  # fmt: skip


def _short(report: Report) -> str:
    if not report.count.attacks:
        return f"Nothing seen, with {len(report.logs)} logs watched"
    return f"{report.count.attacks} attacks in {len(report.count.days)} days"


def _breakdown(report: Report) -> str:
    parts = ", ".join(f"{one.name} {one.attacks}" for one in report.families)
    return f"{report.count.attacks} attacks: {parts}. Counted by {report.custody.software}." if parts else f"{_short(report)}. That is not proof that there was nothing."


def _family(family: Family, rules: str) -> str:
    spoke = ", ".join(f"{rule} {n}" for rule, n in family.rules)
    tools = ", ".join(f"{tool} {n}" for tool, n in family.tools)
    return (
        f"attacks: {family.attacks}\nattempts: {family.attempts}\nsignals: {family.signals}\ntool: {family.tool}\nbespoke: {family.bespoke}\nundetermined: {family.undetermined}\n"
        f"rules that spoke: {spoke}\ntools recognised: {tools or 'none'}\nversion of the rules: {rules}"
    )
