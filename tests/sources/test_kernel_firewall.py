"""Packets of the kernel's log: against a plain parser, alone and among others, cut, imitated, and on development data when it is there."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import batch_of
from vigie.sources.eight_bytes import PAD, digit_counts, leading_numbers, numbers_at, padded, texts_at, words_of
from vigie.sources.firewall_words import verdict
from vigie.sources.kernel_firewall import SOURCE, UPTIME, read
from vigie.sources.kernel_packet import DAMAGED, NO_PACKET, NO_PAIR, TWO_PACKETS
from vigie.sources.registry import recognise
from vigie.sources.source import Reading
from vigie.sources.syslog import NO_YEAR

DATA = Path(__file__).parents[3] / "shared" / "data" / "network"
READING = Reading(year=2017)
HEAD = "Jan 15 10:00:00 fw1 kernel: [85959.413179] "
PACKET = (
    "[UFW BLOCK] IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 SRC=192.0.2.7 DST=198.51.100.10 LEN=44 TOS=0x00 PREC=0x00 TTL=43 "
    "ID=24264 PROTO=TCP SPT=56992 DPT=5432 WINDOW=1024 RES=0x00 SYN URGP=0 "
)


def rows(lines, reading=READING):
    encoded = [line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line for line in lines]
    found = read(batch_of([line + b"\n" for line in encoded]), reading)
    found.validate(full=True)
    return [{name: value for name, value in row.items() if name not in ("feed", "file", "byte_offset")} for row in found.to_pylist()]


# A plain parser of one line, for what is not adversarial: split at spaces, first key wins, a quoted packet is cut off.
def plainly(text):
    own = text.split(" [SRC=")[0]
    found = {}
    for token in own[own.index(" IN=") + 1 if " IN=" in own else own.index("IN=") :].split(" "):
        key, equals, value = token.partition("=")
        if equals:
            found.setdefault(key, value)
    flags = re.search(r" RES=0x00 (.*?) ?URGP=", own)
    return found, flags[1].split() if flags else None


SIX = st.integers(0, 2**16).map(lambda n: ip_address(int(ip_address("2001:db8::")) + n).exploded)
FOUR = st.integers(1, 254).map(lambda n: f"192.0.2.{n}")
FLAGS = st.lists(st.sampled_from(["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"]), unique=True, max_size=4).map(" ".join)
PORT = st.integers(0, 65_535)


@st.composite
def packet(draw):
    """A packet as the kernel writes it, with what it writes only sometimes."""
    six = draw(st.booleans())
    source, destination = draw(SIX if six else FOUR), draw(SIX if six else FOUR)
    prefix = draw(st.sampled_from(["", "[UFW BLOCK] ", "DROP:", "[NFT DB NEW] ", "é ", "a=b ", "IN-DROP "]))
    way = draw(st.sampled_from(["IN=eth0 OUT= MAC=02:00 ", "IN= OUT=eth0 ", "IN=br0 OUT=br0 PHYSIN=a PHYSOUT=b ", "IN=eth0 OUT= MACSRC=02:00 MACDST=02:01 MACPROTO=0800 "]))
    size, life, number = draw(st.integers(20, 65_535)), draw(st.integers(0, 255)), draw(PORT)
    middle = (
        f"SRC={source} DST={destination} LEN={size} TC={draw(st.integers(0, 9))} HOPLIMIT={life} FLOWLBL=0 "
        if six
        else f"SRC={source} DST={destination} LEN={size} TOS=0x00 PREC=0x00 TTL={life} ID={number} {draw(st.sampled_from(['', 'DF ', 'CE DF MF ']))}"
    )
    kind = draw(st.sampled_from(["tcp", "seq", "udp", "ping", "error", "other"]))
    one, other, window = draw(PORT), draw(PORT), draw(PORT)
    rest = {
        "tcp": f"PROTO=TCP SPT={one} DPT={other} WINDOW={window} RES=0x00 {draw(FLAGS)} URGP=0 ".replace("  ", " "),
        "seq": f"PROTO=TCP SPT={one} DPT={other} SEQ=4294967295 ACK=0 WINDOW={window} RES=0x00 {draw(FLAGS)} URGP=0 OPT (020405B4) ".replace("  ", " "),
        "udp": f"PROTO=UDP SPT={one} DPT={other} LEN=8 UID=0 GID=0 MARK=0x1 ",
        "ping": f"PROTO={'ICMPv6' if six else 'ICMP'} TYPE={draw(st.sampled_from([8, 128]))} CODE=0 ID={one} SEQ={other} ",
        "error": f"PROTO={'ICMPv6' if six else 'ICMP'} TYPE={1 if six else 3} CODE=3 [SRC=203.0.113.9 DST=203.0.113.8 LEN=28 TTL=1 ID=2 PROTO=UDP SPT=5353 DPT=161 LEN=8 ] ",
        "other": "PROTO=47 ",
    }[kind]
    return prefix + way + middle + rest


@settings(max_examples=80)
@given(st.lists(packet(), min_size=1, max_size=8))
def test_it_reads_what_a_plain_parser_reads(texts):
    for text, row in zip(texts, rows([HEAD + text for text in texts]), strict=True):
        assert row["unread"] is None, text
        told, flags = plainly(text)
        tcp, ported = told["PROTO"] == "TCP", told["PROTO"] in ("TCP", "UDP")
        assert row["source_address"] == str(ip_address(told["SRC"])) and row["destination_address"] == str(ip_address(told["DST"]))
        assert (row["source_port"], row["destination_port"]) == ((int(told["SPT"]), int(told["DPT"])) if ported else (None, None))
        assert row["network_transport"] == {"TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "ICMPv6": "ipv6-icmp", "47": "gre"}[told["PROTO"]]
        assert row["source_bytes"] == int(told["LEN"])
        assert row["packet_id"] == (int(told["ID"]) if 0 < text.find(" ID=") < text.index(" PROTO=") else None)
        life = int(told.get("TTL", told.get("HOPLIMIT", -1)))
        rounded = next(most for most in (32, 64, 128, 255) if life <= most)
        assert row["packet_fingerprint"] == (f"{told['LEN']} {told['WINDOW']} {rounded}" if tcp else None)
        assert row["tcp_flags"] == ("".join(letter for letter in "FSRPAU" if any(word[0] == letter for word in flags if word not in ("CWR", "ECE"))) if tcp else None)
        answer = (tcp and ("RST" in flags or {"SYN", "ACK"} <= set(flags))) or "[SRC=" in text
        stopped = any(word in text for word in ("BLOCK", "DROP"))
        assert row["flow_state"] == ("reply" if answer else "dropped" if stopped else "untold")
        assert row["network_direction"] == {"IN=eth0": "inbound", "IN= OUT": "outbound", "IN=br0 ": None}[re.search(r"IN=.{4}", text)[0]]


@settings(max_examples=40)
@given(st.data())
def test_a_line_is_read_the_same_alone_and_among_many_of_one_order(data):
    texts = [HEAD + PACKET.replace("24264", str(number)) for number in range(40)]
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, 39))
        text = texts[at]
        how = data.draw(st.sampled_from(["swap", "cut", "byte", "key", "other"]))
        place = data.draw(st.integers(0, max(len(text) - 1, 0)))
        if how == "swap":
            one, other = data.draw(st.permutations(["SRC", "DST", "LEN", "TTL", "ID", "SPT", "DPT", "WINDOW", "RES", "URGP", "PROTO", "OUT", "IN", "MAC"]))[:2]
            text = text.replace(f"{one}=", "\0").replace(f"{other}=", f"{one}=").replace("\0", f"{other}=")
        elif how == "cut":
            text = text[:place]
        elif how == "byte":
            text = text[:place] + data.draw(st.sampled_from([" ", "=", "[", "]", "0", "é", "\x7f"])) + text[place + 1 :]
        elif how == "key":
            text = text.replace(data.draw(st.sampled_from(["TOS", "PREC", "MAC", "RES", "TTL"])), data.draw(st.sampled_from(["SRC", "DST", "XXX", "ID", "SPT"])))
        else:
            text = HEAD + data.draw(packet())
        texts[at] = text
    assert rows(texts) == [rows([text])[0] for text in texts]


@settings(max_examples=60)
@given(st.integers(0, len(HEAD + PACKET)))
def test_a_line_that_was_cut_never_tells_another_port_or_address(at):
    (row,) = rows([(HEAD + PACKET)[:at]])
    if row["unread"] is None:
        assert (row["source_address"], row["destination_address"], row["source_port"], row["destination_port"]) == ("192.0.2.7", "198.51.100.10", 56992, 5432)
        assert row["packet_fingerprint"] in (None, "44 1024 64")
    else:
        assert row["source_address"] is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NO_PACKET),
        ("=" * 100_000, NO_PACKET),
        ("IN=a OUT= " * 1000, NO_PAIR),
        ("A" * 300 + PACKET, NO_PACKET),
        (PACKET.replace("SRC=", "SRC=" + "1" * 60), NO_PAIR),
        (PACKET + PACKET, TWO_PACKETS),
        (PACKET.replace("LEN=44", "LEN=4.4"), DAMAGED),
        (PACKET.replace("DPT=5432", "DPT=543200"), DAMAGED),
        (PACKET.replace("DPT=5432", "DPT=-1"), DAMAGED),
        (PACKET.replace("DPT=5432 ", ""), DAMAGED),
        (PACKET.replace("PROTO=TCP ", ""), DAMAGED),
    ],
)
def test_what_is_no_packet_says_why(text, why):
    before, row, after = rows([HEAD + PACKET, HEAD + text, HEAD + PACKET])
    assert row["unread"] == why
    assert before["unread"] is None and after == before


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=60), max_size=6), st.binary(max_size=12))
def test_numbers_and_texts_of_eight_bytes(texts, tail):
    data = b"".join(texts) + tail
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    starts = ends - [len(text) for text in texts]
    buffer, begin, end = padded(np.frombuffer(data, np.uint8), starts, ends)
    found = texts_at(buffer, np.stack([begin, end])) if texts else None
    words = words_of(buffer, "<u8")[begin] if texts else []
    for number, text in enumerate(texts):
        raw = text.rstrip(b"\0")
        try:
            spelled = raw.decode()
        except UnicodeDecodeError:
            spelled = raw.decode("latin-1")
        assert found[number].as_py() == spelled
        here = (data + bytes(PAD))[starts[number] : starts[number] + 8] if number < len(texts) else b""
        digits = re.match(rb"[0-9]*", here)[0]
        count = digit_counts(words[number : number + 1])
        if ends[-1] - starts[number] >= 8:
            assert count[0] == len(digits)
            if digits:
                assert leading_numbers(words[number : number + 1], count)[0] == int(digits)
    spaced = b"".join(b"%d " % number for number in (0, 7, 65_535, 99_999, 100_000))
    buffer, _, _ = padded(np.frombuffer(spaced, np.uint8), np.array([0]), np.array([len(spaced)]))
    places = np.array([[8, 24], [10, 24], [12, -1], [18, 8], [24, 12], [-1, -1]])
    assert [column.tolist() for column in numbers_at(words_of(buffer, "<u8"), places)] == [[0, 7, 65_535, 99_999, -1, -1], [-1, -1, -1, 0, 65_535, -1]]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("[UFW BLOCK]", "BLOCK"), ("[UFW LIMIT BLOCK]", "BLOCK"), ("[NFT DROP]", "DROP"), ("FINAL_REJECT", "REJECT"), ("STATE_INVALID_DROP", "DROP"),
        ("Shorewall:net2fw:DROP", "DROP"), ("iptables denied", "denied"), ("LogDrop", "Drop"), ("drop wan invalid ct state", "drop"), ("INPUTDROP", "INPUTDROP"),
        ("paquet bloqué", "bloqué"), ("REFUS entrée", "REFUS"), ("DropInput", "Drop"),
        ("[UFW ALLOW]", None), ("[UFW AUDIT]", None), ("[UFW AUDIT INVALID]", None), ("[NFT DB NEW]", None), ("dropbear new", None), ("unblocked", None),
        ("ACCEPT after DROP", None), ("rain drops accepted", None), ("", None), (None, None), ("backdrop", None),
    ],
)  # fmt: skip
def test_only_words_that_stop_say_that_a_packet_was_stopped(name, word):
    assert verdict(name) == word


def test_a_time_without_a_year_is_unread_where_no_year_is_known():
    assert rows([HEAD + PACKET], Reading())[0]["unread"] == NO_YEAR
    assert rows(["[85959.413179] " + PACKET])[0]["unread"] == UPTIME


def test_over_the_turn_of_the_year():
    lines = [f"{day} 10:00:00 fw1 kernel: {PACKET}" for day in ("Dec 30", "Dec 31", "Jan  1", "Jan  2")]
    ending = [row["seen_at"].year for row in rows(lines, Reading(year=2018, year_until=104))]
    beginning = [row["seen_at"].year for row in rows(lines, Reading(year=2017, year_from=1228))]
    assert ending == beginning == [2017, 2017, 2018, 2018]
    assert rows([f"Feb 29 10:00:00 fw1 kernel: {PACKET}"], Reading(year=2016))[0]["unread"] is None
    assert rows([f"Feb 29 10:00:00 fw1 kernel: {PACKET}"], Reading(year=2017))[0]["unread"] == "time is not a date"


def test_recognised_among_other_messages_of_the_kernel_but_not_among_other_programs():
    ours, boot = (HEAD + PACKET).encode(), (HEAD + "usb 1-1: new high-speed device").encode()
    other = b"Jan 15 10:00:00 fw1 sshd[9]: Connection closed by 192.0.2.7 port 22 [preauth] SRC="
    verdict_of = recognise([ours] + [boot] * 40, "", READING)
    assert (verdict_of.source.name, verdict_of.wrapped, verdict_of.yearless) == ("kernel_firewall", False, True)
    assert recognise([boot] * 40, "", READING) is None
    among = recognise([ours] + [other] * 40, "", READING)
    assert among is None or among.source.name != "kernel_firewall"
    assert SOURCE.recognise([ours, other, other]).share == pytest.approx(1 / 3)


def test_messages_as_bytes_in_the_journal_read_as_text_does():
    entry = {"__REALTIME_TIMESTAMP": "1484470800413179", "SYSLOG_IDENTIFIER": "kernel", "_HOSTNAME": "fw1"}
    text = json.dumps({**entry, "MESSAGE": PACKET})
    raw = json.dumps({**entry, "MESSAGE": list(PACKET.encode())})
    assert rows([text])[0]["unread"] is None
    assert rows([text]) == rows([raw])


def test_long_lines_of_fields_do_no_harm():
    lines = [HEAD + "SRC=1 " * 100_000, HEAD + PACKET, HEAD + "OUT=" * 200_000 + " IN= OUT= SRC=192.0.2.7 DST=192.0.2.8 LEN=4"]
    found = rows(lines)
    assert [row["unread"] is None for row in found] == [False, True, False]


@pytest.mark.skipif(not DATA.exists(), reason="development data is not here")
@pytest.mark.parametrize("folder", ["scan_lab", "db_lab"])
def test_both_forms_of_the_laboratory_log_give_the_same_packets(folder):
    iso = (DATA / folder / "kern_iso.txt").read_bytes().splitlines()
    syslog = (DATA / folder / {"scan_lab": "kern_syslog.log", "db_lab": "kern_db_new.log"}[folder]).read_bytes().splitlines()
    exact, coarse = rows(iso), rows(syslog, Reading(year=2026))
    assert len(exact) == len(coarse) == {"scan_lab": 5596, "db_lab": 913}[folder]
    assert all(row["unread"] is None for row in exact + coarse)
    for one, other in zip(exact, coarse, strict=True):
        assert abs((one.pop("seen_at") - other.pop("seen_at")).total_seconds()) < 1.001
        assert other.pop("observer_name") and one.pop("observer_name") is None
        assert one == other


@pytest.mark.skipif(not DATA.exists(), reason="development data is not here")
def test_samples_of_other_firewalls_are_read_whole():
    for path in sorted((DATA / "public" / "psad").iterdir()):
        lines = path.read_bytes().splitlines()
        claim = recognise(lines[:1000], "", READING)
        assert (claim.source.name, claim.share) == ("kernel_firewall", 1.0), path.name
        found = rows(lines)
        assert all(row["unread"] is None and row["flow_state"] in ("dropped", "reply", "untold") for row in found), path.name
    for folder, name in (("pf-scan-multi-port", "pf"), ("mikrotik-scan-multi_ports", "mikrotik"), ("iptables-scan-multi-port", "kernel_firewall")):
        lines = [line for line in (DATA / "public" / "crowdsec-hub" / folder / f"{folder}.log").read_bytes().splitlines() if line]
        claim = recognise(lines, "", READING)
        assert (claim.source.name, claim.share) == (name, 1.0)
        assert claim.source.read(batch_of([line + b"\n" for line in lines]), claim.reading).column("unread").null_count == len(lines)
