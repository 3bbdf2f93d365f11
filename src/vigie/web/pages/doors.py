"""Databases and log-ins: a lane of its own, the most dangerous first, never averaged into the rest."""

from __future__ import annotations

from typing import Any, Final

from vigie.drawing import Door, lane
from vigie.web.asked import Asked
from vigie.web.page import Column, Content, Details, Items, Page, Picture, Piece, Section, Status, Table
from vigie.web.pages.pieces import both, plural
from vigie.web.state import State
from vigie.words.doors import DANGERS, SAID
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "database_access": "The doors of the databases", "remote_login": "The other doors: SSH, mail, accounts of the machine, the site's log-in", "title": "Attempts by danger", "unit": "attempts", "nothing": "Nobody was seen trying", "nothing_why": "Logs of this kind were read; they show no attempt that counts.",
        "unread": "Not watched", "unread_why": "No log that tells of these doors was read. Give vigie: vigie read /var/log/postgresql/*.log /var/log/auth.log", "all": "Each of them, the most dangerous first", "one": "1 attempt", "many": "{n} attempts",
        "danger": "Danger", "word": "What it is", "service": "Service", "source": "From", "tried": "Guesses", "accounts": "Accounts", "when": "Begun (UTC)", "id": "Attempt", "scale": "What the seven steps of danger mean", "exposed": "Ports of databases that were reached from outside", "aside": "Set aside: your own hosts",
    },
    "fr": {
        "database_access": "Les portes des bases de données", "remote_login": "Les autres portes : SSH, courrier, comptes de la machine, connexion au site", "title": "Tentatives par danger", "unit": "tentatives", "nothing": "Personne n'a été vu essayer", "nothing_why": "De tels journaux ont été lus ; ils ne montrent aucune tentative qui compte.",
        "unread": "Pas surveillé", "unread_why": "Aucun journal qui parle de ces portes n'a été lu. Donnez à vigie : vigie read /var/log/postgresql/*.log /var/log/auth.log", "all": "Une par une, la plus dangereuse d'abord", "one": "1 tentative", "many": "{n} tentatives",
        "danger": "Danger", "word": "Ce que c'est", "service": "Service", "source": "Depuis", "tried": "Essais", "accounts": "Comptes", "when": "Début (UTC)", "id": "Tentative", "scale": "Ce que veulent dire les sept degrés de danger", "exposed": "Ports de bases de données atteints de l'extérieur", "aside": "À part : vos propres machines",
    },
}  # fmt: skip
SHOWN: Final = 100
COLUMNS: Final = ("door_id", "attack_id", "family", "service", "asset", "danger", "why", "kind", "source", "sources", "accounts", "databases", "guesses_low", "guesses_high", "successes", "connections", "lines", "first_seen", "last_seen")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, said, lang, facts = WORDS[asked.lang], SAID[asked.lang], asked.lang, state.facts
    sections = [Section(words[family], tuple(_family(state, family, asked)), "wide", family) for family in ("database_access", "remote_login")]
    exposed = facts.lane.get("exposed", [])
    if exposed:
        items = tuple((said["exposed"].format(service=one["service"], count=said["address"] if one["addresses"] == 1 else said["addresses"].format(count=number(one["addresses"], lang))),) for one in exposed)
        sections.append(Section(words["exposed"], (Items(items),), "half"))
    scale = tuple((f"{at} – {text}",) for at, text in reversed(list(enumerate(DANGERS[lang]))))
    sections.append(Section(words["scale"], (Items(scale),), "half"))
    rows = [{name: ", ".join(row[name]) if isinstance(row[name], list) else row[name] for name in COLUMNS} for row in facts.doors]
    return Content(tuple(sections), {"doors": facts.lane, "list": [{name: row[name] for name in COLUMNS} for row in facts.doors]}, rows, COLUMNS)


def _family(state: State, family: str, asked: Asked) -> list[Any]:
    words, said, lang, facts = WORDS[asked.lang], SAID[asked.lang], asked.lang, state.facts
    mine = facts.lane.get(family)
    if not mine:
        watched = facts.numbers["log_ins_remote"] if family == "remote_login" else facts.numbers["log_ins_database"] or facts.numbers["flows"]
        return [Status("calm", words["nothing"], (words["nothing_why"],)) if watched else Status("unknown", words["unread"], (words["unread_why"],))]
    ranks = [Door(str(row["danger"]), DANGERS[lang][row["danger"]], row["danger"], row["attacks"], _sources(row, lang)) for row in mine["by_danger"]]
    wide, narrow = both(lane, f"lane-{family.partition('_')[0]}", ranks, lang=lang, title=words["title"], unit=words["unit"])
    numbers = {name: number(int(mine[name] or 0), lang) for name in ("low", "high", "connections", "contacts")}
    key = "guesses" if mine["low"] != mine["high"] else "guesses_sure" if mine["connections"] else "guesses_only"
    items: list[tuple[Piece, ...]] = [(plural(mine["attacks"], words["one"], words["many"], lang) + ". " + said[key].format(**numbers),)]
    items += [(said["successes"].format(count=number(mine["successes"], lang)),)] if mine["successes"] else []
    items += [(said["blind"].format(count=number(mine["unknown"], lang)),)] if mine["unknown"] else []
    items += [(said["own"].format(count=number(sum(one["attempts"] for one in mine["own"]), lang), hosts=", ".join(str(one["source"]) for one in mine["own"][:10])),)] if mine["own"] else []
    out: list[Any] = [Picture(wide, narrow), Items(tuple(items))]
    rows = [_shown(row, lang) for row in facts.doors if row["family"] == family and row["attack_id"]]
    made = (
        Column("first_seen", words["when"], "time", lambda row: asked.bare("attack", str(row["attack_id"]))), Column("danger", words["danger"], "number"), Column("word", words["word"]), Column("service", words["service"], "code"), Column("source", words["source"], "code"), Column("tried", words["tried"], "number"),
        Column("accounts", words["accounts"], "code"),
    )  # fmt: skip
    table = Table(words["all"], made, rows[:SHOWN])
    return [*out, table] if len(rows) <= 30 else [*out, Details(words["all"], (table,))]


def _sources(row: Any, lang: str) -> str:
    said, known = SAID[lang], int(row["known"])
    if not known:
        return said["unknown"]
    text = said["one"] if known == 1 else said["many"].format(count=number(known, lang))
    return said["and_unknown"].format(known=text) if row["unknown"] else text


def _shown(row: Any, lang: str) -> dict[str, Any]:
    low, high = int(row["guesses_low"] or 0), int(row["guesses_high"] or 0)
    tried = "–" if not high else number(low, lang) if low == high else f"{number(low, lang)}–{number(high, lang)}"
    names = row["accounts"][:6]
    return {**row, "word": DANGERS[lang][row["danger"]], "tried": tried, "source": row["source"] or SAID[lang]["unknown"], "accounts": ", ".join(names) + (", …" if len(row["accounts"]) > 6 else "")}


PAGE: Final = Page("doors", {"en": "Databases and log-ins", "fr": "Bases et connexions"}, make, "now", words=WORDS)
