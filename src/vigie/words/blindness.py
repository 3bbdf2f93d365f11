"""What is said of what logs cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "none": "Nothing is missing that vigie knows of in the logs that were read.",
        "head": "What these logs cannot show, and what to add so that the next ones can:",
        "unread": "(no log of it was read)",
        "paste": "Add to {where}:",
        "postgresql_connections": "No connection and no log-in that worked is logged: whether somebody got in cannot be seen. Connect-and-close leaves nothing at all.",
        "postgresql_address": "Failed log-ins have no address: they are counted with their source unknown.",
        "mariadb_audit": "The error log tells no log-in that worked, and the same words for a probe, a knock and a refused host. The audit plugin tells them apart.",
        "mysql_verbosity": "Denied log-ins are notes in MySQL: without this verbosity they are not written.",
        "mysql_names": "Hosts stand there by name, which the attacker's own DNS may choose; and a slow resolver makes the server slow.",
        "redis": "Redis logs neither wrong passwords nor commands without one, and no addresses. Keep it on the machine itself, and log who knocks with the firewall.",
        "mongodb_address": "Some failed log-ins have no address.",
        "mssql_successes": "No log-in that worked is logged: whether somebody got in cannot be seen.",
        "ssh_level": "No log-in that worked is logged here: nobody logged in, or LogLevel is below INFO. VERBOSE also tells which key.",
        "firewall_limited": "The firewall writes only so many lines a minute: what is counted in this log is at least, never how many.",
        "firewall_doors": "No new connection to a database port is logged: where the database does not log addresses, nobody does.",
        "no_database_log": "Somebody knocked at its port, and its log was not read: how far he got cannot be seen.",
        "no_durations": "Requests have no durations: whether the site was slow cannot be seen.",
        "exposed": "Port of {service}: reached from outside ({count}). Let only your web host in, with the firewall or with listen_addresses / bind.",
    },
    "fr": {
        "none": "Rien ne manque, que vigie sache, dans les journaux lus.",
        "head": "Ce que ces journaux ne peuvent montrer, et ce qu'il faut ajouter pour que les prochains le puissent :",
        "unread": "(aucun journal n'en a été lu)",
        "paste": "À ajouter à {where} :",
        "postgresql_connections": "Ni connexions ni authentifications réussies n'y figurent : impossible de voir si quelqu'un est entré. Se connecter puis raccrocher n'y laisse rien.",
        "postgresql_address": "Les échecs n'ont pas d'adresse : ils sont comptés, de source inconnue.",
        "mariadb_audit": "Le journal d'erreurs ne dit aucune réussite, et les mêmes mots pour une sonde, un contact et une machine refusée. Le greffon d'audit les distingue.",
        "mysql_verbosity": "Dans MySQL, les refus sont des notes : sans ce réglage ils ne sont pas écrits.",
        "mysql_names": "Les machines y sont nommées, et c'est le DNS de l'attaquant qui peut choisir le nom ; un résolveur lent ralentit aussi le serveur.",
        "redis": "Redis ne journalise ni mots de passe faux, ni commandes sans mot de passe, ni adresses. Gardez-le sur la machine même, et journalisez les contacts au pare-feu.",
        "mongodb_address": "Des échecs n'ont pas d'adresse.",
        "mssql_successes": "Aucune connexion réussie n'y figure : impossible de voir si quelqu'un est entré.",
        "ssh_level": "Aucune connexion réussie n'y figure : personne ne s'est connecté, ou LogLevel est plus bas qu'INFO. VERBOSE dit aussi avec quelle clé.",
        "firewall_limited": "Le pare-feu n'écrit que tant de lignes par minute : ce qu'on y compte est un minimum, jamais un nombre.",
        "firewall_doors": "Aucune nouvelle connexion vers un port de base de données n'y figure : si la base ne note pas les adresses, personne ne le fait.",
        "no_database_log": "On a frappé à son port, et son journal n'a pas été lu : impossible de voir jusqu'où.",
        "no_durations": "Les requêtes n'ont pas de durée : impossible de voir si le site était lent.",
        "exposed": "Port de {service} : atteint de l'extérieur ({count}). N'y laissez entrer que votre serveur web, par le pare-feu ou par listen_addresses / bind.",
    },
}  # fmt: skip

WHERE_FR: Final[Mapping[str, str]] = {
    "the firewall": "la configuration du pare-feu", "the database": "la commande de lecture", "the web server": "la configuration du serveur web",
    "SQL Server, then restart it": "SQL Server, puis redémarrez-le",
}  # fmt: skip
