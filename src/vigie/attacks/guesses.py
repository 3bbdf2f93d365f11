"""From records of log-ins to tries: what one connection did, and how many passwords were really guessed.

Lines are no guesses. Records of one connection share a session; what it did is the strongest thing that they say. Two logs of one server
(text and CSV, error log and audit) tell the same try twice. A PostgreSQL client that may do without encryption tries a refused password a
second time in clear, at once: such a failure absorbs at most one later failure of the same source, account and database. How quickly the
second one comes depends on the network, so the answer is an interval: pairs at least, lines at most.

References:
    - https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLMODE
    - https://mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin (connection ids)
"""

from __future__ import annotations

from typing import Final

import polars as pl

from vigie.detectors.log_ins import DATABASES, MINUTES

SECOND: Final = 1_000_000
"""Microseconds of a second; all times here are microseconds of UTC."""
RETRY: Final = SECOND // 10
"""Within which a client's second try in clear follows the first."""
RETRY_UNKNOWN: Final = SECOND // 2
"""The same where the log holds no address, so that tries of different clients cannot be told apart."""
SAME: Final = 3 * SECOND // 2
"""Within which two logs write of one event, one of them in whole seconds."""
SESSION: Final = 15 * 60 * SECOND
"""Silence after which a process or connection number stands for another connection."""

CONTACT, PROBE, START, REFUSAL, FAILURE, SUCCESS = "contact", "probe", "started", "refused", "failed", "passed"
ACTS: Final = {"connected": CONTACT, "probed": PROBE, "started": START, "refused": REFUSAL, "failed": FAILURE, "passed": SUCCESS}
"""What a try comes to, by the action of its record."""
LOCAL: Final = ("[local]", "localhost", "127.0.0.1", "::1")
"""Names of the server's own side."""

TRIES: Final = {
    "family": pl.String, "service": pl.String, "asset": pl.String, "source": pl.String, "account": pl.String, "database": pl.String,
    "act": pl.String, "reason": pl.String, "seen": pl.Int64, "until": pl.Int64, "guesses": pl.Int64, "low": pl.Int64, "high": pl.Int64,
    "lines": pl.Int64, "tool": pl.String, "feed": pl.String, "file": pl.String, "byte_offset": pl.Int64, "evidence": pl.String,
}  # fmt: skip
"""Columns of tries. `source` is an address, a host name where the log has that, "" where it has nothing; `account` and `database` are "" when
not told; `guesses` is how many there were (1 for what is no guess), at least `low`, at most `high`."""

_LOG_INS = f"""
select epoch_us(seen_at) as seen, service_type::varchar as service, event_action::varchar as action, failure_reason::varchar as reason,
       source_address as address, source_domain as domain, user_name as account, database_name as database, session_id as session,
       connection_encrypted as encrypted, tool::varchar as tool, coalesce(observer_name, '') as observer, coalesce(repeats, 1)::bigint as repeats,
       coalesce(message, '') as evidence, feed::varchar as feed, file::varchar as file, byte_offset
from log_ins where service_type::varchar in {DATABASES!r}
"""
"""Records of databases; a query of the archive's view."""

_TALLIED = """
with mine as (select * from tallies where tally::varchar = 'log_ins' and split_part(key, ' ', 1) not in {databases}),
merged as (
    select asset, source_address, bucket, key, sum(count)::bigint as count, min(epoch_us(first_seen)) as seen, max(epoch_us(last_seen)) as until,
           arg_min(row, (first_seen, row)) as row
    from mine group by all)
select m.asset as observer, m.source_address as source, epoch_us(m.bucket) as bucket, m.key, m.count, m.seen, m.until,
       t.feed::varchar as feed, t.file::varchar as file, t.byte_offset, t.evidence
from merged m join tallies t using (row)
"""
QUERIES: Final = (_LOG_INS, _TALLIED.format(databases=repr(DATABASES)))
"""What `database_tries` and `remote_tries` are made of."""


def database_tries(log_ins: pl.DataFrame) -> pl.DataFrame:
    """Tries against databases.

    Args:
        log_ins: rows of the first of `QUERIES`.

    Returns:
        rows of `TRIES`, one for each connection and outcome.
    """
    if log_ins.is_empty():
        return pl.DataFrame(schema=TRIES)
    rows = _told_once(_acts(_connections(log_ins)))
    rows = rows.with_columns(family=pl.lit("database_access"), asset=_asset(), tool=pl.col("tool").fill_null(""))
    return _absorbed(rows).select(list(TRIES)).cast(TRIES)  # type: ignore[arg-type]


def remote_tries(tallied: pl.DataFrame) -> pl.DataFrame:
    """Log-ins of other services, of tallies; what only tells the account of another line counts where no such line is.

    Args:
        tallied: rows of the second of `QUERIES`.

    Returns:
        rows of `TRIES`, one for each source, account, outcome and interval.
    """
    if tallied.is_empty():
        return pl.DataFrame(schema=TRIES)
    parts = pl.col("key").str.splitn(" ", 4).struct
    rows = tallied.with_columns(service=parts.field("field_0"), action=parts.field("field_1"), reason=parts.field("field_2"), account=parts.field("field_3"))
    rows = rows.with_columns(
        account=pl.col("account").fill_null(""), reason=pl.when(pl.col("reason") == "-").then(pl.lit("")).otherwise(pl.col("reason")),
        act=pl.when(pl.col("action") == "told").then(pl.lit(START)).otherwise(pl.col("action").replace(ACTS)),
    )  # fmt: skip
    failed = pl.col("count").filter(pl.col("act") == FAILURE).sum().over("observer", "service", "source", "account", "bucket")
    count = pl.when(pl.col("action") == "told").then(pl.col("count") - failed).otherwise(pl.col("count"))
    rows = rows.with_columns(count=count).filter(pl.col("count") > 0)
    rows = rows.with_columns(
        family=pl.lit("remote_login"), asset=_asset(), database=pl.lit(""), tool=pl.lit(""), guesses="count", low="count", high="count", lines="count"
    )
    return rows.select(list(TRIES)).cast(TRIES)  # type: ignore[arg-type]


def _asset() -> pl.Expr:
    return pl.when(pl.col("observer") == "").then(pl.col("service")).otherwise(pl.format("{}@{}", "service", "observer"))


def _connections(log_ins: pl.DataFrame) -> pl.DataFrame:
    """Records with the number of their connection (`connection`), and what others of it say (source, account, database, encryption)."""
    order = {"connected": 0, "told": 1, "probed": 2, "started": 3, "refused": 4, "failed": 5, "passed": 6}
    pid = pl.col("session").str.extract(r"^[0-9a-f]{6,16}\.([0-9a-f]{1,8})$").str.to_integer(base=16, strict=False).cast(pl.String)
    rows = log_ins.with_columns(
        session=pl.coalesce(pid, "session"), rank=pl.col("action").replace_strict(order, default=7, return_dtype=pl.Int8),
        service=pl.when(pl.col("service") == "mariadb").then(pl.lit("mysql")).otherwise(pl.col("service")),
        name=pl.coalesce("address", pl.when(~pl.col("domain").str.contains("[%*_]")).then(pl.col("domain"))),
    ).sort("feed", "service", "observer", "session", "seen", "rank", "file", "byte_offset", nulls_last=True)  # fmt: skip
    key = pl.struct("feed", "service", "observer", "session")
    new = pl.col("session").is_null() | (key != key.shift()) | (pl.col("rank") == 0) | (pl.col("seen") - pl.col("seen").shift() > SESSION)
    rows = rows.with_columns(connection=new.fill_null(True).cum_sum())
    first = [pl.col(name).drop_nulls().first().over("connection").alias(f"{name}_there") for name in ("address", "name", "account", "database", "encrypted", "tool")]
    rows = rows.with_columns(first, no_account=((pl.col("action") == "told") & (pl.col("reason") == "account")).any().over("connection"))
    source = pl.coalesce("address_there", "name_there", pl.lit(""))
    filled = {name: pl.coalesce(name, f"{name}_there") for name in ("account", "database", "tool")}
    return rows.with_columns(source=source, encrypted="encrypted_there", **filled)


def _acts(rows: pl.DataFrame) -> pl.DataFrame:
    """What each connection did: one row for each outcome and account; weaker outcomes beside stronger ones are left out."""
    act = pl.col("action").replace_strict(ACTS, default=None, return_dtype=pl.String)
    rows = rows.with_columns(act=act, all=pl.len().over("connection")).filter(pl.col("act").is_not_null())
    strongest = pl.col("rank").max().over("connection")
    rows = rows.filter((pl.col("rank") >= 4) | (pl.col("rank") == strongest))
    word = pl.when(pl.col("no_account")).then(pl.lit("account")).otherwise(pl.col("reason"))
    told = pl.when(pl.col("act") == FAILURE).then(word).otherwise(pl.col("reason"))
    first = ["service", "observer", "source", "encrypted", "tool", "feed", "file", "byte_offset", "evidence", "session", "all"]
    grouped = (
        rows.with_columns(reason=told, account=pl.col("account").fill_null(""), database=pl.col("database").fill_null(""))
        .group_by("connection", "act", "account", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in first), pl.col("database").filter(pl.col("database") != "").first().fill_null(""),
            lines=pl.len(), seen=pl.col("seen").min(), until=pl.col("seen").max(), high=pl.col("repeats").sum(), reason=_reason(),
        )
    )  # fmt: skip
    rest = pl.when(pl.int_range(pl.len()).over("connection") == 0).then(pl.col("all") - pl.col("lines").sum().over("connection")).otherwise(0)
    return grouped.with_columns(high=pl.when(pl.col("act") == FAILURE).then(pl.col("high")).otherwise(1), lines=pl.col("lines") + rest)


def _reason() -> pl.Expr:
    """Of several reasons the last, but that something odd was said rather than that the connection then was cut."""
    reasons = pl.col("reason").drop_nulls()
    said = reasons.filter(reasons.is_in(["protocol", "encryption"]))
    return pl.coalesce(said.last(), reasons.last(), pl.lit(""))


def _told_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The same tries, those that two logs of one server tell counted once; the one that knows the address is kept."""
    key = ["service", "session", "act", "account"]
    rows = rows.sort(*key, "seen", "feed", "file", "byte_offset", nulls_last=True)
    other = (pl.col("feed") != pl.col("feed").shift()) & (pl.col("seen") - pl.col("seen").shift() <= SAME) & pl.col("session").is_not_null()
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in key)
    address = r"^[0-9a-fA-F:.]+$"
    sourced = (pl.col("source") == pl.col("source").shift()) | ~pl.col("source").str.contains(address) | ~pl.col("source").shift().str.contains(address)
    event = (~(other & same & sourced)).fill_null(True).cum_sum()
    rows = rows.with_columns(event=event, known=pl.col("source").str.contains(address), lines=pl.col("lines").sum().over(event))
    rows = rows.with_columns(reason=pl.when((pl.col("reason") == "account").any().over("event")).then(pl.lit("account")).otherwise(pl.col("reason")))
    return rows.sort("event", pl.col("known").not_(), "feed", "file", "byte_offset").unique("event", keep="first", maintain_order=True)


def _absorbed(rows: pl.DataFrame) -> pl.DataFrame:
    """Tries with how many they stand for: a retry in clear stands for none."""
    rows = rows.sort("asset", "act", "source", "account", "database", "seen", "file", "byte_offset")
    may = (pl.col("service") == "postgresql") & pl.col("act").is_in([FAILURE, REFUSAL])
    unlike = (pl.col("encrypted").shift() & pl.col("encrypted").not_()).fill_null(True).not_()
    key = pl.struct("asset", "act", "source", "account", "database")
    gap = pl.col("seen") - pl.col("seen").shift()

    def absorbed(within: pl.Expr) -> pl.Expr:
        chain = ((key != key.shift()) | (gap > within) | unlike).fill_null(True).cum_sum()
        return may & (pl.int_range(pl.len()).over(chain) % 2 == 1)

    wide = pl.when(pl.col("source") == "").then(RETRY_UNKNOWN).otherwise(RETRY)
    counted = {name: pl.when(absorbed(within)).then(0).otherwise(pl.col("high")) for name, within in (("guesses", pl.lit(RETRY)), ("low", wide))}
    return rows.with_columns(**counted)


INTERVAL: Final = MINUTES * 60 * SECOND
"""Length of what one signal stands for, at most."""
