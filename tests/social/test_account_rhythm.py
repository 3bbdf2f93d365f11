"""Figures of rhythm, on timelines whose figures are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.social.account_rhythm import rhythm, timeline

DAY, HOUR = 86_400, 3600
MONDAY = 20_000 * DAY + 5 * DAY  # 2024-10-07


def figures(*accounts, told=None):
    owner = np.concatenate([np.full(len(times), place, np.int64) for place, times in enumerate(accounts)])
    second = np.concatenate([np.asarray(times, np.int64) for times in accounts])
    return rhythm(timeline(owner, second, len(accounts)), told).to_dicts()


def every(seconds, days, begin=MONDAY):
    return np.arange(begin, begin + days * DAY, seconds)


def test_a_post_every_hour():
    (row,) = figures(every(HOUR, 28))
    assert (row["posts"], row["active_days"], row["silent_days"], row["per_day"], row["per_day_max"], row["active_hours"]) == (672, 28, 0, 24, 24, 24)
    assert (row["gap_minutes"], row["burst_share"], row["same_gap"], row["mark_share"], row["gap_entropy"]) == (60, 0, 1, 1, 0)
    assert row["quiet_hours"] == 1 and row["night_hours"] == 0
    assert row["hour_entropy"] == pytest.approx(np.log(24))
    assert row["minute_excess"] == pytest.approx(np.sqrt(59), abs=0.02)
    assert row["evenness"] > 1.2


def test_a_post_a_day_is_in_the_middle_however_many_days():
    (row,) = figures(every(DAY, 200))
    assert row["bursts"] == pytest.approx(0.3) and row["evenness"] == pytest.approx(0.6)
    assert row["gap_minutes"] is None and row["same_gap"] is None


def test_posts_of_one_sitting_are_bursts():
    (row,) = figures(np.concatenate([MONDAY + day * DAY + np.arange(10) * 60 for day in range(40)]))
    strewn = 40 * 9 * (1 - np.exp(-3.5 * 10 / 1440))
    assert row["burst_share"] == 1 and row["bursts"] == pytest.approx((360 - strewn + 30) / (360 - strewn + 100))
    assert row["active_hours"] == 1 and row["evenness"] < 0.3


def test_many_posts_strewn_at_random_are_no_bursts():
    rng = np.random.default_rng(9)
    few, many = figures(*(np.sort(MONDAY + rng.integers(0, 40 * DAY, 40 * count)) for count in (20, 900)))
    assert few["burst_share"] < 0.1 and many["burst_share"] > 0.8
    assert few["bursts"] < 0.08 and many["bursts"] < 0.08


def test_one_sitting_makes_no_minute_of_the_hour():
    rng = np.random.default_rng(1)
    sittings = MONDAY + np.arange(60) * DAY + rng.integers(0, DAY, 60)
    (row,) = figures(np.concatenate([start + np.arange(20) for start in sittings]))
    assert row["minute_excess"] < 0.35


def test_quiet_is_told_of_usual_weeks_and_not_of_one_holiday():
    awake = np.concatenate([MONDAY + day * DAY + np.arange(8, 24) * HOUR for day in range(70) if not 30 <= day < 37])
    (row,) = figures(awake)
    assert row["quiet_hours"] == 9 and row["night_hours"] == 8


def test_summer_time_does_not_fill_the_night():
    """Over a year every hour is used, in no week more than sixteen are."""
    awake = np.concatenate([MONDAY + day * DAY + (np.arange(16) + 8 + day // 8) % 24 * HOUR for day in range(192)])
    (row,) = figures(awake)
    assert row["night_hours"] >= 7 and row["hour_entropy"] > 3.1


def test_seconds_change_nothing_but_their_own_share():
    rng = np.random.default_rng(2)
    exact = np.sort(MONDAY + rng.integers(0, 30 * DAY, 500))
    (told,) = figures(exact, told=np.ones(500, np.bool_))
    (untold,) = figures(exact // 60 * 60)
    assert untold.pop("second_share") is None and 0.05 < told.pop("second_share") < 0.15
    assert told.pop("quiet_hours") == pytest.approx(untold.pop("quiet_hours"), abs=0.02)
    assert told == untold


def test_first_seconds_are_told_of_exact_times_only():
    times = np.concatenate([every(HOUR, 10) + 2, every(HOUR, 10) + 1800])
    (row,) = figures(times, told=np.arange(480) % 2 == 0)
    assert row["second_share"] == 0.5 or 0 < row["second_share"] <= 1


TIMES = st.lists(st.lists(st.integers(-(10**9), 2 * 10**9), min_size=1, max_size=30), min_size=1, max_size=4)


@given(TIMES, st.randoms())
def test_any_times_in_any_order(accounts, random):
    one = figures(*accounts)
    assert one == figures(*(random.sample(times, len(times)) for times in accounts))
    for row, times in zip(one, accounts, strict=True):
        assert row["posts"] == len(times)
        numbers = [value for name, value in row.items() if value is not None and name != "silent_days"]
        assert np.isfinite(numbers).all()
        assert 0 <= row["hour_entropy"] <= np.log(24) + 1e-9 and 0 <= row["bursts"] < 1
