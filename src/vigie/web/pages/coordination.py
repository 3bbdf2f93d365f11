"""Who shares in concert: groups, what they met on, how many meetings chance explains, and what else may be the reason."""

from __future__ import annotations

from typing import Any, Final

from vigie.archive.group_facts import group_facts
from vigie.drawing import Beside, Node, graph, observed_beside_expected
from vigie.drawing import Link as Tie
from vigie.drawing import Series as Sort
from vigie.social.coordination_words import EXPLAINED
from vigie.social.coordination_words import SAID as CONCERT
from vigie.web.asked import Asked
from vigie.web.page import (
    Column,
    Content,
    Details,
    Items,
    Lines,
    Link,
    NotThereError,
    Page,
    Para,
    Picture,
    Section,
    Table,
)
from vigie.web.pages.opinion import (
    LINES,
    chance,
    figure,
    kind,
    lane,
    post_line,
    social_of,
    techniques,
    thing,
    unread,
    without_lines,
)
from vigie.web.pages.pieces import both
from vigie.web.state import State
from vigie.words.numbers import number
from vigie.words.posts import HEADINGS, SAID

WORDS: Final = {
    "en": {
        "groups": "Groups that share in concert", "list": "The largest first", "none": "No group was found. That is a result, not a gap.", "tested": "What was tested", "graph": "Accounts and what they share; a thicker line for more", "group": "Group {id}", "said": "What is said of it", "members": "Members", "on": "On what", "beside": "Found beside expected by chance, of pairs proved",
        "unit": "common things", "else": "What else may be the reason", "first": "Who is first", "proofs": "The meetings, the closest first", "account": "Account", "posts": "Posts", "how": "How", "thing": "Thing", "times": "Times", "accounts": "Accounts", "since": "First (UTC)", "lag": "{s} s apart · ", "pairs": "pairs proved", "attack": "It counts as one attack: ", "drawn": "The largest groups as a graph", "member_of": "member of {group}",
        "map": "The network", "drawn_accounts": "The accounts of the drawing", "in_group": "Group", "shared": "Things shared with others",
    },
    "fr": {
        "groups": "Groupes qui partagent de concert", "list": "Les plus grands d'abord", "none": "Aucun groupe n'a été trouvé. C'est un résultat, non une lacune.", "tested": "Ce qui a été testé", "graph": "Des comptes et ce qu'ils partagent ; un trait plus épais pour davantage", "group": "Groupe {id}", "said": "Ce qui en est dit", "members": "Membres", "on": "Sur quoi", "beside": "Trouvé à côté de ce qu'attend le hasard, pour les paires prouvées",
        "unit": "choses communes", "else": "Ce qui peut l'expliquer autrement", "first": "Qui est premier", "proofs": "Les rencontres, les plus proches d'abord", "account": "Compte", "posts": "Messages", "how": "Comment", "thing": "Chose", "times": "Fois", "accounts": "Comptes", "since": "Première (UTC)", "lag": "à {s} s · ", "pairs": "paires prouvées", "attack": "Il compte pour une attaque : ", "drawn": "Les plus grands groupes en graphe", "member_of": "membre de {group}",
        "map": "Le réseau", "drawn_accounts": "Les comptes du dessin", "in_group": "Groupe", "shared": "Choses partagées avec d'autres",
    },
}  # fmt: skip
COLUMNS: Final = ("group", "accounts", "kinds", "objects", "coincidences", "moments", "p", "borderline", "first_seen", "last_seen", "attack_id")
LARGEST: Final = 6
"""Groups that the graph of all shows."""
_TIES: Final = 'select "group", account_a, account_b, count(distinct object) as n from coincidences where "group" in (select unnest(?::varchar[])) group by all order by n desc, 2, 3 limit 2000'


def make(state: State, asked: Asked) -> Content:
    """The list."""
    words, lang = WORDS[asked.lang], asked.lang
    nothing = unread(state, asked, COORDINATION.titles[lang])
    if nothing is not None:
        return nothing
    social = social_of(state)
    rows, facts = social["groups"], social["posts"]
    at = 1 if lang == "fr" else 0
    shown = [{**row, "kinds": ", ".join(kind(one, lang) for one in row["kinds"]), "p": chance(row["p"], lang)} for row in rows]
    made = tuple(
        Column(name, HEADINGS[name][at].capitalize(), "id" if name == "group" else "time" if name.endswith("_seen") else "number" if name in ("accounts", "objects", "coincidences", "p") else "text", (lambda row: asked.bare("group", str(row["group"]))) if name == "group" else None)
        for name in ("group", "accounts", "kinds", "objects", "coincidences", "p", "first_seen", "last_seen")
    )  # fmt: skip
    table = Table(words["list"], made, shown) if rows else Para((words["none"],))
    tested = tuple(
        (SAID[lang]["kind_tested"].strip().format(
            kind=kind(name, lang), shares=number(one["shares"], lang), accounts=number(one["accounts"], lang), tests=number(round(one["tests"]), lang),
            found=SAID[lang]["kind_none"] if one["cut_off"] is None else SAID[lang]["kind_cut"].format(cut=chance(one["cut_off"], lang))) + "".join(f" {CONCERT[lang][code]}" for code in one["warnings"] if code in CONCERT[lang] and "{" not in CONCERT[lang][code]),)
        for name, one in facts["tests"].items()
    )  # fmt: skip
    sections = [Section(words["groups"], (table, lane(asked)))]
    if rows:
        names = [str(row["group"]) for row in rows[:LARGEST]]
        sections.append(Section(words["map"], (_graph(state, names, asked), Para((CONCERT[lang]["what_it_says_not"],), "caution"))))
    sections.append(Section(words["tested"], (Items(tested),)))
    listed = [{name: ", ".join(row[name]) if name == "kinds" else row[name] for name in COLUMNS} for row in rows]
    return Content(tuple(sections), {"watched": True, "posts": facts["distinct_posts"], "groups": listed}, listed, COLUMNS)


def _graph(state: State, groups: list[str], asked: Asked) -> Picture:
    words, lang = WORDS[asked.lang], asked.lang
    names = social_of(state)["names"]
    ties = state.rows(_TIES, [groups])
    size: dict[str, int] = {}
    member: dict[str, str] = {}
    for row in ties:
        for side in ("account_a", "account_b"):
            account = names.of(str(row[side]))
            size[account] = size.get(account, 0) + int(row["n"])
            member.setdefault(account, str(row["group"]))
    nodes = [Node(account, account, float(n), member[account]) for account, n in sorted(size.items(), key=lambda one: (-one[1], one[0]))]
    links = [Tie(names.of(str(row["account_a"])), names.of(str(row["account_b"])), float(row["n"])) for row in ties]
    told = [Sort(one, one, at) for at, one in enumerate(groups) if one in set(member.values())]
    wide, narrow = both(graph, "network", nodes, links, told, lang=lang, title=words["graph"])
    rows = [{"account": account, "group": member[account], "shared": n} for account, n in sorted(size.items(), key=lambda one: (member[one[0]], -one[1], one[0]))]
    columns = (Column("account", words["account"], "id", lambda row: asked.bare("account", str(row["account"]))), Column("group", words["in_group"], "id", lambda row: asked.bare("group", str(row["group"]))), Column("shared", words["shared"], "number"))
    return Picture(wide, narrow, table=Table(words["drawn_accounts"], columns, rows))


def make_one(state: State, asked: Asked) -> Content:
    """One group."""
    words, said, concert, lang = WORDS[asked.lang], SAID[asked.lang], CONCERT[asked.lang], asked.lang
    social = social_of(state)
    if all(row["group"] != asked.item for row in social["groups"]):
        raise NotThereError(asked.item)
    facts = group_facts(state.catalogue, social["names"], asked.item, LINES)
    at = 1 if lang == "fr" else 0
    first, last = (facts[name].strftime("%Y-%m-%d %H:%M") for name in ("first_seen", "last_seen"))
    told: list[Any] = [Para((concert["group"].format(accounts=facts["accounts"], objects=facts["objects"], occasions=facts["moments"], first=first, last=last),))]
    told += [Para((concert["borderline"],))] if facts["borderline"] else []
    told.append(Para((words["attack"], Link(str(facts["attack_id"]), asked.bare("attack", str(facts["attack_id"])))) if facts["attack_id"] else (said["group_weak"],)))
    told.append(Para((concert["what_it_says_not"],), "caution"))
    beside = [Beside(one["kind"], kind(one["kind"], lang), float(one["found"] or 0), float(one["expected"]), note=f"{number(int(one['proved']), lang)} {words['pairs']}") for one in facts["expected_by_kind"] if one["proved"] and one["expected"] is not None]
    sections = [
        Section(words["said"], tuple(told)),
        Section(words["map"], (_graph(state, [asked.item], asked),)),
        Section(words["else"], (Items(tuple((EXPLAINED[code][at],) for code in facts["explanations"])),), "half"),
        Section(words["first"], (_order(facts, lang),), "half"),
        *([Section(words["beside"], (Picture(*both(observed_beside_expected, "beside", beside, lang=lang, title=words["beside"], unit=words["unit"])),))] if beside else []),
        Section(words["members"], (_members(facts, asked),)),
        Section(words["on"], (_objects(facts, lang),)),
        *([Section("DISARM", techniques(facts["techniques"], asked))] if facts["techniques"] else []),
        Section(words["proofs"], _proofs(facts, asked)),
    ]
    out = [{"kind": one["kind"], "object": one["object"], "account_a": one["account_a"], "account_b": one["account_b"], "seen_at": one["seen_at"], "lag_seconds": one["lag_seconds"], "file_a": one["a"]["file"], "byte_offset_a": one["a"]["byte_offset"], "file_b": one["b"]["file"], "byte_offset_b": one["b"]["byte_offset"]} for one in facts["proofs"]]
    return Content(tuple(sections), without_lines(facts), out, ("kind", "object"), title=words["group"].format(id=asked.item))


def _order(facts: dict[str, Any], lang: str) -> Any:
    concert = CONCERT[lang]
    items = tuple((concert["first"].format(account_a=one["first"], a_first=one["times"], told=one["of"], ties=one["ties"], days=one["days"]) + f" ({one['other']})",) for one in facts["order"])
    return Items(items) if items else Para((concert["no_order"],))


def _members(facts: dict[str, Any], asked: Asked) -> Table:
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    rows = [{"account": one["account"], "posts": one["posts"], "how": f"{', '.join(kind(sort, lang) for sort in one['kinds'])}, {said['by_' + one['by']]}, p = {chance(one['p'], lang)}"} for one in facts["members"]]
    return Table(words["members"], (Column("account", words["account"], "id", lambda row: asked.bare("account", str(row["account"]))), Column("posts", words["posts"], "number"), Column("how", words["how"])), rows)


def _objects(facts: dict[str, Any], lang: str) -> Table:
    words = WORDS[lang]
    rows = [{"thing": thing(str(one["object"]), lang), "times": one["coincidences"], "accounts": one["accounts"], "since": one["first_seen"]} for one in facts["on"]]
    return Table(words["on"], (Column("thing", words["thing"], "code long"), Column("times", words["times"], "number"), Column("accounts", words["accounts"], "number"), Column("since", words["since"], "time")), rows)


def _proofs(facts: dict[str, Any], asked: Asked) -> tuple[Any, ...]:
    words, concert, lang = WORDS[asked.lang], CONCERT[asked.lang], asked.lang
    out = []
    for one in facts["proofs"]:
        told = concert["proof"].format(account_a=one["account_a"], time_a=one["seen_at"].strftime("%Y-%m-%d %H:%M:%S"), account_b=one["account_b"], lag=figure(one["lag_seconds"], lang), object=thing(str(one["object"]), lang))
        out.append(Details(told, (Lines((post_line(one["a"], asked), post_line(one["b"], asked, words["lag"].format(s=figure(one["lag_seconds"], lang))))),)))
    return tuple(out)


COORDINATION: Final = Page("coordination", {"en": "In concert", "fr": "De concert"}, make, "opinion", words=WORDS)
GROUP: Final = Page("group", {"en": "Group", "fr": "Groupe"}, make_one, item=True, words=WORDS)
