"""What is said of floods, crowds and bad times: sentences with the numbers in them, and what to add to a log that holds no durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from vigie.attacks.availability import (
    ABSORBED,
    CANNOT_TELL,
    LINES,
    bound,
)
from vigie.attacks.impacts import FEW, SLOW_SECONDS, SLOWED, TIMES_USUAL, UNAVAILABLE
from vigie.cli.terminal import safe, say
from vigie.demo.words import day, number

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

Row = Mapping[str, object]

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "none": "No flood, no crowd and no bad time was found.",
        "untimed": "Careful: these logs hold no durations, so a site that was only slow looks like one that was not.",
        "head": "Was the site up? What was asked of it and what visitors got, side by side:",
        "flood": "Flood ({kind})", "crowd": "A crowd, no attack", "unclear": "A flood or a crowd: the log does not tell; not counted",
        "impact": "Visitors were served badly", "silence": "Nothing was logged",
        "asked": "{requests} requests ({place}) from {sources} addresses, at most {peak} in a minute; {usual}; {share} % of the traffic.",
        "usual": "usually {usual}", "unusual": "what is usual is not known, the log is too short",
        "got": "Visitors: {views} page views outside the flood, {failed} of them failed{timed}.",
        "met": "Visitors: {views} page views, {failed} of them failed{timed}.",
        "timed": "; 95 % were answered within {p95} s (usually {usual} s)",
        ABSORBED: "absorbed: visitors were served as usual",
        SLOWED: "slowed: visitors waited",
        UNAVAILABLE: "unavailable: at least half of the page views failed, or probes from outside did",
        CANNOT_TELL: "cannot tell",
        "no timing field": "This log holds no durations, so it cannot tell whether the site was slow. Add them:",
        "few": "Fewer than {few} page views outside the flood: too few to say what visitors got.",
        "silent": "The site, its network or its log stood still: a log cannot say which. Probe the site from outside (docs/formats.md).",
        "attack": "Its raw lines: vigie explain {id}",
        "rules": "How it is decided:",
        "rule_flood": "A flood: requests for one class of place, in two minutes that follow each other at least 6 spreads above the median of the same hour "
                      "(20 in one minute), by clients that do not behave as readers do. From however many addresses, it is one attack.",
        "rule_unavailable": "Unavailable: at least half of the page views failed (5xx, 499) during two minutes, or a probe from outside failed twice in a row.",
        "rule_slowed": "Slowed: the slowest 5 % of page views took {seconds:g} s or more and {times:g} times the usual, in 3 of 5 minutes with {few} views each.",
        "rule_absorbed": "Absorbed: a flood, durations in the log, and neither of these. Without durations: cannot tell.",
        "summary": "Availability: {parts}. See: vigie explain availability",
    },
    "fr": {
        "none": "Ni inondation, ni affluence, ni mauvais moment.",
        "untimed": "Attention : ces journaux ne contiennent aucune durée ; un site seulement lent y ressemble à un site normal.",
        "head": "Le site répondait-il ? Ce qu'on lui a demandé et ce que les visiteurs ont eu, côte à côte :",
        "flood": "Inondation ({kind})", "crowd": "Affluence, pas une attaque", "unclear": "Inondation ou affluence : le journal ne permet pas de trancher ; non comptée",
        "impact": "Les visiteurs ont été mal servis", "silence": "Rien n'a été journalisé",
        "asked": "{requests} requêtes ({place}) de {sources} adresses, au plus {peak} en une minute ; {usual} ; {share} % du trafic.",
        "usual": "d'habitude {usual}", "unusual": "l'habitude n'est pas connue, le journal est trop court",
        "got": "Visiteurs : {views} pages vues hors de l'inondation, dont {failed} en échec{timed}.",
        "met": "Visiteurs : {views} pages vues, dont {failed} en échec{timed}.",
        "timed": " ; 95 % ont eu leur réponse en {p95} s au plus (d'habitude {usual} s)",
        ABSORBED: "absorbée : les visiteurs ont été servis comme d'habitude",
        SLOWED: "ralenti : les visiteurs ont attendu",
        UNAVAILABLE: "indisponible : au moins la moitié des pages vues ont échoué, ou les sondes extérieures",
        CANNOT_TELL: "on ne peut pas dire",
        "no timing field": "Ce journal ne contient aucune durée : il ne peut pas dire si le site a été lent. À ajouter :",
        "few": "Moins de {few} pages vues hors de l'inondation : trop peu pour dire ce que les visiteurs ont eu.",
        "silent": "Le site, son réseau ou son journal s'est arrêté : un journal ne dit pas lequel. Sondez le site de l'extérieur (docs/formats.md).",
        "attack": "Ses lignes brutes : vigie explain {id}",
        "rules": "Comment on en décide :",
        "rule_flood": "Inondation : des requêtes vers une même sorte d'endroit, pendant deux minutes de suite au moins 6 écarts au-dessus de la médiane de la même heure "
                      "(20 en une minute), par des clients qui ne se conduisent pas en lecteurs. Quel que soit le nombre d'adresses, c'est une attaque.",
        "rule_unavailable": "Indisponible : au moins la moitié des pages vues ont échoué (5xx, 499) pendant deux minutes, ou une sonde extérieure deux fois de suite.",
        "rule_slowed": "Ralenti : les 5 % de pages les plus lentes ont pris {seconds:g} s ou plus et {times:g} fois l'habitude, pendant 3 minutes sur 5 de {few} pages vues chacune.",
        "rule_absorbed": "Absorbée : une inondation, des durées dans le journal, et rien de tout cela. Sans durées : on ne peut pas dire.",
        "summary": "Disponibilité : {parts}. Voir : vigie explain availability",
    },
}  # fmt: skip

COUNTED: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "en": {
        "floods": ("1 flood", "{count} floods"), "crowds": ("1 crowd (no attack)", "{count} crowds (no attack)"),
        "bad": ("1 bad time for visitors", "{count} bad times for visitors"), "silences": ("1 silence", "{count} silences"),
        "down": ("1 unavailable", "{count} unavailable"), "slow": ("1 slowed", "{count} slowed"),
    },
    "fr": {
        "floods": ("1 inondation", "{count} inondations"), "crowds": ("1 affluence (pas une attaque)", "{count} affluences (pas des attaques)"),
        "bad": ("1 mauvais moment pour les visiteurs", "{count} mauvais moments pour les visiteurs"), "silences": ("1 silence", "{count} silences"),
        "down": ("1 avec un site indisponible", "{count} avec un site indisponible"), "slow": ("1 avec un site ralenti", "{count} avec un site ralenti"),
    },
}  # fmt: skip
"""One of them, and several."""

PLACES_FR: Final[Mapping[str, str]] = {
    "static": "fichiers", "home": "accueil", "page": "pages", "query": "pages avec paramètres", "search": "recherche", "login": "connexion",
    "xmlrpc": "xmlrpc.php", "api": "API", "feed": "flux", "form": "formulaires", "missing": "pages absentes", "unfinished": "requêtes inachevées",
    "other": "autre",
}  # fmt: skip

KINDS_FR: Final[Mapping[str, str]] = {
    "request_flood": "requêtes en masse", "cache_busting": "contournement du cache", "search_flood": "recherches en masse",
    "xmlrpc_flood": "appels xmlrpc en masse", "login_flood": "connexions en masse", "slow_headers": "en-têtes lents", "slow_body": "corps lents",
    "connection_flood": "connexions en masse",
}  # fmt: skip


def print_availability(catalogue: Catalogue, lang: str, most: int) -> None:
    """Every period, and how it is decided."""
    words = SAID[lang]
    rows = periods(catalogue)
    say(words["head"] if rows else words["none"])
    for row in rows[:most]:
        say()
        print_period(row, lang)
    if not timed(catalogue):
        say()
        say(words["untimed"])
        print_lines()
    say()
    say(words["rules"])
    for rule in ("rule_flood", "rule_unavailable", "rule_slowed", "rule_absorbed"):
        say(f"  {words[rule].format(seconds=SLOW_SECONDS, times=TIMES_USUAL, few=FEW)}")


def periods(catalogue: Catalogue) -> list[dict[str, object]]:
    """Rows of the view `availability`, in order of time."""
    return catalogue.rows("select * from availability order by first_seen, period_id")


def timed(catalogue: Catalogue) -> bool:
    """Whether any log holds durations of page views."""
    found = catalogue.rows("select 1 as one from tallies where tally = 'traffic' and regexp_matches(key, ' (ok|bad) [0-9]') limit 1")
    return bool(found)


def print_period(row: Row, lang: str) -> None:
    """One period: what was asked, what visitors got, and what to do to know more."""
    words, what, word = SAID[lang], str(row["what"]), str(row["impact"])
    kind = str(row["kind"])
    title = words[what].format(kind=KINDS_FR.get(kind, kind) if lang == "fr" else kind.replace("_", " "))
    site = f"  {safe(row['asset'])}" if row["asset"] else ""
    say(f"{row['period_id']}  {_clock(row['first_seen'], lang)} – {_clock(row['last_seen'], lang)} UTC{site}")
    say(f"  {title}{' :' if lang == 'fr' else ':'} {words[word]}" if what != "crowd" or word != ABSORBED else f"  {title}")
    if row["requests"]:
        usual = words["unusual"] if row["usual"] is None else words["usual"].format(usual=number(round(_real(row["usual"])), lang))
        say("  " + words["asked"].format(
            requests=number(_whole(row["requests"]), lang), place=PLACES_FR.get(str(row["place"]), safe(row["place"])) if lang == "fr" else safe(row["place"]), sources=number(_whole(row["sources"]), lang),
            peak=number(round(_real(row["peak"])), lang), usual=usual, share=round(100 * _real(row["share"])),
        ))  # fmt: skip
    if row["views"] or row["failed"]:
        say("  " + words["got" if what == "flood" else "met"].format(
            views=number(_whole(row["views"]), lang), failed=number(_whole(row["failed"]), lang), timed=_durations(row, lang),
        ))  # fmt: skip
    if what in ("crowd", "unclear") and row["signs"]:
        say(f"  {safe(row['signs'], 400)}")
    if what == "silence":
        say(f"  {safe(row['numbers'], 400)}" if lang == "en" else f"  {words['silent']}")
    elif word == CANNOT_TELL and row["advice"]:
        say(f"  {words['no timing field']}")
        print_lines()
    elif word == CANNOT_TELL:
        say(f"  {words['few'].format(few=FEW)}")
    if row["attack_id"]:
        say(f"  {words['attack'].format(id=row['attack_id'])}")


def print_lines() -> None:
    """What to paste into the configuration of nginx or Apache."""
    for server, line in LINES.items():
        say(f"    {server}: {line}")


def print_summary(catalogue: Catalogue, lang: str) -> None:
    """One sentence on floods, crowds and bad times, when there were any."""
    text = summary(catalogue, lang)
    if text:
        say()
        say(text)


def summary(catalogue: Catalogue, lang: str) -> str:
    """One sentence for the end of the count; "" when there is nothing to say."""
    words = SAID[lang]
    rows = catalogue.rows("select what, impact, count(*) as n from availability group by all")
    if not rows:
        return ""
    parts = []
    for what, word in (("flood", "floods"), ("crowd", "crowds"), ("impact", "bad"), ("silence", "silences")):
        mine = [row for row in rows if row["what"] == what]
        count = sum(_whole(row["n"]) for row in mine)
        if not count:
            continue
        text = _counted(word, count, lang)
        hurt = [
            _counted(name, worst, lang)
            for impact, name in ((UNAVAILABLE, "down"), (SLOWED, "slow"))
            if what == "flood" and (worst := sum(_whole(row["n"]) for row in mine if row["impact"] == impact))
        ]
        parts.append(f"{text} ({', '.join(hurt)})" if hurt else text)
    return words["summary"].format(parts=", ".join(parts)) if parts else ""


def _counted(what: str, count: int, lang: str) -> str:
    one, more = COUNTED[lang][what]
    return one if count == 1 else more.format(count=number(count, lang))


def _durations(row: Row, lang: str) -> str:
    if row["p95"] is None:
        return ""
    usual = bound(_real(row["p95_usual"])) if row["p95_usual"] is not None else "?"
    text = SAID[lang]["timed"].format(p95=bound(_real(row["p95"])), usual=usual)
    return text.replace(".", ",") if lang == "fr" else text


def _clock(moment: object, lang: str) -> str:
    if not isinstance(moment, datetime):
        return "?"
    return f"{day(moment.date().isoformat(), lang)} {moment:%H:%M:%S}"


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _real(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
