"""Who is it? Competing hypotheses against evidence: the matrix, what follows, and what would change it. No author is named."""

from __future__ import annotations

from typing import Any, Final

from vigie.campaigns.case_facts import as_dict
from vigie.campaigns.hypotheses import Case
from vigie.campaigns.hypotheses_evidence import Choice, case_of
from vigie.campaigns.hypotheses_weighing import Weighed, weigh
from vigie.campaigns.hypotheses_words import likelihood, sentences, source_name, telling_first
from vigie.drawing import Series, matrix
from vigie.web.asked import Asked
from vigie.web.page import Column, Content, Details, Items, Link, Page, Para, Picture, Piece, Section, Status, Table
from vigie.web.pages.pieces import both
from vigie.web.state import State

WORDS: Final = {
    "en": {
        "caution": "vigie counts and weighs; it names no author. A person judges and signs. An address or a country of a last hop fits every hypothesis alike.", "hypotheses": "The hypotheses, each a full explanation of all these attacks", "matrix": "Evidence against hypotheses", "title": "How each item of evidence fits each hypothesis",
        "matrix_why": "The most telling items first. What fits every hypothesis alike tells nothing, however much of it there is.", "follows": "What follows", "why": "Each item, why it is rated so, and its lines", "because": "Why", "numbers": "The numbers behind the words", "numbers_why": "A convention, no measured probabilities.", "hypothesis": "Hypothesis", "against": "Against it",
        "share": "Weight of evidence, %", "range": "Without one item, %", "range_source": "Without one source, %", "word": "In words", "sign": "Judge it yourselves", "sign_why": "Write the case into a file, change ratings, add what you know, and sign: ", "none": "Nothing to weigh", "none_why": "No attack fits the filters.", "grade": "Grade", "item": "Item", "evidence": "Evidence, with its lines:",
    },
    "fr": {
        "caution": "vigie compte et pèse ; il ne nomme pas d'auteur. Une personne juge et signe. Une adresse ou le pays d'un dernier saut va aussi bien à toutes les hypothèses.", "hypotheses": "Les hypothèses, chacune une explication complète de toutes ces attaques", "matrix": "Les indices face aux hypothèses", "title": "Comment chaque indice va à chaque hypothèse",
        "matrix_why": "Les indices les plus parlants d'abord. Ce qui va aussi bien à toutes les hypothèses ne dit rien, si nombreux que ce soit.", "follows": "Ce qui s'ensuit", "why": "Chaque indice, pourquoi il est noté ainsi, et ses lignes", "because": "Pourquoi", "numbers": "Les nombres derrière les mots", "numbers_why": "Une convention, non des probabilités mesurées.", "hypothesis": "Hypothèse", "against": "Contre elle",
        "share": "Poids des indices, %", "range": "Sans un indice, %", "range_source": "Sans une source, %", "word": "En mots", "sign": "Jugez-en vous-mêmes", "sign_why": "Écrivez le cas dans un fichier, changez les notes, ajoutez ce que vous savez, et signez : ", "none": "Rien à peser", "none_why": "Aucune attaque ne répond aux filtres.", "grade": "Rang", "item": "Indice", "evidence": "L'indice, avec ses lignes :",
    },
}  # fmt: skip
FEW: Final = 4
"""Items that a sentence names; more of them are nearly all."""


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang = WORDS[asked.lang], asked.lang
    case = state.facts.case
    if any((asked.since, asked.until, asked.family, asked.automation)):
        since, until = asked.between()
        choice = Choice((asked.family,) if asked.family else (), (), (asked.automation,) if asked.automation else (), since, until)
        with state.alone():
            case = case_of(state.catalogue.connection, choice, state.snapshot)
    if case is None:
        return Content((Section(words["matrix"], (Status("unknown", words["none"], (words["none_why"],)),)),), {"evidence": []}, (), ("evidence",))
    weighed = weigh(case)
    said = [f"{one.text}." + (f" [{', '.join(one.evidence)}]" if len(one.evidence) <= FEW else "") for one in sentences(case, weighed, lang)]
    names = [Series(one.id, f"H{at + 1} {one.said(lang)}") for at, one in enumerate(case.hypotheses)]
    order = telling_first(case, weighed)
    rows = [Series(one.id, f"{one.id} {one.said(lang)}") for _, one in order]
    cells = [[float(one.rating(h.id)) for h in case.hypotheses] for _, one in order]
    wide, narrow = both(matrix, "matrix", rows, names, cells, lang=lang, title=words["title"], rated=True)
    asked_for = f" {case.chosen.asked}" if case.chosen.asked else ""
    sections = (
        Section(words["matrix"], (Para((words["caution"],), "caution"), Para((words["matrix_why"],), "small"), Picture(wide, narrow))),
        Section(words["follows"], (Items(tuple((one,) for one in said)),)),
        Section(words["hypotheses"], (Items(tuple((f"H{at + 1} – {one.said(lang)}",) for at, one in enumerate(case.hypotheses))),), "half"),
        Section(words["sign"], (Para((words["sign_why"] + f"vigie explain who{asked_for} --write who.toml",)),), "half"),
        Section(words["why"], tuple(_item(one, asked) for _, one in order)),
        Section(words["numbers"], (Para((words["numbers_why"],), "small"), _numbers(case, weighed, lang))),
    )
    data = as_dict(case, weighed, lang)
    out = [{"evidence": one.id, "kind": one.kind, "text": one.said(lang), "source": one.source, **{h.id: one.rating(h.id) for h in case.hypotheses}, "refs": " ".join(one.refs)} for _, one in order]
    return Content(sections, data, out, ("evidence", "kind", "text"))


def _item(one: Any, asked: Asked) -> Details:
    words, lang = WORDS[asked.lang], asked.lang
    pages = {"a": "attack", "t": "attempt", "s": "signal"}
    refs: list[Piece] = []
    for ref in one.refs:
        refs += [" ", Link(ref, asked.bare(pages[ref[0]], ref))] if ref[:1] in pages else [f" {ref}"]
    grade = f"{words['grade']} {one.reliability}{one.credibility}, {source_name(one.source, lang)}. "
    return Details(f"{one.id} – {one.said(lang)}", (Para((f"{words['because']}{' :' if lang == 'fr' else ':'} {one.reason(lang)}",)), Para((grade + words["evidence"], *refs), "small")))


def _numbers(case: Case, weighed: Weighed, lang: str) -> Table:
    words = WORDS[lang]
    rows = [
        {
            "hypothesis": f"H{at + 1} {one.said(lang)}", "against": float(weighed.inconsistency[at]), "share": f"{100 * weighed.shares[at]:.0f}", "range": f"{100 * weighed.low[at]:.0f}–{100 * weighed.high[at]:.0f}",
            "range_source": f"{100 * weighed.low_source[at]:.0f}–{100 * weighed.high_source[at]:.0f}", "word": likelihood(float(weighed.shares[at]), lang) if weighed.worded else None,
        }
        for at, one in enumerate(case.hypotheses)
    ]  # fmt: skip
    made = (Column("hypothesis", words["hypothesis"]), *(Column(name, words[name], "number") for name in ("against", "share", "range", "range_source")), Column("word", words["word"]))
    return Table(words["numbers"], made, rows)


PAGE: Final = Page("hypotheses", {"en": "Who is it?", "fr": "Qui est-ce ?"}, make, "where", filters=("since", "until", "family", "automation"), words=WORDS)
