"""What two database servers wrote down: PostgreSQL with connections logged, MariaDB with its audit; most of it the site's own business.

References:
    - https://www.postgresql.org/docs/13/runtime-config-logging.html (`log_connections`, `log_disconnections`, `log_line_prefix`)
    - https://mariadb.com/kb/en/mariadb-audit-plugin-log-format/
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vigie.demo.addresses import CROWD, SERVER
from vigie.demo.kind import Kind, PlannedAttack, Truth, moment
from vigie.demo.month import Month

POSTGRESQL, MYSQL = "postgresql", "mysql@base2"
"""Assets: the service, and the host where the log names it."""
_FILES: Final = ("postgresql-13-main.log", "server_audit.log")
_UNKNOWN: Final = ("admin", "test", "oracle", "backup", "user", "dbadmin", "guest", "odoo")


@dataclass(frozen=True, slots=True)
class Visit:
    """One connection.

    Attributes:
        micros: of the epoch.
        source: address.
        what: `contact`, `garbage`, `smb`, `refused`, `unknown`, `wrong` (password) or `right`.
        account: "" where none is named.
    """

    micros: int
    source: str
    what: str
    account: str = ""


Story = tuple[PlannedAttack, list[Visit]]


def _story(asset: str, visits: list[Visit], *, tool: bool) -> Story:
    sources = tuple(dict.fromkeys(visit.source for visit in visits))
    first, last = moment(visits[0].micros // 1_000_000), moment(visits[-1].micros // 1_000_000)
    return PlannedAttack(first, last, "database_access", asset, sources, "tool" if tool else "undetermined", "", len(visits)), visits


def _row(what: str, source: str, start: float, gap: tuple[float, float], accounts: Sequence[str], dice: random.Random) -> list[Visit]:
    at, found = start, []
    for account in accounts:
        found.append(Visit(int(at * 1e6), source, what, account))
        at += dice.uniform(*gap)
    return found


def on_postgresql(month: Month) -> Iterator[Story]:
    """Twelve attempts against PostgreSQL, from a knock to a password that was right."""
    dice = month.dice("postgresql")
    sources = [source for source in CROWD if ":" not in source]
    dice.shuffle(sources)

    def begins(day: int) -> float:
        return month.midnight(day) + dice.uniform(6 * 3600, 18 * 3600)

    plans = (
        (2, "contact", ("",) * 2, (2, 5)), (5, "garbage", ("",) * 3, (1, 3)), (7, "smb", ("",) * 2, (1, 3)), (9, "refused", ("postgres",) * 4, (3, 9)),
        (12, "refused", ("postgres", "root", "campagne"), (4, 12)), (14, "unknown", _UNKNOWN, (2, 6)), (17, "wrong", ("postgres",) * 14, (5, 14)),
        (24, "unknown", _UNKNOWN[:6], (3, 8)), (26, "wrong", ("postgres",) * 9, (4, 11)),
    )  # fmt: skip
    for day, what, accounts, gap in plans:
        if day < month.days:
            yield _story(POSTGRESQL, _row(what, sources.pop(), begins(day), gap, accounts, dice), tool=what == "smb")
    if month.days > 21:
        yield _story(POSTGRESQL, _row("wrong", sources.pop(), month.midnight(19) + 4_000, (7_500, 10_500), ("postgres",) * 14, dice), tool=False)
    if month.days > 22:
        shared, at = [], begins(22)
        for source in [source for source in (sources.pop() for _ in range(14)) for _ in range(2)]:
            shared.append(Visit(int(at * 1e6), source, "wrong", "postgres"))
            at += dice.uniform(20, 60)
        yield _story(POSTGRESQL, shared, tool=False)
    if month.days > 28:
        guesses = _row("wrong", sources.pop(), begins(28), (6, 20), ("webapp",) * 5, dice)
        last = Visit(guesses[-1].micros + 9_000_000, guesses[-1].source, "right", "webapp")
        yield _story(POSTGRESQL, [*guesses, last], tool=False)


def on_mariadb(month: Month) -> Iterator[Story]:
    """Five attempts against MariaDB."""
    dice = month.dice("mariadb")
    sources = [source for source in CROWD if ":" not in source]
    dice.shuffle(sources)
    plans = (
        (4, "refused", ("root",) * 3, (2, 8)), (11, "wrong", ("root",) * 10, (2, 9)), (18, "garbage", ("",) * 3, (1, 4)), (23, "wrong", ("root",) * 7, (3, 9)),
        (27, "wrong", ("admin", "root", "mysql", "backup", "wordpress", "test"), (3, 8)),
    )  # fmt: skip
    for day, what, accounts, gap in plans:
        if day < month.days:
            yield _story(MYSQL, _row(what, sources.pop(), month.midnight(day) + dice.uniform(6 * 3600, 18 * 3600), gap, accounts, dice), tool=False)


def own(month: Month, every: tuple[int, int], account: str, purpose: str) -> Iterator[Visit]:
    """The site's own connections."""
    dice = month.dice(purpose)
    at = month.start + dice.randrange(*every)
    while at < month.end - 60:
        yield Visit(at * 1_000_000 + dice.randrange(1_000_000), SERVER, "right", account)
        at += dice.randrange(*every)


def postgresql(visits: Sequence[Visit], dice: random.Random) -> list[tuple[int, str]]:
    """Lines of PostgreSQL with the prefix `%m [%p] %r %q%u@%d `, each with its time in microseconds; lines of one message stay together.

    Args:
        visits: connections in order of time.
        dice: draws ports and process numbers.
    """
    lines: list[tuple[int, str]] = []
    process = 2_000
    for visit in visits:
        process += dice.randrange(1, 4)
        port = dice.randrange(32_768, 61_000)
        at, account, base = visit.micros, visit.account, "campagne" if visit.account == "webapp" else "postgres"

        def say(text: str, who: str = "[unknown]@[unknown]", later: int = 0, *, at: int = at, process: int = process, port: int = port, source: str = visit.source) -> None:
            when = at + later
            stamp = f"{moment(when // 1_000_000):%Y-%m-%d %H:%M:%S}.{when // 1000 % 1000:03d} UTC"
            head = f"{stamp} [{process}] {source}({port}) {who} "
            lines.append((when, "".join(f"{'' if one.startswith(chr(9)) else head}{one}\n" for one in text.split("\n"))))

        say(f"LOG:  connection received: host={visit.source} port={port}")
        who = f"{account}@{base}"
        matched = '\tConnection matched pg_hba.conf line 98: "host    all    all    0.0.0.0/0    md5"'
        if visit.what == "garbage":
            say("LOG:  invalid length of startup packet", later=4_000)
        elif visit.what == "smb":
            say("FATAL:  unsupported frontend protocol 65363.19778: server supports 2.0 to 3.0", later=4_000)
        elif visit.what == "refused":
            say(f'FATAL:  no pg_hba.conf entry for host "{visit.source}", user "{account}", database "{base}", SSL off', who, 5_000)
        elif visit.what == "unknown":
            say(f'FATAL:  password authentication failed for user "{account}"\nDETAIL:  Role "{account}" does not exist.\n{matched}', who, 9_000)
        elif visit.what == "wrong":
            say(f'FATAL:  password authentication failed for user "{account}"\nDETAIL:  Password does not match for user "{account}".\n{matched}', who, 9_000)
        elif visit.what == "right":
            say(f"LOG:  connection authorized: user={account} database={base}", who, 8_000)
            took = dice.randrange(12, 4_000)
            say(
                f"LOG:  disconnection: session time: 0:00:{took // 1000:02d}.{took % 1000:03d} user={account} database={base} host={visit.source} port={port}",
                who, 8_000 + took * 1_000,
            )  # fmt: skip
    return sorted(lines, key=lambda one: one[0])


def audit(visits: Sequence[Visit]) -> list[tuple[int, str]]:
    """Lines of MariaDB's audit of connections on the host `base2`, each with its time in microseconds."""
    lines: list[tuple[int, str]] = []
    codes = {"refused": 1130, "wrong": 1045, "unknown": 1045, "garbage": 1156, "contact": 1158}
    for number, visit in enumerate(visits, 40):
        stamp = f"{moment(visit.micros // 1_000_000):%Y%m%d %H:%M:%S}"
        head = f"{stamp},base2,{visit.account},{visit.source},{number},0"
        if visit.what == "right":
            lines.append((visit.micros, f"{head},CONNECT,boutique,,0\n"))
            lines.append((visit.micros + 1, f"{head},DISCONNECT,boutique,,0\n"))
        else:
            lines.append((visit.micros, f"{head},FAILED_CONNECT,,,{codes[visit.what]}\n"))
    return lines


def write(folder: Path, month: Month) -> Truth:
    """Write `postgresql-13-main.log` and `server_audit.log`.

    Args:
        folder: where.
        month: the story's frame.
    """
    folder.mkdir(parents=True)
    first, second = list(on_postgresql(month)), list(on_mariadb(month))
    texts = []
    for stories, every, account, purpose in ((first, (900, 2_700), "webapp", "webapp"), (second, (2_400, 4_800), "boutique", "boutique")):
        visits = [visit for _, found in stories for visit in found] + list(own(month, every, account, purpose))
        visits.sort(key=lambda visit: (visit.micros, visit.source))
        lines = postgresql(visits, month.dice("processes")) if account == "webapp" else audit(visits)
        texts.append([text for micros, text in lines if micros < month.end * 1_000_000])
    for name, written in zip(_FILES, texts, strict=True):
        path = folder / name
        path.write_text("".join(written), encoding="utf-8")
        os.utime(path, (month.end, month.end))
    attacks = [attack for attack, _ in (*first, *second)]
    continued = sum(text.count("\n") - 1 for written in texts for text in written)
    return Truth(attacks=tuple(sorted(attacks)), lines=sum(map(len, texts)), continued=continued, files=_FILES)


DATABASES: Final = Kind("databases", write)
"""Logs of PostgreSQL and of MariaDB."""
