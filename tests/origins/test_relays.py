"""Lists of relays speak for their own time, and a list that was not collected is no list."""

import datetime as dt
import ipaddress

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from vigie.origins.addresses import packed
from vigie.origins.relays import DAY, kept_text, listed, name_of, parsed_name, relay_list, told_time
from vigie.origins.store import keep_list, relay_lists
from vigie.origins.table import TableError

RELAY = SHARED / "origin" / "relay"


def at(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp() * 1e6)


def asked(lists, *pairs, numbers=None):
    some = packed(pa.array([address for address, _ in pairs], pa.string()))
    numbers = np.array(numbers or [None] * len(pairs), object)
    return listed(some, np.array([at(moment) for _, moment in pairs], np.int64), numbers, lists)


EXITS = """ExitNode 0011223344556677889900112233445566778899
Published 2022-06-01 04:00:00
LastStatus 2022-06-01 05:00:00
ExitAddress 192.0.2.7 2022-06-01 05:10:00
ExitAddress 2001:db8::7 2022-06-01 06:10:00
"""


def test_forms_of_lists():
    one = relay_list("# relays\n192.0.2.0/25\n198.51.100.9\n2001:db8::/48 # all\nAS64500 # Example\nhello\n", "vpn", 0)
    assert (one.entries, one.skipped, one.numbers) == (4, 1, {64500})
    found = asked([one], ("192.0.2.127", "1970-01-01"), ("192.0.2.128", "1970-01-01"), ("2001:db8:0:ff::1", "1970-01-01"), ("203.0.113.1", "1970-01-01"), numbers=[None, None, None, 64500])
    assert found.kind.tolist() == ["vpn", None, "vpn", "vpn"]
    tor = relay_list(EXITS, "tor_exit", told_time(EXITS))
    assert tor.at == at("2022-06-01T06:10:00")
    assert (tor.entries, tor.skipped) == (2, 0)
    assert relay_list("192.0.2.0/31,QX,QX-1,Town\n", "private_relay", 0).entries == 1


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "hello\nworld\n", "ExitNode 00\nPublished 2022-06-01 04:00:00\n"])
def test_an_empty_list_is_a_failed_collection(text):
    with pytest.raises(TableError, match="not collected"):
        relay_list(text, "tor_exit", 0)


def test_a_list_speaks_for_its_time():
    lists = [relay_list("192.0.2.7\n", "tor_exit", at("2022-06-01T12:00")), relay_list("192.0.2.8\n", "tor_exit", at("2022-06-08T12:00"))]
    found = asked(
        lists, ("192.0.2.7", "2022-06-01T18:00"), ("192.0.2.7", "2022-06-04T12:00"), ("192.0.2.7", "2022-06-08"), ("192.0.2.7", "2022-05-25T13:00"),
        ("192.0.2.7", "2022-05-25T11:00"), ("192.0.2.8", "2022-06-15T11:00"), ("192.0.2.8", "2022-06-15T13:00"), ("192.0.2.8", "2022-06-05T01:00"),
    )  # fmt: skip
    assert found.kind.tolist() == ["tor_exit", "tor_exit", None, "tor_exit", None, "tor_exit", None, "tor_exit"]
    assert found.checked.tolist() == [True, True, True, True, False, True, False, True]
    assert found.days[:2].tolist() == [0.25, 3.0]
    assert found.label[0] == "tor_exit 2022-06-01"


def test_the_most_telling_kind_is_shown():
    lists = [relay_list("192.0.2.0/24\n", kind, 0) for kind in ("hosting", "tor_exit", "vpn")]
    assert asked(lists, ("192.0.2.7", "1970-01-01")).kind.tolist() == ["tor_exit"]


def test_what_is_kept_comes_back(tmp_path):
    one = relay_list("192.0.2.0/25\n192.0.2.64/26\n198.51.100.9\n2001:db8::/48\n2001:db8:1::\nAS64500\n", "vpn", at("2022-06-01T12:00"))
    path = keep_list(tmp_path, one)
    assert path.name == "vpn@20220601T120000Z.txt" == name_of(one)
    [back] = relay_lists(tmp_path)
    assert kept_text(back) == kept_text(one)
    assert (back.at, back.kind, back.numbers) == (one.at, one.kind, one.numbers)
    (tmp_path / "relays" / "notes.txt").write_text("mine")
    (tmp_path / "relays" / "vpn@20221301T120000Z.txt").write_text("192.0.2.1")
    assert len(relay_lists(tmp_path)) == 1
    assert parsed_name("rumour@20220601T120000Z.txt") is None


def test_a_list_that_shrinks_by_more_than_half_is_refused(tmp_path):
    keep_list(tmp_path, relay_list("".join(f"192.0.2.{n}\n" for n in range(10)), "tor_exit", 1000 * DAY))
    few = relay_list("192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n", "tor_exit", 1001 * DAY)
    with pytest.raises(TableError, match="cut short"):
        keep_list(tmp_path, few)
    keep_list(tmp_path, few, force=True)
    keep_list(tmp_path, relay_list("192.0.2.1\n192.0.2.2\n", "tor_exit", 1002 * DAY))
    keep_list(tmp_path, relay_list("192.0.2.1\n", "vpn", 1002 * DAY))
    keep_list(tmp_path, relay_list("192.0.2.1\n", "tor_exit", 900 * DAY))  # older than what it is fewer than


@given(st.one_of(st.text(max_size=300), st.text("0123456789.:/AS# \nExitAddress", max_size=300)))
def test_any_text_ends_in_a_list_or_a_reason(text):
    try:
        one = relay_list(text, "tor_exit", 0)
    except TableError:
        return
    assert one.entries > 0
    again = relay_list(kept_text(one), "tor_exit", 0)
    assert kept_text(again) == kept_text(one)


@pytest.mark.skipif(not RELAY.is_dir(), reason="the development data is not there")
def test_exits_of_that_day():
    """Listed on the first of June and not on the eighth: a relay on the first, not on the twentieth."""
    first, second = ((RELAY / f"tor-exit-2022-06-{day}.lst").read_text() for day in ("01", "08"))
    gone = sorted(set(first.split()) - set(second.split()))
    assert gone
    lists = [relay_list(text, "tor_exit", at(day)) for text, day in ((first, "2022-06-01T11:30"), (second, "2022-06-08T11:30"))]
    assert [len(one.four.start) + len(one.six.start) for one in lists] == [len(set(text.split())) for text in (first, second)]
    found = asked(lists, *((address, "2022-06-01T12:00") for address in gone))
    assert set(found.kind) == {"tor_exit"}
    assert (found.days < 1).all()
    later = asked(lists, *((address, "2022-06-20") for address in gone))
    assert set(later.kind) == {None}
    assert not later.checked.any()
    with pytest.raises(TableError):
        relay_list((RELAY / "tor-exit-2020-06-01.lst").read_text(), "tor_exit", 0)


@pytest.mark.skipif(not RELAY.is_dir(), reason="the development data is not there")
@pytest.mark.parametrize(("name", "count"), [("x4b_datacenter_ipv4.txt", 42_566), ("x4b_vpn_ipv6.txt", 498)])
def test_published_networks(name, count):
    one = relay_list((RELAY / name).read_text(), "hosting", 0)
    assert (one.entries, one.skipped) == (count, 0)


@given(st.lists(st.tuples(st.one_of(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address), st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)), st.integers(0, 128)), min_size=1, max_size=12))
def test_networks_are_what_they_say(pairs):
    networks = [ipaddress.ip_network((str(address), min(length, address.max_prefixlen)), strict=False) for address, length in pairs]
    text = "\n".join(f"{address}/{min(length, address.max_prefixlen)}" for address, length in pairs)
    one = relay_list(text, "vpn", 0)
    asked_ = [type(network.network_address)(int(end)) for network in networks for end in (network.network_address, network.broadcast_address)]
    near = [type(one_)(max(0, min(2**one_.max_prefixlen - 1, int(one_) + step))) for one_ in asked_ for step in (-1, 0, 1)]
    mapped = [address for address in near if getattr(address, "ipv4_mapped", None) is None]
    found = asked([one], *((str(address), "1970-01-01") for address in mapped)).kind.tolist()
    for address, kind in zip(mapped, found, strict=True):
        assert (kind == "vpn") == any(address in network for network in networks), address


def test_only_lists_of_the_time_are_opened(tmp_path):
    for day in (0, 100, 200):
        keep_list(tmp_path, relay_list("192.0.2.1\n192.0.2.2\n", "tor_exit", day * DAY))
    assert [one.at // DAY for one in relay_lists(tmp_path, (95 * DAY, 101 * DAY))] == [100]
    assert [one.at // DAY for one in relay_lists(tmp_path, (108 * DAY, 192 * DAY))] == []
    assert len(relay_lists(tmp_path)) == 3
