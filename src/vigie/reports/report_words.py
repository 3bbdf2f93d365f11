"""Words that several reports share, in English and in French: why something is not known, roles of addresses, answers, stages, privacy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vigie.reports.facts import NOT_ANSWERED, NOT_LOOKED, NOT_VISIBLE, NOTHING_SEEN, Report, Unknown
from vigie.reports.roles import FLOOD, FORGED, OWN, PARTNER, PRIVATE, RELAY
from vigie.words.numbers import number

UNKNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {NOT_LOOKED: "not known: nobody looked{more}", NOTHING_SEEN: "nothing seen{more}; that is not “none”", NOT_VISIBLE: "not known: the logs do not show it{more}", NOT_ANSWERED: "not known: not answered yet{more}"},
    "fr": {NOT_LOOKED: "inconnu : personne n'a regardé{more}", NOTHING_SEEN: "rien n'a été vu{more} ; ce n'est pas « rien »", NOT_VISIBLE: "inconnu : les journaux ne le montrent pas{more}", NOT_ANSWERED: "inconnu : pas encore répondu{more}"},
}  # fmt: skip
"""A reason in words."""

WATCHED: Final[Mapping[str, tuple[str, str]]] = {
    "doors": (" (give vigie the logs of databases, SSH or mail)", " (donnez à vigie les journaux des bases, de SSH ou du courrier)"),
    "doors seen": (", with the logs of log-ins watched", ", les journaux de connexion étant regardés"),
    "origin": (", with the web, firewall and database logs that were given watched", ", les journaux donnés étant regardés"),
    "campaigns": (" (attacks are not joined to campaigns yet)", " (les attaques ne sont pas encore regroupées en campagnes)"),
    "posture": (" (what is installed was not given to vigie)", " (ce qui est installé n'a pas été donné à vigie)"),
    "publications": (" (give vigie a sitemap, a feed or the posts of the site)", " (donnez à vigie un plan du site, un flux ou ses articles)"),
    "detected": (" (an archive does not keep when a log was read)", " (une archive ne garde pas quand un journal a été lu)"),
    "judgement": (" (vigie explain who, edited and signed by a person)", " (vigie explain who, modifié et signé par une personne)"),
    "addresses": (" (give vigie logs that hold addresses: of the site, the firewall, databases)", " (donnez à vigie des journaux qui contiennent des adresses : site, pare-feu, bases)"),
    "logs": (" (no log was read)", " (aucun journal n'a été lu)"),
    "web": (" (give vigie the logs of the site)", " (donnez à vigie les journaux du site)"),
    "attacks": (", with {logs} logs watched from {first} to {last}", ", {logs} journaux étant regardés du {first} au {last}"),
    "incident": (" (in the file of --organisation)", " (dans le fichier de --organisation)"),
}  # fmt: skip
"""What was looked at, or what to give: English, French."""

ROLES: Final[Mapping[str, tuple[str, str]]] = {
    OWN: ("one's own", "les nôtres"), PARTNER: ("of partners, monitors or search engines", "de partenaires, de sondes ou de moteurs de recherche"),
    PRIVATE: ("private or reserved", "privées ou réservées"), FORGED: ("no handshake was seen, may be forged", "sans poignée de main vue, peut-être forgées"),
    RELAY: ("relays and rented machines, which others use too", "relais et machines louées, que d'autres utilisent aussi"),
    FLOOD: ("seen in a flood only, visitors may be among them", "vues seulement dans une inondation, des visiteurs peuvent en être"),
}  # fmt: skip
"""Why an address is no indicator: English, French."""

ANSWERS: Final[Mapping[str, tuple[str, str]]] = {"yes": ("yes", "oui"), "no": ("no", "non"), "unknown": ("we do not know", "nous ne savons pas")}
"""Answers as an agency takes them: English, French."""

IMPACTS: Final[Mapping[str, tuple[str, str]]] = {
    "absorbed": ("absorbed", "absorbée"), "slowed": ("slowed", "ralenti"), "unavailable": ("unavailable", "indisponible"), "cannot tell": ("cannot tell from the logs", "les journaux ne permettent pas de le dire"),
}  # fmt: skip
"""What visitors got: English, French."""

WHAT: Final[Mapping[str, tuple[str, str]]] = {
    "flood": ("flood", "inondation"), "crowd": ("crowd (no attack)", "affluence (pas une attaque)"), "impact": ("bad time for visitors", "mauvais moment pour les visiteurs"),
    "silence": ("silence of the log", "silence du journal"), "unclear": ("unclear rush", "afflux indéterminé"),
}  # fmt: skip
"""What a disturbance is: English, French."""

PRIVACY: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "left": "Personal data are left out or replaced by pseudonyms (address_…, account_…): the same one stands for the same address or account in all reports of one deployment, and only it holds the key. "
        "Told are addresses that took part in attacks and are indicators or relays. Posts and what they share are not quoted.",
        "identified": "Personal data are given in clear, on request. Reason: {why}",
        "held": "Not told as indicators: {parts}.", "held_none": "No address had to be left out.",
    },
    "fr": {
        "left": "Les données personnelles sont omises ou remplacées par des pseudonymes (address_…, account_…) : le même désigne la même adresse ou le même compte dans tous les rapports d'une même installation, "
        "qui seule détient la clé. Sont dites les adresses qui ont pris part à des attaques et sont des indicateurs ou des relais. Ni les messages publiés ni ce qu'ils partagent ne sont cités.",
        "identified": "Les données personnelles sont données en clair, sur demande. Raison : {why}",
        "held": "Non dites comme indicateurs : {parts}.", "held_none": "Aucune adresse n'a dû être omise.",
    },
}  # fmt: skip
"""What is said of personal data."""


def column(lang: str) -> int:
    """Where the tables of pairs hold a language."""
    return 1 if lang == "fr" else 0


def why_unknown(one: Unknown, lang: str, **watched: str) -> str:
    """Why something is not known, in words.

    Args:
        one: the value.
        lang: `fr` or `en`.
        **watched: what its words of `WATCHED` ask for.
    """
    key = f"{one.watched} seen" if one.reason == NOTHING_SEEN and f"{one.watched} seen" in WATCHED else one.watched
    more = WATCHED[key][column(lang)].format(**watched) if key else ""
    return UNKNOWN[lang][one.reason].format(more=more)


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def nothing(report: Report, lang: str) -> str:
    """What is said where no attack was seen: with what watched, or that nobody looked."""
    first, last = report.count.first, report.count.last
    if not (report.logs and first and last):
        return why_unknown(Unknown(NOT_LOOKED, "logs"), lang)
    return why_unknown(Unknown(NOTHING_SEEN, "attacks"), lang, logs=number(len(report.logs), lang), first=f"{first:%Y-%m-%d %H:%M}", last=f"{last:%Y-%m-%d %H:%M} UTC")
