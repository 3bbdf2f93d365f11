"""Tool, bespoke or undetermined: who made an attack, by rules that each leave their numbers.

- T1 a tool gives its name. T2 at least two records, or a fifth of them, are written in a tool's grammar, whatever the addresses. T3 the
  shape of the run is a program's (`pace`). An attack in the same run as one of these is the tool's too.
- T4 others sent the same form (`known_forms`). A known form alone never makes a tool; together with the place, and with nothing that
  speaks for a person, it does. In either case it keeps an attack from being called bespoke.
- B1 knowledge of the site (`knowledge`). B2 adaptation (`adaptation`). B3 the pace of a person. B4 a page published that day.
- Bespoke needs two of B1 … B4, one of them B1 or B2, and no T: a slow tool passes B3 easily. Floods, lists of names and guessed passwords
  are never bespoke. The rest is undetermined, and is said to be.

Derived after attacks are known, from numbers only, whatever the order of reading. Only what is left after the rules on arrays is looked at
one by one: attacks of no more than 200 records, and of what one source sent to one place the first 200 signals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from vigie.attacks import pace
from vigie.attacks.adaptation import LEAST, LOOKED_AT, Try, adapted
from vigie.attacks.grounds import GROUNDS
from vigie.attacks.keys import Flags, Ints, Keys, starts_of
from vigie.attacks.knowledge import has, newly_published, visited_before
from vigie.attacks.known_forms import on_many_places, shared
from vigie.attacks.pace import Shape, shape
from vigie.attacks.scan_pace import scanned
from vigie.detectors.traffic import MINUTE

if TYPE_CHECKING:
    import duckdb

MARKS, MARKED = 2, 0.2
"""Records in a tool's grammar, and the share of an attack's records, that make it the tool's."""
DEALT: Final = 5
"""Sources of a tool's attack from which on single signals of the same agent, page and minutes are counted to it."""
DAY: Final = 86_400_000_000
"""Microseconds without a payload after which what is sent to a place is no longer the same try."""
BY_HAND: Final = 200
"""Records of an attack from which on no person is looked for."""
NEVER: Final = ("denial_of_service", "login_guessing", "content_discovery", "port_scan")
"""Families that nobody makes for one site by hand."""

_CANARY = (
    r"acunetix|bxss\.me|netsparker|invicti|r87\.me|w3af|wapiti|nikto|openvas|nessus|qualys|arachni|burpcollaborator|oastify|interact\.sh"
    r"|\boast\.(?:pro|live|site|online|fun|me)\b|sqlmap|nuclei|projectdiscovery"
)
_ROWS = f"""
select l.attack, r.row, l.signal, epoch_us(r.seen_at) as seen, epoch_us(coalesce(r.last_seen, r.seen_at)) as until, hash(coalesce(r.source_address, '')) as source,
       hash(coalesce(r.source_address, ''), r.asset) as visit, hash(r.target) as goal, hash(split_part(r.target, ' ?', 1)) as path,
       case when r.place = 'path' then hash(regexp_replace(regexp_replace(r.target, '([.][.]|[^A-Za-z0-9_./{{}}~-]).*$', ''), '[^/]*$', '')) else hash(r.target) end as spot,
       case when r.place = 'window' then hash(r.asset, r.family, r.target) when r.user_agent is null then 0
            else hash(r.asset, split_part(r.target, ' ?', 1), r.user_agent) end::ubigint as client,
       case when r.place = 'window' then 0 else hash(r.evidence) end::ubigint as value,
       case when r.place = 'window' then 0 else hash(r.family, translate(lower(coalesce(r.reading, r.evidence)), '123456789', '000000000')) end::ubigint as form,
       hash(r.file, r.byte_offset) as line, case when r.family = 'port_scan' then 1 else r.records end as records, coalesce(r.http_status, -1)::smallint as status, coalesce(r.http_response_bytes, -1) as size,
       r.tool is not null and r.detector <> 'content_discovery.scanner' and r.family <> 'port_scan' as marked,
       r.detector = 'content_discovery.scanner' or (r.tool is not null and regexp_matches(lower(r.evidence), '{_CANARY}')) as named,
       r.skeleton <> 0 or r.family in ('secret_probe', 'cms_probe') as telling, r.rule in ('content_discovery.list', 'content_discovery.distributed') as listed,
       r.family = 'denial_of_service' as flood, r.family = 'login_guessing' as guesses, r.family in {NEVER!r} as never
from raw_signals r join labels l on r.row = l.row where l.attack > 0
"""
_CLOSELY = """
select g.spot, left(r.evidence, 512) as text, coalesce(r.http_status, -1) as status, coalesce(r.http_response_bytes, -1) as size, g.attack, g.number,
       epoch_us(r.seen_at) as seen
from _closely g join raw_signals r on r.row = g.row order by g.spot, r.seen_at, r.file::varchar, r.byte_offset, g.signal
"""
_LENT = "select attack, name_signal from unjudged where name_signal > 0"
_BESIDE = """
with marked as (select * from tallies where tally::varchar = 'tool_marks'),
     runs as (select l.attack, coalesce(r.source_address, '') as source, r.asset, min(r.seen_at) as first, max(coalesce(r.last_seen, r.seen_at)) as last,
                     arg_min(l.signal, (r.seen_at, l.signal)) as signal
              from raw_signals r join labels l on r.row = l.row where l.attack > 0
              and (coalesce(r.source_address, ''), r.asset) in (select source_address, asset from marked) group by 1, 2, 3)
select a.attack, any_value(a.signal) as signal, sum(t.count)::bigint as records, arg_max(t.key, (t.count, t.key)) as tool
from runs a join marked t on t.source_address = a.source and t.asset = a.asset
where t.first_seen <= a.last + to_minutes({pause}) and t.last_seen >= a.first - to_minutes({pause})
group by a.attack having sum(t.count) >= {marks}
"""

_TABLE = pa.schema([("attack", pa.uint64()), ("ground", pa.string()), ("a", pa.float64()), ("b", pa.float64()), ("c", pa.float64()), ("signal", pa.uint64())])


@dataclass(frozen=True, slots=True)
class _Rows:
    """Signals of attacks, one array element each; `attack` numbers the attacks from 0, `spot` is the place that is tried: of a changed path its folder."""

    attack: Ints
    row: Ints
    signal: Keys
    seen: Ints
    until: Ints
    source: Keys
    visit: Keys
    goal: Keys
    path: Keys
    spot: Keys
    client: Keys
    value: Keys
    form: Keys
    line: Keys
    records: Ints
    status: npt.NDArray[np.int16]
    size: Ints
    marked: Flags
    named: Flags
    telling: Flags
    listed: Flags
    flood: Flags
    guesses: Flags
    never: Flags


def judge(connection: duckdb.DuckDBPyConnection, pause: float) -> None:
    """Make the tables `automation_grounds` (what holds of which attack) and `verdicts` (`attack`, `automation`, `tool`).

    Args:
        connection: holds `raw_signals`, `labels` and `unjudged`, and perhaps `tallies` and `publications`.
        pause: minutes that end a run.
    """
    found = connection.execute(_ROWS).fetchnumpy()
    attacks, attack = np.unique(np.asarray(found.pop("attack")), return_inverse=True)
    rows = _Rows(attack=attack.reshape(-1).astype(np.int64), **{name: np.asarray(column) for name, column in found.items()})
    grounds: dict[str, Shape] = {}
    lent, beside = _tool_grounds(connection, rows, attacks, pause, grounds)
    tool = _any(len(attacks), grounds)
    grounds["same_visit"] = _same_visit(rows, tool, int(pause * MINUTE))
    grounds["same_client"] = _same_client(rows, tool)
    tool |= _any(len(attacks), {name: grounds[name] for name in ("same_visit", "same_client")})
    _person_grounds(connection, rows, attacks, tool, grounds)
    form = _known_forms(rows, tool, grounds)
    tool |= _any(len(attacks), {"form_and_place": form["form_and_place"]})
    grounds |= form
    bespoke = _bespoke(rows, tool, grounds)
    words = np.where(tool, "tool", np.where(bespoke, "bespoke", "undetermined"))
    names = pa.array([beside.get(int(one)) for one in attacks.tolist()], pa.string()) if beside else pa.nulls(len(attacks), pa.string())
    _keep(connection, "_verdicts", pa.table({"attack": pa.array(attacks, pa.uint64()), "automation": pa.array(words, pa.string()), "beside": names}))
    _keep(connection, "automation_grounds", _table(grounds, rows, attacks, lent))
    connection.execute(
        """create or replace table verdicts as
        select v.attack, v.automation, case when v.automation = 'tool' then coalesce(u.named, u.marked, v.beside) end as tool
        from _verdicts v join unjudged u on u.attack = v.attack; drop table _verdicts"""
    )


def _keep(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("_kept", table)
    connection.execute(f"create or replace table {name} as select * from _kept")
    connection.unregister("_kept")


def _tool_grounds(
    connection: duckdb.DuckDBPyConnection, rows: _Rows, attacks: Keys, pause: float, grounds: dict[str, Shape]
) -> tuple[Keys, dict[int, str]]:
    """T1, T2 and T3; returns signals of names that are set aside, and by attack the names of tools that only a tally of marks gives."""
    owner, size = rows.attack, len(attacks)
    lent = connection.execute(_LENT).fetchnumpy()
    grounds["name"] = _counted(owner, rows.named)
    known = np.searchsorted(attacks, np.asarray(lent["attack"], np.uint64))
    names = np.asarray(lent["name_signal"], np.uint64)
    if len(known):
        one = shape(known, -1 - np.arange(len(known)), 1.0)  # rows that are not there: their signals are set aside
        grounds["name"] = shape(*(np.concatenate(pair) for pair in zip(*((s.groups, s.rows, s.a) for s in (grounds["name"], one)), strict=True)))
    total = np.bincount(owner, weights=rows.records, minlength=size)
    marks = _counted(owner, rows.marked)
    enough = (marks.a >= MARKS) | (marks.a >= MARKED * total[marks.groups])
    grounds["grammar"] = shape(marks.groups[enough], marks.rows[enough], marks.a[enough], total[marks.groups[enough]])
    beside: dict[int, str] = {}
    if has(connection, "tallies") and connection.execute("select 1 from tallies where tally::varchar = 'tool_marks' limit 1").fetchall():
        found = connection.execute(_BESIDE.format(pause=int(pause), marks=MARKS)).fetchall()
        beside = {int(attack): str(name) for attack, _, _, name in found}
        groups = np.searchsorted(attacks, np.asarray([one[0] for one in found], np.uint64))
        grounds["grammar_beside"] = shape(groups, pace.first_of(owner, np.arange(len(owner)), groups), np.asarray([one[2] for one in found], np.float64))
    visit = _visits(rows.visit, rows.seen, rows.until, int(pause * MINUTE))
    grounds["values"] = pace.many_values(owner, rows.goal, rows.value, rows.seen)
    grounds["paths"] = _either(rows, visit, pace.list_of_paths(owner, rows.line, rows.path, rows.status, rows.records),
                               pace.list_of_paths(visit, rows.line, rows.path, rows.status, rows.records))  # fmt: skip
    grounds["pace"] = _either(rows, visit, pace.quick(owner, rows.line, rows.seen, rows.until, rows.records),
                              pace.quick(visit, rows.line, rows.seen, rows.until, rows.records))  # fmt: skip
    grounds["guessing"] = pace.guessing(owner, rows.seen, rows.until, rows.records, rows.guesses)
    grounds |= scanned(connection, attacks, partial(_rows_of, rows))
    grounds["list"], grounds["flood"] = (_counted(owner, flags, rows.records) for flags in (rows.listed, rows.flood))
    return names, beside


def _rows_of(rows: _Rows, signals: Keys) -> Ints:
    """Numbers of the rows of some signals of attacks."""
    order = np.argsort(rows.signal)
    return np.asarray(order[np.searchsorted(rows.signal[order], signals)])


def _counted(owner: Ints, flags: Flags, weights: Ints | None = None) -> Shape:
    """How many signals (or records) of each attack are flagged, where any is."""
    rows = np.flatnonzero(flags)
    count = np.bincount(owner[rows], weights=None if weights is None else weights[rows])
    groups = np.flatnonzero(count)
    return shape(groups, pace.first_of(owner, rows, groups), count[groups])


def _any(size: int, grounds: dict[str, Shape]) -> Flags:
    out = np.zeros(size, bool)
    for one in grounds.values():
        out[one.groups] = True
    return out


def _visits(key: Keys, seen: Ints, until: Ints, pause: int) -> Ints:
    """Number of the run without a pause that each signal belongs to, by key."""
    order = np.lexsort((seen, key))
    new = starts_of(key[order])
    new[1:] |= seen[order][1:] - until[order][:-1] > pause
    out = np.empty(len(order), np.int64)
    out[order] = np.cumsum(new) - 1
    return out


def _either(rows: _Rows, visit: Ints, mine: Shape, visits: Shape) -> Shape:
    """What holds of an attack, or of a visit that it is part of."""
    chosen = np.flatnonzero(np.isin(visit, visits.groups))
    at = np.searchsorted(visits.groups, visit[chosen])
    parts = [(mine.groups, mine.rows, mine.a, mine.b, mine.c), (rows.attack[chosen], chosen, visits.a[at], visits.b[at], visits.c[at])]
    return shape(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))


def _same_visit(rows: _Rows, tool: Flags, pause: int) -> Shape:
    """Attacks that a tool's attack accompanies: same source, no pause; on any site, since a client says itself which one it asks for."""
    visit = _visits(rows.source, rows.seen, rows.until, pause)
    tools = np.zeros(int(visit.max(initial=-1)) + 1, bool)
    tools[visit[tool[rows.attack]]] = True
    chosen = np.flatnonzero(tools[visit] & ~tool[rows.attack])
    return shape(rows.attack[chosen], chosen, 0.0)


def _same_client(rows: _Rows, tool: Flags) -> Shape:
    """Attacks that are crumbs of a tool's run dealt out over addresses: the same agent on the same page (or the same door), while it went on."""
    order = np.lexsort((rows.source, rows.attack))
    new = starts_of(rows.attack[order], rows.source[order])
    sources = np.bincount(rows.attack[order][new], minlength=len(tool))
    dealt = np.flatnonzero((tool & (sources >= DEALT))[rows.attack] & (rows.client > 0))
    if not len(dealt):
        return shape(dealt, dealt, 0.0)
    clients, of = np.unique(rows.client[dealt], return_inverse=True)
    first, last, most = np.full(len(clients), 2**62), np.full(len(clients), -(2**62)), np.zeros(len(clients), np.int64)
    np.minimum.at(first, of, rows.seen[dealt])
    np.maximum.at(last, of, rows.until[dealt])
    np.maximum.at(most, of, sources[rows.attack[dealt]])
    at = np.minimum(np.searchsorted(clients, rows.client), len(clients) - 1)
    near = (clients[at] == rows.client) & (rows.seen >= first[at] - MINUTE) & (rows.seen <= last[at] + MINUTE) & ~tool[rows.attack]
    size = len(tool)
    share = np.bincount(rows.attack[near], minlength=size) / np.maximum(np.bincount(rows.attack, minlength=size), 1)
    chosen = np.flatnonzero(near & (share > 0.5)[rows.attack])
    return shape(rows.attack[chosen], chosen, most[at[chosen]])


def _person_grounds(connection: duckdb.DuckDBPyConnection, rows: _Rows, attacks: Keys, tool: Flags, grounds: dict[str, Shape]) -> None:
    """B1 … B4 of the attacks that no sign of a program decided."""
    open_ = _by_few(rows, tool)
    undecided = pa.table({"attack": pa.array(attacks[open_], pa.uint64())})
    for name, table in (("visited", visited_before(connection, undecided)), ("published", newly_published(connection, undecided))):
        groups = np.searchsorted(attacks, table.column("attack").to_numpy())
        grounds[name] = shape(groups, _rows_of(rows, table.column("signal").to_numpy()), table.column("a").to_numpy())
    mine = np.flatnonzero(open_[rows.attack] & (rows.value > 0))
    slow = pace.unhurried(rows.attack[mine], rows.line[mine], rows.seen[mine]) if len(mine) else shape(mine, mine, 0.0)
    grounds["unhurried"] = shape(slow.groups, mine[slow.rows], slow.a, slow.b, slow.c)
    grounds["adapted"] = _adapted(connection, rows, open_)


def _by_few(rows: _Rows, tool: Flags) -> Flags:
    """Attacks that may be a person's: no program's, of a family that is made by hand, of no more records than a person makes."""
    out = ~tool & (np.bincount(rows.attack, weights=rows.records, minlength=len(tool)) <= BY_HAND)
    out[rows.attack[rows.never]] = False
    return out


def _adapted(connection: duckdb.DuckDBPyConnection, rows: _Rows, undecided: Flags) -> Shape:
    """B2: what one source sent to one place, whatever the family it was found as, where it was not always answered the same."""
    chosen, spot = _tried(rows, undecided)
    best: dict[int, tuple[int, int, int, int]] = {}
    if len(chosen):
        table = pa.table({"row": rows.row[chosen], "spot": spot, "attack": rows.attack[chosen], "number": chosen, "signal": rows.signal[chosen]})
        connection.register("_closely", table)
        for tries, owners in _by_place(connection.execute(_CLOSELY)):
            if (one := adapted(tries)) is not None:
                for attack, last in owners.items():
                    best[attack] = max(best.get(attack, (0, 0, 0, 0)), (one.edits, one.payloads, one.answers, last))
        connection.unregister("_closely")
    groups = np.asarray([attack for attack in sorted(best) if undecided[attack]], np.int64)
    numbers = np.asarray([best[attack] for attack in groups.tolist()], np.int64).reshape(-1, 4)
    return shape(groups, numbers[:, 3], numbers[:, 1], numbers[:, 0], numbers[:, 2])


def _tried(rows: _Rows, undecided: Flags) -> tuple[Ints, Ints]:
    """Signals that are worth a closer look, with the number of the source and place of each, the first 200 of each."""
    order = np.flatnonzero(rows.value > 0)
    order = order[np.lexsort((rows.value[order], rows.spot[order], rows.visit[order]))]
    starts = np.flatnonzero(starts_of(rows.visit[order], rows.spot[order]))
    if not len(starts):
        return order, order
    number = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    answers = np.zeros(len(starts), bool)
    for column in (rows.status.astype(np.int64), rows.size):
        answers |= np.maximum.reduceat(column[order], starts) != np.minimum.reduceat(column[order], starts)
    good = answers & (np.bincount(number[starts_of(number, rows.value[order])]) >= LEAST)
    good &= np.logical_or.reduceat(undecided[rows.attack[order]], starts)
    order, number = order[good[number]], number[good[number]]
    by = np.lexsort((rows.signal[order], rows.seen[order], number))
    order, number = order[by], number[by]
    first = np.maximum.accumulate(np.where(starts_of(number), np.arange(len(number)), 0)) if len(number) else number
    near = np.arange(len(number)) - first < LOOKED_AT
    return order[near], number[near]


def _by_place(cursor: Any) -> Iterable[tuple[list[Try], dict[int, int]]]:
    """Payloads by source and place, cut where a day passes without any, and of each attack among them the last signal."""

    def each() -> Iterable[tuple[Any, ...]]:
        while part := cursor.fetchmany(4096):
            yield from part

    for _, group in groupby(each(), key=lambda row: row[0]):
        tries: list[Try] = []
        owners: dict[int, int] = {}
        before = 0
        for _, text, status, size, attack, number, seen in group:
            if tries and seen - before > DAY:
                yield tries, owners
                tries, owners = [], {}
            tries.append(Try(_decoded(text), status, size))
            owners[attack], before = number, seen
        yield tries, owners


def _decoded(text: str) -> str:
    return unquote(unquote(text.replace("+", " "), errors="replace"), errors="replace")


def _known_forms(rows: _Rows, tool: Flags, grounds: dict[str, Shape]) -> dict[str, Shape]:
    """T4: forms that others sent too, where they are most of an attack's payloads and nothing was adapted."""
    size = len(tool)
    mine = np.flatnonzero(rows.form > 0)
    order = np.lexsort((rows.signal, rows.seen, rows.attack))
    beginner = np.zeros(size, np.uint64)
    first = order[starts_of(rows.attack[order])]
    beginner[rows.attack[first]] = rows.source[first]
    actor = beginner[rows.attack[mine]]
    form, goal, seen, owner = rows.form[mine], rows.goal[mine], rows.seen[mine], rows.attack[mine]
    together = form ^ (goal * np.uint64(0x9E3779B97F4A7C15))
    here = shared(together, actor, seen) & rows.telling[mine]
    anywhere = shared(form, actor, seen) | on_many_places(form, goal, actor)
    whole = np.bincount(owner, minlength=size)
    person = _any(size, {name: grounds[name] for name in ("visited", "adapted")})
    closed = _any(size, {"adapted": grounds["adapted"]})
    found: dict[str, Shape] = {}
    for name, flags, barred in (("form_and_place", here, person | tool), ("form", anywhere, closed)):
        count = np.bincount(owner[flags], minlength=size)
        groups = np.flatnonzero((2 * count > whole) & ~barred)
        groups = groups[~np.isin(groups, found["form_and_place"].groups)] if found else groups
        found[name] = shape(groups, pace.first_of(rows.attack, mine[flags], groups), count[groups], whole[groups])
    return found


def _bespoke(rows: _Rows, tool: Flags, grounds: dict[str, Shape]) -> Flags:
    kinds = {rule: np.zeros(len(tool), bool) for rule in ("B1", "B2", "B3", "B4", "T4")}
    for name, one in grounds.items():
        if GROUNDS[name].rule in kinds:
            kinds[GROUNDS[name].rule][one.groups] = True
    count = sum(kinds[rule].astype(np.int64) for rule in ("B1", "B2", "B3", "B4"))
    return np.asarray((count >= 2) & (kinds["B1"] | kinds["B2"]) & ~kinds["T4"] & _by_few(rows, tool))


def _table(grounds: dict[str, Shape], rows: _Rows, attacks: Keys, lent: Keys) -> pa.Table:
    signal = np.concatenate([rows.signal, lent[::-1]])  # a row of -1 is the first of these
    parts = [
        pa.table(
            {
                "attack": pa.array(attacks[one.groups], pa.uint64()), "ground": pa.array([name] * len(one.groups), pa.string()),
                "a": pa.array(one.a), "b": pa.array(one.b), "c": pa.array(one.c), "signal": pa.array(signal[one.rows], pa.uint64()),
            },
            schema=_TABLE,
        )
        for name, one in grounds.items() if len(one.groups)
    ]  # fmt: skip
    return pa.concat_tables(parts) if parts else _TABLE.empty_table()
