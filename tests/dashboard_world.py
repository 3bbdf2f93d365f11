"""A small invented archive with something on every page of the dashboard, and texts in it that attack whoever shows them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import vigie.cli.verb_read as verb
from invented_posts import GROUPS, lines, weekend
from vigie.attacks.settings import Settings
from vigie.engines.local import Options
from vigie.sources.source import Reading

SITE = "www.campagne.example"
SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(1)"
OVERRIDE = "\u202egnp.exe"
ESCAPE = "\x1b[31mred"
LONG = "A" * 9_000
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/55.0.2883.87 Safari/537.36"
START = datetime(2017, 2, 1, tzinfo=UTC)


def request(at, address, target, status=200, agent=AGENT, method="GET"):
    return f'{address} - - [{at:%d/%b/%Y:%H:%M:%S +0000}] "{method} {target} HTTP/1.1" {status} 512 "-" "{agent}"\n'


def web(days=6, seed=3):
    """A web server's log: readers, injections by hand and by a tool, and hostile texts in targets and agents."""
    rng = random.Random(seed)
    out = []
    for day in range(days):
        for _ in range(120):
            at = START + timedelta(days=day, seconds=rng.randrange(86_400))
            out.append((at, request(at, f"192.0.2.{rng.randrange(1, 60)}", rng.choice(["/", "/programme/", "/agenda/", "/don/"]))))
        for number in range(2 + day):
            at = START + timedelta(days=day, hours=2 + 3 * number)
            address = f"203.0.113.{10 + number}"
            for step in range(4):
                sent = at + timedelta(seconds=5 * step)
                out.append((sent, request(sent, address, f"/agenda/?ville=1%27%20union%20select%20{step},user_pass--%20", 403, "sqlmap/1.1#stable (http://sqlmap.org)")))
        at = START + timedelta(days=day, hours=20)
        out.append((at, request(at, "198.51.100.7", f"/?q=%27%20or%201=1--%20{SCRIPT.replace(' ', '')}", 200, IMAGE)))
        out.append((at, request(at, "198.51.100.8", f"/{FORMULA}/?id=1%27%20union%20select%201--%20", 500, OVERRIDE)))
        out.append((at, request(at, "198.51.100.9", f"/../../etc/passwd?{LONG}", 400, ESCAPE.replace(chr(27), r"\\x1b"))))
    return "".join(line for _, line in sorted(out)) + f"{SCRIPT} is no line of a log\n"


def database():
    """A PostgreSQL log: somebody guesses, and is let in."""
    at, out = START + timedelta(days=4, hours=3), []
    for number in range(8):
        sent = at + timedelta(seconds=4 * number)
        name = "postgres" if number else SCRIPT.replace(" ", "")
        out.append(f"{sent:%Y-%m-%d %H:%M:%S}.000 UTC [{700 + number}] 203.0.113.77(40{number:03d}) {name}@campagne FATAL:  password authentication failed for user \"{name}\"\n")
    out.append(f"{at + timedelta(minutes=1):%Y-%m-%d %H:%M:%S}.000 UTC [790] 203.0.113.77(41000) postgres@campagne LOG:  connection authorized: user=postgres database=campagne\n")
    return "".join(out)


def write(folder, *, days=6, posts=True):
    """Write the logs."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    (logs / "access.log").write_text(web(days), "utf-8")
    (logs / "postgresql.log").write_text(database(), "utf-8")
    if posts:
        (logs / "posts.jsonl").write_bytes(lines(weekend()))
        (folder / "groups.toml").write_text(GROUPS, "utf-8")
    return logs


def archived(folder, **more):
    """Write the logs and read them; gives the folder of the archive."""
    logs = write(folder, **more)
    groups = folder / "groups.toml"
    reports, problems, catalogue = verb.read_paths((str(logs),), folder / "archive", Options(workers=1, reading=Reading(host=SITE)), Settings(), {"groups": groups} if groups.exists() else None)
    catalogue.connection.close()
    assert not problems
    assert not [report for report in reports if report.failure]
    return folder / "archive"
