"""Who tries the doors: guesses and not lines, how far each try got, one attack per actor, the same in any order of reading."""

from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from vigie.archive.archive import Archive, Segment
from vigie.archive.catalogue import Catalogue
from vigie.attacks.blindness import gaps
from vigie.attacks.doors import found_at_doors
from vigie.attacks.settings import Settings
from vigie.detectors.log_ins import LOG_INS, kept, quoted
from vigie.detectors.registry import tallies
from vigie.records import FLOW, LINE, LOGIN, SIGNAL, UNREAD

START = datetime(2017, 1, 15, 3, 0, tzinfo=UTC)
OUTSIDE, OTHER, WEB = "203.0.113.5", "198.51.100.9", "192.0.2.80"


def row(seconds, action="failed", reason="password", *, source=OUTSIDE, account="postgres", database="shop", service="postgresql", session=None, **more):
    """One record of a log-in."""
    reason = reason if action in ("failed", "refused", "probed", "told") or reason == "database" else None
    return {
        "seen_at": START + timedelta(seconds=seconds), "service_type": service, "event_action": action, "failure_reason": reason, "source_address": source,
        "user_name": account, "database_name": database, "session_id": session, "message": f"{action} {account}", **more,
    }  # fmt: skip


def batch_of(rows, file="db.log", kind=LOGIN):
    return pa.RecordBatch.from_pylist([{"feed": file, "file": file, "byte_offset": 100 * n, **one} for n, one in enumerate(rows)], schema=kind.schema)


def commit(archive, rows, file="db.log", kind=LOGIN, title="PostgreSQL"):
    """Put records into an archive as the engine does."""
    batch, nothing = batch_of(rows, file, kind), SIGNAL.empty()
    counted = tallies(kind, batch, nothing) if kind is LOGIN else LOG_INS.count(LOGIN.empty())
    more = quoted(kind, batch)
    offsets = np.unique(np.concatenate([counted.filter(pc.not_equal(counted.column("evidence"), "")).column("byte_offset").to_numpy(), more.to_numpy() if more is not None else []]))
    lines = [{"feed": file, "file": file, "byte_offset": int(at), "line": f"line {int(at)}".encode()} for at in offsets]
    seen = batch.column("seen_at").cast(pa.int64()).to_numpy()
    segment = Segment(
        stream=file.encode().hex()[:16].ljust(16, "0"), file=file, feed=file, format=title, start=0, end=100 * len(rows), prefix="0" * 64, first_line="", open_end=False,
        lines=len(rows), read=len(rows), unread=0, aside=0, signals=0, first=int(seen.min()), last=int(seen.max()),
    )  # fmt: skip
    tables = {
        "signals": pa.Table.from_batches([nothing]), "tallies": pa.Table.from_batches([counted]), "evidence": pa.Table.from_pylist(lines, schema=LINE.schema),
        "unread": pa.Table.from_batches([UNREAD.empty()]), kind.name: pa.Table.from_batches([kept(kind, batch)]),
    }  # fmt: skip
    with archive.open_for_writing():
        archive.commit(segment, tables, np.arange(len(rows), dtype=np.uint64))


def doors(folder, rows, *, ours=(), flows=(), pause=60.0, table="doors"):
    archive = Archive(folder)
    commit(archive, rows)
    if flows:
        commit(archive, flows, "kern.log", FLOW, "kernel firewall")
    archive.name_ours(ours)
    with Catalogue(archive, Settings(pause=pause)) as catalogue:
        return catalogue.rows(f"select * from {table} order by first_seen, 1")


def the(folder, rows, **more):
    (one,) = doors(folder, rows, **more)
    return one


def tried(one):
    return one["guesses_low"], one["guesses"], one["guesses_high"]


def test_a_client_that_tries_again_in_clear_guessed_once(tmp_path):
    rows = [row(0, session="1"), row(0.06, session="2"), row(5, session="3"), row(5.3, session="4")]
    assert tried(the(tmp_path, rows)) == (3, 3, 4)


def test_a_failure_absorbs_one_other_at_most(tmp_path):
    assert tried(the(tmp_path, [row(n / 100, session=str(n)) for n in range(7)])) == (4, 4, 7)


def test_a_second_try_that_is_encrypted_too_is_a_guess(tmp_path):
    rows = [row(0, session="1", connection_encrypted=True), row(0.05, session="2", connection_encrypted=True)]
    assert tried(the(tmp_path, rows)) == (2, 2, 2)


def test_other_clients_do_not_try_again(tmp_path):
    assert tried(the(tmp_path, [row(n / 100, service="mysql", session=str(n)) for n in range(7)])) == (7, 7, 7)


def test_without_an_address_the_interval_is_wider_and_the_source_unknown(tmp_path):
    one = the(tmp_path, [row(n * 0.3, source=None, session=str(n)) for n in range(10)])
    assert (tried(one), one["source"], one["attack_id"] is not None) == ((5, 10, 10), "", True)


def test_lines_of_one_connection_are_one_try(tmp_path):
    rows = [
        row(0, "connected", account=None, database=None, session="7"), row(0.2, session="7", source=None), row(0.2, "told", "account", source=None, session="7"),
        row(9, "connected", account=None, session="8"),
    ]  # fmt: skip
    one = the(tmp_path, rows)
    assert (one["connections"], tried(one), one["danger"], one["source"]) == (2, (1, 1, 1), 4, OUTSIDE)


def test_a_process_number_that_comes_again_is_another_connection(tmp_path):
    assert the(tmp_path, [row(0, session="7"), row(1200, session="7")])["connections"] == 2


@pytest.mark.parametrize(
    ("more", "danger", "kind"),
    [
        ({"action": "connected"}, 1, "contact"),
        ({"action": "probed", "reason": "protocol"}, 2, "protocol_probe"),
        ({"action": "probed", "reason": "encryption"}, 2, "protocol_probe"),
        ({"action": "probed", "reason": "closed", "service": "mysql"}, 1, "contact"),
        ({"action": "refused", "reason": "source"}, 3, "refused"),
        ({"action": "started"}, 3, "started"),
        ({"reason": "account"}, 4, "guessing"),
        ({"service": "mysql", "account": "marie"}, 4, "guessing"),
        ({"service": "mysql", "account": "root"}, 5, "guessing"),
        ({"service": "mysql", "account": "root", "reason": "no_password"}, 5, "guessing"),
        ({"account": "marie"}, 5, "guessing"),
        ({"action": "passed"}, 7, "valid_credential"),
        ({"action": "passed", "reason": "database"}, 7, "valid_credential"),
    ],
)
def test_danger_says_how_far_it_got(tmp_path, more, danger, kind):
    one = the(tmp_path, [row(0, **more)])
    assert (one["danger"], one["kind"], one["attack_id"] is not None) == (danger, kind, True)
    with Catalogue(Archive(tmp_path)) as catalogue:
        assert catalogue.rows("select danger from attacks") == [{"danger": danger}]


def test_three_failures_and_then_in(tmp_path):
    one = the(tmp_path, [*(row(n, session=str(n)) for n in range(3)), row(9, "passed")])
    assert (one["danger"], one["kind"], one["why"], one["successes"]) == (7, "success_after_failures", "success_after_failures", 1)


def test_failures_of_many_and_then_a_newcomer_gets_in(tmp_path):
    rows = [row(60 * n, source=f"203.0.113.{n % 3 + 1}") for n in range(6)]
    found = doors(tmp_path, [*rows, row(900, "passed", source=OTHER)])
    assert [one["why"] for one in found if one["danger"] == 7] == ["success_after_failures"]


def web(count=8, every=20.0):
    return [row(every * n, "passed", source=WEB, account="webapp", session=f"w{n}") for n in range(count)]


def test_a_host_that_regularly_gets_in_is_ones_own_and_makes_no_attack(tmp_path):
    assert doors(tmp_path, web()) == []


def test_ones_own_host_that_fails_and_stops_is_misconfigured(tmp_path):
    one = the(tmp_path, [*web(), *(row(50 + n, source=WEB, account="webapp", session=f"x{n}") for n in range(3))])
    assert (one["danger"], one["kind"], one["attack_id"]) == (0, "misconfiguration", None)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param([row(50, source=WEB, account="postgres")], id="another account"),
        pytest.param([row(50, source=WEB, account="webapp", database="secrets")], id="another database"),
        pytest.param([row(500 + n, source=WEB, account="webapp", session=f"x{n}") for n in range(5)], id="does not stop"),
        pytest.param([row(50, "probed", "protocol", source=WEB, account=None)], id="says what no client says"),
    ],
)
def test_ones_own_host_beyond_its_own_account_may_be_a_springboard(tmp_path, odd):
    one = the(tmp_path, [*web(), *odd])
    assert (one["danger"], one["kind"], one["attack_id"] is not None) == (6, "pivot", True)


def test_who_fails_first_or_comes_late_is_not_ones_own(tmp_path):
    rows = [*web(), row(1000, source=OUTSIDE, account="webapp"), *(row(1001 + n, "passed", account="webapp", session=f"y{n}") for n in range(6))]
    (one,) = doors(tmp_path, rows)
    assert (one["source"], one["danger"]) == (OUTSIDE, 7)


def test_networks_that_the_user_names_are_his(tmp_path):
    rows = [row(0, "passed"), *(row(10 + n, session=str(n)) for n in range(3))]
    one = the(tmp_path, rows, ours=("203.0.113.0/29",))
    assert (one["danger"], one["own"], one["attack_id"]) == (0, "named", None)


def test_thirty_sources_of_two_guesses_are_one_attack(tmp_path):
    rows = [row(n * 0.4 + half * 0.2, source=f"203.0.113.{n + 100}", session=f"{n}.{half}") for n in range(30) for half in (0, 1)]
    one = the(tmp_path, rows)
    assert (one["sources"], one["source"], one["kind"], tried(one)) == (30, "30 sources", "distributed", (60, 60, 60))


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_a_guesser_beside_a_distributed_attack_is_none_of_it_whatever_the_hour(tmp_path, hour):
    begun = (hour - 3) * 3600 - 5  # the guesser's tries stand on both sides of the full hour
    guesser = [row(begun + 2 * n, source="203.0.113.200") for n in range(8)]
    many = [row(begun + 20 + 2 * n, source=f"203.0.113.{n % 12 + 1}") for n in range(24)]
    found = doors(tmp_path, guesser + many)
    assert sorted((one["sources"], one["kind"]) for one in found) == [(1, "guessing"), (12, "distributed")]


def test_distributed_over_a_day_is_one_attack_and_neighbours_are_none_of_it(tmp_path):
    rows = [row(n * 4000, source=f"203.0.113.{n + 100}") for n in range(20)]
    loud = [row(20_000 + n, source=OTHER, session=f"l{n}") for n in range(9)]
    found = doors(tmp_path, rows + loud)
    assert sorted((one["sources"], one["kind"]) for one in found) == [(1, "guessing"), (20, "distributed")]


def test_nine_sources_are_not_enough(tmp_path):
    assert len(doors(tmp_path, [row(n, source=f"203.0.113.{n + 100}") for n in range(9)])) == 9


def test_one_guess_every_three_hours_is_one_slow_attack_at_any_pause(tmp_path):
    rows = [row(n * 3 * 3600) for n in range(10)]
    one = the(tmp_path, rows)
    assert (one["kind"], tried(one)) == ("slow", (10, 10, 10))
    with Catalogue(Archive(tmp_path), Settings(pause=30)) as catalogue:
        assert len(catalogue.rows("select * from attacks")) == 1


def test_half_an_hour_of_quiet_ends_an_attack_at_a_door(tmp_path):
    rows = [row(0), row(1500), row(1500 + 2400)]
    assert len(doors(tmp_path, rows)) == 2
    with Catalogue(Archive(tmp_path), Settings(pause=120)) as catalogue:
        assert len(catalogue.rows("select * from attacks")) == 1


def test_one_password_over_many_accounts_is_spraying(tmp_path):
    one = the(tmp_path, [row(n, account=f"user{n}", service="mysql") for n in range(6)])
    assert (one["kind"], len(one["accounts"])) == ("spraying", 6)


def test_services_part_attacks(tmp_path):
    assert {one["service"] for one in doors(tmp_path, [row(0), row(1, service="mysql", account="root")])} == {"postgresql", "mysql"}


def test_the_firewall_leaves_one_of_so_many(tmp_path):
    def knock(seconds, source, port=5432):
        return {"seen_at": START + timedelta(seconds=seconds), "source_address": source, "destination_address": "192.0.2.50", "destination_port": port, "network_transport": "tcp", "flow_state": "untold"}  # fmt: skip

    flows = [knock(0.01, OUTSIDE), knock(0.30, OTHER), knock(0.45, "203.0.113.77", 3306), knock(5.05, "203.0.113.78")]
    one = the(tmp_path, [row(0.5, source=None)], flows=flows)
    assert (one["source"], one["candidates"]) == ("", [OTHER, OUTSIDE])


def ssh(seconds, action="failed", reason="password", **more):
    return row(seconds, action, reason, service="ssh", database=None, **more)


def test_a_log_in_that_the_world_knocks_at_counts_when_it_is_repeated(tmp_path):
    few = [ssh(n * 30, account="root", source=OTHER) for n in range(4)]
    many = [ssh(n * 30, account="root") for n in range(6)]
    found = {one["source"]: one for one in doors(tmp_path, few + many)}
    assert (found[OTHER]["attack_id"], found[OUTSIDE]["attack_id"] is not None) == (None, True)
    assert {one["family"] for one in found.values()} == {"remote_login"}


def test_what_tells_the_account_of_a_guess_is_no_second_guess(tmp_path):
    rows = [one for n in range(6) for one in (ssh(n, "told", "account", account="bob"), ssh(n + 0.5, "failed", "account", account="bob"))]
    one = the(tmp_path, [*rows, ssh(9, "told", "account", account="key_only")])
    assert (tried(one), one["danger"], one["accounts"]) == ((6, 6, 6), 4, ["bob", "key_only"])


def test_repeated_messages_count_as_often_as_they_say(tmp_path):
    assert tried(the(tmp_path, [ssh(0, account="root", repeats=5), ssh(1, account="root")])) == (6, 6, 6)


def test_an_editor_who_mistypes_at_home_is_no_attack(tmp_path):
    rows = [*(ssh(60 * n, "passed", account="marie", source=OTHER) for n in range(9)), *(ssh(9000 + n, account="marie", source=OTHER) for n in range(3)), ssh(9010, "passed", account="marie", source=OTHER)]
    assert [one for one in doors(tmp_path, rows) if one["attack_id"]] == []


def test_every_signal_quotes_a_line_that_is_kept(tmp_path):
    rows = [*web(), *(row(n, session=str(n)) for n in range(4)), row(30, "passed"), row(40, "connected", source=OTHER, account=None), *(ssh(n, account=f"u{n}") for n in range(9))]
    commit(Archive(tmp_path), rows)
    with Catalogue(Archive(tmp_path)) as catalogue:
        missing = catalogue.rows("select * from signals s where evidence = '' or not exists (select 1 from evidence e where e.file::varchar = s.file and e.byte_offset = s.byte_offset)")
        assert missing == []
        assert catalogue.one("select count(*) as n from signals")["n"] >= 4


def test_two_logs_of_one_server_count_once_and_the_address_is_kept(tmp_path):
    archive = Archive(tmp_path)
    named = [row(n, session=str(n), service="mysql", account="root", source=None, source_domain="host-5.isp.example") for n in range(6)]
    commit(archive, named, "error.log")
    commit(archive, [row(n, session=str(n), service="mysql", account="root", observer_name="db") for n in range(6)], "audit.log")
    with Catalogue(archive) as catalogue:
        (one,) = catalogue.rows("select * from doors")
    assert (one["source"], tried(one), one["lines"]) == (OUTSIDE, (6, 6, 6), 12)


def test_the_pattern_of_a_grant_is_no_source(tmp_path):
    one = the(tmp_path, [row(0, "passed", "database", service="mysql", source=None, source_domain="203.0.113.%")])
    assert (one["source"], one["danger"]) == ("", 7)


_ROWS = st.lists(
    st.builds(
        row, st.integers(0, 5000), st.sampled_from(["connected", "probed", "failed", "refused", "passed", "started", "told"]),
        st.sampled_from(["password", "account", "closed"]), source=st.sampled_from([None, OUTSIDE, OTHER]), account=st.sampled_from([None, "root", "a b", "é"]),
        service=st.sampled_from(["postgresql", "mysql", "ssh"]), session=st.sampled_from([None, "1", "2"]),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=10, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(_ROWS, st.data())
def test_the_same_doors_however_a_log_was_cut_and_read(tmp_path_factory, rows, data):
    rows = sorted(rows, key=str)
    rows = [{**one, "byte_offset": 100 * n} for n, one in enumerate(rows)]
    cut = data.draw(st.integers(0, len(rows)))
    answers = []
    for parts in ([rows], [rows[:cut], rows[cut:]], [rows[cut:], rows[:cut]]):
        archive = Archive(tmp_path_factory.mktemp("doors"))
        for number, part in enumerate(parts):
            if part:
                batch = [{**one, "file": "db.log", "feed": "db.log"} for one in part]
                commit_as(archive, batch, f"{number}{cut:04d}{part[0]['byte_offset']:06d}")
        with duckdb.connect() as connection:
            archive.tables(connection)
            signals, tries = found_at_doors(connection, 0)
        said = [one for part in signals for one in part.select(["seen_at", "last_seen", "source_address", "rule", "reading", "records", "confidence", "skeleton"]).to_pylist()]
        answers.append((tries.to_pylist(), said))
    assert answers[0] == answers[1] == answers[2]
    assert sum(one["lines"] for one in answers[0][0]) <= len(rows)


def commit_as(archive, rows, stream):
    """A part of one file, as a segment of its own."""
    batch = pa.RecordBatch.from_pylist(rows, schema=LOGIN.schema)
    counted, nothing = tallies(LOGIN, batch, SIGNAL.empty()), SIGNAL.empty()
    seen = batch.column("seen_at").cast(pa.int64()).to_numpy()
    segment = Segment(
        stream=stream.encode().hex()[:16].ljust(16, "0"), file="db.log", feed="db.log", format="PostgreSQL", start=0, end=100, prefix="0" * 64, first_line="",
        open_end=False, lines=len(rows), read=len(rows), unread=0, aside=0, signals=0, first=int(seen.min()), last=int(seen.max()),
    )  # fmt: skip
    tables = {"signals": nothing, "tallies": counted, "evidence": LINE.empty(), "unread": UNREAD.empty(), "login": kept(LOGIN, batch)}
    with archive.open_for_writing():
        archive.commit(segment, {name: pa.Table.from_batches([table]) for name, table in tables.items()}, np.arange(len(rows), dtype=np.uint64))


def test_the_doctor_names_what_a_default_log_cannot_show(tmp_path):
    archive = Archive(tmp_path)
    commit(archive, [row(0, source=None)], "pg.log")
    commit(archive, [row(0, service="mysql", source=None, source_domain="host-5.isp.example")], "my.err", title="MariaDB error log")
    commit(archive, [row(0, "connected"), row(1, "passed")], "good.log")
    commit(archive, [ssh(0)], "auth.log", title="log-ins in syslog")
    with Catalogue(archive) as catalogue:
        found = [(gap.feed, gap.what) for gap in gaps(catalogue.connection)]
    assert found == [
        ("auth.log", "ssh_level"), ("my.err", "mariadb_audit"), ("my.err", "mysql_names"), ("pg.log", "postgresql_connections"), ("pg.log", "postgresql_address"),
        ("", "firewall_doors"),
    ]  # fmt: skip
