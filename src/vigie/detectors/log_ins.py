"""What is kept of log-ins and of connections to database ports, and how log-ins are counted.

Databases are counted record by record: how many guesses there were hangs on tenths of a second and on which lines belong to one connection,
so their records are kept (slim: a record that only says that all went well keeps no message). Doors that the whole world rattles at
(SSH, mail, PAM, WordPress) are counted in tallies, which stay small under a flood of millions.

References:
    - ATT&CK T1110 (brute force), T1078 (valid accounts); RSIT intrusion-attempts: login-attempts.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from vigie.records import Record, Tally
from vigie.records.flow import FLOW, REPLY
from vigie.records.login import CONNECTED, ENDED, FAILED, LOGIN, PASSED, PROBED, REFUSED, STARTED, TOLD
from vigie.records.tally import counted

DATABASES: Final = ("postgresql", "mysql", "mariadb", "mongodb", "mssql", "redis", "elasticsearch", "oracle", "memcached")
"""Values of `service_type` that are databases; every other one is a remote log-in."""
PORTS: Final = {
    5432: "postgresql", 3306: "mysql", 27017: "mongodb", 1433: "mssql", 6379: "redis", 9200: "elasticsearch", 1521: "oracle", 11211: "memcached",
}  # fmt: skip
"""Ports on which databases listen unless they are told otherwise."""
MINUTES: Final = 10
"""Length of an interval of the tally."""

_SERVICES = pa.array(DATABASES)
_PORTS = pa.array(list(PORTS), pa.int32())
_WELL = pa.array([CONNECTED, PASSED, ENDED, TOLD])
_TALLIED = pa.array([STARTED, FAILED, REFUSED, PASSED, PROBED])


def _well(batch: pa.RecordBatch) -> pa.Array:
    """Records that say that all goes well: somebody came, got in, left."""
    return pc.and_(pc.is_in(batch.column("event_action").cast(pa.string()), _WELL), pc.is_null(batch.column("failure_reason").cast(pa.string())))


def _is_database(batch: pa.RecordBatch) -> pa.Array:
    return pc.fill_null(pc.is_in(batch.column("service_type").cast(pa.string()), _SERVICES), False)


def count(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Log-ins by server, source, ten minutes, outcome and account.

    Args:
        batch: rows of `LOGIN`.

    Returns:
        rows of `TALLY`; `asset` is the host that wrote the line, `key` is `service outcome reason account` (the account last, it may hold
        spaces; `-` for no reason). The first row of each server, source, outcome and reason (and account, where it was let in) in ten minutes
        quotes its record.
    """
    action = batch.column("event_action").cast(pa.string())
    told = pc.and_(pc.equal(action, TOLD), pc.equal(pc.fill_null(batch.column("failure_reason").cast(pa.string()), ""), "account"))
    reached = pc.and_(pc.equal(action, CONNECTED), _is_database(batch))
    rows = batch.filter(pc.fill_null(pc.or_(pc.or_(pc.is_in(action, _TALLIED), told), reached), False))
    if not rows.num_rows:
        return counted("log_ins", _sited(rows), pa.array([], pa.string()), MINUTES, evidence=pa.array([], pa.string()))
    words = [rows.column(name).cast(pa.string()) for name in ("service_type", "event_action", "failure_reason")]
    head = pc.binary_join_element_wise(words[0], words[1], pc.fill_null(words[2], "-"), " ")
    key = pc.binary_join_element_wise(head, pc.fill_null(rows.column("user_name"), ""), " ")
    rows = _sited(rows)
    message = pc.fill_null(rows.column("message"), "")
    said = pc.if_else(pc.equal(words[1], PASSED), key, head)
    quoted = pc.if_else(pa.array(_firsts(rows, said)), pc.if_else(pc.equal(message, ""), head, message), "")
    found = counted("log_ins", rows, key, MINUTES, evidence=quoted)
    return _repeated(found, rows, key) if pc.sum(pc.fill_null(rows.column("repeats"), 1)).as_py() != rows.num_rows else found


def _repeated(found: pa.RecordBatch, rows: pa.RecordBatch, key: pa.Array) -> pa.RecordBatch:
    """The same rows of `TALLY`, each record counted as often as it says that it happened."""
    times = pa.table({
        "asset": rows.column("url_domain"), "source_address": rows.column("source_address"), "bucket": _bucket(rows),
        "key": pc.utf8_slice_codeunits(key, 0, 256), "times": pc.fill_null(rows.column("repeats"), 1).cast(pa.int64()),
    }).group_by(["asset", "source_address", "bucket", "key"]).aggregate([("times", "sum")])  # fmt: skip
    mine = pa.table({name: found.column(name) for name in ("asset", "source_address", "key")} | {
        "bucket": found.column("bucket").cast(pa.int64()), "at": pa.array(np.arange(found.num_rows)),
    })  # fmt: skip
    whole = mine.join(times, ["asset", "source_address", "bucket", "key"]).sort_by("at")
    index = found.schema.get_field_index("count")
    return found.set_column(index, found.schema.field(index), whole.column("times_sum").combine_chunks())


def _bucket(rows: pa.RecordBatch) -> pa.Array:
    seen = rows.column("seen_at").cast(pa.int64()).to_numpy()
    return pa.array(seen - np.mod(seen, MINUTES * 60_000_000))


def _sited(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Rows with the server where tallies look for the site, and a name where the log has no address."""
    index = rows.schema.get_field_index("source_address")
    named = pc.coalesce(rows.column(index), rows.column("source_domain"), pa.scalar(""))
    rows = rows.set_column(index, rows.schema.field(index), named)
    return rows.append_column("url_domain", pc.fill_null(rows.column("observer_name"), ""))


def _firsts(rows: pa.RecordBatch, said: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which records come first of their server, source, outcome and ten minutes."""
    seen, offset = rows.column("seen_at").cast(pa.int64()).to_numpy(), rows.column("byte_offset").to_numpy()
    codes = [column.dictionary_encode().indices.to_numpy() for column in (rows.column("url_domain"), rows.column("source_address"), said)]
    codes.append(seen // (MINUTES * 60_000_000))
    order = np.lexsort((offset, seen, *codes))
    new = np.zeros(len(order), bool)
    new[0] = True
    for code in codes:
        new[1:] |= code[order][1:] != code[order][:-1]
    out = np.zeros(len(order), bool)
    out[order] = new
    return out


LOG_INS = Tally("log_ins", LOGIN, count)
"""Log-ins of each source, by outcome and account."""


def kept(kind: Record, batch: pa.RecordBatch) -> pa.RecordBatch | None:
    """The records that are kept whatever the user says; None for kinds of which none are.

    Args:
        kind: what the rows are.
        batch: rows of it, perhaps with more columns.

    Returns:
        of `LOGIN` the rows of databases, without those that only end a connection or add what the rest of it says, and without the message
        of a connection that went well; of `FLOW` those that knock at a database's port.
    """
    if kind is LOGIN:
        action = batch.column("event_action").cast(pa.string())
        told = pc.and_(pc.equal(action, TOLD), pc.is_null(batch.column("failure_reason").cast(pa.string())))
        idle = pc.or_(pc.equal(action, ENDED), told)
        rows = batch.filter(pc.and_(_is_database(batch), pc.invert(pc.fill_null(idle, True))))
        index = rows.schema.get_field_index("message")
        return rows.set_column(index, rows.schema.field(index), pc.if_else(_well(rows), pa.scalar(None, pa.string()), rows.column(index)))
    if kind is FLOW:
        port = pc.fill_null(pc.is_in(batch.column("destination_port"), _PORTS), False)
        return batch.filter(pc.and_(port, pc.not_equal(batch.column("flow_state").cast(pa.string()), REPLY)))
    return None


def quoted(kind: Record, batch: pa.RecordBatch) -> pa.Array | None:
    """Offsets of the records whose raw line is kept beside those that tallies quote: what went wrong at a database; None for other kinds."""
    if kind is not LOGIN:
        return None
    return batch.filter(pc.and_(_is_database(batch), pc.invert(_well(batch)))).column("byte_offset")

