"""`vigie demo`: an invented month, written as real files, read through the real path, told in plain words."""

from __future__ import annotations

import errno
import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vigie.cli.failure import NOTHING_READ, PARTLY_READ, USAGE, Failure
from vigie.cli.options import output_options
from vigie.cli.terminal import csv_rows, json_object, note, safe

if TYPE_CHECKING:
    from vigie.archive.catalogue import Catalogue
    from vigie.demo.kind import Truth
    from vigie.demo.telling import Carried, Rush
    from vigie.engines.local import FileReport


@click.command("demo", epilog="Example: vigie demo --lang fr --out demo")
@click.option("--out", metavar="DIR", help="Where the invented files go (default: a folder of your data folder).")
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="Language of the story (default: yours).")
@click.option("--no-serve", is_flag=True, help="End without offering the dashboard.")
@click.option("--seed", type=int, default=None, hidden=True)
@output_options
def command(
    out: str | None, lang: str | None, no_serve: bool, seed: int | None, as_json: bool, as_csv: bool, color: str
) -> None:
    """An invented month of a campaign's site: writes its logs, reads them as your own would be read, and says what is in them."""
    from vigie.demo.folder import OccupiedError, write_month
    from vigie.demo.month import SEED, invented_month
    from vigie.demo.words import TEXT
    from vigie.words.language import language

    lang = language(lang)
    folder = Path(out) if out else _default_folder()
    note(TEXT[lang]["writing"].format(folder=safe(folder)))
    try:
        truth = write_month(folder, invented_month(SEED if seed is None else seed))
        reports, catalogue = read_demo(folder, lang)
    except OccupiedError as error:
        raise Failure(f"{safe(error)}. Try: vigie demo --out DIR with a new or an empty folder.", USAGE) from None
    except OSError as error:
        raise Failure(_trouble(error, folder), NOTHING_READ) from None
    with catalogue:
        if as_json:
            json_object(_facts(catalogue, truth))
        elif as_csv:
            csv_rows(
                catalogue.rows(
                    "select family, count(*) as attacks from attacks group by family order by attacks desc, family"
                )
            )
        else:
            _print(catalogue, truth, folder, lang, color)
    _failed(reports)
    if not (no_serve or as_json or as_csv) and sys.stdin.isatty() and sys.stdout.isatty():
        _offer(folder, lang)


def _offer(folder: Path, lang: str) -> None:
    """Open the dashboard of the demo, when the person at the terminal wants it."""
    from vigie.cli.verb_serve import WORDS, run
    from vigie.web.serve import Place, taken

    if click.confirm(f"\n{WORDS[lang]['offer']}", default=True):
        usual = Place()
        run(folder / "archive", Place(port=0) if taken(usual) else usual, (), lang)


def _failed(reports: list[FileReport]) -> None:
    failed = [report for report in reports if report.failure]
    if failed:
        raise Failure(
            f"{len(failed)} of {len(reports)} files of the demo could not be read: {safe(failed[0].failure, 600)}",
            PARTLY_READ,
        )


def _default_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("vigie") / "demo"


def _trouble(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no room left where {safe(folder)} is: the demo needs about 40 MB. Try: --out with a folder on another disk."
    return (
        f"{safe(error.filename or folder)}: {error.strerror or error}. Try: --out with a folder that you may write to."
    )


def read_demo(folder: Path, lang: str) -> tuple[list[FileReport], Catalogue]:
    """Read the logs of a demo into its own archive, as `vigie read` does.

    Args:
        folder: holds `logs`; `archive` is made in it.
        lang: of the sentences on standard error.

    Raises:
        Failure: the archive cannot be used.
        OSError: a file cannot be written.
    """
    from vigie.archive.archive import Archive, ArchiveError
    from vigie.cli.verb_read import Progress, settle, state_of
    from vigie.demo.cast import GROUPS
    from vigie.demo.claims import CLAIMS
    from vigie.demo.month import SITE
    from vigie.demo.places import keep_places
    from vigie.demo.registry import KINDS
    from vigie.engines.files import expand
    from vigie.engines.local import Options, Pool, read_input
    from vigie.sources.source import Reading

    inputs, _ = expand((str(folder / "logs"),))
    formats = {folder / "logs" / kind.name: kind.format for kind in KINDS if kind.format}
    archive = Archive(folder / "archive")
    reports: list[FileReport] = []
    pool = Pool(0)
    try:
        with (
            archive.open_for_writing(),
            Progress(sum(item.path.stat().st_size for item in inputs if item.path)) as progress,
        ):
            archive.declare("groups", folder / GROUPS)
            archive.declare("claims", folder / CLAIMS)
            for item in inputs:
                options = Options(formats.get(item.path.parent, "") if item.path else "", Reading(host=SITE))
                report = read_input(item, archive, options, pool, progress.advance)
                reports.append(report)
                progress.say(_verdict(report, folder, lang))
    except ArchiveError as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    finally:
        pool.close()
    keep_places(folder / "geo", archive.folder)
    catalogue = state_of(archive)
    if catalogue.has_posts:
        settle(catalogue)
    return reports, catalogue


def _verdict(report: FileReport, folder: Path, lang: str) -> str:
    from vigie.demo.words import TEXT
    from vigie.words.numbers import number

    say = TEXT[lang]
    name = Path(report.file)
    shown = str(name.relative_to(folder)) if name.is_relative_to(folder) else report.file
    text = say["read"].format(name=safe(shown), read=number(report.read, lang), lines=number(report.lines, lang))
    counts = (("unread", report.unread), ("aside", report.aside))
    besides = "; ".join(say[key].format(**{key: number(value, lang)}) for key, value in counts if value)
    text += f" ({besides})" if besides else ""
    return f"  {text}"


def _facts(catalogue: Catalogue, truth: Truth) -> dict[str, object]:
    from vigie.attacks.count import count
    from vigie.cli.verb_count import as_dict
    from vigie.demo.folder import plan_of

    plan = {name: value for name, value in plan_of(truth).items() if name != "list"}
    return {
        "invented": True,
        "count": as_dict(count(catalogue.connection, catalogue.settings), catalogue.snapshot, "family"),
        "plan": plan,
    }


def _print(catalogue: Catalogue, truth: Truth, folder: Path, lang: str, color: str) -> None:
    from vigie.attacks.count import count
    from vigie.demo.telling import Facts, tell

    row = catalogue.one(
        """select (select count(*) from attacks where automation = 'tool') as tools,
                  (select count(*) from attacks where automation = 'bespoke') as bespoke,
                  (select arg_min(attack_id, (-sources, first_seen, attack_id)) from attacks where family = 'sql_injection') as example"""
    )
    facts = Facts(
        planned=len(truth.attacks),
        with_tool=row["tools"] if isinstance(row["tools"], int) else 0,
        bespoke=row["bespoke"] if isinstance(row["bespoke"], int) else 0,
        example=str(row["example"] or "count"),
        archive=shlex.quote(str(folder / "archive")),
        folder=safe(folder),
        rushes=tuple(_rushes(catalogue, lang)),
        origin=_origin(catalogue, lang),
        doors=tuple(_doors(catalogue, lang)),
        carried=_carried(catalogue, truth),
    )
    strong = {"always": True, "never": False}.get(color)
    width = shutil.get_terminal_size((90, 24)).columns
    note("")
    for line in tell(count(catalogue.connection, catalogue.settings), facts, lang, width):
        click.echo(click.style(line.text, bold=True) if line.strong and _styled(strong) else line.text)


def _rushes(catalogue: Catalogue, lang: str) -> Iterator[Rush]:
    """Floods and crowds in the words that `vigie explain availability` has for them."""
    from vigie.cli.availability import periods
    from vigie.demo.telling import Rush
    from vigie.words.availability import KINDS_FR, SAID

    for row in periods(catalogue):
        what, start = row["what"], row["first_seen"]
        if what not in ("flood", "crowd") or not isinstance(start, datetime):
            continue
        kind = str(row["kind"])
        flood = what == "flood"
        yield Rush(
            start=start.astimezone(UTC),
            flood=flood,
            kind=(KINDS_FR.get(kind, kind) if lang == "fr" else kind.replace("_", " ")) if flood else "",
            impact=SAID[lang][str(row["impact"])] if flood else "",
            requests=int(str(row["requests"])),
            sources=int(str(row["sources"])),
        )


def _doors(catalogue: Catalogue, lang: str) -> Iterator[tuple[int, str, int]]:
    """Attempts at the doors of databases by danger, in the words of `vigie count`."""
    from vigie.words.doors import DANGERS

    query = "select danger, count(*) as attacks from doors where family = 'database_access' and attack_id is not null group by 1 order by 1 desc"
    for row in catalogue.rows(query):
        danger = int(str(row["danger"]))
        yield danger, DANGERS[lang][danger], int(str(row["attacks"]))


def _carried(catalogue: Catalogue, truth: Truth) -> Carried | None:
    """What posts show, counted as `vigie count` counts it; the evenings are those that the author planned."""
    from vigie.archive.post_facts import lane
    from vigie.demo.telling import Carried

    facts = lane(catalogue)
    if not facts:
        return None
    first, last = (datetime.fromisoformat(str(facts[name])).date() for name in ("first_seen", "last_seen"))
    return Carried(
        posts=facts["distinct_posts"], accounts=facts["accounts"], days=(last - first).days + 1, groups=facts["groups"], members=facts["in_groups"], waves=facts["waves"],
        evenings=tuple((burst.posts, burst.accounts) for burst in truth.bursts), **{name: facts["by_result"].get(name, 0) for name in ("assisted", "hand", "undecided")},
    )  # fmt: skip


def _origin(catalogue: Catalogue, lang: str) -> str:
    """What may be said of where the attacks come from, in the words of `vigie explain origin`."""
    from vigie.archive.origin_tables import asked_pairs
    from vigie.cli.origin import sentence
    from vigie.origins.shares import shares
    from vigie.words.origins import SAID

    catalogue.place()
    return f"{sentence(shares(asked_pairs(catalogue.connection)), lang)} {SAID[lang]['caution']}"


def _styled(asked: bool | None) -> bool:
    import os

    return asked if asked is not None else sys.stdout.isatty() and not os.environ.get("NO_COLOR")
