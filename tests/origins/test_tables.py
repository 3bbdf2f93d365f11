"""Tables that the user brings: CSV, Parquet and .mmdb, whole or damaged; what is kept comes back the same."""

import datetime as dt
import gzip
import ipaddress
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SHARED
from origins.mmdb_writer import value, written
from vigie.origins.addresses import packed
from vigie.origins.geo_file import as_parquet, geo_table, table_of
from vigie.origins.kinds import kind_of_name, kinds_of, known
from vigie.origins.mmdb import networks
from vigie.origins.store import keep_table, tables
from vigie.origins.table import TableError, built_in, network_names

RAW = SHARED / "origin" / "geo" / "raw_samples"
DAY = dt.date(2017, 2, 1)


def ask(table, *addresses, column="country"):
    return table.ask(packed(pa.array(addresses, pa.string())), column).tolist()


def table(text, name="t"):
    return table_of(text.encode() if isinstance(text, str) else text, name, None, DAY)


FORMS = {
    "names": "start,end,country\n192.0.2.0,192.0.2.127,QX\n2001:db8::,2001:db8::ffff,QY\n",
    "network": "network,country_code\n192.0.2.0/25,QX\n2001:db8::/112,QY\n",
    "no names": "192.0.2.0,192.0.2.127,QX\n2001:db8::,2001:db8::ffff,QY\n",
    "no names, networks": "192.0.2.0/25,qx\n2001:db8::/112,QY\n",
    "numbers": f"{int(ipaddress.IPv4Address('192.0.2.0'))},{int(ipaddress.IPv4Address('192.0.2.127'))},QX\n{int(ipaddress.IPv6Address('2001:db8::'))},{int(ipaddress.IPv6Address('2001:db8::ffff'))},QY\n",
    "quotes and a remark": '# invented\n"192.0.2.0","192.0.2.127","QX"\n"2001:db8::","2001:db8::ffff","QY"\n',
    "windows": "network,country\r\n192.0.2.0/25,QX\r\n2001:db8::/112,QY\r\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_forms_of_csv(text):
    one = table(text)
    assert ask(one, "192.0.2.0", "192.0.2.127", "192.0.2.128", "2001:db8::ffff", "2001:db8::1:0", "x") == ["QX", "QX", None, "QY", None, None]
    assert (one.rows, one.skipped, one.date) == (2, 0, DAY)


def test_networks_with_names():
    one = table('192.0.2.0,192.0.2.255,64500,"Example, Inc."\n')
    assert ask(one, "192.0.2.7", column="asn") == [64500]
    assert ask(one, "192.0.2.7", column="network") == ["Example, Inc."]
    assert one.says == {"asn", "network"}


def test_lines_that_cannot_be_used_are_counted():
    one = table("network,country\n192.0.2.0/24,QX\nhello,QX\n198.51.100.0/24,France\n203.0.113.0/33,QX\n,\n")
    assert (one.rows, one.skipped) == (1, 4)
    assert ask(one, "198.51.100.7") == [None]
    backwards = table("start,end,country\n192.0.2.9,192.0.2.1,QX\n192.0.2.0,192.0.2.1,QY\n192.0.2.1,2001:db8::,QX\n")
    assert (backwards.rows, backwards.skipped) == (1, 2)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"hello", b"country\nFR\n", b"a,b\n1,2\n", b"network,country\n", b"PAR1", b"PAR1" + bytes(40) + b"PAR1", bytes(range(256)), b"\xab\xcd\xefMaxMind.com"])
def test_what_is_no_table_is_told(data):
    with pytest.raises(TableError):
        table(data)


@given(st.one_of(st.binary(max_size=400), st.text("0123456789.,:/\n\"'#QXabcountrynetwork", max_size=300).map(str.encode)))
def test_any_bytes_end_in_a_table_or_a_reason(data):
    try:
        one = table(data)
    except TableError:
        return
    assert one.rows > 0
    ask(one, "192.0.2.1", "2001:db8::1")


NETWORKS = {
    "192.0.2.0/25": {"country": {"iso_code": "QX"}}, "198.51.100.7/32": {"country_code": "QY"}, "2001:db8::/33": {"registered_country": {"iso_code": "QZ"}},
    "2001:db8:8000::1/128": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"}, "203.0.113.0/24": {"country": "QW", "asn": "AS64501", "as_name": "Other"},
}  # fmt: skip


@pytest.mark.parametrize("size", [24, 28, 32])
def test_mmdb(size):
    one = table(written(NETWORKS, size=size))
    assert one.date == dt.date(2023, 11, 14)
    assert one.rows == 5
    assert ask(one, "192.0.2.0", "192.0.2.127", "192.0.2.128", "198.51.100.6", "198.51.100.7", "2001:db8:7fff::1", "2001:db8:8000::1", "203.0.113.255") == [
        "QX", "QX", None, None, "QY", "QZ", None, "QW",
    ]  # fmt: skip
    assert ask(one, "2001:db8:8000::1", "203.0.113.255", "192.0.2.0", column="asn") == [64500, 64501, None]
    assert ask(one, "2001:db8:8000::1", "203.0.113.255", column="network") == ["Example", "Other"]


def test_mmdb_of_ipv4_alone():
    one = table(written({"192.0.2.0/24": {"country_code": "QX"}, "0.0.0.0/8": {"country_code": "QY"}}, six=False))
    assert ask(one, "192.0.2.255", "0.0.0.0", "1.0.0.0") == ["QX", "QY", None]


def test_the_copies_of_ipv4_in_an_mmdb_are_left_out():
    data = written({"0.0.0.0/1": {"country_code": "QX"}, "128.0.0.0/1": {"country_code": "QY"}, "2002:c000::/20": {"country_code": "QZ"}})
    found = networks(data)
    assert sorted(zip(found.four.tolist(), found.length.tolist(), strict=True)) == [(False, 20), (True, 1), (True, 1)]


def test_mmdb_values_of_all_kinds():
    one = {"a": [1, "x", {"b": 2**70}], "f": 1.5, "yes": True, "long": "y" * 300}
    assert networks(written({"192.0.2.0/24": one})).records == [one]


@given(st.data())
def test_a_damaged_mmdb_ends_in_a_table_or_a_reason(data):
    raw = bytearray(written(NETWORKS))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for bytes_ in (bytes(raw), bytes(raw[:cut]), bytes(raw[cut:])):
        try:
            ask(table(bytes_), "192.0.2.1", "2001:db8::1")
        except TableError:
            continue


def test_an_mmdb_that_points_to_itself_ends():
    bomb = b"".join(value([{}] * 0) for _ in range(1))
    about = value({"node_count": 1, "record_size": 24, "ip_version": 6, "build_epoch": 1})
    looping = (0).to_bytes(3, "big") + (0).to_bytes(3, "big") + bytes(16) + bomb + b"\xab\xcd\xefMaxMind.com" + about
    with pytest.raises(TableError):
        networks(looping)
    # a list of pointers to a list of pointers to …
    section, level = bytearray(value("x")), 0
    for _ in range(12):
        here = len(section)
        section += bytes([0x1D, 4, 100 - 29]) + struct.pack(">BB", 0x20 | (level >> 8 & 7), level & 255) * 100
        level = here
    tree = (1 + 16 + level).to_bytes(3, "big") * 2
    with pytest.raises(TableError):
        networks(tree + bytes(16) + bytes(section) + b"\xab\xcd\xefMaxMind.com" + about)


def test_parquet_as_published_and_as_kept(tmp_path):
    pq.write_table(pa.table({"start": pa.array([3221225984], pa.uint32()), "end": pa.array([3221226239], pa.uint32()), "cc": ["QX"]}), tmp_path / "four.parquet")
    six = {"start_hi": 0x20010DB800000000, "start_lo": 0, "end_hi": 0x20010DB8FFFFFFFF, "end_lo": 2**64 - 1}
    pq.write_table(pa.table({**{name: pa.array([one], pa.uint64()) for name, one in six.items()}, "asn": pa.array([64500], pa.uint32())}), tmp_path / "six.parquet")
    assert ask(geo_table(tmp_path / "four.parquet"), "192.0.2.255", "192.0.3.0") == ["QX", None]
    assert ask(geo_table(tmp_path / "six.parquet"), "2001:db8:ffff::1", "2001:db9::", column="asn") == [64500, None]
    whole = table(FORMS["names"], "whole")
    path = keep_table(tmp_path, whole)
    [kept] = tables(tmp_path)
    assert path.name == "whole@2017-02-01.parquet"
    assert (kept.name, kept.date, kept.rows, kept.says) == ("whole", DAY, 2, {"country"})
    assert ask(kept, "192.0.2.9", "2001:db8::2") == ["QX", "QY"]
    assert as_parquet(kept)
    with pytest.raises(TableError):
        as_parquet(built_in()[0])


def test_compressed_files(tmp_path):
    path = tmp_path / "places.csv.gz"
    path.write_bytes(gzip.compress(FORMS["names"].encode()))
    assert geo_table(path).name == "places"
    path.write_bytes(gzip.compress(FORMS["names"].encode())[:-9])
    with pytest.raises(TableError, match="damaged"):
        geo_table(path)


def test_overlaps_the_narrowest_wins():
    one = table("network,country\n192.0.2.0/24,QX\n192.0.2.64/26,QY\n192.0.2.70/32,QZ\n192.0.2.64/26,QW\n")
    assert ask(one, "192.0.2.63", "192.0.2.69", "192.0.2.70", "192.0.2.71", "192.0.2.128") == ["QX", "QY", "QZ", "QY", "QX"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Example Hosting Ltd", "hosting"), ("Example Web-Server, Inc.", None), ("Example Server Farm", "hosting"), ("University of Example", "education"), ("Ministry of Example", "government"),
        ("Example Telecom", "access"), ("Example Mobile Telecom", "mobile"), ("Example VPN", "vpn"), ("Hostess Foods", None), ("Example Freedom", None), ("", None),
        ("Université d'Exemple", "education"), ("Cloud University", "education"),
    ],
)  # fmt: skip
def test_what_a_name_says(name, kind):
    assert kind_of_name(name) == kind


def test_networks_that_everybody_knows_are_called_so():
    import numpy as np

    table_ = known()
    assert len(table_) > 70
    names = network_names(np.array(list(table_), np.uint32))
    for (number, (kind, begins)), name in zip(table_.items(), names.tolist(), strict=True):
        assert kind in ("hosting", "cdn", "vpn", "tor_exit")
        assert name.lower().startswith(begins.lower()), (number, name)
    kinds, grounds = kinds_of(np.array([16276, 64500, None], object), np.array(["OVH SAS", "Example Hosting", None], object))
    assert kinds.tolist() == ["hosting", "hosting", None]
    assert grounds.tolist() == ["network's number", "network's name", None]


@pytest.mark.skipif(not RAW.is_dir(), reason="the development data is not there")
@pytest.mark.parametrize("path", sorted(RAW.glob("*.csv")) if RAW.is_dir() else [], ids=lambda one: one.name)
def test_files_as_published(path):
    one = geo_table(path)
    lines = path.read_text("utf-8").splitlines()
    assert (one.rows, one.skipped) == (len(lines), 0)
    column = "asn" if "asn-ipv" in path.name and "country" not in path.name else "country"
    first = lines[0].split(",")[0]
    address = first if not first.isdigit() else str(ipaddress.ip_address(int(first)))
    assert ask(one, address, column=column)[0] is not None
    for family in (4, 6):
        half = one.half(family)
        if half is not None:
            assert (half.ranges.start[1:] > half.ranges.end[:-1]).all()
