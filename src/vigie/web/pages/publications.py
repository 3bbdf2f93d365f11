"""What was published, and the attacks of its first 24 hours beside those of comparable days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from vigie.drawing import Beside, observed_beside_expected
from vigie.drawing.expected import FEW
from vigie.web.asked import Asked
from vigie.web.page import Column, Content, Page, Para, Picture, Section, Status, Table
from vigie.web.pages.pieces import both, spaced
from vigie.web.render import moment
from vigie.web.state import State
from vigie.words.counting import TEXT as COUNTING

WORDS: Final = {
    "en": {
        "first": "The first 24 hours of each page", "title": "Attacks on the site in a page's first 24 hours, beside the same hours of comparable days", "unit": "attacks", "page": "Page", "online": "Online (UTC)", "attacks": "Attacks", "usual": "Usual", "range": "Range", "days": "Days compared", "on_page": "On the page", "delay": "First after (min)",
        "dated": "Dated by", "proves": "Scanners crawl whatever is linked: more attacks after a publication prove nothing alone. What other days had in the same hours stands beside.", "none": "No publication is known", "none_why": "Give vigie a sitemap, a feed or the posts of the CMS: vigie read sitemap.xml. Or longer logs: a page's first visits date it.", "caption": "Pages, the latest first",
        "asked_first": "its first visits", "few": "With fewer than {n} comparable days nothing is said of what is usual: with one day, any other lies outside of it.",
    },
    "fr": {
        "first": "Les 24 premières heures de chaque page", "title": "Attaques du site dans les 24 premières heures d'une page, à côté des mêmes heures de jours comparables", "unit": "attaques", "page": "Page", "online": "En ligne (UTC)", "attacks": "Attaques", "usual": "D'habitude", "range": "Étendue", "days": "Jours comparés", "on_page": "Sur la page", "delay": "La première après (min)",
        "dated": "Datée par", "proves": "Les scanners suivent tout lien : plus d'attaques après une publication ne prouvent rien seules. Ce qu'ont eu d'autres jours aux mêmes heures est à côté.", "none": "Aucune publication connue", "none_why": "Donnez à vigie un plan de site, un flux ou les articles du CMS : vigie read sitemap.xml. Ou des journaux plus longs : les premières visites datent une page.", "caption": "Les pages, la plus récente d'abord",
        "asked_first": "ses premières visites", "few": "Avec moins de {n} jours comparables, rien n'est dit de l'habituel : avec un seul, tout autre jour en sort.",
    },
}  # fmt: skip
SHOWN: Final = 30
COLUMNS: Final = ("page", "asset", "online", "dated_by", "attacks", "usual", "least", "most", "days", "on_page", "delay", "tool")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, lang = WORDS[asked.lang], asked.lang
    pages = list(reversed(state.facts.pages))
    if not pages:
        return Content((Section(words["first"], (Status("unknown", words["none"], (words["none_why"],)),)),), {"pages": []}, (), COLUMNS)
    rows: list[dict[str, Any]] = [{name: datetime.fromtimestamp(one.online / 1e6, UTC) if name == "online" else getattr(one, name) for name in COLUMNS} for one in pages]
    drawn = [
        Beside(f"{at}", str(row["page"]), row["attacks"], row["usual"], row["least"], row["most"], moment(row["online"], lang), row["days"])
        for at, row in enumerate(rows[:SHOWN])
    ]  # fmt: skip
    wide, narrow = both(observed_beside_expected, "pages", drawn, lang=lang, title=words["title"], unit=words["unit"])
    section = Section(words["first"], (Para((words["proves"],), "caution"), Picture(wide, narrow, words["few"].format(n=FEW) if any(one.few for one in drawn) else ""), _table(rows, asked), Para((COUNTING[lang]["published"].removeprefix("vigie: ").removeprefix("vigie : "),), "small")))
    return Content((section,), {"pages": rows}, rows, COLUMNS)


def _table(rows: list[dict[str, Any]], asked: Asked) -> Table:
    words, lang = WORDS[asked.lang], asked.lang
    shown = [
        {
            **row, "range": "–" if row["least"] is None or row["days"] < FEW else f"{row['least']}–{row['most']}", "usual": None if row["usual"] is None or row["days"] < FEW else f"{row['usual']:.1f}".replace(".", "," if lang == "fr" else "."),
            "dated_by": words["asked_first"] if row["dated_by"] == "first_request" else spaced(str(row["dated_by"])), "delay": None if row["delay"] is None else f"{row['delay']:.0f}",
        }
        for row in rows[:100]
    ]  # fmt: skip
    made = (
        Column("page", words["page"], "code long", lambda row: asked.bare("search", q=str(row["page"]))), Column("online", words["online"], "time"), Column("attacks", words["attacks"], "number"), Column("usual", words["usual"], "number"), Column("range", words["range"], "number"), Column("days", words["days"], "number"),
        Column("on_page", words["on_page"], "number"), Column("delay", words["delay"], "number"), Column("dated_by", words["dated"]),
    )  # fmt: skip
    return Table(words["caption"], made, shown)


PAGE: Final = Page("publications", {"en": "After we publish", "fr": "Après nos publications"}, make, "where", words=WORDS)
