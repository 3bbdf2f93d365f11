"""`vigie show`: lists, with filters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from vigie.cli.options import (
    archive_option,
    geo_option,
    identified_option,
    lang_option,
    opened,
    output_options,
    period_options,
)
from vigie.cli.show_posts import LISTS as OF_POSTS
from vigie.cli.show_posts import show
from vigie.cli.terminal import note, rows_out

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "attacks": (
        "select * from attacks {where} order by first_seen, attack_id",
        ("attack_id", "first_seen", "family", "tool", "actor", "records", "danger", "outcome", "asset", "kind", "attempts"),
    ),
    "attempts": (
        """select * from (select a.*, s.set_aside from attempts a left join (select attempt_id, any_value(set_aside) as set_aside from signals group by 1) s using (attempt_id)) {where} order by first_seen, attempt_id""",
        ("attempt_id", "first_seen", "family", "source_address", "target", "signals", "set_aside", "attack_id", "records"),
    ),
    "signals": (
        "select * from signals {where} order by seen_at, signal_id",
        ("signal_id", "seen_at", "rule", "evidence", "source_address", "target", "family", "set_aside"),
    ),
    "sources": (
        """select s.*, o.country, o.countries, o.disputed, o.state, o.asn, o.network, o.network_kind, o.relay, o.relay_list, o.relay_days, o.as_of from (
               select source_address, count(distinct attack_id) as attacks, count(*) as signals, count(distinct family) as families,
                      min(seen_at) as first_seen, max(seen_at) as last_seen
               from (select * from signals where family <> 'information_operation') signals {where} group by source_address) s left join origins o on o.address = s.source_address
           order by attacks desc, signals desc, source_address""",
        ("source_address", "attacks", "signals", "countries", "network", "relay", "families", "first_seen", "last_seen"),
    ),
    "files": ("select * from files {where} order by file", ("file", "format", "lines", "read", "unread", "aside", "bytes", "feed")),
    "unread": ("select * from unread {where} order by file, byte_offset", ("file", "byte_offset", "reason", "line")),
    "availability": (
        "select * from availability {where} order by first_seen, period_id",
        ("period_id", "first_seen", "last_seen", "what", "impact", "kind", "requests", "sources", "views", "failed", "asset", "attack_id"),
    ),
    "publications": (
        "select * from attacked_pages {where} order by online, page",
        ("page", "online", "attacks", "usual", "least", "most", "days", "on_page", "delay", "tool", "dated_by", "asset"),
    ),
    "doors": (
        "select * from doors {where} order by danger desc, first_seen, door_id",
        ("door_id", "danger", "service", "source", "tried", "accounts", "kind", "word", "first_seen", "last_seen", "connections", "successes", "databases", "candidates"),
    ),
    "campaigns": ("select * from campaigns {where}", ("campaign_id", "attacks")),
}
"""What can be listed: the query, and the columns a terminal shows (JSON and CSV give all)."""

_FILTERS = {"family": "family", "source": "source_address", "asset": "asset", "automation": "automation", "tool": "tool", "rule": "rule", "attack": "attack_id", "file": "file", "reason": "reason"}

_TIMES = {"signals": "seen_at", "sources": "seen_at", "attacks": "first_seen", "attempts": "first_seen", "availability": "first_seen", "publications": "online", "doors": "first_seen"}
"""What `--since` and `--until` look at."""


@click.command("show", epilog="Example: vigie show attacks --family sql_injection --limit 20")
@click.argument("what", type=click.Choice([*LISTS, *OF_POSTS]), metavar="WHAT")
@archive_option
@click.option("--family", metavar="NAME", help="Only this family.")
@click.option("--source", metavar="ADDRESS", help="Only this address.")
@click.option("--asset", metavar="HOST", help="Only this site.")
@click.option("--automation", type=click.Choice(["tool", "bespoke", "undetermined"]), help="Only attacks of which this is said.")
@click.option("--tool", metavar="NAME", help="Only this tool.")
@click.option("--rule", metavar="NAME", help="Only this rule.")
@click.option("--attack", metavar="ID", help="Only this attack.")
@click.option("--file", metavar="FILE", help="Only this file.")
@click.option("--reason", metavar="TEXT", help="Only this reason (of unread lines).")
@click.option("--set-aside", "aside", is_flag=True, help="Only what was set aside, with the reason.")
@click.option("--platform", metavar="NAME", help="accounts, groups, rumours: only this platform.")
@click.option("--result", type=click.Choice(["assisted", "undecided", "hand", "declared", "sampled", "coarse", "little"]), help="accounts: only those of which this is said.")
@click.option("--sort", "order", type=click.Choice(["posts", "result"]), default="posts", show_default=True, help="accounts: what they are sorted by.")
@identified_option
@geo_option
@period_options
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="Most rows.")
@lang_option
@output_options
def command(
    what: str, archive: str | None, aside: bool, platform: str | None, result: str | None, order: str, identified: bool, geo: tuple[str, ...],
    since: datetime | None, until: datetime | None, limit: int, lang: str, as_json: bool, as_csv: bool, color: str, **filters: str | None,
) -> None:  # fmt: skip
    """List what was found: attacks, attempts, signals, sources, campaigns, unread, files; of posts: accounts, groups, rumours, claims. Every row leads on: vigie explain ID."""
    if what in OF_POSTS:
        if aside or geo or any(filters.values()):
            raise click.UsageError(f"only --platform, --since, --until and --limit apply to {what}, and to accounts --result and --sort")
        show(
            what, archive, platform=platform, result=result, order=order, since=since, until=until, limit=limit, lang=lang, identified=identified,
            as_json=as_json, as_csv=as_csv, color=color,
        )  # fmt: skip
        return
    if platform or result or order != "posts" or (identified and what != "signals"):
        raise click.UsageError("--platform, --result and --sort apply to accounts, groups and rumours; --identified to these and to signals")
    from vigie.cli.doors import worded
    from vigie.words.counting import TEXT, column_name

    query, columns = LISTS[what]
    conditions: list[str] = []
    values: list[object] = []
    with opened(archive) as catalogue:
        if what == "publications":
            from vigie.attacks.publications import make_table

            make_table(catalogue.connection)
        if what == "sources":
            from vigie.cli.origin import filled

            filled(catalogue, geo, lang)
        elif geo:
            raise click.UsageError("--geo applies to sources")
        base = {"sources": "signals", "publications": "attacked_pages"}.get(what, what)
        there = {row["column_name"] for row in catalogue.rows(f"describe {base}")}
        for name, value in filters.items():
            if value is None:
                continue
            column = _FILTERS[name]
            if name == "source" and what in ("attacks", "doors"):
                own = "attack_id" if what == "attacks" else "door_id"
                conditions.append(f"{own} in (select coalesce(attack_id, attempt_id) from signals where source_address = ?)")
            elif column not in there:
                raise click.UsageError(f"--{name} does not apply to {what}")
            else:
                conditions.append(f"{column} = ?")
            values.append(value)
        if aside:
            if what not in ("signals", "attempts", "doors"):
                raise click.UsageError(f"--set-aside does not apply to {what}; it does to signals, attempts and doors")
            conditions.append("attack_id is null" if what == "doors" else "set_aside is not null")
        for moment, sign in ((since, ">="), (until, "<")):
            if moment is not None:
                if what not in _TIMES:
                    raise click.UsageError(f"--since and --until do not apply to {what}")
                conditions.append(f"{_TIMES[what]} {sign} ?")
                values.append(moment)
        where = "where " + " and ".join(conditions) if conditions else ""
        names, rows = catalogue.asked(query.format(where=where) + f" limit {limit + 1}", values)
        hint = _families(catalogue, what, filters["family"]) if not rows else ""
        if what == "signals" and not identified:
            _without_ids(catalogue, rows)
    if what == "doors":
        rows = worded(rows, "en" if as_json or as_csv else lang, as_json=as_json)
        names = [*names, "tried", "word"]
    if len(rows) > limit:
        note(f"vigie: the first {limit:,} rows; more with --limit")
    rows_out(
        rows[:limit], names if as_csv else columns, as_json=as_json, as_csv=as_csv, color=color, headings=[column_name(c, lang) for c in columns]
    )
    if rows and what == "publications":
        note(TEXT[lang]["published"])
    if not rows:
        note(f"vigie: no {what}{' of this kind' if conditions else ''}{hint}")


def _without_ids(catalogue: Catalogue, rows: list[dict[str, object]]) -> None:
    """Signals of posts quote the id of a post where what it shares does not stand in its line; that leads to its account."""
    from vigie.attacks.derive import OPERATIONS

    mine = [row for row in rows if row["family"] == OPERATIONS]
    if mine and catalogue.has_posts:
        from vigie.archive.post_lines import masked_lines
        from vigie.cli.posts import names

        masked_lines(catalogue, names(identified=False), mine)


def _families(catalogue: Catalogue, what: str, asked: str | None) -> str:
    if asked is None or what == "files":
        return ""
    there = [str(row["family"]) for row in catalogue.rows("select distinct family from signals order by 1")]
    return "" if asked in there else f". Families that there are: {', '.join(there) or 'none'}"
