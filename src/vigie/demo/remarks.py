"""What invented accounts say in their own words: remarks on the news, on the debate, and the wordings in which the rumour is passed on.

Remarks are put together from pieces that few others share, as people's own words are: hardly two of them are near copies of each other.
"""

from __future__ import annotations

import random
from typing import Final

_WHAT: Final = (
    "le train de sept heures", "la cantine du collège", "mon voisin du dessus", "ce rond-point", "la bibliothèque", "le prix du gasoil", "ma sœur infirmière", "le vieux phare", "la salle des fêtes", "notre députée",
    "le courrier du matin", "une réunion de plus", "la digue", "le marché du jeudi", "mon ancien professeur", "cette pétition", "le facteur", "la fanfare", "un million en moins", "le budget des écoles", "la météo marine",
    "le guichet unique", "une promesse d'hier", "la rocade", "le boulanger de la place", "cette histoire de badges", "la nouvelle application", "un hiver sans neige", "le comité de quartier", "la vedette des douanes",
    "mon fils apprenti", "le tableau des horaires", "la moitié du canton", "ce chantier", "l'éclairage public", "un bon café", "l'adjoint aux sports", "la chorale", "le terrain vague", "un rapport de cent pages",
    "la patience des gens", "le carnet de commandes", "ce vieux débat", "la piscine découverte",
)  # fmt: skip
_DOES: Final = (
    "a la mémoire courte", "fait mieux que prévu", "ne répond plus au téléphone", "mérite qu'on s'arrête", "sent la peinture fraîche", "coûte plus cher qu'avant", "m'a redonné le sourire", "passe toujours en dernier",
    "arrive quand on ne l'attend plus", "tient avec de la ficelle", "vaut bien un détour", "intéresse surtout les absents", "change de couleur selon l'heure", "se lit entre les lignes", "finira dans un tiroir",
    "a encore pris du retard", "nous regarde de haut", "occupe toutes les conversations", "disparaît dès qu'il pleut", "sauve la journée", "me rappelle mon enfance", "n'étonne plus personne", "ressemble à une blague",
    "demande un peu de respect", "tourne à vide depuis mars", "finit par payer", "n'a rien à cacher", "divise jusque dans les familles", "grince comme une porte", "repose sur trois bénévoles", "vient de fêter ses trente ans",
    "attend une réponse écrite", "n'est pas dans le programme", "part en fumée", "se joue ailleurs", "réveille tout l'immeuble", "a raison une fois sur deux", "reste fermé le lundi", "fait causer au comptoir",
    "passe avant la politique", "s'est perdu en route", "donne envie de chanter", "a sauvé l'été", "tombe à pic",
)  # fmt: skip
_LINK: Final = (
    ", et ", " ; ", ". En attendant, ", ", alors que ", " parce que ", ", comme quoi ", ". Au passage, ", " quand ", ", sauf que ", " : ", " ? Peut-être, mais ", ", pourtant ", ". J'ajoute que ", " pendant que ", ", si bien que ",
)  # fmt: skip

_STAGE: Final = (
    "le candidat du milieu", "la modératrice", "le public", "celui de gauche", "celle de droite", "le chronomètre", "mon canapé", "la régie", "le décor bleu", "ma grand-mère", "le troisième homme", "le traducteur",
    "le graphique sur la dette", "mon chat", "la question sur les écoles", "le silence après l'hymne", "la table ronde", "celui qui sourit", "le volet agricole", "toute la colocation", "mon thé", "l'invité mystère",
    "la réponse sur l'énergie", "un micro ouvert", "le deuxième tour de table",
)  # fmt: skip
_PLAYS: Final = (
    "cherche ses notes", "gagne aux points", "coupe la parole à tout le monde", "attend la publicité", "vient de marquer un point", "a changé de camp", "mérite une médaille", "refroidit doucement", "perd le fil",
    "regarde ses chaussures", "fait rire la salle", "n'a toujours pas répondu", "est à l'envers", "s'est endormi sur l'accoudoir", "dépasse son temps", "dit enfin quelque chose", "récite une fiche", "applaudit trop tôt",
    "tient la soirée à lui seul", "parle chiffres depuis dix minutes", "oublie les retraites", "a quitté la pièce", "appelle au calme", "compte sur ses doigts", "fait semblant d'écouter", "reprend du gâteau",
    "me convainc presque", "a l'air fatigué", "hausse le ton", "soupire au premier rang",
)  # fmt: skip

_BEFORE_CLAIM: Final = ("", "", "", "À lire absolument : ", "Enfin on en parle ! ", "Incroyable : ", "Et les autres se taisent. ", "Faites passer : ")
_AFTER_CLAIM: Final = ("", "", "", " Réveillez-vous.", " Qui va lui poser la question ?", " Partagez avant que ça disparaisse.", " Et personne n'en parle…", " Voilà voilà.")


def remark(dice: random.Random) -> str:
    """A remark on life and the news.

    Args:
        dice: draws it.
    """
    return _sentence(_WHAT, _DOES, dice) + dice.choice((".", ".", "…", " !"))


def on_the_debate(dice: random.Random) -> str:
    """A remark on what is on television.

    Args:
        dice: draws it.
    """
    return _sentence(_STAGE, _PLAYS, dice) + dice.choice(("", "", " !", "…"))


def passed_on(title: str, dice: random.Random) -> str:
    """A headline as somebody passes it on who wants it to be read.

    Args:
        title: the headline.
        dice: draws what stands around it.
    """
    return dice.choice(_BEFORE_CLAIM) + title + dice.choice(_AFTER_CLAIM)


def _sentence(subjects: tuple[str, ...], verbs: tuple[str, ...], dice: random.Random) -> str:
    one, other = dice.sample(subjects, 2)
    first, second = dice.sample(verbs, 2)
    text = f"{one} {first}{dice.choice(_LINK)}{other} {second}"
    return text[:1].upper() + text[1:]
