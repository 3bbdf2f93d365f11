"""The invented press: forty outlets, what they publish each day, and the feeds of two of them as their sites would serve them.

One outlet is a state medium of no state, one the region's paper; the others are links that people share. Headlines are put together from pieces, so that no
two of the story are near copies of each other but those that are meant to be.

References:
    - https://www.rssboard.org/rss-specification
"""

from __future__ import annotations

import os
import random
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from vigie.demo.kind import Kind, Truth, moment
from vigie.demo.month import DAY, Month
from vigie.sources.source import FRAME

STATE: Final = "agence-du-large.example"
"""A state medium of a state that there is not."""
PAPER: Final = "gazette-de-valmory.example"
"""A paper as others are."""
OTHERS: Final = tuple(
    f"{kind}-{place}.example" for kind in ("courrier", "echo", "tribune", "lanterne", "semaphore") for place in ("orsaint", "brevenne", "morlac", "sarrel", "tivray", "pontelle", "vauclair")
)  # fmt: skip
"""Outlets that people link."""
DAYS: Final = 14
"""Last days of the month of which posts and articles were collected."""
BEFORE: Final = 2
"""Days before of which people still link articles."""
_DAILY: Final = {STATE: 8, PAPER: 10}
_OTHERS_DAILY: Final = 4

CLAIM: Final = "Le candidat aurait promis par écrit de vendre le port de Valmory à un groupe étranger"
"""What the state medium began."""
DENIAL: Final = "Le candidat n'a pas promis par écrit de vendre le port de Valmory à un groupe étranger"
"""What the paper found."""
IN_ENGLISH: Final = (
    "Candidate said to have promised in writing to sell the port of Valmory to a foreign group",
    "A foreign group would buy Valmory's port: the candidate promised to sell it, in writing",
    "So the candidate promised, in writing, that the port of Valmory would be sold to a foreign group?",
    "Candidate said to have promised in writing to sell the port of Valmory to a foreign group",
)
"""How some tell it in English."""
_FOLLOWED: Final = (
    "Port de Valmory : une lettre que personne n'a vue embarrasse l'équipe de campagne",
    "Vente du port : trois questions auxquelles la campagne refuse de répondre",
    "Ce que les dockers de Valmory pensent de la promesse faite en secret",
    "À qui profiterait la cession des quais ? Notre enquête en quatre cartes",
    "L'entourage du candidat s'agace dès que l'on parle du port",
)
"""Its articles of the days after."""

_WHO: Final = (
    "le conseil municipal", "la rectrice", "un collectif de parents", "la criée", "l'hôpital", "la chambre d'agriculture", "le club de handball", "une lycéenne", "la médiathèque",
    "le syndicat des eaux", "un boulanger", "la caserne", "l'office du logement", "la gare routière", "un ancien ministre", "le tribunal", "une riveraine du canal", "une start-up",
    "la compagnie de ferries", "le cinéma", "un botaniste", "la maison de retraite", "le carnaval", "l'observatoire", "une équipe de géologues", "le marché couvert",
    "l'école de voile", "un armateur", "la coopérative laitière", "le musée du sel", "une autrice", "la brigade fluviale", "un facteur d'orgues", "l'aérodrome", "la doyenne", "le chantier naval",
)  # fmt: skip
_WHERE: Final = (
    "de Valmory", "d'Orsaint", "de Brévenne", "de Morlac", "de Sarrel", "de Tivray", "de Pontelle", "de Vauclair", "des Trois-Fontaines", "de l'île d'Aulne", "du plateau de Rennois",
    "de la vallée du Thoron", "du quartier des Forges", "de Saint-Ervan", "de la Côte-Grise",
)  # fmt: skip
_DID: Final = (
    "réclame une nouvelle passerelle", "ouvre ses portes aux scolaires", "renonce à son projet de parking", "gagne en appel contre son assureur", "reçoit un don de quarante mille livres",
    "change de direction", "expose des clichés inédits", "veut replanter huit cents arbres", "s'inquiète pour ses emplois", "fête son centenaire", "signe un accord sur les horaires",
    "publie des comptes en déficit", "cherche des bénévoles", "lance une pétition", "inaugure un atelier de réparation", "ferme deux guichets", "retrouve une carte marine du siècle dernier",
    "refuse la fusion", "passe au chauffage au bois", "commande une étude sur le bruit", "remporte un prix national", "reporte les travaux à l'automne", "propose la gratuité des bus",
    "dépose un recours", "accueille une troupe de théâtre", "met en vente un terrain", "embauche douze apprentis", "alerte sur la qualité de l'air", "prépare une grève", "tourne un documentaire",
    "récolte trois tonnes de déchets", "modernise sa billetterie", "baptise une rue", "interdit les feux d'artifice", "relance la navette fluviale", "conteste une amende",
    "découvre une source sous la chaussée", "adopte le vote à main levée", "double ses effectifs", "présente sa collection d'affiches", "rompt son contrat avec un prestataire", "attend toujours la fibre",
    "ouvre une cantine à prix libre", "suspend les visites", "restaure un moulin à marée", "demande l'arbitrage du médiateur", "cède trois hectares à la commune", "installe des ruches sur le toit",
    "traduit un manuscrit oublié", "reçoit une délégation d'outre-mer", "révèle le nom de son successeur", "lance une monnaie locale", "apprend à nager à deux cents enfants",
)  # fmt: skip
_WHY: Final = (
    "après une nuit de discussions", "faute de crédits", "malgré l'avis de la préfecture", "avec l'aide d'une fondation", "pour la première fois depuis vingt ans", "devant une salle comble",
    "à trois mois de l'échéance", "sous les applaudissements", "sur fond de querelle de voisinage", "grâce à un legs", "en dépit du gel", "pour attirer les jeunes familles", "au grand dam des commerçants",
    "sans attendre l'enquête publique", "en marge du salon nautique", "à la demande des habitants", "par souci d'économie", "dans un calme relatif", "contre toute attente", "avec deux ans de retard",
    "après la crue de décembre", "comme promis l'an dernier", "pour soulager les urgences", "au lendemain d'un sondage", "face à la concurrence", "le temps d'un week-end", "dans l'attente d'un repreneur",
    "à huis clos", "en présence de la ministre", "pour un euro symbolique", "afin de désengorger le centre", "sur les conseils d'un architecte",
    "malgré une météo capricieuse", "avec la bénédiction du diocèse", "après trois tours de scrutin", "en moins de six mois", "à la surprise des élus", "sans toucher aux impôts", "au nom du principe de précaution",
    "dès le mois prochain", "dans une ambiance électrique", "à l'issue d'un long procès", "par crainte des inondations", "entre deux averses", "au terme d'un bras de fer", "sous l'œil des caméras",
)  # fmt: skip
_SHAPES: Final = ("{who} {where} {did} {why}", "{why}, {who} {where} {did}", "{where_} : {who} {did} {why}", "{who} {where} {did}, {why}", "{where_} : {why}, {who} {did}", "pourquoi {who} {where} {did} {why}")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, order=True)
class Article:
    """An article of the press.

    Attributes:
        second: of its publication.
        outlet: its host.
        title: its headline.
        url: its address.
        about: `claim`, `denial`, or "" for anything else.
    """

    second: int
    outlet: str
    title: str
    url: str
    about: str = ""


def collected(month: Month) -> range:
    """Days of the month of which posts and articles were collected."""
    return range(max(0, month.days - DAYS), month.days)


def rumour_day(month: Month) -> int:
    """Day on which the rumour begins: three before the last attacks' peak, where the month is long enough."""
    return max(0, month.days - 5)


def press(month: Month) -> tuple[Article, ...]:
    """All articles, in order of time.

    Args:
        month: the story's frame.
    """
    dice, found, taken = month.dice("press"), [], set[str]()
    days = collected(month)
    for day in range(days.start - BEFORE, days.stop):
        for outlet in (STATE, PAPER, *OTHERS) if day in days else OTHERS:
            for _ in range(_DAILY.get(outlet, _OTHERS_DAILY)):
                one = _article(month.midnight(day) + dice.randrange(5 * 3600, 21 * 3600), outlet, headline(dice))
                while taken & {one.title, one.url}:
                    one = _article(one.second, outlet, headline(dice))
                taken |= {one.title, one.url}
                found.append(one)
    begin = rumour_day(month)
    found.append(_article(month.midnight(begin) + 8 * 3600 + 12 * 60, STATE, CLAIM, "claim"))
    for after, title in enumerate(_FOLLOWED):
        if begin + after < month.days:
            found.append(_article(month.midnight(begin + after) + 13 * 3600 + dice.randrange(1_800), STATE, title, "claim"))
    if begin + 1 < month.days:
        found.append(_article(month.midnight(begin + 1) + 15 * 3600 + 40 * 60, PAPER, DENIAL, "denial"))
    return tuple(sorted(found))


def _article(second: int, outlet: str, title: str, about: str = "") -> Article:
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    slug = _NO_LETTER.sub("-", plain).strip("-")[:36].strip("-")
    return Article(second, outlet, title, f"https://{outlet}/{moment(second):%Y/%m/%d}/{slug}", about)


def daily(articles: Iterable[Article], month: Month) -> dict[int, list[Article]]:
    """Articles by the day of the month, counted from 0.

    Args:
        articles: in order of time.
        month: the story's frame.
    """
    found: dict[int, list[Article]] = {}
    for one in articles:
        found.setdefault((one.second - month.start) // DAY, []).append(one)
    return found


def headline(dice: random.Random) -> str:
    """An invented headline.

    Args:
        dice: draws its pieces.
    """
    where = dice.choice(_WHERE)
    place = re.sub(r"^(?:de la |de l'|du |des |de |d')", "", where)
    text = dice.choice(_SHAPES).format(who=dice.choice(_WHO), where=where, where_=place[:1].upper() + place[1:], did=dice.choice(_DID), why=dice.choice(_WHY))
    return text[:1].upper() + text[1:]


def write(folder: Path, month: Month) -> Truth:
    """Write `agence-du-large.xml` and `gazette-de-valmory.xml`, the newest article first, one on each line.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    articles, names, lines = press(month), [], 0
    for outlet, title in ((STATE, "Agence du Large"), (PAPER, "La Gazette de Valmory")):
        items = [_item(one) for one in articles if one.outlet == outlet][::-1]
        head = f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{title} (inventé / invented)</title><link>https://{outlet}/</link><language>fr</language>'
        path = folder / f"{outlet.removesuffix('.example')}.xml"
        path.write_text("\n".join([head, *items, "</channel></rss>", ""]), encoding="utf-8")
        os.utime(path, (month.end, month.end))
        names.append(path.name)
        lines += len(items) + 2
    return Truth(attacks=(), lines=lines, unread={FRAME: 2 * len(names)}, files=tuple(names))


def _item(article: Article) -> str:
    date = format_datetime(moment(article.second), usegmt=True)
    url = escape(article.url)
    return f'<item><title>{escape(article.title)}</title><link>{url}</link><guid isPermaLink="true">{url}</guid><pubDate>{date}</pubDate></item>'


PRESS: Final = Kind("press", write, format="articles")
"""Feeds of other people's sites."""

