"""A social post, a repost, or an article of a site that others share."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from vigie.records.schema import LABEL, TEXT, TIME, record

POSTED, REPOSTED, QUOTED, REPLIED, EDITED, DELETED = "post", "repost", "quote", "reply", "edit", "delete"
KINDS: Final = (POSTED, REPOSTED, QUOTED, REPLIED, EDITED, DELETED)
"""Own words; somebody else's post passed on as it is; passed on with own words; an answer; a later wording of one's own post; gone."""

PRECISIONS: Final = ("us", "ms", "s", "min", "day")
"""Values of `time_precision`: what the file tells `seen_at` to."""

TEXTS: Final = pa.list_(pa.string())

POST = record(
    "post",
    ("seen_at", TIME),  # when it was posted, by the field of the file that is hardest to forge
    ("time_precision", LABEL),  # one of `PRECISIONS`
    ("client_at", TIME),  # when the client says that it was made, where the file holds both
    ("edited_at", TIME),
    ("collected_at", TIME),
    ("platform", LABEL),  # x, bluesky, mastodon, telegram, truth, tiktok, facebook, site (articles), other
    ("post_id", TEXT),  # always text; null where the file holds none
    ("account_id", TEXT),  # stable id on the platform; of an article the site's registered host name
    ("account_name", TEXT),  # handle or display name, for one's own screen only
    ("kind", LABEL),  # one of `KINDS`
    ("ref_post_id", TEXT),  # post that is reposted, quoted or answered
    ("ref_account_id", TEXT),  # its account
    ("ref_account_name", TEXT),  # its account's name, where the file holds a name only (Telegram's forwarded_from)
    ("ref_at", TIME),  # when the original was posted
    ("title", TEXT),  # of an article
    ("text", TEXT),  # without what the platform puts around it ("RT @name: "); of a repost the original's text where the file holds it whole
    ("language", LABEL),  # ISO 639-1 as the file tells it
    ("client", LABEL),  # program that posted, as the file tells it
    ("declared", LABEL),  # how the account itself says that it is automated ("account.bot", "via_bot"); null where it does not
    ("links", TEXTS),  # addresses outside the platform, resolved by what the file holds, in canonical form
    ("domains", TEXTS),  # registered or exact hosts of `links`, lower case, without www
    ("hashtags", TEXTS),  # without #, lower case
    ("mentions", TEXTS),  # names or ids, without @
    ("media", TEXTS),  # hash or the platform's id of pictures and films
    ("likes", pa.int64()),
    ("reposts", pa.int64()),
    ("replies", pa.int64()),
    ("quotes", pa.int64()),
    ("views", pa.int64()),
)
"""Time, platform, account and kind are always there; every other column may be null: null says that the file does not hold it, never none.
An empty list says that the file holds the field and there is nothing in it."""
