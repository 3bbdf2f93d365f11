"""`vigie report`: what leaves the house, from one snapshot: press, CERT, one's own house, and machines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vigie.cli.failure import CONFIGURATION, NOTHING_READ, USAGE, Failure
from vigie.cli.options import archive_option, geo_option, lang_option, opened, period_options
from vigie.cli.terminal import note, safe, say

if TYPE_CHECKING:
    from vigie.campaigns.hypotheses import Signature
    from vigie.reports.document import Document
    from vigie.reports.facts import Report
    from vigie.reports.organisation import Incident, Organisation

ENDINGS: Final = {"press": "md", "cert": "txt", "html": "html", "stix": "json", "misp": "json", "ecs": "ndjson", "ocsf": "ndjson", "csv": "csv"}
"""For whom, and how the file ends where nobody says."""
NEXT: Final = {
    "press": "vigie report --for cert", "cert": "vigie report --for stix -o {folder}/", "html": "vigie report --for press", "stix": "vigie report --for misp -o {folder}/",
    "misp": "vigie report --for stix -o {folder}/", "ecs": "vigie report --for ocsf -o {folder}/", "ocsf": "vigie report --for ecs -o {folder}/", "csv": "vigie report --for cert",
}  # fmt: skip
"""What to type next."""
SAID: Final = {
    "en": {
        "reading": "vigie: taking the facts of one state, placing addresses …", "written": "vigie: written: {file} ({mark})", "next": "vigie: next: {command}",
        "unmarked": "vigie: the name of the file does not say {mark}; a folder (-o DIR/) names it by itself", "pdf": "vigie: as PDF: open it in a browser and print it, or: chromium --headless --no-pdf-header-footer --print-to-pdf=FILE.pdf {file}",
        "personal": "vigie: personal data are in clear: {why}", "left": "vigie: personal data are left out or pseudonyms; --identified \"reason\" gives them in clear",
    },
    "fr": {
        "reading": "vigie : lecture des faits d'un seul état, situation des adresses …", "written": "vigie : écrit : {file} ({mark})", "next": "vigie : ensuite : {command}",
        "unmarked": "vigie : le nom du fichier ne dit pas {mark} ; un dossier (-o DOSSIER/) le nomme de lui-même", "pdf": "vigie : en PDF : l'ouvrir dans un navigateur et l'imprimer, ou : chromium --headless --no-pdf-header-footer --print-to-pdf=FICHIER.pdf {file}",
        "personal": "vigie : données personnelles en clair : {why}", "left": "vigie : données personnelles omises ou pseudonymes ; --identified \"raison\" les donne en clair",
    },
}  # fmt: skip


def _moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
    """A moment with its zone; legal clocks begin at it, so that none is guessed."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value[:60]!r} is no moment. Try: 2017-02-13T09:40+01:00") from None
    if found.tzinfo is None:
        raise click.BadParameter("without its zone a moment could be hours off. Try: 2017-02-13T09:40+01:00, or Z at the end for UTC")
    return found.astimezone(UTC)


@click.command("report", epilog="Example: vigie report --for cert --stage 24h --aware 2017-02-13T09:40+01:00 -o reports/")
@click.option("--for", "kind", type=click.Choice(list(ENDINGS)), required=True, help="press: one page, number, method and doubt. cert: a notification. html: one file for your own house. stix, misp, ecs, ocsf, csv: for machines.")
@click.option("-o", "--out", metavar="FILE|DIR/", help="Where it goes: a file (.html, .md or .txt choose how press and cert are written), or a folder, in which it is named with its marking. Else standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--stage", type=click.Choice(["voluntary", "24h", "72h", "month"]), default="voluntary", show_default=True, help="cert: the step of the notification.")
@click.option("--tlp", type=click.Choice(["clear", "green", "amber", "amber+strict", "red"]), default=None, help="Who may read it (press: clear, else: amber).")
@click.option("--pap", type=click.Choice(["clear", "green", "amber", "red"]), default=None, help="What may be done with it (press: clear, else: amber).")
@click.option("--organisation", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False), help="Who you are, what was done, what help is wanted.")
@click.option("--aware", metavar="TIME", callback=_moment, help="When somebody of yours became aware: legal clocks begin there.")
@click.option("--judgement", metavar="FILE.toml", type=click.Path(exists=True, dir_okay=False), help="A case of vigie explain who that a person signed.")
@click.option("--identified", metavar="REASON", default="", help="Give personal data in clear, and say why in the document.")
@archive_option
@geo_option
@period_options
@lang_option
def command(
    kind: str, out: str | None, force: bool, stage: str, tlp: str | None, pap: str | None, organisation: str | None, aware: datetime | None, judgement: str | None,
    identified: str, archive: str | None, geo: tuple[str, ...], since: datetime | None, until: datetime | None, lang: str,
) -> None:  # fmt: skip
    """A report from one snapshot, that says of everything how it is known or why it is not."""
    from vigie.attacks.count import Period
    from vigie.origins.table import TableError
    from vigie.reports.gather import Asked, gathered
    from vigie.reports.marking import LEAST, Marking

    if stage != "voluntary" and kind != "cert":
        raise click.UsageError("--stage applies to --for cert")
    least = LEAST[kind]
    marking, made = Marking(tlp or least[0], pap or least[1]), _now()
    who, what = _organisation(organisation, aware)
    target = _target(out, kind, stage, marking.in_name, made, force=force)
    words = SAID[lang]
    note(words["reading"])
    with opened(archive) as catalogue:
        asked = Asked(
            marking, made, _key(), stage, Period(since, until), who, what, identified.strip()[:2000], _signature(judgement), tuple(Path(one) for one in geo)
        )  # fmt: skip
        try:
            report = gathered(catalogue, asked)
        except TableError as error:
            raise Failure(safe(error, 1000), USAGE) from None
    texts = rendered(report, kind, lang, target.suffix if target else "")
    if target is None:
        for text in texts:
            say(text.rstrip("\n"))
    else:
        _write(target, texts, force=force)
        note(words["written"].format(file=safe(target), mark=marking.line))
        if marking.in_name not in target.name and not all(label.replace(":", "-").lower() in target.name.lower() for label in marking.labels):
            note(words["unmarked"].format(mark=marking.line))
        if target.suffix in (".html", ".htm"):
            note(words["pdf"].format(file=safe(target)))
    note(words["personal"].format(why=safe(identified)) if identified else words["left"])
    note(words["next"].format(command=NEXT[kind].format(folder=safe(target.parent) if target else "reports")))


def _now() -> datetime:
    """Now; `SOURCE_DATE_EPOCH` (https://reproducible-builds.org/specs/source-date-epoch/) sets it, for the same bytes twice."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdecimal() and len(given) <= 11:
        return datetime.fromtimestamp(int(given), UTC)
    return datetime.now(UTC).replace(microsecond=0)


def _key() -> bytes:
    from vigie.social.pseudonyms import KeyFileError, kept_key, key_file

    try:
        return kept_key(key_file())
    except KeyFileError as error:
        raise Failure(safe(error, 1000), CONFIGURATION) from None


def _organisation(file: str | None, aware: datetime | None) -> tuple[Organisation, Incident]:
    from dataclasses import replace

    from vigie.reports.organisation import Incident, Organisation, OrganisationError, read_organisation

    who, what = Organisation(), Incident()
    if file is not None:
        try:
            who, what = read_organisation(Path(file))
        except OrganisationError as error:
            raise Failure(f"{safe(file)}: {safe(error, 1000)}", CONFIGURATION) from None
    return who, replace(what, aware=aware) if aware else what


def _signature(file: str | None) -> Signature | None:
    from vigie.campaigns.hypotheses_file import CaseFileError, read_case

    if file is None:
        return None
    try:
        signed = read_case(Path(file)).signature
    except CaseFileError as error:
        raise Failure(f"{safe(file)}: {safe(error, 1000)}", CONFIGURATION) from None
    if signed is None:
        raise Failure(f"{safe(file)}: nobody signed it. Try: [signature] at its end", CONFIGURATION)
    return signed


def _target(out: str | None, kind: str, stage: str, marks: str, made: datetime, *, force: bool) -> Path | None:
    if out is None or out == "-":
        return None
    path = Path(out)
    if out.endswith("/") or path.is_dir():
        step = f"-{stage}" if kind == "cert" else ""
        path = path / f"vigie-{kind}{step}-{made:%Y-%m-%d}-{marks}.{ENDINGS[kind]}"
    if path.exists() and not force:
        raise Failure(f"{safe(path)}: is there already. Try: another name, or --force", USAGE)
    return path


def _write(path: Path, texts: Iterable[str], *, force: bool) -> None:
    """Write a file whole, under a temporary name first; nobody but its owner may read it."""
    fresh = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n") as file:
            file.writelines(texts)
        if path.exists() and not force:
            raise Failure(f"{safe(path)}: is there already. Try: another name, or --force", USAGE)
        fresh.replace(path)
    except OSError as error:
        raise Failure(f"{safe(path)}: {error.strerror or error}. Try: another folder with -o", NOTHING_READ) from None
    finally:
        fresh.unlink(missing_ok=True)


def rendered(report: Report, kind: str, lang: str, suffix: str = "") -> Iterable[str]:
    """The report as text, piece by piece.

    Args:
        report: the facts.
        kind: one of `ENDINGS`.
        lang: of what people read; machines read English.
        suffix: of the file, which chooses among HTML, Markdown and text.
    """
    from vigie.reports import cert, ecs, html, indicators, misp, ocsf, press, stix

    documents: dict[str, Callable[[Report, str], Document]] = {"press": press.press, "cert": cert.cert, "html": html.html}
    if kind in documents:
        return [_written(documents[kind](report, lang), kind, suffix)]
    if kind in ("ecs", "ocsf"):
        return ecs.ecs(report) if kind == "ecs" else ocsf.ocsf(report)
    return [{"stix": stix.stix, "misp": misp.misp, "csv": indicators.indicators}[kind](report)]


def _written(document: Document, kind: str, suffix: str) -> str:
    from vigie.reports.document import as_html, as_markdown, as_text

    ways = {".html": as_html, ".htm": as_html, ".md": as_markdown, ".txt": as_text}
    least = {"press": as_markdown, "cert": as_text, "html": as_html}
    return ways.get(suffix.lower(), least[kind])(document)
