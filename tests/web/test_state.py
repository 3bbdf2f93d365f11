"""States: one is shown until the next is ready, an old one still answers, and browsers are told of the new."""

import asyncio
import contextlib
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import dashboard_world
from dashboard_client import TestClient
from vigie.web.app import Dashboard
from vigie.web.guard import Door
from vigie.web.watch import Watch

TOKEN = "t"


@pytest.fixture
def moving(tmp_path):
    """An archive that more is read into."""
    archive = dashboard_world.archived(tmp_path, days=3, posts=False)
    made = Watch(archive, seconds=0.05)
    yield made
    made.end()


def more(watch):
    dashboard_world.archived(watch.archive.parent, days=6, posts=False)


def test_a_page_is_of_one_state_while_more_is_read_and_the_next_is_shown_when_it_is_ready(moving):
    client = TestClient(Dashboard(moving, Door(TOKEN, frozenset({"testserver"}))).app())
    client.get("/login", params={"token": TOKEN})
    before = moving.state
    first = client.get("/en/attacks.json").json()
    more(moving)
    assert client.get("/en/count.json").json()["snapshot"] == first["snapshot"]  # the archive has moved on, this state has not
    assert client.get("/en/attack/" + first["list"][0]["attack_id"]).status_code == 200
    moving.start()  # from now on it looks by itself
    until = time.monotonic() + 60
    while moving.state is before and time.monotonic() < until:
        time.sleep(0.1)
    after = client.get("/en/attacks.json").json()
    assert after["snapshot"] != first["snapshot"]
    assert after["attacks"] > first["attacks"]
    assert client.get("/en/count.json").json()["attacks"] == after["attacks"]
    assert before.number("select count(*) from attacks") == first["attacks"]  # whoever still reads the old one is answered


def test_browsers_are_told_of_a_state_that_they_do_not_show(watch):
    board = Dashboard(watch, Door(TOKEN, frozenset({"testserver"})))

    async def told(at):
        stream = board._stream(at)
        parts = [await anext(stream)]
        with contextlib.suppress(TimeoutError):
            parts.append(await asyncio.wait_for(anext(stream), 0.5))
        return b"".join(parts).decode()

    with ThreadPoolExecutor(1) as pool:  # a thread of its own: a browser's loop may run in this one
        other, same = (pool.submit(lambda at=at: asyncio.run(told(at))).result() for at in ("another", watch.state.snapshot))
    assert re.search(r'event: snapshot\ndata: \{"snapshot": "' + watch.state.snapshot + r'", "attacks": \d+\}', other)
    assert "event" not in same


def test_an_archive_of_nothing_but_posts_or_of_nothing_at_all_has_pages_and_no_zeros_for_what_was_not_read(tmp_path):
    logs = tmp_path / "only"
    (logs / "logs").mkdir(parents=True)
    (logs / "logs" / "access.log").write_text(dashboard_world.request(dashboard_world.START, "192.0.2.1", "/"))
    import vigie.cli.verb_read as verb
    from vigie.attacks.settings import Settings
    from vigie.engines.local import Options

    _, _, catalogue = verb.read_paths((str(logs / "logs"),), logs / "archive", Options(workers=1), Settings())
    catalogue.connection.close()
    watch = Watch(logs / "archive")
    own = watch.state.folder
    assert list(own.iterdir())
    try:
        client = TestClient(Dashboard(watch, Door(TOKEN, frozenset({"testserver"}))).app())
        client.get("/login", params={"token": TOKEN})
        from vigie.web.pages.registry import PAGES

        for page in PAGES:
            if not page.item:
                for suffix in ("", ".json", ".csv"):
                    assert client.get(f"/en/{page.name or 'home'}{suffix}").status_code == 200, (page.name, suffix)
        for path in ("doors", "scans", "accounts", "coordination", "rumours"):
            assert re.search("Not watched|Nothing of this kind was read", client.get(f"/en/{path}").text), path
        assert client.get("/en/home.json").json()["count"]["attacks"] == 0
    finally:
        watch.end()
    assert not own.exists()  # a state leaves nothing behind
