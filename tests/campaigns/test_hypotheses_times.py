"""Working weeks and what follows publications, on months whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from vigie.campaigns.hypotheses_times import BIN, DAY, HOUR, MONDAY, WEEK, following, working_week


def month(random, extra, attacks=900, pages=40):
    """Attacks with a daily cycle, growth and busy days; pages in office hours of busy days; `extra` attacks after each page."""
    cycle = 1 + 0.8 * np.sin(np.arange(288) / 288 * 2 * np.pi)
    day = random.lognormal(0, 0.7, 30) * np.linspace(1, 3, 30)
    weight = (day[:, None] * cycle).ravel()
    starts = random.choice(8640, attacks, p=weight / weight.sum()) * BIN
    online = random.choice(30, pages, p=day / day.sum()) * DAY + random.integers(8, 18, pages) * HOUR + random.integers(0, HOUR, pages)
    after = np.repeat(online, extra) + random.exponential(40 * 60e6, pages * extra).astype(np.int64)
    return np.concatenate([starts, after]), online


def cries(seed, extra, months=200):
    """Share of months in which attacks are said to follow pages at 5 %."""
    random = np.random.default_rng(seed)
    return np.mean([following(*month(random, extra), redraws=199).p <= 0.05 for _ in range(months)])


def test_busy_days_and_office_hours_are_not_taken_for_following():
    assert cries(11, 0) <= 0.10


def test_what_follows_is_seen():
    assert cries(12, 2, 60) >= 0.95


def test_the_same_question_has_the_same_answer_in_any_order():
    starts, online = month(np.random.default_rng(4), 1)
    assert following(starts, online) == following(starts[::-1].copy(), online[::-1].copy())


def test_beginnings_within_two_hours_are_counted_exactly():
    online = np.asarray([10 * HOUR])
    starts = np.asarray([10 * HOUR - BIN, 10 * HOUR, 12 * HOUR - BIN, 12 * HOUR, 20 * HOUR])
    found = following(starts, online)
    assert (found.pages, found.found) == (1, 2)
    assert 0 < found.expected < 5


@pytest.mark.parametrize(("starts", "online"), [([], [5 * HOUR]), ([5 * HOUR], []), ([5 * HOUR], [40 * DAY]), ([0, 5000 * DAY], [0])])
def test_nothing_is_said_where_nothing_can_be(starts, online):
    assert following(np.asarray(starts, np.int64), np.asarray(online, np.int64)) is None


@pytest.mark.parametrize("begins", [-3, 0, 8, 20])
def test_a_working_week_is_found_where_it_is(begins):
    random = np.random.default_rng(6)
    days = MONDAY + 2800 * WEEK + random.integers(0, 4, 300) * WEEK + random.integers(0, 5, 300) * DAY + random.integers(begins, begins + 9, 300) * HOUR
    found = working_week(days)
    assert (found.begins, found.inside, found.of) == (begins, 300, 300) and found.p < 1e-9


def test_no_working_week_is_found_in_chance():
    random = np.random.default_rng(7)
    assert np.mean([working_week(random.integers(0, 4 * WEEK, 400)).p <= 0.05 for _ in range(200)]) <= 0.09


def test_too_few_or_too_short_is_no_week():
    random = np.random.default_rng(8)
    assert working_week(random.integers(0, 4 * WEEK, 29)) is None
    assert working_week(random.integers(0, WEEK, 400)) is None
    assert working_week(np.asarray([], np.int64)) is None
