"""Who posts in the invented month: a sphere that carries a state medium, people who post a lot by hand, an audience, and accounts that say what they are.

Ids are of a range that no platform has given out. The sphere holds both explanations of a hundred articles a day: accounts whose hours a schedule chooses, and accounts
that people run full time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vigie.demo.month import SITE, Month
from vigie.demo.press import PAPER, STATE

SCHEDULE, QUEUE, STAFF, RELAY, HAND, READER, FEED, DECLARED = "schedule", "queue", "staff", "relay", "hand", "reader", "feed", "declared"
"""Ways of posting: a schedule with bursts of own words; half of each; people, full time; people who mostly pass on; a person who posts a lot; anybody; a newsroom's feed; says so itself."""
SPHERE_WAYS: Final = (SCHEDULE, QUEUE, STAFF, RELAY)

GROUPS: Final = "groups.toml"
"""File of the groups that the campaign declares."""
RELAY_OF_PAPER: Final = "gazette_relais@toots.example"
"""An account elsewhere that says itself that it is automated."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account.

    Attributes:
        id: on the platform.
        name: its handle.
        way: how it posts.
    """

    id: str
    name: str
    way: str


_MANY: Final = {SCHEDULE: 6, QUEUE: 2, STAFF: 3, RELAY: 3, HAND: 5, READER: 380}
_FIRST: Final = 9_000_000_000_000_017
_NAMES: Final = ("Aube", "Brume", "Cale", "Digue", "Estran", "Falaise", "Grève", "Houle", "Iode", "Jetée", "Lame", "Marée", "Noroît", "Ourse", "Phare", "Quille", "Risée", "Suroît", "Treuil", "Vigne")
_SECOND: Final = ("libre", "du14", "claire", "et_co", "info", "vraie", "du_port", "en_mer", "matin", "bis", "78", "news", "de_Tivray", "officieux", "et_fils", "nord", "sud", "radio", "libre2", "club")

STATE_ACCOUNT: Final = Account(str(_FIRST - 2), "AgenceDuLarge", FEED)
PAPER_ACCOUNT: Final = Account(str(_FIRST - 1), "GazetteValmory", FEED)


def _cast() -> tuple[Account, ...]:
    ways = [way for way, many in _MANY.items() for _ in range(many)]
    return tuple(Account(str(_FIRST + 37 * n), f"{_NAMES[n * 7 % 20]}_{_SECOND[n // 20]}", way) for n, way in enumerate(ways))


CAST: Final = _cast()
SPHERE: Final = tuple(one for one in CAST if one.way in SPHERE_WAYS)
READERS: Final = tuple(one for one in CAST if one.way == READER)

_GROUPS: Final = """\
# Inventé par vigie demo / invented by vigie demo: no such outlet, no such account.

[[group]]
name = "agence_du_large"
title.fr = "Média d'État inventé"
title.en = "Invented state medium"
kind = "state_media"
domains = ["{state}"]
accounts = ["x:{state_account}"]
as_of = {day}
source = "vigie demo"

[[group]]
name = "sphere"
title.fr = "Comptes qui partagent surtout ce média (inventés)"
title.en = "Accounts that mostly share this medium (invented)"
kind = "sphere"
accounts = [{sphere}]
as_of = {day}
source = "vigie demo: chosen by the links that they share"

[[group]]
name = "gazette"
title.fr = "Journal inventé"
title.en = "Invented newspaper"
kind = "mainstream"
domains = ["{paper}"]
accounts = ["x:{paper_account}", "mastodon:{relay}"]
as_of = {day}
source = "vigie demo"

[[group]]
name = "own"
title.fr = "Nos propres pages"
title.en = "Our own pages"
kind = "own"
domains = ["{site}"]
as_of = {day}
source = "vigie demo"
"""


def write_groups(folder: Path, month: Month) -> Path:
    """Write the file of groups that goes with the posts.

    Args:
        folder: where.
        month: the story's frame.

    Returns:
        the file.
    """
    path = folder / GROUPS
    sphere = ", ".join(f'"x:{one.id}"' for one in SPHERE)
    text = _GROUPS.format(
        state=STATE, paper=PAPER, site=SITE.removeprefix("www."), day=month.first.isoformat(), sphere=sphere, state_account=STATE_ACCOUNT.id, paper_account=PAPER_ACCOUNT.id,
        relay=RELAY_OF_PAPER,
    )  # fmt: skip
    path.write_text(text, encoding="utf-8")
    return path
