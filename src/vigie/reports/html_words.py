"""The words of the report for one's own house, in English and in French; those of the notification are taken from there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "What was seen, and how it was counted", "headline": "{attacks} attacks in {days} days, from {first} to {last} UTC.",
        "none_read": "Nothing was read yet. Give vigie logs: vigie read /var/log/nginx/access.log*",
        "up": "Was the site up?", "up_none": "No flood, no crowd and no bad time for visitors was found{timed}.", "untimed": "; the logs hold no durations, so slowness cannot be seen",
        "doors": "Databases and log-ins", "doors_title": "Attacks by rank of danger", "ladder": "How do you arrive at that number?", "ladder_title": "From lines to attacks", "ladder_text": "At each step, what goes in is kept, set aside with its reason, or joined with others. "
        "With half the pause of {pause} minutes there are {half} attacks, with double the pause {double}.",
        "days": "Day by day", "days_title": "Attacks by day (UTC)", "kinds": "Of what kinds?", "tools": "Standard tool, or made for this site?", "tools_title": "Tool, bespoke, cannot tell",
        "tools_text": "{tool} by a tool; made for this site by hand: between {low} and {high}.", "origin": "Where from? Last hops, with bounds", "origin_title": "Attacks by country of the last hop",
        "publications": "Publications", "pub_head": "page|online (UTC)|attacks, 24 h|usual|days compared|on the page", "evidence": "Raw lines", "unseen": "What could not be seen", "custody": "Evidence", "privacy": "Personal data",
        "not_watched": "Not watched yet", "attacks": "attacks", "peak": "Most on {day}: {count}.",
        "commands": "The same answers at the command line: vigie count, vigie explain count, vigie show attacks, vigie show doors, vigie explain origin, vigie explain availability.",
    },
    "fr": {
        "title": "Ce qui a été vu, et comment c'est compté", "headline": "{attacks} attaques en {days} jours, du {first} au {last} UTC.",
        "none_read": "Rien n'a encore été lu. Donnez des journaux à vigie : vigie read /var/log/nginx/access.log*",
        "up": "Le site répondait-il ?", "up_none": "Ni inondation, ni affluence, ni mauvais moment pour les visiteurs{timed}.", "untimed": " ; les journaux n'ont pas de durées, une lenteur ne peut se voir",
        "doors": "Bases de données et connexions", "doors_title": "Attaques par rang de danger", "ladder": "Comment arrivez-vous à ce nombre ?", "ladder_title": "Des lignes aux attaques", "ladder_text": "À chaque échelon, ce qui entre est gardé, mis à part avec sa raison, ou rejoint d'autres. "
        "Avec la moitié de la pause de {pause} minutes il y a {half} attaques, avec le double {double}.",
        "days": "Jour par jour", "days_title": "Attaques par jour (UTC)", "kinds": "De quelles sortes ?", "tools": "Outil courant, ou fait pour ce site ?", "tools_title": "Outil, sur mesure, indéterminé",
        "tools_text": "{tool} par un outil ; faites pour ce site à la main : entre {low} et {high}.", "origin": "D'où ? Les derniers sauts, avec bornes", "origin_title": "Attaques par pays du dernier saut",
        "publications": "Publications", "pub_head": "page|en ligne (UTC)|attaques, 24 h|d'habitude|jours comparés|sur la page", "evidence": "Lignes brutes", "unseen": "Ce qui n'a pu être vu", "custody": "Preuves", "privacy": "Données personnelles",
        "not_watched": "Pas encore regardé", "attacks": "attaques", "peak": "Le plus : le {day}, avec {count}.",
        "commands": "Les mêmes réponses en ligne de commande : vigie count, vigie explain count, vigie show attacks, vigie show doors, vigie explain origin, vigie explain availability.",
    },
}  # fmt: skip
