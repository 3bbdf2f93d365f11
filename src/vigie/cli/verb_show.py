"""`vigie show`: lists, with filters."""

from __future__ import annotations

import click

from vigie.cli.options import archive_option, existing_archive, output_options
from vigie.cli.terminal import note, rows_out

LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "attacks": (
        "select * from attacks {where} order by first_seen, attack_id",
        ("attack_id", "first_seen", "family", "kind", "tool", "actor", "asset", "records", "attempts", "danger", "outcome"),
    ),
    "attempts": (
        "select * from attempts {where} order by first_seen, attempt_id",
        ("attempt_id", "attack_id", "first_seen", "family", "source_address", "target", "signals", "records"),
    ),
    "signals": (
        "select * from signals {where} order by seen_at, signal_id",
        ("signal_id", "seen_at", "family", "rule", "source_address", "target", "evidence"),
    ),
    "sources": (
        """select source_address, count(distinct attack_id) as attacks, count(*) as signals, count(distinct family) as families,
                  min(seen_at) as first_seen, max(seen_at) as last_seen
           from signals {where} group by source_address order by attacks desc, signals desc, source_address""",
        ("source_address", "attacks", "signals", "families", "first_seen", "last_seen"),
    ),
    "files": ("select * from files {where} order by file", ("file", "feed", "format", "bytes", "lines", "read", "unread", "aside")),
    "unread": ("select * from unread {where} order by file, byte_offset", ("file", "byte_offset", "reason", "line")),
    "campaigns": ("select * from campaigns {where}", ("campaign_id", "attacks")),
}
"""What can be listed: the query, and the columns a terminal shows (JSON and CSV give all)."""

_FILTERS = {"family": "family", "source": "source_address", "asset": "asset", "tool": "tool", "attack": "attack_id"}


@click.command("show", epilog="Example: vigie show attacks --family sql_injection --limit 20")
@click.argument("what", type=click.Choice(list(LISTS)))
@archive_option
@click.option("--family", metavar="NAME", help="Only this family.")
@click.option("--source", metavar="ADDRESS", help="Only this address.")
@click.option("--asset", metavar="HOST", help="Only this site.")
@click.option("--tool", metavar="NAME", help="Only this tool.")
@click.option("--attack", metavar="ID", help="Only this attack.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="Most rows.")
@output_options
def command(
    what: str, archive: str | None, limit: int, as_json: bool, as_csv: bool, color: str, **filters: str | None
) -> None:
    """List what was found. Every row leads on: vigie explain ID."""
    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import Catalogue

    query, columns = LISTS[what]
    with Catalogue(Archive(existing_archive(archive))) as catalogue:
        base = what if what != "sources" else "signals"
        there = {row["column_name"] for row in catalogue.rows(f"describe {base}")}
        conditions, values = [], []
        for name, value in filters.items():
            if value is None:
                continue
            column = _FILTERS[name]
            if name == "source" and column not in there:
                column = "actor"
            if column not in there:
                raise click.UsageError(f"--{name} does not apply to {what}")
            conditions.append(f"{column} = ?")
            values.append(value)
        where = "where " + " and ".join(conditions) if conditions else ""
        rows = catalogue.rows(query.format(where=where) + f" limit {limit + 1}", list(values))
    if len(rows) > limit:
        note(f"vigie: the first {limit:,} rows; more with --limit")
    rows_out(rows[:limit], columns, as_json=as_json, as_csv=as_csv, color=color)
    if not rows:
        note(f"vigie: no {what}")
