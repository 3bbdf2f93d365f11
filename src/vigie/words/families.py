"""Families of attacks in a few plain words."""

from __future__ import annotations

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
    "information_operation": ("comptes de concert et vagues de rumeurs", "accounts in concert and waves of rumours"),
}
"""A family in a few plain words: French, English."""


def family_plain(family: str, lang: str) -> str:
    """A family in plain words; its own name where there are none."""
    return FAMILIES[family][0 if lang == "fr" else 1] if family in FAMILIES else family.replace("_", " ")
