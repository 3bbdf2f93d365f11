"""What posts show: accounts and their rhythm, who shares in concert, rumours; in a lane of its own, no technical attack among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vigie.web.asked import Asked
from vigie.web.page import Content, Page, Para, Paste, Section, Status
from vigie.web.state import State
from vigie.words.numbers import number

WORDS: Final = {
    "en": {
        "accounts": "Accounts that post at an unusual pace", "coordination": "Who shares in concert", "rumours": "Rumours, and who carried them", "none": "Nothing of this kind was read", "none_why": "So nothing is known: neither that there was something, nor that there was nothing. Give vigie posts as a platform or a researcher's tool exports them:",
        "read": "{n} posts were read", "read_why": "They hold nothing of this kind that would stand up, or it is not told by this version.", "lane": "A lane of its own: what posts show is counted with no technical attack. An account that posts at every hour may be staffed by several people; nothing here says that it is a machine, nor whose it is.",
    },
    "fr": {
        "accounts": "Comptes qui publient à une allure inhabituelle", "coordination": "Qui partage de concert", "rumours": "Rumeurs, et qui les a portées", "none": "Rien de tel n'a été lu", "none_why": "Donc rien n'est su : ni qu'il y a eu quelque chose, ni qu'il n'y a rien eu. Donnez à vigie des publications telles qu'une plateforme ou un outil de recherche les exporte :",
        "read": "{n} publications ont été lues", "read_why": "Elles ne contiennent rien de tel qui tienne, ou cette version ne le dit pas.", "lane": "Une voie à part : ce que montrent les publications n'est compté avec aucune attaque technique. Un compte qui publie à toute heure peut être tenu par plusieurs personnes ; rien ici ne dit que c'est une machine, ni à qui il est.",
    },
}  # fmt: skip
COMMANDS: Final = "vigie read posts.ndjson"


def _maker(what: str) -> Callable[[State, Asked], Content]:
    def make(state: State, asked: Asked) -> Content:
        words, lang = WORDS[asked.lang], asked.lang
        posts = state.facts.numbers["posts"]
        blocks: tuple[Any, ...] = (Status("unknown", words["none"], (words["none_why"],)), Paste(COMMANDS)) if not posts else (Status("calm", words["read"].format(n=number(posts, lang)), (words["read_why"],)),)
        return Content((Section(words[what], (*blocks, Para((words["lane"],), "caution"))),), {"posts": posts, "watched": bool(posts)}, ({"posts": posts or None, "watched": bool(posts)},), ("posts", "watched"))

    return make


ACCOUNTS: Final = Page("accounts", {"en": "Accounts", "fr": "Comptes"}, _maker("accounts"), "opinion", words=WORDS)
COORDINATION: Final = Page("coordination", {"en": "In concert", "fr": "De concert"}, _maker("coordination"), "opinion", words=WORDS)
RUMOURS: Final = Page("rumours", {"en": "Rumours", "fr": "Rumeurs"}, _maker("rumours"), "opinion", words=WORDS)
