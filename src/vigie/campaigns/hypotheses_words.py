"""What is said of a weighed case, in English and in French: every sentence with the items that it rests on, none of them naming an author.

Likelihood and confidence are never in one sentence (ICD 203). A hypothesis that the team added is called by its number until a person signs. The French words of
likelihood have no official bands; these are a proposal.

References:
    - ICD 203, Analytic Standards, section D.6.e.2 (2015)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from vigie.campaigns.hypotheses import LIKELIHOODS, YARDSTICK, Case, Evidence
from vigie.campaigns.hypotheses_file import weighs_nothing
from vigie.campaigns.hypotheses_weighing import SAME, Weighed, enough_to_change, new_item_decides, word

SHORT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"opportunistic": "opportunistic background", "criminal": "criminal", "activist": "activist", "state_linked": "state-linked actor", "unknown": "unknown"},
    "fr": {"opportunistic": "fond opportuniste", "criminal": "crapuleux", "activist": "militant", "state_linked": "acteur lié à un État", "unknown": "inconnu"},
}
"""vigie's own hypotheses in a word."""

LIKELIHOOD_FR: Final[Mapping[str, str]] = dict(zip(LIKELIHOODS, (
    "quasi exclu", "très peu probable", "peu probable", "à peu près une chance sur deux", "probable", "très probable", "quasi certain"), strict=True))  # fmt: skip
CONFIDENCE_FR: Final[Mapping[str, str]] = {"low": "faible", "moderate": "moyenne", "high": "élevée"}

SOURCE_FR: Final[Mapping[str, str]] = {
    "web server logs": "journaux du serveur web", "login logs": "journaux de connexion", "connection logs": "journaux de trafic",
}  # fmt: skip
"""Sources that vigie itself names."""

_THAT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"almost no chance": "there is almost no chance that", "roughly even chance": "there is a roughly even chance that", "": "it is {word} that"},
    "fr": {"roughly even chance": "il y a à peu près une chance sur deux que", "": "il est {word} que"},
}
BECAUSE: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "nothing": "no item tells the hypotheses apart", "tie": "several share the first place", "sources": "fewer than two independent sources tell anything",
        "flip": "a single item decides the first place", "grade": "no source that tells anything is better than C", "against": "the first place has more against it than another",
    },
    "fr": {
        "nothing": "aucun indice ne départage les hypothèses", "tie": "plusieurs se partagent la première place", "sources": "moins de deux sources indépendantes disent quelque chose",
        "flip": "un seul indice décide de la première place", "grade": "aucune source qui dit quelque chose ne vaut mieux que C", "against": "la première a plus contre elle qu'une autre",
    },
}  # fmt: skip
"""Reasons of low confidence."""

_TEXT: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "observed": "{attacks} attacks, the first begun on {first}, the last on {last} (UTC), from {addresses} addresses",
        "draft": "Nobody has signed this: it is a draft made by rules, and no judgement",
        "signed": "{name}, {date}: “{judgement}”",
        "signed_likelihood": "{name} says: {word}",
        "signed_confidence": "{name} puts confidence at: {word}",
        "departs": "The matrix gives “{matrix}” where the person who signed says “{word}”",
        "stale": "What was signed is state {signed} of the file; this is state {now}, which nobody has signed",
        "carries": "{item} alone carries {percent} % of what tells the hypotheses apart",
        "against": "Against {name} speaks: {items} (inconsistency {amount})",
        "none_against": "Nothing speaks against {names}",
        "nothing": "Nothing here tells any hypothesis from another, so none is preferred",
        "tie": "{names} share the first place, so none is preferred",
        "alike": "Nothing here tells {names} apart",
        "leads": "{name} has the first place",
        "leads_little": "{name} has the first place, by too little for a word of likelihood: the others together weigh more",
        "likelihood": "If these ratings hold, {that} {name} explains these attacks",
        "range": "When one item at a time is left out, the word goes from “{low}” to “{high}”",
        "yardstick": "No other hypothesis does better than {name}, which is the yardstick",
        "confidence": "Confidence in this is {word}: {reasons}",
        "basis": "{sources} independent sources tell something, the best of grade {grade}, and no single item decides",
        "flip": "The first place would be another if one of these proved wrong: {items}",
        "together": "No single item decides the first place; it would be another if all of these proved wrong: {items}",
        "never": "The first place stays what it is, whichever of these prove wrong",
        "source_flip": "Without the source “{source}” the first place would be another",
        "new": "One new independent item of grade B2 that fits another hypothesis very well, and this one very badly, would change the first place",
        "new_not": "One new independent item of grade B2, however telling, would not change the first place",
        "look": "What would tell more than these: a demand for money, a claim that knew what was not yet public, machines shared with a documented campaign, names that only insiders know",
        "few": "{item} is too little to speak of the whole set, and can be asked about alone: vigie explain who {option}",
        "useless": "However striking, these fit all hypotheses alike and move nothing: {items}",
        "unjudged": "These cannot be judged, and weigh nothing: {items}",
        "unequal": "These are rated unequally in the file and move nothing all the same, since anybody may come by any machine: {items}",
        "overlap": "{one} and {other} rest mostly on the same ids though they name two sources: if they are one, give them one name",
        "limits": "An actor who imitates another fits everything; no matrix excludes that, and what no log holds was not weighed",
        "and": " and ", "list": ", ",
    },
    "fr": {
        "observed": "{attacks} attaques, la première commencée le {first}, la dernière le {last} (UTC), depuis {addresses} adresses",
        "draft": "Personne n'a signé : c'est un brouillon fait par des règles, non un jugement",
        "signed": "{name}, {date} : « {judgement} »",
        "signed_likelihood": "{name} dit : {word}",
        "signed_confidence": "{name} donne sa confiance pour : {word}",
        "departs": "La matrice donne « {matrix} » là où la personne qui a signé dit « {word} »",
        "stale": "Ce qui a été signé est l'état {signed} du fichier ; ceci est l'état {now}, que personne n'a signé",
        "carries": "{item} porte à lui seul {percent} % de ce qui départage les hypothèses",
        "against": "Contre {name} parle : {items} (incohérence {amount})",
        "none_against": "Rien ne parle contre {names}",
        "nothing": "Rien ici ne distingue une hypothèse d'une autre : aucune n'est préférée",
        "tie": "{names} se partagent la première place : aucune n'est préférée",
        "alike": "Rien ici ne départage {names}",
        "leads": "{name} a la première place",
        "leads_little": "{name} a la première place, de trop peu pour un mot de probabilité : les autres pèsent plus ensemble",
        "likelihood": "Si ces notes tiennent, {that} {name} explique ces attaques",
        "range": "Quand on ôte un indice à la fois, le mot va de « {low} » à « {high} »",
        "yardstick": "Aucune autre hypothèse ne fait mieux que {name}, qui sert d'étalon",
        "confidence": "La confiance est {word} : {reasons}",
        "basis": "{sources} sources indépendantes disent quelque chose, la meilleure de rang {grade}, et aucun indice ne décide seul",
        "flip": "La première place serait autre si l'un de ces indices se révélait faux : {items}",
        "together": "Aucun indice ne décide seul de la première place ; elle serait autre si tous ceux-ci se révélaient faux : {items}",
        "never": "La première place reste ce qu'elle est, quels que soient ceux qui se révèlent faux",
        "source_flip": "Sans la source « {source} », la première place serait autre",
        "new": "Un seul indice nouveau, indépendant, de rang B2, qui irait très bien avec une autre hypothèse et très mal avec celle-ci changerait la première place",
        "new_not": "Un seul indice nouveau, indépendant, de rang B2, si parlant soit-il, ne changerait pas la première place",
        "look": "En diraient plus que ceux-ci : une demande d'argent, une revendication qui savait ce qui n'était pas encore public, des machines communes avec une campagne documentée, "
        "des noms que seuls connaissent des gens de la maison",
        "few": "{item} est trop peu pour parler de l'ensemble, et s'interroge à part : vigie explain who {option}",
        "useless": "Si frappants soient-ils, ceux-ci vont avec toutes les hypothèses et ne déplacent rien : {items}",
        "unjudged": "Ceux-ci ne peuvent être jugés, et ne pèsent rien : {items}",
        "unequal": "Ceux-ci sont notés inégalement dans le fichier et ne déplacent rien pour autant, puisque chacun peut passer par n'importe quelle machine : {items}",
        "overlap": "{one} et {other} reposent surtout sur les mêmes identifiants et nomment pourtant deux sources : si elles n'en font qu'une, donnez-leur un seul nom",
        "limits": "Un acteur qui en imite un autre va avec tout ; aucune matrice ne l'exclut, et ce qu'aucun journal ne contient n'a pas été pesé",
        "and": " et ", "list": ", ",
    },
}  # fmt: skip

MOST: Final = 5
"""Sentences of one sort that there may be any number of."""
NEW: Final = 0.64
"""Weight of an item of grade B2."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the ids of the items that it rests on, at least one.

    Raises:
        ValueError: it rests on nothing.
    """

    about: str
    text: str
    evidence: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse a sentence without evidence."""
        if not self.evidence:
            raise ValueError(f"no evidence for: {self.text}")

    def __str__(self) -> str:
        """The sentence as it is shown, with its items."""
        return f"{self.text}. [{', '.join(self.evidence)}]"


def likelihood(share: float, lang: str) -> str:
    """The word for a weight of evidence in a language."""
    return LIKELIHOOD_FR[word(share)] if lang == "fr" else word(share)


def source_name(source: str, lang: str) -> str:
    """What an item comes from, in a language where vigie itself says so."""
    return SOURCE_FR.get(source, source) if lang == "fr" else source


def name_of(case: Case, at: int, lang: str) -> str:
    """A hypothesis as sentences call it: its number, and what it is where vigie itself says so or where a person has signed."""
    one = case.hypotheses[at]
    if one.ours:
        return f"H{at + 1} ({SHORT[lang][one.id]})"
    if case.signature is not None:
        return f"H{at + 1} (« {one.said('fr')} »)" if lang == "fr" else f"H{at + 1} (“{one.said('en')}”)"
    return f"H{at + 1}"


def sentences(case: Case, weighed: Weighed, lang: str) -> list[Sentence]:
    """Everything that is said of a case, in order.

    Args:
        case: with an item of evidence at least.
        weighed: what it comes to.
        lang: `en` or `fr`.
    """
    return _Teller(case, weighed, lang).all()


class _Teller:
    """The sentences of one case in one language."""

    def __init__(self, case: Case, weighed: Weighed, lang: str) -> None:
        self.case, self.weighed, self.lang, self.text = case, weighed, lang, _TEXT[lang]
        self.every = tuple(one.id for one in case.evidence)
        self.telling = tuple(case.evidence[at].id for at in _by(weighed.diagnosticity))
        self.basis = self.telling or self.every

    def all(self) -> list[Sentence]:
        """All of them."""
        return [*self._observed(), *self._signed(), *self._against(), *self._judged(), *self._change(), *self._aside(), self._say("limits", self.every)]

    def _say(self, about: str, evidence: Iterable[str], **words: object) -> Sentence:
        return Sentence(about, self.text[about].format(**words), tuple(evidence))

    def _names(self, some: Sequence[int]) -> str:
        names = [name_of(self.case, at, self.lang) for at in some]
        return self.text["and"].join(part for part in (self.text["list"].join(names[:-1]), names[-1]) if part)

    def _decimal(self, value: float) -> str:
        return f"{value:.2f}".replace(".", ",") if self.lang == "fr" else f"{value:.2f}"

    def _number(self, value: int) -> str:
        return f"{value:,}".replace(",", "\u202f") if self.lang == "fr" else f"{value:,}"

    def _observed(self) -> list[Sentence]:
        chosen = self.case.chosen
        first, last = (moment.strftime("%Y-%m-%d %H:%M") for moment in (chosen.first, chosen.last))
        return [self._say("observed", self.every, attacks=self._number(chosen.attacks), first=first, last=last, addresses=self._number(chosen.addresses))]

    def _signed(self) -> list[Sentence]:
        signed, at = self.case.signature, self.weighed.first
        if signed is None:
            return [self._say("draft", self.every)]
        out = [self._say("signed", signed.evidence, name=signed.name, date=signed.date, judgement=signed.judgement.rstrip("."))]
        if signed.likelihood:
            said = LIKELIHOOD_FR[signed.likelihood] if self.lang == "fr" else signed.likelihood
            out.append(self._say("signed_likelihood", signed.evidence, name=signed.name, word=said))
            if self.weighed.worded and word(self.weighed.shares[at[0]]) != signed.likelihood:
                out.append(self._say("departs", self.basis, matrix=likelihood(self.weighed.shares[at[0]], self.lang), word=said))
        if signed.confidence:
            said = CONFIDENCE_FR[signed.confidence] if self.lang == "fr" else signed.confidence
            out.append(self._say("signed_confidence", signed.evidence, name=signed.name, word=said))
        if signed.matrix and signed.matrix != self.case.digest:
            out.append(self._say("stale", self.every, signed=signed.matrix, now=self.case.digest))
        return out

    def _against(self) -> list[Sentence]:
        out, free = [], []
        total = float(self.weighed.diagnosticity.sum())
        if self.telling and len(self.telling) > 1 and self.weighed.diagnosticity.max() > total / 2:
            out.append(self._say("carries", self.telling[:1], item=self.telling[0], percent=round(100 * float(self.weighed.diagnosticity.max()) / total)))
        for at, hypothesis in enumerate(self.case.hypotheses):
            items = [one.id for number, one in enumerate(self.case.evidence) if one.rating(hypothesis.id) < 0 and self.weighed.kept[number] > 0]
            if items:
                amount = self._decimal(float(self.weighed.inconsistency[at]))
                out.append(self._say("against", items, name=name_of(self.case, at, self.lang), items=self.text["list"].join(items), amount=amount))
            else:
                free.append(at)
        if free and self.weighed.told_apart:
            out.append(self._say("none_against", self.basis, names=self._names(free)))
        return out

    def _judged(self) -> list[Sentence]:
        weighed, first, out = self.weighed, self.weighed.first, []
        if not weighed.told_apart:
            out.append(self._say("nothing", self.every))
        elif len(first) > 1:
            out.append(self._say("tie", self.basis, names=self._names(first)))
        else:
            share, name = float(weighed.shares[first[0]]), name_of(self.case, first[0], self.lang)
            out.append(self._say("leads" if weighed.worded else "leads_little", self.basis, name=name))
            if weighed.worded:
                out.append(self._say("likelihood", self.basis, that=self._that(share), name=name))
                low, high = (likelihood(float(some[first[0]]), self.lang) for some in (weighed.low, weighed.high))
                out += [self._say("range", self.basis, low=low, high=high)] if low != high else []
            if self.case.hypotheses[first[0]].id == YARDSTICK:
                out.append(self._say("yardstick", self.basis, name=name))
        if weighed.told_apart:
            out += [self._say("alike", self.basis, names=self._names(some)) for some in self._alike() if tuple(some) != first]
        out.append(self._confidence())
        return out

    def _that(self, share: float) -> str:
        found = word(share)
        return _THAT[self.lang].get(found, _THAT[self.lang][""]).format(word=likelihood(share, self.lang))

    def _alike(self) -> list[list[int]]:
        """Hypotheses that every item fits alike."""
        groups: dict[tuple[int, ...], list[int]] = {}
        telling = [one for at, one in enumerate(self.case.evidence) if self.weighed.diagnosticity[at] > SAME]
        for at, hypothesis in enumerate(self.case.hypotheses):
            groups.setdefault(tuple(one.rating(hypothesis.id) for one in telling), []).append(at)
        return [some for some in groups.values() if len(some) > 1]

    def _confidence(self) -> Sentence:
        weighed = self.weighed
        if weighed.because:
            reasons = self.text["list"].join(BECAUSE[self.lang][name] for name in weighed.because)
        else:
            grade = min(one.reliability for at, one in enumerate(self.case.evidence) if weighed.diagnosticity[at] > SAME)
            reasons = self.text["basis"].format(sources=len(weighed.sources), grade=grade)
        said = CONFIDENCE_FR[weighed.confidence] if self.lang == "fr" else weighed.confidence
        return self._say("confidence", self.basis, word=said, reasons=reasons)

    def _change(self) -> list[Sentence]:
        weighed, out = self.weighed, []
        if weighed.told_apart:
            if weighed.flips:
                items = [self.case.evidence[at].id for at in weighed.flips]
                out.append(self._say("flip", items, items=self.text["list"].join(items)))
            else:
                together = [self.case.evidence[at].id for at in enough_to_change(self.case, weighed)]
                out.append(self._say("together", together, items=self.text["list"].join(together)) if together else self._say("never", self.basis))
            out += [self._say("source_flip", self._telling_of(source), source=source_name(source, self.lang)) for source in weighed.source_flips]
            if len(weighed.first) == 1:
                out.append(self._say("new" if new_item_decides(weighed, NEW) else "new_not", self.basis))
        out.append(self._say("look", self.basis))
        return out

    def _telling_of(self, source: str) -> list[str]:
        return [one.id for at, one in enumerate(self.case.evidence) if one.source == source and self.weighed.diagnosticity[at] > SAME]

    def _aside(self) -> list[Sentence]:
        out = [self._say("few", (one.id,), item=one.id, option=one.alone) for one in self.case.evidence if one.alone]
        unjudged = [one.id for one in self.case.evidence if one.weight <= 0]
        useless = [one.id for at, one in enumerate(self.case.evidence) if self.weighed.diagnosticity[at] <= SAME and one.id not in unjudged]
        unequal = [one.id for one in self.case.evidence if weighs_nothing(one)]
        for about, items in (("useless", useless), ("unjudged", unjudged), ("unequal", unequal)):
            if items:
                out.append(self._say(about, items, items=self.text["list"].join(items)))
        return out + [self._say("overlap", (one, other), one=one, other=other) for one, other in islice(self._overlapping(), MOST)]

    def _overlapping(self) -> Iterable[tuple[str, str]]:
        """Telling items of two sources that share more than half of the ids of the one that has fewer."""
        telling = [one for at, one in enumerate(self.case.evidence) if self.weighed.diagnosticity[at] > SAME and one.refs]
        for one, other in combinations(telling, 2):
            if one.source != other.source and 2 * len(set(one.refs) & set(other.refs)) > min(len(set(one.refs)), len(set(other.refs))):
                yield one.id, other.id


def _by(diagnosticity: Iterable[float]) -> list[int]:
    values = list(diagnosticity)
    return [at for at in sorted(range(len(values)), key=lambda at: -values[at]) if values[at] > SAME]


def telling_first(case: Case, weighed: Weighed) -> list[tuple[int, Evidence]]:
    """Items with their numbers, the most diagnostic first; those that tell nothing last, in their order."""
    order = sorted(range(len(case.evidence)), key=lambda at: -round(float(weighed.diagnosticity[at]), 9))
    return [(at, case.evidence[at]) for at in order]
