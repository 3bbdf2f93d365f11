"""Port scans: what is one, of which kind, what is none, and that neither the cut into batches nor the order of reading matters."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.flow_batches import DAY, HOUR, MINUTE, OURS, SECOND, background, flow, found_in, tallies_of
from vigie.detectors.scan_words import asset_of, tool_of
from vigie.detectors.sequential_test import DECIDED, walked

ME = "203.0.113.7"
HOST = "192.0.2.10"


def vertical(ports, *, source=ME, host=HOST, start=0, gap=10_000, **more):
    return [flow(start + at * gap, source, host, port, **more) for at, port in enumerate(ports)]


def kinds(rows, **more):
    return [(one["kind"], one["probes"], one["sources"]) for one in found_in(rows, **more).scans.to_pylist()]


def test_ten_closed_doors_are_a_scan_and_nine_are_none():
    assert kinds(vertical(range(1, 11))) == [("vertical", 10, 1)]
    found = found_in(vertical(range(1, 10)))
    assert found.scans.num_rows == found.signals.num_rows == 0
    assert [(row["what"], row["contacts"]) for row in found.background.to_pylist()] == [("too few to be named", 9)]


def test_retransmissions_and_packets_of_two_rules_are_no_doors():
    again = [flow(at * SECOND, ME, HOST, 22, own=40_000 + at) for at in range(200)]
    assert kinds(again) == []
    twice = [one for at, port in enumerate(range(1, 31)) for one in (
        flow(at * SECOND, ME, HOST, port, packet_id=at, rule_name="[A] "), flow(at * SECOND + 9, ME, HOST, port, packet_id=at, rule_name="[B] "))]  # fmt: skip
    [scan] = found_in(twice).scans.to_pylist()
    assert (scan["probes"], scan["packets"]) == (30, 30)


def test_a_visitor_who_is_answered_is_no_scanner_and_pays_for_what_fails():
    """Nine of ten doors answer: the test never decides, though twelve are closed."""
    rows = [flow(at * SECOND, ME, f"192.0.2.{at % 100 + 1}", 443 + at // 100, "refused" if at % 10 == 0 else "established") for at in range(120)]
    assert kinds(rows) == []


def test_what_three_sources_use_is_offered_and_no_closed_door():
    used = [flow(at, f"198.51.100.{at}", HOST, port, "established") for at in range(1, 4) for port in range(8000, 8012)]
    assert kinds([*used, *vertical(range(8000, 8012), start=HOUR)]) == []
    assert kinds(vertical(range(8000, 8012), start=HOUR)) == [("vertical", 12, 1)]


def test_kinds_by_what_is_touched():
    hosts = [f"192.0.2.{at}" for at in range(10, 30)]
    assert kinds([flow(at, ME, host, 5432) for at, host in enumerate(hosts)]) == [("horizontal", 20, 1)]
    assert kinds([flow(at, ME, host, port) for at, host in enumerate(hosts) for port in (1433, 3306, 5432)]) == [("block", 60, 1)]
    [scan] = found_in([flow(at, ME, host, 5432) for at, host in enumerate(hosts)]).scans.to_pylist()
    assert (scan["asset"], scan["danger"], scan["databases"], scan["hosts"], scan["ports"]) == ("192.0.2.0/24", 2, "5432", 20, 1)


@pytest.mark.parametrize(("flags", "technique"), [("S", "syn"), ("F", "fin"), ("", "null"), ("FPU", "xmas"), ("A", "ack"), (None, "")])
def test_techniques(flags, technique):
    [scan] = found_in(vertical(range(1, 40), flags=flags)).scans.to_pylist()
    assert scan["technique"] == technique


def test_tools_by_their_packets():
    assert [tool_of(mark) for mark in ("44_1024_64", "40_1024_255", "40_65535_255", "60_64240_64", "52_8192_128", "?", "a_b_c")] == ["nmap", "masscan", "zmap", "", "", "", ""]


def test_two_runs_of_one_source_are_two_scans():
    assert kinds([*vertical(range(1, 31)), *vertical(range(101, 131), start=HOUR)]) == [("vertical", 30, 1), ("vertical", 30, 1)]
    assert kinds([*vertical(range(1, 31)), *vertical(range(1, 31), start=HOUR)]) == [("vertical", 30, 1)]  # the same doors within a day are no new ones


def test_a_slow_scan_of_three_days_is_found_among_a_day_of_background():
    slow = [flow(at * 4 * HOUR + at % 3 * MINUTE, ME, HOST, 1000 + 17 * at, mark="60 64240 64") for at in range(19)]
    rows = sorted([*background(1, days=1.0, host=HOST), *slow], key=lambda row: row["seen_at"])
    [scan] = found_in(rows).scans.to_pylist()
    assert (scan["kind"], scan["shape"], scan["probes"], scan["sources"]) == ("slow", "vertical", 19, 1)
    assert scan["last_seen"] - scan["first_seen"] >= np.timedelta64(3 * DAY - MINUTE, "us").astype(object)
    assert "slow: a door in 4 h" in scan["reading"]


def scattered(chance, *, sources=60, each=3, span=2 * HOUR, mark="44 1024 64"):
    """Doors dealt out over sources of thirty networks."""
    ports = chance.sample(range(1, 1025), sources * each)
    start = chance.random() * (DAY - span)
    rows = []
    for one in range(sources):
        at = start + chance.random() * span
        rows += [flow(int(at + chance.random() * 10 * SECOND), f"2001:db8:f{one % 30:03x}::{one + 1:x}", OURS, port, mark=mark) for port in ports[each * one : each * one + each]]
    return rows


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("shape", "least"), [({}, 1.0), ({"mark": None}, 0.9), ({"span": 10 * MINUTE}, 1.0), ({"each": 1, "sources": 120}, 0.8)])
def test_a_scan_dealt_out_over_scattered_sources_is_one(seed, shape, least):
    mine = scattered(random.Random(seed), **shape)
    noise = background(seed)
    if shape.get("mark", "") is None:
        noise = [row | {"packet_fingerprint": None} for row in noise]
    found = found_in(sorted([*noise, *mine], key=lambda row: row["seen_at"]))
    [scan] = found.scans.to_pylist()
    sources = set(found.sources.column("source_address").to_pylist())
    guilty = {row["source_address"] for row in mine}
    assert scan["kind"] == "distributed"
    assert len(sources & guilty) >= least * len(guilty)
    assert len(sources - guilty) <= 0.6 * len(sources)
    assert len(set(found.signals.column("skeleton").to_pylist())) == 1


@pytest.mark.parametrize("noise", [{}, {"sources": 300}, {"sources": 6000, "other": 0.9}, {"days": 0.05, "sources": 20_000}])
def test_background_alone_is_no_scan(noise):
    for seed in range(3):
        assert kinds(background(seed, **noise)) == []


def test_scans_of_one_host_each_are_joined_where_the_doors_were_dealt_out():
    rows = [one for at in range(12) for one in vertical(range(1000 + 40 * at, 1040 + 40 * at), source=f"198.51.100.{at + 1}", start=at * MINUTE)]
    assert kinds(rows) == [("distributed", 480, 12)]
    same = [one for at in range(12) for one in vertical(random.Random(at).sample(range(1, 60), 40), source=f"198.51.100.{at + 1}", start=at * MINUTE)]
    assert {kind for kind, *_ in kinds(same)} == {"vertical"}  # the same doors, each at its own time: twelve scans


def test_decoys_are_one_scan_of_unknown_source():
    ports = random.Random(1).sample(range(1, 1000), 30)
    rows = [flow(at * 10_000 + 100 * nth, f"203.0.113.{60 + nth}", HOST, port) for at, port in enumerate(ports) for nth in range(3)]
    assert kinds(rows) == [("decoys", 30, 3)]
    later = [flow(at * 10_000 + 90 * SECOND * nth, f"203.0.113.{60 + nth}", HOST, port) for at, port in enumerate(ports) for nth in range(3)]
    assert kinds(later) == [("vertical", 30, 1)] * 3


def asking(source, ports, *, times=4, span=MINUTE):
    return [flow(at * span // times, source, HOST, port, "established", own=41_000 + at, source_packets=5, destination_packets=4) for port in ports for at in range(times)]


VISITORS = [flow(at * MINUTE, f"198.51.100.{at}", HOST, port, "established") for at in range(1, 40) for port in (80, 443)]


def test_a_service_probe_asks_what_nobody_else_uses():
    assert kinds([*VISITORS, *asking(ME, (22, 80, 443, 3306, 5432))]) == [("service_probe", 5, 1)]


def test_health_checks_and_mail_programs_are_no_service_probes():
    assert kinds([*VISITORS, *asking(ME, (22, 80, 443), times=100)]) == []  # three services
    users = [one for at in range(4) for one in asking(f"198.51.100.{100 + at}", (443, 465, 587, 993))]
    assert kinds([*VISITORS, *users]) == []  # used by several
    assert kinds([*VISITORS, *asking(ME, (22, 80, 443, 5432, 9100), times=50, span=5 * HOUR)]) == []  # comes back for hours


def test_backscatter_is_set_aside_and_counted():
    rows = [flow(at * SECOND, "203.0.113.90", f"192.0.2.{at % 30 + 1}", 20_000 + at, "reply", own=80, flags=flags) for at, flags in enumerate(["SA", "R", "RA"] * 50)]
    found = found_in(rows)
    assert found.scans.num_rows == 0
    assert [(row["what"], row["sources"], row["packets"]) for row in found.background.to_pylist()] == [("answers to nothing", 1, 150)]


def test_answers_in_a_flow_log_without_flags_are_no_scan():
    rows = [flow(at * SECOND, "203.0.113.90", f"192.0.2.{at % 30 + 1}", 20_000 + at, own=443, flags=None) for at in range(150)]
    assert kinds(rows) == []


def packets(port, answer, at=0, own=40_001):
    """A packet that asks, and the one that answers."""
    asked = flow(at, ME, HOST, port, "untold", own=own, network_direction=None)
    return [asked] if answer is None else [asked, flow(at + 50, HOST, ME, own, "reply", own=port, flags=answer, network_direction=None)]


@pytest.mark.parametrize("size", [1, 2, 7, 65_536])
def test_answers_of_packets_are_joined_to_what_they_answer(size):
    rows = [one for at in range(60) for one in packets(at + 1, "SA" if at < 5 else "RA" if at < 30 else None, at * 1000)]
    [scan] = found_in(rows, size).scans.to_pylist()
    assert (scan["probes"], scan["answered"], scan["closed"], scan["outcome"]) == (60, 5, 55, "answered")


def test_only_what_comes_to_us_counts():
    out = [row | {"network_direction": "outbound"} for row in vertical(range(1, 60))]
    found = found_in(out)
    assert found.scans.num_rows == 0
    assert [row["what"] for row in found.background.to_pylist()] == ["from here to elsewhere"]
    unknown = [row | {"network_direction": None} for row in vertical(range(1, 60))]
    assert kinds(unknown) == [("vertical", 59, 1)]
    private = [row | {"network_direction": None} for row in vertical(range(1, 60), source="10.0.0.5", host="198.51.100.9")]
    assert kinds(private) == []
    ours = [flow(at, "198.51.100.1", f"203.0.{at}.9", 443, "unanswered", network_direction=None) for at in range(60)]
    assert kinds(ours) == []  # one machine, many networks: it is ours that goes out


def test_a_limited_log_names_fewer_doors_and_says_at_least():
    rows = vertical(range(1, 9), gap=20 * SECOND)
    assert kinds(rows) == []
    [scan] = found_in(rows, limited=("fw.log",)).scans.to_pylist()
    assert (scan["probes"], scan["at_least"], scan["pace"], scan["kind"]) == (8, True, "not known", "vertical")
    assert scan["reading"].startswith("at least 8 ports of 192.0.2.10")


def test_handshakes_are_told_so_that_forged_addresses_can_be_left_out():
    made = [*vertical(range(1, 30)), flow(SECOND, ME, HOST, 443, "established", source_packets=5, destination_packets=4)]
    assert found_in(made).sources.column("handshake").to_pylist() == [True]
    reset = [*vertical(range(1, 30)), flow(SECOND, ME, HOST, 443, "established", source_packets=3, destination_packets=1)]
    assert found_in(reset).sources.column("handshake").to_pylist() == [False]


def test_every_signal_quotes_a_contact_of_its_source():
    rows = [*background(3, sources=200), *scattered(random.Random(3))]
    found = found_in(rows)
    for row in found.signals.to_pylist():
        assert row["evidence"].startswith(f"{row['source_address']} port ")
        assert row["family"] == "port_scan"


mixed = st.lists(
    st.builds(
        lambda at, source, host, port, state, flags: flow(at * SECOND, f"203.0.113.{source}", f"192.0.2.{host}", port, state, flags=flags),
        st.integers(0, 200_000), st.integers(1, 3), st.integers(1, 2), st.integers(1, 60), st.sampled_from(["dropped", "refused", "established", "unanswered"]),
        st.sampled_from(["S", "F", "", None]),
    ),
    min_size=20, max_size=120,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(mixed, st.integers(1, 50), st.randoms())
def test_neither_cuts_nor_order_change_what_is_found(rows, size, chance):
    rows = [row | {"byte_offset": 100 * at + 1} for at, row in enumerate(rows)]
    whole = found_in(rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    for other in (found_in(rows, size), found_in(shuffled, size)):
        assert other.scans.equals(whole.scans)
        assert other.sources.equals(whole.sources)
        assert other.background.equals(whole.background)


anything = st.lists(
    st.builds(
        lambda at, source, host, port, own, state, flags, transport: flow(
            at * SECOND, f"203.0.113.{source}", f"203.0.113.{host}", port, state, flags=flags, own=own, transport=transport, network_direction=None
        ),
        st.integers(0, 200_000), st.integers(1, 4), st.integers(1, 4), st.integers(0, 65_535), st.integers(0, 65_535),
        st.sampled_from(["dropped", "refused", "established", "untold", "reply", "unanswered"]), st.sampled_from(["S", "SA", "R", "RA", "A", "PA", "FPU", "", None]),
        st.sampled_from(["tcp", "udp", "icmp"]),
    ),
    max_size=80,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(anything, st.integers(1, 50))
def test_whatever_comes_is_counted_no_more_than_once(rows, size):
    table = tallies_of(rows, size)
    assert sum(table.column("count").to_pylist()) <= sum(row["network_transport"] != "icmp" for row in rows)
    found = found_in(rows, size)
    assert sum(found.background.column("packets").to_pylist()) + sum(found.scans.column("packets").to_pylist()) <= len(rows)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=60))
def test_the_balance_is_that_of_walking_step_by_step(steps):
    steps.sort(key=lambda step: step[0])
    source, failed = np.array([one for one, _ in steps]), np.array([two for _, two in steps])
    expected, balance, before = [], 0.0, None
    for one, closed in steps:
        balance = max(0.0 if one != before else balance, -DECIDED) + (1 if closed else -1)
        balance, before = max(balance, -DECIDED), one
        expected.append(balance)
    assert walked(source, failed) == pytest.approx(expected)


def test_assets():
    assert asset_of(["192.0.2.9"]) == "192.0.2.9"
    assert asset_of(["192.0.2.9", "192.0.2.200"]) == "192.0.2.0/24"
    assert asset_of(["198.51.100.1", "198.51.101.9"]) == "198.51.100.0/23"
    assert asset_of(["2001:db8::1", "2001:db8::ffff"]) == "2001:db8::/64"
    assert asset_of(["192.0.2.9", "2001:db8::1"]) == "several networks"
