"""One archive for the tests of this folder, read from invented logs: attackers of every role, a visitor, and texts that are meant to harm whoever shows them."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from conftest import Vigie, combined
from vigie.archive.archive import Archive
from vigie.archive.catalogue import Catalogue
from vigie.demo.places import keep_places, write_places
from vigie.reports.gather import Asked, gathered
from vigie.reports.marking import Marking
from vigie.reports.organisation import parsed

UNION = "/agenda?id=" + quote("1' union select user_login,user_pass from wp_users -- ")
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "@SUM(1+1)", "\x1b[31mred", "\u202egnp.exe", "`id`", "| a | b |", "</pre></main>", "$(id)", "{{7*7}}", "[x](javascript:1)")
INDICATORS = ("203.0.113.20", "203.0.113.21")
TOR, VPN, RENTED, OWN, PARTNER, PRIVATE, FORGED, VISITOR, READER = (
    "198.51.100.5", "192.0.2.70", "192.0.2.10", "203.0.113.201", "203.0.113.60", "10.0.0.5", "203.0.113.9", "203.0.113.99", "203.0.113.98",
)  # fmt: skip
WITHHELD = (OWN, PARTNER, PRIVATE, FORGED, VISITOR, READER)
MADE = datetime(2017, 2, 1, 7, tzinfo=UTC)
KEY = b"k" * 32

ORGANISATION = f"""
[organisation]
name = "Écho <b>local</b> | =1+1"
kind = "newsroom"
contact = "the desk"
email = "desk@echo.example"
partners = ["{PARTNER}/32"]

[incident]
aware = 2017-01-16T09:40:00+01:00
malicious = "yes"
cross_border = "unknown"
help_wanted = "filtering upstream"

[[measure]]
at = 2017-01-16T10:00:00+01:00
text = "search switched off"
"""


def access():
    lines = []
    for minute, address in enumerate((*INDICATORS, TOR, VPN, RENTED, OWN, PARTNER, PRIVATE)):
        when = f"15/Jan/2017:10:{minute:02d}:00 +0100"
        lines += [combined(UNION.replace("1%27", f"{n}%27"), address=address, time=when) for n in range(3)]
        lines += [combined(f"/.env{n}.bak", address=address, time=when, status=404) for n in range(3)]
    for n, text in enumerate(HOSTILE):
        when = f"15/Jan/2017:{11 + n}:30:00 +0100"
        lines.append(combined(f"/f{n}?q={quote(text, safe='')}&mail=jeanne%40asso.example&id=" + quote("1' union select 1,2 -- "), address=INDICATORS[1], time=when, agent=text))
    for n in range(40):
        lines.append(combined(f"/page/{n}", address=VISITOR, time=f"16/Jan/2017:09:{n:02d}:00 +0100", user="marie.dupont"))
        lines.append(combined(f"/page/{n}", address=READER, time=f"17/Jan/2017:09:{n:02d}:00 +0100", referrer=f"https://mail.example/?to={VISITOR}"))
    return b"".join(lines)


def postgresql():
    return "".join(
        f'2017-01-15 10:00:{n:02d}.{n}00 UTC [41{n:02d}] 198.51.100.170(400{n:02d}) jeanne@shop FATAL:  password authentication failed for user "jeanne"\n' for n in range(9)
    ).encode()


def firewall():
    return "".join(
        f"Jan 15 10:00:{n:02d} edge kernel: [{n}.250000] [NFT DROP] IN=eth0 OUT= MAC= SRC={FORGED} DST=192.0.2.250 LEN=60 TOS=0x00 PREC=0x00 TTL=43 ID={n + 700} "
        f"PROTO=TCP SPT=40001 DPT={8000 + n} WINDOW=1024 RES=0x00 SYN URGP=0\n"
        for n in range(40)
    ).encode()


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The command line in a folder with a read archive and a file of the organisation."""
    folder = tmp_path_factory.mktemp("house")
    for name, data in (("access.log", access()), ("postgresql.log", postgresql()), ("kern.log", firewall())):
        (folder / name).write_bytes(data)
    (folder / "echo.toml").write_text(ORGANISATION, "utf-8")
    vigie = Vigie(folder)
    vigie.environment |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "SOURCE_DATE_EPOCH": str(int(MADE.timestamp()))}
    vigie("read", "access.log", "postgresql.log", "kern.log", "--host", "www.echo.example", "--year", "2017", "--ours", f"{OWN}/32", "--ours", "192.0.2.250/32")
    write_places(folder / "geo")
    keep_places(folder / "geo", folder / "archive")
    return vigie


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """The same with nothing in the log."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "access.log").write_bytes(b"")
    vigie = Vigie(folder)
    vigie.environment |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "SOURCE_DATE_EPOCH": str(int(MADE.timestamp()))}
    (folder / "archive" / "segments").mkdir(parents=True)
    return vigie


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """The same with a log in which nobody attacks."""
    folder = tmp_path_factory.mktemp("quiet")
    (folder / "access.log").write_bytes(b"".join(combined(f"/page/{n}", address=VISITOR, time=f"16/Jan/2017:09:{n:02d}:00 +0100") for n in range(40)))
    vigie = Vigie(folder)
    vigie.environment |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "SOURCE_DATE_EPOCH": str(int(MADE.timestamp()))}
    vigie("read", "access.log")
    return vigie


def taken(vigie, **asked):
    """The facts of an archive, as the verb takes them."""
    who, what = parsed(ORGANISATION.encode())
    asked = {"organisation": who, "incident": what, "marking": Marking("amber", "amber"), "made": MADE, "key": KEY} | asked
    with Catalogue(Archive(vigie.folder / "archive")) as catalogue:
        return gathered(catalogue, Asked(**asked))


@pytest.fixture(scope="session")
def report(house):
    """The facts of the archive with attacks."""
    return taken(house)


@pytest.fixture(scope="session")
def nothing(empty):
    """The facts of an archive in which nothing was ever read."""
    return taken(empty)


@pytest.fixture(scope="session")
def calm(quiet):
    """The facts of an archive without an attack."""
    return taken(quiet)
