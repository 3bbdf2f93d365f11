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

from vigie.attacks.sessions import Signs, label
from vigie.attacks.settings import Settings

if TYPE_CHECKING:
    import duckdb

NAMED_ONLY = "a tool's name, in a run that is counted by what it did"
TOO_WEAK = "evidence too weak to count alone"

_STAMP = """
create or replace table stamped as
with numbered as (
    select *, (row_number() over (partition by hash(fingerprint, detector, place, asset, target, seen_at, source_address)
                                  order by file, byte_offset) - 1)::int as nth_
    from raw_signals)
select 's' || left(md5(concat_ws('|', fingerprint, nth_, detector, place, asset, target, epoch_us(seen_at), source_address)), 15) as signal_id,
       detector::varchar as detector, family::varchar as family, kind::varchar as kind, rule::varchar as rule, tool::varchar as tool,
       seen_at, coalesce(source_address, '') as source_address, asset, target, place::varchar as place, evidence, reading,
       skeleton, confidence, http_method::varchar as http_method, http_status, user_agent, records,
       feed::varchar as feed, file::varchar as file, byte_offset, fingerprint, nth_ as nth, row_number() over () as row
from numbered
"""

_SIGNS = """
select row, epoch_us(seen_at) as seen, hash(family, asset, source_address) as site, hash(family, asset, source_address, target) as spot,
       hash(family, source_address) as pursuit, hash(source_address, asset) as visit, hash(source_address, rule, target) as sign,
       hash(family, asset, skeleton) as payload, skeleton <> 0 as linking, coalesce(kind = 'distributed', false) as slow,
       asset = '' as unnamed, detector = 'content_discovery.scanner' as name_only, confidence::double as confidence
from {table}
"""

_IDS = """
create or replace table attack_ids as
select n.attack, 'a' || left(md5(min_by(s.signal_id, (s.seen_at, s.signal_id)) || any_value(s.family)), 15) as attack_id
from stamped s join labelled n using (row) where n.reaches group by n.attack;
create or replace table attempt_ids as
select n.attempt, 't' || left(md5(min_by(s.signal_id, (s.seen_at, s.signal_id)) || any_value(s.family) || any_value(s.target)), 15) as attempt_id
from stamped s join labelled n using (row) where n.attempt >= 0 group by n.attempt
"""

_SIGNALS = """
create or replace view signals as
select s.signal_id, t.attempt_id, a.attack_id, s.* exclude (signal_id, row),
       case when n.attempt < 0 then '{named_only}' when not n.reaches then '{too_weak}' end as set_aside
from stamped s join labelled n using (row)
left join attack_ids a on n.reaches and a.attack = n.attack left join attempt_ids t on t.attempt = n.attempt
"""

_ATTEMPTS = """
create or replace table attempts as
select attempt_id, any_value(attack_id) as attack_id, any_value(family) as family, mode(kind order by kind) as kind, mode(tool order by tool) as tool,
       any_value(source_address) as source_address, any_value(asset) as asset, any_value(target) as target,
       min(seen_at) as first_seen, max(seen_at) as last_seen, count(*) as signals, sum(records)::bigint as records,
       max(confidence) as confidence
from signals where attempt_id is not null group by attempt_id order by first_seen, attempt_id
"""

_ATTACKS = """
create or replace table attacks as
select attack_id, any_value(family) as family, mode(kind order by kind) as kind,
       case when count(tool) > 0 then 'tool' else 'undetermined' end as automation, mode(tool order by tool) as tool,
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
from signals where attack_id is not null group by attack_id
"""

_NAMES = """
update attacks set tool = named.tool, automation = 'tool'
from (select a.attack_id, mode(n.tool order by n.tool) as tool
      from (select distinct attack_id, source_address, asset from signals where attack_id is not null) s
      join attacks a using (attack_id)
      join (select source_address, asset, seen_at, tool from signals where attempt_id is null and tool is not null) n
        on n.source_address = s.source_address and n.asset = s.asset
       and n.seen_at between a.first_seen - to_microseconds({pause}) and a.last_seen + to_microseconds({pause})
      where a.tool is null group by a.attack_id) named
where attacks.attack_id = named.attack_id
"""

INJECTIONS = (
    "sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection", "request_forgery",
)  # fmt: skip
"""Families whose payload would run on the server or in a visitor's page."""


def derive(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make the relations `signals`, `attempts` and `attacks` from the relation `raw_signals`.

    Args:
        connection: holds `raw_signals`, rows of `SIGNAL`.
        settings: pause, link window and bar.
    """
    connection.execute(_STAMP)
    signs = signs_of(connection, "stamped")
    labels = label(signs, settings)
    connection.register("_labelled", pa.table({"row": signs.row, "attempt": labels.attempt, "attack": labels.attack, "reaches": labels.reaches}))
    connection.execute("create or replace table labelled as select * from _labelled")
    connection.unregister("_labelled")
    words = {"{named_only}": NAMED_ONLY.replace("'", "''"), "{too_weak}": TOO_WEAK, "{injections}": ", ".join(f"'{f}'" for f in INJECTIONS)}
    for statement in (_IDS, _SIGNALS, _ATTEMPTS, _ATTACKS):
        for word, text in words.items():
            statement = statement.replace(word, text)  # noqa: PLW2901 - filled in step by step
        connection.execute(statement)
    connection.execute(_NAMES.format(pause=int(settings.pause * 60e6)))


def signs_of(connection: duckdb.DuckDBPyConnection, table: str = "signals") -> Signs:
    """What counting needs of the signals in a table, to count them again under other settings."""
    source = table if table == "stamped" else f"(select *, row_number() over () as row from {table})"
    found = connection.execute(_SIGNS.format(table=source)).fetchnumpy()
    return Signs(**{name: found[name] for name in Signs.__slots__})
