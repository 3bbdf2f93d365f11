"""A scan is one attack, however far apart its sources and however slow; its outcome and danger are what the scan says."""

import duckdb
import pyarrow as pa

from attacks.test_derive import START, raw, signal
from vigie.attacks.derive import derive, signs_of
from vigie.attacks.sessions import Orders, beginnings
from vigie.attacks.settings import Settings


def scan(minute, *, source="203.0.113.7", skeleton=7, asset="192.0.2.10", number=1, kind="vertical", tool=None):
    return signal(minute, source=source, family="port_scan", target="tcp 40 ports", skeleton=skeleton, asset=asset, number=number, detector="port_scan.contacts") | {
        "kind": kind, "place": "window", "tool": tool, "records": 40,
    }  # fmt: skip


def derived(signals, scans=()):
    """Attacks, and how many there are with half and with double the pause."""
    with duckdb.connect(":memory:") as connection:
        connection.register("raw_signals", raw(signals))
        connection.execute("set timezone = 'UTC'; create table periods (skeleton ubigint, impact varchar)")
        if scans:
            table = [{"skeleton": skeleton, "outcome": outcome, "danger": danger, "probes": probes, "tool": tool, "first_seen": START, "last_seen": START}
                    for skeleton, outcome, danger, probes, tool in scans]  # fmt: skip
            connection.register("_scans", pa.Table.from_pylist(table))
            connection.execute("create table scans as select * from _scans")
        derive(connection, Settings())
        signs = signs_of(connection)
        orders = Orders.of(signs)
        counts = [len(beginnings(signs, Settings().at(factor), orders)) for factor in (0.5, 1.0, 2.0)]
        rows = connection.execute("select kind, sources, outcome, danger, automation, tool from attacks order by first_seen, kind").fetchall()
        grounds = connection.execute("select distinct rule from automation_evidence where holds order by 1").fetchall()
        return rows, counts, [rule for (rule,) in grounds]


def test_sources_of_one_scan_are_one_attack_whatever_the_pause():
    days = [scan(minute, source=f"203.0.113.{at}", number=at, kind="distributed") for at, minute in enumerate((0, 200, 4000))]
    rows, counts, _ = derived(days)
    assert [(kind, sources) for kind, sources, *_ in rows] == [("distributed", 3)]
    assert counts == [1, 1, 1]


def test_scans_of_one_source_on_one_host_are_as_many_as_the_detector_says():
    rows, counts, _ = derived([scan(0, skeleton=7), scan(31, skeleton=8, number=2)])
    assert len(rows) == 2
    assert counts == [2, 2, 2]


def test_outcome_danger_and_tool_are_the_scans():
    rows, _, grounds = derived(
        [scan(0, skeleton=7, tool="nmap"), scan(5, skeleton=8, number=2, source="203.0.113.8")], [(7, "answered", 2, 1000, "nmap"), (8, "refused", 1, 11, None)]
    )
    assert rows == [("vertical", 1, "answered", 2, "tool", "nmap"), ("vertical", 1, "refused", 1, "tool", None)]
    assert grounds == ["T2", "T3"]
    rows, _, grounds = derived([scan(0, skeleton=7)], [(7, "refused", 1, 3, None)])
    assert [row[4] for row in rows] == ["tool"]  # three doors within a second
