"""Each post is counted once, in its latest wording."""

from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from social.post_tables import START, posts_of
from vigie.social.posts import once


def test_an_id_again_is_the_same_post_and_the_latest_wording_stays():
    kept = once(posts_of({"post_id": "1", "text": "first", "likes": 1}, {"post_id": "2"}, {"post_id": "1", "kind": "edit", "text": "second", "likes": 5, "at": 90}))
    assert kept["row"].to_list() == [0, 1]
    first = kept.row(0, named=True)
    assert (first["kind"], first["text"], first["likes"], first["latest_row"]) == ("post", "second", 5, 2)
    assert first["seen_at"] == START and first["edited_at"] == START + timedelta(seconds=90)


def test_a_later_collection_of_the_same_wording_brings_its_counts():
    day = timedelta(days=1)
    kept = once(posts_of({"post_id": "1", "at": 0, "likes": 9, "collected_at": START + day}, {"post_id": "1", "at": 0, "likes": 2, "collected_at": START}))
    assert kept["likes"].to_list() == [9]


def test_the_same_id_on_another_platform_is_another_post():
    assert once(posts_of({"post_id": "1"}, {"post_id": "1", "platform": "mastodon"})).height == 2


def test_a_deletion_takes_every_row_of_its_post():
    kept = once(posts_of({"post_id": "1"}, {"post_id": "1", "kind": "edit"}, {"post_id": "1", "kind": "delete"}, {"post_id": "2"}, {"post_id": "3", "kind": "delete"}))
    assert kept["post_id"].to_list() == ["2"]


def test_without_id_the_same_account_time_and_text_is_the_same_post():
    kept = once(posts_of({"text": "a", "at": 0}, {"text": "a", "at": 0}, {"text": "b", "at": 0}, {"text": "a", "at": 1}, {"text": "a", "at": 0, "account_id": "12"}))
    assert kept["row"].to_list() == [0, 2, 4, 3]


def test_articles_of_one_minute_with_other_titles_or_links_are_different():
    assert once(posts_of({"title": "a", "at": 0}, {"title": "b", "at": 0}, {"links": ["https://a.example"], "at": 0}, {"links": ["https://b.example"], "at": 0})).height == 4


def test_a_post_with_a_row_for_each_link_holds_all_of_them():
    kept = once(posts_of({"post_id": "1", "at": 0, "links": ["https://b.example/"]}, {"post_id": "1", "at": 0, "links": ["https://a.example/"]}))
    assert kept["links"].to_list() == [["https://a.example/", "https://b.example/"]]


def test_a_link_that_an_edit_took_away_is_gone():
    kept = once(posts_of({"post_id": "1", "links": ["https://a.example/"]}, {"post_id": "1", "kind": "edit", "at": 60, "links": []}))
    assert kept["links"].to_list() == [[]]


def test_an_edit_whose_post_is_unknown_stays_an_edit():
    assert once(posts_of({"post_id": "1", "kind": "edit"}))["kind"].to_list() == ["edit"]


def test_words_that_were_not_kept_are_told_apart_by_their_hash_and_without_it_by_their_line():
    posts = posts_of(*[{"at": 0}] * 6).with_columns(
        text_hash=pl.Series([7, 7, 8, None, None, None], dtype=pl.UInt64), letters=pl.lit(40), fingerprint=pl.Series([1, 2, 3, 4, 4, 5], dtype=pl.UInt64)
    )
    assert once(posts)["row"].to_list() == [0, 2, 3, 5]


def test_no_posts():
    assert once(posts_of()).height == 0


ROW = st.fixed_dictionaries(
    {
        "post_id": st.sampled_from([None, "1", "2"]),
        "kind": st.sampled_from(["post", "repost", "edit", "delete"]),
        "text": st.none() | st.text(max_size=4),
        "at": st.integers(0, 3),
        "links": st.none() | st.lists(st.sampled_from(["https://a.example/", "https://b.example/"]), max_size=2),
    }
)


@given(st.lists(ROW, max_size=12), st.randoms())
def test_the_order_of_the_rows_does_not_matter_and_twice_is_once(rows, random):
    posts = posts_of(*rows)
    shuffled = posts.sample(fraction=1, shuffle=True, seed=random.randrange(1000))
    kept = once(posts)
    assert kept.equals(once(shuffled))
    assert once(kept.drop("latest_row")).height == kept.height
