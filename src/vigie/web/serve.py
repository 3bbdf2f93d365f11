"""Runs the dashboard: a socket, a token, and the rules for a machine that is not only this one."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vigie.web.users import read_users

if TYPE_CHECKING:
    import uvicorn

    from vigie.web.guard import Guard

EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104
MARK: Final = "INVENTED-BY-VIGIE-DEMO"
"""Name of the file beside an archive that holds invented data."""


class NotSafeError(ValueError):
    """It may not be served so; says why, and how it may."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the dashboard listens.

    Attributes:
        host: address or name.
        port: 0 for any that is free.
        names: other names of this machine that browsers may use.
        certificate, key: TLS, PEM files.
        users: file of users.
    """

    host: str = "127.0.0.1"
    port: int = 8400
    names: tuple[str, ...] = ()
    certificate: str | None = None
    key: str | None = None
    users: str | None = None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def people(self) -> Mapping[str, str]:
        """The users that may log in; none where the token opens.

        Raises:
            NotSafeError: others could reach it without TLS or without users.
            UsersFileError: the file of users cannot be used.
        """
        if bool(self.certificate) != bool(self.key):
            raise NotSafeError("--tls-cert and --tls-key belong together")
        found = read_users(Path(self.users)) if self.users else {}
        if self.users and not found:
            raise NotSafeError(f"{self.users} names no user. Try: vigie serve --users {self.users} --add-user NAME")
        if not self.loopback and not (self.certificate and found):
            raise NotSafeError(
                f"{self.host} can be reached by others: --tls-cert and --tls-key (PEM) and --users FILE are needed. First: vigie serve --users users --add-user NAME. "
                "Or stay on this machine, and from elsewhere: ssh -L 8400:127.0.0.1:8400 HOST"
            )
        return found

    def hosts(self, port: int) -> frozenset[str]:
        """What a browser may call this server."""
        names = {self.host, *self.names, *(("127.0.0.1", "localhost", "::1") if self.loopback else ())} - EVERYWHERE
        shown = {f"[{name}]" if ":" in name else name.lower() for name in names}
        default = 443 if self.certificate else 80
        return frozenset({f"{name}:{port}" for name in shown} | (shown if port == default else set()))

    def address(self, port: int) -> str:
        """Where a browser finds it."""
        name = self.names[0] if self.names else "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http{'s' if self.certificate else ''}://{f'[{name}]' if ':' in name else name}:{port}"


def serve(archive: Path, place: Place, say: Callable[[str], None], geo: Sequence[str] = (), lang: str = "en") -> None:
    """Serve an archive until it is interrupted.

    Args:
        archive: its folder.
        place: where.
        say: told the address when everything is ready.
        geo: tables of the user.
        lang: of browsers that ask for neither.

    Raises:
        NotSafeError, UsersFileError: it may not be served so.
        ArchiveError: the archive cannot be opened.
        OSError: the port is taken.
    """
    people = place.people()
    with listening(place) as sock:
        port = int(sock.getsockname()[1])
        token = "" if people else secrets.token_urlsafe(24)
        app = application(archive, place, port, token, people, geo, lang)
        say(place.address(port) + (f"/login?token={token}" if token else "/"))
        server(app, place).run(sockets=[sock])


def listening(place: Place) -> socket.socket:
    """A bound socket.

    Raises:
        OSError: the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((place.host, place.port))
        sock.listen(1_024)  # a port that is taken is told now
    except OSError:
        sock.close()
        raise
    return sock


def checked(archive: Path, geo: Sequence[str] = (), lang: str = "en") -> tuple[str, int]:
    """Make the first page once, as a browser would get it.

    Returns:
        id of the state, and bytes that would be sent.

    Raises:
        ArchiveError: the archive cannot be opened.
        NotSafeError: the page cannot be made.
    """
    from vigie.web.app import Dashboard
    from vigie.web.guard import Door
    from vigie.web.watch import Watch

    watch = Watch(archive, geo)
    try:
        size = Dashboard(watch, Door("", frozenset()), lang=lang).first_page(lang)
        if not size:
            raise NotSafeError("the first page could not be made")
        return watch.state.snapshot, size
    finally:
        watch.end()


def taken(place: Place) -> bool:
    """Whether the port is taken."""
    try:
        listening(place).close()
    except OSError:
        return True
    return False


def application(archive: Path, place: Place, port: int, token: str, people: Mapping[str, str], geo: Sequence[str] = (), lang: str = "en") -> Guard:
    """The dashboard of an archive, its first state made."""
    from vigie.web.app import Dashboard
    from vigie.web.guard import Door
    from vigie.web.watch import Watch

    door = Door(token, place.hosts(port), secure=bool(place.certificate))
    return Dashboard(Watch(archive, geo), door, people=people, lang=lang, invented=(archive.parent / MARK).exists()).app()


def server(app: Guard, place: Place) -> uvicorn.Server:
    """A server that logs nobody and says nothing of itself."""
    import uvicorn

    return uvicorn.Server(uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, ws="none", lifespan="on", timeout_keep_alive=10, timeout_graceful_shutdown=1, limit_concurrency=2_000,
        backlog=1_024, h11_max_incomplete_event_size=32_768, ssl_certfile=place.certificate, ssl_keyfile=place.key, proxy_headers=False,
    ))  # fmt: skip
