"""What is said of an account, in English and in French: five sentences, and what stands beside them. Nothing stronger is said anywhere.

A sentence speaks of a rhythm, never of a person; no probability without its prior; no country; no single post.

References:
    - docs/accounts.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vigie.social.account_likelihood import ASSISTED, HAND, LITTLE, POSTS, UNDECIDED, Reference
from vigie.social.account_marks import FULL_HOURS, SAME_SECOND
from vigie.social.accounts import COARSE, DECLARED, SAMPLED

LANGUAGES: Final = ("en", "fr")

RESULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        ASSISTED: "Posting rhythm closer to scheduled or assisted posting (LR about 10^{x}, {n} posts, trained on {reference})",
        UNDECIDED: "Undecided: the rhythm fits both explanations",
        HAND: "Posting rhythm closer to hand operation, possibly full time or a team",
        LITTLE: "Not enough posts to say (n < {least})",
        "few_days": "Not enough active days to say ({days} days, {n} posts)",
        FULL_HOURS: "{n} posts in one hour on {days} days: beyond what one person does by hand",
        SAME_SECOND: "{n} posts in one second on {days} days: beyond what one person does by hand",
        DECLARED: "Declares itself automated ({how})",
        SAMPLED: "No score: these posts are a sample, and the gaps between them are not the account's",
        COARSE: "No score: times are told to the day",
    },
    "fr": {
        ASSISTED: "Rythme plus proche d'une publication programmée ou assistée (rapport de vraisemblance env. 10^{x}, {n} messages, référence : {reference})",
        UNDECIDED: "Indécis : le rythme est compatible avec les deux explications",
        HAND: "Rythme plus proche d'une publication à la main, éventuellement à temps plein ou en équipe",
        LITTLE: "Trop peu de messages pour conclure (n < {least})",
        "few_days": "Trop peu de jours actifs pour conclure ({days} jours, {n} messages)",
        FULL_HOURS: "{n} messages en une heure, {days} jours : au-delà de ce qu'une personne publie à la main",
        SAME_SECOND: "{n} messages en une seconde, {days} jours : au-delà de ce qu'une personne publie à la main",
        DECLARED: "Se déclare automatisé ({how})",
        SAMPLED: "Pas de score : ces messages sont un échantillon, les intervalles ne sont pas ceux du compte",
        COARSE: "Pas de score : les heures ne sont connues qu'au jour près",
    },
}
"""One sentence a result."""

FEATURES: Final[Mapping[str, Mapping[str, tuple[str, str, str]]]] = {
    "en": {
        "bursts": (
            "posts within 3 minutes of the one before, beyond what their number gives",
            "few: posts come one by one, as from a plan; or someone who posts one thing at a time",
            "many: posts come in sittings, as a person's do; or a tool that posts several at once",
        ),
        "evenness": (
            "how evenly posts are strewn over the day",
            "even: as from a plan or a feed; or several people in turns",
            "crowded into a few hours: as a person's sittings; or a tool that works part of the day",
        ),
        "hour_entropy": (
            "how many hours of the day are used",
            "round the clock: a tool, or people in turns, or years of summer and winter time",
            "part of the day: someone who sleeps, or a tool with working hours",
        ),
        "minute_excess": (
            "same minute of the hour on different days",
            "a timetable; or a habit, such as posting on the hour",
            "no timetable; or a tool that strews its times",
        ),
    },
    "fr": {
        "bursts": (
            "messages à moins de 3 minutes du précédent, au-delà de ce que leur nombre donne",
            "peu : les messages partent un à un, comme d'un plan ; ou quelqu'un qui publie une chose à la fois",
            "beaucoup : les messages viennent par séances, comme ceux d'une personne ; ou un outil qui en publie plusieurs d'un coup",
        ),
        "evenness": (
            "répartition des messages dans la journée",
            "régulière : comme d'un plan ou d'un flux ; ou plusieurs personnes qui se relaient",
            "serrée en quelques heures : comme les séances d'une personne ; ou un outil qui travaille une partie du jour",
        ),
        "hour_entropy": (
            "heures du jour utilisées",
            "jour et nuit : un outil, ou des personnes qui se relaient, ou des années d'heure d'été et d'hiver",
            "une partie du jour : quelqu'un qui dort, ou un outil qui a des horaires",
        ),
        "minute_excess": (
            "même minute de l'heure, des jours différents",
            "un horaire ; ou une habitude, comme de publier à l'heure pile",
            "pas d'horaire ; ou un outil qui disperse ses heures",
        ),
    },
}
"""Of each figure: its name, a reading when it speaks for assisted posting, and one when it speaks for hand operation; each reading with its opposite."""

MARKS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "planned_client": "{share} of the posts come from programs that plan or feed posts; a person may use them by hand",
        "first_seconds": "{share} of the posts stand in the first six seconds of a minute (10 % when even)",
        "round_minutes": "{share} of the posts stand on minutes 0, 5, 10 … (20 % when even)",
        "same_minute": "posts of different days stand on the same minute of the hour more often than by chance (excess {value})",
        "same_gap": "{share} of the gaps over three minutes have the same length",
        "feed_lag": "posts follow the article that they link to after {value} s, nearly always the same",
        "turns": "three blocks of eight hours are all worked in, and differ in kind of post or program ({value})",
        "speech": "{value} bursts of own words between long runs of links and reposts",
        "sittings": "{share} of the gaps are of at most three minutes: posts come in sittings",
        "answers": "{share} of the posts answer somebody",
        "no_night": "no more than {value} hours of the day without a post in a usual week: a tool, or several people; one person sleeps",
        "many_articles": "{value} articles a day: volume fits both explanations",
    },
    "fr": {
        "planned_client": "{share} des messages viennent de programmes qui planifient ou suivent un flux ; une personne peut s'en servir à la main",
        "first_seconds": "{share} des messages tombent dans les six premières secondes d'une minute (10 % si c'est régulier)",
        "round_minutes": "{share} des messages tombent aux minutes 0, 5, 10 … (20 % si c'est régulier)",
        "same_minute": "des messages de jours différents tombent à la même minute de l'heure plus souvent que par hasard (excès {value})",
        "same_gap": "{share} des intervalles de plus de trois minutes ont la même longueur",
        "feed_lag": "les messages suivent l'article lié après {value} s, presque toujours autant",
        "turns": "trois tranches de huit heures sont toutes occupées, et diffèrent par le type de message ou le programme ({value})",
        "speech": "{value} moments de parole propre entre de longues suites de liens et de partages",
        "sittings": "{share} des intervalles durent trois minutes au plus : les messages viennent par séances",
        "answers": "{share} des messages répondent à quelqu'un",
        "no_night": "pas plus de {value} heures du jour sans message dans une semaine courante : un outil, ou plusieurs personnes ; une personne dort",
        "many_articles": "{value} articles par jour : le volume est compatible avec les deux explications",
    },
}
"""One sentence a sign, for when it holds."""


def sentence(account: Mapping[str, Any], trained: Reference, lang: str = "en") -> str:
    """The sentence of an account's result.

    Args:
        account: a row of `Accounts.accounts`.
        trained: what the score was trained on.
        lang: en or fr.
    """
    words = RESULTS[lang]
    result = account["result"]
    if result == LITTLE and account["posts"] >= POSTS:
        return words["few_days"].format(days=account["active_days"], n=account["posts"])
    power = f"{account['log10_lr'] or 0:.1f}"
    return words[result].format(x=power if lang == "en" else power.replace(".", ","), n=account["posts"], reference=trained_on(trained, lang), least=POSTS, how=account["declared"])


def bound_sentence(bound: Mapping[str, Any], lang: str = "en") -> str:
    """The sentence of a rate that no person holds.

    Args:
        bound: a row of `Accounts.bounds`.
        lang: en or fr.
    """
    return RESULTS[lang][bound["rule"]].format(n=bound["posts"], days=bound["days"])


def mark_sentence(mark: Mapping[str, Any], lang: str = "en") -> str:
    """The sentence of a sign that holds.

    Args:
        mark: a row of `Accounts.marks`.
        lang: en or fr.
    """
    value = f"{mark['value']:.1f}".removesuffix(".0")
    return MARKS[lang][mark["mark"]].format(share=f"{100 * mark['value']:.0f} %", value=value if lang == "en" else value.replace(".", ","))


def readings(contributions: Sequence[Mapping[str, Any]], lang: str = "en", most: int = 3) -> list[tuple[str, str, str, float]]:
    """The figures that weigh most: name, the reading that the contribution follows, the opposite one, and the contribution.

    Args:
        contributions: rows of `Accounts.contributions` of one account.
        lang: en or fr.
        most: how many.
    """
    ordered = sorted(contributions, key=lambda one: one["weighs"])[:most]
    told = []
    for one in ordered:
        name, for_assisted, for_hand = FEATURES[lang][one["feature"]]
        pair = (for_assisted, for_hand) if one["contribution"] > 0 else (for_hand, for_assisted)
        told.append((name, *pair, float(one["contribution"])))
    return told


def trained_on(trained: Reference, lang: str = "en") -> str:
    """The training set and its size, in a line."""
    count = {name: trained.classes.get(name, 0) for name in ("assisted: observed", "hand: observed", "assisted: invented", "hand: invented")}
    if lang == "fr":
        return "{} comptes observés assistés et {} à la main, d'un même opérateur (catégories de contenu), et {} + {} inventés".format(*count.values())
    return "{} observed assisted and {} hand-run accounts of one operator (content categories), and {} + {} invented".format(*count.values())
