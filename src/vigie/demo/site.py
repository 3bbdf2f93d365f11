"""The invented site: what it serves, and what its visitors look for."""

from __future__ import annotations

import random
from typing import Final
from urllib.parse import quote, quote_plus

from vigie.demo.month import Month, Publication

PAGES: Final = (
    "/", "/le-candidat/", "/programme/", "/actualites/", "/agenda/", "/contact/", "/presse/", "/mentions-legales/",
    "/nous-rejoindre/", "/videos/", "/departements/", "/faire-un-don/",
)  # fmt: skip
STYLE: Final = (
    "/wp-content/themes/campagne/style.css?ver=4.7", "/wp-includes/js/jquery/jquery.js?ver=1.12.4",
    "/wp-content/themes/campagne/js/menu.js?ver=2.1", "/wp-content/uploads/2017/01/logo.png",
    "/wp-content/themes/campagne/fonts/texte.woff2",
)  # fmt: skip
PICTURES: Final = (
    "/wp-content/uploads/2017/01/salle-comble.jpg", "/wp-content/uploads/2017/01/portrait.jpg",
    "/wp-content/uploads/2017/01/affiche-lyon.jpg", "/wp-content/uploads/2017/02/debat.jpg",
    "/wp-content/uploads/2017/02/marche-de-nantes.jpg", "/wp-content/uploads/2016/12/equipe.jpg",
)  # fmt: skip
GONE: Final = (
    "/2016/11/primaire/",
    "/apple-touch-icon-precomposed.png",
    "/favicon-32x32.png",
    "/programme.html",
    "/agenda/2016/",
)
"""Old links that lead nowhere: not every missing page is an attack."""

SEARCHES: Final = (
    "union européenne", "l'union européenne et la france", "select committee de westminster", "retraite à 60 ans ou 62 ans ?",
    "l'emploi des jeunes", "programme d'éducation", "où voter à l'étranger", "impôt sur le revenu & csg", "aujourd'hui l'agenda",
    "réunion publique à lyon", "réunion d'information", "prix de l'électricité", "c'est quoi l'isf ?", "drop-in accueil jeunes",
    "adhérer ou faire un don", "il a dit \"jamais\"", "budget 2017 -- comptes", "la france d'outre-mer", "santé; déserts médicaux",
    "order of merit", "discours du 5 février", "hôpital public", "dette > pib", "aide d'urgence", "table ronde insertion",
    "l'école d'abord", "union des femmes françaises et select 2017", "delete account", "where is the candidate tonight",
    "update agenda", "énergie (nucléaire ou solaire)", "50% de renouvelable", "c'est l'heure d'agir", "ville d'orléans",
)  # fmt: skip
ORIGINS: Final = (
    "", "", "https://www.google.fr/", "https://www.google.fr/", "https://www.bing.com/", "https://t.co/a1B2c3D4e5",
    "https://m.facebook.com/", "https://www.journal.example/politique/2017/l-article.html", "https://duckduckgo.com/",
    "https://webmail.asso.example/?_task=mail",
)  # fmt: skip
BROWSERS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:50.0) Gecko/20100101 Firefox/50.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_2) AppleWebKit/602.3.12 (KHTML, like Gecko) Version/10.0.2 Safari/602.3.12",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 10_2 like Mac OS X) AppleWebKit/602.3.12 (KHTML, like Gecko) Version/10.0 Mobile/14C92 Safari/602.1",
    "Mozilla/5.0 (Linux; Android 6.0.1; SM-G920F Build/MMB29K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.91 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:50.0) Gecko/20100101 Firefox/50.0",
    "Mozilla/5.0 (iPad; CPU OS 9_3_5 like Mac OS X) AppleWebKit/601.1.46 (KHTML, like Gecko) Version/9.0 Mobile/13G36 Safari/601.1",
)  # fmt: skip


def path_of(page: Publication) -> str:
    """The path of a publication."""
    return f"/actualites/{page.slug}/"


def pages_at(month: Month, second: int) -> tuple[str, ...]:
    """Paths that are online at a moment."""
    return PAGES + tuple(path_of(page) for page in month.publications if page.second <= second)


def search(dice: random.Random) -> str:
    """A search as a browser sends it: some write a space as `+`, some as `%20`."""
    text = dice.choice(SEARCHES)
    return f"/?s={quote_plus(text)}" if dice.random() < 0.7 else f"/?s={quote(text)}"


def size_of(path: str) -> int:
    """Bytes of an answer: the same path always has the same size."""
    return 2_000 + sum(path.encode()) * 37 % 46_000
