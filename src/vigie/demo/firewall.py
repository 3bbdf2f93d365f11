"""What the firewall in front of the servers dropped: scans of many kinds, and the noise of the whole Internet, in the kernel's log.

References:
    - https://www.netfilter.org (`log prefix`), Linux `net/netfilter/nf_log_syslog.c` (the order of the fields)
    - https://nmap.org/book/man-port-scanning-techniques.html
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vigie.demo.addresses import CROWD, visitor
from vigie.demo.kind import Kind, PlannedAttack, Truth, moment
from vigie.demo.month import DAY, Month

HOSTS: Final = tuple(f"198.18.0.{number}" for number in range(1, 13))
"""Servers behind the firewall."""
HOST_V6: Final = "2001:db8:0:1::1"
_NETWORK: Final = "198.18.0.0/24"

_USUAL: Final = (
    21, 22, 23, 25, 53, 80, 81, 88, 110, 111, 113, 119, 135, 139, 143, 179, 389, 427, 443, 444, 445, 465, 513, 514, 515, 543, 548, 554, 587, 631, 646, 873,
    990, 993, 995, 1025, 1026, 1027, 1110, 1433, 1521, 1720, 1723, 1755, 1900, 2000, 2049, 2121, 2222, 2717, 3000, 3128, 3306, 3389, 3986, 4444, 4899,
    5000, 5009, 5051, 5060, 5101, 5190, 5357, 5432, 5631, 5666, 5800, 5900, 5985, 6000, 6001, 6379, 6646, 7070, 8000, 8008, 8009, 8080, 8081, 8088, 8443,
    8888, 9000, 9090, 9100, 9200, 9999, 10000, 11211, 27017, 32768, 49152, 49153, 49154, 49155, 49156,
)  # fmt: skip
_NOISE: Final = (23, 23, 23, 22, 22, 445, 445, 3389, 1433, 8080, 2323, 5555, 81, 7547)
"""Doors that worms knock at."""
_SHARES: Final = 40
"""Sources of the scan that is shared out, each from a network of its own."""
_NAME: Final = "kern.log"


@dataclass(frozen=True, slots=True, order=True)
class Packet:
    """A packet that the firewall dropped; `micros` of the epoch."""

    micros: int
    source: str
    host: str
    port: int
    shape: tuple[int, int, int]


NMAP: Final = (44, 1024, 47)
LINUX: Final = (60, 64240, 52)
"""Length, window and time to live of the first packets of nmap and of a Linux system."""


def packets(source: str, doors: Sequence[tuple[str, int]], start: int, gap: tuple[float, float], shape: tuple[int, int, int], dice: random.Random) -> list[Packet]:
    """One source goes through a list of doors.

    Args:
        source: its address.
        doors: hosts and ports, in order.
        start: second of the first.
        gap: least and most seconds between two.
        shape: of its packets.
        dice: draws the gaps.
    """
    at, found = float(start), []
    for host, port in doors:
        found.append(Packet(int(at * 1e6), source, host, port, shape))
        at += dice.uniform(*gap)
    return found


def scans(month: Month) -> Iterator[tuple[PlannedAttack, list[Packet]]]:
    """Every scan of the month: about one a day by one source, three over many hosts, one slow over four days, one shared out."""
    dice = month.dice("scans")
    sources = [source for source in CROWD if ":" not in source]
    dice.shuffle(sources)
    for day in range(month.days):
        for _ in range(1 + (day > month.days * 2 // 3)):
            ports = dice.sample(_USUAL, dice.randrange(30, len(_USUAL)))
            host, tool = dice.choice(HOSTS[:3]), dice.random() < 0.8
            start = month.midnight(day) + dice.randrange(3600, DAY - 3600)
            yield _planned(packets(sources.pop(), [(host, port) for port in ports], start, (0.02, 0.9), NMAP if tool else LINUX, dice), host, tool=tool)
    for day, wanted in ((8, (5432,)), (17, (3306, 5432, 6379, 27017)), (26, (3389,))):
        if day < month.days:
            doors = [(host, port) for port in wanted for host in HOSTS]
            yield _planned(packets(sources.pop(), doors, month.midnight(day) + dice.randrange(3600, DAY - 3600), (0.05, 1.5), NMAP, dice), _NETWORK, tool=True)
    if month.days > 16:
        ports = dice.sample(_USUAL, 60)
        found = packets(sources.pop(), [(HOSTS[1], port) for port in ports], month.midnight(12) + 5_000, (3_000.0, 8_400.0), LINUX, dice)
        yield _planned(found, HOSTS[1], tool=False)
    if month.days > 20:
        yield _shared_out(month, dice)


def _shared_out(month: Month, dice: random.Random) -> tuple[PlannedAttack, list[Packet]]:
    """Forty sources in forty networks, three doors each, none twice."""
    sources = [f"2001:db8:{0xC00 + 7 * number:x}:{dice.randrange(1, 0xFFFF):x}::{dice.randrange(1, 0xFFFF):x}" for number in range(_SHARES)]
    deals = [source for source in sources for _ in range(3)]
    dice.shuffle(deals)
    ports = dice.sample(range(1, 10_000), len(deals))
    at, found = float(month.midnight(20) + 10 * 3600), []
    for source, port in zip(deals, ports, strict=True):
        found.append(Packet(int(at * 1e6), source, HOST_V6, port, NMAP))
        at += dice.uniform(4, 40)
    return _planned(found, HOST_V6, tool=True)


def _planned(found: list[Packet], asset: str, *, tool: bool) -> tuple[PlannedAttack, list[Packet]]:
    sources = tuple(dict.fromkeys(packet.source for packet in found))
    first, last = moment(found[0].micros // 1_000_000), moment(found[-1].micros // 1_000_000)
    return PlannedAttack(first, last, "port_scan", asset, sources, "tool" if tool else "undetermined", "", len(found)), found


def noise(month: Month) -> Iterator[Packet]:
    """Single knocks from everywhere: worms, misdialled numbers, research."""
    for day in range(month.days):
        dice = month.dice("noise", day)
        for _ in range(dice.randrange(40, 70)):
            source = visitor(dice)
            host = HOST_V6 if ":" in source else dice.choice(HOSTS)
            at = month.midnight(day) * 1_000_000 + dice.randrange(DAY * 1_000_000)
            yield Packet(at, source, host, dice.choice(_NOISE), LINUX if dice.random() < 0.7 else NMAP)


def line(packet: Packet, boot: int, dice: random.Random) -> str:
    """The packet as the kernel of the host `mur` logs it.

    Args:
        packet: what was dropped.
        boot: second of the epoch at which the kernel started.
        dice: draws what says nothing (identification, port of the source).
    """
    at = moment(packet.micros // 1_000_000)
    length, window, ttl = packet.shape
    uptime = packet.micros / 1e6 - boot
    head = f"{at:%b} {at.day:2d} {at:%H:%M:%S} mur kernel: [{uptime:12.6f}] [NFT DROP] IN=wan0 OUT= MAC=02:00:5e:10:00:01:02:00:5e:10:00:02:08:00"
    tail = f"PROTO=TCP SPT={dice.randrange(32_768, 61_000)} DPT={packet.port} WINDOW={window} RES=0x00 SYN URGP=0"
    if ":" in packet.source:
        return f"{head} SRC={packet.source} DST={packet.host} LEN={length + 20} TC=0 HOPLIMIT={ttl} FLOWLBL=0 {tail}\n"
    return f"{head} SRC={packet.source} DST={packet.host} LEN={length} TOS=0x00 PREC=0x00 TTL={ttl} ID={dice.randrange(1, 65_536)} {tail}\n"


def write(folder: Path, month: Month) -> Truth:
    """Write `kern.log`.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    attacks, everything = [], list(noise(month))
    for attack, found in scans(month):
        attacks.append(attack)
        everything += found
    dice = month.dice("kernel")
    boot = month.start - 40 * DAY
    lines = [line(packet, boot, dice) for packet in sorted(everything) if packet.micros < month.end * 1_000_000]
    path = folder / _NAME
    path.write_text("".join(lines), encoding="utf-8")
    os.utime(path, (month.end, month.end))
    return Truth(attacks=tuple(sorted(attacks)), lines=len(lines), files=(_NAME,))


FIREWALL: Final = Kind("firewall", write)
"""Lines of the Linux kernel, as nftables has it write them."""
