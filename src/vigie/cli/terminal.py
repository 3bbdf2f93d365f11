"""What a person sees: text from logs made harmless, tables, JSON, CSV.

Every text that came from a log was written by an attacker: control characters, bidirectional overrides and
over-long lines never reach a terminal as they are, and a CSV cell never starts a formula.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from vigie.words.harmless import csv_text
from vigie.words.harmless import plain as plain  # noqa: PLC0414
from vigie.words.harmless import safe as safe  # noqa: PLC0414

if TYPE_CHECKING:
    from rich.console import Console

def cell(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return safe(value, 160)


def say(text: str = "") -> None:
    """A line on standard output."""
    click.echo(text)


def note(text: str) -> None:
    """A line on standard error."""
    click.echo(text, err=True)


def json_object(value: object) -> None:
    """One JSON object on standard output."""
    say(json.dumps(plain(value), ensure_ascii=True, allow_nan=False))


def json_lines(rows: Iterable[dict[str, object]]) -> None:
    """One JSON object a line."""
    for row in rows:
        json_object(row)


def csv_rows(rows: Sequence[dict[str, object]], columns: Sequence[str] = ()) -> None:
    """CSV with a header on standard output, as `vigie.words.harmless` writes it."""
    click.echo(csv_text(rows, columns), nl=False)


def columns_wide() -> int:
    """Columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def console(color: str = "auto") -> Console:
    """A console on standard output that obeys `--color` and NO_COLOR."""
    from rich.console import Console

    force = {"always": True, "never": False}.get(color)
    return Console(force_terminal=force, no_color=color == "never" or None, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())


LONG: Final = frozenset({"target", "evidence", "line", "reason", "file", "set_aside", "rule", "message", "word", "accounts", "databases", "candidates", "network"})
"""Columns whose cells fold; ids, times and numbers never do, since a folded id cannot be copied."""


def table(rows: Sequence[dict[str, object]], columns: Sequence[str], color: str = "auto", headings: Sequence[str] = ()) -> None:
    """A table of as many columns as there is room for, the first ones first; what is left out is said.

    Args:
        rows: what to show.
        columns: names, the most important first.
        color: `auto`, `always` or `never`.
        headings: what stands above the columns, else their names.
    """
    if not sys.stdout.isatty():
        for row in rows:
            say("  ".join(cell(row[c]) for c in columns))
        return
    from rich import box
    from rich.table import Table

    titles = dict(zip(columns, headings or [safe(c.replace("_", " "), 40) for c in columns], strict=True))
    screen = console(color)
    fitting = columns_that_fit(rows, titles, screen.width)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in fitting:
        numeric = bool(rows) and all(isinstance(row[name], int | float) or row[name] is None for row in rows)
        shown.add_column(titles[name], justify="right" if numeric else "left", overflow="fold", no_wrap=name not in LONG)
    for row in rows:
        shown.add_row(*(cell(row[c]) for c in fitting))
    screen.print(shown)
    hidden = [titles[name] for name in columns if name not in fitting]
    if hidden:
        note(f"vigie: no room for {', '.join(hidden)}; a wider window, --csv or --json shows them")


def columns_that_fit(rows: Sequence[dict[str, object]], titles: dict[str, str], width: int) -> list[str]:
    """Names of the columns that fit into a width, in order; the first one always does, and long ones need no more than 24."""
    fitting: list[str] = []
    left = width
    for name, title in titles.items():
        natural = max([len(title), *(len(cell(row[name])) for row in rows)])
        needed = 3 + (min(natural, 24) if name in LONG else natural)
        if needed <= left or not fitting:
            fitting.append(name)
            left -= needed
    return fitting


def rows_out(rows: Sequence[dict[str, object]], columns: Sequence[str], *, as_json: bool, as_csv: bool, color: str = "auto", headings: Sequence[str] = ()) -> None:
    """Rows as JSON lines, CSV or a table."""
    if as_json:
        json_lines(rows)
    elif as_csv:
        csv_rows(rows, columns)
    elif rows:
        table(rows, columns, color, headings)
