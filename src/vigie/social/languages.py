"""Which language a short text is in, from its script and from small words that hardly any other language has; null where that does not tell.

An unknown language is never "another language".

References:
    - https://www.unicode.org/reports/tr24/ (scripts)
    - Word lists: our own, small words of each language in the spelling of normal forms (lower case, without accents)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

SHORTEST: Final = 20
"""Letters below which nothing is said."""
HITS: Final = 2
"""Small words, letters and endings of a language that a text holds at least."""
LEAD: Final = 1
"""How many more of them than of the next language."""

_SMALL: Final = {
    "fr": "le la les l a un une des du de d et en est au aux ce cette ces qui que qu ne pas n se s son sa ses dans pour par sur avec sans plus il elle ils nous vous leur ete ont selon apres avant entre mais ou je y c contre deux fait tout",
    "en": "the a an of and to in is for on with that this by from as at are was were it its not be been has have had he she they his her their will would after before over but or who which says said into about than could more you we i out up",
    "de": "der die das und den dem des ein eine einen einer ist nicht mit von zu im auf fur sich auch als an bei nach aus wie wird werden hat haben sind uber durch gegen vor am zum zur es er sie",
    "es": "el la los las un una de del y en es por con para que no se su sus al lo como mas pero ha han fue son sobre entre sin este esta hay segun tras desde cuando muy ya",
    "it": "il lo la i gli le un una di del della dei delle e in per con che non si da dal dalla al alla nel nella sono ha hanno ma piu come su sul questo questa era anche dopo tra",
    "pt": "o a os as um uma de do da dos das e em no na nos nas por com para que nao se ao mais mas foi sao tem sua seu entre sobre pelo pela como ja muito apos",
    "nl": "de het een en van in is op te voor met dat niet zijn aan er om ook als door naar bij uit over tot maar wordt heeft hebben deze dit was na tegen",
    "ru": "и в на не что с по из для это как от к у за о же но его ее их был была были будет после о об или уже только все при под сша",
    "uk": "і в у на не що з по із для це як від до за про ж але його її їх був була були буде після або вже тільки всі при під та",
}
SMALL: Final = frozenset(word for words in _SMALL.values() for word in words.split())
"""Small words of all these languages: they carry no fact."""
_LETTERS: Final = {"fr": "éèêàçùœîôû", "de": "äöüß", "es": "ñ¿¡áíóúé", "it": "òìèàù", "pt": "ãõçâáéêóàí", "nl": "ë", "uk": "іїєґ", "ru": "ыэъё"}
"""Letters of a language: each that is there counts like a small word."""
_ENDINGS: Final = {
    "fr": "eux aux ait ais eur eurs eurs ique oire ement aires ières ée ées", "en": "ing ed ly ers ght tch ness ship 's ’s", "de": "ung ungen lich keit isch schaft", "es": "cion ciones dad mente", "it": "zione zioni mente ità",
    "pt": "ção ções dade mente", "nl": "ij heid lijk isch", "ru": "ого ение ство ция ться ный", "uk": "ого ення ство ція тися ний",
}  # fmt: skip
"""Endings of words of five letters and more: each that is there counts like a small word."""
_SCRIPTS: Final = {
    "ar": r"\p{Arabic}", "he": r"\p{Hebrew}", "el": r"\p{Greek}", "hy": r"\p{Armenian}", "ka": r"\p{Georgian}", "ja": r"[\p{Hiragana}\p{Katakana}]", "ko": r"\p{Hangul}", "zh": r"\p{Han}",
    "hi": r"\p{Devanagari}", "th": r"\p{Thai}",
}  # fmt: skip
"""Scripts that stand for a language as far as a reader here is concerned."""


def _owners(lists: Mapping[str, Iterable[str]]) -> pl.DataFrame:
    """`mark`, `language`: who has which."""
    return pl.DataFrame([(mark, language) for language, marks in lists.items() for mark in dict.fromkeys(marks)], schema={"mark": pl.String, "language": pl.String}, orient="row")


def languages(texts: pl.Series, forms: pl.Series) -> pl.Series:
    """ISO 639-1 code of each text's language, null where it is not told.

    Args:
        texts: as posts hold them.
        forms: their normal forms.
    """
    frame = pl.DataFrame({"text": texts.cast(pl.String).str.slice(0, 2_000).str.to_lowercase(), "form": forms.cast(pl.String).str.slice(0, 2_000)}).with_row_index("at")
    small = frame.select("at", mark=pl.col("form").str.split(" "))
    letters = frame.select("at", mark=pl.col("text").str.extract_all(f"[{''.join(dict.fromkeys(''.join(_LETTERS.values())))}]"))
    ending = "|".join(sorted({one for row in _ENDINGS.values() for one in row.split()}, key=len, reverse=True))
    endings = frame.select("at", mark=pl.col("text").str.extract_all(rf"\pL{{3,}}(?:{ending})(?:[^\pL]|$)").list.eval(pl.element().str.extract(rf"({ending})[^\pL]?$", 1)))
    lists = ((small, {key: row.split() for key, row in _SMALL.items()}), (letters, _LETTERS), (endings, {key: row.split() for key, row in _ENDINGS.items()}))
    hits = pl.concat([marks.explode("mark", empty_as_null=True).unique().join(_owners(owned), on="mark").group_by("at", "language").agg(pl.len()) for marks, owned in lists])
    scores = hits.group_by("at", "language").agg(pl.col("len").cast(pl.Int64).sum()).sort("at", "len", "language", descending=[False, True, False])
    best = scores.group_by("at", maintain_order=True).agg(pl.col("language").first(), pl.col("len").first(), next=pl.col("len").slice(1, 1).first().fill_null(0))
    sure = best.filter((pl.col("len") >= HITS) & (pl.col("len") >= LEAD + pl.col("next"))).select("at", "language")
    many = pl.col("form").str.count_matches(r"\pL")
    other = pl.coalesce(*(pl.when(pl.col("form").str.count_matches(pattern) * 2 > many).then(pl.lit(code)) for code, pattern in _SCRIPTS.items()))
    told = frame.join(sure, on="at", how="left", maintain_order="left").with_columns(script=other)
    return told.select(language=pl.when(many >= SHORTEST).then(pl.coalesce("script", "language")))["language"]
