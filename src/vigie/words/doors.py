"""What is said of the doors: databases and log-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DANGERS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "your own host, most likely its own misconfiguration", "the port was reached, nothing was said", "a probe of the protocol",
        "refused by a rule, or begun without a password", "failed, the account is not there or not told", "failed, the account is there",
        "your own host beyond its own account: a springboard?", "a valid credential used from outside",
    ),
    "fr": (
        "votre propre machine, sans doute une mauvaise configuration", "le port a été atteint, rien n'a été dit", "une sonde du protocole",
        "refusé par une règle, ou commencé sans mot de passe", "échec, le compte n'existe pas ou on ne le sait pas", "échec, le compte existe",
        "votre propre machine, hors de son propre compte : un tremplin ?", "un identifiant valide utilisé de l'extérieur",
    ),
}  # fmt: skip
"""Each rank of danger in words, 0 first."""

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "database_access": "At the doors of the databases (counted apart, the most dangerous first):",
        "remote_login": "At the other doors (SSH, mail, accounts of the machine, the site's log-in):",
        "rank": "{danger}  {attacks:>6}  {word} ({sources})",
        "one": "1 source", "many": "{count} sources", "unknown": "source unknown", "and_unknown": "{known} and others unknown",
        "guesses": "Guessed passwords: {low} to {high}. Connections: {connections}. Contacts (one source, one server, one day): {contacts}.",
        "guesses_sure": "Guessed passwords: {low}. Connections: {connections}. Contacts (one source, one server, one day): {contacts}.",
        "guesses_only": "Guessed passwords: {low}. Contacts (one source, one server, one day): {contacts}.",
        "successes": "Log-ins that worked from outside or after failures: {count}. Ask whose they were.",
        "blind": "Attacks whose log does not tell the source: {count}. See: vigie doctor",
        "own": "Set aside: {count} of your own hosts, most likely misconfigured ({hosts}).",
        "exposed": "Port of {service} reached from outside ({count}): if that is not wanted, close it.", "address": "1 address", "addresses": "{count} addresses",
        "see": "See: vigie show doors",
        "units": "At this door: {tries} ({lines} lines, {connections} connections, {successes} that worked).",
        "units_only": "At this door: {tries} ({lines} lines, {successes} log-ins that worked).",
        "tries_sure": "{low} guessed passwords", "tries": "{low} to {high} guessed passwords",
        "interval": "A client that tries again without encryption leaves two lines for one guess: pairs at least, lines at most.",
        "danger": "Danger {danger} of 7: {word}.",
        "because": "Because: {why}.",
        "accounts": "Accounts: {names}.", "databases": "Databases: {names}.",
        "nobody": "The log does not hold the source's address. It is counted all the same.",
        "candidates": "A firewall's log leaves one of {count} candidates for some of it: {names}. It cannot be said which.",
        "hidden": "The address is that of a container's bridge: the true source is hidden behind it.",
        "no_success": "This server's log shows no log-in that worked: whether one did cannot be said. See: vigie doctor",
        "learnt": "This host is taken for yours because it regularly gets in; name yours with vigie read --ours CIDR.",
        "more": "…",
    },
    "fr": {
        "database_access": "Aux portes des bases de données (comptées à part, le plus dangereux d'abord) :",
        "remote_login": "Aux autres portes (SSH, courrier, comptes de la machine, connexion au site) :",
        "rank": "{danger}  {attacks:>6}  {word} ({sources})",
        "one": "1 source", "many": "{count} sources", "unknown": "source inconnue", "and_unknown": "{known} et d'autres inconnues",
        "guesses": "Mots de passe essayés : de {low} à {high}. Connexions : {connections}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "guesses_sure": "Mots de passe essayés : {low}. Connexions : {connections}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "guesses_only": "Mots de passe essayés : {low}. Contacts (une source, un serveur, un jour) : {contacts}.",
        "successes": "Connexions réussies de l'extérieur ou après des échecs : {count}. Demandez à qui elles étaient.",
        "blind": "Attaques dont le journal ne dit pas la source : {count}. Voir : vigie doctor",
        "own": "À part : {count} de vos propres machines, sans doute mal configurées ({hosts}).",
        "exposed": "Le port de {service} a été atteint de l'extérieur ({count}) : si ce n'est pas voulu, fermez-le.", "address": "1 adresse", "addresses": "{count} adresses",
        "see": "Voir : vigie show doors",
        "units": "À cette porte : {tries} ({lines} lignes, {connections} connexions, dont {successes} réussies).",
        "units_only": "À cette porte : {tries} ({lines} lignes, dont {successes} connexions réussies).",
        "tries_sure": "{low} mots de passe essayés", "tries": "de {low} à {high} mots de passe essayés",
        "interval": "Un client qui réessaie sans chiffrement laisse deux lignes pour un essai : au moins les paires, au plus les lignes.",
        "danger": "Danger {danger} sur 7 : {word}.",
        "because": "Parce que : {why}.",
        "accounts": "Comptes : {names}.", "databases": "Bases : {names}.",
        "nobody": "Le journal ne contient pas l'adresse de la source. C'est compté tout de même.",
        "candidates": "Le journal d'un pare-feu laisse, pour une partie, une source parmi {count} : {names}. On ne peut dire laquelle.",
        "hidden": "L'adresse est celle du pont d'un conteneur : la vraie source est cachée derrière.",
        "no_success": "Le journal de ce serveur ne montre aucune connexion réussie : on ne peut dire s'il y en a eu. Voir : vigie doctor",
        "learnt": "Cette machine est prise pour la vôtre parce qu'elle se connecte régulièrement ; nommez les vôtres avec vigie read --ours CIDR.",
        "more": "…",
    },
}  # fmt: skip

WHY: Final[Mapping[str, tuple[str, str]]] = {
    "own_misconfiguration": ("it is your own host, on its own account, and it stopped", "c'est votre propre machine, sur son propre compte, et cela a cessé"),
    "own_host_odd": (
        "your own host failed on what is not its own, or does not stop: it may be used by somebody",
        "votre propre machine échoue là où elle n'a rien à faire, ou sans fin : quelqu'un s'en sert peut-être",
    ),
    "success_after_failures": ("a log-in worked after failures on the same account", "une connexion a réussi après des échecs sur le même compte"),
    "right_password": ("the password was right, only the database was not", "le mot de passe était juste, seule la base ne l'était pas"),
    "valid_credential": ("a valid credential was used from a host that is not known as yours", "un identifiant valide a servi depuis une machine qui n'est pas connue comme vôtre"),
    "new_network": ("the account had always got in from elsewhere", "ce compte se connectait toujours d'ailleurs"),
    "no_such_account": ("the log says that the accounts are not there", "le journal dit que ces comptes n'existent pas"),
    "account_there": ("the account is there: the log tells it, or every installation has it", "le compte existe : le journal le dit, ou toute installation l'a"),
    "account_not_told": (
        "the log does not tell whether the account is there: it would be 5 if it is", "le journal ne dit pas si le compte existe : ce serait 5 s'il existe",
    ),
    "refused": ("the server refuses this source, whatever the password", "le serveur refuse cette source, quel que soit le mot de passe"),
    "started": ("a log-in was begun and left without a password", "une connexion a été commencée et laissée sans mot de passe"),
    "probe": ("something was said that no client of this service says", "il a été dit ce qu'aucun client de ce service ne dit"),
    "contact": ("somebody knocked and said nothing", "quelqu'un a frappé et n'a rien dit"),
}  # fmt: skip
"""Reasons of a rank of danger, in English and French."""
