"""Floods, crowds and bad times, from log lines to the answer; each scene is written line by line, with its truth."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.attacks.settings import Settings
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
PAGES = ("/", "/agenda/", "/programme/", "/actualites/une-page/", "/?s=emploi")
PARTS = ("/style.css", "/menu.js", "/logo.png")


def line(at, address, target="/", *, status=200, seconds=0.05, referrer="-", method="GET", agent="Mozilla/5.0 Firefox/115.0", timed=True):
    """One line of the layout that vigie recommends (or plain combined), written when the request ends."""
    end = START + timedelta(seconds=at + seconds)
    text = f'{address} - - [{end:%d/%b/%Y:%H:%M:%S} +0000] "{method} {target} HTTP/1.1" {status} 5000 "{referrer}" "{agent}"'
    more = f' 300 {seconds:.3f} {seconds:.3f} {status} 1 1 {end.timestamp():.3f} "www.example.org"' if timed else ""
    return end, text + more + "\n"


def readers(minutes, *, seed=1, rate=30, parts=True, seconds=(0.02, 0.3), **more):
    """Visitors as they come: a page with its parts, from many addresses."""
    dice = random.Random(seed)
    out = []
    for at in sorted(dice.uniform(0, minutes * 60) for _ in range(minutes * rate)):
        address = f"198.18.{dice.randrange(200)}.{dice.randrange(1, 250)}"
        page = dice.choice(PAGES)
        out.append(line(at, address, page, seconds=dice.uniform(*seconds), **more))
        if parts:
            out += [line(at + 0.5, address, part, seconds=0.003, referrer=f"https://www.example.org{page}", **more) for part in PARTS]
    return out


def word(dice, letters=string.ascii_lowercase, length=8):
    return "".join(dice.choices(letters, k=length))


def flood(begin, during, number, addresses, target, *, seed=2, **more):
    """Requests spread evenly over some seconds and addresses; `target` makes each one."""
    dice = random.Random(seed)
    return [line(begin + during * n / number, addresses[n % len(addresses)], target(dice), **more) for n in range(number)]


def bots(count, net="203.0"):
    return [f"{net}.{n // 250}.{n % 250 + 1}" for n in range(count)]


def asked(tmp_path, lines, *, name="access.log", more=()):
    """What vigie says of some lines: periods of availability, and attacks."""
    path = Path(tmp_path) / name
    path.write_text("".join(text for _, text in sorted(lines, key=lambda one: one[0])), "utf-8")
    _, problems, catalogue = read_paths((str(path), *map(str, more)), Path(tmp_path) / "archive", Options(workers=1), Settings())
    assert not problems
    with catalogue:
        return catalogue.rows("select * from availability order by first_seen"), catalogue.rows("select * from attacks order by first_seen")


def of(periods, what):
    return [row for row in periods if row["what"] == what]


def second(moment):
    return (moment - START).total_seconds()


def test_quiet_traffic_is_nothing(tmp_path):
    assert asked(tmp_path, readers(60)) == ([], [])


def test_a_search_flood_that_visitors_did_not_notice_is_absorbed(tmp_path):
    scene = readers(60) + flood(1830, 300, 5000, bots(240), lambda dice: f"/?s={word(dice)}")
    [period], [attack] = asked(tmp_path, scene)
    assert (period["what"], period["impact"], period["kind"], period["sources"]) == ("flood", "absorbed", "search_flood", 240)
    assert second(period["first_seen"]) == pytest.approx(1830, abs=5)
    assert second(period["last_seen"]) == pytest.approx(2130, abs=5)
    assert (attack["family"], attack["sources"], attack["outcome"], attack["danger"]) == ("denial_of_service", 240, "absorbed", 2)
    assert period["attack_id"] == attack["attack_id"]
    assert attack["records"] == 5000


def test_a_flood_without_durations_in_the_log_cannot_be_called_absorbed(tmp_path):
    scene = readers(60, timed=False) + flood(1830, 300, 5000, bots(240), lambda dice: f"/?s={word(dice)}", timed=False)
    [period], [attack] = asked(tmp_path, scene)
    assert (period["impact"], period["advice"], attack["outcome"]) == ("cannot tell", "no timing field", "cannot tell")
    assert (period["requests"], period["sources"]) == (5000, 240)


def test_many_addresses_that_each_ask_little_are_one_flood(tmp_path):
    scene = readers(60) + flood(1800, 300, 5000, bots(3000), lambda _: "/")
    [period], [attack] = asked(tmp_path, scene)
    assert (period["kind"], period["impact"]) == ("request_flood", "absorbed")
    assert attack["sources"] == 3000


@pytest.mark.parametrize(
    ("kind", "target", "method", "status"),
    [
        ("cache_busting", lambda dice: f"/?{dice.randrange(10**9, 10**10)}", "GET", 200),
        ("cache_busting", lambda dice: f"/{word(dice, string.ascii_uppercase, 6)}", "GET", 404),
        ("xmlrpc_flood", lambda _: "/xmlrpc.php", "POST", 200),
        ("login_flood", lambda _: "/wp-login.php", "POST", 200),
        ("search_flood", lambda dice: f"/recherche?q={word(dice)}", "GET", 200),
    ],
)
def test_kinds_of_floods_are_one_attack_each(tmp_path, kind, target, method, status):
    scene = readers(60) + flood(1800, 120, 6000, bots(30), target, method=method, status=status)
    [period], [attack] = asked(tmp_path, scene)
    assert (period["kind"], period["sources"], attack["kind"], attack["family"]) == (kind, 30, kind, "denial_of_service")


def test_a_crowd_is_no_attack(tmp_path):
    dice = random.Random(3)
    crowd = []
    for n in range(3000):
        at, address = 1800 + min(dice.expovariate(1 / 400), 1700), f"198.19.{n // 250}.{n % 250 + 1}"
        came = dice.choice(["https://t.co/x", "https://www.journal.example/a", "https://nouvelles.example/", "https://www.google.fr/"])
        crowd.append(line(at, address, "/nouvelle-page/", referrer=came, seconds=0.1))
        crowd += [line(at + 1, address, part, seconds=0.003, referrer="https://www.example.org/nouvelle-page/", status=dice.choice((200, 304))) for part in PARTS]
    periods, attacks = asked(tmp_path, readers(60) + crowd)
    assert attacks == []
    assert [(row["what"], row["impact"]) for row in periods] == [("crowd", "absorbed")]


def test_where_a_crowd_looks_like_a_flood_both_are_said_and_none_is_counted(tmp_path):
    scene = readers(60, parts=False) + flood(1800, 600, 2000, bots(1990, "198.19"), lambda _: "/nouvelle-page/")
    periods, attacks = asked(tmp_path, scene)
    assert attacks == []
    assert [row["what"] for row in periods] == ["unclear"]


def test_somebody_who_copies_the_site_does_not_flood_it(tmp_path):
    copy = [line(1800 + n * 0.3, "203.0.113.9", f"/page-{n}/") for n in range(1500)]
    assert asked(tmp_path, readers(60) + copy) == ([], [])


def test_a_robot_that_says_so_does_not_flood(tmp_path):
    scene = readers(60) + flood(1800, 120, 600, bots(3), lambda _: "/agenda/", agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    assert asked(tmp_path, scene) == ([], [])


def test_an_outage_without_more_requests_is_found_and_is_no_attack(tmp_path):
    usual = [one for one in readers(60) if not START + timedelta(minutes=30) <= one[0] < START + timedelta(minutes=36)]
    dice = random.Random(4)
    down = [line(1800 + n * 2, f"198.18.7.{n % 250 + 1}", dice.choice(PAGES), status=dice.choice((504, 499)), seconds=8) for n in range(180)]
    periods, attacks = asked(tmp_path, usual + down)
    assert attacks == []
    [period] = periods
    assert (period["what"], period["impact"], period["failed"]) == ("impact", "unavailable", 180)
    assert second(period["first_seen"]) == pytest.approx(1800, abs=10)
    assert second(period["last_seen"]) == pytest.approx(2160, abs=10)


def test_a_small_load_on_a_slow_page_that_takes_the_site_down_is_a_flood(tmp_path):
    usual = [one for one in readers(60) if not START + timedelta(minutes=30) <= one[0] < START + timedelta(minutes=36)]
    dice = random.Random(4)
    down = [line(1805 + n * 2, f"198.18.7.{n % 250 + 1}", "/agenda/", status=dice.choice((504, 499)), seconds=8) for n in range(175)]
    load = flood(1800, 350, 600, bots(20), lambda dice: f"/?s={word(dice)}", status=504, seconds=8)
    periods, [attack] = asked(tmp_path, usual + down + load)
    [period] = of(periods, "flood")
    assert (period["impact"], period["kind"], period["sources"], attack["outcome"], attack["danger"]) == ("unavailable", "search_flood", 20, "unavailable", 4)
    assert second(attack["first_seen"]) == pytest.approx(1800, abs=60)


def test_a_slow_rise_is_found_with_its_beginning(tmp_path):
    dice = random.Random(5)
    rise = [
        line(1800 + 60 * minute + dice.uniform(0, 60), f"203.0.113.{dice.randrange(1, 80)}", f"/agenda/?jour={dice.randrange(1, 30)}", seconds=0.3)
        for minute in range(12) for _ in range(25 * (minute + 1))
    ]  # fmt: skip
    [period], [attack] = asked(tmp_path, readers(60) + rise)
    assert (period["what"], period["kind"]) == ("flood", "request_flood")
    assert second(period["first_seen"]) == pytest.approx(1800, abs=60)
    assert attack["sources"] == 79


def test_slow_headers_count_connections(tmp_path):
    slow = [line(1800 + n * 0.3, f"203.0.113.{n % 20 + 1}", "/", status=408, seconds=12) for n in range(1000)]
    [period], [attack] = asked(tmp_path, readers(60) + slow)
    assert (period["kind"], period["requests"], period["sources"], period["impact"]) == ("slow_headers", 1000, 20, "absorbed")
    assert attack["records"] == 1000


def test_a_few_idle_connections_are_no_attack(tmp_path):
    idle = [line(60 * n, f"198.18.3.{n + 1}", "-", status=408, seconds=20) for n in range(55)]
    assert asked(tmp_path, readers(60) + idle) == ([], [])


def test_silence_is_said_and_its_cause_is_not_guessed(tmp_path):
    scene = [one for one in readers(60 * 24 * 5, rate=3, parts=False) if not START + timedelta(days=3, hours=3) <= one[0] < START + timedelta(days=3, hours=5)]
    [period], attacks = asked(tmp_path, scene)
    assert attacks == []
    assert (period["what"], period["impact"], period["kind"]) == ("silence", "cannot tell", "missing_traffic")
    assert "to be expected" in period["numbers"]


def test_a_probe_from_outside_turns_silence_into_an_outage(tmp_path):
    scene = [one for one in readers(60 * 24 * 5, rate=3, parts=False) if not START + timedelta(days=3, hours=3) <= one[0] < START + timedelta(days=3, hours=5)]
    probes = Path(tmp_path) / "probes.jsonl"
    rows = []
    for minute in range(0, 60 * 24 * 5, 30):
        at = START + timedelta(minutes=minute)
        failed = START + timedelta(days=3, hours=3) <= at < START + timedelta(days=3, hours=5)
        status, error = ("0", '"timed out"') if failed else ("200", "null")
        rows.append(f'{{"seen_at":"{at:%Y-%m-%dT%H:%M:%SZ}","url":"https://www.example.org/agenda/","status":{status},"duration":0.2,"bytes":1000,"error":{error},"from":"paris"}}\n')
    probes.write_text("".join(rows), "utf-8")
    [period], attacks = asked(tmp_path, scene, more=(probes,))
    assert attacks == []
    assert (period["what"], period["impact"]) == ("silence", "unavailable")


def test_two_floods_at_once_are_two_attacks_although_sources_take_part_in_both(tmp_path):
    scene = readers(60) + flood(1800, 240, 4000, bots(40), lambda dice: f"/?s={word(dice)}")
    scene += flood(1860, 240, 6000, bots(10), lambda _: "/xmlrpc.php", method="POST")
    periods, attacks = asked(tmp_path, scene)
    assert sorted(row["kind"] for row in periods) == ["search_flood", "xmlrpc_flood"]
    assert sorted(row["sources"] for row in attacks) == [10, 40]


def test_a_flood_is_the_same_however_the_log_was_cut(tmp_path):
    scene = sorted(readers(60) + flood(1830, 300, 5000, bots(240), lambda dice: f"/?s={word(dice)}"), key=lambda one: one[0])
    whole = asked(tmp_path, scene)
    half = len(scene) // 2
    other = Path(tmp_path) / "cut"
    other.mkdir()
    for number, part in enumerate((scene[:half], scene[half:])):
        (other / f"access.log.{number}").write_text("".join(text for _, text in part), "utf-8")
    _, _, catalogue = read_paths((str(other / "access.log.1"), str(other / "access.log.0")), other / "archive", Options(workers=1), Settings())
    with catalogue:
        cut = catalogue.rows("select * from availability order by first_seen")
    names = ("what", "impact", "kind", "requests", "sources", "first_seen", "last_seen", "peak")
    assert [[row[name] for name in names] for row in cut] == [[row[name] for name in names] for row in whole[0]]


def test_the_answer_is_kept_and_read_again(tmp_path):
    first = asked(tmp_path, readers(60) + flood(1830, 300, 5000, bots(240), lambda dice: f"/?s={word(dice)}"))
    with Catalogue(Archive(Path(tmp_path) / "archive")) as again:
        assert again.rows("select * from availability order by first_seen") == first[0]


TEXTS = st.sampled_from(["/", "/?s=a", "/x?y=z", "-", "", "*", "//", "/%00", "/?" + "a" * 3000, "é", "/wp-login.php", "/xmlrpc.php"])


@hypothesis_settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4_000_000), TEXTS, st.sampled_from([200, 404, 408, 499, 503]), st.floats(0, 100)), min_size=1, max_size=60))
def test_any_traffic_is_weighed_without_a_fault(tmp_path_factory, rows):
    scene = [line(at, f"198.18.0.{n % 9 + 1}", target, status=status, seconds=seconds) for n, (at, target, status, seconds) in enumerate(rows)]
    periods, _ = asked(tmp_path_factory.mktemp("any"), scene)
    assert all(row["first_seen"] <= row["last_seen"] for row in periods)
