"""`--layout`, `--format` and `--tz` as a user types them: read and test, good errors, honest exit codes."""

import gzip
import json

import pytest

from conftest import combined

TIMED = 'log_format timed \'$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time\';'
ATTACK = "/a?id=1%27%20union%20select%201,2,3--%20"


def timed(*targets):
    return b"".join(combined(target).rstrip(b"\n") + b" 0.120\n" for target in targets)


def test_read_takes_a_pasted_layout(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(timed("/", ATTACK, "/b") + b"not such a line\n")
    out = json.loads(vigie("read", "--layout", TIMED, tmp_path / "a.log", "--json"))
    assert (out["lines"], out["records"], out["unread"], out["attacks"]) == (4, 3, 1, 1)
    assert "a.log: nginx layout, 3 of 4 lines read, 1 unread" in vigie.err


def test_read_takes_a_layout_for_lines_that_syslog_carries_and_gzip_packs(vigie, tmp_path):
    lines = b"".join(b"Sep 15 16:13:46 web1 nginx[1]: " + line + b"\n" for line in timed("/", ATTACK).splitlines())
    (tmp_path / "a.log.gz").write_bytes(gzip.compress(lines))
    out = json.loads(vigie("read", "--layout", TIMED, tmp_path / "a.log.gz", "--json"))
    assert (out["records"], out["unread"], out["attacks"]) == (2, 0, 1)


def test_a_layout_of_another_server_reads_nothing_and_says_where_it_stops(vigie, tmp_path):
    (tmp_path / "a.log").write_bytes(timed("/", "/b"))
    vigie("read", "--layout", "$remote_addr|$time_local|$request", tmp_path / "a.log", code=3)
    assert "does not fit at character" in vigie.err
    assert "nothing could be read" in vigie.err


@pytest.mark.parametrize("verb", ["read", "test"])
@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--layout", "%h %Y %t"], "'%Y' is no Apache directive"),
        (["--layout", "$remote_addr"], "holds no time"),
        (["--layout", "main"], "'main' is no layout"),
        (["--tz", "Mars/Olympus"], "no time zone is called 'Mars/Olympus'"),
        (["--format", "nginxx"], "no format is called 'nginxx'"),
    ],
)
def test_what_cannot_be_used_is_named(vigie, tmp_path, verb, options, named):
    (tmp_path / "a.log").write_bytes(timed("/"))
    vigie(verb, *options, tmp_path / "a.log" if verb == "read" else timed("/").decode().strip(), code=2)
    assert named in vigie.err


def test_test_shows_what_a_layout_makes_of_a_line(vigie):
    out = json.loads(vigie("test", "--json", "--layout", TIMED, timed(ATTACK).decode().strip()))
    assert out["fields"]["event_duration"] == 120_000
    assert [one["family"] for one in out["signals"]] == ["sql_injection"]


def test_times_without_a_zone_are_in_the_zone_that_is_named(vigie, tmp_path):
    line = '192.0.2.10:1 [31/Mar/2024:02:30:00.001] www a/b 0/0/0/1/1 200 5 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"\n'
    (tmp_path / "haproxy.log").write_text(line * 3)
    out = json.loads(vigie("read", "--tz", "Europe/Paris", tmp_path / "haproxy.log", "--json"))
    assert (out["records"], out["period"]["from"][:19]) == (3, "2024-03-31T01:30:00")
    shown = json.loads(vigie("test", "--json", "--tz", "-05:00", line.strip()))
    assert shown["fields"]["seen_at"].startswith("2024-03-31T07:30:00")
