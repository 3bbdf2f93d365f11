"""What is known of one state of an archive before anyone asks: computed once, in a process of its own, so that the server stays small and quick.

Counting again under half and double the pause, placing every address and weighing the evidence need every signal; the server that answers pages needs none of
that. The process ends when it has told what it found.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vigie.attacks.count import Count, Fixed

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.blindness import Gap
    from vigie.attacks.publications import Page
    from vigie.campaigns.hypotheses import Case
    from vigie.origins.shares import Shares

Row = dict[str, Any]

MOST: Final = 2_000
"""Rows that a list keeps at most."""
MEMORY: Final = "1GB"
"""What the process that looks may take for its queries; it gives it back at its end."""
BETWEEN: Final = 6 * 3_600_000_000
"""Microseconds without any line between two files that a quiet night explains."""
PLACES: Final = ("attack_places", "attack_origins", "origins")
"""Tables of origins, handed over as files."""

_COVERED: Final = """
select epoch_us(first_seen) as first, epoch_us(last_seen) as last from files where first_seen is not null and file not in (
    select file::varchar from probes union select file::varchar from publications union select file::varchar from posts) order by all
"""
_CHANGES: Final = """
with ends as (select max(last_seen) as until from files), told as (
    select family, first_seen > until - interval 1 day as fresh, danger from attacks, ends where first_seen > until - interval 2 day)
select family, count(*) filter (fresh) as last_day, count(*) filter (not fresh) as day_before, max(danger) filter (fresh) as danger from told group by 1 order by 2 desc, 1
"""
_PROBES: Final = """
select coalesce(url_domain, '') as asset, count(*) as probes, max(seen_at) as last, arg_max(event_outcome::varchar, seen_at) as outcome,
       max(seen_at) filter (event_outcome::varchar <> 'success') as last_failure from probes where seen_at is not null group by 1 order by 1
"""
_DANGEROUS: Final = """
select attack_id, family, asset, outcome, danger, first_seen, last_seen, actor from attacks where danger >= 4 order by danger desc, last_seen desc, attack_id limit 40
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the attacks come from: shares by unit, relays, and what they rest on.

    Attributes:
        shares: unit → shares.
        facts: the JSON shape of `vigie explain origin`.
        trouble: why nothing could be placed, "" when it could.
    """

    shares: Mapping[str, Shares]
    facts: Mapping[str, Any]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it.

    Attributes:
        snapshot: id of the state.
        count: the headline, by family.
        fixed: what a count of another time needs of all signals.
        covered: from when to when logs tell of attacks, in order, none touching the next.
        by: unit of `count.BY` → label and attacks, of a few that pages draw.
        days: day, family and attacks.
        changes: by family, attacks of the last 24 hours that were read, and of the 24 before.
        availability: rows of the view, the latest last.
        timed: a log holds durations.
        probes: by site, the last measurement from outside.
        lane: the doors in numbers, as `vigie count --json` gives them.
        doors, scans, files: rows of these, at most `MOST`.
        scan_noise: what was set aside of the network.
        limited: logs that leave lines out.
        dangerous: the most dangerous attacks.
        pages: publications and what followed.
        gaps: what a log cannot show.
        origin: where from.
        case: the evidence for competing hypotheses; None without any attack.
        numbers: sizes of tables.
        social: what posts show, {} without posts (`_social`).
    """

    snapshot: str
    count: Count
    fixed: Fixed
    covered: Sequence[tuple[datetime, datetime]]
    by: Mapping[str, tuple[tuple[str, int], ...]]
    days: Sequence[tuple[str, str, int]]
    changes: Sequence[Row]
    availability: Sequence[Row]
    timed: bool
    probes: Sequence[Row]
    lane: Mapping[str, Any]
    doors: Sequence[Row]
    scans: Sequence[Row]
    files: Sequence[Row]
    scan_noise: Row
    limited: Sequence[Row]
    dangerous: Sequence[Row]
    pages: Sequence[Page]
    gaps: Sequence[Gap]
    origin: Origin
    case: Case | None
    numbers: Mapping[str, int]
    social: Mapping[str, Any]

    @property
    def until(self) -> datetime | None:
        """The last line that was read."""
        return self.count.last


def facts_of(catalogue: Catalogue, geo: Sequence[str], folder: Path) -> Facts:
    """Look at everything.

    Args:
        catalogue: an open one.
        geo: tables of the user.
        folder: where tables of origins are written for the server.
    """
    from vigie.archive.door_lane import lane
    from vigie.attacks.blindness import gaps
    from vigie.attacks.count import count, fixed_of
    from vigie.attacks.publications import pages
    from vigie.campaigns.hypotheses_evidence import Choice, case_of

    connection, rows = catalogue.connection, catalogue.rows
    origin, fixed = _origin(catalogue, geo, folder), fixed_of(connection, catalogue.settings)
    return Facts(
        snapshot=catalogue.snapshot, count=count(connection, catalogue.settings, fixed=fixed), fixed=fixed, covered=_covered(catalogue), by=_by(catalogue), origin=origin,
        days=[(str(day), str(family), int(n)) for day, family, n in connection.execute("select strftime(first_seen, '%Y-%m-%d'), family, count(*) from attacks group by all order by all").fetchall()],
        changes=rows(_CHANGES), availability=rows(f"select * from (select * from availability order by first_seen desc limit {MOST}) order by first_seen, period_id"),
        timed=bool(rows("select 1 as one from tallies where tally = 'traffic' and regexp_matches(key, ' (ok|bad) [0-9]') limit 1")),
        probes=rows(_PROBES), lane=lane(catalogue), doors=rows(f"select * from doors order by danger desc, first_seen desc, door_id limit {MOST}"),
        scans=rows(f"select scan_id, (select any_value(attack_id) from signals g where g.family = 'port_scan' and g.skeleton = s.skeleton) as attack_id, s.* exclude (scan_id, skeleton) from scans s order by first_seen desc, scan_id limit {MOST}"),
        files=rows(f"select * from files order by file limit {MOST}"), dangerous=rows(_DANGEROUS), pages=pages(connection)[-MOST:], gaps=gaps(connection),
        scan_noise=catalogue.one(
            """select coalesce(sum(sources) filter (what = 'one or two doors'), 0)::bigint as few,
               coalesce(sum(packets) filter (what = 'answers to nothing'), 0)::bigint as answers from scan_background"""
        ),
        limited=rows("select distinct feed, per_minute from limited_logs where whole order by all"),
        case=case_of(connection, Choice(), catalogue.snapshot), numbers=_numbers(catalogue), social=_social(catalogue),
    )  # fmt: skip


def _covered(catalogue: Catalogue) -> list[tuple[datetime, datetime]]:
    """From when to when there are logs of any kind that tells of attacks: what lies between the first and the last line of a file, files less than `BETWEEN` apart as one."""
    out: list[list[int]] = []
    for row in catalogue.rows(_COVERED):
        first, last = int(str(row["first"])), int(str(row["last"]))
        if out and first - out[-1][1] <= BETWEEN:
            out[-1][1] = max(out[-1][1], last)
        else:
            out.append([first, last])
    return [(datetime.fromtimestamp(first / 1e6, UTC), datetime.fromtimestamp(last / 1e6, UTC)) for first, last in out]


def _numbers(catalogue: Catalogue) -> dict[str, int]:
    from vigie.detectors.log_ins import DATABASES

    names = ("signals", "attempts", "attacks", "unread", "posts", "log_ins", "flows", "probes", "publications", "doors", "scans")
    found = {name: int(str(catalogue.one(f"select count(*) as n from {name}")["n"])) for name in names}
    listed = ", ".join(f"'{name}'" for name in DATABASES)
    doors = catalogue.one(f"select count(*) filter (service_type::varchar in ({listed})) as databases, count(*) filter (service_type::varchar not in ({listed})) as others from log_ins")
    return {**found, "log_ins_database": int(str(doors["databases"])), "log_ins_remote": int(str(doors["others"]))}


def _social(catalogue: Catalogue) -> dict[str, Any]:
    """What posts show, under pseudonyms; nothing without posts.

    Returns:
        `names` (the key of the pseudonyms), `posts` (`post_facts.posts_facts`), `accounts`, `groups`, `rumours` (rows, at most `MOST`), `between` (tables between declared groups), `declared` (the
        groups).
    """
    if not catalogue.has_posts:
        return {}
    from vigie.archive.account_facts import account_rows
    from vigie.archive.account_names import Names
    from vigie.archive.group_facts import group_rows
    from vigie.archive.post_facts import posts_facts
    from vigie.archive.rumour_facts import between_groups, declared_groups, rumour_rows
    from vigie.social.pseudonyms import KeyFileError, kept_key, key_file

    try:
        names = Names(kept_key(key_file()))
    except KeyFileError as error:
        return {"trouble": str(error)[:600]}
    return {
        "names": names, "posts": posts_facts(catalogue), "accounts": account_rows(catalogue, names, order="result", limit=MOST), "groups": group_rows(catalogue, limit=MOST),
        "rumours": rumour_rows(catalogue, names, limit=MOST), "between": between_groups(catalogue), "declared": declared_groups(catalogue),
    }  # fmt: skip


def _by(catalogue: Catalogue) -> dict[str, tuple[tuple[str, int], ...]]:
    from vigie.attacks.count import BY

    return {
        unit: tuple((str(label), int(n)) for label, n in catalogue.connection.execute(f"select {BY[unit]} as label, count(*) from attacks group by 1 order by 2 desc, 1 limit {MOST}").fetchall())
        for unit in ("family", "automation", "tool", "asset", "outcome", "country")
    }  # fmt: skip


def _origin(catalogue: Catalogue, geo: Sequence[str], folder: Path) -> Origin:
    from vigie.archive.origin_facts import facts
    from vigie.archive.origin_tables import asked_pairs
    from vigie.archive.views import write_table
    from vigie.origins.shares import UNITS, shares
    from vigie.origins.table import TableError

    try:
        book = catalogue.place([Path(path) for path in geo])
    except TableError as error:
        return Origin({}, {}, str(error)[:1000])
    for name in PLACES:
        write_table(catalogue.connection, name, folder / f"{name}.parquet", "zstd")
    pairs = asked_pairs(catalogue.connection)
    return Origin({unit: shares(pairs, unit) for unit in UNITS}, facts(catalogue, book, pairs))


def in_a_process(archive: Path, geo: Sequence[str], folder: Path) -> Facts:
    """The same, computed by a process that ends afterwards, with its memory.

    Raises:
        ArchiveError: the archive is damaged, or of another layout, or the process was ended.
    """
    from vigie.archive.archive import ArchiveError

    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_quiet) as pool:
            return pool.submit(_look, archive, tuple(geo), folder).result()
    except BrokenProcessPool:
        raise ArchiveError(f"{archive}: the process that looked at it was ended by something else, perhaps for want of memory. Try: free -m") from None


def _quiet() -> None:
    """Leave without words when the person at the terminal interrupts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _look(archive: Path, geo: tuple[str, ...], folder: Path) -> Facts:
    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import Catalogue

    with Catalogue(Archive(archive)) as catalogue:
        catalogue.connection.execute(f"set memory_limit = '{MEMORY}'")
        return facts_of(catalogue, geo, folder)
