"""What is said of accounts: certain things first, signs for both explanations, and every number down to its posts."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from social.post_tables import posts_of
from vigie.social.account_timelines import feed, full_time, shifts
from vigie.social.accounts import accounts
from vigie.social.posts import once

DAY = 86_400


def rows_of(times, **same):
    """Posts at seconds after the start."""
    return [{"at": int(at), **same} for at in times]


def one(posts, **options):
    """The only account's row."""
    return accounts(posts, **options).accounts.row(0, named=True)


@pytest.fixture(scope="module")
def both():
    """A feed and a person at full time, sixty days each."""
    rng = np.random.default_rng(1)
    rows = rows_of(feed(rng, 60), account_id="feed", links=["https://news.example/a"]) + rows_of(full_time(rng, 60), account_id="person")
    return posts_of(*rows)


def test_a_feed_and_a_person(both):
    told = accounts(both)
    assert dict(told.accounts.select("account_id", "result").iter_rows()) == {"feed": "assisted", "person": "hand"}
    sums = told.contributions.group_by("account_id", maintain_order=True).agg(pl.col("contribution").sum())["contribution"].to_list()
    assert sums == pytest.approx(told.accounts["log10_lr"].to_list())


def test_every_post_is_behind_its_account(both):
    told = accounts(both)
    assert sorted(told.accounts["rows"].explode().to_list()) == both["row"].to_list()
    assert told.accounts["posts"].to_list() == told.accounts["rows"].list.len().to_list()


def test_the_order_of_the_rows_does_not_matter(both):
    one, other = accounts(both), accounts(both.sample(fraction=1, shuffle=True, seed=3))
    for table in ("accounts", "contributions", "marks", "bounds", "speech"):
        assert getattr(one, table).equals(getattr(other, table)), table


def test_what_an_account_declares_comes_first(both):
    told = one(both.filter(pl.col("account_id") == "feed").with_columns(declared=pl.lit("account.bot")))
    assert (told["result"], told["declared"], told["log10_lr"]) == ("declared", "account.bot", None)


def test_a_sample_and_times_to_the_day_have_no_score(both):
    some = both.filter(pl.col("account_id") == "feed")
    assert one(some, sampled=True)["result"] == "sampled" and one(some, sampled=True)["log10_lr"] is None
    assert one(some.with_columns(time_precision=pl.lit("day")))["result"] == "coarse"
    assert accounts(some, sampled=True).contributions.height == 0


def test_minutes_give_the_same_score_and_no_seconds(both):
    exact, minutes = accounts(both), accounts(both.with_columns(pl.col("seen_at").dt.truncate("1m"), time_precision=pl.lit("min")))
    assert exact.accounts["log10_lr"].to_list() == minutes.accounts["log10_lr"].to_list()
    assert minutes.accounts["second_share"].null_count() == 2 and exact.accounts["second_share"].null_count() == 0
    unseen = minutes.marks.filter(pl.col("mark") == "first_seconds")
    assert unseen["holds"].null_count() == 2, "what cannot be seen neither holds nor fails"


def test_articles_edits_and_deletions_are_no_posts_of_accounts():
    posts = posts_of({"kind": "post"}, {"kind": "edit"}, {"kind": "delete"}, {"platform": "site", "account_id": "news.example"})
    told = accounts(posts)
    assert told.accounts.select("account_id", "posts").rows() == [("11", 1)]


def test_the_same_id_on_two_platforms_is_two_accounts():
    assert accounts(posts_of({"platform": "x"}, {"platform": "mastodon"})).accounts["platform"].to_list() == ["mastodon", "x"]


def test_columns_may_come_as_the_archive_keeps_them(both):
    kept = both.with_columns(pl.col(name).cast(pl.Categorical) for name in ("feed", "file", "platform", "kind", "time_precision", "client", "declared"))
    assert accounts(once(kept)).accounts.equals(accounts(once(both)).accounts)


def test_no_posts_no_accounts():
    told = accounts(posts_of())
    assert told.accounts.height == told.marks.height == told.bounds.height == told.speech.height == 0


def test_many_posts_in_an_hour_on_three_days_are_beyond_one_person():
    times = np.concatenate([day * DAY + np.arange(10 * 60) * 60 for day in range(3)])
    told = accounts(posts_of(*rows_of(times)))
    assert told.bounds.drop("rows").rows() == [("x", "11", "full_hours", 60, 3, 1800)]
    assert told.bounds["rows"].list.len().item() == 1000
    assert told.accounts.select("bound", "result").row(0) == (True, "little"), "beside the score, not in it"


@pytest.mark.parametrize("times", [np.concatenate([day * DAY + np.arange(10 * 60) * 60 for day in range(2)]), np.concatenate([day * DAY + np.arange(9 * 60) * 60 for day in range(9)])])
def test_fewer_days_or_hours_are_not(times):
    assert accounts(posts_of(*rows_of(times))).bounds.height == 0


def test_three_own_posts_in_a_second_on_three_days_are_beyond_one_person():
    times = np.repeat(np.arange(3) * DAY + 7, 3)
    assert accounts(posts_of(*rows_of(times))).bounds.drop("rows").rows() == [("x", "11", "same_second", 3, 3, 9)]
    assert accounts(posts_of(*rows_of(times, kind="repost"))).bounds.height == 0, "one click each, and platforms may batch them"
    assert accounts(posts_of(*rows_of(times, time_precision="min"))).bounds.height == 0, "a minute is no second"


def sequence(*runs):
    """Posts in order: (count, what)."""
    what = {"link": {"links": ["https://news.example/a"]}, "repost": {"kind": "repost", "links": []}, "word": {"links": []}, "answer": {"kind": "reply", "links": []}, "unknown": {}}
    return posts_of(*[what[name] for count, name in runs for _ in range(count)])


@pytest.mark.parametrize(
    ("runs", "bursts"),
    [
        ([(10, "link"), (3, "word"), (10, "link")], 1),
        ([(10, "repost"), (2, "word"), (1, "answer"), (5, "link"), (5, "repost")], 1),
        ([(10, "link"), (3, "word"), (12, "link"), (4, "word"), (10, "repost")], 2),
        ([(10, "link"), (2, "word"), (10, "link")], 0),
        ([(9, "link"), (3, "word"), (10, "link")], 0),
        ([(10, "link"), (3, "word")], 0),
        ([(10, "link"), (3, "unknown"), (10, "link")], 0),
        ([(30, "word")], 0),
    ],
)
def test_sometimes_it_speaks(runs, bursts):
    told = accounts(sequence(*runs))
    assert told.accounts["speech_bursts"].to_list() == [bursts] and told.speech.height == bursts
    assert told.speech["rows"].list.len().to_list() == told.speech["posts"].to_list()


def test_a_burst_of_speech_leads_to_its_posts():
    told = accounts(sequence((10, "link"), (3, "word"), (10, "link"))).speech.row(0, named=True)
    assert told["rows"] == [10, 11, 12] and (told["until"] - told["seen_at"]).total_seconds() == 2


def test_speech_does_not_run_from_one_account_into_the_next():
    runs = sequence((10, "link"), (3, "word"), (10, "link")).with_columns(account_id=pl.Series(["a"] * 12 + ["b"] * 11))
    assert accounts(runs).speech.height == 0


def mark(told, name):
    row = told.marks.filter(pl.col("mark") == name).row(0, named=True)
    return row["speaks_for"], row["holds"]


def test_three_shifts_with_other_programs_are_a_sign_of_staff():
    times = np.sort(shifts(np.random.default_rng(6), 30))
    clients = [("One", "Two", "Three")[int(at % DAY - 2 * 3600) // (8 * 3600) % 3] for at in times]
    posts = posts_of(*[{"at": int(at), "client": client} for at, client in zip(times, clients, strict=True)])
    assert mark(accounts(posts), "turns") == ("staff", True)
    assert accounts(posts).accounts["turn_contrast"].item() > 0.5
    assert mark(accounts(posts.with_columns(client=pl.lit("One"))), "turns") == ("staff", False), "round the clock alone is no shift"


def test_who_posts_one_way_by_day_and_another_by_evening_is_not_three_people():
    posts = posts_of(*[{"at": day * DAY + hour * 3600, "client": "One" if hour < 16 else "Two"} for day in range(40) for hour in range(8, 24)])
    assert mark(accounts(posts), "turns") == ("staff", False)


def test_a_program_that_plans_is_a_sign_and_its_share_is_told():
    posts = posts_of(*[{"client": "dlvr.it"}] * 3, {"client": "Web App"}, {"client": None})
    told = accounts(posts)
    assert mark(told, "planned_client") == ("assisted", True)
    assert told.accounts.select("client", "client_share", "scheduler_share").row(0) == ("dlvr.it", 0.75, 0.75)
    assert mark(accounts(posts_of({})), "planned_client") == ("assisted", None)


def test_a_short_steady_lag_to_the_article_is_a_sign():
    links = [f"https://news.example/{index}" for index in range(20)]
    articles = [{"platform": "site", "account_id": "news.example", "links": [link], "at": index * 5000} for index, link in enumerate(links)]
    soon = [{"links": [link], "at": index * 5000 + 40 + index} for index, link in enumerate(links)]
    told = accounts(posts_of(*articles, *soon))
    assert told.accounts.select("lagged", "lag_seconds", "lag_spread").row(0) == (20, 49.5, pytest.approx(10, abs=1))
    assert mark(told, "feed_lag") == ("assisted", True)
    assert mark(accounts(posts_of(*articles, *({**post, "at": post["at"] + 137 * index} for index, post in enumerate(soon)))), "feed_lag") == ("assisted", False)
    assert mark(accounts(posts_of(*articles[:19], *soon[:19])), "feed_lag") == ("assisted", None)


def test_articles_a_day_count_reposts_and_tell_them_apart():
    posts = posts_of(*[{"links": ["https://news.example/a"]}] * 2, {"kind": "repost", "links": ["https://news.example/b"]}, {"links": []}, {"kind": "repost", "links": []})
    told = one(posts)
    assert (told["own"], told["reposts"], told["links"], told["links_passed_on"], told["articles_per_day"], told["link_share"]) == (3, 2, 2, 1, 3, pytest.approx(2 / 3))
    unknown = one(posts_of({}, {}))
    assert unknown["links"] is None and unknown["articles_per_day"] is None, "not told is not none"


def test_texts_that_come_again():
    long = "we are all here tonight and shall be tomorrow"
    rows = [{"text": long}, {"text": long}, {"text": long + " too"}, {"text": "short"}, {"text": "short"}]
    told = accounts(posts_of(*rows, {"text": long, "account_id": "22"})).accounts
    assert told.filter(pl.col("account_id") == "11").select("repeated_share", "shared_text_share").row(0) == pytest.approx((1 / 3, 2 / 3))


@settings(max_examples=15)
@given(st.lists(st.fixed_dictionaries({
    "text": st.none() | st.text(max_size=60), "account_id": st.text(max_size=3), "client": st.none() | st.text(max_size=5), "at": st.integers(0, 10**7),
    "kind": st.sampled_from(["post", "repost", "quote", "reply", "edit", "delete"]), "links": st.none() | st.lists(st.text(max_size=5), max_size=2),
}), max_size=30))  # fmt: skip
def test_any_text_is_harmless(rows):
    told = accounts(posts_of(*rows))
    assert told.accounts["posts"].sum() == sum(row["kind"] not in {"edit", "delete"} for row in rows)
