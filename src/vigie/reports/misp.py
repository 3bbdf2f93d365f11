"""A MISP event: indicators, relays that were seen, and what was counted, with tags for TLP, PAP and ATT&CK.

No attribute is to be detected by itself (`to_ids` is false): every address is a last hop, and a person decides what to block.

References:
    - https://www.misp-standard.org/rfc/misp-standard-core.html
    - https://www.misp-project.org/taxonomies.html (tlp, PAP)
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from vigie.reports.facts import INDICATOR, Report, Source
from vigie.reports.indicators import network, valid_until
from vigie.reports.report_words import ROLES
from vigie.reports.techniques import ATTACK, name_of

OWN: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vigie:misp")
DISTRIBUTION: Final[Mapping[str, str]] = {"clear": "3", "green": "1", "amber": "0", "amber+strict": "0", "red": "0"}
"""Who gets it on a server, by TLP: everybody, the community, one's own organisation."""

Object = dict[str, Any]


def misp(report: Report) -> str:
    """The event as JSON.

    Args:
        report: the facts.
    """
    return json.dumps({"Event": _event(report)}, ensure_ascii=True, indent=1) + "\n"


def _event(report: Report) -> Object:
    space = uuid.uuid5(OWN, json.dumps([report.organisation.name, str(report.period.since), str(report.period.until)]))
    first = report.count.first or report.as_of
    moment = str(int(report.as_of.timestamp()))
    grave = max((one.danger for one in report.attacks), default=0)
    tlp, pap = report.marking.labels
    tags = [tlp.lower(), pap, *(f'misp-galaxy:mitre-attack-pattern="{name_of(one)} - {one}"' for one in sorted({t for f in report.families for t in f.techniques}) if one in ATTACK)]
    name = f"{report.organisation.name}: " if report.organisation.name else ""
    info = f"{report.count.attacks} attacks in {len(report.count.days)} days" if report.count.attacks else f"nothing seen, with {len(report.logs)} logs watched"
    return {
        "uuid": str(space), "info": name + info, "date": f"{first.astimezone(UTC):%Y-%m-%d}", "timestamp": moment, "published": False, "analysis": "1",
        "threat_level_id": "1" if grave >= 5 else "2" if grave >= 3 else "3" if report.attacks else "4", "distribution": DISTRIBUTION[report.marking.tlp],
        "Tag": [{"name": tag} for tag in tags], "Attribute": [*_counts(report, space, moment), *(_address(one, space) for one in report.told)],
    }  # fmt: skip


def _counts(report: Report, space: uuid.UUID, moment: str) -> list[Object]:
    rules = {family.name: ", ".join(f"{rule} {n}" for rule, n in family.rules) for family in report.families}
    out = [
        _attribute(space, f"count {name}", "counter", "Other", str(n), f"{name}; rules that spoke: {rules[name]}" if name in rules else name, moment)
        for name, n in report.totals.items()
    ]
    base = (
        f"half the pause: {report.count.half}; double: {report.count.double}; pause in minutes: {report.count.settings.pause:g}; rules: {report.custody.rules}; state: {report.snapshot}; "
        f"root of the evidence: {report.custody.root or 'nothing was read'}; personal data: {f'in clear, {report.identified}' if report.identified else 'left out'}"
    )
    held = "; ".join(f"{n} {ROLES[why][0]}" for why, n in report.withheld.items()) or "none"
    return [*out, _attribute(space, "base", "text", "Other", base, report.custody.software, moment), _attribute(space, "held", "text", "Other", f"not told as indicators: {held}", "", moment)]


def _address(one: Source, space: uuid.UUID) -> Object:
    told = f"seen {_minute(one.first)} to {_minute(one.last)} UTC; last hop, not who sent it; {one.attacks} attacks: {', '.join(one.families)}; network: {network(one) or 'not known'}"
    role = f"indicator until {valid_until(one.last):%Y-%m-%d}" if one.role == INDICATOR else f"no indicator: {ROLES[one.why][0]}" + (f" ({one.relay}, {one.relay_list})" if one.relay else "")
    found = _attribute(space, one.address, "ip-src", "Network activity", one.address, f"{role}; {told}", str(int(one.last.timestamp())))
    return {**found, "disable_correlation": one.role != INDICATOR}


def _attribute(space: uuid.UUID, key: str, kind: str, category: str, value: str, comment: str, moment: str) -> Object:
    return {
        "uuid": str(uuid.uuid5(space, key)), "type": kind, "category": category, "value": value, "comment": comment, "to_ids": False, "distribution": "5", "timestamp": moment,
    }  # fmt: skip


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"
