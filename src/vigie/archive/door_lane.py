"""The doors in numbers: databases and log-ins by danger, what is set aside, which ports of databases are reached from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

_LANE = """
select family, danger, count(*) as attacks, count(distinct source) filter (sources = 1 and source <> '') + sum(case when sources > 1 then sources else 0 end) as known,
       count(*) filter (source = '') as unknown, sum(guesses_low)::bigint as low, sum(guesses_high)::bigint as high, sum(guesses)::bigint as guesses,
       sum(connections)::bigint as connections, sum(case when danger = 7 then successes else 0 end)::bigint as successes
from doors where attack_id is not null and {asked} group by family, danger order by family, danger desc
"""
_CONTACTS = """
select r.family::varchar as family, count(distinct (r.asset, coalesce(r.source_address, ''), r.seen_at::date)) as contacts
from window_signals r join door_tries u using (row) join labels l using (row) where l.attack > 0 and {asked} group by 1
"""
_OWN = "select family, source, count(*) as attempts from doors where attack_id is null and danger = 0 and own <> '' and {asked} group by all order by 1, 2"
_EXPOSED = """
with reached as (
    select u.service, u.source from door_tries u where u.family = 'database_access' and u.own = '' and u.source <> ''
    union select p.service, f.source_address from flows f join (values {ports}) p(port, service) on f.destination_port = p.port
    where f.source_address is not null and (f.flow_state::varchar = '{established}' or (f.flow_state::varchar = '{untold}' and f.rule_name is not null)))
select service, source from reached where regexp_full_match(source, '[0-9a-fA-F:.]+') group by all order by 1, 2
"""


def lane(catalogue: Catalogue, asked: str = "true") -> dict[str, object]:
    """The doors in numbers, as `count --json` gives them.

    Args:
        catalogue: an open state.
        asked: a condition in SQL over `first_seen`.
    """
    rows = catalogue.rows(_LANE.format(asked=asked))
    contacts = {str(row["family"]): row["contacts"] for row in catalogue.rows(_CONTACTS.format(asked=asked.replace("first_seen", "r.seen_at")))}
    own = catalogue.rows(_OWN.format(asked=asked))
    out: dict[str, object] = {}
    for family in ("database_access", "remote_login"):
        mine, ours = [row for row in rows if row["family"] == family], [row for row in own if row["family"] == family]
        if mine or ours:
            out[family] = {
                "attacks": sum(_whole(row["attacks"]) for row in mine),
                "by_danger": [{name: row[name] for name in ("danger", "attacks", "known", "unknown")} for row in mine],
                **{name: sum(_whole(row[name]) for row in mine) for name in ("guesses", "low", "high", "connections", "successes", "unknown")},
                "contacts": _whole(contacts.get(family)), "own": [{"source": row["source"], "attempts": row["attempts"]} for row in ours],
            }  # fmt: skip
    exposed = exposed_ports(catalogue)
    return {**out, "exposed": exposed} if exposed else out


def exposed_ports(catalogue: Catalogue) -> list[dict[str, object]]:
    """Databases whose port somebody outside reached: service, and by how many addresses that are neither private nor one's own."""
    from vigie.attacks.own_hosts import inside
    from vigie.detectors.log_ins import PORTS
    from vigie.records.flow import ESTABLISHED, UNTOLD

    ports = ", ".join(f"({port}, '{service}')" for port, service in PORTS.items())
    own = {str(row["source"]) for row in catalogue.rows("select distinct source from door_tries where own <> ''")}
    reached: dict[str, int] = {}
    for row in catalogue.rows(_EXPOSED.format(ports=ports, established=ESTABLISHED, untold=UNTOLD)):
        if not inside(str(row["source"])) and str(row["source"]) not in own:
            reached[str(row["service"])] = reached.get(str(row["service"]), 0) + 1
    return [{"service": service, "addresses": count} for service, count in sorted(reached.items())]


def door_of(catalogue: Catalogue, what: str) -> dict[str, object] | None:
    """The row of the view `doors` of an attack or an attempt, None when it is at no door."""
    found = catalogue.rows("select * from doors where door_id = ?", [what])
    return found[0] if found else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
