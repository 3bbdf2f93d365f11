"""How fast logs of firewalls, flows and captures become records, on all cores, beside `wc -l` on the same file.

Lines are invented. Only the reading kernels run (no detector, no archive); workers are warm before the clock starts. A machine's lines a second
say little, the ratio to `wc -l` says more.

Run: .venv/bin/python benchmarks/network_speed.py [--lines 2000000] [--cores 2] [--runs 3] [--whole] [format ...]
`--whole` also runs `vigie read`, with detectors and archive, and for the kernel's log psad and fail2ban-regex where they are installed: on the first
10,000 lines only, since they would take minutes for all.
"""

from __future__ import annotations

import argparse
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from vigie.engines.block import ROWS, lines_of
from vigie.engines.files import blocks
from vigie.sources.registry import recognise, source_named
from vigie.sources.source import Reading

BLOCK = 8 << 20
DISTINCT = 200_000
"""Lines that are invented; a longer log repeats them."""
BEGIN = 1_711_846_800


@dataclass(frozen=True)
class Format:
    """How a log is invented.

    Attributes:
        line: random numbers and the line's number → a line with its end (or a packet with its record's head).
        head: what the file begins with.
    """

    line: Callable[[random.Random, int], bytes]
    head: bytes = b""


def scanner(draw: random.Random) -> str:
    return f"203.0.113.{draw.randrange(256)}"


def zeek(draw: random.Random, number: int) -> bytes:
    state, history, back = draw.choice([("S0", "S", 0), ("S0", "S", 0), ("REJ", "Sr", 1), ("SF", "ShADadFf", 6)])
    return (
        f"{BEGIN + number / 1000:.6f}\tC{draw.getrandbits(60):015x}\t{scanner(draw)}\t{draw.randrange(1024, 65536)}\t192.0.2.{draw.randrange(32)}\t{draw.randrange(1, 10000)}"
        f"\ttcp\t-\t{draw.random():.6f}\t0\t0\t{state}\tF\tT\t0\t{history}\t{1 + back}\t{44 * (1 + back)}\t{back}\t{40 * back}\t-\n"
    ).encode()


def vpc(draw: random.Random, number: int) -> bytes:
    at = BEGIN + number // 1000
    end = draw.choice(["REJECT", "ACCEPT"])
    return (
        f"2 111122223333 eni-0e1ab {scanner(draw)} 192.0.2.{draw.randrange(32)} {draw.randrange(1024, 65536)} {draw.randrange(1, 10000)} 6 1 44 {at} {at + 60} {end} OK\n"
    ).encode()


def eve(draw: random.Random, number: int) -> bytes:
    at = f"2024-03-31T{number // 3_600_000 % 24:02}:{number // 60_000 % 60:02}:{number // 1000 % 60:02}.{number % 1000:03}000+0000"
    return (
        f'{{"timestamp":"{at}","flow_id":{number},"in_iface":"eth0","event_type":"flow","src_ip":"{scanner(draw)}","src_port":{draw.randrange(1024, 65536)},'
        f'"dest_ip":"192.0.2.{draw.randrange(32)}","dest_port":{draw.randrange(1, 10000)},"proto":"TCP","flow":{{"pkts_toserver":1,"pkts_toclient":1,"bytes_toserver":60,'
        f'"bytes_toclient":54,"start":"{at}","end":"{at}","age":0,"state":"closed","reason":"timeout","alerted":false}},"tcp":{{"tcp_flags":"16","tcp_flags_ts":"02",'
        f'"tcp_flags_tc":"14","syn":true,"rst":true,"ack":true,"state":"closed"}}}}\n'
    ).encode()


def packet(draw: random.Random, number: int) -> bytes:
    ends = bytes((203, 0, 113, draw.randrange(256), 192, 0, 2, draw.randrange(32)))
    segment = struct.pack(">HHIIBBHHH", draw.randrange(1024, 65536), draw.randrange(1, 10000), 1, 0, 96, draw.choice([2, 2, 18, 20, 16]), 64240, 0, 0) + b"\0" * 4
    frame = b"\0" * 12 + struct.pack(">HBBHHHBBH", 0x0800, 0x45, 0, 20 + len(segment), draw.randrange(65536), 0, 57, 6, 0) + ends + segment
    return struct.pack("<IIII", BEGIN + number // 1000, number % 1000 * 1000, len(frame), len(frame)) + frame


def kernel(draw: random.Random, number: int) -> bytes:
    kind, prefix = draw.randrange(20), draw.choice(["[UFW BLOCK] ", "[NFT DROP] ", "[NFT DROP] "])
    before = (
        f"Mar 31 {number // 3_600_000 % 24:02}:{number // 60_000 % 60:02}:{number // 1000 % 60:02} fw01 kernel: [{85959 + number / 1000:.6f}] {prefix}IN=eth0 OUT= "
        "MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 "
    )
    ports = f"SPT={draw.randrange(1024, 65536)} DPT={draw.randrange(1, 10000)}"
    if kind == 0:
        ends = f"SRC=2001:0db8:0000:0000:0000:0000:0000:{draw.randrange(256):04x} DST=2001:0db8:0001:0000:0000:0000:0000:0010"
        return f"{before}{ends} LEN=64 TC=0 HOPLIMIT=57 FLOWLBL=0 PROTO=TCP {ports} WINDOW=1024 RES=0x00 SYN URGP=0 \n".encode()
    ends = f"{before}SRC={scanner(draw)} DST=192.0.2.{draw.randrange(32)}"
    life = f"TOS=0x00 PREC=0x00 TTL={draw.randrange(33, 64)} ID={draw.randrange(65536)}"
    if kind == 1:
        return f"{ends} LEN=28 {life} PROTO=UDP {ports} LEN=8 \n".encode()
    return f"{ends} LEN=44 {life} PROTO=TCP {ports} WINDOW={draw.choice([1024, 64240])} RES=0x00 {draw.choice(['SYN', 'SYN', 'ACK SYN', 'FIN'])} URGP=0 \n".encode()


ZEEK_HEAD = (
    "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp"
    "\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n"
)

FORMATS = {
    "kernel_firewall": Format(kernel),
    "zeek_conn": Format(zeek, ZEEK_HEAD.encode()),
    "aws_vpc_flow": Format(vpc),
    "suricata": Format(eve),
    "pcap": Format(packet, struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)),
}
"""By the name of the source that reads them."""


def invent(path: Path, form: Format, lines: int) -> None:
    draw = random.Random(1)
    some = [form.line(draw, number) for number in range(min(lines, DISTINCT))]
    with path.open("wb") as file:
        file.write(form.head)
        for left in range(lines, 0, -len(some)):
            file.write(b"".join(some[:left]))


class Taken:
    """A file, so many bytes at a time."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")

    def take(self, size: int) -> bytes:
        return self.file.read(size)


def one(path: str, name: str, reading: Reading, offset: int, size: int) -> tuple[int, int]:
    """Rows and unread rows of one block."""
    with Path(path).open("rb") as file:
        file.seek(offset)
        data = file.read(size)
    source = source_named(name)
    rows = lines_of(data, "f", "f", offset, source.ends(data, reading, True) if source.ends else None)
    unread = 0
    for low in range(0, rows.num_rows, ROWS):
        found = source.read(rows.slice(low, ROWS), reading)
        unread += found.num_rows - found.column("unread").null_count
    return rows.num_rows, unread


def seconds(act: Callable[[], object], runs: int) -> float:
    best = float("inf")
    for _ in range(runs):
        begin = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - begin)
    return best


PEERS = {
    "psad": ["psad", "-A", "-m", "{log}"],
    "fail2ban-regex": ["fail2ban-regex", "{log}", r"^.*kernel: .* SRC=<HOST> DST=\S+ "],
}
"""Commands that read the kernel's log to count sources in it."""
PEER_LINES = 10_000


def whole(path: Path, name: str, lines: int, took: float) -> None:
    """`vigie read` on a log, and others on its beginning, each as lines a second and as a ratio to reading alone."""
    archive = path.parent / "archive"
    command = [sys.executable, "-m", "vigie.cli.main", "read", "--archive", str(archive), "--year", "2024", str(path)]
    spent = seconds(lambda: subprocess.run(command, capture_output=True, check=True), 1)
    sys.stdout.write(f"  vigie read, whole: {lines / spent:>12,.0f} lines/s, {spent / took:.1f} times as long as reading\n")
    shutil.rmtree(archive, ignore_errors=True)
    if name != "kernel_firewall":
        return
    short = path.with_suffix(".short")
    with path.open("rb") as file, short.open("wb") as out:
        out.writelines(file.readline() for _ in range(PEER_LINES))
    for peer, words in PEERS.items():
        if shutil.which(peer):
            command = [word.replace("{log}", str(short)) for word in words]
            spent = seconds(lambda command=command: subprocess.run(command, capture_output=True, check=False, timeout=600), 1)
            rate = min(lines, PEER_LINES) / spent
            sys.stdout.write(f"  {peer}: {rate:>12,.0f} lines/s; reading here is {lines / took / rate:,.0f} times as fast\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--whole", action="store_true", help="also run vigie read, psad and fail2ban-regex")
    parser.add_argument("format", nargs="*", default=list(FORMATS))
    given = parser.parse_args()
    sys.stdout.write(f"{given.lines:,} lines, {given.cores} cores\n{'format':<16}{'lines/s':>12}{'MB/s':>8}{'wc -l / vigie':>16}{'unread':>8}\n")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(given.cores, mp_context=get_context("spawn")) as pool:
        for name in given.format:
            path = Path(folder) / f"{name}.log"
            invent(path, FORMATS[name], given.lines)
            head = path.open("rb").read(1 << 20)
            verdict = recognise(head.split(b"\n")[:1000], "", Reading(year=2024), head)
            assert verdict is not None
            assert verdict.source.name == name, verdict.source.name
            ends = (lambda data, it=verdict: it.source.ends(data, it.reading, False)) if verdict.source.ends else None
            cuts = [(at, len(data)) for at, data in blocks(Taken(path), BLOCK, 0, ends)]  # type: ignore[arg-type]
            counted = [(0, 0)]

            def read(path: Path = path, verdict: object = verdict, cuts: list[tuple[int, int]] = cuts, counted: list[tuple[int, int]] = counted) -> None:
                counted[:] = [done.result() for done in [pool.submit(one, str(path), verdict.source.name, verdict.reading, *cut) for cut in cuts]]  # type: ignore[attr-defined]

            read()
            took = seconds(read, given.runs)
            wc = seconds(lambda path=path: subprocess.run(["wc", "-l", path], capture_output=True, check=True), given.runs)
            size = path.stat().st_size
            unread = sum(lost for _, lost in counted)
            sys.stdout.write(f"{name:<16}{given.lines / took:>12,.0f}{size / took / 1e6:>8,.0f}{wc / took:>16.3f}{unread:>8,}\n")
            if given.whole:
                whole(path, name, given.lines, took)
            path.unlink()


if __name__ == "__main__":
    main()
