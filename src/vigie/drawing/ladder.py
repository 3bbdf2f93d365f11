"""From lines to the headline, step by step: what goes in is what is kept, set aside, or grouped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


@dataclass(frozen=True, slots=True)
class Rung:
    """One step.

    Attributes:
        label: name of the step, or of what is counted here ("lines", "signals", "attacks").
        count: how many; None when not known.
        set_aside: reason and count of those that go no further, any order.
        grouped: how many merge into others on the way to the next step.
        key: what marks carry; the label when it is "".
    """

    label: str
    count: int | None
    set_aside: Sequence[tuple[str, int]] = ()
    grouped: int = 0
    key: str = ""


def ladder(rungs: Sequence[Rung], *, title: str, lang: str = "en", narrow: bool = False, name: str = "ladder") -> Svg:
    """Draw the ladder from the top. Under each rung a bar as long as the rung is split into what is kept, set aside and grouped; its length is not compared between rungs.

    Args:
        rungs: in the order of counting.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
    """
    return Frame(title, lang, narrow, name, "ladder").empty(word("no data", lang))
