"""`vigie serve`: the dashboard, on this machine unless it is told otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from vigie.cli.failure import NOTHING_READ, USAGE, Failure
from vigie.cli.options import archive_option, existing_archive, geo_option, lang_option
from vigie.cli.terminal import note, safe, say

WORDS = {
    "en": {"ready": "The dashboard is at:", "stop": "It is read-only. Ctrl-C ends it.", "making": "vigie: looking at the archive …", "password": "Password", "added": "{name} may log in; the file is {file}.", "offer": "Open the dashboard?", "checked": "The first page of state {snapshot} is made: {size} bytes to send. To open it: vigie serve"},
    "fr": {"ready": "Le tableau de bord est à :", "stop": "Il ne fait que lire. Ctrl-C l'arrête.", "making": "vigie : lecture de l'archive …", "password": "Mot de passe", "added": "{name} peut entrer ; le fichier est {file}.", "offer": "Ouvrir le tableau de bord ?", "checked": "La première page de l'état {snapshot} est faite : {size} octets à envoyer. Pour l'ouvrir : vigie serve"},
}


@click.command("serve", epilog="Example: vigie serve --archive demo/archive")
@archive_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; any but this machine's own demands TLS and users.")
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="Port; 0 for any that is free.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="A name by which browsers may call this machine (repeatable).")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Certificate (PEM).")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Its key (PEM).")
@click.option("--users", type=click.Path(dir_okay=False), metavar="FILE", help="Who may log in, in place of the token: names and scrypt hashes.")
@click.option("--add-user", metavar="NAME", help="Write a user into the file of --users (the password is asked for), and end.")
@click.option("--check", is_flag=True, help="Make the first page once, say so, and end.")
@geo_option
@lang_option
def command(
    archive: str | None, host: str, port: int, names: tuple[str, ...], tls_cert: str | None, tls_key: str | None, users: str | None, add_user: str | None, check: bool, geo: tuple[str, ...], lang: str
) -> None:
    """The dashboard: opens an archive for a browser, read-only, and prints the address with its token."""
    from vigie.web.serve import Place

    if add_user is not None:
        _add(users, add_user, lang)
        return
    if check:
        _check(existing_archive(archive), geo, lang)
        return
    run(existing_archive(archive), Place(host, port, names, tls_cert, tls_key, users), geo, lang)


def run(archive: Path, place: object, geo: tuple[str, ...], lang: str) -> None:
    """Serve until interrupted.

    Raises:
        Failure: it may not be served so, the port is taken, or the archive cannot be opened.
    """
    from vigie.archive.archive import ArchiveError
    from vigie.web.serve import NotSafeError, Place, serve
    from vigie.web.users import UsersFileError

    if not isinstance(place, Place):
        raise TypeError("a Place is wanted")

    def ready(address: str) -> None:
        say(f"{WORDS[lang]['ready']} {address}")
        note(WORDS[lang]["stop"])

    note(WORDS[lang]["making"])
    try:
        serve(archive, place, ready, geo, lang)
    except (NotSafeError, UsersFileError) as error:
        raise Failure(safe(error, 1000), USAGE) from None
    except ArchiveError as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    except OSError as error:
        raise Failure(f"{safe(place.host)}:{place.port}: {error.strerror or error}. Try: --port 0", USAGE) from None


def _check(archive: Path, geo: tuple[str, ...], lang: str) -> None:
    from vigie.archive.archive import ArchiveError
    from vigie.web.serve import NotSafeError, checked
    from vigie.words.numbers import number

    try:
        snapshot, size = checked(archive, geo, lang)
    except (ArchiveError, NotSafeError) as error:
        raise Failure(safe(error, 1000), NOTHING_READ) from None
    say(WORDS[lang]["checked"].format(snapshot=snapshot, size=number(size, lang)))


def _add(users: str | None, name: str, lang: str) -> None:
    from vigie.web.users import UsersFileError, add_user

    if users is None:
        raise click.UsageError("--add-user goes with --users FILE")
    password = click.prompt(WORDS[lang]["password"], hide_input=True, confirmation_prompt=True, err=True)
    try:
        add_user(Path(users), name, password)
    except UsersFileError as error:
        raise Failure(safe(error, 1000), USAGE) from None
    except OSError as error:
        raise Failure(f"{safe(users)}: {error.strerror or error}", USAGE) from None
    note(WORDS[lang]["added"].format(name=safe(name), file=safe(users)))
