"""Rumours: which claims run, who had each first in our data, who passed it on to whom, and what speaks against reading more into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from vigie.archive.rumour_facts import rumour_facts, scope_of, wave_facts
from vigie.drawing import Day, days, matrix
from vigie.drawing import Series as Sort
from vigie.social.rumour_words import (
    claim_sentences,
    direction_sentence,
    relay_sentence,
    scope_sentences,
    symbiosis_sentences,
    titles,
)
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Content, Items, Link, NotThereError, Page, Para, Picture, Section, Table
from vigie.web.pages.opinion import LINES, lane, linked, post_lines, social_of, techniques, unread, without_lines
from vigie.web.pages.pieces import both, parts
from vigie.web.state import State
from vigie.words.numbers import number
from vigie.words.posts import HEADINGS, SAID

WORDS: Final = {
    "en": {
        "waves": "Waves that count", "no_wave": "No wave counts: none of what an outlet of a declared list began was carried by five accounts of one sphere or group.", "list": "Rumours, those that count first", "title": "Who posts after whom, all rumours together", "matrix": "Between the groups that you declared", "none": "No link and no text was posted by two accounts.", "rumour": "Rumour {id}", "said": "What is said of it", "when": "When", "drawn": "Posts by day", "posts": "posts", "against": "What speaks against reading more into it", "scope": "What “first in our data” means",
        "order": "All rumours together: who follows whom, and who is first", "wave": "Wave {id}", "claims": "Its claims", "attack": "It counts as one attack: ", "also": "Claims of the same wave: ", "others": "no declared group", "not": "Passing something on is an opinion and counts for nothing alone.", "groups": "Who touched it, in order of time", "group": "Group", "accounts": "Accounts", "first": "First (UTC)", "what": "What", "rows": "gave", "from": "(row: had it first; column: posted it after)",
    },
    "fr": {
        "waves": "Vagues qui comptent", "no_wave": "Aucune vague ne compte : rien de ce qu'un média d'une liste déclarée a commencé n'a été porté par cinq comptes d'une même sphère ou d'un même groupe.", "list": "Rumeurs, celles qui comptent d'abord", "title": "Qui publie après qui, toutes rumeurs confondues", "matrix": "Entre les groupes que vous avez déclarés", "none": "Aucun lien ni texte n'a été publié par deux comptes.", "rumour": "Rumeur {id}", "said": "Ce qui en est dit", "when": "Quand", "drawn": "Messages par jour", "posts": "messages", "against": "Ce qui empêche d'y lire davantage", "scope": "Ce que veut dire « première fois dans nos données »",
        "order": "Toutes rumeurs confondues : qui suit qui, et qui est premier", "wave": "Vague {id}", "claims": "Ses affirmations", "attack": "Elle compte pour une attaque : ", "also": "Affirmations de la même vague : ", "others": "aucun groupe déclaré", "not": "Relayer est une opinion et ne compte pour rien à soi seul.", "groups": "Qui y a touché, dans l'ordre du temps", "group": "Groupe", "accounts": "Comptes", "first": "Première (UTC)", "what": "Quoi", "rows": "donneur", "from": "(ligne : l'avait d'abord ; colonne : l'a publié ensuite)",
    },
}  # fmt: skip
COLUMNS: Final = ("rumour", "unit", "what", "accounts", "posts", "first_at", "last_at", "first_group", "peak_at", "peak_posts", "groups", "attack_id")
MOST: Final = 12
"""Sentences on declared groups."""


def make(state: State, asked: Asked) -> Content:
    """The list."""
    words, lang = WORDS[asked.lang], asked.lang
    nothing = unread(state, asked, RUMOURS.titles[lang])
    if nothing is not None:
        return nothing
    social = social_of(state)
    rows, named = social["rumours"], titles(social["declared"], lang)
    at = 1 if lang == "fr" else 0
    shown = [_row(row, named, lang) for row in rows[(asked.nth - 1) * PER_PAGE:asked.nth * PER_PAGE]]
    kinds = {"accounts": "number", "posts": "number", "first_at": "time", "peak_posts": "number", "what": "code long", "rumour": "id"}
    made = tuple(
        Column(name, HEADINGS[name][at].capitalize(), kinds.get(name, "text"), (lambda row: asked.bare("rumour", str(row["rumour"]))) if name in ("rumour", "what") else None)
        for name in ("what", "accounts", "posts", "first_at", "first_group", "peak_posts", "carried_by")
    )  # fmt: skip
    sections = [_waves(state, asked, named), *_between(social, asked)]
    sections.append(Section(words["list"], (Table(words["list"], made, shown, parts(len(rows), asked, "rumours")) if rows else Para((words["none"],)),)))
    with state.alone():
        scope = scope_of(state.catalogue)
    sections.append(Section(words["scope"], (Items(tuple((one,) for one in scope_sentences(scope, social["declared"], lang))),)))
    listed = [{name: ", ".join(row[name]) if name == "groups" else row[name] for name in COLUMNS} for row in rows]
    return Content(tuple(sections), {"watched": True, "posts": social["posts"]["distinct_posts"], "rumours": listed, "between": without_lines(social["between"])}, listed, COLUMNS)


def _row(row: Mapping[str, Any], named: Mapping[str, str], lang: str) -> dict[str, Any]:
    what = row["what"] if row["unit"] == "url" else row["text"] or row["what"]
    return {**row, "what": what, "first_group": named.get(str(row["first_group"]), WORDS[lang]["others"]), "carried_by": ", ".join(named.get(name, name) for name in row["groups"]) or None}


def _between(social: Mapping[str, Any], asked: Asked) -> list[Section]:
    """Relays, precedence and symbiosis between declared groups, in numbers and in sentences."""
    words, said, lang, groups = WORDS[asked.lang], SAID[asked.lang], asked.lang, social["declared"]
    if not groups:
        return [Section(words["matrix"], (Para((said["rumour_undeclared"],)),))]
    between, named = social["between"], titles(groups, lang)
    pairs: dict[tuple[str, str], float] = {}
    for row in between["matrix"]:
        pairs[str(row["giver"]), str(row["taker"])] = max(pairs.get((str(row["giver"]), str(row["taker"])), 0.0), float(row["relayed"]))
    some = sorted({name for pair in pairs for name in pair})
    out: list[Section] = []
    if some:
        sorts = [Sort(name, named.get(name, name)) for name in some]
        cells = [[None if giver == taker else pairs.get((giver, taker), 0.0) for taker in some] for giver in some]
        wide, narrow = both(matrix, "relays", sorts, sorts, cells, lang=lang, title=f"{words['title']} {words['from']}")
        out.append(Section(words["matrix"], (Picture(wide, narrow, words["from"]),)))
    told = [relay_sentence(row, groups, lang) for row in between["matrix"][:MOST]] + [direction_sentence(row, groups, lang) for row in between["precedence"][:MOST]]
    told += [text for row in between["symbiosis"][:MOST] for text in symbiosis_sentences(row, groups, lang)]
    if told:
        out.append(Section(words["order"], (Items(tuple((f"{text}.",) for text in dict.fromkeys(told))),)))
    return out


def make_one(state: State, asked: Asked) -> Content:
    """One rumour."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    social = social_of(state)
    if not state.rows("select 1 as one from rumours where rumour_id = ?", [asked.item]):
        raise NotThereError(asked.item)
    facts = rumour_facts(state.catalogue, social["names"], asked.item, LINES)
    groups = social["declared"]
    named, told = titles(groups, lang), claim_sentences(facts, facts["counter"], groups, lang)
    what = str(facts["what"]) if facts["unit"] == "url" else said["rumour_text"].format(text=facts["text"] or "–")
    blocks: list[Any] = [Para((what,)), *(Para((f"{text}.",)) for text in told[:2])]
    blocks += [Para((words["attack"], Link(str(facts["attack_id"]), asked.bare("attack", str(facts["attack_id"])))))] if facts["attack_id"] else []
    blocks += [Para((words["also"], *linked(facts["also"], "rumour", asked)))] if facts["also"] else []
    by = [{"group": named.get(str(one["group"]), words["others"]), "posts": one["posts"], "accounts": one["accounts"], "first": one["first_at"]} for one in facts["by_group"]]
    sections = [
        Section(words["said"], (*blocks, Para((words["not"],), "small"))),
        Section(words["when"], (_timeline(facts, named, asked),)),
        Section(words["groups"], (Table(words["groups"], (Column("group", words["group"]), Column("posts", words["posts"], "number"), Column("accounts", words["accounts"], "number"), Column("first", words["first"], "time")), by),), "half"),
        Section(words["against"], (Items(tuple((f"{text}.",) for text in told[2:])) if told[2:] else Para((said["marks_none"],)),), "half"),
        *([Section("DISARM", techniques(facts["techniques"], asked))] if facts["techniques"] else []),
        post_lines(facts["evidence"], int(facts["posts"]), asked),
    ]
    out = [{name: one[name] for name in ("seen_at", "account", "platform", "kind", "file", "byte_offset")} for one in facts["evidence"]]
    plain = {name: value for name, value in facts.items() if name not in ("matrix", "precedence", "symbiosis")}
    return Content(tuple(sections), without_lines(plain), out, ("seen_at", "account", "file", "byte_offset"), title=words["rumour"].format(id=asked.item))


def _timeline(facts: Mapping[str, Any], named: Mapping[str, str], asked: Asked) -> Picture:
    words, lang = WORDS[asked.lang], asked.lang
    by: dict[date, dict[str, int]] = {}
    for one in facts["timeline"]:
        counts = by.setdefault(one["hour"].date(), {})
        key = str(one["group"] or "-")
        counts[key] = counts.get(key, 0) + int(one["posts"])
    return _days(by, {**named, "-": words["others"]}, asked, lang)


def _days(by: Mapping[date, Mapping[str, int]], named: Mapping[str, str], asked: Asked, lang: str) -> Picture:
    from datetime import timedelta

    words = WORDS[asked.lang]
    first, last = min(by), max(by)
    span = min((last - first).days, 3_000)
    rows = [Day(first + timedelta(days=at), by.get(first + timedelta(days=at), {})) for at in range(span + 1)]
    keys = sorted({key for counts in by.values() for key in counts})
    wide, narrow = both(days, "wave", rows, [Sort(key, named.get(key, key)) for key in keys[:8]], lang=lang, title=words["drawn"], unit=words["posts"])
    return Picture(wide, narrow)


def _wave_sentence(wave: Mapping[str, Any], named: Mapping[str, str], lang: str) -> str:
    """Whose pages or words a wave is of, who carried them, and when."""
    carrier = str(wave["carrier"])
    return SAID[lang]["wave_head"].format(
        origin=named.get(str(wave["origin"]), str(wave["origin"])), carrier=named.get(carrier.removeprefix("s:"), carrier) if carrier.startswith("s:") else carrier,
        accounts=number(wave["accounts"], lang), posts=number(wave["posts"], lang), rumours=number(wave["rumours"], lang),
        first=wave["first_seen"].strftime("%Y-%m-%d %H:%M"), last=wave["last_seen"].strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def _waves(state: State, asked: Asked, named: Mapping[str, str]) -> Section:
    """The waves that count, each with what it is of; above everything else."""
    words = WORDS[asked.lang]
    rows = state.rows("select * from rumour_waves order by accounts desc, first_seen, wave_id limit 20")
    told = tuple((Link(str(row["wave_id"]), asked.bare("wave", str(row["wave_id"]))), f" {_wave_sentence(row, named, asked.lang)}") for row in rows)
    return Section(words["waves"], (Items(told) if told else Para((words["no_wave"],)), Para((words["not"],), "small"), lane(asked)))


def make_wave(state: State, asked: Asked) -> Content:
    """One counted wave."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    social = social_of(state)
    if not state.rows("select 1 as one from rumour_waves where wave_id = ?", [asked.item]):
        raise NotThereError(asked.item)
    facts = wave_facts(state.catalogue, social["names"], asked.item, LINES)
    named = titles(social["declared"], lang)
    carrier = str(facts["carrier"])
    head = _wave_sentence(facts, named, lang)
    by = {date.fromisoformat(str(one["day"])): {"all": int(one["posts"])} for one in facts["by_day"]}
    claims = tuple((Link(str(one["rumour"]), asked.bare("rumour", str(one["rumour"]))), f" {one['what'] if one['unit'] == 'url' else one['text'] or one['what']}") for one in facts["claims"])
    counted = Para((words["attack"], Link(str(facts["attack_id"]), asked.bare("attack", str(facts["attack_id"])))) if facts["attack_id"] else (said["group_weak"],))
    sections = (
        Section(words["said"], (Para((head,)), counted, Para((said["wave_not"],), "caution"), *(() if carrier.startswith("s:") else (Para((Link(carrier, asked.bare("group", carrier)),)),)))),
        *([Section(words["when"], (_days(by, {"all": words["posts"]}, asked, lang),))] if by else []),
        Section(words["claims"], (Items(claims),)), post_lines(facts["evidence"], int(facts["posts"]), asked),
    )  # fmt: skip
    out = [{name: one[name] for name in ("seen_at", "account", "platform", "kind", "file", "byte_offset")} for one in facts["evidence"]]
    return Content(sections, without_lines(facts), out, ("seen_at", "account", "file", "byte_offset"), title=words["wave"].format(id=asked.item))


RUMOURS: Final = Page("rumours", {"en": "Rumours", "fr": "Rumeurs"}, make, "opinion", words=WORDS)
RUMOUR: Final = Page("rumour", {"en": "Rumour", "fr": "Rumeur"}, make_one, item=True, words=WORDS)
WAVE: Final = Page("wave", {"en": "Wave", "fr": "Vague"}, make_wave, item=True, words=WORDS)
