"""`vigie explain`: from a number, an attack, an attempt or a signal down to the rule and the raw line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vigie.cli.failure import USAGE, Failure
from vigie.cli.options import archive_option, existing_archive, output_options
from vigie.cli.terminal import cell, json_object, plain, safe, say

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

_RAW = """
select e.line from evidence e where e.file = ? and e.byte_offset = ? limit 1
"""


@click.command("explain", epilog="Example: vigie explain count")
@click.argument("what", metavar="ID|count")
@archive_option
@click.option("--limit", type=click.IntRange(1, 100_000), default=10, show_default=True, help="Most raw lines.")
@output_options
def command(what: str, archive: str | None, limit: int, as_json: bool, as_csv: bool, color: str) -> None:
    """How a number came about: `count`, or the id of an attack (a…), an attempt (t…) or a signal (s…)."""
    del as_csv, color
    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import Catalogue

    with Catalogue(Archive(existing_archive(archive))) as catalogue:
        if what == "count":
            _count(catalogue, as_json=as_json)
            return
        if what in ("origin", "who"):
            raise Failure(f"{what}: not watched yet. This version does not say where attacks come from.", USAGE)
        column = {"a": "attack_id", "t": "attempt_id", "s": "signal_id"}.get(what[:1], "")
        rows = catalogue.rows(f"select * from signals where {column} = ? order by seen_at, signal_id limit {limit}", [what]) if column else []
        if not rows:
            raise Failure(f"nothing is called {safe(what, 60)!r}. Ids are listed by: vigie show attacks", USAGE)
        for row in rows:
            found = catalogue.rows(_RAW, [row["file"], row["byte_offset"]])
            row["line"] = found[0]["line"] if found else None
        head = _head(catalogue, what)
    if as_json:
        json_object({**{k: plain(v) for k, v in head.items()}, "evidence": [{k: plain(v) for k, v in row.items()} for row in rows]})
        return
    _print(what, head, rows)


def _head(catalogue: Catalogue, what: str) -> dict[str, object]:
    if what[0] == "a":
        return catalogue.one("select * from attacks where attack_id = ?", [what])
    if what[0] == "t":
        return catalogue.one("select * from attempts where attempt_id = ?", [what])
    return catalogue.one("select signal_id, attempt_id, attack_id, family, detector, rule from signals where signal_id = ?", [what])


def _print(what: str, head: dict[str, object], rows: list[dict[str, object]]) -> None:
    from vigie.detectors.registry import rule_named

    say(f"{what}:")
    for name, value in head.items():
        if value is not None:
            say(f"  {name:<16} {cell(value)}")
    rules = sorted({str(row["rule"]) for row in rows})
    say()
    say("Rules that spoke:")
    for name in rules:
        rule = rule_named(name)
        say(f"  {name}: {rule.title}" + (f"  [{', '.join(rule.ids)}]" if rule.ids else "") if rule else f"  {name}")
    say()
    signals = head.get("signals")
    more = f" (the first {len(rows)} of {signals:,} signals; more with --limit)" if isinstance(signals, int) and signals > len(rows) else ""
    say(f"Raw lines{more}:")
    for row in rows:
        say()
        say(f"  {cell(row['seen_at'])} UTC  {row['signal_id']}  {row['rule']}  in {row['place']}: {safe(row['target'], 120)}")
        say(f"    {safe(row['file'])}, byte {row['byte_offset']:,}")
        line = row["line"]
        say(f"    | {safe(line.rstrip() if isinstance(line, bytes) else '(line not kept)', 1000)}")
        if row["reading"]:
            say(f"    convinced by: {safe(row['reading'], 300)}")


def _count(catalogue: Catalogue, *, as_json: bool) -> None:
    from vigie.attacks.count import count
    from vigie.cli.verb_count import as_dict, print_count

    counted = count(catalogue.connection, catalogue.settings)
    if as_json:
        json_object(as_dict(counted, catalogue.snapshot, "family"))
        return
    print_count(counted, catalogue.snapshot, short=True)
    say()
    say("What each word means:")
    for word, meaning in (
        ("line", "what stood in the files, every one of them, read or not"),
        ("record", "a line that was read and that no other file had already given"),
        ("signal", "one detector's evidence in one record, with the exact text"),
        ("attempt", "signals of one source, one kind, one place, without a pause"),
        ("attack", "one actor (one source, or sources that sent the same payload within minutes), one kind, one site, without a pause"),
    ):
        say(f"  {word:<9} {meaning}")
    say()
    say("One attack of each kind, to follow down to its raw lines:")
    for row in catalogue.rows("select family, arg_max(attack_id, (signals, attack_id)) as id, max(signals) as n from attacks group by family order by family"):
        say(f"  vigie explain {row['id']}   # {row['family']}, {row['n']:,} signals")
