"""`vigie sql`: read-only SQL over the archive's views."""

from __future__ import annotations

import click

from vigie.cli.failure import USAGE, Failure
from vigie.cli.options import archive_option, opened, output_options
from vigie.cli.terminal import note, rows_out, safe


@click.command("sql", epilog="Example: vigie sql \"select family, count(*) from attacks group by 1\"")
@click.argument("query")
@archive_option
@click.option("--limit", type=click.IntRange(1, 10_000_000), default=10_000, show_default=True, help="Most rows.")
@output_options
def command(query: str, archive: str | None, limit: int, as_json: bool, as_csv: bool, color: str) -> None:
    """Ask the archive in SQL (views: files, unread, signals, attempts, attacks, campaigns, origins, evidence, tallies)."""
    import duckdb

    with opened(archive) as catalogue:
        if "origins" in query.lower() or "attack_places" in query.lower():
            from vigie.cli.origin import filled

            filled(catalogue, (), "en")
        try:
            statements = duckdb.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise Failure("one SELECT, please: the archive is read-only", USAGE)
            catalogue.lock()
            names, rows = catalogue.asked(query, most=limit + 1)
        except duckdb.Error as error:
            raise Failure("\n".join(safe(line, 300) for line in str(error).splitlines()[:12]), USAGE) from None
    if len(rows) > limit:
        note(f"vigie: the first {limit:,} rows; more with --limit")
    rows_out(rows[:limit], names, as_json=as_json, as_csv=as_csv, color=color)
