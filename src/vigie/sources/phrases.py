"""What programs say about log-ins, phrase by phrase: how a message begins, what follows, and what it means.

A message is given to the first phrase that fits it. The text of a name is an attacker's, so a phrase is anchored at both ends, and where a
name stands before what must be trusted (an address) the name takes as much as it can: the last `from` is the program's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from vigie.sources.rows import nulls

SILENT: Final = "says nothing of connections or log-ins"
"""Why what a server says of other things (statements, checkpoints, its own start) is unread."""
FOUND: Final = ("user", "peer", "port", "name", "database", "times", "session", "process", "bytes")
"""Groups that a phrase may name: account; address or name of the other end; its port; its name beside the address; database; how many times;
what the log calls the connection; the process that it speaks of; what was sent instead of a log-in."""
UNKNOWN_USER: Final = "invalid"
"""A group that says, where it takes part in the match, that the account is not there."""
_MOST_TIMES: Final = 10_000
_TOOL: Final = r"(?i)(nmap|zgrab|masscan|zmap)"


@dataclass(frozen=True)
class Phrase:
    """One sentence of a program.

    Attributes:
        begins: how the message begins, in so many words.
        rest: pattern of what follows, up to the end, linear in time, with groups of `FOUND`.
        action: of `records.login.ACTIONS`.
        reason: of `records.login.WHY`, or "".
        encrypted: the connection is, where the sentence says so.
    """

    begins: str
    rest: str
    action: str
    reason: str = ""
    encrypted: bool | None = None

    @cached_property
    def pattern(self) -> str:
        """The whole sentence."""
        return f"^(?P<hit>{re.escape(self.begins)}){self.rest}$"


def understand(message: pl.Series, phrases: Sequence[Phrase]) -> pl.DataFrame:
    """What messages say.

    Args:
        message: texts; null is not understood.
        phrases: in the order in which they are asked.

    Returns:
        one row a message: `action` and `reason` (text, null where no phrase fits), `encrypted`, and a text column for each of `FOUND`.
    """
    count = len(message)
    nothing = nulls(count)
    columns = {name: nothing.clone() for name in ("action", "reason", *FOUND)}
    encrypted = nulls(count, pl.Boolean)
    filled = message.fill_null("")
    left, places = filled, np.arange(count)
    for phrase in phrases:
        begun = left.str.starts_with(phrase.begins)
        if not begun.any():
            continue
        groups = left.filter(begun).str.extract_groups(phrase.pattern).struct.unnest()
        hit = groups["hit"].is_not_null()
        if not hit.any():
            continue
        begun_rows = np.flatnonzero(begun.to_numpy())
        taken = begun_rows[hit.to_numpy()]
        rows = places[taken]
        said = groups.filter(hit)
        reason: pl.Series | str = phrase.reason
        if UNKNOWN_USER in said.columns:
            reason = pl.select(pl.when(said[UNKNOWN_USER].is_not_null()).then(pl.lit("account")).otherwise(pl.lit(phrase.reason or None))).to_series()
        columns["action"].scatter(rows, phrase.action)
        if isinstance(reason, pl.Series) or reason:
            columns["reason"].scatter(rows, reason)
        if phrase.encrypted is not None:
            encrypted.scatter(rows, phrase.encrypted)
        for name in FOUND:
            if name in said.columns:
                columns[name].scatter(rows, said[name])
        keep = np.ones(len(places), bool)
        keep[taken] = False
        left, places = left.filter(pl.Series(keep)), places[keep]
        if not len(left):
            break
    return pl.DataFrame({name: column.alias(name) for name, column in columns.items()} | {"encrypted": encrypted})


def times_of(said: pl.DataFrame) -> pl.Series:
    """How many times a sentence says that it happened, `Int32`; null where it says nothing or no number that can be."""
    times = said["times"].cast(pl.Int32, strict=False)
    return times.set(~times.is_between(1, _MOST_TIMES), None)


def tool_of(said: pl.DataFrame) -> pl.Series:
    """Tools that give themselves away in what they sent."""
    return said["bytes"].str.extract(_TOOL).str.to_lowercase()

