"""`vigie read`: recognise, read, detect, archive, and say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vigie.cli.failure import FINDINGS, NOTHING_READ, PARTLY_READ, USAGE, Failure
from vigie.cli.options import (
    archive_folder,
    archive_option,
    damaged,
    lang_option,
    output_options,
    pause_option,
    period_options,
    year_option,
)
from vigie.cli.terminal import csv_rows, json_object, note, safe, say

if TYPE_CHECKING:
    from vigie.archive.archive import Archive
    from vigie.archive.catalogue import Catalogue
    from vigie.attacks.count import Period
    from vigie.attacks.settings import Settings
    from vigie.engines.local import FileReport, Options

BUSY_SHARE = 0.6
"""Share of a log's records from one address above which a proxy is suspected."""


@click.command("read", epilog="Example: vigie read /var/log/nginx/access.log*")
@click.argument("paths", nargs=-1, metavar="PATH...")
@archive_option
@click.option("--format", "format_name", default="", metavar="NAME", help="Insist on a format (default: recognised from a sample).")
@click.option("--layout", default="", metavar="STRING", help="A log_format or LogFormat pasted from the server's configuration.")
@click.option("--host", default="", metavar="NAME", help="Name of the site, when the log does not tell it.")
@click.option("--tz", default="UTC", metavar="ZONE", help="Zone of times that carry none (Europe/Paris, +01:00).")
@year_option
@click.option("--trusted-proxy", "trusted", multiple=True, metavar="CIDR", help="A proxy or CDN whose X-Forwarded-For is believed (repeatable).")
@click.option("--ours", multiple=True, metavar="CIDR", help="A network of your own: what is sent there is sent to you (repeatable).")
@click.option("--groups", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="FILE", help="Groups of outlets and accounts that you declare (see examples/groups.toml); kept for later readings.")
@click.option("--claims", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="FILE", help="Claims that you know or confirm (see examples/claims.toml); kept for later readings.")
@click.option("--pairs", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, metavar="FILE", help="Pairs of posts that D3lta found alike (its CSV), as proposals.")
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None, metavar="FOLDER", help="A model of sentences on your disk, whose vectors propose rewordings and translations; nothing is fetched.")
@click.option("--keep", type=click.Choice(["evidence", "all"]), default="evidence", help="Keep evidence lines only, or every record.")
@click.option("--engine", default="local", metavar="local", help="Where the work is done.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes (default: one per core).")
@click.option("--fail-on", type=click.IntRange(1), default=None, metavar="N", help="Exit with 1 when there are N attacks or more.")
@period_options
@pause_option
@lang_option
@output_options
def command(
    paths: tuple[str, ...], archive: str | None, format_name: str, layout: str, host: str, tz: str, year: int, trusted: tuple[str, ...], ours: tuple[str, ...],
    groups: Path | None, claims: Path | None, pairs: Path | None, model: Path | None, keep: str, engine: str, workers: int | None, fail_on: int | None, since: datetime | None, until: datetime | None, pause: float, lang: str,
    as_json: bool, as_csv: bool, color: str,
) -> None:  # fmt: skip
    """Read logs (files, folders, globs, .gz .xz .zst .bz2, or - for standard input), find attacks, archive the evidence.

    With --since or --until all is read and archived; the summary counts the attacks that began then.
    """
    del color
    declarations = {name: path for name, path in (("groups", groups), ("claims", claims), ("pairs", pairs), ("model", model)) if path}
    if not paths and not declarations:
        raise click.UsageError("Missing argument 'PATH...'.")
    if engine != "local":
        raise Failure(f"no engine is called {engine!r} here; there is: local", USAGE)
    from vigie.attacks.count import Period
    from vigie.attacks.settings import Settings
    from vigie.engines.local import Options
    from vigie.sources.clients import networks
    from vigie.sources.registry import UnknownFormatError, format_of_layout, source_named
    from vigie.sources.source import Reading
    from vigie.sources.times import zone_of

    try:
        networks(trusted)
        networks(ours)
        zone_of(tz)
        format_name = format_name or (format_of_layout(layout) if layout else "")
        if format_name:
            source_named(format_name)
    except (UnknownFormatError, ValueError) as error:
        raise Failure(str(error), USAGE) from None
    options = Options(format_name, Reading(layout=layout, timezone=tz, host=host, trusted=trusted, year=year, ours=ours), keep, workers or 0)
    reports, problems, catalogue = read_paths(paths, archive_folder(archive), options, Settings(pause=pause), declarations)
    if not paths:
        with catalogue:
            _declared(catalogue, list(declarations), lang)
        return
    with catalogue:
        during = Period(since, until)
        facts = summary(catalogue, reports, during)
        if as_json:
            json_object(facts)
        elif as_csv:
            csv_rows(_files(reports), _FILES)
        else:
            _print(reports, catalogue, during, lang)
    _leave(reports, problems, facts, fail_on)


def read_paths(
    paths: tuple[str, ...], folder: Path, options: Options, settings: Settings, declarations: Mapping[str, Path] | None = None
) -> tuple[list[FileReport], list[str], Catalogue]:
    """Read inputs into an archive and open the state that results.

    Args:
        paths: to read; none where only something is declared.
        folder: of the archive.
        options: of the reading.
        settings: of the count.
        declarations: files in which the user declares something, by `archive.DECLARED`, and the folder of a `model`.

    Raises:
        Failure: the archive cannot be used.
    """
    from vigie.archive.archive import Archive, ArchiveError
    from vigie.engines.files import expand
    from vigie.engines.local import Pool, read_input, worth_workers
    from vigie.social.declarations import DeclarationError
    from vigie.social.vectors import ModelError

    inputs, problems = expand(paths)
    for problem in problems:
        note(f"vigie: {safe(problem)}")
    if not inputs and paths:
        raise Failure("nothing could be read", NOTHING_READ)
    archive = Archive(folder)
    reports: list[FileReport] = []
    at = Path()
    pool = Pool(options.workers)
    if worth_workers(inputs):
        pool.start_early()
    try:
        with archive.open_for_writing(), Progress(sum(i.path.stat().st_size if i.path else 0 for i in inputs)) as progress:
            archive.name_ours(options.reading.ours)
            for what, path in (declarations or {}).items():
                at = path
                archive.name_model(path) if what == "model" else archive.declare(what, path)
            for item in inputs:
                report = read_input(item, archive, options, pool, progress.advance)
                reports.append(report)
                progress.say(_verdict(report))
    except ArchiveError as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    except (DeclarationError, ModelError) as error:
        raise Failure(safe(f"{at}: {error}", 1000), USAGE) from None
    finally:
        pool.close()
    catalogue = state_of(archive, settings)
    if catalogue.has_posts:
        settle(catalogue)
    return reports, problems, catalogue


def settle(catalogue: Catalogue) -> None:
    """Quote the lines of posts that are evidence and forget the others; while another vigie writes they stay held, and the next reading does it."""
    from vigie.archive.archive import ArchiveError

    try:
        with catalogue.archive.open_for_writing():
            catalogue.settle()
    except ArchiveError as error:
        note(f"vigie: lines of posts stay held until the next reading: {safe(error, 600)}")


def state_of(archive: Archive, settings: Settings | None = None) -> Catalogue:
    """Open what an archive holds now.

    Raises:
        Failure: it is damaged.
    """
    import duckdb

    from vigie.archive.archive import ArchiveError
    from vigie.archive.catalogue import Catalogue

    try:
        return Catalogue(archive, settings)
    except ArchiveError as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise
    except duckdb.Error as error:
        raise damaged(archive.folder, error) from None


class Progress:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self, total: int) -> None:
        self._bar = None
        if sys.stderr.isatty() and total > 4_000_000:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
                console=Console(stderr=True, markup=False), transient=True,
            )  # fmt: skip
            self._task = self._bar.add_task("reading", total=total)

    def __enter__(self) -> Progress:
        """Start drawing."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop drawing."""
        if self._bar is not None:
            self._bar.stop()

    def advance(self, name: str, done: int) -> None:
        """Some bytes of a file are done."""
        if self._bar is not None:
            self._bar.update(self._task, advance=done, description=safe(Path(name).name, 30))

    def say(self, text: str) -> None:
        """A line above the bar."""
        if self._bar is not None:
            self._bar.console.print(text, highlight=False)
        else:
            note(text)


def _verdict(report: FileReport) -> str:
    name = safe(report.file)
    if report.format == "empty" and not report.failure:
        return f"{name}: empty, nothing to read"
    if report.skipped:
        return f"{name}: skipped, no log that vigie reads"
    text = f"{name}: {report.format or 'not read'}, {report.read:,} of {report.lines:,} lines read, {report.unread:,} unread"
    if report.aside:
        text += f", {report.aside:,} already read in another file"
    if report.known:
        text += f" ({report.known:,} bytes known from before)"
    if report.doubt:
        text += f"\n  assumed: {safe(report.doubt, 600)}"
    if report.failure:
        text += f"\n  stopped: {safe(report.failure, 600)}"
    busiest = max(report.addresses.items(), key=lambda pair: pair[1], default=None)
    if busiest is not None and report.read > 200 and busiest[1] > BUSY_SHARE * report.read:
        share = 100 * busiest[1] / report.read
        text += (
            f"\n  careful: {share:.0f} % of the requests come from {safe(busiest[0])}. If that is your proxy or CDN, "
            f"log X-Forwarded-For and read again with --trusted-proxy {safe(busiest[0])}"
        )
    return text


_FILES = ("file", "feed", "format", "bytes", "lines", "read", "unread", "aside", "sha256")


def _files(reports: list[FileReport]) -> list[dict[str, object]]:
    return [{"file": safe(r.file), **{name: getattr(r, name) for name in _FILES[1:]}} for r in reports]


def summary(catalogue: Catalogue, reports: list[FileReport], during: Period) -> dict[str, object]:
    """The JSON shape of `read`; attacks, attempts and signals are those that began in the period asked for."""
    asked = during.condition()
    facts = catalogue.one(
        f"""select count(*) as attacks, (select count(*) from attempts where {asked}) as attempts,
                   (select count(*) from signals where {asked.replace("first_seen", "seen_at")}) as signals from attacks where {asked}"""
    )
    lines = sum(r.lines for r in reports)
    unread = sum(r.unread for r in reports)
    first = min((r.first for r in reports if r.first is not None), default=None)
    last = max((r.last for r in reports if r.last is not None), default=None)
    files = [
        {**facts_of, **({"skipped": True} if r.skipped else {}), **({"failure": safe(r.failure, 600)} if r.failure else {})}
        for facts_of, r in zip(_files(reports), reports, strict=True)
    ]
    return {
        "snapshot": catalogue.snapshot, "files": files,
        "lines": lines, "records": lines - unread, "unread": unread,
        "signals": facts["signals"], "attempts": facts["attempts"], "attacks": facts["attacks"],
        "period": {"from": _moment(first), "to": _moment(last)},
    }  # fmt: skip


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)


def _print(reports: list[FileReport], catalogue: Catalogue, during: Period, lang: str) -> None:
    from vigie.attacks.count import count
    from vigie.cli.availability import print_summary
    from vigie.cli.doors import print_lane
    from vigie.cli.posts import print_lane as print_posts
    from vigie.cli.scans import print_limits
    from vigie.cli.verb_count import print_count
    from vigie.words.counting import TEXT

    if any(r.lines for r in reports):
        print_count(count(catalogue.connection, catalogue.settings, during=during), catalogue.snapshot, lang, short=True)
        print_summary(catalogue, lang)
        print_lane(catalogue, lang, during.condition())
        print_posts(catalogue, lang, during.condition())
        print_limits(catalogue, lang)
        words = TEXT[lang]
        say()
        say(f"{words['next']}  vigie count          {words['next_count']}")
        say(f"{'':<{len(words['next'])}}  vigie show attacks   {words['next_show']}")


def _declared(catalogue: Catalogue, what: list[str], lang: str) -> None:
    """Say what was kept without reading anything, and what to type to see what it changed."""
    from vigie.social.proposal_words import absent_sentence
    from vigie.words.posts import DECLARED_NOW

    said = DECLARED_NOW[lang]
    say(said["kept"].format(what=", ".join(said[name] for name in what)))
    if not catalogue.has_posts:
        say(said["no_posts"])
        return
    if "claims" in what:
        told = catalogue.one("select count(*) as cards, count(*) filter (posts > 0) as found, coalesce(sum(posts), 0)::bigint as posts from claim_cards")
        say(said["claims_found"].format(**told))
        for card in catalogue.rows("select name, absent from claim_cards where len(absent) > 0 order by number"):
            for text in absent_sentence(card, lang):
                say(f"  {card['name']}: {safe(text, 1000)}." if lang == "en" else f"  {card['name']} : {safe(text, 1000)}.")
        say("  vigie show claims")
    if {"pairs", "model"} & set(what):
        say(said["proposed"].format(**catalogue.one("select count(*) as proposals from proposals")))
    say("  vigie show rumours")


def _leave(reports: list[FileReport], problems: list[str], facts: dict[str, object], fail_on: int | None) -> None:
    failed = [r for r in reports if r.failure and not r.skipped]
    good = [r for r in reports if (r.lines or not r.failure) and not (r.lines and not r.read and r.doubt)]
    if not good:
        raise Failure("nothing could be read", NOTHING_READ)
    if failed or problems:
        raise Failure(f"{len(failed) + len(problems)} of {len(reports) + len(problems)} inputs could not be read whole (see above)", PARTLY_READ)
    attacks = facts["attacks"]
    if fail_on is not None and isinstance(attacks, int) and attacks >= fail_on:
        raise Failure(f"{attacks:,} attacks, {fail_on:,} or more", FINDINGS)
