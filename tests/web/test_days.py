"""Days as the logs cover them, the trend only where it may be said, and the count of another time."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from vigie.attacks.count import Period, count
from vigie.attacks.trend import trend
from vigie.web.pages.home import day_rows, trend_line, unread_between

START = date(2017, 2, 1)


def at(day, hour=0, minute=0):
    return datetime.combine(START + timedelta(days=day), time(hour, minute), UTC)


@pytest.fixture
def facts(watch):
    return watch.state.facts


def covering(facts, *spans, counts=(3, 4, 5, 6, 7, 8, 9, 10, 11, 12)):
    """Ten days with so many attacks, of which the logs cover these times."""
    days = tuple(((START + timedelta(days=place)).isoformat(), n) for place, n in enumerate(counts))
    counted = replace(facts.count, days=days, first=spans[0][0], last=spans[-1][1], trend=trend([n for _, n in days[1:-1]]))
    return replace(facts, count=counted, covered=spans, days=tuple((day, "sql_injection", n) for day, n in days if n))


def test_a_day_that_the_logs_cover_in_part_says_so_and_one_without_any_is_not_zero(facts):
    rows = day_rows(covering(facts, (at(0, 9), at(3, 12)), (at(6, 0), at(9, 23, 58)), counts=(3, 0, 5, 6, 0, 0, 9, 10, 0, 12)))
    assert [one.partial for one in rows] == [True, False, False, True, True, True, False, False, False, False]
    assert [one.counts is None for one in rows] == [False, False, False, False, True, True, False, False, False, False]
    assert rows[1].counts == {}  # looked at, and nothing there


def test_attacks_of_a_day_that_no_log_covers_are_not_lost(facts):
    rows = day_rows(covering(facts, (at(0), at(3)), (at(6), at(9, 23, 59))))
    assert rows[4].counts == {"sql_injection": 7}
    assert rows[4].partial


def test_a_trend_is_drawn_where_the_test_says_that_there_is_one_and_nowhere_else(facts):
    rising = covering(facts, (at(0), at(9, 23, 59)))
    assert rising.count.trend.verdict == "rising"
    assert trend_line(rising, day_rows(rising)) == [None, *(pytest.approx(n) for n in range(4, 12)), None]
    flat = covering(facts, (at(0), at(9, 23, 59)), counts=(3, 9, 2, 8, 3, 9, 2, 8, 3, 9))
    assert flat.count.trend.verdict == "no clear trend"
    assert trend_line(flat, day_rows(flat)) == []
    holes = covering(facts, (at(0), at(3)), (at(6), at(9, 23, 59)))
    assert holes.count.trend.verdict == "rising"
    assert unread_between(holes)
    assert trend_line(holes, day_rows(holes)) == []


def test_the_page_tells_of_every_day_how_far_the_logs_cover_it(client, facts):
    found = client.get("/en/days.json").json()
    assert [one["covered"] for one in found["days"]] == ["none" if one.counts is None else "part" if one.partial else "whole" for one in day_rows(facts)]
    assert found["attacks"] == facts.count.attacks
    cut = client.get("/en/days.json", params={"since": "2017-02-02 12:00"}).json()
    assert (cut["days"][0]["day"], cut["days"][0]["covered"]) == ("2017-02-02", "part")
    assert "The logs cover only a part of these days" in client.get("/en/days", params={"since": "2017-02-02 12:00"}).text


@pytest.mark.parametrize("during", [Period(), Period(at(1)), Period(None, at(2, 5)), Period(at(1), at(3)), Period(at(300))])
def test_a_count_of_another_time_is_the_one_that_asks_all_signals_again(watch, during):
    with watch.state.alone():
        again = count(watch.state.catalogue.connection, watch.state.catalogue.settings, during=during)
    assert watch.state.count(during) == again
    for step, after in itertools.pairwise(again.ladder[3:]):  # from the signals on, everything goes on, is set aside, or is grouped
        assert step.count - sum(n for _, n in step.set_aside) - step.grouped == after.count
