"""Signals → attempts → attacks: the counted unit, its ids, its invariants."""

from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vigie.attacks.components import components
from vigie.attacks.derive import derive, signs_of
from vigie.attacks.sessions import Orders, beginnings
from vigie.attacks.settings import Settings
from vigie.attacks.trend import trend
from vigie.records import SIGNAL

START = datetime(2017, 1, 15, tzinfo=UTC)


def signal(minute, *, source="192.0.2.1", family="sql_injection", target="/a ?id", skeleton=0, number=0, asset="", status=200, rule="x", confidence=0.9, detector="request"):
    return {
        "feed": "f", "file": "f", "byte_offset": number, "signal_id": "", "detector": f"{family}.request" if detector == "request" else detector, "family": family, "kind": None,
        "rule": f"{family}.{rule}", "tool": None, "seen_at": START + timedelta(minutes=minute), "source_address": source, "asset": asset,
        "target": target, "place": "query", "evidence": "e", "reading": None, "skeleton": skeleton, "confidence": confidence, "http_method": "GET",
        "http_status": status, "user_agent": None, "records": 1, "fingerprint": number + 1, "nth": 0,
    }  # fmt: skip


def raw(signals):
    return pa.Table.from_pylist(signals, schema=SIGNAL.schema).append_column("row", pa.array(range(len(signals)), pa.int64()))


def attacks(signals, settings=Settings(), table="attacks"):
    with duckdb.connect(":memory:") as connection:
        connection.register("raw_signals", raw(signals))
        connection.execute("create table periods (skeleton ubigint, impact varchar)")
        connection.execute("set timezone = 'UTC'")
        derive(connection, settings)
        return _rows(connection, table)


def _rows(connection, table):
    cursor = connection.execute(f"select * from {table}")
    names = [c[0] for c in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: str(next(iter(row.values()))))  # by id: a table has no order


def test_a_pause_of_more_than_an_hour_makes_two():
    assert len(attacks([signal(0, number=1), signal(59, number=2), signal(118, number=3)])) == 1
    assert len(attacks([signal(0, number=1), signal(61, number=2)])) == 2


def test_one_scanner_on_a_thousand_places_is_one_attack_of_a_thousand_attempts():
    signals = [signal(n / 100, target=f"/p{n}", number=n) for n in range(1000)]
    (attack,) = attacks(signals)
    assert (attack["attempts"], attack["signals"], attack["targets"]) == (1000, 1000, 1000)


def test_families_assets_and_sources_part_attacks():
    signals = [
        signal(0, number=1, asset="a.example"), signal(1, number=2, asset="a.example", family="cross_site_scripting"),
        signal(2, number=3, asset="b.example"), signal(3, number=4, asset="a.example", source="192.0.2.2"),
    ]  # fmt: skip
    assert len(attacks(signals)) == 4


def test_sources_that_send_the_same_payload_within_minutes_are_one_actor():
    rotating = [signal(n, source=f"192.0.2.{n}", skeleton=77, number=n) for n in range(40)]
    (attack,) = attacks(rotating)
    assert (attack["sources"], attack["actor"]) == (40, "40 sources")
    later = [signal(0, source="192.0.2.1", skeleton=77, number=1), signal(30, source="192.0.2.2", skeleton=77, number=2)]
    assert len(attacks(later)) == 2
    other = [signal(0, source="192.0.2.1", skeleton=77, number=1), signal(1, source="192.0.2.2", skeleton=78, number=2)]
    assert len(attacks(other)) == 2
    nothing = [signal(0, source="192.0.2.1", number=1), signal(1, source="192.0.2.2", number=2)]
    assert len(attacks(nothing)) == 2


def test_a_log_in_that_may_have_worked_is_said_and_ranks_first():
    guessed = [signal(n, number=n, family="login_guessing", target="/wp-login.php") for n in range(3)]
    (failed,) = attacks(guessed)
    (worked,) = attacks([*guessed, {**signal(4, number=9, family="login_guessing", target="/wp-login.php"), "kind": "success_after_failures"}])
    assert (failed["outcome"], worked["outcome"]) == ("not observable", "possible success")
    assert worked["danger"] > attacks([signal(0, number=1, status=500)])[0]["danger"] > failed["danger"]


@pytest.mark.parametrize(
    ("status", "detector", "outcome"),
    [(200, "request", "no sign"), (404, "request", "refused"), (500, "request", "server reacted"), (None, "request", "no sign"),
     (None, "sql_injection.server_error", "server reacted")],
)  # fmt: skip
def test_outcomes_of_injections(status, detector, outcome):
    (attack,) = attacks([signal(0, number=1, status=status, detector=detector)])
    assert attack["outcome"] == outcome


def test_one_weak_sign_is_kept_and_set_aside_three_different_ones_count():
    lone = [signal(0, number=1, rule="door", confidence=0.25)]
    assert attacks(lone) == []
    (row,) = attacks(lone, table="signals")
    assert (row["attack_id"], row["set_aside"]) == (None, "evidence too weak to count alone")
    same = [signal(n, number=n, rule="door", confidence=0.25) for n in range(9)]
    assert attacks(same) == []
    different = [signal(n, number=n, rule="door", confidence=0.25, target=f"/{n}") for n in range(3)]
    assert len(attacks(different)) == 1


def test_a_tool_that_names_itself_is_no_attack_of_its_own_in_a_run_that_counts():
    name = {"family": "content_discovery", "detector": "content_discovery.scanner", "confidence": 0.8}
    (attack,) = attacks([signal(0, number=1), signal(1, number=2, **name)])
    assert attack["family"] == "sql_injection"
    rows = attacks([signal(0, number=1), signal(1, number=2, **name)], table="signals")
    assert {r["family"]: r["set_aside"] for r in rows} == {
        "sql_injection": None, "content_discovery": "a tool's name, in a run that is counted by what it did",
    }
    assert len(attacks([signal(0, number=1), signal(90, number=2, **name)])) == 2
    weak = signal(0, number=1, confidence=0.25)
    assert [a["family"] for a in attacks([weak, signal(1, number=2, **name)])] == ["content_discovery"]


def test_a_log_without_the_sites_name_makes_no_second_attack():
    named, unnamed = signal(0, number=1, asset="a.example"), signal(2, number=2, asset="")
    (attack,) = attacks([named, unnamed])
    assert (attack["asset"], attack["signals"]) == ("a.example", 2)
    assert len(attacks([named, unnamed, signal(3, number=3, asset="b.example")])) == 2
    assert len(attacks([named, signal(200, number=2, asset="")])) == 2


SIGNALS = st.lists(
    st.builds(
        signal, st.integers(0, 600), source=st.sampled_from(["192.0.2.1", "192.0.2.2", "192.0.2.3", None]),
        family=st.sampled_from(["sql_injection", "secret_probe"]), target=st.sampled_from(["/a", "/b ?x"]),
        skeleton=st.sampled_from([0, 0, 5, 2**64 - 1]), number=st.integers(0, 10**9), asset=st.sampled_from(["", "a.example", "b.example"]),
        rule=st.sampled_from(["x", "y"]), confidence=st.sampled_from([0.25, 0.5, 0.9]), detector=st.sampled_from(["request", "content_discovery.scanner"]),
    ),
    min_size=1, max_size=40, unique_by=lambda s: s["fingerprint"],
)  # fmt: skip


@hypothesis_settings(max_examples=20)
@given(SIGNALS, st.randoms())
def test_order_does_not_matter_and_the_ladder_adds_up(signals, rng):
    mixed = signals.copy()
    rng.shuffle(mixed)
    one, two = attacks(signals), attacks(mixed)
    assert one == two
    attempts = attacks(signals, table="attempts")
    kept = attacks(signals, table="signals")
    assert len(kept) == len(signals)
    named = [s for s in kept if s["attempt_id"] is None]
    weak = [t for t in attempts if t["attack_id"] is None]
    assert all(s["set_aside"] for s in kept if s["attack_id"] is None) and not any(s["set_aside"] for s in kept if s["attack_id"])
    assert sum(t["signals"] for t in attempts) + len(named) == len(signals)
    assert sum(a["signals"] for a in one) + sum(t["signals"] for t in weak) + len(named) == len(signals)
    assert sum(a["attempts"] for a in one) + len(weak) == len(attempts)
    assert len({a["attack_id"] for a in one}) == len(one)
    assert len({t["attempt_id"] for t in attempts}) == len(attempts)
    assert len({s["signal_id"] for s in kept}) == len(signals)


@hypothesis_settings(max_examples=20)
@given(SIGNALS)
def test_a_longer_pause_never_gives_more_attacks(signals):
    signals = [{**s, "confidence": 0.9, "detector": "x.request"} for s in signals]  # weak signs may reach the bar together
    counts = [len(attacks(signals, Settings(pause=pause))) for pause in (15, 30, 60, 120, 600)]
    assert counts == sorted(counts, reverse=True)


@hypothesis_settings(max_examples=20)
@given(SIGNALS)
def test_the_sensitivity_is_what_counting_again_gives(signals):
    with duckdb.connect(":memory:") as connection:
        connection.register("raw_signals", raw(signals))
        connection.execute("create table periods (skeleton ubigint, impact varchar)")
        derive(connection, Settings())
        signs = signs_of(connection)
        assert len(beginnings(signs, Settings().at(0.5), Orders.of(signs))) == len(attacks(signals, Settings(pause=30)))
        assert len(beginnings(signs, Settings().at(2), Orders.of(signs))) == len(attacks(signals, Settings(pause=120)))


@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=60))
def test_components_agree_with_a_plain_search(count, edges):
    import numpy as np

    edges = [(a, b) for a, b in edges if a < count and b < count]
    labels = components(count, np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64))
    groups = [{n} for n in range(count)]
    for a, b in edges:
        if groups[a] is not groups[b]:
            groups[a] |= groups[b]
            for n in groups[a]:
                groups[n] = groups[a]
    assert labels.tolist() == [min(groups[n]) for n in range(count)]


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        ([1, 2, 3], "too few days"),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "rising"),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], "falling"),
        ([5] * 30, "no clear trend"),
        ([3, 8, 1, 9, 2, 7, 4, 6, 5, 3, 8, 2], "no clear trend"),
    ],
)
def test_trend(days, verdict):
    assert trend(days).verdict == verdict


def test_trend_is_seldom_wrong_about_chance():
    import random

    rng = random.Random(11)
    wrong = sum(trend([rng.randrange(30) for _ in range(28)]).verdict != "no clear trend" for _ in range(400))
    assert wrong <= 35  # 5 % of 400 is 20; 35 is more than three standard deviations above
