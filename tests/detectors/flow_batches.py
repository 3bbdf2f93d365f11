"""Flows made for tests: addresses of documentation, no real traffic."""

import random

import duckdb
import pyarrow as pa

from vigie.archive import catalogue
from vigie.detectors.contacts import count
from vigie.detectors.scans import find
from vigie.records import FLOW, TALLY

SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
START = 1_484_438_400_000_000  # 2017-01-15 00:00 UTC
POPULAR = (22, 23, 80, 443, 445, 1433, 2222, 2323, 3306, 3389, 5060, 5555, 5900, 6379, 7547, 8000, 8080, 8081, 8443, 8728, 9200, 27017)


def flow(at, source, host, port, state="dropped", *, own=40_000, transport="tcp", flags="S", mark="60 64240 64", **more):
    """One row of FLOW."""
    row = dict.fromkeys(FLOW.schema.names) | {
        "feed": "fw.log", "file": "fw.log", "byte_offset": 0, "seen_at": START + at, "source_address": source, "source_port": own,
        "destination_address": host, "destination_port": port, "network_transport": transport, "flow_state": state, "tcp_flags": flags if transport == "tcp" else None,
        "packet_fingerprint": mark, "event_kind": "event", "network_direction": "inbound",
    }  # fmt: skip
    return row | more


def batch_of(rows, first=0):
    """Rows as a batch, each at an offset of its own (by its place, unless it has one)."""
    return pa.RecordBatch.from_pylist([row | {"byte_offset": row["byte_offset"] or 100 * (first + at)} for at, row in enumerate(rows)], schema=FLOW.schema)


def tallies_of(rows, size=65_536):
    """The tally of rows, counted in batches of some size."""
    parts = [count(batch_of(rows[at : at + size], at)) for at in range(0, len(rows), size)]
    return pa.Table.from_batches(parts, TALLY.schema).unify_dictionaries()


def found_in(rows, size=65_536, limited=()):
    """What is found in rows, merged as the catalogue merges them."""
    table = tallies_of(rows, size)
    with duckdb.connect(":memory:") as connection:
        connection.register("tallies", table.append_column("row", pa.array(range(table.num_rows), pa.int64())))
        merged = connection.sql(catalogue._CONTACTS.format(rows=1 << 62, late=1 << 115)).to_arrow_table()
    return find(merged, lambda wanted: table.take(pa.array(wanted)).combine_chunks(), limited)


OURS = "2001:db8:ffff::10"


def background(seed, *, days=1.0, sources=3000, host=OURS, other=0.3):
    """A day of what knocks at every host: one or two doors a source, most of them popular, each source of a network of its own."""
    chance = random.Random(seed)
    rows = []
    for number in range(int(sources * days)):
        address = f"2001:db8:{number + 1:x}::1"
        for _ in range(1 if chance.random() < 0.8 else 2):
            port = chance.choice(POPULAR) if chance.random() > other else chance.randint(1, 65_535)
            rows.append(flow(int(chance.random() * days * DAY), address, host, port, mark=chance.choice(("44 1024 64", "40 65535 255", "60 64240 64", "52 8192 128"))))
    return sorted(rows, key=lambda row: row["seen_at"])
