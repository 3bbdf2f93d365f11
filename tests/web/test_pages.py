"""Every page in both languages, its JSON and its CSV: the same numbers, of one state, those of `vigie count`; hostile texts as texts."""

import csv
import io
import json
import re
import subprocess
import sys

import pytest

from dashboard_world import FORMULA, IMAGE, SCRIPT
from invented_posts import GROUP
from vigie.web import words
from vigie.web.pages.registry import PAGES
from vigie.words.numbers import number

LISTED = [page.name or "home" for page in PAGES if not page.item]
ITEMS = {
    "attack": "select attack_id as id from attacks", "attempt": "select attempt_id as id from attempts", "signal": "select signal_id as id from signals",
    "group": 'select "group" as id from coordinated_groups', "rumour": "select rumour_id as id from rumours", "wave": "select wave_id as id from rumour_waves",
}  # fmt: skip


def ids(watch, page):
    return [row["id"] for row in watch.state.rows(ITEMS[page] + " order by 1")]


def account(watch):
    return watch.state.facts.social["accounts"][0]["account"]


def paths(watch):
    """Every page there is, with an item where it wants one."""
    return [*LISTED, "search?q=203.0.113.10", "search?q=/agenda/", f"account/{account(watch)}", *(f"{page}/{ids(watch, page)[0]}" for page in ITEMS)]


def split(path, suffix):
    name, mark, query = path.partition("?")
    return f"{name}{suffix}{mark}{query}"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_page_is_there_and_of_the_same_state(client, watch, lang):
    for path in paths(watch):
        html = client.get(f"/{lang}/{'' if path == 'home' else path}")
        data = client.get(f"/{lang}/{split(path, '.json')}")
        rows = client.get(f"/{lang}/{split(path, '.csv')}")
        assert (html.status_code, data.status_code, rows.status_code) == (200, 200, 200), path
        assert data.json()["snapshot"] == watch.state.snapshot
        assert f'data-snapshot="{watch.state.snapshot}"' in html.text
        assert f'<html lang="{lang}"' in html.text
        header, *rest = csv.reader(io.StringIO(rows.text))
        assert header, path
        assert all(len(row) == len(header) for row in rest), path


def test_both_languages_say_the_same_things():
    for page in PAGES:
        assert set(page.titles) == {"en", "fr"}
        assert set(page.words) == {"en", "fr"}, page.name
        assert set(page.words["en"]) == set(page.words["fr"]), page.name
        for key, text in page.words["en"].items():
            fields = [sorted(re.findall(r"{(\w+)", said[key])) for said in (page.words["en"], page.words["fr"])]
            assert fields[0] == fields[1], (page.name, key)
            assert text.strip() and page.words["fr"][key].strip()
    assert set(words.TEXT["en"]) == set(words.TEXT["fr"])


def test_no_english_stands_on_a_french_page(client):
    text = re.sub(r"<[^>]*>", " ", client.get("/fr/").text)
    for word in (" attacks ", " the ", " unknown ", " look "):
        assert word not in text, word


def test_the_numbers_are_those_of_the_command_line(client, world):
    told = json.loads(subprocess.run([sys.executable, "-m", "vigie.cli.main", "count", "--archive", world, "--json"], capture_output=True, check=True).stdout)
    home, count, days = (client.get(f"/en/{name}.json").json() for name in ("home", "count", "days"))
    assert home["count"]["attacks"] == count["attacks"] == days["attacks"] == told["attacks"] > 5
    for name in ("ladder", "sensitivity", "peak", "automation", "period", "trend", "snapshot"):
        assert count[name] == told[name], name
    assert {row["family"]: row["attacks"] for row in count["by"]} == {row["family"]: row["attacks"] for row in told["by"]}
    assert home["doors"] == told["doors"]
    for lang in ("en", "fr"):
        assert f'<strong class="number">{number(told["attacks"], lang)}</strong>' in client.get(f"/{lang}/").text


def test_a_time_asked_for_counts_as_the_command_line_counts_it(client, world):
    told = json.loads(subprocess.run([sys.executable, "-m", "vigie.cli.main", "count", "--archive", world, "--json", "--since", "2017-02-03", "--until", "2017-02-04"], capture_output=True, check=True).stdout)
    count = client.get("/en/count.json", params={"since": "2017-02-03", "until": "2017-02-04"}).json()
    assert 0 < count["attacks"] == told["attacks"]
    assert count["ladder"] == told["ladder"]
    assert count["sensitivity"] == told["sensitivity"]
    days = client.get("/en/days.json", params={"since": "2017-02-03", "until": "2017-02-04"}).json()
    assert days["attacks"] == told["attacks"]
    assert [row["day"] for row in days["days"]] == ["2017-02-03", "2017-02-04"]


@pytest.mark.parametrize("asked", [{"family": "sql_injection"}, {"automation": "tool"}, {"country": "-"}, {"asset": "www.campagne.example"}, {"family": "sql_injection", "since": "2017-02-03"}])
def test_a_filter_gives_the_same_number_on_every_page(client, asked):
    attacks = client.get("/en/attacks.json", params=asked).json()
    count, days, made = (client.get(f"/en/{name}.json", params=asked).json() for name in ("count", "days", "automation"))
    assert 0 < attacks["attacks"] == len(attacks["list"]) == count["attacks"] == days["attacks"] == sum(made["automation"][word] for word in ("tool", "bespoke", "undetermined"))
    for rung, below in zip(count["ladder"], count["ladder"][1:], strict=False):
        if rung["step"] not in ("records", "suspicious records"):
            assert rung["count"] == below["count"] + rung["grouped"] + sum(one["count"] for one in rung["set_aside"]), rung
    for name, value in asked.items():
        if name in ("family", "automation", "asset"):
            assert {one[name] for one in attacks["list"]} == {value}


def test_csv_and_json_of_a_list_hold_the_same_rows(client):
    data = client.get("/en/attacks.json").json()["list"]
    rows = list(csv.DictReader(io.StringIO(client.get("/en/attacks.csv").text)))
    assert [row["attack_id"] for row in rows] == [one["attack_id"] for one in data]
    assert [int(row["signals"]) for row in rows] == [one["signals"] for one in data]


def test_what_attackers_write_is_text(client, watch):
    """In no page is there an element that they began, and nowhere a sign that turns text around or hides."""
    shown = set()
    for page, query in (("attack", "select attack_id as id from attacks where actor like '198.51.100.%' or family = 'database_access'"), ("signal", "select signal_id as id from signals where source_address like '198.51.100.%' order by 1 limit 8")):
        for item in (row["id"] for row in watch.state.rows(query)):
            text = client.get(f"/en/{page}/{item}").text
            shown |= {name for name, mark in (("script", "&lt;script&gt;"), ("image", "&lt;img"), ("turned", "\\u202e"), ("long", "AAAA")) if mark in text}
            for bad in (SCRIPT, "<script>d", IMAGE, "<img", "\u202e", "\x1b", "A" * 5_000):
                assert bad not in text, (page, item)
    assert {"script", "image", "long"} <= shown
    for path in (f"search?q={SCRIPT}", "search?q=<img src=x>", "files", "doors", "attacks", f"attacks?asset={SCRIPT}"):
        text = client.get(f"/en/{path}").text
        assert "<script>d" not in text
        assert "<img" not in text


def test_no_cell_of_a_table_begins_a_formula(client, watch):
    for path in [*(split(one, ".csv") for one in paths(watch)), f"search.csv?q={FORMULA}"]:
        for row in csv.reader(io.StringIO(client.get(f"/en/{path}").text)):
            assert not [cell for cell in row if cell[:1] in "=+-@" and cell and not re.fullmatch(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", cell)], path


def test_from_an_attack_down_to_its_raw_line(client, watch):
    for item in ids(watch, "attack")[:6]:
        data = client.get(f"/en/attack/{item}.json").json()
        page = client.get(f"/en/attack/{item}").text
        for one in data["evidence"][:5]:
            assert one["signal_id"] in page
            signal = client.get(f"/en/signal/{one['signal_id']}.json").json()
            assert (signal["file"], signal["byte_offset"]) == (one["file"], one["byte_offset"])
            if data["family"] == "sql_injection":
                with open(signal["file"], "rb") as file:
                    file.seek(signal["byte_offset"])
                    assert file.readline().decode("utf-8", "backslashreplace").rstrip("\n") == signal["line"]


@pytest.mark.parametrize("path", ["attack/a000000000000000", "attack/x", "attempt/t1", "signal/s'; drop", "account/acc_nobody", "group/g1", "rumour/r1", "wave/w1", "nothing", "count/more", "attack", "..%2Fstatic%2Fvigie.css", "%2e%2e%2f%2e%2e%2fetc"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(f"/en/{path}").status_code == 404


def test_another_language_is_not_found(client):
    assert client.get("/de/").status_code == 404
    assert client.get("/", headers={"accept-language": "de, fr;q=0.8"}).headers["location"] == "/fr/"


@pytest.mark.parametrize("page", ["mail", "cms", "convergence", "live"])
def test_what_is_not_watched_is_no_zero(client, page):
    data = client.get(f"/en/{page}.json").json()
    assert data["watched"] is False
    text = client.get(f"/en/{page}").text
    assert "Not watched yet" in text
    assert not re.search(r"\b0\b", re.sub(r"<[^>]*>", " ", text.partition("<main")[2].partition("<footer")[0]))


def test_accounts_bear_pseudonyms_everywhere(client, watch):
    """No page, table or file leads to the id of an account, unless the person who asks wrote it."""
    real = [row["account_id"] for row in watch.state.rows("select distinct account_id from accounts")]
    assert set(GROUP) <= set(real)
    io_attacks = [row["id"] for row in watch.state.rows("select attack_id as id from attacks where family = 'information_operation'")]
    signals = [row["id"] for row in watch.state.rows("select signal_id as id from signals where family = 'information_operation' order by 1 limit 5")]
    some = ["accounts", "coordination", "rumours", f"account/{account(watch)}", *(f"{page}/{ids(watch, page)[0]}" for page in ("group", "rumour", "wave")), *(f"attack/{one}" for one in io_attacks), *(f"signal/{one}" for one in signals)]
    for path in some:
        for suffix in ("", ".json", ".csv"):
            text = client.get(f"/en/{split(path, suffix)}").text
            for name in real:
                assert not re.search(rf"(?<![\w.]){name}(?![\w.])", text), (path, suffix, name)


@pytest.mark.parametrize(("q", "found"), [("203.0.113.10", "source_address"), ("/agenda/", "target"), ("https://www.campagne.example/agenda/?ville=1", "target"), ("www.campagne.example", "asset"), ("sqlmap", "tool"), ("postgres", "account"), ("198.51.100.250", None), ("no such thing", None)])
def test_the_search_finds_an_address_a_path_a_site_a_tool_an_account(client, q, found):
    data = client.get("/en/search.json", params={"q": q}).json()
    kinds = {one["found_as"] for one in data["found"]}
    assert (found in kinds) if found else not kinds
    if not found:
        assert "Nothing was found" in client.get("/en/search", params={"q": q}).text


def test_the_search_finds_ids(client, watch):
    for page in ("attack", "attempt", "signal", "group", "rumour"):
        one = ids(watch, page)[0]
        assert one in {row["id"] for row in client.get("/en/search.json", params={"q": one}).json()["found"]}, page


def test_a_total_never_swallows_databases_or_scans(client):
    for path in ("", "count"):
        text = client.get(f"/en/{path}").text
        assert "1 at the doors of databases" in text, path


def test_the_first_page_says_what_to_do_and_each_step_leads_on(client):
    data = client.get("/en/home.json").json()
    assert any("log-in" in step for step in data["to_do"])
    assert "Somebody may be inside" in client.get("/en/").text
    for href in set(re.findall(r'href="(/en/[^"#]*)"', client.get("/en/").text)):
        assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_words_that_are_never_said(client, watch):
    for path in paths(watch):
        for lang, bad in (("en", r"\bbots?\b|hackers?\b"), ("fr", r"\brobots? russes?\b|\bbots?\b|pirates? russes?")):
            text = re.sub(r"<[^>]*>", " ", client.get(f"/{lang}/{path}").text)
            assert not re.search(bad, text, re.IGNORECASE), (lang, path)
