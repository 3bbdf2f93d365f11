"""Lists that tables of posts write into one field, in one of the many ways, and what a text holds itself.

References:
    - social formats as exported: `a,b`, `['a', 'b']`, `[a, b]`, `["a","b"]`, `a b`, `a|b`
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from vigie.sources.links import links_in_text

LONGEST: Final = 65_536
"""Characters of a field that are looked through for the members of a list."""

_BETWEEN_LINKS: Final = r"""['"]?[,;|\s]+['"]?((?i:https?:)//)"""
_AROUND: Final = r"""^[\s\[('"]+|[\s\])'"]+$"""
_BETWEEN_WORDS: Final = r"""['"\[\](),;|\s]+"""
_HASHTAG: Final = r"(?:^|[^A-Za-z0-9_&/#＃])[#＃]\w+"
_MENTION: Final = r"(?:^|[^A-Za-z0-9_@＠/.])[@＠][A-Za-z0-9_]+"
_NAME_OF_FILE: Final = r"([A-Za-z0-9_.-]{1,200}?)(?:\.[A-Za-z0-9]{2,4})?(?::[a-z]{2,6})?(?:[?#].*)?$"


def link_lists(texts: pl.Series) -> pl.Series:
    """Addresses of a field; one that holds a comma stays whole unless an address follows it."""
    marked = _bounded(texts).str.replace_all(_BETWEEN_LINKS, "\n$1").str.replace_all(_AROUND, "")
    return _split(marked)


def word_lists(texts: pl.Series) -> pl.Series:
    """Hashtags, names or ids of a field: none holds a blank, a comma or a quote."""
    return _split(_bounded(texts).str.replace_all(_BETWEEN_WORDS, "\n").str.strip_chars("\n"))


def media_lists(texts: pl.Series) -> pl.Series:
    """Pictures and films of a field of addresses: what the platform calls them, the name of the file without its ending."""
    return link_lists(texts).list.eval(pl.element().str.extract(_NAME_OF_FILE)).list.drop_nulls()


def hashtags_in_text(texts: pl.Series) -> pl.Series:
    """Hashtags in texts."""
    return _signed(texts, "[#＃]", _HASHTAG)


def mentions_in_text(texts: pl.Series) -> pl.Series:
    """Names after @ in texts."""
    return _signed(texts, "[@＠]", _MENTION)


def links_of_texts(texts: pl.Series) -> pl.Series:
    """Addresses in texts."""
    return _where(texts, "://", links_in_text)


def _signed(texts: pl.Series, sign: str, pattern: str) -> pl.Series:
    """Words behind a sign."""
    bare = f"{sign}(.+)$"
    return _where(texts, sign, lambda some: some.str.extract_all(pattern).list.eval(pl.element().str.extract(bare)))


def _where(texts: pl.Series, sign: str, find: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Lists of what is found in the texts that hold a sign, empty ones for the others; null where the text is."""
    holds = texts.str.contains(sign)
    places = holds.fill_null(value=False).arg_true()
    found = find(_bounded(texts.gather(places)))
    frame = pl.DataFrame({"held": holds.cast(pl.Int8)}).with_columns(pl.col("held").cast(pl.Int64).fill_null(0).cum_sum().alias("at"))
    lists = pl.concat([pl.Series([[]], dtype=pl.List(pl.String)), found.cast(pl.List(pl.String))])
    at = frame.select(pl.when(pl.col("held") == 1).then(pl.col("at")).when(pl.col("held") == 0).then(0)).to_series()
    return lists.gather(at)


def _bounded(texts: pl.Series) -> pl.Series:
    longest = texts.str.len_bytes().max()
    return texts if longest is None or int(str(longest)) <= LONGEST else texts.str.slice(0, LONGEST)


def _split(marked: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": marked})
    members = pl.col("text").str.split("\n")
    return frame.select(pl.when(pl.col("text") == "").then(pl.lit([], pl.List(pl.String))).otherwise(members)).to_series()
