"""What makes two posts the same text: one normal form, the version of its rule, and a hash of 64 bits of it.

The normal form is for comparing only; what is shown is always the original. Hostile text is bounded first and every pattern is linear in its length. Of a repost
the form is that of the original, so "RT @name:" in front changes nothing.

References:
    - https://unicode.org/reports/tr15/ (NFKC, NFD)
    - https://html.spec.whatwg.org/multipage/named-characters.html
    - https://www.rfc-editor.org/rfc/rfc7693 (BLAKE2b)
"""

from __future__ import annotations

import itertools
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from html import unescape
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.social.kept import RULE

VERSION: Final = RULE
"""Of the rule. It is part of the hash: texts normalised by different rules never meet by accident."""

LONGEST: Final = 10_000
"""Characters of a text that are compared."""

_TEXTS: Final = {"normalised": pl.String, "text_hash": pl.UInt64, "letters": pl.Int32}

SHORTEST: Final = 30
"""Letters and digits below which an equal text is weak evidence: slogans and greetings are said by many."""

_PERSON: Final = b"vigie text %d" % VERSION
_BLOCK: Final = 1 << 19
"""Bytes that are laid out at once: few enough for the processor's own memory."""
_UNSEEN: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufe0e\ufe0f")
"""Letters that look like nothing and part words that are meant to be read as one."""
_GONE, _LONGER = sys.maxunicode + 1, sys.maxunicode + 2
_SPELLED: Final = np.zeros(sys.maxunicode + 1, "<u4")
"""How characters that were met are spelled: a letter, nothing (`_GONE`) or several (`_LONGER`); 0 for those that were not met yet."""
_REPEAT, _FEW = 0.6, 1_000
_BLANK: Final = ord(" ")
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});"
_APART = r"(?:[hH][tT][tT][pP][sS]?://|[wW]{3}\.|pic\.twitter\.com/|t\.co/)\S+|@[0-9a-zA-Z_.]+(?:@[0-9a-zA-Z_.-]+)?"
"""Links and handles. No Unicode word edges: they would cost thirty times as much."""
_CUT_OFF = r"(?:^|\s)[hH][tT]{0,2}[pP]?[sS]?:?/{0,2}…\s*$"
"""A link that the platform has cut off at the end."""
_PASSED_ON = r"^[^0-9a-zA-Z\pL]{0,8}(?:[rR][tT](?:[ :]+|$)(?:[0-9a-zA-Z_]{1,40} ?: ?)?)+"
_NOTHING = r"\z."
_LAST_TAGS = r"(?:[\s\pP\pS]*#\w+)+[\s\pP\pS]*$"


def normalised(texts: pl.Series, *, tags: bool = False) -> pl.Series:
    """The normal form of each text: words and numbers, lower case, without accents, one blank between them; null where nothing of the kind is left.

    Taken away: links, handles, "RT name:" in front, a block of hashtags at the end, punctuation, emojis, accents. The word of a hashtag inside a sentence
    stays, and so do digits and the words that deny.

    Args:
        texts: as posts hold them.
        tags: keep the block of hashtags at the end, which in games of hashtags is half of what is said.
    """
    last = _NOTHING if tags else _LAST_TAGS
    text = pl.col("text")
    frame = pl.DataFrame({"text": texts.cast(pl.String).str.slice(0, LONGEST)})
    named = frame["text"].str.contains(_ENTITY).fill_null(value=False)
    if named.any():
        plain = pl.Series([unescape(one) for one in frame["text"].filter(named).to_list()], dtype=pl.String)
        frame = frame.with_columns(text=frame["text"].scatter(named.arg_true(), plain))
    frame = frame.select(text.str.replace_all(_APART, " ").str.replace(_CUT_OFF, "").str.replace(_PASSED_ON, "").str.replace(last, "").str.replace_all("\0", " ", literal=True))
    return _spelled(frame["text"].fill_null("")).to_frame("text").select(normalised=pl.when(text != "").then(text))["normalised"]


def _spelled(texts: pl.Series) -> pl.Series:
    """Texts letter by letter in their normal spelling, blanks joined. Those of ASCII alone are four times as fast by themselves."""
    plain = texts.str.len_bytes() == texts.str.len_chars()
    kinds = ((plain, _of_ascii), (~plain, _of_any))
    parts = [pl.concat([_cut(letters(some)) for some in _blocks(texts.filter(chosen))]) for chosen, letters in kinds if chosen.any()]
    places = pl.concat([chosen.arg_true() for chosen, _ in kinds])
    return pl.concat([texts.clear(), *parts]).gather(places.arg_sort())


def _blocks(texts: pl.Series) -> Iterator[pl.Series]:
    """Texts in stretches of about `_BLOCK` bytes."""
    block = np.cumsum(texts.str.len_bytes().to_numpy().astype(np.int64) + 1) // _BLOCK
    cuts = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(texts)]
    yield from (texts[begin:end] for begin, end in itertools.pairwise(cuts))


def _of_ascii(texts: pl.Series) -> bytes:
    """Texts of ASCII, spelled, each with a zero behind it."""
    return _tight(np.frombuffer((texts.str.join("\0").item() + "\0").encode().translate(_ascii()), np.uint8)).tobytes()


def _of_any(texts: pl.Series) -> bytes:
    """Any texts, spelled, each with a zero behind it."""
    letters = np.frombuffer((texts.str.join("\0").item() + "\0").encode("utf-32-le"), "<u4")
    spelled = _SPELLED.take(letters, mode="clip")  # none is beyond; twice as fast as looking whether one is
    new = (spelled == 0) & (letters != 0)
    if new.any():
        for code in np.unique(letters[new]).tolist():
            some = _letter(chr(code))
            _SPELLED[code] = _GONE if not some else ord(some) if len(some) == 1 else _LONGER
        spelled = _SPELLED.take(letters, mode="clip")
    longer = np.flatnonzero(spelled == _LONGER)
    if len(longer):
        whole = [_letter(chr(code)) for code in letters[longer].tolist()]
        spelled[longer] = [ord(one[0]) for one in whole]
        spelled = np.insert(spelled, np.repeat(longer + 1, [len(one) - 1 for one in whole]), [ord(one) for some in whole for one in some[1:]])
    return _tight(spelled[spelled != _GONE]).tobytes().decode("utf-32-le").encode()


def _tight(letters: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Letters of texts with one blank in place of several, and none at either end of a text."""
    blank = letters == _BLANK
    double = blank.copy()
    double[1:] &= (blank | (letters == 0))[:-1]
    letters = letters[~double]
    last = letters == _BLANK
    last[:-1] &= letters[1:] == 0
    tight: npt.NDArray[Any] = letters[~last]
    return tight


def _cut(spelled: bytes) -> pl.Series:
    """Texts that have a zero behind each, in UTF-8."""
    letters = np.frombuffer(spelled, np.uint8)
    zeros = np.flatnonzero(letters == 0)
    ends = np.concatenate([[0], zeros - np.arange(len(zeros))]).astype(np.int64)
    return pl.Series("text", pa.LargeStringArray.from_buffers(len(zeros), pa.py_buffer(ends), pa.py_buffer(letters[letters != 0])), pl.String)


@cache
def _ascii() -> bytes:
    """What each byte of ASCII is spelled like; zeros stay."""
    return b"\0" + bytes(ord(_letter(chr(code))) for code in range(1, 128)) + bytes(range(128, 256))


@cache
def _letter(letter: str) -> str:
    """A character as it is compared: letters and numbers in lower case and without accents, marks of other scripts, nothing for an accent or what is not seen, else a blank."""
    plain = [
        one for one in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", letter).lower())
        if not "\u0300" <= one <= "\u036f" and unicodedata.category(one) != "Cf" and one not in _UNSEEN
    ]  # fmt: skip
    return re.sub(" +", " ", unicodedata.normalize("NFC", "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in plain)))


def hashed(forms: pl.Series) -> pl.Series:
    """The 64-bit hash (`uint64`) of each normal form, null for null; the same on every machine, and not to be steered cheaply by who writes the text."""
    digests = b"".join(map(_digest, forms.fill_null("").cast(pl.Binary).to_list()))
    return pl.select(pl.when(forms.is_not_null()).then(pl.Series("text_hash", np.frombuffer(digests, "<u8"), pl.UInt64)).alias("text_hash")).to_series()


_START: Final = blake2b(digest_size=8, person=_PERSON)


def _digest(form: bytes) -> bytes:
    one = _START.copy()  # a third less than a new one
    one.update(form)
    return one.digest()


def with_texts(posts: pl.DataFrame) -> pl.DataFrame:
    """Posts with `normalised` (text, null without text), `text_hash` (uint64) and `letters` (int32, its letters and digits).

    Posts that bring all three keep them; they are of this rule (`kept.FORM`). Where `text` is null a `text_hash` and its `letters` are kept: an archive that
    holds no text can still tell equal ones.
    """
    whole = posts.with_columns(pl.col(name).cast(kind) if name in posts.columns else pl.lit(None, kind).alias(name) for name, kind in _TEXTS.items())
    said = pl.col("text").is_not_null()
    new = whole.select(said & pl.any_horizontal(pl.col(name).is_null() for name in _TEXTS)).to_series()
    made = _formed(whole.filter(new)["text"].cast(pl.String))
    known = whole.with_columns(normalised=pl.when(said).then("normalised"), letters=pl.when(said | pl.col("text_hash").is_not_null()).then("letters"))
    return known.with_columns(known[name].scatter(new.arg_true(), made[name]) for name in _TEXTS)


def _formed(text: pl.Series) -> pl.DataFrame:
    """`_TEXTS` of each text; where texts repeat much, each is normalised once."""
    if len(text) < _FEW or text.to_frame().select(pl.all().approx_n_unique()).item() > _REPEAT * len(text):
        return _table(text)
    once = text.unique()
    return text.to_frame("text").join(_table(once).with_columns(text=once), on="text", how="left", maintain_order="left").select(*_TEXTS)


def _table(text: pl.Series) -> pl.DataFrame:
    """Form, hash and length of each text."""
    forms = normalised(text)
    letters = forms.str.len_chars() - forms.str.count_matches(" ", literal=True)
    return pl.DataFrame({"normalised": forms, "text_hash": hashed(forms), "letters": letters}, schema=_TEXTS)
