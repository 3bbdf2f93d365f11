"""What is said of floods, crowds and bad times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
        "absorbed": "absorbed: visitors were served as usual",
        "slowed": "slowed: visitors waited",
        "unavailable": "unavailable: at least half of the page views failed, or probes from outside did",
        "cannot tell": "cannot tell",
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
        "absorbed": "absorbée : les visiteurs ont été servis comme d'habitude",
        "slowed": "ralenti : les visiteurs ont attendu",
        "unavailable": "indisponible : au moins la moitié des pages vues ont échoué, ou les sondes extérieures",
        "cannot tell": "on ne peut pas dire",
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
