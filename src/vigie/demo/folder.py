"""The folder of a demo: stamped as invented, written anew each time, never on top of anything else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from vigie.demo.cast import write_groups
from vigie.demo.claims import write_claims
from vigie.demo.kind import Truth, moment, together
from vigie.demo.month import SITE, Month
from vigie.demo.places import write_places
from vigie.demo.registry import KINDS

STAMP: Final = "INVENTED-BY-VIGIE-DEMO"
"""A file of this name marks a folder that the demo may replace."""

_README: Final = """\
TOUT CE QUI EST ICI EST INVENTÉ / EVERYTHING IN HERE IS INVENTED
================================================================

Français
--------
`vigie demo` a écrit ces fichiers : un mois imaginaire ({first} au {last}) d'un site de campagne
imaginaire ({site}). Aucune visite, aucune attaque, aucune personne n'est réelle.
Aucun média, aucun compte n'existe. Les noms finissent par `.example` ; les adresses sont réservées à la documentation et aux essais
(192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 198.18.0.0/15, 2001:db8::/32) : elles n'appartiennent à personne.
Quelques attaques (Log4Shell, nuclei) sont plus récentes que le mois raconté, pour montrer celles d'aujourd'hui.

  logs/        les journaux, tels que nginx, Apache, une sonde extérieure, WordPress, un pare-feu
               et deux bases de données les auraient laissés, et deux semaines de messages publics
  groups.toml  les groupes de médias et de comptes que la campagne déclare, inventés eux aussi
  claims.toml  l'affirmation qu'elle connaît et suit
  geo/         deux tables de pays inventés (QX, QY … ne sont à aucun pays)
  plan.json    ce que l'auteur avait prévu : comparez avec `vigie count --archive {folder}/archive --json`
  archive/     ce que vigie en a tiré

English
-------
`vigie demo` wrote these files: an imaginary month ({first} to {last}) of an imaginary campaign site
({site}). No visit, no attack, no person in them is real.
No outlet and no account exists. Names end in `.example`; addresses are reserved for documentation and tests
(192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 198.18.0.0/15, 2001:db8::/32): they belong to nobody.
A few attacks (Log4Shell, nuclei) are newer than the month of the story, to show today's.

  logs/        the logs, as nginx, Apache, a monitor outside, WordPress, a firewall and two
               databases would have left them, and two weeks of public posts
  groups.toml  the groups of outlets and accounts that the campaign declares, invented too
  claims.toml  the claim that it knows and follows
  geo/         two tables of invented countries (QX, QY … are no country's)
  plan.json    what the author had planned: compare with `vigie count --archive {folder}/archive --json`
  archive/     what vigie made of it
"""


class OccupiedError(Exception):
    """The folder holds something that the demo did not write."""


def write_month(folder: Path, month: Month, done: Callable[[str], None] = lambda _: None) -> Truth:
    """Write the story into a folder, in place of an earlier demo.

    Args:
        folder: new, empty, or a demo's.
        month: the frame of the story.
        done: told the name of each kind of input as it begins.

    Raises:
        OccupiedError: the folder holds something else.
        OSError: as the file system says (disk full, no permission).
    """
    _clear(folder)
    (folder / STAMP).write_text("vigie demo: invented data / données inventées\n", encoding="utf-8")
    truths = []
    for kind in KINDS:
        done(kind.name)
        truths.append(kind.write(folder / "logs" / kind.name, month))
    write_places(folder / "geo")
    write_groups(folder, month)
    write_claims(folder, month)
    truth = together(truths)
    last = month.midnight(month.days - 1)
    text = _README.format(
        first=month.first.isoformat(), last=moment(last).date().isoformat(), site=SITE, folder=folder.name
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")
    (folder / "plan.json").write_text(json.dumps(plan_of(truth), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return truth


def plan_of(truth: Truth) -> dict[str, object]:
    """The truth as JSON holds it."""
    return {
        "invented": True,
        "lines": truth.lines,
        "unread": truth.unread,
        "repeated": truth.repeated,
        "attacks": len(truth.attacks),
        "by_family": dict(sorted(truth.by_family().items())),
        "by_day": dict(sorted(truth.by_day().items())),
        "list": [
            {
                "start": attack.start.isoformat().replace("+00:00", "Z"), "end": attack.end.isoformat().replace("+00:00", "Z"),
                "family": attack.family, "asset": attack.asset, "sources": list(attack.sources), "automation": attack.automation,
                "tool": attack.tool, "lines": attack.lines, **({"impact": attack.impact} if attack.impact else {}),
                **({"kind": attack.kind, "accounts": list(attack.accounts)} if attack.kind else {}),
            }
            for attack in truth.attacks
        ],
        "crowds": [
            {
                "start": crowd.start.isoformat().replace("+00:00", "Z"), "end": crowd.end.isoformat().replace("+00:00", "Z"),
                "asset": crowd.asset, "visitors": crowd.visitors, "origins": list(crowd.origins),
            }
            for crowd in truth.crowds
        ],
        "bursts": [
            {
                "start": burst.start.isoformat().replace("+00:00", "Z"), "end": burst.end.isoformat().replace("+00:00", "Z"),
                "tag": burst.tag, "posts": burst.posts, "accounts": burst.accounts,
            }
            for burst in truth.bursts
        ],
        "rhythms": {way: list(ids) for way, ids in truth.rhythms.items()},
    }  # fmt: skip


def _clear(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OccupiedError(f"{folder} is not a folder")
    if folder.exists() and any(folder.iterdir()) and not (folder / STAMP).is_file():
        raise OccupiedError(f"{folder} holds files that the demo did not write")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("logs", "archive", "geo"):
        if (folder / name).is_dir() and not (folder / name).is_symlink():
            shutil.rmtree(folder / name)
