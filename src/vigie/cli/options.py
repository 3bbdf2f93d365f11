"""Options that several verbs share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vigie.cli.failure import NOTHING_READ, Failure

Command = Callable[..., Any]


def archive_folder(given: str | None) -> Path:
    """Where the archive is: `--archive`, else `VIGIE_ARCHIVE`, else the XDG data folder."""
    if given:
        return Path(given)
    if os.environ.get("VIGIE_ARCHIVE"):
        return Path(os.environ["VIGIE_ARCHIVE"])
    from platformdirs import user_data_path

    return user_data_path("vigie") / "archive"


def archive_option(command: Command) -> Command:
    """`--archive DIR`."""
    return click.option("--archive", metavar="DIR", help="Where evidence is kept (default: $VIGIE_ARCHIVE or your data folder).")(command)


def output_options(command: Command) -> Command:
    """`--json`, `--csv`, `--color`."""
    command = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")(command)
    command = click.option("--csv", "as_csv", is_flag=True, help="CSV on standard output.")(command)
    return click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour (NO_COLOR is obeyed).")(command)


def pause_option(command: Command) -> Command:
    """`--pause MINUTES`."""
    return click.option("--pause", type=click.FloatRange(1, 1440), default=60.0, show_default=True, help="Minutes of quiet that end an attack.")(command)


def existing_archive(given: str | None) -> Path:
    """The archive's folder, which must hold something.

    Raises:
        Failure: nothing was read into it yet.
    """
    folder = archive_folder(given)
    if not (folder / "segments").is_dir():
        raise Failure(f"no archive at {folder}. Try: vigie read /var/log/nginx/access.log*   or: vigie demo", NOTHING_READ)
    return folder
