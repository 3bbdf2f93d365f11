"""Every number of a page with the command that gives it again, and where in the command's output it stands.

A number is written through a `Ledger`, which remembers it; at the end the page lists the commands. `found` reads a number out of a command's
output, so that a reader's script, and a test, can hold the page against the archive.

Fields: `attacks`, `sensitivity.half`, `ladder[step=signals].count`, `[family=port_scan].attacks` (of the line whose family is that),
`unplaced.*` (the sum of what is in there), `gaps.#` (how many there are; `#` alone: how many lines), `a / b`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from vigie.attacks.count import Period
from vigie.words.numbers import decimal, number, probability

_STEP: Final = re.compile(r"\.?([a-z_0-9]+|[*#])|\[(\d+)\]|\[([a-z_]+)=([^\]]*)\]")

_CELL: Final = re.compile(r"\[([a-z_]+)=[^\]]*\]\.([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Number:
    """One number: as the page shows it, the command, the field of its output, and how it is written (`whole`, `percent`, `signed`, `probability`, `days`, `hours`)."""

    shown: str
    command: str
    field: str
    how: str = "whole"


@dataclass(slots=True)
class Ledger:
    """Numbers in the order in which a page writes them."""

    lang: str
    numbers: list[Number] = field(default_factory=list)

    def write(self, value: float, command: str, where: str, how: str = "whole") -> str:
        """A number as the page shows it."""
        shown = written(value, how, self.lang)
        one = Number(shown, command, where, how)
        if one not in self.numbers:
            self.numbers.append(one)
        return shown

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each command with its fields: `attacks = 3,059; sensitivity.half = 3,118`; of a table only the names of its columns."""
        for command in dict.fromkeys(one.command for one in self.numbers):
            yield command, "; ".join(dict.fromkeys(_told(one) for one in self.numbers if one.command == command))


def _told(one: Number) -> str:
    table = _CELL.fullmatch(one.field)
    return f"[{table[1]}=…].{table[2]}" if table else f"{one.field}{', in days' if one.how == 'days' else ''} = {one.shown}"


def written(value: float, how: str, lang: str) -> str:
    """A number in the language's way; units belong to the sentence, but for the sign of a share."""
    if how == "percent":
        share = 100 * value
        text = f"{share:.1f}" if 0 < share < 10 else f"{share:.0f}"
        return f"{text.replace('.', ',') if lang == 'fr' else text}\u00a0%"
    if how == "signed":
        return decimal(value, lang)
    if how == "probability":
        return probability(value, lang)
    if how == "hours":
        text = f"{value:,.1f}"
        return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text
    return number(round(value), lang)


def found(output: str, where: str, how: str = "whole") -> float:
    """The number that a command's output holds.

    Args:
        output: of a command with `--json`: one object, or one a line.
        where: a field as described above.
        how: `days` counts the days that a period touches; the others do not matter here.

    Raises:
        KeyError: there is no such field.
    """
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if " / " in where:
        above, below = (found(output, part) for part in where.split(" / "))
        return above / below if below else 0.0
    value = _at(lines if where[0] in "[#" else lines[0], where)
    if how == "days":
        first, last = (datetime.fromisoformat(value[name]).astimezone(UTC).date() for name in ("from", "to"))
        return (last - first).days + 1
    return float(value or 0)


def _at(value: Any, where: str) -> Any:
    at = 0
    while at < len(where):
        step = _STEP.match(where, at)
        if step is None:
            raise KeyError(where)
        name, place, column, wanted = step.groups()
        if name == "*":
            value = sum(value.values())
        elif name == "#":
            value = len(value)
        elif name is not None:
            value = value[name]
        elif place is not None:
            value = value[int(place)]
        else:
            value = next((row for row in value if str(row.get(column)) == wanted), None)
            if value is None:
                raise KeyError(where)
        at = step.end()
    return value


def options(period: Period) -> str:
    """`--since` and `--until` of a command, with a space before; "" for all."""
    parts = [f" --{name} {_bare(moment).isoformat()}" for name, moment in (("since", period.since), ("until", period.until)) if moment]
    return "".join(parts)


def condition(period: Period) -> str:
    """The same in SQL, with `where`; "" for all."""
    parts = [f"first_seen {sign} '{_bare(moment).isoformat(sep=' ')}+00'" for sign, moment in ((">=", period.since), ("<", period.until)) if moment]
    return " where " + " and ".join(parts) if parts else ""


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
