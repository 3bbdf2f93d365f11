"""`vigie count`: the headline, the ladder, trend, peak, sensitivity."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from vigie.attacks.count_facts import as_dict
from vigie.cli.options import (
    archive_option,
    geo_option,
    lang_option,
    opened,
    output_options,
    pause_option,
    period_options,
)
from vigie.cli.terminal import columns_wide, csv_rows, json_object, safe, say

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.count import Count, Period
    from vigie.origins.shares import Shares


__all__ = ["as_dict", "command", "print_count"]


@click.command("count", epilog="Example: vigie count --by day --since 2017-02-01")
@archive_option
@click.option("--by", default="family", metavar="WHAT", help="day, hour, family, kind, automation, tool, asset, source, outcome, danger, country.")
@geo_option
@period_options
@pause_option
@lang_option
@output_options
def command(
    archive: str | None, by: str, geo: tuple[str, ...], since: datetime | None, until: datetime | None, pause: float, lang: str, as_json: bool, as_csv: bool, color: str
) -> None:
    """How many attacks, over what period, more every day or fewer, and how we arrive at that number."""
    del color
    from vigie.archive.post_facts import lane as posts_lane
    from vigie.attacks.count import BY, Period, count
    from vigie.attacks.settings import Settings
    from vigie.cli.availability import print_summary
    from vigie.cli.doors import lane, print_lane
    from vigie.cli.posts import print_lane as print_posts
    from vigie.cli.scans import print_limits

    if by not in BY:
        raise click.BadParameter(f"{safe(by, 60)!r}; there are: {', '.join(BY)}", param_hint="--by")
    with opened(archive, Settings(pause=pause)) as catalogue:
        during = Period(since, until)
        places = _places(catalogue, geo, lang, during) if by == "country" else None
        counted = count(catalogue.connection, catalogue.settings, by, during)
        if as_json:
            posts = posts_lane(catalogue, during.condition())
            more = {**({"origin": places[0]} if places else {}), **({"posts": posts} if posts else {})}
            json_object({**as_dict(counted, catalogue.snapshot, by), "doors": lane(catalogue, during.condition()), **more})
        elif as_csv:
            csv_rows([{by: label, "attacks": number} for label, number in counted.by], (by, "attacks"))
        else:
            print_count(replace(counted, by=()) if places else counted, catalogue.snapshot, lang, by=by)
            if places:
                from vigie.cli.origin import print_short

                say()
                print_short(places[1], lang)
            print_summary(catalogue, lang)
            print_lane(catalogue, lang, during.condition())
            print_posts(catalogue, lang, during.condition())
            print_limits(catalogue, lang)


def _places(catalogue: Catalogue, geo: tuple[str, ...], lang: str, during: Period) -> tuple[dict[str, object], dict[str, Shares]]:
    """Where the attacks of a time are: the facts, and the shares of each unit."""
    from vigie.archive.origin_tables import asked_pairs
    from vigie.cli.origin import facts, filled
    from vigie.origins.shares import UNITS, shares

    book = filled(catalogue, geo, lang)
    pairs = asked_pairs(catalogue.connection, during.condition())
    return facts(catalogue, book, pairs), {unit: shares(pairs, unit) for unit in UNITS}


def print_count(counted: Count, snapshot: str, lang: str, *, by: str = "family", short: bool = False) -> None:
    """The answer in plain sentences, then the ladder and a small chart."""
    from vigie.words.counting import TEXT
    from vigie.words.days import day
    from vigie.words.ladder import reason_name, step_name
    from vigie.words.numbers import number

    words, days = TEXT[lang], len(counted.days)
    headline = words["headline_one" if counted.attacks == 1 else "headline"]
    say()
    say(_singular(headline.format(attacks=number(counted.attacks, lang), days=number(days, lang)), days))
    if counted.operations:
        technical = counted.attacks - counted.operations
        say(words["operations"].format(technical=number(technical, lang), operations=number(counted.operations, lang)))
    say()
    for step in counted.ladder:
        say(f"  {number(step.count, lang):>12}  {step_name(step.step, lang)}")
        for reason, count in step.set_aside:
            if count:
                say(f"  {'':>12}    - {words['set_aside'].format(count=number(count, lang), reason=safe(reason_name(reason, lang)))}")
        if step.grouped:
            say(f"  {'':>12}    - {words['grouped'].format(count=number(step.grouped, lang))}")
    say()
    say(words["definition"].format(pause=f"{counted.settings.pause:g}"))
    say(words["sensitivity"].format(half=number(counted.half, lang), double=number(counted.double, lang)))
    if counted.attacks:
        say(_automation(counted, lang))
    if counted.hidden_posts:
        say(words["hidden"].format(count=number(counted.hidden_posts, lang)))
    if counted.peak:
        say(words["peak"].format(day=day(counted.peak[0], lang), count=number(counted.peak[1], lang)) + "  " + _trend(counted, lang))
    if counted.by:
        say()
        _chart(counted.by, by, lang)
    if not short and by != "day" and days > 1 and counted.attacks:
        say()
        _chart(counted.days[-60:], words["day"], lang)
    say()
    say(words["snapshot"].format(id=snapshot))


def _automation(counted: Count, lang: str) -> str:
    from vigie.words.counting import TEXT
    from vigie.words.numbers import number

    low, high = counted.automation.interval
    key = "automation" if low < high else "automation_sure"
    tool, undetermined = counted.automation.tool, counted.automation.undetermined
    return TEXT[lang][key].format(tool=number(tool, lang), low=number(low, lang), high=number(high, lang), undetermined=number(undetermined, lang))


def _singular(headline: str, days: int) -> str:
    return headline.replace(" days", " day").replace(" jours", " jour") if days == 1 else headline


def _trend(counted: Count, lang: str) -> str:
    from vigie.words.counting import TEXT
    from vigie.words.numbers import decimal, probability

    words, trend = TEXT[lang], counted.trend
    if trend.slope is None or trend.p_value is None:
        return words["few"]
    test = words["test"].format(days=trend.days, p=probability(trend.p_value, lang))
    key = {"rising": "rising", "falling": "falling"}.get(trend.verdict, "flat")
    return words[key].format(slope=decimal(trend.slope, lang), test=test)


def _chart(rows: tuple[tuple[str, int], ...], title: str, lang: str) -> None:
    from vigie.words.counting import TEXT, column_name, family_name
    from vigie.words.numbers import number

    most = max((n for _, n in rows), default=0) or 1
    labels = [safe(family_name(label, lang), 70) for label, _ in rows]
    heading = column_name(title, lang)
    width = max([len(heading), *(len(label) for label in labels)])
    room = max(4, min(40, columns_wide() - width - 14))
    say(f"  {heading:<{width}} {TEXT[lang]['attacks']:>8}")
    for label, (_, count) in list(zip(labels, rows, strict=True))[:60]:
        bar = "█" * round(room * count / most) or ("▏" if count else "")
        say(f"  {label:<{width}} {number(count, lang):>8}  {bar}".rstrip())
    if len(rows) > 60:
        say(f"  … {number(len(rows) - 60, lang)} +")
