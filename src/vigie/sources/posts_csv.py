"""Any table of posts as CSV, by its columns' usual names or by those that the user names (`--layout 'account_id=screen_name seen_at=created_at …'`).

Comma, semicolon, tab or bar are found by themselves. Without a mapping the usual names are tried, and what was taken for what is said.

References:
    - RFC 4180
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from vigie.records import POST
from vigie.sources.post_plan import PLATFORMS, Plan, mapping_of
from vigie.sources.post_shapes import Head, Shape, claim_of, head_of
from vigie.sources.post_tables import ends, read
from vigie.sources.source import Recognition, Source

USUAL: Final = {
    "seen_at": (
        "created_at", "publish_date", "published_at", "posted_at", "post_created", "tweet_time", "created_time", "created_utc", "unix_timestamp", "timestamp",
        "datetime", "date_time", "date", "time", "published", "pubdate", "publication_date", "time_published",
    ),
    "post_id": ("post_id", "tweet_id", "tweetid", "id_str", "status_id", "message_id", "content_id", "id"),
    "account_id": ("account_id", "author_id", "user_id", "userid", "user_id_str", "from_user_id", "channel_id", "page_id"),
    "account_name": (
        "screen_name", "user_screen_name", "username", "user_name", "account_name", "account_handle", "author", "author_name", "user", "account", "handle", "from_user",
        "page_name", "channel_name", "channel",
    ),
    "text": ("text", "full_text", "tweet_text", "content", "message", "body", "tweet", "post_text", "caption"),
    "title": ("title", "headline"),
    "url": ("url", "link", "permalink", "post_url", "tweet_url", "status_url", "article_url", "news_url"),
    "links": ("links", "urls", "expanded_urls", "expanded_url", "outlinks", "tco1_step1", "tco2_step1", "tco3_step1"),
    "hashtags": ("hashtags", "tags"), "mentions": ("mentions", "user_mentions", "mentioned_users"), "media": ("media", "images", "media_urls"),
    "language": ("lang", "language", "tweet_language", "language_code"), "client": ("client", "tweet_client_name", "source_app"), "platform": ("platform", "network"),
    "kind": ("kind", "post_type", "tweet_type"), "repost": ("is_retweet", "retweet", "is_repost"),
    "quote": ("is_quote", "is_quote_status"), "reply": ("is_reply",),
    "repost_id": ("retweet_tweetid", "retweeted_status_id", "retweet_id", "repost_id", "retweeted_id"),
    "quote_id": ("quoted_tweet_tweetid", "quoted_status_id", "quote_id", "quoted_id"),
    "reply_id": ("in_reply_to_tweetid", "in_reply_to_status_id", "in_reply_to_status_id_str", "reply_id", "in_reply_to_id"),
    "repost_account_id": ("retweet_userid", "retweeted_user_id"), "reply_account_id": ("in_reply_to_userid", "in_reply_to_user_id"),
    "reply_account_name": ("in_reply_to_screen_name",), "collected_at": ("harvested_date", "collected_at", "retrieved_at", "scraped_at"),
    "likes": ("like_count", "likes", "favorites", "favorite_count", "favourites", "favourite_count"),
    "reposts": ("retweet_count", "retweets", "reposts", "repost_count", "share_count", "shares", "reblogs_count"),
    "replies": ("reply_count", "replies", "comments", "comment_count", "replies_count"), "quotes": ("quote_count",),
    "views": ("views", "view_count", "impression_count", "impressions", "plays"),
}  # fmt: skip
"""Field → usual names of its column in lower case, blanks as `_`; the first that a header holds is taken."""
_OF_POSTS: Final = (
    "post_id", "links", "hashtags", "mentions", "likes", "reposts", "replies", "quotes", "repost", "quote", "reply", "repost_id", "quote_id", "reply_id", "kind",
)  # fmt: skip
_JOINED: Final = ("links",)
_TITLE: Final = "table of posts"
_ARTICLES: Final = "table of articles"


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim a table with usual names for time, account, text and something else that posts have, or for time, address and title of articles."""
    head = head_of(sample, frozenset(name for names in USUAL.values() for name in names))
    fields = _usual(head) if head else {}
    if head is None or "seen_at" not in fields:
        return None
    owned, spoken = {"account_id", "account_name"} & set(fields), {"text", "links"} & set(fields)
    articles = not owned and {"url", "title"} <= set(fields)
    if not articles and not (owned and spoken and set(_OF_POSTS) & set(fields)):
        return None
    if owned and len(fields) < 4:
        return None
    pairs = " ".join(f"{name}={','.join(columns)}" for name, columns in fields.items())
    said = f"columns were taken by their usual names ({pairs}); --layout with such pairs says it otherwise"
    return claim_of(head, _shape(head, fields, articles=articles, doubt=said))


def completes(layout: str, sample: Sequence[bytes]) -> Recognition | None:
    """The claim by what the user says of the columns.

    Args:
        layout: pairs of field and column (`post_plan.mapping_of`), or a plan.
        sample: lines, the header first.

    Raises:
        ValueError: the layout is no list of pairs.
    """
    mapping, head = mapping_of(layout), head_of(sample)
    if head is None:
        return None
    named = {name: tuple(_held(head, column) or column for column in columns) for name, columns in mapping.items()}
    lost = tuple(
        column for name, columns in named.items() for column in columns if column not in head.columns and not (name == "platform" and column in PLATFORMS)
    )
    if lost:
        plan = Plan(head.columns, head.text, head.delimiter, lost=lost)
        return Recognition(0.0, _TITLE, plan.text(), f"no column is called {', '.join(lost)}; there are: {', '.join(head.columns)}"[:600])
    return claim_of(head, _shape(head, named, articles=not {"account_id", "account_name"} & set(named), doubt=""))


def _shape(head: Head, fields: dict[str, tuple[str, ...]], *, articles: bool, doubt: str) -> Shape:
    platform = "site" if articles else next((name for name in fields.get("platform", ()) if name in PLATFORMS and name not in head.columns), "")
    return Shape(_ARTICLES if articles else _TITLE, frozenset(), fields, platform, utc=False, doubt=doubt)


def _usual(head: Head) -> dict[str, tuple[str, ...]]:
    """Field → column, by usual names; no column twice."""
    held = {re.sub(r"[\s-]+", "_", name.strip().lower()): name for name in reversed(head.columns)}
    out: dict[str, tuple[str, ...]] = {}
    for name, usual in USUAL.items():
        found = [held[column] for column in usual if column in held]
        if found:
            out[name] = tuple(found) if name in _JOINED else (found[0],)
    return out


def _held(head: Head, column: str) -> str | None:
    """The header's spelling of a column that the user named."""
    if column in head.columns:
        return column
    return next((name for name in head.columns if name.strip().lower() == column.strip().lower()), None)


SOURCE = Source("posts_csv", POST, recognise, read, ends=ends, completes=completes, specific=1, references=("https://www.rfc-editor.org/rfc/rfc4180",))
"""One record a row of the table; a row may hold line ends."""
