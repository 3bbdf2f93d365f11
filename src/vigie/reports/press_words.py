"""The sentences of the press page, in English and in French: no adjective, no country as author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "{attacks} attacks in {days} days: how this number comes about", "title_one": "1 attack in {days} days: how this number comes about",
        "title_none": "Nothing seen: what was watched, and how", "by": "Of these: {parts}.",
        "of_scans": "port scans {count}", "of_doors": "attempts at databases and log-ins {count}", "of_floods": "floods {count}",
        "of_operations": "information operations, counted apart, {count}", "of_web": "on the web {count}",
        "unit": "1. What one attack is.",
        "unit_text": "One actor pursuing one kind of attack against one site, until it pauses for {pause} minutes. A program that tries a thousand pages is one attack, and so is a "
        "flood or a scan from many addresses; one weak sign alone is not counted.",
        "period": "2. Period.", "period_text": "{first} to {last}, {days} days, in UTC.", "period_none": "What was read holds no time.",
        "peak": "Most on {day}: {count}.", "rising": "Rising by about {slope} a day ({p}, Mann-Kendall test over {days} whole days).",
        "falling": "Falling by about {slope} a day ({p}, Mann-Kendall test over {days} whole days).", "flat": "No clear trend ({p}, Mann-Kendall test over {days} whole days).",
        "few": "Too few whole days to tell a trend.",
        "sources": "3. What was read.", "sources_text": "Files: {files}. Lines: {lines}, of which {unread} could not be read, each kept with its reason. {silences}",
        "silences": "The logs are silent for {hours} hours in all, in which nothing is known.", "no_silences": "No silence was found in the logs of the site.", "no_site": "No log of a site was read.",
        "kinds": "4. By kind.", "kind": "kind", "signals": "signals", "attempts": "attempts", "attacks": "attacks", "joined": "Campaigns: {why}.",
        "kinds_text": "Before that, of {signals} signals found, the weak, the doubled and those of a tool's bare name are set aside, each with its reason: vigie explain count.",
        "kinds_none": "No attack was seen in what was read. That is not proof that there was none.",
        "doors": "At the doors of databases and log-ins: {attacks}, of which {grave} at the ranks of danger where an account exists or somebody got in (5 to 7 of 7).",
        "doors_unknown": "Doors of databases and log-ins: {why}.",
        "sensitivity": "5. How much the rule matters.", "sensitivity_text": "With half the pause the count is {half}, with double the pause {double}.",
        "automation": "6. By program or by hand.",
        "automation_text": "{tool} bear marks of a program (its name, its grammar, its pace). Between {low} and {high} were made for this site by hand; of {undetermined} the logs do not tell which.",
        "origin": "7. Where it came from.",
        "origin_text": "{country}: the last hop of {hop} of {total} technical attacks is announced there; between {low} and {high} can have been sent from there; {unknown} cannot be "
        "placed. A last hop is where traffic left the network, not who sent it. Tables: {tables}.",
        "origin_none": "Of {total} technical attacks none has a last hop that can be placed in a country.",
        "unseen": "8. What could not be seen.",
        "unseen_text": "Whether an attack succeeded, where no log shows it. {posts} Mail, posts and installed software where none was given to "
        "vigie: “nothing found” is then “not looked”. {gaps}",
        "gaps": "Things missing from the logs that were read: {count} (vigie doctor names them).", "gaps_none": "",
        "posts": "Submissions whose content no log holds: {count}.", "posts_none": "What was sent to the site: none of its logs was read.",
        "coincidence": "9. Coincidences.",
        "coincidence_text": "No pair of events was declared beforehand, so none was tested, and nothing here says that one thing caused another. Pages whose first day is in the period: "
        "{pages}; their attacks stand beside those of comparable days in: vigie show publications.",
        "coincidence_none": "No pair of events was declared beforehand, so none was tested; no publication is known.",
        "made": "10. Computed by.",
        "made_text": "{software} on {made} UTC, rules {rules}, state {snapshot}, root of the evidence {root}. For a recount, ask {contact}: whoever holds the evidence runs the commands below.",
        "nobody": "the organisation (no contact was given)", "no_root": "(none: nothing was read)",
        "commands": "To recompute every number of this page (with VIGIE_ARCHIVE set to the evidence):",
        "personal": "No address, account or person is named on this page.",
    },
    "fr": {
        "title": "{attacks} attaques en {days} jours : d'où vient ce nombre", "title_one": "1 attaque en {days} jours : d'où vient ce nombre",
        "title_none": "Rien n'a été vu : ce qui a été regardé, et comment", "by": "Dont : {parts}.",
        "of_scans": "balayages de ports {count}", "of_doors": "tentatives aux portes des bases et des comptes {count}", "of_floods": "inondations {count}",
        "of_operations": "opérations d'information, comptées à part, {count}", "of_web": "sur le web {count}",
        "unit": "1. Ce qu'est une attaque.",
        "unit_text": "Un même auteur, un même procédé, un même site, jusqu'à une pause de {pause} minutes. Un programme qui essaie mille pages est une attaque, de même qu'une "
        "inondation ou un balayage venus de nombreuses adresses ; un signe faible et seul n'est pas compté.",
        "period": "2. Période.", "period_text": "Du {first} au {last}, {days} jours, en UTC.", "period_none": "Ce qui a été lu ne contient aucune heure.",
        "peak": "Le plus : le {day}, avec {count}.", "rising": "En hausse d'environ {slope} par jour ({p}, test de Mann-Kendall sur {days} jours entiers).",
        "falling": "En baisse d'environ {slope} par jour ({p}, test de Mann-Kendall sur {days} jours entiers).", "flat": "Pas de tendance nette ({p}, test de Mann-Kendall sur {days} jours entiers).",
        "few": "Trop peu de jours entiers pour dire une tendance.",
        "sources": "3. Ce qui a été lu.", "sources_text": "Fichiers : {files}. Lignes : {lines}, dont illisibles {unread}, chacune gardée avec sa raison. {silences}",
        "silences": "Les journaux se taisent {hours} heures en tout, dont on ne sait rien.", "no_silences": "Aucun silence trouvé dans les journaux du site.", "no_site": "Aucun journal de site n'a été lu.",
        "kinds": "4. Par sorte.", "kind": "sorte", "signals": "signaux", "attempts": "tentatives", "attacks": "attaques", "joined": "Campagnes : {why}.",
        "kinds_text": "Auparavant, des {signals} signaux trouvés, les faibles, les doubles et les simples noms d'outils sont mis à part, chacun avec sa raison : vigie explain count.",
        "kinds_none": "Aucune attaque n'a été vue dans ce qui a été lu. Cela ne prouve pas qu'il n'y en ait pas eu.",
        "doors": "Aux portes des bases et des comptes : {attacks}, dont {grave} aux rangs de danger où le compte existe ou quelqu'un est entré (5 à 7 sur 7).",
        "doors_unknown": "Portes des bases et des comptes : {why}.",
        "sensitivity": "5. Ce que pèse la règle.", "sensitivity_text": "Avec une pause de moitié, le compte est {half} ; avec une pause double, {double}.",
        "automation": "6. Par un programme ou à la main.",
        "automation_text": "{tool} portent les marques d'un programme (son nom, sa grammaire, son rythme). Entre {low} et {high} ont été faites pour ce site à la main ; pour {undetermined}, les journaux ne tranchent pas.",
        "origin": "7. D'où cela venait.",
        "origin_text": "{country} : le dernier saut de {hop} des {total} attaques techniques y est annoncé ; entre {low} et {high} ont pu en être envoyées ; {unknown} ne peuvent être "
        "situées. Un dernier saut est l'endroit où le trafic a quitté le réseau, non qui l'a envoyé. Tables : {tables}.",
        "origin_none": "Aucune des {total} attaques techniques n'a de dernier saut que l'on puisse situer dans un pays.",
        "unseen": "8. Ce qui n'a pu être vu.",
        "unseen_text": "Si une attaque a réussi, là où aucun journal ne le montre. {posts} Le courrier, les publications et les logiciels installés "
        "là où rien n'a été donné à vigie : « rien trouvé » veut alors dire « pas regardé ». {gaps}",
        "gaps": "Manques constatés dans les journaux lus : {count} (vigie doctor les nomme).", "gaps_none": "",
        "posts": "Envois dont aucun journal ne contient le contenu : {count}.", "posts_none": "Ce qui a été envoyé au site : aucun de ses journaux n'a été lu.",
        "coincidence": "9. Coïncidences.",
        "coincidence_text": "Aucun couple d'événements n'a été déclaré d'avance, aucun n'a donc été testé, et rien ici ne dit qu'une chose en a causé une autre. Pages dont le premier jour est dans la "
        "période : {pages} ; leurs attaques, à côté de celles de jours comparables : vigie show publications.",
        "coincidence_none": "Aucun couple d'événements n'a été déclaré d'avance, aucun n'a donc été testé ; aucune publication n'est connue.",
        "made": "10. Calculé par.",
        "made_text": "{software} le {made} UTC, règles {rules}, état {snapshot}, racine des preuves {root}. Pour un recomptage, s'adresser à {contact} : qui détient les preuves lance les commandes ci-dessous.",
        "nobody": "l'organisation (aucun contact donné)", "no_root": "(aucune : rien n'a été lu)",
        "commands": "Pour recalculer chaque nombre de cette page (VIGIE_ARCHIVE désignant les preuves) :",
        "personal": "Ni adresse, ni compte, ni personne n'est nommé sur cette page.",
    },
}  # fmt: skip
