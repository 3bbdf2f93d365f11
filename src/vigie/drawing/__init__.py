"""Pictures as SVG text, the same for dashboard, report and print.

Each drawing is a pure function from plain data to `Svg`, a text that templates may place as it is (`__html__`). Common to all:

- `title`: what is drawn, one line; it becomes `<title>`. What can be read off becomes `<desc>` and, for each mark, a `<title>` of its own.
- `lang`: `fr` or `en`, for numbers, days and the few words that drawings say themselves.
- `narrow`: a variant 340 units wide that reads at 390 px; otherwise 760 units wide.
- `name`: begins every id of the drawing; two drawings of one page need two names (letters, digits, hyphens, underscores).
- `None` where a number is expected means *not known*, and is drawn as such, never as zero. Numbers that are negative or not finite are not known.
- Empty data is drawn as "no data".

Marks that a reader may walk through carry the class `mark`, `data-at` (0, 1, 2 ... in order), `data-key` (the key that was given) and `data-text`
(what the mark says); such a drawing has one tab stop, the `<svg>` itself. No script, no style, nothing fetched: colours are presentation
attributes that classes may override; `STYLESHEET` holds the few rules that a page wants besides.
"""

from vigie.drawing.days import Day, days
from vigie.drawing.expected import Beside, observed_beside_expected
from vigie.drawing.graph import Link, Node, graph
from vigie.drawing.heat import heat
from vigie.drawing.interval import interval
from vigie.drawing.ladder import Rung, ladder
from vigie.drawing.lane import Door, lane
from vigie.drawing.matrix import matrix
from vigie.drawing.palette import STYLESHEET
from vigie.drawing.ranked import Ranked, ranked
from vigie.drawing.series import Series
from vigie.drawing.spark import spark
from vigie.drawing.svg import Svg
from vigie.drawing.timeline import Moment, Row, Span, timeline
from vigie.drawing.world import Country, drawn_codes, small_codes, world

__all__ = [
    "STYLESHEET", "Beside", "Country", "Day", "Door", "Link", "Moment", "Node", "Ranked", "Row", "Rung", "Series", "Span", "Svg",
    "days", "drawn_codes", "graph", "heat", "interval", "ladder", "lane", "matrix", "observed_beside_expected", "ranked", "small_codes", "spark", "timeline", "world",
]  # fmt: skip
