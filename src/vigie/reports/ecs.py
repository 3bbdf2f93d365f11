"""Attacks as events of the Elastic Common Schema, one JSON object a line, for whoever has a SIEM.

References:
    - https://www.elastic.co/guide/en/ecs/current/ecs-reference.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vigie.reports.facts import Attack, Report
from vigie.reports.techniques import ATTACK, name_of
from vigie.words.harmless import plain

VERSION: Final = "8.17.0"
CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "port_scan": ("intrusion_detection", "network"), "denial_of_service": ("intrusion_detection", "web"), "database_access": ("intrusion_detection", "authentication", "database"),
    "remote_login": ("intrusion_detection", "authentication"), "login_guessing": ("intrusion_detection", "authentication", "web"), "phishing": ("intrusion_detection", "email"),
    "information_operation": ("threat",),
}  # fmt: skip
"""`event.category` of a family; the others are of the web."""
WORKED: Final = "possible success"


def ecs(report: Report) -> Iterator[str]:
    """A line for each attack, in order of time.

    Args:
        report: the facts.
    """
    techniques = {one.name: one.techniques for one in report.families}
    for one in report.attacks:
        yield json.dumps(_event(one, report, techniques[one.family]), ensure_ascii=True, sort_keys=True) + "\n"


def _event(one: Attack, report: Report, techniques: tuple[str, ...]) -> dict[str, Any]:
    addresses = [text for text in one.sources if _is_address(text)]
    named = [technique for technique in techniques if technique in ATTACK]
    event = {
        "kind": "alert", "category": list(CATEGORIES.get(one.family, ("intrusion_detection", "web"))), "type": ["info"], "id": one.attack_id, "module": "vigie",
        "dataset": "vigie.attacks", "start": plain(one.first), "end": plain(one.last), "severity": one.danger, "outcome": "unknown" if one.outcome != WORKED else "success",
        "provider": report.custody.software,
    }  # fmt: skip
    out: dict[str, Any] = {
        "@timestamp": plain(one.first), "ecs": {"version": VERSION}, "event": event, "message": f"{one.family}: {one.signals} signals, {one.all_sources} sources",
        "rule": {"name": list(one.rules), "ruleset": one.family, "version": report.custody.rules[:16]}, "tags": [*report.marking.labels, "vigie"],
        "vigie": {
            "family": one.family, "kind": one.kind, "automation": one.automation, "tool": one.tool, "outcome": one.outcome, "attempts": one.attempts, "signals": one.signals,
            "records": one.records, "sources": one.all_sources, "targets": list(one.targets), "confidence": round(one.confidence, 3), "snapshot": report.snapshot,
            "personal_data": report.identified or "left out",
        },
    }  # fmt: skip
    if named:
        out["threat"] = {"framework": "MITRE ATT&CK", "technique": {"id": named, "name": [name_of(technique) for technique in named]}}
    if one.asset:
        out["destination"] = {"address": one.asset}
    if len(one.sources) == 1:
        out["source"] = {"address": one.sources[0], **({"ip": one.sources[0]} if addresses else {})}
    related = {name: listed for name, listed in (("ip", addresses), ("user", list(one.accounts)), ("hosts", [one.asset] if one.asset else [])) if listed}
    return {**out, "related": related} if related else out


def _is_address(text: str) -> bool:
    return not text.startswith("address_")
