"""What posts show on the command line: lists, explanations down to lines, pseudonyms, and the words that are never used."""

import csv
import io
import json
import re
import stat

import pytest

import invented_posts as world
from conftest import Vigie
from vigie.cli.posts import decimal, strip
from vigie.words import posts as words

FORBIDDEN = re.compile(r"\b(bots?|robots?|trolls?|fake|faux|operatives?|paid|payée?s?|mercenaires?|kremlin|moscow|moscou|russian?s?|russes?|chinese|china|iran\w*)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """An archive of the invented posts, made once by the command line; `said` is what reading it printed."""
    vigie = Vigie(tmp_path_factory.mktemp("posts"))
    vigie.environment["XDG_CONFIG_HOME"] = str(vigie.folder / "config")
    (vigie.folder / "posts.jsonl").write_bytes(world.lines(world.month()))
    (vigie.folder / "groups.toml").write_text(world.GROUPS)
    vigie.said = vigie("read", "posts.jsonl", "--groups", "groups.toml")
    vigie.lines = (vigie.folder / "posts.jsonl").read_bytes()
    return vigie


def rows(vigie, *asked):
    return [json.loads(line) for line in vigie(*asked, "--json").splitlines()]


@pytest.fixture(scope="module")
def ids(read):
    """One id of each sort."""
    [group] = rows(read, "show", "groups")
    rumour = next(row for row in rows(read, "show", "rumours") if row["attack_id"])
    text = next(row for row in rows(read, "show", "rumours", "--limit", "1000") if row["unit"] == "text" and row["accounts"] == len(world.GROUP))
    account = {row["result"]: row["account"] for row in rows(read, "show", "accounts", "--sort", "result", "--limit", "2")}
    return {
        "group": group["group"], "attack": group["attack_id"], "rumour": rumour["rumour"], "wave": rumour["waves"][0], "counted": rumour["attack_id"], "text": text["rumour"],
        "assisted": account["assisted"], "hand": account["hand"],
    }  # fmt: skip


EXPLAINED = ("group", "attack", "rumour", "wave", "text", "assisted")
LISTED = ("accounts", "groups", "rumours")


@pytest.fixture(scope="module")
def outputs(read, ids):
    """Everything that a person sees by default, in both languages."""
    asked = [["explain", one, "--limit", "3"] for one in (*(ids[name] for name in EXPLAINED), "posts")] + [["show", what] for what in LISTED] + [["count"]]
    return {(*one, lang): (read(*one, "--lang", lang), read.err) for one in asked for lang in ("en", "fr")}


@pytest.fixture(scope="module")
def machine(read, ids):
    """Everything that a program is given by default."""
    asked = [["explain", one, "--limit", "40"] for one in (*(ids[name] for name in EXPLAINED), "posts")] + [["show", what, "--limit", "1000"] for what in (*LISTED, "signals")]
    return {(*one, shape): read(*one, shape) for one in asked for shape in ("--json", "--csv")}


def test_reading_and_counting_say_what_posts_show_in_a_lane_of_its_own(read):
    for said in (read.said, read("count")):
        assert f"{len(world.month()):,} posts of 48 accounts (x), 1 February 2017 to 16 February 2017." in said
        assert "of accounts with enough posts (2): 1 said closer to assisted, 1 closer to run by hand, 0 undecided" in said
        assert "Synchronised groups: 1 (6 accounts)." in said
    counted = json.loads(read("count", "--json"))
    lane = counted["posts"]
    assert sum(lane["by_result"].values()) == lane["accounts"] == len(rows(read, "show", "accounts", "--limit", "1000"))
    assert lane["groups"] + lane["waves"] == counted["information_operations"] == counted["attacks"]
    assert json.loads(read("count", "--json", "--since", "2017-02-15"))["posts"]["groups"] == 0


def test_accounts_are_sorted_and_chosen(read):
    every = rows(read, "show", "accounts", "--limit", "1000")
    assert [row["posts"] for row in every] == sorted((row["posts"] for row in every), reverse=True)
    assert [row["result"] for row in rows(read, "show", "accounts", "--sort", "result", "--limit", "3")] == ["assisted", "hand", "little"]
    assert {row["result"] for row in rows(read, "show", "accounts", "--result", "little", "--limit", "1000")} == {"little"}
    assert rows(read, "show", "accounts", "--platform", "bluesky") == []
    assert "no accounts of this kind" in read.err
    late = rows(read, "show", "accounts", "--since", "2017-02-16", "--limit", "1000")
    assert 0 < len(late) < len(every)
    assert {row["account"] for row in late} == {row["account"] for row in every if row["last_seen"] >= "2017-02-16"}
    assert len(rows(read, "show", "accounts", "--limit", "2")) == 2
    assert "more with --limit" in read.err


def test_rumours_that_count_stand_first_and_first_is_first_in_the_data(read):
    listed = rows(read, "show", "rumours", "--limit", "1000")
    counted = [row for row in listed if row["attack_id"]]
    assert listed[: len(counted)] == counted
    assert {row["what"] for row in counted} == {f"rumeur.example/article-{page}" for page in range(8)}
    assert all(row["first_group"] == "sphere" and row["groups"] == ["sphere", "press"] and row["origin"] == "rumour_site" for row in counted)
    before = rows(read, "show", "rumours", "--until", "2017-02-04", "--limit", "1000")
    assert {row["rumour"] for row in before} == {row["rumour"] for row in listed if row["first_at"] < "2017-02-05"}
    assert "first in our data" in read("explain", counted[0]["rumour"]).lower()


def test_the_sum_of_an_account_is_its_score_and_both_readings_stand_beside_each_figure(read, ids):
    for name, sign in (("hand", -1), ("assisted", 1)):
        found = json.loads(read("explain", ids[name], "--json"))
        assert sum(part["contribution"] for part in found["contributions"]) == pytest.approx(found["log10_lr"])
        assert sign * found["log10_lr"] >= 1
        assert sum(found["hours"]) == found["posts"]
        told = read("explain", ids[name])
        assert told.count("read as:") == told.count("or else:") == len(found["contributions"])
        assert f"{found['log10_lr']:+.2f}  in all" in told
        assert "Trained on: " in told and "observed assisted" in told
    assert "evenness" in read("explain", ids["assisted"], "--csv")
    assert "·······████████████·····" in told
    assert "Rates that no person holds: none found." in told


def test_a_group_is_led_down_to_both_lines_of_each_coincidence(read, ids):
    found = json.loads(read("explain", ids["group"], "--limit", "500", "--json", "--identified"))
    assert {member["account"] for member in found["members"]} == {f"x:{one}" for one in world.GROUP}
    assert len(found["proofs"]) == found["proofs_all"] == found["coincidences"]
    for proof in found["proofs"]:
        for side in ("a", "b"):
            at = proof[side]["byte_offset"]
            line = read.lines[at : read.lines.index(b"\n", at)]
            assert proof[side]["line"] == line.decode()
            assert proof[f"account_{side}"].removeprefix("x:") == json.loads(line)["author_id"]
            assert proof["object"].removeprefix("url:") in line.decode()
    [links] = [row for row in found["expected_by_kind"] if row["kind"] == "url"]
    assert links["found"] == 8 * links["proved"] and links["expected"] < 0.1 * links["found"]
    told = read("explain", ids["group"][:8])
    assert "6 accounts are synchronised" in told and "What else may be the reason" in told and "Neither is first more often" in told
    assert f"where chance gives {decimal(links['expected'], 'en')}" in told
    assert "does not say who runs these accounts" in told
    assert "Rows " + found["tests"]["url"]["rows_hash"] in told and "Strangers who met once" in told
    assert all(0 < row["rate_used"] < 1 for row in found["tests"]["url"]["base"])


def test_a_rumour_says_first_relays_lags_doubt_and_time_line(read, ids):
    told = read("explain", ids["rumour"], "--lang", "fr")
    for part in ("Premier dans nos données : Une sphère", "Relayée en toutes lettres : 1", "relayé, 3 h plus tard, de Une sphère à Presse", "aucun sens n'apparaît", "Relais à sens unique",
                 "liste du 2017-01-31", "Site de rumeurs", "████  Une sphère 6", "Ce qui s'oppose"):  # fmt: skip
        assert part in told, part
    assert "T0084.001  Use Copypasta" in read("explain", ids["text"])
    found = json.loads(read("explain", ids["rumour"], "--json"))
    assert sum(one["posts"] for one in found["timeline"]) == found["posts"] == 7
    assert [row["relayed"] for row in found["matrix"]] == [8]


def test_an_attack_of_posts_leads_on_and_is_not_asked_whether_a_tool_made_it(read, ids):
    for attack, leads_to in ((ids["attack"], ids["group"]), (ids["counted"], "w")):
        told = read("explain", attack)
        assert f"vigie explain {leads_to}" in told
        assert "Tool or by hand" not in told and "Made by" not in told and "U1" not in told
        assert json.loads(read("explain", attack, "--json"))["operation_id"].startswith(leads_to)
    told = read("explain", ids["wave"])
    assert "Site of rumours" in told and "A sphere" in told and f"vigie explain {ids['rumour']}" in told


def test_what_was_read_and_what_cannot_be_seen(read):
    told = read("explain", "posts").replace("\u00a0", " ")
    for part in ("Times are told to seconds (100 %)", "8 reposts", "original is among the posts for 100 %", "a search chose them", "Deleted posts", "vigie show accounts --sort result"):
        assert part in told, part
    found = json.loads(read("explain", "posts", "--json"))
    assert found["posts"] == sum(found["kinds"].values()) == sum(found["precision"].values()) == len(world.month())
    assert found["kinds"]["repost"] == found["passed_on"] == found["original_known"] == 8


def test_no_id_name_link_of_a_post_or_text_leaves_by_default(machine, outputs):
    posts = world.month()
    known = {post["id"] for post in posts} | {post["author_id"] for post in posts} | {post["text"] for post in posts} | {"someone.else"}
    for asked, text in machine.items():
        assert [one for one in known if one in text] == [], asked
    for (*asked, _), (text, err) in outputs.items():
        found = set(re.findall(r"77000000000\d{6}|86000000000\d{7}|someone\.else", text + err))
        assert not found, (asked, found)


def test_on_ones_own_screen_accounts_and_lines_are_shown_when_asked_for(read, ids):
    assert f"x:{world.TIMETABLE}" in read("show", "accounts", "--identified")
    told = read("explain", f"x:{world.TIMETABLE}")
    assert ids["assisted"] in told and world.TIMETABLE not in told
    assert f'"author_id": "{world.GROUP[0]}"' in read("explain", ids["group"], "--identified", "--limit", "200")
    assert '"author_id": "acc_' in read("explain", ids["group"])
    assert stat.S_IMODE((read.folder / "config" / "vigie" / "pseudonyms.key").stat().st_mode) == 0o600


def test_pseudonyms_stay_and_their_beginning_is_enough(read, ids):
    assert ids["assisted"] == rows(read, "show", "accounts", "--result", "assisted")[0]["account"]
    assert read("explain", ids["assisted"][:12], "--limit", "1") == read("explain", ids["assisted"], "--limit", "1")


def test_words_that_are_never_used(outputs):
    for asked, (text, err) in outputs.items():
        assert FORBIDDEN.findall(text + err) == [], asked
    for lang in ("en", "fr"):
        assert [text for text in words.SAID[lang].values() if FORBIDDEN.search(text)] == []


def test_hostile_text_is_shown_harmless(read, ids, outputs):
    for text, err in outputs.values():
        assert not set(text + err) & {"\x1b", "\u202e"}
    assert "\\x1b[31mrouge" in read("explain", ids["text"])
    identified = read("show", "rumours", "--csv", "--identified", "--limit", "1000")
    [cell] = [row["text"] for row in csv.DictReader(io.StringIO(identified)) if row["rumour"] == ids["text"]]
    assert cell.startswith("'=HYPERLINK")
    assert "\x1b" not in identified


def test_csv_is_a_table_and_json_is_json(read, machine):
    for (*asked, shape), text in {**machine, ("nothing", "--csv"): read("show", "rumours", "--platform", "none", "--csv")}.items():
        if shape == "--json":
            assert all(isinstance(json.loads(line), dict) for line in text.splitlines()), asked
        else:
            table = list(csv.reader(io.StringIO(text)))
            assert table and len({len(row) for row in table}) == 1, asked


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (["explain", "g00000"], "vigie show groups"), (["explain", "acc_zzzzzzzz"], "vigie show accounts"), (["explain", "r00000"], "vigie show rumours"), (["explain", "acc_"], "vigie show accounts"),
        (["show", "groups", "--result", "hand"], "they do to accounts"), (["show", "attacks", "--platform", "x"], "apply to accounts, groups and rumours"),
        (["show", "attacks", "--identified"], "to signals"),
        (["show", "accounts", "--family", "x"], "only --platform"), (["show", "accounts", "--result", "clever"], "assisted"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_words(read, asked, named):
    assert read(*asked, code=2) == ""
    assert named in read.err
    assert "Traceback" not in read.err


def test_a_key_that_others_may_read_is_not_used(read):
    key = read.folder / "config" / "vigie" / "pseudonyms.key"
    key.chmod(0o644)
    try:
        assert read("show", "accounts", code=4) == ""
        assert "chmod 600" in read.err
    finally:
        key.chmod(0o600)


def test_without_posts_it_is_said_what_to_give(vigie):
    (vigie.folder / "access.log").write_text('192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n' * 3)
    assert "posts" not in vigie("read", "access.log")
    assert vigie("show", "accounts") == ""
    assert "vigie read posts.jsonl" in vigie.err
    assert vigie("explain", "posts", code=2) == ""
    assert "vigie read posts.jsonl" in vigie.err
    assert "posts" not in json.loads(vigie("count", "--json"))


def test_both_languages_say_the_same_things():
    assert words.SAID["en"].keys() == words.SAID["fr"].keys()
    for key, text in words.SAID["en"].items():
        assert sorted(re.findall(r"\{(\w+)", text)) == sorted(re.findall(r"\{(\w+)", words.SAID["fr"][key])), key


@pytest.mark.parametrize(("counts", "drawn"), [([0] * 24, "·" * 24), ([1] * 24, "█" * 24), ([0, 1, 8, 4], "·▁█▄"), ([1, 1000], "▁█")])
def test_the_strip_of_hours(counts, drawn):
    assert strip(counts)[0] == drawn
