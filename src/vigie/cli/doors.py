"""What is said of the doors (databases and log-ins): a lane of its own, the most dangerous first, and what one attack at a door comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from vigie.archive.door_lane import door_of, exposed_ports, lane
from vigie.cli.terminal import safe, say
from vigie.words.doors import DANGERS, SAID, WHY
from vigie.words.numbers import number

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue

Row = Mapping[str, object]
MOST: Final = 20
"""Names that the view `doors` lists at most."""

__all__ = ["addresses", "door_of", "exposed_ports", "lane", "print_door", "print_lane", "worded"]


def print_lane(catalogue: Catalogue, lang: str, asked: str = "true") -> None:
    """The doors, apart from the other attacks; nothing where no log tells of doors."""
    found, words = lane(catalogue, asked), SAID[lang]
    for family in ("database_access", "remote_login"):
        mine = found.get(family)
        if isinstance(mine, dict):
            say()
            say(words[family])
            _print_family(mine, lang)
    for one in found.get("exposed", []):  # type: ignore[attr-defined]
        say("  " + words["exposed"].format(service=safe(one["service"]), count=addresses(one["addresses"], lang)))
    if found:
        say("  " + words["see"])


def addresses(count: object, lang: str) -> str:
    """So many addresses, in words."""
    return SAID[lang]["address"] if count == 1 else SAID[lang]["addresses"].format(count=number(_whole(count), lang))


def _print_family(mine: Mapping[str, object], lang: str) -> None:
    words = SAID[lang]
    ranks = mine["by_danger"]
    for row in ranks if isinstance(ranks, list) else []:
        say("  " + words["rank"].format(danger=row["danger"], attacks=number(_whole(row["attacks"]), lang), word=DANGERS[lang][_whole(row["danger"])], sources=_sources(row, lang)))
    if mine["attacks"]:
        sure = mine["low"] == mine["high"]
        numbers = {name: number(_whole(mine[name]), lang) for name in ("low", "high", "connections", "contacts")}
        say("  " + words["guesses" if not sure else "guesses_sure" if mine["connections"] else "guesses_only"].format(**numbers))
    if mine["successes"]:
        say("  " + words["successes"].format(count=number(_whole(mine["successes"]), lang)))
    if mine["unknown"]:
        say("  " + words["blind"].format(count=number(_whole(mine["unknown"]), lang)))
    own = mine["own"]
    if isinstance(own, list) and own:
        say("  " + words["own"].format(count=number(sum(_whole(one["attempts"]) for one in own), lang), hosts=_listed([one["source"] for one in own], lang)))


def _sources(row: Row, lang: str) -> str:
    words, known = SAID[lang], _whole(row["known"])
    if not known:
        return words["unknown"]
    text = words["one"] if known == 1 else words["many"].format(count=number(known, lang))
    return words["and_unknown"].format(known=text) if row["unknown"] else text


def worded(rows: Sequence[dict[str, object]], lang: str, *, as_json: bool = False) -> list[dict[str, object]]:
    """Rows of the view `doors` with the guesses as one text (`tried`) and the danger's word (`word`); lists stay lists in JSON only."""
    out = []
    for row in rows:
        low, high = _whole(row["guesses_low"]), _whole(row["guesses_high"])
        tried = "-" if not high else f"{low:,}" if low == high else f"{low:,}-{high:,}"
        listed = {} if as_json else {name: ", ".join(row[name]) or None for name in ("accounts", "databases", "candidates")}  # type: ignore[arg-type]
        out.append({**row, **listed, "tried": tried, "word": DANGERS[lang][_whole(row["danger"])], "source": row["source"] or SAID[lang]["unknown"]})
    return out


def print_door(row: Row, lang: str) -> None:
    """What one attack at a door comes to: units, danger and why, and what the log cannot show."""
    words, at = SAID[lang], 1 if lang == "fr" else 0
    low, high = _whole(row["guesses_low"]), _whole(row["guesses_high"])
    tries = words["tries_sure" if low == high else "tries"].format(low=number(low, lang), high=number(high, lang))
    counted = {name: number(_whole(row[name]), lang) for name in ("lines", "connections", "successes")}
    say()
    say(words["units" if row["connections"] else "units_only"].format(tries=tries, **counted))
    if low < high:
        say("  " + words["interval"])
    say(words["danger"].format(danger=row["danger"], word=DANGERS[lang][_whole(row["danger"])]))
    say("  " + words["because"].format(why=WHY[str(row["why"])][at]))
    for name in ("accounts", "databases"):
        if row[name]:
            say("  " + words[name].format(names=_listed(row[name], lang)))
    if row["own"] == "learnt":
        say("  " + words["learnt"])
    if row["source"] == "":
        say("  " + words["nobody"])
        if row["candidates"]:
            names = row["candidates"] if isinstance(row["candidates"], list) else []
            say("  " + words["candidates"].format(count=f"{len(names)}+" if len(names) == MOST else len(names), names=_listed(names, lang)))
    if row["hidden"]:
        say("  " + words["hidden"])
    if not row["visible"]:
        say("  " + words["no_success"])


def _listed(names: object, lang: str, most: int = 10) -> str:
    listed = list(names) if isinstance(names, (list, tuple)) else []
    return ", ".join(safe(name, 60) for name in listed[:most]) + (f", {SAID[lang]['more']}" if len(listed) > most else "")


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
