"""Attacks as events of the Open Cybersecurity Schema, one JSON object a line; the class follows the family.

References:
    - https://schema.ocsf.io/1.1.0/ (HTTP Activity 4002, Web Resources Activity 6001, Network Activity 4001, Authentication 3002, Detection Finding 2004)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from vigie.reports.facts import Attack, Report
from vigie.reports.techniques import ATTACK, name_of

VERSION: Final = "1.1.0"
HTTP, RESOURCES, NETWORK, AUTHENTICATION, FINDING = 4002, 6001, 4001, 3002, 2004
CLASSES: Final[Mapping[str, int]] = {
    "port_scan": NETWORK, "proxy_probe": NETWORK, "protocol_abuse": NETWORK, "database_access": AUTHENTICATION, "remote_login": AUTHENTICATION, "login_guessing": AUTHENTICATION,
    "secret_probe": RESOURCES, "cms_probe": RESOURCES, "content_discovery": RESOURCES, "path_traversal": RESOURCES, "sql_injection": HTTP, "cross_site_scripting": HTTP,
    "file_inclusion": HTTP, "command_injection": HTTP, "request_forgery": HTTP,
}  # fmt: skip
"""Class of a family; what is none of these is a finding."""
NAMES: Final[Mapping[int, str]] = {HTTP: "HTTP Activity", RESOURCES: "Web Resources Activity", NETWORK: "Network Activity", AUTHENTICATION: "Authentication", FINDING: "Detection Finding"}
ACTIVITY: Final[Mapping[int, tuple[int, str]]] = {HTTP: (0, "Unknown"), RESOURCES: (2, "Read"), NETWORK: (6, "Traffic"), AUTHENTICATION: (1, "Logon"), FINDING: (1, "Create")}
"""Activity of a class: number and name; one attack holds requests of several methods."""
CATEGORIES: Final[Mapping[int, str]] = {2: "Findings", 3: "Identity & Access Management", 4: "Network Activity", 6: "Application Activity"}
SEVERITIES: Final = ((1, "Informational"), (2, "Low"), (2, "Low"), (3, "Medium"), (3, "Medium"), (4, "High"), (4, "High"), (5, "Critical"))
"""Severity of each rank of danger, 0 to 7."""
WORKED: Final = "possible success"


def ocsf(report: Report) -> Iterator[str]:
    """A line for each attack, in order of time.

    Args:
        report: the facts.
    """
    techniques = {one.name: one.techniques for one in report.families}
    for one in report.attacks:
        yield json.dumps(_event(one, report, techniques[one.family]), ensure_ascii=True, sort_keys=True) + "\n"


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _event(one: Attack, report: Report, techniques: tuple[str, ...]) -> dict[str, Any]:
    number = CLASSES.get(one.family, FINDING)
    activity, named = ACTIVITY[number]
    severity, word = SEVERITIES[max(0, min(one.danger, 7))]
    attacks = [{"technique": {"uid": technique, "name": name_of(technique)}} for technique in techniques if technique in ATTACK]
    status = (1, "Success") if one.outcome == WORKED else (0, "Unknown")
    return {
        "class_uid": number, "class_name": NAMES[number], "category_uid": number // 1000, "category_name": CATEGORIES[number // 1000], "activity_id": activity, "activity_name": named,
        "type_uid": 100 * number + activity, "severity_id": severity, "severity": word, "status_id": status[0], "status": status[1], "time": _millis(one.first),
        "start_time": _millis(one.first), "end_time": _millis(one.last), "count": one.records, "message": f"{one.family}: {one.signals} signals, {one.all_sources} sources",
        "metadata": {
            "version": VERSION, "uid": one.attack_id, "product": {"name": "vigie", "vendor_name": "vigie", "version": report.custody.software.removeprefix("vigie ")},
            "labels": list(report.marking.labels),
        },
        "observables": [{"name": "src_endpoint", "type_id": 2, "type": "IP Address", "value": text} for text in one.sources if _is_address(text)],
        "unmapped": {
            "family": one.family, "kind": one.kind, "automation": one.automation, "tool": one.tool, "outcome": one.outcome, "attempts": one.attempts, "signals": one.signals,
            "sources": one.all_sources, "rules": list(one.rules), "attacks": attacks, "snapshot": report.snapshot, "personal_data": report.identified or "left out",
        },
        **_of_class(one, number, attacks),
    }  # fmt: skip


def _of_class(one: Attack, number: int, attacks: list[dict[str, Any]]) -> dict[str, Any]:
    """What the class asks for."""
    single = one.sources[0] if len(one.sources) == 1 else ""
    source = {"src_endpoint": {"ip": single} if single and _is_address(single) else {"name": single or "several"}}
    there = {"dst_endpoint": {"name": one.asset or "not told by the log"}}
    if number == FINDING:
        info = {"uid": one.attack_id, "title": one.family, "first_seen_time": _millis(one.first), "last_seen_time": _millis(one.last), **({"attacks": attacks} if attacks else {})}
        return {"finding_info": info, "evidences": [{**source, **there}]}
    if number == AUTHENTICATION:
        accounts = one.accounts or ("not told by the log",)
        return {**source, **there, "user": {"name": accounts[0]}, "is_remote": True}
    if number == RESOURCES:
        return {**source, **there, "web_resources": [{"name": target} for target in one.targets] or [{"name": "not told by the log"}]}
    if number == HTTP:
        return {**source, **there, "http_request": {"url": {"hostname": one.asset, "path": one.targets[0].partition(" ?")[0] if one.targets else ""}}}
    return {**source, **there, "connection_info": {"direction_id": 1, "direction": "Inbound"}}


def _is_address(text: str) -> bool:
    return not text.startswith("address_")
