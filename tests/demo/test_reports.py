"""The reports of the invented month: the press page against the archive, the exports against their standards, and all against one another."""

import csv
import io
import json
import random
import re
import shlex
import warnings
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.reports import indicators, misp, ocsf, press, stix
from vigie.reports.gather import Asked, gathered
from vigie.reports.marking import Marking
from vigie.reports.numbers import found, written


@pytest.fixture(scope="module")
def report(demo):
    with Catalogue(Archive(demo[0].folder / "demo" / "archive")) as catalogue:
        return gathered(catalogue, Asked(Marking("amber", "amber"), datetime(2017, 2, 14, 7, tzinfo=UTC), b"k" * 32))


def test_the_page_answers_the_journalist(demo, report):
    vigie, counted = demo
    _, ledger = press.page(report, "en")
    said = {command: vigie(*shlex.split(command)[1:], "--archive", "demo/archive") for command in dict.fromkeys(one.command for one in ledger.numbers)}
    assert len(ledger.numbers) > 60
    for one in ledger.numbers:
        assert written(found(said[one.command], one.field, one.how), one.how, "en") == one.shown, one
    assert ledger.numbers[0].shown == f"{counted['attacks']:,}"


def test_exports_of_the_month_keep_its_count(demo, report):
    total = demo[1]["attacks"]
    [note] = [one for one in stix.bundled(report) if one["type"] == "note" and one["abstract"][0].isdigit()]
    assert int(re.match(r"attacks: (\d+)", note["content"])[1]) == total
    event = json.loads(misp.misp(report))
    assert next(one["value"] for one in event["Event"]["Attribute"] if one["comment"] == "attacks") == str(total)
    rows = list(csv.DictReader(io.StringIO(indicators.indicators(report))))
    assert next(row["number"] for row in rows if row["value"] == "attacks") == str(total)
    assert sum(1 for _ in ocsf.ocsf(report)) == total
    assert {row["value"] for row in rows if row["type"] == "count"} == set(report.totals)
    pymisp = pytest.importorskip("pymisp")
    for schema in ("schema.json", "schema-lax.json"):
        jsonschema.validate(event, json.loads((Path(pymisp.__file__).parent / "data" / schema).read_text("utf-8")))


def test_objects_of_the_month_are_stix(report):
    """Some of each type, chosen by chance that is the same each time; benchmarks/reports.py validates all of them, which takes a minute."""
    objects = stix.bundled(report)
    by = Counter(one["type"] for one in objects)
    chance = random.Random(7)
    some = [one for kind in by for one in chance.sample([each for each in objects if each["type"] == kind], min(6, by[kind])) if kind != "report"]
    text = json.dumps({"type": "bundle", "id": f"bundle--{stix.derived('some')}", "objects": some})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stix2validator import ValidationOptions, validate_string

        assert validate_string(text, ValidationOptions(version="2.1", strict=True)).is_valid
    assert by["indicator"] == by["sighting"] == len(report.indicators) > 100


def test_no_relay_no_flood_and_nothing_forged_is_an_indicator(report):
    for one in report.indicators:
        assert not one.relay
        assert set(one.families) != {"denial_of_service"}
    assert {"relay", "flood", "forged"} <= set(report.withheld)
