"""`vigie update`: newer tables of countries and lists of relays, from a file, or from an address that the user gives. The only verb that uses the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from vigie.cli.failure import NOTHING_READ, Failure
from vigie.cli.options import lang_option, output_options
from vigie.cli.terminal import csv_rows, json_object, safe, say

if TYPE_CHECKING:
    from vigie.origins.relays import RelayList
    from vigie.origins.table import Table

TOR_LIST: Final = "https://check.torproject.org/exit-addresses"
"""Where `vigie update relays` looks when nothing is given: the Tor Project's own list of the last two days."""
TIMEOUT: Final = 60
"""Seconds without an answer."""
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")

_SAID: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "geo": "{name}, {date}: {rows} ranges ({skipped} lines could not be used). Kept in {path}",
        "relays": "{name}: {rows} entries ({skipped} lines could not be used). Kept in {path}", "undated": "undated",
        "next": "Next: vigie explain origin",
    },
    "fr": {
        "geo": "{name}, {date} : {rows} plages ({skipped} lignes inutilisables). Gardée dans {path}",
        "relays": "{name} : {rows} entrées ({skipped} lignes inutilisables). Gardée dans {path}", "undated": "sans date",
        "next": "Ensuite : vigie explain origin",
    },
}  # fmt: skip

KINDS: Final = ("tor_exit", "vpn", "public_proxy", "residential_proxy", "private_relay", "cdn", "hosting")


@click.command("update", epilog="Example: vigie update relays tor-exits.txt --kind tor_exit --date 2017-02-01")
@click.argument("what", type=click.Choice(["geo", "relays"]), metavar="geo|relays")
@click.argument("given", required=False, metavar="[FILE|URL]")
@click.option("--kind", type=click.Choice(KINDS), default="tor_exit", show_default=True, help="relays: what is listed.")
@click.option("--date", "when", metavar="DAY", help="The day that the data is of (default: what the file tells, else its last change, else today).")
@click.option("--name", default="", metavar="NAME", help="geo: what the table is called (default: the file's name).")
@click.option("--archive", metavar="DIR", help="Keep it for this archive only (default: for all, in your data folder).")
@click.option("--force", is_flag=True, help="relays: keep a list that is less than half of the one before.")
@lang_option
@output_options
def command(
    what: str, given: str | None, kind: str, when: str | None, name: str, archive: str | None, force: bool, lang: str, as_json: bool, as_csv: bool, color: str
) -> None:
    """Newer tables of countries and networks (geo), and dated lists of relays, from a FILE or a URL.

    Without one, relays reads the Tor Project's own list. A table of countries is yours to choose: .mmdb, .parquet or CSV.
    """
    del color
    from vigie.origins.store import keep_list, keep_table, user_folder
    from vigie.origins.table import TableError

    if given is None and what == "geo":
        raise click.UsageError("a FILE or a URL of a table, please (.mmdb, .parquet or CSV). Where to find one: docs/origins.md")
    folder = Path(archive) / "origins" if archive else user_folder()
    moment = _moment(when)
    try:
        data, told, changed = fetched(given or TOR_LIST)
        if what == "geo":
            table = _table(data, name or told, moment, changed)
            path, shown, rows, skipped = keep_table(folder, table), table.name, table.rows, table.skipped
            day = table.date.isoformat() if table.date else None
        else:
            found = _list(data, kind, moment, changed)
            path, shown, rows, skipped = keep_list(folder, found, force=force), found.label, found.entries, found.skipped
            day = found.label.split()[-1]
    except TableError as error:
        raise Failure(f"{safe(given or TOR_LIST, 300)}: {safe(error, 600)}", NOTHING_READ) from None
    facts: dict[str, object] = {"what": what, "name": shown, "date": day, "rows": rows, "skipped": skipped, "path": str(path)}
    if as_json:
        json_object(facts)
    elif as_csv:
        csv_rows([facts])
    else:
        words = _SAID[lang]
        say(words[what].format(name=safe(shown), date=day or words["undated"], rows=f"{rows:,}", skipped=f"{skipped:,}", path=safe(path)))
        say(words["next"])


def _moment(when: str | None) -> datetime | None:
    if when is None:
        return None
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        raise click.BadParameter(f"{safe(when, 60)!r} is no day. Try: 2017-02-01", param_hint="--date") from None
    if len(when) == 10:
        found = found.replace(hour=12)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def fetched(given: str) -> tuple[bytes, str, datetime]:
    """The bytes of a file or of an address on the web, unpacked; a name for them, and when they last changed.

    Args:
        given: a path, or a URL: `https`, or `http` to this machine alone.

    Raises:
        TableError: they cannot be had, or are too many.
    """
    from vigie.origins.geo_file import unpacked
    from vigie.origins.table import TableError

    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", given):
        path = Path(given)
        try:
            data, changed = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError as error:
            raise TableError(error.strerror or str(error)) from None
    else:
        data, changed = _downloaded(given)
        path = Path(urlsplit(given).path)
    return unpacked(data, path.name), path.name.removesuffix(".gz").rpartition(".")[0] or path.name or "table", changed


def _downloaded(url: str) -> tuple[bytes, datetime]:
    import urllib.error
    import urllib.request
    from email.utils import parsedate_to_datetime
    from http.client import HTTPException

    from vigie.origins.geo_file import MAX_BYTES
    from vigie.origins.table import TableError

    class Checked(urllib.request.HTTPRedirectHandler):
        """Follows only where it would have gone by itself."""

        def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            try:
                allowed(newurl)
            except TableError:
                fp.close()
                raise
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    allowed(url)
    try:
        opener = urllib.request.build_opener(Checked())
        with opener.open(urllib.request.Request(url, headers={"User-Agent": "vigie"}), timeout=TIMEOUT) as answer:  # noqa: S310 - checked above
            data = answer.read(MAX_BYTES + 1)
            changed = answer.headers.get("Last-Modified")
    except (OSError, HTTPException, ValueError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise TableError(f"not fetched ({safe(error, 200)}). Try: fetch it by other means and give the file") from None
    try:
        moment = parsedate_to_datetime(changed) if changed else datetime.now(UTC)
    except ValueError:
        moment = datetime.now(UTC)
    return data, moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def allowed(url: str) -> None:
    """Check that an address is one that may be asked: encrypted, or on this machine.

    Raises:
        TableError: it is not.
    """
    from vigie.origins.table import TableError

    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise TableError("only https addresses are asked")


def _table(data: bytes, name: str, moment: datetime | None, changed: datetime) -> Table:
    from vigie.origins.geo_file import table_of

    return table_of(data, name, _day(moment), changed.date())


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _list(data: bytes, kind: str, moment: datetime | None, changed: datetime) -> RelayList:
    """A list, as of the day that is given, else of the newest time that it tells itself, else of its last change."""
    from vigie.origins.relays import relay_list, told_time

    text = data.decode("utf-8", "replace")
    micros = (moment or changed) - datetime(1970, 1, 1, tzinfo=UTC)
    at = micros // timedelta(microseconds=1)
    told = None if moment else told_time(text)
    return relay_list(text, kind, at if told is None else told)
