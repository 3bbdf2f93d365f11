"""Whether somebody knew the site: had looked at the page before, or came to what was published that day.

Only attacks that no sign of a program has decided yet are asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from vigie.detectors.visits import visit_keys

if TYPE_CHECKING:
    import duckdb

BEFORE: Final = 2_000_000
"""Microseconds that a visit must come before the first signal: what a page loads by itself follows at once."""
FRESH: Final = 24 * 3_600_000_000
"""Microseconds for which a page is newly published."""

_PAIRS = r"""
with mine as (
    select l.attack, coalesce(r.source_address, '') as source, r.asset, split_part(r.target, ' ?', 1) as path, r.place::varchar = 'path' as written,
           epoch_us(r.seen_at) as seen, l.signal
    from raw_signals r join labels l on r.row = l.row semi join _undecided u on l.attack = u.attack where r.place::varchar <> 'window'),
pages as (
    select attack, source, asset, path, seen, signal from mine union all
    select attack, source, asset, regexp_replace(regexp_replace(path, '[^A-Za-z0-9_./{}~-][^/]*', '', 'g'), '/[0-9]+(/|$)', '/{n}\1', 'g'), seen, signal
    from mine where written union all
    select attack, source, asset, regexp_replace(path, '(~|[.][A-Za-z0-9]{1,6}~?)$', ''), seen, signal from mine where written)
select attack, source, asset, path, min(seen) as first, arg_min(signal, (seen, signal)) as signal from pages where path <> '' group by 1, 2, 3, 4
"""
"""Pages that signals are about: where the payload is written into the path, also the path without it, and the name without its ending."""

_VISITED = """
with nearest as (
    select p.attack, p.signal, p.first - max(epoch_us(t.first_seen)) as lead
    from _pairs p join tallies t on t.key = p.key and t.asset = p.asset where t.tally::varchar = 'visits' and epoch_us(t.first_seen) < p.first - {before}
    group by p.attack, p.signal, p.first)
select attack, min(lead)::double / 60000000 as a, arg_min(signal, (lead, signal)) as signal from nearest group by attack
"""
_FRESH = """
select l.attack, min(epoch_us(r.seen_at) - epoch_us(p.seen_at))::double / 3600000000 as a, arg_min(l.signal, (r.seen_at, l.signal)) as signal
from raw_signals r join labels l on r.row = l.row semi join _undecided u on l.attack = u.attack
join publications p on coalesce(nullif(rtrim(p.url_path, '/'), ''), '/') = split_part(r.target, ' ?', 1)
where contains(r.target, ' ?') and (r.asset = '' or coalesce(p.url_domain, '') in ('', r.asset))
  and epoch_us(r.seen_at) - epoch_us(p.seen_at) between 0 and {fresh}
group by l.attack
"""


def visited_before(connection: duckdb.DuckDBPyConnection, undecided: pa.Table) -> pa.Table:
    """Attacks whose source had looked at the same page (GET, 200, without a signal) before its first signal there.

    Where the path itself was changed, the page is the path without what was added to it.

    Args:
        connection: holds `raw_signals`, `labels` and `tallies`.
        undecided: column `attack`, numbers of attacks.

    Returns:
        `attack`, `a` (minutes between the visit and the first signal, the shortest) and `signal`.
    """
    if not undecided.num_rows or not has(connection, "tallies"):
        return _EMPTY
    connection.register("_undecided", undecided)
    pairs = connection.sql(_PAIRS).to_arrow_table().combine_chunks()
    if pairs.num_rows:
        keys = visit_keys(*(pairs.column(name).combine_chunks() for name in ("source", "path", "asset")))
        connection.register("_pairs", pairs.append_column("key", keys))
        found = connection.sql(_VISITED.format(before=BEFORE)).to_arrow_table()
        connection.unregister("_pairs")
    connection.unregister("_undecided")
    return found if pairs.num_rows else _EMPTY


def newly_published(connection: duckdb.DuckDBPyConnection, undecided: pa.Table) -> pa.Table:
    """Attacks on a parameter of a page that was published less than a day before.

    Args:
        connection: holds `raw_signals` and `labels`, and perhaps `publications` (`seen_at`, `url_path`, `url_domain`).
        undecided: column `attack`, numbers of attacks.

    Returns:
        `attack`, `a` (hours since the publication) and `signal`.
    """
    if not undecided.num_rows or not has(connection, "publications"):
        return _EMPTY
    connection.register("_undecided", undecided)
    found = connection.sql(_FRESH.format(fresh=FRESH)).to_arrow_table()
    connection.unregister("_undecided")
    return found


def has(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Whether a table or view of this name is there."""
    return bool(connection.execute("select count(*) from duckdb_columns() where table_name = ?", [relation]).fetchall()[0][0])


_EMPTY: Final = pa.table({"attack": pa.array([], pa.uint64()), "a": pa.array([], pa.float64()), "signal": pa.array([], pa.uint64())})
