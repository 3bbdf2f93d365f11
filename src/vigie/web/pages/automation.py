"""Standard tools or made for us: an interval, since of many it cannot be said, and the grounds."""

from __future__ import annotations

from typing import Any, Final

from vigie.attacks.count import Automation
from vigie.attacks.grounds import GROUNDS
from vigie.drawing import interval
from vigie.web.asked import FILTERS, Asked
from vigie.web.page import Column, Content, Page, Para, Picture, Section, Table
from vigie.web.pages.pieces import attacks_table, both
from vigie.web.state import State
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "share": "Tool or by hand?", "title": "Attacks made by a tool, for this site, or of which it cannot be said", "unit": "attacks", "said": "{tool} attacks were made by a tool. Made by hand for this site: at least {low}, at most {high}; of {open} it cannot be said.",
        "sure": "{tool} attacks were made by a tool. Made by hand for this site: {low}.", "caution": "An interval, not a guess: what is undetermined may be either. More logs (bodies, host names, durations) narrow it.", "tools": "Tools that named themselves or left their marks",
        "tool": "Tool", "attacks": "Attacks", "sources": "Addresses", "by_tool": "Attacks by tool", "grounds": "On what grounds", "rule": "Rule", "sentence": "What it says, of one of the attacks", "n": "Attacks", "by_ground": "Grounds that hold, and for how many attacks",
        "bespoke": "Made for this site", "list": "The most dangerous of them", "none": "None that can be shown to be.", "operations": "What posts show is in a lane of its own, and not among these.",
    },
    "fr": {
        "share": "Outil ou à la main ?", "title": "Attaques faites par un outil, pour ce site, ou dont on ne peut le dire", "unit": "attaques", "said": "{tool} attaques ont été faites par un outil. À la main pour ce site : au moins {low}, au plus {high} ; pour {open}, on ne peut le dire.",
        "sure": "{tool} attaques ont été faites par un outil. À la main pour ce site : {low}.", "caution": "Un intervalle, non une estimation : ce qui est indéterminé peut être l'un ou l'autre. D'autres journaux (contenus, noms de sites, durées) le resserrent.", "tools": "Outils qui se sont nommés ou ont laissé leur marque",
        "tool": "Outil", "attacks": "Attaques", "sources": "Adresses", "by_tool": "Attaques par outil", "grounds": "Sur quels motifs", "rule": "Règle", "sentence": "Ce qu'elle dit, pour l'une des attaques", "n": "Attaques", "by_ground": "Motifs constatés, et pour combien d'attaques",
        "bespoke": "Faites pour ce site", "list": "Les plus dangereuses d'entre elles", "none": "Aucune pour laquelle on puisse le montrer.", "operations": "Ce que montrent les publications a sa propre voie, et n'est pas compté ici.",
    },
}  # fmt: skip
_GROUNDS: Final = """
select ground, count(distinct attack) as attacks, 'a' || format('{{:015x}}', min(attack)) as example, arg_min(a, attack) as a, arg_min(b, attack) as b, arg_min(c, attack) as c
from automation_grounds where {condition} group by 1 order by 2 desc, 1
"""


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang = WORDS[asked.lang], asked.lang
    condition, values = asked.condition()
    found = {str(row["automation"]): int(row["n"]) for row in state.rows(f"select automation, count(*) as n from attacks where {condition} group by 1", values)}
    one = Automation(*(found.get(word, 0) for word in ("tool", "bespoke", "undetermined")))
    low, high = one.interval
    said = words["said" if low < high else "sure"].format(tool=number(one.tool, lang), low=number(low, lang), high=number(high, lang), open=number(one.undetermined, lang))
    wide, narrow = both(interval, "automation", one.tool, one.bespoke, one.undetermined, lang=lang, title=words["title"], unit=words["unit"])
    tools = state.rows(f"select tool, count(*) as attacks, sum(sources)::bigint as sources from attacks where {condition} and tool is not null group by 1 order by 2 desc, 1 limit 100", values)
    bespoke = state.rows(f"select * from attacks where {condition} and automation = 'bespoke' order by danger desc, first_seen desc, attack_id limit 20", values)
    grounds = _grounds(state, asked, condition, values)
    sections = [
        Section(words["share"], (Para((said,)), Picture(wide, narrow), Para((words["caution"],), "caution"), Para((words["operations"],), "small"))),
        Section(words["grounds"], (Table(words["by_ground"], (Column("rule", words["rule"]), Column("attacks", words["n"], "number"), Column("sentence", words["sentence"], "text", lambda row: asked.bare("attack", str(row["example"])))), grounds),)),
        Section(words["tools"], (Table(words["by_tool"], (Column("tool", words["tool"], "code"), Column("attacks", words["attacks"], "number"), Column("sources", words["sources"], "number")), tools),)),
        Section(words["bespoke"], (attacks_table(bespoke, asked, words["list"]) if bespoke else Para((words["none"],)),)),
    ]
    data: dict[str, Any] = {"automation": {"tool": one.tool, "bespoke": one.bespoke, "undetermined": one.undetermined, "bespoke_interval": [low, high]}, "tools": tools, "grounds": grounds}
    rows = [{"automation": word, "attacks": getattr(one, word)} for word in ("tool", "bespoke", "undetermined")]
    return Content(tuple(sections), data, rows, ("automation", "attacks"))


def _grounds(state: State, asked: Asked, condition: str, values: list[object]) -> list[dict[str, Any]]:
    """Grounds that hold, each with how many attacks and the sentence of one."""
    inner = "true" if condition == "true" else f"attack in (select ('0x' || substr(attack_id, 2))::ubigint from attacks where {condition})"
    found = state.rows(_GROUNDS.format(condition=inner), [] if condition == "true" else values)
    return [{"rule": GROUNDS[str(row["ground"])].rule, "ground": row["ground"], "attacks": row["attacks"], "sentence": _sentence(row, asked.lang), "example": row["example"]} for row in found if row["ground"] in GROUNDS]


def _sentence(row: dict[str, Any], lang: str) -> str:
    ground = GROUNDS[str(row["ground"])]
    numbers = {name: "–" if row[name] is None else f"{row[name]:g}" if row[name] == int(row[name]) else f"{row[name]:.1f}" for name in ("a", "b", "c")}
    text = (ground.french if lang == "fr" else ground.english).format(**numbers)
    return text.replace(".", ",") if lang == "fr" else text


PAGE: Final = Page("automation", {"en": "Tool or by hand", "fr": "Outil ou à la main"}, make, "attacks", filters=FILTERS, words=WORDS)
