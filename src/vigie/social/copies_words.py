"""Words that decide whether a near copy says the same: those that deny, count, date, or change the sense, in French and English.

All are normal forms (lower case, without accents), since that is what is compared.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENIALS: Final = _words(
    "n ne pas non jamais aucun aucune ni sans nullement guere point faux fausse fausses mensonge mensonger mensongere intox canular infox rumeur dement dementi dementie dementent "
    "nie nient nier conteste refute refutent contredit contrairement inexact invente inventee "
    "not no never none nor neither without t cannot dont didnt doesnt isnt wasnt arent werent wont cant couldnt shouldnt wouldnt hasnt havent hadnt aint false fake hoax untrue "
    "debunked debunks denies deny denied denying refutes refuted disputes disputed rejects rejected baseless misleading satire"
)
"""Words that deny."""
TURNS: Final = _words(
    "refuse refusent refuser renonce renoncent renoncer echoue echouent evite evitent annule annulent annulee annulees annules suspend suspendu suspendue reporte reportee reporte retire retiree "
    "retracte contre anti ex ancien ancienne anciens presque pretendu pretendue presume presumee soi disant serait seraient aurait auraient pourrait pourraient devrait si quasi "
    "hors sauf avant apres plus moins depuis jusqu seul seulement faussement demi vice sous pro "
    "refuses fails failed avoids cancels canceled cancelled suspends suspended postpones postponed delays delayed halts halted withdraws withdrawn stops against former late alleged allegedly "
    "supposed almost nearly could would may might if unless except before after only more less fewer until over under deputy half partly again"
)
"""Words whose coming or going changes what is said though they deny nothing."""
DOUBTS: Final = _words("pretendu pretendue presume presumee serait seraient aurait auraient alleged allegedly supposed supposedly rumor rumour rumeurs rumors rumours verification factcheck fact")
"""Words around a quotation that keep their distance from it."""
NUMBERS: Final = _words(
    "zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante soixante cent cents mille million millions milliard milliards "
    "dizaine dizaines douzaine vingtaine centaine centaines millier milliers premier premiere second seconde deuxieme troisieme quatrieme cinquieme sixieme double triple moitie tiers quart "
    "two three four five seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands billion billions dozen dozens first third fourth fifth sixth seventh tenth twice thrice half"
)
DATES: Final = _words(
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre hier demain aujourd hui matin midi soir nuit "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december yesterday tomorrow today tonight morning "
    "evening night"
)
ORNAMENTS: Final = _words(
    "rt via breaking news alert alerte urgent exclusif exclusive info infos flash video photo photos watch voir lire read live direct update just amp http https lol omg wow top news politics world "
    "sports local plus suite article thread"
)
"""Words put in front or behind that say nothing."""
FUNCTION: Final = _words(
    "le la les l un une des du de d au aux a en et ou que qu qui dont ce cet cette ces se s sa son ses leur leurs y est sont sur dans par pour avec il elle on nous vous ils elles c j je m me te tu "
    "the an of in on at to and or that this these those is are be has have it its his her their our your with for by from as i you he she we they was were s re ve ll d m am"
)
"""Words that carry no fact."""
_PAIRS: Final = (
    "commence reporte", "commence finit", "confirme dement", "confirme nie", "accepte refuse", "ouvre ferme", "gagne perd", "monte baisse", "hausse baisse", "augmente diminue", "augmente baisse",
    "vivant mort", "vivante morte", "arrive part", "arrete libere", "arretee liberee", "condamne relaxe", "condamne acquitte", "coupable innocent", "favorable oppose", "soutient combat",
    "approuve rejette", "adopte rejette", "vote rejette", "valide annule", "autorise interdit", "legal illegal", "entre sort", "pour contre", "victoire defaite", "succes echec", "vrai faux",
    "reconnait nie", "avance recule", "avant apres", "plus moins", "maintient retire", "embauche licencie", "construit detruit", "ami ennemi", "premier dernier", "begins delayed", "begin delayed",
    "begins ends", "starts ends", "starts stops", "confirms denies", "confirmed denied", "accepts refuses", "accepts rejects", "opens closes", "wins loses", "won lost", "rises falls", "up down",
    "increases decreases", "alive dead", "arrives leaves", "arrested released", "convicted acquitted", "guilty innocent", "guilty cleared", "backs opposes", "supports opposes", "approves rejects",
    "passes fails", "allows bans", "legal illegal", "true false", "for against", "victory defeat", "success failure", "gains loses", "admits denies", "before after", "more less", "more fewer",
    "keeps drops", "hires fires", "builds destroys", "joins leaves", "first last", "safe unsafe", "survives dies", "expands shrinks", "advances retreats",
)  # fmt: skip
ANTONYMS: Final = frozenset(frozenset(one.split()) for one in _PAIRS)
ENDINGS: Final = frozenset(["", *"s e es x a r d t er ee ees ent ant ait aient ra ront ons ez i ie is it ir ed ing ly n nt al aux eur euse eurs".split()])
"""Endings of inflections."""
NEGATING: Final = ("in", "im", "il", "ir", "un", "non", "dis", "de", "anti", "a", "me", "mis", "contre", "counter")
"""Beginnings that turn a word round."""
