"""Where attacks come from: a ranked list of last hops with bounds first, the map second, and why neither says who."""

from __future__ import annotations

from typing import Any, Final

from vigie.archive.origin_facts import label, sentence
from vigie.archive.origin_tables import asked_pairs
from vigie.drawing import Country, Ranked, ranked, world
from vigie.origins.shares import Shares, shares
from vigie.web.asked import FILTERS, Asked
from vigie.web.page import Column, Content, Details, Items, Page, Para, Picture, Section, Status, Table
from vigie.web.pages.pieces import both
from vigie.web.state import State
from vigie.words.numbers import number, percent
from vigie.words.origins import RELAY_WORDS, SAID

WORDS: Final = {
    "en": {
        "list": "Countries of the last hop", "title": "Attacks by country of the last hop, with bounds", "unit": "attacks", "map": "The same on a map", "map_title": "Attacks by country of the last hop", "country": "Country", "hop": "Last hop there", "low": "At least from there", "high": "At most from there", "bounds": "Each country with its bounds",
        "unplaced": "What cannot be placed", "why": "How little this proves", "relays": "Relays, by country of the last hop", "relayed": "Through a relay", "kinds": "Which", "networks": "Networks", "attacks": "Attacks", "rests": "What it rests on", "sources": "The same by address and by signal", "by_source": "{n} addresses", "by_signal": "{n} signals",
        "none": "Nothing can be placed", "none_why": "No table of countries could be used: {why}. Give vigie: vigie update geo FILE", "nothing": "No attack fits the filters.", "table": "Table: {name}, {date}.", "list_of": "List of relays: {name}.", "no_lists": "No list of relays of the time was there: Tor exits and VPNs among them are not seen.", "undated": "undated",
        "view": "Borders are drawn for orientation only.", "private": "Codes from QM to QZ are private ones, here of invented networks: they are on no map.",
    },
    "fr": {
        "list": "Pays du dernier saut", "title": "Attaques par pays du dernier saut, avec bornes", "unit": "attaques", "map": "La même chose sur une carte", "map_title": "Attaques par pays du dernier saut", "country": "Pays", "hop": "Dernier saut là", "low": "Au moins de là", "high": "Au plus de là", "bounds": "Chaque pays avec ses bornes",
        "unplaced": "Ce qui ne peut être situé", "why": "Combien peu cela prouve", "relays": "Les relais, par pays du dernier saut", "relayed": "Par un relais", "kinds": "Lesquels", "networks": "Réseaux", "attacks": "Attaques", "rests": "Sur quoi cela repose", "sources": "La même chose par adresse et par signal", "by_source": "{n} adresses", "by_signal": "{n} signaux",
        "none": "Rien ne peut être situé", "none_why": "Aucune table de pays n'a pu servir : {why}. Donnez à vigie : vigie update geo FICHIER", "nothing": "Aucune attaque ne répond aux filtres.", "table": "Table : {name}, {date}.", "list_of": "Liste de relais : {name}.", "no_lists": "Aucune liste de relais de l'époque : les sorties Tor et les VPN n'y sont pas vus.", "undated": "sans date",
        "view": "Les frontières ne servent qu'à se repérer.", "private": "Les codes de QM à QZ sont privés, ici ceux de réseaux inventés : ils ne sont sur aucune carte.",
    },
}  # fmt: skip
UNITS: Final = ("attack", "source", "signal")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, said, lang, origin = WORDS[asked.lang], SAID[asked.lang], asked.lang, state.facts.origin
    if origin.trouble:
        return Content((Section(words["list"], (Status("unknown", words["none"], (words["none_why"].format(why=origin.trouble),)),)),), {"trouble": origin.trouble}, (), ("unit", "country"))
    if asked.filtered:
        condition, values = asked.condition()
        with state.alone():
            pairs = asked_pairs(state.catalogue.connection, condition, values)
        found = {unit: shares(pairs, unit) for unit in UNITS}
    else:
        found = dict(origin.shares)
    attacks = found["attack"]
    if not attacks.total:
        return Content((Section(words["list"], (Para((words["nothing"],)),)),), {"shares": {}}, (), ("unit", "country"))
    sections = (
        Section(words["list"], _list(attacks, asked)),
        Section(words["map"], _map(attacks, asked)),
        Section(words["unplaced"], (Items(tuple((f"{number(n, lang)} ({percent(n, attacks.total, lang)}) {said[reason]}",) for reason, n in sorted(attacks.unplaced.items(), key=lambda one: -one[1]))),), "half"),
        Section(words["why"], (Para((said["assumed"],)),), "half"),
        *([Section(words["relays"], (_relays(origin.facts["relays"], asked),))] if not asked.filtered and origin.facts.get("relays") else []),
        Section(words["sources"], tuple(Details(words[f"by_{unit}"].format(n=number(found[unit].total, lang)), (_bounds(found[unit], asked),)) for unit in ("source", "signal")), "half"),
        Section(words["rests"], (Items(_rests(origin.facts, lang)),), "half"),
    )
    rows = [row for unit in UNITS for row in _rows(found[unit])]
    data = {"sentence": sentence(attacks, lang), "caution": said["caution"], "shares": {unit: {"total": one.total, "nowhere": one.nowhere, "unplaced": dict(one.unplaced), "countries": [row for row in _rows(one) if row["country"]]} for unit, one in found.items()}, "tables": origin.facts["tables"], "lists": origin.facts["lists"]}
    return Content(sections, data, rows, ("unit", "country", "unplaced", "last_hop", "at_least", "at_most", "total"))


def _rows(one: Shares) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"unit": one.unit, "country": c.country, "unplaced": "", "last_hop": c.last_hop, "at_least": c.placed, "at_most": c.most, "total": one.total} for c in one.countries]
    return rows + [{"unit": one.unit, "country": "", "unplaced": reason, "last_hop": None, "at_least": None, "at_most": n, "total": one.total} for reason, n in one.unplaced.items()]


def _list(attacks: Shares, asked: Asked) -> tuple[Any, ...]:
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    rows = [Ranked(one.country, label(one.country, lang), one.last_hop, one.placed, one.most) for one in attacks.countries]
    wide, narrow = both(ranked, "origins", rows, lang=lang, title=words["title"], total=attacks.total, unit=words["unit"])
    return Para((sentence(attacks, lang),)), Para((said["caution"],), "caution"), Picture(wide, narrow, "", _bounds(attacks, asked))


def _map(attacks: Shares, asked: Asked) -> tuple[Any, ...]:
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    rows = [Country(one.country, label(one.country, lang), one.last_hop, one.placed, one.most) for one in attacks.countries]
    wide = world(rows, title=words["map_title"], lang=lang, name="map", total=attacks.total, nowhere=attacks.nowhere, unit=words["unit"])
    narrow = world(rows, title=words["map_title"], lang=lang, name="map-n", narrow=True, total=attacks.total, nowhere=attacks.nowhere, unit=words["unit"])
    private = any(one.country[:1] == "Q" and one.country != "QA" for one in attacks.countries)
    return Picture(wide, narrow, words["view"] + (" " + words["private"] if private else "")), Para((said["caution"],), "caution")


def _bounds(one: Shares, asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    rows = [{"country": label(c.country, lang), "code": c.country, "hop": c.last_hop, "low": c.placed, "high": c.most, "share": percent(c.last_hop, one.total, lang)} for c in one.countries]
    made = (Column("country", words["country"], "text", lambda row: asked.to("attacks", country=str(row["code"]))), Column("hop", words["hop"], "number"), Column("share", "%", "number"), Column("low", words["low"], "number"), Column("high", words["high"], "number"))
    return Table(words["bounds"], made, rows)


def _relays(found: Any, asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    at = 1 if lang == "fr" else 0
    rows = [
        {"country": label(str(one["country"]), lang), "attacks": one["attacks"], "relayed": one["relayed"], "kinds": ", ".join(f"{RELAY_WORDS[kind][at]} ({number(n, lang)})" for kind, n in one["kinds"].items()), "networks": ", ".join(str(name) for name in one["networks"])}
        for one in found if one["relayed"]
    ]  # fmt: skip
    return Table(words["relays"], (Column("country", words["country"]), Column("attacks", words["attacks"], "number"), Column("relayed", words["relayed"], "number"), Column("kinds", words["kinds"]), Column("networks", words["networks"], "code")), rows)


def _rests(facts: Any, lang: str) -> tuple[tuple[str, ...], ...]:
    words = WORDS[lang]
    out = [(words["table"].format(name=one["name"], date=one["date"] or words["undated"]),) for one in facts["tables"]]
    out += [(words["list_of"].format(name=one["list"]),) for one in facts["lists"][:10]] or [(words["no_lists"],)]
    return (*out, (SAID[lang]["kind_by"],), *([(SAID[lang]["credit"],)] if any(one["licence"] for one in facts["tables"]) else []))


PAGE: Final = Page("origins", {"en": "From where", "fr": "D'où"}, make, "where", filters=FILTERS, words=WORDS)
