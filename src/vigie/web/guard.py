"""The door of the dashboard: whose browser may ask, by what name of the machine, and what the answers forbid the browser.

A page on another site can make a browser ask this machine: by its address (the cookie is not sent along, `SameSite=Strict`) or by a name that it lets point here
(the `Host` header gives it away). Answers allow no script, no style and no connection but this server's own.

References:
    - Fetch, 3.2 (Origin); RFC 6265bis, 8.8 (SameSite); RFC 9110, 7.2 (Host)
    - https://www.w3.org/TR/CSP3/
    - OWASP Session Management Cheat Sheet
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "vigie"
HOURS: Final = 12
"""How long a browser stays let in."""
MOST: Final = 1_000
"""Browsers let in at a time."""
FAILURES: Final = 10
"""Wrong tries of an address within a minute; then it waits."""
OPEN: Final = ("/login", "/static/")
"""What is shown to anybody who asks by the right name."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # not "no-referrer", under which forms come without an origin
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-robots-tag": "noindex, nofollow",
}
"""On every answer."""


@dataclass
class Door:
    """Who is in.

    Attributes:
        token: what the terminal shows; "" where users log in by name.
        hosts: values of `Host` that are this server's.
        secure: the connection is TLS.
        clock: seconds that only go forward.
    """

    token: str
    hosts: frozenset[str]
    secure: bool = False
    clock: Callable[[], float] = time.monotonic
    _inside: dict[str, float] = field(default_factory=dict)
    _failed: dict[str, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def right(self, token: str) -> bool:
        """Whether a token is the right one, in a time that does not tell."""
        return bool(self.token) and hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.token.encode())

    def let_in(self) -> str:
        """A cookie for a browser that may look."""
        value, now = secrets.token_urlsafe(32), self.clock()
        with self._lock:
            self._inside = {one: until for one, until in self._inside.items() if until > now}
            while len(self._inside) >= MOST:
                self._inside.pop(next(iter(self._inside)))
            self._inside[value] = now + HOURS * 3600
        return value

    def inside(self, value: str) -> bool:
        """Whether a cookie is of a browser that was let in."""
        with self._lock:
            return self._inside.get(value, 0.0) > self.clock()

    def leave(self, value: str) -> None:
        """Forget a browser."""
        with self._lock:
            self._inside.pop(value, None)

    def tired(self, address: str) -> bool:
        """Whether an address has been wrong too often within a minute."""
        with self._lock:
            recent = [at for at in self._failed.get(address, []) if at > self.clock() - 60]
            if recent:
                self._failed[address] = recent
            else:
                self._failed.pop(address, None)
            return len(recent) >= FAILURES

    def wrong(self, address: str) -> None:
        """Remember a wrong try."""
        with self._lock:
            if len(self._failed) >= MOST:
                self._failed.pop(next(iter(self._failed)))
            self._failed.setdefault(address, []).append(self.clock())


class Guard:
    """ASGI middleware that asks the door before anything else, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self.door.secure:
                    headers["strict-transport-security"] = "max-age=31536000"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        answer = self._refused(scope)
        await (answer or self.app)(scope, receive, sent)

    def _refused(self, scope: Scope) -> ASGIApp | None:
        headers, path, method = Headers(scope=scope), scope["path"], scope["method"]
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self.door.hosts:
            return PlainTextResponse("This server is not called so. Open the address that vigie serve printed.\n", 421)
        if method == "POST" and path in ("/login", "/logout"):
            origin = headers.get("origin")
            own = ("https://" if self.door.secure else "http://") + headers["host"].lower()
            if origin is not None and origin.lower() != own:
                return PlainTextResponse("Not from this site.\n", 403)
        elif method not in ("GET", "HEAD"):
            return PlainTextResponse("Everything here is read-only.\n", 405, {"allow": "GET, HEAD"})
        if path.startswith(OPEN):
            return None
        if self.door.inside(cookie_parser(headers.get("cookie", "")).get(COOKIE, "")):
            return None
        if path.endswith((".json", ".csv")) or path == "/events":
            return PlainTextResponse("Log in first.\n", 401)
        return RedirectResponse("/login", 303)
