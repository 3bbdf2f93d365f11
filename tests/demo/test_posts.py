"""The invented posts: a rumour that a sphere carries is found with the sphere's accounts and no others, an evening of debate is no attack, and no hand is taken for a schedule."""

import json
import tomllib

import duckdb
import pytest

from vigie.archive.archive import Archive
from vigie.archive.post_weighing import posts_of
from vigie.demo.cast import SPHERE, SPHERE_WAYS, STATE_ACCOUNT, write_groups
from vigie.demo.month import DAY, invented_month
from vigie.demo.posts import POSTS, TOGETHER, feeds, pushes
from vigie.demo.press import CLAIM, DENIAL, PAPER, STATE, collected, daily, press
from vigie.engines.files import expand
from vigie.engines.local import Options, Pool, read_input
from vigie.social.accounts import accounts
from vigie.social.coordination import coordination
from vigie.social.outlets import declared
from vigie.social.posts import once
from vigie.social.texts import with_texts

MEMBERS = {f"x:{one.id}" for one in SPHERE}


def rows(vigie, sql):
    return [json.loads(line) for line in vigie("sql", sql, "--archive", "demo/archive", "--json").splitlines()]


@pytest.fixture(scope="session")
def plan(demo):
    vigie, _ = demo
    return json.loads((vigie.folder / "demo" / "plan.json").read_text("utf-8"))


def test_the_group_is_the_sphere_and_nobody_else(demo, plan):
    vigie, _ = demo
    [planned] = [one for one in plan["list"] if one.get("kind") == "coordinated_group"]
    assert {row["account"] for row in rows(vigie, "select distinct account from coordinated_members")} == {f"x:{one}" for one in planned["accounts"]} == MEMBERS
    assert rows(vigie, "select accounts from coordinated_groups") == [{"accounts": len(MEMBERS)}]


def test_what_counts_is_the_group_and_the_wave(demo, plan):
    vigie, facts = demo
    found = rows(vigie, "select kind, sources, asset from attacks where family = 'information_operation' order by kind")
    planned = sorted((one["kind"], len(one["accounts"]), one["asset"]) for one in plan["list"] if one["family"] == "information_operation")
    assert [(one["kind"], one["sources"], one["asset"]) for one in found] == planned
    assert [kind for kind, _, _ in planned] == ["coordinated_group", "rumour_wave"]
    assert facts["information_operations"] == 2


def test_the_wave_is_the_mediums_pages_carried_by_the_sphere(demo):
    vigie, _ = demo
    [wave] = rows(vigie, "select origin, carrier, accounts from rumour_waves")
    assert wave == {"origin": "agence_du_large", "carrier": "s:sphere", "accounts": len(MEMBERS)}


def test_rhythms_are_what_they_were_planned_to_be(demo, plan):
    vigie, _ = demo
    results = {row["account_id"]: row["result"] for row in rows(vigie, "select account_id, result from accounts")}
    ways = plan["rhythms"]
    assert {results[one] for way in ("hand", "staff") for one in ways[way]} <= {"hand", "undecided"}
    assert {results[one] for one in ways["schedule"]} == {"assisted"}
    assert {results[one] for one in ways["queue"]} <= {"assisted", "undecided"}
    assert {one for one, result in results.items() if result == "declared"} == set(ways["declared"])


def test_the_evening_of_the_debate_is_no_attack(demo, plan):
    vigie, _ = demo
    [burst] = plan["bursts"]
    assert burst["posts"] > 800
    assert burst["accounts"] > 300
    assert rows(vigie, "select object from coincidences where kind = 'tag'") == []
    flagged = {object_ for row in rows(vigie, "select object from shared_at_once where significant") for object_ in [row["object"]]}
    assert f"tag:{burst['tag']}" not in flagged


def test_the_denial_is_no_copy_and_stands_against_the_claim(demo):
    vigie, _ = demo
    wordings = rows(vigie, "select text, rumour_id, first_group, accounts from rumours where unit = 'text' and text like '%vendre le port de Valmory%'")
    by_text = {row["text"]: row for row in wordings}
    assert set(by_text) == {CLAIM, DENIAL}
    assert by_text[CLAIM]["first_group"] == "agence_du_large"
    assert by_text[DENIAL]["first_group"] == "gazette"
    assert by_text[CLAIM]["accounts"] > 10
    assert rows(vigie, f"select code from rumour_counter where rumour_id = '{by_text[CLAIM]['rumour_id']}' and code = 'denied'")


def test_what_nobody_needs_as_evidence_is_not_kept(demo, plan):
    vigie, _ = demo
    assert rows(vigie, "select count(*) as n from held_posts") == [{"n": 0}]
    hand = ", ".join(f"'{one}'" for one in plan["rhythms"]["hand"])
    [kept] = rows(vigie, f"select count(*) as posts, count(e.row) as quoted from social_posts p left join post_evidence e using (row) where p.account_id in ({hand})")
    assert kept["posts"] > 1_000
    assert kept["quoted"] < kept["posts"] / 2


@pytest.mark.parametrize("seed", [7, 41])
def test_other_dice_same_findings(seed, tmp_path):
    month = invented_month(seed)
    truth = POSTS.write(tmp_path / "posts", month)
    archive, pool = Archive(tmp_path / "archive"), Pool(1)
    with archive.open_for_writing():
        for item in expand((str(tmp_path / "posts"),))[0]:
            read_input(item, archive, Options(), pool, lambda *_: None)
    pool.close()
    connection = duckdb.connect()
    archive.tables(connection)
    distinct = with_texts(once(posts_of(connection)))
    found, results = coordination(distinct), accounts(distinct).accounts
    assert set(found.members["account"]) == MEMBERS
    assert found.groups.height == 1
    said = dict(results.select("account_id", "result").iter_rows())
    assert {said[one] for way in ("hand", "staff") for one in truth.rhythms[way]} <= {"hand", "undecided"}
    assert {said[one] for one in truth.rhythms["schedule"]} <= {"assisted", "undecided"}
    assert "tag:ledebat" not in found.objects.filter("significant")["object"].to_list()


def test_nothing_in_it_is_anybodys(tmp_path, demo):
    vigie, _ = demo
    folder = vigie.folder / "demo"
    groups = declared(write_groups(tmp_path, invented_month()).read_bytes())
    assert (folder / "groups.toml").read_text("utf-8") == (tmp_path / "groups.toml").read_text("utf-8")
    assert len(groups) == 4
    assert all(domain.endswith(".example") for group in groups for domain in group.domains)
    assert tomllib.loads((folder / "groups.toml").read_text("utf-8"))["group"][0]["kind"] == "state_media"
    for name in ("posts/posts.jsonl", "posts/statuses.jsonl"):
        for line in (folder / "logs" / name).read_text("utf-8").splitlines()[::97]:
            post = json.loads(line)
            links = [url["expanded_url"] for url in post.get("entities", {}).get("urls", [])]
            assert all(link.split("/")[2].endswith(".example") for link in links)
            assert int(post["id"]) < 1_000 or int(post["id"]) >= 9_100_000_000_000_000_000
            assert "author_id" not in post or post["author_id"].startswith("90000000000")


def test_what_is_pushed_is_pushed_within_half_a_minute_and_after_it_was_out():
    month = invented_month()
    articles = press(month)
    announced = {post.article: post for post in feeds(articles, month)}
    pushed = {}
    for post in pushes(articles, announced, month):
        pushed.setdefault(post.article or post.of.article, []).append(post)
        assert post.account.way in SPHERE_WAYS
    assert len(pushed) > 5 * len(collected(month))
    for article, posts in pushed.items():
        seconds = [post.second for post in posts]
        assert article.outlet == STATE
        assert max(seconds) - min(seconds) < TOGETHER
        assert min(seconds) > announced[article].second
        assert announced[article].account == STATE_ACCOUNT


def test_the_press_is_of_its_days_and_nothing_is_said_twice():
    month = invented_month()
    articles = press(month)
    assert len({one.title for one in articles}) == len({one.url for one in articles}) == len(articles)
    assert {one.about for one in articles if one.outlet == PAPER} == {"", "denial"}
    days = daily([one for one in articles if one.outlet == STATE], month)
    assert list(days) == list(collected(month))
    assert all(one.second // DAY == month.midnight(day) // DAY for day, some in days.items() for one in some)
