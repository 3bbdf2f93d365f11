"""What the demo says, in French and in English, for somebody who answers the press.

`{}` fields are filled by `cli/verb_demo.py`; both languages have the same keys, held by a test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

FAMILIES: Final[Mapping[str, tuple[str, str]]] = {
    "sql_injection": ("injections SQL : parler à la base de données", "SQL injections: talking to the database"),
    "cross_site_scripting": ("scripts glissés dans les pages", "scripts slipped into pages"),
    "path_traversal": ("lecture de fichiers hors du site", "reading files outside the site"),
    "file_inclusion": ("inclusion de programmes étrangers", "inclusion of foreign programs"),
    "command_injection": ("ordres donnés au serveur", "commands given to the server"),
    "request_forgery": ("le serveur envoyé chez ses voisins", "the server sent to its neighbours"),
    "secret_probe": ("recherche de mots de passe oubliés", "looking for forgotten passwords"),
    "cms_probe": ("sondage de WordPress", "probing WordPress"),
    "login_guessing": ("mots de passe devinés à la porte", "passwords guessed at the door"),
    "content_discovery": ("inventaire du site par des robots", "robots taking stock of the site"),
    "proxy_probe": ("le serveur pris pour un relais", "the server taken for a relay"),
    "protocol_abuse": ("autre chose que du web", "something other than the web"),
    "port_scan": ("balayages de ports : quelles portes sont ouvertes ?", "port scans: which doors are open?"),
    "database_access": ("tentatives aux portes des bases de données", "attempts at the doors of the databases"),
    "remote_login": ("tentatives aux autres portes (SSH, courrier)", "attempts at other doors (SSH, mail)"),
    "denial_of_service": (
        "inondations : occuper le site pour le faire taire",
        "floods: keeping the site busy to silence it",
    ),
}
"""A family in a few plain words: French, English."""

REASONS: Final[Mapping[str, str]] = {
    "no combined log line": "pas une ligne de journal",
    "does not fit the layout": "pas une ligne de ce journal",
    "time is not a date": "l'heure n'est pas une date",
    "frame of the document": "cadre d'un document",
    "already read in another file": "déjà lues dans un autre fichier",
    "no detector spoke": "aucun signe d'attaque",
    "evidence too weak to count alone": "signe trop faible pour compter seul",
    "a tool's name, in a run that is counted by what it did": "nom d'un outil, déjà compté par ses actes",
}
"""Reasons of the ladder in French; they are English already."""

STEPS: Final[Mapping[str, str]] = {
    "lines": "lignes", "records": "enregistrements", "suspicious records": "enregistrements suspects", "signals": "signaux",
    "attempts": "tentatives", "attacks": "attaques",
}  # fmt: skip

TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "fr": {
        "writing": "Écriture d'un mois inventé dans {folder} …",
        "read": "{name} : {read} lignes lues sur {lines}",
        "unread": "illisibles : {unread}",
        "aside": "déjà lues ailleurs : {aside}",
        "title": "TOUT EST INVENTÉ : un site de campagne imaginaire, {first} – {last}",
        "title_more": "Personne n'existe ici : noms en « .example », adresses réservées à la documentation.",
        "headline": "{attacks} attaques en {days} jours.",
        "rising": "De plus en plus chaque jour : environ {slope} par jour (test de Mann-Kendall, {p}).",
        "falling": "De moins en moins chaque jour : environ {slope} par jour (test de Mann-Kendall, {p}).",
        "flat": "Pas de tendance nette.",
        "peak": "Le pic : le {day}, avec {attacks}.",
        "ladder": "Comment arrivons-nous à ce nombre ?",
        "set_aside": "{count} à part : {reason}",
        "unread_reason": "illisibles, {reason}",
        "grouped": "{count} rejoignent d'autres",
        "definition": "Une attaque : un même auteur, un même procédé, un même site, sans pause de {pause} minutes. "
        "Avec une pause de moitié : {half} ; du double : {double}.",
        "families": "De quelles sortes ?",
        "days": "Jour par jour (UTC)",
        "tools": "{tool} attaques viennent d'un outil. Faites pour ce site, à la main : entre {low} et {high} ; pour {other} d'entre elles, "
        "le journal ne permet pas de trancher.",
        "up": "Le site répondait-il ?",
        "up_flood": "{when} : inondation ({kind}), {requests} requêtes de {sources} adresses. {impact}.",
        "up_crowd": "{when} : affluence, {sources} adresses en peu de temps ; ce n'est pas une attaque, elle ne compte pas.",
        "up_none": "Ni inondation, ni affluence.",
        "doors": "Quelqu'un essaie-t-il d'entrer dans nos bases de données ?",
        "door": "{attacks} tentative{s} au rang de danger {danger} sur 7 : {word}.",
        "doors_none": "Aucun journal de base de données, ou personne n'a essayé.",
        "unseen": "Ce que ces journaux ne montrent pas",
        "unseen_posts": "{posts} envois (POST) dont le contenu n'est pas dans le journal : ni bons ni mauvais, invisibles.",
        "unseen_success": "Si une attaque a réussi : un journal montre la question et la taille de la réponse, pas la réponse.",
        "unseen_who": "Qui : une adresse est celle du dernier relais, pas une personne ni un pays.",
        "plan": "L'auteur du récit avait prévu {planned} attaques ; vigie, qui ne connaît pas son plan, en compte {found}.",
        "files": "Les fichiers inventés sont dans {folder} (README.txt dit ce que c'est).",
        "next": "Et maintenant, essayez :",
        "next_count": "comment le nombre se compose",
        "next_days": "jour par jour",
        "next_explain": "d'une attaque à ses lignes brutes",
        "next_up": "le site répondait-il, et comment on le sait",
        "next_doors": "qui essaie les portes, le plus dangereux d'abord",
        "origin": "D'où viennent-elles ? Ce qu'on peut en dire",
        "next_origin": "les pays des derniers sauts, entre deux bornes",
        "next_show": "la liste",
        "next_own": "vos propres journaux",
    },
    "en": {
        "writing": "Writing an invented month into {folder} …",
        "read": "{name}: {read} of {lines} lines read",
        "unread": "unread: {unread}",
        "aside": "already read elsewhere: {aside}",
        "title": "ALL OF THIS IS INVENTED: an imaginary campaign site, {first} – {last}",
        "title_more": "Nobody in it exists: names end in “.example”, addresses are reserved for documentation.",
        "headline": "{attacks} attacks in {days} days.",
        "rising": "More every day: about {slope} a day (Mann-Kendall test, {p}).",
        "falling": "Fewer every day: about {slope} a day (Mann-Kendall test, {p}).",
        "flat": "No clear trend.",
        "peak": "The peak: {day}, with {attacks}.",
        "ladder": "How do we arrive at that number?",
        "set_aside": "{count} set aside: {reason}",
        "unread_reason": "unread, {reason}",
        "grouped": "{count} join others",
        "definition": "An attack: one actor, one method, one site, without a pause of {pause} minutes. "
        "With half that pause: {half}; with double: {double}.",
        "families": "Of what kinds?",
        "days": "Day by day (UTC)",
        "tools": "{tool} attacks come from a tool. Made for this site, by hand: between {low} and {high}; for {other} of these "
        "the log does not tell.",
        "up": "Was the site up?",
        "up_flood": "{when}: flood ({kind}), {requests} requests from {sources} addresses. {impact}.",
        "up_crowd": "{when}: a crowd, {sources} addresses within a short time; no attack, so it does not count.",
        "up_none": "No flood and no crowd.",
        "doors": "Is someone trying to get into our databases?",
        "door": "{attacks} attempt{s} at rank {danger} of danger, of 7: {word}.",
        "doors_none": "No log of a database, or nobody tried.",
        "unseen": "What these logs do not show",
        "unseen_posts": "{posts} submissions (POST) whose content is not in the log: neither good nor bad, invisible.",
        "unseen_success": "Whether an attack succeeded: a log shows the question and the size of the answer, not the answer.",
        "unseen_who": "Who: an address is the last relay's, not a person's and not a country's.",
        "plan": "The author of the story had planned {planned} attacks; vigie, which does not know the plan, counts {found}.",
        "files": "The invented files are in {folder} (README.txt says what they are).",
        "next": "And now, try:",
        "next_count": "how the number comes about",
        "next_days": "day by day",
        "next_explain": "from an attack to its raw lines",
        "next_up": "was the site up, and how that is known",
        "next_doors": "who tries the doors, the most dangerous first",
        "origin": "Where do they come from? As far as it can be said",
        "next_origin": "countries of the last hops, between two bounds",
        "next_show": "the list",
        "next_own": "your own logs",
    },
}

_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def language(asked: str | None) -> str:
    """`fr` or `en`: as asked, else from the environment's locale."""
    if asked:
        return asked
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def number(value: int, lang: str) -> str:
    """Thousands as the language writes them: a narrow no-break space in French, a comma in English."""
    return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"


def day(iso: str, lang: str) -> str:
    """A day (`2017-02-12`) in words."""
    year, month, date = (int(part) for part in iso.split("-"))
    if lang == "fr":
        return f"{'1er' if date == 1 else date} {_MONTHS[month - 1]} {year}"
    return f"{date} {_MONTHS_EN[month - 1]} {year}"


def decimal(value: float, lang: str) -> str:
    """One decimal, with its sign."""
    return f"{value:+.1f}".replace(".", ",") if lang == "fr" else f"{value:+.1f}"


def probability(value: float, lang: str) -> str:
    """A p-value; very small ones as a bound."""
    text = "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
    return text.replace(".", ",") if lang == "fr" else text
