"""Options that several verbs share."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vigie.cli.failure import NOTHING_READ, Failure
from vigie.cli.terminal import safe

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.settings import Settings

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


def year_option(command: Command) -> Command:
    """`--year YEAR`; 0 when it is not given."""
    return click.option(
        "--year", type=click.IntRange(1970, 9998), default=None, metavar="YEAR", callback=lambda _, __, value: value or 0,
        help="Year of the first line, where times carry none (default: that of the file's last change).",
    )(command)  # fmt: skip


def identified_option(command: Command) -> Command:
    """`--identified`."""
    return click.option("--identified", is_flag=True, help="Accounts of posts as they are and their lines as they stand, in place of pseudonyms: for your own screen.")(command)


def geo_option(command: Command) -> Command:
    """`--geo FILE`, repeatable."""
    return click.option(
        "--geo", multiple=True, metavar="FILE", type=click.Path(exists=True, dir_okay=False),
        help="A table of countries or networks of your own (.mmdb, .parquet, .csv), asked first (repeatable).",
    )(command)  # fmt: skip


def output_options(command: Command) -> Command:
    """`--json`, `--csv`, `--color`."""
    command = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")(command)
    command = click.option("--csv", "as_csv", is_flag=True, help="CSV on standard output.")(command)
    return click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour (NO_COLOR is obeyed).")(command)


def pause_option(command: Command) -> Command:
    """`--pause MINUTES`."""
    return click.option("--pause", type=click.FloatRange(1, 1440), default=60.0, show_default=True, help="Minutes of quiet that end an attack.")(command)


def lang_option(command: Command) -> Command:
    """`--lang fr|en`, the environment's when it is not given; machine shapes stay English."""

    def chosen(_: click.Context, __: click.Parameter, value: str | None) -> str:
        from vigie.words.language import language

        return language(value)

    return click.option("--lang", type=click.Choice(["fr", "en"]), default=None, callback=chosen, help="Language of the sentences (default: yours).")(command)


def period_options(command: Command) -> Command:
    """`--since` and `--until`, moments of UTC."""

    def moment(_: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
        if value is None:
            return None
        from datetime import UTC, datetime, timedelta

        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise click.BadParameter(f"{value[:60]!r} is no day or moment. Try: 2017-01-31 or 2017-01-31T18:00") from None
        if parameter.name == "until" and len(value) == 10:
            found += timedelta(days=1)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

    until = click.option("--until", metavar="DAY", callback=moment, help="Only what began before the end of this day, or before this moment (UTC).")
    return click.option("--since", metavar="DAY", callback=moment, help="Only what began on this day or later (2017-01-31, or with a time; UTC).")(until(command))


def existing_archive(given: str | None) -> Path:
    """The archive's folder, which must hold something.

    Raises:
        Failure: nothing was read into it yet.
    """
    folder = archive_folder(given)
    if folder.exists() and not folder.is_dir():
        raise Failure(f"{safe(folder)}: a file, not an archive. Try: --archive DIR", NOTHING_READ)
    try:
        there = (folder / "segments").is_dir()
    except OSError as error:
        raise Failure(f"{safe(folder)}: {error.strerror or error}. Try: --archive DIR", NOTHING_READ) from None
    if not there:
        raise Failure(f"no archive at {safe(folder)}. Try: vigie read /var/log/nginx/access.log*   or: vigie demo", NOTHING_READ)
    return folder


@contextlib.contextmanager
def opened(given: str | None, settings: Settings | None = None) -> Iterator[Catalogue]:
    """The catalogue of an archive that is there, closed at the end.

    Raises:
        Failure: there is none, or it cannot be used: damaged, of another layout, not readable.
    """
    folder = existing_archive(given)
    import duckdb

    from vigie.archive.archive import Archive, ArchiveError
    from vigie.archive.catalogue import Catalogue

    try:
        with Catalogue(Archive(folder), settings) as catalogue:
            yield catalogue
    except ArchiveError as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise  # a fault of ours, not of the archive
    except duckdb.Error as error:
        raise damaged(folder, error) from None


def damaged(folder: Path, error: Exception) -> Failure:
    """What is said of an archive whose tables cannot be read."""
    first = (str(error).splitlines() or [""])[0]
    return Failure(f"{safe(folder)}: damaged ({safe(first, 400)}). Read the logs again into another folder with --archive DIR.", NOTHING_READ)
