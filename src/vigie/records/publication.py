"""A page that went online, as an export, a feed or a sitemap tells it."""

from __future__ import annotations

from vigie.records.schema import LABEL, TEXT, TIME, record

PUBLICATION = record(
    "publication",
    ("seen_at", TIME),  # when it went online
    ("url_full", TEXT),
    ("url_domain", TEXT),
    ("url_path", TEXT),  # normalised as the place of an attempt is; a guess where the document holds no address of the page
    ("title", TEXT),
    ("kind", LABEL),  # post, page …, in the words of the document
    ("status", LABEL),  # "online", or why it is not: draft, private, future …
    ("modified_at", TIME),
    ("publication_source", LABEL),  # wordpress_rest, wordpress_export, wp_posts, feed, sitemap
)
"""Time and path are always there; every other column may be null: null says that the document does not hold it."""
