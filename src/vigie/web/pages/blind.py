"""What these logs cannot show, and the lines that make the next ones show it."""

from __future__ import annotations

from typing import Any, Final

from vigie.attacks.blindness import PASTE
from vigie.web.asked import Asked
from vigie.web.page import Content, Page, Para, Paste, Section
from vigie.web.state import State
from vigie.words.blindness import SAID, WHERE_FR

WORDS: Final = {
    "en": {"where": "Add to {where}:", "none": "Nothing that is known", "log": "{service}: {feed}", "no_log": "{service}: no log of it was read", "nobody": "What no log shows", "never": "Whether an attack worked, beyond what the server answered; who it was; what was said in private. No log holds these."},
    "fr": {"where": "À ajouter à {where} :", "none": "Rien, que l'on sache", "log": "{service} : {feed}", "no_log": "{service} : aucun journal n'en a été lu", "nobody": "Ce qu'aucun journal ne montre", "never": "Si une attaque a réussi, au-delà de ce que le serveur a répondu ; qui c'était ; ce qui s'est dit en privé. Aucun journal ne le contient."},
}
COLUMNS: Final = ("feed", "service", "what", "cannot_show", "where", "paste")


def make(state: State, asked: Asked) -> Content:
    """The page."""
    words, said, lang = WORDS[asked.lang], SAID[asked.lang], asked.lang
    sections: list[Section] = []
    rows: list[dict[str, Any]] = []
    for gap in state.facts.gaps:
        where, lines = PASTE[gap.what]
        shown = WHERE_FR.get(where, where) if lang == "fr" else where
        title = words["log"].format(service=gap.service, feed=gap.feed) if gap.feed else words["no_log"].format(service=gap.service)
        sections.append(Section(title, (Para((said[gap.what],)), Para((words["where"].format(where=shown),), "small"), Paste("\n".join(lines)))))
        rows.append({"feed": gap.feed, "service": gap.service, "what": gap.what, "cannot_show": SAID["en"][gap.what], "where": where, "paste": "\n".join(lines)})
    if not sections:
        sections.append(Section(words["none"], (Para((said["none"],)),)))
    sections.append(Section(words["nobody"], (Para((words["never"],)),)))
    return Content(tuple(sections), {"gaps": rows}, rows, COLUMNS)


PAGE: Final = Page("blind", {"en": "What cannot be seen", "fr": "Ce qui ne se voit pas"}, make, "attacks", words=WORDS)
