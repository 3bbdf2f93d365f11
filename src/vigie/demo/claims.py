"""The claim that the invented campaign knows and declares: the rumour of its last days, in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vigie.demo.kind import moment
from vigie.demo.month import Month
from vigie.demo.press import press, rumour_day

CLAIMS: Final = "claims.toml"

_CLAIMS: Final = """\
# Inventé par vigie demo / invented by vigie demo. Les messages d'une affirmation se reconnaissent à ses mots / the posts of a claim are known by its words.

[[claim]]
name = "port"
wording.fr = "Le candidat aurait promis de vendre le port de Valmory"
wording.en = "The candidate is said to have promised to sell the port of Valmory"
as_of = {day}
anchors = ["port"]
words.fr = ["vendre promis", "vente"]
words.en = ["sell promised", "sold promised"]
denies = [{denials}]
"""


def write_claims(folder: Path, month: Month) -> Path:
    """Write the file of claims that goes with the posts.

    Args:
        folder: where.
        month: the story's frame.

    Returns:
        the file.
    """
    path = folder / CLAIMS
    denials = ", ".join(f'"site:{one.url.removeprefix("https://")}"' for one in press(month) if one.about == "denial")
    path.write_text(_CLAIMS.format(day=moment(month.midnight(rumour_day(month))).date().isoformat(), denials=denials), encoding="utf-8")
    return path
