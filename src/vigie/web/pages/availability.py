"""Was the site up: every flood, crowd and bad time, what was asked and what visitors got, side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from vigie.attacks.availability import LINES, bound
from vigie.attacks.impacts import FEW, SLOW_SECONDS, TIMES_USUAL
from vigie.drawing import Row as Strip
from vigie.drawing import Series, Span, timeline
from vigie.web.asked import Asked
from vigie.web.page import Content, Details, Items, Link, Page, Para, Paste, Picture, Piece, Section, Status
from vigie.web.pages.pieces import both
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.availability import KINDS_FR, PLACES_FR, SAID
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "all": "Floods, crowds and bad times", "title": "What happened to the site, by day", "flood": "flood", "crowd": "crowd, no attack", "impact": "visitors served badly", "silence": "nothing logged", "unclear": "flood or crowd", "site": "site", "lines": "The attack, down to its raw lines",
        "probes": "Probes from outside", "probe": "{asset}: {n} probes, the last on {when}: {outcome}.", "ok": "answered", "failed": "failed", "failure": "The last failure: {when}.", "no_probes": "No probe from outside was read: only a log speaks, and a log holds only those who got through.",
        "rules": "How it is decided", "times": "Each of them", "period": "{first} – {last} UTC",
    },
    "fr": {
        "all": "Inondations, affluences et mauvais moments", "title": "Ce qui est arrivé au site, par jour", "flood": "inondation", "crowd": "affluence, pas une attaque", "impact": "visiteurs mal servis", "silence": "rien au journal", "unclear": "inondation ou affluence", "site": "site", "lines": "L'attaque, jusqu'à ses lignes brutes",
        "probes": "Sondes extérieures", "probe": "{asset} : {n} sondes, la dernière le {when} : {outcome}.", "ok": "réponse", "failed": "échec", "failure": "Le dernier échec : le {when}.", "no_probes": "Aucune sonde extérieure n'a été lue : seul un journal parle, et il ne contient que ceux qui ont pu passer.",
        "rules": "Comment on en décide", "times": "Un par un", "period": "{first} – {last} UTC",
    },
}  # fmt: skip
TONES: Final = {"unavailable": "bad", "slowed": "warn", "absorbed": "good", "cannot tell": "unknown"}
COLON: Final = {"en": ":", "fr": " :"}
ORDER: Final = ("flood", "unclear", "crowd", "impact", "silence")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, said, lang, facts = WORDS[asked.lang], SAID[asked.lang], asked.lang, state.facts
    rows = list(facts.availability)
    blocks: list[Any] = []
    if rows and facts.count.first and facts.until:
        sites = sorted({str(row["asset"]) for row in rows})
        strips = [Strip(one if len(sites) > 1 and one else words["site"], [Span(row["first_seen"], max(row["last_seen"], row["first_seen"] + timedelta(minutes=1)), str(row["what"]), _title(row, lang), str(row["period_id"])) for row in rows if str(row["asset"]) == one]) for one in sites[:12]]
        kinds = [Series(name, words[name], at) for at, name in enumerate(ORDER) if any(row["what"] == name for row in rows)]
        wide, narrow = both(timeline, "times", strips, kinds, facts.count.first, facts.until + timedelta(minutes=1), lang=lang, title=words["title"])
        blocks.append(Picture(wide, narrow))
    blocks += [_period(row, asked) for row in reversed(rows)] if rows else [Para((said["none"],))]
    if not facts.timed:
        blocks += [Para((said["untimed"],), "caution"), Details(said["no timing field"], (Paste("\n".join(f"{server}: {line}" for server, line in LINES.items())),))]
    probes: list[tuple[Piece, ...]] = []
    for row in facts.probes:
        text = words["probe"].format(asset=row["asset"] or words["site"], n=number(row["probes"], lang), when=moment(row["last"], lang), outcome=words["ok" if row["outcome"] == "success" else "failed"])
        probes.append((text + (" " + words["failure"].format(when=moment(row["last_failure"], lang)) if row["last_failure"] else ""),))
    rules = tuple((said[name].format(seconds=SLOW_SECONDS, times=TIMES_USUAL, few=FEW),) for name in ("rule_flood", "rule_unavailable", "rule_slowed", "rule_absorbed"))
    sections = (
        Section(words["all"], tuple(blocks)), Section(words["probes"], (Items(tuple(probes)) if probes else Para((words["no_probes"],)),), "half"), Section(words["rules"], (Items(rules),), "half"),
    )  # fmt: skip
    return Content(sections, {"periods": rows, "probes": list(facts.probes), "durations": facts.timed}, rows, ("period_id", "what", "impact", "first_seen", "last_seen"))


def _title(row: Any, lang: str) -> str:
    said, kind, what = SAID[lang], str(row["kind"]), str(row["what"])
    title = said[what].format(kind=KINDS_FR.get(kind, kind) if lang == "fr" else kind.replace("_", " "))
    return title if what in ("crowd", "silence") else f"{title}{' :' if lang == 'fr' else ':'} {said[str(row['impact'])].partition(COLON[lang])[0]}"


def _period(row: Any, asked: Asked) -> Status:
    """One of them, in the sentences of `vigie explain availability`."""
    said, words, lang = SAID[asked.lang], WORDS[asked.lang], asked.lang
    pieces: list[Piece] = [words["period"].format(first=moment(row["first_seen"], lang), last=moment(row["last_seen"], lang)) + f" · {row['period_id']}" + (f" · {row['asset']}" if row["asset"] else "") + ". "]
    if row["what"] not in ("crowd", "silence") and COLON[lang] in said[str(row["impact"])]:
        why = said[str(row["impact"])].partition(COLON[lang])[2].strip()
        pieces.append(f"{why[:1].upper()}{why[1:]}. ")
    if row["requests"]:
        place = str(row["place"])
        pieces.append(said["asked"].format(
            requests=number(row["requests"], lang), place=PLACES_FR.get(place, place) if lang == "fr" else place, sources=number(row["sources"], lang), peak=number(round(row["peak"] or 0), lang),
            usual=said["unusual"] if row["usual"] is None else said["usual"].format(usual=number(round(row["usual"]), lang)), share=round(100 * (row["share"] or 0)),
        ) + " ")  # fmt: skip
    if row["views"] or row["failed"]:
        timed = ""
        if row["p95"] is not None:
            usual = "?" if row["p95_usual"] is None else bound(row["p95_usual"])
            timed = said["timed"].format(p95=bound(row["p95"]), usual=usual)
            timed = timed.replace(".", ",") if lang == "fr" else timed
        pieces.append(said["got" if row["what"] == "flood" else "met"].format(views=number(row["views"] or 0, lang), failed=number(row["failed"] or 0, lang), timed=timed) + " ")
    if row["what"] == "silence":
        pieces.append(said.get("silent", str(row["numbers"])) + " ")
    elif row["impact"] == "cannot tell" and not row["advice"]:
        pieces.append(said["few"].format(few=FEW) + " ")
    if row["attack_id"]:
        pieces.append(Link(words["lines"], asked.bare("attack", str(row["attack_id"]))))
    tone = "calm" if row["what"] == "crowd" and row["impact"] == "absorbed" else TONES.get(str(row["impact"]), "unknown")
    return Status(tone, _title(row, lang), tuple(pieces))


PAGE: Final = Page("availability", {"en": "Was the site up?", "fr": "Le site répondait-il ?"}, make, "now", words=WORDS)
