"""From files to the count: what stands in the access log and in the error log is counted once."""

import json

import pytest

from conftest import combined

TARGET = "/a.php?id=1%27%20union%20select%201,2,3--%20-"


def error(message, second, target=TARGET, address="192.0.2.7"):
    return f'2025/09/16 09:20:{second:02d} [error] 31#31: *7 {message}, client: {address}, server: _, request: "GET {target} HTTP/1.1", host: "site.example"\n'


def rule(number, tag, second):
    return error(
        f'ModSecurity: Warning. Matched "x" against variable `ARGS:id\' (Value: `1\' ) [file "crs.conf"] [line "1"] [id "{number}"] [severity "2"] '
        f'[tag "{tag}"] [uri "/a.php"] [unique_id "17.{second}"] [ref ""]', second)  # fmt: skip


@pytest.mark.parametrize("arguments", [(), ("--host", "site.example")], ids=["a log without its host", "a log whose host the user names"])
def test_a_request_in_the_access_log_and_in_the_error_log_is_one_attack(vigie, tmp_path, arguments):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "access.log").write_bytes(b"".join(combined(TARGET, time=f"16/Sep/2025:09:20:{s:02d} +0200", status=500) for s in range(3)))
    said = 'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught mysqli_sql_exception: You have an error in your SQL syntax" while reading'
    lines = [text for s in range(3) for text in (rule(942100, "attack-sqli", s), rule(932160, "attack-rce", s), rule(942190, "attack-sqli", s), error(said, s))]
    (logs / "error.log").write_text("".join(lines))
    vigie("read", logs, "--tz", "Europe/Paris", *arguments)
    count = json.loads(vigie("count", "--json"))
    assert count["attacks"] == 1
    (attack,) = json.loads("[" + ",".join(vigie("show", "attacks", "--json").strip().splitlines()) + "]")
    assert (attack["family"], attack["asset"], attack["sources"]) == ("sql_injection", "site.example", 1)
    detectors = {row.split()[0] for row in vigie("sql", "select distinct detector from signals").splitlines()}
    assert detectors == {"sql_injection.request", "sql_injection.server_error", "modsecurity.verdict"}


def test_an_error_that_names_nobody_is_shown_and_does_not_count_twice(vigie, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "access.log").write_bytes(combined(TARGET, time="16/Sep/2025:09:20:00 +0200", status=500))
    head = '2025/09/16 09:20:00 [error] 31#31: *7 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught mysqli_sql_exception: You have an error in your SQL syntax in /srv/a.php:3'
    (logs / "error.log").write_text(head + '\nStack trace:\n#0 /srv/a.php(3): mysqli->query()\n' + error('  thrown in /srv/a.php on line 3" while reading', 0)[39:])
    vigie("read", logs, "--tz", "Europe/Paris")
    assert json.loads(vigie("count", "--json"))["attacks"] == 1
    aside = [line for line in vigie("sql", "select detector, set_aside from signals where set_aside is not null").splitlines() if line]
    assert len(aside) == 1 and aside[0].startswith("sql_injection.server_error") and "too weak" in aside[0]
    assert "continues the message" in vigie("show", "unread")


def test_an_error_log_alone_tells_of_guessed_passwords_and_quotes_the_lines(vigie, tmp_path):
    log = tmp_path / "error.log"
    log.write_text("".join(error('user "marie" was not found in "/etc/nginx/htpasswd"', s, "/admin/") for s in range(12)))
    vigie("read", log)
    (attack,) = [json.loads(line) for line in vigie("show", "attacks", "--json").splitlines()]
    assert (attack["family"], attack["kind"], attack["records"]) == ("login_guessing", "basic_auth", 12)
    assert 'user "marie" was not found' in vigie("explain", attack["attack_id"])
