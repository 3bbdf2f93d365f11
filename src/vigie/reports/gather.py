"""Takes the facts of a report from an open archive, once; what persons said is handed in."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from vigie import __version__
from vigie.attacks.blindness import gaps
from vigie.attacks.count import Period, count
from vigie.attacks.derive import OPERATIONS
from vigie.attacks.publications import pages
from vigie.campaigns.hypotheses import Signature
from vigie.origins.shares import shares
from vigie.reports.facts import (
    NOT_ANSWERED,
    NOT_LOOKED,
    NOT_VISIBLE,
    NOTHING_SEEN,
    WITHHELD,
    Attack,
    Coincidence,
    Custody,
    Disturbance,
    Example,
    Family,
    Log,
    Origin,
    Rank,
    Report,
    Source,
    Unknown,
    checked,
)
from vigie.reports.marking import Marking
from vigie.reports.operations import disarm
from vigie.reports.organisation import Incident, Organisation
from vigie.reports.privacy import Discretion
from vigie.reports.roles import Network, networks, role_of
from vigie.reports.techniques import techniques_of

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.origins.book import Book

Row = Mapping[str, Any]
EXAMPLES: Final = 3
"""Raw lines shown of each family."""
SOURCES, TARGETS = 50, 10
"""Sources and places that one attack names at most; how many there are is always told."""

_FAMILIES: Final = """
select family, count(*) as attacks, sum(attempts)::bigint as attempts, sum(signals)::bigint as signals, sum(records)::bigint as records,
       min(first_seen) as first, max(last_seen) as last, count(*) filter (automation = 'tool') as tool, count(*) filter (automation = 'bespoke') as bespoke,
       count(*) filter (automation = 'undetermined') as undetermined, max(danger)::int as danger,
       coalesce(list_sort(list(distinct kind) filter (kind is not null)), []) as kinds
from attacks where {asked} group by family order by attacks desc, family
"""
_RULES: Final = """
select s.family, s.rule, count(*) as n from signals s semi join (select attack_id from attacks where {asked}) a using (attack_id)
group by 1, 2 order by 1, 3 desc, 2
"""
_TOOLS: Final = "select family, tool, count(*) as n from attacks where tool is not null and {asked} group by 1, 2 order by 1, 3 desc, 2"
_EXAMPLES: Final = """
with chosen as (
    select attack_id, row_number() over (partition by family order by danger desc, confidence desc, first_seen, attack_id) as n from attacks where {asked}),
first as (
    select s.*, c.n, row_number() over (partition by s.attack_id order by s.confidence desc, s.seen_at, s.signal_id) as k
    from signals s join chosen c on s.attack_id = c.attack_id and c.n <= {most})
select f.family, f.n, f.attack_id, f.file, f.byte_offset, f.evidence, any_value(e.line) as line
from first f left join evidence e on e.file::varchar = f.file and e.byte_offset = f.byte_offset where f.k = 1 group by all order by f.family, f.n
"""
_SOURCES: Final = """
with own as (select distinct source from door_tries where own <> '')
select o.address, list_sort(list(distinct o.family::varchar)) as families, count(distinct o.attack_id) as attacks, sum(o.signals)::bigint as signals,
       min(o.first_seen) as first, max(o.last_seen) as last, bool_or(o.verified) as verified, max(a.confidence) as confidence,
       any_value(p.country) as country, any_value(p.countries) as countries, any_value(p.network) as network, any_value(p.asn) as asn,
       max(o.relay) as relay, max(o.relay_list) filter (o.relay is not null) as relay_list, any_value(p.reserved) as reserved, bool_or(w.source is not null) as own
from attack_origins o join (select attack_id, confidence from attacks where {asked}) a on a.attack_id = o.attack_id
left join origins p on p.address = o.address left join own w on w.source = o.address
group by o.address order by o.address
"""
_ATTACKS: Final = """
with said as (
    select attack_id, list_sort(list(distinct rule)) as rules, list_sort(list(distinct target))[1:{targets}] as goals,
           list_sort(list(distinct source_address) filter (source_address <> ''))[1:{sources}] as addresses
    from signals where attack_id is not null group by attack_id)
select a.*, s.rules, s.goals, s.addresses, d.accounts from attacks a join said s on s.attack_id = a.attack_id
left join (select door_id, accounts from doors) d on d.door_id = a.attack_id
where {asked} order by a.first_seen, a.attack_id
"""
_DISTURBANCES: Final = "select * from availability where {asked} order by first_seen, period_id"
_LOGS: Final = """
select feed, min(format) as format, sum(lines)::bigint as lines, sum(read)::bigint as read, sum(unread)::bigint as unread, min(first_seen) as first, max(last_seen) as last
from files group by feed order by feed
"""
_RANKS: Final = "select family, danger::int as danger, count(*) as attacks from doors where attack_id is not null and {asked} group by 1, 2 order by 1, 2 desc"
_VISITED: Final = "select 1 as one from tallies where tally = 'traffic' limit 1"
_ADDRESSES: Final = "select 1 as one from tallies where tally::varchar in ('traffic', 'log_ins', 'contacts') limit 1"
_TIMED: Final = "select 1 as one from tallies where tally = 'traffic' and regexp_matches(key, ' (ok|bad) [0-9]') limit 1"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and what persons said.

    Attributes:
        marking, stage, period: of the document.
        made: now.
        organisation, incident: of the file, empty without one.
        key: of pseudonyms.
        identified: why personal data are wanted; "" when they are not.
        judgement: of a signed case; None without one.
        geo: tables of the user, asked before those that are kept.
    """

    marking: Marking
    made: datetime
    key: bytes
    stage: str = "voluntary"
    period: Period = field(default_factory=Period)
    organisation: Organisation = field(default_factory=Organisation)
    incident: Incident = field(default_factory=Incident)
    identified: str = ""
    judgement: Signature | None = None
    geo: tuple[Any, ...] = ()


def gathered(catalogue: Catalogue, asked: Asked) -> Report:
    """The report of an open archive.

    Args:
        catalogue: an open one; its tables of origins are made.
        asked: the rest.

    Raises:
        FactsError: the archive contradicts itself.
        TableError: a table of origins cannot be used.
    """
    condition = asked.period.condition()
    counted = count(catalogue.connection, catalogue.settings, "family", asked.period)
    book = catalogue.place(asked.geo)
    ours = networks((*catalogue.archive.ours(), *asked.organisation.networks))
    sources = _sources(catalogue, condition, ours, networks(asked.organisation.partners), identified=bool(asked.identified))
    told = frozenset(one.address for one in sources if one.role != WITHHELD)
    discretion = Discretion(asked.key, told, bool(asked.identified))
    return checked(
        Report(
            snapshot=catalogue.snapshot, made=asked.made, as_of=counted.last or asked.made, period=asked.period, marking=asked.marking, stage=asked.stage,
            identified=asked.identified, organisation=asked.organisation, incident=asked.incident, count=counted,
            families=_families(catalogue, condition, discretion), sources=sources, unnamed=_unnamed(catalogue, condition),
            attacks=_attacks(catalogue, condition, discretion), logs=tuple(Log(**row) for row in _rows(catalogue, _LOGS)), files=_whole(catalogue.one("select count(*) as n from files")["n"]),
            disturbances=_disturbances(catalogue, condition), visited=bool(catalogue.rows(_VISITED)), timed=bool(catalogue.rows(_TIMED)),
            probed=bool(catalogue.rows("select 1 as one from probes limit 1")), doors=_doors(catalogue, condition), origin=_origin(catalogue, book, condition),
            campaigns=Unknown(NOT_LOOKED, "campaigns"), coincidences=_coincidences(catalogue, asked.period), posture=Unknown(NOT_LOOKED, "posture"),
            detected=asked.incident.detected or Unknown(NOT_VISIBLE, "detected"), gaps=tuple((gap.feed, gap.what) for gap in gaps(catalogue.connection)),
            judgement=asked.judgement or Unknown(NOT_ANSWERED, "judgement"), custody=_custody(catalogue), withheld=_withheld(sources),
        )
    )  # fmt: skip


def _withheld(sources: Sequence[Source]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in sources:
        if one.why:
            found[one.why] = found.get(one.why, 0) + 1
    return dict(sorted(found.items()))


def _families(catalogue: Catalogue, condition: str, discretion: Discretion) -> tuple[Family, ...]:
    rules = _by_family(catalogue.rows(_RULES.format(asked=condition)), "rule")
    tools = _by_family(catalogue.rows(_TOOLS.format(asked=condition)), "tool")
    examples: dict[str, list[Example]] = {}
    accounts = {str(row["door_id"]): row["accounts"] for row in catalogue.rows(f"select door_id, accounts from doors where {condition}")}
    for row in catalogue.rows(_EXAMPLES.format(asked=condition, most=EXAMPLES)):
        if row["family"] == OPERATIONS and not discretion.identified:
            continue  # a post is somebody's own words
        examples.setdefault(str(row["family"]), []).append(_example(row, accounts.get(str(row["attack_id"])), discretion))
    out = []
    for counted in _rows(catalogue, _FAMILIES.format(asked=condition)):
        name, kinds = counted.pop("family"), counted.pop("kinds")
        spoke = rules.get(name, ())
        ids = disarm(catalogue) if name == OPERATIONS else tuple(one for rule, _ in spoke for one in _ids().get(rule, ()))
        known = techniques_of(name, tuple(kinds), ids)
        found = Family(name, **counted)
        out.append(replace(found, rules=spoke, tools=tools.get(name, ()), techniques=known, examples=tuple(examples.get(name, ()))))
    return tuple(out)


def _by_family(rows: Sequence[Row], column: str) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for row in rows:
        found.setdefault(str(row["family"]), []).append((str(row[column]), int(row["n"])))
    return {family: tuple(pairs) for family, pairs in found.items()}


@cache
def _ids() -> dict[str, tuple[str, ...]]:
    """Ids that each rule names."""
    from vigie.detectors.registry import DETECTORS

    return {rule.id: rule.ids for detector in DETECTORS for rule in detector.rules}


def _example(row: Row, accounts: object, discretion: Discretion) -> Example:
    raw = row["line"] if row["line"] is not None else row["evidence"]
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else str(raw)
    hidden = [str(one) for one in accounts] if isinstance(accounts, (list, tuple)) else []
    return Example(discretion.line(text, hidden), PurePosixPath(str(row["file"])).name, int(row["byte_offset"]), str(row["attack_id"]))


def _valid(address: object) -> str:
    """An address in its canonical form, "" for what is none."""
    try:
        return str(ipaddress.ip_address(str(address)))
    except ValueError:
        return ""


def _sources(catalogue: Catalogue, condition: str, ours: Sequence[Network], partners: Sequence[Network], *, identified: bool) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for row in _rows(catalogue, _SOURCES.format(asked=condition)):
        address = _valid(row["address"])
        if not address or address in found:
            continue
        role, why = role_of({**row, "address": address}, ours, partners, identified=identified)
        found[address] = Source(
            address, role, why, tuple(row["families"]), _whole(row["attacks"]), _whole(row["signals"]), row["first"], row["last"], row["country"] or "", row["countries"] or "",
            row["network"] or "", _whole(row["asn"]), row["relay"] or "", row["relay_list"] or "", round(100 * float(row["confidence"] or 0)),
        )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda one: (":" in one.address, ipaddress.ip_address(one.address).packed)))


def _unnamed(catalogue: Catalogue, condition: str) -> int:
    query = f"""select count(*) as n from attacks where family <> 'information_operation' and {condition}
        and attack_id not in (select attack_id from signals where attack_id is not null and source_address <> '')"""
    return _whole(catalogue.one(query)["n"])


def _attacks(catalogue: Catalogue, condition: str, discretion: Discretion) -> tuple[Attack, ...]:
    asked = condition.replace("first_seen", "a.first_seen")
    return tuple(
        Attack(
            row["attack_id"], row["family"], row["kind"] or "", row["automation"], row["tool"] or "", row["first_seen"], row["last_seen"], row["asset"] or "",
            row["outcome"] or "", _whole(row["danger"]), _whole(row["signals"]), _whole(row["attempts"]), _whole(row["records"]), float(row["confidence"] or 0),
            _whole(row["sources"]), tuple(sorted(discretion.address(one) for one in map(_valid, _listed(row["addresses"])) if one)),
            tuple(map(str, _listed(row["rules"]))), _targets(row, discretion), tuple(discretion.account(str(one)) for one in _listed(row["accounts"])),
        )
        for row in _rows(catalogue, _ATTACKS.format(asked=asked, sources=SOURCES, targets=TARGETS))
    )  # fmt: skip


def _targets(row: Row, discretion: Discretion) -> tuple[str, ...]:
    """Places of an attack; what posts share often names who posted it, so that it stays in the house."""
    return () if row["family"] == OPERATIONS and not discretion.identified else tuple(map(str, _listed(row["goals"])))


def _rows(catalogue: Catalogue, query: str) -> list[dict[str, Any]]:
    return catalogue.rows(query)


def _disturbances(catalogue: Catalogue, condition: str) -> tuple[Disturbance, ...]:
    return tuple(
        Disturbance(
            row["period_id"], row["what"], row["kind"] or "", row["impact"] or "", row["asset"] or "", row["first_seen"], row["last_seen"],
            *(_whole(row[name]) for name in ("requests", "sources", "views", "failed")),
        )
        for row in _rows(catalogue, _DISTURBANCES.format(asked=condition))
    )  # fmt: skip


def _doors(catalogue: Catalogue, condition: str) -> tuple[Rank, ...] | Unknown:
    found = tuple(Rank(str(row["family"]), _whole(row["danger"]), _whole(row["attacks"])) for row in catalogue.rows(_RANKS.format(asked=condition)))
    if found:
        return found
    watched = catalogue.rows("select 1 as one from tallies where tally::varchar = 'log_ins' limit 1")
    return Unknown(NOTHING_SEEN, "doors") if watched else Unknown(NOT_LOOKED, "doors")


def _origin(catalogue: Catalogue, book: Book, condition: str) -> Origin | Unknown:
    from vigie.archive.origin_tables import asked_pairs

    pairs = asked_pairs(catalogue.connection, condition)
    if not len(pairs):
        return Unknown(NOTHING_SEEN, "origin") if catalogue.rows(_ADDRESSES) else Unknown(NOT_LOOKED, "addresses")
    counted = pairs.drop_nulls("relay").group_by("relay").n_unique() if "relay" in pairs.columns else None
    relays = sorted(((str(one["relay"]), int(one["attack_id"])) for one in counted.iter_rows(named=True)), key=lambda p: (-p[1], p[0])) if counted is not None else []
    tables = tuple((one.name, one.date.isoformat() if one.date else "") for one in book.countries)
    return Origin(shares(pairs), tables, tuple(one.label for one in book.lists), tuple(relays))


def _coincidences(catalogue: Catalogue, period: Period) -> tuple[Coincidence, ...] | Unknown:
    from datetime import UTC, timedelta

    begin = datetime(1970, 1, 1, tzinfo=UTC)
    found = [Coincidence(one.page, begin + timedelta(microseconds=one.online), one.attacks, one.usual, one.days, one.on_page) for one in pages(catalogue.connection)]
    asked = [one for one in found if (not period.since or one.online >= period.since) and (not period.until or one.online < period.until)]
    return tuple(asked) if asked else Unknown(NOT_LOOKED, "publications")


def _custody(catalogue: Catalogue) -> Custody:
    path = catalogue.archive.folder / "manifest.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return Custody(hashlib.sha256(lines[-1]).hexdigest() if lines else "", len(lines), rules_digest(), f"vigie {__version__}")


@cache
def rules_digest() -> str:
    """SHA-256 over the names and bytes of the rules: what "version of the rules" means."""
    digest = hashlib.sha256()
    for one in sorted(files("vigie.rules").iterdir(), key=lambda entry: entry.name):
        if one.name.endswith(".yml"):
            digest.update(one.name.encode() + b"\0" + hashlib.sha256(one.read_bytes()).digest())
    return digest.hexdigest()


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int) else 0

