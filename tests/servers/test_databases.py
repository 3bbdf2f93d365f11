"""PostgreSQL and MariaDB themselves, with the logging that Debian sets and with the one that vigie asks for: what was done and what is counted."""

from __future__ import annotations

import pytest

from servers.databases import (
    POSTGRESQL_DEFAULT,
    POSTGRESQL_RECOMMENDED,
    SECRET,
    MariaDB,
    PostgreSQL,
    postgresql_programs,
    said,
)
from servers.network import ATTACKERS, STRANGER, WEB, Pair, needed
from vigie.attacks.settings import Settings
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

GUESSER, LISTER, KNOCKER, SPEAKER, THIEF, WANDERER = ATTACKERS[9:15]
MANY = ATTACKERS[30:42]
UNKNOWN = ("admin", "test", "oracle", "backup", "guest")


def happen(server, port, existing):
    """The same on both servers: the site's own business, and seven ways of trying the door."""
    for _ in range(6):
        assert server.log_in(WEB, "webapp", SECRET).stdout.strip() == b"1"
    for number in range(8):
        assert server.log_in(GUESSER, existing, f"guess{number}", existing).returncode
    for account in UNKNOWN:
        assert server.log_in(LISTER, account, "guess", existing).returncode
    for _ in range(3):
        assert server.log_in(STRANGER, existing, "guess", existing).returncode
    for _ in range(2):
        server.pair.say(KNOCKER, port)
    for _ in range(2):
        server.pair.say(SPEAKER, port, b"GET / HTTP/1.0\r\n\r\n")
    for number in range(24):
        assert server.log_in(MANY[number % 12], existing, f"guess{number}", existing).returncode
    for number in range(5):
        assert server.log_in(THIEF, "webapp", f"guess{number}").returncode
    assert server.log_in(THIEF, "webapp", SECRET).stdout.strip() == b"1"
    assert server.log_in(WANDERER, "webapp", SECRET, "nosuchdb").returncode


def doors(path, folder):
    _, _, catalogue = read_paths((str(path),), folder, Options(workers=1), Settings())
    with catalogue:
        return catalogue.rows("select source, sources, danger, kind, guesses_low, guesses_high, successes, visible, attack_id from doors order by first_seen")


def by_source(rows):
    return {row["source"]: (row["danger"], row["guesses_low"]) for row in rows if row["attack_id"]}


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory):
    """Logs of two runs."""
    needed("ip", "setpriv", "bash")
    if not postgresql_programs():
        needed("postgres")
    with Pair() as pair:
        server = PostgreSQL(pair)
        try:
            kept = tmp_path_factory.mktemp("postgresql")
            for name, settings in (("default", POSTGRESQL_DEFAULT), ("recommended", POSTGRESQL_RECOMMENDED)):
                logs = server.run(name, settings, lambda one: happen(one, 5432, "postgres"))
                logs.rename(kept / name) if logs.stat().st_dev == kept.stat().st_dev else None
            yield kept
        finally:
            server.remove()


TRUE = {
    GUESSER: (5, 8), LISTER: (4, len(UNKNOWN)), STRANGER: (3, 0), KNOCKER: (1, 0), SPEAKER: (2, 0), f"{len(MANY)} sources": (5, 24), THIEF: (7, 5),
    WANDERER: (7, 0),
}  # fmt: skip


@pytest.mark.parametrize("form", ["postgresql.log", "postgresql.csv", "postgresql.json"])
def test_postgresql_as_recommended_is_counted_exactly(postgresql, tmp_path, form):
    path = postgresql / "recommended" / form
    if form == "postgresql.json" and not path.exists():
        path = postgresql / "recommended" / "postgresql.csv"  # PostgreSQL writes JSON from version 15 on
    rows = doors(path, tmp_path / "archive")
    assert by_source(rows) == TRUE
    assert not [row for row in rows if row["source"] == WEB and row["attack_id"]]
    assert {row["kind"] for row in rows if row["source"] == THIEF} == {"success_after_failures"}


def test_postgresql_as_debian_sets_it_tells_how_many_and_not_who(postgresql, tmp_path):
    path = postgresql / "default" / "postgresql.log"
    rows = [row for row in doors(path, tmp_path / "archive") if row["attack_id"]]
    guesses = 8 + len(UNKNOWN) + 24 + 5
    assert said(path, "password authentication failed") == guesses
    assert sum(row["guesses_low"] for row in rows) <= guesses <= sum(row["guesses_high"] for row in rows)
    assert {row["source"] for row in rows if row["source"]} == {STRANGER}
    assert not any(row["visible"] for row in rows if row["source"] == "" and row["danger"] < 7)


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory):
    """Logs of one run that wrote both."""
    needed("mariadbd", "mariadb-install-db", "mariadb", "ip", "bash")
    with Pair() as pair:
        server = MariaDB(pair)
        try:
            yield server.run(lambda one: happen(one, 3306, "root"))
        finally:
            server.remove()


def test_mariadb_with_its_audit_is_counted_exactly(mariadb, tmp_path):
    rows = doors(mariadb / "server_audit.log", tmp_path / "archive")
    found = by_source(rows)
    assert {source: guesses for source, (_, guesses) in found.items()} == {source: guesses for source, (_, guesses) in TRUE.items()}
    assert found[THIEF][0] == found[WANDERER][0] == 7
    assert found[STRANGER][0] == 3
    assert found[GUESSER][0] == 5
    assert not [row for row in rows if row["source"] == WEB and row["attack_id"]]


def test_mariadb_without_it_tells_the_guesses_and_no_success(mariadb, tmp_path):
    path = mariadb / "error.log"
    rows = [row for row in doors(path, tmp_path / "archive") if row["attack_id"]]
    guesses = 8 + len(UNKNOWN) + 24 + 5
    assert said(path, r"Access denied for user '\w+'@'[\d.]+' \(using") == guesses
    assert sum(row["guesses_low"] for row in rows) <= guesses <= sum(row["guesses_high"] for row in rows)
    assert [row["source"] for row in rows if row["successes"]] == [""]  # a right password for a wrong database
