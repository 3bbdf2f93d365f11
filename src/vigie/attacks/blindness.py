"""What each log that was read cannot show, and the lines to add to a configuration so that the next one can.

Said of what the logs hold, not of what a configuration is believed to be: a PostgreSQL log in which no connection ever begins was written
without `log_connections`; one whose failures have no address has a prefix without it.

References:
    - https://www.postgresql.org/docs/current/runtime-config-logging.html
    - https://mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin
    - https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html (log_error_verbosity)
    - https://learn.microsoft.com/sql/ssms/configure-login-auditing-sql-server-management-studio
    - https://man.openbsd.org/sshd_config (LogLevel)
    - https://manpages.debian.org/ufw (logging levels), https://wiki.nftables.org/wiki-nftables/index.php/Logging_traffic
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vigie.attacks.availability import LINES
from vigie.detectors.log_ins import DATABASES, PORTS

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, object]

_DOORS: Final = "5432, 3306, 1433, 27017, 6379"
NEW: Final = (
    f'nftables: tcp dport {{ {_DOORS} }} ct state new log prefix "[DB NEW] "',
    f"iptables: iptables -I INPUT -p tcp -m multiport --dports {_DOORS.replace(' ', '')} -m conntrack --ctstate NEW -j LOG --log-prefix \"[DB NEW] \"",
)
"""Rules that log every new connection to a database, without a limit."""

PASTE: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "postgresql_connections": ("postgresql.conf", ("log_connections = on", "log_disconnections = on")),
    "postgresql_address": ("postgresql.conf", ("log_line_prefix = '%m [%p] %r %q%u@%d '", "log_destination = 'jsonlog'   # instead, from version 15 on")),
    "mariadb_audit": ("mariadb.cnf, [mariadb]", ("plugin_load_add = server_audit", "server_audit_events = CONNECT", "server_audit_logging = ON")),
    "mysql_verbosity": ("my.cnf, [mysqld]", ("log_error_verbosity = 3",)),
    "mysql_names": ("my.cnf, [mysqld]", ("skip-name-resolve",)),
    "redis": ("redis.conf", ("bind 127.0.0.1 -::1", "protected-mode yes")),
    "mongodb_address": ("mongod.conf", ("systemLog.verbosity: 0   # from version 4.4 on the default log tells the address",)),
    "mssql_successes": (
        "SQL Server, then restart it",
        ("EXEC xp_instance_regwrite N'HKEY_LOCAL_MACHINE', N'Software\\Microsoft\\MSSQLServer\\MSSQLServer', N'AuditLevel', REG_DWORD, 3;",),
    ),
    "ssh_level": ("sshd_config", ("LogLevel VERBOSE",)),
    "firewall_limited": ("the firewall", ("ufw logging full", *NEW)),
    "firewall_doors": ("the firewall", NEW),
    "no_database_log": ("the database", ("vigie read PATH   # of its log: /var/log/postgresql/*.log, /var/lib/mysql/server_audit.log, /var/log/mongodb/mongod.log …",)),
    "no_durations": ("the web server", tuple(f"{server}: {line}" for server, line in LINES.items())),
}  # fmt: skip
"""For each thing that a log does not show: where to write, and the lines to write."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that a log cannot show.

    Attributes:
        feed: the log, "" where it is one that was not read.
        service: what it is a log of.
        what: a key of `PASTE`.
    """

    feed: str
    service: str
    what: str


_FEEDS = "select feed, min(format) as format, sum(read)::bigint as read from files group by feed order by feed"
_LOGGED = """
select feed::varchar as feed, split_part(key, ' ', 1) as service,
       sum(count) filter (split_part(key, ' ', 2) = 'connected')::bigint as connected, sum(count) filter (split_part(key, ' ', 2) = 'passed' and split_part(key, ' ', 3) = '-')::bigint as passed,
       sum(count) filter (split_part(key, ' ', 2) = 'failed' and source_address = '')::bigint as unknown,
       sum(count) filter (regexp_matches(source_address, '[g-zG-Z]'))::bigint as named, sum(count) filter (source_address <> '')::bigint as sourced
from tallies where tally::varchar = 'log_ins' group by all order by 1, 2
"""
_TIMED = """
select feed::varchar as feed, bool_or(regexp_matches(key, ' (ok|bad) [0-9]')) as timed from tallies where tally::varchar = 'traffic' group by 1 order by 1
"""
_FACTS: Final = ("connected", "passed", "unknown", "named", "sourced")
_SERVICES: Final = {
    "postgresql": "postgresql", "mariadb": "mysql", "mysql": "mysql", "mongodb": "mongodb", "redis": "redis", "mssql": "mssql", "sql server": "mssql",
    "microsoft sql": "mssql",
}  # fmt: skip
"""Services by the words that the title of a format begins with."""


def gaps(connection: duckdb.DuckDBPyConnection) -> list[Gap]:
    """What the logs of an archive cannot show.

    Args:
        connection: a catalogue's.

    Returns:
        log by log, in order of their names; what is missing altogether comes last.
    """
    formats = {str(feed): str(title) for feed, title, _ in connection.execute(_FEEDS).fetchall()}
    logged: dict[tuple[str, str], Row] = {}
    for feed, service, *facts in connection.execute(_LOGGED).fetchall():
        logged[(str(feed), _plain(str(service)))] = {name: fact or 0 for name, fact in zip(_FACTS, facts, strict=True)}
    for feed, title in formats.items():
        service = next((service for word, service in _SERVICES.items() if title.casefold().startswith(word)), "")
        if service:
            logged.setdefault((feed, service), dict.fromkeys(_FACTS, 0))
    found = [Gap(feed, service, what) for (feed, service), facts in sorted(logged.items()) for what in _of_log(service, formats.get(feed, ""), facts)]
    found += [Gap(str(feed), "web", "no_durations") for feed, timed in connection.execute(_TIMED).fetchall() if not timed]
    found += _of_firewalls(connection, formats)
    services = {service for _, service in logged}
    found += _missing(connection, services, nameless=any(facts["unknown"] for facts in logged.values()))
    return found


def _plain(service: str) -> str:
    return "mysql" if service == "mariadb" else service


def _of_log(service: str, title: str, facts: Row) -> list[str]:
    title = title.casefold()
    if service == "postgresql":
        silent, nameless = not facts["connected"], bool(facts["unknown"]) or (title == "postgresql" and not facts["sourced"])
        return ["postgresql_connections"] * silent + ["postgresql_address"] * nameless
    if service == "mysql":
        audited = "audit" in title
        better = [] if audited or facts["passed"] else ["mariadb_audit"] * ("mysql" not in title or "mariadb" in title) + ["mysql_verbosity"] * ("mariadb" not in title)
        return better + ["mysql_names"] * bool(facts["named"])
    if service == "redis":
        return ["redis"]
    if service == "mongodb":
        return ["mongodb_address"] * bool(facts["unknown"])
    if service == "mssql":
        return ["mssql_successes"] * (not facts["passed"])
    return ["ssh_level"] * (service == "ssh" and not facts["passed"])


def _of_firewalls(connection: duckdb.DuckDBPyConnection, formats: Mapping[str, str]) -> list[Gap]:
    there = connection.execute("select 1 from information_schema.tables where table_name = 'limited_logs'").fetchone()
    limited = connection.execute("select distinct feed from limited_logs order by 1").fetchall() if there else []
    doors = {str(feed) for (feed,) in connection.execute("select distinct feed::varchar from flows").fetchall()}
    found = [Gap(str(feed), "firewall", "firewall_limited") for (feed,) in limited]
    named = {gap.feed for gap in found}
    return found + [Gap(feed, "firewall", "firewall_doors") for feed, title in formats.items() if title.startswith("kernel firewall") and feed not in doors | named]


def _missing(connection: duckdb.DuckDBPyConnection, services: set[str], *, nameless: bool) -> list[Gap]:
    """Databases that somebody reached and whose log was not read, and the firewall's log that would tell who a nameless try was of."""
    flows = connection.execute("select destination_port, bool_or(flow_state::varchar <> 'dropped') from flows group by 1").fetchall()
    knocked = {PORTS[port] for port, _ in flows if port in PORTS}
    let_in = {PORTS[port] for port, passed in flows if passed and port in PORTS}
    found = [Gap("", service, "redis" if service == "redis" else "no_database_log") for service in sorted(let_in - services) if service in DATABASES]
    return found + [Gap("", "firewall", "firewall_doors")] * (nameless and not knocked)
