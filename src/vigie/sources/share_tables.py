"""Tables of shares that tools of coordination analysis read: CooRTweet's four columns and the eight of QUT's coordination network toolkit.

CooRTweet's object may be an address, which becomes a link, or anything else, which is taken for the id of a post that was passed on.

References:
    - https://github.com/nicolarighetti/CooRTweet
    - https://github.com/QUT-Digital-Observatory/coordination-network-toolkit
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
        "CooRTweet shares", frozenset({"object_id", "account_id", "content_id", "timestamp_share"}),
        {"seen_at": ("timestamp_share",), "post_id": ("content_id",), "account_id": ("account_id",), "object": ("object_id",)},
        "", doubt="objects that are no addresses are taken for posts that were passed on",
    ),
    Shape(
        "QUT coordination toolkit", frozenset({"message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"}),
        {
            "seen_at": ("timestamp",), "post_id": ("message_id",), "account_id": ("user_id",), "account_name": ("username",), "repost_id": ("repost_id",),
            "reply_id": ("reply_id",), "text": ("message",), "links": ("urls",),
        },
        "",
    ),
)  # fmt: skip


def recognise(sample: Sequence[bytes]) -> Recognition | None:
    """Claim a sample with the header of such a table."""
    return claim(sample, SHAPES)


SOURCE = Source(
    "share_tables", POST, recognise, read, ends=ends, specific=3,
    references=("https://github.com/nicolarighetti/CooRTweet", "https://github.com/QUT-Digital-Observatory/coordination-network-toolkit"),
)  # fmt: skip
"""One record a share."""
