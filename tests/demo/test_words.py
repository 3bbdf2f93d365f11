"""What the demo says: both languages whole, every family and reason in words, nothing wider than the terminal."""

import string
from datetime import UTC, datetime

import pytest

from vigie.attacks.count import Count, Step
from vigie.attacks.derive import NAMED_ONLY, TOO_WEAK
from vigie.attacks.settings import Settings
from vigie.attacks.trend import Trend
from vigie.demo.telling import Carried, Facts, Rush, tell
from vigie.demo.words import TEXT
from vigie.detectors.registry import RATES, all_detectors
from vigie.words.families import FAMILIES
from vigie.words.ladder import REASONS, STEPS
from vigie.words.language import language


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_both_languages_say_the_same_things():
    assert TEXT["fr"].keys() == TEXT["en"].keys()
    for key, text in TEXT["fr"].items():
        assert fields(text) == fields(TEXT["en"][key]), key


def test_every_family_that_can_be_found_has_plain_words():
    assert ({d.family for d in all_detectors()} | set(RATES.values())) - {""} <= set(FAMILIES)


def test_reasons_of_the_ladder_are_translated():
    assert {NAMED_ONLY, TOO_WEAK} <= set(REASONS)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({"LANG": "fr_FR.UTF-8"}, "fr"), ({"LANG": "de_DE"}, "en"), ({}, "en"), ({"LC_ALL": "fr_BE", "LANG": "en_US"}, "fr")],
)
def test_language_of_the_environment(monkeypatch, variables, expected):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language(None) == expected
    assert language("en") == "en"


def some_count(attacks=3012):
    moment = datetime(2017, 1, 15, tzinfo=UTC)
    days = tuple((f"2017-01-{n:02d}", n * 3) for n in range(1, 31))
    ladder = (Step("lines", "line", 130_000, (("unread: time is not a date", 2), (TOO_WEAK, 0))), Step("attacks", "attack", attacks, (), 7))
    return Count(
        attacks, moment, moment, ladder, 3100, 2900, days[-1] if attacks else None, days, Trend("rising", 4.2, 0.00001, 28),
        (("sql_injection", 2000), ("a_family_without_words", 1012)) if attacks else (), 9000, Settings(),
    )  # fmt: skip


RUSHES = (
    Rush(datetime(2017, 2, 3, 12, 3, tzinfo=UTC), False, "", "", 823, 649),
    Rush(datetime(2017, 2, 13, 9, 10, tzinfo=UTC), True, "search flood", "unavailable: for a while", 5_249, 150),
)
FACTS = Facts(planned=3012, with_tool=1000, bespoke=30, example="a0123456789abcde", archive="demo/archive", folder="demo", rushes=RUSHES)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_nothing_is_wider_than_the_terminal_but_commands(lang, width):
    lines = tell(some_count(), FACTS, lang, width)
    assert all(len(line.text) < width or line.text.startswith("  vigie ") for line in lines)
    assert not any("{" in line.text for line in lines)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_numbers_and_commands_of_the_story(lang):
    text = "\n".join(line.text for line in tell(some_count(), FACTS, lang, 100))
    for expected in (("INVENTÉ", "3\u202f012", "p < 0,001", "+4,2") if lang == "fr" else ("INVENTED", "3,012", "p < 0.001", "+4.2")):
        assert expected in text
    assert "vigie count --archive demo/archive" in text
    assert "vigie explain a0123456789abcde --archive demo/archive" in text
    assert "a_family_without_words" in text


def test_a_count_of_nothing_is_told_too():
    assert any("0 attacks" in line.text for line in tell(some_count(0), FACTS, "en", 80))


def test_steps_of_the_ladder_are_translated(demo):
    _, facts = demo
    assert {step["step"] for step in facts["ladder"]} <= set(STEPS)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_by_hand_is_said_as_an_interval_and_floods_beside_crowds(lang):
    text = " ".join(" ".join(line.text for line in tell(some_count(), FACTS, lang, 100)).split())
    assert ("entre 30 et 2\u202f012".replace("\u202f", " ") if lang == "fr" else "between 30 and 2,012") in text
    assert "09:10" in text
    assert "search flood" in text
    assert text.index("649") < text.index("5 249" if lang == "fr" else "5,249")
    assert "Unavailable: for a while" in text
    bare = tell(some_count(), Facts(3012, 1000, 30, "a", "a", "d"), lang, 100)
    assert any(("Ni inondation" if lang == "fr" else "No flood") in line.text for line in bare)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_posts_are_told_without_a_verdict_on_anybody(lang):
    facts = Facts(3012, 1000, 30, "a", "a", "d", carried=Carried(22_000, 390, 14, 1, 14, 2, 8, 7, 5, ((1_234, 345),)))
    text = " ".join(" ".join(line.text for line in tell(some_count(), facts, lang, 100)).split()).replace("\u202f", " ")
    for expected in (
        ("22 000 messages de 390 comptes", "Le rythme de 20 comptes : 8 plutôt assistés", "1 234 messages de 345") if lang == "fr"
        else ("22,000 posts of 390 accounts", "The rhythm of 20 accounts: 8 closer to assisted", "1,234 posts of 345")
    ):  # fmt: skip
        assert expected in text
    assert not any(word in text.lower() for word in ("robot", "bot ", "troll", "fake"))
    assert TEXT[lang]["posts"] not in [line.text for line in tell(some_count(), FACTS, lang, 100)]
