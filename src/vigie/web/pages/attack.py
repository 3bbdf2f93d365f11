"""One attack, one attempt, one signal: what was found, why it counts, and the raw lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from vigie.archive.origin_facts import label
from vigie.archive.post_facts import operation_of
from vigie.archive.post_lines import masked_lines
from vigie.attacks.derive import OPERATIONS
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import (
    Column,
    Content,
    Details,
    Items,
    Lines,
    Link,
    NotThereError,
    Page,
    Para,
    Piece,
    RawLine,
    Section,
    Table,
)
from vigie.web.pages.pieces import KINDS, columns, family, parts, text_of
from vigie.web.render import moment
from vigie.web.state import State
from vigie.web.words import outcome
from vigie.words.counting import TEXT as COUNTING
from vigie.words.doors import DANGERS, WHY
from vigie.words.doors import SAID as DOORS
from vigie.words.ladder import reason_name
from vigie.words.numbers import number
from vigie.words.origins import RELAY_WORDS
from vigie.words.origins import SAID as ORIGINS

WORDS: Final = {
    "en": {
        "attack": "Attack {id}", "attempt": "Attempt {id}", "signal": "Signal {id}", "what": "What happened", "said": "{kind}. {first} to {last} (UTC), from {who}, against {site}. {records} requests or lines, danger {danger}.",
        "came": "What came of it: {outcome}.", "one_line": "{records} line, danger {danger}.", "unknown_site": "a site that the log does not name", "unknown_who": "an unknown source", "why": "Why it counts", "rules": "The rules that spoke",
        "made": "Who made it: a tool, or a hand?", "lines": "Raw lines", "lines_why": "Exactly as they stand in the files, with the place. What convinced stands beneath.", "attempts": "The attempts that make it up", "sources": "Its sources, as of that day",
        "source": "Address", "country": "Country of the last hop", "network": "Network", "relay": "Relay", "signals": "Signals", "more": "All that is known, for a technician", "field": "Field", "value": "Value", "belongs": "It belongs to ", "attack_word": "attack {id}", "attempt_word": "attempt {id}",
        "door": "At the door", "scan": "What was scanned", "scan_said": "{probes} doors (host and port), {answered} answered; {hosts} hosts, {ports} ports, {packets} lines.", "file_at": "{file}, byte {byte}", "place": "in {place}: {target}", "set_aside": "Not counted: {reason}.", "again": "On the machine with the archive: ",
        "period": "What it did to the site", "period_link": "See whether the site was up", "of_all": "The first {n} of {all} signals; the list goes on below.", "counted": "It is counted.", "operation": "What posts show", "operation_said": "Counted in a lane of its own: accounts in concert, or the wave of a rumour. How it was found, and what else may be the reason:",
    },
    "fr": {
        "attack": "Attaque {id}", "attempt": "Tentative {id}", "signal": "Signal {id}", "what": "Ce qui s'est passé", "said": "{kind}. Du {first} au {last} (UTC), depuis {who}, contre {site}. {records} requêtes ou lignes, danger {danger}.",
        "came": "Ce qui en est sorti : {outcome}.", "one_line": "{records} ligne, danger {danger}.", "unknown_site": "un site que le journal ne nomme pas", "unknown_who": "une source inconnue", "why": "Pourquoi cela compte", "rules": "Les règles qui ont parlé",
        "made": "Qui l'a faite : un outil, ou une main ?", "lines": "Lignes brutes", "lines_why": "Exactement comme dans les fichiers, avec l'endroit. Ce qui a convaincu est dessous.", "attempts": "Les tentatives qui la composent", "sources": "Ses sources, à ce jour-là",
        "source": "Adresse", "country": "Pays du dernier saut", "network": "Réseau", "relay": "Relais", "signals": "Signaux", "more": "Tout ce qui est su, pour un technicien", "field": "Champ", "value": "Valeur", "belongs": "Fait partie de ", "attack_word": "l'attaque {id}", "attempt_word": "la tentative {id}",
        "door": "À la porte", "scan": "Ce qui a été balayé", "scan_said": "{probes} portes (machine et port), dont {answered} ont répondu ; {hosts} machines, {ports} ports, {packets} lignes.", "file_at": "{file}, octet {byte}", "place": "dans {place} : {target}", "set_aside": "Non compté : {reason}.", "again": "Sur la machine où est l'archive : ",
        "period": "Ce que cela a fait au site", "period_link": "Voir si le site répondait", "of_all": "Les {n} premiers des {all} signaux ; la liste continue dessous.", "counted": "Comptée.", "operation": "Ce que montrent les publications", "operation_said": "Comptée dans une voie à part : des comptes de concert, ou la vague d'une rumeur. Comment on l'a trouvée, et ce qui peut l'expliquer autrement :",
    },
}  # fmt: skip
_LOOKED: Final = """
select signal_id, attempt_id, attack_id, seen_at, rule, family, detector, evidence, reading, source_address, asset, target, place, confidence, set_aside, feed, file, byte_offset
from signals where {column} = ? order by seen_at, signal_id limit {limit} offset {offset}
"""
_WEIGHT: Final = """
select 1 - exp(sum(ln(1 - sure))) as weight, count(*) as signs
from (select least(max(confidence), 0.999) as sure from signals where {column} = ? and attempt_id is not null group by source_address, rule, target)
"""
MOST: Final = 5_000
_COLUMNS: Final = ("signal_id", "attempt_id", "attack_id", "seen_at", "rule", "family", "source_address", "asset", "target", "place", "evidence", "set_aside", "file", "byte_offset", "line")


def raw(state: State, column: str, what: str, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Signals of an attack or attempt, each with its line (`line`, a text or None).

    Args:
        state: of the archive.
        column: `attack_id`, `attempt_id` or `signal_id`.
        what: the id.
        limit: rows at most.
        offset: rows before.
    """
    rows = state.rows(_LOOKED.format(column=column, limit=limit, offset=offset), [what])
    return with_lines(state, rows)


def with_lines(state: State, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with `file` and `byte_offset`, each with its raw line."""
    by: dict[str, list[int]] = {}
    for row in rows:
        by.setdefault(str(row["file"]), []).append(int(row["byte_offset"]))
    found: dict[tuple[str, int], Any] = {}
    for file, offsets in by.items():
        marks = ", ".join(str(one) for one in sorted(set(offsets)))
        for one in state.rows(f"select byte_offset, line from evidence where file = ? and byte_offset in ({marks})", [file]):
            found[file, int(one["byte_offset"])] = one["line"]
    lined = [{**row, "line": found.get((str(row["file"]), int(row["byte_offset"])))} for row in rows]
    of_posts = [row for row in lined if row.get("family") == OPERATIONS]
    if of_posts and "names" in state.facts.social:
        with state.alone():
            masked_lines(state.catalogue, state.facts.social["names"], of_posts)
    return [{**row, "line": text_of(row["line"])} for row in lined]


def cards(rows: list[dict[str, Any]], asked: Asked, *, linked: bool = True) -> Lines:
    """Signals as cards: what, where, the raw line, what convinced."""
    words, lang = WORDS[asked.lang], asked.lang
    out = []
    for row in rows:
        head = f"{_seconds(row['seen_at'])} UTC · {row['source_address'] or words['unknown_who']} · {rule_title(str(row['rule']), lang)}"
        target = words["place"].format(place=row["place"], target=str(row["target"])[:300]) if row["target"] else ""
        where = words["file_at"].format(file=row["file"], byte=number(int(row["byte_offset"]), lang)) + (f" · {target}" if target else "")
        link = Link(str(row["signal_id"]), asked.bare("signal", str(row["signal_id"]))) if linked else None
        out.append(RawLine(head, where, row["line"], str(row["reading"] or row["evidence"] or ""), link))
    return Lines(tuple(out))


def rule_title(name: str, lang: str) -> str:
    """A rule by its title."""
    from vigie.detectors.registry import rule_named

    rule = rule_named(name)
    if rule is None:
        return name
    return rule.title_fr if lang == "fr" else rule.title


def _seconds(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else "–"


def _one(state: State, table: str, column: str, asked: Asked) -> dict[str, Any]:
    found = state.rows(f"select * from {table} where {column} = ?", [asked.item])
    if not found:
        raise NotThereError(asked.item)
    return found[0]


def make_attack(state: State, asked: Asked) -> Content:
    """The page of an attack."""
    words, lang = WORDS[asked.lang], asked.lang
    row = _one(state, "attacks", "attack_id", asked)
    total = int(row["signals"])
    rows = raw(state, "attack_id", asked.item, MOST if asked.whole else PER_PAGE, 0 if asked.whole else (asked.nth - 1) * PER_PAGE)
    attempts = state.rows("select attempt_id, first_seen, source_address, target, signals from attempts where attack_id = ? order by first_seen, attempt_id limit 100", [asked.item])
    sources = state.rows("select address, countries, country, state, verified, asn, network, relay, relay_list, signals from attack_origins where attack_id = ? order by signals desc, address limit 100", [asked.item]) if _placed(state) else []
    door = next(iter(state.rows("select * from doors where door_id = ?", [asked.item])), None)
    scan = next(iter(state.rows("select s.* exclude (skeleton) from scans s semi join (select skeleton from signals where attack_id = ? and family = 'port_scan') using (skeleton)", [asked.item])), None) if row["family"] == "port_scan" else None
    told = (*_what(row, asked), *((Para((Link(words["period_link"], asked.bare("availability")),)),) if row["family"] == "denial_of_service" else ()))
    sections = [
        Section(words["what"], told),
        *([_door(door, asked)] if door else []),
        *_operation(state, row, asked),
        *([Section(words["scan"], (Para((words["scan_said"].format(**{name: number(int(scan[name]), lang) for name in ("probes", "answered", "hosts", "ports", "packets")}),)),))] if scan else []),
        Section(words["lines"], (Para((words["lines_why"],), "small"), cards(rows, asked), Para(parts(total, asked, "attack"), "small"))),
        Section(words["why"], _why(state, asked, "attack_id", rows), "half"),
        Section(words["made"], _made(state, row, asked), "half"),
        *([Section(words["sources"], (_sources(sources, asked),))] if sources else []),
        Section(words["attempts"], (Table(words["attempts"], columns(("attempt_id", "first_seen", "source_address", "target", "signals"), lang, {"attempt_id": lambda one: asked.bare("attempt", str(one["attempt_id"]))}, KINDS), attempts),)),
        Section(words["more"], (_everything(row, asked),)),
    ]
    data = {**row, "evidence": rows, "door": door, "scan": scan, "sources_placed": sources}
    return Content(tuple(sections), data, [{name: one[name] for name in _COLUMNS} for one in rows], _COLUMNS, title=words["attack"].format(id=asked.item))


def make_attempt(state: State, asked: Asked) -> Content:
    """The page of an attempt."""
    words = WORDS[asked.lang]
    row = _one(state, "attempts", "attempt_id", asked)
    rows = raw(state, "attempt_id", asked.item, MOST if asked.whole else PER_PAGE, 0 if asked.whole else (asked.nth - 1) * PER_PAGE)
    belongs: tuple[Piece, ...] = (words["belongs"], Link(words["attack_word"].format(id=row["attack_id"]), asked.bare("attack", str(row["attack_id"])))) if row["attack_id"] else ()
    sections = (
        Section(words["what"], (*_what({**row, "actor": row["source_address"], "danger": None, "outcome": None}, asked), *((Para(belongs),) if belongs else ()))),
        Section(words["lines"], (Para((words["lines_why"],), "small"), cards(rows, asked), Para(parts(int(row["signals"]), asked, "attempt"), "small"))),
        Section(words["why"], _why(state, asked, "attempt_id", rows)), Section(words["more"], (_everything(row, asked),)),
    )  # fmt: skip
    return Content(sections, {**row, "evidence": rows}, [{name: one[name] for name in _COLUMNS} for one in rows], _COLUMNS, title=words["attempt"].format(id=asked.item))


def make_signal(state: State, asked: Asked) -> Content:
    """The page of a signal."""
    words = WORDS[asked.lang]
    row = _one(state, "signals", "signal_id", asked)
    rows = raw(state, "signal_id", asked.item, 1)
    row = {**row, "evidence": rows[0]["evidence"]}  # of posts: without the ids that lead to accounts
    belongs: list[Piece] = []
    for name in ("attempt", "attack"):
        if row[f"{name}_id"]:
            belongs += [", " if belongs else words["belongs"], Link(words[f"{name}_word"].format(id=row[f"{name}_id"]), asked.bare(name, str(row[f"{name}_id"])))]
    aside = (Para((words["set_aside"].format(reason=reason_name(str(row["set_aside"]), asked.lang)),), "caution"),) if row["set_aside"] else ()
    sections = (
        Section(words["lines"], (Para((words["lines_why"],), "small"), cards(rows, asked, linked=False), *aside, *((Para(tuple(belongs)),) if belongs else ()))),
        Section(words["rules"], (_rules(rows, asked.lang),)), Section(words["more"], (_everything(row, asked),)),
    )  # fmt: skip
    plain = {name: value for name, value in row.items() if name not in ("skeleton", "fingerprint")}
    return Content(sections, {**plain, "line": rows[0]["line"]}, [{name: one[name] for name in _COLUMNS} for one in rows], _COLUMNS, title=words["signal"].format(id=asked.item))


def _placed(state: State) -> bool:
    return not state.facts.origin.trouble


def _what(row: Mapping[str, Any], asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    who = str(row["actor"] or words["unknown_who"])
    link: Piece = Link(who, asked.bare("search", q=who)) if row["actor"] and " " not in who else who
    said = words["said"].format(
        kind=family(str(row["family"]), lang), first=moment(row["first_seen"], lang), last=moment(row["last_seen"], lang), who="\0", site=row["asset"] or words["unknown_site"],
        records=number(int(row["records"]), lang), danger=row["danger"] if row["danger"] is not None else "–",
    )  # fmt: skip
    before, _, after = said.partition("\0")
    out: list[Any] = [Para((before, link, after))]
    if row["outcome"]:
        out.append(Para((words["came"].format(outcome=outcome(row["outcome"], lang)),)))
    return tuple(out)


def _operation(state: State, row: Mapping[str, Any], asked: Asked) -> list[Section]:
    """To the group or the wave that counts as this attack."""
    words = WORDS[asked.lang]
    if row["family"] != OPERATIONS:
        return []
    with state.alone():
        found = operation_of(state.catalogue, asked.item)
    link: tuple[Piece, ...] = (" ", Link(str(found), asked.bare("group" if found[0] == "g" else "wave", found))) if found else ()
    return [Section(words["operation"], (Para((words["operation_said"], *link)),))]


def _door(door: Mapping[str, Any], asked: Asked) -> Section:
    words, said, lang = WORDS[asked.lang], DOORS[asked.lang], asked.lang
    at = 1 if lang == "fr" else 0
    low, high = int(door["guesses_low"] or 0), int(door["guesses_high"] or 0)
    tries = said["tries_sure" if low == high else "tries"].format(low=number(low, lang), high=number(high, lang))
    counted = {name: number(int(door[name] or 0), lang) for name in ("lines", "connections", "successes")}
    items = [
        said["danger"].format(danger=door["danger"], word=DANGERS[lang][door["danger"]]), said["because"].format(why=WHY[str(door["why"])][at]),
        said["units" if door["connections"] else "units_only"].format(tries=tries, **counted),
    ]  # fmt: skip
    items += [said["interval"]] if low < high else []
    items += [said[name].format(names=", ".join(door[name][:10]) + (", …" if len(door[name]) > 10 else "")) for name in ("accounts", "databases") if door[name]]
    items += [said["nobody"]] if door["source"] == "" else []
    items += [said["hidden"]] if door["hidden"] else []
    items += [said["no_success"]] if not door["visible"] else []
    return Section(words["door"], (Items(tuple((one,) for one in items)),))


def _why(state: State, asked: Asked, column: str, rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    words, said, lang = WORDS[asked.lang], COUNTING[asked.lang], asked.lang
    weight = state.rows(_WEIGHT.format(column=column), [asked.item])[0]
    aside = state.rows(f"select set_aside as reason, count(*) as count from signals where {column} = ? and set_aside is not null group by 1 order by 1", [asked.item])
    items: list[tuple[Piece, ...]] = []
    if weight["weight"] is not None:
        shown, bar = f"{weight['weight']:.3f}", f"{state.facts.count.settings.bar:g}"
        items.append((said["weight"].format(weight=shown.replace(".", ",") if lang == "fr" else shown, bar=bar.replace(".", ",") if lang == "fr" else bar, signs=weight["signs"]),))
    items += [(words["set_aside"].format(reason=reason_name(str(one["reason"]), lang)) + f" ({number(int(one['count']), lang)})",) for one in aside] or [(words["counted"],)]
    return Items(tuple(items)), Details(words["rules"], (_rules(rows, lang),))


def _rules(rows: list[dict[str, Any]], lang: str) -> Items:
    from vigie.detectors.registry import rule_named

    out = []
    for name in sorted({str(row["rule"]) for row in rows}):
        rule = rule_named(name)
        out.append((f"{name}{' : ' if lang == 'fr' else ': '}{rule_title(name, lang)}" + (f" [{', '.join(rule.ids)}]" if rule is not None and rule.ids else ""),))
    return Items(tuple(out))


def _made(state: State, row: Mapping[str, Any], asked: Asked) -> tuple[Any, ...]:
    said, lang = COUNTING[asked.lang], asked.lang
    found = state.rows("select rule, holds, sentence, sentence_fr, signal_id from automation_evidence where attack_id = ? order by not holds, rule = 'run', rule, sentence", [asked.item])
    held = [one for one in found if one["holds"]]
    out: list[Any] = [Para((said.get(f"verdict_{row['automation']}", "–"),))]
    if held:
        out.append(Items(tuple((str(one["sentence_fr" if lang == "fr" else "sentence"]), " ", Link(str(one["rule"]), asked.bare("signal", str(one["signal_id"])))) for one in held)))
    absent = [str(one["rule"]) for one in found if not one["holds"]]
    if absent:
        out.append(Para((said["verdict_not"].format(rules=", ".join(absent)),), "small"))
    return tuple(out)


def _sources(rows: list[dict[str, Any]], asked: Asked) -> Table:
    words, said, lang = WORDS[asked.lang], ORIGINS[asked.lang], asked.lang
    at = 1 if lang == "fr" else 0
    shown = []
    for row in rows:
        state = "unverified" if not row["verified"] else str(row["state"])
        shown.append({
            "address": row["address"], "country": label(row["country"], lang) if row["country"] and row["verified"] else said.get(state, "–"),
            "network": (f"AS{row['asn']} " if row["asn"] else "") + str(row["network"] or ""), "relay": RELAY_WORDS[str(row["relay"])][at] if row["relay"] else None, "signals": row["signals"],
        })  # fmt: skip
    names = {"address": "source", "country": "country", "network": "network", "relay": "relay", "signals": "signals"}
    made = tuple(Column(key, words[name], "code" if key in ("address", "network") else "number" if key == "signals" else "text", (lambda row: asked.bare("search", q=str(row["address"]))) if key == "address" else None) for key, name in names.items())
    return Table(words["sources"] + ". " + said["caution"], made, shown)


def _everything(row: Mapping[str, Any], asked: Asked) -> Any:
    words = WORDS[asked.lang]
    rows = [{"field": name, "value": value} for name, value in row.items() if value is not None and name not in ("skeleton", "fingerprint")]
    return Details(words["more"], (Table(words["more"], (Column("field", words["field"], "code"), Column("value", words["value"], "code")), rows), Para((words["again"] + f"vigie explain {asked.item}",), "small")))


ATTACK: Final = Page("attack", {"en": "Attack", "fr": "Attaque"}, make_attack, item=True, words=WORDS)
ATTEMPT: Final = Page("attempt", {"en": "Attempt", "fr": "Tentative"}, make_attempt, item=True, words=WORDS)
SIGNAL: Final = Page("signal", {"en": "Signal", "fr": "Signal"}, make_signal, item=True, words=WORDS)
