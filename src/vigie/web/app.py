"""The dashboard as an ASGI application: pages, their JSON and CSV, log-in, events.

References:
    - https://asgi.readthedocs.io/en/latest/specs/www.html
    - WHATWG HTML, 9.2 Server-sent events
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from vigie.web import render, users
from vigie.web.answers import Answer, Answers, TooMuchError, packed
from vigie.web.asked import Asked, address, asked_from
from vigie.web.guard import COOKIE, HOURS, Door, Guard
from vigie.web.page import NotThereError, Page
from vigie.web.pages.pieces import country, family
from vigie.web.pages.registry import PAGES
from vigie.web.state import State
from vigie.web.watch import Watch
from vigie.web.words import TEXT
from vigie.words.harmless import safe

STREAMS: Final = 500
"""Browsers that are told of new states at a time."""
FORM: Final = 4_096
"""Bytes of a form at most."""
STATIC: Final[Mapping[str, str]] = {"vigie.css": "text/css", "vigie.js": "text/javascript", "icon.svg": "image/svg+xml"}
KINDS: Final[Mapping[str, str]] = {"": "text/html", ".json": "application/json", ".csv": "text/csv"}
LANGUAGES: Final = ("fr", "en")


class Dashboard:
    """What the routes share.

    Attributes:
        watch: gives the state.
        door: who is in.
        people: name → line of the file of users; empty where the token opens.
        lang: where the browser asks for none that there is.
        invented: the archive is the demo's.
        pages: those that there are.
    """

    def __init__(self, watch: Watch, door: Door, *, people: Mapping[str, str] | None = None, lang: str = "en", invented: bool = False, pages: tuple[Page, ...] = PAGES) -> None:
        self.watch, self.door, self.people, self.lang, self.invented = watch, door, people or {}, lang, invented
        self.pages = {page.name or "home": page for page in pages}
        self.answers = Answers()
        self.streams = 0
        self._checking = asyncio.Semaphore(2)
        watch.ready = self.prepare
        self.prepare(watch.state)

    def prepare(self, state: State) -> None:
        """Make the first page in both languages, so that nobody waits for it."""
        page = self.pages.get("home")
        if page is not None:
            for lang in LANGUAGES:
                self.answers.keep((state.snapshot, page.name, "", Asked(lang=lang)), self._make(page, state, Asked(lang=lang), ""))

    def first_page(self, lang: str) -> int:
        """Bytes of the first page, 0 when it cannot be made."""
        answer = self._make(self.pages["home"], self.watch.state, Asked(lang=lang), "")
        return len(answer.packed) if answer.status == 200 else 0

    def app(self) -> Guard:
        """The application, guarded."""
        routes = [
            Route("/", self.first), Route("/login", self.login, methods=["GET", "POST"]), Route("/logout", self.logout, methods=["POST"]),
            Route("/events", self.events), Route("/static/{name}", self.static), Route("/{lang}/", self.page), Route("/{lang}/{name}", self.page),
            Route("/{lang}/{name}/{item}", self.page),
        ]  # fmt: skip
        return Guard(Starlette(routes=routes, lifespan=self._life), self.door)

    @contextlib.asynccontextmanager
    async def _life(self, _: Starlette) -> AsyncIterator[None]:
        self.watch.start()
        try:
            yield
        finally:
            await run_in_threadpool(self.watch.end)

    def language(self, request: Request) -> str:
        """The language that a browser asks for, of those that there are."""
        for part in request.headers.get("accept-language", "")[:200].split(","):
            word = part.split(";")[0].strip().lower()[:2]
            if word in LANGUAGES:
                return word
        return self.lang

    async def first(self, request: Request) -> Response:
        """To the first page, in the browser's language."""
        return RedirectResponse(address(self.language(request), ""), 303)

    async def page(self, request: Request) -> Response:
        """A page, its JSON or its CSV."""
        lang, name, item = request.path_params["lang"], request.path_params.get("name", "home"), request.path_params.get("item", "")
        last = item or name
        suffix = next((one for one in (".json", ".csv") if last.endswith(one)), "")
        if suffix:
            name, item = (name, item.removesuffix(suffix)) if item else (name.removesuffix(suffix), "")
        page = self.pages.get(name)
        if lang not in LANGUAGES or page is None or bool(item) != page.item:
            return HTMLResponse(render.message("lost.html", lang if lang in LANGUAGES else self.lang), 404)
        asked = asked_from(lang, dict(request.query_params), item, whole=bool(suffix))
        state = self.watch.state
        try:
            answer = await self.answers.get((state.snapshot, page.name, suffix, asked), lambda: self._make(page, state, asked, suffix))
        except TooMuchError:
            return PlainTextResponse(f"{TEXT[lang]['slow']}\n", 503, {"retry-after": "2"})
        return self._sent(request, answer, f"vigie-{name}-{state.snapshot}{suffix}" if suffix else "")

    def _sent(self, request: Request, answer: Answer, name: str) -> Response:
        packs = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"vary": "accept-encoding", **({"content-encoding": "gzip"} if packs else {}), **({"content-disposition": f'inline; filename="{name}"'} if name else {})}
        return Response(answer.body(packed=packs), answer.status, headers, media_type=f"{answer.kind}; charset=utf-8")

    def _make(self, page: Page, state: State, asked: Asked, suffix: str) -> Answer:
        try:
            with state.alone() if page.alone else contextlib.nullcontext():
                content = page.make(state, asked)
            if suffix == ".json":
                return packed(render.as_json(page, content, state, asked), KINDS[suffix])
            if suffix == ".csv":
                return packed(render.as_csv(content), KINDS[suffix])
            whole = render.html(page, content, state, asked, tuple(self.pages.values()), invented=self.invented, choices=choices(state, asked.lang))
            return packed(whole, KINDS[""])
        except NotThereError:
            return packed(render.message("lost.html", asked.lang), KINDS[""], 404)
        except Exception as error:  # noqa: BLE001
            print(f"vigie: page {page.name or 'home'}: {type(error).__name__}: {safe(error, 1000)}", file=sys.stderr)  # noqa: T201
            return packed(render.message("trouble.html", asked.lang), KINDS[""], 500)

    async def login(self, request: Request) -> Response:
        """Let a browser in: by the token of the terminal, or by name and password."""
        lang = self.language(request)
        client = request.client.host if request.client else ""
        given: dict[str, str] = {}
        if request.method == "POST":
            given = await _form(request)
        elif "token" in request.query_params:
            given = {"token": request.query_params["token"]}
        if not given:
            return HTMLResponse(render.message("login.html", lang, said="", people=bool(self.people)))
        if self.door.tired(client):
            return HTMLResponse(render.message("login.html", lang, said=TEXT[lang]["login_wait"], people=bool(self.people)), 429)
        if not await self._right(given):
            self.door.wrong(client)
            return HTMLResponse(render.message("login.html", lang, said=TEXT[lang]["login_wrong"], people=bool(self.people)), 403)
        # no redirect: a browser that came from elsewhere would follow it without the cookie
        answer = HTMLResponse(render.message("inside.html", lang, home=address(lang, "")))
        answer.set_cookie(COOKIE, self.door.let_in(), max_age=HOURS * 3600, httponly=True, samesite="strict", secure=self.door.secure, path="/")
        return answer

    async def _right(self, given: Mapping[str, str]) -> bool:
        if not self.people:
            return self.door.right(given.get("token", ""))
        async with self._checking:  # each takes 128 MiB for a moment
            return await run_in_threadpool(users.fits, self.people, given.get("user", ""), given.get("password", ""))

    async def logout(self, request: Request) -> Response:
        """Let a browser out."""
        self.door.leave(request.cookies.get(COOKIE, ""))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=self.door.secure)
        return answer

    async def events(self, request: Request) -> Response:
        """Say when another state than `at` is shown."""
        if self.streams >= STREAMS:
            return PlainTextResponse("Too many listen already.\n", 503, {"retry-after": "60"})
        return StreamingResponse(self._stream(request.query_params.get("at", "")[:40]), media_type="text/event-stream")

    async def _stream(self, told: str) -> AsyncIterator[bytes]:
        self.streams += 1
        try:
            yield b"retry: 10000\n\n"
            quiet = 0
            while True:
                state = self.watch.state
                if state.snapshot != told:
                    told = state.snapshot
                    data = json.dumps({"snapshot": told, "attacks": state.facts.count.attacks})
                    yield f"event: snapshot\ndata: {data}\n\n".encode()
                elif quiet % 10 == 9:
                    yield b": still here\n\n"
                quiet += 1
                await asyncio.sleep(2)
        finally:
            self.streams -= 1

    async def static(self, request: Request) -> Response:
        """Style, script and icon."""
        name = request.path_params["name"]
        if name not in STATIC:
            return PlainTextResponse("Not there.\n", 404)
        return self._sent(request, _static(name), "")


def choices(state: State, lang: str) -> dict[str, list[tuple[str, str]]]:
    """What filters can be set to: value and words."""
    by = state.facts.by
    return {
        "family": [(name, family(name, lang)) for name, _ in by["family"]], "country": [(code, country(code, lang)) for code, _ in by["country"]],
        "asset": [(name, name) for name, _ in by["asset"] if name][:50],
    }  # fmt: skip


@cache
def _static(name: str) -> Answer:
    text = (files("vigie.web") / "static" / name).read_text("utf-8")
    return packed(text + (render.stylesheet() if name == "vigie.css" else ""), STATIC[name])


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > FORM:
            return {"": ""}
    found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[0] for name, values in found.items()} or {"": ""}
