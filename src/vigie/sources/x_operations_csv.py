"""Twitter's archive of information operations: tables of tweets of 30 or 31 columns, ids of small accounts hashed.

The column of times is told to the minute, in UTC; the ids of the tweets tell it to the millisecond, where they agree with it.

References:
    - https://transparency.x.com/en/reports/moderation-research (releases of 2018 to 2021, with their readmes)
    - https://github.com/twitter-archive/snowflake/tree/snowflake-2010
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from vigie.records import POST
from vigie.sources.post_shapes import Shape, claim
from vigie.sources.post_tables import ends, read
from vigie.sources.source import Recognition, Source

SHAPES: Final = (
    Shape(
        "Twitter information operations",
        frozenset({"tweetid", "userid", "user_screen_name", "tweet_text", "tweet_time", "is_retweet", "retweet_tweetid", "quoted_tweet_tweetid"}),
        {
            "seen_at": ("tweet_time",), "post_id": ("tweetid",), "account_id": ("userid",), "account_name": ("user_screen_name",), "text": ("tweet_text",),
            "language": ("tweet_language",), "client": ("tweet_client_name",), "repost": ("is_retweet",), "repost_id": ("retweet_tweetid",),
            "repost_account_id": ("retweet_userid",), "quote_id": ("quoted_tweet_tweetid",), "reply_id": ("in_reply_to_tweetid",),
            "reply_account_id": ("in_reply_to_userid",), "hashtags": ("hashtags",), "links": ("urls",), "mentions": ("user_mentions",),
            "likes": ("like_count",), "reposts": ("retweet_count",), "replies": ("reply_count",), "quotes": ("quote_count",),
        },
        doubt="every account of this archive was taken down by the platform: it holds nobody to compare with",
    ),
)  # fmt: skip


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim a sample whose header is the archive's."""
    return claim(sample, SHAPES)


SOURCE = Source(
    "x_operations_csv", POST, recognise, read, ends=ends, specific=3,
    references=("https://transparency.x.com/en/reports/moderation-research",),
)  # fmt: skip
"""One record a tweet; a tweet may hold line ends."""
