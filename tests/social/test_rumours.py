"""Who had what first, who carries it, and what chance alone would show: on invented months whose truth is known."""

import random
import re
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from social.post_tables import START, posts_of
from vigie.social import disarm
from vigie.social.outlets import Group
from vigie.social.rumour_words import (
    LANGUAGES,
    claim_sentences,
    direction_sentence,
    relay_sentence,
    scope_sentences,
    symbiosis_sentences,
)
from vigie.social.rumours import Rumours, rumours
from vigie.social.rumours_precedence import flipped, poisson_binomial, precedence
from vigie.social.rumours_symbiosis import holm

HOUR, DAY = 3600, 86_400
DAY_US = 86_400_000_000
SPHERE = tuple(f"x:{one}" for one in range(1, 9))


def group(name, kind="other", domains=(), accounts=()):
    return Group(name, f"groupe {name}", f"group {name}", kind, tuple(domains), tuple(accounts), date(2026, 1, 1), "a list")


STATE, PRESS = group("state", "state_media", ["state.example"]), group("press", "mainstream", ["press.example"])
GROUPS = (STATE, PRESS, group("sphere", "sphere", accounts=SPHERE))


def article(site, number, at):
    return {"platform": "site", "account_id": f"{site}.example", "post_id": f"https://{site}.example/{number}", "links": [f"https://{site}.example/{number}"], "at": at,
            "title": f"{site} {number} {'abcdefghijklmnop'[number % 16] * 9} tells of matter {number * 7919} at length"}  # fmt: skip


def share(account, link, at, **more):
    return {"account_id": account, "links": [link], "at": at, "text": f"voir {link}", **more}


def month(seed=1, state=0.7, press=0.1, back=0.0):
    """A month: both sites publish, a sphere shares with these chances, and a share of the sphere's own blog posts is taken up by the state's site."""
    rng, rows = random.Random(seed), []
    for number in range(120):
        day = number // 4
        for site, chance in (("state", state), ("press", press)):
            at = day * DAY + rng.randrange(6 * HOUR, 12 * HOUR)
            rows.append(article(site, number, at))
            if rng.random() < chance:
                rows.append(share(str(rng.randrange(1, 9)), f"https://{site}.example/{number}", at + rng.randrange(HOUR, 10 * HOUR)))
        at = day * DAY + rng.randrange(6 * HOUR, 12 * HOUR)
        rows.append(share(str(rng.randrange(1, 9)), f"https://blog.example/{number}", at))
        if rng.random() < back:
            rows.append(article("state", 1000 + number, at + 5 * HOUR) | {"links": [f"https://state.example/{1000 + number}", f"https://blog.example/{number}"]})
    return posts_of(*rows)


def symbiosis_of(found, one="sphere", other="state", unit="url"):
    return found.symbiosis.filter((pl.col("unit") == unit) & (pl.col("a") == one) & (pl.col("b") == other) & (pl.col("cap") == timedelta(days=1))).row(0, named=True)


@pytest.fixture(scope="module")
def one_way():
    return rumours(month(), GROUPS)


def test_the_first_publisher_and_the_relays_of_an_article():
    posts = posts_of(
        article("state", 1, 0),
        share("1", "https://state.example/1", 600, post_id="p1"),
        {"account_id": "2", "kind": "repost", "ref_post_id": "p1", "links": ["https://state.example/1"], "at": 1200, "post_id": "p2", "text": "voir https://state.example/1"},
        {"account_id": "3", "kind": "quote", "ref_post_id": "p2", "links": ["https://state.example/1"], "at": 1800, "text": "regardez https://state.example/1"},
        {"account_id": "4", "kind": "reply", "ref_post_id": "p2", "links": ["https://state.example/1"], "at": 1900, "text": "non https://state.example/1"},
    )
    found = rumours(posts, GROUPS)
    claim = found.claims.filter(pl.col("unit") == "url").row(0, named=True)
    assert (claim["first_group"], claim["first_row"], claim["origin"], claim["posts"], claim["accounts"], claim["ties"], claim["hops"]) == ("state", 0, "state", 5, 5, 0, 3)
    edges = found.relays.filter(pl.col("claim") == claim["claim"]).select("parent_row", "child_row", "how", "hops").rows()
    assert edges == [(0, 1, "link", 1), (1, 2, "repost", 2), (2, 3, "quote", 3)]
    assert claim["peak_at"] == START
    assert claim["peak_posts"] == 5


def test_a_tie_is_a_tie_within_what_the_times_tell():
    rows = [share("1", "https://blog.example/1", 10), share("2", "https://blog.example/1", 55), share("3", "https://blog.example/1", 400)]
    for precision, ties in (("s", 0), ("min", 1), ("day", 2)):
        claim = rumours(posts_of(*rows, time_precision=precision)).claims.row(0, named=True)
        assert claim["ties"] == ties
    counter = rumours(posts_of(*rows, time_precision="min")).counter
    assert counter.select("code", "count", "rows").rows() == [("tie", 2, [0, 1])]


def test_the_relay_matrix_counts_items_and_lags(one_way):
    row = one_way.matrix.filter((pl.col("giver") == "state") & (pl.col("taker") == "sphere")).row(0, named=True)
    assert row["items"] == 120
    assert 70 <= row["relayed"] <= 100
    assert row["explicit"] == row["relayed"] == len(row["rows"])
    assert timedelta(hours=1) <= row["lag_low"] <= row["lag_median"] <= row["lag_high"] <= timedelta(hours=10)
    assert one_way.matrix.filter((pl.col("giver") == "sphere") & (pl.col("taker") == "state")).is_empty()


def test_ones_own_pages_show_no_direction(one_way):
    assert one_way.precedence.filter(pl.col("unit") == "url").is_empty()
    assert one_way.carried.filter(pl.col("origin") == "state").select("group", "links").row(0)[0] == "sphere"


def test_one_way_is_said_to_be_one_way(one_way):
    row = symbiosis_of(one_way)
    assert row["verdict"] == "one_way"
    assert row["p_ba"] < 0.05
    assert row["taken_by_a"] > row["expected_by_a"]


def test_symbiosis_is_said_only_both_ways_beside_a_comparison():
    posts = month(state=0.95, back=0.7)
    both = symbiosis_of(rumours(posts, GROUPS))
    assert (both["verdict"], both["comparison"], both["baseline"]) == ("symbiosis", "press", "groups")
    assert min(both["rate_ab"], both["rate_ba"]) > max(both["comparison_rate_to_b"], both["comparison_rate_from_b"])
    assert "symbiose" in symbiosis_sentences(both, GROUPS, "fr")[1]
    without = symbiosis_of(rumours(posts, (STATE, GROUPS[2])))
    assert without["verdict"] != "symbiosis"  # nothing to compare with


def test_a_sphere_that_carries_everybody_is_in_no_symbiosis():
    row = symbiosis_of(rumours(month(seed=3, state=0.6, press=0.6, back=0.05), GROUPS))
    assert row["verdict"] in {"not_shown"}


def test_a_sphere_of_fewer_than_five_is_not_shown():
    small = group("sphere", "sphere", accounts=SPHERE[:4])
    found = rumours(month(), (STATE, PRESS, small))
    assert found.scope.hidden == ("sphere",)
    assert "sphere" not in found.items["group"].to_list()
    seen = rumours(posts_of(share("1", "https://a.example/1", 0), share("2", "https://a.example/1", 9)), GROUPS)
    assert seen.scope.hidden == ("sphere",)  # declared with eight, seen with two
    assert seen.scope.unseen == ("state", "press")


def items_of(rng, many, low=1, high=6, days=20, lean=0.5):
    size_a, size_b = rng.integers(low, high, many), rng.integers(low, high, many)
    first = rng.integers(0, days, many) * DAY_US + rng.integers(0, DAY_US // 3, many)
    lag = rng.integers(60_000_000, 12 * 3_600_000_000, many)
    wins = rng.random(many) < (size_a / (size_a + size_b) if lean == 0.5 else lean)
    return pl.DataFrame({"first_a": np.where(wins, first, first + lag), "first_b": np.where(wins, first + lag, first), "accounts_a": size_a, "accounts_b": size_b, "unit": 1})


def test_labels_that_are_exchanged_are_rarely_significant():
    rng = np.random.default_rng(5)
    found = [precedence(items_of(rng, 60), DAY_US).p <= 0.05 for _ in range(200)]
    assert sum(found) <= 10


def test_a_larger_group_is_first_more_often_and_no_direction_is_shown():
    rng = np.random.default_rng(6)
    items = items_of(rng, 900, days=60).with_columns(accounts_b=pl.lit(14))
    wins = rng.random(900) < (items["accounts_a"] / (items["accounts_a"] + 14)).to_numpy()
    early, late = (pl.min_horizontal("first_a", "first_b"), pl.max_horizontal("first_a", "first_b"))
    told = precedence(items.with_columns(win=pl.Series(wins)).with_columns(first_a=pl.when("win").then(early).otherwise(late), first_b=pl.when("win").then(late).otherwise(early)), None)
    assert told.first_b > 3 * told.first_a
    assert told.p > 0.05


def test_who_is_truly_first_is_found_unless_it_was_one_evening():
    rng = np.random.default_rng(7)
    assert precedence(items_of(rng, 60, lean=0.9), DAY_US).p < 0.01
    evening = precedence(items_of(rng, 60, days=1, lean=0.9), DAY_US)
    assert evening.p_exchange < 0.001
    assert evening.p == 1.0  # one day is one event


def test_the_distribution_is_exact_where_it_is_small_and_near_where_it_is_large():
    assert poisson_binomial(3, np.array([0.5, 0.5, 0.5])) == pytest.approx(0.25)
    assert poisson_binomial(0, np.zeros(0)) == 1.0
    assert poisson_binomial(1100, np.full(2100, 0.5)) == pytest.approx(0.0308, abs=0.002)
    assert flipped(np.array([1.0, 1, 1, 1])) == 2 / 16
    assert flipped(np.array([1.0, 1, 1, 1]), both=False) == 1 / 16
    assert flipped(np.array([5.0] * 30)) == pytest.approx(1 / 20001)
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def mixed():
    rumour = "Le maire de Valbourg a vendu 3 terrains communaux à un promoteur"
    rows = [article("state", 1, 0) | {"title": rumour}]
    rows += [{"account_id": str(at), "text": f"{rumour} !!", "at": at * 900, "platform": "x" if at % 2 else "mastodon"} for at in range(1, 7)]
    rows += [{"account_id": "90", "text": rumour.replace("a vendu", "n'a pas vendu"), "at": 9000}]
    rows += [share(str(at), "https://state.example/1", 9500 + at) for at in range(2, 5)]
    return posts_of(*rows)


def test_a_denial_is_counter_evidence_and_not_a_part_of_the_claim():
    found = rumours(mixed(), GROUPS)
    claim = found.claims.filter(pl.col("unit") == "text").row(0, named=True)
    assert claim["posts"] == 7
    assert found.counter.filter((pl.col("claim") == claim["claim"]) & (pl.col("code") == "denied"))["rows"].to_list() == [[7]]
    assert 7 not in found.items["row"].to_list()


def test_the_time_line_adds_up_to_the_posts():
    found = rumours(mixed(), GROUPS)
    summed = found.timeline.group_by("claim").agg(pl.col("posts").sum()).sort("claim")
    assert summed.equals(found.claims.select("claim", "posts").sort("claim"))


def test_techniques_rest_on_facts_and_rows():
    found = rumours(mixed(), GROUPS)
    told = {one.id: one for one in disarm.of_rumours(found, GROUPS)}
    assert {"T0084.001", "T0084.002", "T0118", "T0119.002"} <= told.keys()
    assert all(one.rows and one.name == disarm.TECHNIQUES[one.id] for one in told.values())
    assert 0 not in told["T0084.002"].rows
    assert not {"T0002"} & disarm.TECHNIQUES.keys()
    assert disarm.of_accounts([("a", 0.9, (1,)), ("b", 1.2, (2,))])[0].subject == "b"
    reposted = posts_of(*({"account_id": str(at), "kind": "repost" if at else "post", "text": "Un texte assez long pour compter comme tel ici", "at": at} for at in range(5)))
    assert not disarm.of_rumours(rumours(reposted))


def test_order_of_rows_changes_nothing():
    posts = pl.concat([mixed(), month(seed=4, back=0.3)[:80].with_columns(pl.col("row") + 1000)])
    one, other = rumours(posts, GROUPS), rumours(posts.sample(fraction=1, shuffle=True, seed=3), GROUPS)
    for name in Rumours.__dataclass_fields__:
        left, right = getattr(one, name), getattr(other, name)
        if isinstance(left, pl.DataFrame):
            assert left.equals(right), name
    assert one.scope == other.scope


def test_nothing_is_no_error():
    for posts in (posts_of(), posts_of({"text": None}), posts_of({"text": "seul", "links": ["x" * 9000, "", "::"]}, {"links": ["x" * 9000, "https://[bad", None], "mentions": [""], "account_id": "9"})):
        found = rumours(posts, GROUPS)
        assert found.scope.posts == posts.height
        disarm.of_rumours(found, GROUPS)


def sentences(found):
    for language in LANGUAGES:
        yield from scope_sentences(found.scope, GROUPS, language)
        for row in found.matrix.iter_rows(named=True):
            yield relay_sentence(row, GROUPS, language)
        for row in found.precedence.iter_rows(named=True):
            yield direction_sentence(row, GROUPS, language)
        for row in found.symbiosis.iter_rows(named=True):
            yield from symbiosis_sentences(row, GROUPS, language)
        for row in found.claims.head(5).iter_rows(named=True):
            yield from claim_sentences(row, found.counter.filter(pl.col("claim") == row["claim"]).to_dicts(), GROUPS, language)


def test_sentences_are_whole_and_hold_no_word_that_is_too_strong(one_way):
    said = [*sentences(one_way), *sentences(rumours(mixed(), GROUPS))]
    assert len(said) > 40
    assert not [one for one in said if "{" in one or "None" in one]
    assert not [one for one in said if re.search(r"\b(bots?|robots?|trolls?|fake|faux compte|payés?|paid|operatives?|russ\w*|symbios\w*)\b", one, re.IGNORECASE)]
    assert any("First in our data" in one for one in said)
    assert any("Premier dans nos données" in one for one in said)
