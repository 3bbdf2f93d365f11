"""Recordings of real tools are named by what they wrote, browsers' agents or not; what people write is not."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from conftest import SHARED, batch_of
from vigie.detectors.places import place_of, places_of
from vigie.detectors.registry import detect
from vigie.detectors.scanner import TOOLS, declared
from vigie.detectors.tool_marks import GRAMMARS, marked, marks
from vigie.detectors.tool_openings import OPENINGS, count
from vigie.records import ACCESS
from vigie.sources.registry import source_named
from vigie.sources.source import Reading

CAPTURES = Path(__file__).resolve().parents[1] / "captures"
TOLD = yaml.safe_load((CAPTURES / "captures.yml").read_text("utf-8"))
WITH = [name for name, told in TOLD.items() if told["grammar"] == "own"]
WITHOUT = [name for name, told in TOLD.items() if told["grammar"] == "none"]


@cache
def rows_of(name):
    lines = gzip.decompress((CAPTURES / name).read_bytes()).splitlines(keepends=True)
    layout = re.search(r"LAYOUT = \(\n(.*?)\n\)", (CAPTURES / "record.py").read_text("utf-8"), re.DOTALL)[1]
    return source_named("nginx").read(batch_of(lines), Reading(layout="".join(re.findall(r"'(.*)'", layout))))


def names_of(target, referrer):
    places = places_of(target or "") + ([place_of("referrer", referrer)] if referrer else [])
    return {name for place in places for text in place.texts if (name := marks(text))}


def counts_of(name):
    rows = rows_of(name)
    pairs = zip(rows.column("url_original").to_pylist(), rows.column("http_referrer").to_pylist(), strict=True)
    return Counter(name for pair in pairs for name in names_of(*pair))


def agents_of(name):
    return {declared(agent or "") for agent in rows_of(name).column("user_agent").to_pylist()}


@pytest.mark.parametrize("name", TOLD)
def test_a_capture_is_read_whole_and_holds_what_its_list_says(name):
    rows = rows_of(name)
    assert rows.num_rows == rows.column("unread").null_count == TOLD[name]["requests"] <= 3_000
    assert (TOLD[name]["tool"] in agents_of(name)) == TOLD[name]["agent_names_it"]


@pytest.mark.parametrize("name", WITH)
def test_a_tool_with_a_grammar_is_named_by_two_requests_or_more_and_no_other_is(name):
    counts = counts_of(name)
    assert set(counts) == {TOLD[name]["tool"]}
    assert counts[TOLD[name]["tool"]] >= 2


@pytest.mark.parametrize("name", WITHOUT)
def test_a_tool_without_a_grammar_is_not_taken_for_another(name):
    assert not counts_of(name)


@pytest.mark.parametrize(("name", "share"), [("sqlmap-random-agent", 0.9), ("sqlmap-delay", 0.9), ("sqlmap-tamper", 0.75), ("xsstrike-default", 0.9)])
def test_most_of_a_hidden_run_bears_the_mark(name, share):
    name = f"{name}.log.gz"
    assert counts_of(name)[TOLD[name]["tool"]] >= share * TOLD[name]["requests"]


def test_signals_of_every_family_name_the_tool_of_their_text():
    rows = rows_of("wapiti-browser.log.gz")
    batch = rows.select(range(rows.num_columns - 1)).append_column("fingerprint", pa.array(range(rows.num_rows), pa.uint64()))
    named = Counter(signal["family"] for signal in detect(ACCESS, batch).to_pylist() if signal["tool"] == "wapiti")
    assert {"sql_injection", "cross_site_scripting", "file_inclusion", "command_injection"} <= set(named)


@pytest.mark.parametrize(
    ("name", "tool", "least"),
    [("dirb-browser", "dirb", 2), ("nmap-browser", "nmap", 1), ("wapiti-browser", "wapiti", 1), ("slowhttptest-default", "slowhttptest", 50)],
)
def test_refused_openings_are_counted_by_source_and_ten_minutes(name, tool, least):
    found = count(rows_of(f"{name}.log.gz")).to_pylist()
    assert {(row["tally"], row["key"], row["source_address"]) for row in found} == {(OPENINGS.name, tool, "127.0.0.1")}
    assert sum(row["count"] for row in found) >= least
    assert all(row["evidence"].startswith("/") for row in found)


@pytest.mark.parametrize("name", ["gobuster-browser", "ffuf-browser", "apachebench-default", "siege-browser", "hydra-default"])
def test_no_opening_is_counted_where_there_is_none(name):
    assert count(rows_of(f"{name}.log.gz")).num_rows == 0


EXAMPLES = {
    "acunetix": "1<ScRiPt >prompt(962477)</ScRiPt>", "netsparker": "'\"--></style></scRipt><scRipt>netsparker(0x0000A1)</scRipt>", "appscan": "/\"WFXSSProbe'",
    "qualys": "\"'><qss a=X140012Y1Z>", "skipfish": "-->\">'>'\"<sfi000001v123456>", "vega": "x<vvv000001v654321>", "w3af": "d'z\"0",
    "wapiti": "\ufffd'\"(", "nikto": "/<script>alert('Vulnerable')</script>", "nessus": "${jndi:ldap://log4shell-generic-x.w.nessus.org/nessus}",
    "openvas": "/openvasvt1234", "burp suite": "http://a1b2c3.oastify.com/", "nuclei": "http://{{interactsh-url}}/", "zap": "zj{{3141*5926}}zj",
    "interactsh": "${jndi:ldap://c23b2la0kl1krjcrdj10cndmnioyyyyyn.oast.pro}", "havij": "999999.9 union all select 0x31303235343830303536--",
    "commix": "1;echo ABCDEF$((12+34))$(echo ABCDEF)ABCDEF", "arachni": "_arachni_trainer", "xsstrike": "v3dm0s", "slowhttptest": "TESTING_PURPOSES_ONLY",
    "arjun": "/page?z43388=788334", "dalfox": "<svg/class=dalfox onload=alert(1)>", "wafw00f": "UNION SELECT ALL FROM information_schema AND \" or SLEEP(5) or \"",
    "paros": "<SCRIPT>alert(\"Paros\");</SCRIPT>", "nmap": "/nmaplowercheck1795692783", "dirb": "/randomfile1", "dirbuster": "/thereIsNoWayThat-You-CanBeThere/",
    "feroxbuster": "/" + "0123456789abcdef" * 6,
}  # fmt: skip


def test_every_grammar_has_a_text_that_it_names():
    assert {name: marks(text) for name, text in EXAMPLES.items()} == {name: name for name in EXAMPLES}
    assert set(EXAMPLES) == {name for name, _ in GRAMMARS}


@pytest.mark.parametrize(
    "text",
    [
        "nikto", "nessus", "openvas tutorial", "wapiti deer", "w3af or burp suite", "acunetix pricing", "/article/nessus-and-openvas-compared",
        "how to use sqlmap", "2016-2017", "1914-1918", "archives 1990-2000", "l'union européenne", "TRUE#LAST", "foo bar'# blah", "sleep(15)",
        "C# jobs #news", "O'Brien and sons", "/761ffe5d-25e2-4d45-aece-c7def9d564f7", "/fr/qualys", "nuclei of atoms", "wait for it..........",
        "?z1=2", "/page?zip=75011", "{{name}}", "projects like alert(1)", "x" * 100_000, "(" * 20_000,
    ],
)  # fmt: skip
def test_what_people_write_bears_no_mark(text):
    assert marks(text) == ""


def test_a_column_of_texts_is_named_row_by_row():
    texts = pa.array(["v3dm0s", None, "hello", "v3dm0s", "/randomfile1", ""])
    assert marked(texts).to_pylist() == ["xsstrike", "", "", "xsstrike", "dirb", ""]
    assert marked(texts.dictionary_encode()).to_pylist() == marked(texts).to_pylist()
    assert marked(pa.array([], pa.string())).to_pylist() == []


def test_every_name_a_rule_accepts_in_an_agent_is_known():
    for word, tool in TOOLS.items():
        assert declared(f"Mozilla/5.0 ({word.upper()} 1.0)") == tool or word.endswith("/")
    assert declared("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0") == ""


@pytest.mark.skipif(not (SHARED / "web").is_dir(), reason="development data is not in the project")
def test_ordinary_values_and_payloads_by_hand_seldom_bear_a_mark():
    def share(file, wanted):
        lines = (SHARED / "web" / file).read_text("utf-8").split("\n")
        texts = [entry["value"] for line in lines if line and wanted(entry := json.loads(line))]
        # Havij's own texts were posted among those made by hand: 30 of WordPress, one of a forum
        return sum(name not in {"", "havij"} for name in map(marks, texts)) / len(texts)

    assert share("httpparams_train.jsonl", lambda entry: entry["cls"] == "norm") == 0
    assert share("libinjection_half.jsonl", lambda entry: entry["cls"] == "norm") == 0
    for file, most in (("forums", 0.006), ("hackers", 0), ("phpids", 0), ("wordpress_rbarnett", 0)):
        assert share("libinjection_half.jsonl", lambda entry, file=file: entry.get("file") == f"sqli-{file}.txt") <= most
    sentences = (SHARED / "web" / "french_benign.txt").read_text("utf-8").splitlines()
    assert not any(map(marks, sentences))
