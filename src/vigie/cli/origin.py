"""What is said of where attacks come from: last hops by country with their bounds, relays explained, and what every figure rests on.

An address is where traffic left the network, so no sentence here says that somebody somewhere did something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from vigie.archive.origin_facts import condition, csv_facts, facts, label, relays_of, sentence, sources_of
from vigie.cli.terminal import columns_wide, note, safe, say
from vigie.words.numbers import number, percent
from vigie.words.origins import RELAY_WORDS, SAID

if TYPE_CHECKING:
    import polars as pl

    from vigie.archive.catalogue import Catalogue
    from vigie.origins.book import Book
    from vigie.origins.shares import Bounds, Shares

__all__ = ["chart", "condition", "csv_facts", "facts", "filled", "print_origin", "print_short", "print_sources", "sentence", "sources_of"]

SHOWN: Final = 8
"""Countries that a terminal shows."""


def filled(catalogue: Catalogue, geo: Sequence[str], lang: str) -> Book:
    """Make the tables of origin, and warn of an old table or of lines that could not be used.

    Raises:
        Failure: a table or list cannot be used.
    """
    from pathlib import Path

    from vigie.cli.failure import USAGE, Failure
    from vigie.origins.table import TableError

    words = SAID[lang]
    try:
        book = catalogue.place([Path(path) for path in geo])
    except TableError as error:
        raise Failure(safe(error, 1000), USAGE) from None
    for table in book.own:
        if table.skipped:
            note(words["skipped"].format(name=safe(table.name, 60), count=number(table.skipped, lang)))
    today = datetime.now(UTC).date()
    old = book.old(today)
    if old is not None and old.date is not None:
        note(words["old"].format(date=old.date.isoformat(), days=number((today - old.date).days, lang)))
    return book


def print_origin(book: Book, pairs: pl.DataFrame, lang: str) -> None:
    """The whole answer."""
    from vigie.origins.shares import UNITS, shares

    found = {unit: shares(pairs, unit) for unit in UNITS}
    attacks, words = found["attack"], SAID[lang]
    say()
    if not attacks.total:
        say(words["nothing"].format(filtered=words["filtered"]))
        return
    print_short(found, lang)
    say()
    _print_relays(pairs, lang)
    _print_base(book, attacks, lang)
    say()
    say(words["assumed"])
    _print_ground(book, pairs, attacks.total, lang)


def print_short(found: Mapping[str, Shares], lang: str) -> None:
    """The sentence, what cannot be placed, and the bars."""
    attacks, words = found["attack"], SAID[lang]
    say(sentence(attacks, lang))
    say(words["caution"])
    if attacks.unplaced:
        say()
        say(words["unplaced"].format(total=number(attacks.total, lang)))
        for reason, count in sorted(attacks.unplaced.items(), key=lambda one: -one[1]):
            say(f"  {number(count, lang):>8}  {percent(count, attacks.total, lang):>6}  {words[reason]}")
    if attacks.countries:
        say()
        for line in chart(found, lang):
            say(line)


def chart(found: Mapping[str, Shares], lang: str) -> list[str]:
    """A row for each country: shares and bounds of attacks, sources and signals, and a bar of three parts."""
    words, attacks = SAID[lang], found["attack"]
    rows = list(attacks.countries[:SHOWN])
    labels = [safe(label(one.country, lang), 30) for one in rows]
    titles = [words[name] for name in ("attacks", "sources", "signals")]
    cells = [[_cell(_of(found[unit], one.country), found[unit].total, lang) for unit in ("attack", "source", "signal")] for one in rows]
    width = max(len(text) for text in (*labels, words["table"]))
    wide = [max([len(title), *(len(row[at]) for row in cells)]) for at, title in enumerate(titles)]
    room = columns_wide() - width - sum(wide) - 12
    beside = room >= 12
    bar = min(30, room) if beside else min(60, columns_wide() - 6)
    out = [f"  {words['table']:<{width}}  " + "  ".join(f"{title:>{size}}" for title, size in zip(titles, wide, strict=True))]
    for one, text, row in zip(rows, labels, cells, strict=True):
        line = f"  {text:<{width}}  " + "  ".join(f"{cell:>{size}}" for cell, size in zip(row, wide, strict=True))
        drawn = _bar(one, attacks.total, bar)
        out += [f"{line}  {drawn}".rstrip()] if beside else [line.rstrip(), f"    {drawn}"]
    others = attacks.countries[SHOWN:]
    if others:
        text = words["rest"].format(count=number(len(others), lang))
        out.append(f"  {text:<{width}}  {percent(sum(one.last_hop for one in others), attacks.total, lang)}")
    if attacks.nowhere:
        out.append(f"  {words['nowhere']:<{width}}  {percent(attacks.nowhere, attacks.total, lang)}")
    totals = {f"{unit}s": number(found[unit].total, lang) for unit in found}
    return [*out, f"  {words['legend']}", f"  {words['units'].format(**totals)}"]


def _of(one: Shares, country: str) -> Bounds:
    from vigie.origins.shares import Bounds

    return next((found for found in one.countries if found.country == country), Bounds(country, 0, 0, one.unknown))


def _cell(one: Bounds, total: int, lang: str) -> str:
    low, high = (percent(part, total, lang).removesuffix("\u00a0%") for part in (one.placed, one.most))
    return f"{percent(one.last_hop, total, lang)} [{low}–{high}]"


def _bar(one: Bounds, total: int, room: int) -> str:
    low, hop, most = (round(room * part / total) if total else 0 for part in (one.placed, one.last_hop, one.most))
    return "█" * low + "▓" * (hop - low) + "░" * (most - hop)


def _print_relays(pairs: pl.DataFrame, lang: str) -> None:
    words, at = SAID[lang], 1 if lang == "fr" else 0
    rows = [row for row in relays_of(pairs)[:SHOWN] if row["relayed"]][:5]
    if not rows:
        return
    say(words["relays"])
    for row in rows:
        kinds = ", ".join(f"{RELAY_WORDS[kind][at]} ({number(count, lang)})" for kind, count in row["kinds"].items())  # type: ignore[attr-defined]
        networks = ", ".join(f"{safe(name, 50)} ({number(count, lang)})" for name, count in row["networks"]) or "-"  # type: ignore[attr-defined]
        told = {"relayed": number(int(str(row["relayed"])), lang), "attacks": number(int(str(row["attacks"])), lang)}
        say("  " + words["relay"].format(country=label(str(row["country"]), lang), kinds=kinds, networks=networks, **told))


def _print_base(book: Book, attacks: Shares, lang: str) -> None:
    from vigie.origins.agreement import agreement

    shown = [one.country for one in attacks.countries[:3]]
    agreed = agreement([one for one in book.countries if not one.own]) if shown else {}
    for country in shown:
        if country in agreed:
            space, share = (percent(round(1e6 * part), 1_000_000, lang) for part in (agreed[country].space, agreed[country].share))
            say("  " + SAID[lang]["base"].format(country=label(country, lang), space=space, agreed=share))


def _print_ground(book: Book, pairs: pl.DataFrame, total: int, lang: str) -> None:
    """Tables with their dates, lists with theirs, and how far both are from the attacks."""
    words = SAID[lang]
    tables = [words["of"].format(name=safe(one.name, 60), date=one.date.isoformat()) if one.date else words["undated"].format(name=safe(one.name, 60)) for one in book.countries]
    say(words["tables"].format(names=", ".join(tables)) if tables else words["no_tables"])
    middle = pairs["first_seen"].sort()[len(pairs) // 2] if len(pairs) else None
    dates = [one.date for one in book.countries if one.date]
    if dates and isinstance(middle, datetime):
        years = round(min(abs((one - _day(middle)).days) for one in dates) / 365.25)
        if years >= 1:
            say(words["far"].format(years=number(years, lang)))
    checked = pairs.filter("relay_checked")["attack_id"].n_unique()
    if book.lists:
        kinds: dict[str, list[str]] = {}
        for one in book.lists:
            kinds.setdefault(one.kind, []).append(one.label.split()[-1])
        names = ", ".join(f"{kind} {days[0]}" + (f" … {days[-1]} ({len(days)})" if len(days) > 1 else "") for kind, days in kinds.items())
        say(words["lists"].format(names=names, checked=number(checked, lang), total=number(total, lang)))
        if checked < total:
            say(words["unchecked"].format(count=number(total - checked, lang)))
    else:
        say(words["no_lists"])
    say(words["kind_by"])
    if book.voting:
        say(words["credit"])


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def print_sources(rows: Sequence[Mapping[str, object]], attack: str, lang: str, most: int = 20) -> None:
    """The sources of one attack: address, what the tables say, network, relay and which list says so."""
    words, at = SAID[lang], 1 if lang == "fr" else 0
    say()
    say(words["one_attack"].format(attack=attack))
    for row in rows[:most]:
        parts = [safe(row["address"], 50) or "-", safe(row["countries"] or "-", 40)]
        if row["network"]:
            parts.append(f"AS{row['asn']} {safe(row['network'], 60)}" if row["asn"] else safe(row["network"], 60))
        if row["relay"]:
            days = row["relay_days"]
            when = "" if not isinstance(days, float) else ", " + (words["at_the_time"] if days <= 1 else words["away"].format(days=f"{days:.0f}"))
            parts.append(f"{RELAY_WORDS[str(row['relay'])][at]} ({safe(row['relay_list'], 60)}{when})")
        elif row["state"] in words and row["state"] != "relayed":
            parts.append(words[str(row["state"])])
        say("  " + "  ".join(parts))
    if len(rows) > most:
        say("  " + words["rest"].format(count=number(len(rows) - most, lang)))
