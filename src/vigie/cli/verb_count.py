"""`vigie count`: the headline, the ladder, trend, peak, sensitivity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vigie.cli.options import archive_option, existing_archive, output_options, pause_option
from vigie.cli.terminal import csv_rows, json_object, safe, say

if TYPE_CHECKING:
    from vigie.attacks.count import Count

_BAR = 40


@click.command("count", epilog="Example: vigie count --by day")
@archive_option
@click.option("--by", default="family", metavar="WHAT", help="day, hour, family, kind, automation, tool, asset, source, outcome, danger.")
@pause_option
@output_options
def command(archive: str | None, by: str, pause: float, as_json: bool, as_csv: bool, color: str) -> None:
    """How many attacks, over what period, more every day or fewer, and how we arrive at that number."""
    del color
    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.count import BY, count
    from vigie.attacks.settings import Settings

    if by not in BY:
        raise click.BadParameter(f"{by!r}; there are: {', '.join(BY)}", param_hint="--by")
    with Catalogue(Archive(existing_archive(archive)), Settings(pause=pause)) as catalogue:
        counted = count(catalogue.connection, catalogue.settings, by)
        if as_json:
            json_object(as_dict(counted, catalogue.snapshot, by))
        elif as_csv:
            csv_rows([{by: label, "attacks": number} for label, number in counted.by])
        else:
            print_count(counted, catalogue.snapshot, by=by)


def as_dict(counted: Count, snapshot: str, by: str) -> dict[str, object]:
    """The JSON shape of `count`."""
    return {
        "snapshot": snapshot,
        "period": {"from": counted.first, "to": counted.last},
        "attacks": counted.attacks,
        "ladder": [
            {"step": s.step, "unit": s.unit, "count": s.count, "grouped": s.grouped,
             "set_aside": [{"reason": reason, "count": n} for reason, n in s.set_aside]}
            for s in counted.ladder
        ],
        "sensitivity": {"pause_minutes": counted.settings.pause, "half": counted.half, "double": counted.double},
        "peak": {"day": counted.peak[0], "attacks": counted.peak[1]} if counted.peak else None,
        "trend": {"verdict": counted.trend.verdict, "slope": counted.trend.slope, "p_value": counted.trend.p_value, "days": counted.trend.days},
        "not_observable": {"posts_without_body": counted.hidden_posts},
        "by": [{by: label, "attacks": n} for label, n in counted.by],
    }  # fmt: skip


def print_count(counted: Count, snapshot: str, *, by: str = "family", short: bool = False) -> None:
    """The answer in plain sentences, then the ladder and a small chart."""
    days = len(counted.days)
    say()
    say(f"{counted.attacks:,} attack{'' if counted.attacks == 1 else 's'} in {days} day{'' if days == 1 else 's'}, and this is how:")
    say()
    for step in counted.ladder:
        say(f"  {step.count:>12,}  {step.step}")
        for reason, number in step.set_aside:
            if number:
                say(f"  {'':>12}    - {number:,} set aside: {safe(reason)}")
        if step.grouped:
            say(f"  {'':>12}    - {step.grouped:,} grouped into others")
    say()
    say(f"An attack: one actor pursuing one kind against one site without a pause of {counted.settings.pause:g} minutes.")
    say(f"With half that pause: {counted.half:,}. With double: {counted.double:,}.")
    if counted.hidden_posts:
        say(f"Not observable: {counted.hidden_posts:,} POST requests whose payload this log does not hold.")
    if counted.peak:
        say(f"Peak: {counted.peak[0]}, with {counted.peak[1]:,}.  {_trend(counted)}")
    if counted.by:
        say()
        _chart(counted.by, by)
    if not short and by != "day" and days > 1 and counted.attacks:
        say()
        _chart(counted.days[-60:], "day (UTC)")
    say()
    say(f"Snapshot {snapshot}. These are addresses and lines, not persons: see vigie explain count.")


def _trend(counted: Count) -> str:
    trend = counted.trend
    if trend.slope is None or trend.p_value is None:
        return "Too few whole days to say whether it grows."
    test = f"Mann-Kendall over {trend.days} whole days, p = {trend.p_value:.3f}"
    if trend.verdict == "rising":
        return f"More every day: about {trend.slope:+.1f} a day ({test})."
    if trend.verdict == "falling":
        return f"Fewer every day: about {trend.slope:+.1f} a day ({test})."
    return f"No clear trend ({test})."


def _chart(rows: tuple[tuple[str, int], ...], title: str) -> None:
    most = max((n for _, n in rows), default=0) or 1
    width = max([len(title), *(len(safe(label, 40)) for label, _ in rows)])
    say(f"  {title:<{width}}  attacks")
    for label, number in rows[:60]:
        bar = "█" * round(_BAR * number / most) or ("▏" if number else "")
        say(f"  {safe(label, 40):<{width}} {number:>8,}  {bar}")
