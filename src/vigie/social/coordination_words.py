"""The sentences of accounts that share in concert, in English and in French. None says who runs an account, and none that it is not what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "nothing": "No synchronised group in these data: {tests} pairs of accounts could have been one. That is a result, not a gap.",
        "nothing_to_test": "Nothing to test: no two accounts shared the same thing within {minutes} minutes often enough.",
        "group": "{accounts} accounts are synchronised: on {objects} objects, at {occasions} different moments, between {first} and {last}.",
        "pair": "These two shared {common} of the same things within {minutes} minutes of each other, and {objects} times within {seconds} seconds. {expected} times would be chance.",
        "strangers": "Two accounts that met only once landed within {seconds} seconds of each other in {rate} of cases. For each object it was also measured how fast strangers were at that very moment.",
        "member": "Belongs to the group as a whole: close to it on {objects} objects (p = {p}), though not provably to any one of it.",
        "proof": "{account_a} at {time_a}, {account_b} {lag} seconds later, both: {object}.",
        "first": "{account_a} was first {a_first} times of {told} ({ties} at the same time), on {days} days. Being first is not leading.",
        "no_order": "Neither is first more often than chance explains.",
        "borderline": "Borderline: within a factor of ten of the cut-off. With a little more or less data it may change sides.",
        "burst": "{accounts} accounts shared {object} within {seconds} seconds; {expected} would be usual at that moment. Once is once: look at it, it proves no group.",
        "capped": "{object}: {pairs} coincidences, {not_listed} of them not listed. The number is exact, the list is a sample.",
        "feeds": "{count} accounts share so much that they were set apart and not tested.",
        "short": "Short links among the objects: one is often made for each share, so it tells who passes whom on, not who shares the same page.",
        "too_coarse": "{count} shares were left out: their time is told more coarsely than {seconds} seconds.",
        "few_strangers": "Hardly any strangers here to compare with: nearly everybody meets everybody. Nothing found means little.",
        "feeds_apart": "Some accounts were set apart because they share too much.", "crowding_lowered": "Very crowded moments brought no pairs, so that the run stays within bounds.",
        "kin_not_sought": "Accounts that take part now and then were not looked for: too many partners.",
        "what_it_says_not": "This does not say who runs these accounts, whether one person does, or that they deceive. Two honest feeds of one tool are synchronised too.",
        "settings": "Close: {seconds} s. Met: within {window} s. At least {least} objects and {least} occasions of {block} s. Partners: {rho} of common objects. Tests: {tests}, cut-off p = {cut_off}, "
        "false discoveries at most {alpha}. Seed {seed}. Rows {rows_hash}.",
    },
    "fr": {
        "nothing": "Aucun groupe synchronisé dans ces données : {tests} paires de comptes auraient pu en être un. C'est un résultat, non une lacune.",
        "nothing_to_test": "Rien à tester : aucune paire de comptes n'a assez souvent partagé la même chose à moins de {minutes} minutes d'écart.",
        "group": "{accounts} comptes sont synchronisés : sur {objects} objets, à {occasions} moments différents, entre le {first} et le {last}.",
        "pair": "Ces deux comptes ont partagé {common} mêmes choses à moins de {minutes} minutes d'écart, dont {objects} à moins de {seconds} secondes. Le hasard en donnerait {expected}.",
        "strangers": "Deux comptes qui ne se sont croisés qu'une fois sont tombés à moins de {seconds} secondes l'un de l'autre dans {rate} des cas. Pour chaque objet on a aussi mesuré la vitesse des "
        "autres à ce moment précis.",
        "member": "Appartient au groupe pris dans son ensemble : proche de lui sur {objects} objets (p = {p}), sans que cela soit prouvé avec l'un de ses membres en particulier.",
        "proof": "{account_a} à {time_a}, {account_b} {lag} secondes plus tard, tous deux : {object}.",
        "first": "{account_a} a été premier {a_first} fois sur {told} ({ties} fois au même instant), sur {days} jours. Être premier n'est pas mener.",
        "no_order": "Aucun des deux n'est premier plus souvent que le hasard ne l'explique.",
        "borderline": "Limite : à moins d'un facteur dix du seuil. Un peu plus ou un peu moins de données peuvent le faire changer de côté.",
        "burst": "{accounts} comptes ont partagé {object} en {seconds} secondes ; {expected} seraient habituels à ce moment. Une fois n'est qu'une fois : à regarder, cela ne prouve aucun groupe.",
        "capped": "{object} : {pairs} coïncidences, dont {not_listed} non listées. Le nombre est exact, la liste est un échantillon.",
        "feeds": "{count} comptes partagent tant qu'ils ont été mis à part et non testés.",
        "short": "Liens courts parmi les objets : on en fait souvent un par partage ; ils disent qui relaie qui, non qui partage la même page.",
        "too_coarse": "{count} partages ont été laissés de côté : leur heure n'est pas donnée à {seconds} secondes près.",
        "few_strangers": "Presque personne à qui comparer : presque tous croisent presque tous. Ne rien trouver ici ne veut pas dire grand-chose.",
        "feeds_apart": "Certains comptes ont été mis à part, car ils partagent trop.", "crowding_lowered": "Les moments de très grande affluence n'ont pas donné de paires, pour borner le calcul.",
        "kin_not_sought": "Les comptes qui ne participent que parfois n'ont pas été cherchés : trop de partenaires.",
        "what_it_says_not": "Cela ne dit ni qui tient ces comptes, ni si c'est une seule personne, ni qu'ils trompent. Deux fils honnêtes d'un même outil sont synchronisés aussi.",
        "settings": "Proches : {seconds} s. Croisés : à moins de {window} s. Au moins {least} objets et {least} occasions de {block} s. Partenaires : {rho} des objets communs. Tests : {tests}, seuil p = {cut_off}, "
        "fausses découvertes au plus {alpha}. Graine {seed}. Lignes {rows_hash}.",
    },
}  # fmt: skip

EXPLAINED: Final[Mapping[str, tuple[str, str]]] = {
    "shared_tool": ("Honest accounts fed by one publishing tool post together.", "Des comptes honnêtes alimentés par un même outil de publication publient ensemble."),
    "notification": ("Fans who react to a notification within seconds post together.", "Des abonnés qui réagissent à une notification en quelques secondes publient ensemble."),
    "audience_of_one": ("Most of it passes on one account: it may be that account's audience.", "L'essentiel relaie un seul compte : ce peut être le public de ce compte."),
    "round_minutes": ("Many of these posts are on the full minute: two clocks set by strangers meet there too.", "Beaucoup de ces messages tombent à la minute pile : deux horloges réglées par des inconnus s'y croisent aussi."),
    "cross_posting": ("Accounts of several platforms: one publisher may post everywhere at once.", "Des comptes de plusieurs plateformes : un même éditeur peut publier partout à la fois."),
    "declared_automation": ("Some say themselves that a program posts for them.", "Certains disent eux-mêmes qu'un programme publie pour eux."),
    "news_or_event": ("Breaking news or an event makes many share the same thing at once.", "Une nouvelle ou un événement fait partager la même chose à beaucoup de gens en même temps."),
    "prefilled_share": ("A share button that fills in the headline makes equal texts.", "Un bouton de partage qui remplit le titre produit des textes identiques."),
    "call_to_post": ("A call to post a hashtag at an hour is public and honest.", "Un appel à publier un mot-dièse à une heure dite est public et honnête."),
    "few_strangers": ("Hardly any strangers here to compare with.", "Presque personne à qui comparer."),
}  # fmt: skip
"""What else may be the reason, by code of `coordination.EXPLANATIONS`, in English and in French."""

KINDS_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "url": ("links", "liens"), "domain": ("sites", "sites"), "tag": ("hashtags", "mots-dièse"), "repost": ("reposts", "relais"), "reply": ("answers", "réponses"),
    "quote": ("quotes", "citations"), "media": ("pictures and films", "images et films"), "text": ("equal texts", "textes identiques"), "card": ("declared claim", "affirmation déclarée"),
}  # fmt: skip
"""A kind of object in English and in French."""
