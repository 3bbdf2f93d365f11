"""A small site on loopback for tools to be let loose on: one page that can be injected, one that cannot, a search, a form, a log-in page.

Never to be reached from elsewhere: it is vulnerable on purpose, with three made-up articles in memory behind it.
"""

from __future__ import annotations

import html
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

LINKS = "".join(f'<li><a href="{to}">{to}</a>' for to in ("/article?id=1", "/article?id=2", "/page?p=2", "/search?s=march", "/contact", "/wp-login.php"))
FORM = '<form method="post" action="/contact"><input name="name"><input name="message"><input type="submit" value="Send"></form>'
SEARCH = '<form action="/search"><input name="s"></form>'
LOGIN = '<form method="post" action="/wp-login.php"><input name="log"><input name="pwd" type="password"></form>'
ARTICLES = ((1, "Open meeting", "Tuesday at seven."), (2, "Spring march", "At the square."), (3, "Members", "How to join."))


def article(number: str) -> tuple[int, str]:
    """The page that can be injected: what is asked goes into the statement as it is."""
    with sqlite3.connect(":memory:") as kept:
        kept.execute("create table articles (id integer, title text, body text)")
        kept.executemany("insert into articles values (?, ?, ?)", ARTICLES)
        try:
            rows = kept.execute(f"select title, body from articles where id = {number}").fetchmany(5)
        except (sqlite3.Error, sqlite3.Warning, ValueError, UnicodeError) as error:
            return 500, f"SQLite error: {html.escape(str(error))}"
    return (200, "".join(f"<h2>{title}</h2><p>{body}" for title, body in rows)) if rows else (404, "No such article")


def answer(method: str, target: str) -> tuple[int, str]:
    """Status and page of a request."""
    path, _, query = target.partition("?")
    asked = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True, errors="replace").items()}
    pages = {
        "/": lambda: (200, f"<h1>Our group</h1><ul>{LINKS}</ul>{SEARCH}"),
        "/article": lambda: article(asked.get("id", "1")),
        "/page": lambda: (200, f"<h1>Page</h1><p>{'words ' * 40}"),
        "/search": lambda: (200, f"<h1>Found nothing for {asked.get('s', '')}</h1>{SEARCH}"),
        "/contact": lambda: (200, "<p>Thank you" if method == "POST" else FORM),
        "/wp-login.php": lambda: (200, ("<p>The password is incorrect" if method == "POST" else "") + LOGIN),
        "/xmlrpc.php": lambda: (200, "<methodResponse/>") if method == "POST" else (405, "XML-RPC server accepts POST requests only."),
    }
    return pages[path]() if path in pages else (404, "<h1>Not here</h1>")


class Visitor(BaseHTTPRequestHandler):
    """One connection from nginx."""

    def log_message(self, *_: object) -> None:
        """nginx keeps the log."""

    def _answer(self) -> None:
        self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 1 << 20))
        status, text = answer(self.command, self.path)
        body = f"<!doctype html><title>Our group</title>{text}\n".encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_OPTIONS = do_PUT = _answer  # noqa: N815 - names that the library asks for


if __name__ == "__main__":
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Visitor).serve_forever()
