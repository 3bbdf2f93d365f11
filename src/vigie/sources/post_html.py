"""Texts and links of posts that platforms keep as HTML (Mastodon, Truth Social), in columns and in linear time; nothing is fetched or run.

References:
    - https://docs.joinmastodon.org/spec/activitypub/#sanitization
"""

from __future__ import annotations

from html import unescape
from typing import Final

import polars as pl

_BREAKS: Final = r"(?i)<br\s*/?>"
_PARAGRAPHS: Final = r"(?i)</p>\s*<p(?:\s[^>]*)?>"
_TAGS: Final = r"<[^>]*>"
_ANCHORS: Final = r"(?i)<a\s[^>]*>"
_HREF: Final = r"""(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_OWN: Final = r"""(?i)\sclass\s*=\s*["'][^"']*\b(?:mention|hashtag)\b"""
_COMMON: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&nbsp;": "\u00a0"}
_OTHERS: Final = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});"


def text_of_html(html: pl.Series) -> pl.Series:
    """What a reader sees: paragraphs and line breaks as line breaks, tags off, entities as what they stand for."""
    plain = html.str.replace_all(_BREAKS, "\n").str.replace_all(_PARAGRAPHS, "\n\n").str.replace_all(_TAGS, "")
    return _unescaped(plain)


def links_of_html(html: pl.Series) -> pl.Series:
    """Lists of the addresses that posts link to, those of mentions and hashtags apart; null where there is no post."""
    anchors = html.str.extract_all(_ANCHORS)
    if not bool(anchors.list.len().max()):
        return anchors
    anchor = pl.element()
    found = anchors.list.eval(
        pl.when(~anchor.str.contains(_OWN)).then(pl.coalesce(anchor.str.extract(_HREF, 1), anchor.str.extract(_HREF, 2))).str.replace_many(_COMMON)
    )
    return found.list.drop_nulls()


def _unescaped(text: pl.Series) -> pl.Series:
    """Entities of HTML as the characters that they stand for, once."""
    rare = text.str.replace_many(dict.fromkeys(_COMMON, "")).str.contains(_OTHERS).fill_null(value=False)
    common = text.str.replace_many(_COMMON)
    if not rare.any():
        return common
    return common.scatter(rare.arg_true(), pl.Series([unescape(one) for one in text.filter(rare)], dtype=pl.String))
