"""Links in one spelling: what is the same page, what is not, and that nothing a hostile text holds raises."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.sources.links import (
    LONGEST,
    MOST,
    canonical_link,
    canonical_links,
    domains_of,
    hosts_of,
    links_in_text,
    outward,
)

SAME = [
    ("https://www.gazette.example/ete/", "http://gazette.example/ete", "gazette.example/ete"),
    ("https://Gazette.Example/ete?utm_source=x&utm_medium=y&fbclid=1#haut", "https://m.gazette.example:443/ete", "gazette.example/ete"),
    ("https://gazette.example/a?b=2&a=1", "https://amp.gazette.example/a?a=1&b=2&ref=feed&gclid=7", "gazette.example/a?a=1&b=2"),
    ("https://gazette.example/2017/ete/amp/", "//gazette.example//2017/ete/index.html", "gazette.example/2017/ete"),
    ("https://youtu.be/abcdefghijk?t=30", "https://m.youtube.com/watch?v=abcdefghijk&feature=share", "youtube.com/watch?v=abcdefghijk"),
    ("https://www.youtube.com/shorts/abcdefghijk", "https://youtube.com/embed/abcdefghijk?rel=0", "youtube.com/watch?v=abcdefghijk"),
    ("https://twitter.com/a/status/1?s=20&t=Xy", "https://mobile.twitter.com/a/status/1", "x.com/a/status/1"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fgazette.example%2Fa%3Futm_campaign%3Dz&h=q", "https://gazette.example/a", "gazette.example/a"),
    ("http://xn--caf-dma.example/%C3%A9t%C3%A9", "http://café.example/été", "café.example/été"),
    ("http://gazette.example\\@other.example/a", "http://gazette.example/@other.example/a", "gazette.example/@other.example/a"),
    ("https://t.co/AbC1", "http://t.co/AbC1", "t.co/AbC1"),
]  # fmt: skip
OTHER = [
    ("https://t.co/AbC1", "https://t.co/abc1"),  # short links tell letters apart
    ("https://gazette.example/a?id=1", "https://gazette.example/a?id=2"),
    ("https://user:pass@gazette.example/a", "https://user/a"),
    ("https://le-m.example/", "https://le-example/"),
    ("https://gazette.example/a?url=https://other.example/b", "https://other.example/b"),  # only pages that do nothing but lead on are believed
    ("http://gazette.example@other.example/a", "http://gazette.example/a"),
]
NONE = ["", "mailto:a@b.example", "javascript:alert(1)", "a@b.example", "hello", "http://", "https://x.example:99999/", "http://[::1", "data:text/html,x", "http://a b c"]


@pytest.mark.parametrize(("one", "other", "link"), SAME)
def test_the_same_page_is_the_same_text(one, other, link):
    assert canonical_links(pl.Series([one, other])).to_list() == [link, link]


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_differs_stays_different(one, other):
    first, second = canonical_links(pl.Series([one, other]))
    assert first != second
    assert first is not None


def test_what_is_no_address_of_the_web_is_null():
    assert canonical_links(pl.Series(NONE)).to_list() == [None] * len(NONE)


def test_domains_are_the_registered_ones_where_they_are_known():
    links = canonical_links(pl.Series(["https://fr.gazette.co.uk/a", "https://a.b.gazette.example/x", "http://192.0.2.7:8080/", "http://[2001:db8::1]/a", None]))
    assert domains_of(links).to_list() == ["gazette.co.uk", "a.b.gazette.example", "192.0.2.7", "[2001:db8::1]", None]
    assert hosts_of(links).to_list() == ["fr.gazette.co.uk", "a.b.gazette.example", "192.0.2.7", "[2001:db8::1]", None]


def test_links_to_the_platform_itself_are_not_outward():
    lists = pl.Series([["https://x.com/a/status/1", "https://gazette.example/a", "http://www.gazette.example/a"], [], None, ["https://pic.twitter.com/x", "no link"]])
    links, domains = outward(lists, "x")
    assert links.to_pylist() == [["gazette.example/a"], [], None, []]
    assert domains.to_pylist() == [["gazette.example"], [], None, []]
    assert outward(lists, "telegram")[0].to_pylist()[0] == ["x.com/a/status/1", "gazette.example/a"]
    assert len(outward(pl.Series([[f"https://gazette.example/{n}" for n in range(500)]]), "x")[0][0]) == MOST


def test_addresses_in_a_text_are_found_without_the_marks_of_the_sentence():
    found = links_in_text(pl.Series(["Lire (https://gazette.example/a_b), et « https://t.co/x… »", "rien", None]))
    assert found.to_list() == [["https://gazette.example/a_b", "https://t.co/x"], [], None]


PARTS = st.sampled_from(
    ["http://", "HTTPS://", "www.", "m.", "amp.", "le-m.", "gazette.example", "Gazette.Example", ":443", ":8", "/", "//", "/a", "/Ab_c", "index.html", "/amp", ".amp",
     "?", "&", "a=1", "m=1", "m=2", "Source=twitter", "source=x", "REF=1", "=", "a", "v=abcdefghijk", "%2F", "x.com/", "google.com/url?q=http://a.example/b",  "utm_source=x", "s=20", "#x", "%", "%C3%A9", "é", "@", "\\", "[", "]", "youtu.be/", "twitter.com", " ", "\x00", ".", "..", "\u202e"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=9).map("".join), st.text(max_size=20).map(lambda text: "https://gazette.example/" + text)))
def test_columns_and_single_links_agree_and_the_spelling_is_stable(text):
    link = canonical_links(pl.Series([text], dtype=pl.String))[0]
    assert link == canonical_link(text)
    if link is not None:
        assert len(link) <= LONGEST
        assert "\x00" not in link
        assert hosts_of(pl.Series([link]))[0]
