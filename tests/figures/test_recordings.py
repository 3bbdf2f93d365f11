"""Recordings of a real server under attack: verdict, beginning and sources against what the scripts that attacked wrote down."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from vigie.attacks.settings import Settings
from vigie.cli.verb_read import read_paths
from vigie.engines.local import Options

FOLDER = Path(__file__).resolve().parents[1] / "recordings"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/truth.yml"))
KINDS = {"search": "search_flood", "slow": "slow_headers", "page": "request_flood", "home": "request_flood", "cache-busting": "cache_busting"}


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def told(log, folder):
    _, _, catalogue = read_paths((str(log),), folder / "archive", Options(workers=1), Settings())
    with catalogue:
        return (
            catalogue.rows("select * from availability order by first_seen"),
            catalogue.rows("select * from attacks where family = 'denial_of_service'"),
            {row["source_address"] for row in catalogue.rows("select distinct source_address from signals where family = 'denial_of_service'")},
        )


@pytest.fixture(scope="module", params=NAMES)
def recording(request, tmp_path_factory):
    truth = yaml.safe_load((FOLDER / request.param / "truth.yml").read_text("utf-8"))
    return truth, *told(FOLDER / request.param / "access.log.gz", tmp_path_factory.mktemp(request.param))


def test_all_are_there():
    assert set(NAMES) >= {"outage", "slow_headers", "slow_ramp", "flash_crowd"}


def test_attacks_are_counted_once_and_crowds_not_at_all(recording):
    truth, periods, attacks, _ = recording
    assert len(attacks) == (1 if truth["attack"] else 0)
    assert [row["what"] for row in periods if row["what"] != "impact"] == (["flood"] if truth["attack"] else ["crowd"])


def test_the_verdict(recording):
    truth, periods, attacks, _ = recording
    [main] = [row for row in periods if row["what"] != "impact"]
    assert main["impact"] == truth["verdict"]
    if truth["attack"]:
        assert main["kind"] == KINDS[truth["attack"]["kind"]]
        assert attacks[0]["outcome"] == truth["verdict"]


def test_the_beginning_within_a_minute(recording):
    truth, periods, _, _ = recording
    [main] = [row for row in periods if row["what"] != "impact"]
    event = truth["attack"] or truth["crowd"]
    assert abs((main["first_seen"] - moment(event["start"])).total_seconds()) <= 60
    if truth["attack"]:
        assert abs((main["last_seen"] - moment(event["end"])).total_seconds()) <= 60


def test_when_visitors_were_served_badly(recording):
    truth, periods, _, _ = recording
    bad = [row for row in periods if row["what"] == "impact"]
    assert len(bad) == (1 if truth["impact"] else 0)
    for row in bad:
        assert abs((row["first_seen"] - moment(truth["impact"]["start"])).total_seconds()) <= 10
        assert abs((row["last_seen"] - moment(truth["impact"]["end"])).total_seconds()) <= 10


def test_sources_without_a_single_visitor(recording):
    truth, _, _, sources = recording
    assert not sources & set(truth["legitimate"])
    if truth["attack"]:
        assert sources == set(truth["attack"]["sources"])
        wanted = truth["attack"].get("connections", truth["attack"].get("requests"))
        assert sum(row["requests"] for row in recording[1] if row["what"] == "flood") == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_without_durations_the_numbers_are_the_same_and_the_impact_is_not_claimed(name, tmp_path):
    truth = yaml.safe_load((FOLDER / name / "truth.yml").read_text("utf-8"))
    text = gzip.decompress((FOLDER / name / "access.log.gz").read_bytes()).decode("utf-8", "replace")
    plain = tmp_path / "access.log"
    plain.write_text("".join('"'.join(line.split('"')[:6]) + '"\n' for line in text.splitlines()), "utf-8")
    periods, attacks, _ = told(plain, tmp_path)
    assert len(attacks) == (1 if truth["attack"] else 0)
    for row in periods:
        if row["what"] != "impact":
            assert row["impact"] in ("cannot tell", "unavailable")
