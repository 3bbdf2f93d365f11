"""`vigie doctor`: what each log cannot show, and the lines to paste so that the next one can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from vigie.cli.options import archive_option, lang_option, opened, output_options
from vigie.cli.terminal import csv_rows, json_object, safe, say
from vigie.words.blindness import SAID, WHERE_FR

if TYPE_CHECKING:
    from vigie.attacks.blindness import Gap


@click.command("doctor", epilog="Example: vigie doctor")
@archive_option
@lang_option
@output_options
def command(archive: str | None, lang: str, as_json: bool, as_csv: bool, color: str) -> None:
    """What the logs that were read cannot show, which database ports are open to the world, and the exact lines to paste."""
    del color
    from vigie.attacks.blindness import PASTE, gaps
    from vigie.cli.doors import exposed_ports

    with opened(archive) as catalogue:
        found, exposed, snapshot = gaps(catalogue.connection), exposed_ports(catalogue), catalogue.snapshot
    rows: list[dict[str, object]] = [
        {"feed": gap.feed, "service": gap.service, "what": gap.what, "cannot_show": SAID["en"][gap.what], "where": PASTE[gap.what][0], "paste": list(PASTE[gap.what][1])}
        for gap in found
    ]  # fmt: skip
    if as_json:
        json_object({"snapshot": snapshot, "gaps": rows, "exposed": exposed})
    elif as_csv:
        csv_rows([{**row, "paste": "\n".join(PASTE[str(row["what"])][1])} for row in rows], ("feed", "service", "what", "cannot_show", "where", "paste"))
    else:
        _print(found, exposed, lang)


def _print(found: list[Gap], exposed: list[dict[str, object]], lang: str) -> None:
    from vigie.attacks.blindness import PASTE
    from vigie.cli.doors import addresses

    words = SAID[lang]
    say(words["head"] if found or exposed else words["none"])
    for gap in found:
        where, lines = PASTE[gap.what]
        say()
        say(f"{safe(gap.feed) or words['unread']}  {gap.service}")
        say(f"  {words[gap.what]}")
        say("  " + words["paste"].format(where=WHERE_FR.get(where, where) if lang == "fr" else where))
        for line in lines:
            say(f"    {line}")
    for one in exposed:
        say()
        say(words["exposed"].format(service=safe(one["service"]), count=addresses(one["addresses"], lang)))
