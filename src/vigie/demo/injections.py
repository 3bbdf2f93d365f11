"""Runs that send a payload: into a parameter, or into the name of the program and the referrer."""

from __future__ import annotations

from vigie.demo import payloads
from vigie.demo.runs import Run, Scene, Shot, asked, get, payload_run
from vigie.demo.site import BROWSERS


def sqlmap(scene: Scene) -> Run:
    """Injection tool, half of the time under a borrowed name."""
    dice = scene.dice
    agent = "sqlmap/1.1#stable (http://sqlmap.org)" if dice.random() < 0.5 else dice.choice(BROWSERS)
    texts = payloads.sql_of_a_tool(dice, str(dice.randrange(1, 40)))
    return Run(asked(scene, texts, "sql_injection", agent, (0, 4), (200, 200, 500)), "sqlmap")


def sql_list(scene: Scene) -> Run:
    """A few old injections."""
    dice = scene.dice
    return Run(
        asked(
            scene,
            payloads.sql_of_a_robot(dice, str(dice.randrange(1, 90))),
            "sql_injection",
            dice.choice(BROWSERS),
            (1, 20),
        )
    )


def scripting(scene: Scene) -> Run:
    """Script in a parameter."""
    dice = scene.dice
    return payload_run(scene, payloads.filled(dice, payloads.SCRIPTING, dice.randrange(2, 9)), "cross_site_scripting")


def traversal(scene: Scene) -> Run:
    """Climbing out of a folder."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("file", "page", "fichier", "lang")))
    return payload_run(where, dice.sample(payloads.TRAVERSAL, dice.randrange(2, 9)), "path_traversal", (200, 400, 403))


def inclusion(scene: Scene) -> Run:
    """PHP streams and foreign programs."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("page", "inc", "template")))
    return payload_run(where, payloads.filled(dice, payloads.INCLUSION, dice.randrange(2, 6)), "file_inclusion")


def commands(scene: Scene) -> Run:
    """Commands in a parameter."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("cmd", "host", "q", "name")))
    return payload_run(where, payloads.filled(dice, payloads.COMMANDS, dice.randrange(2, 7)), "command_injection")


def header_commands(scene: Scene) -> Run:
    """Commands in the name of the program or in the referrer."""
    dice = scene.dice
    shots = []
    for text in payloads.filled(dice, payloads.HEADERS, dice.randrange(1, 4)):
        agent, referrer = (text, "") if dice.random() < 0.6 else ("Mozilla/5.0", text)
        shots.append(
            Shot(
                dice.randrange(1, 9),
                get(dice.choice(("/", scene.path))),
                200,
                14_000,
                ("command_injection",),
                agent,
                referrer,
            )
        )
    return Run(shots)


def forgery(scene: Scene) -> Run:
    """Addresses inside, for the server to fetch."""
    dice = scene.dice
    where = scene._replace(parameter=dice.choice(("url", "image", "flux")))
    return payload_run(where, payloads.filled(dice, payloads.FORGERY, dice.randrange(2, 6)), "request_forgery")
