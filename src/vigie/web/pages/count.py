"""The number, and how one arrives at it: the ladder unfolded, what each word means, how much the number depends on its settings."""

from __future__ import annotations

from typing import Any, Final

from vigie.attacks.count import OUTSIDE, Count, Period, Step
from vigie.attacks.count_facts import as_dict
from vigie.drawing import Rung, ladder
from vigie.web.asked import FILTERS, Asked
from vigie.web.page import Column, Content, Figure, Items, Link, Page, Para, Picture, Piece, Section, Table
from vigie.web.pages.pieces import both, breakdown, family, trend_said
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.counting import TEXT as COUNTING
from vigie.words.ladder import reason_name, step_name
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "number": "The number", "attacks": "attacks", "attack": "attack", "narrowed": "attacks that fit the filters, of {all}", "when": "From {first} to {last} ({days} days).", "how": "How do you arrive at that number?",
        "how_why": "From each line that was in the files down to each attack. At every step, what goes in is what is kept, what is set aside with its reason, and what joins others. Nothing disappears.",
        "picture": "The ladder from lines to attacks", "step": "Step", "count": "Count", "kept": "of these", "reason": "Reason", "steps": "Each step with everything that was set aside", "grouped": "join others",
        "narrowed_step": "attacks that fit the filters", "doubt": "How sure is it?", "means": "What each word means", "kinds": "Of what kinds?", "kind": "Kind", "by": "Attacks by kind", "recount": "Count it again yourselves",
        "recount_why": "On the machine with the archive. The answer is this number, or the state is another.", "trend_few": "Too few whole days to say whether it grows.", "limited": "{feed} writes no more than {n} lines a minute: what is counted in it is at least.",
        "persons": "These are addresses and lines, not persons.", "show": "Show them", "sensitive_narrow": "The sensitivity is that of the whole period, without filters of kind, country, site or tool.", "unread": "The lines that could not be read",
    },
    "fr": {
        "number": "Le nombre", "attacks": "attaques", "attack": "attaque", "narrowed": "attaques répondent aux filtres, sur {all}", "when": "Du {first} au {last} ({days} jours).", "how": "Comment arrivez-vous à ce nombre ?",
        "how_why": "De chaque ligne qui était dans les fichiers jusqu'à chaque attaque. À chaque échelon, ce qui entre est ce qui est gardé, ce qui est mis à part avec sa raison, et ce qui rejoint d'autres. Rien ne disparaît.",
        "picture": "L'échelle, des lignes aux attaques", "step": "Échelon", "count": "Nombre", "kept": "dont", "reason": "Raison", "steps": "Chaque échelon avec tout ce qui a été mis à part", "grouped": "rejoignent d'autres",
        "narrowed_step": "attaques qui répondent aux filtres", "doubt": "À quel point est-ce sûr ?", "means": "Ce que chaque mot veut dire", "kinds": "De quelles sortes ?", "kind": "Sorte", "by": "Attaques par sorte", "recount": "Recomptez vous-mêmes",
        "recount_why": "Sur la machine où est l'archive. La réponse est ce nombre, ou l'état est un autre.", "trend_few": "Trop peu de jours entiers pour dire si cela augmente.", "limited": "{feed} n'écrit pas plus de {n} lignes par minute : ce qu'on y compte est un minimum.",
        "persons": "Ce sont des adresses et des lignes, non des personnes.", "show": "Les voir", "sensitive_narrow": "La sensibilité est celle de toute la période, sans filtre de sorte, de pays, de site ou d'outil.", "unread": "Les lignes qui n'ont pas pu être lues",
    },
}  # fmt: skip


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang, facts = WORDS[asked.lang], asked.lang, state.facts
    since, until = asked.between()
    counted = state.count(Period(since, until))
    beyond = any((asked.family, asked.automation, asked.country, asked.asset))
    condition, values = asked.condition()
    shown = state.number(f"select count(*) from attacks where {condition}", values) if beyond else counted.attacks
    steps = [*counted.ladder]
    if beyond:
        steps[-1] = Step(steps[-1].step, steps[-1].unit, steps[-1].count, (*steps[-1].set_aside, (OUTSIDE_FILTERS, steps[-1].count - shown)))
        steps.append(Step(NARROWED, "attack", shown))
    kinds = state.rows(f"select family, count(*) as attacks from attacks where {condition} group by 1 order by 2 desc, 1", values)
    unit = words["narrowed"].format(all=number(facts.count.attacks, lang)) if asked.filtered else words["attack" if shown == 1 else "attacks"]
    when = words["when"].format(first=moment(counted.first, lang), last=moment(counted.last, lang), days=number(len(counted.days), lang)) if counted.first else ""
    figure = Figure(number(shown, lang), unit, (when, " ", Link(words["show"], asked.to("attacks"))))
    sections = (
        Section(words["number"], (figure, Para((breakdown({str(row["family"]): int(row["attacks"]) for row in kinds}, lang),))), "half"),
        Section(words["doubt"], tuple(_doubt(counted, asked, facts.limited, beyond=beyond)), "half"),
        Section(words["how"], _ladder(steps, asked), "wide", "ladder"),
        Section(words["kinds"], (_kinds(kinds, asked),), "half"),
        Section(words["means"], (_means(lang),), "half"),
        Section(words["recount"], (Para((words["recount_why"],)), _command(asked)), "wide"),
    )
    data = {**as_dict(counted, state.snapshot, "family"), "attacks": shown, "ladder": [_step(one) for one in steps], "by": [dict(row) for row in kinds]}
    rows = [{"step": one.step, "unit": one.unit, "what": what, "reason": reason, "count": n} for one in steps for what, reason, n in (("in", "", one.count), *(("set aside", r, k) for r, k in one.set_aside), *([("grouped", "", one.grouped)] if one.grouped else []))]
    return Content(sections, data, rows, ("step", "unit", "what", "reason", "count"))


OUTSIDE_FILTERS: Final = "does not fit the filters"
NARROWED: Final = "attacks that fit the filters"
_FRENCH: Final = {OUTSIDE_FILTERS: "ne répond pas aux filtres", NARROWED: "attaques qui répondent aux filtres", OUTSIDE: "commencées hors de la période demandée"}


def _step(one: Step) -> dict[str, Any]:
    return {"step": one.step, "unit": one.unit, "count": one.count, "grouped": one.grouped, "set_aside": [{"reason": reason, "count": n} for reason, n in one.set_aside]}


def _named(step: str, lang: str) -> str:
    return _FRENCH.get(step, step_name(step, lang)) if lang == "fr" else step


def _reason(reason: str, lang: str) -> str:
    return _FRENCH.get(reason, reason_name(reason, lang)) if lang == "fr" else reason_name(reason, lang)


def _ladder(steps: list[Step], asked: Asked) -> tuple[Any, ...]:
    words, lang = WORDS[asked.lang], asked.lang
    rungs = [Rung(_named(one.step, lang), one.count, [(_reason(reason, lang), n) for reason, n in one.set_aside], one.grouped, one.step) for one in steps]
    wide, narrow = both(ladder, "ladder", rungs, lang=lang, title=words["picture"])
    rows: list[dict[str, Any]] = []
    for one in steps:
        rows.append({"step": _named(one.step, lang), "count": one.count, "kept": "", "reason": ""})
        rows += [{"step": "", "count": None, "kept": number(n, lang), "reason": _reason(reason, lang)} for reason, n in one.set_aside if n]
        if one.grouped:
            rows.append({"step": "", "count": None, "kept": number(one.grouped, lang), "reason": words["grouped"]})
    table = Table(words["steps"], (Column("step", words["step"]), Column("count", words["count"], "number"), Column("kept", words["kept"], "number"), Column("reason", words["reason"])), rows)
    return Para((words["how_why"],)), Picture(wide, narrow, "", table), Para((Link(words["unread"], asked.bare("files")),))


def _doubt(counted: Count, asked: Asked, limited: Any, *, beyond: bool) -> list[Any]:
    words, lang = WORDS[asked.lang], asked.lang
    said = COUNTING[lang]
    items: list[tuple[Piece, ...]] = [
        (said["definition"].format(pause=f"{counted.settings.pause:g}"),),
        (said["sensitivity"].format(half=number(counted.half, lang), double=number(counted.double, lang)), *((" " + words["sensitive_narrow"],) if beyond else ())),
        (trend_said(counted, lang),),
    ]
    if counted.hidden_posts:
        items.append((said["hidden"].format(count=number(counted.hidden_posts, lang)),))
    items += [(words["limited"].format(feed=row["feed"], n=row["per_minute"]),) for row in limited]
    items.append((words["persons"],))
    return [Items(tuple(items))]


def _kinds(kinds: list[dict[str, Any]], asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    rows = [{"kind": family(str(row["family"]), lang), "attacks": row["attacks"], "name": row["family"]} for row in kinds]
    return Table(words["by"], (Column("kind", words["kind"], "text", lambda row: asked.to("attacks", family=str(row["name"]))), Column("attacks", words["attacks"], "number")), rows)


def _means(lang: str) -> Any:
    from vigie.words.counting import WORDS as NAMES
    from vigie.words.counting import WORDS_FR

    return Items(tuple((f"{WORDS_FR[name] if lang == 'fr' else name}{' :' if lang == 'fr' else ':'} {COUNTING[lang]['word_' + name]}",) for name in NAMES))


def _command(asked: Asked) -> Any:
    from vigie.web.page import Paste

    times = "".join(f" --{name} {getattr(asked, name)}" for name in ("since", "until") if getattr(asked, name))
    narrowed = "".join(f" --{name} {getattr(asked, name)}" for name in ("family", "automation") if getattr(asked, name))
    return Paste(f"vigie count{times}\nvigie explain count" + (f"\nvigie show attacks{narrowed}{times}" if narrowed else ""))


PAGE: Final = Page("count", {"en": "The number", "fr": "Le nombre"}, make, "now", filters=FILTERS, words=WORDS)
