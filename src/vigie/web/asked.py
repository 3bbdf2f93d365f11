"""What is asked of a page: language, filters, an id, a search; read from an address, and written into one.

Everything here comes from outside: sizes are bounded, values are checked, and SQL gets them as parameters only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

FILTERS: Final = ("since", "until", "family", "automation", "country", "asset")
AUTOMATIONS: Final = ("tool", "bespoke", "undetermined")
LONGEST: Final = 400
"""Letters of a value."""
PER_PAGE: Final = 50
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")
_NAME: Final = re.compile(r"[a-z_]{1,40}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}|-")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes:
        lang: `fr` or `en`.
        since, until: days or moments of UTC, as they were written; `until` a day means its end.
        family, automation, country, asset: "" for all; a country "-" for none.
        q: what is searched.
        item: an id.
        nth: number of a part of a list, 1 first.
        whole: all of a list is asked for, not a part.
    """

    lang: str = "en"
    since: str = ""
    until: str = ""
    family: str = ""
    automation: str = ""
    country: str = ""
    asset: str = ""
    q: str = ""
    item: str = ""
    nth: int = 1
    whole: bool = False

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return any(getattr(self, name) for name in FILTERS)

    def between(self) -> tuple[datetime | None, datetime | None]:
        """The first moment, and the first that is too late."""
        return _moment(self.since, end=False), _moment(self.until, end=True)

    def condition(self, alias: str = "") -> tuple[str, list[object]]:
        """In SQL over the columns of `attacks`, with its values."""
        dot = f"{alias}." if alias else ""
        parts, values = ["true"], list[object]()
        for column in ("family", "automation", "asset"):
            if getattr(self, column):
                parts.append(f"{dot}{column} = ?")
                values.append(getattr(self, column))
        if self.country == "-":
            parts.append(f"{dot}attack_id in (select attack_id from attack_places where country is null)")
        elif self.country:
            parts.append(f"{dot}attack_id in (select attack_id from attack_places where country = ?)")
            values.append(self.country)
        for moment, sign in zip(self.between(), (">=", "<"), strict=True):
            if moment is not None:
                parts.append(f"{dot}first_seen {sign} make_timestamptz({int(moment.timestamp() * 1_000_000)})")
        return " and ".join(parts), values

    def query(self, *names: str) -> str:
        """The part of an address behind "?", of these fields (all filters without any), "" for none."""
        chosen = {name: getattr(self, name) for name in (names or FILTERS) if getattr(self, name) and (name != "nth" or self.nth > 1)}
        return f"?{urlencode(chosen)}" if chosen else ""

    def to(self, page: str, item: str = "", **changes: str | int) -> str:
        """The address of a page with these filters, some changed."""
        asked = replace(self, item=item, **{"q": "", "nth": 1, **changes})  # type: ignore[arg-type]
        return address(self.lang, page, item) + asked.query(*FILTERS, "q", "nth")

    def bare(self, page: str, item: str = "", **only: Any) -> str:
        """The address of a page with no filter but these."""
        return Asked(lang=self.lang, **only).to(page, item, **({"q": only["q"]} if "q" in only else {}))


def address(lang: str, page: str, item: str = "", suffix: str = "") -> str:
    """The path of a page."""
    path = f"/{lang}/{page}" + (f"/{quote(item, safe='')}" if item else "")
    return path + suffix


def asked_from(lang: str, given: Mapping[str, str], item: str = "", *, whole: bool = False) -> Asked:
    """A question of an address; what is no value of its field is left out.

    Args:
        lang: of the address.
        given: fields and values behind "?".
        item: id of the path.
        whole: all of a list is asked for.
    """
    values: dict[str, str | int] = {}
    known = {one.name for one in fields(Asked)}
    for name, value in given.items():
        text = value.strip()[:LONGEST]
        if name in known and text and _fits(name, text):
            values[name] = int(text) if name == "nth" else text
    return Asked(**{**values, "lang": lang, "item": item[:LONGEST], "whole": whole})  # type: ignore[arg-type]


def _fits(name: str, text: str) -> bool:
    match name:
        case "since" | "until":
            return bool(_DAY.fullmatch(text)) and _moment(text, end=False) is not None
        case "family":
            return bool(_NAME.fullmatch(text))
        case "automation":
            return text in AUTOMATIONS
        case "country":
            return bool(_COUNTRY.fullmatch(text))
        case "nth":
            return text.isascii() and text.isdigit() and len(text) < 6 and int(text) >= 1
        case "asset" | "q":
            return "\0" not in text
        case _:
            return False


def _moment(text: str, *, end: bool) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    if not 1970 <= found.year < 9000:
        return None
    return found + timedelta(days=1) if end and len(text) == 10 else found
