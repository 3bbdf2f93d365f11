"""What tools do when they run: each function is one run of one tool, request by request.

A shot names the families that a person would see in it; a run that touches several families is one attack in each.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple
from urllib.parse import quote

from vigie.demo import payloads
from vigie.demo.site import BROWSERS

DISCOVERY: Final = ("content_discovery",)


_NAMED: Final = (
    ("nikto", "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)"),
    ("nuclei", "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"),
    ("openvas", "Mozilla/5.0 [en] (X11, U; OpenVAS-VT 8.0.9)"),
    ("wapiti", "Mozilla/5.0 (Windows NT 6.1; rv:45.0) Gecko/20100101 Firefox/45.0 Wapiti/3.0.4"),
    ("acunetix", "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.21 (KHTML, like Gecko) Chrome/41.0.2228.0 Safari/537.21 Acunetix-Scanner"),
    ("w3af", "w3af.org"),
    ("l9explore", "l9explore/1.2.2"),
    ("zaproxy", "Mozilla/5.0 (Windows NT 6.3; WOW64; rv:39.0) Gecko/20100101 Firefox/39.0 OWASP-ZAP"),
)


class Shot(NamedTuple):
    """One request of a run: `wait` seconds after the one before."""

    wait: int
    line: str
    status: int
    size: int
    families: tuple[str, ...] = ()
    agent: str = ""
    referrer: str = ""


class Run(NamedTuple):
    """One run: its shots, and what carried it out."""

    shots: list[Shot]
    tool: str = ""


class Scene(NamedTuple):
    """Where a run takes place."""

    dice: random.Random
    path: str
    parameter: str


def get(target: str) -> str:
    """A request line."""
    return f"GET {target} HTTP/1.1"


def ask(scene: Scene, text: str) -> str:
    """A request line that carries a text in the scene's parameter."""
    return get(f"{scene.path}?{scene.parameter}={quote(text, safe='')}")


def _asked(scene: Scene, texts: Iterable[str], family: str, agent: str, pace: tuple[int, int], statuses: tuple[int, ...] = (200, 403)) -> list[Shot]:
    dice = scene.dice
    return [Shot(dice.randrange(*pace), ask(scene, text), dice.choice(statuses), dice.randrange(900, 24_000), (family,), agent) for text in texts]


def _missing(dice: random.Random, paths: Iterable[str], families: tuple[str, ...], agent: str, pace: tuple[int, int]) -> list[Shot]:
    return [Shot(dice.randrange(*pace), get(path), 404, 1254, families, agent) for path in paths]


def _carried_by(dice: random.Random, *others: str) -> tuple[str, str]:
    """A tool and its agent: most say who they are, the rest wear a browser's name."""
    if dice.random() < 0.62:
        return dice.choice(_NAMED)
    return "", dice.choice(others or BROWSERS)


def _payload_run(scene: Scene, texts: Iterable[str], family: str, statuses: tuple[int, ...] = (200, 403)) -> Run:
    tool, agent = _carried_by(scene.dice)
    return Run(_asked(scene, texts, family, agent, (0, 4) if tool else (1, 25), statuses), tool)


def sqlmap(scene: Scene) -> Run:
    """Injection tool, half of the time under a borrowed name."""
    dice = scene.dice
    agent = "sqlmap/1.1#stable (http://sqlmap.org)" if dice.random() < 0.5 else dice.choice(BROWSERS)
    texts = payloads.sql_of_a_tool(dice, str(dice.randrange(1, 40)))
    return Run(_asked(scene, texts, "sql_injection", agent, (0, 4), (200, 200, 500)), "sqlmap")


def sql_list(scene: Scene) -> Run:
    """A few old injections."""
    dice = scene.dice
    return Run(_asked(scene, payloads.sql_of_a_robot(dice, str(dice.randrange(1, 90))), "sql_injection", dice.choice(BROWSERS), (1, 20)))


def scripting(scene: Scene) -> Run:
    """Script in a parameter."""
    dice = scene.dice
    return _payload_run(scene, payloads.filled(dice, payloads.SCRIPTING, dice.randrange(2, 9)), "cross_site_scripting")


def traversal(scene: Scene) -> Run:
    """Climbing out of a folder."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("file", "page", "fichier", "lang")))
    return _payload_run(where, dice.sample(payloads.TRAVERSAL, dice.randrange(2, 9)), "path_traversal", (200, 400, 403))


def inclusion(scene: Scene) -> Run:
    """PHP streams and foreign programs."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("page", "inc", "template")))
    return _payload_run(where, payloads.filled(dice, payloads.INCLUSION, dice.randrange(2, 6)), "file_inclusion")


def commands(scene: Scene) -> Run:
    """Commands in a parameter."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("cmd", "host", "q", "name")))
    return _payload_run(where, payloads.filled(dice, payloads.COMMANDS, dice.randrange(2, 7)), "command_injection")


def header_commands(scene: Scene) -> Run:
    """Commands in the name of the program or in the referrer."""
    dice = scene.dice
    shots = []
    for text in payloads.filled(dice, payloads.HEADERS, dice.randrange(1, 4)):
        agent, referrer = (text, "") if dice.random() < 0.6 else ("Mozilla/5.0", text)
        shots.append(Shot(dice.randrange(1, 9), get(dice.choice(("/", scene.path))), 200, 14_000, ("command_injection",), agent, referrer))
    return Run(shots)


def forgery(scene: Scene) -> Run:
    """Addresses inside, for the server to fetch."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("url", "image", "flux")))
    return _payload_run(where, payloads.filled(dice, payloads.FORGERY, dice.randrange(2, 6)), "request_forgery")


def secrets(scene: Scene) -> Run:
    """Forgotten files with passwords."""
    dice = scene.dice
    tool, agent = _carried_by(dice, "Mozilla/5.0", "python-requests/2.12.4", "Go-http-client/1.1", *BROWSERS[:3])
    shots = _missing(dice, dice.sample(payloads.SECRETS, dice.randrange(4, 14)), ("secret_probe",), agent, (0, 3))
    if dice.random() < 0.12:
        shots[-1] = shots[-1]._replace(wait=dice.randrange(2_000, 3_300))
    return Run(shots, tool)


def discovery(scene: Scene) -> Run:
    """Hundreds of names tried in a row; half of the tools say who they are."""
    dice = scene.dice
    tool, agent = dice.choice(
        (("", BROWSERS[1]), ("", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)"), ("gobuster", "gobuster/3.1.0"),
         ("ffuf", "Fuzz Faster U Fool v1.5.0"), ("dirbuster", "DirBuster-0.12 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)"))
    )  # fmt: skip
    return Run(_missing(dice, payloads.missing_paths(dice, dice.randrange(70, 190)), DISCOVERY, agent, (0, 2)), tool)


def discovery_with_secrets(scene: Scene) -> Run:
    """A word list that also holds names of secret files."""
    dice = scene.dice
    run = _missing(dice, payloads.missing_paths(dice, dice.randrange(70, 140)), DISCOVERY, BROWSERS[6], (0, 2))
    for shot in _missing(dice, dice.sample(payloads.SECRETS, 8), ("secret_probe", *DISCOVERY), BROWSERS[6], (0, 2)):
        run.insert(dice.randrange(5, len(run)), shot)
    return Run(run)


def wordpress(scene: Scene) -> Run:
    """Author names, extensions, the installer."""
    dice = scene.dice
    agent = "WPScan v2.9.2 (http://wpscan.org)" if dice.random() < 0.4 else dice.choice(BROWSERS)
    shots = [Shot(dice.randrange(4), get(f"/?author={n}"), 301 if n < 4 else 404, 0, ("cms_probe",), agent) for n in range(1, dice.randrange(3, 8))]
    names = dice.sample(payloads.PLUGINS, dice.randrange(1, 9))
    shots += _missing(dice, (f"/wp-content/plugins/{name}/readme.txt" for name in names), ("cms_probe",), agent, (0, 3))
    if dice.random() < 0.3:
        shots.append(Shot(2, get("/wp-json/wp/v2/users"), 200, 2210, ("cms_probe",), agent))
    if dice.random() < 0.3:
        shots += _missing(dice, ("/wp-admin/install.php", "/wp-admin/setup-config.php"), ("cms_probe",), agent, (0, 3))
    return Run(shots, "wpscan" if agent.startswith("WPScan") else "")


def remote_control(scene: Scene) -> Run:
    """WordPress's old remote control, which the server refuses."""
    dice = scene.dice
    agent = dice.choice(("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", "Mozilla/5.0", BROWSERS[1]))
    count = dice.randrange(1, 12)
    return Run([Shot(dice.randrange(1, 12), "POST /xmlrpc.php HTTP/1.1", 403, 413, ("cms_probe",), agent) for _ in range(count)])


def remote_guessing(scene: Scene) -> Run:
    """Passwords tried through the remote control, which answers 200 whatever it is told."""
    dice = scene.dice
    agent = dice.choice(("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", "Mozilla/5.0", "Python-xmlrpc/3.5"))
    count = dice.randrange(45, 90)
    return Run([Shot(dice.randrange(1, 8), "POST /xmlrpc.php HTTP/1.1", 200, 413, ("login_guessing",), agent) for _ in range(count)])


def guessing(scene: Scene) -> Run:
    """Passwords tried at the door; WordPress answers 200 when it refuses."""
    dice = scene.dice
    agent = dice.choice(("Mozilla/5.0 (Windows NT 6.1; WOW64; rv:40.0) Gecko/20100101 Firefox/40.1", "python-requests/2.12.4", BROWSERS[0]))
    pace = dice.choice(((1, 4), (2, 9), (10, 40)))
    count = dice.randrange(8, 60)
    return Run([Shot(dice.randrange(*pace), "POST /wp-login.php HTTP/1.1", 200, 3344, ("login_guessing",), agent) for _ in range(count)])


def slow_guessing(scene: Scene) -> Run:
    """One password every quarter of an hour, so that nobody notices."""
    dice = scene.dice
    return Run([Shot(dice.randrange(600, 1300), "POST /wp-login.php HTTP/1.1", 200, 3344, ("login_guessing",), BROWSERS[2]) for _ in range(22)])


def banners(scene: Scene) -> Run:
    """Surveys of the whole net that give their name and ask for one page."""
    dice = scene.dice
    tool, agent = dice.choice((("zgrab", "Mozilla/5.0 zgrab/0.x"), ("masscan", "masscan/1.0 (https://github.com/robertdavidgraham/masscan)"),
                               ("nmap", "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)")))  # fmt: skip
    return Run([Shot(dice.randrange(1, 5), get("/"), 200, 14_000, DISCOVERY, agent) for _ in range(dice.randrange(1, 3))], tool)


def proxies(scene: Scene) -> Run:
    """The server as a way to other servers."""
    dice = scene.dice
    lines = dice.sample(("CONNECT courrier.example:25 HTTP/1.1", "CONNECT 203.0.113.9:443 HTTP/1.1", "GET http://controle.example/ip.php HTTP/1.1",
                         "GET http://203.0.113.200/azenv HTTP/1.0", "CONNECT www.example.com:443 HTTP/1.0"), dice.randrange(1, 4))  # fmt: skip
    return Run([Shot(dice.randrange(1, 9), line, 400 if line.startswith("CONNECT") else 404, 166, ("proxy_probe",), dice.choice(("", "Mozilla/5.0"))) for line in lines])


def hello(dice: random.Random) -> str:
    """The greeting of an encrypted connection, sent where the plain protocol is spoken."""
    text = bytes([0x16, 3, 1, 1, dice.randrange(0x80, 0xFF), 1, 0, 1, 0xFC, 3, 3, *(dice.randrange(0x80, 0xFF) for _ in range(8))])
    return text.decode("utf-8", "surrogateescape")


def other_protocols(scene: Scene) -> Run:
    """Whatever is not the web's protocol."""
    dice = scene.dice
    desktop = "\x03\x00\x00/*" + b"\xe0".decode("utf-8", "surrogateescape") + "\x00\x00\x00\x00\x00Cookie: mstshash=Administr"
    texts = dice.sample((desktop, "SSH-2.0-Go", "\x00\x0e8\x1c", "HELP", "TRACE / HTTP/1.1", "MGLNDD_198.51.100.1_80"), dice.randrange(1, 3))
    if dice.random() < 0.5:
        texts.insert(0, hello(dice))
    return Run([Shot(dice.randrange(1, 9), text, 405 if text.startswith("TRACE") else 400, 166, ("protocol_abuse",)) for text in texts])


def nikto(scene: Scene) -> Run:
    """An old scanner that tries a little of everything, under its own name."""
    dice = scene.dice
    agent = "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:{:06d})"
    shots = _missing(dice, payloads.missing_paths(dice, dice.randrange(70, 110)), DISCOVERY, "", (0, 2))
    extra = _missing(dice, dice.sample(payloads.SECRETS, 7), ("secret_probe", *DISCOVERY), "", (0, 2))
    extra += _asked(scene, payloads.filled(dice, payloads.SCRIPTING, 3), "cross_site_scripting", "", (0, 2))
    extra += _asked(scene._replace(parameter="file"), dice.sample(payloads.TRAVERSAL, 3), "path_traversal", "", (0, 2))
    for shot in extra:
        shots.insert(dice.randrange(5, len(shots)), shot)
    return Run([shot._replace(agent=agent.format(dice.randrange(7000))) for shot in shots], "nikto")


def nuclei(scene: Scene) -> Run:
    """A scanner of known holes, under its own name."""
    dice = scene.dice
    agent = "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"
    shots = _missing(dice, dice.sample(payloads.SECRETS, 11), ("secret_probe",), agent, (0, 2))
    shots += _asked(scene._replace(parameter="file"), dice.sample(payloads.TRAVERSAL, 2), "path_traversal", agent, (0, 2))
    shots += _asked(scene._replace(parameter="url"), payloads.filled(dice, payloads.FORGERY, 2), "request_forgery", agent, (0, 2))
    shots += _asked(scene._replace(parameter="q"), payloads.filled(dice, payloads.COMMANDS, 2), "command_injection", agent, (0, 2))
    return Run(shots, "nuclei")


WORDPRESS_ONLY: Final = (wordpress, remote_control, remote_guessing, guessing, slow_guessing)
"""Runs that need a WordPress: they go to the campaign's own site."""

PROFILES: Final[tuple[tuple[Callable[[Scene], Run], float], ...]] = (
    (secrets, 22), (sqlmap, 6), (sql_list, 8), (scripting, 7), (traversal, 7), (inclusion, 4), (commands, 5), (header_commands, 4),
    (forgery, 3), (discovery, 4.5), (discovery_with_secrets, 1), (wordpress, 11), (remote_control, 2), (remote_guessing, 1), (guessing, 6), (slow_guessing, 0.4),
    (banners, 7), (proxies, 4), (other_protocols, 6), (nikto, 1), (nuclei, 1.2),
)  # fmt: skip
"""Each kind of run, and its weight among the day's runs."""
