"""The lane of the doors as a user meets it: from a database's log to the raw line, in English and French, and what the doctor says."""

import json

import pytest


def line(seconds, pid, source, said, user="root@shop"):
    return f"2017-01-15 10:00:{seconds:06.3f} UTC [{pid}] {source} {user} {said}\n"


def guess(seconds, pid, source, user="root"):
    return line(seconds, pid, source, f'FATAL:  password authentication failed for user "{user}"', f"{user}@shop")


@pytest.fixture
def log(tmp_path):
    """Six guesses (one of them tried again in clear), then in; the website's own host before and behind."""
    lines = [line(n, 50 + n, f"192.0.2.80({5000 + n})", "LOG:  connection received: host=192.0.2.80 port=5000", "[unknown]@[unknown]") for n in range(6)]
    lines += [line(n + 0.1, 50 + n, f"192.0.2.80({5000 + n})", "LOG:  connection authorized: user=web database=shop", "web@shop") for n in range(6)]
    lines += [guess(10 + n, 70 + n, f"203.0.113.9({4000 + n})") for n in range(6)] + [guess(15.06, 80, "203.0.113.9(4009)")]
    lines += [line(20, 90, "203.0.113.9(4100)", "LOG:  connection authorized: user=root database=shop")]
    path = tmp_path / "postgresql.log"
    path.write_text("".join(sorted(lines)))
    return path


def test_from_the_count_down_to_the_raw_line(vigie, log):
    vigie("read", log)
    said = vigie("count")
    assert "At the doors of the databases" in said
    assert "a valid credential used from outside (1 source)" in said
    assert "Guessed passwords: 6 to 7." in said
    (door,) = [json.loads(row) for row in vigie("show", "doors", "--json").splitlines()]
    assert (door["danger"], door["kind"], door["source"], door["tried"], door["accounts"]) == (7, "success_after_failures", "203.0.113.9", "6-7", ["root"])
    said = vigie("explain", door["door_id"])
    assert "Danger 7 of 7" in said
    assert "because: a log-in worked after failures" in said.lower()
    assert '| 2017-01-15 10:00:20.000 UTC [90] 203.0.113.9(4100) root@shop LOG:  connection authorized: user=root database=shop' in said
    assert json.loads(vigie("explain", door["door_id"], "--json"))["door"]["guesses"] == 6
    assert json.loads(vigie("count", "--json"))["doors"]["database_access"]["by_danger"] == [{"danger": 7, "attacks": 1, "known": 1, "unknown": 0}]


def test_in_french(vigie, log):
    vigie("read", log)
    assert "Aux portes des bases de données" in vigie("count", "--lang", "fr")
    assert "un identifiant valide utilisé de l'extérieur" in vigie("show", "doors", "--lang", "fr")
    assert "Rien ne manque" not in vigie("doctor", "--lang", "fr")


def test_networks_named_once_stay_named(vigie, log):
    vigie("read", "--ours", "203.0.113.0/24", log)
    assert vigie("show", "doors", "--csv").count("\n") == 2  # its own failures, set aside
    assert json.loads(vigie("count", "--json"))["attacks"] == 0
    assert "0," in vigie("show", "doors", "--set-aside", "--csv").splitlines()[1]
    assert json.loads(vigie("doctor", "--json"))["exposed"] == []


def test_the_doctor_on_a_log_without_addresses(vigie, tmp_path):
    path = tmp_path / "default.log"
    path.write_text("".join(f'2017-01-15 10:00:{n:02d}.000 UTC [{n}] root@shop FATAL:  password authentication failed for user "root"\n' for n in range(9)))
    vigie("read", path)
    assert "source unknown" in vigie("show", "attacks")
    said = vigie("doctor")
    assert "log_connections = on" in said
    assert "log_line_prefix = '%m [%p] %r %q%u@%d '" in said
    gaps = json.loads(vigie("doctor", "--json"))["gaps"]
    assert [gap["what"] for gap in gaps] == ["postgresql_connections", "postgresql_address", "firewall_doors"]
    assert all(gap["paste"] and gap["cannot_show"] for gap in gaps)


def test_an_archive_without_doors_says_nothing_of_them(vigie, tmp_path):
    path = tmp_path / "access.log"
    path.write_text('192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n' * 3)
    vigie("read", path)
    assert "doors" not in vigie("count")
    vigie("show", "doors")
    assert "no doors" in vigie.err
    assert "$request_time" in vigie("doctor")
