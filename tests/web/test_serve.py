"""Where the dashboard may listen, and the command as a person types it."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from vigie.web.serve import NotSafeError, Place, listening, taken
from vigie.web.users import add_user


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_this_machine_needs_nothing(host):
    assert Place(host).loopback
    assert Place(host).people() == {}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "dashboard.example", "127.0.0.1.example"])
def test_any_other_needs_tls_and_users(host, tmp_path, monkeypatch):
    from vigie.web import users

    monkeypatch.setattr(users, "COST", (1 << 12, 8, 1))
    file = tmp_path / "users"
    add_user(file, "marie", "a very long password")
    for place in (Place(host), Place(host, certificate="c", key="k"), Place(host, users=str(file)), Place(host, certificate="c", users=str(file))):
        with pytest.raises(NotSafeError):
            place.people()
    assert set(Place(host, certificate="c", key="k", users=str(file)).people()) == {"marie"}


def test_an_empty_list_of_users_opens_nothing(tmp_path):
    file = tmp_path / "users"
    file.touch(0o600)
    with pytest.raises(NotSafeError, match="names no user"):
        Place(users=str(file)).people()


def test_the_names_that_a_browser_may_use():
    assert Place(port=8400).hosts(8400) == {"127.0.0.1:8400", "localhost:8400", "[::1]:8400"}
    assert Place("0.0.0.0", names=("Board.example",), certificate="c").hosts(443) == {"board.example:443", "board.example"}
    assert Place("0.0.0.0").hosts(8400) == frozenset()
    assert Place("::1").address(8400) == "http://[::1]:8400"
    assert Place("0.0.0.0", names=("board.example",), certificate="c").address(443) == "https://board.example:443"


def test_a_port_that_is_taken_is_told():
    with listening(Place(port=0)) as sock:
        assert taken(Place(port=sock.getsockname()[1]))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
    assert not taken(Place(port=free))


def test_the_command_serves_until_it_is_interrupted_and_its_link_opens(world):
    command = [sys.executable, "-m", "vigie.cli.main", "serve", "--archive", world, "--port", "0", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        try:
            link = re.search(r"http://127\.0\.0\.1:\d+/login\?token=[\w-]{30,}", process.stdout.readline().decode())[0]
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            assert b"You are in" in opener.open(urllib.request.Request(link, headers={"Accept-Language": "en"})).read()
            page = opener.open(link.partition("/login")[0] + "/en/").read().decode()
            assert "This morning" in page
        finally:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
    assert b"Traceback" not in told


def test_the_command_refuses_to_be_open_to_all(vigie, world):
    vigie("serve", "--archive", world, "--host", "0.0.0.0", code=2)
    assert "--tls-cert" in vigie.err
    vigie("serve", "--add-user", "marie", code=2)
    vigie("serve", "--archive", vigie.folder / "none", code=3)


def test_pages_over_tls_for_users_only(watch, tmp_path, monkeypatch):
    """Bound elsewhere: TLS, names and passwords, no token."""
    import ssl
    import threading
    import time

    from vigie.web import users
    from vigie.web.app import Dashboard
    from vigie.web.guard import Door
    from vigie.web.serve import server

    monkeypatch.setattr(users, "COST", (1 << 12, 8, 1))
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=board.example", "-addext", "subjectAltName=DNS:localhost"],
        capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    file = tmp_path / "users"
    add_user(file, "marie", "a very long password")
    place = Place("0.0.0.0", 0, ("localhost",), str(certificate), str(key), str(file))
    with listening(place) as sock:
        port = sock.getsockname()[1]
        running = server(Dashboard(watch, Door("", place.hosts(port), secure=True), people=place.people()).app(), place)
        running.config.lifespan = "off"  # the state is shared
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not running.started and time.monotonic() < until:
            time.sleep(0.02)
        trusted = ssl.create_default_context(cafile=certificate)
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.HTTPSHandler(context=trusted))
        opener.open(f"https://localhost:{port}/login", b"user=marie&password=a very long password")
        assert b"data-snapshot" in opener.open(f"https://localhost:{port}/en/").read()
        running.should_exit = True
        thread.join(10)


@pytest.mark.parametrize("busy", [False, True])
def test_the_demo_offers_the_dashboard_on_a_port_that_is_free(monkeypatch, tmp_path, busy):
    from vigie.cli import verb_demo, verb_serve
    from vigie.web import serve

    served = []
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    monkeypatch.setattr(verb_serve, "run", lambda *given: served.append(given))
    monkeypatch.setattr(serve, "taken", lambda _: busy)
    verb_demo._offer(tmp_path, "fr")
    assert served == [(tmp_path / "archive", Place(port=0) if busy else Place(), (), "fr")]


def test_the_demo_ends_by_itself_where_nobody_sits(monkeypatch, tmp_path):
    from vigie.cli import verb_demo, verb_serve

    served = []
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    monkeypatch.setattr(verb_serve, "run", lambda *given: served.append(given))
    verb_demo._offer(tmp_path, "en")
    assert served == []


def test_the_first_page_is_made_once_to_see_whether_it_can_be(vigie, world):
    assert "The first page of state" in vigie("serve", "--check", "--archive", world, "--lang", "en")
