"""`vigie report` as a person types it."""

import json
import stat

import pytest

from vigie.cli.verb_report import ENDINGS

KINDS = list(ENDINGS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_is_written_and_says_what_to_type_next(house, kind):
    out = house(*f"report --for {kind} --organisation echo.toml -o out-{kind}/".split())
    assert out == ""
    assert "next: vigie report --for" in house.err
    [file] = (house.folder / f"out-{kind}").iterdir()
    assert ("TLP-CLEAR-PAP-CLEAR" if kind == "press" else "TLP-AMBER-PAP-AMBER") in file.name
    assert kind in file.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text("utf-8")
    assert "tlp" in text.lower()
    if kind in ("stix", "misp"):
        json.loads(text)


def test_twice_gives_the_same_bytes(house):
    texts = [house("report", "--for", "stix") for _ in range(2)]
    assert texts[0] == texts[1]


def test_a_file_is_not_overwritten_by_chance(house):
    house("report", "--for", "csv", "-o", "once.csv")
    before = (house.folder / "once.csv").read_bytes()
    house("report", "--for", "cert", "-o", "once.csv", code=2)
    assert "--force" in house.err
    assert (house.folder / "once.csv").read_bytes() == before
    house("report", "--for", "csv", "-o", "once.csv", "--force", "--tlp", "red")
    assert b"TLP:RED" in (house.folder / "once.csv").read_bytes()


@pytest.mark.parametrize(("name", "begins"), [("p.html", "<!DOCTYPE html>"), ("p.md", "**TLP:CLEAR PAP:CLEAR**"), ("p.txt", "  ")])
def test_the_ending_chooses_how_it_is_written(house, name, begins):
    house("report", "--for", "press", "-o", name)
    assert (house.folder / name).read_text("utf-8").startswith(begins)
    assert "does not say TLP:CLEAR PAP:CLEAR" in house.err


@pytest.mark.parametrize("kind", ["press", "cert", "html", "stix"])
def test_a_report_of_nothing(empty, kind):
    assert "Traceback" not in empty("report", "--for", kind)


def test_markings_and_step(house):
    text = house("report", "--for", "cert", "--stage", "24h", "--aware", "2017-01-16T09:40+01:00", "--tlp", "amber+strict", "--pap", "red", "--lang", "fr")
    assert text.count("TLP:AMBER+STRICT PAP:RED") >= 2
    assert "ALERTE PRÉCOCE" in text
    assert "2017-01-17 08:40:00 UTC" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "tabloid"], "tabloid"),
        (["--for", "press", "--stage", "24h"], "--stage applies to --for cert"),
        (["--for", "cert", "--aware", "yesterday"], "no moment"),
        (["--for", "cert", "--aware", "2017-01-16T09:40"], "without its zone"),
        ([], "--for"),
    ],
)
def test_what_is_wrong_is_said(house, arguments, said):
    house("report", *arguments, code=2)
    assert said in house.err


def test_a_file_of_the_organisation_with_a_fault(house):
    (house.folder / "bad.toml").write_text("[organisation]\nnom = 'x'\n", "utf-8")
    house("report", "--for", "cert", "--organisation", "bad.toml", code=4)
    assert "Did you mean 'name'" in house.err or "There are:" in house.err


def test_an_unsigned_case_is_no_judgement(house):
    house("explain", "who", "--write", "who.toml")
    house("report", "--for", "cert", "--judgement", "who.toml", code=4)
    assert "signature" in house.err or "signed" in house.err


def test_personal_data_only_for_a_reason(house):
    plain = house("report", "--for", "cert")
    assert "jeanne" not in plain
    named = house("report", "--for", "cert", "--identified", "the CERT asked, file 12")
    assert "jeanne" in named
    assert "the CERT asked, file 12" in named
    assert "in clear" in house.err
