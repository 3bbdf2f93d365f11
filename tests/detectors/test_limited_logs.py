"""Logs that are limited show it; those that are only quiet, or only loud, do not."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.flow_batches import MINUTE, batch_of, flow
from vigie.detectors.limited_logs import count, limited_logs, shown


def bucket(arrivals, per_minute, burst):
    """What a rule with a limit writes of packets that arrive so many a minute, evenly."""
    tokens, written = float(burst), []
    for packets in arrivals:
        lines = 0
        for second in range(60):
            tokens = min(float(burst), tokens + per_minute / 60)
            here = min(int(tokens), packets // 60 + (second < packets % 60))
            tokens, lines = tokens - here, lines + here
        written.append(lines)
    counts = np.array(written)
    minutes = np.arange(1000, 1000 + len(counts))
    return minutes[counts > 0], counts[counts > 0]


@pytest.mark.parametrize(("per_minute", "burst"), [(3, 10), (5, 5), (10, 5)])
def test_a_limit_shows_when_much_happens(per_minute, burst):
    minutes, counts = bucket([0, 0, 1, 0, *[6000] * 12, 0, 0, 1, 0, *[600] * 8], per_minute, burst)
    assert shown(minutes, counts, per_minute, burst) >= 0


def test_ufws_numbers():
    assert shown(np.array([19, 20, 21, 22, 23, 24, 37]), np.array([11, 4, 3, 2, 4, 2, 10]), 3, 10) == 0


@pytest.mark.parametrize("seed", range(10))
def test_what_is_not_limited_shows_nothing(seed):
    chance = np.random.default_rng(seed)
    for mean in (0.3, 1, 2, 4, 8, 30):
        counts = chance.poisson(mean, 1440)
        minutes = np.flatnonzero(counts) + 10_000
        for per_minute, burst in ((3, 10), (5, 5), (10, 5)):
            assert shown(minutes, counts[counts > 0], per_minute, burst) == -1, mean


@given(st.lists(st.integers(0, 60), min_size=1, max_size=50))
def test_more_than_the_limit_lets_through_is_not_limited(counts):
    found = np.array([*counts, 40])
    kept = found > 0
    assert shown(np.flatnonzero(kept), found[kept], 3, 10) == -1


def test_a_feed_is_limited_where_most_of_its_lines_are():
    minutes, counts = bucket([6000] * 12, 3, 10)
    ufw = pl.DataFrame({"feed": "kern.log", "rule": "[UFW BLOCK] ", "minute": minutes, "count": counts})
    other = pl.DataFrame({"feed": "kern.log", "rule": "[NFT DROP] ", "minute": minutes, "count": counts * 100})
    assert [row["whole"] for row in limited_logs(ufw).to_pylist()] == [True]
    [row] = limited_logs(pl.concat([ufw, other])).to_pylist()
    assert (row["rule"], row["whole"], row["per_minute"], row["burst"]) == ("[UFW BLOCK] ", False, 3, 10)
    assert row["signs"].startswith("12 lines in one minute, then 3, 3, 3, 3, 3")


def test_lines_of_firewalls_are_counted_by_rule_and_minute_and_flows_are_not():
    rows = [flow(random.Random(at).randrange(3) * MINUTE, "203.0.113.7", "192.0.2.10", at, rule_name="[A] ", source_packets=1) for at in range(30)]
    rows += [flow(0, "203.0.113.7", "192.0.2.10", 1, "established", source_packets=5, destination_packets=5), flow(0, "203.0.113.7", "192.0.2.10", 1, rule_name="x", event_kind="alert")]
    table = count(batch_of(rows))
    assert (sum(table.column("count").to_pylist()), set(table.column("key").to_pylist()), table.num_rows) == (30, {"[A] "}, 3)
