"""Look-ups say what a naive search says: in gaps, at ends, in overlaps; and no address is taken for another."""

import ipaddress

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from vigie.origins.addresses import halves_of, packed, reserved, sixteen_of, tunnels
from vigie.origins.agreement import agreement
from vigie.origins.book import Book, countries, origins
from vigie.origins.geo_file import geo_table
from vigie.origins.ranges import ranges
from vigie.origins.table import built_in, letters_of

GEO = SHARED / "origin" / "geo"
FOUR = st.integers(0, 2**32 - 1)
SIX = st.integers(0, 2**128 - 1)


def naive(start, end, value):
    """The row of the narrowest range that holds a value; of equally wide ones that which begins later, of equal ones the first; -1 for none."""
    held = [(high - low, -low, row) for row, (low, high) in enumerate(zip(start, end, strict=True)) if low <= value <= high]
    return min(held)[2] if held else -1


@st.composite
def tables(draw, values, most):
    places = st.one_of(values, st.integers(0, 40), st.integers(most - 40, most))
    pairs = draw(st.lists(st.tuples(places, places).map(sorted), max_size=14))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def sixteen(values):
    return np.frombuffer(b"".join(one.to_bytes(16, "big") for one in values), "S16")


@given(tables(FOUR, 2**32 - 1), st.lists(FOUR, max_size=20))
def test_four_as_a_naive_search(table, asked):
    start, end = table
    asked = [*asked, *start, *end, *(max(0, one - 1) for one in start), *(min(2**32 - 1, one + 1) for one in end)]
    found = ranges(np.array(start, np.uint32), np.array(end, np.uint32))
    assert found.find(np.array(asked, np.uint32)).tolist() == [naive(start, end, one) for one in asked]
    assert (found.start[1:] > found.end[:-1]).all()


@given(tables(SIX, 2**128 - 1), st.lists(SIX, max_size=20))
def test_six_as_a_naive_search(table, asked):
    start, end = table
    asked = [*asked, *start, *end, *(max(0, one - 1) for one in start), *(min(2**128 - 1, one + 1) for one in end)]
    found = ranges(sixteen(start), sixteen(end))
    assert found.find(sixteen(asked)).tolist() == [naive(start, end, one) for one in asked]


def test_sorted_and_unsorted_look_ups_are_the_same():
    rng = np.random.default_rng(3)
    edges = np.sort(rng.choice(2**32, 4_000, replace=False)).astype(np.uint32)
    found = ranges(edges[::2], edges[1::2])
    asked = rng.integers(0, 2**32, 50_000, dtype=np.uint32)
    one_by_one = np.concatenate([found.find(part) for part in np.array_split(asked, 100)])
    assert (found.find(asked) == one_by_one).all()
    assert (one_by_one >= 0).any()
    assert (one_by_one < 0).any()


@given(st.lists(st.one_of(FOUR.map(ipaddress.IPv4Address), SIX.map(ipaddress.IPv6Address)), max_size=30))
def test_addresses_are_their_numbers(addresses):
    found = packed(pa.array([str(one) for one in addresses], pa.string()))
    six = iter(found.six.tolist())
    for one, family, four in zip(addresses, found.family.tolist(), found.four.tolist(), strict=True):
        mapped = getattr(one, "ipv4_mapped", None)
        if one.version == 4 or mapped:
            assert (family, four) == (4, int(mapped or one))
        else:
            assert family == 6
            assert int.from_bytes(next(six).ljust(16, b"\0"), "big") == int(one)


@given(st.lists(st.one_of(st.text(max_size=40), st.text("0123456789.:af", max_size=24), st.none()), max_size=30))
def test_what_is_no_address_is_none(texts):
    found = packed(pa.array(texts, pa.string()))
    for text, family, four in zip(texts, found.family.tolist(), found.four.tolist(), strict=True):
        if family == 4 and ":" not in text:
            parts = text.split(".")
            assert len(parts) == 4
            assert all(part.isascii() and part.isdigit() and len(part) <= 3 and int(part) < 256 for part in parts)
            assert four == int.from_bytes(bytes(map(int, parts)), "big")
        elif family == 0 and text:
            with pytest.raises(ValueError):
                ipaddress.IPv4Address(text)


def test_a_slice_of_texts_is_read_at_its_place():
    texts = pa.array(["192.0.2.1", "x", "2001:db8::1", "203.0.113.9"]).slice(1)
    found = packed(texts)
    assert found.family.tolist() == [0, 6, 4]
    assert found.four[2] == int(ipaddress.IPv4Address("203.0.113.9"))


def test_halves_and_bytes():
    high, low = np.array([0, 2**64 - 1, 5], np.uint64), np.array([7, 0, 2**63], np.uint64)
    back = halves_of(sixteen_of(high, low))
    assert back[0].tolist() == high.tolist()
    assert back[1].tolist() == low.tolist()


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("10.1.2.3", "private"), ("100.64.0.1", "shared by a provider"), ("127.0.0.1", "this machine"), ("169.254.9.9", "link"), ("192.0.2.0", "documentation"),
        ("192.0.1.255", None), ("192.0.3.0", None), ("198.17.255.255", None), ("198.18.0.0", "benchmarks"), ("223.255.255.255", None), ("224.0.0.0", "multicast"),
        ("255.255.255.255", "reserved"), ("::1", "this machine"), ("fe80::1", "link"), ("fd00::1", "private"), ("2001:db8::", "documentation"),
        ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", None), ("2001:db9::", None), ("2a00::1", None),
    ],
)  # fmt: skip
def test_reserved_space(address, word):
    assert reserved(packed(pa.array([address]))).tolist() == [word]


def test_tunnels_and_own_networks():
    some = packed(pa.array(["2002:c000:201::1", "2001:0:1::1", "64:ff9b::c000:201", "2003::1", "192.0.2.9"]))
    assert tunnels(some).tolist() == ["6to4", "Teredo", "NAT64", None, None]
    assert reserved(some, ("192.0.2.0/29", "2003::/16")).tolist() == [None, None, None, "own", "documentation"]


@pytest.mark.parametrize("table", built_in(), ids=lambda one: one.name)
@pytest.mark.parametrize("family", [4, 6])
def test_the_built_in_tables_are_in_order_and_disjoint(table, family):
    half = table.half(family)
    found = half.ranges
    assert len(found.start) > 60_000
    assert (found.start <= found.end).all()
    assert (found.start[1:] > found.end[:-1]).all()
    assert len(half.columns[next(iter(table.says))]) == len(found.start)


def test_the_built_in_tables_have_a_date_and_a_licence():
    assert len(built_in()) == 3
    for table in built_in():
        assert table.date is not None
        assert "CC BY 4.0" in table.licence
        assert table.rows == sum(len(table.half(family).ranges.start) for family in (4, 6))


def test_range_ends_of_the_built_in_tables():
    """Each range holds its two ends; the address behind its end is in another range or in none."""
    for table in built_in():
        found = table.half(4).ranges
        at = np.random.default_rng(1).choice(len(found.start), 20_000)
        assert (found.find(found.start[at]) == found.row[at]).all()
        assert (found.find(found.end[at]) == found.row[at]).all()
        behind = found.end[at][found.end[at] < 2**32 - 1] + np.uint32(1)
        rows = found.find(behind)
        following = np.searchsorted(found.start, behind)
        begins = (following < len(found.start)) & (found.start[np.minimum(following, len(found.start) - 1)] == behind)
        assert ((rows >= 0) == begins).all()


def text_of(numbers):
    return pa.array([str(ipaddress.IPv4Address(int(one))) for one in numbers])


def test_where_all_tables_agree_the_default_says_the_same():
    tables_ = [one for one in built_in() if "country" in one.says]
    asked = text_of(np.random.default_rng(5).integers(2**24, 2**32 - 2**29, 20_000))
    some = packed(asked)
    said = [one.codes(some) for one in tables_]
    book = Book(built_in=built_in())
    found = origins(asked, np.full(len(asked), 1_780_000_000_000_000), book)
    country = found.column("country").to_pylist()
    disputed = found.column("disputed").to_pylist()
    special = found.column("reserved").to_pylist()
    agreed = 0
    for first, second, word, dispute, why in zip(*(one.tolist() for one in said), country, disputed, special, strict=True):
        if why is not None:
            assert word is None
            continue
        assert word == (letters_of(first) or letters_of(second) or None)
        assert dispute == (first != second)
        agreed += first == second != 0
    assert agreed > 15_000
    assert countries(asked, book).to_pylist() == country


def test_the_quick_way_says_the_same_of_repeated_and_of_different_addresses():
    book = Book(built_in=built_in())
    few = text_of(np.random.default_rng(6).integers(2**24, 2**32 - 2**29, 40))
    row = np.random.default_rng(7).integers(0, 40, 20_000)
    expected = origins(few, np.zeros(40, np.int64), book).column("country").to_pylist()
    assert countries(few.take(pa.array(row)), book).to_pylist() == [expected[at] for at in row]
    many = text_of(np.arange(2**24, 2**24 + 20_000))
    assert countries(pa.chunked_array([many.slice(0, 9_000), many.slice(9_000)]), book).to_pylist() == countries(many.slice(0, 4_000), book).to_pylist() + countries(many.slice(4_000), book).to_pylist()


def test_agreement_is_counted_exactly(tmp_path):
    (tmp_path / "a.csv").write_text("192.0.2.0/25,QX\n192.0.2.128/25,QY\n")
    (tmp_path / "b.csv").write_text("192.0.2.0/26,QX\n192.0.2.64/26,QZ\n203.0.113.0/24,QY\n")
    found = agreement([geo_table(tmp_path / name) for name in ("a.csv", "b.csv")])
    assert {name: (one.all_, one.any_) for name, one in found.items()} == {"QX": (64, 128), "QY": (0, 384), "QZ": (0, 64)}
    assert found["QX"].share == 0.5
    assert found["QX"].space == 128 / 512


def test_agreement_of_the_built_in_tables():
    found = agreement(built_in())
    assert 0.9 < sum(one.space for one in found.values()) < 1 + 1e-9
    assert all(0 <= one.all_ <= one.any_ for one in found.values())
    assert found["CN"].share > 0.95 > found["NL"].share > found["LT"].share  # registries place leased blocks elsewhere


@pytest.mark.skipif(not GEO.is_dir(), reason="the development data is not there")
def test_the_sample_of_addresses_as_a_naive_search():
    import bisect

    sample = np.load(GEO.parent / "ip_sample.npy")
    texts = text_of(sample)
    some = packed(texts)
    assert (some.four == sample).all()
    for table in built_in():
        column = next(iter(table.says))
        found = table.half(4).ranges
        values = table.half(4).columns[column].to_pylist()
        start, end = found.start.tolist(), found.end.tolist()
        expected = []
        for one in sample.tolist():
            at = bisect.bisect_right(start, one) - 1
            expected.append(values[found.row[at]] if at >= 0 and one <= end[at] else None)
        assert table.ask(some, column).tolist() == expected


@pytest.mark.skipif(not GEO.is_dir(), reason="the development data is not there")
@pytest.mark.parametrize("name", ["asn-country", "geo-whois-asn-country"])
def test_the_built_in_tables_say_what_the_published_ones_say(name):
    """Neighbours were joined here, so rows differ and answers do not."""
    mine = next(one for one in built_in() if one.name == name)
    for family in (4, 6):
        other = geo_table(GEO / f"{name}-ipv{family}.parquet").half(family)
        half = mine.half(family)
        asked = np.concatenate([other.ranges.start, other.ranges.end, half.ranges.start, half.ranges.end])
        rows, others = half.ranges.find(asked), other.ranges.find(asked)
        said = np.array([*half.columns["country"].to_pylist(), None], object)[rows]
        assert (said == np.array([*other.columns["country"].to_pylist(), None], object)[others]).all()
