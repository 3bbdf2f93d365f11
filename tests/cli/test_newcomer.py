"""What a newcomer types, in a terminal or a pipe, in the wrong place or the wrong words: an answer or one sentence, never a traceback."""

import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time

import pytest

from conftest import combined
from vigie.words.counting import TEXT

UNION = "/a?id=1%27%20union%20select%201,2,3--%20"
WEAK = combined("/wp-login.php", status=404, address="198.51.100.9", time="20/Jan/2017:10:00:00 +0100")
LOG = (
    b"".join(combined(f"/p/{n}", address=f"192.0.2.{n}", time=f"{14 + n % 8}/Jan/2017:10:00:00 +0100") for n in range(40))
    + b"".join(combined(UNION, address=f"203.0.113.{n}", time=f"{15 + n}/Jan/2017:10:00:00 +0100") for n in range(3))
    + WEAK
)
VERBS = [
    ["count"], ["explain", "count"], ["show", "attacks"], ["show", "attempts"], ["show", "signals"], ["show", "sources"], ["show", "files"],
    ["show", "unread"], ["show", "campaigns"], ["sql", "select * from attacks"],
]  # fmt: skip


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    from conftest import Vigie

    vigie = Vigie(tmp_path_factory.mktemp("newcomer"))
    (vigie.folder / "access.log").write_bytes(LOG)
    vigie("read", "access.log")
    return vigie


def program(*arguments):
    return [sys.executable, "-m", "vigie.cli.main", *arguments]


@pytest.mark.parametrize("asked", VERBS, ids=" ".join)
def test_json_is_json_and_csv_is_csv(read, asked):
    for line in read(*asked, "--json").splitlines():
        assert isinstance(json.loads(line), dict)
    rows = list(csv.reader(io.StringIO(read(*asked, "--csv"))))
    assert rows, "a header even when there is nothing"
    assert len({len(row) for row in rows}) == 1


def test_read_and_test_and_explain_as_csv(read):
    rows = list(csv.DictReader(io.StringIO(read("read", "access.log", "--csv"))))
    assert list(rows[0]) == ["file", "feed", "format", "bytes", "lines", "read", "unread", "aside", "sha256"]
    assert rows[0]["lines"] == "44"
    attack = json.loads(read("show", "attacks", "--json").splitlines()[0])["attack_id"]
    rows = list(csv.DictReader(io.StringIO(read("explain", attack, "--csv"))))
    assert UNION in rows[0]["line"]
    rows = list(csv.DictReader(io.StringIO(read("test", combined(UNION).decode().strip(), "--csv"))))
    assert rows[0]["family"] == "sql_injection"


def test_exotic_columns_of_sql(read):
    query = """select 1 as a, 2 as a, 'nan'::double as n, uuid() as u, date '2020-01-01' as d, time '10:00' as t, interval 1 hour as i,
               [1, 'nan'::double] as l, {'k': timestamp '2020-01-01'} as s, 'x'::blob as b, 1.5::decimal(5,2) as c"""
    row = json.loads(read("sql", query, "--json"), parse_constant=pytest.fail)
    assert (row["a"], row["a_2"], row["n"], row["l"], row["d"]) == (1, 2, None, [1, None], "2020-01-01")
    assert read("sql", query, "--csv").startswith("a,a_2,n,u,d,t,i,l,s,b,c\n")


def test_cells_never_begin_a_formula_even_where_semicolons_separate(read):
    query = """select '=1+1' as "=a", '@x' as b, chr(9) || '=1' as c, 'a;=cmd' as d, 'a; "=cmd' as e, chr(65309) || '1' as f, 'a;b' as g"""
    header, row = csv.reader(io.StringIO(read("sql", query, "--csv")))
    assert header[0] == "'=a"
    assert row == ["'=1+1", "'@x", "\\x09=1", "a;'=cmd", "a;' \"=cmd", "'\uff1d1", "a;b"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (["raed"], "Did you mean `vigie read`"), (["count", "--by", "nothing"], "there are: day"), (["show", "atacks"], "attacks"),
        (["explain", "zzz"], "vigie show attacks"), (["explain", ""], "vigie show attacks"), (["sql", "drop table attacks"], "read-only"),
        (["sql", "select * from read_text('/etc/passwd')"], "Permission"), (["count", "--since", "yesterday"], "2017-01-31"),
        (["show", "files", "--family", "x"], "does not apply to files"), (["show", "files", "--since", "2017-01-01"], "do not apply"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_wrong_words(read, asked, named):
    assert read(*asked, code=2) == ""
    assert named in read.err
    assert "Traceback" not in read.err


def test_an_unknown_family_is_told_which_there_are(read):
    assert read("show", "attacks", "--family", "sqli") == ""
    assert "sql_injection" in read.err


def test_an_id_is_known_by_its_beginning(read):
    attack = json.loads(read("show", "attacks", "--json").splitlines()[0])["attack_id"]
    assert read("explain", attack[:9]) == read("explain", attack)


def test_explain_shows_what_the_evidence_weighs_and_why_it_was_set_aside(read):
    attack = json.loads(read("show", "attacks", "--json").splitlines()[0])["attack_id"]
    found = json.loads(read("explain", attack, "--json"))
    assert (found["bar"], found["set_aside"]) == (0.5, [])
    assert found["weight"] >= 0.5
    assert "Counted: it reaches the bar." in read("explain", attack)
    weak = [json.loads(line) for line in read("show", "attempts", "--set-aside", "--json").splitlines()]
    assert [row["source_address"] for row in weak] == ["198.51.100.9"]
    assert weak[0]["set_aside"] == "evidence too weak to count alone"
    found = json.loads(read("explain", weak[0]["attempt_id"], "--json"))
    assert found["weight"] < found["bar"]
    assert "Not counted: evidence too weak" in read("explain", weak[0]["attempt_id"])
    assert "evidence too weak" in read("show", "signals", "--set-aside")


def test_a_period_counts_what_began_in_it_and_the_ladder_still_adds_up(read):
    whole = json.loads(read("count", "--json"))
    parts = [json.loads(read("count", "--json", *bounds)) for bounds in (["--until", "2017-01-15"], ["--since", "2017-01-16", "--until", "2017-01-16"], ["--since", "2017-01-17"])]
    assert [part["attacks"] for part in parts] == [1, 1, 1]
    assert whole["attacks"] == sum(part["attacks"] for part in parts)
    for part in parts:
        *_, every, asked = part["ladder"]
        assert every["count"] - sum(aside["count"] for aside in every["set_aside"]) == asked["count"] == part["attacks"] == sum(one["attacks"] for one in part["by"])
        assert part["sensitivity"]["half"] == 1
    assert len(read("show", "attacks", "--json", "--since", "2017-01-16").splitlines()) == 2
    assert json.loads(read("read", "access.log", "--json", "--since", "2017-01-17"))["attacks"] == 1


def test_french_sentences_and_english_machine_shapes(read):
    told = read("count", "--lang", "fr")
    assert "3 attaques en 8 jours" in told
    assert "aucun signe d'attaque" in told
    attack = json.loads(read("show", "attacks", "--json").splitlines()[0])["attack_id"]
    assert "Les règles qui ont parlé" in read("explain", attack, "--lang", "fr")
    assert "Ce que chaque mot veut dire" in read("explain", "count", "--lang", "fr")
    assert read("count", "--lang", "fr", "--json") == read("count", "--json")
    read.environment["LANGUAGE"] = "fr"
    try:
        assert read("count") == told
        assert "attaques" in read("read", "access.log")
    finally:
        read.environment["LANGUAGE"] = "en"


def test_both_languages_say_the_same_things():
    assert TEXT["en"].keys() == TEXT["fr"].keys()
    for key, text in TEXT["en"].items():
        assert sorted(re.findall(r"\{(\w+)", text)) == sorted(re.findall(r"\{(\w+)", TEXT["fr"][key])), key


@pytest.mark.parametrize("asked", [["show", "signals"], ["count"], ["sql", "select * from range(100000)", "--limit", "100000"]], ids=lambda a: a[0])
def test_a_pipe_that_closes_early(read, asked):
    done = subprocess.run(f"{sys.executable} -m vigie.cli.main {' '.join(repr(a) for a in asked)} | head -1", shell=True, capture_output=True, env=read.environment)
    assert b"Traceback" not in done.stderr
    assert b"rror" not in done.stderr


@pytest.mark.parametrize("closed", ["count --json > /dev/full", "--help > /dev/full", "read - <&-", "test - <&-"])
def test_streams_that_are_full_or_closed(read, closed):
    done = subprocess.run(f"{sys.executable} -m vigie.cli.main {closed}", shell=True, capture_output=True, env=read.environment, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith(("vigie: ", "-: "))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_in_a_terminal(read, columns):
    """Nothing is wider than the terminal, and NO_COLOR leaves no colour."""
    for asked in (["count", "--lang", "fr"], ["show", "signals"]):
        inner, outer = pty.openpty()
        environment = {**read.environment, "COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm-256color"}
        process = subprocess.Popen(program(*asked), stdout=outer, stderr=subprocess.DEVNULL, env=environment)
        os.close(outer)
        shown = b""
        while True:
            try:
                part = os.read(inner, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(inner)
        assert process.wait() == 0
        assert b"\x1b[3" not in shown
        text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
        assert "\x1b" not in text
        if asked[0] == "show":
            assert max(len(line) for line in text.splitlines()) <= columns


def test_ctrl_c_in_the_middle_of_a_reading(vigie, tmp_path):
    log = tmp_path / "big.log"
    log.write_bytes(b"".join(combined(f"/p/{n}?q={n}", address=f"192.0.2.{n % 250}", time=f"15/Jan/2017:{n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d} +0100") for n in range(60_000)) * 6)
    process = subprocess.Popen(program("read", str(log), "--workers", "2"), env=vigie.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(0.9)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    if process.returncode != 0:  # a quick machine was done already
        assert process.returncode == 130
        assert b"Traceback" not in told
    assert json.loads(vigie("read", log, "--json"))["lines"] == 360_000


def test_nothing_to_read_leaves_no_archive(vigie, tmp_path):
    (tmp_path / "empty").mkdir()
    for asked in ("gone.log", "*.nothing", "", str(tmp_path / "empty")):
        vigie("read", asked, code=3)
        assert "Traceback" not in vigie.err
    assert not (tmp_path / "archive").exists()
