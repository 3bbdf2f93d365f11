"""Bounds always enclose, shares add up to all, and better lists never raise what is certain."""

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.origins.book import Book, open_book, origins
from vigie.origins.geo_file import table_of
from vigie.origins.origin import DISPUTED, ORIGIN, PLACED, RELAYED, UNLOCATED
from vigie.origins.relays import relay_list
from vigie.origins.shares import UNITS, machine_of, placed_attacks, shares

DAY = dt.date(2017, 2, 1)
NOON = int(dt.datetime(2017, 2, 1, 12, tzinfo=dt.UTC).timestamp() * 1e6)


def pairs_of(rows):
    """Rows of attack, address, country, state, verified, signals."""
    names = ("attack_id", "address", "country", "state", "verified", "signals")
    kinds = (pl.String, pl.String, pl.String, pl.String, pl.Boolean, pl.Int64)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


@st.composite
def some_pairs(draw):
    rows = {}
    for _ in range(draw(st.integers(0, 25))):
        attack, address = draw(st.integers(0, 6)), draw(st.integers(0, 9))
        state = draw(st.sampled_from([PLACED, PLACED, RELAYED, DISPUTED, UNLOCATED]))
        country = None if state == UNLOCATED else draw(st.sampled_from(["QX", "QY", "QZ"]))
        rows[attack, address] = (f"a{attack}", f"s{address}", country, state, draw(st.booleans() | st.just(True)), draw(st.integers(1, 5)))
    return list(rows.values())


@given(some_pairs())
def test_bounds_enclose_and_shares_add_up(rows):
    pairs = pairs_of(rows)
    totals = {"attack": len({row[0] for row in rows}), "source": len({row[1] for row in rows}), "signal": sum(row[5] for row in rows)}
    for unit in UNITS:
        found = shares(pairs, unit)
        assert found.total == totals[unit]
        assert sum(one.placed for one in found.countries) + found.unknown == found.total
        assert sum(one.last_hop for one in found.countries) + found.nowhere == found.total
        for one in found.countries:
            assert 0 <= one.placed <= one.last_hop <= one.most <= found.total
            assert one.most == one.placed + found.unknown


@given(some_pairs())
def test_each_attack_is_in_out_or_unknown_as_defined(rows):
    """The definition of docs/origins.md, written once more, plainly."""
    expected = {}
    for attack in {row[0] for row in rows}:
        mine = [row for row in rows if row[0] == attack]
        clean = Counter(row[2] for row in mine if row[4] and row[3] == PLACED)
        expected[attack] = next((country for country, count in clean.items() if count >= 0.8 * len(mine)), None)
    for attack, country, state in placed_attacks(pairs_of(rows)).iter_rows():
        assert (country if state == PLACED else None) == expected[attack]


@given(some_pairs(), st.randoms())
def test_order_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    for unit in UNITS:
        assert shares(pairs_of(rows), unit) == shares(pairs_of(shuffled), unit)


@given(some_pairs(), st.integers(0, 9))
def test_a_relay_more_never_raises_the_lower_bound_nor_lowers_the_upper(rows, listed):
    after = [(a, s, c, RELAYED if s == f"s{listed}" and state in (PLACED, DISPUTED) else state, v, n) for a, s, c, state, v, n in rows]
    for unit in UNITS:
        old, new = shares(pairs_of(rows), unit), shares(pairs_of(after), unit)
        then = {one.country: one for one in new.countries}
        for one in old.countries:
            assert then[one.country].placed <= one.placed
            assert then[one.country].most >= one.most
            assert then[one.country].last_hop == one.last_hop


def test_a_worked_month():
    """4,000 attacks, half of the last hops in one country, 35 % of these and 25 % of the others through relays, 6 % disputed."""
    rng = np.random.default_rng(2026)
    country = np.where(rng.random(4000) < 0.5, "QX", "QY")
    relay = rng.random(4000) < np.where(country == "QX", 0.35, 0.25)
    disputed = rng.random(4000) < 0.06
    state = np.where(relay, RELAYED, np.where(disputed, DISPUTED, PLACED))
    found = shares(pairs_of([(f"a{n}", f"s{n}", country[n], state[n], True, 1) for n in range(4000)]))
    one = next(one for one in found.countries if one.country == "QX")
    assert one.last_hop / 40 == pytest.approx(50.4, abs=1.0)
    assert one.placed / 40 == pytest.approx(30.7, abs=1.0)
    assert one.most / 40 == pytest.approx(65.2, abs=1.0)


def test_what_may_be_forged_has_no_last_hop():
    found = shares(pairs_of([("a", "s", "QX", PLACED, False, 3), ("b", "s", "QX", PLACED, True, 2)]))
    [one] = found.countries
    assert (found.total, one.placed, one.last_hop, one.most, found.nowhere) == (2, 1, 1, 2, 1)
    assert found.unplaced == {"unverified": 1}


def test_four_of_five_sources():
    five = [("a", f"s{n}", "QX", PLACED, True, 1) for n in range(4)]
    assert shares(pairs_of([*five, ("a", "s4", "QY", PLACED, True, 1)])).countries[0].placed == 1
    mixed = shares(pairs_of([*five, ("a", "s4", "QY", PLACED, True, 1), ("a", "s5", "QY", PLACED, True, 1)]))
    assert mixed.unplaced == {"mixed": 1}
    assert mixed.countries[0].last_hop == 1


def table(text, name="t", date=DAY):
    return table_of(text.encode(), name, date, date)


def known(book, *addresses, seen=NOON):
    return origins(pa.array(addresses, pa.string()), np.full(len(addresses), seen, np.int64), book).to_pylist()


def test_nothing_is_there_and_everything_is_unknown():
    rows = known(Book(), "192.0.2.1", "8.8.8.8", "", "hello")
    assert [row["state"] for row in rows] == [UNLOCATED] * 4
    assert origins(pa.array([], pa.string()), np.zeros(0, np.int64), Book()).schema == ORIGIN


def test_tables_that_differ_are_shown_as_disagreement():
    first, second = table("192.0.2.0/24,QX\n198.51.100.0/24,QX\n", "first"), table("192.0.2.0/25,QX\n192.0.2.128/25,QY\n", "second")
    rows = known(Book((first, second)), "192.0.2.1", "192.0.2.200", "198.51.100.1", "203.0.113.1")
    assert [(row["country"], row["countries"], row["state"], row["tables"]) for row in rows] == [
        ("QX", "QX", PLACED, 2), ("QX", "QX QY", DISPUTED, 2), ("QX", "QX", PLACED, 1), (None, None, UNLOCATED, 0),
    ]  # fmt: skip


def test_a_built_in_table_alone_is_disputed_and_a_users_own_is_not():
    from dataclasses import replace

    shipped = tuple(replace(table(text, name), own=False) for text, name in (("1.0.0.0/8,QX\n", "one"), ("2.0.0.0/8,QY\n", "two")))
    assert [row["state"] for row in known(Book(built_in=shipped), "1.0.0.1", "2.0.0.1")] == [DISPUTED, DISPUTED]
    own = table("1.0.0.0/9,QX\n3.0.0.0/8,QZ\n", "own")
    assert [row["state"] for row in known(Book((own,), shipped), "1.0.0.1", "1.200.0.1", "2.0.0.1", "3.0.0.1")] == [PLACED, DISPUTED, DISPUTED, PLACED]
    newer = replace(own, date=DAY + dt.timedelta(days=200))
    assert Book((newer,), shipped).countries == (newer,)
    assert known(Book((newer,), shipped), "2.0.0.1")[0]["country"] is None


def test_networks_relays_and_own():
    geo = table("network,country,asn,network_name,kind,relay\n192.0.2.0/25,QX,64500,Example Hosting,,\n192.0.2.128/26,QX,64501,Example Net,access,vpn\n192.0.2.192/26,QX,64501,Example Net,access,\n")
    lists = (relay_list("192.0.2.7\n192.0.2.193\n", "tor_exit", NOON), relay_list("192.0.2.129\n", "hosting", NOON))
    rows = known(Book((geo,), (), lists, ("192.0.2.200/32",)), "192.0.2.1", "192.0.2.7", "192.0.2.129", "192.0.2.193", "192.0.2.194", "192.0.2.200")
    assert [(row["relay"], row["relay_list"], row["state"], row["network_kind"]) for row in rows] == [
        ("hosting", "network's name", RELAYED, "hosting"), ("tor_exit", "tor_exit 2017-02-01", RELAYED, "hosting"), ("vpn", "t 2017-02-01", RELAYED, "access"),
        ("tor_exit", "tor_exit 2017-02-01", RELAYED, "access"), (None, None, PLACED, "access"), (None, None, UNLOCATED, "access"),
    ]  # fmt: skip
    assert rows[1]["relay_days"] == 0
    assert rows[0]["relay_days"] is None
    assert rows[5]["reserved"] == "own"
    assert {row["asn"] for row in rows} == {64500, 64501}


def test_the_nearest_date_of_a_table_speaks():
    old, new = (table(f"192.0.2.0/24,{country}\n", "t", date) for country, date in (("QX", DAY), ("QY", DAY + dt.timedelta(days=100))))
    other = table("198.51.100.0/24,QZ\n", "other")
    book = Book((new, old, other))
    day = 86_400_000_000
    for days, country in ((-500, "QX"), (0, "QX"), (49, "QX"), (51, "QY"), (900, "QY")):
        rows = known(book, "192.0.2.1", "198.51.100.1", seen=NOON + days * day)
        assert [row["country"] for row in rows] == [country, "QZ"], days
        assert rows[0]["tables"] == 1
    seen = np.array([NOON, NOON + 90 * day, NOON], np.int64)
    assert origins(pa.array(["192.0.2.1"] * 3), seen, book).column("country").to_pylist() == ["QX", "QY", "QX"]


def test_an_old_table_is_told():
    one = table("192.0.2.0/24,QX\n")
    book = Book((one,))
    assert book.old(DAY + dt.timedelta(days=90)) is None
    assert book.old(DAY + dt.timedelta(days=91)) is one
    assert Book().old(DAY) is None


def test_a_book_of_files_and_folders(tmp_path, monkeypatch):
    from vigie.origins.store import keep_list, keep_table

    monkeypatch.setenv("VIGIE_ORIGINS", str(tmp_path / "user"))
    keep_table(tmp_path / "user", table("192.0.2.0/24,QX\n", "mine"))
    keep_list(tmp_path / "user", relay_list("192.0.2.7\n", "vpn", NOON))
    keep_table(tmp_path / "here", table("192.0.2.0/24,QY\n", "here"))
    (tmp_path / "now.csv").write_text("192.0.2.0/24,QZ\n")
    book = open_book([tmp_path / "now.csv"], [tmp_path / "here"])
    assert [one.name for one in book.own] == ["now", "here", "mine"]
    [row] = known(book, "192.0.2.7")
    assert (row["countries"], row["relay"]) == ("QZ QY QX", "vpn")
    assert [one.name for one in open_book(user=False).own] == []


def test_ipv6_is_counted_by_64_bits():
    some = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1", "192.0.2.1", "192.0.2.2"]
    found = shares(pairs_of([("a", address, "QX", PLACED, True, 1) for address in some]), "source")
    assert found.total == 4
    assert machine_of("2001:db8:0:1:ffff::2") == "2001:db8:0:1::/64"
    assert machine_of("hello:there") == "hello:there"
