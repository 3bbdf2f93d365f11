"""What is said of claims and of who carries them, in English and in French. "First" is always first in our data; accounts are never named here.

A word stronger than what was measured is not in this file: the strongest is "symbiosis", and only for both directions, significant, of one size, beside a comparison.

References:
    - docs/rumours.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from vigie.social.outlets import Group
from vigie.social.rumours import Scope
from vigie.social.rumours_symbiosis import BOTH_WAYS, NOT_SHOWN, ONE_WAY, SYMBIOSIS

LANGUAGES: Final = ("en", "fr")

TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "EXACT": "the same text", "COPY": "a copy", "TEMPLATE": "one template, filled in differently", "CONTRADICTS": "nearly the same words, against it",
        "REWORDED": "perhaps reworded: for a person to judge", "SAME_ANCHORS": "the same names, numbers or links: for a person to judge", "SAME_SUBJECT": "the same subject only",
        "TRANSLATION": "possible translation: for a person to judge",
    },
    "fr": {
        "EXACT": "le même texte", "COPY": "une copie", "TEMPLATE": "un seul modèle, rempli autrement", "CONTRADICTS": "presque les mêmes mots, pour dire le contraire ou autre chose",
        "REWORDED": "peut-être reformulé : à juger par une personne", "SAME_ANCHORS": "mêmes noms, nombres ou liens : à juger par une personne", "SAME_SUBJECT": "le même sujet seulement",
        "TRANSLATION": "traduction possible : à juger par une personne",
    },
}  # fmt: skip
"""What two texts are to each other."""

REASONS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "same_words": "the words are the same", "added": "words are added", "cut_off": "one is cut off", "inflection": "only word endings differ", "denial": "a word that denies",
        "turn": "a word that changes the sense", "opposite": "opposite words", "number": "another number", "date": "another day", "other_word": "another word in the same place",
        "order": "the words stand in another order", "inside": "one quotes the other",
    },
    "fr": {
        "same_words": "les mots sont les mêmes", "added": "des mots sont ajoutés", "cut_off": "l'un est coupé", "inflection": "seules des terminaisons diffèrent",
        "denial": "un mot qui nie", "turn": "un mot qui change le sens", "opposite": "des mots contraires", "number": "un autre nombre", "date": "un autre jour",
        "other_word": "un autre mot à la même place", "order": "les mots sont dans un autre ordre", "inside": "l'un cite l'autre",
    },
}  # fmt: skip
"""Why."""

COUNTER: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "denied_by_person": "Posts that deny it, as a person said: {count}", "denied": "Posts that use nearly its words to say something else, perhaps to deny it: {count}", "first_elsewhere": "It was first in our data outside all declared groups",
        "tie": "{count} posts stand at the same first moment, as far as the times tell", "common_link": "{count} of its posts share one link: a common origin explains them without contact",
    },
    "fr": {
        "denied_by_person": "Messages qui la démentent, selon une personne : {count}", "denied": "Messages qui reprennent presque ses mots pour dire autre chose, peut-être pour démentir : {count}",
        "first_elsewhere": "Elle apparaît d'abord, dans nos données, hors de tous les groupes déclarés",
        "tie": "{count} messages portent le même premier instant, autant que les heures le disent",
        "common_link": "{count} de ses messages partagent un même lien : une origine commune les explique sans contact",
    },
}  # fmt: skip
"""What speaks against reading more into a claim."""

UNITS: Final[Mapping[str, tuple[str, str]]] = {"url": ("Links", "Liens"), "text": ("Words", "Mots"), "card": ("Declared claims", "Affirmations déclarées")}
"""What is counted between groups."""

_TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "scope": "In our data: {posts} posts of {accounts} accounts, posted between {begin} and {end} (UTC)", "collected": "collected between {begin} and {end}",
        "unseen": "Of these declared groups there is no post here, so they cannot be first: {names}", "outside": "What was not collected, deleted or said in closed groups is not known",
        "wordless": "Of {count} posts only a mark of the text was kept: equal texts are found, near copies are not",
        "hidden": "Not shown, with fewer than five members: {names}", "list": "{title}: list of {date}, from {source}", "cut": "Too many texts to compare all: some near copies may be missing", "unused_model": "The model of sentences proposed nothing: {why}",
        "first": "First in our data: {group}, {time} (UTC)", "no_group": "an account of no declared group", "ties": ", with {count} others at the same moment",
        "spread": "{posts} posts of {accounts} accounts; busiest in the hour of {time} (UTC), with {peak}", "relay": "{taker} posted {relayed} of the {items} items of {giver} within {hours} hours "
        "after it, {explicit} of them by linking, quoting or reposting; half of them within {lag}",
        "direction": "Of {n} items that both posted within {hours} hours, {one} was first {first} times, where group sizes alone give {expected}; p = {p}, each day counted as one event",
        "no_direction": "Between {a} and {b} no direction is shown: {first_a} to {first_b}, where group sizes alone give {expected} to {rest} (p = {p})",
        "rates": "Beyond what comparable sources of the same days would give, {b} took up {ab} of what {a} brought up (p = {p_ab}), and {a} {ba} of what {b} brought up (p = {p_ba})",
        SYMBIOSIS: "{a} and {b} carry each other's items, both ways and beyond chance: this may be called symbiosis (index {index}); {comparison} beside it: {to_b} and {from_b}",
        BOTH_WAYS: "{a} and {b} carry each other's items beyond chance, but sizes or the comparison do not allow a stronger word", ONE_WAY: "One-way relay: {taker} takes up what {giver} brings up; the other way is not shown",
        NOT_SHOWN: "No relay between {a} and {b} is shown beyond chance", "any_lag": "any",
    },
    "fr": {
        "scope": "Dans nos données : {posts} messages de {accounts} comptes, publiés entre le {begin} et le {end} (UTC)", "collected": "collectés entre le {begin} et le {end}",
        "unseen": "De ces groupes déclarés, aucun message ici : ils ne peuvent être les premiers : {names}",
        "outside": "Ce qui n'a pas été collecté, a été supprimé ou dit dans des groupes fermés n'est pas connu",
        "wordless": "De {count} messages n'est gardée qu'une empreinte du texte : les textes égaux sont trouvés, les copies proches non",
        "hidden": "Non montrés, avec moins de cinq membres : {names}", "list": "{title} : liste du {date}, selon {source}", "cut": "Trop de textes pour tout comparer : des copies proches peuvent manquer", "unused_model": "Le modèle de phrases n'a rien proposé : {why}",
        "first": "Premier dans nos données : {group}, le {time} (UTC)", "no_group": "un compte hors des groupes déclarés", "ties": ", avec {count} autres au même instant",
        "spread": "{posts} messages de {accounts} comptes ; l'heure la plus dense est celle du {time} (UTC), avec {peak}", "relay": "{taker} a publié {relayed} des {items} éléments de {giver} dans les "
        "{hours} heures qui suivent, dont {explicit} par un lien, une citation ou un partage ; la moitié en moins de {lag}",
        "direction": "Sur {n} éléments que les deux ont publiés à moins de {hours} heures, {one} a été premier {first} fois, là où la seule taille des groupes donne {expected} ; p = {p}, chaque jour "
        "comptant pour un seul événement",
        "no_direction": "Entre {a} et {b} aucun sens n'apparaît : {first_a} contre {first_b}, là où la seule taille des groupes donne {expected} contre {rest} (p = {p})",
        "rates": "Au-delà de ce que donneraient des sources comparables des mêmes jours, {b} a repris {ab} de ce que {a} a lancé (p = {p_ab}), et {a} {ba} de ce que {b} a lancé (p = {p_ba})",
        SYMBIOSIS: "{a} et {b} se reprennent l'un l'autre, dans les deux sens et au-delà du hasard : on peut parler de symbiose (indice {index}) ; à côté, {comparison} : {to_b} et {from_b}",
        BOTH_WAYS: "{a} et {b} se reprennent l'un l'autre au-delà du hasard, mais les tailles ou la comparaison ne permettent pas de mot plus fort",
        ONE_WAY: "Relais à sens unique : {taker} reprend ce que {giver} lance ; l'inverse n'apparaît pas", NOT_SHOWN: "Aucun relais entre {a} et {b} n'apparaît au-delà du hasard", "any_lag": "toutes",
    },
}  # fmt: skip


def scope_sentences(scope: Scope, groups: Sequence[Group], language: str) -> list[str]:
    """What "in our data" means, to stand beside every first."""
    text, title = _TEXT[language], titles(groups, language)
    said = [text["scope"].format(posts=scope.posts, accounts=scope.accounts, begin=_time(scope.begin), end=_time(scope.end))]
    if scope.collected_begin is not None:
        said[0] += ", " + text["collected"].format(begin=_time(scope.collected_begin), end=_time(scope.collected_end))
    said.append(text["outside"])
    if scope.unseen:
        said.append(text["unseen"].format(names=", ".join(title[name] for name in scope.unseen)))
    if scope.hidden:
        said.append(text["hidden"].format(names=", ".join(title[name] for name in scope.hidden)))
    if scope.wordless:
        said.append(text["wordless"].format(count=scope.wordless))
    if scope.cut or scope.every > 1:
        said.append(text["cut"])
    if scope.unused_model:
        said.append(text["unused_model"].format(why=scope.unused_model.rstrip(".")))
    return said + [text["list"].format(title=title[name], date=date, source=source) for name, date, source in scope.lists]


def claim_sentences(claim: Mapping[str, Any], counter: Sequence[Mapping[str, Any]], groups: Sequence[Group], language: str) -> list[str]:
    """What is said of one row of `Rumours.claims`, then what speaks against.

    Args:
        claim: the row.
        counter: rows of `Rumours.counter` of the same claim.
        groups: as declared.
        language: en or fr.
    """
    text, title = _TEXT[language], titles(groups, language)
    group = title[claim["first_group"]] if claim["first_group"] else text["no_group"]
    first = text["first"].format(group=group, time=_time(claim["first_at"])) + (text["ties"].format(count=claim["ties"]) if claim["ties"] else "")
    spread = text["spread"].format(posts=claim["posts"], accounts=claim["accounts"], time=_time(claim["peak_at"]), peak=claim["peak_posts"])
    return [first, spread, *(COUNTER[language][one["code"]].format(count=one["count"]) for one in counter)]


def relay_sentence(row: Mapping[str, Any], groups: Sequence[Group], language: str) -> str:
    """What is said of one row of `Rumours.matrix`."""
    title = titles(groups, language)
    told = {"giver": title[row["giver"]], "taker": title[row["taker"]], "hours": _hours(row["cap"], language), "lag": _lag(row["lag_median"])}
    return _TEXT[language]["relay"].format(relayed=row["relayed"], items=row["items"], explicit=row["explicit"], **told)


def direction_sentence(row: Mapping[str, Any], groups: Sequence[Group], language: str) -> str:
    """What is said of one row of `Rumours.precedence`: who was first, or that no direction is shown."""
    text, title = _TEXT[language], titles(groups, language)
    total = row["first_a"] + row["first_b"]
    if row["direction"] == "none":
        return text["no_direction"].format(
            a=title[row["a"]], b=title[row["b"]], first_a=row["first_a"], first_b=row["first_b"], expected=_number(row["expected_a"], language),
            rest=_number(total - row["expected_a"], language), p=_p(row["adjusted"], language),
        )  # fmt: skip
    one = row["direction"]
    expected = row["expected_a"] if one == "a" else total - row["expected_a"]
    return text["direction"].format(
        n=total, hours=_hours(row["cap"], language), one=title[row[one]], first=row[f"first_{one}"], expected=_number(expected, language), p=_p(row["adjusted"], language)
    )


def symbiosis_sentences(row: Mapping[str, Any], groups: Sequence[Group], language: str) -> list[str]:
    """What is said of one row of `Rumours.symbiosis`: both rates, then the word for them."""
    text, title = _TEXT[language], titles(groups, language)
    a, b = title[row["a"]], title[row["b"]]
    rates = text["rates"].format(
        a=a, b=b, ab=_share(row["rate_ab"], language), ba=_share(row["rate_ba"], language), p_ab=_p(row["p_ab"], language), p_ba=_p(row["p_ba"], language)
    )
    forward = row["p_ab"] <= row["p_ba"]
    told = {"a": a, "b": b, "giver": a if forward else b, "taker": b if forward else a}
    if row["verdict"] == SYMBIOSIS:
        beside = {"to_b": _share(row["comparison_rate_to_b"], language), "from_b": _share(row["comparison_rate_from_b"], language)}
        told |= beside | {"index": _number(row["index"], language), "comparison": title[row["comparison"]]}
    return [rates, text[row["verdict"]].format(**told)]


def titles(groups: Sequence[Group], language: str) -> dict[str, str]:
    """What each group is called."""
    return {group.name: group.title_fr if language == "fr" else group.title_en for group in groups}


def _time(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "?"


def _hours(cap: timedelta | None, language: str) -> str:
    return str(round(cap.total_seconds() / 3600)) if cap is not None else _TEXT[language]["any_lag"]


def _lag(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"


def _number(value: float, language: str) -> str:
    shown = f"{value:.1f}"
    return shown.replace(".", ",") if language == "fr" else shown


def _share(value: float, language: str) -> str:
    return f"{100 * value:+.0f}" + (" %" if language == "fr" else "%")


def _p(value: float, language: str) -> str:
    shown = f"{value:.4f}" if value >= 0.00005 else "< 0.0001"
    return shown.replace(".", ",") if language == "fr" else shown
