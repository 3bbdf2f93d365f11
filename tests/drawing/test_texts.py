"""Texts are harmless, bounded, and told in the language."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.drawing.captions import _WORDS, colon, day, known, number, percent, word
from vigie.drawing.scale import ticks
from vigie.drawing.texts import apart, fitted, said, width_of, wrapped


def test_numbers_as_they_are_written():
    assert [number(one, "en") for one in (0, 7, 1_234_567, 2.5, 0.333, 12.34, None)] == ["0", "7", "1,234,567", "2.5", "0.33", "12.3", "not known"]
    assert [number(one, "fr") for one in (1_234_567, 2.5, float("nan"))] == ["1\u202f234\u202f567", "2,5", "inconnu"]
    assert [percent(one, "en") for one in (0, 0.004, 0.5, 0.999, 1, None)] == ["0%", "<1%", "50%", ">99%", "100%", "not known"]
    assert percent(0.12, "fr") == "12\u202f%"


def test_days_as_they_are_written():
    assert day(date(2026, 2, 1), "en", year=True) == "1 Feb 2026"
    assert day(date(2026, 2, 1), "fr", year=True) == "1er févr. 2026"
    assert colon("fr") == "\u202f: "


@pytest.mark.parametrize("key", _WORDS)
def test_both_languages_say_the_same_things(key):
    places = [sorted(part.split("}")[0] for part in said_.split("{")[1:]) for said_ in _WORDS[key]]
    assert places[0] == places[1]
    assert word(key, "de", **dict.fromkeys(places[0], "{x}")) == word(key, "en", **dict.fromkeys(places[0], "{x}"))


@pytest.mark.parametrize("value", [None, -1, float("inf"), float("nan"), True, 10**400])
def test_what_is_not_known(value):
    assert known(value) is None


@given(st.text(st.characters(), max_size=600), st.floats(0, 300), st.sampled_from([8, 12, 18]))
def test_a_text_takes_no_more_than_its_room(text, room, size):
    shown = fitted(text, room, size)
    assert width_of(shown, size) <= max(room, 0) or shown == ""
    assert all(unicodedata.category(one)[0] not in "C" and unicodedata.category(one) not in ("Zl", "Zp") for one in shown)
    lines = wrapped(text, room, size, 3)
    assert len(lines) <= 3
    if room > 40:
        assert all(width_of(line, size) <= room for line in lines)


def test_a_text_is_wrapped_at_spaces():
    assert wrapped("one two three four", 60, 12, 2) == ["one two", "three f…"]
    assert wrapped("", 60, 12, 2) == []


def test_what_cannot_be_seen_is_written_out():
    assert said("a\u202eb\x1bc\nd\ud800\u2068") == "a\\u202eb\\x1bc d\\ud800\\u2068"
    assert said("x" * 301) == "x" * 300 + "…"


def test_what_runs_right_to_left_is_set_apart():
    assert apart("abc") == "abc"
    assert apart("مرحبا") == "\u2068مرحبا\u2069"


@given(st.floats(0, 1e15))
def test_an_axis_reaches_its_largest_value_in_even_steps(largest):
    scale = ticks(largest)
    assert scale[0] == 0
    assert scale[-1] >= largest * (1 - 1e-6)
    assert 2 <= len(scale) <= 9
    assert all(one == int(one) for one in scale)
    assert scale[1] * (len(scale) - 1) == pytest.approx(scale[-1])
