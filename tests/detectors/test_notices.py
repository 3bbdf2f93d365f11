"""Error logs: a request that both logs hold is one attack; the server's own words; what must stay silent."""

import pyarrow as pa
import pytest

from conftest import SHARED, batch_of, combined
from vigie.detectors.failed_basic_auth import FAILED_BASIC_AUTH
from vigie.detectors.modsecurity import RULES_SPOKEN, verdicts
from vigie.detectors.registry import detect, tallies, windows
from vigie.records import ACCESS, NOTICE, SIGNAL
from vigie.records.tally import TALLY
from vigie.sources.registry import source_named
from vigie.sources.source import Reading


def rows(name, *lines):
    """Records of lines, as the engine hands them to the detectors."""
    read = source_named(name).read(batch_of([line.encode() + b"\n" if isinstance(line, str) else line for line in lines]), Reading())
    assert read.column("unread").null_count == len(lines), read.column("unread").to_pylist()
    good = read.select(range(read.num_columns - 1))
    return good.append_column("fingerprint", pa.array(range(len(lines)), pa.uint64()))


def nginx(message, request="GET / HTTP/1.1", *, address="192.0.2.7", host="site.example", second=0, connection=7, level="error"):
    return (
        f"2025/09/16 07:20:{second:02d} [{level}] 31#31: *{connection} {message}, client: {address}, server: _, "
        f'request: "{request}", host: "{host}"'
    )


def merged(batch):
    """Tallies sorted as the archive gives them to the windows."""
    table = pa.Table.from_batches([tallies(NOTICE, batch, SIGNAL.empty())], TALLY.schema)
    return table.sort_by([("asset", "ascending"), ("source_address", "ascending"), ("first_seen", "ascending")])


PAYLOADS = [
    "/index.php?id=1%27%20union%20select%201,2,3--%20-",
    "/a/..%2f..%2f..%2f..%2fetc/passwd",
    "/?page=../../../../../../etc/passwd",
    "/s?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/.env",
    "/news/42/?id=1%20and%20sleep(5)",
]


@pytest.mark.parametrize("target", PAYLOADS)
def test_a_request_in_both_logs_is_one_thing(target):
    error = detect(NOTICE, rows("nginx_error", nginx('open() "/srv/x" failed (2: No such file or directory)', f"GET {target} HTTP/1.1")))
    access = detect(ACCESS, rows("combined", combined(target, status=404)))
    facts = ["family", "source_address", "target", "place", "rule"]
    assert access.num_rows
    assert error.select(facts).to_pylist() == access.select(facts).to_pylist()
    assert set(error.column("asset").to_pylist()) == {"site.example"}


def test_garbage_reads_the_same_in_both_logs():
    garbage = "\x16\x03\x01\x02"
    error = detect(NOTICE, rows("nginx_error", nginx("client sent invalid method while reading client request line", garbage, level="info")))
    line = b'192.0.2.7 - - [16/Sep/2025:07:20:00 +0000] "\\x16\\x03\\x01\\x02" 400 157 "-" "-"\n'
    access = detect(ACCESS, rows("combined", line))
    facts = ["family", "source_address", "target", "place", "evidence"]
    assert access.num_rows == 1
    assert error.select(facts).to_pylist() == access.select(facts).to_pylist()


def test_apache_refuses_a_climb_before_it_reaches_the_access_log_s_host():
    target = "/cgi-bin/.%2E/%2E%2E/%2E%2E/%2E%2E/etc/passwd"
    line = f"[Tue Sep 16 07:20:00.203277 2025] [core:error] [pid 7] [client 192.0.2.7:1] AH00126: Invalid URI in request GET {target} HTTP/1.1"
    (signal,) = detect(NOTICE, rows("apache_error", line)).to_pylist()
    access = detect(ACCESS, rows("combined", combined(target, status=400))).to_pylist()
    assert (signal["family"], signal["target"], signal["source_address"]) == ("path_traversal", access[0]["target"], "192.0.2.7")


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("client timed out (110: Connection timed out) while reading client request headers", "availability, another capability's"),
        ('limiting requests, excess: 5.428 by zone "all"', "availability"),
        ("upstream timed out (110: Connection timed out) while reading response header from upstream", "availability"),
        ('user "marie" was not found in "/etc/nginx/htpasswd"', "one failure is a typing error"),
        ('"/srv/www/index.html" is not found (2: No such file or directory)', "a missing page"),
        ("no user/password was provided for basic authentication", "a first visit"),
    ],
)
def test_messages_without_a_signal(message, why):
    batch = rows("nginx_error", nginx(message, "GET /agenda?page=2 HTTP/1.1"))
    assert batch.num_rows == 1
    assert detect(NOTICE, batch).num_rows == 0, why
    assert windows(merged(batch)).num_rows == 0, why


def test_the_sites_own_address_in_front_is_no_probe_for_a_proxy():
    own, other = (rows("nginx_error", nginx("limiting requests", f"POST https://{host}/a HTTP/1.1")) for host in ("SITE.example:443", "proxy.example"))
    assert detect(NOTICE, own).num_rows == 0
    assert detect(NOTICE, other).column("family").to_pylist() == ["proxy_probe"]


def test_a_visitors_words_do_not_become_the_servers():
    said = "PHP%20Fatal%20error:%20Uncaught%20mysqli_sql_exception:%20You%20have%20an%20error%20in%20your%20SQL%20syntax"
    spoken = 'open() "/srv/\\nPHP Fatal error:  You have an error in your SQL syntax" failed (2: No such file or directory)'
    batch = rows("nginx_error", nginx(spoken, f"GET /{said} HTTP/1.1"), nginx("x", "GET /?PHP Warning:  eval()'d code HTTP/1.1"))
    assert "message" not in detect(NOTICE, batch).column("place").to_pylist()


def test_an_sql_error_stands_in_the_place_of_its_request():
    message = 'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught mysqli_sql_exception: You have an error in your SQL syntax" while reading response header from upstream'
    (signal,) = detect(NOTICE, rows("nginx_error", nginx(message, "POST /article.php?id=5 HTTP/1.1"))).to_pylist()
    assert (signal["family"], signal["target"], signal["place"], signal["kind"]) == ("sql_injection", "/article.php", "message", "database_error")
    assert signal["evidence"].startswith("FastCGI sent in stderr")


def test_the_servers_words_and_the_request_speak_side_by_side_in_the_order_of_the_lines():
    message = 'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught mysqli_sql_exception: You have an error in your SQL syntax" while reading'
    request = "GET /a.php?id=1%27%20union%20select%201,2,3--%20- HTTP/1.1"
    found = detect(NOTICE, rows("nginx_error", nginx(message), nginx("x", request), nginx(message, request), nginx("x"))).to_pylist()
    offsets = sorted({one["byte_offset"] for one in found})
    assert [(offsets.index(one["byte_offset"]), one["family"], one["place"], one["target"]) for one in found] == [
        (0, "sql_injection", "message", "/"), (1, "sql_injection", "query", "/a.php ?id"),
        (2, "sql_injection", "query", "/a.php ?id"), (2, "sql_injection", "message", "/a.php")]  # fmt: skip


def firewall(rule, tag, variable="ARGS:id", *, unique="1758.1", severity="2", address="192.0.2.7", request="GET /a.php?id=1%27 HTTP/1.1", second=0):
    message = (
        f"ModSecurity: Warning. Matched \"Operator `Rx' with parameter `x' against variable `{variable}' (Value: `1'' ) "
        f'[file "/etc/crs/{rule}.conf"] [line "29"] [id "{rule}"] [rev ""] [msg "m"] [data "d"] [severity "{severity}"] [ver "OWASP_CRS/4"] '
        f'[tag "application-multi"] [tag "{tag}"] [hostname "10.0.0.1"] [uri "/a.php"] [unique_id "{unique}"] [ref "v1,2"]'
    )
    return nginx(message, request, address=address, second=second, level="info")


def said(*lines, name="nginx_error"):
    return windows(merged(rows(name, *lines))).to_pylist()


def test_the_many_lines_of_one_request_are_one_signal_wherever_the_batch_is_cut():
    lines = [firewall(942100, "attack-sqli"), firewall(942190, "attack-sqli", "REQUEST_URI"), firewall(932160, "attack-rce"),
             firewall(949110, "attack-generic", "TX:ANOMALY_SCORE"), firewall(942100, "attack-sqli", unique="1758.2")]  # fmt: skip
    signals = said(*lines)
    assert [(s["family"], s["target"], s["source_address"], s["asset"], s["records"]) for s in signals] == [
        ("sql_injection", "/a.php ?id", "192.0.2.7", "site.example", 2), ("sql_injection", "/a.php ?id", "192.0.2.7", "site.example", 1)]  # fmt: skip
    batch = rows("nginx_error", *lines)
    for at in range(1, len(lines)):
        parts = [RULES_SPOKEN.count(part) for part in (batch.slice(0, at), batch.slice(at))]
        table = pa.Table.from_batches([p for p in parts if p.num_rows], TALLY.schema)
        again = verdicts(table.sort_by([("first_seen", "ascending"), ("byte_offset", "ascending")])).to_pylist()
        assert [(s["family"], s["target"], s["records"], s["evidence"]) for s in again] == [(s["family"], s["target"], s["records"], s["evidence"]) for s in signals]
    assert detect(NOTICE, batch).num_rows == 0


def test_the_firewalls_place_is_the_access_logs():
    target = "/?foo=../../../../../../../../etc/passwd"
    (signal,) = said(firewall(930120, "attack-lfi", "ARGS:foo", request=f"GET {target} HTTP/1.1"))
    access = detect(ACCESS, rows("combined", combined(target))).to_pylist()
    assert (signal["family"], signal["target"]) in {(one["family"], one["target"]) for one in access}


@pytest.mark.parametrize(
    ("rule", "tag", "family"),
    [
        (942100, "attack-sqli", "sql_injection"), (941100, "attack-xss", "cross_site_scripting"), (930110, "attack-lfi", "path_traversal"),
        (930130, "attack-lfi", "secret_probe"), (931100, "attack-rfi", "file_inclusion"), (932100, "attack-rce", "command_injection"),
        (933100, "attack-injection-php", "command_injection"), (934110, "attack-ssrf", "request_forgery"), (913100, "attack-reputation-scanner", "content_discovery"),
        (920350, "attack-protocol", "protocol_abuse"), (77001, "attack-sqli", "sql_injection"),
        (950120, "WEB_ATTACK/SQL_INJECTION", "sql_injection"),
    ],
)  # fmt: skip
def test_tags_name_families(rule, tag, family):
    assert [signal["family"] for signal in said(firewall(rule, tag))] == [family]


@pytest.mark.parametrize(("rule", "tag"), [(949110, "attack-generic"), (980130, "event-correlation"), (959100, "attack-generic"), (955003, "mine"), (951110, "attack-disclosure")])
def test_scores_and_leaks_are_no_signal(rule, tag):
    assert said(firewall(rule, tag, "TX:ANOMALY_SCORE", request="GET /?id=1%27%20union%20select%201 HTTP/1.1")) == []


def test_apaches_modsecurity():
    line = (
        '[Tue Sep 16 07:20:00.1 2025] [:error] [pid 1] [client 192.0.2.7:1] [client 192.0.2.7] ModSecurity: Warning. detected SQLi using libinjection [file "/etc/crs/942.conf"] '
        '[line "1"] [id "942100"] [msg "SQL Injection Attack"] [data "Matched Data: s&1 found within ARGS:id: 1"] [severity "CRITICAL"] [tag "attack-sqli"] '
        '[hostname "www.site.example"] [uri "/news/42/a.php"] [unique_id "aMjAAA@x-1"]'
    )
    (signal,) = said(line, name="apache_error")
    assert (signal["family"], signal["target"], signal["asset"], signal["source_address"]) == ("sql_injection", "/news/{n}/a.php ?id", "www.site.example", "192.0.2.7")


def test_coraza_speaks_the_same_words():
    line = (
        '{"level":"error","ts":1758000001,"logger":"http.handlers.waf","msg":"[client \\"192.0.2.7\\"] Coraza: Warning. x [file \\"crs/942.conf\\"] [line \\"12\\"] [id \\"942100\\"] '
        '[data \\"found within ARGS:id: 1\\"] [severity \\"critical\\"] [tag \\"attack-sqli\\"] [hostname \\"\\"] [uri \\"/a?id=1%27\\"] [unique_id \\"Xy1\\"]\\n"}'
    )
    (signal,) = said(line, name="caddy_error")
    assert (signal["family"], signal["target"], signal["source_address"]) == ("sql_injection", "/a ?id", "192.0.2.7")
    assert signal["confidence"] > 0.7


@pytest.mark.parametrize(
    ("name", "line", "user", "target"),
    [
        ("nginx_error", nginx('user "marie" was not found in "/etc/nginx/htpasswd"', "GET /admin/ HTTP/1.1"), "marie", "/admin"),
        ("nginx_error", nginx('user "marie": password mismatch', "GET /admin/x HTTP/1.1"), "marie", "/admin/x"),
        ("apache_error", "[Tue Sep 16 07:20:00.1 2025] [auth_basic:error] [pid 1] [client 192.0.2.7:1] AH01618: user marie not found: /admin", "marie", "/admin"),
        ("apache_error", '[Tue Sep 16 07:20:00.1 2025] [auth_basic:error] [pid 1] [client 192.0.2.7:1] AH01617: user marie: authentication failure for "/admin": Password Mismatch', "marie", "/admin"),
        ("apache_error", '[Tue Sep 16 07:20:00 2025] [error] [client 192.0.2.7] user marie: authentication failure for "/admin": Password Mismatch', "marie", "/admin"),
        ("litespeed_error", "2025-09-16 07:20:01.000001 [INFO] [1] [192.0.2.7:61120-5#site.example] User 'marie' failed to authenticate.", "marie", "-"),
        ("litespeed_error", "2025-09-16 07:20:01.000001 [NOTICE] [1] [192.0.2.7:4:HTTP2-41#_AdminVHost] [STDERR] [WebAdmin Console] Failed Login Attempt - username:marie ip:192.0.2.7 url:", "marie", "-"),
    ],
)  # fmt: skip
def test_failed_log_ins_count_and_many_of_them_are_guessing(name, line, user, target):
    counted = FAILED_BASIC_AUTH.count(rows(name, line)).to_pylist()
    assert [(row["key"], row["source_address"], row["count"]) for row in counted] == [(user, "192.0.2.7", 1)]
    assert said(*[line] * 4, name=name) == []
    (signal,) = said(*[line] * 5, name=name)
    assert (signal["family"], signal["kind"], signal["records"], signal["target"]) == ("login_guessing", "basic_auth", 5, target)


def test_real_bursts_of_failed_log_ins_are_found():
    folder = SHARED / "web" / "crowdsec_tests"
    if not folder.exists():  # the development data is not part of the project
        return
    for test, name in (("nginx-http-generic-bf", "nginx_error"), ("litespeed-admin-bf", "litespeed_error")):
        lines = [line for line in (folder / test / f"{test}.log").read_bytes().splitlines(keepends=True) if line[:2] == b"20"]
        found = windows(merged(rows(name, *lines))).to_pylist()
        assert {(one["family"], one["kind"]) for one in found} == {("login_guessing", "basic_auth")}, test
