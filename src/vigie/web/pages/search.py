"""One box for an address, a path, a domain, an account or an id: where it stands, down to the lines."""

from __future__ import annotations

import re
from typing import Any, Final

from vigie.archive.account_facts import accounts_called
from vigie.sources.address import canonical
from vigie.web.asked import Asked
from vigie.web.page import Content, Items, Link, Page, Para, Piece, Section, Status, Table
from vigie.web.pages.attack import cards, with_lines
from vigie.web.pages.pieces import attacks_table, columns, country
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "ask": "What is looked for?", "ask_why": "An address (192.0.2.1), a path (/wp-login.php), a domain, an account, or the id of an attack, an attempt or a signal. It is looked for as it is written.", "found": "Where it stands", "none": "Nothing was found", "none_why": "Nothing in this state holds “{q}” in the places that are searched: addresses, paths, sites, tools, accounts, ids. What no log holds cannot be found.",
        "source": "As an address that attacked", "source_said": "{signals} signals in {attacks} attacks, from {first} to {last} (UTC).", "origin": "Last hop: {country}. Network: {network}.", "target": "As a path or place that was attacked: {n} signals", "asset": "As a site of yours: {n} attacks", "account": "As an account that was tried (attempts: {n})", "tool": "As a tool: {n} attacks",
        "id": "As an id", "attacks": "Attacks, the latest first", "lines": "Lines, the latest first", "network": "The network {q}: {n} addresses that attacked", "address": "Address", "posts": "As an account that posts: {n} posts", "some": "At most {n} are shown.",
    },
    "fr": {
        "ask": "Que cherche-t-on ?", "ask_why": "Une adresse (192.0.2.1), un chemin (/wp-login.php), un domaine, un compte, ou l'identifiant d'une attaque, d'une tentative ou d'un signal. On cherche tel qu'écrit.", "found": "Où cela se trouve", "none": "Rien n'a été trouvé", "none_why": "Rien dans cet état ne contient « {q} » aux endroits où l'on cherche : adresses, chemins, sites, outils, comptes, identifiants. Ce qu'aucun journal ne contient ne peut être trouvé.",
        "source": "Comme adresse qui a attaqué", "source_said": "{signals} signaux dans {attacks} attaques, du {first} au {last} (UTC).", "origin": "Dernier saut : {country}. Réseau : {network}.", "target": "Comme chemin ou endroit attaqué : {n} signaux", "asset": "Comme site à vous : {n} attaques", "account": "Comme compte essayé (tentatives : {n})", "tool": "Comme outil : {n} attaques",
        "id": "Comme identifiant", "attacks": "Attaques, les plus récentes d'abord", "lines": "Lignes, les plus récentes d'abord", "network": "Le réseau {q} : {n} adresses qui ont attaqué", "address": "Adresse", "posts": "Comme compte qui publie : {n} publications", "some": "On en montre au plus {n}.",
    },
}  # fmt: skip
SHOWN: Final = 25
MOST: Final = 1_000
COLUMNS: Final = ("found_as", "id", "seen_at", "source_address", "family", "asset", "target")
_ID: Final = re.compile(r"[ats][0-9a-f]{4,15}")
_SIGNALS: Final = """
select 'target' as found_as, signal_id as id, signal_id, attempt_id, attack_id, seen_at, rule, family, detector, evidence, reading, source_address, asset, target, place, confidence, set_aside, feed, file, byte_offset
from signals where contains(target, ?) order by seen_at desc, signal_id limit {limit}
"""


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words = WORDS[asked.lang]
    q = asked.q
    if not q:
        return Content((Section(words["ask"], (Para((words["ask_why"],)),)),), {"q": "", "found": []}, (), COLUMNS)
    sections: list[Section] = []
    rows: list[dict[str, Any]] = []
    for look in (_ids, _posts, _address, _asset, _tool, _account, _target):
        found, more = look(state, asked)
        sections += found
        rows += [{name: one.get(name) for name in COLUMNS} for one in more]
    if not sections:
        sections = [Section(words["found"], (Status("unknown", words["none"], (words["none_why"].format(q=q),)), Para((words["ask_why"],), "small")))]
    return Content(tuple(sections), {"q": q, "found": rows}, rows, COLUMNS)


Found = tuple[list[Section], list[dict[str, Any]]]


def _ids(state: State, asked: Asked) -> Found:
    if not _ID.fullmatch(asked.q):
        return [], []
    page, column, table = {"a": ("attack", "attack_id", "attacks"), "t": ("attempt", "attempt_id", "attempts"), "s": ("signal", "signal_id", "signals")}[asked.q[0]]
    if asked.q[0] == "s" and len(asked.q) < 16:
        return [], []
    found = state.rows(f"select {column} as id, family from {table} where starts_with({column}, ?) order by 1 limit 20" if asked.q[0] != "s" else f"select {column} as id, family from {table} where {column} = ?", [asked.q])
    if not found:
        return [], []
    items = tuple((Link(str(one["id"]), asked.bare(page, str(one["id"]))),) for one in found)
    return [Section(WORDS[asked.lang]["id"], (Items(items),))], [{"found_as": page, **one} for one in found]


def _posts(state: State, asked: Asked) -> Found:
    """Accounts, groups, rumours and waves of posts by their ids; an account by "platform:id" too."""
    social = state.facts.social
    if "names" not in social:
        return [], []
    found: list[tuple[str, str]] = []
    if asked.q.startswith("acc_") or ":" in asked.q:
        with state.alone():
            found = [("account", social["names"].account(*one)) for one in accounts_called(state.catalogue, social["names"], asked.q)[:20]]
    found += [(page, str(row[name])) for page, name, rows in (("group", "group", social["groups"]), ("rumour", "rumour", social["rumours"])) for row in rows if len(asked.q) >= 5 and str(row[name]).startswith(asked.q)][:20]
    if not found:
        return [], []
    items = tuple((Link(item, asked.bare(page, item)),) for page, item in found)
    return [Section(WORDS[asked.lang]["id"], (Items(items),))], [{"found_as": page, "id": item} for page, item in found]


def _address(state: State, asked: Asked) -> Found:
    words, lang = WORDS[asked.lang], asked.lang
    address = canonical(asked.q)
    if address is None:
        return [], []
    one = state.rows("select count(*) as signals, count(distinct attack_id) as attacks, min(seen_at) as first, max(last_seen) as last from signals where source_address = ?", [address])[0]
    if not one["signals"]:
        return [], []
    rows = state.rows(f"select * from attacks where attack_id in (select attack_id from signals where source_address = ?) order by first_seen desc, attack_id limit {SHOWN}", [address])
    lines = state.rows(f"select signal_id, attempt_id, attack_id, seen_at, rule, family, evidence, reading, source_address, asset, target, place, set_aside, feed, file, byte_offset from signals where source_address = ? order by seen_at desc, signal_id limit {MOST if asked.whole else 10}", [address])
    said: list[Any] = [Para((words["source_said"].format(signals=number(one["signals"], lang), attacks=number(one["attacks"], lang), first=moment(one["first"], lang), last=moment(one["last"], lang)),))]
    if not state.facts.origin.trouble:
        placed = state.rows("select country, network, asn from origins where address = ? limit 1", [address])
        if placed:
            network = (f"AS{placed[0]['asn']} " if placed[0]["asn"] else "") + str(placed[0]["network"] or "–")
            said.append(Para((words["origin"].format(country=country(str(placed[0]["country"]), lang) if placed[0]["country"] else "–", network=network),)))
    section = Section(f"{words['source']}{' :' if lang == 'fr' else ':'} {address}", (*said, attacks_table(rows, asked, words["attacks"])))
    below = Section(words["lines"], (cards(with_lines(state, lines[:10]), asked), Para((words["some"].format(n=10),), "small")))
    return [section, below], [{"found_as": "source_address", "id": one["signal_id"], **one} for one in lines]


def _listed(state: State, asked: Asked, word: str, condition: str) -> Found:
    words, lang = WORDS[asked.lang], asked.lang
    total = state.number(f"select count(*) from attacks where {condition}", [asked.q])
    if not total:
        return [], []
    rows = state.rows(f"select * from attacks where {condition} order by first_seen desc, attack_id limit {MOST if asked.whole else SHOWN}", [asked.q])
    table = attacks_table(rows[:SHOWN], asked, words["attacks"], (words["some"].format(n=SHOWN),) if total > SHOWN else ())
    return [Section(words[word].format(n=number(total, lang)), (table,))], [{"found_as": word, "id": one["attack_id"], "seen_at": one["first_seen"], "source_address": one["actor"], **one} for one in rows]


def _asset(state: State, asked: Asked) -> Found:
    return _listed(state, asked, "asset", "lower(asset) = lower(?)")


def _tool(state: State, asked: Asked) -> Found:
    return _listed(state, asked, "tool", "lower(tool) = lower(?)")


def _account(state: State, asked: Asked) -> Found:
    words, lang = WORDS[asked.lang], asked.lang
    rows = [row for row in state.facts.doors if asked.q in row["accounts"] or asked.q in row["databases"]]
    if not rows:
        return [], []
    links = {"door_id": lambda one: asked.bare("attack" if str(one["door_id"]).startswith("a") else "attempt", str(one["door_id"]))}
    made = columns(("door_id", "service", "source", "danger", "first_seen"), lang, links, {"danger": "number", "source": "code"})
    return [Section(words["account"].format(n=number(len(rows), lang)), (Table(words["found"], made, rows[:SHOWN]),))], [{"found_as": "account", "id": one["door_id"], "seen_at": one["first_seen"], "source_address": one["source"], **one} for one in rows]


def path_of(text: str) -> str:
    """A path as targets hold it: of an address of a page what is behind the site's name, without what was asked and without a slash at the end."""
    path = re.sub(r"^https?://[^/]*", "", text)
    return path.partition("?")[0].rstrip("/") or path if path.startswith("/") else path


def _target(state: State, asked: Asked) -> Found:
    words, lang = WORDS[asked.lang], asked.lang
    wanted = path_of(asked.q)
    if len(wanted) < 2 or canonical(asked.q) is not None:
        return [], []
    total = state.number("select count(*) from signals where contains(target, ?)", [wanted])
    if not total:
        return [], []
    rows = state.rows(_SIGNALS.format(limit=MOST if asked.whole else SHOWN), [wanted])
    more: tuple[Piece, ...] = (words["some"].format(n=SHOWN),) if total > SHOWN else ()
    return [Section(words["target"].format(n=number(total, lang)), (cards(with_lines(state, rows[:SHOWN]), asked), *((Para(more, "small"),) if more else ())))], rows


PAGE: Final = Page("search", {"en": "Search", "fr": "Recherche"}, make, words=WORDS)
