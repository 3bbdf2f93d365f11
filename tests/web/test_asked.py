"""Questions of an address: whatever stands there, the values are checked, bounded, and only ever parameters."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.web.asked import FILTERS, LONGEST, Asked, asked_from

NAMES = st.sampled_from([*FILTERS, "q", "nth", "item", "lang", "whole", "other"])


@given(st.dictionaries(NAMES, st.text(max_size=600)))
def test_any_address_is_a_question(given_values):
    asked = asked_from("fr", given_values)
    condition, values = asked.condition()
    assert condition.count("?") == len(values)
    assert asked.lang == "fr"
    assert not asked.whole
    assert all(len(str(getattr(asked, name))) <= LONGEST for name in (*FILTERS, "q"))


@given(st.dictionaries(NAMES, st.text(max_size=60)))
def test_an_address_that_is_written_is_read_again(given_values):
    asked = asked_from("en", given_values)
    path = asked.to("attacks", q=asked.q, nth=asked.nth)
    again = asked_from("en", dict(parse_qsl(urlsplit(path).query, keep_blank_values=True)))
    assert again == Asked(**{name: getattr(asked, name) for name in ("lang", *FILTERS, "q", "nth")})


@pytest.mark.parametrize(
    ("name", "value"),
    [("since", "2017-02-30"), ("since", "yesterday"), ("until", "0001-01-01"), ("family", "sql' or 1=1"), ("automation", "hand"), ("country", "France"), ("nth", "0"), ("nth", "-1"), ("nth", "\u0664"), ("asset", "a\0b")],
)
def test_what_is_no_value_is_left_out(name, value):
    assert asked_from("en", {name: value}) == Asked(lang="en")


def test_until_a_day_means_its_end():
    first, late = Asked(since="2017-02-01", until="2017-02-01").between()
    assert (late - first).total_seconds() == 86_400


def test_a_hostile_name_of_a_site_stays_a_parameter():
    condition, values = Asked(asset="x'; drop table attacks; --").condition()
    assert "drop" not in condition
    assert values == ["x'; drop table attacks; --"]
