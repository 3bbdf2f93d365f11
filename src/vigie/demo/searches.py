"""Runs that look for what is there: secrets, names, relays, other services, and scanners that try a little of everything."""

from __future__ import annotations

import random

from vigie.demo import payloads
from vigie.demo.runs import DISCOVERY, Run, Scene, Shot, asked, carried_by, get, missing
from vigie.demo.site import BROWSERS


def secrets(scene: Scene) -> Run:
    """Forgotten files with passwords."""
    dice = scene.dice
    tool, agent = carried_by(dice, "Mozilla/5.0", "python-requests/2.12.4", "Go-http-client/1.1", *BROWSERS[:3])
    shots = missing(dice, dice.sample(payloads.SECRETS, dice.randrange(4, 14)), ("secret_probe",), agent, (0, 3))
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
    return Run(missing(dice, payloads.missing_paths(dice, dice.randrange(70, 190)), DISCOVERY, agent, (0, 2)), tool)


def discovery_with_secrets(scene: Scene) -> Run:
    """A word list that also holds names of secret files."""
    dice = scene.dice
    run = missing(dice, payloads.missing_paths(dice, dice.randrange(70, 140)), DISCOVERY, BROWSERS[6], (0, 2))
    for shot in missing(dice, dice.sample(payloads.SECRETS, 8), ("secret_probe", *DISCOVERY), BROWSERS[6], (0, 2)):
        run.insert(dice.randrange(5, len(run)), shot)
    return Run(run)


def banners(scene: Scene) -> Run:
    """Surveys of the whole net that give their name and ask for one page."""
    dice = scene.dice
    tool, agent = dice.choice((("zgrab", "Mozilla/5.0 zgrab/0.x"), ("masscan", "masscan/1.0 (https://github.com/robertdavidgraham/masscan)"),
                               ("nmap", "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)")))  # fmt: skip
    return Run(
        [Shot(dice.randrange(1, 5), get("/"), 200, 14_000, DISCOVERY, agent) for _ in range(dice.randrange(1, 3))], tool
    )


def proxies(scene: Scene) -> Run:
    """The server as a way to other servers."""
    dice = scene.dice
    lines = dice.sample(("CONNECT courrier.example:25 HTTP/1.1", "CONNECT 203.0.113.9:443 HTTP/1.1", "GET http://controle.example/ip.php HTTP/1.1",
                         "GET http://203.0.113.200/azenv HTTP/1.0", "CONNECT www.example.com:443 HTTP/1.0"), dice.randrange(1, 4))  # fmt: skip
    return Run(
        [
            Shot(
                dice.randrange(1, 9),
                line,
                400 if line.startswith("CONNECT") else 404,
                166,
                ("proxy_probe",),
                dice.choice(("", "Mozilla/5.0")),
            )
            for line in lines
        ]
    )


def hello(dice: random.Random) -> str:
    """The greeting of an encrypted connection, sent where the plain protocol is spoken."""
    text = bytes(
        [
            0x16,
            3,
            1,
            1,
            dice.randrange(0x80, 0xFF),
            1,
            0,
            1,
            0xFC,
            3,
            3,
            *(dice.randrange(0x80, 0xFF) for _ in range(8)),
        ]
    )
    return text.decode("utf-8", "surrogateescape")


def other_protocols(scene: Scene) -> Run:
    """Whatever is not the web's protocol."""
    dice = scene.dice
    desktop = (
        "\x03\x00\x00/*" + b"\xe0".decode("utf-8", "surrogateescape") + "\x00\x00\x00\x00\x00Cookie: mstshash=Administr"
    )
    texts = dice.sample(
        (desktop, "SSH-2.0-Go", "\x00\x0e8\x1c", "HELP", "TRACE / HTTP/1.1", "MGLNDD_198.51.100.1_80"),
        dice.randrange(1, 3),
    )
    if dice.random() < 0.5:
        texts.insert(0, hello(dice))
    return Run(
        [
            Shot(dice.randrange(1, 9), text, 405 if text.startswith("TRACE") else 400, 166, ("protocol_abuse",))
            for text in texts
        ]
    )


def nikto(scene: Scene) -> Run:
    """An old scanner that tries a little of everything, under its own name."""
    dice = scene.dice
    agent = "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:{:06d})"
    shots = missing(dice, payloads.missing_paths(dice, dice.randrange(70, 110)), DISCOVERY, "", (0, 2))
    extra = missing(dice, dice.sample(payloads.SECRETS, 7), ("secret_probe", *DISCOVERY), "", (0, 2))
    extra += asked(scene, payloads.filled(dice, payloads.SCRIPTING, 3), "cross_site_scripting", "", (0, 2))
    extra += asked(scene._replace(parameter="file"), dice.sample(payloads.TRAVERSAL, 3), "path_traversal", "", (0, 2))
    for shot in extra:
        shots.insert(dice.randrange(5, len(shots)), shot)
    return Run([shot._replace(agent=agent.format(dice.randrange(7000))) for shot in shots], "nikto")


def nuclei(scene: Scene) -> Run:
    """A scanner of known holes, under its own name."""
    dice = scene.dice
    agent = "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"
    shots = missing(dice, dice.sample(payloads.SECRETS, 11), ("secret_probe",), agent, (0, 2))
    shots += asked(
        scene._replace(parameter="file"), dice.sample(payloads.TRAVERSAL, 2), "path_traversal", agent, (0, 2)
    )
    shots += asked(
        scene._replace(parameter="url"), payloads.filled(dice, payloads.FORGERY, 2), "request_forgery", agent, (0, 2)
    )
    shots += asked(
        scene._replace(parameter="q"), payloads.filled(dice, payloads.COMMANDS, 2), "command_injection", agent, (0, 2)
    )
    return Run(shots, "nuclei")
