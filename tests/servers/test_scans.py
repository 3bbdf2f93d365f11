"""nmap itself against a server in a namespace, recorded as a capture: each of its runs is one scan, and visitors are none."""

from __future__ import annotations

import time

import pytest

from servers.network import ATTACKERS, NEIGHBOURS, SERVER, STRANGER, Pair, needed
from vigie.attacks.settings import Settings
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

OPEN = (22, 80, 443)
"""Doors that something answers at."""

_LISTEN = "import socket,time\nfor port in (22,80,443):\n s=socket.create_server(('192.0.2.10',port),backlog=50); globals()['s%d'%port]=s\ntime.sleep(600)"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A capture of six runs of nmap among visitors, read."""
    needed("nmap", "tcpdump", "ip", "python3")
    folder = tmp_path_factory.mktemp("nmap")
    capture = folder / "seen.pcap"
    with Pair() as pair:
        pair.start("python3", "-c", _LISTEN)
        recorder = pair.start("tcpdump", "-i", "v0", "-U", "--immediate-mode", "-s", "128", "-w", str(capture), "-Z", "root")
        time.sleep(1.5)
        for source in ATTACKERS[40:46]:
            for port in OPEN[1:]:
                pair.say(source, port, b"GET / HTTP/1.0\r\n\r\n")
        quick = ("nmap", "-Pn", "-n", "-T4", "--max-retries", "1", "-e", "v0", "--disable-arp-ping", "--send-ip")
        for source, arguments in (
            (ATTACKERS[1], ("-sS", "--top-ports", "150", SERVER)),
            (ATTACKERS[2], ("-sF", "--top-ports", "60", SERVER)),
            (ATTACKERS[3], ("-sU", "--top-ports", "25", "--max-rate", "60", SERVER)),
            (ATTACKERS[4], ("-sS", "-p", "5432", SERVER, *NEIGHBOURS)),
            (ATTACKERS[5], ("-sS", "--top-ports", "40", "-D", f"{ATTACKERS[6]},ME,{ATTACKERS[7]}", SERVER)),
            (STRANGER, ("-sS", "-p", "9000-9011", "--scan-delay", "600ms", SERVER)),
        ):
            done = pair.outside_as(source, *quick, "-S", source, *arguments, timeout=120)
            assert done.returncode == 0, done.stderr
        time.sleep(0.5)
        pair.stop(recorder)
    _, _, catalogue = read_paths((str(capture),), folder / "archive", Options(workers=1), Settings())
    with catalogue:
        found = catalogue.rows("select kind, asset, actor, sources, targets, attack_id from attacks where family = 'port_scan' order by first_seen")
        sources = catalogue.rows("select distinct attack_id, source_address from signals where attack_id is not null")
        probes = {row["attack_id"]: row["probes"] for row in catalogue.rows(
            "select s.attack_id, any_value(n.probes) as probes from scans n join signals s using (skeleton) where s.attack_id is not null group by 1")}  # fmt: skip
    return found, sources, probes


def test_each_run_of_nmap_is_one_scan_and_nothing_else_is(recorded):
    found, sources, _ = recorded
    by = {}
    for row in sources:
        by.setdefault(row["attack_id"], set()).add(row["source_address"])
    assert sorted((row["kind"], tuple(sorted(by[row["attack_id"]]))) for row in found) == sorted(
        [
            ("vertical", (ATTACKERS[1],)), ("vertical", (ATTACKERS[2],)), ("vertical", (ATTACKERS[3],)), ("horizontal", (ATTACKERS[4],)),
            ("decoys", tuple(sorted(ATTACKERS[5:8]))), ("vertical", (STRANGER,)),
        ]
    )  # fmt: skip


def test_as_many_doors_as_nmap_was_told(recorded):
    _, sources, probes = recorded
    by = {row["source_address"]: row["attack_id"] for row in sources}
    told = {ATTACKERS[1]: 150, ATTACKERS[2]: 60, ATTACKERS[3]: 25, ATTACKERS[4]: 1 + len(NEIGHBOURS), STRANGER: 12}
    assert {source: probes[by[source]] for source in told} == told
