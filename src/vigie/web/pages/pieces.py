"""What several pages say in the same way: an attack in a list, a day, a family, a country."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from vigie.drawing import Series, Svg
from vigie.web.asked import PER_PAGE, Asked
from vigie.web.page import Column, Link, Piece, Row, Table
from vigie.web.words import TEXT, outcome
from vigie.words.counting import TEXT as COUNTING
from vigie.words.counting import column_name
from vigie.words.families import FAMILIES, family_plain
from vigie.words.numbers import decimal, number, probability

if TYPE_CHECKING:
    from vigie.attacks.count import Count


def family(name: str, lang: str) -> str:
    """A family in plain words, the first letter large."""
    text = family_plain(name, lang)
    return text[:1].upper() + text[1:]


GREY: Final = 18
"""Style of all other kinds together."""
_OTHERS: Final = {"en": "All other kinds", "fr": "Toutes les autres sortes"}


def series(names: Sequence[str], lang: str) -> list[Series]:
    """Families as drawings want them, each always in the same look."""
    order = list(FAMILIES)
    told = [Series(name, family_short(name, lang), order.index(name) if name in order else None) for name in names]
    return [*told, Series("others", _OTHERS[lang], GREY)]


def family_short(name: str, lang: str) -> str:
    """A family in few words: what stands before the colon."""
    text = family(name, lang)
    return text.partition(" :" if lang == "fr" else ":")[0]


def spaced(text: str) -> str:
    """Columns of the archive as words."""
    return text.replace("_", " ")


def heading(column: str, lang: str) -> str:
    """Heading of a column."""
    text = column_name(column, lang)
    return text[:1].upper() + text[1:]


def columns(names: Sequence[str], lang: str, links: Mapping[str, Callable[[Row], str]] | None = None, kinds: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Columns under their usual headings; what ends in `_id` is an id, in `_seen` or `_at` a time."""
    out = []
    for name in names:
        kind = (kinds or {}).get(name) or ("id" if name.endswith("_id") else "time" if name.endswith(("_seen", "_at")) or name == "online" else "text")
        out.append(Column(name, heading(name, lang), kind, (links or {}).get(name)))
    return tuple(out)


NUMBERS = dict.fromkeys(("attacks", "signals", "attempts", "records", "danger", "sources", "guesses", "connections", "successes", "lines", "probes", "answered", "hosts", "ports", "packets"), "number")
CODES = dict.fromkeys(("target", "evidence", "source", "actor", "file", "tool", "asset", "source_address", "accounts", "databases", "page"), "code")
KINDS = {**NUMBERS, **CODES}


def attacks_table(rows: Sequence[dict[str, Any]], asked: Asked, caption: str, more: tuple[Piece, ...] = ()) -> Table:
    """Attacks as people read them, each leading to its page."""
    lang = asked.lang
    words = TEXT[lang]
    shown = [
        {
            **row, "family": family_short(str(row["family"]), lang), "outcome": outcome(row["outcome"], lang),
            "automation": words.get(str(row["automation"]), "–") + (f" ({row['tool']})" if row["tool"] else ""), "actor": row["actor"] or words["unknown"],
        }
        for row in rows
    ]  # fmt: skip
    picked = ("first_seen", "family", "actor", "records", "danger", "outcome", "automation", "asset")
    made = [
        Column(name, heading(name, lang), "time" if name == "first_seen" else KINDS.get(name, "text"), (lambda row: asked.bare("attack", str(row["attack_id"]))) if name == "first_seen" else None)
        for name in picked
    ]  # fmt: skip
    return Table(caption, tuple(made), shown, more)


def parts(total: int, asked: Asked, page: str) -> tuple[Piece, ...]:
    """Where the list goes on, and of how many it is."""
    words, lang = TEXT[asked.lang], asked.lang
    first, last = (asked.nth - 1) * PER_PAGE + 1, min(total, asked.nth * PER_PAGE)
    if total <= PER_PAGE:
        return ()
    out: list[Piece] = [f"{number(first, lang)}–{number(max(first, last), lang)} / {number(total, lang)}"]
    if asked.nth > 1:
        out += [" · ", Link(words["previous"].format(n=PER_PAGE), asked.to(page, asked.item, q=asked.q, nth=asked.nth - 1))]
    if last < total:
        out += [" · ", Link(words["next"].format(n=min(PER_PAGE, total - last)), asked.to(page, asked.item, q=asked.q, nth=asked.nth + 1))]
    return tuple(out)


def both(draw: Callable[..., Svg], name: str, *given: Any, lang: str, **more: Any) -> tuple[Svg, Svg]:
    """A drawing wide and narrow."""
    wide = draw(*given, lang=lang, name=name, **more)
    return wide, draw(*given, lang=lang, narrow=True, name=f"{name}-n", **more)


def country(code: str, lang: str) -> str:
    """A country by its name, with its code where it is a private one."""
    from vigie.origins.countries import country_name, is_private

    if code == "-":
        return TEXT[lang]["nowhere"]
    name = country_name(code, lang)
    return f"{name} ({code})" if is_private(code) and name != code else name


def text_of(value: object) -> str | None:
    """A raw line as a text."""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace").rstrip("\r\n")
    return None if value is None else str(value)


def plural(count: int, one: str, many: str, lang: str) -> str:
    """One of them, or several."""
    return one if count == 1 else many.format(n=number(count, lang))


_GAP: Final = {"en": "Whether it grows is not said: some days between are not, or only in part, in the logs.", "fr": "Rien n'est dit de la tendance : des jours, entre le premier et le dernier, manquent aux journaux en tout ou en partie."}


def trend_said(counted: Count, lang: str, *, gap: bool = False) -> str:
    """Whether there are more every day, with the test; `gap` where logs of days between are missing, so that it cannot be said."""
    words, trend = COUNTING[lang], counted.trend
    if gap:
        return _GAP[lang]
    if trend.slope is None or trend.p_value is None:
        return words["few"]
    test = words["test"].format(days=trend.days, p=probability(trend.p_value, lang))
    return words[{"rising": "rising", "falling": "falling"}.get(trend.verdict, "flat")].format(slope=decimal(trend.slope, lang), test=test)


APART: Final = ("database_access", "remote_login", "port_scan", "denial_of_service", "information_operation")
"""Kinds that no total may swallow: they differ from the rest by a thousand to one, in number or in danger."""
_APART: Final = {
    "en": {"database_access": "{n} at the doors of databases", "remote_login": "{n} at other doors", "port_scan": "{n} port scans", "denial_of_service": "{n} floods", "information_operation": "{n} in what posts show", "rest": "{n} against the website", "head": "Of these: "},
    "fr": {"database_access": "{n} aux portes des bases", "remote_login": "{n} aux autres portes", "port_scan": "{n} balayages de ports", "denial_of_service": "{n} inondations", "information_operation": "{n} dans ce que montrent les publications", "rest": "{n} contre le site web", "head": "Dont : "},
}


def breakdown(by: Mapping[str, int], lang: str) -> str:
    """What a total is made of, as it must stand beside it."""
    words = _APART[lang]
    parts_ = [words[name].format(n=number(by[name], lang)) for name in APART if by.get(name)]
    rest = sum(n for name, n in by.items() if name not in APART)
    parts_ += [words["rest"].format(n=number(rest, lang))] if rest else []
    return words["head"] + ", ".join(parts_) + "." if parts_ else ""
