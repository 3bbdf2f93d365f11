"""Tables that 4CAT exports: Twitter, Bluesky, Telegram, Truth Social, TikTok, Facebook, whether searched there or captured in a browser.

Which of the columns of times is to be believed differs: `timestamp` is UTC for Twitter and TikTok and the exporting server's own clock for Telegram and
Facebook, where the column of Unix seconds is right; where the two differ by hours, that is said. The id of a reposted tweet is in none of them.

References:
    - https://github.com/digitalmethodsinitiative/4cat (map_item of each data source)
    - https://github.com/digitalmethodsinitiative/zeeschuimer
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vigie.records import POST
from vigie.sources.post_shapes import Shape, claim
from vigie.sources.post_tables import ends, read
from vigie.sources.source import Recognition, Source

_COUNTS: Final = {"likes": ("like_count",), "reposts": ("retweet_count",), "replies": ("reply_count",), "quotes": ("quote_count",), "views": ("impression_count",)}
_TWITTER: Final = {
    "seen_at": ("timestamp", "unix_timestamp"), "post_id": ("id",), "account_id": ("author_id",), "account_name": ("author",), "text": ("body",),
    "language": ("language_guess",), "client": ("source",), "repost": ("is_retweet",), "repost_account_name": ("retweeted_user",),
    "quote": ("is_quote_tweet",), "quote_account_name": ("quoted_user", "quote_author"), "quote_id": ("quote_tweet_id",),
    "reply": ("is_reply",), "reply_account_name": ("replied_user", "replied_author"), "hashtags": ("hashtags",), "mentions": ("mentions",),
    "links": ("urls",), "media": ("images", "videos"), **_COUNTS,
}  # fmt: skip
_NO_ORIGINAL: Final = "the ids of reposted posts are not in this export: reposts are told by account and text only"

SHAPES: Final = (
    Shape(
        "4CAT, Twitter search", frozenset({"id", "thread_id", "timestamp", "unix_timestamp", "body", "author_id", "is_retweet", "retweeted_user", "quoted_user", "replied_user"}),
        _TWITTER, other_clock="unix_timestamp", doubt=_NO_ORIGINAL,
    ),
    Shape(
        "4CAT, Twitter captured", frozenset({"collected_from_url", "id", "thread_id", "timestamp", "body", "author_id", "is_retweet", "retweeted_user", "quote_author", "replied_author"}),
        _TWITTER, other_clock="unix_timestamp", doubt=_NO_ORIGINAL,
    ),
    Shape(
        "4CAT, Bluesky", frozenset({"id", "thread_id", "created_at", "author", "author_id", "body", "repost_count", "quoted_post", "replied_to_post", "timestamp"}),
        {
            "seen_at": ("timestamp", "created_at"), "client_at": ("created_at",), "collected_at": ("collected_at",), "post_id": ("id",), "account_id": ("author_id",),
            "account_name": ("author",), "text": ("body",), "language": ("languages",), "hashtags": ("tags",), "mentions": ("mentions",), "links": ("links",),
            "media": ("images",), "quote_id": ("quoted_post",), "quote_account_name": ("quoted_user",), "reply_id": ("replied_to_post",),
            "reply_account_name": ("replied_to_user",), "likes": ("like_count",), "reposts": ("repost_count",), "replies": ("reply_count",), "quotes": ("quote_count",),
        },
        "bluesky", doubt="reposts are not in this export",
    ),
    Shape(
        "4CAT, Telegram", frozenset({"id", "thread_id", "chat", "author", "body", "timestamp", "unix_timestamp", "author_forwarded_from_name"}),
        {
            "seen_at": ("unix_timestamp",), "edited_at": ("unix_timestamp_edited",), "post_id": ("id",), "account_id": ("author", "chat"),
            "account_name": ("author_username", "author_name"), "text": ("body",), "declared": ("author_is_bot",), "thread": ("chat",), "reply_id": ("reply_to",),
            "repost_account_id": ("author_forwarded_from_id",), "repost_account_name": ("author_forwarded_from_username", "author_forwarded_from_name"),
            "ref_at": ("unix_timestamp_forwarded_from",), "links": ("entities_linked", "link_attached"), "mentions": ("entities_mentioned",),
            "media": ("attachment_filename",), "views": ("views",),
        },
        "telegram", other_clock="timestamp", doubt="of forwarded messages the account is told, not the number",
    ),
    Shape(
        "4CAT, Truth Social", frozenset({"id", "created_at", "body", "reblogs_count", "account_id", "account_username", "timestamp"}),
        {
            "seen_at": ("created_at", "timestamp"), "post_id": ("id",), "account_id": ("account_id",), "account_name": ("account_username",), "text": ("body",),
            "hashtags": ("hashtags",), "mentions": ("mentions",), "media": ("images", "video_urls"), "reposts": ("reblogs_count",), "replies": ("replies_count",),
        },
        "truth", html=True,
    ),
    Shape(
        "4CAT, TikTok", frozenset({"id", "author", "author_full", "body", "timestamp", "unix_timestamp", "music_id", "tiktok_url"}),
        {
            "seen_at": ("timestamp", "unix_timestamp"), "post_id": ("id",), "account_id": ("author",), "account_name": ("author_full",), "text": ("body",),
            "hashtags": ("hashtags",), "likes": ("likes",), "reposts": ("shares",), "replies": ("comments",), "views": ("plays",),
        },
        "tiktok", other_clock="unix_timestamp",
    ),
    Shape(
        "4CAT, Facebook", frozenset({"id", "url", "body", "timestamp", "author", "author_name", "is_in_group", "group_name", "unix_timestamp"}),
        {"seen_at": ("unix_timestamp",), "post_id": ("id",), "account_id": ("author",), "account_name": ("author_name",), "text": ("body",), "media": ("image_url", "video_url")},
        "facebook", other_clock="timestamp",
    ),
)  # fmt: skip


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim a sample whose header is one of 4CAT's."""
    return claim(sample, SHAPES)


SOURCE = Source(
    "fourcat_csv", POST, recognise, read, ends=ends, specific=3,
    references=("https://github.com/digitalmethodsinitiative/4cat", "https://github.com/digitalmethodsinitiative/zeeschuimer"),
)  # fmt: skip
"""One record a row of the table; a row may hold line ends."""
