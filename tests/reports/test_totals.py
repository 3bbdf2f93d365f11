"""One report, one total: all renderings are parsed back and compared; hostile texts stay texts in each; twice gives the same bytes."""

import csv
import dataclasses
import html as markup
import io
import json
import re
from collections import Counter

import pytest

from reports.conftest import HOSTILE, INDICATORS, MADE, WITHHELD, taken
from vigie.reports import cert, ecs, html, indicators, misp, ocsf, press, stix
from vigie.reports.document import as_html, as_markdown, as_text
from vigie.reports.facts import FactsError, checked

FAMILY = re.compile(r"\(([a-z_]+)\)")


def renderings(report):
    """Every rendering as text."""
    return {
        **{f"press.{lang}.{way.__name__}": way(press.press(report, lang)) for lang in ("en", "fr") for way in (as_text, as_markdown, as_html)},
        **{f"cert.{lang}.{way.__name__}": way(cert.cert(report, lang)) for lang in ("en", "fr") for way in (as_text, as_html)},
        **{f"html.{lang}": as_html(html.html(report, lang)) for lang in ("en", "fr")},
        "stix": stix.stix(report), "misp": misp.misp(report), "ecs": "".join(ecs.ecs(report)), "ocsf": "".join(ocsf.ocsf(report)), "csv": indicators.indicators(report),
    }  # fmt: skip


@pytest.fixture(scope="module")
def written(report):
    return renderings(report)


def of_html(text):
    """Attacks by family in the table of kinds."""
    rows = re.findall(r"<tr><td>[^<]*\(([a-z_]+)\)</td><td class=\"n\">([\d,\u202f]+)</td>", markup.unescape(text))
    return {name: int(re.sub(r"\D", "", n)) for name, n in rows}


def of_notes(text):
    """The same in the notes of STIX."""
    notes = [one for one in json.loads(text)["objects"] if one["type"] == "note"]
    found = {one["abstract"].partition(":")[0]: int(re.match(r"attacks: (\d+)", one["content"])[1]) for one in notes if not one["abstract"][0].isdigit()}
    [total] = [int(re.match(r"attacks: (\d+)", one["content"])[1]) for one in notes if one["abstract"][0].isdigit()]
    assert total == sum(found.values())
    return found


def of_misp(text):
    counters = [one for one in json.loads(text)["Event"]["Attribute"] if one["type"] == "counter"]
    return {one["comment"].partition(";")[0]: int(one["value"]) for one in counters if "_" in one["comment"].partition(";")[0]}


def of_csv(text):
    return {row["value"]: int(row["number"]) for row in csv.DictReader(io.StringIO(text)) if row["type"] == "count" and "_" in row["value"]}


def of_lines(text, family):
    return dict(Counter(family(json.loads(line)) for line in text.splitlines()))


def of_text(text):
    """The same in the headline of a notification."""
    head = re.sub(r"\s+", " ", text).partition("4. ")[2].partition("(")[2].partition(")")[0]
    return {name: int(re.sub(r"\D", "", n)) for name, n in re.findall(r"([a-z_]+)\s*: ([\d,\u202f]+)", head)}


def test_all_totals_are_equal(report, written):
    want = {one.name: one.attacks for one in report.families}
    assert len(want) >= 5
    found = {
        "html.en": of_html(written["html.en"]), "html.fr": of_html(written["html.fr"]), "cert": of_text(written["cert.en.as_text"]), "cert.fr": of_text(written["cert.fr.as_text"]),
        "cert.html": of_html(written["cert.en.as_html"]), "stix": of_notes(written["stix"]), "misp": of_misp(written["misp"]), "csv": of_csv(written["csv"]),
        "ecs": of_lines(written["ecs"], lambda one: one["vigie"]["family"]), "ocsf": of_lines(written["ocsf"], lambda one: one["unmapped"]["family"]),
    }  # fmt: skip
    assert {name: got for name, got in found.items() if got != want} == {}
    for name in ("press.en.as_text", "press.fr.as_markdown"):
        numbers = [int(re.sub(r"\D", "", line.strip(" |").split()[-1])) for line in written[name].splitlines() if re.search(r"\d\s*\|?$", line) and len(re.findall(r"\s\d[\d,\u202f]*(?=\s|$)", line)) == 3]
        assert Counter(numbers) == Counter(want.values()), name


def test_signals_and_attempts_are_equal_too(report, written):
    notes = "\n".join(one["content"] for one in json.loads(written["stix"])["objects"] if one["type"] == "note")
    rows = {row["value"]: int(row["number"]) for row in csv.DictReader(io.StringIO(written["csv"])) if row["type"] == "count"}
    counters = {one["comment"]: int(one["value"]) for one in json.loads(written["misp"])["Event"]["Attribute"] if one["type"] == "counter"}
    for name in ("attacks", "attempts", "signals", "indicators"):
        assert rows[name] == counters[name] == report.totals[name] == int(re.search(rf"^{name}: (\d+)$", notes, re.MULTILINE)[1])
    for lines, where in ((written["ecs"], "vigie"), (written["ocsf"], "unmapped")):
        assert sum(json.loads(line)[where]["signals"] for line in lines.splitlines()) == report.totals["signals"]


def test_twice_gives_the_same_bytes(house, report, written):
    again = renderings(taken(house))
    assert again == written
    later = renderings(dataclasses.replace(report, made=MADE.replace(year=2018)))
    for name, text in later.items():
        assert text.replace("2018-02-01", "2017-02-01") == written[name]


def test_all_indicators_are_in_all_lists_and_nobody_else(report, written):
    want = {one.address for one in report.indicators}
    assert set(INDICATORS) < want
    objects = json.loads(written["stix"])["objects"]
    assert {re.search(r"'(.+)'", one["pattern"])[1] for one in objects if one["type"] == "indicator"} == want
    rows = list(csv.DictReader(io.StringIO(written["csv"])))
    assert {row["value"] for row in rows if row["type"].endswith("-addr")} == want
    attributes = json.loads(written["misp"])["Event"]["Attribute"]
    assert {one["value"] for one in attributes if one["comment"].startswith("indicator until")} == want
    assert not any(one["to_ids"] for one in attributes)


@pytest.mark.parametrize("address", WITHHELD)
def test_what_is_nobodys_business_is_nowhere(address, written):
    for name, text in written.items():
        assert not re.search(rf"(?<![\d.]){re.escape(address)}(?![\d.])", text.replace("[.]", ".")), name


@pytest.mark.parametrize("name", ["marie.dupont", "jeanne"])
def test_names_are_pseudonyms(name, written):
    assert [one for one, text in written.items() if name in text] == []
    assert "account_" in written["cert.en.as_text"]


def test_names_are_there_when_somebody_says_why(house):
    opened = taken(house, identified="asked for by the CERT, file 12")
    texts = renderings(opened)
    assert "jeanne" in texts["cert.en.as_text"]
    for name in ("cert.en.as_text", "html.en", "stix", "misp", "ecs", "ocsf"):
        assert "asked for by the CERT" in " ".join(texts[name].split()), name
    assert opened.indicators == taken(house).indicators


def test_hostile_texts_are_texts(report, written):
    whole = "\n".join(written.values())
    for text in HOSTILE[4], HOSTILE[3], "\x1b", "\u202e":
        assert text not in whole
    for name, text in written.items():
        if name.endswith("as_html") or name.startswith("html"):
            assert not re.search(r"<script|<b>local|javascript:1\)[^<]*</a|<img|onerror|<a ", text), name
            assert "http-equiv=\"Content-Security-Policy\"" in text
            assert not re.search(r"(?:src|href)=", text), name
    assert "&lt;script&gt;alert(1)" in written["html.en"]
    for name in ("stix", "misp"):
        json.loads(written[name])
    assert r"\<b\>local" in written["press.en.as_markdown"]


def test_a_raw_block_of_markdown_cannot_be_left():
    from vigie.reports.document import Document, Raw
    from vigie.reports.marking import Marking

    text = as_markdown(Document("t", [Raw(["```", "````` x", "</pre>"])], Marking("red", "red"), "en"))
    assert text.splitlines()[2] == "``````" == text.splitlines()[-3]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "a;=1", "'=1", "＝1"])
def test_no_cell_begins_a_formula(report, text):
    hostile = dataclasses.replace(report, sources=tuple(dataclasses.replace(one, network=text, asn=0, country=text) for one in report.sources))
    rows = list(csv.reader(io.StringIO(indicators.indicators(hostile))))
    assert not [cell for row in rows for cell in row if re.match(r"[\s\"']{0,3}[=+@\-＝]", cell) and not cell.startswith("'")]
    assert any("1" in cell and cell.startswith(("'", "\\x", "a;'")) for row in rows for cell in row)  # control characters are made visible


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_forbidden_word(report, nothing, calm, lang):
    for facts in (report, nothing, calm):
        for document in (press.press(facts, lang), cert.cert(facts, lang), html.html(facts, lang)):
            text = as_text(document).lower()
            assert not re.search(r"\bbots?\b|\bhackers?\b|\bcyber ?(?:attack|attaque|guerre|war)|\bmassive?s?\b|\bsophisti|\brussia|\brusse\b|\bchina\b|\bchinois", text)
            assert not re.search(r"attacks? (?:by|from) (?:the )?(?:Q[A-Z]|[A-Z]{2})\b", as_text(document))


@pytest.mark.parametrize("stage", ["voluntary", "24h", "72h", "month"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_three_headings_and_the_marking_on_every_page(report, stage, lang):
    document = cert.cert(dataclasses.replace(report, stage=stage), lang)
    text = as_text(document)
    for heading in {"en": ("1. Perimeter", "2. Impact", "3. Urgency"), "fr": ("1. Périmètre", "2. Impact", "3. Urgence")}[lang]:
        assert heading in text
    pages = text.split("\f")
    assert all(page.count("TLP:AMBER PAP:AMBER") >= 2 for page in pages)
    assert max(len(page.splitlines()) for page in pages) <= 62
    assert ("5. Ex" in text) is (stage != "24h")
    page = as_html(document)
    assert '<meta name="tlp" content="TLP:AMBER">' in page
    assert "@top-center" in page


@pytest.mark.parametrize(("stage", "when"), [("24h", "2017-01-17 08:40:00"), ("72h", "2017-01-19 08:40:00"), ("month", "2017-02-18 08:40:00"), ("voluntary", None)])
def test_clocks_begin_when_somebody_became_aware(report, stage, when):
    found = cert.due(dataclasses.replace(report, stage=stage))
    assert (f"{found:%Y-%m-%d %H:%M:%S}" if found else None) == when


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_is_not_known_has_its_reason_and_is_never_zero(nothing, lang):
    nobody = dataclasses.replace(nothing, incident=type(nothing.incident)(), organisation=type(nothing.organisation)())
    text = " ".join(as_text(cert.cert(nobody, lang)).split())
    assert text.count({"en": "not answered yet", "fr": "pas encore répondu"}[lang]) >= 12
    assert {"en": "nobody looked (no log was read)", "fr": "personne n'a regardé (aucun journal n'a été lu)"}[lang] in text
    assert "0 attack" not in text
    assert "0 attaque" not in text
    page = as_html(html.html(nobody, lang))
    assert {"en": "Not watched yet", "fr": "Pas encore regardé"}[lang] in page
    assert ">None<" not in page
    assert ": None" not in text


def test_all_renderings_of_nothing_are_valid(nothing, calm):
    for facts in (nothing, calm):
        texts = renderings(facts)
        assert texts["ecs"] == texts["ocsf"] == ""
        assert of_csv(texts["csv"]) == {}
        assert json.loads(texts["misp"])["Event"]["info"].endswith("logs watched")


@pytest.mark.parametrize(
    "change",
    [
        lambda one: {"attacks": one.attacks[1:]},
        lambda one: {"families": one.families[1:]},
        lambda one: {"stage": "soon"},
        lambda one: {"families": (dataclasses.replace(one.families[0], tool=one.families[0].tool + 1), *one.families[1:])},
        lambda one: {"sources": (dataclasses.replace(one.sources[0], address="999.1.1.1"),)},
        lambda one: {"sources": (dataclasses.replace(one.sources[0], role="guilty"),)},
        lambda one: {"count": dataclasses.replace(one.count, ladder=(dataclasses.replace(one.count.ladder[0], count=1), *one.count.ladder[1:]))},
    ],
)
def test_facts_that_contradict_each_other_are_no_report(report, change):
    assert checked(report) is report
    with pytest.raises((FactsError, ValueError)):
        checked(dataclasses.replace(report, **change(report)))
