"""`vigie explain who` as a user runs it: shown, written, signed, rendered, and refused with a word on what to try."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re

import click
import pytest
from click.testing import CliRunner

from conftest import combined
from vigie.campaigns.hypotheses_ratings import KINDS
from vigie.cli.failure import Failure
from vigie.cli.main import cli

ATTACK = "/agenda?id=1%27%20union%20select%20user%2Cpass%20from%20wp_users--%20"


class Here:
    """The command line, run in this process in a folder of its own, on an archive that several tests look at."""

    def __init__(self, folder, archive):
        self.folder, self.environment = folder, {"VIGIE_ARCHIVE": str(archive), "COLUMNS": "120", "LANGUAGE": "en"}

    def __call__(self, *arguments, code=0):
        with contextlib.chdir(self.folder):
            done = CliRunner(env=self.environment).invoke(cli, [str(one) for one in arguments], prog_name="vigie", standalone_mode=False)
        self.err, ended = done.stderr, done.exit_code
        if isinstance(done.exception, Failure):
            ended, self.err = done.exception.code, f"{self.err}vigie: {done.exception}"
        elif isinstance(done.exception, click.ClickException):
            ended, self.err = done.exception.exit_code, self.err + done.exception.format_message()
        elif done.exception is not None:
            raise done.exception
        assert ended == code, f"exit {ended}, wanted {code}\n{done.stdout[-3000:]}\n{self.err[-3000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An archive with a few attacks of a tool."""
    here = Here(tmp_path_factory.mktemp("attacked"), "archive")
    here.environment["VIGIE_ARCHIVE"] = str(here.folder / "archive")
    lines = (combined(ATTACK, address=f"203.0.113.{n}", time=f"1{n}/Jan/2017:10:00:00 +0100", agent="sqlmap/1.8 (https://sqlmap.org)") for n in range(5))
    (here.folder / "access.log").write_bytes(b"".join(lines))
    here("read", "access.log")
    return here.folder / "archive"


@pytest.fixture
def attacked(archive, tmp_path):
    """The command line over that archive, in an empty folder."""
    return Here(tmp_path, archive)


def test_the_matrix_comes_first_and_every_sentence_has_its_evidence(attacked):
    said = attacked("explain", "who")
    assert said.index("H4   state-linked actor") < said.index("  E1 ") < said.index("What follows") < said.index("weight of evidence, %")
    sentences = [one for one in said.partition("What follows")[2].splitlines() if one.startswith("  - ")]
    assert len(sentences) > 6
    assert all(re.search(r"\. \[E\d+(?:, E\d+)*\]$", one) for one in sentences), sentences
    for ref in set(re.findall(r"vigie explain (a[0-9a-f]{15})", said)):
        assert "| 203.0.113." in attacked("explain", ref)


def test_french_is_whole(attacked):
    said = attacked("explain", "who", "--lang", "fr")
    assert "Qui est-ce ?" in said and "journaux du serveur web" in said and "La confiance est faible" in said
    assert not re.search(r"\b(?:the|and|attacks|evidence|likely|confidence|logs|which)\b", said.replace("vigie explain who", "")), said


def test_json_is_whole_and_leads_to_lines(attacked):
    found = json.loads(attacked("explain", "who", "--json"))
    assert [one["id"] for one in found["hypotheses"]] == ["opportunistic", "criminal", "activist", "state_linked", "unknown"]
    assert sum(one["weight_of_evidence"] for one in found["hypotheses"]) == pytest.approx(1)
    assert {one["id"] for one in found["evidence"]} <= set(KINDS.values())
    ids = {one["id"] for one in found["evidence"]}
    assert all(one["evidence"] and set(one["evidence"]) <= ids for one in found["sentences"])
    assert found["confidence"] == "low" and "sources" in found["confidence_because"] and found["signed"] is False
    assert found["set"]["attacks"] == 5
    for one in found["evidence"]:
        rows = json.loads("[" + ",".join(attacked("sql", one["found_by"], "--json").splitlines()) + "]") if one["count"] and one["kind"] != "relays" else []
        assert len(rows) == (one["count"] if rows else 0)


def test_csv_is_the_matrix(attacked):
    rows = list(csv.DictReader(io.StringIO(attacked("explain", "who", "--csv"))))
    assert {row["kind"] for row in rows} <= set(KINDS) and all(row["refs"] and row["unknown"] == "0" for row in rows)


def test_written_signed_and_rendered(attacked):
    assert "who.toml" in attacked("explain", "who", "--family", "sql_injection", "--write", "who.toml")
    file = attacked.folder / "who.toml"
    text = file.read_text("utf-8")
    draft = json.loads(attacked("explain", "who", "--file", "who.toml", "--json"))
    assert draft["signed"] is False and draft["missing_refs"] == []
    assert draft["state"] == json.loads(attacked("explain", "who", "--family", "sql_injection", "--json"))["state"]
    text = text.replace('name = ""', 'name = "A. Person"').replace('date = ""\njudgement = ""\nevidence = []', 'date = "2017-02-20"\njudgement = "We cannot say."\nevidence = ["E1", "E10"]')
    file.write_text(text.replace('matrix = ""', f'matrix = "{draft["state"]}"'), "utf-8")
    said = attacked("explain", "who", "--file", "who.toml")
    assert "A. Person, 2017-02-20: “We cannot say”. [E1, E10]" in said
    assert "Nobody has signed" not in said and "nobody has signed" not in said
    file.write_text(file.read_text("utf-8").replace("ratings = { opportunistic = 1", "ratings = { opportunistic = -1", 1), "utf-8")
    assert "What was signed is state" in attacked("explain", "who", "--file", "who.toml")


def test_a_file_that_is_there_is_not_written_over(attacked):
    (attacked.folder / "who.toml").write_text("work of a week", "utf-8")
    attacked("explain", "who", "--write", "who.toml", code=2)
    assert "is there already" in attacked.err and "Try:" in attacked.err
    assert (attacked.folder / "who.toml").read_text("utf-8") == "work of a week"


def test_a_file_is_rendered_without_an_archive_and_with_another(attacked):
    attacked("explain", "who", "--write", "who.toml")
    attacked.environment["VIGIE_ARCHIVE"] = str(attacked.folder / "nowhere")
    assert "missing_refs" not in json.loads(attacked("explain", "who", "--file", "who.toml", "--json"))
    log = attacked.folder / "other.log"
    log.write_bytes(combined(ATTACK, address="198.51.100.9"))
    attacked("read", log)
    assert len(json.loads(attacked("explain", "who", "--file", "who.toml", "--json"))["missing_refs"]) == 5
    assert "5 ids of the file are not in this archive" in attacked.err and "has changed since" in attacked.err


HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202eevil"


def test_hostile_text_of_a_file_is_made_visible(attacked):
    attacked("explain", "who", "--write", "who.toml")
    file = attacked.folder / "who.toml"
    escaped = "\\u001b]0;owned\\u0007\\u001b[2J\\u202eevil"
    text = file.read_text("utf-8").replace('why = "', f'why = "{escaped}').replace('source = "', f'source = "{escaped}').replace('\ntext = "', f'\ntext = "{escaped}')
    text = text.replace('name = ""', f'name = "{escaped}"').replace('date = ""\njudgement = ""\nevidence = []', f'date = "2017-02-20"\njudgement = "{escaped}"\nevidence = ["E1"]')
    file.write_text(text.replace('asked = ""', f'asked = "{escaped}"').replace('found_by = "', f'document = "{escaped}"\nfound_by = "'), "utf-8")
    for lang in ("en", "fr"):
        said = attacked("explain", "who", "--file", "who.toml", "--lang", lang)
        assert "owned" in said and "\\x1b" in said
        assert not set(said) & {"\x1b", "\x07", "\u202e"}
    for shape in ("--json", "--csv"):
        assert not set(attacked("explain", "who", "--file", "who.toml", shape)) & {"\x1b", "\x07", "\u202e"}
    file.write_text(text.replace(f'name = "{escaped}"', f'"{escaped}" = 1'), "utf-8")
    attacked("explain", "who", "--file", "who.toml", code=2)
    assert not set(attacked.err) & {"\x1b", "\x07", "\u202e"}


def test_a_broken_file_is_told_with_its_place(attacked):
    attacked("explain", "who", "--write", "who.toml")
    file = attacked.folder / "who.toml"
    text = file.read_text("utf-8")
    at = text[: text.index('id = "E3"')].count("\n")
    file.write_text(text.replace('reliability = "B"', 'reliability = "X"').replace('reliability = "X"', 'reliability = "B"', 2), "utf-8")
    attacked("explain", "who", "--file", "who.toml", code=2)
    assert f"who.toml: line {at}, [[evidence]] 3 (E3): reliability 'X' is none of: A, B" in attacked.err
    file.write_text(text + "\nnot toml", "utf-8")
    attacked("explain", "who", "--file", "who.toml", code=2)
    assert "no TOML" in attacked.err and "line " in attacked.err and "Try:" in attacked.err
    attacked("explain", "who", "--file", "nowhere.toml", code=2)
    assert "Try: vigie explain who --write FILE" in attacked.err
    attacked("explain", "who", "--file", ".", code=2)
    assert "Try:" in attacked.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--source", "203.0.113.999"), "no address"), (("--family", "sql"), "Families are listed by"), (("--since", "2020-01-01"), "no attack is chosen"),
        (("--write", "no/such/folder/x.toml"), "Try:"), (("--file", "x.toml", "--write", "y.toml"), "do not go with it"), (("--file", "x.toml", "--family", "sql_injection"), "do not go with it"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(attacked, options, said):
    attacked("explain", "who", *options, code=2)
    assert said in attacked.err


def test_options_of_who_belong_to_who(attacked):
    attacked("explain", "count", "--write", "x.toml", code=2)
    assert "explain who" in attacked.err
