"""The sentences of `vigie explain origin`, in English and in French. No sentence here says that somebody somewhere did something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "nothing": "No attacks{filtered}: nothing to place.", "filtered": " of this kind",
        "sentence": "{country}: {hop} of {total} attacks had their last hop announced there. Between {low} and {high} of them can have been sent from that country; "
        "{unknown} cannot be placed.",
        "placed_none": "{total} attacks, and none has a last hop that can be placed in a country.",
        "caution": "An address is where the traffic left the network for us. It is not who sent it.",
        "unplaced": "What cannot be placed, of {total} attacks:",
        "relayed": "came through a relay, or from rented machines: whoever sent it need not be there",
        "disputed": "the tables disagree, or only one of them knows the address",
        "unlocated": "the address is in no table (private, reserved, not in the log)",
        "unverified": "no handshake was seen, so the address may be forged: not placed at all",
        "mixed": "sources in several countries, none of which has four of five",
        "assumed": "The bounds take an address that is on no list for the sender's own. A taken-over home machine or a residential proxy is on no list: "
        "without that assumption nothing can be said (0 % to 100 %). More attacks do not narrow the bounds; better lists do.",
        "table": "Last hops by country", "attacks": "attacks", "sources": "sources", "signals": "signals",
        "legend": "█ placed there   ▓ last hop there, but not placed   ░ cannot be placed, may be there",
        "units": "Each: share of last hops [at least – at most]. {attacks} attacks, {sources} sources (IPv6 by /64), {signals} signals.",
        "rest": "{count} others", "nowhere": "in no country", "relays": "Relays, by the country of the last hop (explained, not hidden):",
        "relay": "{country}: {relayed} of {attacks} attacks through {kinds}. Networks: {networks}.",
        "relay_none": "{country}: none of {attacks} attacks through a relay that is known.",
        "base": "{country} holds {space} of the addresses that the tables place; they agree on {agreed} of them. Agreement is not accuracy: all read the same registries.",
        "tables": "Tables: {names}.", "of": "{name} of {date}", "undated": "{name}, undated", "no_tables": "No table of countries is there, so every country is unknown. Try: vigie update geo FILE",
        "far": "The attacks are {years} years away from the table's date: addresses change hands, so take the countries with care.",
        "lists": "Lists of relays: {names}. They speak for {checked} of {total} attacks.",
        "no_lists": "No list of relays of the time: only networks known for renting out machines are told. Try: vigie update relays FILE --kind tor_exit",
        "unchecked": "For {count} attacks no list of relays is of the time: Tor exits and VPNs among them are not seen.",
        "kind_by": "What a network is for is told by its number or its name: it says that machines are for rent, and nothing bad of them.",
        "old": "vigie: the table of countries is of {date}, {days} days old. Newer: vigie update geo FILE",
        "credit": "Network names and countries: NRO (nro.net), RouteViews (routeviews.org), IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0.",
        "one_attack": "Sources of {attack}, as of the time of the attack:", "at_the_time": "at the time", "away": "{days} days away",
        "skipped": "vigie: {name}: {count} lines of the table could not be used",
    },
    "fr": {
        "nothing": "Aucune attaque{filtered} : rien à situer.", "filtered": " de cette sorte",
        "sentence": "{country} : pour {hop} des {total} attaques, le dernier saut est annoncé dans ce pays. Entre {low} et {high} d'entre elles ont pu en être envoyées ; "
        "{unknown} ne peuvent être situées.",
        "placed_none": "{total} attaques, dont aucune n'a de dernier saut que l'on puisse situer dans un pays.",
        "caution": "Une adresse est l'endroit où le trafic est sorti du réseau vers nous. Ce n'est pas qui l'a envoyé.",
        "unplaced": "Ce qui ne peut être situé, sur {total} attaques :",
        "relayed": "passées par un relais, ou par des machines louées : qui les envoie n'est pas forcément là",
        "disputed": "les tables se contredisent, ou une seule connaît l'adresse",
        "unlocated": "l'adresse n'est dans aucune table (privée, réservée, absente du journal)",
        "unverified": "aucune connexion complète n'a été vue, l'adresse peut être falsifiée : pas située du tout",
        "mixed": "des sources dans plusieurs pays, dont aucun n'en a quatre sur cinq",
        "assumed": "Les bornes prennent une adresse absente de toute liste pour celle de l'expéditeur. Un ordinateur piraté chez un particulier ou un relais résidentiel n'est sur "
        "aucune liste : sans cette hypothèse on ne peut rien dire (0 % à 100 %). Plus d'attaques ne resserrent pas les bornes ; de meilleures listes, oui.",
        "table": "Derniers sauts par pays", "attacks": "attaques", "sources": "sources", "signals": "signaux",
        "legend": "█ situées là   ▓ dernier saut là, mais non situées   ░ non situées, peut-être là",
        "units": "Chaque fois : part des derniers sauts [au moins – au plus]. {attacks} attaques, {sources} sources (IPv6 par /64), {signals} signaux.",
        "rest": "{count} autres", "nowhere": "dans aucun pays", "relays": "Les relais, par pays du dernier saut (expliqués, non cachés) :",
        "relay": "{country} : {relayed} des {attacks} attaques par {kinds}. Réseaux : {networks}.",
        "relay_none": "{country} : aucune des {attacks} attaques par un relais connu.",
        "base": "{country} : {space} des adresses que situent les tables ; elles s'accordent sur {agreed} d'entre elles. S'accorder n'est pas avoir raison : toutes lisent les mêmes registres.",
        "tables": "Tables : {names}.", "of": "{name} du {date}", "undated": "{name}, sans date", "no_tables": "Aucune table de pays : tous les pays sont inconnus. Essayez : vigie update geo FICHIER",
        "far": "Les attaques sont à {years} ans de la date de la table : les adresses changent de mains, prenez les pays avec prudence.",
        "lists": "Listes de relais : {names}. Elles valent pour {checked} des {total} attaques.",
        "no_lists": "Aucune liste de relais de l'époque : seuls les réseaux connus pour louer des machines sont signalés. Essayez : vigie update relays FICHIER --kind tor_exit",
        "unchecked": "Pour {count} attaques, aucune liste de relais n'est de l'époque : les sorties Tor et les VPN n'y sont pas vus.",
        "kind_by": "À quoi sert un réseau est dit par son numéro ou son nom : cela dit que des machines y sont à louer, et rien de mal.",
        "old": "vigie : la table des pays est du {date}, elle a {days} jours. Plus récent : vigie update geo FICHIER",
        "credit": "Noms de réseaux et pays : NRO (nro.net), RouteViews (routeviews.org), IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0.",
        "one_attack": "Les sources de {attack}, à la date de l'attaque :", "at_the_time": "de l'époque", "away": "à {days} jours de là",
        "skipped": "vigie : {name} : {count} lignes de la table inutilisables",
    },
}  # fmt: skip

RELAY_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "tor_exit": ("Tor exits", "sorties Tor"), "vpn": ("VPNs", "VPN"), "public_proxy": ("open proxies", "relais ouverts"),
    "residential_proxy": ("residential proxies", "relais résidentiels"), "private_relay": ("private relays", "relais privés"),
    "tunnel": ("IPv6 tunnels", "tunnels IPv6"), "cdn": ("content networks", "réseaux de diffusion"), "hosting": ("rented machines", "machines louées"),
}  # fmt: skip
"""A kind of relay in English and French."""
