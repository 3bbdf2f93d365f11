"""Logs of connections: what became of each, whatever stands beside it, however it was cut, and two records of the same traffic agree."""

import gzip
import ipaddress
import struct
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SHARED, batch_of
from vigie.engines.block import lines_of
from vigie.engines.files import blocks
from vigie.sources import argus, aws_vpc_flow, nfdump, pcap, suricata, zeek_conn, zeek_conn_json
from vigie.sources.flow_columns import FLAGS
from vigie.sources.flow_outcomes import OUTCOMES, conversations, first_flags
from vigie.sources.registry import recognise
from vigie.sources.source import Reading
from vigie.sources.zeek_states import outcome

NETWORK = SHARED / "network"
needs_data = pytest.mark.skipif(not NETWORK.is_dir(), reason="development data is not there")

ZEEK = "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\torig_pkts\tresp_pkts"
NFDUMP = "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,opkt,obyt"
ARGUS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,SrcPkts"


def zeek(ts="1711846800.5", source="203.0.113.7", port="50000", state="S0", history="S", host="192.0.2.10"):
    return f"{ts}\t{source}\t{port}\t{host}\t22\ttcp\t{state}\t{history}\t1\t0\n".encode()


def rows_of(source, lines, layout):
    found = source.read(batch_of(lines), Reading(layout=layout))
    found.validate(full=True)
    return [{name: value for name, value in row.items() if name != "byte_offset"} for row in found.to_pylist()]


@pytest.mark.parametrize(
    ("state", "history", "sent", "answered", "became", "flags"),
    [
        ("S0", "S", True, False, "unanswered", "S"),
        ("REJ", "Sr", True, True, "refused", "S"),
        ("SF", "ShADadFf", True, True, "established", "S"),
        ("S1", "ShA", True, True, "established", "S"),
        ("RSTO", "ShR", True, True, "established", "S"),
        ("RSTR", "ShADadr", True, True, "established", "S"),
        ("RSTR", "Fr", True, True, "refused", "F"),  # a FIN at a closed port
        ("RSTOS0", "SR", True, False, "unanswered", "S"),
        ("SH", "SF", True, False, "unanswered", "S"),
        ("SHR", "h", False, True, "reply", "SA"),
        ("SHR", "^h", False, True, "reply", "SA"),
        ("RSTRH", "^hr", False, True, "reply", "SA"),
        ("OTH", "H", True, False, "reply", "SA"),
        ("OTH", "R", True, False, "reply", "R"),
        ("OTH", "^r", False, True, "reply", "R"),
        ("OTH", "F", True, False, "unanswered", "F"),
        ("OTH", "A", True, False, "unanswered", "A"),
        ("OTH", "Ar", True, True, "refused", "A"),
        ("OTH", "", True, False, "unanswered", ""),  # no flag at all leaves no letter
        ("OTH", "r", True, True, "refused", ""),  # and the answer to it is the first letter
        ("OTH", "-r", True, True, "refused", ""),
        ("OTH", "DadA", True, True, "established", None),
        ("OTH", "C", True, False, "untold", None),  # only bad checksums
        ("OTH", None, True, False, "untold", None),  # the log has no history
        ("S0", None, True, False, "unanswered", None),
        ("", None, None, None, "untold", None),
    ],
)
def test_zeeks_states_of_tcp(state, history, sent, answered, became, flags):
    assert outcome("tcp", state, history, sent, answered, None) == (became, flags)


@pytest.mark.parametrize(
    ("transport", "state", "sent", "answered", "kind", "became"),
    [
        ("udp", "S0", True, False, None, "unanswered"),
        ("udp", "SF", True, True, None, "established"),
        ("udp", "SHR", False, True, None, "reply"),
        ("udp", "", True, None, None, "untold"),
        ("icmp", "OTH", True, False, 8, "unanswered"),
        ("icmp", "OTH", True, True, 8, "established"),
        ("icmp", "OTH", True, False, 3, "reply"),
        ("icmp", "OTH", True, False, 10, "untold"),
        ("ipv6-icmp", "OTH", True, False, 128, "unanswered"),
        ("ipv6-icmp", "OTH", True, False, 3, "reply"),
        ("sctp", "OTH", True, False, None, "unanswered"),
    ],
)
def test_zeeks_states_of_others(transport, state, sent, answered, kind, became):
    assert outcome(transport, state, "", sent, answered, kind) == (became, None)


@pytest.mark.parametrize(
    ("mine", "yours", "back", "became"),
    [
        (0x02, 0x00, 0, "unanswered"), (0x02, 0x14, 1, "refused"), (0x06, 0x12, 1, "established"), (0x1B, 0x1B, 8, "established"), (0x12, 0x00, 0, "reply"),
        (0x12, 0x04, 1, "reply"), (0x14, 0x00, 0, "reply"), (0x29, 0x00, 0, "unanswered"), (0x00, 0x14, 1, "refused"), (0x18, 0x18, 4, "established"),
        (0x18, 0x1C, 4, "established"), (-1, -1, 0, "unanswered"), (-1, -1, 3, "untold"), (0x02, -1, -1, "untold"),
    ],
)  # fmt: skip
def test_what_flags_of_both_sides_tell(mine, yours, back, became):
    found = conversations(np.array([True]), np.array([mine]), np.array([yours]), np.array([back]))
    assert OUTCOMES[found[0]] == became


def test_without_flags_packets_that_came_back_are_an_answer():
    assert [OUTCOMES[code] for code in conversations(np.zeros(3, bool), *(np.full(3, -1),) * 2, np.array([0, 1, -1]))] == ["unanswered", "established", "untold"]


@pytest.mark.parametrize(
    ("mine", "packets", "yours", "flags"),
    [(0x02, 3, -1, "S"), (0x12, 1, -1, "SA"), (0x12, 3, -1, None), (0x12, 3, 0x12, "S"), (0x1B, 9, 0x1B, "S"), (0x29, 2, 0, "FPU"), (0x10, 4, 0, None),
     (0x10, 1, 0, "A"), (0x00, 2, 0, ""), (0x14, 1, -1, "RA"), (-1, 1, -1, None)],
)  # fmt: skip
def test_flags_of_the_first_packet_are_given_only_where_the_sum_tells_them(mine, packets, yours, flags):
    bits, known = first_flags(np.array([True]), np.array([mine]), np.array([packets]), np.array([yours]))
    assert (FLAGS[bits[0]] if known[0] else None) == flags


ODD = st.sampled_from(["", "-", " 5", "5 ", "0x1f", "0X1F", "1e9", "1.5", "5.", ".5", "+5", "-5", "nan", "inf", "1e999", "9" * 18, "9" * 25, "٣", "5_0", "\ufeff5", "a"])


@given(ts=ODD, port=ODD, packets=ODD, beside=st.sampled_from([b"broken\n", b"\xff\xfe\t\n", b"x\ry\n", zeek(), zeek(ts="soon")]))
def test_a_line_means_the_same_whatever_stands_beside_it(ts, port, packets, beside):
    line = f"{ts}\t203.0.113.7\t{port}\t192.0.2.10\t22\ttcp\tS0\tS\t{packets}\t0\n".encode()
    alone = rows_of(zeek_conn, [line], ZEEK)
    assert rows_of(zeek_conn, [beside, line], ZEEK)[1:] == alone
    assert rows_of(zeek_conn, [line, beside], ZEEK)[:1] == alone
    assert rows_of(zeek_conn, [line.replace(b"\n", b"\r\n"), beside], ZEEK)[:1] == alone


@pytest.mark.parametrize(
    ("source", "layout", "line"),
    [
        (zeek_conn, ZEEK, zeek()),
        (aws_vpc_flow, "", b"2 111122223333 eni-0e1ab 203.0.113.7 192.0.2.10 56992 22 6 1 44 1711846800 1711846801 ACCEPT OK\n"),
        (nfdump, NFDUMP, b"2024-03-31 01:00:00,2024-03-31 01:00:02,2.4,203.0.113.7,192.0.2.10,56992,22,TCP,....S.,1,44,0,0\n"),
        (argus, ARGUS, b"2024/03/31 01:00:00.5,1.5,tcp,203.0.113.7,56101,   ->,192.0.2.10,443,S_RA,2,1\n"),
    ],
)  # fmt: skip
def test_lines_without_an_end_with_two_and_with_a_mark(source, layout, line):
    bare = line.rstrip(b"\n")
    lines = [bare, line, bare + b"\r\n", line, b"\xef\xbb\xbf" + line, bare]
    found = rows_of(source, lines, layout)
    assert [found[place]["source_address"] for place in (0, 1, 2, 3, 5)] == ["203.0.113.7"] * 5
    assert found[4] == rows_of(source, [b"\xef\xbb\xbf" + line], layout)[0]


@given(st.lists(st.sampled_from([zeek(), zeek(history="\x00"), zeek(state="é"), zeek(history="\xff"), b"\n", b"\r\n", b"\t\n", b"#\n", b"#fields\n", b"#fields\tts\n", b"\xff\n"]), max_size=12))
def test_zeek_takes_anything(lines):
    assert len(rows_of(zeek_conn, lines, ZEEK)) == len(lines)


def test_a_file_of_several_logs_is_read_by_the_header_of_each():
    other = "#fields|proto|id.resp_p|id.resp_h|id.orig_p|id.orig_h|ts|conn_state|note"
    lines = [zeek(), (other + "\n").encode(), b"udp|53|192.0.2.10|4000|203.0.113.9|1711846900|S0|x\n", zeek(), (ZEEK + "\n").encode(), zeek(source="203.0.113.8"),
             b"#fields\tts\tnote\n", zeek()]  # fmt: skip
    found = rows_of(zeek_conn, lines, ZEEK)
    assert [row["source_address"] for row in found] == ["203.0.113.7", None, "203.0.113.9", None, None, "203.0.113.8", None, None]
    assert [row["unread"] for row in found] == [
        None, "header line", None, zeek_conn.NO_FIT, "header line", None, "header line", zeek_conn.NO_CONNECTION,
    ]  # fmt: skip


def test_words_for_nothing_that_a_file_chose():
    lines = [b"#unset_field\tNIL\n", zeek(state="NIL", history="NIL")]
    assert (rows_of(zeek_conn, lines, ZEEK)[1]["connection_state"], rows_of(zeek_conn, lines[1:], ZEEK)[0]["connection_state"]) == (None, "NIL")


def test_a_log_whose_beginning_was_cut_away():
    line = b"1711846801.5\tC\t203.0.113.7\t56992\t192.0.2.10\t22\ttcp\t-\t0.000046\t0\t0\tREJ\t-\t-\t0\tSr\t1\t44\t1\t40\t-"
    claim = zeek_conn.recognise([line[60:], line, line + b"\t6", line])
    assert (claim.share, bool(claim.doubt)) == (0.5, True)
    assert zeek_conn.recognise([b"a\tb", line[:60]]) is None


@pytest.mark.parametrize("log", ["http", "dns", "notice"])
def test_other_logs_of_zeek_are_no_connections(log):
    fields = {"http": "method\thost\turi", "dns": "proto\tquery\trcode", "notice": "proto\tnote\tmsg"}[log]
    sample = [f"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t{fields}".encode(), b"1711846800.5\tC\t203.0.113.7\t1\t192.0.2.10\t80\ta\tb\tc"]
    assert zeek_conn.recognise(sample) is None
    assert recognise(sample, "", Reading()) is None


def test_events_of_eve_make_it_suricatas_even_when_few_are_flows():
    other = b'{"timestamp":"2024-03-31T01:06:00+0000","flow_id":9,"event_type":"dns","src_ip":"203.0.113.7","dest_ip":"192.0.2.10","proto":"UDP"}'
    assert recognise([other] * 20, "", Reading()).source is suricata.SOURCE
    many = [b'{"event_type":"kind%d"}\n' % number for number in range(200)]
    reasons = [row["unread"] for row in rows_of(suricata, many, "")]
    assert reasons[0] == "event type kind0 is not looked at"
    assert set(reasons[64:]) == {suricata.NO_EVENT}


def test_the_order_of_json_sources_does_not_matter():
    entry = b'{"ts":1711846800.3,"id.orig_h":"203.0.113.7","id.orig_p":5,"id.resp_h":"192.0.2.10","id.resp_p":53,"proto":"udp","conn_state":"S0","history":"D"}'
    assert recognise([entry], "", Reading()).source is zeek_conn_json.SOURCE


# captures

SYN, ACK, RST = 2, 16, 4


def frame(source="203.0.113.7", host="192.0.2.10", port=50000, to=22, flags=SYN, data=b""):
    segment = struct.pack(">HHIIBBHHH", port, to, 1, 0, 80, flags, 1024, 0, 0) + data
    packed = ipaddress.ip_address(source).packed + ipaddress.ip_address(host).packed
    return b"\0" * 12 + struct.pack(">HBBHHHBBH", 0x0800, 0x45, 0, 20 + len(segment), 7, 0, 64, 6, 0) + packed + segment


def capture(frames, order="<", ticks=1_000_000):
    magic = 0xA1B2C3D4 if ticks == 1_000_000 else 0xA1B23C4D
    records = (struct.pack(order + "IIII", 1711846800 + number, number, len(one), len(one)) + one for number, one in enumerate(frames))
    return struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, 1) + b"".join(records)


class Given:
    """A stream of bytes that are there."""

    def __init__(self, data):
        self.data = data

    def take(self, size):
        part, self.data = self.data[:size], self.data[size:]
        return part


def cut(data, reading, step):
    """Rows of a capture that is read in blocks of about so many bytes."""
    rows = []
    for at, block in blocks(Given(data), step, 0, lambda held: pcap.ends(held, reading, False)):
        rows += pcap.read(lines_of(block, "", "", at, pcap.ends(block, reading, True)), reading).to_pylist()
    return rows


@given(st.lists(st.integers(0, 200), max_size=20), st.sampled_from("<>"), st.sampled_from([1_000_000, 1_000_000_000]), st.integers(1, 400))
def test_a_capture_gives_the_same_rows_wherever_it_is_cut(sizes, order, ticks, step):
    data = capture([frame(port=1000 + number, data=b"x" * size) for number, size in enumerate(sizes)], order, ticks)
    reading = Reading(layout=pcap.claims(data).layout)
    rows = cut(data, reading, step)
    assert [row["source_port"] for row in rows] == [None, *range(1000, 1000 + len(sizes))]
    assert rows == cut(data, reading, len(data))
    assert [row["byte_offset"] for row in rows] == [0, *(24 + sum(70 + size for size in sizes[:number]) for number in range(len(sizes)))]


LONG = capture([frame(port=1000 + number) for number in range(6000)])


@settings(max_examples=15)
@given(st.integers(24, 24 + 70 * 9), st.binary(max_size=300), st.integers(0, 30))
def test_packets_behind_damage_are_found_again(at, noise, gone):
    spoiled = LONG[:at] + noise + LONG[at + gone :]
    reading = Reading(layout=pcap.claims(LONG).layout)
    found = pcap.read(lines_of(spoiled, "", "", 0, pcap.ends(spoiled, reading, True)), reading)
    ports = found.column("source_port").to_pylist()
    # a wrong length may claim what the longest packet holds
    assert ports[-1500:] == [*range(5500, 7000)]


@pytest.mark.parametrize("length", [71, 100, 5000])
def test_one_wrong_length_costs_one_packet(length):
    data = bytearray(capture([frame(port=1000 + number) for number in range(200)]))
    struct.pack_into("<I", data, 24 + 70 * 7 + 8, length)
    rows = cut(bytes(data), Reading(layout=pcap.claims(bytes(data)).layout), len(data))
    assert [row["source_port"] for row in rows if row["unread"] is None] == [port for port in range(1000, 1200) if port != 1007]


def test_damage_costs_time_in_proportion_to_its_size():
    head, broken = capture([]), struct.pack("<IIII", 1, 1, 0x7FFFFFFF, 5) + capture([frame(), frame()])[24:]
    reading = Reading(layout=pcap.claims(head).layout)
    data = head + broken * 20_000
    found = pcap.ends(data, reading, True)
    assert found[-1] == len(data)
    assert len(found) >= 60_000  # about half a second; a look ahead for each break would take minutes


def test_captures_put_one_behind_the_other_are_read_each_in_its_own_way():
    data = capture([frame(port=1)]) + capture([frame(port=2)], ">", 1_000_000_000) + capture([frame(port=3)])
    reading = Reading(layout=pcap.claims(data).layout)
    whole = pcap.ends(data[: 24 + 70], reading, True)
    rows = pcap.read(lines_of(data, "", "", 0, np.concatenate([whole, whole + 94, whole + 188])), reading).to_pylist()
    assert [row["source_port"] for row in rows] == [None, 1, None, 2, None, 3]
    assert [row["unread"] for row in rows] == ["frame of the capture", None] * 3


@given(st.binary(max_size=400), st.sampled_from(["pcap < 1/1000000/0", "pcap > 113/1000000000/0", "pcapng < 1/1000000/0 276/64/5", "pcapng >", "", "pcap", "pcap < x", "pcapng < 1/2", "pcap < 1/0/0", "pcapng < 1/-1/0", f"pcapng < {10**30}/1/0", f"pcapng < 1/1/{2**36}"]))
def test_any_bytes_are_pieces(data, layout):
    reading = Reading(layout=layout)
    found = pcap.ends(data, reading, True)
    assert (np.diff(found) > 0).all()
    assert not len(found) or (found[0] > 0 and found[-1] <= len(data))
    if data:
        rows = pcap.read(lines_of(data, "", "", 0, found), reading)
        rows.validate(full=True)
        assert all(row["unread"] for row in rows.to_pylist() if row["seen_at"] is None)


LINKS = {0: b"\x02\0\0\0", 1: b"\0" * 12 + b"\x81\0\0\x01\x08\0", 12: b"", 101: b"", 113: b"\0" * 14 + b"\x86\xdd", 228: b"", 276: b"\x08\0" + b"\0" * 18, 147: b""}


@given(st.sampled_from(sorted(LINKS)), st.booleans(), st.sampled_from([b"", b"\x45", b"\x60", b"\x4f"]), st.binary(max_size=120))
def test_any_frame_is_a_packet_or_says_why_not(link, framed, first, rest):
    data = (LINKS[link] if framed else b"") + first + rest
    piece = struct.pack("<IIII", 1711846800, 0, len(data), len(data)) + data
    (row,) = pcap.read(batch_of([piece]), Reading(layout=f"pcap < {link}/1000000/0")).to_pylist()
    assert (row["unread"] is None) == (row["source_address"] is not None)
    if row["unread"] is None:
        assert ipaddress.ip_address(row["source_address"]).version in (4, 6)


def test_a_segment_inside_ipv6_options_that_never_end():
    options = bytes([0, 0]) + b"\0" * 6
    packet = struct.pack(">IHBB", 6 << 28, 8 * 40, 0, 64) + ipaddress.ip_address("2001:db8::7").packed + ipaddress.ip_address("2001:db8::1").packed + options * 40
    piece = struct.pack("<IIII", 1711846800, 0, len(packet), len(packet)) + packet
    (row,) = pcap.read(batch_of([piece]), Reading(layout="pcap < 229/1000000/0")).to_pylist()
    assert (row["network_transport"], row["destination_port"], row["unread"]) == ("hopopt", None, None)


def test_vigie_reads_a_compressed_capture(vigie):
    frames = [frame(port=1000 + number, to=number) for number in range(50)] + [b"\0" * 12 + b"\x08\x06" + b"\0" * 28]
    (vigie.folder / "day.pcap.gz").write_bytes(gzip.compress(capture(frames)))
    vigie("read", vigie.folder / "day.pcap.gz")
    assert "pcap, 50 of 52 lines read, 2 unread" in vigie.err


# development data


def read_file(path):
    data = path.read_bytes()
    verdict = recognise([line for line in data[: 1 << 20].split(b"\n")[:1000] if line], "", Reading(), data[: 1 << 20])
    ends = verdict.source.ends(data, verdict.reading, True) if verdict.source.ends else None
    return verdict.source, verdict.source.read(lines_of(data, "", "", 0, ends), verdict.reading).to_pylist()


@needs_data
@pytest.mark.parametrize(
    ("path", "source", "read", "unread"),
    [
        ("scan_lab/conn.log", zeek_conn, 6214, 7), ("scan_lab/vpcflow_v2.log", aws_vpc_flow, 6904, 0), ("scan_lab/scan.pcap", pcap, 12348, 570),
        ("db_lab/conn.log", zeek_conn, 913, 7), ("db_lab/vpcflow_v2.log", aws_vpc_flow, 1826, 0), ("db_lab/db.pcap", pcap, 14960, 15),
        ("public/slips/test10-mixed-zeek-dir/conn.log", zeek_conn, 141, 9), ("public/slips/port-scans/vertical/conn.log", zeek_conn_json, 50, 0),
        ("public/slips/test11-portscan.binetflow", argus, 66, 1), ("public/slips/test19-malicious-ssh/malicious-ssh-bruteforce.pcap", pcap, 1178, 1),
        ("public/crowdsec-hub/suricata-logs-evelog/suricata-logs-evelog.log", suricata, 6, 2),
    ],
)  # fmt: skip
def test_every_line_of_the_development_data(path, source, read, unread):
    found, rows = read_file(NETWORK / path)
    assert found is source.SOURCE
    assert (sum(row["unread"] is None for row in rows), sum(row["unread"] is not None for row in rows)) == (read, unread)


@needs_data
def test_the_capture_and_the_log_of_connections_agree_on_how_each_began():
    log = [row for row in read_file(NETWORK / "scan_lab" / "conn.log")[1] if row["unread"] is None]
    packets = {
        (row["seen_at"], row["source_address"], row["source_port"], row["destination_address"], row["destination_port"]): row["tcp_flags"]
        for row in read_file(NETWORK / "scan_lab" / "scan.pcap")[1] if row["unread"] is None
    }  # fmt: skip
    pairs = Counter()
    for row in log:
        key = (row["seen_at"], row["source_address"], row["source_port"], row["destination_address"], row["destination_port"])
        if row["tcp_flags"] is not None and key in packets:
            pairs[row["tcp_flags"], packets[key]] += 1
    # a FIN in the history is also the FIN of a Xmas packet, a RST also one with ACK
    assert set(pairs) <= {(flags, flags) for flags in FLAGS} | {("F", "FPU"), ("R", "RA")}
    assert pairs["S", "S"] >= 5500
    assert pairs["", ""] >= 99
