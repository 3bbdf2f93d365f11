"""What is said of where attacks come from: last hops by country with their bounds, relays explained, and what every figure rests on.

An address is where traffic left the network, so no sentence here says that somebody somewhere did something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from vigie.cli.origin_words import RELAY_WORDS, SAID
from vigie.cli.terminal import columns_wide, note, safe, say
from vigie.demo.words import number

if TYPE_CHECKING:
    import polars as pl

    from vigie.archive.catalogue import Catalogue
    from vigie.origins.book import Book
    from vigie.origins.shares import Bounds, Shares

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


def condition(
    families: Sequence[str] = (), sources: Sequence[str] = (), automations: Sequence[str] = (), attack: str | None = None,
    since: datetime | None = None, until: datetime | None = None,
) -> tuple[str, list[object]]:  # fmt: skip
    """Which attacks are asked for, in SQL over the columns of `attacks`, with its values."""
    parts, values = ["true"], list[object]()
    for column, chosen in (("family", families), ("automation", automations), ("attack_id", [attack] if attack else [])):
        if chosen:
            parts.append(f"{column} in ({', '.join('?' for _ in chosen)})")
            values += chosen
    if sources:
        parts.append(f"attack_id in (select attack_id from signals where source_address in ({', '.join('?' for _ in sources)}))")
        values += sources
    for moment, sign in ((since, ">="), (until, "<")):
        if moment is not None:
            parts.append(f"first_seen {sign} ?")
            values.append(moment)
    return " and ".join(parts), values


def label(country: str, lang: str) -> str:
    """A country as a table shows it: code and name."""
    from vigie.origins.countries import country_name, is_private

    name = country_name(country, lang)
    return country if name == country else f"{country} ({name})" if is_private(country) else f"{country} {name}"


def percent(part: int, whole: int, lang: str) -> str:
    """A share; one decimal below ten per cent, so that little is not nothing."""
    share = 100 * part / whole if whole else 0.0
    text = f"{share:.1f}" if 0 < share < 10 else f"{share:.0f}"
    return f"{text.replace('.', ',') if lang == 'fr' else text}\u00a0%"


def facts(catalogue: Catalogue, book: Book, pairs: pl.DataFrame) -> dict[str, object]:
    """The JSON shape of `explain origin`; the sentences are English."""
    from vigie.origins.agreement import agreement
    from vigie.origins.shares import UNITS, shares

    found = {unit: shares(pairs, unit) for unit in UNITS}
    agreed = agreement([one for one in book.countries if not one.own])
    shown = [one.country for one in found["attack"].countries]
    return {
        "snapshot": catalogue.snapshot,
        "sentence": sentence(found["attack"], "en"),
        "assumption": SAID["en"]["assumed"],
        "shares": {unit: _share_facts(one) for unit, one in found.items()},
        "relays": [{**row, "networks": [name for name, _ in row["networks"]]} for row in relays_of(pairs)],  # type: ignore[attr-defined]
        "agreement": {country: {"agreed": agreed[country].share, "space": agreed[country].space} for country in shown if country in agreed},
        "tables": [{"name": one.name, "date": one.date.isoformat() if one.date else None, "licence": one.licence, "own": one.own} for one in (*book.own, *book.voting)],
        "lists": [{"kind": one.kind, "list": one.label, "entries": one.entries} for one in book.lists],
        "checked": pairs.filter("relay_checked")["attack_id"].n_unique(),
    }


def _share_facts(one: Shares) -> dict[str, object]:
    total = one.total or 1
    return {
        "total": one.total, "nowhere": one.nowhere, "unplaced": dict(one.unplaced),
        "countries": [
            {"country": c.country, "last_hop": c.last_hop, "placed": c.placed, "most": c.most, "share": c.last_hop / total, "lower": c.placed / total, "upper": c.most / total}
            for c in one.countries
        ],
    }  # fmt: skip


def sentence(counted: Shares, lang: str) -> str:
    """What may be said of the country with most last hops."""
    words = SAID[lang]
    if not counted.total:
        return words["nothing"].format(filtered="")
    if not counted.countries:
        return words["placed_none"].format(total=number(counted.total, lang))
    from vigie.origins.countries import country_name, is_private

    first, total = counted.countries[0], counted.total
    return words["sentence"].format(
        country=label(first.country, lang) if is_private(first.country) else country_name(first.country, lang),
        hop=percent(first.last_hop, total, lang), total=number(total, lang), low=percent(first.placed, total, lang),
        high=percent(first.most, total, lang), unknown=percent(counted.unknown, total, lang),
    )  # fmt: skip


def relays_of(pairs: pl.DataFrame) -> list[dict[str, object]]:
    """By country of the last hop: attacks, how many of them came through relays, of which kinds, over which networks."""
    import polars as pl

    rows = pairs.filter(pl.col("verified") & pl.col("country").is_not_null())
    out: list[dict[str, object]] = []
    counts = rows.group_by("country").agg(pl.col("attack_id").n_unique().alias("attacks")).sort("attacks", "country", descending=[True, False])
    for country, attacks in counts.iter_rows():
        mine = rows.filter((pl.col("country") == country) & pl.col("relay").is_not_null())

        def by(column: str, mine: pl.DataFrame = mine) -> list[tuple[str, int]]:
            told = mine.filter(pl.col(column).is_not_null()).group_by(column).agg(pl.col("attack_id").n_unique().alias("n"))
            return [(str(name), int(count)) for name, count in told.sort("n", column, descending=[True, False]).iter_rows()]

        out.append({"country": country, "attacks": attacks, "relayed": mine["attack_id"].n_unique(), "kinds": dict(by("relay")), "networks": by("network")[:3]})
    return out


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


_SOURCES: Final = """
select address, country, countries, state, verified, asn, network, network_kind, relay, relay_list, relay_days, relay_checked, reserved, as_of, first_seen, signals
from attack_origins where attack_id = ? order by signals desc, address
"""


def sources_of(catalogue: Catalogue, attack: str) -> list[dict[str, object]]:
    """What is known of each source of one attack, as of its time; `state` is "unverified" where no handshake was seen."""
    rows = catalogue.rows(_SOURCES, [attack])
    return [{**row, "state": row["state"] if row["verified"] else "unverified"} for row in rows]


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


def csv_facts(pairs: pl.DataFrame) -> list[dict[str, object]]:
    """A row for each unit and country, and one for each reason why something cannot be placed."""
    from vigie.origins.shares import UNITS, shares

    rows: list[dict[str, object]] = []
    for unit in UNITS:
        one = shares(pairs, unit)
        rows += [{"unit": unit, "country": c.country, "unplaced": "", "last_hop": c.last_hop, "at_least": c.placed, "at_most": c.most, "total": one.total} for c in one.countries]
        rows += [{"unit": unit, "country": "", "unplaced": reason, "last_hop": None, "at_least": None, "at_most": n, "total": one.total} for reason, n in one.unplaced.items()]
    return rows
