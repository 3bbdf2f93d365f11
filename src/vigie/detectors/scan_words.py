"""A scan in words and numbers: its kind, what it touched, what its packets look like, and the sentence that says so.

References:
    - https://nmap.org/book/man-port-scanning-techniques.html (the flags of each technique)
    - https://github.com/robertdavidgraham/masscan (src/templ-pkt.c), https://github.com/zmap/zmap (src/probe_modules/packet.h)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from vigie.detectors.conversations import CODE
from vigie.detectors.sequential_test import DECIDED
from vigie.detectors.window import said
from vigie.records import SIGNAL, skeleton_of
from vigie.records.flow import DROPPED, ESTABLISHED, REFUSED, UNTOLD

Ints = npt.NDArray[np.int64]

FAMILY: Final = "port_scan"
NAME: Final = f"{FAMILY}.contacts"
VERTICAL, HORIZONTAL, BLOCK, SLOW, SERVICES, DECOYS, DISTRIBUTED = (
    "vertical", "horizontal", "block", "slow", "service_probe", "decoys", "distributed",
)  # fmt: skip
HOSTS, PORTS = 10, 3
"""Hosts of a horizontal scan; with as many ports as the second it is a block."""
DATABASES: Final = (1433, 1521, 3306, 5432, 6379, 9200, 11211, 27017)
"""Ports of databases."""
_PACE: Final = 5_000_000
_SECOND: Final = 1_000_000

_TECHNIQUES: Final = {"S": "syn", "F": "fin", "-": "null", "FPU": "xmas", "A": "ack", "FA": "maimon"}
_NMAP: Final = (1024, 2048, 3072, 4096)
_ALIKE: Final = 0.9
"""Share of the packets that look like a tool's."""

SCANS: Final = pa.schema(
    [
        ("scan_id", pa.string()), ("skeleton", pa.uint64()), ("kind", pa.string()), ("shape", pa.string()), ("pace", pa.string()), ("asset", pa.string()),
        ("first_seen", pa.timestamp("us", "UTC")), ("last_seen", pa.timestamp("us", "UTC")), ("probes", pa.int64()), ("closed", pa.int64()),
        ("answered", pa.int64()), ("hosts", pa.int64()), ("ports", pa.int64()), ("sources", pa.int64()), ("packets", pa.int64()), ("technique", pa.string()),
        ("print", pa.string()), ("tool", pa.string()), ("outcome", pa.string()), ("danger", pa.int32()), ("databases", pa.string()),
        ("handshake", pa.bool_()), ("at_least", pa.bool_()), ("decided_at", pa.int64()), ("confidence", pa.float32()), ("reading", pa.string()),
    ]
)  # fmt: skip
"""One row a scan. `probes` are different doors (host, transport, port); `answered` those behind which a service answered; `ports` count transport
and port; `handshake` says that a source went on after an answer, so that its address is its own; `at_least` that the log leaves lines out;
`decided_at` the contact at which the test had decided, 0 where another rule speaks."""

SCAN_SOURCES: Final = pa.schema(
    [
        ("skeleton", pa.uint64()), ("source_address", pa.string()), ("first_seen", pa.timestamp("us", "UTC")), ("last_seen", pa.timestamp("us", "UTC")),
        ("probes", pa.int64()), ("packets", pa.int64()), ("handshake", pa.bool_()),
    ]
)  # fmt: skip
"""One row for each source of each scan. Without a handshake nothing shows that the address is not forged: statements of origin leave it out."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Contacts that are one scan.

    Attributes:
        contacts: rows of `Contacts.new`, by time; perhaps with `walk`, the test's balance after each.
        kind: what it is called; "" where its shape and pace decide.
        start, end: microseconds.
        asset: the host, or the network that holds all hosts.
    """

    contacts: pl.DataFrame
    kind: str
    start: int
    end: int
    asset: str

    @classmethod
    def of(cls, contacts: pl.DataFrame, kind: str = "") -> Scan:
        """A scan of some contacts."""
        rows = contacts.sort("first_seen", "offset", "source", "door")
        start, end = int(rows["first_seen"][0]), int(rows["last_seen" if kind == SERVICES else "first_seen"].max())  # type: ignore[arg-type]
        return cls(rows, kind, start, end, asset_of(rows["host"].unique().to_list()))

    @property
    def sources(self) -> int:
        """How many there are."""
        return self.contacts["source"].n_unique()


def asset_of(hosts: Sequence[str]) -> str:
    """One host, or the network that holds all of them (at least a /24 or /64), as text."""
    if len(hosts) == 1:
        return hosts[0]
    found = [ipaddress.ip_address(host) for host in hosts]
    if len({one.version for one in found}) > 1:
        return "several networks"
    bits, most = (32, 24) if found[0].version == 4 else (128, 64)
    differ = int(min(found)) ^ int(max(found))
    length = min(most, bits - differ.bit_length())
    return str(ipaddress.ip_network((int(found[0]) >> (bits - length) << (bits - length), length))) if length >= 8 else "several networks"


def described(one: Scan) -> dict[str, object]:
    """A row of `SCANS`."""
    rows = one.contacts
    doors = rows.group_by("door").agg(pl.col("outcome").max(), pl.col("failed").all())
    probes, closed = doors.height, int(doors["failed"].sum())
    answered = int((doors["outcome"] >= CODE[ESTABLISHED]).sum())
    hosts, ports = rows["host"].n_unique(), rows.select(pl.struct("transport", "port").n_unique()).item()
    shape = _shape(rows, hosts, ports)
    least = bool(rows["limited"].all())
    slow = not least and one.end - one.start > _PACE * max(probes - 1, 0) and one.kind != SERVICES
    kind = one.kind or (SLOW if slow else shape)
    touched = sorted(set(rows.filter(pl.col("port").is_in(DATABASES) & (pl.col("transport") == "tcp"))["port"].to_list()))
    outcome = "answered" if answered else "refused" if int(rows["outcome"].max()) > CODE[UNTOLD] else "not observable"  # type: ignore[arg-type]
    technique, mark, tool = _technique(rows)
    handshake = bool((rows["outcome"] == CODE["completed"]).any())
    decided, failures = _decided(rows)
    first = str(rows["source"].min())
    skeleton = skeleton_of(f"{FAMILY} {one.asset} {kind} {first} {one.start}")
    row: dict[str, object] = {
        "scan_id": f"n{skeleton & (2**60 - 1):015x}", "skeleton": skeleton, "kind": kind, "shape": shape, "pace": "not known" if least else "slow" if slow else "fast", "asset": one.asset,
        "first_seen": one.start, "last_seen": one.end, "probes": probes, "closed": closed,
        "answered": answered, "hosts": hosts, "ports": ports, "sources": one.sources, "packets": int(rows["packets"].sum()), "technique": technique,
        "print": mark, "tool": tool, "outcome": outcome, "danger": 2 if touched else 1, "databases": " ".join(map(str, touched)), "handshake": handshake,
        "at_least": least, "decided_at": decided, "confidence": _confidence(one, rows),
    }  # fmt: skip
    return row | {"reading": _reading(row, failures, rows)}


def _shape(rows: pl.DataFrame, hosts: int, ports: int) -> str:
    if hosts >= HOSTS and ports >= PORTS:
        return BLOCK
    most = rows.group_by("transport", "port").agg(pl.col("host").n_unique())["host"].max()
    return HORIZONTAL if isinstance(most, int) and most >= min(HOSTS, max(ports, 2)) else VERTICAL


def _technique(rows: pl.DataFrame) -> tuple[str, str, str | None]:
    """The technique of most contacts, what most of their packets look like, and the tool that makes such packets."""
    word = pl.when(pl.col("transport") == "udp").then(pl.lit("udp")).otherwise(pl.col("flags").replace_strict(_TECHNIQUES, default=""))
    words = rows.select(word.alias("word"), "flags").group_by("word").len().sort("len", "word", descending=True)
    technique = str(words["word"][0])
    prints = rows.filter((pl.col("print") != "?") & (pl.col("transport") == "tcp")).group_by("print").len().sort("len", "print", descending=True)
    if prints.is_empty():
        return technique, "", None
    total = int(prints["len"].sum())
    tools: dict[str, int] = {}
    for mark, count in prints.iter_rows():
        name = tool_of(mark)
        if name:
            tools[name] = tools.get(name, 0) + count
    best = max(tools, key=lambda name: (tools[name], name), default="")
    return technique, str(prints["print"][0]).replace("_", " "), best if best and tools[best] >= _ALIKE * total else None


def tool_of(mark: str) -> str:
    """The tool whose probes have this length, window and rounded time to live; "" for none.

    An operating system's SYN carries options, so it is longer than 48 bytes; the tools write their own.
    """
    try:
        length, window, ttl = (int(part) for part in mark.split("_"))
    except ValueError:
        return ""
    if length in (40, 44) and ttl == 255 and window == 1024:
        return "masscan"
    if length == 40 and ttl == 255 and window == 65535:
        return "zmap"
    return "nmap" if (length in (40, 44) and ttl <= 64 and window in _NMAP) or (length in (60, 64) and window in _NMAP) else ""


def _decided(rows: pl.DataFrame) -> tuple[int, int]:
    """The contact at which the test had decided, and closed doors until then; zeros where it was not asked."""
    if "walk" not in rows.columns or rows["source"].n_unique() > 1:
        return 0, 0
    at = (rows["walk"] >= DECIDED).arg_max()
    return (0, 0) if at is None else (at + 1, int(rows["failed"].head(at + 1).sum()))


def _confidence(one: Scan, rows: pl.DataFrame) -> float:
    """What the log tells decides: outcomes, drops alone, or nothing of either."""
    if one.kind in (SERVICES, DISTRIBUTED):
        return 0.7
    outcomes = rows["outcome"]
    if bool(rows["limited"].all()):
        return 0.6
    if bool((outcomes >= CODE[REFUSED]).any()):
        return 0.95
    return 0.7 if bool((outcomes == CODE[UNTOLD]).all()) else 0.9 if bool((outcomes == CODE[DROPPED]).any()) else 0.85


def _reading(row: dict[str, object], failures: int, rows: pl.DataFrame) -> str:
    """The sentence with the numbers that convinced."""
    probes, hosts, ports, sources = (int(str(row[name])) for name in ("probes", "hosts", "ports", "sources"))
    least = "at least " if row["at_least"] else ""
    named = [f"{port}/{name}" for name, port in rows.select("transport", "port").unique().sort("transport", "port").head(6).iter_rows()]
    if hosts == 1:
        doors = f"{_many(probes, 'port')} of {row['asset']}"
    elif ports == 1:
        doors = f"{_many(hosts, 'host')} of {row['asset']} on one port"
    else:
        doors = f"{_many(probes, 'door')} of {_many(hosts, 'host')} of {row['asset']}, {_many(ports, 'different port')}"
    which = f" ({', '.join(named)})" if ports <= len(named) else ""
    span = int(str(row["last_seen"])) - int(str(row["first_seen"]))
    parts = [f"{least}{doors}{which} in {lasting(span)}"]
    if row["kind"] == DISTRIBUTED:
        shared = rows.height / max(probes, 1)
        networks = rows["network"].n_unique()
        parts.append(f"dealt out over {_many(sources, 'address')} of {_many(networks, 'network')}, each door {shared:.2f} times")
    elif row["kind"] == DECOYS:
        parts.append(f"the same doors from {sources:,} addresses within a second: one scan, whose true source is not known")
    elif row["kind"] == SERVICES:
        parts.append(f"{int(rows['connections'].sum()):,} connections, several to each service, as a program does that asks what runs there")
    else:
        parts.append(f"{row['closed']:,} of them not known to be open" if row["outcome"] != "not observable" else "the log does not tell what was answered")
    if failures:
        parts.append(f"at its {_nth(int(str(row['decided_at'])))} contact it had knocked at {failures} closed doors")
    if row["technique"]:
        word = "fin or xmas" if row["technique"] == "fin" and not row["print"] else row["technique"]
        parts.append(f"{word} packets" + (f" as {row['tool']} builds them" if row["tool"] else ""))
    if row["pace"] == "slow" and row["kind"] != SLOW:
        parts.append("slow")
    if row["kind"] == SLOW:
        parts.append(f"slow: a door in {lasting(span // max(probes - 1, 1))}; {row['shape']}")
    if not row["handshake"]:
        parts.append("no handshake is seen, so the address may be forged")
    if row["at_least"]:
        parts.append("the log leaves lines out, so neither size nor pace is known")
    return "; ".join(parts)


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 'es' if word.endswith('s') else 's'}"


def _nth(number: int) -> str:
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def lasting(micros: int) -> str:
    """A duration in the largest unit that leaves two digits."""
    seconds = micros / _SECOND
    for unit, size, least in (("days", 86_400, 2), ("h", 3600, 3), ("min", 60, 10)):
        if seconds >= least * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 1.5 else "about a second" if seconds >= 0.5 else "less than a second"


def signals_of(scans: Sequence[Scan], told: Sequence[dict[str, object]], quote: Callable[[Ints], pa.Table]) -> pa.RecordBatch:
    """Rows of `SIGNAL`, one for each source of each scan; a source of which no line was kept gives none."""
    per = _sources(scans).filter(pl.col("row") >= 0)
    if per.is_empty():
        return SIGNAL.empty()
    scan = per["scan"].to_numpy()

    def each(name: str, kind: pa.DataType) -> pa.Array:
        return pa.array([told[at][name] for at in scan.tolist()], kind)

    table = quote(per["row"].to_numpy().astype(np.int64))
    count = len(scan)
    target = [_target(one, row) for one, row in zip(scans, told, strict=True)]
    signals = said(NAME, FAMILY, table, np.arange(count), per["packets"].to_numpy(), per["last_seen"].to_numpy(), {
        "rule": pa.array([f"{FAMILY}.{told[at]['kind']}" for at in scan.tolist()]), "target": pa.array([target[at] for at in scan.tolist()]),
        "confidence": each("confidence", pa.float32()), "kind": each("kind", pa.string()), "reading": each("reading", pa.string()),
        "skeleton": each("skeleton", pa.uint64()),
    })  # fmt: skip
    more = {"seen_at": pa.array(per["first_seen"].to_numpy()), "asset": each("asset", pa.string()), "tool": each("tool", pa.string()).dictionary_encode()}
    more["source_address"] = pa.array(per["source"].to_list(), pa.string())
    for name, column in more.items():
        at = SIGNAL.schema.get_field_index(name)
        signals = signals.set_column(at, SIGNAL.schema.field(at), column.cast(SIGNAL.schema.field(at).type))
    return signals


def _target(one: Scan, row: dict[str, object]) -> str:
    """The place of a scan, as attempts name it."""
    transports = "/".join(sorted(one.contacts["transport"].unique().to_list()))
    if row["ports"] == 1:
        return f"{transports} {one.contacts['port'][0]}"
    return f"{transports} {row['ports']} ports"


def _sources(scans: Sequence[Scan]) -> pl.DataFrame:
    """By scan and source: times, doors, packets, whether a handshake was completed, and the tally's row to quote."""
    names = ("source", "first_seen", "last_seen", "door", "packets", "outcome", "row", "quoted")
    if not scans:
        return pl.DataFrame(schema={"scan": pl.Int64, "source": pl.String, "first_seen": pl.Int64, "last_seen": pl.Int64, "probes": pl.Int64, "packets": pl.Int64, "handshake": pl.Boolean, "row": pl.Int64})
    rows = pl.concat([one.contacts.select(pl.lit(at, pl.Int64).alias("scan"), *names) for at, one in enumerate(scans)])
    return rows.group_by("scan", "source", maintain_order=True).agg(
        pl.col("first_seen").min(), pl.col("first_seen").max().alias("last_seen"), pl.col("door").n_unique().cast(pl.Int64).alias("probes"), pl.col("packets").sum().cast(pl.Int64),
        (pl.col("outcome") == CODE["completed"]).any().alias("handshake"), pl.col("row").filter("quoted").first().fill_null(-1),
    )  # fmt: skip


def tables_of(scans: Sequence[Scan], told: Sequence[dict[str, object]]) -> tuple[pa.Table, pa.Table]:
    """Rows of `SCANS` and of `SCAN_SOURCES`."""
    per = _sources(scans)
    skeletons = pa.array([told[at]["skeleton"] for at in per["scan"].to_list()], pa.uint64())
    columns = {
        "skeleton": skeletons, "source_address": pa.array(per["source"].to_list(), pa.string()),
        **{name: pa.array(per[name].to_numpy()).cast(SCAN_SOURCES.field(name).type) for name in ("first_seen", "last_seen", "probes", "packets")},
        "handshake": pa.array(per["handshake"].to_list(), pa.bool_()),
    }  # fmt: skip
    return pa.Table.from_pylist(list(told), schema=SCANS), pa.table(columns, schema=SCAN_SOURCES)


