"""All pages, in the order of the menu. To add one: a module with a `Page`, and a line here."""

from __future__ import annotations

from typing import Final

from vigie.web.page import Page
from vigie.web.pages import (
    attacks,
    automation,
    availability,
    blind,
    count,
    days,
    doors,
    files,
    home,
    hypotheses,
    origins,
    publications,
    scans,
    search,
)
from vigie.web.pages.accounts import ACCOUNT, ACCOUNTS
from vigie.web.pages.attack import ATTACK, ATTEMPT, SIGNAL
from vigie.web.pages.coordination import COORDINATION, GROUP
from vigie.web.pages.later import CMS, CONVERGENCE, LIVE, MAIL
from vigie.web.pages.rumours import RUMOUR, RUMOURS, WAVE

PAGES: Final[tuple[Page, ...]] = (
    home.PAGE, count.PAGE, availability.PAGE, doors.PAGE,
    days.PAGE, automation.PAGE, scans.PAGE, attacks.PAGE, files.PAGE, blind.PAGE,
    origins.PAGE, publications.PAGE, hypotheses.PAGE,
    ACCOUNTS, COORDINATION, RUMOURS,
    MAIL, CMS, CONVERGENCE, LIVE,
    ATTACK, ATTEMPT, SIGNAL, ACCOUNT, GROUP, RUMOUR, WAVE, search.PAGE,
)  # fmt: skip
