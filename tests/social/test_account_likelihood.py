"""The likelihood ratio: what it is the sum of, whom it was never shown, and when it is silent."""

import numpy as np
import polars as pl
import pytest

from vigie.social.account_likelihood import FEATURES, RIDGE, fit, matrix, mixed_weights, reference, scored
from vigie.social.account_rhythm import rhythm, timeline
from vigie.social.account_timelines import ASSISTED, HAND, generated


@pytest.fixture(scope="module")
def fresh():
    """Invented accounts of another seed than the fit's, with scores."""
    account, second, ways = generated(np.random.default_rng(2026), 12)
    rhythms = rhythm(timeline(account, second, len(ways))).with_row_index("account").with_columns(way=pl.Series(ways))
    return rhythms, *scored(rhythms, reference())


def test_contributions_sum_to_the_score(fresh):
    _, scores, parts = fresh
    sums = parts.group_by("account").agg(pl.col("contribution").sum()).join(scores, on="account")
    assert sums.height == scores["log10_lr"].drop_nulls().len()
    assert sums.select((pl.col("contribution") - pl.col("log10_lr")).abs().max()).item() < 1e-9


def test_every_figure_is_given_with_its_rank_and_its_place_in_both_classes(fresh):
    _, scores, parts = fresh
    assert parts.group_by("account").agg(pl.col("weighs").sort())["weighs"].to_list() == [[1, 2, 3, 4]] * scores["log10_lr"].drop_nulls().len()
    assert parts["quantile_assisted"].is_between(0, 1).all() and parts["quantile_hand"].is_between(0, 1).all()
    heaviest = parts.group_by("account", maintain_order=True).agg(pl.col("contribution").abs())["contribution"].to_list()
    assert all(one == sorted(one, reverse=True) for one in heaviest)


@pytest.mark.parametrize(("ways", "wrong"), [(ASSISTED, "hand"), (HAND, "assisted")])
def test_ways_of_posting_are_hardly_ever_taken_for_the_other_explanation(fresh, ways, wrong):
    rhythms, scores, _ = fresh
    told = rhythms.join(scores, on="account").filter(pl.col("way").is_in(list(ways)))
    assert told.height == 12 * len(ways)
    assert (told["result"] == wrong).mean() <= 0.02


def test_feeds_and_schedules_are_found_and_full_time_people_too(fresh):
    rhythms, scores, _ = fresh
    said = rhythms.join(scores, on="account").group_by("way").agg(*((pl.col("result") == word).mean().alias(word) for word in ("assisted", "undecided", "hand")))
    by_way = {row["way"]: row for row in said.to_dicts()}
    assert by_way["feed"]["assisted"] >= 0.9 and by_way["schedule"]["assisted"] >= 0.9 and by_way["full_time"]["hand"] >= 0.7
    assert by_way["queue_partly"]["undecided"] >= 0.8, "three of ten by a queue fits both"


def test_a_figure_speaks_for_the_class_on_whose_side_of_neutral_it_lies(fresh):
    _, _, parts = fresh
    signs = dict(zip(reference().features, np.sign(reference().weight), strict=True))
    neutral = dict(zip(reference().features, reference().neutral, strict=True))
    for row in parts.to_dicts():
        assert np.sign(row["contribution"]) == signs[row["feature"]] * np.sign(row["value"] - neutral[row["feature"]])
    for name, value in neutral.items():
        medians = sorted(reference().quantiles[kind][name][10] for kind in ("assisted", "hand"))
        assert medians[0] <= value <= medians[1], name


def test_volume_decides_nothing():
    """People at work, with as many sittings and with four times as many; and times strewn at random, 15 a day and 60."""
    rng = np.random.default_rng(3)
    sittings = [np.concatenate([day * 86_400 + rng.integers(8 * 3600, 17 * 3600) + np.arange(6) * 90 for day in range(60) for _ in range(count)]) for count in (4, 16)]
    strewn = [rng.integers(0, 60 * 86_400, 60 * count) for count in (15, 60)]
    for results, times in (({"hand"}, sittings), ({"assisted", "undecided"}, strewn)):
        tables = [rhythm(timeline(np.zeros(len(some), np.int64), np.sort(some) + 20_000 * 86_400, 1)).with_columns(account=pl.lit(0)) for some in times]
        assert {scored(table, reference())[0]["result"].item() for table in tables} <= results


@pytest.mark.parametrize(("posts", "days"), [(99, 30), (500, 13)])
def test_with_too_little_there_is_no_score(posts, days):
    row = {"account": 0, "posts": posts, "active_days": days, **dict.fromkeys(FEATURES, 1.0)}
    scores, parts = scored(pl.DataFrame([row]), reference())
    assert scores.row(0) == (0, None, "little") and parts.height == 0


def test_newton_ends_where_the_slope_is_nothing():
    rng = np.random.default_rng(4)
    figures = rng.normal(size=(80, 3))
    assisted = figures[:, 0] + rng.normal(size=80) > 0.8
    weights = rng.uniform(0.2, 1, 80)
    neutral, width, weight = fit(figures, assisted, weights)
    design = (figures - np.average(figures, 0, weights)) / width
    prior = np.average(assisted, weights=weights)
    beta = weight * np.log(10)
    logit = np.log(prior / (1 - prior)) + (figures - neutral) / width @ beta
    residual = weights * (assisted - 1 / (1 + np.exp(-logit)))
    assert np.abs(design.T @ residual - RIDGE * beta).max() < 1e-6 and abs(residual.sum()) < 1e-6
    assert weight[0] > abs(weight[1]) and weight[0] > abs(weight[2])


def test_invented_accounts_count_for_a_share_of_the_observed_ones_of_their_class():
    assisted = np.array([True] * 2 + [False] * 4 + [True] * 10 + [False] * 5)
    observed = np.arange(21) < 6
    weights = mixed_weights(assisted, observed, 0.3)
    assert weights[:6].tolist() == [1] * 6
    assert weights[6:16].sum() == pytest.approx(0.6) and weights[16:].sum() == pytest.approx(1.2)


def test_one_extreme_figure_cannot_decide_alone():
    figures = matrix(pl.DataFrame([{**dict.fromkeys(FEATURES, 0.5), "minute_excess": 7.7}]))
    assert figures[0, FEATURES.index("minute_excess")] == 2


def test_the_reference_tells_what_it_was_trained_on():
    told = reference()
    assert told.features == FEATURES and set(told.quantiles) == {"assisted", "hand"}
    assert all(len(steps) == 21 and list(steps) == sorted(steps) for kind in told.quantiles.values() for steps in kind.values())
    assert all(count > 0 for count in told.classes.values()) and told.made
