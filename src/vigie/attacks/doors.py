"""Who is trying the doors: databases (`database_access`) and log-ins from elsewhere (`remote_login`), with how far each one got.

A signal stands for what one source did at one server in ten minutes with one outcome; signals make attempts and attacks as everywhere
(`sessions`), with pauses of their own: 30 minutes, 24 hours for slow and for dealt-out guessing. Beside each signal stands a row of
`door_tries` with what is counted here: guesses as an interval, connections, accounts, danger and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa

from vigie.attacks import candidates
from vigie.attacks.dangers import judged
from vigie.attacks.guesses import ACTS, FAILURE, INTERVAL, QUERIES, START, SUCCESS, database_tries, remote_tries
from vigie.detectors.window import said
from vigie.records import SIGNAL, skeleton_of

if TYPE_CHECKING:
    import duckdb

FAMILIES: Final = ("database_access", "remote_login")
"""Databases, and all other doors: SSH, mail, the machine's own accounts, a site's log-in in syslog."""
NAMES: Final = 20
"""Accounts, databases and candidates that are listed for one row."""

DOOR_TRIES: Final = pa.schema(
    [
        ("row", pa.int64()), ("family", pa.string()), ("service", pa.string()), ("source", pa.string()), ("own", pa.string()), ("visible", pa.bool_()),
        ("danger", pa.int32()), ("why", pa.string()), ("guesses", pa.int64()), ("low", pa.int64()), ("high", pa.int64()), ("successes", pa.int64()),
        ("connections", pa.int64()), ("lines", pa.int64()), ("accounts", pa.list_(pa.string())), ("databases", pa.list_(pa.string())),
        ("candidates", pa.list_(pa.string())), ("hidden", pa.bool_()),
    ]
)  # fmt: skip
"""One row a signal (and one, of row -1, for each of one's own hosts): `guesses` passwords tried, at least `low`, at most `high`; `connections` are counted at databases only; `source` "" where the log does not tell it, and `candidates` that
a firewall's log leaves for it; `hidden` where the source is a container's bridge."""

VIEW: Final = """
create or replace view doors as
with mine as (
    select case when l.attack > 0 then 'a' || format('{:015x}', l.attack) else 't' || format('{:015x}', l.attempt) end as door_id,
           case when l.attack > 0 then 'a' || format('{:015x}', l.attack) end as attack_id, r.seen_at, r.last_seen, r.kind::varchar as kind, r.asset, u.*
    from door_tries u join labels l using (row) join window_signals r using (row))
select door_id, attack_id, family, any_value(service) as service, any_value(asset) as asset, max(danger)::int as danger, arg_max(why, (danger, why)) as why,
       arg_max(kind, (danger, kind)) as kind,
       case when count(distinct source) > 1 then count(distinct source) || ' sources' else any_value(source) end as source, count(distinct source) as sources,
       list_sort(list_distinct(flatten(list(accounts))))[1:20] as accounts, list_sort(list_distinct(flatten(list(databases))))[1:20] as databases,
       sum(guesses)::bigint as guesses, sum(low)::bigint as guesses_low, sum(high)::bigint as guesses_high, sum(successes)::bigint as successes,
       sum(connections)::bigint as connections, sum(lines)::bigint as lines, min(seen_at) as first_seen, max(last_seen) as last_seen,
       list_sort(list_distinct(flatten(list(candidates))))[1:20] as candidates, bool_or(visible) as visible, any_value(own) as own, bool_or(hidden) as hidden
from mine group by door_id, attack_id, family
"""
"""Table `doors`: one row for each attack at a door, and for each attempt that is set aside (one's own host, too weak)."""

_QUOTES = """
select file::varchar as file, byte_offset, any_value(evidence) as quoted, any_value(feed::varchar) as feed, any_value(split_part(key, ' ', 1)) as service,
       any_value(split_part(key, ' ', 2)) as action, any_value(source_address) as source, any_value(epoch_us(first_seen)) as seen
from tallies where tally::varchar = 'log_ins' and evidence <> '' group by 1, 2 order by seen, 1, 2
"""
_NOTHING: Final = ("own", "inside", "log_in")
"""Reasons of tries that nothing is said of."""


def tries_of(connection: duckdb.DuckDBPyConnection, ours: tuple[str, ...] = ()) -> pl.DataFrame:
    """Every try at a door that the archive holds, judged.

    Args:
        connection: holds the views `log_ins`, `flows` and `tallies`.
        ours: networks (CIDR) of one's own.

    Returns:
        rows of `dangers.judged`, with `bucket` and `candidates`. Where a try's own line is not kept, its evidence is the first line that says
        the same of the same source in the same ten minutes.
    """
    frames = [pl.DataFrame(pl.from_arrow(connection.sql(query).to_arrow_table())) for query in QUERIES]
    tries = pl.concat([database_tries(frames[0]), remote_tries(frames[1])])
    del frames
    if tries.is_empty():
        return tries
    tries = _quoted(tries, pl.DataFrame(pl.from_arrow(connection.sql(_QUOTES).to_arrow_table())))
    flows = pl.DataFrame(pl.from_arrow(connection.sql(candidates.QUERY).to_arrow_table()))
    tries = judged(tries.sort("seen", "file", "byte_offset", "act", "account"), ours)
    return tries.with_columns(candidates.candidates(tries, flows))


def _quoted(tries: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Tries with a line that is kept: their own, else one that says the same of the same source, else of a source that the log does not tell."""
    tries = tries.with_columns(bucket=pl.col("seen") // INTERVAL)
    own = quotes.select("file", "byte_offset", "quoted")
    tries = tries.join(own, on=["file", "byte_offset"], how="left", maintain_order="left")
    tries = tries.with_columns(evidence=pl.when(pl.col("evidence") == "").then(pl.col("quoted").fill_null("")).otherwise(pl.col("evidence"))).drop("quoted")
    act = pl.col("action").replace({**ACTS, "told": START})
    service = pl.when(pl.col("service") == "mariadb").then(pl.lit("mysql")).otherwise(pl.col("service"))
    quotes = quotes.with_columns(act=act, service=service, bucket=pl.col("seen") // INTERVAL).rename({"quoted": "evidence"})
    nameless = quotes.filter(pl.col("source") == "")
    for found, key in ((quotes, ["service", "act", "bucket", "source"]), (nameless, ["service", "act", "bucket"])):
        first = found.unique(key, keep="first", maintain_order=True).select(*key, pl.col("feed", "file", "byte_offset", "evidence").name.suffix("_there"))
        tries = tries.join(first, on=key, how="left", maintain_order="left")
        bare = (pl.col("evidence") == "") & pl.col("evidence_there").is_not_null()
        tries = tries.with_columns(
            pl.when(bare).then(pl.col(f"{name}_there")).otherwise(pl.col(name)).alias(name) for name in ("feed", "file", "byte_offset", "evidence")
        ).drop(f"{name}_there" for name in ("feed", "file", "byte_offset", "evidence"))
    return tries


def found_at_doors(connection: duckdb.DuckDBPyConnection, first_row: int, ours: tuple[str, ...] = ()) -> tuple[list[pa.RecordBatch], pa.Table]:
    """Signals of the doors, and what is counted behind each.

    Args:
        connection: holds the views `log_ins`, `flows` and `tallies`.
        first_row: number of the first signal.
        ours: networks (CIDR) of one's own.

    Returns:
        rows of `SIGNAL`, a batch for each family, and rows of `DOOR_TRIES`.
    """
    tries = tries_of(connection, ours)
    if tries.is_empty():
        return [], DOOR_TRIES.empty_table()
    tables = [tries.filter(pl.col("own") != "").unique(["asset", "source"], keep="first", maintain_order=True).select(list(_OWN))]
    tries = tries.filter(~pl.col("why").is_in(_NOTHING))
    parts = []
    for family in FAMILIES:
        groups = _grouped(tries.filter(pl.col("family") == family))
        if groups.height:
            tables.append(groups.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64) + first_row))
            parts.append(_signals(family, groups))
            first_row += groups.height
    return parts, pl.concat([table.select(DOOR_TRIES.names) for table in reversed(tables)], how="vertical_relaxed").to_arrow().cast(DOOR_TRIES)


_NONE: Final = pl.lit([], dtype=pl.List(pl.String))
_OWN: Final[tuple[str | pl.Expr, ...]] = (
    pl.lit(-1, pl.Int64).alias("row"), "family", "service", "source", "own", "visible", pl.lit(0, pl.Int32).alias("danger"), pl.lit("own").alias("why"),
    *(pl.lit(0, pl.Int64).alias(name) for name in ("guesses", "low", "high", "successes", "connections", "lines")),
    *(_NONE.alias(name) for name in ("accounts", "databases", "candidates")), "hidden",
)  # fmt: skip


def _grouped(tries: pl.DataFrame) -> pl.DataFrame:
    """Tries of one source at one server in ten minutes with one outcome, in one row that quotes the earliest."""
    tries = tries.sort("seen", "file", "byte_offset", "account")
    failed = pl.col("act") == FAILURE
    grouped = tries.group_by("family", "asset", "service", "source", "bucket", "kind", "why", "danger", "group", "own", "visible", maintain_order=True).agg(
        pl.col("feed", "file", "byte_offset", "evidence", "act").first(), seen=pl.col("seen").min(), until=pl.col("until").max(),
        confidence=pl.col("confidence").max(), tool=pl.col("tool").max(), lines=pl.col("lines").sum(), connections=(pl.col("family") == "database_access").sum().cast(pl.Int64),
        **{name: pl.col(name).filter(failed).sum() for name in ("guesses", "low", "high")}, successes=pl.col("guesses").filter(pl.col("act") == SUCCESS).sum(),
        times=pl.col("guesses").sum(), accounts=_names("account"), databases=_names("database"),
        candidates=pl.col("candidates").explode().drop_nulls().unique().sort().head(NAMES), hidden=pl.col("hidden").any(),
    )  # fmt: skip
    return grouped.sort("seen", "asset", "source", "why", "kind", "group", "bucket")


def _names(column: str) -> pl.Expr:
    return pl.col(column).filter(pl.col(column) != "").unique().sort().head(NAMES)


_WHY: Final = {
    "own_misconfiguration": "your own host failed on its own account, and stopped: most likely a wrong configuration",
    "own_host_odd": "your own host failed beyond its own account, or does not stop: somebody may use it as a springboard",
    "success_after_failures": "a log-in worked after failures: ask whose it was",
    "right_password": "the password was right, the database was not",
    "valid_credential": "a valid credential was used from outside",
    "new_network": "the first log-in of this account from this network: ask whose it was",
    "no_such_account": "accounts that are not there",
    "account_there": "an account that is there",
    "account_not_told": "the log does not tell whether the account is there: danger 4 or 5",
    "refused": "refused by a rule, whatever the password",
    "started": "a log-in begun, no credential sent",
    "probe": "something was said that no client of this service says",
    "contact": "the port was reached, nothing was said",
}  # fmt: skip
"""Reasons in words, as a signal reads them."""


def _signals(family: str, groups: pl.DataFrame) -> pa.RecordBatch:
    text = groups.select(
        reading=pl.when(pl.col("high") > 0)
        .then(pl.format("passwords guessed: {} to {}, lines: {}; {}", "low", "high", "lines", pl.col("why").replace(_WHY)))
        .otherwise(pl.format("times: {}, lines: {}; {}", "times", "lines", pl.col("why").replace(_WHY))),
        rule=pl.format("{}.{}", pl.lit(family), pl.coalesce("kind", "why")),
    )
    skeletons = {group: skeleton_of(f"{family} {group}") if group else 0 for group in groups["group"].unique()}
    table = pa.table({
        **{name: groups[name].to_arrow().cast(pa.string()) for name in ("feed", "file", "evidence", "asset")}, "byte_offset": groups["byte_offset"].to_arrow(),
        "source_address": groups["source"].to_arrow().cast(pa.string()), "first_seen": groups["seen"].to_arrow().cast(pa.timestamp("us", "UTC")),
    })  # fmt: skip
    says = {
        "rule": text["rule"].to_arrow().cast(pa.string()), "kind": groups["kind"].to_arrow().cast(pa.string()), "reading": text["reading"].to_arrow().cast(pa.string()),
        "target": groups["service"].to_arrow().cast(pa.string()), "confidence": groups["confidence"].cast(pl.Float32).to_arrow(),
        "tool": pa.array([tool or None for tool in groups["tool"]], pa.string()),
        "skeleton": pa.array([skeletons[group] for group in groups["group"]], pa.uint64()),
    }  # fmt: skip
    found = said(f"{family}.doors", family, table, np.arange(groups.height), groups["lines"].to_numpy(), groups["until"].to_numpy(), says)
    return found.cast(SIGNAL.schema)
