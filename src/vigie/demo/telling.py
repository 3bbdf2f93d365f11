"""The demo's story as lines of text: pure, so that a test reads what a person reads.

Nothing here comes from a log: labels are vigie's own words, numbers are the count's.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vigie.demo.words import TEXT
from vigie.words.days import day
from vigie.words.families import FAMILIES
from vigie.words.ladder import REASONS, STEPS
from vigie.words.numbers import decimal, number, probability

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.attacks.count import Count, Step

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_HEIGHT = 5


@dataclass(frozen=True, slots=True)
class Rush:
    """A time in which a great many requests came.

    Attributes:
        start: when it began, UTC.
        flood: whether it was an attack; else it was a crowd.
        kind, impact: of a flood, in the words of the language that is told; "" for a crowd.
        requests, sources: how many, and from how many addresses.
    """

    start: datetime
    flood: bool
    kind: str
    impact: str
    requests: int
    sources: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What posts show.

    Attributes:
        posts, accounts, days: how many were read, whose, over how many days.
        groups, members: groups in concert, and accounts in them.
        waves: waves of rumours.
        assisted, hand, undecided: accounts whose rhythm is said to be so.
        evenings: of evenings on which many post about one thing: posts, accounts.
    """

    posts: int
    accounts: int
    days: int
    groups: int
    members: int
    waves: int
    assisted: int
    hand: int
    undecided: int
    evenings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the story needs beside the count.

    Attributes:
        planned: attacks that the author planned.
        with_tool: attacks found that a tool made.
        bespoke: attacks found that were made by hand for this site.
        rushes: floods and crowds, in order of time.
        origin: what may be said of where the attacks come from.
        doors: attempts at the doors of databases: rank of danger, its words, how many; the most dangerous first.
        example: id of one attack worth following.
        archive: its folder as the user would type it.
        folder: where the invented files are.
        carried: what posts show; None without posts.
    """

    planned: int
    with_tool: int
    bespoke: int
    example: str
    archive: str
    folder: str
    rushes: tuple[Rush, ...] = ()
    origin: str = ""
    doors: tuple[tuple[int, str, int], ...] = ()
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the story; `strong` for headings."""

    text: str
    strong: bool = False


def tell(counted: Count, facts: Facts, lang: str, width: int) -> list[Line]:
    """The whole story.

    Args:
        counted: by family.
        facts: see `Facts`.
        lang: `fr` or `en`.
        width: columns of the terminal, at least 60 are used.
    """
    say = TEXT[lang]
    room = max(60, min(width, 110)) - 1
    out = [*_headline(counted, lang, room), Line("")]
    out += [
        Line(say["ladder"], strong=True),
        *_ladder(counted, lang, room),
        *_wrapped(_definition(counted, lang), room),
        Line(""),
    ]
    out += [Line(say["families"], strong=True), *_families(counted, lang, room)]
    other = counted.attacks - counted.operations - facts.with_tool - facts.bespoke
    numbers = {"tool": facts.with_tool, "low": facts.bespoke, "high": facts.bespoke + other, "other": other}
    out += [
        *_wrapped(say["tools"].format(**{name: number(value, lang) for name, value in numbers.items()}), room),
        Line(""),
    ]
    out += [Line(say["up"], strong=True), *_rushes(facts.rushes, lang, room), Line("")]
    out += [Line(say["doors"], strong=True), *_doors(facts.doors, lang, room), Line("")]
    if facts.carried:
        out += [Line(say["posts"], strong=True), *_carried(facts.carried, lang, room), Line("")]
    if facts.origin:
        out += [Line(say["origin"], strong=True), *_wrapped(facts.origin, room), Line("")]
    out += [Line(say["days"], strong=True), *_days(counted, room), Line("")]
    out += [Line(say["unseen"], strong=True)]
    for key in ("unseen_posts", "unseen_success", "unseen_who"):
        out += _wrapped(say[key].format(posts=number(counted.hidden_posts, lang)), room, bullet="- ")
    plan = say["plan"].format(planned=number(facts.planned, lang), found=number(counted.attacks, lang))
    where = say["files"].format(folder=facts.folder)
    return [
        *out,
        Line(""),
        *_wrapped(plan, room, indent=""),
        *_wrapped(where, room, indent=""),
        Line(""),
        *_next(facts, lang, room),
    ]


def _headline(counted: Count, lang: str, room: int) -> list[Line]:
    say = TEXT[lang]
    days = counted.days
    first, last = (day(days[0][0], lang), day(days[-1][0], lang)) if days else ("-", "-")
    title = textwrap.wrap(say["title"].format(first=first, last=last), room - 4)
    title += textwrap.wrap(say["title_more"], room - 4)
    edge = "─" * (room - 2)
    box = [f"┌{edge}┐", *(f"│ {text:<{room - 4}} │" for text in title), f"└{edge}┘"]
    out = [*(Line(text) for text in box), Line("")]
    out.append(Line(say["headline"].format(attacks=number(counted.attacks, lang), days=len(days)), strong=True))
    trend = counted.trend
    if trend.slope is not None and trend.p_value is not None:
        key = {"rising": "rising", "falling": "falling"}.get(trend.verdict, "flat")
        out += _wrapped(
            say[key].format(slope=decimal(trend.slope, lang), p=probability(trend.p_value, lang)), room, indent=""
        )
    if counted.peak:
        out.append(Line(say["peak"].format(day=day(counted.peak[0], lang), attacks=number(counted.peak[1], lang))))
    return out


def _ladder(counted: Count, lang: str, room: int) -> list[Line]:
    out: list[Line] = []
    for step in counted.ladder:
        name = STEPS.get(step.step, step.step) if lang == "fr" else step.step
        out.append(Line(f"  {number(step.count, lang):>9}  {name}"))
        for text in _left(step, lang):
            out += _wrapped(text, room, indent=" " * 15, bullet="- ")
    return out


def _left(step: Step, lang: str) -> list[str]:
    say = TEXT[lang]
    texts = []
    for reason, count in step.set_aside:
        if count:
            bare = reason.removeprefix("unread: ")
            words = REASONS.get(bare, bare) if lang == "fr" else bare
            words = say["unread_reason"].format(reason=words) if bare != reason else words
            texts.append(say["set_aside"].format(count=number(count, lang), reason=words))
    if step.grouped:
        texts.append(say["grouped"].format(count=number(step.grouped, lang)))
    return texts


def _definition(counted: Count, lang: str) -> str:
    return TEXT[lang]["definition"].format(
        pause=f"{counted.settings.pause:g}", half=number(counted.half, lang), double=number(counted.double, lang)
    )


def _families(counted: Count, lang: str, room: int) -> list[Line]:
    rows = [(FAMILIES.get(name, (name, name))[0 if lang == "fr" else 1], count) for name, count in counted.by]
    if not rows:
        return []
    label = max(len(text) for text, _ in rows)
    most = max(count for _, count in rows)
    bar = max(4, room - label - 11)
    return [
        Line(f"  {text:<{label}} {number(count, lang):>6}  {'█' * max(1, round(bar * count / most))}")
        for text, count in rows
    ]


def _days(counted: Count, room: int) -> list[Line]:
    """Columns, one per day, the number of the highest beside them."""
    days = counted.days[-((room - 10) // 2) :]
    if not days:
        return []
    most = max(count for _, count in days) or 1
    levels = [round(count / most * _HEIGHT * 8) for _, count in days]
    out = []
    for row in range(_HEIGHT - 1, -1, -1):
        cells = "".join(_EIGHTHS[max(0, min(8, level - 8 * row))] + " " for level in levels)
        scale = str(most) if row == _HEIGHT - 1 else "0" if row == 0 else ""
        out.append(Line(f"  {scale:>4} {cells.rstrip()}"))
    marks = [" "] * (2 * len(days) + 6)
    for place, (iso, _) in enumerate(days):
        if place == 0 or place % 5 == 0 or place == len(days) - 1:
            text = f"{int(iso[8:])}/{int(iso[5:7])}"
            if all(mark == " " for mark in marks[max(0, 2 * place - 1) : 2 * place + len(text)]):
                marks[2 * place : 2 * place + len(text)] = text
    return [*out, Line(f"  {'':>4} {''.join(marks).rstrip()}")]


def _rushes(rushes: tuple[Rush, ...], lang: str, room: int) -> list[Line]:
    say = TEXT[lang]
    out: list[Line] = []
    for rush in rushes:
        text = say["up_flood" if rush.flood else "up_crowd"].format(
            when=f"{day(rush.start.date().isoformat(), lang)}, {rush.start:%H:%M}",
            kind=rush.kind,
            requests=number(rush.requests, lang),
            sources=number(rush.sources, lang),
            impact=rush.impact[:1].upper() + rush.impact[1:],
        )
        out += _wrapped(text, room, bullet="- ")
    return out or _wrapped(say["up_none"], room)


def _doors(doors: tuple[tuple[int, str, int], ...], lang: str, room: int) -> list[Line]:
    say = TEXT[lang]
    out: list[Line] = []
    for danger, word, attacks in doors:
        text = say["door"].format(danger=danger, word=word, attacks=number(attacks, lang), s="s" if attacks > 1 else "")
        out += _wrapped(text, room, bullet="- ")
    return out or _wrapped(say["doors_none"], room)


def _carried(carried: Carried, lang: str, room: int) -> list[Line]:
    say = TEXT[lang]
    names = ("posts", "accounts", "days", "groups", "members", "waves", "assisted", "hand", "undecided")
    said = {name: number(getattr(carried, name), lang) for name in names}
    out = _wrapped(say["posts_said"].format(scored=number(carried.assisted + carried.hand + carried.undecided, lang), **said), room, bullet="- ")
    for posts, accounts in carried.evenings:
        out += _wrapped(say["posts_burst"].format(posts=number(posts, lang), accounts=number(accounts, lang)), room, bullet="- ")
    return out


def _next(facts: Facts, lang: str, room: int) -> list[Line]:
    say = TEXT[lang]
    commands = [
        (f"vigie count --archive {facts.archive}", say["next_count"]),
        (f"vigie count --by day --archive {facts.archive}", say["next_days"]),
        (f"vigie explain {facts.example} --archive {facts.archive}", say["next_explain"]),
        (f"vigie explain availability --archive {facts.archive}", say["next_up"]),
        (f"vigie show doors --archive {facts.archive}", say["next_doors"]),
        (f"vigie show groups --archive {facts.archive}", say["next_posts"]),
        (f"vigie explain origin --archive {facts.archive}", say["next_origin"]),
        (f"vigie show attacks --family sql_injection --archive {facts.archive}", say["next_show"]),
        (f"vigie serve --archive {facts.archive}", say["next_page"]),
        (f"vigie report --for press --archive {facts.archive}", say["next_press"]),
        ("vigie read /var/log/nginx/access.log*", say["next_own"]),
    ]
    out = [Line(say["next"], strong=True)]
    longest = max(len(command) for command, _ in commands)
    beside = all(longest + len(purpose) + 6 <= room for _, purpose in commands)
    for command, purpose in commands:
        out += (
            [Line(f"  {command:<{longest}}  # {purpose}")] if beside else [Line(f"  # {purpose}"), Line(f"  {command}")]
        )
    return out


def _wrapped(text: str, room: int, *, indent: str = "  ", bullet: str = "") -> list[Line]:
    lines = textwrap.wrap(
        text, room, initial_indent=indent + bullet, subsequent_indent=indent + " " * len(bullet), break_on_hyphens=False
    )
    return [Line(line) for line in lines]
