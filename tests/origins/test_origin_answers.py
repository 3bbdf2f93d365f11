"""The command line: explain origin, count --by country, show sources, update; and what no sentence may say."""

import contextlib
import csv
import io
import json
import re
import shutil
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from conftest import combined
from vigie.cli.failure import Failure
from vigie.cli.main import cli
from vigie.cli.origin import chart, sentence
from vigie.origins.countries import _names, country_name, is_private
from vigie.origins.origin import REASONS
from vigie.origins.shares import Bounds, Shares
from vigie.origins.table import _DATA, built_in
from vigie.words.origins import SAID

ATTACK = "/agenda?id=1%27%20union%20select%20user_login,user_pass%20from%20wp_users--%20"
PLACES = """network,country,asn,network_name,kind,relay
192.0.2.0/25,QX,64500,Example Telecom,access,
192.0.2.128/25,QX,64501,Example Rent-a-Server,hosting,
198.51.100.0/24,QY,64502,Example Net,,
"""
SECOND = "network,country\n192.0.2.0/24,QX\n198.51.100.0/25,QY\n198.51.100.128/25,QZ\n"
SOURCES = ("192.0.2.1", "192.0.2.2", "192.0.2.130", "198.51.100.1", "198.51.100.200", "203.0.113.9")


class Here:
    """The command line in this process, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {"VIGIE_ARCHIVE": str(folder / "archive"), "VIGIE_ORIGINS": str(folder / "user"), "LANGUAGE": "en", "COLUMNS": "120"}

    def __call__(self, *words, code=0, stdin=None):
        with contextlib.chdir(self.folder):
            result = CliRunner(env=self.environment).invoke(cli, list(words), prog_name="vigie", standalone_mode=False, input=stdin)
        self.err, got = result.stderr, result.exit_code
        if isinstance(result.exception, Failure):
            self.err, got = self.err + str(result.exception), result.exception.code
        elif isinstance(result.exception, click.ClickException):
            self.err, got = self.err + result.exception.format_message(), 2
        elif result.exception is not None:
            raise result.exception
        assert got == code, result.output + self.err
        return result.stdout


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """Six attacks from six places, and two tables that know five of them."""
    here = Here(tmp_path_factory.mktemp("origin"))
    for name, text in (("a.csv", PLACES), ("b.csv", SECOND)):
        (here.folder / name).write_text(text)
    lines = [combined(ATTACK, address=address, time=f"{15 + n}/Jan/2017:10:00:00 +0000") for n, address in enumerate(SOURCES)]
    here("read", "-", "--host", "www.example", stdin=b"".join(lines))
    return here.folder


@pytest.fixture
def origin(archived, tmp_path):
    """A command line with a copy of that archive."""
    shutil.copytree(archived, tmp_path / "machine")
    return Here(tmp_path / "machine")


GEO = ("--geo", "a.csv", "--geo", "b.csv")


def test_shares_between_bounds(origin):
    found = json.loads(origin("explain", "origin", *GEO, "--json"))
    attacks = found["shares"]["attack"]
    assert attacks["total"] == 6
    assert {one["country"]: (one["last_hop"], one["placed"], one["most"]) for one in attacks["countries"]} == {"QX": (3, 2, 5), "QY": (2, 1, 4)}
    assert attacks["unplaced"] == {"relayed": 1, "disputed": 1, "unlocated": 1}
    assert attacks["nowhere"] == 1
    assert {unit: one["total"] for unit, one in found["shares"].items()} == {"attack": 6, "source": 6, "signal": 6}
    assert found["relays"][0] == {"country": "QX", "attacks": 3, "relayed": 1, "kinds": {"hosting": 1}, "networks": ["Example Rent-a-Server"]}
    assert [one["name"] for one in found["tables"]][:2] == ["a", "b"]
    assert "from there" not in found["sentence"]
    assert "Between 33\u00a0% and 83\u00a0% of them can have been sent" in found["sentence"]


def test_filters_choose_attacks(origin):
    for option, total in (("--since=2017-01-17", 4), ("--until=2017-01-15", 1), ("--source=192.0.2.1", 1), ("--family=sql_injection", 6), ("--family=port_scan", 0)):
        assert json.loads(origin("explain", "origin", *GEO, option, "--json"))["shares"]["attack"]["total"] == total, option
    attack = json.loads(origin("show", "attacks", "--limit", "1", "--json").splitlines()[0])["attack_id"]
    assert json.loads(origin("explain", "origin", *GEO, "--attack", attack[:7], "--json"))["shares"]["attack"]["total"] == 1
    origin("explain", "origin", "--attack", "a00000zz", code=2)
    origin("explain", "count", "--geo", "a.csv", code=2)
    assert "nothing to place" in origin("explain", "origin", "--family", "port_scan")


def test_the_whole_answer_in_two_languages(origin):
    english, french = (origin("explain", "origin", *GEO, "--lang", lang) for lang in ("en", "fr"))
    for text in (english, french):
        assert "QX (" in text
        assert "█" in text
        assert "░" in text
        assert "Example Rent-a-Server" in text
        assert "2026-06-17" in text
    assert "An address is where the traffic left the network for us. It is not who sent it." in english
    assert "Ce n'est pas qui l'a envoyé" in french


def test_csv_adds_up(origin):
    rows = list(csv.DictReader(io.StringIO(origin("explain", "origin", *GEO, "--csv"))))
    for unit in ("attack", "source", "signal"):
        mine = [row for row in rows if row["unit"] == unit]
        assert sum(int(row["at_least"]) for row in mine if row["country"]) + sum(int(row["at_most"]) for row in mine if row["unplaced"]) == int(mine[0]["total"])


def test_count_by_country(origin):
    found = json.loads(origin("count", "--by", "country", *GEO, "--json"))
    assert found["by"] == [{"country": "QX", "attacks": 3}, {"country": "QY", "attacks": 2}, {"country": "-", "attacks": 1}]
    assert found["origin"]["shares"]["attack"]["total"] == found["attacks"] == 6
    text = origin("count", "--by", "country", *GEO)
    assert "Last hops by country" in text
    assert "50\u00a0% [33–83]" in text
    assert json.loads(origin("count", "--by", "country", *GEO, "--since", "2017-01-20", "--json"))["origin"]["shares"]["attack"]["total"] == 1


def test_sources_with_country_network_and_relay(origin):
    rows = {row["source_address"]: row for row in map(json.loads, origin("show", "sources", *GEO, "--json").splitlines())}
    assert (rows["192.0.2.130"]["country"], rows["192.0.2.130"]["network"], rows["192.0.2.130"]["relay"]) == ("QX", "Example Rent-a-Server", "hosting")
    assert (rows["198.51.100.200"]["countries"], rows["198.51.100.200"]["disputed"]) == ("QY QZ", True)
    assert rows["203.0.113.9"]["country"] is None
    assert "Example Rent-a-Server" in origin("show", "sources", *GEO)
    origin("show", "attacks", "--geo", "a.csv", code=2)
    assert "QX" not in origin("sql", "select countries from origins")


def test_a_table_may_be_kept_for_all_archives_or_for_one(origin):
    origin("update", "geo", "a.csv", "--date", "2017-01-20")
    said = origin("explain", "origin")
    assert "a of 2017-01-20" in said
    assert "QX" in origin("sql", "select countries from origins where countries is not null")
    origin("update", "geo", "b.csv", "--archive", "archive", "--name", "second")
    assert [one["name"] for one in json.loads(origin("explain", "origin", "--json"))["tables"]][:2] == ["second", "a"]
    assert (origin.folder / "user" / "geo" / "a@2017-01-20.parquet").is_file()
    assert len(list((origin.folder / "archive" / "origins" / "geo").iterdir())) == 1


def test_dated_lists_of_relays(origin):
    (origin.folder / "exits.txt").write_text("192.0.2.1\n")
    origin("update", "relays", "exits.txt", "--date", "2017-01-15")
    found = json.loads(origin("explain", "origin", *GEO, "--json"))
    assert found["shares"]["attack"]["unplaced"]["relayed"] == 2
    assert found["lists"] == [{"kind": "tor_exit", "list": "tor_exit 2017-01-15", "entries": 1}]
    assert found["checked"] == 6
    attack = next(row["attack_id"] for row in map(json.loads, origin("show", "attacks", "--json").splitlines()) if row["actor"] == "192.0.2.1")
    assert "192.0.2.1  QX  AS64500 Example Telecom  Tor exits (tor_exit 2017-01-15, at the time)" in origin("explain", "origin", *GEO, "--attack", attack)
    [source] = json.loads(origin("explain", "origin", *GEO, "--attack", attack, "--json"))["sources"]
    assert (source["relay"], source["state"]) == ("tor_exit", "relayed")
    text = origin("explain", "origin", *GEO)
    assert "Tor exits (1)" in text
    assert "They speak for 6 of 6 attacks" in text
    (origin.folder / "empty.txt").write_text("\n")
    origin("update", "relays", "empty.txt", "--date", "2017-01-16", code=3)
    assert "not collected" in origin.err
    origin("update", "relays", "exits.txt", "--date", "tomorrow", code=2)


class Server(BaseHTTPRequestHandler):
    """Serves a list, and a way elsewhere."""

    def do_GET(self):
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/list")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/list.txt" else 404)
        self.send_header("Last-Modified", "Mon, 16 Jan 2017 12:00:00 GMT")
        self.end_headers()
        self.wfile.write(b"ExitAddress 192.0.2.1 2017-01-15 10:00:00\n")

    def log_message(self, *_):
        """Say nothing."""


def test_update_from_an_address_on_this_machine(origin):
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        found = json.loads(origin("update", "relays", f"{here}/list.txt", "--json"))
        assert (found["date"], found["rows"]) == ("2017-01-15", 1)
        for address, why in ((f"{here}/none", "404"), (f"{here}/away", "only https"), ("http://192.0.2.1/list", "only https"), ("file:///etc/passwd", "only https"), ("ftp://192.0.2.1/x", "only https")):
            origin("update", "relays", address, code=3)
            assert why in origin.err, address
        server.shutdown()
    origin("update", "geo", "nothing.csv", code=3)
    origin("update", "geo", code=2)
    assert "docs/origins.md" in origin.err


def test_damaged_tables_are_told_without_a_traceback(origin):
    (origin.folder / "bad.mmdb").write_bytes(b"\xab\xcd\xefMaxMind.com\xff")
    origin("explain", "origin", "--geo", "bad.mmdb", code=2)
    assert "Traceback" not in origin.err
    (origin.folder / "user" / "geo").mkdir(parents=True)
    (origin.folder / "user" / "geo" / "x@2017-01-01.parquet").write_bytes(b"PAR1 no")
    origin("explain", "origin", code=2)
    assert "Traceback" not in origin.err


def test_scans_without_a_handshake_are_not_placed(tmp_path):
    vigie = Here(tmp_path)
    (vigie.folder / "a.csv").write_text(PLACES)
    stamps = [f"Jan 15 10:00:{n % 60:02d}" for n in range(40)]
    packets = "".join(
        f"{stamp} gate kernel: [UFW BLOCK] IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 SRC=192.0.2.1 DST=203.0.113.5 LEN=60 TOS=0x00 PREC=0x00 TTL=50 ID={n} DF PROTO=TCP "
        f"SPT={40000 + n} DPT={1000 + n} WINDOW=29200 RES=0x00 SYN URGP=0\n"
        for n, stamp in enumerate(stamps)
    )
    vigie("read", "-", "--year", "2017", stdin=packets.encode())
    found = json.loads(vigie("explain", "origin", "--geo", "a.csv", "--json"))["shares"]["attack"]
    assert found["total"] == 1
    assert found["unplaced"] == {"unverified": 1}
    assert found["countries"] == []


FORBIDDEN = re.compile(r"\b(?:from|by) (?:Ukraine|Russia|China|QX)|\b(?:Ukrainian|Russian|Chinese) attack|attacked by|attaque (?:ukrainienne|russe|chinoise)|attaqué\w* par|viennent d['eu]", re.IGNORECASE)


def test_no_sentence_says_who():
    some = Shares("attack", 10, (Bounds("UA", 2, 5, 7), Bounds("RU", 1, 2, 6)), {"relayed": 5}, 3)
    for lang in ("en", "fr"):
        said = [sentence(some, lang), *chart({"attack": some, "source": some, "signal": some}, lang), *SAID[lang].values()]
        assert not [text for text in said if FORBIDDEN.search(text)]
        assert country_name("UA", lang) in said[0]


def test_both_languages_say_the_same_things():
    assert set(SAID["en"]) == set(SAID["fr"])
    assert set(REASONS) <= set(SAID["en"])
    for key, text in SAID["en"].items():
        assert set(re.findall(r"\{(\w+)", text)) == set(re.findall(r"\{(\w+)", SAID["fr"][key])), key


def test_names_of_countries():
    assert len(_names()) > 245
    there = {word for one in built_in() if "country" in one.says for family in (4, 6) for word in one.half(family).columns["country"].unique().to_pylist()}
    assert there <= set(_names())
    assert country_name("XK", "fr") == "Kosovo"
    assert (country_name("QX", "en"), country_name("EU", "en")) == ("private code", "EU")
    assert is_private("XA")
    assert not is_private("XK")


def test_the_tables_are_small_and_carry_their_notices():
    files = list(Path(str(_DATA)).iterdir())
    assert sum(path.stat().st_size for path in files) <= 6_000_000
    notice = (Path(str(_DATA)) / "NOTICE").read_text("utf-8")
    for word in ("CC BY 4.0", "nro.net", "routeviews.org", "db-ip.com", "ip-location-db", "Modified"):
        assert word in notice
    assert {"NRO_LICENSE", "ROUTEVIEWS-LICENSE", "DBIP-LICENSE", "MODIFICATIONS"} <= {path.name for path in files}
