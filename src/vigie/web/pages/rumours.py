"""Rumours: which claims run, who had each first in our data, who passed it on to whom, and what speaks against reading more into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from vigie.archive.claim_facts import card_line, card_rows
from vigie.archive.rumour_facts import rumour_facts, scope_of, wave_facts
from vigie.drawing import Day, Moment, Row, Span, days, matrix, timeline
from vigie.drawing import Series as Sort
from vigie.social.proposal_words import card_sentences, proposal_sentence
from vigie.social.rumour_words import (
    UNITS,
    claim_sentences,
    direction_sentence,
    relay_sentence,
    scope_sentences,
    symbiosis_sentences,
    titles,
)
from vigie.social.rumours_symbiosis import NOT_SHOWN
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import (
    Column,
    Content,
    Details,
    Items,
    Link,
    NotThereError,
    Page,
    Para,
    Paste,
    Picture,
    Section,
    Table,
)
from vigie.web.pages.opinion import LINES, lane, linked, post_lines, social_of, techniques, unread, without_lines
from vigie.web.pages.pieces import both, parts
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.numbers import lasted, number
from vigie.words.posts import HEADINGS, SAID

WORDS: Final = {
    "en": {
        "waves": "Waves that count", "no_wave": "No wave counts: none of what an outlet of a declared list began was carried by five accounts of one sphere or group.", "list": "Rumours, those that count first", "title": "Who posts after whom, all rumours together", "matrix": "Between the groups that you declared", "none": "No link and no text was posted by two accounts.", "rumour": "Rumour {id}", "said": "What is said of it", "when": "When", "drawn": "Posts by day", "posts": "posts", "against": "What speaks against reading more into it", "scope": "What “first in our data” means",
        "order": "All rumours together: who follows whom", "measured": "The figures behind: who is first, and what comparable sources do", "look": "see the wave", "line": "Its time line, hour by hour", "hours": "hours with posts", "first_said": "first in our data", "carried": "Who took it from whom", "carried_none": "No post says from whom it took this: no link, quote or repost of another post here.", "giver": "From", "taker": "To", "how": "How", "times": "Times", "lag": "Half within", "carried_not": "Only what a post itself tells: a link to the article, a repost, a quote, a name. Everything else is order in time, and order is no proof.", "unknown": "What we cannot know", "against_none": "Nothing that was measured. That confirms nothing either.", "some": "The first {shown} of {all}.", "title_one": "Rumour: {text}", "title_wave": "Wave of {n} rumours", "may_be": "What may be the same story", "may_be_not": "Proposed by rare things in common. Nothing was merged: whether it is the same story is for a person to say.", "confirm": "To confirm it", "declared": "Claims that you declared", "declared_not": "A post belongs to a claim by the words, links and rumours on its card. What it does with the claim is unknown unless a person said it.", "wave": "Wave {id}", "claims": "Its claims", "attack": "It counts as one attack: ", "also": "Claims of the same wave: ", "others": "no declared group", "not": "Passing something on is an opinion and counts for nothing alone.", "groups": "Who touched it, in order of time", "group": "Group", "accounts": "Accounts", "first": "First (UTC)", "what": "What", "rows": "gave", "from": "Row: had it first. Column: posted it after.",
    },
    "fr": {
        "waves": "Vagues qui comptent", "no_wave": "Aucune vague ne compte : rien de ce qu'un média d'une liste déclarée a commencé n'a été porté par cinq comptes d'une même sphère ou d'un même groupe.", "list": "Rumeurs, celles qui comptent d'abord", "title": "Qui publie après qui, toutes rumeurs confondues", "matrix": "Entre les groupes que vous avez déclarés", "none": "Aucun lien ni texte n'a été publié par deux comptes.", "rumour": "Rumeur {id}", "said": "Ce qui en est dit", "when": "Quand", "drawn": "Messages par jour", "posts": "messages", "against": "Ce qui empêche d'y lire davantage", "scope": "Ce que veut dire « première fois dans nos données »",
        "order": "Toutes rumeurs confondues : qui suit qui", "measured": "Les chiffres derrière : qui est premier, et ce que font des sources comparables", "look": "voir la vague", "line": "Son parcours, heure par heure", "hours": "heures avec des messages", "first_said": "première fois dans nos données", "carried": "Qui l'a prise à qui", "carried_none": "Aucun message ne dit à qui il l'a prise : ni lien, ni citation, ni partage d'un autre message d'ici.", "giver": "De", "taker": "À", "how": "Comment", "times": "Fois", "lag": "La moitié en moins de", "carried_not": "Seulement ce qu'un message dit lui-même : un lien vers l'article, un partage, une citation, un nom. Le reste est un ordre dans le temps, et un ordre ne prouve rien.", "unknown": "Ce que nous ne pouvons pas savoir", "against_none": "Rien de ce qui a été mesuré. Cela ne confirme rien non plus.", "some": "Les {shown} premières sur {all}.", "title_one": "Rumeur : {text}", "title_wave": "Vague de {n} rumeurs", "may_be": "Ce qui est peut-être la même histoire", "may_be_not": "Proposé d'après des choses rares en commun. Rien n'a été fusionné : dire si c'est la même histoire revient à une personne.", "confirm": "Pour le confirmer", "declared": "Les affirmations que vous avez déclarées", "declared_not": "Un message est d'une affirmation par les mots, liens et rumeurs de sa fiche. Ce qu'il en fait est inconnu tant qu'une personne ne l'a pas dit.", "wave": "Vague {id}", "claims": "Ses affirmations", "attack": "Elle compte pour une attaque : ", "also": "Affirmations de la même vague : ", "others": "aucun groupe déclaré", "not": "Relayer est une opinion et ne compte pour rien à soi seul.", "groups": "Qui y a touché, dans l'ordre du temps", "group": "Groupe", "accounts": "Comptes", "first": "Première (UTC)", "what": "Quoi", "rows": "donneur", "from": "Ligne : l'avait d'abord. Colonne : l'a publié ensuite.",
    },
}  # fmt: skip
COLUMNS: Final = ("rumour", "unit", "what", "accounts", "posts", "first_at", "last_at", "first_group", "peak_at", "peak_posts", "groups", "attack_id")
MOST: Final = 12
"""Sentences on declared groups."""
TITLE: Final = 110
"""Letters of a rumour in the title of its page."""
HOW: Final = {
    "repost": ("a repost", "un partage"), "quote": ("a quote", "une citation"), "link": ("a link to the article", "un lien vers l'article"), "account": ("the original's account is told", "le compte d'origine est donné"),
    "name": ("a name", "un nom"),
}  # fmt: skip
"""How a post tells from whom it took something."""
_RELAYS: Final = "select parent_group, child_group, how, count(*) as times, median(lag) as lag from rumour_relays where claim = ? group by all order by times desc, 1 nulls last, 2 nulls last, 3"


def make(state: State, asked: Asked) -> Content:
    """The list."""
    words, lang = WORDS[asked.lang], asked.lang
    nothing = unread(state, asked, RUMOURS.titles[lang])
    if nothing is not None:
        return nothing
    social = social_of(state)
    with state.alone():
        cards = card_rows(state.catalogue)
    rows, named = social["rumours"], titles(social["declared"], lang)
    at = 1 if lang == "fr" else 0
    wording = {str(card["rumour"]): str(card[f"wording_{lang}"]) for card in cards}
    shown = [_row(row | {"text": wording.get(str(row["rumour"]), row["text"])}, named, lang) for row in rows[(asked.nth - 1) * PER_PAGE:asked.nth * PER_PAGE]]
    kinds = {"accounts": "number", "posts": "number", "what": "text long", "first_group": "text wide"}
    made = tuple(
        Column(name, HEADINGS[name][at].capitalize(), kinds.get(name, "text"), (lambda row: asked.bare("rumour", str(row["rumour"]))) if name == "what" else None)
        for name in ("what", "accounts", "posts", "first_at", "carried_by")
    )  # fmt: skip
    sections = [_waves(state, asked, named), *_declared(cards, asked), *_between(social, asked)]
    sections.append(Section(words["list"], (Table(words["list"], made, shown, parts(len(rows), asked, "rumours")) if rows else Para((words["none"],)),)))
    with state.alone():
        scope = scope_of(state.catalogue)
    sections.append(Section(words["scope"], (Items(tuple((one,) for one in scope_sentences(scope, social["declared"], lang))),)))
    listed = [{name: ", ".join(row[name]) if name == "groups" else row[name] for name in COLUMNS} for row in rows]
    return Content(tuple(sections), {"watched": True, "posts": social["posts"]["distinct_posts"], "rumours": listed, "between": without_lines(social["between"])}, listed, COLUMNS)


def _row(row: Mapping[str, Any], named: Mapping[str, str], lang: str) -> dict[str, Any]:
    what = row["what"] if row["unit"] == "url" else row["text"] or row["what"]
    return {**row, "what": what, "first_at": f"{moment(row['first_at'], lang)}, {named.get(str(row['first_group']), WORDS[lang]['others'])}", "carried_by": ", ".join(named.get(name, name) for name in row["groups"]) or None}


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
        wide, narrow = both(matrix, "relays", sorts, sorts, cells, lang=lang, title=f"{words['title']}. {words['from']}")
        out.append(Section(words["matrix"], (Picture(wide, narrow, words["from"]),)))

    def of(row: Mapping[str, Any], text: str) -> tuple[str]:
        return (f"{UNITS[str(row['unit'])][1 if lang == 'fr' else 0]}{' :' if lang == 'fr' else ':'} {text}.",)

    verdicts = [of(row, text) for row in sorted(between["symbiosis"][:MOST], key=lambda row: row["verdict"] == NOT_SHOWN) for text in symbiosis_sentences(row, groups, lang)[-1:]]
    relays = [of(row, relay_sentence(row, groups, lang)) for row in between["matrix"][:MOST]]
    firsts = [of(row, direction_sentence(row, groups, lang)) for row in between["precedence"][:MOST]]
    rates = [of(row, text) for row in between["symbiosis"][:MOST] for text in symbiosis_sentences(row, groups, lang)[:-1]]
    measured = tuple(dict.fromkeys(firsts + rates))
    if verdicts or relays:
        out.append(Section(words["order"], (Items(tuple(dict.fromkeys(verdicts + relays))), *((Details(words["measured"], (Items(measured),)),) if measured else ()))))
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
    text = str(facts["what"]) if facts["unit"] == "url" else str(facts["text"] or "–")
    if facts["unit"] == "card":
        text = str(facts["cards"][0][f"wording_{lang}"])
    whole = (Para((text if facts["unit"] == "url" else said["rumour_text"].format(text=text),), "lede"),) if _short(text) != text and facts["unit"] != "card" else ()
    cards = [Para((f"{one}.",), "lede" if at == 0 else "") for card in facts["cards"] for at, one in enumerate(card_sentences(card, card["by_way"], lang, own=card["name"] == facts["what"] and facts["unit"] == "card"))]
    blocks: list[Any] = [*cards, *whole, *(Para((f"{one}.",)) for one in told[:2])]
    blocks += [Para((words["attack"], Link(str(facts["attack_id"]), asked.bare("attack", str(facts["attack_id"])))))] if facts["attack_id"] else []
    blocks += [Para((words["also"], *linked(facts["also"], "rumour", asked)))] if facts["also"] else []
    scope = scope_sentences(scope_of(state.catalogue), groups, lang)
    sections = [
        Section(words["said"], (*blocks, Para((words["not"], " ", words["rumour"].format(id=asked.item), "."), "small"))),
        Section(words["when"], _when(facts, named, asked)),
        Section(words["carried"], _carried(state, str(facts["claim"]), named, asked)),
        Section(words["groups"], (_groups(facts, named, asked),)),
        *_may_be_one(facts, asked),
        Section(words["against"], (Items(tuple((f"{one}.",) for one in told[2:])) if told[2:] else Para((words["against_none"],)),), "half"),
        Section(words["unknown"], (Items(tuple((one if one.endswith(".") else f"{one}.",) for one in scope)),), "half"),
        *([Section("DISARM", techniques(facts["techniques"], asked))] if facts["techniques"] else []),
        post_lines(facts["evidence"], int(facts["posts"]), asked),
    ]
    out = [{name: one[name] for name in ("seen_at", "account", "platform", "kind", "file", "byte_offset")} for one in facts["evidence"]]
    plain = {name: value for name, value in facts.items() if name not in ("matrix", "precedence", "symbiosis")}
    return Content(tuple(sections), without_lines(plain), out, ("seen_at", "account", "file", "byte_offset"), title=words["title_one"].format(text=_short(text)))


def _may_be_one(facts: Mapping[str, Any], asked: Asked) -> list[Section]:
    """What may be the same story, why, and how a person confirms it; nothing where nothing is proposed."""
    words, said, rows = WORDS[asked.lang], SAID[asked.lang], facts["proposals"]
    if not rows:
        return []
    items = tuple(
        (Link(str(row["other"]), asked.bare("rumour", str(row["other"]))) if row["other"] else said["proposal_lone"], said["proposal_said"].format(text=row["other_text"], why=proposal_sentence(row, asked.lang)))
        for row in rows[:MOST]
    )  # fmt: skip
    more = (Para((words["some"].format(shown=number(len(items), asked.lang), all=number(int(rows[0]["every"]), asked.lang)),), "small"),) if len(items) < int(rows[0]["every"]) else ()
    confirm = (Para((said["proposal_confirm"],)), Paste(card_line(str(facts["rumour"]), rows)), Paste("vigie read --claims claims.toml"))
    return [Section(words["may_be"], (Items(items), *more, Para((words["may_be_not"],), "small"), Details(words["confirm"], confirm)))]


def _declared(rows: Sequence[Mapping[str, Any]], asked: Asked) -> list[Section]:
    """Claims that a person declared; nothing without any."""
    words, at = WORDS[asked.lang], 1 if asked.lang == "fr" else 0
    if not rows:
        return []
    shown = [{**row, "wording": row[f"wording_{asked.lang}"], "first_at": moment(row["first_at"], asked.lang) if row["first_at"] else None} for row in rows]
    columns = (
        Column("wording", HEADINGS["wording"][at].capitalize(), "text long", lambda row: asked.bare("rumour", str(row["rumour"])) if row["rumour"] else ""),
        *(Column(name, HEADINGS[name][at].capitalize(), kind) for name, kind in (("posts", "number"), ("accounts", "number"), ("first_at", "text"), ("supports", "number"), ("denies", "number"), ("reports", "number"))),
    )  # fmt: skip
    return [Section(words["declared"], (Table(words["declared"], columns, shown), Para((words["declared_not"],), "small")))]


def _short(text: str) -> str:
    """As much of a text as a title holds, without the link at its end."""
    words = text.split(" https://", maxsplit=1)[0].strip()
    return words if len(words) <= TITLE else words[:TITLE].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"


def _groups(facts: Mapping[str, Any], named: Mapping[str, str], asked: Asked) -> Table:
    """Who touched it, the first in our data first."""
    words, lang = WORDS[asked.lang], asked.lang
    rows = [{"group": named.get(str(one["group"]), words["others"]), "posts": one["posts"], "accounts": one["accounts"], "first": moment(one["first_at"], lang)} for one in facts["by_group"]]
    heads = {name: text[:1].upper() + text[1:] for name, text in words.items() if name in ("group", "posts", "accounts", "first")}
    return Table(words["groups"], (Column("group", heads["group"]), Column("first", heads["first"], "time"), Column("posts", heads["posts"], "number"), Column("accounts", heads["accounts"], "number")), rows)


def _carried(state: State, claim: str, named: Mapping[str, str], asked: Asked) -> tuple[Any, ...]:
    """Who took it from whom, as far as posts say so themselves."""
    words, at = WORDS[asked.lang], 1 if asked.lang == "fr" else 0
    rows = [
        {
            "giver": named.get(str(one["parent_group"]), words["others"]), "taker": named.get(str(one["child_group"]), words["others"]), "how": HOW.get(str(one["how"]), (str(one["how"]),) * 2)[at], "times": one["times"],
            "lag": None if one["lag"] is None else lasted(float(one["lag"]) / 1e6),
        }
        for one in state.rows(_RELAYS, [claim])
    ]  # fmt: skip
    if not rows:
        return Para((words["carried_none"],)), Para((words["carried_not"],), "small")
    columns = (Column("giver", words["giver"]), Column("taker", words["taker"]), Column("how", words["how"]), Column("times", words["times"], "number"), Column("lag", words["lag"], "number"))
    return Table(words["carried"], columns, rows), Para((words["carried_not"],), "small")


def _when(facts: Mapping[str, Any], named: Mapping[str, str], asked: Asked) -> tuple[Any, ...]:
    """The hours in which each group posted it, the first of all marked; then posts by day."""
    words, lang = WORDS[asked.lang], asked.lang
    hour, by = timedelta(hours=1), dict[date, dict[str, int]]()
    rows: dict[str, list[Span]] = {}
    for one in facts["timeline"]:
        key = str(one["group"] or "-")
        counts = by.setdefault(one["hour"].date(), {})
        counts[key] = counts.get(key, 0) + int(one["posts"])
        rows.setdefault(key, []).append(Span(one["hour"], one["hour"] + hour, "hours", f"{number(int(one['posts']), lang)} {words['posts']}", f"{key}{one['hour']:%Y%m%d%H}"))
    began = facts["first_at"]
    order = [str(one["group"] or "-") for one in facts["by_group"] if str(one["group"] or "-") in rows]
    strips = [Row(named.get(key, words["others"]), rows[key], [Moment(began, words["first_said"])] if at == 0 else []) for at, key in enumerate(order)]
    first, last = min(one["hour"] for one in facts["timeline"]), max(one["hour"] for one in facts["timeline"]) + hour
    around = max((last - first) / 40, hour / 2)
    wide, narrow = both(timeline, "line", strips, [Sort("hours", words["hours"], 0)], first - around, last + around, lang=lang, title=words["line"])
    out = [Picture(wide, narrow)]
    return (*out, _days(by, {**named, "-": words["others"]}, asked, lang)) if len(by) > 1 else tuple(out)


def _days(by: Mapping[date, Mapping[str, int]], named: Mapping[str, str], asked: Asked, lang: str) -> Picture:
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
        first=moment(wave["first_seen"], lang), last=moment(wave["last_seen"], lang),
    )  # fmt: skip


def _waves(state: State, asked: Asked, named: Mapping[str, str]) -> Section:
    """The waves that count, each with what it is of; above everything else."""
    words = WORDS[asked.lang]
    rows = state.rows("select * from rumour_waves order by accounts desc, first_seen, wave_id limit 20")
    told = tuple((f"{_wave_sentence(row, named, asked.lang)} ", Link(words["look"], asked.bare("wave", str(row["wave_id"])))) for row in rows)
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
    claims = tuple((Link(str(one["what"] if one["unit"] == "url" else one["text"] or one["what"]), asked.bare("rumour", str(one["rumour"]))),) for one in facts["claims"])
    counted = Para((words["attack"], Link(str(facts["attack_id"]), asked.bare("attack", str(facts["attack_id"])))) if facts["attack_id"] else (said["group_weak"],))
    sections = (
        Section(words["said"], (Para((head,)), counted, Para((said["wave_not"],), "caution"), Para((words["wave"].format(id=asked.item), "."), "small"), *(() if carrier.startswith("s:") else (Para((Link(carrier, asked.bare("group", carrier)),)),)))),
        *([Section(words["when"], (_days(by, {"all": words["posts"]}, asked, lang),))] if by else []),
        Section(words["claims"], (Items(claims), *((Para((words["some"].format(shown=number(len(claims), lang), all=number(int(facts["rumours"]), lang)),), "small"),) if len(claims) < int(facts["rumours"]) else ()))), post_lines(facts["evidence"], int(facts["posts"]), asked),
    )  # fmt: skip
    out = [{name: one[name] for name in ("seen_at", "account", "platform", "kind", "file", "byte_offset")} for one in facts["evidence"]]
    return Content(sections, without_lines(facts), out, ("seen_at", "account", "file", "byte_offset"), title=words["title_wave"].format(n=number(int(facts["rumours"]), lang)))


RUMOURS: Final = Page("rumours", {"en": "Rumours", "fr": "Rumeurs"}, make, "opinion", words=WORDS)
RUMOUR: Final = Page("rumour", {"en": "Rumour", "fr": "Rumeur"}, make_one, item=True, words=WORDS)
WAVE: Final = Page("wave", {"en": "Wave", "fr": "Vague"}, make_wave, item=True, words=WORDS)
