"""Where attacks and sources are, as tables beside the others; made when they are asked for, since they depend on tables that change by themselves.

- `attack_origins`: a row for each attack and source, as of the time of the attack (`records` of `ORIGIN`, with `verified`: a handshake was seen, so that
  the address is its own).
- `origins`: a row for each source address, as of its latest attack.
- `attack_places`: a row for each attack: country of the last hop, and whether it can be placed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from vigie.origins.book import Book

_PAIRS: Final = """
select s.attack_id, s.source_address as address, any_value(s.family) as family, min(s.seen_at) as first_seen, max(s.last_seen) as last_seen, count(*) as signals,
       bool_or(s.family <> 'port_scan' or coalesce(c.handshake, false)) as verified
from signals s left join (select skeleton, source_address, bool_or(handshake) as handshake from scan_sources group by all) c
     on s.family = 'port_scan' and c.skeleton = s.skeleton and c.source_address = s.source_address
where s.attack_id is not null and s.family <> 'information_operation'
group by s.attack_id, s.source_address order by s.attack_id, s.source_address
"""
_OTHERS: Final = """
select null::varchar as attack_id, source_address as address, any_value(family) as family, min(seen_at) as first_seen, max(last_seen) as last_seen,
       count(*) as signals, bool_or(family <> 'port_scan') as verified
from signals where attack_id is null and family <> 'information_operation' and source_address not in (select source_address from signals where attack_id is not null) group by source_address order by 2
"""
"""Sources whose signals were all set aside: in no attack, and shown in `origins` all the same."""

_ORIGINS: Final = """
create or replace table origins as
select l.* exclude (attack_id, family, first_seen, last_seen, signals, verified), t.* exclude (address)
from (select distinct on (address) * from _pairs order by address, last_seen desc, attack_id) l
join (select address, count(attack_id) as attacks, sum(signals)::bigint as signals, bool_or(verified) as verified, min(first_seen) as first_seen,
             max(last_seen) as last_seen from _pairs group by address) t using (address)
order by address
"""

EMPTY: Final = """
create or replace view origins as select null::varchar as address, null::varchar as country, null::varchar as countries, null::varchar as state, null::bigint as asn,
    null::varchar as network, null::varchar as relay, null::date as as_of where false;
create or replace view attack_origins as select null::varchar as attack_id, null::varchar as address, null::varchar as country where false;
create or replace view attack_places as select null::varchar as attack_id, null::varchar as country, null::varchar as state where false
"""
"""The views before they were asked for."""


def make_origins(connection: duckdb.DuckDBPyConnection, book: Book) -> None:
    """Make `attack_origins`, `origins` and `attack_places`.

    Args:
        connection: a catalogue's, with `signals` and `scan_sources`.
        book: what is known of addresses.
    """
    import polars as pl
    import pyarrow as pa

    from vigie.origins.book import origins
    from vigie.origins.origin import ORIGIN
    from vigie.origins.shares import placed_attacks

    for name, kind in connection.execute("select table_name, table_type from information_schema.tables where table_name in ('origins', 'attack_origins', 'attack_places')").fetchall():
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")
    pairs = pa.concat_tables([connection.sql(query).to_arrow_table() for query in (_PAIRS, _OTHERS)], promote_options="permissive")
    seen = pl.Series("t", pl.from_arrow(pairs.column("first_seen"))).dt.epoch("us").to_numpy()
    known = origins(pairs.column("address").combine_chunks(), seen, book)
    for name in ORIGIN.names[1:]:
        pairs = pairs.append_column(ORIGIN.field(name), known.column(name))
    connection.register("_pairs", pairs)
    connection.execute("create or replace table attack_origins as select * from _pairs where attack_id is not null")
    connection.execute(_ORIGINS)
    connection.unregister("_pairs")
    places = placed_attacks(asked_pairs(connection)).to_arrow()
    connection.register("_places", places)
    connection.execute("create or replace table attack_places as select attack_id::varchar as attack_id, country::varchar as country, state::varchar as state from _places")
    connection.unregister("_places")


def asked_pairs(connection: duckdb.DuckDBPyConnection, condition: str = "true", parameters: list[object] | None = None) -> pl.DataFrame:
    """Attacks and their sources as `shares` takes them.

    Args:
        connection: with `attack_origins` and `attacks`.
        condition: in SQL, over the columns of `attacks`.
        parameters: its values.
    """
    import polars as pl

    query = f"""select attack_id, address, country, state, verified, signals, relay, relay_list, network, relay_checked, family, first_seen from attack_origins
                where attack_id in (select attack_id from attacks where {condition}) order by attack_id, address"""
    return pl.DataFrame(pl.from_arrow(connection.sql(query, params=parameters or []).to_arrow_table())).with_columns(pl.col("attack_id", "address", "country", "state").cast(pl.String))
