"""Accounts and their rhythm: which stand closer to assisted or to by hand, with both readings of each figure, and an undecided band."""

from __future__ import annotations

from typing import Any, Final

from vigie.archive.account_facts import RESULTS, account_facts, accounts_called
from vigie.drawing import Ranked, heat, ranked
from vigie.social.account_likelihood import reference
from vigie.social.account_words import bound_sentence, mark_sentence, readings, sentence, trained_on
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Content, Items, NotThereError, Page, Para, Picture, Piece, Section, Table
from vigie.web.pages.opinion import (
    LINES,
    figure,
    lane,
    linked,
    post_lines,
    social_of,
    techniques,
    unread,
    when,
    without_lines,
)
from vigie.web.pages.pieces import both, parts
from vigie.web.state import State
from vigie.words.numbers import number, percent
from vigie.words.posts import HEADINGS, RESULT, SAID

WORDS: Final = {
    "en": {
        "title": "Accounts by what is said of their rhythm", "list": "Each account, what can be said first", "unit": "accounts", "volume": "How much an account posts decides nothing here. Undecided is a result.", "account": "Account {id}", "said": "What is said of it", "rhythm": "Its rhythm", "week": "Posts by day of the week and hour", "posts": "posts",
        "sum": "The sum behind the score", "figure": "Figure", "value": "Value", "counts": "Counts", "reading": "Read as", "other": "Or else", "marks": "Signs", "groups": "It belongs to: ", "rate": "Rates that no person holds by hand", "read": "What was read",
    },
    "fr": {
        "title": "Comptes selon ce qui est dit de leur rythme", "list": "Chaque compte, ce qui peut être dit d'abord", "unit": "comptes", "volume": "Combien un compte publie ne décide de rien ici. Indécis est un résultat.", "account": "Compte {id}", "said": "Ce qui en est dit", "rhythm": "Son rythme", "week": "Messages par jour de la semaine et heure", "posts": "messages",
        "sum": "La somme derrière le score", "figure": "Mesure", "value": "Valeur", "counts": "Compte pour", "reading": "Lecture", "other": "Ou bien", "marks": "Signes", "groups": "Il appartient à : ", "rate": "Des allures qu'aucune personne ne tient à la main", "read": "Ce qui a été lu",
    },
}  # fmt: skip
COLUMNS: Final = ("account", "platform", "result", "posts", "per_day", "log10_lr", "bound", "active_days", "first_seen", "last_seen", "groups")
_WEEK: Final = "select isodow(seen_at) - 1 as day, hour(seen_at) as hour, count(*) as n from social_posts where platform = ? and account_id = ? group by all"


def make(state: State, asked: Asked) -> Content:
    """The list."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    nothing = unread(state, asked, ACCOUNTS.titles[lang])
    if nothing is not None:
        return nothing
    social = social_of(state)
    facts, rows = social["posts"], social["accounts"]
    at = 1 if lang == "fr" else 0
    results = [Ranked(name, RESULT[name][at], facts["by_result"][name]) for name in RESULTS if facts["by_result"].get(name)]
    wide, narrow = both(ranked, "results", results, lang=lang, title=words["title"], total=facts["accounts"], unit=words["unit"])
    read = said["lane_posts"].format(posts=number(facts["distinct_posts"], lang), accounts=number(facts["accounts"], lang), platforms=", ".join(facts["platforms"]), first=when(facts["first_seen"], lang), last=when(facts["last_seen"], lang))
    beyond = (Para((said["lane_bound"].format(count=number(facts["beyond"], lang)),)),) if facts["beyond"] else ()
    shown = [_row(row, lang) for row in rows[(asked.nth - 1) * PER_PAGE:asked.nth * PER_PAGE]]
    made = tuple(
        Column(name, HEADINGS[name][at].capitalize(), "id" if name == "account" else "number" if name in ("posts", "per_day", "log10_lr") else "text", (lambda row: asked.bare("account", str(row["account"]))) if name == "account" else None)
        for name in ("account", "result", "posts", "per_day", "log10_lr", "bound", "groups", "platform")
    )  # fmt: skip
    sections = (
        Section(words["title"], (Para((read,)), Picture(wide, narrow), *beyond, Para((words["volume"],), "small"), lane(asked))),
        Section(words["list"], (Table(words["list"], made, shown, parts(len(rows), asked, "accounts")),)),
    )
    listed = [{name: ", ".join(row[name]) if name == "groups" else row[name] for name in COLUMNS} for row in rows]
    return Content(sections, {"watched": True, "posts": facts["distinct_posts"], "accounts": facts["accounts"], "by_result": facts["by_result"], "list": listed}, listed, COLUMNS)


def _row(row: dict[str, Any], lang: str) -> dict[str, Any]:
    score = row["log10_lr"]
    return {
        **row, "result": RESULT[row["result"]][1 if lang == "fr" else 0], "per_day": figure(row["per_day"], lang), "log10_lr": None if score is None else ("+" if score > 0 else "") + figure(score, lang), "groups": ", ".join(row["groups"]),
    }  # fmt: skip


def make_one(state: State, asked: Asked) -> Content:
    """One account."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    social = social_of(state)
    names, catalogue = social["names"], state.catalogue
    found = [one for one in accounts_called(catalogue, names, asked.item) if names.account(*one) == asked.item]
    if not found:
        raise NotThereError(asked.item)
    facts = account_facts(catalogue, names, *found[0], LINES)
    counted = {name: "?" if facts[name] is None else number(int(facts[name]), lang) for name in ("posts", "own", "links", "reposts", "replies")}
    head = said["account_head"].format(active=facts["active_days"], silent=facts["silent_days"], first=when(facts["first_seen"], lang), last=when(facts["last_seen"], lang), **counted)
    pace = said["account_pace"].format(day=figure(facts["per_day"], lang), most=number(facts["per_day_max"], lang), articles=figure(facts["articles_per_day"], lang))
    cells: list[list[float]] = [[0.0] * 24 for _ in range(7)]
    for row in state.rows(_WEEK, list(found[0])):
        cells[int(row["day"])][int(row["hour"])] = float(row["n"])
    wide, narrow = both(heat, "week", cells, lang=lang, title=words["week"], unit=words["posts"])
    bounds = tuple((bound_sentence(one, lang),) for one in facts["bounds"])
    groups = (Para((words["groups"], *linked(facts["groups"], "group", asked))),) if facts["groups"] else ()
    sections = (
        Section(words["said"], (Para((sentence(facts, reference(), lang),)), *groups, Para((said["account_not"],), "caution"), Para((words["volume"],), "small"))),
        Section(words["rhythm"], (Para((head,)), Para((pace,)), Picture(wide, narrow))),
        Section(words["sum"], _score(facts, lang)),
        Section(words["rate"], (Items(bounds) if bounds else Para((said["rate_none"],)),), "half"),
        Section(words["marks"], (Items(_marks(facts, lang)),), "half"),
        *([Section("DISARM", techniques(facts["techniques"], asked))] if facts["techniques"] else []),
        post_lines(facts["evidence"], int(facts["posts"]), asked),
    )
    out = [{name: one[name] for name in ("seen_at", "account", "platform", "kind", "file", "byte_offset")} for one in facts["evidence"]]
    return Content(sections, without_lines(facts), out, ("seen_at", "account", "file", "byte_offset"), title=words["account"].format(id=asked.item))


def _score(facts: dict[str, Any], lang: str) -> tuple[Any, ...]:
    words, said, inner = WORDS[lang], SAID[lang], facts["contributions"]
    if facts["log10_lr"] is None or not inner:
        return (Para((said["no_score"],)),)
    rows = []
    for (name, follows, other, contribution), part in zip(readings(inner, lang, len(inner)), inner, strict=True):
        below = {sort: percent(round(100 * part[f"quantile_{sort}"]), 100, lang) for sort in ("assisted", "hand")}
        rows.append({"figure": name, "value": f"{figure(part['value'], lang, 2)} (≥ {below['assisted']} / {below['hand']})", "counts": ("+" if contribution > 0 else "") + figure(contribution, lang, 2), "reading": follows, "other": other})
    score = ("+" if facts["log10_lr"] > 0 else "") + figure(facts["log10_lr"], lang)
    columns = (Column("figure", words["figure"]), Column("value", words["value"]), Column("counts", words["counts"], "number"), Column("reading", words["reading"]), Column("other", words["other"]))
    return Para((said["score"].format(score=score),)), Table(words["sum"], columns, rows), Para((said["trained"].format(reference=trained_on(reference(), lang)),), "small")


def _marks(facts: dict[str, Any], lang: str) -> tuple[tuple[Piece, ...], ...]:
    said = SAID[lang]
    out: list[tuple[Piece, ...]] = []
    for side in ("assisted", "staff", "both"):
        held = [mark_sentence(mark, lang) for mark in facts["marks"] if mark["speaks_for"] == side and mark["holds"]]
        out.append((f"{said[f'marks_{side}']} {' '.join(held) or said['marks_none']}",))
    return tuple(out)


ACCOUNTS: Final = Page("accounts", {"en": "Accounts", "fr": "Comptes"}, make, "opinion", words=WORDS)
ACCOUNT: Final = Page("account", {"en": "Account", "fr": "Compte"}, make_one, item=True, words=WORDS)
