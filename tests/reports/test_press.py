"""The press page: every number of it comes again out of the command that it prints, and nothing else stands on it."""

import re
import shlex

import pytest

from vigie.reports.document import as_html, as_markdown, as_text
from vigie.reports.numbers import Ledger, found, written
from vigie.reports.press import page

FREE = re.compile(
    r"\d{1,2} (?:January|janvier) \d{4}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\b[0-9a-f]{12,64}\b|vigie \d+\.\d+\.\d+|\*\*\d+\\?\. |\((?:5 to 7 of 7|5 à 7 sur 7)\)|^\*\*\d+\. |TLP:\S+|PAP:\S+"
)
"""Digits that are no number of attacks: days, times, ids, points, the scale of danger."""


def shown_again(vigie, ledger, lang):
    """Numbers of a page that their commands do not give again."""
    said, wrong = {}, []
    for one in ledger.numbers:
        if one.command not in said:
            said[one.command] = vigie(*shlex.split(one.command)[1:])
        again = written(found(said[one.command], one.field, one.how), one.how, lang)
        if again != one.shown:
            wrong.append((one, again))
    return wrong


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_is_recomputed_by_the_command_that_is_printed(house, report, lang):
    document, ledger = page(report, lang)
    assert len(ledger.numbers) > 30
    assert shown_again(house, ledger, lang) == []
    printed = as_markdown(document)
    for one in ledger.numbers:
        assert one.command in printed


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_number_stands_on_the_page_without_its_command(report, lang):
    document, ledger = page(report, lang)
    prose = as_markdown(document).partition("```")[0].replace("\\", "")
    known = {re.sub(r"[^\d.,\u202f]", "", one.shown) for one in ledger.numbers}
    left = {number for number in re.findall(r"\d[\d,.\u202f]*\d|\d", FREE.sub(" ", prose)) if number not in known}
    assert left <= {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}, left
    assert not re.search(r"(?<![\d*])(?:[1-9]|10) (?:attacks|attaques)", FREE.sub(" ", prose.replace(ledger.numbers[0].shown, "")))


def test_a_number_that_is_wrong_is_found(house, report):
    wrong = Ledger("en")
    wrong.write(report.count.attacks + 1, "vigie count --json", "attacks")
    assert len(shown_again(house, wrong, "en")) == 1


def test_a_part_of_the_time(house):
    from datetime import UTC, datetime

    from reports.conftest import taken
    from vigie.attacks.count import Period

    part = taken(house, period=Period(datetime(2017, 1, 15, 10, tzinfo=UTC), datetime(2017, 1, 15, 14, tzinfo=UTC)))
    assert 0 < part.count.attacks < taken(house).count.attacks
    assert shown_again(house, page(part, "en")[1], "en") == []


def test_the_ten_points_and_the_breakdown_beside_the_total(report):
    text = as_text(page(report, "en")[0])
    assert [n for n in range(1, 11) if f"\n{n}. " not in text] == []
    head = text[: text.index("1. What one attack is.")]
    assert "port scans" in head
    assert "attempts at databases" in head


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nobody_is_named(report, lang):
    text = as_html(page(report, lang)[0])
    for one in report.sources:
        assert one.address not in text
    assert "address_" not in text
    assert "jeanne" not in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_seen_is_said_with_what_was_watched(calm, nothing, lang):
    text = as_text(page(calm, lang)[0])
    assert {"en": "with 1 logs watched", "fr": "1 journaux étant regardés"}[lang] in " ".join(text.split())
    unread = as_text(page(nothing, lang)[0])
    assert {"en": "no log was read", "fr": "aucun journal n'a été lu"}[lang] in " ".join(unread.split())
    assert "0 attack" not in unread


def test_every_number_where_nothing_was_seen_or_read(quiet, calm, empty, nothing):
    assert shown_again(quiet, page(calm, "en")[1], "en") == []
    assert shown_again(empty, page(nothing, "fr")[1], "fr") == []


@pytest.mark.parametrize(
    ("output", "where", "value"),
    [
        ('{"a": {"b": [4, 5]}}', "a.b[1]", 5),
        ('{"rows": [{"step": "x y", "n": 3}]}', "rows[step=x y].n", 3),
        ('{"family": "x", "n": 1}\n{"family": "y", "n": 2}', "[family=y].n", 2),
        ('{"u": {"a": 1, "b": 2}, "t": 4}', "u.* / t", 0.75),
        ('{"a": 1}\n{"a": 2}', "#", 2),
        ("", "#", 0),
        ('{"g": [1, 2, 3]}', "g.#", 3),
    ],
)
def test_fields(output, where, value):
    assert found(output, where) == value


@pytest.mark.parametrize("where", ["a.c", "[x=1].a", "a b", "a[x"])
def test_a_field_that_is_not_there_is_an_error(where):
    with pytest.raises((KeyError, TypeError)):
        found('{"a": 1}', where)


