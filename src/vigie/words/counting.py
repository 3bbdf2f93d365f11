"""What `count`, `explain`, `show` and `read` say, in French and in English: one table, the same keys in both, held by a test.

Names of families, steps of the ladder and reasons are those of the demo's words. `--json` and `--csv` never pass through here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vigie.words.families import FAMILIES

TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "headline": "{attacks} attacks in {days} days, and this is how:",
        "headline_one": "1 attack in {days} days, and this is how:",
        "operations": "Of these {technical} are technical; {operations} are information operations (accounts in concert, waves of a rumour), a lane of its own: vigie show groups, vigie show rumours.",
        "nothing": "No times in what was read: nothing to count.",
        "set_aside": "{count} set aside: {reason}",
        "unread": "unread: {reason}",
        "grouped": "{count} grouped into others",
        "definition": "An attack: one actor pursuing one kind against one site without a pause of {pause} minutes.",
        "sensitivity": "With half that pause: {half}. With double: {double}.",
        "automation": "Made by a tool: {tool}. Made by hand for this site: at least {low}, at most {high} (of {undetermined} it cannot be said).",
        "automation_sure": "Made by a tool: {tool}. Made by hand for this site: {low}.",
        "verdict_tool": "A tool made it, because:",
        "verdict_bespoke": "Made by hand for this site, because:",
        "verdict_undetermined": "Tool or hand: it cannot be said.",
        "verdict_holds": "What holds:",
        "verdict_not": "Looked at, and does not hold: {rules}.",
        "hidden": "Not observable: {count} requests with a body (POST, PUT, PATCH) whose payload this log does not hold.",
        "peak": "Peak: {day}, with {count}.",
        "few": "Too few whole days to say whether it grows.",
        "rising": "More every day: about {slope} a day ({test}).",
        "falling": "Fewer every day: about {slope} a day ({test}).",
        "flat": "No clear trend ({test}).",
        "test": "Mann-Kendall over {days} whole days, {p}",
        "attacks": "attacks",
        "day": "day (UTC)",
        "snapshot": "Snapshot {id}. These are addresses and lines, not persons: see vigie explain count.",
        "next": "Next:",
        "next_count": "the whole ladder, days, trend",
        "next_show": "the list; then vigie explain ID for the raw lines",
        "rules": "Rules that spoke:",
        "raw": "Raw lines:",
        "raw_some": "Raw lines (the first {shown} of {all} signals; more with --limit):",
        "in": "in",
        "byte": "byte",
        "not_kept": "(line not kept)",
        "convinced": "convinced by: {text}",
        "weight": "Weight of the evidence: {weight} of the {bar} that it takes to count ({signs} different signs: source, rule and place).",
        "counted": "Counted: it reaches the bar.",
        "aside": "Not counted: {reason} ({count} signals).",
        "words": "What each word means:",
        "word_line": "what stood in the files, every one of them, read or not",
        "word_record": "a line that was read and that no other file had already given",
        "word_signal": "one detector's evidence in one record, with the exact text",
        "word_attempt": "signals of one source, one kind, one place, without a pause",
        "word_attack": "one actor (one source, or sources that sent the same payload within minutes), one kind, one site, without a pause",
        "published": "vigie: attacks on the site that began in each page's first 24 hours, beside the mean and range of the same hours of comparable days; "
        "then those on the page itself, and the minutes until the first. Scanners crawl whatever is linked: more attacks after a publication prove nothing alone.",
        "follow": "One attack of each kind, to follow down to its raw lines:",
        "signals": "{count} signals",
    },
    "fr": {
        "headline": "{attacks} attaques en {days} jours, et voici comment :",
        "headline_one": "1 attaque en {days} jours, et voici comment :",
        "operations": "Dont {technical} attaques techniques ; {operations} relèvent de l'opération d'information (comptes de concert, vagues d'une rumeur), à part : vigie show groups, vigie show rumours.",
        "nothing": "Aucune heure dans ce qui a été lu : rien à compter.",
        "set_aside": "{count} à part : {reason}",
        "unread": "illisibles, {reason}",
        "grouped": "{count} rejoignent d'autres",
        "definition": "Une attaque : un même auteur, un même procédé, un même site, sans pause de {pause} minutes.",
        "sensitivity": "Avec une pause de moitié : {half}. Du double : {double}.",
        "automation": "Faites par un outil : {tool}. Faites à la main pour ce site : au moins {low}, au plus {high} (pour {undetermined}, on ne peut le dire).",
        "automation_sure": "Faites par un outil : {tool}. Faites à la main pour ce site : {low}.",
        "verdict_tool": "Faite par un outil, parce que :",
        "verdict_bespoke": "Faite à la main pour ce site, parce que :",
        "verdict_undetermined": "Outil ou main : on ne peut le dire.",
        "verdict_holds": "Ce qui est constaté :",
        "verdict_not": "Examiné, et non constaté : {rules}.",
        "hidden": "Non observable : {count} envois (POST, PUT, PATCH) dont ce journal ne contient pas le contenu.",
        "peak": "Le pic : le {day}, avec {count}.",
        "few": "Trop peu de jours entiers pour dire si cela augmente.",
        "rising": "De plus en plus chaque jour : environ {slope} par jour ({test}).",
        "falling": "De moins en moins chaque jour : environ {slope} par jour ({test}).",
        "flat": "Pas de tendance nette ({test}).",
        "test": "test de Mann-Kendall sur {days} jours entiers, {p}",
        "attacks": "attaques",
        "day": "jour (UTC)",
        "snapshot": "État {id}. Ce sont des adresses et des lignes, non des personnes : voir vigie explain count.",
        "next": "Ensuite :",
        "next_count": "tous les échelons, les jours, la tendance",
        "next_show": "la liste ; puis vigie explain ID pour les lignes brutes",
        "rules": "Les règles qui ont parlé :",
        "raw": "Lignes brutes :",
        "raw_some": "Lignes brutes (les {shown} premiers des {all} signaux ; davantage avec --limit) :",
        "in": "dans",
        "byte": "octet",
        "not_kept": "(ligne non conservée)",
        "convinced": "ce qui a convaincu : {text}",
        "weight": "Poids des indices : {weight}, sur les {bar} qu'il faut pour compter ({signs} signes différents : source, règle et endroit).",
        "counted": "Comptée : elle atteint la barre.",
        "aside": "Non compté : {reason} ({count} signaux).",
        "words": "Ce que chaque mot veut dire :",
        "word_line": "ce qui était dans les fichiers, chaque ligne, lue ou non",
        "word_record": "une ligne lue, et qu'aucun autre fichier n'avait déjà donnée",
        "word_signal": "l'indice d'un détecteur dans un enregistrement, avec le texte exact",
        "word_attempt": "les signaux d'une même source, d'un même procédé, au même endroit, sans pause",
        "word_attack": "un auteur (une source, ou des sources qui ont envoyé la même charge à quelques minutes), un procédé, un site, sans pause",
        "published": "vigie : attaques du site commencées dans les 24 premières heures de chaque page, à côté de la moyenne et de l'étendue des mêmes heures de jours "
        "comparables ; puis celles sur la page même, et les minutes jusqu'à la première. Les scanners suivent tout lien : plus d'attaques après une publication ne prouvent rien seules.",
        "follow": "Une attaque de chaque sorte, à suivre jusqu'à ses lignes brutes :",
        "signals": "{count} signaux",
    },
}

WORDS: Final = ("line", "record", "signal", "attempt", "attack")
"""Words of the ladder that `explain count` says the meaning of."""

WORDS_FR: Final[Mapping[str, str]] = {
    "line": "ligne", "record": "enregistrement", "signal": "signal", "attempt": "tentative", "attack": "attaque",
}  # fmt: skip

COLUMNS_FR: Final[Mapping[str, str]] = {
    "attack_id": "attaque", "attempt_id": "tentative", "signal_id": "signal", "first_seen": "début", "last_seen": "fin", "seen_at": "heure",
    "family": "famille", "kind": "sorte", "tool": "outil", "actor": "auteur", "asset": "site", "records": "enregistrements",
    "attempts": "tentatives", "danger": "danger", "outcome": "issue", "source_address": "adresse", "target": "endroit", "signals": "signaux",
    "rule": "règle", "evidence": "indice", "attacks": "attaques", "families": "familles", "file": "fichier", "feed": "journal",
    "format": "format", "bytes": "octets", "lines": "lignes", "read": "lues", "unread": "illisibles", "aside": "à part",
    "byte_offset": "octet", "reason": "raison", "line": "ligne", "set_aside": "à part", "campaign_id": "campagne", "sources": "sources",
    "page": "page", "online": "en ligne", "usual": "d'habitude", "least": "au moins", "most": "au plus", "days": "jours comparés",
    "on_page": "sur la page", "delay": "délai (min)", "dated_by": "daté par", "period_id": "période", "what": "quoi", "impact": "effet",
    "requests": "requêtes", "views": "pages vues", "failed": "échecs", "automation": "automatisation", "targets": "endroits", "confidence": "confiance", "detector": "détecteur",
    "door_id": "porte", "service": "service", "source": "source", "tried": "essais", "accounts": "comptes", "databases": "bases", "word": "ce qu'il en est",
    "country": "pays", "countries": "pays", "network": "réseau", "relay": "relais", "connections": "connexions", "successes": "réussies", "candidates": "candidats",
}  # fmt: skip


def family_name(family: str, lang: str) -> str:
    """A family in a few plain French words; its own name in English, since that is what `--family` takes."""
    return f"{family} ({FAMILIES[family][0]})" if lang == "fr" and family in FAMILIES else family


def column_name(column: str, lang: str) -> str:
    """Heading of a column."""
    return COLUMNS_FR.get(column, column.replace("_", " ")) if lang == "fr" else column.replace("_", " ")
