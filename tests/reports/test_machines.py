"""STIX, MISP, ECS and OCSF are what their standards say, with the network off, and come back with the same counts."""

import dataclasses
import json
import re
import socket
import uuid
from collections import Counter
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import jsonschema
import pytest

from vigie.campaigns.hypotheses import Signature
from vigie.reports import ecs, misp, ocsf, stix
from vigie.reports.facts import Family
from vigie.reports.marking import PAP, TLP, Marking
from vigie.reports.techniques import ATTACK, DISARM, OF_FAMILY, OF_KIND, techniques_of


@pytest.fixture(autouse=True)
def network_off(monkeypatch):
    def refused(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def errors(text):
    """What the strict validator says."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stix2validator import ValidationOptions, validate_string

        found = validate_string(text, ValidationOptions(version="2.1", strict=True))
    return [] if found.is_valid else [str(one) for one in found.errors]


@pytest.fixture(scope="module")
def few(report):
    """The report with one source of each kind, so that the slow validator has less to do."""
    kept = [one for one in report.sources if one.address in ("203.0.113.21", "198.51.100.5")]
    v6 = dataclasses.replace(kept[0], address="2001:db8:bad:1::7", role="indicator", why="", relay="", asn=64500, network="Réseau \"d'exemple\"\\ <b>")
    signed = Signature("A. Exemple", "2017-02-01", "we do not know", ("tools",), "likely", "low", "abc")
    operation = Family("information_operation", 0, 0, 0, 0, report.as_of, report.as_of, 0, 0, 0, 1, techniques=techniques_of("information_operation", (), ("T0049", "T0084.001", "T9999")))
    return dataclasses.replace(report, sources=(*kept, v6), judgement=signed, families=(*report.families, operation))


@pytest.mark.parametrize("tlp", ["amber", "amber+strict"])
def test_the_strict_validator_accepts_the_bundle(few, tlp):
    text = stix.stix(dataclasses.replace(few, marking=Marking(tlp, "amber")))
    assert errors(text) == []
    kinds = Counter(one["type"] for one in json.loads(text)["objects"])
    assert set(kinds) == {"marking-definition", "identity", "attack-pattern", "ipv4-addr", "ipv6-addr", "autonomous-system", "observed-data", "indicator", "relationship", "sighting",
                          "note", "incident", "opinion", "report"}  # fmt: skip


@pytest.mark.parametrize("facts", ["nothing", "calm"])
def test_the_strict_validator_accepts_a_bundle_of_nothing(facts, request):
    text = stix.stix(request.getfixturevalue(facts))
    assert errors(text) == []
    assert "Nothing seen" in text


def test_the_validator_can_refuse(few):
    assert errors(stix.stix(few).replace('"relationship_type": "based-on"', '"relationship_type": "Based On"', 1)) != []


@pytest.mark.parametrize("tlp", TLP)
@pytest.mark.parametrize("pap", PAP)
def test_every_marking_is_in_the_bundle_that_names_it(few, tlp, pap):
    objects = stix.bundled(dataclasses.replace(few, marking=Marking(tlp, pap)))
    there = {one["id"]: one for one in objects}
    assert {mark for one in objects for mark in one.get("object_marking_refs", ())} == {one["id"] for one in objects if one["type"] == "marking-definition"}
    assert there[stix.TLP_IDS[tlp]]["extensions"][stix.TLP_EXTENSION]["tlp_2_0"] == tlp
    assert len(there) == len(objects)
    refs = {ref for one in objects for name, value in one.items() if name.endswith("_ref") or name.endswith("_refs") for ref in ([value] if isinstance(value, str) else value)}
    assert refs <= set(there)


def test_a_round_trip_keeps_counts(few):
    import stix2

    text = stix.stix(few)
    back = stix2.parse(text)
    assert len(back.objects) == len(json.loads(text)["objects"])
    assert Counter(one["type"] for one in back.objects) == Counter(one["type"] for one in json.loads(text)["objects"])
    [total] = [one for one in back.objects if one["type"] == "note" and one["abstract"][0].isdigit()]
    assert int(re.match(r"attacks: (\d+)", total["content"])[1]) == few.count.attacks
    sights = {one["sighting_of_ref"]: one["count"] for one in back.objects if one["type"] == "sighting"}
    assert sorted(sights.values()) == sorted(one.attacks for one in few.indicators)


def test_ids_of_observables_are_those_of_the_standard():
    import stix2

    assert stix.observable_id("ipv4-addr", {"value": "198.51.100.7"}) == "ipv4-addr--12592121-be4c-5a93-a813-5a5af16e50db" == stix2.v21.IPv4Address(value="198.51.100.7").id
    assert stix.observable_id("ipv6-addr", {"value": "2001:db8::7"}) == stix2.v21.IPv6Address(value="2001:db8::7").id
    assert stix.observable_id("autonomous-system", {"number": 64500}) == stix2.v21.AutonomousSystem(number=64500).id


def test_ids_stay_and_only_what_changed_is_modified(few):
    one = few.sources[0]
    grown = dataclasses.replace(few, sources=(dataclasses.replace(one, signals=one.signals + 1, last=one.last.replace(year=2018)), *few.sources[1:]), snapshot="other")
    before, after = ({found["id"]: found for found in stix.bundled(facts)} for facts in (few, grown))
    assert set(before) == set(after)
    changed = {found["type"] for ident, found in before.items() if found != after[ident]}
    assert changed <= {"observed-data", "indicator", "relationship", "sighting", "note"}
    assert all(before[ident].get("created") == found.get("created") for ident, found in after.items())
    assert all(uuid.UUID(ident.partition("--")[2]).version in (4, 5) for ident in before)


def test_an_indicator_ends(few):
    for one in stix.bundled(few):
        if one["type"] == "indicator":
            days = datetime.fromisoformat(one["valid_until"]) - datetime.fromisoformat(one["modified"])
            assert days.days in (6, 7)


def test_techniques_have_names_and_operations_have_theirs(few):
    patterns = {one["external_references"][0]["external_id"]: one for one in stix.bundled(few) if one["type"] == "attack-pattern"}
    assert patterns["T1190"]["name"] == "Exploit Public-Facing Application"
    assert patterns["T0084.001"]["external_references"][0]["source_name"] == "DISARM"
    assert {one for listed in (*OF_FAMILY.values(), *OF_KIND.values()) for one in listed} <= set(ATTACK) | set(DISARM)


def test_all_techniques_that_rules_name_are_known():
    from vigie.detectors.registry import DETECTORS

    named = {one for detector in DETECTORS for rule in detector.rules for one in rule.ids if re.fullmatch(r"T\d{4}(\.\d{3})?", one)}
    assert named - set(ATTACK) == set()


@pytest.mark.parametrize("schema", ["schema.json", "schema-lax.json"])
@pytest.mark.parametrize("facts", ["report", "few", "nothing", "calm"])
def test_both_schemas_of_misp_accept_the_event(facts, schema, request):
    pymisp = pytest.importorskip("pymisp")
    event = json.loads(misp.misp(request.getfixturevalue(facts)))
    jsonschema.validate(event, json.loads((Path(pymisp.__file__).parent / "data" / schema).read_text("utf-8")))


def test_misp_comes_back_with_all_attributes(report):
    pymisp = pytest.importorskip("pymisp")
    event = json.loads(misp.misp(report))["Event"]
    back = pymisp.MISPEvent()
    back.from_dict(**event)
    assert len(back.attributes) == len(event["Attribute"]) == len(report.told) + len(report.totals) + 2
    assert {tag.name for tag in back.tags} >= {"tlp:amber", "PAP:AMBER"}
    for one in back.attributes:
        assert one.type != "ip-src" or ip_address(one.value)
    assert len({one.uuid for one in back.attributes}) == len(back.attributes)


def test_an_event_of_ecs_has_what_a_siem_asks_for(report):
    events = [json.loads(line) for line in ecs.ecs(report)]
    assert len(events) == report.count.attacks
    for one in events:
        assert one["event"]["kind"] == "alert"
        assert set(one["event"]["category"]) <= {"authentication", "database", "email", "intrusion_detection", "network", "threat", "web"}
        assert datetime.fromisoformat(one["@timestamp"]) <= datetime.fromisoformat(one["event"]["end"])
        for address in [*one.get("related", {}).get("ip", ()), *([one["source"]["ip"]] if "ip" in one.get("source", {}) else [])]:
            ip_address(address)
    assert {one["event"]["id"] for one in events} == {one.attack_id for one in report.attacks}


def test_the_class_of_ocsf_follows_the_family(report):
    events = [json.loads(line) for line in ocsf.ocsf(report)]
    classes = {one["unmapped"]["family"]: one["class_uid"] for one in events}
    assert classes["sql_injection"] == 4002
    assert classes["secret_probe"] == 6001
    assert classes["port_scan"] == 4001
    assert classes["database_access"] == 3002
    required = {4002: ("http_request", "dst_endpoint"), 6001: ("web_resources",), 4001: ("dst_endpoint",), 3002: ("user", "dst_endpoint"), 2004: ("finding_info",)}
    for one in events:
        assert one["type_uid"] == 100 * one["class_uid"] + one["activity_id"]
        assert one["category_uid"] == one["class_uid"] // 1000
        assert all(one[name] for name in (*required[one["class_uid"]], "metadata", "time", "severity_id"))
        assert 1 <= one["severity_id"] <= 5
        for seen in one["observables"]:
            ip_address(seen["value"])


def test_what_has_no_class_is_a_finding(report):
    one = dataclasses.replace(report.attacks[0], family="denial_of_service")
    flooded = dataclasses.replace(report, attacks=(one,), families=(dataclasses.replace(report.families[0], name="denial_of_service"),))
    [event] = [json.loads(line) for line in ocsf.ocsf(flooded)]
    assert (event["class_uid"], event["finding_info"]["uid"]) == (2004, one.attack_id)
