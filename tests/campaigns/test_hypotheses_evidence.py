"""What is computed from attacks whose number and makers are known, and that every id leads to a raw line."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vigie.attacks.settings import Settings
from vigie.campaigns.hypotheses import ALIKE, DEFAULTS
from vigie.campaigns.hypotheses_evidence import Choice, case_of
from vigie.campaigns.hypotheses_ratings import KINDS
from vigie.campaigns.hypotheses_weighing import weigh
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

START = datetime(2026, 11, 2, tzinfo=UTC)
TOOLS, OTHERS = 12, 3
SQLMAP = "sqlmap/1.8.2#stable (https://sqlmap.org)"


def line(hours, target, address, agent="Mozilla/5.0 Firefox/115.0"):
    at, status = START + timedelta(hours=hours), 200 if target in ("/", "/nouvelle/") else 404
    return at, f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {target} HTTP/1.1" {status} 512 "-" "{agent}"\n'


def lines():
    """Twelve attacks of a tool that names itself, one a day, and three of nobody in particular on the last day."""
    attack = "/agenda?id=1%27%20union%20select%20user%2Cpass%20from%20wp_users--%20"
    out = [line(24 * day + 9, attack, f"203.0.113.{day + 1}", SQLMAP) for day in range(TOOLS)]
    out += [line(hour, "/", f"198.18.1.{hour % 200 + 1}") for hour in range(24 * TOOLS)]
    out += [line(24 * 6 + 7.5 + 0.02 * n, "/nouvelle/", f"198.18.0.{n + 1}") for n in range(0, 8)]
    return out + [line(24 * TOOLS + n, f"/page{n}?q=..%2f..%2f..%2fetc%2fpasswd", f"198.51.100.{n + 1}") for n in range(OTHERS)]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    folder = Path(tmp_path_factory.mktemp("attacked"))
    (folder / "access.log").write_text("".join(text for _, text in sorted(lines())), "utf-8")
    _, _, found = read_paths((str(folder / "access.log"),), folder / "archive", Options(workers=1), Settings())
    with found:
        yield found


def items(catalogue, choice=None):
    case = case_of(catalogue.connection, choice or Choice(), catalogue.snapshot)
    return case, {one.kind: one for one in case.evidence}


def test_every_kind_has_its_id_and_numbers_in_both_languages(catalogue):
    case, found = items(catalogue)
    assert case.chosen.attacks == TOOLS + OTHERS and case.chosen.addresses == TOOLS + OTHERS and case.hypotheses == DEFAULTS
    assert {kind: one.id for kind, one in found.items()} == {kind: KINDS[kind] for kind in found}
    assert set(KINDS) - set(found) <= {"relays"}  # where nobody asked what the addresses are
    for one in found.values():
        assert one.text and one.text_fr and one.text != one.text_fr and one.why and "{" not in one.text + one.text_fr
        assert one.source == "web server logs" and one.author == "vigie"
    assert found["tools"].text == f"{TOOLS} of {TOOLS + OTHERS} attacks were made with a tool that anybody can get, {TOOLS} of them with one that can be named"
    assert (found["tools"].count, found["tools"].of) == (TOOLS, TOOLS + OTHERS)
    assert found["tools"].ratings["opportunistic"] == 1  # twelve of fifteen are most
    assert found["bespoke"].count == 0 and found["floods"].count == 0


def test_a_page_that_went_online_an_hour_and_a_half_before_an_attack(catalogue):
    _, found = items(catalogue)
    assert found["publications"].count == 1 and found["publications"].text.startswith(f"1 of {TOOLS + OTHERS} attacks began within two hours after one of 1 pages")


def test_every_id_leads_to_a_raw_line(catalogue):
    case, _ = items(catalogue)
    for one in case.evidence:
        assert one.refs
        for ref in one.refs:
            found = catalogue.rows("select e.line from signals s join evidence e on s.file = e.file and s.byte_offset = e.byte_offset where s.attack_id = ?", [ref])
            assert found and found[0]["line"], (one.id, ref)


def test_every_query_gives_as_many_attacks_as_the_item_says(catalogue):
    for choice in (Choice(), Choice(families=("sql_injection",)), Choice(sources=("198.51.100.1", "203.0.113.2")), Choice(since=START + timedelta(days=3))):
        case, _ = items(catalogue, choice)
        for one in case.evidence:
            if one.count is not None and one.kind not in ALIKE:
                assert len(catalogue.rows(one.found_by)) == one.count, one.found_by
                assert one.of == case.chosen.attacks


@pytest.mark.parametrize(
    ("choice", "attacks"),
    [
        (Choice(families=("sql_injection",)), TOOLS), (Choice(families=("sql_injection", "path_traversal")), TOOLS + OTHERS), (Choice(sources=("203.0.113.4",)), 1),
        (Choice(automations=("tool",)), TOOLS), (Choice(since=START + timedelta(days=2), until=START + timedelta(days=5)), 3),
        (Choice(sources=("203.0.113.1", "203.0.113.9"), until=START + timedelta(days=5)), 1),
    ],
)  # fmt: skip
def test_a_choice_is_what_it_says(catalogue, choice, attacks):
    assert items(catalogue, choice)[0].chosen.attacks == attacks


def test_a_choice_of_nothing_is_no_case(catalogue):
    assert case_of(catalogue.connection, Choice(sources=("192.0.2.1",)), "x") is None
    assert case_of(catalogue.connection, Choice(families=("x' or 'a' = 'a",)), "x") is None


def test_one_log_is_one_source_so_confidence_is_low(catalogue):
    case, _ = items(catalogue, Choice(families=("sql_injection",)))
    found = weigh(case)
    assert found.sources == ("web server logs",)
    assert found.confidence == "low" and "sources" in found.because
    assert case.hypotheses[found.first[0]].id == "opportunistic"


@contextlib.contextmanager
def altered(catalogue, few, **columns):
    """The attacks with other values: of the first `few` of them where that is not 0, else of all."""
    some = f"attack_id in (select attack_id from main.attacks order by attack_id limit {few})" if few else "true"
    changes = ", ".join(f"if({some}, {value}, {name}) as {name}" for name, value in columns.items())
    catalogue.connection.execute(f"create or replace temp table attacks as select * replace ({changes}) from main.attacks")
    try:
        yield
    finally:
        catalogue.connection.execute("drop table temp.attacks")


@pytest.mark.parametrize(
    ("few", "columns", "kind", "count", "opportunistic"),
    [
        (0, {"automation": "'bespoke'"}, "bespoke", 15, -2), (3, {"automation": "'bespoke'"}, "bespoke", 3, -2), (1, {"automation": "'bespoke'"}, "bespoke", 1, 0),
        (0, {"family": "'denial_of_service'"}, "floods", 15, -1), (1, {"family": "'denial_of_service'"}, "floods", 1, 0),
        (5, {"family": "'database_access'", "danger": "7"}, "databases", 5, -1), (5, {"family": "'database_access'", "danger": "4"}, "databases", 5, 0),
        (1, {"family": "'database_access'", "danger": "7"}, "databases", 1, 0), (0, {"family": "'cms_probe'"}, "background", 15, 1), (9, {"family": "'cms_probe'"}, "background", 9, 0),
        (5, {"automation": "'undetermined'"}, "tools", None, 0),
    ],
)  # fmt: skip
def test_what_speaks_of_the_whole_set_and_what_does_not(catalogue, few, columns, kind, count, opportunistic):
    with altered(catalogue, few, **columns):
        _, found = items(catalogue)
        assert count is None or found[kind].count == count
        assert found[kind].ratings["opportunistic"] == opportunistic
        assert set(found[kind].ratings.values()) <= {0, opportunistic}  # nothing here parts the others
        assert bool(found[kind].alone) == (few == 1)


def test_what_is_too_little_names_the_question_to_ask_alone(catalogue):
    with altered(catalogue, 1, automation="'bespoke'"):
        _, found = items(catalogue, Choice(since=START))
        assert found["bespoke"].alone == f"--automation bespoke --since {START.isoformat()}"
        _, alone = items(catalogue, Choice(automations=("bespoke",)))
        assert alone["bespoke"].ratings["opportunistic"] == -2 and alone["bespoke"].alone == ""


def test_the_same_archive_gives_the_same_case(catalogue):
    assert items(catalogue)[0].digest == items(catalogue)[0].digest


def test_logs_of_another_sort_are_another_source(tmp_path):
    (tmp_path / "access.log").write_text("".join(text for _, text in sorted(lines())), "utf-8")
    tries = "".join(
        f"Nov  {2 + n // 8} 0{n % 8}:00:{n:02d} db1 sshd[{900 + n}]: Failed password for root from 203.0.113.77 port {40_000 + n} ssh2\n" for n in range(40)
    )
    (tmp_path / "auth.log").write_text(tries, "utf-8")
    _, _, found = read_paths((str(tmp_path / "access.log"), str(tmp_path / "auth.log")), tmp_path / "archive", Options(workers=1), Settings())
    with found:
        assert {one.source for one in items(found, Choice(families=("remote_login",)))[0].evidence} == {"login logs"}
        assert {one.source for one in items(found)[0].evidence} == {"web server logs"}
        families = found.rows("select distinct family from attacks order by 1")
        assert {"family": "remote_login"} in families
        case, _ = items(found, Choice(sources=("203.0.113.77",)))
        assert case.chosen.addresses == 1 and {one.source for one in case.evidence} == {"login logs"}
