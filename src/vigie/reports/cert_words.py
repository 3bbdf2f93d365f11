"""The words of a notification to a CERT, in English and in French. Three headings are asked for everywhere: perimeter, impact, urgency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "voluntary": "Voluntary notification", "24h": "Early warning (within 24 hours)", "72h": "Notification (within 72 hours)", "month": "Final report (within one month of the notification)",
        "step": "Steps of article 23 of NIS 2. For organisations outside its scope (parties, campaigns, most associations and newsrooms) notifying is voluntary, and these steps are good practice. "
        "A breach of personal data is notified apart, to the data protection authority, within 72 hours.",
        "due": "Due", "due_text": "{when} UTC ({stage}, counted from when somebody became aware)", "due_unknown": "not known: when somebody became aware was not told (--aware TIME)",
        "who": "Who notifies", "organisation": "Organisation", "kind": "Kind", "role": "Role of the contact", "contact": "Contact, at any hour", "email": "Mail", "telephone": "Telephone", "pgp": "PGP",
        "marking": "Marking", "marking_text": "{tlp} (who may read), {pap} (what may be done with it)",
        "times": "Times (UTC)", "first": "First seen (earliest line of an attack)", "last": "Last seen", "detected": "Detected", "aware": "Somebody aware", "made": "This document made", "local": "Local time is the reader's to add; logs without a zone were read as told to vigie read.",
        "perimeter": "1. Perimeter", "sites": "Sites and services aimed at", "read": "Logs read", "read_text": "{logs} logs, {lines} lines, {unread} unread with their reasons", "services": "Services affected, as the organisation says",
        "impact": "2. Impact", "visitors": "What visitors got", "visitors_none": "no flood and no bad time for visitors found{timed}", "untimed": " (the logs hold no durations: slowness cannot be seen)", "probes": "Measured from outside", "yes": "yes", "no": "no",
        "malicious": "Suspected malicious", "cross_border": "Possible effect across borders", "confidentiality": "Effect on confidentiality", "integrity": "Effect on integrity", "availability": "Effect on availability", "personal_data": "Personal data affected",
        "urgency": "3. Urgency", "running": "Still going on", "running_text": "last attack {when} UTC, {hours} h before the end of the logs", "doors": "Databases and log-ins, the most dangerous first", "rank": "danger {danger} of 7: {attacks} ({family})",
        "reacted": "Attacks after which the server reacted, or somebody may have got in", "help": "Help wanted",
        "kinds": "4. Kinds, counts and rules", "headline": "{attacks} attacks ({parts})",
        "head": "kind|attacks|attempts|signals|tool|bespoke|cannot tell|ATT&CK, DISARM", "sensitivity": "The count with half the pause: {half}; with double the pause: {double}. An attack: one actor, one kind, one site, without a pause of {pause} minutes.",
        "rules": "Rules that spoke (signals): {rules}. Version of the rules: {version}.", "tools": "Tools recognised: {tools}.", "tools_none": "Tools recognised: none.",
        "examples": "5. Examples", "examples_text": "At most three raw lines of each kind, shortened; the file and the byte lead to the whole line.", "example": "{file}, byte {byte}, {attack}: {text}",
        "indicators": "6. Indicators", "indicators_text": "{count} addresses, valid until {until}; the first {shown} here. All of them, to be loaded: vigie report --for stix, misp or csv.", "indicators_none": "No address fit to be an indicator.",
        "indicator_head": "address|from|to|attacks|kinds|last hop|network", "observed": "Seen too, and no indicators since others use them: {count} relays and rented machines.",
        "origin": "7. Last hops, with bounds", "origin_text": "A last hop is where traffic left the network, not who sent it. {unknown} of {total} attacks cannot be placed. Tables: {tables}. Lists of relays: {lists}.", "origin_head": "country of the last hop|attacks|at least sent from there|at most",
        "lists_none": "none of the time",
        "relays": "Through relays and rented machines: {parts}.", "posture": "8. Installed software (CMS)", "coincidences": "9. Publications", "coincidences_text": "{pages} pages went online; {first} attacks on the site began in the first 24 hours of the one with most. No test of cause was made.",
        "measures": "10. Measures taken", "measures_none": "not answered yet (in the file of --organisation)", "cause": "Type of threat or root cause", "judgement": "11. Judgement", "signed": "{name}, {date}: {judgement}",
        "campaigns": "Campaigns", "unseen": "12. What could not be seen", "unseen_items": "Whether an attack succeeded, where no log shows it.|Who sits behind an address.|What was sent by mail or posted, where it was not given to vigie.",
        "unseen_posts": "Submissions whose content no log holds: {posts}.", "gap": "{feed}: {what} (vigie doctor has the lines to add)", "custody": "13. Evidence", "root": "Root of the chained manifest", "segments": "Segments", "snapshot": "State", "rules_version": "Rules (SHA-256)", "software": "Software",
        "recount": "Recount", "recount_text": "vigie count --json{options} on the same archive gives {attacks} again; the press page (vigie report --for press) has a command for every number.", "privacy": "14. Personal data", "unread_log": "a log that was not read",
        "none_said": "not known: not answered yet",
    },
    "fr": {
        "voluntary": "Signalement volontaire", "24h": "Alerte précoce (sous 24 heures)", "72h": "Notification (sous 72 heures)", "month": "Rapport final (un mois après la notification)",
        "step": "Étapes de l'article 23 de NIS 2. Pour qui n'en relève pas (partis, campagnes, la plupart des associations et des rédactions), signaler est volontaire, et ces étapes sont un bon usage. "
        "Une violation de données personnelles se notifie à part, à l'autorité de protection des données, sous 72 heures.",
        "due": "Échéance", "due_text": "{when} UTC ({stage}, à compter du moment où quelqu'un a su)", "due_unknown": "inconnue : le moment où quelqu'un a su n'a pas été dit (--aware HEURE)",
        "who": "Qui signale", "organisation": "Organisation", "kind": "Nature", "role": "Fonction du contact", "contact": "Contact, à toute heure", "email": "Courriel", "telephone": "Téléphone", "pgp": "PGP",
        "marking": "Marquage", "marking_text": "{tlp} (qui peut lire), {pap} (ce qu'on peut en faire)",
        "times": "Heures (UTC)", "first": "Premier vu (première ligne d'une attaque)", "last": "Dernier vu", "detected": "Détecté", "aware": "Quelqu'un a su", "made": "Document établi", "local": "L'heure locale est à ajouter par le lecteur ; les journaux sans fuseau ont été lus comme dit à vigie read.",
        "perimeter": "1. Périmètre", "sites": "Sites et services visés", "read": "Journaux lus", "read_text": "{logs} journaux, {lines} lignes, dont {unread} illisibles avec leur raison", "services": "Services touchés, selon l'organisation",
        "impact": "2. Impact", "visitors": "Ce que les visiteurs ont eu", "visitors_none": "ni inondation ni mauvais moment pour les visiteurs{timed}", "untimed": " (les journaux n'ont pas de durées : une lenteur ne peut se voir)", "probes": "Mesuré de l'extérieur", "yes": "oui", "no": "non",
        "malicious": "Malveillance suspectée", "cross_border": "Effet possible au-delà des frontières", "confidentiality": "Effet sur la confidentialité", "integrity": "Effet sur l'intégrité", "availability": "Effet sur la disponibilité", "personal_data": "Données personnelles touchées",
        "urgency": "3. Urgence", "running": "Encore en cours", "running_text": "dernière attaque le {when} UTC, {hours} h avant la fin des journaux", "doors": "Bases et connexions, le plus dangereux d'abord", "rank": "danger {danger} sur 7 : {attacks} ({family})",
        "reacted": "Attaques après lesquelles le serveur a réagi, ou quelqu'un est peut-être entré", "help": "Aide souhaitée",
        "kinds": "4. Sortes, comptes et règles", "headline": "{attacks} attaques ({parts})",
        "head": "sorte|attaques|tentatives|signaux|outil|sur mesure|indéterminé|ATT&CK, DISARM", "sensitivity": "Le compte avec une pause de moitié : {half} ; double : {double}. Une attaque : un auteur, un procédé, un site, sans pause de {pause} minutes.",
        "rules": "Règles qui ont parlé (signaux) : {rules}. Version des règles : {version}.", "tools": "Outils reconnus : {tools}.", "tools_none": "Outils reconnus : aucun.",
        "examples": "5. Exemples", "examples_text": "Au plus trois lignes brutes de chaque sorte, raccourcies ; le fichier et l'octet mènent à la ligne entière.", "example": "{file}, octet {byte}, {attack} : {text}",
        "indicators": "6. Indicateurs", "indicators_text": "{count} adresses, valables jusqu'au {until} ; les {shown} premières ici. Toutes, à charger : vigie report --for stix, misp ou csv.", "indicators_none": "Aucune adresse propre à être un indicateur.",
        "indicator_head": "adresse|de|à|attaques|sortes|dernier saut|réseau", "observed": "Vues aussi, sans être des indicateurs puisque d'autres s'en servent : {count} relais et machines louées.",
        "origin": "7. Derniers sauts, avec bornes", "origin_text": "Un dernier saut est l'endroit où le trafic a quitté le réseau, non qui l'a envoyé. {unknown} des {total} attaques ne peuvent être situées. Tables : {tables}. Listes de relais : {lists}.", "origin_head": "pays du dernier saut|attaques|au moins envoyées de là|au plus",
        "lists_none": "aucune de l'époque",
        "relays": "Par des relais et des machines louées : {parts}.", "posture": "8. Logiciels installés (CMS)", "coincidences": "9. Publications", "coincidences_text": "{pages} pages mises en ligne ; {first} attaques du site ont commencé dans les 24 premières heures de celle qui en a le plus. Aucun test de cause n'a été fait.",
        "measures": "10. Mesures prises", "measures_none": "pas encore répondu (dans le fichier de --organisation)", "cause": "Type de menace ou cause première", "judgement": "11. Jugement", "signed": "{name}, {date} : {judgement}",
        "campaigns": "Campagnes", "unseen": "12. Ce qui n'a pu être vu", "unseen_items": "Si une attaque a réussi, là où aucun journal ne le montre.|Qui se tient derrière une adresse.|Ce qui a été envoyé par courrier ou publié, là où cela n'a pas été donné à vigie.",
        "unseen_posts": "Envois dont aucun journal ne contient le contenu : {posts}.", "gap": "{feed} : {what} (vigie doctor donne les lignes à ajouter)", "custody": "13. Preuves", "root": "Racine du manifeste chaîné", "segments": "Segments", "snapshot": "État", "rules_version": "Règles (SHA-256)", "software": "Logiciel",
        "recount": "Recomptage", "recount_text": "vigie count --json{options} sur la même archive redonne {attacks} ; la page de presse (vigie report --for press) a une commande pour chaque nombre.", "privacy": "14. Données personnelles", "unread_log": "un journal qui n'a pas été lu",
        "none_said": "inconnu : pas encore répondu",
    },
}  # fmt: skip

GAPS: Final[Mapping[str, tuple[str, str]]] = {
    "postgresql_connections": ("no connection and no log-in that worked", "ni connexions ni authentifications réussies"), "postgresql_address": ("failures without an address", "des échecs sans adresse"),
    "mariadb_audit": ("no log-in that worked", "aucune connexion réussie"), "mysql_verbosity": ("denied log-ins may not be written", "les refus peuvent manquer"), "mysql_names": ("hosts by name instead of address", "des machines par leur nom, non leur adresse"),
    "redis": ("neither wrong passwords nor addresses", "ni mots de passe faux ni adresses"), "mongodb_address": ("failures without an address", "des échecs sans adresse"), "mssql_successes": ("no log-in that worked", "aucune connexion réussie"),
    "ssh_level": ("no log-in that worked", "aucune connexion réussie"), "firewall_limited": ("only so many lines a minute: counts are at least", "tant de lignes par minute : les comptes sont des minimums"),
    "firewall_doors": ("no new connection to a database port", "aucune nouvelle connexion vers un port de base"), "no_database_log": ("a database was reached and its log not read", "une base a été atteinte et son journal n'a pas été lu"),
    "no_durations": ("no durations: slowness cannot be seen", "pas de durées : une lenteur ne peut se voir"),
}  # fmt: skip
"""What a log cannot show, in short: English, French."""
