"""Signals → attempts → attacks: the one definition of the counted unit.

- An *attempt* is the signals of one source, family and target place without a pause.
- An *attack* is one actor pursuing one family against one asset without a pause, with evidence that reaches the bar: the
  confidences of its different signs (source, rule, target), taken together as if they were independent, say that an attack is at
  least as likely as not. One weak sign alone (somebody asked once for `/wp-admin/`) is kept, shown, and set aside.
- What a detector that sees the whole says to be one attack (a flood, a port scan) is one, however far apart its signals are.
- An actor is one source, or sources that sent the same payload skeleton within minutes of each other, or that shared out many
  different values on one place within minutes.
- A log that does not know the site's name (`asset` empty) does not make a second attack of what another log names.
- A tool's own name is no attack of its own when the same source's run is counted by what it did; it names that run's tool.

All are derived, deterministic functions of signals and settings: whatever the order in which files were read,
the same signals give the same ids. Numbers are worked out on arrays (`sessions`, `grouping`), words are looked up at the end, so that
nothing wide is held in memory.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vigie.attacks.automation import judge
from vigie.attacks.grounds import view_evidence
from vigie.attacks.grouping import Facts, grouped, numbered
from vigie.attacks.sessions import Orders, Signs, label
from vigie.attacks.settings import Settings

if TYPE_CHECKING:
    import duckdb

NAMED_ONLY = "a tool's name, in a run that is counted by what it did"
TOO_WEAK = "evidence too weak to count alone"

INJECTIONS = (
    "sql_injection", "cross_site_scripting", "path_traversal", "file_inclusion", "command_injection", "request_forgery",
)  # fmt: skip
"""Families whose payload would run on the server or in a visitor's page."""

DOORS = ("database_access", "remote_login")
"""Families of the doors: databases, and log-ins from elsewhere."""
_FAMILIES = ", ".join(f"'{family}'" for family in DOORS)
DOOR_PAUSES, SLOW_PAUSES = 0.5, 24
"""Pauses that part two attacks at a door, and the same for guessing that is slow or dealt out (30 minutes and 24 hours of a pause of 60)."""

OPERATIONS = "information_operation"
"""Family of what posts show: an actor is a group of accounts or a wave of a rumour, and it has a lane of its own."""

WHOLE = ("denial_of_service", "port_scan", OPERATIONS)
"""Families whose detector sees the whole and gives all signals of one attack, and no others, one skeleton."""

_SIGNS = """
select row, epoch_us(seen_at) as seen, epoch_us(coalesce(last_seen, seen_at)) as until,
       md5_number_lower(concat_ws('|', fingerprint, detector, place, asset, target, epoch_us(seen_at), coalesce(source_address, ''),
           case when family = '@operations' then skeleton end)) as content,
       hash(family, asset, coalesce(source_address, ''), case when family in (@whole) then skeleton end) as site,
       hash(family, asset, coalesce(source_address, ''), target, case when family in ('port_scan', '@operations') then skeleton end) as spot,
       hash(family, coalesce(source_address, '')) as pursuit, hash(coalesce(source_address, ''), asset) as visit,
       hash(coalesce(source_address, ''), rule, target) as sign, hash(family, asset, skeleton) as payload, hash(target) as goal,
       hash(family, asset, target) as place, case when place = 'window' then 0 else hash(evidence) end::ubigint as value,
       skeleton <> 0 as linking, coalesce(kind = 'distributed', false) or family = 'denial_of_service' as slow, family in (@whole) as whole,
       case when family not in (@doors) then 1 when kind in ('slow', 'distributed') then @long else @short end::double as stretch,
       asset = '' and family <> 'denial_of_service' as unnamed,
       detector = 'content_discovery.scanner' as name_only, confidence::double as confidence, records,
       case when detector like '%.server_error' then 500 else coalesce(http_status, -1) end::smallint as status, kind is not null as has_kind, tool is not null as has_tool,
       coalesce(kind in ('success_after_failures', 'valid_credential'), false) as worked
from raw_signals
""".replace("@whole", ", ".join(f"'{family}'" for family in WHOLE)).replace("@doors", _FAMILIES).replace("@operations", OPERATIONS).replace("@long", str(SLOW_PAUSES)).replace("@short", str(DOOR_PAUSES))

_SIGNALS = """
create or replace view signals as
select 's' || format('{:015x}', l.signal) as signal_id, case when l.attempt > 0 then 't' || format('{:015x}', l.attempt) end as attempt_id,
       case when l.attack > 0 then 'a' || format('{:015x}', l.attack) end as attack_id,
       r.detector::varchar as detector, r.family::varchar as family, r.kind::varchar as kind, r.rule::varchar as rule, r.tool::varchar as tool,
       r.seen_at, coalesce(r.last_seen, r.seen_at) as last_seen, coalesce(r.source_address, '') as source_address, r.asset, r.target, r.place::varchar as place, r.evidence, r.reading,
       r.skeleton, r.confidence, r.http_method::varchar as http_method, r.http_status, r.http_response_bytes, r.event_duration, r.user_agent, r.records,
       r.feed::varchar as feed, r.file::varchar as file, r.byte_offset, r.fingerprint, l.nth,
       case l.state when 1 then $named$@named_only$named$ when 2 then $weak$@too_weak$weak$ end as set_aside
from raw_signals r join labels l on r.row = l.row
""".replace("@named_only", NAMED_ONLY).replace("@too_weak", TOO_WEAK)

_TOLD = """
create or replace temp table told as
select row, family::varchar as family, kind::varchar as kind, tool::varchar as tool, detector::varchar as detector, source_address, asset, target, skeleton
from raw_signals semi join (select distinct unnest([{rows}]) as row from _{name}) using (row)
"""
"""The signals that lend an attempt or an attack their words, looked up once: a join of all signals for each word does not fit into the memory that is allowed (5 million)."""

_LENDING = {"attempts": "row, kind_row, tool_row", "attacks": "row, named_row, kind_row, tool_row, name_row"}

_ATTEMPTS = """
create or replace table attempts as
select 't' || format('{:015x}', g.attempt) as attempt_id, case when g.attack > 0 then 'a' || format('{:015x}', g.attack) end as attack_id,
       r.family, k.kind, t.tool, coalesce(r.source_address, '') as source_address,
       r.asset, r.target, make_timestamptz(g.first_seen) as first_seen, make_timestamptz(g.last_seen) as last_seen, g.signals, g.records, g.confidence
from _attempts g join told r on r.row = g.row left join told k on k.row = g.kind_row left join told t on t.row = g.tool_row
"""

_UNJUDGED = """
create or replace table unjudged as
select g.attack, r.family, k.kind, coalesce(m.tool, case when t.detector = 'content_discovery.scanner' then t.tool end) as named, t.tool as marked, g.name_signal,
       case when o.actor is not null then o.actor when g.sources = 1 and r.family in (@doors) then coalesce(nullif(r.source_address, ''), 'source unknown')
            when g.sources = 1 then coalesce(r.source_address, '') else g.sources || ' sources' end as actor, coalesce(o.accounts, g.sources) as sources,
       make_timestamptz(g.first_seen) as first_seen, make_timestamptz(g.last_seen) as last_seen, g.signals, g.records, g.attempts, g.targets,
       n.asset, g.confidence,
       case when o.actor is not null then 'not observable' when c.outcome is not null then c.outcome when g.worked > 0 then 'possible success' when p.impact is not null then p.impact
            when r.family in (@injections) then case when g.failed > 0 then 'server reacted' when g.answered > 0 then 'no sign' else 'refused' end
            when d.visible then 'refused' when d.attack is not null or r.family = 'login_guessing' then 'not observable' else 'no sign' end as outcome,
       case when d.attack is not null then d.danger when c.danger is not null then c.danger when g.worked > 0 then 5 when p.impact is not null then case p.impact when 'unavailable' then 4 when 'slowed' then 3 else 2 end when r.family in (@injections) then case when g.failed > 0 then 4 else 3 end
            when r.family = 'login_guessing' then 2 else 1 end::int as danger,
       null::varchar as campaign_id
from _attacks g join told r on r.row = g.row join told n on n.row = g.named_row
left join told k on k.row = g.kind_row left join told t on t.row = g.tool_row
left join told m on m.row = g.name_row
left join scans c on r.family = 'port_scan' and c.skeleton = r.skeleton
left join operations o on r.family = '@operations' and o.skeleton = r.skeleton
left join periods p on r.family = 'denial_of_service' and p.skeleton = r.skeleton
left join (select l.attack, max(u.danger) as danger, bool_or(u.visible) as visible from door_tries u join labels l using (row) where l.attack > 0 group by 1) d on d.attack = g.attack
""".replace("@injections", ", ".join(f"'{family}'" for family in INJECTIONS)).replace("@doors", _FAMILIES).replace("@operations", OPERATIONS)

_JUDGED = """
create or replace table attacks as
select 'a' || format('{:015x}', u.attack) as attack_id, u.family, u.kind, v.automation, v.tool, u.* exclude (attack, family, kind, named, marked, name_signal)
from unjudged u join verdicts v on v.attack = u.attack; drop table unjudged; drop table verdicts
"""

_TABLES = {"labels": "create or replace table labels as select * from _labels", "attempts": _ATTEMPTS, "attacks": _UNJUDGED}


def derive(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make `labels`, `signals`, `attempts`, `attacks`, `automation_grounds` and `automation_evidence` from the relation `raw_signals`.

    Args:
        connection: holds `raw_signals`, rows of `SIGNAL` with a number of their own, `row`, that stays the same, and `periods`, which say
            by `skeleton` what a flood did to visitors (`impact`); perhaps `door_tries`, `scans`, `operations`, `tallies` and `publications`.
        settings: pause, link window and bar.
    """
    connection.execute("create table if not exists door_tries (row bigint, danger integer, visible boolean)")
    connection.execute(
        "create table if not exists scans (skeleton ubigint, outcome varchar, danger integer, probes bigint, tool varchar, first_seen timestamptz, last_seen timestamptz)"
    )
    connection.execute("create table if not exists operations (skeleton ubigint, actor varchar, accounts bigint)")
    signs, facts, nth = _read(connection)
    orders = Orders.of(signs)
    labels = label(signs, settings, orders)
    none, visit = signs.site[:0], orders.visit
    signs = replace(signs, site=none, spot=none, sign=none, payload=none, place=none, value=none)  # used up; what is not held need not be paid for
    del orders
    for name, table in grouped(signs, facts, labels, visit, int(settings.pause * 60e6)):
        connection.register(f"_{name}", table.append_column("nth", [nth]) if name == "labels" else table)
        if name in _LENDING:
            connection.execute(_TOLD.format(rows=_LENDING[name], name=name))
        connection.execute(_TABLES[name])
        connection.unregister(f"_{name}")
        del table
    connection.execute("drop table if exists told")
    del signs, facts, labels, visit, nth
    judge(connection, settings.pause)
    connection.execute(_JUDGED)
    view_signals(connection)


def view_signals(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views `signals` and `automation_evidence` of `raw_signals`, `labels`, `attacks` and `automation_grounds`."""
    connection.execute(_SIGNALS)
    view_evidence(connection)


def signs_of(connection: duckdb.DuckDBPyConnection) -> Signs:
    """What counting needs of the signals, to count them again under other settings."""
    return _read(connection)[0]


def _read(connection: duckdb.DuckDBPyConnection) -> tuple[Signs, Facts, object]:
    found = connection.execute(_SIGNS).fetchnumpy()
    signal, nth = numbered(found.pop("content"), found["row"])
    facts = Facts(**{name: found[name] for name in Facts.__slots__})
    return Signs(signal=signal, **{name: found[name] for name in Signs.__slots__ if name != "signal"}), facts, nth.astype("int32")
