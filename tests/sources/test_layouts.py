"""Layouts: whatever log_format or LogFormat is pasted becomes a reader, or an error that names the token."""

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import batch_of, combined
from vigie.sources import apache, apache_layout, known_layouts, nginx, nginx_layout
from vigie.sources.apache_layout import apache_layouts
from vigie.sources.clients import real_clients
from vigie.sources.layout import LayoutError
from vigie.sources.layout_misfit import misfit
from vigie.sources.layout_source import apache_compiled, nginx_compiled
from vigie.sources.nginx_layout import nginx_layouts
from vigie.sources.registry import format_of_layout, recognise
from vigie.sources.source import Reading

LINE = '192.0.2.7 [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200'
NGINX = '$remote_addr [$time_local] "$request" $status'
APACHE = '%h %t "%r" %>s'


def read(source, layout, *lines, **reading):
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return source.read(batch_of([line + b"\n" for line in raw]), Reading(layout=layout, **reading)).to_pylist()


@pytest.mark.parametrize(
    "pasted",
    [
        NGINX,
        f"'{NGINX}'",
        f"'{NGINX}';",
        f"log_format main '{NGINX}';",
        "log_format  main  escape=default\n    '$remote_addr [$time_local] '\n    '\"$request\" $status'  # the usual\n;",
        "log_format main $remote_addr ' [' $time_local '] \"$request\" ' $status;",
        "    log_format main \"$remote_addr [$time_local] \\\"$request\\\" $status\";",
        f"http {{ access_log logs/a.log main; log_format main '{NGINX}'; log_format other '$msec $uri'; }}",
        f"'{NGINX}'".replace("$status", "${status}"),
    ],
)
def test_nginx_layouts_as_they_are_pasted(pasted):
    assert format_of_layout(pasted) == "nginx"
    (row,) = read(nginx, pasted, LINE)
    assert (row["unread"], row["source_address"], row["http_status"], row["url_original"]) == (None, "192.0.2.7", 200, "/")


@pytest.mark.parametrize(
    "pasted",
    [
        APACHE,
        '"%h %t \\"%r\\" %>s"',
        '%h %t \\"%r\\" %>s',
        'LogFormat "%h %t \\"%r\\" %>s" short',
        '  LogFormat "%h %t \\"%r\\" %>s"   short\n  CustomLog "logs/access_log" short\n',
        'CustomLog "logs/access_log" "%h %t \\"%r\\" %>s"',
        'LogFormat "%h %t \\\n\\"%r\\" %>s" short',
        '%h %t "%!404,500r" %>s'.replace("%!404,500r", "%r"),
    ],
)
def test_apache_layouts_as_they_are_pasted(pasted):
    assert format_of_layout(pasted) == "apache"
    (row,) = read(apache, pasted, LINE)
    assert (row["unread"], row["source_address"], row["http_status"], row["url_original"]) == (None, "192.0.2.7", 200, "/")


def test_outer_quotes_may_belong_to_the_layout():
    (row,) = read(nginx, '"$request" $msec "$http_user_agent"', '"GET /x HTTP/1.1" 1700000000.5 "an agent"')
    assert (row["url_original"], row["user_agent"], row["seen_at"]) == ("/x", "an agent", datetime(2023, 11, 14, 22, 13, 20, 500000, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pasted", "named"),
    [
        ("$remote_addr [$time_local] $", "'$' at character"),
        ("$remote_addr [$time_local] $-x", "'$-x' at character"),
        ("log_format main '$remote_addr", "quote ' at character 17 is not closed"),
        ("log_format main;", "log_format main has no format"),
        ("$remote_addr $request", "holds no time"),
        ("%h %r", "holds no time"),
        ("%h %t %Y", "'%Y' is no Apache directive"),
        ("%h %t %", "'%' at character 7"),
        ("%h %{%Q}t", "%Q"),
        ("%h %{}t", "'%{}t' has no time format"),
        ("%h %t %{h}T", "'%{h}T' is no duration"),
        ('ErrorLogFormat "[%t] %M"', "ErrorLogFormat describes the error log"),
        ("main", "'main' is no layout"),
        ("$remote_addr [$time_local] " + "$request" * 3000, "characters"),
    ],
)
def test_a_layout_that_cannot_be_compiled_names_the_token(pasted, named):
    with pytest.raises(ValueError, match=re.escape(named)) as caught:
        format_of_layout(pasted)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("pasted", "source"),
    [
        ('{"ip":"$remote_addr","time":"$time_iso8601","request":"$request"}', "json"),
        ("log_format j escape=json '{\"ip\":\"$remote_addr\",\"time\":\"$time_iso8601\"}';", "json"),
        ("log_format j escape=json '$remote_addr [$time_local] \"$request\"';", "nginx"),
        ("${remote_addr} [$time_local]", "nginx"),
        ('{ "ip":"%a", "time":"%{%Y-%m-%dT%H:%M:%S%z}t", "request":"%r" }', "apache"),
        ("#Fields: date time c-ip cs-method cs-uri-stem sc-status", "w3c"),
    ],
)
def test_which_source_reads_a_layout(pasted, source):
    assert format_of_layout(pasted) == source


def test_apache_json_is_a_text_like_any_other():
    layout = 'LogFormat "{ \\"ip\\":\\"%a\\", \\"time\\":\\"%{%Y-%m-%dT%H:%M:%S%z}t\\", \\"request\\":\\"%r\\", \\"agent\\":\\"%{User-Agent}i\\" }" j'
    (row,) = read(apache, layout, '{ "ip":"192.0.2.7", "time":"2024-07-01T12:00:00+0200", "request":"GET /a HTTP/1.1", "agent":"say \\"hi\\"" }')
    assert (row["source_address"], row["url_original"], row["user_agent"], row["seen_at"]) == (
        "192.0.2.7", "/a", 'say \\"hi\\"', datetime(2024, 7, 1, 10, tzinfo=UTC),
    )  # fmt: skip


NGINX_VALUES = {
    "address": "192.0.2.7", "integer": "17", "text": "word", "body": "a b", "request": "GET / HTTP/1.1", "method": "GET", "status": "200", "host": "a.example",
    "epoch_s": "1700000000.123", "iso": "2024-01-01T00:00:00+00:00", "clf": "15/Jan/2017:10:00:00 +0100", "seconds": "0.002", "seconds_list": "0.001, 0.002",
    "status_list": "502, 200", "last_of_list": "192.0.2.1:80", "milliseconds": "5", "microseconds": "5", "one_more": "0",
}  # fmt: skip


@pytest.mark.parametrize("name", nginx_layout.VARIABLES)
def test_every_nginx_variable_fills_its_column(name):
    column, kind, _ = nginx_layout.VARIABLES[name]
    (row,) = read(nginx, f'[$time_local] "${name}" .', f'[15/Jan/2017:10:00:00 +0100] "{NGINX_VALUES[kind]}" .')
    assert row["unread"] is None
    ours = {"time": "seen_at", "request": "url_original", "method": "http_method", "target": "url_original", "path": "url_original", "forwarded": "forwarded_for"}
    if column in {"args", "version"} or name.startswith("time") or name == "msec":
        return
    if column == "forwarded":
        (row,) = read(nginx, f'[$time_local] "${name}" .', '[15/Jan/2017:10:00:00 +0100] "192.0.2.7, 198.51.100.1" .')
        assert row["source_address"] == "198.51.100.1"
    assert row[ours.get(column, column)] is not None


@pytest.mark.parametrize("directive", apache_layout.DIRECTIVES)
def test_every_apache_directive_fills_its_column(directive):
    column, kind, _ = apache_layout.DIRECTIVES[directive]
    (row,) = read(apache, f'%t "%{directive}" .', f'[15/Jan/2017:10:00:00 +0100] "{NGINX_VALUES[kind]}" .')
    assert row["unread"] is None
    if column not in {"args", "version"}:
        ours = {"request": "url_original", "method": "http_method", "path": "url_original"}
        assert row[ours.get(column, column)] is not None


def test_the_most_exact_time_is_taken():
    (row,) = read(nginx, "$time_local $time_iso8601 $msec", "15/Jan/2017:10:00:00 +0100 2018-01-01T00:00:00+00:00 1700000000.123")
    assert row["seen_at"] == datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=UTC)
    (row,) = read(apache, "%t %{msec_frac}t %{end:sec}t", "[15/Jan/2017:10:00:00 +0100] 250 1700000000")
    assert row["seen_at"] == datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=UTC)


def test_durations_land_in_microseconds():
    values = [
        (nginx, "$msec $request_time $upstream_response_time", "1700000000.1 1.250 0.100, 0.150 : 0.001", 1_250_000, 251_000),
        (nginx, "$msec $request_time $upstream_response_time", "1700000000.1 0.000 -", 0, None),
        (nginx, "$msec $request_time $upstream_response_time", "1700000000.1 - -, 0.150", None, 150_000),
        (apache, "%{sec}t %D", "1700000000 48213", 48_213, None),
        (apache, "%{sec}t %T", "1700000000 2", 2_000_000, None),
        (apache, "%{sec}t %{ms}T %T", "1700000000 1999 1", 1_999_000, None),
        (apache, "%{sec}t %{us}T %D", "1700000000 - 7", 7, None),
    ]
    for source, layout, line, whole, upstream in values:
        (row,) = read(source, layout, line)
        assert (row["unread"], row["event_duration"], row["upstream_duration"]) == (None, whole, upstream), line


def test_fields_that_hold_spaces_or_quotes_of_their_own():
    layout = '$remote_addr - $remote_user [$time_local] "$request" $status "$http_user_agent" $request_time'
    lines = [
        '192.0.2.7 - jean paul [x] [15/Jan/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 "a" 0.1',
        '192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /a"b HTTP/1.1" 200 "an "agent" said" 0.1',
        '192.0.2.7 - - [15/Jan/2017:10:00:00 +0100] "GET /a b c HTTP/1.1" 200 "C:\\" 0.1',
    ]
    rows = read(nginx, layout, *lines)
    assert [row["unread"] for row in rows] == [None] * 3
    assert rows[0]["user_name"] == "jean paul [x]"
    assert (rows[1]["url_original"], rows[1]["user_agent"]) == ('/a"b', 'an "agent" said')
    assert (rows[2]["url_original"], rows[2]["user_agent"]) == ("/a b c", "C:\\")


def test_alternatives_are_tried_line_by_line():
    both = f"log_format a '{NGINX}'; log_format b '$msec|$remote_addr|$uri';"
    rows = read(nginx, both, LINE, "1700000000.5|192.0.2.8|/x", "neither", LINE)
    assert [row["source_address"] for row in rows] == ["192.0.2.7", "192.0.2.8", None, "192.0.2.7"]
    assert [row["unread"] for row in rows] == [None, None, "does not fit the layout", None]


@pytest.mark.parametrize("ending", [" 0.120", " 48213", " 17 +", ' "site.example"', ' "8f3aa1"'])
def test_what_is_ambiguous_is_not_guessed(ending):
    sample = [combined().rstrip(b"\n") + ending.encode()] * 5
    verdict = recognise(sample, "", Reading())
    assert verdict.source.name == "combined"
    assert "--layout" in verdict.doubt
    row = verdict.source.read(batch_of([line + b"\n" for line in sample]), verdict.reading).to_pylist()[0]
    assert row["event_duration"] is None
    assert row["forwarded_for"] is None


def test_two_numbers_are_bytes_only_when_answers_grow_by_their_headers():
    grown = [combined().rstrip(b"\n") + b" 431 790"] * 5
    assert recognise(grown, "", Reading()).title == "Apache combinedio"
    shrunk = [combined().rstrip(b"\n") + b" 431 12"] * 5
    assert recognise(shrunk, "", Reading()).title == "combined"


def test_some_garbage_in_a_header_does_not_change_the_verdict():
    good = [combined().rstrip(b"\n") + b' "198.51.100.%d"' % number for number in range(30)]
    bad = [combined().rstrip(b"\n") + b' "%d or 1=1"' % number for number in range(20)]
    assert recognise(good + bad, "", Reading()).title == "nginx main"
    assert recognise(good[:10] + bad, "", Reading()).title == "combined"


def test_a_log_whose_format_was_changed_is_read_on():
    main = [combined(f"/{number}").rstrip(b"\n") + b' "198.51.100.9"\n' for number in range(5)]
    verdict = recognise([line.rstrip(b"\n") for line in main], "", Reading())
    later = [combined("/plain"), combined("/more").rstrip(b"\n") + b' "198.51.100.9" 0.120 "x"\n', b"noise\n", *main]
    rows = nginx.read(batch_of(later), verdict.reading).to_pylist()
    assert [row["url_original"] for row in rows] == ["/plain", "/more", None, "/0", "/1", "/2", "/3", "/4"]
    assert [row["unread"] for row in rows] == [None, None, "does not fit the layout"] + [None] * 5
    assert rows[3]["forwarded_for"] == "198.51.100.9"
    told = nginx.read(batch_of(later[:1]), Reading(layout=NGINX)).to_pylist()
    assert told[0]["unread"] == "does not fit the layout"


def test_odd_lines_do_not_hand_the_log_to_combined():
    sample = [combined(f"/{number}").rstrip(b"\n") + b' "198.51.100.9"' for number in range(90)] + [combined("/odd").rstrip(b"\n")] * 10
    verdict = recognise(sample, "", Reading())
    assert (verdict.title, verdict.share) == ("nginx main", 1.0)


def test_the_peer_is_told_apart_from_the_client():
    layout = "$realip_remote_addr $remote_addr $msec"
    behind, direct = read(nginx, layout, "198.51.100.1 192.0.2.7 1700000000.1", "192.0.2.8 192.0.2.8 1700000000.1")
    assert (behind["source_address"], behind["peer_address"]) == ("192.0.2.7", "198.51.100.1")
    assert (direct["source_address"], direct["peer_address"]) == ("192.0.2.8", None)


def test_a_trusted_proxy_gives_way_to_the_client_and_a_known_peer_stays():
    lines = ['203.0.113.9 - "192.0.2.7, 203.0.113.9" 1700000000.1', '192.0.2.8 198.51.100.1 "192.0.2.8" 1700000000.1', '192.0.2.9 - "10.0.0.1" 1700000000.1']
    reading = Reading(layout='$remote_addr $realip_remote_addr "$http_x_forwarded_for" $msec', trusted=("203.0.113.0/24",))
    rows = nginx.read(batch_of([line.encode() + b"\n" for line in lines]), reading)
    clients = real_clients(rows, reading).to_pylist()
    assert [(row["source_address"], row["peer_address"]) for row in clients] == [
        ("192.0.2.7", "203.0.113.9"), ("192.0.2.8", "198.51.100.1"), ("192.0.2.9", None),
    ]  # fmt: skip


def test_a_told_layout_is_found_inside_syslog():
    sample = [f"Sep 15 16:13:46 web1 nginx[1]: {LINE}".encode()] * 3
    verdict = recognise(sample, "nginx", Reading(layout=NGINX))
    assert (verdict.wrapped, verdict.share, verdict.doubt) == (True, 1.0, "")
    whole = recognise(sample, "nginx", Reading(layout=f"$a $b $c $d $e {NGINX}"))
    assert (whole.wrapped, whole.share) == (False, 1.0)


def test_a_told_layout_that_reads_little_says_where_it_stops():
    verdict = recognise([LINE.encode()] * 3, "nginx", Reading(layout='$remote_addr [$time_local] "$request" $request_time $status'))
    assert verdict.share == 0.0
    assert "does not fit at character" in verdict.doubt
    assert misfit("nginx", NGINX, LINE + ' "more"') == "goes on where the layout ends: ' \"more\"'"
    assert misfit("apache", '%h %t "%r" %D', LINE.replace("200", "x")).endswith("the layout wants '%D', the line has 'x'")


@pytest.mark.parametrize("known", [*known_layouts.NGINX_LAYOUTS, *known_layouts.APACHE_LAYOUTS, *known_layouts.TRAEFIK_LAYOUTS, *known_layouts.ZORAXY_LAYOUTS],
                         ids=lambda known: known.text[:60])  # fmt: skip
def test_known_layouts_compile(known):
    (layout,) = (nginx_compiled if "$" in known.text else apache_compiled)(known.text)
    assert layout.fields


PARTS = st.one_of(
    st.sampled_from([f"${name}" for name in nginx_layout.VARIABLES] + ["$unknown", "$is_args", "${x}"]),
    st.sampled_from([" ", '"', "|", "[", "]", "\t", ":", ", ", "a", "é", "\\\\", "{", "("]),
)


@given(st.lists(PARTS, max_size=12), st.lists(st.binary(max_size=60), max_size=4))
def test_any_layout_is_total(parts, noise):
    layout = "[$time_local]" + "".join(parts)
    lines = [one.replace(b"\n", b"") for one in noise] + [b"[15/Jan/2017:10:00:00 +0100] a b " + one.replace(b"\n", b"") for one in noise]
    rows = read(nginx, layout, *lines)
    assert len(rows) == len(lines)
    for row in rows:
        assert (row["unread"] is None) == (row["seen_at"] is not None)


@given(st.lists(st.sampled_from(["%h", "%t", "%U", "%q", "%r", "%{X}i", "%{%d}t", "%{msec_frac}t", "%D", '"', " ", "%%", "x", "[", "]"]), max_size=12), st.binary(max_size=60))
def test_any_apache_layout_is_total(parts, noise):
    (row,) = read(apache, "%t " + "".join(parts), noise.replace(b"\n", b"").replace(b"\r", b""))
    assert (row["unread"] is None) == (row["seen_at"] is not None)


@pytest.mark.parametrize("unit", ['"', "\\", " ", '" ', "a b ", "1, ", ": ", "[", "é", '"x" a 1 b '])
def test_hostile_lines_take_linear_time(unit):
    layout = '$http_referer $http_user_agent "$request" $remote_user $upstream_response_time $upstream_addr [$time_local] "$http_cookie" $request_body'
    long = unit * (250_000 // len(unit))
    begun = time.perf_counter()
    rows = read(nginx, layout, long, f'{long}[15/Jan/2017:10:00:00 +0100] "{long}', LINE)
    assert (rows[0]["unread"], rows[2]["unread"]) == ("does not fit the layout",) * 2
    assert time.perf_counter() - begun < 10


def test_parsers_refuse_nothing_quietly():
    with pytest.raises(LayoutError):
        nginx_layouts("'no variables'")
    with pytest.raises(LayoutError):
        apache_layouts("no directives")
