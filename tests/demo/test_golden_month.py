"""The invented month has known numbers; the real path must arrive at exactly these."""

import json
from collections import Counter
from ipaddress import ip_address

import pytest

from vigie.demo.month import invented_month
from vigie.demo.schedule import planned


@pytest.fixture(scope="session")
def plan(demo):
    vigie, _ = demo
    return json.loads((vigie.folder / "demo" / "plan.json").read_text("utf-8"))


def test_the_story_is_as_big_as_it_says(plan):
    assert 2_900 <= plan["attacks"] <= 3_100
    assert 160_000 <= plan["lines"] <= 210_000
    assert len(plan["by_day"]) == 30
    assert max(plan["by_day"], key=plan["by_day"].get) == "2017-02-12"
    assert len(plan["by_family"]) == 16


def test_total(demo, plan):
    assert demo[1]["attacks"] == plan["attacks"]


def test_by_family(demo, plan):
    assert {row["family"]: row["attacks"] for row in demo[1]["by"]} == plan["by_family"]


def test_by_day(demo, plan):
    vigie, _ = demo
    days = json.loads(vigie("count", "--by", "day", "--archive", "demo/archive", "--json"))["by"]
    assert {row["day"]: row["attacks"] for row in days if row["attacks"]} == plan["by_day"]


def test_each_planned_attack_is_found_where_it_was_planned(demo, plan):
    vigie, _ = demo
    found = [json.loads(row) for row in vigie("show", "attacks", "--limit", "100000", "--archive", "demo/archive", "--json").splitlines()]
    here = Counter((a["family"], a["asset"], a["first_seen"][:10], a["actor"] if a["sources"] == 1 else a["sources"]) for a in found)
    there = Counter(
        (a["family"], a["asset"], a["start"][:10], a["sources"][0] if len(a["sources"]) == 1 else len(a.get("accounts", a["sources"]))) for a in plan["list"]
    )
    assert here - there == Counter()
    assert there - here == Counter()


def test_more_every_day_is_what_the_test_says(demo):
    assert demo[1]["trend"]["verdict"] == "rising"
    assert demo[1]["peak"]["day"] == "2017-02-12"
    assert demo[1]["period"]["from"].startswith("2017-01-15")
    assert demo[1]["period"]["to"].startswith("2017-02-13")


def test_no_line_is_lost(demo, plan):
    lines, records = demo[1]["ladder"][0], demo[1]["ladder"][1]
    aside = {reason["reason"]: reason["count"] for reason in lines["set_aside"]}
    assert lines["count"] == plan["lines"]
    assert {reason.removeprefix("unread: "): count for reason, count in aside.items() if reason.startswith("unread: ")} == plan["unread"]
    assert sum(plan["unread"].values()) == 13
    assert aside["already read in another file"] == plan["repeated"] == 1_200
    assert records["count"] == plan["lines"] - 13 - 1_200


def test_the_ladder_adds_up(demo):
    ladder = demo[1]["ladder"]
    by_name = {step["step"]: step for step in ladder}
    for step, following in (("lines", "records"), ("records", "suspicious records"), ("signals", "attempts"), ("attempts", "attacks")):
        set_aside = sum(reason["count"] for reason in by_name[step]["set_aside"])
        assert by_name[step]["count"] == by_name[following]["count"] + set_aside + by_name[step]["grouped"], step
    assert by_name["signals"]["count"] > 0


def test_half_and_double_the_pause_change_the_number(demo):
    sensitivity = demo[1]["sensitivity"]
    assert sensitivity["half"] > demo[1]["attacks"] > sensitivity["double"]


def test_no_visitor_is_called_an_attacker(demo):
    vigie, _ = demo
    sources = [json.loads(row) for row in vigie("show", "sources", "--limit", "100000", "--archive", "demo/archive", "--json").splitlines()]
    visitors = [row for row in sources if row["source_address"].startswith("198.1") and row["attacks"]]
    assert visitors == []


def test_the_plan_keeps_its_own_rules(invented):
    month = invented_month()
    schedule = planned(month)
    assert [schedule.count(day) for day in range(month.days)] == list(month.attacks)
    gaps = {}
    for attack in sorted(schedule.attacks):
        for source in attack.sources:
            key = (source, attack.family, attack.asset)
            if key in gaps:
                assert (attack.start - gaps[key]).total_seconds() > 3600, attack
            gaps[key] = attack.end
    assert all(any(ip_address(source) in network for network in invented) for attack in schedule.attacks for source in attack.sources)
    assert sum(attack.automation == "bespoke" for attack in schedule.attacks) >= 20
    assert len({attack.sources for attack in schedule.attacks if len(attack.sources) > 1}) >= 8
