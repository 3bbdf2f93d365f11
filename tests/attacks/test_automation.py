"""Each ground by itself: what it needs, what just misses it, and that nothing depends on the order of the signals."""

from __future__ import annotations

import random
from datetime import timedelta

import duckdb
import pyarrow as pa
import pytest

from attacks.test_derive import START, raw, signal
from vigie.attacks.adaptation import Try, adapted
from vigie.attacks.derive import derive
from vigie.attacks.settings import Settings
from vigie.detectors.visits import visit_keys
from vigie.records import TALLY

TOOLS_NAME = {"family": "content_discovery", "detector": "content_discovery.scanner", "confidence": 0.8}
PUBLISHED = pa.schema([("seen_at", pa.timestamp("us", "UTC")), ("url_path", pa.string()), ("url_domain", pa.string())])


def at(seconds, text, number, **more):
    """A signal some seconds after the start."""
    extra = {name: more.pop(name) for name in ("tool", "place", "http_response_bytes", "user_agent", "records", "last_seen", "kind") if name in more}
    return {**signal(seconds / 60, number=number, **more), "evidence": text, **extra}


def visit(source, path, seconds, asset=""):
    """A row of the tally of visits."""
    seen = START + timedelta(seconds=seconds)
    return {
        "feed": "f", "file": "f", "byte_offset": 0, "tally": "visits", "asset": asset, "source_address": "", "bucket": START,
        "key": visit_keys(pa.array([source]), pa.array([path]), pa.array([asset]))[0].as_py(), "count": 1, "first_seen": seen, "last_seen": seen, "evidence": "",
    }  # fmt: skip


def judged(signals, visits=(), published=()):
    """Of each attack its verdict, its tool and the rules that hold."""
    with duckdb.connect(":memory:") as connection:
        connection.register("raw_signals", raw(signals))
        connection.register("periods", pa.table({"skeleton": pa.array([], pa.uint64()), "impact": pa.array([], pa.string())}))
        connection.register("tallies", pa.Table.from_pylist(list(visits), schema=TALLY.schema))
        connection.register("publications", pa.Table.from_pylist(list(published), schema=PUBLISHED))
        connection.execute("set timezone = 'UTC'")
        derive(connection, Settings())
        return connection.execute(
            """select a.family, a.automation, a.tool, coalesce(list_sort(list(distinct e.rule) filter (e.rule is not null)), []) from attacks a
               left join automation_evidence e on e.attack_id = a.attack_id and e.holds group by a.attack_id, 1, 2, 3 order by 1, 2, 3, 4"""
        ).fetchall()


def rules(signals, visits=(), published=()):
    """The rules that hold of the only attack, and its verdict."""
    ((_, automation, _, held),) = judged(signals, visits, published)
    return automation, held


BY_HAND = [
    at(0, "7'", 1, http_response_bytes=900), at(40, "7' and 1=1-- -", 2, http_response_bytes=512), at(65, "7' and 1=2-- -", 3, http_response_bytes=300),
    at(200, "7' order by 4-- -", 4, http_response_bytes=512), at(215, "7' union select 1,2,3,4-- -", 5, http_response_bytes=530),
]  # fmt: skip


def test_a_person_who_knows_the_page_and_follows_the_answers_is_bespoke():
    assert rules(BY_HAND, [visit("192.0.2.1", "/a", -30)]) == ("bespoke", ["B1", "B2", "B3"])
    assert rules(BY_HAND) == ("bespoke", ["B2", "B3"])


@pytest.mark.parametrize(
    "visits", [[visit("192.0.2.2", "/a", -30)], [visit("192.0.2.1", "/b", -30)], [visit("192.0.2.1", "/a", -1)], [visit("192.0.2.1", "/a", 30)]],
    ids=["another source", "another page", "at once", "afterwards"],
)  # fmt: skip
def test_what_is_no_visit_before(visits):
    assert rules([at(0, "7'", 1), at(1, "8'", 2)], visits) == ("undetermined", [])


def test_knowing_the_page_alone_is_not_enough():
    assert rules([at(0, "7'", 1)], [visit("192.0.2.1", "/a", -30)]) == ("undetermined", ["B1"])


def test_pace_alone_is_not_enough():
    slow = [at(second, text, number, http_response_bytes=512) for number, (second, text) in enumerate([(0, "a"), (9, "b"), (60, "c"), (70, "d"), (300, "e"), (330, "f")], 1)]
    assert rules(slow) == ("undetermined", ["B3"])


def test_where_the_path_was_changed_the_page_is_the_path_without_it():
    tries = [at(n * 50, text, n, target=f"/api/{text}/{{n}}", place="path") for n, text in enumerate(["ville' and 'a'='a", "ville' and 'a'='b"], 1)]
    assert rules(tries, [visit("192.0.2.1", "/api/ville/{n}", -60)])[1] == ["B1"]
    copy = at(0, ".bak", 1, target="/inc/connexion.php.bak", place="path", family="secret_probe")
    assert rules([copy], [visit("192.0.2.1", "/inc/connexion.php", -60)])[1] == ["B1"]


def test_a_page_published_that_day():
    fresh = {"seen_at": START - timedelta(hours=5), "url_path": "/a/", "url_domain": None}
    assert rules([at(0, "7'", 1)], [visit("192.0.2.1", "/a", -30)], [fresh]) == ("bespoke", ["B1", "B4"])
    old = {**fresh, "seen_at": START - timedelta(hours=25)}
    assert rules([at(0, "7'", 1)], [visit("192.0.2.1", "/a", -30)], [old]) == ("undetermined", ["B1"])


def test_a_tools_name_is_enough_and_names_the_attack():
    ((_, automation, tool, held),) = judged([*BY_HAND, {**signal(1, number=99, **TOOLS_NAME), "tool": "sqlmap"}])
    assert (automation, tool, held) == ("tool", "sqlmap", ["T1"])


@pytest.mark.parametrize(("marks", "others", "verdict"), [(2, 40, "tool"), (1, 4, "tool"), (1, 5, "undetermined")])
def test_grammar(marks, others, verdict):
    signals = [at(n * 200, f"v{n % 2}", n, tool="sqlmap" if n < marks else None) for n in range(marks + others)]
    (row,) = judged(signals)
    assert row[1:3] == (verdict, "sqlmap" if verdict == "tool" else None)


@pytest.mark.parametrize(("values", "step", "verdict"), [(20, 20, "tool"), (19, 20, "undetermined"), (20, 40, "undetermined")])
def test_many_values(values, step, verdict):
    assert rules([at(n * step, f"v{n}", n) for n in range(values)])[0] == verdict


@pytest.mark.parametrize(("requests", "status", "verdict"), [(30, 404, "tool"), (29, 404, "undetermined"), (30, 200, "undetermined")])
def test_a_list_of_paths(requests, status, verdict):
    assert rules([at(n * 100, "x", n, target=f"/p{n}", status=status, place="path") for n in range(requests)])[0] == verdict


@pytest.mark.parametrize(("step", "verdict"), [(0.4, "tool"), (0.6, "undetermined")])
def test_the_pace_of_a_program(step, verdict):
    assert rules([at(n * step, "x", n) for n in range(70)])[0] == verdict


@pytest.mark.parametrize(("tries", "seconds", "verdict"), [(40, 60, "tool"), (9, 5, "undetermined"), (40, 120, "undetermined")])
def test_guessed_passwords(tries, seconds, verdict):
    window = at(0, "/login", 1, family="login_guessing", place="window", records=tries, last_seen=START + timedelta(seconds=seconds), kind="guessing")
    assert rules([window], [visit("192.0.2.1", "/a", -30)])[0] == verdict


def test_what_accompanies_a_tool_is_the_tools():
    xss = at(2000, "<b>", 500, family="cross_site_scripting")
    assert {row[:2] for row in judged([*(at(n, f"v{n}", n) for n in range(30)), xss])} == {("cross_site_scripting", "tool"), ("sql_injection", "tool")}
    late = at(9000, "<b>", 500, family="cross_site_scripting")
    assert ("cross_site_scripting", "undetermined") in {row[:2] for row in judged([*(at(n, f"v{n}", n) for n in range(30)), late])}


def test_crumbs_of_a_run_over_many_addresses_are_the_tools():
    dealt = [at(n * 2, f"v{n}", n, source=f"192.0.2.{n % 20}", user_agent="agent") for n in range(60)]
    crumb = at(30, "<b>", 500, family="cross_site_scripting", source="198.51.100.1", user_agent="agent")
    assert {row[1] for row in judged([*dealt, crumb])} == {"tool"}
    assert {row[:2] for row in judged([*dealt, {**crumb, "user_agent": "another"}])} >= {("cross_site_scripting", "undetermined")}


def test_a_form_that_others_sent_too_makes_no_tool_but_is_not_bespoke():
    others = [at(90_000 * n, "7' and 1=1-- -", 100 + n, source=f"198.51.100.{n}") for n in range(1, 4)]
    mine = [at(n * 30, "7' and 1=1-- -", n) for n in range(6)]
    pages = [visit("192.0.2.1", "/a", -60)]
    slow = [{**one, "seen_at": START + timedelta(seconds=n * n * 20)} for n, one in enumerate(mine)]
    assert rules(slow, pages) == ("bespoke", ["B1", "B3"])
    assert {row[1] for row in judged([*slow, *others], pages)} == {"undetermined"}
    telling = [{**one, "skeleton": 7} for one in others]
    assert {row[1] for row in judged(telling)} == {"tool"}


def test_order_does_not_matter():
    signals = [*BY_HAND, *(at(n, f"v{n}", 300 + n, source=f"192.0.2.{10 + n % 9}", target="/b ?x") for n in range(50))]
    mixed = signals.copy()
    random.Random(4).shuffle(mixed)
    assert judged(signals) == judged(mixed)


def tries(*each):
    return [Try(text, status, size) for text, status, size in each]


@pytest.mark.parametrize(
    ("each", "holds"),
    [
        ([("1'", 500, 9), ("1' and 1=1", 200, 80), ("1' and 1=2", 200, 20)], True),
        ([("1'", 200, 80), ("1' and 1=1", 200, 80), ("1' and 1=2", 200, 80)], False),  # always the same answer
        ([("1'", 500, 9), ("1' and 1=1", 200, 80)], False),  # two
        ([("1'", 500, 9), ("<svg onload=x>", 200, 80), ("../../etc/passwd", 404, 20)], False),  # no edits
        ([("1'", 500, 9), ("1'", 200, 80), ("1'", 404, 20)], False),  # always the same
        ([("1' uNiOn select 1", 403, 9), ("1'/**/union/**/select/**/1", 403, 9), ("1' union select 1,2", 200, 20), ("1' union select 1,3", 200, 30)], True),
    ],
)
def test_adaptation(each, holds):
    assert (adapted(tries(*each)) is not None) == holds
