"""What was tried at the doors of the laboratory's databases, against what its clients wrote down; measured where the data lies beside the project."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict

import pytest

from conftest import SHARED, Vigie

LAB = SHARED / "network" / "db_lab"
LOGS = LAB / "logs"
POSTGRESQL = ("postgresql-15-verbose.log", "postgresql-15-verbose.csv", "postgresql-15-verbose.json")
AUDIT = "mariadb-10.11-server_audit.log"
SHOWN_AS_CONTACT = "startup_no_password"
"""A log-in begun and left without a password: PostgreSQL writes that somebody connected and nothing more, as of one who said nothing."""

pytestmark = pytest.mark.skipif(not LAB.is_dir(), reason="the laboratory's data is not here")


@pytest.fixture(scope="module")
def truth():
    """For each (service, source): classes with their danger and what was done (`guesses`: passwords tried, without those that worked)."""
    with (LAB / "ground_truth.csv").open(newline="") as rows:
        classes = {(row["service"], row["label"]): row for row in csv.DictReader(rows) if row["config"] == "verbose"}
    sources = defaultdict(set)
    with (LAB / "attempts.csv").open(newline="") as rows:
        for row in csv.DictReader(rows):
            if row["config"] == "verbose":
                sources[(row["service"], row["label"])].add(row["src"])
    return {
        key: {"danger": int(row["danger"][0]), "actions": int(row["guesses_or_actions"]), "sources": sources[key], "worked": int(row["successes_seen_by_client"])}
        for key, row in classes.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Read files of the laboratory into an archive of their own; gives the command line."""
    done = {}

    def once(*files, options=()):
        if files not in done:
            vigie = Vigie(tmp_path_factory.mktemp("doors"))
            vigie("read", *options, *(LAB / file for file in files))
            done[files] = vigie
        return done[files]

    return once


def doors(vigie):
    return [json.loads(line) for line in vigie("show", "doors", "--json", "--limit", "1000").splitlines()]


def by_source(vigie, service):
    """Of each source its rows; of many sources in one attack the row under each of them."""
    mine = {one["door_id"]: one for one in doors(vigie) if one["service"] == service}
    listed = vigie("sql", "--csv", "--limit", "100000", "select distinct coalesce(attack_id, attempt_id) as door_id, source_address from signals")
    rows = defaultdict(list)
    for door, source in list(csv.reader(io.StringIO(listed)))[1:]:
        if door in mine:
            rows[source].append(mine[door])
    return rows


@pytest.mark.parametrize("file", POSTGRESQL)
def test_postgresql_shows_every_connection_log_in_and_guess(read, file):
    vigie = read(f"logs/{file}")
    lines = json.loads(vigie("sql", "--json", "select count(*) filter (event_action = 'connected') c, count(*) filter (event_action = 'failed') f, "
                             "count(*) filter (event_action = 'passed' and failure_reason is null) p from log_ins"))  # fmt: skip
    assert (lines["c"], lines["f"], lines["p"]) == (243, 143, 43)
    assert sum(one["guesses"] for one in doors(vigie)) == 123


GUESSED = {
    "bad_password_existing_user", "slow_bf", "hydra_bf", "distributed_bf", "tls_bad_password", "unknown_database_bad_password", "no_password", "unknown_user", "web_misconfig",
    "success_after_failures",
}  # fmt: skip


@pytest.mark.parametrize(("file", "service", "named"), [*((f"logs/{file}", "postgresql", "postgresql") for file in POSTGRESQL), (f"logs/{AUDIT}", "mysql", "mariadb")])
def test_guesses_of_each_class_are_those_that_its_clients_made(read, truth, file, service, named):
    rows = by_source(read(file), service)
    compared = 0
    for (one, label), fact in truth.items():
        if one == named and label in GUESSED:
            found = {row["door_id"]: row for source in fact["sources"] for row in rows[source]}
            assert sum(row["guesses"] for row in found.values()) == fact["actions"] - fact["worked"], label
            compared += 1
    assert compared == (9 if named == "postgresql" else 8)


def test_danger_is_right_but_for_what_the_log_does_not_show(read, truth):
    right = wrong = 0
    missed = set()
    for file, service, named in ((f"logs/{POSTGRESQL[0]}", "postgresql", "postgresql"), (f"logs/{AUDIT}", "mysql", "mariadb")):
        rows = by_source(read(file), service)
        expected = defaultdict(list)
        for (one, label), fact in truth.items():
            if one.split("+")[0] == named and label != "legit_web":
                for source in fact["sources"]:
                    expected[source].append((fact["danger"], label, fact["actions"] / len(fact["sources"])))
        for source, facts in expected.items():
            worst = max(danger for danger, _, _ in facts)
            shown = max((row["danger"] for row in rows[source]), default=-1)
            weight = sum(actions for _, _, actions in facts)
            right, wrong = (right + weight, wrong) if shown == worst else (right, wrong + weight)
            missed |= {label for _, label, _ in facts} if shown != worst else set()
    assert missed <= {SHOWN_AS_CONTACT}
    assert right / (right + wrong) >= 0.98


@pytest.mark.parametrize(("file", "accounts"), [(f"logs/{POSTGRESQL[2]}", 30), (f"logs/{AUDIT}", 30), ("logs/mariadb-10.11-default.err", 30)])
def test_thirty_sources_are_one_attack(read, file, accounts):
    (one,) = [one for one in doors(read(file)) if one["kind"] == "distributed"]
    assert (one["sources"], one["guesses"]) == (accounts, 60)


@pytest.mark.parametrize("file", [*(f"logs/{file}" for file in POSTGRESQL), f"logs/{AUDIT}"])
def test_success_after_failures_and_right_passwords_are_found_and_the_web_host_is_none(read, file):
    rows = doors(read(file))
    assert sorted((one["why"], one["source"]) for one in rows if one["danger"] == 7) == [("right_password", "203.0.113.15"), ("success_after_failures", "203.0.113.90")]
    assert [(one["danger"], one["attack_id"]) for one in rows if one["source"] == "192.0.2.80"] == [(0, None)]


def test_three_forms_of_one_log_and_the_audit_count_once(read):
    vigie = read(*(f"logs/{file}" for file in POSTGRESQL), f"logs/{AUDIT}")
    rows = doors(vigie)
    assert Counter(one["service"] for one in rows if one["attack_id"]) == {"postgresql": 18, "mysql": 14}
    assert sum(one["guesses"] for one in rows) == 123 + 121


def test_the_default_log_of_postgresql_counts_what_it_can_and_says_the_rest(read):
    vigie = read("logs/postgresql-15-default.log")
    rows = doors(vigie)
    (unknown,) = [one for one in rows if one["source"] == "source unknown"]
    assert unknown["guesses_low"] <= 123 <= unknown["guesses_high"] == 143
    assert (unknown["danger"], unknown["successes"]) == (7, 2)  # the password was right, the database was not: this it does write
    assert sum(one["connections"] for one in rows if one["source"] != "source unknown") == 8
    assert "source unknown" in vigie("show", "attacks")
    what = {gap["what"] for gap in json.loads(vigie("doctor", "--json"))["gaps"]}
    assert what == {"postgresql_connections", "postgresql_address", "firewall_doors"}
    assert "cannot be said" in vigie("explain", str(unknown["attack_id"]))


def test_a_firewall_beside_it_leaves_candidates_and_never_one_culprit(read):
    vigie = read("logs/postgresql-15-default.log", "kern_iso.txt", options=("--year", "2026"))
    (unknown,) = [one for one in doors(vigie) if one["source"] == "source unknown" and one["service"] == "postgresql"]
    assert len(unknown["candidates"]) > 1
    assert "one of" in vigie("explain", str(unknown["attack_id"]))


def test_the_default_log_of_mariadb(read):
    vigie = read("logs/mariadb-10.11-default.err")
    rows = doors(vigie)
    assert sum(one["guesses"] for one in rows) == 121
    assert not any("%" in one["source"] for one in rows)
    assert [one["danger"] for one in rows if one["source"] == "source unknown"] == [7]
    what = {gap["what"] for gap in json.loads(vigie("doctor", "--json"))["gaps"]}
    assert what == {"mariadb_audit", "mysql_names"}


def test_redis_says_next_to_nothing_and_the_doctor_says_so(read):
    vigie = read("logs/redis-7.0-default.log")
    assert [one["danger"] for one in doors(vigie)] == [2]
    assert {gap["what"] for gap in json.loads(vigie("doctor", "--json"))["gaps"]} == {"redis"}
