"""Posts on a terminal: under which names accounts are shown, small charts, and the lane at the end of a count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from vigie.cli.failure import CONFIGURATION, Failure
from vigie.cli.terminal import columns_wide, safe, say
from vigie.words.days import day
from vigie.words.numbers import number
from vigie.words.posts import RESULT, SAID

if TYPE_CHECKING:
    from vigie.archive.account_names import Names
    from vigie.archive.catalogue import Catalogue

BARS: Final = "▁▂▃▄▅▆▇█"
ROWS: Final = 40
"""Bars of a chart at most."""


def names(*, identified: bool) -> Names:
    """Under which names accounts are shown; the key of pseudonyms is made when there is none.

    Raises:
        Failure: the key cannot be used.
    """
    from vigie.archive.account_names import Names
    from vigie.social.pseudonyms import KeyFileError, kept_key, key_file

    try:
        return Names(kept_key(key_file()), identified)
    except KeyFileError as error:
        raise Failure(safe(error, 600), CONFIGURATION) from None


def date(moment: object, lang: str) -> str:
    """The day of a moment in words."""
    return day(moment.date().isoformat(), lang) if isinstance(moment, datetime) else "?"


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """A number as the language writes it."""
    text = f"{value:,.{digits}f}".removesuffix(".0")
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def chance(value: float | None, lang: str) -> str:
    """A p-value, of any size."""
    if value is None:
        return "-"
    text = f"{value:.2g}"
    return text.replace(".", ",") if lang == "fr" else text


def strip(counts: Sequence[int]) -> tuple[str, str]:
    """Hours of a day in 24 columns: the bars, and the hours under them; an hour without a post is a dot."""
    most = max(counts, default=0)
    bars = "".join(BARS[min(7, (count * 8 - 1) // most)] if count else "·" for count in counts)
    return bars, "".join(f"{hour:<6}" for hour in range(0, len(counts), 6)).rstrip()


def bars(rows: Sequence[tuple[str, int, str]], lang: str) -> None:
    """One bar a row.

    Args:
        rows: label, count, and what stands behind the bar.
        lang: of the numbers.
    """
    most = max((count for _, count, _ in rows), default=0) or 1
    wide = max((len(label) for label, _, _ in rows), default=0)
    behind = min(40, max((len(text) for _, _, text in rows), default=0))
    room = max(4, min(30, columns_wide() - wide - behind - 16))
    for label, count, text in rows[:ROWS]:
        say(f"  {label:<{wide}} {number(count, lang):>7}  {'█' * max(1, round(room * count / most)):<{room}}  {text}".rstrip())
    if len(rows) > ROWS:
        say(f"  … {number(len(rows) - ROWS, lang)} +")


def print_lane(catalogue: Catalogue, lang: str, asked: str = "true") -> None:
    """What posts show, in a few lines; nothing without posts.

    Args:
        catalogue: an open state.
        lang: en or fr.
        asked: a condition in SQL over `first_seen`, which chooses groups and waves.
    """
    from vigie.archive.post_facts import lane

    facts = lane(catalogue, asked)
    if not facts:
        return
    words = SAID[lang]
    say()
    say(words["lane"])
    say("  " + words["lane_posts"].format(
        posts=number(facts["distinct_posts"], lang), accounts=number(facts["accounts"], lang), platforms=safe(", ".join(facts["platforms"]), 100),
        first=date(facts["first_seen"], lang), last=date(facts["last_seen"], lang),
    ))  # fmt: skip
    print_results(facts, lang)
    say("  " + words["lane_groups"].format(groups=number(facts["groups"], lang), accounts=number(facts["in_groups"], lang), rumours=number(facts["waves"], lang)))
    if facts["at_once"]:
        say("  " + words["lane_once"].format(count=number(facts["at_once"], lang)))
    say("  " + words["lane_next"])


def print_results(facts: Mapping[str, Any], lang: str) -> None:
    """Accounts by result; undecided is a result."""
    from vigie.archive.account_facts import RESULTS, SCORED

    words, counted = SAID[lang], facts["by_result"]
    scored = {name: number(counted.get(name, 0), lang) for name in SCORED}
    if any(counted.get(name) for name in SCORED):
        say("  " + words["lane_scored"].format(scored=number(sum(counted.get(name, 0) for name in SCORED), lang), **scored))
    rest = [f"{number(counted[name], lang)} ({RESULT[name][1 if lang == 'fr' else 0].removeprefix('no score: ').removeprefix('pas de score : ')})" for name in RESULTS if name not in SCORED and counted.get(name)]
    if rest:
        say("  " + words["lane_unscored"].format(parts=", ".join(rest)))
    if facts["beyond"]:
        say("  " + words["lane_bound"].format(count=number(facts["beyond"], lang)))
