"""Port scans in recordings whose truth is known: each found once, with its kind and its sources, and nothing else.

The recordings are development data beside the project; where they are not there, only what is made here is tested.
"""

import csv
from pathlib import Path

import pytest

from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.engines.files import Input
from vigie.engines.local import Options, Pool, read_input
from vigie.sources.source import Reading

DATA = Path(__file__).parents[3] / "shared" / "data" / "network"
LAB, PUBLIC = DATA / "scan_lab", DATA / "public"
present = pytest.mark.skipif(not LAB.exists(), reason="development data is not here")
SAME_KIND = {"service_version": "service_probe", "decoys": "decoys"}
"""Activities that the truth calls vertical by what was asked for."""


def truth():
    """Label → kind, sources and doors of the activities that are attacks."""
    found = {}
    for row in csv.DictReader((LAB / "ground_truth.csv").read_text("utf-8").splitlines()):
        if row["malicious"] == "1":
            found[row["label"]] = (SAME_KIND.get(row["label"], row["kind"]), frozenset(row["src"].split(";")), int(row["distinct_dst_port"]))
    return found


def told(tmp_path, *paths, reading=None):
    """Attacks, scans and tables of what is read from some files into one archive."""
    archive, pool = Archive(tmp_path / "archive"), Pool(1)
    with archive.open_for_writing():
        for path in paths:
            report = read_input(Input(path, str(path), path.name), archive, Options(reading=reading or Reading()), pool, lambda *_: None)
            assert not report.failure
            assert report.read + report.unread == report.lines
    with Catalogue(archive) as catalogue:
        tables = {name: catalogue.rows(f"select * from {name}") for name in ("scans", "scan_sources", "scan_background", "limited_logs")}
        attacks = catalogue.rows("select * from attacks where family = 'port_scan'")
        links = catalogue.rows("select distinct attack_id, skeleton from signals where family = 'port_scan'")
        lines = catalogue.rows("select s.evidence, e.line from signals s join evidence e on e.file = s.file and e.byte_offset = s.byte_offset where s.family = 'port_scan'")
    by_skeleton = {row["skeleton"]: row["attack_id"] for row in links}
    assert len(by_skeleton) == len(links) == len(attacks) == len(tables["scans"])  # one attack each
    for row in lines:
        assert row["evidence"].encode("utf-8")[:100] in row["line"] or not row["line"].isascii()
    sources = {one["skeleton"]: frozenset(row["source_address"] for row in tables["scan_sources"] if row["skeleton"] == one["skeleton"]) for one in tables["scans"]}
    return {"attacks": attacks, "sources": sources, **tables}


def found_of(result):
    """Sources → kind and doors."""
    return {result["sources"][one["skeleton"]]: (one["kind"], one["probes"]) for one in result["scans"]}


@present
@pytest.mark.parametrize("name", ["conn.log", "scan.pcap", "vpcflow_v2.log"])
def test_flows_and_packets_show_every_activity_once_and_nothing_else(tmp_path, name):
    result = told(tmp_path, LAB / name)
    found = found_of(result)
    assert {sources: kind for sources, (kind, _) in found.items()} == {sources: kind for kind, sources, _ in truth().values()}
    for _, sources, doors in truth().values():
        assert abs(found[sources][1] - doors) <= 0.01 * doors
    assert len(result["attacks"]) == 15
    assert not result["limited_logs"]


@present
def test_kernel_drops_show_all_but_the_service_probe_of_which_nothing_is_dropped(tmp_path):
    result = told(tmp_path, LAB / "kern_drop.log", reading=Reading(year=2026))
    found = found_of(result)
    expected = {sources: kind for label, (kind, sources, _) in truth().items() if label != "service_version"}
    assert {sources: kind for sources, (kind, _) in found.items()} == expected
    assert not result["limited_logs"]
    noise = {row["what"]: row for row in result["scan_background"]}
    assert (noise["one or two doors"]["sources"], noise["answers to nothing"]["sources"], noise["answers to nothing"]["packets"]) == (110, 1, 150)


@present
@pytest.mark.parametrize("name", ["kern_iso.txt", "kern_syslog.log"])
def test_the_whole_kernel_log_counts_packets_of_two_rules_once(tmp_path, name):
    result = told(tmp_path, LAB / name, reading=Reading(year=2026))
    expected = {sources: kind for label, (kind, sources, _) in truth().items() if label != "service_version"}
    assert {sources: kind for sources, (kind, _) in found_of(result).items()} == expected
    assert [row["whole"] for row in result["limited_logs"]] == [False]  # the rule is limited, the log is not


@present
def test_a_limited_log_shows_a_lower_bound_and_says_so(tmp_path):
    result = told(tmp_path, LAB / "ufw.log", reading=Reading(year=2026))
    known = {source for _, sources, _ in truth().values() for source in sources}
    assert len(result["scans"]) >= 2
    assert all(one["at_least"] and one["reading"].startswith("at least ") and one["pace"] == "not known" for one in result["scans"])
    assert all(sources <= known for sources in result["sources"].values())
    [limited] = result["limited_logs"]
    assert (limited["feed"], limited["per_minute"], limited["burst"], limited["whole"]) == ("ufw.log", 3, 10, True)


@present
def test_several_logs_of_the_same_traffic_make_the_same_attacks(tmp_path):
    result = told(tmp_path, LAB / "conn.log", LAB / "kern_drop.log", LAB / "ufw.log", reading=Reading(year=2026))
    assert {sources: kind for sources, (kind, _) in found_of(result).items()} == {sources: kind for kind, sources, _ in truth().values()}
    assert not any(one["at_least"] for one in result["scans"])


@present
def test_nobody_scans_the_databases_laboratory(tmp_path):
    """Guessing at two or three ports is no scan of ports; the log of accepted connections alone tells no outcome."""
    for at, name in enumerate(("conn.log", "vpcflow_v2.log", "kern_db_new.log")):
        assert told(tmp_path / str(at), DATA / "db_lab" / name, reading=Reading(year=2026))["scans"] == []


PSAD = {
    "syn_scan_1000_1500": ("vertical", 501, "syn"), "fin_scan_1000_1150": ("vertical", 151, "fin"), "udp_scan_1000_1150": ("vertical", 151, "udp"),
    "ipv6_tcp_connect_nmap_default_scan": ("vertical", 1000, "syn"), "syn_sweep": ("horizontal", 11, "syn"),
    "mirai_default_credentials_scan": None, "ms_sql_server_sig_match": None, "ipv4_valid_ping": None,
}  # fmt: skip
"""None: two doors, one door, and pings, which have no door; they are background, or a matter of the doors."""


@present
@pytest.mark.parametrize("name", PSAD)
def test_psads_samples(tmp_path, name):
    result = told(tmp_path, PUBLIC / "psad" / name, reading=Reading(year=2026))
    assert [(one["kind"], one["probes"], one["technique"]) for one in result["scans"]] == ([PSAD[name]] if PSAD[name] else [])


CROWDSEC = {
    "iptables-scan-multi-port": ["62.34.17.168", "127.0.0.2"], "mikrotik-scan-multi_ports": ["36.97.161.219"], "pf-scan-multi-port": ["10.0.2.2"],
}  # fmt: skip


@present
@pytest.mark.parametrize("name", CROWDSEC)
def test_crowdsecs_samples(tmp_path, name):
    """Every source that CrowdSec alerts of is found; 127.0.0.2 as one of two that knock at the same doors at once."""
    result = told(tmp_path, PUBLIC / "crowdsec-hub" / name / f"{name}.log", reading=Reading(year=2026))
    sources = set().union(*result["sources"].values())
    assert set(CROWDSEC[name]) <= sources
    assert len(result["scans"]) == len(CROWDSEC[name])


SLIPS = {
    "port-scans/vertical/conn.log": 0,  # an own machine scans another's: it goes out, and is shown as such
    "test11-portscan.binetflow": 0,  # the same, with pings beside, which have no door
    "test15-malicious-zeek-dir/conn.log": 0,  # two connections to a web server
    "test10-mixed-zeek-dir/conn.log": 1,  # ten hosts on one port; the twelve notices beside it are of another day's connections
}


@present
@pytest.mark.parametrize("name", SLIPS)
def test_slips_samples(tmp_path, name):
    result = told(tmp_path, PUBLIC / "slips" / name)
    assert len(result["scans"]) == SLIPS[name]
    assert result["scans"] or {row["what"] for row in result["scan_background"]} <= {"from here to elsewhere"}
