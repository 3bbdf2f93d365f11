"""Floods, the outage and the crowd of the invented month: found once each, with what visitors got, and nothing beside them."""

import json
from collections import Counter
from datetime import datetime

import pytest

from vigie.demo.crises import CRISES, crowd, floods, in_outage, outages
from vigie.demo.month import SITE, invented_month
from vigie.demo.nginx_lines import duration, is_file, lines
from vigie.demo.publications import write as write_publications
from vigie.demo.request import Request
from vigie.sources.known_layouts import RECOMMENDED
from vigie.sources.layout_source import nginx_compiled

MONTH = invented_month()


@pytest.fixture(scope="session")
def plan(demo):
    vigie, _ = demo
    return json.loads((vigie.folder / "demo" / "plan.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def found(demo):
    vigie, _ = demo
    return [json.loads(row) for row in vigie("show", "attacks", "--limit", "100000", "--archive", "demo/archive", "--json").splitlines()]


@pytest.fixture(scope="session")
def periods(demo):
    from vigie.archive.archive import Archive
    from vigie.cli.verb_read import state_of

    vigie, _ = demo
    with state_of(Archive(vigie.folder / "demo" / "archive")) as catalogue:
        return catalogue.rows("select what, kind, impact, asset, first_seen, last_seen, requests, sources, attack_id from availability order by first_seen")


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_each_flood_is_found_once_with_the_impact_that_was_planned(plan, periods):
    planned = [attack for attack in plan["list"] if attack["family"] == "denial_of_service"]
    seen = [row for row in periods if row["what"] == "flood"]
    assert len(planned) == len(seen) == 3
    assert len({row["attack_id"] for row in seen}) == 3
    for attack, row in zip(planned, seen, strict=True):
        assert row["impact"] == attack["impact"]
        assert row["sources"] == len(attack["sources"])
        assert abs(row["requests"] - attack["lines"]) <= 0.02 * attack["lines"]
        assert abs((row["first_seen"] - when(attack["start"])).total_seconds()) <= 90
    assert [row["kind"] for row in seen] == ["cache_busting", "slow_headers", "search_flood"]


def test_the_crowd_is_a_crowd_and_no_attack(plan, periods, found):
    [planned], [seen] = plan["crowds"], [row for row in periods if row["what"] == "crowd"]
    assert abs((seen["first_seen"] - when(planned["start"])).total_seconds()) < 180
    assert seen["sources"] > 0.85 * planned["visitors"]
    assert seen["attack_id"] is None
    day = planned["start"][:10]
    assert [a for a in found if a["family"] == "denial_of_service" and a["first_seen"].startswith(day)] == []


def test_nothing_else_is_said_but_the_bad_time_of_the_outage(periods):
    others = [row for row in periods if row["what"] not in ("flood", "crowd")]
    [(down, up)] = outages(MONTH)
    assert [row["what"] for row in others] == ["impact"]
    assert abs(others[0]["first_seen"].timestamp() - down) <= 60
    assert abs(others[0]["last_seen"].timestamp() - up) <= 60


def test_probes_from_outside_fail_in_the_outage_only(demo):
    from vigie.archive.archive import Archive
    from vigie.cli.verb_read import state_of

    vigie, _ = demo
    [(down, up)] = outages(MONTH)
    with state_of(Archive(vigie.folder / "demo" / "archive")) as catalogue:
        rows = catalogue.rows("select seen_at, event_outcome::varchar as outcome from probes")
    failed = [row["seen_at"].timestamp() for row in rows if row["outcome"] != "success"]
    assert len(rows) == 30 * 288
    assert len(failed) == 3
    assert all(down <= at < up for at in failed)


def test_what_was_made_by_hand_is_found_so_and_tools_are_not_called_so(plan, found):
    by_place = {}
    for attack in found:
        key = (attack["family"], attack["asset"], attack["actor"] if attack["sources"] == 1 else attack["sources"])
        by_place.setdefault(key, []).append(attack)
    words = Counter()
    for attack in [one for one in plan["list"] if one["family"] != "information_operation"]:
        key = (attack["family"], attack["asset"], attack["sources"][0] if len(attack["sources"]) == 1 else len(attack["sources"]))
        nearest = min(by_place[key], key=lambda one: abs((when(one["first_seen"]) - when(attack["start"])).total_seconds()))
        words[attack["automation"], nearest["automation"]] += 1
    made = {word: sum(count for (author, _), count in words.items() if author == word) for word in ("bespoke", "tool")}
    assert words["bespoke", "bespoke"] >= 0.8 * made["bespoke"] > 0
    assert words["tool", "bespoke"] <= 0.01 * made["tool"]


def test_the_story_says_whether_the_site_was_up(demo):
    vigie, _ = demo
    told = " ".join(vigie.told.split())
    assert "Le site répondait-il ?" in told
    assert "inondation (recherches en masse)" in told
    assert "Indisponible" in told
    assert "ce n'est pas une attaque" in told


def test_floods_come_from_sources_of_their_own():
    everyone = [source for crisis in CRISES for source in crisis.sources]
    assert len(everyone) == len(set(everyone)) == 250
    assert all(source.startswith("2001:db8:b0b:") for source in everyone)
    for attack, requests in floods(MONTH):
        assert attack.lines == len(requests)
        assert {request.address for request in requests} == set(attack.sources)
        assert attack.start.day == attack.end.day


def test_a_short_month_has_no_crisis():
    assert list(floods(invented_month(days=6, attacks=200))) == []
    assert crowd(invented_month(days=6, attacks=200)) == ([], [])


def test_in_an_outage_pages_fail_slowly_and_their_parts_are_not_fetched():
    [(down, up)] = outages(MONTH)
    pages = [Request(down + n % (up - down), SITE, f"198.18.20.{n % 250}", f"GET /presse/?{n} HTTP/1.1", 200, 900) for n in range(400)]
    parts = [page._replace(line="GET /style.css HTTP/1.1") for page in pages]
    elsewhere = [page._replace(second=up + 5) for page in pages]
    after = list(in_outage([*pages, *parts, *elsewhere], MONTH))
    assert after[400:] == elsewhere
    bad = [request for request in after[:400] if request.status in (499, 504)]
    assert 0.85 < len(bad) / 400 < 1
    assert all(20 <= request.took <= 30 for request in bad if request.status == 504)


def test_lines_are_in_the_recommended_layout_and_in_order():
    second = MONTH.start + 5
    requests = [
        Request(second, SITE, "198.18.20.1", "GET / HTTP/1.1", 200, 900, "", 'a "quoted" name'),
        Request(second, SITE, "198.18.20.1", "GET /style.css?ver=1 HTTP/1.1", 304, 0, f"https://{SITE}/", "Mozilla/5.0"),
        Request(second, SITE, "2001:db8:b0b:1::8", "", 408, 0, took=60.4),
    ]
    written = [text for _, text in lines(requests)]
    assert nginx_compiled(RECOMMENDED["nginx"]) is not None
    assert [text.rsplit(" ", 8)[-1] for text in written] == [f'"{SITE}"\n'] * 3
    times = [float(text.split(" ")[-2]) for text in written]
    assert times == sorted(times)
    assert len(set(times)) == 3
    assert [float(text.split(" ")[-7]) for text in written] == [round(duration(request), 3) for request in requests]
    assert duration(requests[0]) >= 0.05 > duration(requests[1])
    assert is_file(requests[1].line)
    assert not is_file("GET")


def test_the_list_of_posts_is_what_wordpress_would_answer(tmp_path):
    truth = write_publications(tmp_path / "publications", MONTH)
    posts = json.loads((tmp_path / "publications" / truth.files[0]).read_text("utf-8"))
    assert len(posts) == len(MONTH.publications) == 15
    assert posts[-1]["link"] == f"https://{SITE}/actualites/voeux-du-candidat/"
    assert posts[0]["date_gmt"] > posts[-1]["date_gmt"]
    assert {post["status"] for post in posts} == {"publish"}
