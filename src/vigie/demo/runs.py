"""The parts of which runs are made: a run is one use of one tool, request by request.

A shot names the families that a person would see in it; a run that touches several families is one attack in each.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import quote

from vigie.demo.site import BROWSERS, size_of

DISCOVERY: Final = ("content_discovery",)
_NAMED: Final = (
    ("nikto", "Mozilla/5.00 (Nikto/2.1.6) (Evasions:None) (Test:Port Check)"),
    ("nuclei", "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"),
    ("openvas", "Mozilla/5.0 [en] (X11, U; OpenVAS-VT 8.0.9)"),
    ("wapiti", "Mozilla/5.0 (Windows NT 6.1; rv:45.0) Gecko/20100101 Firefox/45.0 Wapiti/3.0.4"),
    (
        "acunetix",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.21 (KHTML, like Gecko) Chrome/41.0.2228.0 Safari/537.21 Acunetix-Scanner",
    ),
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


def asked(
    scene: Scene,
    texts: Iterable[str],
    family: str,
    agent: str,
    pace: tuple[int, int],
    statuses: tuple[int, ...] = (200, 403),
) -> list[Shot]:
    """Texts sent one after another in the scene's parameter.

    Args:
        scene: where.
        texts: payloads, as written.
        family: what a person would call them.
        agent: name the program gives.
        pace: seconds between two requests, from and below.
        statuses: answers to draw from. Where none of them is an error of the server, the page ignores its parameter or is guarded, and
            answers one and the same to the whole run.
    """
    dice = scene.dice
    shots = [
        Shot(
            dice.randrange(*pace),
            ask(scene, text),
            dice.choice(statuses),
            dice.randrange(900, 24_000),
            (family,),
            agent,
        )
        for text in texts
    ]
    if not shots or 500 in statuses:
        return shots
    status = shots[0].status
    return [shot._replace(status=status, size=size_of(scene.path) if status == 200 else 146) for shot in shots]


def missing(
    dice: random.Random, paths: Iterable[str], families: tuple[str, ...], agent: str, pace: tuple[int, int]
) -> list[Shot]:
    """Paths asked for one after another, none of which is there."""
    return [Shot(dice.randrange(*pace), get(path), 404, 1254, families, agent) for path in paths]


def carried_by(dice: random.Random, *others: str) -> tuple[str, str]:
    """A tool and its agent: most say who they are, the rest wear a browser's name."""
    if dice.random() < 0.62:
        return dice.choice(_NAMED)
    return "", dice.choice(others or BROWSERS)


def payload_run(scene: Scene, texts: Iterable[str], family: str, statuses: tuple[int, ...] = (200, 403)) -> Run:
    """Texts of one family, sent by a tool that names itself or by somebody who does not."""
    tool, agent = carried_by(scene.dice)
    return Run(asked(scene, texts, family, agent, (0, 4) if tool else (1, 25), statuses), tool)
