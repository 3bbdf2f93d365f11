"""Port scans: who knocked at which doors, beside what was set aside."""

from __future__ import annotations

from typing import Any, Final

from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Content, Items, Page, Para, Section, Status, Table
from vigie.web.state import State
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "scans": "Port scans", "none": "No scan was seen", "none_why": "Logs of a firewall or of connections were read; they show none.", "unread": "Not watched", "unread_why": "No log of a firewall or of connections was read. Give vigie: vigie read /var/log/kern.log /var/log/ufw.log",
        "said": "{n} scans, {answered} of which found a door that answered. A scan looks for doors; it is no break-in.", "when": "Begun (UTC)", "what": "Shape", "probes": "Doors tried", "answered": "Answered", "hosts": "Hosts", "ports": "Ports", "sources": "Addresses", "tool": "Tool", "databases": "Database ports", "id": "Attack",
        "list": "The latest first", "aside": "What was set aside", "noise": "Sources that knocked at one or two doors only: {few}. Answers to forged addresses: {answers} packets.", "limited": "{feed} writes no more than {n} lines a minute: what is counted in it is at least.", "forged": "Where no handshake is seen the address may be forged, and says nothing of an origin.",
    },
    "fr": {
        "scans": "Balayages de ports", "none": "Aucun balayage n'a été vu", "none_why": "Des journaux de pare-feu ou de connexions ont été lus ; ils n'en montrent aucun.", "unread": "Pas surveillé", "unread_why": "Aucun journal de pare-feu ou de connexions n'a été lu. Donnez à vigie : vigie read /var/log/kern.log /var/log/ufw.log",
        "said": "{n} balayages, dont {answered} ont trouvé une porte qui répondait. Un balayage cherche des portes ; ce n'est pas une effraction.", "when": "Début (UTC)", "what": "Forme", "probes": "Portes essayées", "answered": "Ont répondu", "hosts": "Machines", "ports": "Ports", "sources": "Adresses", "tool": "Outil", "databases": "Ports de bases", "id": "Attaque",
        "list": "Les plus récents d'abord", "aside": "Ce qui a été mis à part", "noise": "Sources qui n'ont frappé qu'à une ou deux portes : {few}. Réponses à des adresses forgées : {answers} paquets.", "limited": "{feed} n'écrit pas plus de {n} lignes par minute : ce qu'on y compte est un minimum.", "forged": "Sans poignée de main visible, l'adresse peut être forgée et ne dit rien d'une origine.",
    },
}  # fmt: skip
SHAPES_FR: Final = {"vertical": "vertical", "horizontal": "horizontal", "block": "par bloc", "distributed": "réparti", "slow": "lent", "fast": "rapide"}
COLUMNS: Final = ("scan_id", "attack_id", "kind", "shape", "pace", "asset", "first_seen", "last_seen", "probes", "answered", "hosts", "ports", "sources", "packets", "tool", "outcome", "danger", "databases", "handshake", "at_least")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang, facts = WORDS[asked.lang], asked.lang, state.facts
    rows = list(facts.scans)
    blocks: list[Any] = []
    if rows:
        blocks.append(Para((words["said"].format(n=number(facts.numbers["scans"], lang), answered=number(sum(1 for row in rows if row["answered"]), lang)),)))
    else:
        watched = facts.numbers["flows"] or facts.scan_noise["few"] or facts.scan_noise["answers"]
        blocks.append(Status("calm", words["none"], (words["none_why"],)) if watched else Status("unknown", words["unread"], (words["unread_why"],)))
    first = (asked.nth - 1) * PER_PAGE
    shown = [{**row, "what": " ".join(_word(row[name], lang) for name in ("shape", "pace") if row[name])} for row in rows[first:first + PER_PAGE]]
    made = (
        Column("first_seen", words["when"], "time", lambda row: asked.bare("attack", str(row["attack_id"])) if row["attack_id"] else ""), Column("what", words["what"]), *(Column(name, words[name], "number") for name in ("probes", "answered", "hosts", "ports", "sources")),
        Column("tool", words["tool"], "code"), Column("databases", words["databases"], "code"),
    )  # fmt: skip
    if rows:
        from vigie.web.pages.pieces import parts

        blocks.append(Table(words["list"], made, shown, parts(len(rows), asked, "scans")))
    noise = [(words["noise"].format(few=number(int(facts.scan_noise["few"]), lang), answers=number(int(facts.scan_noise["answers"]), lang)),), (words["forged"],)]
    noise += [(words["limited"].format(feed=row["feed"], n=row["per_minute"]),) for row in facts.limited]
    listed = [{name: row[name] for name in COLUMNS} for row in rows]
    return Content((Section(words["scans"], tuple(blocks)), Section(words["aside"], (Items(tuple(noise)),))), {"scans": facts.numbers["scans"], "list": listed, "background": dict(facts.scan_noise)}, listed, COLUMNS)


def _word(value: object, lang: str) -> str:
    return SHAPES_FR.get(str(value), str(value)) if lang == "fr" else str(value)


PAGE: Final = Page("scans", {"en": "Port scans", "fr": "Balayages de ports"}, make, "attacks", words=WORDS)
