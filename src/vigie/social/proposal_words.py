"""What is said of claims that a person declared and of what may be one story, in English and in French.

References:
    - docs/rumours.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from vigie.social.copies_differences import COPY, REWORDED
from vigie.words.days import MONTHS_EN, MONTHS_FR
from vigie.words.numbers import number

CAUTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "denial": ("careful: one of the two denies", "attention : l'un des deux nie"), "opposite": ("careful: one says the opposite of the other", "attention : l'un dit le contraire de l'autre"),
    "number": ("careful: they tell other numbers", "attention : les nombres diffèrent"), "date": ("careful: they tell other days", "attention : les jours diffèrent"),
    "turn": ("careful: one says that something was undone", "attention : l'un dit que quelque chose a été défait"),
}  # fmt: skip
"""What may tell two texts apart all the same."""
MATCHED: Final[Mapping[str, tuple[str, str]]] = {
    "post": ("named on the card", "nommés sur la fiche"), "link": ("by a link on the card", "par un lien de la fiche"), "rumour": ("by a rumour on the card", "par une rumeur de la fiche"),
    "words": ("by words on the card", "par les mots de la fiche"),
}  # fmt: skip
"""Why a post is of a claim."""
STANCES: Final[Mapping[str, tuple[str, str]]] = {"supports": ("supporting it", "soutiens"), "denies": ("denying it", "démentis"), "reports": ("reporting it", "reprises")}

_SHOWN: Final = 8
_DAY, _NUMBER = re.compile(r"(1[0-2]|[1-9])-([1-9]\d?)"), re.compile(r"(\d{1,15})((?:\.\d{1,10})?)(%?)")
_HOW: Final = {"anchors": ("", ""), "vectors": ("near for the model that you named (cosine {cosine})", "proches selon le modèle que vous avez indiqué (cosinus {cosine})"), "d3lta": ("a pair of D3lta", "une paire de D3lta")}
_TEXT: Final = {
    "en": {
        "copy": "nearly the same words, for D3lta", "reworded": "perhaps the same in other words", "translation": "perhaps a translation", "same": "perhaps the same story",
        "common": "in common: {names}", "thing": "one thing that both speak of", "things": "{count} things that both speak of", "card": "A person declared this claim ({name}, {day}): {wording}", "wave": "Same wave as a claim that a person declared ({name}, {day}): {wording}", "posts": "{count} posts are of it",
        "stance": "A person judged some of them ({stances})", "others": "Of the others it is not known what they do with it", "unknown": "What they do with it (support, deny, report) is for a person to say on the card", "absent": "The card names what is not in our data: {names}", "none": "No post in our data is of it. Posts whose words are no longer kept cannot be found by words.",
    },
    "fr": {
        "copy": "presque les mêmes mots, selon D3lta", "reworded": "peut-être la même chose en d'autres mots", "translation": "peut-être une traduction", "same": "peut-être la même histoire",
        "common": "en commun : {names}", "thing": "une chose dont parlent les deux", "things": "{count} choses dont parlent les deux", "card": "Une personne a déclaré cette affirmation ({name}, {day}) : {wording}", "wave": "De la même vague qu'une affirmation déclarée par une personne ({name}, {day}) : {wording}", "posts": "{count} messages en sont",
        "stance": "Une personne en a jugé certains ({stances})", "others": "Des autres, on ne sait pas ce qu'ils en font", "unknown": "Ce qu'ils en font (soutenir, démentir, rapporter), une personne le dit sur la fiche", "absent": "La fiche nomme ce qui n'est pas dans nos données : {names}", "none": "Aucun message de nos données n'en est. Ceux dont les mots ne sont plus gardés ne peuvent être trouvés par les mots.",
    },
}  # fmt: skip


def proposal_sentence(row: Mapping[str, Any], language: str) -> str:
    """Why two may be one, and what speaks against it.

    Args:
        row: `type`, `translation`, `caution`, `how`, `cosine`, `anchors` of `rumours_proposals.BETWEEN`.
        language: en or fr.
    """
    text, at = _TEXT[language], 1 if language == "fr" else 0
    kind = "copy" if row["type"] == COPY else "translation" if row["translation"] else "reworded" if row["type"] == REWORDED else "same"
    cosine = "" if row["cosine"] is None else f"{row['cosine']:.2f}".replace(".", "," if at else ".")
    ways = [_HOW[one][at].format(cosine=cosine) for one in str(row["how"]).split(", ") if one in _HOW and _HOW[one][at]]
    parts = [text[kind], *([CAUTIONS[row["caution"]][at]] if row["caution"] else []), *ways]
    if row["anchors"]:
        parts.append(common_words(row["anchors"], language))
    return "; ".join(parts) if at == 0 else "\u202f; ".join(parts)


def common_words(anchors: Sequence[str], language: str) -> str:
    """What two texts have in common, as people read it: things of the word list are counted only."""
    text = _TEXT[language]
    shown = list(dict.fromkeys(_read(one, language) for one in anchors if not one.startswith(("thing ", "sound "))))
    hidden = sum(one.startswith(("thing ", "sound ")) for one in anchors)
    names = ", ".join(shown[:_SHOWN]) + (", …" if len(shown) > _SHOWN else "")
    parts = [names] if names else []
    if hidden:
        parts.append(text["thing" if hidden == 1 else "things"].format(count=hidden))
    return text["common"].format(names=", ".join(parts))


def _read(anchor: str, language: str) -> str:
    """An anchor as people write it: "1 200 000", "12 mars"; a word is known by its beginning."""
    kind, _, what = anchor.partition(" ")
    if kind == "word":
        return what + "…"
    if kind == "date" and (found := _DAY.fullmatch(what)):
        return f"{'1er' if language == 'fr' and found[2] == '1' else found[2]} {(MONTHS_FR if language == 'fr' else MONTHS_EN)[int(found[1]) - 1]}"
    if kind == "number" and (found := _NUMBER.fullmatch(what)):
        whole = number(int(found[1]), language) if len(found[1]) > 4 else found[1]  # four digits are mostly a year
        return whole + (found[2].replace(".", ",") + found[3].replace("%", "\u00a0%") if language == "fr" else found[2] + found[3])
    return what


def card_sentences(card: Mapping[str, Any], by_way: Mapping[str, int], language: str, *, own: bool = True) -> list[str]:
    """What is said of a declared claim.

    Args:
        card: a row of `claims.CARDS_TOLD`.
        by_way: posts by `how` they were matched.
        language: en or fr.
        own: it is said of the claim itself; else of a rumour of the same wave, which may be a denial of it.
    """
    text, at = _TEXT[language], 1 if language == "fr" else 0
    if not own:
        return [text["wave"].format(name=card["name"], day=card["as_of"], wording=card[f"wording_{language}"])]
    said = [text["card"].format(name=card["name"], day=card["as_of"], wording=card[f"wording_{language}"])]
    said += absent_sentence(card, language)
    if not card["posts"]:
        return [*said, text["none"].rstrip(".")]
    colon = " : " if at else ": "
    ways = ", ".join(f"{MATCHED[way][at]}{colon}{count}" for way, count in by_way.items())
    said.append(text["posts"].format(count=card["posts"]) + (f" ({ways})" if ways else ""))
    stances = ", ".join(f"{words[at]}{colon}{card[stance]}" for stance, words in STANCES.items() if card[stance])
    if not stances:
        return [*said, text["unknown"]]
    return [*said, text["stance"].format(stances=stances), *([text["others"]] if sum(card[one] for one in STANCES) < card["posts"] else [])]


def absent_sentence(card: Mapping[str, Any], language: str) -> list[str]:
    """What a card names that is not there, as one sentence; none where all is there."""
    names = list(card["absent"] or ())
    return [_TEXT[language]["absent"].format(names=", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else ""))] if names else []
