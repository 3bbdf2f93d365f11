"""What every page says around its own words: menu, filters, tables, log-in; French and English with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "skip": "To the content", "menu": "Pages", "other": "Français", "other_lang": "fr", "search": "Search", "search_hint": "address, path, domain or account",
        "invented": "Everything here is invented: demo data",
        "snapshot": "State {id}, last line read {until}.", "computed": "All numbers on this page are of this one state.", "json": "JSON", "csv": "CSV", "data": "These data:",
        "filters": "Narrow down", "since": "From (day, UTC)", "until": "Until (day, UTC)", "family": "Kind", "automation": "Tool or by hand", "country": "Country of the last hop",
        "asset": "Site", "all": "all", "apply": "Apply", "clear": "Show all again", "nowhere": "in no country",
        "tool": "made by a tool", "bespoke": "made for this site", "undetermined": "it cannot be said",
        "table": "The numbers as a table", "none": "nothing", "no": "no", "yes": "yes", "unknown": "unknown", "more_rows": "The first {shown} of {all}.",
        "next": "Next {n}", "previous": "Previous {n}", "print": "Print", "leave": "Leave", "fresh": "refresh", "fresh_new": "+{n} new attacks", "fresh_state": "A newer state is there",
        "keys": "Arrow keys walk through the chart.",
        "login": "Who is looking?", "login_token": "Token", "login_token_hint": "It stands behind token= in the address that vigie serve printed on the terminal.",
        "login_user": "Name", "login_password": "Password", "login_go": "Open", "login_wrong": "That was not right.", "login_wait": "Too many wrong tries. Wait a minute.",
        "login_in": "You are in.", "login_on": "Go on",
        "lost": "Not found", "lost_text": "Nothing is called so in this state. Ids change when more logs are read and counted together.", "home": "To the first page",
        "trouble": "This page could not be made", "trouble_text": "The archive could not be asked. The terminal where vigie serve runs says more.",
        "slow": "Too much at once", "period": "{first} to {last}", "raw_not_kept": "This line was not kept.", "convinced": "What convinced:", "utc": "UTC",
        "group_now": "Now", "group_attacks": "Attacks", "group_where": "From where, by whom", "group_opinion": "Opinion", "group_later": "Not watched yet",
        "nothing_read": "Nothing of this kind was read, so nothing is known: neither that there was something, nor that there was nothing.", "give": "Give vigie:",
    },
    "fr": {
        "skip": "Aller au contenu", "menu": "Pages", "other": "English", "other_lang": "en", "search": "Chercher", "search_hint": "adresse, chemin, domaine ou compte",
        "invented": "Tout est inventé : données de démonstration",
        "snapshot": "État {id}, dernière ligne lue {until}.", "computed": "Tous les nombres de cette page sont de ce même état.", "json": "JSON", "csv": "CSV", "data": "Ces données :",
        "filters": "Restreindre", "since": "À partir du (jour, UTC)", "until": "Jusqu'au (jour, UTC)", "family": "Sorte", "automation": "Outil ou à la main", "country": "Pays du dernier saut",
        "asset": "Site", "all": "tout", "apply": "Appliquer", "clear": "Tout montrer", "nowhere": "dans aucun pays",
        "tool": "faite par un outil", "bespoke": "faite pour ce site", "undetermined": "on ne peut le dire",
        "table": "Les nombres en tableau", "none": "rien", "no": "non", "yes": "oui", "unknown": "inconnu", "more_rows": "Les {shown} premiers sur {all}.",
        "next": "{n} suivantes", "previous": "{n} précédentes", "print": "Imprimer", "leave": "Quitter", "fresh": "actualiser", "fresh_new": "+{n} nouvelles attaques", "fresh_state": "Un état plus récent est là",
        "keys": "Les flèches parcourent le graphique.",
        "login": "Qui regarde ?", "login_token": "Jeton", "login_token_hint": "Il suit token= dans l'adresse que vigie serve a affichée dans le terminal.",
        "login_user": "Nom", "login_password": "Mot de passe", "login_go": "Ouvrir", "login_wrong": "Ce n'est pas cela.", "login_wait": "Trop d'essais. Attendez une minute.",
        "login_in": "C'est ouvert.", "login_on": "Continuer",
        "lost": "Introuvable", "lost_text": "Rien ne s'appelle ainsi dans cet état. Les identifiants changent quand d'autres journaux sont lus et comptés ensemble.", "home": "À la première page",
        "trouble": "Cette page n'a pas pu être faite", "trouble_text": "L'archive n'a pas pu être interrogée. Le terminal où tourne vigie serve en dit plus.",
        "slow": "Trop à la fois", "period": "du {first} au {last}", "raw_not_kept": "Cette ligne n'a pas été conservée.", "convinced": "Ce qui a convaincu :", "utc": "UTC",
        "group_now": "Maintenant", "group_attacks": "Attaques", "group_where": "D'où, par qui", "group_opinion": "Opinion", "group_later": "Pas encore surveillé",
        "nothing_read": "Rien de tel n'a été lu, donc rien n'est su : ni qu'il y a eu quelque chose, ni qu'il n'y a rien eu.", "give": "Donnez à vigie :",
    },
}  # fmt: skip

OUTCOMES_FR: Final[Mapping[str, str]] = {
    "possible success": "réussite possible", "server reacted": "le serveur a réagi", "refused": "refusée", "no sign": "aucun signe", "not observable": "non observable",
    "unavailable": "site indisponible", "slowed": "site ralenti", "absorbed": "absorbée", "cannot tell": "on ne peut pas dire",
}  # fmt: skip
"""What came of an attack; English already."""


def outcome(word: object, lang: str) -> str:
    """What came of an attack, in words."""
    return OUTCOMES_FR.get(str(word), str(word)) if lang == "fr" else str(word)
