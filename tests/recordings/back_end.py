"""A small site that saturates: a fixed number of workers, pages that cost time, a search that costs much.

Each worker accepts, answers and closes one connection at a time, as a pool of PHP or WSGI workers does. What a client
gave up on is still worked off, because a worker cannot see that before it answers.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import socket
import threading
import time

BACKLOG = 96
"""Connections that the kernel holds for the workers."""


def page(path: str) -> bytes:
    """The HTML of a path: always the same for the same path, 4 to 16 kB."""
    chance = random.Random(path)
    words = " ".join(chance.choice(("meeting", "members", "square", "paper", "reading", "local")) for _ in range(chance.randint(500, 2000)))
    return f"<!doctype html><title>{hashlib.sha256(path.encode()).hexdigest()[:8]}</title><p>{words}</p>\n".encode()


def answer(connection: socket.socket, cost: dict[str, float]) -> None:
    """Read one request, spend what its page costs, and answer."""
    connection.settimeout(5)
    head = b""
    while b"\r\n\r\n" not in head and len(head) < 16_384:
        got = connection.recv(4096)
        if not got:
            return
        head += got
    target = head.split(b" ", 2)[1].decode("ascii", "replace")
    path, _, query = target.partition("?")
    kind = "search" if query.startswith("s=") else "home" if path == "/" else "page"
    time.sleep(cost[kind] * random.uniform(0.8, 1.2))
    body = page(path)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if tag.encode() in head:
        connection.sendall(f"HTTP/1.0 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode())
        return
    found = "404 Not Found" if path.startswith("/wp-") else "200 OK"
    connection.sendall(f"HTTP/1.0 {found}\r\nContent-Type: text/html\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def work(listener: socket.socket, cost: dict[str, float]) -> None:
    """One worker, for ever."""
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError, IndexError):
            answer(connection, cost)


def main() -> None:
    """Serve until terminated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    for kind in ("page", "home", "search"):
        parser.add_argument(f"--{kind}", type=float, required=True, help="seconds")
    told = parser.parse_args()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", told.port))
    listener.listen(BACKLOG)
    cost = {"page": told.page, "home": told.home, "search": told.search}
    for _ in range(told.workers):
        threading.Thread(target=work, args=(listener, cost), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
