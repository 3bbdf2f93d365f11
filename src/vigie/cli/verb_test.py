"""`vigie test`: one line, who reads it, into what, which detectors speak and why, which stay silent."""

from __future__ import annotations

import sys

import click

from vigie.cli.failure import NOTHING_READ, USAGE, Failure
from vigie.cli.options import output_options, year_option
from vigie.cli.terminal import cell, csv_rows, json_object, plain, safe, say

_SHOWN = ("detector", "family", "rule", "kind", "tool", "place", "target", "evidence", "reading", "confidence")

_LONGEST = 1 << 21
"""Most bytes taken from standard input for one line."""


@click.command("test", epilog="Example: tail -1 /var/log/nginx/access.log | vigie test -")
@click.argument("line")
@click.option("--format", "format_name", default="", metavar="NAME", help="Insist on a format.")
@click.option("--layout", default="", metavar="STRING", help="A log_format or LogFormat pasted from the server's configuration.")
@click.option("--tz", default="UTC", metavar="ZONE", help="Zone of times that carry none (Europe/Paris, +01:00).")
@year_option
@output_options
def command(line: str, format_name: str, layout: str, tz: str, year: int, as_json: bool, as_csv: bool, color: str) -> None:
    """Try one line of a log (or - to take it from standard input)."""
    del color
    import time

    from vigie.detectors.registry import all_detectors, detect
    from vigie.engines.block import Task, lines_of, read_lines
    from vigie.engines.year import ends_in
    from vigie.sources.registry import UnknownFormatError, format_of_layout, recognise, source_named
    from vigie.sources.source import Reading
    from vigie.sources.times import zone_of

    raw = (_from_stdin() if line == "-" else line.encode("utf-8", "surrogateescape")).rstrip(b"\r\n")
    if not raw:
        raise Failure("an empty line. Try: tail -1 /var/log/nginx/access.log | vigie test -", NOTHING_READ)
    try:
        chosen = format_name or (format_of_layout(layout) if layout else "")
        verdict = recognise([raw], chosen, ends_in(Reading(layout=layout, timezone=zone_of(tz), year=year), time.time()))
    except (UnknownFormatError, ValueError) as error:
        raise Failure(str(error), USAGE) from None
    if verdict is None:
        raise Failure(f"no format reads this line: {safe(raw, 200)}\nTry --layout with the log_format of your server's configuration.", NOTHING_READ)
    batch = lines_of(raw + b"\n", "test", "line", 0)
    row = read_lines(batch, Task("test", "line", 0, verdict.source.name, verdict.reading, wrapped=verdict.wrapped))
    fields = {name: value for name, value in row.to_pylist()[0].items() if value is not None and name not in ("feed", "file", "byte_offset")}
    unread = fields.pop("unread", None)
    kind = source_named(verdict.source.name).record
    found = [] if unread else detect(kind, row.select(range(row.num_columns - 1))).to_pylist()
    spoke = {one["detector"] for one in found}
    silent = sorted(d.name for d in all_detectors() if d.name not in spoke)
    if as_json:
        json_object({
            "format": verdict.title, "source": verdict.source.name, "record": kind.name, "unread": unread,
            "fields": {name: plain(value) for name, value in fields.items()},
            "signals": [{k: one[k] for k in _SHOWN} for one in found],
            "silent": silent,
        })  # fmt: skip
        return
    if as_csv:
        csv_rows([{k: one[k] for k in _SHOWN} for one in found], _SHOWN)
        return
    say(f"Read as {verdict.title} ({kind.name} record)" + (", taken out of what carries it" if verdict.wrapped else ""))
    if unread:
        say(f"  unread: {safe(unread)}")
        if verdict.doubt:
            say(f"  {safe(verdict.doubt, 600)}")
    for name, value in fields.items():
        say(f"  {name:<20} {cell(value)}")
    for one in found:
        say()
        say(f"{one['family']}  rule {one['rule']}, confidence {one['confidence']:.2f}" + (f", tool {safe(one['tool'])}" if one["tool"] else ""))
        say(f"  where     {one['place']}: {safe(one['target'])}")
        say(f"  evidence  {safe(one['evidence'])}")
        if one["reading"]:
            say(f"  read as   {safe(one['reading'])}")
    say()
    say(f"Silent: {', '.join(silent) or 'none'}")


def _from_stdin() -> bytes:
    if sys.stdin is None:
        raise Failure("standard input is closed. Try: tail -1 /var/log/nginx/access.log | vigie test -", NOTHING_READ)
    return sys.stdin.buffer.readline(_LONGEST)
