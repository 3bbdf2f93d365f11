"""What is said of port scans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "limited": "At least: {feeds} writes no more than {per_minute} lines a minute, however much happens, so scans in it are counted short. See: vigie doctor",
        "doors": "This scan: {least}{probes} doors (host and port), {answered} of them answered. Hosts: {hosts}, ports: {ports}, sources: {sources}, lines: {packets}.",
        "least": "at least ", "databases": "Among them ports of databases: {ports}.",
        "forged": "No handshake is seen: the address may be forged, and says nothing of the origin.",
        "contacts": "First contacts that were kept:",
        "background": "Set aside by day: sources that knocked at one or two doors ({few}), answers to forged addresses ({answers} packets). See: vigie sql 'from scan_background'",
    },
    "fr": {
        "limited": "Au moins : {feeds} n'écrit pas plus de {per_minute} lignes par minute, quoi qu'il arrive ; les balayages y sont donc sous-comptés. Voir : vigie doctor",
        "doors": "Ce balayage : {least}{probes} portes (machine et port), dont {answered} ont répondu. Machines : {hosts}, ports : {ports}, sources : {sources}, lignes : {packets}.",
        "least": "au moins ", "databases": "Parmi elles, des ports de bases de données : {ports}.",
        "forged": "Aucune poignée de main visible : l'adresse peut être forgée, et ne dit rien de l'origine.",
        "contacts": "Premiers contacts conservés :",
        "background": "Mis à part par jour : sources qui n'ont frappé qu'à une ou deux portes ({few}), réponses à des adresses forgées ({answers} paquets). Voir : vigie sql 'from scan_background'",
    },
}  # fmt: skip
