"""Runs at WordPress's doors: who writes here, what is installed, which password opens."""

from __future__ import annotations

from vigie.demo import payloads
from vigie.demo.runs import Run, Scene, Shot, get, missing
from vigie.demo.site import BROWSERS


def wordpress(scene: Scene) -> Run:
    """Author names, extensions, the installer."""
    dice = scene.dice
    agent = "WPScan v2.9.2 (http://wpscan.org)" if dice.random() < 0.4 else dice.choice(BROWSERS)
    shots = [
        Shot(dice.randrange(4), get(f"/?author={n}"), 301 if n < 4 else 404, 0, ("cms_probe",), agent)
        for n in range(1, dice.randrange(3, 8))
    ]
    names = dice.sample(payloads.PLUGINS, dice.randrange(1, 9))
    shots += missing(dice, (f"/wp-content/plugins/{name}/readme.txt" for name in names), ("cms_probe",), agent, (0, 3))
    if dice.random() < 0.3:
        shots.append(Shot(2, get("/wp-json/wp/v2/users"), 200, 2210, ("cms_probe",), agent))
    if dice.random() < 0.3:
        shots += missing(dice, ("/wp-admin/install.php", "/wp-admin/setup-config.php"), ("cms_probe",), agent, (0, 3))
    return Run(shots, "wpscan" if agent.startswith("WPScan") else "")


def remote_control(scene: Scene) -> Run:
    """WordPress's old remote control, which the server refuses."""
    dice = scene.dice
    agent = dice.choice(("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", "Mozilla/5.0", BROWSERS[1]))
    count = dice.randrange(1, 12)
    return Run(
        [
            Shot(dice.randrange(1, 12), "POST /xmlrpc.php HTTP/1.1", 403, 413, ("cms_probe",), agent)
            for _ in range(count)
        ]
    )


def remote_guessing(scene: Scene) -> Run:
    """Passwords tried through the remote control, which answers 200 whatever it is told."""
    dice = scene.dice
    agent = dice.choice(("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)", "Mozilla/5.0", "Python-xmlrpc/3.5"))
    count = dice.randrange(45, 90)
    return Run(
        [
            Shot(dice.randrange(1, 8), "POST /xmlrpc.php HTTP/1.1", 200, 413, ("login_guessing",), agent)
            for _ in range(count)
        ]
    )


def guessing(scene: Scene) -> Run:
    """Passwords tried at the door; WordPress answers 200 when it refuses."""
    dice = scene.dice
    agent = dice.choice(
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:40.0) Gecko/20100101 Firefox/40.1",
            "python-requests/2.12.4",
            BROWSERS[0],
        )
    )
    pace = dice.choice(((1, 4), (2, 9), (10, 40)))
    count = dice.randrange(8, 60)
    return Run(
        [
            Shot(dice.randrange(*pace), "POST /wp-login.php HTTP/1.1", 200, 3344, ("login_guessing",), agent)
            for _ in range(count)
        ]
    )


def slow_guessing(scene: Scene) -> Run:
    """One password every quarter of an hour, so that nobody notices."""
    dice = scene.dice
    return Run(
        [
            Shot(dice.randrange(600, 1300), "POST /wp-login.php HTTP/1.1", 200, 3344, ("login_guessing",), BROWSERS[2])
            for _ in range(22)
        ]
    )
