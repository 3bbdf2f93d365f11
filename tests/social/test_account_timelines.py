"""Invented timelines are what they say, and the same for the same seed."""

import numpy as np
import pytest

from vigie.social.account_timelines import (
    ASSISTED,
    DAY,
    HAND,
    HOUR,
    feed,
    full_time,
    generated,
    queue,
    rule,
    schedule,
    shifts,
)


def test_the_same_seed_gives_the_same_accounts_and_another_does_not():
    one, same, other = (generated(np.random.default_rng(seed), 1) for seed in (1, 1, 2))
    assert one[2] == same[2] == [*ASSISTED, *HAND] and (one[1] == same[1]).all()
    assert len(one[1]) != len(other[1]) or (one[1] != other[1]).any()
    assert (np.diff(one[0]) >= 0).all() and set(one[0]) == set(range(len(one[2])))


@pytest.mark.parametrize("seed", range(4))
def test_a_schedule_has_at_most_four_minutes_of_the_hour(seed):
    assert len(set(schedule(np.random.default_rng(seed), 50) // 60 % 60)) <= 4


@pytest.mark.parametrize("seed", range(4))
def test_people_at_work_have_days_of_some_hours_and_shifts_have_none(seed):
    work, turns = (way(np.random.default_rng(seed), 50) for way in (full_time, shifts))
    assert (np.bincount((work // HOUR) % 24, minlength=24) <= 0.01 * len(work)).sum() >= 10
    assert (np.bincount((turns // HOUR) % 24, minlength=24) > 0).all()


@pytest.mark.parametrize(("way", "least", "most"), [(feed, 7, 62), (queue, 1, 25), (rule, 19, 820)])
def test_tools_post_as_often_as_they_are_said_to(way, least, most):
    for seed in range(4):
        at = way(np.random.default_rng(seed), 50)
        assert least * 50 <= len(at) <= most * 50 and np.ptp(at) <= 52 * DAY
