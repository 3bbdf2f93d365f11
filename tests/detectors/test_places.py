"""Readings: what hides a payload is taken off; invisible characters are those that Unicode says."""

import sys
import unicodedata

from vigie.detectors.places import _INVISIBLE, readings


def test_invisible_characters_are_exactly_those_of_unicode():
    # the pattern is written out, since asking Unicode of every character is slow; versions of Unicode only add to it
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code <= 0xDFFF:
            continue
        character = chr(code)
        if unicodedata.category(character) == "Cf" or character == "\x00":
            assert _INVISIBLE.match(character), hex(code)
        elif _INVISIBLE.match(character):
            assert unicodedata.category(character) in ("Cf", "Cn"), hex(code)


def test_each_disguise_is_taken_off():
    for raw, plain in (
        ("un%69on", "union"), ("un%2569on", "union"), ("%u0027", "'"), ("%c0%ae%c0%ae/", "../"), ("%f0%80%80%ae/", "./"),
        ("%EF%BC%9Cscript%EF%BC%9E", "<script>"), ("&lt;script&gt;", "<script>"), ("uni\u200bon", "union"), ("a+or+1", "a or 1"), ("\\x27", "'"),
    ):  # fmt: skip
        assert plain in readings(raw, plus=True), raw
