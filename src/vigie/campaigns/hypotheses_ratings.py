"""What vigie proposes for what it computes: the statement in words, the grade, and how it fits each of its own hypotheses, with the reason.

They are proposals: a table that anybody can read, and that the team changes in its file. Three rules hold for all of them, and a test says so: `unknown`
is never rated; where the last hops are, and whether they are relays, fits all alike; and nothing that a log of requests or connections holds
tells an activist from an actor linked to a state, so the two are rated alike and only evidence of another kind parts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ORDER: Final = ("opportunistic", "criminal", "activist", "state_linked")
"""Hypotheses of the columns below; all others are 0."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How one outcome of one kind of evidence is said and rated.

    Attributes:
        english, french: the statement, with names for numbers in braces.
        credibility: of the statement (2 counted, 3 concluded, 4 weak).
        ratings: in the order of `ORDER`.
        why, why_fr: the reason.
    """

    english: str
    french: str
    credibility: int
    ratings: tuple[int, int, int, int]
    why: str
    why_fr: str

    def rated(self) -> dict[str, int]:
        """Its ratings by hypothesis, with `unknown` 0."""
        return {**dict(zip(ORDER, self.ratings, strict=True)), "unknown": 0}


_NONE = (0, 0, 0, 0)
_SEEN_IF = "What was looked for and not found counts for nothing unless it would have been seen."
_SEEN_IF_FR = "Ce qu'on a cherché sans le trouver ne compte que si on l'aurait vu."

_TOO_FEW = "Too few to speak of the whole set: ask about them alone."
_TOO_FEW_FR = "Trop peu pour parler de l'ensemble : interrogez-les à part."

KINDS: Final[Mapping[str, str]] = {
    "tools": "E1", "background": "E2", "bespoke": "E3", "hours": "E4", "publications": "E5", "databases": "E6", "floods": "E7", "reuse": "E8",
    "relays": "E9", "last_hop": "E10",
}  # fmt: skip
"""Kinds of evidence that are computed, and the id that each always has."""

PROPOSALS: Final[Mapping[str, Proposal]] = {
    "tools.most": Proposal(
        "{count} of {of} attacks were made with a tool that anybody can get, {named} of them with one that can be named",
        "{count} attaques sur {of} ont été menées avec un outil que chacun peut se procurer, dont {named} avec un outil qu'on peut nommer",
        2, (1, 0, 0, 0), "Common tools are what the background uses; the others use them too.", "Le fond se sert d'outils courants ; les autres aussi."),
    "tools.some": Proposal(
        "{count} of {of} attacks were made with a tool that anybody can get, {named} of them with one that can be named",
        "{count} attaques sur {of} ont été menées avec un outil que chacun peut se procurer, dont {named} avec un outil qu'on peut nommer",
        2, _NONE, "Everybody uses common tools, and this share is nobody's mark.", "Chacun se sert d'outils courants, et cette part n'est la marque de personne."),
    "background.most": Proposal(
        "{count} of {of} attacks are of kinds that every site meets: searches for secrets, content systems, lists of names, relays and open doors",
        "{count} attaques sur {of} sont de celles que tout site rencontre : recherche de secrets, de systèmes de contenu, listes de noms, relais et portes ouvertes",
        2, (1, 0, 0, 0), "It is what happens to a site that nobody means.", "C'est ce qui arrive à un site que personne ne vise."),
    "background.some": Proposal(
        "{count} of {of} attacks are of kinds that every site meets: searches for secrets, content systems, lists of names, relays and open doors",
        "{count} attaques sur {of} sont de celles que tout site rencontre : recherche de secrets, de systèmes de contenu, listes de noms, relais et portes ouvertes",
        2, _NONE, "Every site meets some of these, whoever else is there.", "Tout site en rencontre, qui que ce soit d'autre soit là."),
    "bespoke.many": Proposal(
        "{count} of {of} attacks were made for this site (at least; at most {most}): the page was looked at before, tries were adapted to answers",
        "{count} attaques sur {of} ont été faites pour ce site (au moins ; au plus {most}) : page consultée avant, essais adaptés aux réponses",
        3, (-2, 0, 0, 0), "Who means no site in particular does not study one.", "Qui ne vise aucun site n'en étudie pas un."),
    "bespoke.few": Proposal(
        "{count} of {of} attacks were made for this site (at least; at most {most}): the page was looked at before, tries were adapted to answers",
        "{count} attaques sur {of} ont été faites pour ce site (au moins ; au plus {most}) : page consultée avant, essais adaptés aux réponses",
        3, _NONE, _TOO_FEW, _TOO_FEW_FR),
    "bespoke.none": Proposal(
        "no attack of {of} is known to have been made for this site; of {most} it cannot be said",
        "d'aucune attaque sur {of} on ne sait qu'elle a été faite pour ce site ; pour {most} on ne peut le dire",
        3, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "hours.week": Proposal(
        "{inside} of {days} source days begin in the working week that fits best, five times nine hours, the first {begins} hours from Monday, 0:00 UTC; chance would put {expected} there",
        "{inside} journées de source sur {days} commencent dans la semaine de travail qui convient le mieux, cinq fois neuf heures, les premières à {begins} heures du lundi 0 h UTC ; "
        "le hasard en mettrait {expected}",
        4, (-1, 0, 0, 0), "A background does not rest at weekends. Weak: hours can be kept on purpose, and many zones share them.",
        "Un fond ne se repose pas le week-end. Faible : on peut feindre des horaires, et bien des fuseaux les partagent."),
    "hours.none": Proposal(
        "no working week stands out among {days} source days", "aucune semaine de travail ne se détache parmi {days} journées de source",
        4, _NONE, "Programs have no working week, and those who use them need not be there.", "Un programme n'a pas de semaine de travail, et qui s'en sert n'a pas à être là."),
    "hours.few": Proposal(
        "{days} source days are too few, or too close together, to look for a working week",
        "{days} journées de source sont trop peu, ou trop proches, pour chercher une semaine de travail", 6, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "publications.follow": Proposal(
        "{count} of {of} attacks began within two hours after one of {pages} pages went online; {expected} would be expected from their own days and hours (p = {p})",
        "{count} attaques sur {of} ont commencé dans les deux heures qui ont suivi la mise en ligne d'une de {pages} pages ; leurs propres jours et heures en laissaient attendre "
        "{expected} (p = {p})",
        3, (-1, -1, 1, 1), "Who follows what is published cares for what it says, or a common cause moves both; money and chance do not read.",
        "Qui suit les publications s'intéresse à ce qu'elles disent, ou une même cause mène les deux ; l'argent et le hasard ne lisent pas."),
    "publications.not": Proposal(
        "{count} of {of} attacks began within two hours after one of {pages} pages went online; {expected} would be expected from their own days and hours (p = {p})",
        "{count} attaques sur {of} ont commencé dans les deux heures qui ont suivi la mise en ligne d'une de {pages} pages ; leurs propres jours et heures en laissaient attendre "
        "{expected} (p = {p})",
        3, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "publications.none": Proposal(
        "no page is known to have gone online while these {of} attacks went on", "on ne sait d'aucune page mise en ligne pendant ces {of} attaques",
        6, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "databases.in": Proposal(
        "{count} of {of} attacks are at the doors of databases, {danger} of them with a log-in that worked", "{count} attaques sur {of} sont aux portes des bases, dont {danger} avec une connexion réussie",
        2, (-1, 0, 0, 0), "Chance seldom gets in.", "Le hasard entre rarement."),
    "databases.few": Proposal(
        "{count} of {of} attacks are at the doors of databases, {danger} of them with a log-in that worked", "{count} attaques sur {of} sont aux portes des bases, dont {danger} avec une connexion réussie",
        2, _NONE, _TOO_FEW, _TOO_FEW_FR),
    "databases.tried": Proposal(
        "{count} of {of} attacks are at the doors of databases; of no log-in is it known that it worked",
        "{count} attaques sur {of} sont aux portes des bases ; d'aucune connexion on ne sait qu'elle a réussi",
        2, _NONE, "A port that answers is tried by everybody.", "Un port qui répond est essayé par tout le monde."),
    "databases.none": Proposal(
        "no attack of {of} is at the door of a database, in the logs that were read", "aucune attaque sur {of} n'est à la porte d'une base, dans les journaux lus",
        6, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "floods.many": Proposal(
        "{count} of {of} attacks are floods; {down} of them slowed the site or made it unavailable",
        "{count} attaques sur {of} sont des inondations ; celles qui ont ralenti le site ou l'ont rendu indisponible : {down}",
        2, (-1, 0, 0, 0), "A flood costs its maker something and gains nothing at random; money, anger and orders all pay for floods.",
        "Une inondation coûte à qui la mène et ne rapporte rien au hasard ; l'argent, la colère et les ordres en paient."),
    "floods.few": Proposal(
        "{count} of {of} attacks are floods; {down} of them slowed the site or made it unavailable",
        "{count} attaques sur {of} sont des inondations ; celles qui ont ralenti le site ou l'ont rendu indisponible : {down}", 2, _NONE, _TOO_FEW, _TOO_FEW_FR),
    "floods.none": Proposal(
        "no attack of {of} is a flood", "aucune attaque sur {of} n'est une inondation", 2, _NONE, _SEEN_IF, _SEEN_IF_FR),
    "reuse.many": Proposal(
        "{count} of {of} attacks have an address in common with an attack of another sort (pages, floods, log-ins) on another day",
        "{count} attaques sur {of} ont une adresse en commun avec une attaque d'une autre sorte (pages, inondations, connexions) un autre jour",
        4, (-1, 0, 0, 0), "A background is mostly passers-by. Weak: programs that try everything come back too, and an address may have many users.",
        "Un fond est fait surtout de passants. Faible : les programmes qui essaient tout reviennent aussi, et une adresse peut avoir bien des utilisateurs."),
    "reuse.some": Proposal(
        "{count} of {of} attacks have an address in common with an attack of another sort (pages, floods, log-ins) on another day",
        "{count} attaques sur {of} ont une adresse en commun avec une attaque d'une autre sorte (pages, inondations, connexions) un autre jour",
        4, _NONE, "Programs that try everything come back too. It would tell more if a published campaign used the same machines: add that.",
        "Les programmes qui essaient tout reviennent aussi. Cela dirait plus si une campagne publiée usait des mêmes machines : ajoutez-le."),
    "relays.any": Proposal(
        "{count} of {of} addresses are known as relays, or as machines for rent", "{count} adresses sur {of} sont connues comme relais, ou comme machines à louer",
        3, _NONE, "Anybody may use a relay: it fits all hypotheses alike.", "Chacun peut passer par un relais : cela va avec toutes les hypothèses."),
    "last_hop.any": Proposal(
        "the last hops are {count} addresses; wherever they are announced (vigie explain origin), that is where traffic left the network, not who sent it",
        "les derniers sauts sont {count} adresses ; où qu'elles soient annoncées (vigie explain origin), c'est là que le trafic a quitté le réseau, non qui l'a envoyé",
        2, _NONE, "Anybody may come by any address: it fits all hypotheses alike, and moves nothing.", "Chacun peut passer par n'importe quelle adresse : cela va avec toutes les hypothèses, et ne déplace rien."),
}  # fmt: skip
"""By kind and outcome."""

MOSTLY: Final = 0.8
"""Share of attacks from which on tools, or kinds that every site meets, are "most"."""
FEW, PART = 3, 0.05
"""Attacks, and their share of all, from which on they speak of the whole set; all of them do, where the set has no more."""
REUSED_SHARE: Final = 0.5
"""The share of attacks that have an address in common with another sort from which on they do."""
CLEARLY: Final = 0.01
"""Probability by chance below which attacks follow publications, or keep a working week."""
HALF: Final = 0.5
"""Share of a working week from which on it is one."""
