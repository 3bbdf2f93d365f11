"""One small archive, one dashboard, one server and one browser for all tests of the web."""

import socket
import threading
import time

import pytest

from dashboard_client import TestClient
from dashboard_world import archived
from vigie.web.app import Dashboard
from vigie.web.guard import Door
from vigie.web.serve import Place, listening, server
from vigie.web.watch import Watch

TOKEN = "a-token-for-tests"


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The archive's folder."""
    folder = tmp_path_factory.mktemp("dashboard")
    key = folder / "key"  # of pseudonyms
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(key))
        patch.setenv("XDG_DATA_HOME", str(key))
        yield archived(folder)


@pytest.fixture(scope="session")
def watch(world):
    made = Watch(world, seconds=3600)
    yield made
    made.end()


@pytest.fixture(scope="session")
def dashboard(watch):
    return Dashboard(watch, Door(TOKEN, frozenset({"testserver", "127.0.0.1"})))


@pytest.fixture
def stranger(dashboard):
    """Somebody who is not in."""
    return TestClient(dashboard.app(), follow_redirects=False)


@pytest.fixture(scope="session")
def client(dashboard):
    """Somebody who is in."""
    made = TestClient(dashboard.app(), follow_redirects=False)
    assert made.get("/login", params={"token": TOKEN}).status_code == 200
    return made


@pytest.fixture(scope="session")
def site(watch):
    """A real server on this machine; gives its address."""
    place = Place(port=0)
    with listening(place) as sock:
        port = sock.getsockname()[1]
        made = Dashboard(watch, Door(TOKEN, place.hosts(port)))
        running = server(made.app(), place)
        running.config.lifespan = "off"  # the state is shared; the test ends it
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not running.started and time.monotonic() < until:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        running.should_exit = True
        thread.join(10)


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
