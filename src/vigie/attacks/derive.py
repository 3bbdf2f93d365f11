"""Signals → attempts → attacks: the one definition of the counted unit.

- An *attempt* is the signals of one source, family and target place without a pause.
- An *attack* is one actor pursuing one family against one asset without a pause. An actor is one source, or sources
  that sent the same payload skeleton within minutes of each other.

Both are derived, deterministic functions of signals and settings: whatever the order in which files were read,
the same signals give the same ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.attacks.components import components
from vigie.attacks.settings import Settings

if TYPE_CHECKING:
    import duckdb

_STAMP = """
create or replace table stamped as
with numbered as (
    select *, (row_number() over (partition by fingerprint, detector, place, target, seen_at, source_address
                                  order by file, byte_offset) - 1)::int as nth_
    from raw_signals)
select 's' || left(md5(concat_ws('|', fingerprint, nth_, detector, place, target, epoch_us(seen_at), source_address)), 15) as signal_id,
       detector::varchar as detector, family::varchar as family, kind::varchar as kind, rule::varchar as rule, tool::varchar as tool,
       seen_at, coalesce(source_address, '') as source_address, asset, target, place::varchar as place, evidence, reading,
       skeleton, confidence, http_method::varchar as http_method, http_status, user_agent, records,
       feed::varchar as feed, file::varchar as file, byte_offset, fingerprint, nth_ as nth
from numbered
"""

_SESSIONS = """
create or replace table sessions as
with marked as (
    select signal_id, family, asset, source_address, target, skeleton, seen_at,
           (lag(seen_at) over whole is null or seen_at - lag(seen_at) over whole > to_microseconds({pause})) as new_session,
           (lag(seen_at) over spot is null or seen_at - lag(seen_at) over spot > to_microseconds({pause})) as new_attempt
    from stamped
    window whole as (partition by family, asset, source_address order by seen_at, signal_id),
           spot as (partition by family, asset, source_address, target order by seen_at, signal_id)),
numbered as (
    select *,
           sum(new_session::int) over (order by family, asset, source_address, seen_at, signal_id rows unbounded preceding)::bigint - 1 as session,
           sum(new_attempt::int) over (order by family, asset, source_address, target, seen_at, signal_id rows unbounded preceding)::bigint - 1 as attempt
    from marked)
select * from numbered
"""

_EDGES = """
with near as (
    select session, seen_at, lag(session) over w as other, lag(seen_at) over w as before
    from sessions where skeleton <> 0
    window w as (partition by family, asset, skeleton order by seen_at, signal_id))
select distinct session, other from near
where other is not null and other <> session and seen_at - before <= to_microseconds({link})
"""

_SIGNALS = """
create or replace table signals as
with owned as (
    select s.*, l.label, n.attempt
    from stamped s join sessions n using (signal_id) join labels l on l.session = n.session),
attack_ids as (
    select label, 'a' || left(md5(min_by(signal_id, (seen_at, signal_id)) || family), 15) as attack_id
    from owned group by label, family),
attempt_ids as (
    select attempt, 't' || left(md5(min_by(signal_id, (seen_at, signal_id)) || family || target), 15) as attempt_id
    from owned group by attempt, family, target)
select o.signal_id, t.attempt_id, a.attack_id, o.* exclude (signal_id, label, attempt)
from owned o join attack_ids a using (label) join attempt_ids t using (attempt)
order by o.seen_at, o.signal_id
"""

_ATTEMPTS = """
create or replace table attempts as
select attempt_id, any_value(attack_id) as attack_id, any_value(family) as family, mode(kind) as kind, mode(tool) as tool,
       any_value(source_address) as source_address, any_value(asset) as asset, any_value(target) as target,
       min(seen_at) as first_seen, max(seen_at) as last_seen, count(*) as signals, sum(records)::bigint as records,
       max(confidence) as confidence
from signals group by attempt_id order by first_seen, attempt_id
"""

_ATTACKS = """
create or replace table attacks as
select attack_id, any_value(family) as family, mode(kind) as kind,
       case when count(tool) > 0 then 'tool' else 'undetermined' end as automation, mode(tool) as tool,
       case when count(distinct source_address) = 1 then any_value(source_address)
            else count(distinct source_address) || ' sources' end as actor,
       count(distinct source_address)::bigint as sources, min(seen_at) as first_seen, max(seen_at) as last_seen,
       count(*) as signals, sum(records)::bigint as records, count(distinct attempt_id)::bigint as attempts,
       count(distinct target)::bigint as targets, any_value(asset) as asset, max(confidence) as confidence,
       case when any_value(family) in ({injections}) then
                case when count(*) filter (http_status >= 500) > 0 then 'server reacted'
                     when count(*) filter (http_status between 200 and 399) > 0 then 'no sign' else 'refused' end
            when any_value(family) = 'login_guessing' then 'not observable' else 'no sign' end as outcome,
       case when any_value(family) in ({injections}) then
                case when count(*) filter (http_status >= 500) > 0 then 4 else 3 end
            when any_value(family) = 'login_guessing' then 2 else 1 end::int as danger,
       null::varchar as campaign_id
from signals group by attack_id order by first_seen, attack_id
"""

INJECTIONS = (
    "sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection", "request_forgery",
)  # fmt: skip
"""Families whose payload would run on the server or in a visitor's page."""


def derive(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the tables `signals`, `attempts` and `attacks` from the relation `raw_signals`.

    Args:
        connection: holds `raw_signals`, rows of `SIGNAL`.
        settings: pause and link window.
    """
    connection.execute(_STAMP)
    label_sessions(connection, settings)
    families = ", ".join(f"'{family}'" for family in INJECTIONS)
    for statement in (_SIGNALS, _ATTEMPTS, _ATTACKS):
        connection.execute(statement.replace("{injections}", families))
    for table in ("sessions", "labels", "stamped"):
        connection.execute(f"drop table {table}")


def label_sessions(connection: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    """Make the tables `sessions` and `labels` from `stamped`.

    Returns:
        the number of attacks.
    """
    connection.execute(_SESSIONS.format(pause=int(settings.pause * 60e6)))
    row = connection.execute("select coalesce(max(session) + 1, 0) from sessions").fetchone()
    count = int(row[0]) if row else 0
    edges = connection.execute(_EDGES.format(link=int(settings.link_window * 60e6))).fetchnumpy()
    labels = components(count, edges["session"].astype("int64"), edges["other"].astype("int64"))
    table = pa.table({"session": pa.array(range(count), pa.int64()), "label": pa.array(labels)})
    connection.register("_labels", table)
    connection.execute("create or replace table labels as select * from _labels")
    connection.unregister("_labels")
    return len(set(labels.tolist()))


def count_at(connection: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    """How many attacks the signals of the table `signals` make under other settings."""
    connection.execute(
        "create or replace table stamped as select signal_id, family, asset, source_address, target, skeleton, seen_at from signals"
    )
    attacks = label_sessions(connection, settings)
    for table in ("sessions", "labels", "stamped"):
        connection.execute(f"drop table {table}")
    return attacks
