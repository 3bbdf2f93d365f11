"""A place where the commands of the documentation run: small logs at the paths that the pages name, an archive, the command line."""

from __future__ import annotations

import contextlib
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import click
from click.testing import CliRunner

import invented_posts
from docs.documents import ROOT
from social.models import static
from vigie.cli.failure import Failure
from vigie.cli.main import cli

_TIME = "15/Jan/2017:10:{:02d}:00 +0100"
_ATTACK = "/agenda?id=" + quote("1' union select user_login,user_pass from wp_users -- ")


NAMED = {"ID": ("attacks", "attack_id"), "ACCOUNT": ("accounts", "account"), "GROUP": ("groups", "group"), "RUMOUR": ("rumours", "rumour")}
"""Words of the pages that stand for an id."""


def _combined(minute: int, address: str, target: str, status: int = 200, agent: str = "Mozilla/5.0") -> str:
    return f'{address} - - [{_TIME.format(minute)}] "GET {target} HTTP/1.1" {status} 512 "-" "{agent}"'


def _logs() -> dict[str, list[str]]:
    plain = [_combined(n, f"203.0.113.{n}", f"/page/{n}") for n in range(20)]
    attack = [_combined(30, "192.0.2.66", _ATTACK), _combined(31, "192.0.2.66", "/.env", 404), _combined(32, "192.0.2.67", "/wp-admin/", 404)]
    timing = [f"{line} 176 0.004 0.003 200 8640{n} 1 14844708{n:02d}.250 -" for n, line in enumerate(plain[:9])]
    apache = [
        f'www.newsroom.example {address} - - [{_TIME.format(0)}] "GET {target} HTTP/1.1" 200 5123 "-" "Mozilla/5.0" "-" 411 38210 0 1484470800038210'
        for address, target in (("203.0.113.1", "/"), ("192.0.2.66", _ATTACK))
    ]
    error = [
        f'2017/01/15 10:30:00 [error] 31#31: *46 open() "/srv/www/agenda" failed (2: No such file or directory), client: 192.0.2.66, '
        f'server: www.newsroom.example, request: "GET {_ATTACK} HTTP/1.1", host: "www.newsroom.example"'
    ]
    haproxy = [
        f"Jan 15 10:00:{n:02d} edge haproxy[14389]: 203.0.113.{n}:33317 [15/Jan/2017:10:00:{n:02d}.655] front back/srv1 10/0/30/69/109 200 2750 - - ---- "
        f'1/1/1/1/0 0/0 "GET /page/{n} HTTP/1.1"'
        for n in range(9)
    ]
    postgresql = [
        f"2017-01-15 10:00:{n:02d}.{n % 3}00 UTC [41{n:02d}] 203.0.113.9(400{n:02d}) root@shop FATAL:  password authentication failed for user \"root\"" for n in range(9)
    ]
    ufw = [
        f"Jan 15 10:00:{n:02d} edge kernel: [{n}.250000] [UFW BLOCK] IN=eth0 OUT= MAC= SRC=203.0.113.9 DST=192.0.2.1 LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=7{n:02d} "
        f"PROTO=TCP SPT=40001 DPT={8000 + n} WINDOW=1024 RES=0x00 SYN URGP=0" for n in range(12)
    ]  # fmt: skip
    return {
        "postgresql/postgresql.log": postgresql, "ufw.log": ufw, "../../conn.log": _zeek(),
        "nginx/access.log": plain[10:] + attack, "nginx/access.log.1": plain[5:10], "nginx/access.log.2.gz": plain[:5], "nginx/error.log": error,
        "nginx/timing.log": timing, "apache2/timing.log": apache, "haproxy.log": haproxy,
    }  # fmt: skip


def _zeek() -> list[str]:
    """A few connections as Zeek writes them."""
    fields = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state history".split()
    head = ["#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tconn", "\t".join(["#fields", *fields])]
    rows = [[f"14844708{n:02d}.5", f"C{n}", "203.0.113.9", "40001", "192.0.2.1", str(8000 + n), "tcp", "-", "0.01", "0", "0", "REJ", "Sr"] for n in range(12)]
    return [*head, *("\t".join(row) for row in rows)]


class Sandbox:
    """A folder that stands for a machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "VIGIE_ARCHIVE": str(folder / "archive"), "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "90", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            "XDG_CONFIG_HOME": str(folder / "config"),
        }  # fmt: skip
        for name, lines in _logs().items():
            path = folder / "var" / "log" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = ("\n".join(lines) + "\n").encode()
            path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
        shutil.copytree(ROOT / "examples", folder / "examples")
        (folder / "posts.jsonl").write_bytes(invented_posts.lines(invented_posts.fortnight()))
        (folder / "groups.toml").write_text(invented_posts.GROUPS, "utf-8")
        (folder / "claims.toml").write_bytes((ROOT / "examples" / "claims.toml").read_bytes())
        (folder / "pairs.csv").write_text("source,target,score,dup_type\n860000000000000001,860000000000000002,0.9,rewording\n", "utf-8")
        static(folder / "model")
        code, said = self.vigie(["read", str(folder / "var" / "log" / "nginx" / "access.log")])
        assert code == 0, said

    def vigie(self, words: list[str]) -> tuple[int, str]:
        """Run the command line in this process; exit code, and what a terminal would show."""
        with contextlib.chdir(self.folder):
            result = CliRunner(env=self.environment).invoke(cli, words, prog_name="vigie", standalone_mode=False)
        if isinstance(result.exception, Failure):
            return result.exception.code, result.output + f"vigie: {result.exception}\n"
        if isinstance(result.exception, click.ClickException):
            return 2, result.output + result.exception.format_message()
        if result.exception is not None:
            raise result.exception
        return result.exit_code, result.output

    def first_of(self, what: str, column: str, words: list[str]) -> str:
        """What a word such as `ID` stands for in a command: the first of a list."""
        archive = words[words.index("--archive") :][:2] if "--archive" in words else []
        _, said = self.vigie(["show", what, "--limit", "1", "--json", *archive])
        return json.loads(next(line for line in said.splitlines() if line.startswith("{")))[column]

    def run(self, words: list[str]) -> tuple[int, str]:
        """Run the words of a `vigie …` command as a page writes them: paths inside this folder, globs expanded, `ID` an attack, `GROUP` a group …"""
        arguments: list[str] = []
        for word in words[1:]:
            inside = word.replace("/var/log/", f"{self.folder}/var/log/") if word.startswith("/var/log/") else word
            arguments += sorted(glob.glob(inside)) if word.startswith("/var/log/") and "*" in inside else [inside]
        return self.vigie([self.first_of(*NAMED[word], words) if word in NAMED else word for word in arguments])

    def shell(self, line: str) -> tuple[int, str]:
        """Run a line with pipes in a shell."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", "set -o pipefail; " + line.replace("/var/log/", f"{self.folder}/var/log/")],
            capture_output=True, text=True, cwd=self.folder, env={**os.environ, **self.environment, "PATH": path}, timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr
