"""Draw all drawings from invented numbers into one page, to be looked at.

Run:
    .venv/bin/python tools/gallery.py /tmp/gallery.html [--lang fr] [--narrow] [--empty]
    .venv/bin/python tools/gallery.py docs/images      (the pictures of docs/drawing.md)
"""

from __future__ import annotations

import argparse
import base64
import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from vigie import drawing as d

STARTS = date(2026, 1, 15)
FAMILIES = [
    ("sql_injection", "SQL injection", "Injection SQL"), ("content_discovery", "Content discovery", "Recherche de contenus"), ("port_scan", "Port scan", "Balayage de ports"),
    ("secret_probe", "Search for secrets", "Recherche de secrets"), ("cms_probe", "Probing of the CMS", "Sondage du CMS"), ("login_guessing", "Guessing of passwords", "Essais de mots de passe"),
    ("denial_of_service", "Denial of service", "Déni de service"), ("database_access", "Database access", "Accès aux bases"),
]  # fmt: skip
HOSTILE = '<script>alert(1)</script> "&\u202eevil\x1b[31m'


DOCUMENTED = ("days", "world", "ladder")


def pictures(lang: str, narrow: bool) -> list[tuple[str, d.Svg]]:
    """Each drawing with its name."""
    rng = np.random.default_rng(7)
    fr = lang == "fr"
    looks = {"lang": lang, "narrow": narrow}
    attacks = "attaques" if fr else "attacks"
    families = [d.Series(key, french if fr else english) for key, english, french in FAMILIES]
    rows = []
    for at in range(30):
        base = 1 + at / 8
        counts = {one.key: int(rng.poisson(base * weight)) for one, weight in zip(families, (6, 18, 9, 5, 7, 4, 0.6, 0.12), strict=True)}
        notes = {6: ["Publication: /programme/"], 19: ["Publication: /budget/", HOSTILE]}.get(at, [])
        rows.append(d.Day(STARTS + timedelta(days=at), None if at in (11, 12) else counts if at != 3 else {}, partial=at in (0, 29), notes=notes))
    totals = {one.day: sum(one.counts.values()) for one in rows if one.counts is not None}
    trend = [None if one.counts is None else 45 + 5.2 * at for at, one in enumerate(rows)]
    out = [("days", d.days(rows, families, title="Attaques par jour" if fr else "Attacks by day", apart=["database_access"], peak=max(totals, key=totals.get), trend=trend, unit=attacks, name="days", **looks))]
    year = [d.Day(STARTS + timedelta(days=at), {families[at % 3].key: int(rng.poisson(20)), "new_family": 3}) for at in range(300)]
    out.append(("days, a year", d.days(year, families, title="A year", unit=attacks, name="year", apart=["new_family"], **looks)))
    few = [d.Day(STARTS, {"sql_injection": 1}), d.Day(STARTS + timedelta(days=1), {}), d.Day(STARTS + timedelta(days=2), {"database_access": 2})]
    out.append(("days, three", d.days(few, families, title="Three days", name="three", peak=STARTS + timedelta(days=2), apart=["database_access"], **looks)))
    countries = [("US", "États-Unis", 406), ("NL", "Pays-Bas", 286), ("DE", "Allemagne", 260), ("RU", "Russie", 279), ("FR", "France", 245), ("UA", "Ukraine", 126), ("SG", "Singapour", 90), ("BR", "Brésil", 40), ("CN", "Chine", 33), ("MT", "Malte", 4), ("IN", "Inde", 3), ("SE", "Suède", None), ("EU", "Union européenne", 6), ("ZA", "Afrique du Sud", 0)]
    total = 2_000
    placed = [d.Ranked(code, label, value, None if value is None else value * 0.3, None if value is None else value * 0.3 + 380, note="hosting" if code == "NL" else "") for code, label, value in countries]
    out.append(("ranked", d.ranked([*placed, d.Ranked("x", HOSTILE * 3, 12)], title="Last hops", total=total, most=10, unit=attacks, name="ranked", **looks)))
    out.append(("world", d.world([d.Country(code, label, value, 10, 500) for code, label, value in countries], title="Last hops", total=total, nowhere=222, unit=attacks, name="world", **looks)))
    out.append(("interval", d.interval(2_950, 31, 420, title="Tool or bespoke", unit=attacks, name="interval", **looks)))
    out.append(("interval, not known", d.interval(2_950, None, 420, title="Tool or bespoke", unit=attacks, name="interval2", **looks)))
    rungs = [
        d.Rung("lines" if not fr else "lignes", 1_204_331, [("no attack in it", 1_180_000), ("unread: not a log line", 331)]),
        d.Rung("signals", 24_000, [("too weak on its own", 1_300), ("a tool's name is no attack of its own", 420), ("one's own monitor", 12)], 14_500),
        d.Rung("attempts", 7_768, [], 3_768), d.Rung("attacks" if not fr else "attaques", 4_000),
    ]  # fmt: skip
    out.append(("ladder", d.ladder(rungs, title="How do you arrive at that number?", name="ladder", **looks)))
    begin = datetime(2026, 2, 12, 18, tzinfo=UTC)
    kinds = [d.Series("unavailable", "indisponible" if fr else "unavailable", 1), d.Series("slowed", "ralenti" if fr else "slowed", 5), d.Series("flood", "flood", 2), d.Series("absorbed", "absorbé" if fr else "absorbed", 4)]
    hours = lambda x: begin + timedelta(hours=x)  # noqa: E731
    sites = [
        d.Row("www.liste.example", [d.Span(hours(3), hours(4.2), "flood", "POST /xmlrpc.php"), d.Span(hours(3.3), hours(4), "unavailable"), d.Span(hours(4), hours(5), "slowed"), d.Span(hours(13), None, "slowed", "since then")], [d.Moment(hours(2.5), "Publication: /programme/"), d.Moment(hours(12.8), "alert")]),
        d.Row("dons.liste.example", [d.Span(hours(9), hours(9.02), "absorbed")], watched=[(hours(2), hours(10))]),
        d.Row("a very long name of a site that does not fit.liste.example"),
    ]  # fmt: skip
    out.append(("timeline", d.timeline(sites, kinds, begin, hours(14), title="Availability", name="availability", **looks)))
    groups = [d.Series("a", "group A"), d.Series("b", "group B", 3), d.Series("c", "carrying on", 6)]
    waves = [d.Row("“The list has no money left”", [d.Span(hours(24 * x), hours(24 * x + 30), "abc"[x % 3], f"wave {x + 1}") for x in range(0, 18, 4)], [d.Moment(hours(-12), "first publisher: outlet.example")]), d.Row("إشاعة عن التصويت", [d.Span(hours(100), hours(160), "b"), d.Span(hours(120), hours(180), "a"), d.Span(hours(130), hours(170), "c")])]
    out.append(("waves", d.timeline(waves, groups, hours(-24), hours(24 * 20), title="Waves of rumours", name="waves", **looks)))
    beside = [d.Beside("p1", "/programme/", 14, 6.3, 2, 11), d.Beside("p2", "/budget/", 5, 6.1, 2, 11, "sitemap"), d.Beside("p3", "/a-page-with-a-very-long-path-that-does-not-fit/", 0, 3.2, 0, 7), d.Beside("p4", "/new/", 3, None)]
    out.append(("expected", d.observed_beside_expected(beside, title="Attacks after a publication", unit=attacks, name="beside", **looks)))
    hypotheses = [d.Series(str(at), label) for at, label in enumerate(("opportunistic", "domestic opponents", "a foreign service", "criminal, for money", "unknown: somebody else"))]
    evidence = [d.Series("e1", "Scanners of the whole internet make most of it"), d.Series("e2", "Forms were aimed at this site and changed after each correction"), d.Series("e3", "Attacks follow publications more than chance gives"), d.Series("e4", HOSTILE)]
    ratings = [[2, 0, 0, 1, 0], [-2, 1, 2, 0, 0], [-1, 2, 1, None, 0], [0, -1, -2, 1, None]]
    out.append(("matrix", d.matrix(evidence, hypotheses, ratings, title="Hypotheses", rated=True, name="hypotheses", **looks)))
    names = [d.Series(f"r{at}", f"outlet{at}.example") for at in range(9)]
    relay = [[None if at == to else int(rng.poisson(3 * (at % 3))) for to in range(9)] for at in range(9)]
    out.append(("relay", d.matrix(names, names, relay, title="Who carries whom", name="relay", **looks)))
    week = [[None if (day, hour) in {(2, 3), (2, 4)} else int(rng.poisson(max(0.0, 9 * np.sin((hour - 5) / 24 * np.pi * 2)))) for hour in range(24)] for day in range(7)]
    out.append(("heat", d.heat(week, title="Hours", unit=attacks, name="heat", **looks)))
    nodes = [d.Node(f"n{at}", f"account_{at}", float(rng.integers(1, 90)) if at % 11 else None, "abc"[at % 3] if at < 40 else "") for at in range(60)]
    links = [d.Link(f"n{a}", f"n{b}", float(w), directed=a % 2 == 0) for a, b, w in zip(rng.integers(0, 60, 150), rng.integers(0, 60, 150), rng.integers(1, 9, 150), strict=True) if a % 3 == b % 3]
    out.append(("graph", d.graph(nodes, links, groups, title="Accounts", name="accounts", most=55, **looks)))
    doors = [
        d.Door("7", "A valid credential was used from outside" if not fr else "Un identifiant valide a servi depuis l’extérieur", 7, 1, "postgres@db1.liste.example, 12 Feb 03:12"), d.Door("5", "Failed on an account that is there", 5, 12, "root"),
        d.Door("3", "Refused by a rule", 3, 204), d.Door("1", "The port was reached, nothing was said", 1, 1_300), d.Door("?", "Cannot be told from this log", None, 4, HOSTILE), d.Door("0", "One's own misconfiguration", 0, None),
    ]  # fmt: skip
    out.append(("lane", d.lane(doors, title="Doors by danger", unit="tries", name="lane", **looks)))
    out.append(("spark", d.spark([3, 4, 2, None, 6, 9, 12, 11, 15], title="Last days", unit=attacks, lang=lang)))
    return out


def empty(lang: str, narrow: bool) -> list[tuple[str, d.Svg]]:
    """Each drawing without data."""
    now = datetime(2026, 2, 12, tzinfo=UTC)
    looks = {"lang": lang, "narrow": narrow, "title": "Empty"}
    return [
        ("days", d.days([], [], name="e1", **looks)), ("days, unread", d.days([d.Day(STARTS, None)], [], name="e1b", **looks)), ("days, zero", d.days([d.Day(STARTS, {})], [], name="e1c", **looks)),
        ("ranked", d.ranked([], name="e2", **looks)), ("interval", d.interval(None, None, None, name="e3", **looks)),
        ("interval, zero", d.interval(0, 0, 0, name="e4", **looks)), ("ladder", d.ladder([], name="e5", **looks)), ("timeline", d.timeline([], [], now, now + timedelta(days=1), name="e6", **looks)),
        ("beside", d.observed_beside_expected([], name="e7", **looks)), ("matrix", d.matrix([], [], [], name="e8", **looks)), ("heat", d.heat([], name="e9", **looks)), ("heat, zero", d.heat([[0] * 24] * 7, name="e9b", **looks)),
        ("graph", d.graph([], [], name="e10", **looks)), ("world", d.world([], name="e11", **looks)), ("lane", d.lane([], name="e12", **looks)), ("spark", d.spark([], title="Empty", lang=lang, name="e13")),
    ]  # fmt: skip


STYLE = d.STYLESHEET + "body{margin:0;font-family:system-ui,sans-serif;color:#1b1f24}main{max-width:800px;margin:0 auto;padding:12px}h1{font-size:18px}h2{font-size:15px;margin:22px 0 6px}"


def page(drawn: list[tuple[str, d.Svg]], lang: str) -> str:
    """One page, under a policy as strict as the dashboard's."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    body = "".join(f"<section><h2>{label}</h2>{svg}</section>" for label, svg in drawn)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gallery</title>'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'\">"
        f"<style>{STYLE}</style></head><body><main><h1>Gallery</h1>{body}</main></body></html>"
    )


def main() -> None:
    """Write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", type=Path)
    asked.add_argument("--lang", default="en")
    asked.add_argument("--narrow", action="store_true")
    asked.add_argument("--empty", action="store_true")
    given = asked.parse_args()
    if given.out.is_dir():
        for label, svg in pictures(given.lang, given.narrow):
            if label in DOCUMENTED:
                (given.out / f"drawing-{label}.svg").write_text(svg + "\n", "utf-8")
        return
    drawn = (empty if given.empty else pictures)(given.lang, given.narrow)
    given.out.write_text(page(drawn, given.lang), "utf-8")
    for label, svg in drawn:
        print(f"{label:22} {len(svg):>8,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
