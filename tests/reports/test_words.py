"""Both languages have the same sentences with the same blanks, and none of the words that are not said."""

import re
import string

import pytest

from vigie.reports import cert_words, html_words, press_words, report_words
from vigie.reports.facts import REASONS
from vigie.reports.roles import WHY

TABLES = {"press": press_words.SAID, "cert": cert_words.SAID, "html": html_words.SAID, "privacy": report_words.PRIVACY, "unknown": report_words.UNKNOWN}
PAIRS = {"watched": report_words.WATCHED, "roles": report_words.ROLES, "answers": report_words.ANSWERS, "impacts": report_words.IMPACTS, "what": report_words.WHAT, "gaps": cert_words.GAPS}


def blanks(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("name", TABLES)
def test_the_same_sentences_with_the_same_blanks(name):
    english, french = TABLES[name]["en"], TABLES[name]["fr"]
    assert set(english) == set(french)
    assert [key for key in english if blanks(english[key]) != blanks(french[key]) or english[key].count("|") != french[key].count("|")] == []


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_have_two_sides(name):
    assert [key for key, pair in PAIRS[name].items() if len(pair) != 2 or not all(pair) or blanks(pair[0]) != blanks(pair[1])] == []


def test_all_reasons_have_words():
    assert set(report_words.UNKNOWN["en"]) == set(REASONS)
    assert set(report_words.ROLES) == set(WHY)


def test_all_gaps_have_words():
    from vigie.attacks.blindness import PASTE

    assert set(cert_words.GAPS) == set(PASTE)


def test_words_that_are_not_said():
    texts = [text for table in TABLES.values() for said in table.values() for text in said.values()] + [text for table in PAIRS.values() for pair in table.values() for text in pair]
    assert [text for text in texts if re.search(r"\bbots?\b|\bhacker|\bpirate|\bcyber|\bmassive|\bunprecedented|\bsans précédent", text, re.IGNORECASE)] == []
