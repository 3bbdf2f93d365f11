"""Items of evidence that are computed from a chosen set of attacks, each with ids that lead to raw lines.

Each kind has a fixed id (`KINDS`), so that `E3` means the same in every case. All that one sort of log tells is one source of evidence, however many
detectors read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from vigie.attacks.publications import pages
from vigie.campaigns.hypotheses import DEFAULTS, Case, Chosen, Evidence
from vigie.campaigns.hypotheses_ratings import CLEARLY, FEW, HALF, KINDS, MOSTLY, PART, PROPOSALS, REUSED_SHARE
from vigie.campaigns.hypotheses_times import BIN, WITHIN, following, working_week

if TYPE_CHECKING:
    import duckdb

SHOWN: Final = 12
"""Ids that an item lists; its query gives all."""
BACKGROUND: Final = ("secret_probe", "cms_probe", "content_discovery", "proxy_probe", "protocol_abuse", "port_scan", "remote_login", "login_guessing")
"""Families that every site meets."""
WORKED: Final = 7
"""Danger of a log-in that worked."""

_SORT: Final = """case when family = 'denial_of_service' then 'floods' when family in ('database_access', 'remote_login', 'login_guessing') then 'log-ins'
when family = 'port_scan' then 'scans' else 'pages' end"""
_REUSED: Final = f"""attack_id in (with met as (
select attack_id, source_address, {_SORT} as sort, min(seen_at)::date as day from signals where attack_id is not null and source_address <> '' and family <> 'port_scan'
group by attack_id, source_address, family)
select a.attack_id from met a join met b on a.source_address = b.source_address and a.sort <> b.sort and a.day <> b.day)"""
_MET: Final = """
create or replace temp table _met as
select distinct attack_id, source_address from signals where attack_id in (select attack_id from _chosen) and source_address <> ''
"""
_DAYS: Final = """
select epoch_us(min(c.first_seen)) from _met m join _chosen c using (attack_id) group by m.source_address, c.first_seen::date
"""
_SHOWN: Final = "select attack_id from _chosen where {which} order by danger desc, records desc, attack_id limit {shown}"
_SOURCES: Final = """
select case when s.file in (select file from _of_connections) then 'connection logs' when s.detector like '%.doors' then 'login logs' else 'web server logs' end as source,
       count(distinct s.attack_id) as n
from signals s where s.attack_id in (select attack_id from _chosen where {which}) group by 1 order by n desc, source limit 1
"""
OWN: Final = ("bespoke", "databases", "floods")
"""Kinds whose attacks may stand in another sort of log than most of the set."""
_OF_CONNECTIONS: Final = "create or replace temp table _of_connections as select distinct file::varchar as file from tallies where tally::varchar = 'contacts'"
"""Files of firewalls, flows and captures: what they hold is counted by contacts."""

Numbers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which attacks are asked for; empty means all.

    Attributes:
        families: names of families.
        sources: addresses, canonical.
        automations: `tool`, `bespoke`, `undetermined`.
        since, until: those that began then or later, and before.
    """

    families: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    automations: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> str:
        """In SQL over `attacks`, as a person could type it into `vigie sql`."""
        parts: list[str] = []
        if self.families:
            parts.append(f"family in ({_listed(self.families)})")
        if self.sources:
            parts.append(f"attack_id in (select attack_id from signals where source_address in ({_listed(self.sources)}))")
        if self.automations:
            parts.append(f"automation in ({_listed(self.automations)})")
        for moment, sign in ((self.since, ">="), (self.until, "<")):
            if moment is not None:
                parts.append(f"first_seen {sign} make_timestamptz({(moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)})")
        return " and ".join(parts) or "true"

    def asked(self) -> str:
        """As options of the command line."""
        words = [f"--family {name}" for name in self.families] + [f"--source {name}" for name in self.sources]
        words += [f"--automation {name}" for name in self.automations]
        words += [f"--{name} {moment.isoformat()}" for name, moment in (("since", self.since), ("until", self.until)) if moment is not None]
        return " ".join(words)


def case_of(connection: duckdb.DuckDBPyConnection, choice: Choice, snapshot: str) -> Case | None:
    """The case that the archive makes by itself: vigie's hypotheses, what it computes, and its proposed ratings.

    Args:
        connection: a catalogue's; makes the temporary tables `_chosen`, `_met` and `_of_connections`.
        choice: which attacks.
        snapshot: id of the archive's state.

    Returns:
        None where no attack is chosen.
    """
    connection.execute(f"create or replace temp table _chosen as select * from attacks where {choice.condition()}")
    size, first, last = connection.execute("select count(*), min(first_seen), max(first_seen) from _chosen").fetchall()[0]
    if not size:
        return None
    connection.execute(_MET)
    connection.execute(_OF_CONNECTIONS)
    looked = _Looked(connection, choice, int(size))
    chosen = Chosen(int(size), first.astimezone(UTC), last.astimezone(UTC), looked.number("select count(distinct source_address) from _met"), choice.asked(), snapshot)
    return Case(chosen, DEFAULTS, tuple(looked.items()))


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is asked of the chosen attacks."""

    connection: duckdb.DuckDBPyConnection
    choice: Choice
    size: int
    sources: dict[str, str] = field(default_factory=dict)  # condition → sort of log; most items ask it of the whole set

    def number(self, query: str) -> int:
        """The single number of a query."""
        return int(self.connection.execute(query).fetchall()[0][0])

    def items(self) -> list[Evidence]:
        """All items, in the order of `KINDS`."""
        return [self._tools(), self._background(), self._bespoke(), self._hours(), self._publications(), self._databases(), self._floods(), self._reuse(), *self._relays(), self._last_hop()]

    def _count(self, which: str) -> int:
        return self.number(f"select count(*) from _chosen where {which}")

    def _bears(self, count: int, share: float = PART) -> bool:
        """Whether so many attacks speak of the whole set."""
        return count >= min(FEW, self.size) and count >= share * self.size

    def _item(self, outcome: str, which: str, count: int | None, numbers: Numbers, alone: str = "") -> Evidence:
        """An item of a kind and outcome; where `which` holds of no attack, it leads to the most dangerous ones that were looked at."""
        kind = outcome.partition(".")[0]
        refs = self._shown(which) or self._shown("true")
        proposed = PROPOSALS[outcome]
        said = {"count": count, "of": self.size, **numbers}
        return Evidence(
            id=KINDS[kind], kind=kind, text=proposed.english.format_map(_Said(said, "en")), text_fr=proposed.french.format_map(_Said(said, "fr")),
            source=self._source(which if kind in OWN and count else "true"), reliability="B", credibility=proposed.credibility, ratings=proposed.rated(), why=proposed.why, why_fr=proposed.why_fr, refs=refs,
            count=count, of=self.size, found_by=" and ".join(part for part in (f"select attack_id from attacks where {which}", self.choice.condition()) if part != "true"),
            alone=f"{alone} {replace(self.choice, families=(), automations=()).asked()}".strip() if alone and outcome.endswith(".few") else "", author="vigie",
        )  # fmt: skip

    def _shown(self, which: str) -> tuple[str, ...]:
        return tuple(row[0] for row in self.connection.execute(_SHOWN.format(which=which, shown=SHOWN)).fetchall())

    def _source(self, which: str) -> str:
        """The sort of log that most of these attacks stand in; what is said of the whole set has one, so that it is not taken for independent."""
        if which not in self.sources:
            self.sources[which] = str(self.connection.execute(_SOURCES.format(which=which)).fetchall()[0][0])
        return self.sources[which]

    def _tools(self) -> Evidence:
        which = "automation = 'tool'"
        count = self._count(which)
        return self._item("tools.most" if count >= MOSTLY * self.size else "tools.some", which, count, {"named": self._count("tool is not null")})

    def _background(self) -> Evidence:
        which = f"family in ({_listed(BACKGROUND)})"
        count = self._count(which)
        return self._item("background.most" if count >= MOSTLY * self.size else "background.some", which, count, {})

    def _bespoke(self) -> Evidence:
        which = "automation = 'bespoke'"
        count, open_ = self._count(which), self._count("automation = 'undetermined'")
        outcome = "many" if self._bears(count) else "few" if count else "none"
        return self._item(f"bespoke.{outcome}", which, count, {"most": count + open_}, "--automation bespoke")

    def _hours(self) -> Evidence:
        days = np.asarray([row[0] for row in self.connection.execute(_DAYS).fetchall()], np.int64)
        found = working_week(days)
        if found is None:
            return self._item("hours.few", "true", None, {"days": len(days)})
        keeps = found.p < CLEARLY and found.inside >= HALF * found.of
        numbers = {"days": found.of, "inside": found.inside, "begins": found.begins, "expected": round(found.expected * found.of)}
        return self._item("hours.week" if keeps else "hours.none", "true", None, numbers)

    def _publications(self) -> Evidence:
        starts = np.asarray([row[0] for row in self.connection.execute("select epoch_us(first_seen) from _chosen").fetchall()], np.int64)
        online = np.unique(np.asarray([one.online for one in pages(self.connection)], np.int64))
        found = following(starts, online)
        if found is None:
            return self._item("publications.none", "true", None, {})
        follows = found.p < CLEARLY
        within = f"epoch_us(first_seen) // {BIN} - page.online between 0 and {WITHIN // BIN - 1}"
        near = f"exists (select 1 from (values {', '.join(f'({at})' for at in found.bins)}) page(online) where {within})"
        return self._item(
            "publications.follow" if follows else "publications.not", near, found.found,
            {"pages": found.pages, "expected": round(found.expected, 1), "p": round(found.p, 3)},
        )  # fmt: skip

    def _databases(self) -> Evidence:
        which = "family = 'database_access'"
        count, worked = self._count(which), self._count(f"{which} and danger >= {WORKED}")
        outcome = ("in" if self._bears(worked) else "few") if worked else "tried" if count else "none"
        return self._item(f"databases.{outcome}", which, count, {"danger": worked}, "--family database_access")

    def _floods(self) -> Evidence:
        which = "family = 'denial_of_service'"
        count, down = self._count(which), self._count(f"{which} and outcome in ('slowed', 'unavailable')")
        outcome = "many" if self._bears(count) else "few" if count else "none"
        return self._item(f"floods.{outcome}", which, count, {"down": down}, "--family denial_of_service")

    def _reuse(self) -> Evidence:
        count = self._count(_REUSED)
        return self._item("reuse.many" if self._bears(count, REUSED_SHARE) else "reuse.some", _REUSED, count, {})

    def _relays(self) -> list[Evidence]:
        """What lists of relays say of the addresses, where addresses were looked up."""
        columns = {row[0] for row in self.connection.execute("describe origins").fetchall()}
        if not {"address", "relay"} <= columns:
            return []
        known, relays = self.connection.execute(
            "select count(distinct address), count(distinct address) filter (relay is not null) from origins where address in (select source_address from _met)"
        ).fetchall()[0]
        which = "attack_id in (select attack_id from attack_origins where relay is not null)"
        return [self._item("relays.any", which if relays else "true", None, {"count": int(relays), "of": int(known)})] if known else []

    def _last_hop(self) -> Evidence:
        return self._item("last_hop.any", "true", None, {"count": self.number("select count(distinct source_address) from _met")})


class _Said(dict[str, object]):
    """Numbers as a language writes them."""

    def __init__(self, numbers: Mapping[str, object], lang: str) -> None:
        super().__init__({name: _written(value, lang) for name, value in numbers.items()})


def _written(value: object, lang: str) -> object:
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"
    return str(value).replace(".", ",") if isinstance(value, float) and lang == "fr" else value


def _listed(names: Sequence[str]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)
