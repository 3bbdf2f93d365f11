"""Posts: counted in the reports with the techniques that were measured, and never quoted."""

import json

import pytest

import invented_posts
from conftest import Vigie
from reports.conftest import KEY, taken
from reports.test_totals import renderings
from vigie.reports import stix


@pytest.fixture(scope="module")
def posted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("posted")
    (folder / "posts.jsonl").write_bytes(invented_posts.lines(invented_posts.fortnight()))
    (folder / "groups.toml").write_text(invented_posts.GROUPS, "utf-8")
    vigie = Vigie(folder)
    vigie.environment |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data")}
    vigie("read", "posts.jsonl", "--groups", "groups.toml")
    return vigie


def test_an_operation_is_counted_with_its_techniques_and_not_quoted(posted):
    report = taken(posted, key=KEY)
    [family] = report.families
    assert (family.name, report.count.operations) == ("information_operation", report.count.attacks)
    assert "T0049" in family.techniques
    assert report.sources == ()
    for name, text in renderings(report).items():
        assert not [one for one in (*invented_posts.GROUP, "HYPERLINK", "someone.else", "rumeur.example/article") if one in text], name
    patterns = [one for one in stix.bundled(report) if one["type"] == "attack-pattern"]
    assert {one["external_references"][0]["source_name"] for one in patterns} == {"DISARM"}


def test_it_is_quoted_when_somebody_says_why(posted):
    report = taken(posted, identified="the platform asked")
    assert any("author_id" in one.text for family in report.families for one in family.examples)
    assert "rumeur.example" in json.dumps([one.targets for one in report.attacks])
