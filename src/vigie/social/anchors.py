"""What stays of a text when it is told in other words or another language: links, pictures, names, numbers, dates, tags, quotations, and the things it speaks of.

Names of another script are compared by how they sound, numbers by their value ("1,2 million" and "1.2m" are one), dates by day and month, things by a word list. Every
pattern is linear in the text, which is bounded first.

References:
    - docs/rumours.md
    - https://www.archives.gov/research/census/soundex (the idea of comparing names by classes of consonants; the classes here are our own, for French, English and Russian)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from vigie.social import anchors_words, copies_words
from vigie.social.languages import SMALL

LONGEST: Final = 2_000
"""Letters of a text that are looked at."""
MOST: Final = 200
"""Anchors of one kind of one text."""

LINK, PICTURE, NUMBER, DATE, NAME, SOUND, TAG, HANDLE, QUOTE, THING, WORD = "link", "picture", "number", "date", "name", "sound", "tag", "handle", "quote", "thing", "word"
WEIGHTS: Final[Mapping[str, float]] = {LINK: 2.0, PICTURE: 2.0, NUMBER: 1.2, DATE: 0.8, NAME: 1.0, SOUND: 0.7, TAG: 1.0, HANDLE: 1.0, QUOTE: 1.5, THING: 0.5, WORD: 0.6}
"""Kinds of anchors, and how much one says beside how rare it is."""

FEW: Final = 10
"""A number below it is a weak sign."""

_WORDS, _LONG = 1 << 15, 64
"""Words whose marks are remembered, since most texts share most words; letters of a word that are looked at."""

_TOKEN = re.compile(r"[#@]?\w[\w'’-]*")
_SENTENCE = re.compile(r"[.!?:…»”\"«“\n|–—•]\s*$")
_FIGURE: Final = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d{1,12}(?:[.,]\d{1,4})?"
_NUMBER = re.compile(rf"(?<![\w.,])({_FIGURE})(?:[ \u00a0\u202f]?([^\W\d_]{{1,12}}))?(?![\d])")
_DAY_FIRST = re.compile(r"(?<!\w)(\d{1,2})(?:er|st|nd|rd|th)?[ \u00a0\u202f]+(?:of[ \u00a0\u202f]+)?([^\W\d_]{3,12})")
_MONTH_FIRST = re.compile(r"(?<!\w)([^\W\d_]{3,12})[ \u00a0\u202f]+(\d{1,2})(?:st|nd|rd|th)?(?![\d.,]*\d)")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,500}")
_QUOTED = re.compile(r"«\s?([^«»]{6,120}?)\s?»|“([^“”]{6,120})”|\"([^\"]{6,120})\"")
_SOUNDS: Final = {
    letter: code
    for code, letters in {
        "1": "bpбп", "2": "vfwвф", "3": "gkcqгк", "4": "dtдт", "5": "szсзц", "6": "jжшщч", "7": "lл", "8": "mм", "9": "nн", "0": "rр", "": "aeiouyhаеёиоуыэюяйьъхx",
    }.items()
    for letter in letters
}  # fmt: skip
_VOWELS: Final = frozenset("aeiouyаеёиоуыэюя")
_PAIRS: Final = (("ph", "f"), ("sch", "j"), ("sh", "j"), ("ch", "j"), ("th", "t"), ("gn", "n"), ("qu", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ge", "je"), ("gi", "ji"), ("ç", "s"), ("x", "ks"), ("кс", "ks"))


@dataclass(frozen=True)
class Marks:
    """Anchors of a text.

    Attributes:
        anchors: as "kind what".
        firsts: names that stand first in a sentence only, where every word has a capital letter.
        numbers: values and dates it tells.
        things: the things it speaks of.
        denies: whether a word in it denies.
        turns: whether a word in it says that something was undone.
    """

    anchors: frozenset[str]
    firsts: frozenset[str]
    numbers: frozenset[str]
    things: frozenset[str]
    denies: bool
    turns: bool


def marks_of(row: Mapping[str, Any]) -> Marks:
    """The anchors of a text.

    Args:
        row: `text`, `normalised`, and optionally `links` and `media` (lists).
    """
    text = _LINK.sub(" ", str(row["text"] or "")[:LONGEST])
    form = [word[:_LONG] for word in str(row["normalised"] or "")[:LONGEST].split()]
    names, firsts, tags = _names(text)
    capital = sum(word[0].isupper() for word in text.split() if len(word) > 3)
    proper = names | firsts if 4 * capital < 3 * len([word for word in text.split() if len(word) > 3]) else set()  # where most words have a capital letter it says nothing
    numbers = set(_numbers(text))
    told = _figures(form)
    numbers |= {f"{NUMBER} {value}" for value in told if value >= FEW}
    things = {thing for word in form for thing in _things(word)} | {f"{value}" for value in told if 2 <= value < FEW}
    found = [f"{LINK} {one}" for one in _some(row.get("links"))] + [f"{PICTURE} {one}" for one in _some(row.get("media"))] + sorted(numbers)
    found += [f"{NAME} {one}" for one in names] + [f"{SOUND} {one}" for one in {_sound(name) for name in names | firsts} if one] + list(tags)
    found += [f"{THING} {one}" for one in things] + [f"{WORD} {one}" for one in {_stem(word) for word in form if word not in proper and not _things(word) and word not in anchors_words.FIGURES} if one] + [f"{QUOTE} {one}" for one in _quotes(text)]
    denies = not _DENIALS.isdisjoint(form)
    return Marks(frozenset(found), frozenset(f"{NAME} {one}" for one in firsts - names), frozenset(numbers), frozenset(things), denies, any(word.startswith(anchors_words.TURNS) for word in form))


_DENIALS: Final = (copies_words.DENIALS | frozenset(anchors_words.DENIALS.split())) - {"n", "t", "ni", "sans", "without", "point", "faux", "false", "fausse"}


def _some(values: Iterable[str] | None) -> list[str]:
    return [one for one in values or () if one][:MOST]


def _names(text: str) -> tuple[set[str], set[str], set[str]]:
    """Words with a capital letter inside a sentence; those that begin one; hashtags and handles."""
    names, firsts, tags = set[str](), set[str](), set[str]()
    for found in _TOKEN.finditer(text):
        word = found.group()[:_LONG]
        if word[0] in "#@":
            if plain := _plain(word):
                tags.add(f"{HANDLE if word[0] == '@' else TAG} {plain}")
                names.update(_plain(one) for one in re.findall(r"[A-ZÀ-Ý][a-zà-ÿ]{2,}", word))
            continue
        for part in (word.replace("’", "'").replace("-", "'").split("'") if not word.isalnum() else (word,)):
            if not part[:1].isupper():
                continue
            plain = _plain(part)
            if len(plain) < 3 or plain in copies_words.FUNCTION or any(one.isdigit() for one in plain):
                continue
            before = text[max(found.start() - 4, 0) : found.start()]
            (firsts if not before.strip() or _SENTENCE.search(before) else names).add(plain)
    return names, firsts, set(sorted(tags)[:MOST])


@lru_cache(_WORDS)
def _plain(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word.lower()) if one.isalnum())


@cache
def _months() -> dict[str, int]:
    return {_plain(word): number for number, words in enumerate(anchors_words.MONTHS, 1) for word in words.split()}


@cache
def _scales() -> dict[str, int]:
    return {_plain(word): scale for scale, words in anchors_words.SCALES.items() for word in words.split()}


def _numbers(text: str) -> Iterator[str]:
    """Values and dates, each in one spelling; numbers of one digit only where something multiplies them or they are a share."""
    days = set[str]()
    for pattern, day, month in ((_DAY_FIRST, 1, 2), (_MONTH_FIRST, 2, 1)):
        for found in pattern.finditer(text):
            if (number := _months().get(_plain(found.group(month)))) and 1 <= int(found.group(day)) <= 31:
                days.add(found.group(day))
                yield f"{DATE} {number}-{int(found.group(day))}"
    for found in _NUMBER.finditer(text):
        figure, unit = found.group(1), _plain(found.group(2) or "")
        value = _value(figure)
        scale = _scales().get(unit, 1)
        share = text[found.end(1) : found.end(1) + 12].lstrip().lower().startswith(("%", "pour cent", "percent", "per cent", "процент"))
        if figure not in days and (scale > 1 or share or value >= 10 or value != int(value)):
            yield f"{NUMBER} {value * scale:.10g}{'%' if share else ''}"


def _figures(form: list[str]) -> set[int]:
    """Values of numbers, spelled out ("quatre mille", "two hundred") or of one digit, in the words of a normal form."""
    found, whole, part, open_ = set[int](), 0, 0, False
    for before, word, after in zip(["", *form], [*form, ""], [*form[1:], "", ""], strict=False):
        value = anchors_words.FIGURES.get(word)
        if word.isdecimal():
            if len(word) == 1 and not before.isdecimal() and not after.isdecimal() and after not in anchors_words.FIGURES:
                found.add(int(word))  # else it is a part of a number that `_numbers` reads in the text
        elif before.isdecimal():
            value = None
        if value is None:
            if open_:
                found.add(whole + part)
            whole, part, open_ = 0, 0, False
        elif value >= 1_000:
            whole, part, open_ = whole + max(part, 1) * value, 0, open_ or part > 0 or word in ("mille", "thousand")
        elif value in (100, 20) and 0 < part < 10 and (value == 100 or part == 4):
            part, open_ = part * value, True  # deux cents, quatre vingts
        else:
            part, open_ = part + value, True
    return found - {1}


def _value(figure: str) -> float:
    """A number as people write it: groups of three digits apart by a blank, a point, a comma or an apostrophe; the last point or comma begins a fraction."""
    digits = re.sub(r"[ \u00a0\u202f'’]", "", figure)
    whole, mark, rest = digits, "", ""
    if (at := max(digits.rfind("."), digits.rfind(","))) >= 0:
        whole, mark, rest = digits[:at], digits[at], digits[at + 1 :]
    if mark and len(rest) == 3 and whole.replace(".", "").replace(",", "") != "0":
        whole, rest = whole + rest, ""
    return float(f"{whole.replace('.', '').replace(',', '')}.{rest or 0}")


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """Words and beginnings (with `*`) and the things that they stand for."""
    table: dict[str, set[str]] = {}
    for line in anchors_words.THINGS.strip().splitlines():
        thing, _, words = line.partition(":")
        for word in words.replace("|", " ").split():
            table.setdefault(_plain(word) + ("*" if word.endswith("*") else ""), set()).add(thing)
    return {word: tuple(sorted(things)) for word, things in table.items()}


@lru_cache(_WORDS)
def _things(word: str) -> tuple[str, ...]:
    """The things that a word of a normal form stands for; its longest known beginning counts."""
    table = _table()
    if word in table:
        return table[word]
    return next((table[f"{word[:size]}*"] for size in range(min(len(word), 14), 2, -1) if f"{word[:size]}*" in table), ())


@lru_cache(_WORDS)
def _stem(word: str) -> str:
    """The beginning of a word that carries a fact, without its usual endings; "" for others."""
    if len(word) < 4 or word in SMALL or word in copies_words.FUNCTION or word in copies_words.ORNAMENTS or word in anchors_words.COMMON or word.isdigit():
        return ""
    short = re.sub(r"(?:issement|issent|ement|ations?|iques?|euses?|eurs?|ing|ers?|ees?|ent|ait|aux|ed|es|s|e|er|ait)$", "", word)
    return (short if len(short) >= 4 else word)[:7]


@lru_cache(_WORDS)
def _sound(name: str) -> str:
    """How a name sounds, coarsely: its first consonants by class, "" where they are fewer than three."""
    for letters, one in _PAIRS:
        name = name.replace(letters, one)
    codes = ["a" * (at == 0 and letter in _VOWELS) or _SOUNDS.get(letter, "") for at, letter in enumerate(name)]
    kept = [code for at, code in enumerate(codes) if code and (at == 0 or code != codes[at - 1])]
    return "".join(kept[:4]) if len(kept) >= 3 else ""


def _quotes(text: str) -> list[str]:
    """What stands between quotation marks, of two words and more."""
    found = [" ".join(filter(None, (_plain(word) for word in next(filter(None, groups)).split()))) for groups in _QUOTED.findall(text)[:MOST]]
    return [one[:120] for one in found if " " in one]
