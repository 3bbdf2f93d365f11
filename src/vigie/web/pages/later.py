"""What is not watched yet: said as such, with what to give vigie; never a zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from vigie.web.asked import Asked
from vigie.web.page import Content, Page, Para, Paste, Section, Status
from vigie.web.state import State

WORDS: Final = {
    "en": {
        "title": "Not watched yet", "why": "This is neither “nothing happened” nor zero: nobody looked.", "give": "What to give vigie",
        "mail": "Mail: phishing, mass or made for us", "mail_give": "This version reads no mail yet. Keep: the messages that people report, with all their headers (.eml, an mbox), and the logs of the mail server.",
        "cms": "The CMS: what is installed, and which of its holes are probed", "cms_give": "This version takes no inventory of a CMS yet. Keep: the list of plugins with their versions, and the date of each update.",
        "convergence": "Convergence: do the kinds come together?", "convergence_give": "This version makes no test of it yet: two curves that rise together prove nothing. Keep: logs of all kinds over the same weeks, read into one archive.",
        "live": "Live: what is happening now", "live_give": "This version does not follow logs by itself yet. Read again as often as you like; what was read before is not counted twice, and this page says when there is more.",
    },
    "fr": {
        "title": "Pas encore surveillé", "why": "Ce n'est ni « rien ne s'est passé » ni zéro : personne n'a regardé.", "give": "Ce qu'il faut donner à vigie",
        "mail": "Courrier : hameçonnage, en masse ou sur mesure", "mail_give": "Cette version ne lit pas encore le courrier. Gardez : les messages qu'on vous signale, avec tous leurs en-têtes (.eml, mbox), et les journaux du serveur de courrier.",
        "cms": "Le CMS : ce qui est installé, et lesquelles de ses failles sont sondées", "cms_give": "Cette version ne fait pas encore l'inventaire d'un CMS. Gardez : la liste des extensions avec leurs versions, et la date de chaque mise à jour.",
        "convergence": "Convergence : les sortes viennent-elles ensemble ?", "convergence_give": "Cette version n'en fait pas encore le test : deux courbes qui montent ensemble ne prouvent rien. Gardez : des journaux de toutes sortes sur les mêmes semaines, lus dans une même archive.",
        "live": "En direct : ce qui se passe maintenant", "live_give": "Cette version ne suit pas encore les journaux d'elle-même. Relisez aussi souvent que vous voulez ; ce qui a déjà été lu n'est pas compté deux fois, et cette page dit quand il y a du nouveau.",
    },
}  # fmt: skip
COMMANDS: Final = {"live": "vigie read /var/log/nginx/access.log*"}


def _maker(what: str) -> Callable[[State, Asked], Content]:
    def make(_: State, asked: Asked) -> Content:
        words = WORDS[asked.lang]
        paste = (Paste(COMMANDS[what]),) if what in COMMANDS else ()
        section = Section(words[what], (Status("unknown", words["title"], (words["why"],)), Para((words[f"{what}_give"],)), *paste))
        return Content((section,), {"watched": False, "give": words[f"{what}_give"]}, ({"watched": False, "give": words[f"{what}_give"]},), ("watched", "give"))

    return make


MAIL: Final = Page("mail", {"en": "Mail", "fr": "Courrier"}, _maker("mail"), "later", words=WORDS)
CMS: Final = Page("cms", {"en": "CMS", "fr": "CMS"}, _maker("cms"), "later", words=WORDS)
CONVERGENCE: Final = Page("convergence", {"en": "Convergence", "fr": "Convergence"}, _maker("convergence"), "later", words=WORDS)
LIVE: Final = Page("live", {"en": "Live", "fr": "En direct"}, _maker("live"), "later", words=WORDS)
