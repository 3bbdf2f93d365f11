"""Signals → attempts → attacks: the one definition of the counted unit.

- An *attempt* is the signals of one source, family and target place without a pause.
- An *attack* is one actor pursuing one family against one asset without a pause, with evidence that reaches the bar: the
  confidences of its different signs (source, rule, target), taken together as if they were independent, say that an attack is at
  least as likely as not. One weak sign alone (somebody asked once for `/wp-admin/`) is kept, shown, and set aside.
- An actor is one source, or sources that sent the same payload skeleton within minutes of each other.
- A log that does not know the site's name (`asset` empty) does not make a second attack of what another log names.
- A tool's own name is no attack of its own when the same source's run is counted by what it did.

All are derived, deterministic functions of signals and settings: whatever the order in which files were read,
the same signals give the same ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from vigie.attacks.components import components
from vigie.attacks.settings import Settings

if TYPE_CHECKING:
    import duckdb

NAMED_ONLY = "a tool's name, in a run that is counted by what it did"
TOO_WEAK = "evidence too weak to count alone"

_STAMP = """
create or replace table stamped as
with numbered as (
    select *, (row_number() over (partition by fingerprint, detector, place, asset, target, seen_at, source_address
                                  order by file, byte_offset) - 1)::int as nth_
    from raw_signals)
select 's' || left(md5(concat_ws('|', fingerprint, nth_, detector, place, asset, target, epoch_us(seen_at), source_address)), 15) as signal_id,
       detector::varchar as detector, family::varchar as family, kind::varchar as kind, rule::varchar as rule, tool::varchar as tool,
       seen_at, coalesce(source_address, '') as source_address, asset, target, place::varchar as place, evidence, reading,
       skeleton, confidence, http_method::varchar as http_method, http_status, user_agent, records,
       feed::varchar as feed, file::varchar as file, byte_offset, fingerprint, nth_ as nth
from numbered
"""

_COUNTED = """
create or replace table counted as
with near as (
    select *, max(case when detector <> 'content_discovery.scanner' then seen_at end) over (w rows unbounded preceding) as before,
           min(case when detector <> 'content_discovery.scanner' then seen_at end) over (w rows between current row and unbounded following) as after
    from stamped window w as (partition by source_address, asset order by seen_at, signal_id))
select signal_id, family, kind, rule, asset, source_address, target, skeleton, confidence, seen_at from near
where detector <> 'content_discovery.scanner'
   or not coalesce(seen_at - before <= to_microseconds({pause}) or after - seen_at <= to_microseconds({pause}), false)
"""

_SESSIONS = """
create or replace table sessions as
with marked as (
    select *,
           (lag(seen_at) over whole is null or seen_at - lag(seen_at) over whole > to_microseconds({pause})) as new_session,
           (lag(seen_at) over spot is null or seen_at - lag(seen_at) over spot > to_microseconds({pause})) as new_attempt
    from counted
    window whole as (partition by family, asset, source_address order by seen_at, signal_id),
           spot as (partition by family, asset, source_address, target order by seen_at, signal_id))
select *,
       sum(new_session::int) over (order by family, asset, source_address, seen_at, signal_id rows unbounded preceding)::bigint - 1 as session,
       sum(new_attempt::int) over (order by family, asset, source_address, target, seen_at, signal_id rows unbounded preceding)::bigint - 1 as attempt
from marked
"""

_EDGES = """
with near as (
    select session, seen_at, kind, lag(session) over w as other, lag(seen_at) over w as before
    from sessions where skeleton <> 0
    window w as (partition by family, asset, skeleton order by seen_at, signal_id)),
spans as (
    select session, any_value(family) as family, any_value(source_address) as source_address, any_value(asset) as asset,
           min(seen_at) as first, max(seen_at) as last from sessions group by session),
named as (
    select u.session, n.session as other,
           row_number() over (partition by u.session order by greatest(n.first - u.last, u.first - n.last), n.session) as nearest
    from spans u join spans n using (family, source_address)
    where u.asset = '' and n.asset <> '' and n.first - u.last <= to_microseconds({pause}) and u.first - n.last <= to_microseconds({pause}))
select session, other from near
where other <> session and seen_at - before <= case when kind = 'distributed' then to_microseconds({pause}) else to_microseconds({link}) end
union
select session, other from named where nearest = 1
"""

_WEIGHTS = """
create or replace table weights as
with signs as (
    select l.label, max(least(s.confidence, 0.999)) as sure
    from sessions s join labels l using (session) group by l.label, s.source_address, s.rule, s.target)
select label, 1 - exp(sum(ln(1 - sure))) >= {bar} - 1e-9 as reaches from signs group by label
"""

_SIGNALS = """
create or replace table signals as
with owned as (
    select s.*, l.label, n.attempt, w.reaches
    from stamped s left join sessions n using (signal_id) left join labels l using (session) left join weights w using (label)),
attack_ids as (
    select label, 'a' || left(md5(min_by(signal_id, (seen_at, signal_id)) || family), 15) as attack_id
    from owned where reaches group by label, family),
attempt_ids as (
    select attempt, 't' || left(md5(min_by(signal_id, (seen_at, signal_id)) || family || target), 15) as attempt_id
    from owned where attempt is not null group by attempt, family, target)
select o.signal_id, t.attempt_id, a.attack_id, o.* exclude (signal_id, label, attempt, reaches),
       case when o.attempt is null then '{named_only}' when not o.reaches then '{too_weak}' end as set_aside
from owned o left join attack_ids a using (label) left join attempt_ids t using (attempt)
order by o.seen_at, o.signal_id
"""

_ATTEMPTS = """
create or replace table attempts as
select attempt_id, any_value(attack_id) as attack_id, any_value(family) as family, mode(kind) as kind, mode(tool) as tool,
       any_value(source_address) as source_address, any_value(asset) as asset, any_value(target) as target,
       min(seen_at) as first_seen, max(seen_at) as last_seen, count(*) as signals, sum(records)::bigint as records,
       max(confidence) as confidence
from signals where attempt_id is not null group by attempt_id order by first_seen, attempt_id
"""

_ATTACKS = """
create or replace table attacks as
select attack_id, any_value(family) as family, mode(kind) as kind,
       case when count(tool) > 0 then 'tool' else 'undetermined' end as automation, mode(tool) as tool,
       case when count(distinct source_address) = 1 then any_value(source_address)
            else count(distinct source_address) || ' sources' end as actor,
       count(distinct source_address)::bigint as sources, min(seen_at) as first_seen, max(seen_at) as last_seen,
       count(*) as signals, sum(records)::bigint as records, count(distinct attempt_id)::bigint as attempts,
       count(distinct target)::bigint as targets, max(asset) as asset, max(confidence) as confidence,
       case when any_value(family) in ({injections}) then
                case when count(*) filter (http_status >= 500) > 0 then 'server reacted'
                     when count(*) filter (http_status between 200 and 399) > 0 then 'no sign' else 'refused' end
            when any_value(family) = 'login_guessing' then 'not observable' else 'no sign' end as outcome,
       case when any_value(family) in ({injections}) then
                case when count(*) filter (http_status >= 500) > 0 then 4 else 3 end
            when any_value(family) = 'login_guessing' then 2 else 1 end::int as danger,
       null::varchar as campaign_id
from signals where attack_id is not null group by attack_id order by first_seen, attack_id
"""

INJECTIONS = (
    "sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection", "request_forgery",
)  # fmt: skip
"""Families whose payload would run on the server or in a visitor's page."""


def derive(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the tables `signals`, `attempts` and `attacks` from the relation `raw_signals`.

    Args:
        connection: holds `raw_signals`, rows of `SIGNAL`.
        settings: pause, link window and bar.
    """
    connection.execute(_STAMP)
    _label(connection, settings)
    words = {"{named_only}": NAMED_ONLY.replace("'", "''"), "{too_weak}": TOO_WEAK, "{injections}": ", ".join(f"'{f}'" for f in INJECTIONS)}
    for statement in (_SIGNALS, _ATTEMPTS, _ATTACKS):
        for word, text in words.items():
            statement = statement.replace(word, text)  # noqa: PLW2901 - filled in step by step
        connection.execute(statement)
    _clear(connection)


def count_at(connection: duckdb.DuckDBPyConnection, settings: Settings) -> int:
    """How many attacks the signals of the table `signals` make under other settings."""
    connection.execute("create or replace table stamped as select * exclude (attempt_id, attack_id, set_aside) from signals")
    _label(connection, settings)
    row = connection.execute("select count(*) from weights where reaches").fetchone()
    _clear(connection)
    return int(row[0]) if row else 0


def _label(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the tables `counted`, `sessions`, `labels` and `weights` from `stamped`."""
    limits = {"pause": int(settings.pause * 60e6), "link": int(settings.link_window * 60e6), "bar": settings.bar}
    connection.execute(_COUNTED.format(**limits))
    connection.execute(_SESSIONS.format(**limits))
    row = connection.execute("select coalesce(max(session) + 1, 0) from sessions").fetchone()
    count = int(row[0]) if row else 0
    edges = connection.execute(_EDGES.format(**limits)).fetchnumpy()
    labels = components(count, edges["session"].astype("int64"), edges["other"].astype("int64"))
    connection.register("_labels", pa.table({"session": pa.array(range(count), pa.int64()), "label": pa.array(labels)}))
    connection.execute("create or replace table labels as select * from _labels")
    connection.unregister("_labels")
    connection.execute(_WEIGHTS.format(**limits))


def _clear(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("stamped", "counted", "sessions", "labels", "weights"):
        connection.execute(f"drop table {table}")
