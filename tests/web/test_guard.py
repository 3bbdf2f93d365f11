"""Who may ask, by what name of the machine, and what answers forbid the browser."""

import pytest

from dashboard_client import TestClient
from vigie.web.app import Dashboard
from vigie.web.guard import FAILURES, HOURS, Door
from vigie.web.users import hashed

TOKEN = "a-token-for-tests"
INSIDE = ("/", "/en/", "/fr/count", "/en/attack/a000000000000000")


@pytest.mark.parametrize("path", INSIDE)
def test_nothing_is_shown_to_a_stranger(stranger, path):
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize("path", ["/en/home.json", "/en/attacks.csv", "/events"])
def test_a_stranger_s_program_is_told_so(stranger, path):
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "testserver:81", "", "localhost"])
def test_another_name_of_this_machine_is_refused_even_with_the_token(stranger, host):
    answer = stranger.get("/login", params={"token": TOKEN}, headers={"host": host})
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_everything_is_read_only(client, method):
    assert client.request(method, "/en/count").status_code == 405


def test_the_right_token_lets_in_by_a_cookie_that_scripts_and_other_sites_do_not_get(stranger):
    answer = stranger.get("/login", params={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 200
    assert TOKEN not in cookie
    for word in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert word in cookie
    assert stranger.get("/en/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "é", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_a_wrong_token_does_not(stranger, token):
    answer = stranger.get("/login", params={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert stranger.get("/en/").status_code == 303


def test_leaving_ends_it(stranger):
    stranger.get("/login", params={"token": TOKEN})
    cookie = stranger.cookies["vigie"]
    assert stranger.post("/logout").status_code == 303
    assert stranger.get("/en/", headers={"cookie": f"vigie={cookie}"}).status_code == 303


def test_a_form_of_another_site_is_refused(stranger):
    assert stranger.post("/login", data={"token": TOKEN}, headers={"origin": "http://evil.example"}).status_code == 403
    assert stranger.post("/login", data={"token": TOKEN}, headers={"origin": "http://testserver"}).status_code == 200


def test_whoever_guesses_waits_and_then_may_try_again(watch):
    now = [0.0]
    door = Door(TOKEN, frozenset({"testserver"}), clock=lambda: now[0])
    made = TestClient(Dashboard(watch, door).app(), follow_redirects=False)
    assert [made.get("/login", params={"token": "wrong"}).status_code for _ in range(FAILURES)] == [403] * FAILURES
    assert made.get("/login", params={"token": TOKEN}).status_code == 429
    now[0] += 61
    assert made.get("/login", params={"token": TOKEN}).status_code == 200
    now[0] += HOURS * 3600 + 1
    assert made.get("/en/").status_code == 303


def test_users_log_in_by_name_where_there_are_users(watch, monkeypatch):
    from vigie.web import users

    monkeypatch.setattr(users, "COST", (1 << 12, 8, 1))
    people = {"marie": hashed("marie", "a very long password")}
    made = TestClient(Dashboard(watch, Door("", frozenset({"testserver"}), secure=True), people=people).app(), follow_redirects=False, base_url="https://testserver")
    assert made.get("/login", params={"token": ""}).status_code == 403
    assert made.post("/login", data={"user": "marie", "password": "no"}).status_code == 403
    answer = made.post("/login", data={"user": "marie", "password": "a very long password"})
    assert answer.status_code == 200
    assert "Secure" in answer.headers["set-cookie"]
    assert made.get("/en/").status_code == 200
    assert "max-age" in made.get("/en/").headers["strict-transport-security"]


def test_a_form_too_large_is_no_form(stranger):
    assert stranger.post("/login", content=b"token=" + b"x" * 10_000).status_code == 403


@pytest.mark.parametrize("path", ["/login", "/en/", "/en/home.json", "/static/vigie.css", "/en/nothing", "/"])
def test_every_answer_forbids_all_that_is_not_this_server_s(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert all(value in ("'self'", "'none'") for value in policy.values())
    assert {"script-src", "style-src", "frame-ancestors", "base-uri", "form-action"} <= set(policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_no_page_of_ours_needs_what_the_policy_forbids(client):
    text = client.get("/en/").text
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick" not in text
    assert "<script>" not in text
